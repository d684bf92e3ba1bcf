//! `linger snapshot`: what is kept, shown, made anew, and changed value by value with a reason.

mod pending;
mod review;
mod show;

use std::path::Path;

use anyhow::{Result, bail};

use super::arguments::{SnapshotArguments, SnapshotVerb};
use super::guard::{Guard, only_by_hand, run_case, today};
use super::output::{Console, make_folder, write_file};
use super::source::Settings;
use crate::scenario::TestCase;
use crate::snapshot::{Kept, Run, Snapshot, Value, accept, fits, judge};
use pending::Pending;

/// Exit code of a run that was broken off.
const INTERRUPTED: u8 = 130;

/// Runs the verb.
pub fn run(verb: SnapshotArguments, settings: &Settings, console: &Console) -> Result<u8> {
    settings.none("kept results have the settings and the seed of their case")?;
    let guard = Guard::read(&verb.file, console)?;
    match verb.what {
        SnapshotVerb::Review => {
            only_by_hand("review")?;
            review::run(&guard, console)
        }
        SnapshotVerb::Accept { ids, reason } => {
            only_by_hand("accept")?;
            accept_values(&guard, &ids, &reason, console)
        }
        SnapshotVerb::New { cases, reason } => {
            only_by_hand("new")?;
            make(&guard, &cases, &reason, console)
        }
        SnapshotVerb::Show { what } => show::show(&guard, &what, console),
        SnapshotVerb::List => show::list(&guard, console),
    }
}

/// Computes cases and keeps everything that they compare.
fn make(guard: &Guard, patterns: &[String], reason: &str, console: &Console) -> Result<u8> {
    let date = today()?;
    let mut n_kept = 0;
    for case in guard.cases(patterns)? {
        if case.checks.iter().all(|check| check.is_monte_carlo()) {
            if !patterns.is_empty() {
                console.note(&format!("{}: compares nothing with kept results", case.name));
            }
            continue;
        }
        // Without names only cases for which nothing that fits is kept: what is kept is never written over unasked.
        let Some(now) = computed(guard, case, &date, patterns.is_empty(), console)? else { continue };
        if now.interrupted {
            console.note("stopped: cases that were done are kept");
            return Ok(INTERRUPTED);
        }
        let mut snapshot = now.snapshot;
        snapshot.made.reason = reason.to_owned();
        keep(guard, &snapshot)?;
        forget(&guard.proposal_file(&case.name))?;
        n_kept += 1;
        let n = snapshot.quantities.len();
        let nothing = snapshot.quantities.values().filter(|own| matches!(own.value, Value::Nothing(_))).count();
        let without = if nothing > 0 { format!(", {nothing} of them without a number") } else { String::new() };
        console.note(&format!("kept: {}, {n} values{without}", guard.snapshot_file(&case.name).display()));
    }
    if n_kept == 0 {
        console.note("nothing to do: every case has kept results that fit; name cases to keep theirs anew");
    }
    Ok(0)
}

/// What was computed of a case.
struct Now {
    snapshot: Snapshot,
    interrupted: bool,
}

/// Computes a case; `None` where only cases without fitting kept results are wanted and this has some.
fn computed(guard: &Guard, case: &TestCase, date: &str, only_missing: bool, console: &Console) -> Result<Option<Now>> {
    let kept = match guard.kept(&case.name) {
        Ok(kept) => kept,
        // A file that cannot be read is made anew where it is named, and is no reason to leave others alone.
        Err(error) if only_missing => return Err(error),
        Err(_) => Kept::Nothing,
    };
    let (done, _) = run_case(case, Run::default(), console);
    let done = match done {
        Ok(done) => done,
        Err(crate::snapshot::CaseError::BrokenOff) => {
            let empty = crate::snapshot::Subject {
                kind: crate::snapshot::subject::Kind::Scenario,
                hash: String::new(),
                seed: None,
                replicates: None,
                generator: None,
                settings: std::collections::BTreeMap::new(),
            };
            let snapshot = Snapshot::of(&case.name, &empty, &[], "", "");
            return Ok(Some(Now { snapshot, interrupted: true }));
        }
        Err(error) => bail!("{}: {error}", case.name),
    };
    let judged = judge(case, &done, &kept, Run::default(), env!("CARGO_PKG_VERSION"), date);
    if only_missing && judged.refusal.is_none() {
        return Ok(None);
    }
    Ok(judged.now.map(|snapshot| Now { snapshot, interrupted: false }))
}

/// Accepts the values whose ids fit any of some patterns.
fn accept_values(guard: &Guard, patterns: &[String], reason: &str, console: &Console) -> Result<u8> {
    let mut all = Pending::read(guard)?;
    let named = |pattern: &str, case: &str, id: &str| fits(pattern, &format!("{case}/{id}")) || fits(pattern, id);
    for pattern in patterns {
        let cases: Vec<&Pending> =
            all.iter().filter(|own| own.ids().any(|id| named(pattern, &own.case.name, id))).collect();
        match cases[..] {
            [] => bail!("{}", nothing_fits(guard, pattern, &all)),
            // An id that several cases have says too little, unless all are meant.
            [first, second, ..] if !pattern.contains(['/', '*']) => bail!(
                "{pattern} waits in {} and in {}: name it as {}/{pattern}, or as '*/{pattern}' for all of them",
                first.case.name,
                second.case.name,
                first.case.name
            ),
            _ => {}
        }
    }
    for own in &mut all {
        let ids: Vec<String> = own
            .ids()
            .filter(|id| patterns.iter().any(|pattern| named(pattern, &own.case.name, id)))
            .map(str::to_owned)
            .collect();
        if ids.is_empty() {
            continue;
        }
        ids.iter().for_each(|id| {
            accept(&mut own.kept, &own.now, id, reason);
        });
        keep(guard, &own.kept)?;
        settle(guard, own)?;
        for id in &ids {
            console.note(&format!("accepted: {}/{id}", own.case.name));
        }
        console.note(&format!("written: {}", guard.snapshot_file(&own.case.name).display()));
    }
    Ok(0)
}

fn nothing_fits(guard: &Guard, pattern: &str, all: &[Pending]) -> String {
    let waiting: Vec<String> =
        all.iter().flat_map(|own| own.ids().map(|id| format!("{}/{id}", own.case.name))).collect();
    if waiting.is_empty() {
        return format!(
            "nothing waits to be accepted in {}: run linger test{} first",
            guard.out.join("new").display(),
            guard.arguments()
        );
    }
    let ids = all.iter().flat_map(|own| own.ids().map(str::to_owned));
    let candidates: Vec<String> = waiting.iter().cloned().chain(ids).collect();
    let near = crate::scenario::nearest(pattern, candidates.iter().map(String::as_str));
    let meant = near.map(|near| format!("; did you mean {near}?")).unwrap_or_default();
    let shown = waiting.iter().take(10).cloned().collect::<Vec<_>>().join("\n  ");
    let more = waiting.len().saturating_sub(10);
    let more = if more > 0 { format!("\n  and {more} more") } else { String::new() };
    format!("no value that waits is named {pattern}{meant}\n  {shown}{more}")
}

/// Writes the kept results of a case.
fn keep(guard: &Guard, snapshot: &Snapshot) -> Result<()> {
    make_folder(&guard.tests.snapshots)?;
    write_file(&guard.snapshot_file(&snapshot.case), snapshot.text().as_bytes())
}

/// Writes what still waits of a case, or takes its file away where nothing does.
fn settle(guard: &Guard, own: &Pending) -> Result<()> {
    let file = guard.proposal_file(&own.case.name);
    if own.ids().next().is_some() { write_file(&file, own.now.text().as_bytes()) } else { forget(&file) }
}

/// Takes a file away, if it is there.
fn forget(file: &Path) -> Result<()> {
    match std::fs::remove_file(file) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
            bail!("cannot remove {}: {error}", file.display())
        }
        _ => Ok(()),
    }
}

//! `linger test`: results compared with kept ones, with targets and with bounds; everything is written before the exit code.

mod files;
mod quantities;
mod terminal;

use std::hash::{BuildHasher, Hasher};

use anyhow::Result;

use super::arguments::{Format, Test};
use super::guard::{Guard, run_case, today};
use super::output::{Console, write_stderr, write_stdout};
use super::source::Settings;
use super::{NOT_COMPARED, NOT_MET, NOTHING_CHOSEN, REFUSED};
use crate::report::guard::{CaseReport, GuardReport, annotations, summary};
use crate::scenario::{TestCase, TestProfile, TestSeed, nearest};
use crate::snapshot::{CaseError, Run, fits, judge};

/// Exit code of a run that was broken off.
const INTERRUPTED: u8 = 130;

/// Runs the verb.
pub fn run(verb: Test, settings: &Settings, console: &Console) -> Result<u8> {
    settings.no_set("a case says its settings itself, in `set`")?;
    let format = console.format().unwrap_or(Format::Table);
    let guard = Guard::read(&verb.file, console)?;
    let Some(profile) = guard.tests.profiles.iter().find(|(name, _)| *name == verb.profile).map(|(_, own)| own) else {
        return Ok(unknown_profile(&guard, &verb.profile));
    };
    let cases = match chosen(&guard, &verb, profile) {
        Ok(cases) => cases,
        Err(error) => {
            write_stderr(&format!("error: {error:#}"));
            return Ok(NOTHING_CHOSEN);
        }
    };
    let fresh = verb.fresh_seed || (profile.seed == TestSeed::Fresh && settings.seed().is_none());
    let run = Run {
        only: verb.only.or(profile.only),
        seed: if fresh { Some(fresh_seed()) } else { settings.seed() },
        replicates: profile.replicates,
    };
    if let (true, Some(seed)) = (fresh, run.seed) {
        console.note(&format!("fresh seed {seed}: the same run again with --seed {seed}"));
    }
    if verb.quantities {
        return quantities::show(&cases, run, format, console);
    }
    let date = today()?;
    let mut report = GuardReport {
        version: env!("CARGO_PKG_VERSION").to_owned(),
        tests_file: guard.file.display().to_string(),
        profile: verb.profile.clone(),
        only: run.only,
        seed: run.seed,
        arguments: guard.arguments(),
        cases: Vec::new(),
    };
    for case in cases {
        let Some(own) = of_case(&guard, case, run, &date, console) else {
            write_stderr("stopped: nothing was written; the same command starts again");
            return Ok(INTERRUPTED);
        };
        report.cases.push(own);
    }
    let text = match format {
        Format::Table => terminal::text(&report),
        Format::Md => summary(&report),
        Format::Csv => files::csv(&report)?,
        Format::Json => files::json(&report)?,
    };
    // The result first: where its folder cannot be written to, it is known all the same.
    write_stdout(&text)?;
    if std::env::var_os("GITHUB_ACTIONS").is_some_and(|value| value == "true") {
        write_stderr(&annotations(&report));
    }
    let written = files::write(&guard, &report)?;
    console.note(&terminal::afterwords(&report, &guard, &written));
    Ok(code(&report))
}

/// The exit code that says most: files that cannot be read, kept results that do not belong here, failed comparisons.
fn code(report: &GuardReport) -> u8 {
    match (report.n_broken(), report.n_refused(), report.n_failed()) {
        (1.., _, _) => REFUSED,
        (0, 1.., _) => NOT_COMPARED,
        (0, 0, 1..) => NOT_MET,
        (0, 0, 0) => 0,
    }
}

fn unknown_profile(guard: &Guard, name: &str) -> u8 {
    let names: Vec<&str> = guard.tests.profiles.iter().map(|(name, _)| name.as_str()).collect();
    let meant = nearest(name, names.iter().copied()).map(|near| format!("; did you mean {near}?")).unwrap_or_default();
    write_stderr(&format!("error: there is no profile {name}{meant}\n  profiles: {}", names.join(", ")));
    REFUSED
}

/// The cases that the profile runs and the user asked for.
fn chosen<'a>(guard: &'a Guard, verb: &Test, profile: &TestProfile) -> Result<Vec<&'a TestCase>> {
    let asked = guard.cases(&verb.cases)?;
    let runs = |case: &&TestCase| profile.cases.is_empty() || profile.cases.iter().any(|own| fits(own, &case.name));
    let cases: Vec<&TestCase> = asked.into_iter().filter(runs).collect();
    if cases.is_empty() {
        anyhow::bail!("no case was chosen: profile {} runs {} only", verb.profile, profile.cases.join(", "));
    }
    Ok(cases)
}

/// Runs and judges a case; `None` where somebody broke it off. What is wrong with one case does not stop the others.
fn of_case(guard: &Guard, case: &TestCase, run: Run, date: &str, console: &Console) -> Option<CaseReport> {
    let (computed, seconds) = run_case(case, run, console);
    let judged = match computed {
        Err(CaseError::BrokenOff) => return None,
        Err(error) => Err(in_short(&error)),
        Ok(computed) => match guard.kept(&case.name) {
            Ok(kept) => Ok(judge(case, &computed, &kept, run, env!("CARGO_PKG_VERSION"), date)),
            Err(error) => Err(format!("{error:#}")),
        },
    };
    Some(CaseReport {
        name: case.name.clone(),
        subject: case.subject.named(),
        line: case.place.line_and_column().map_or(1, |(line, _)| line),
        snapshot: guard.snapshot_file(&case.name).display().to_string(),
        judged,
        seconds,
    })
}

/// What is wrong with a case, without the words that nothing was run: other cases are.
fn in_short(error: &CaseError) -> String {
    match error {
        CaseError::Problems(problems) => problems.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n"),
        other => other.to_string(),
    }
}

/// A seed that nobody has chosen, within what a scenario may have.
fn fresh_seed() -> u64 {
    // The standard library keys its hash tables at random, afresh in every process.
    let random = std::collections::hash_map::RandomState::new().build_hasher().finish();
    random & 0x7fff_ffff_ffff_ffff
}

//! The files of `linger test`, each put in place whole: JUnit, summary, page, and what waits to be accepted.

use std::io::Write;
use std::path::Path;

use anyhow::{Result, bail};
use serde_json::{Value, json};

use crate::cli::envelope;
use crate::cli::guard::Guard;
use crate::cli::output::{make_folder, write_file, write_stderr};
use crate::dataset;
use crate::report::guard::{CaseReport, GuardReport, GuardRow, junit, page, rows, summary};

/// Writes everything, and tells the names of the files. Where one cannot be written the others are written all the same, and the error
/// names all that are missing.
pub fn write(guard: &Guard, report: &GuardReport) -> Result<Vec<String>> {
    make_folder(&guard.out)?;
    let mut written = Vec::new();
    let mut failed = Vec::new();
    let files = [("junit.xml", junit(report)?), ("summary.md", summary(report)), ("report.html", page(report)?)];
    for (name, text) in &files {
        match write_file(&guard.out.join(name), text.as_bytes()) {
            Ok(()) => written.push((*name).to_owned()),
            Err(error) => failed.push(format!("{error:#}")),
        }
    }
    match proposals(guard, report) {
        Ok(names) => written.extend(names),
        Err(error) => failed.push(format!("{error:#}")),
    }
    add_to_step_summary(&files[1].1);
    if !failed.is_empty() {
        bail!("{}", failed.join("\n"));
    }
    Ok(written)
}

/// What waits to be accepted, in `new/`: what a case of this run has no more to offer goes.
fn proposals(guard: &Guard, report: &GuardReport) -> Result<Vec<String>> {
    let mut names = Vec::new();
    for case in &report.cases {
        let file = guard.proposal_file(&case.name);
        match case.judged.as_ref().ok().filter(|judged| judged.is_proposal).and_then(|judged| judged.now.as_ref()) {
            Some(now) => {
                make_folder(file.parent().unwrap_or(Path::new("")))?;
                write_file(&file, now.text().as_bytes())?;
                names.push(format!("new/{}.toml", case.name));
            }
            // An exact comparison that was not made, or made with another seed, says nothing of what waited before.
            None if compared_as_kept(case) && file.exists() => std::fs::remove_file(&file)?,
            None => {}
        }
    }
    // Fails where something waits, which is what is wanted.
    let _ = std::fs::remove_dir(guard.out.join("new"));
    Ok(names)
}

/// Whether a case was compared with what is kept, and nothing moved.
fn compared_as_kept(case: &CaseReport) -> bool {
    let as_kept = |own: &crate::snapshot::Comparison| !(own.is_exact() && own.failed());
    case.judged
        .as_ref()
        .is_ok_and(|judged| judged.now.is_some() && judged.refusal.is_none() && judged.comparisons.iter().all(as_kept))
}

/// Adds the summary to that of a step on GitHub.
fn add_to_step_summary(text: &str) {
    let Some(path) = std::env::var_os("GITHUB_STEP_SUMMARY").filter(|path| !path.is_empty()) else { return };
    let file = std::fs::OpenOptions::new().append(true).create(true).open(&path);
    if let Err(error) = file.and_then(|mut file| file.write_all(text.as_bytes())) {
        let path = Path::new(&path).display();
        write_stderr(&format!("note: cannot add the summary to GITHUB_STEP_SUMMARY ({path}): {error}"));
    }
}

/// Every comparison as a row of CSV.
pub fn csv(report: &GuardReport) -> Result<String> {
    Ok(dataset::rows_to_csv(&rows(report))?)
}

/// Everything as one document.
pub fn json(report: &GuardReport) -> Result<String> {
    let mut document = envelope::head("test");
    let mut insert = |key: &str, value: Value| document.insert(key.to_owned(), value);
    insert("profile", json!(report.profile));
    insert("seed", json!(report.seed));
    insert("comparisons", json!(report.n_comparisons()));
    insert("failed", json!(report.n_failed()));
    insert("cases", report.cases.iter().map(|case| of_case(report, case)).collect());
    insert("results", serde_json::to_value::<Vec<GuardRow>>(rows(report))?);
    Ok(envelope::text(document)?)
}

fn of_case(report: &GuardReport, case: &CaseReport) -> Value {
    let judged = case.judged.as_ref().ok();
    json!({
        "case": case.name,
        "subject": case.subject,
        "hash": judged.map(|own| own.subject.hash.clone()),
        "seed": judged.and_then(|own| own.subject.seed),
        "replicates": judged.and_then(|own| own.subject.replicates),
        "comparisons": case.comparisons().len(),
        "failed": case.comparisons().iter().filter(|own| own.failed()).count(),
        "warnings": judged.map(crate::snapshot::Judged::warnings),
        "could_not_be_run": case.judged.as_ref().err(),
        "not_compared": case.refused(report),
        "first_suspect": judged.and_then(|own| own.suspect.clone()),
    })
}

//! What `linger test` says in a terminal: a line per case, what failed under it, how many in all, and what to do.

use unicode_width::UnicodeWidthStr;

use crate::cli::guard::Guard;
use crate::report::guard::{CaseReport, GuardReport, counts, failed_of, lines};
use crate::snapshot::Comparison;

/// Comparisons of a case that are shown; the rest is counted.
const MOST_SHOWN: usize = 20;

/// The result.
pub fn text(report: &GuardReport) -> String {
    let names = report.cases.iter().map(|case| case.name.width()).max().unwrap_or(0);
    let said: Vec<String> = report.cases.iter().map(said).collect();
    let widest = said.iter().map(|own| own.width()).max().unwrap_or(0);
    let mut text = String::new();
    for (case, said) in report.cases.iter().zip(&said) {
        let gap = " ".repeat(names - case.name.width() + 3);
        let after = " ".repeat(widest - said.width() + 3);
        text.push_str(&format!("{}{gap}{said}{after}{:>5.1} s\n", case.name, case.seconds));
        text.push_str(&below(report, case));
    }
    text.push_str(&format!("{}\n", closing(report)));
    text
}

fn said(case: &CaseReport) -> String {
    match &case.judged {
        Err(_) => "could not be run".to_owned(),
        Ok(judged) => match (&judged.refusal, judged.comparisons.is_empty()) {
            (Some(_), true) => "not compared".to_owned(),
            _ => counts(judged),
        },
    }
}

/// What stands under the line of a case.
fn below(report: &GuardReport, case: &CaseReport) -> String {
    let mut text = String::new();
    let judged = match &case.judged {
        Ok(judged) => judged,
        Err(reason) => return reason.lines().map(|line| format!("  ✗ {line}\n").replace("✗   ", "    ")).collect(),
    };
    if let Some(refusal) = &judged.refusal {
        text.push_str(&format!("  ✗ {refusal}\n      {}\n", report.new_command(&case.name)));
    }
    // Where nothing is kept every value is new, which has been said.
    let is_absent = judged.refusal.is_some();
    let notable: Vec<&Comparison> = case.notable().into_iter().filter(|own| !(is_absent && own.is_exact())).collect();
    // What is said of several in the same words stands under the first, and so does the first suspect of all.
    let mut said: Vec<&str> = Vec::new();
    let mut suspect = judged.suspect.as_deref();
    for own in notable.iter().take(MOST_SHOWN) {
        let mut shown = (*own).clone();
        shown.note = own.note.clone().filter(|note| !said.contains(&note.as_str()));
        said.extend(own.note.as_deref());
        let suspect = if own.is_exact() && own.note.is_none() { suspect.take() } else { None };
        lines(&shown, suspect).iter().for_each(|line| text.push_str(&format!("{line}\n")));
    }
    let more = notable.len().saturating_sub(MOST_SHOWN);
    if more > 0 {
        text.push_str(&format!("  and {more} more\n"));
    }
    text
}

fn closing(report: &GuardReport) -> String {
    let mut text = failed_of(report.n_failed(), report.n_comparisons());
    let counted = |n: usize, one: &str, many: &str| match n {
        0 => String::new(),
        1 => format!(", {one}"),
        n => format!(", {n} {many}"),
    };
    text.push_str(&counted(report.n_broken(), "1 case could not be run", "cases could not be run"));
    text.push_str(&counted(
        report.n_refused(),
        "1 case not compared with kept results",
        "cases not compared with kept results",
    ));
    text
}

/// What was written, and what to do next.
pub fn afterwords(report: &GuardReport, guard: &Guard, written: &[String]) -> String {
    let mut text = format!("Written to {}: {}", guard.out.display(), written.join(", "));
    // What belongs to something else cannot be reviewed value by value; the lines of its case say what to do.
    let waits = |case: &CaseReport| case.judged.as_ref().is_ok_and(|own| own.is_proposal && own.refusal.is_none());
    if report.cases.iter().any(waits) {
        text.push_str(&format!("\nOn purpose? linger snapshot review{}", report.arguments));
    }
    if !report.is_fine() {
        text.push_str(&format!("\nNot sure? open {}", guard.out.join("report.html").display()));
    }
    text
}

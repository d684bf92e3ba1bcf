//! Failures as the annotations of a workflow on GitHub: on the line of the kept value, or on that of the case.

use super::words::described;
use super::{CaseReport, GuardReport};
use crate::snapshot::Comparison;

/// Annotations that are shown; GitHub shows no more than ten of a step.
pub const MOST_ANNOTATIONS: usize = 10;

/// One workflow command a line: what failed, at most ten, then how many more; warnings where there is room.
pub fn annotations(report: &GuardReport) -> String {
    let mut failures = Vec::new();
    let mut warnings = Vec::new();
    for case in &report.cases {
        let here = |title: &str, text: &str| command("error", &report.tests_file, case.line, title, text);
        if let Err(reason) = &case.judged {
            failures.push(here(&format!("{} could not be run", case.name), reason));
        }
        failures.extend(case.refused(report).map(|reason| here(&format!("{}: not compared", case.name), &reason)));
        for own in case.comparisons() {
            let list = if own.failed() { &mut failures } else { &mut warnings };
            if own.severity != crate::snapshot::Severity::Fine {
                list.push(quantity(report, case, own));
            }
        }
    }
    // With kept results that belong to something else, every value would be new: one line says so.
    let more = failures.len().saturating_sub(MOST_ANNOTATIONS);
    failures.truncate(MOST_ANNOTATIONS);
    let room = MOST_ANNOTATIONS - failures.len();
    failures.extend(warnings.into_iter().take(room));
    if more > 0 {
        failures.push(format!("::error title=linger test::and {more} more"));
    }
    failures.iter().map(|line| format!("{line}\n")).collect()
}

fn quantity(report: &GuardReport, case: &CaseReport, own: &Comparison) -> String {
    let (file, line) = match own.line() {
        Some(line) => (case.snapshot.as_str(), line),
        None => (report.tests_file.as_str(), case.line),
    };
    let kind = if own.failed() { "error" } else { "warning" };
    command(kind, file, line, &format!("{}: {} {}", case.name, own.id, own.verdict.words()), &described(own))
}

fn command(kind: &str, file: &str, line: usize, title: &str, text: &str) -> String {
    format!("::{kind} file={},line={line},title={}::{}", property(file), property(title), data(text))
}

/// A text after the second `::`.
fn data(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

/// A text among the properties.
fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}

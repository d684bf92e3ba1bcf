//! JUnit for machines: one suite per case, one test case per quantity.

use std::time::Duration;

use quick_junit::{NonSuccessKind, Report, SerializeError, TestCase, TestCaseStatus, TestSuite};

use super::words::described;
use super::{CaseReport, GuardReport};
use crate::snapshot::{Basis, Comparison, Severity, Verdict};

/// The file. Letters that XML cannot hold are left out of it.
///
/// # Errors
/// Where it cannot be written as text, which no input is known to bring about.
pub fn junit(report: &GuardReport) -> Result<String, SerializeError> {
    let mut document = Report::new("linger test");
    let seconds: f64 = report.cases.iter().map(|case| case.seconds).sum();
    document.set_time(Duration::from_secs_f64(seconds.max(0.0)));
    for case in &report.cases {
        document.add_test_suite(suite(report, case));
    }
    document.to_string()
}

fn suite(report: &GuardReport, case: &CaseReport) -> TestSuite {
    let mut suite = TestSuite::new(case.name.as_str());
    suite.set_time(Duration::from_secs_f64(case.seconds.max(0.0)));
    if let Err(reason) = &case.judged {
        suite.add_test_case(error(&case.name, "could not be run", reason, (report, case)));
    }
    if let Some(reason) = case.refused(report) {
        suite.add_test_case(error("kept results", "not compared", &reason, (report, case)));
    }
    for own in case.comparisons() {
        suite.add_test_case(quantity(report, case, own));
    }
    suite
}

fn error(name: &str, kind: &str, reason: &str, (report, case): (&GuardReport, &CaseReport)) -> TestCase {
    let mut status = TestCaseStatus::non_success(NonSuccessKind::Error);
    status.set_message(reason.lines().next().unwrap_or_default()).set_type(kind).set_description(reason);
    let mut test = TestCase::new(name, status);
    place(&mut test, report, case, None);
    test
}

fn quantity(report: &GuardReport, case: &CaseReport, own: &Comparison) -> TestCase {
    let status = if own.failed() {
        let mut status = TestCaseStatus::non_success(NonSuccessKind::Failure);
        let text = described(own);
        let accept = own.is_exact().then(|| format!("\naccept: {}", report.accept_command(&case.name, &own.id)));
        let suspect = case.judged.as_ref().ok().and_then(|judged| judged.suspect.clone());
        let suspect = suspect.filter(|_| own.is_exact()).map(|own| format!("\nfirst suspect: {own}"));
        let accept = accept.unwrap_or_default();
        // Many readers show the message alone: the command that accepts the value stands in it.
        status.set_message(format!("{text}{}", accept.replace('\n', "; "))).set_type(own.verdict.words());
        status.set_description(format!("{text}{}{accept}", suspect.unwrap_or_default()));
        status
    } else if own.verdict == Verdict::New {
        let mut status = TestCaseStatus::skipped();
        status.set_message("nothing is kept to compare it with");
        status
    } else {
        TestCaseStatus::success()
    };
    // Two comparisons may be about one quantity: what is expected of it beside what is kept. Readers tell tests apart by their names.
    let name = match &own.basis {
        Basis::Bounds(_) => format!("{} (expected)", own.id),
        _ => own.id.clone(),
    };
    let mut test = TestCase::new(name, status);
    if own.severity == Severity::Warning {
        test.set_system_out(format!("warning: {}", described(own)));
    }
    place(&mut test, report, case, own.line());
    test
}

/// Where to look: the block of the kept results, or the case.
fn place(test: &mut TestCase, report: &GuardReport, case: &CaseReport, line: Option<usize>) {
    let (file, line) = match line {
        Some(line) => (case.snapshot.as_str(), line),
        None => (report.tests_file.as_str(), case.line),
    };
    test.set_classname(case.name.as_str());
    test.extra.insert("file".into(), file.into());
    test.extra.insert("line".into(), line.to_string().into());
}

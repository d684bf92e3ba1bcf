//! What is written before the exit code: JUnit, summary, page, annotations, documents; and disks that take nothing.

use roxmltree::Document;
use serde_json::Value;

use linger::operating_characteristics::BLOCK;
use linger::report::guard::{CaseReport, GuardReport, MOST_BYTES, annotations, junit, page, summary};
use linger::scenario::Tolerance;
use linger::snapshot::subject::{Kind, Subject};
use linger::snapshot::{Basis, Comparison, Judged, Severity, Value as Kept, Verdict};

use super::{ESTIMATE, kept, linger, put_fault};

#[test]
fn junit_has_one_suite_per_case_and_one_test_case_per_quantity() {
    let desk = kept();
    put_fault(&desk, "snapshots/neck.toml", ESTIMATE, 1e-6);
    let said = linger(&desk, "test --format json");
    let document: Value = serde_json::from_str(&said.stdout).unwrap();
    let text = desk.read("linger-out/junit.xml");
    let tree = Document::parse(&text).unwrap();
    let all = |name: &str| tree.descendants().filter(|node| node.has_tag_name(name)).count();
    assert_eq!(all("testsuite"), 2);
    assert_eq!(all("testcase") as u64, document["comparisons"].as_u64().unwrap());
    assert_eq!((all("failure"), all("error"), all("skipped")), (1, 0, 0));
    assert_eq!(tree.root_element().attribute("failures"), Some("1"));
    // No two of a suite have one name, though an expectation may be about what is kept as well.
    for suite in tree.descendants().filter(|node| node.has_tag_name("testsuite")) {
        let mut names: Vec<&str> = suite.children().filter_map(|node| node.attribute("name")).collect();
        let n = names.len();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), n);
    }
    let failure = tree.descendants().find(|node| node.has_tag_name("failure")).unwrap();
    let test = failure.parent().unwrap();
    assert_eq!((test.attribute("name"), test.attribute("classname")), (Some(ESTIMATE), Some("neck")));
    assert_eq!(test.attribute("file"), Some("snapshots/neck.toml"));
    let line: usize = test.attribute("line").unwrap().parse().unwrap();
    let block = desk.read("snapshots/neck.toml");
    assert_eq!(block.lines().nth(line - 1), Some(format!("[quantity.\"{ESTIMATE}\"]").as_str()));
    let message = failure.attribute("message").unwrap();
    let accept = format!("linger snapshot accept neck/{ESTIMATE} --reason");
    for part in ["kept -", "now -", "moved -1e-6", "allowed ", accept.as_str()] {
        assert!(message.contains(part), "{part}: {message}");
    }
    assert_eq!(failure.attribute("type"), Some("changed"));
}

#[test]
fn summary_and_page_name_what_moved() {
    let desk = kept();
    put_fault(&desk, "snapshots/neck.toml", ESTIMATE, 1e-6);
    let environment = [("GITHUB_STEP_SUMMARY", "step.md"), ("GITHUB_ACTIONS", "true"), ("CI", "true")];
    desk.write("step.md", "before\n");
    let said = desk.linger_with("test --profile ci", &environment);
    assert_eq!(said.code, 1);
    let summary = desk.read("linger-out/summary.md");
    assert_eq!(desk.read("step.md"), format!("before\n{summary}"));
    assert!(summary.starts_with("## ❌ linger test: 1 failed of "), "{summary}");
    let row = format!("| `{ESTIMATE}` | changed | ");
    assert_eq!(summary.matches(&row).count(), 1, "{summary}");
    assert!(summary.contains("<details>") && summary.contains("linger snapshot accept neck/"), "{summary}");
    let page = desk.read("linger-out/report.html");
    assert!(page.contains(ESTIMATE) && page.contains("one estimate has moved"), "the page does not name it");
    assert!(page.contains("<svg") && page.contains("First suspect"));
    assert!(page.len() < 1_000_000);
    for fetched in ["http://", "https://", "<link", "src="] {
        let outside: Vec<&str> = page.match_indices(fetched).map(|(at, _)| &page[at..at + 40]).collect();
        let foreign = outside.iter().any(|text| !text.contains("www.w3.org"));
        assert!(!foreign, "{outside:?}");
    }
    // On the line of the block, for whoever reads the change.
    let line = said.stderr.lines().find(|line| line.starts_with("::error")).unwrap();
    let text = desk.read("snapshots/neck.toml");
    let position = text.lines().position(|own| own == format!("[quantity.\"{ESTIMATE}\"]")).unwrap() + 1;
    assert!(line.starts_with(&format!("::error file=snapshots/neck.toml,line={position},title=neck%3A ")), "{line}");
    // In continuous integration nothing that is kept is written, and what could be kept is shown.
    assert_eq!(desk.files("linger-out/new"), ["neck.toml"]);
}

#[test]
fn every_format_of_the_result_holds_every_comparison() {
    let desk = kept();
    let document: Value = serde_json::from_str(&linger(&desk, "test --format json").fine()).unwrap();
    assert_eq!(document["schema"], "linger.test/1");
    let n = document["comparisons"].as_u64().unwrap() as usize;
    assert_eq!(document["results"].as_array().unwrap().len(), n);
    assert_eq!(document["failed"], 0);
    let csv = linger(&desk, "test --format csv").fine();
    assert_eq!(csv.lines().count(), n + 1);
    assert!(csv.starts_with("case,id,compared_with,verdict,severity,now,mcse,kept,"), "{csv}");
    assert_eq!(linger(&desk, "test --format md").fine(), desk.read("linger-out/summary.md"));
    // Everything that could be expected is listed with its id.
    let listed = linger(&desk, "test --case neck --quantities --format csv").fine();
    for id in ["massage-book.mean_squared_error", "massage-book.coverage", ESTIMATE, "flow.massage.wk26.seen"] {
        assert!(listed.contains(id), "{id}");
    }
}

#[test]
fn a_folder_that_takes_nothing_is_said_and_the_result_all_the_same() {
    let desk = kept();
    // A full disk: what is linked there takes not one byte.
    std::fs::create_dir_all(desk.path("full")).unwrap();
    std::os::unix::fs::symlink("/dev/full", desk.path("full/junit.xml")).unwrap();
    let said = linger(&desk, "test -o full");
    assert_eq!(said.code, 2, "{}", said.stderr);
    assert!(said.stderr.contains("cannot write full/junit.xml: No space left on device"), "{}", said.stderr);
    assert!(said.stdout.contains("comparisons fine"), "{}", said.stdout);
    assert_eq!(desk.files("full"), ["junit.xml", "report.html", "summary.md"]);
    // No place for a folder, and a file in its place.
    let said = linger(&desk, "test -o /proc/linger-out");
    assert_eq!(said.code, 2);
    assert!(said.stderr.contains("cannot make the folder /proc/linger-out: "), "{}", said.stderr);
    assert!(said.stdout.contains("comparisons fine"), "{}", said.stdout);
    desk.write("taken", "");
    let said = linger(&desk, "test -o taken");
    assert_eq!(said.code, 2);
    assert!(said.stderr.contains("taken: is a file, and -o names the folder of the results"), "{}", said.stderr);
}

/// A report of so many cases with so many changed values each.
fn large(n_cases: usize, n_changed: usize) -> GuardReport {
    let comparison = |position: usize| Comparison {
        id: format!("an_outcome_with_a_name.wk{position}.an_arm_with_a_name-usual_care.mean_estimate"),
        now: Some(Kept::Number(position as f64 + 0.5)),
        mcse: None,
        basis: Basis::Kept {
            value: Some(Kept::Number(0.25)),
            tolerance: Tolerance::default(),
            line: Some(position + 1),
        },
        verdict: Verdict::Changed,
        severity: Severity::Failure,
        note: Some("<script>alert(1)</script> | ```\n\u{1}".to_owned()),
    };
    let subject = Subject {
        kind: Kind::Scenario,
        hash: String::new(),
        seed: Some(1),
        replicates: Some(BLOCK),
        generator: None,
        settings: std::collections::BTreeMap::new(),
    };
    let judged = Judged {
        subject,
        comparisons: (0..n_changed).map(comparison).collect(),
        refusal: None,
        now: None,
        is_proposal: false,
        suspect: None,
    };
    let case = |position: usize| CaseReport {
        name: format!("case-{position}"),
        subject: "a|b <i>".to_owned(),
        line: 1,
        snapshot: "snapshots/a.toml".to_owned(),
        judged: Ok(judged.clone()),
        seconds: 0.0,
    };
    GuardReport {
        version: "0.0.0".to_owned(),
        tests_file: "linger-tests.toml".to_owned(),
        profile: "ci".to_owned(),
        only: None,
        seed: None,
        arguments: String::new(),
        cases: (0..n_cases).map(case).collect(),
    }
}

#[test]
fn whatever_failed_the_files_keep_their_size_and_their_form() {
    let report = large(40, 600);
    let text = summary(&report);
    assert!(text.len() <= MOST_BYTES && text.len() > MOST_BYTES / 2, "{}", text.len());
    assert!(text.contains("no room here: see `junit.xml`"));
    assert!(!text.contains("<script>") || text.matches("```").count().is_multiple_of(2));
    let page = page(&report).unwrap();
    assert!(page.len() < 1_500_000, "{}", page.len());
    assert!(!page.contains("<script>alert"));
    let junit = junit(&report).unwrap();
    let tree = Document::parse(&junit).unwrap();
    assert_eq!(tree.descendants().filter(|node| node.has_tag_name("failure")).count(), 40 * 600);
    let lines = annotations(&report);
    assert_eq!(lines.lines().count(), 11);
    assert_eq!(lines.lines().last(), Some("::error title=linger test::and 23990 more"));
    assert!(lines.lines().all(|line| line.starts_with("::error ")));
    // Exactly ten leave nothing to count.
    assert_eq!(annotations(&large(1, 10)).lines().count(), 10);
}

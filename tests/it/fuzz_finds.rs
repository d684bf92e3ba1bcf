//! Inputs that once brought a door down or held it up: found by `tests/fuzz`, or by reading what a fuzzer's short inputs cannot reach.

use std::time::{Duration, Instant};

use linger::dataset;
use linger::scenario::{Problems, Source, codes, nearest, read, read_columns};

/// Far less than what these inputs once took, far more than they take now.
const PATIENCE: Duration = Duration::from_secs(30);

fn refused(text: impl Into<String>) -> Problems {
    match read(Source::new("fuzz.toml", text), &[]) {
        Ok(_) => panic!("this is a scenario"),
        Err(problems) => problems,
    }
}

#[test]
fn two_long_words_are_not_compared_letter_by_letter() {
    // A table of 100,000 by 100,000 numbers has 80 GB.
    let [long, other] = ["a", "b"].map(|letter| letter.repeat(100_000));
    assert_eq!(nearest(&long, [other.as_str(), "arm"]), None);
    assert_eq!(nearest(&long.to_uppercase(), [long.as_str()]), Some(long.as_str()));
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("trial.csv");
    let row = |who: usize, outcome: &str| format!("{who},{},{outcome},0,1\n", ["x", "y"][who % 2]);
    let rows: String = (0..8).map(|who| row(who, &long) + &if who == 0 { row(0, &other) } else { String::new() }).collect();
    std::fs::write(&path, format!("participant,arm,outcome,visit_week,value\n{rows}")).unwrap();
    assert!(!dataset::read(&path, None).unwrap_err().problems.is_empty());
}

#[test]
fn a_long_file_that_is_no_toml_is_refused_at_once() {
    let started = Instant::now();
    let rows: String = (0..50_000).map(|row| format!("{row},massage,rdq,10,8\n")).collect();
    let problems = refused(format!("participant,arm,outcome,visit_week,value\n{rows}"));
    assert_eq!(problems.len(), 50);
    assert!(problems.iter().all(|problem| problem.code == codes::SYNTAX));
    let last = problems.iter().last().and_then(|problem| problem.label.clone()).unwrap_or_default();
    assert!(last.ends_with("(and 49951 more such lines below)"), "{last}");
    assert!(started.elapsed() < PATIENCE, "{:?}", started.elapsed());
}

#[test]
fn thousands_of_unknown_keys_are_all_named_and_soon() {
    let started = Instant::now();
    let keys: String = (0..20_000).map(|key| format!("zzz{key}qqq = 1\n")).collect();
    let problems = refused(keys.as_str());
    let unknown = problems.iter().filter(|problem| problem.code == codes::UNKNOWN_KEY).count();
    assert_eq!(unknown, 20_000);
    let columns = read_columns(Source::new("columns.toml", keys), &[]).unwrap_err();
    assert_eq!(columns.len(), 20_000);
    assert!(started.elapsed() < PATIENCE, "{:?}", started.elapsed());
}

//! The table of references is whole: every folder and file of `tests/reference`, every row of the ledger that has one, every tolerance.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use linger::snapshot::verify::imputation::FILLED;
use linger::snapshot::verify::synthetic::FILES;
use linger::snapshot::verify::{METHODS, References, Tolerance};

const FOLDER: &str = "tests/reference";

/// Names in a folder, sorted.
fn names(folder: &Path) -> BTreeSet<String> {
    let entries = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name());
    entries.map(|name| name.to_string_lossy().into_owned()).collect()
}

#[test]
fn every_folder_is_a_method_or_the_data() {
    let methods = METHODS.iter().map(|method| method.name.to_owned());
    let expected: BTreeSet<String> = methods.chain(["data".to_owned()]).collect();
    assert_eq!(names(Path::new(FOLDER)), expected);
}

#[test]
fn every_file_is_recomputed_or_one_of_the_inputs() {
    let mut known: BTreeSet<String> = FILES.iter().map(|file| file.name.to_owned()).collect();
    // Samples of the exact rank tests, which are inputs of the numbers beside them.
    known.insert("rank_sum/exact_values.csv".to_owned());
    known.insert(FILLED.name.to_owned());
    known.extend(METHODS.iter().flat_map(|method| method.checks).map(|check| check.file.name.to_owned()));
    let mut found = BTreeSet::new();
    for folder in names(Path::new(FOLDER)) {
        let files = names(&Path::new(FOLDER).join(&folder)).into_iter().filter(|name| name.ends_with(".csv"));
        found.extend(files.map(|name| format!("{folder}/{name}")));
    }
    assert_eq!(found, known);
}

/// First cells of the ledger's rows, with the tests that hold them against another program.
fn ledger() -> Vec<(String, Vec<String>)> {
    let text = fs::read_to_string("src/analysis/README.md").unwrap();
    let is_row = |line: &&str| line.starts_with("| ") && !line.starts_with("| ---") && !line.starts_with("| Method");
    let row = |line: &str| {
        let cells: Vec<&str> = line.trim_matches('|').split(" | ").map(str::trim).collect();
        let tests =
            cells[4].split('`').filter_map(|word| word.strip_prefix("tests/it/reference/")?.strip_suffix(".rs"));
        (cells[0].to_owned(), tests.map(str::to_owned).collect())
    };
    text.lines().filter(is_row).map(row).collect()
}

#[test]
fn every_row_of_the_ledger_with_a_reference_is_verified_and_no_method_claims_another() {
    let mut n_rows = 0;
    for (row, tests) in ledger() {
        n_rows += usize::from(!tests.is_empty());
        let claimed: BTreeSet<String> = METHODS
            .iter()
            .filter(|method| method.covers.contains(&row.as_str()))
            .map(|own| own.name.to_owned())
            .collect();
        assert_eq!(claimed, tests.into_iter().collect(), "{row}: methods of the table, tests in the ledger");
    }
    assert!(n_rows >= 20, "{n_rows}");
    let rows: BTreeSet<String> = ledger().into_iter().map(|(row, _)| row).collect();
    for method in METHODS {
        for covered in method.covers {
            assert!(rows.contains(*covered), "{}: the ledger has no row {covered}", method.name);
        }
    }
}

#[test]
fn versions_are_those_that_the_folder_states() {
    for method in METHODS {
        let readme = fs::read_to_string(Path::new(FOLDER).join(method.name).join("README.md")).unwrap();
        let words = |text: &str| -> Vec<String> {
            let plain = text.replace(|letter: char| !(letter.is_alphanumeric() || "._".contains(letter)), " ");
            plain.split_whitespace().map(|word| word.trim_end_matches('.').to_owned()).collect()
        };
        let stated = words(&readme);
        for word in words(method.source).iter().filter(|word| word.contains(|letter: char| letter.is_ascii_digit())) {
            let is_there = stated.iter().any(|own| own == word || (word.len() == 8 && own.starts_with(word.as_str())));
            assert!(is_there, "{}: its README does not say {word}", method.name);
        }
    }
}

/// A tolerance of the table that no number is held to would say something that is not done, and the other way round.
#[test]
fn tolerances_are_those_that_are_used_and_each_has_a_reason() {
    for check in METHODS.iter().flat_map(|method| method.checks) {
        let result = check.result(&References::compiled_in());
        let used = |tolerance: &Tolerance| result.quantities.iter().any(|quantity| quantity.tolerance == *tolerance);
        for tolerance in check.tolerances {
            assert!(used(tolerance), "{}: {tolerance:?} is not used", check.file.name);
            assert!(tolerance.reason.len() > 10 && !tolerance.unit.is_empty(), "{tolerance:?}");
        }
        for quantity in &result.quantities {
            assert!(check.tolerances.contains(&quantity.tolerance), "{}: {quantity:?}", check.file.name);
        }
    }
}

//! The ledger of methods, `src/analysis/README.md`: every method that a plan can name has a row, and every row points to what exists.

use std::fs;
use std::path::Path;

use linger::scenario::{SchemaFor, schema};
use serde_json::Value;

/// One row: the words of plans that it is about, and the files it names.
struct Row {
    words: Vec<String>,
    cells: Vec<String>,
}

fn rows() -> Vec<Row> {
    let text = fs::read_to_string("src/analysis/README.md").expect("the ledger");
    let is_row = |line: &&str| line.starts_with("| ") && !line.starts_with("| ---") && !line.starts_with("| Method");
    let row = |line: &str| {
        let cells: Vec<String> = line.trim_matches('|').split(" | ").map(|cell| cell.trim().to_owned()).collect();
        let words = in_backticks(&cells[1]);
        Row { words, cells }
    };
    text.lines().filter(is_row).map(row).collect()
}

fn in_backticks(cell: &str) -> Vec<String> {
    cell.split('`').skip(1).step_by(2).map(str::to_owned).collect()
}

/// The words that a key of a plan takes, from its schema.
fn words_of(schema: &Value, key: &str) -> Vec<String> {
    let mut found = Vec::new();
    collect(&schema["properties"][key], schema, &mut found);
    found
}

fn collect(part: &Value, schema: &Value, found: &mut Vec<String>) {
    if let Some(name) = part["$ref"].as_str().and_then(|path| path.strip_prefix("#/$defs/")) {
        collect(&schema["$defs"][name], schema, found);
    }
    for key in ["anyOf", "oneOf"] {
        part[key].as_array().into_iter().flatten().for_each(|part| collect(part, schema, found));
    }
    found.extend(part["const"].as_str().map(str::to_owned));
    found.extend(part["enum"].as_array().into_iter().flatten().filter_map(Value::as_str).map(str::to_owned));
}

#[test]
fn every_word_of_a_plan_that_names_a_method_has_a_row() {
    let rows = rows();
    let schema = schema(SchemaFor::Plan);
    for key in ["model", "std_errors", "covariance", "likelihood", "df", "family", "correlation", "multiplicity"] {
        let words = words_of(&schema, key);
        assert!(words.len() >= 2, "{key}: {words:?}");
        for word in words.iter().filter(|word| *word != "none") {
            assert!(rows.iter().any(|row| row.words.contains(word)), "`{word}` of `{key}` has no row in the ledger");
        }
    }
}

#[test]
fn every_row_names_files_that_exist_and_a_tolerance() {
    let rows = rows();
    assert!(rows.len() > 20, "{} rows", rows.len());
    for row in &rows {
        assert_eq!(row.cells.len(), 7, "{:?}", row.cells);
        let files: Vec<String> =
            row.cells.iter().flat_map(|cell| in_backticks(cell)).filter(|word| word.contains('/')).collect();
        assert!(files.iter().any(|file| file.starts_with("src/")), "{:?}", row.cells[0]);
        assert!(files.iter().any(|file| file.starts_with("tests/it/")), "{:?}", row.cells[0]);
        for file in files {
            assert!(Path::new(&file).exists(), "{file} of {:?}", row.cells[0]);
        }
        assert!(row.cells[6].contains("1e-") || row.cells[6].contains("exact"), "no tolerance: {:?}", row.cells);
    }
}

//! The rules of the house, read from the source: floors, homes of outside packages, opening sentences.

use std::fs;
use std::path::{Path, PathBuf};

/// The floors from the ground up. A module uses modules on lower floors only.
const FLOORS: [&[&str]; 9] = [
    &["guard", "numeric"],
    &["trial"],
    &["scenario"],
    &["cohort", "analysis", "dataset"],
    &["operating_characteristics"],
    &["live", "page", "plots", "snapshot"],
    &["report"],
    &["lesson"],
    &["cli"],
];

/// Outside packages that one module alone may use.
const HOMES: [(&str, &str); 17] = [
    ("polars", "dataset"),
    ("polars_parquet_format", "dataset"),
    ("plotters", "plots"),
    ("krilla", "plots"),
    ("krilla_svg", "plots"),
    ("png", "plots"),
    ("resvg", "plots"),
    ("ttf_parser", "plots"),
    ("clap", "cli"),
    ("clap_complete", "cli"),
    ("miette", "cli"),
    ("comfy_table", "cli"),
    ("minijinja", "page"),
    ("roxmltree", "page"),
    ("quick_junit", "report"),
    ("jiff", "cli"),
    ("sha2", "snapshot"),
];

/// One line of code without its comment, and where it stands.
struct Line {
    file: PathBuf,
    number: usize,
    module: String,
    code: String,
}

#[test]
fn every_module_of_the_crate_has_a_floor() {
    let floors: Vec<&str> = FLOORS.concat();
    let text = fs::read_to_string("src/lib.rs").unwrap();
    let declared = text.lines().filter_map(|line| line.trim().strip_prefix("pub mod ")?.strip_suffix(';'));
    let mut declared: Vec<&str> = declared.collect();
    let mut expected = floors.clone();
    declared.sort_unstable();
    expected.sort_unstable();
    assert_eq!(declared, expected);
}

#[test]
fn modules_use_lower_floors_only() {
    let mut broken = Vec::new();
    for line in code() {
        for used in modules_named(&line.code) {
            if used != line.module && floor(&used) >= floor(&line.module) {
                broken.push(format!("{}:{}: {} uses {used}", line.file.display(), line.number, line.module));
            }
        }
    }
    assert!(broken.is_empty(), "a module uses its own floor or one above:\n{}", broken.join("\n"));
}

#[test]
fn outside_packages_stay_in_their_homes() {
    let mut broken = Vec::new();
    for line in code() {
        for (package, home) in HOMES {
            if names_package(&line.code, package) && line.module != home {
                broken.push(format!("{}:{}: {package} belongs to {home}", line.file.display(), line.number));
            }
        }
    }
    assert!(broken.is_empty(), "{}", broken.join("\n"));
}

#[test]
fn only_the_command_line_touches_standard_output_and_error() {
    let words = ["println!", "eprintln!", "print!(", "dbg!", "io::stdout", "io::stderr"];
    let broken: Vec<String> = code()
        .into_iter()
        .filter(|line| line.module != "cli" && words.iter().any(|word| line.code.contains(word)))
        .map(|line| format!("{}:{}", line.file.display(), line.number))
        .collect();
    assert!(broken.is_empty(), "{}", broken.join("\n"));
}

#[test]
fn every_file_opens_with_a_sentence_that_says_what_belongs_in_it() {
    let mut broken = Vec::new();
    for folder in ["src", "tests", "benches"] {
        for file in rust_files(Path::new(folder)) {
            let text = fs::read_to_string(&file).unwrap();
            let opening: String = text
                .lines()
                .take_while(|line| line.starts_with("//!"))
                .map(|line| format!("{} ", line[3..].trim()))
                .collect();
            let sentence = opening.trim();
            let is_map = text.starts_with("#![doc = include_str!(\"README.md\")]");
            let is_sentence = sentence.len() > 20 && sentence.contains('.');
            if !(is_map || is_sentence) {
                broken.push(file.display().to_string());
            }
        }
    }
    assert!(broken.is_empty(), "no opening sentence:\n{}", broken.join("\n"));
}

#[test]
fn every_test_that_a_file_points_to_exists() {
    let mut broken = Vec::new();
    for file in rust_files(Path::new("src")) {
        let text = fs::read_to_string(&file).unwrap();
        for path in text.split('`').filter(|part| part.starts_with("tests/")) {
            if !Path::new(path).exists() {
                broken.push(format!("{}: {path}", file.display()));
            }
        }
    }
    assert!(broken.is_empty(), "no such file:\n{}", broken.join("\n"));
}

#[test]
fn there_is_no_room_for_odds_and_ends() {
    let refused = ["util.rs", "utils.rs", "common.rs", "prelude.rs", "types.rs", "error.rs", "errors.rs", "helpers.rs"];
    let found: Vec<PathBuf> = rust_files(Path::new("src"))
        .into_iter()
        .filter(|file| file.file_name().is_some_and(|name| refused.iter().any(|refused| name == *refused)))
        .collect();
    assert!(found.is_empty(), "{found:?}");
}

#[test]
fn the_map_names_every_module() {
    let map = fs::read_to_string("src/README.md").unwrap();
    for module in FLOORS.concat() {
        assert!(map.contains(&format!("`{module}`")), "src/README.md does not say what belongs in {module}");
    }
}

#[test]
fn the_rules_catch_what_they_are_for() {
    assert_eq!(modules_named("use crate::cli::output;"), ["cli"]);
    assert_eq!(modules_named("let x = crate::plots::Svg::new(crate::trial::Arm);"), ["plots", "trial"]);
    assert_eq!(modules_named("use crate::{analysis::Plan, cohort};"), ["analysis", "cohort"]);
    assert!(names_package("use polars::prelude::*;", "polars"));
    assert!(!names_package("let polarstern = 1;", "polars"));
    assert!(floor("cohort") == floor("analysis") && floor("cli") > floor("report"));
}

/// All code of the library by module, without comments; the crate's root belongs to none.
fn code() -> Vec<Line> {
    let mut lines = Vec::new();
    for file in rust_files(Path::new("src")) {
        let Some(module) = file.strip_prefix("src").unwrap().components().next() else { continue };
        let module = module.as_os_str().to_string_lossy().into_owned();
        if module.ends_with(".rs") {
            continue;
        }
        for (index, line) in fs::read_to_string(&file).unwrap().lines().enumerate() {
            let code = line.split("//").next().unwrap_or_default().to_owned();
            lines.push(Line { file: file.clone(), number: index + 1, module: module.clone(), code });
        }
    }
    lines
}

/// Modules of the crate that a line names after `crate::`, also inside braces.
fn modules_named(code: &str) -> Vec<String> {
    let mut modules = Vec::new();
    for part in code.split("crate::").skip(1) {
        if let Some(inner) = part.strip_prefix('{') {
            let inner = inner.split('}').next().unwrap_or_default();
            modules.extend(inner.split(',').map(|path| word(path.trim())));
        } else {
            modules.push(word(part));
        }
    }
    modules
}

/// The identifier at the start of a text.
fn word(text: &str) -> String {
    text.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect()
}

/// Whether a line names a package as a path or in a `use`.
fn names_package(code: &str, package: &str) -> bool {
    let starts = |rest: &str| rest.starts_with("::") || rest.starts_with(';');
    code.match_indices(package).any(|(at, _)| {
        let before = code[..at].chars().next_back();
        !before.is_some_and(|c| c.is_alphanumeric() || c == '_') && starts(&code[at + package.len()..])
    })
}

/// The floor of a module; names that are no module are on the ground.
fn floor(module: &str) -> usize {
    FLOORS.iter().position(|floor| floor.contains(&module)).unwrap_or(0)
}

/// All Rust files below a folder, in a fixed order.
fn rust_files(folder: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    let mut entries: Vec<PathBuf> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    entries.sort();
    for path in entries {
        if path.is_dir() {
            files.extend(rust_files(&path));
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            files.push(path);
        }
    }
    files
}

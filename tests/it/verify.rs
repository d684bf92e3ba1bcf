//! `linger verify`: what holds, and every way in which stored numbers can be wrong.

use std::fs;
use std::path::Path;

use linger::snapshot::verify::{CheckResult, METHODS, ReferenceError, References, method};
use serde_json::Value;

use super::program::{Desk, assert_kept};

/// A copy of the stored numbers in a desk's folder `references`.
fn with_copy() -> Desk {
    let desk = Desk::new();
    for folder in fs::read_dir("tests/reference").unwrap().map(|entry| entry.unwrap().path()) {
        let copy = desk.path("references").join(folder.file_name().unwrap());
        fs::create_dir_all(&copy).unwrap();
        for file in fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().path()) {
            fs::copy(&file, copy.join(file.file_name().unwrap())).unwrap();
        }
    }
    desk
}

impl Desk {
    /// Changes a stored file of the copy.
    fn change(&self, file: &str, change: impl Fn(&str) -> String) -> &Self {
        let name = format!("references/{file}");
        let text = self.read(&name);
        let changed = change(&text);
        assert_ne!(text, changed, "nothing was changed in {file}");
        self.write(&name, &changed)
    }
}

#[test]
fn everything_holds_and_the_report_says_so_in_every_form() {
    let desk = Desk::new();
    let date = [("SOURCE_DATE_EPOCH", "1750000000")];
    let said = desk.linger_with("verify", &date);
    assert_eq!(said.code, 0, "{}", said.whole());
    assert!(said.stdout.contains(&format!("Installation qualification of linger {}", env!("CARGO_PKG_VERSION"))));
    assert!(said.stdout.contains("2025-06-15 15:06 UTC") && said.stdout.contains("Verdict: HOLDS."), "{}", said.stdout);
    for method in METHODS {
        let line = said.stdout.lines().find(|line| line.trim_start().starts_with(&format!("{} ", method.name)));
        assert!(line.is_some_and(|line| line.trim_end().ends_with("holds")), "{}: {line:?}", method.name);
    }

    let document: Value = serde_json::from_str(&desk.linger_with("verify -q --format json", &date).fine()).unwrap();
    assert_eq!(document["schema"], "linger.verify/1");
    assert_eq!((&document["verdict"], &document["failed"]), (&"holds".into(), &0.into()));
    assert_eq!(document["date"], "2025-06-15T15:06:40Z");
    let results = document["results"].as_array().unwrap();
    assert_eq!(results.len(), METHODS.len());
    let n: u64 = results.iter().map(|own| own["comparisons"].as_u64().unwrap()).sum();
    assert_eq!(document["comparisons"].as_u64(), Some(n));
    assert!(n > 40_000, "{n}");
    let program = fs::read(env!("CARGO_BIN_EXE_linger")).unwrap();
    assert_eq!(document["installation"]["program"]["bytes"], program.len());
    for own in results {
        let worst = &own["worst"]["worst"];
        for key in ["line", "column", "here", "reference", "difference"] {
            assert!(!worst[key].is_null(), "{key} of {}", own["method"]);
        }
        let (size, limit) =
            (worst["difference"].as_f64().unwrap(), own["worst"]["tolerance"]["limit"].as_f64().unwrap());
        assert!(size <= limit, "{own}");
    }

    let csv = desk.linger("verify -q --format csv p_adjust").fine();
    assert!(
        csv.starts_with("method,source,file,quantity,comparisons,failed,worst_difference,tolerance,unit,reason,line,")
    );
    assert!(csv.lines().count() > 8 && csv.lines().skip(1).all(|line| line.ends_with(",holds")), "{csv}");
}

#[test]
fn the_target_is_the_one_that_rust_names() {
    let said = std::process::Command::new("rustc").arg("-vV").output();
    let Ok(said) = said else { return };
    let text = String::from_utf8_lossy(&said.stdout).into_owned();
    let host = text.lines().find_map(|line| line.strip_prefix("host: ")).unwrap();
    assert_eq!(linger::snapshot::verify::Installation::here().target, host);
}

#[test]
fn what_can_be_verified_is_listed() {
    assert_kept("verify-list", &Desk::new().linger("verify --list").whole());
    assert_kept("verify-list-method", &Desk::new().linger("verify --list p_adjust").whole());
    assert_kept("verify-help", &Desk::new().linger("verify --help").whole());
    assert!(Desk::new().linger("verify -h").stdout.lines().count() <= 34);
    let list: Value = serde_json::from_str(&Desk::new().linger("verify -q --list --format json").fine()).unwrap();
    assert_eq!(list["results"].as_array().unwrap().len(), METHODS.len());
}

#[test]
fn one_method_is_told_in_full() {
    let said = Desk::new().linger("verify graph p_adjust");
    assert_eq!(said.code, 0, "{}", said.whole());
    for words in
        ["Rules on p-values: R 4.2.2 (p.adjust)", "graph/graph.csv", "hommel", "1e-14 relative: a few roundings"]
    {
        assert!(said.stdout.contains(words), "{words}: {}", said.stdout);
    }
    assert!(!said.stdout.contains("mmrm"));
}

#[test]
fn a_copy_of_the_numbers_holds_as_the_compiled_ones_do() {
    let desk = with_copy();
    let said = desk.linger("verify --references references ancova graph power");
    assert_eq!(said.code, 0, "{}", said.whole());
    assert!(said.stdout.contains("read from references"), "{}", said.stdout);
}

#[test]
fn one_wrong_digit_is_found_and_named_by_file_and_line() {
    let desk = with_copy();
    // The last digit but four of an estimate in line 18.
    desk.change("ancova/contrasts.csv", |text| {
        let mut lines: Vec<String> = text.lines().map(str::to_owned).collect();
        let mut cells: Vec<String> = lines[17].split(',').map(str::to_owned).collect();
        let digit = cells[7].len() - 8;
        let other = if cells[7].as_bytes()[digit] == b'3' { "4" } else { "3" };
        cells[7].replace_range(digit..=digit, other);
        lines[17] = cells.join(",");
        lines.join("\n") + "\n"
    });
    let said = desk.linger("verify --references references");
    assert_eq!(said.code, 1, "{}", said.whole());
    assert!(
        said.stdout.contains("ancova/contrasts.csv:18: estimate (column estimate) of trial_complete"),
        "{}",
        said.stdout
    );
    assert!(said.stdout.contains("where 1e-10 relative is tolerated") && said.stdout.contains("Verdict: FAILS."));
    assert!(said.stderr.contains("comparisons of all 22 methods are beyond tolerance"), "{}", said.stderr);
    // One number of that method fails, and those of equivalence that are made from it; no other method does.
    let fails = |line: &&str| line.trim_end().ends_with(" fail");
    let failing: Vec<&str> = said.stdout.lines().map(str::trim).filter(fails).collect();
    let [first, second] = failing[..] else { panic!("{}", said.stdout) };
    assert!(first.starts_with("ancova ") && first.ends_with(" 1 fail"), "{first}");
    assert!(second.starts_with("equivalence "), "{second}");

    // The page is written all the same, and says the same.
    let said = desk.linger("verify ancova --references references -o qualification.html");
    assert_eq!(said.code, 1);
    let page = desk.read("qualification.html");
    assert!(page.contains("<strong>Fails.</strong>") && page.contains("ancova&#x2f;contrasts.csv:18: estimate"));
}

/// One message for each way in which a file can be unreadable; the other methods are verified all the same.
#[test]
fn files_that_cannot_be_read_are_named() {
    type Case<'a> = (&'a str, &'a dyn Fn(&Desk), &'a str);
    let cases: [Case; 7] = [
        (
            "missing",
            &|desk| fs::remove_file(desk.path("references/graph/graph.csv")).unwrap(),
            "references/graph/graph.csv: cannot be read",
        ),
        (
            "truncated between lines",
            &|desk| {
                desk.change("graph/graph.csv", |text| {
                    format!("{}\n", text.lines().take(3).collect::<Vec<_>>().join("\n"))
                });
            },
            "graph/graph.csv: 2 lines of numbers where 4 are expected: the file is truncated or not the right one",
        ),
        (
            "truncated in a line",
            &|desk| {
                desk.change("graph/graph.csv", |text| text[..text.len() - 9].to_owned());
            },
            "graph/graph.csv:5: 7 cells where the heading has 8",
        ),
        (
            "truncated in the last number",
            &|desk| {
                desk.change("graph/graph.csv", |text| text[..text.len() - 2].to_owned());
            },
            "graph/graph.csv:5: the last line does not end: the file is truncated",
        ),
        (
            "not a number",
            &|desk| {
                desk.change("graph/graph.csv", |text| text.replacen(",0.01,", ",0.0l,", 1));
            },
            "graph/graph.csv:2: p is `0.0l`, which is not a number",
        ),
        (
            "another heading",
            &|desk| {
                desk.change("graph/graph.csv", |text| text.replacen("p_adj", "p.adj", 1));
            },
            "graph/graph.csv:1: there is no column `p_adj`",
        ),
        (
            "empty",
            &|desk| fs::write(desk.path("references/graph/graph.csv"), "").unwrap(),
            "graph/graph.csv: 0 lines of numbers where 4",
        ),
    ];
    for (name, spoil, message) in cases {
        let desk = with_copy();
        spoil(&desk);
        let said = desk.linger("verify graph p_adjust --references references");
        assert_eq!(said.code, 1, "{name}: {}", said.whole());
        assert!(said.stdout.contains(message), "{name}: {}", said.stdout);
        assert!(said.stdout.contains("Rules on p-values") && !said.stdout.contains("Rules on p-values does not hold"));
        assert!(said.stderr.contains("could not be compared"), "{name}: {}", said.stderr);
    }
}

#[test]
fn what_cannot_be_done_as_asked_is_refused() {
    let desk = with_copy();
    let refused = |arguments: &str, words: &str| {
        let said = desk.linger(arguments);
        assert_eq!((said.code, said.stdout.as_str()), (2, ""), "{arguments}: {}", said.whole());
        assert!(said.stderr.contains(words), "{arguments}: {}", said.stderr);
    };
    refused("verify mrmm", "there is no method of that name; did you mean mmrm?");
    refused("verify --references nowhere", "nowhere: there is no such folder");
    refused("verify --references references/graph/graph.csv", "there is no such folder");
    refused("verify --seed 3", "--seed do not apply here");
    refused("verify --list --references references", "cannot be used with");
    refused("verify p_adjust -o report.docx", "end it in .json, .csv, .md");
    let said = desk.linger_with("verify graph", &[("SOURCE_DATE_EPOCH", "today")]);
    assert_eq!(said.code, 2);
    assert!(said.stderr.contains("SOURCE_DATE_EPOCH is `today`"), "{}", said.stderr);
    // A folder without anything in it is a report in which nothing could be compared.
    fs::create_dir(desk.path("empty")).unwrap();
    let said = desk.linger("verify --references empty -q");
    assert_eq!(said.code, 1);
    assert_eq!(said.stdout.lines().filter(|line| line.trim_end().ends_with("not compared")).count(), METHODS.len());
}

#[test]
fn the_page_is_whole_escaped_and_the_same_each_time() {
    let desk = with_copy();
    fs::rename(desk.path("references"), desk.path("<script>alert(1)<∕script>")).unwrap();
    let run = |file: &str| {
        let arguments = format!("verify graph streams rank_sum --references '<script>alert(1)<∕script>' -q -o {file}");
        let said = desk.linger_with(&arguments, &[("SOURCE_DATE_EPOCH", "0")]);
        assert_eq!((said.code, said.stdout.as_str()), (0, ""), "{}", said.whole());
        desk.read(file)
    };
    let page = run("a.html");
    assert_eq!(page, run("b.html"));
    assert!(page.contains("&lt;script&gt;alert(1)") && !page.contains("<script>alert"));
    for words in
        ["1970-01-01 00:00 UTC", "<strong>Holds.</strong>", "Performed by", "Reviewed by", "Signature", "SHA-256"]
    {
        assert!(page.contains(words), "{words}");
    }
    for words in ["What it does not say", "Wilcoxon&#x27;s rank sum test", "0x16554d9eca36314c"] {
        assert!(page.contains(words), "{words}");
    }
}

/// A number of every file, changed in its leading digit in one line, is found there and nowhere else.
#[test]
fn in_every_file_a_wrong_number_is_found_where_it_is() {
    let desk = with_copy();
    let folder = desk.path("references");
    let references = References::of_folder(&folder);
    for check in METHODS.iter().flat_map(|method| method.checks) {
        // Simulation is the slowest and has its tolerance in standard errors; its own test is above.
        let sound = desk.read(&format!("references/{}", check.file.name));
        let heading: Vec<&str> = sound.lines().next().unwrap().split(',').collect();
        let quantities = check.result(&References::compiled_in()).quantities;
        let worst = quantities.iter().filter(|own| own.tolerance.limit < 1.0).find_map(|own| own.worst.clone());
        let worst = worst.or_else(|| quantities[0].worst.clone()).unwrap();
        let column = heading.iter().position(|name| **name == worst.column).unwrap();
        let mut lines: Vec<String> = sound.lines().map(str::to_owned).collect();
        let mut cells: Vec<String> = lines[worst.line - 1].split(',').map(str::to_owned).collect();
        cells[column] = other(&cells[column]);
        lines[worst.line - 1] = cells.join(",");
        desk.write(&format!("references/{}", check.file.name), &format!("{}\n", lines.join("\n")));
        let result = check.result(&references);
        assert!(!result.holds(), "{} line {} column {}", check.file.name, worst.line, worst.column);
        let named = |result: &CheckResult| match &result.problem {
            Some(problem) => problem.to_string().contains(&format!("{}:{}", check.file.name, worst.line)),
            None => result.quantities.iter().flat_map(|own| &own.failures).any(|own| own.line == worst.line),
        };
        assert!(named(&result), "{}: {:?}", check.file.name, result.problem);
        desk.write(&format!("references/{}", check.file.name), &sound);
    }
}

/// A cell with another leading digit, or another word.
fn other(cell: &str) -> String {
    let digits = if cell.starts_with("0x") { 2 } else { 0 };
    let place = cell[digits..].find(|letter: char| ('1'..='9').contains(&letter)).map(|own| own + digits);
    match place {
        Some(place) => {
            let digit = if cell.as_bytes()[place] == b'7' { "4" } else { "7" };
            format!("{}{digit}{}", &cell[..place], &cell[place + 1..])
        }
        None if cell == "0" || cell == "0.0" => "7".to_owned(),
        None => format!("{cell}x"),
    }
}

/// Whatever stands in a file, there is an answer: a difference, an error with its place, never a panic.
#[test]
fn noise_in_a_file_is_answered_and_never_breaks_the_program() {
    let desk = with_copy();
    let references = References::of_folder(&desk.path("references"));
    let noise = ["", "-", "0", "-1", "NaN", "inf", "1e308", "-1e308", "1e-320", "9007199254740993", "x", "0x1", "é"];
    let mut answered = 0;
    for name in
        ["graph", "p_adjust", "rank_sum", "max_t", "group_sequential", "binomial_intervals", "streams", "correlations"]
    {
        for check in method(name).unwrap().checks {
            let sound = desk.read(&format!("references/{}", check.file.name));
            let n_cells = sound.lines().next().unwrap().split(',').count();
            for column in 0..n_cells {
                for (turn, noise) in noise.iter().enumerate() {
                    let mut lines: Vec<String> = sound.lines().map(str::to_owned).collect();
                    let line = 1 + (turn * 7 + column) % (lines.len() - 1);
                    let mut cells: Vec<&str> = lines[line].split(',').collect();
                    cells[column] = noise;
                    lines[line] = cells.join(",");
                    desk.write(&format!("references/{}", check.file.name), &format!("{}\n", lines.join("\n")));
                    answered += usize::from(!check.result(&references).holds());
                }
            }
            desk.write(&format!("references/{}", check.file.name), &sound);
        }
    }
    assert!(answered > 500, "{answered}");
}

#[test]
fn a_folder_that_is_no_copy_is_told_from_one() {
    let references = References::of_folder(Path::new("tests"));
    let result = method("graph").unwrap().checks[0].result(&references);
    assert!(matches!(result.problem, Some(ReferenceError::NotRead { .. })));
    assert!(!result.holds() && result.quantities.is_empty());
}

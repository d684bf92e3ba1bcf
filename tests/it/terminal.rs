//! Pictures drawn with characters, and the ground rules of the command line: streams, colours, ASCII, short options, closed pipes.

use std::io::Read as _;
use std::process::{Command, Stdio};

use super::program::{Desk, assert_kept};

const PICTURES: [(&str, &str); 10] = [
    ("flow", "flow"),
    ("means", "means"),
    ("fade", "fade"),
    ("dose", "dose boosters-monthly"),
    ("forest", "forest"),
    ("improve", "improve"),
    ("cdf", "cdf --week 10"),
    ("power", "power small-pilot --target 0.3 --week 10 --replicates 1024"),
    ("zip", "zip small-pilot --replicates 60 --week 10"),
    (
        "grid",
        "grid small-pilot --grid 'arms.*.sessions=5,10' --grid 'arms.*.effect.rdq.half_life_weeks=4,12' --replicates 40",
    ),
];

#[test]
fn every_picture_can_be_drawn_with_characters() {
    let desk = Desk::new();
    for (name, arguments) in PICTURES {
        let text = desk.linger(&format!("plot {arguments} --terminal -q")).fine();
        assert!(!text.contains('\u{1b}') && !text.contains("<svg"), "{name}");
        assert!(text.lines().all(|line| line.chars().count() <= 80), "{name}:\n{text}");
        assert_kept(&format!("terminal-{name}"), &text);
        let ascii = desk.linger(&format!("plot {arguments} --terminal --ascii -q")).fine();
        assert!(ascii.is_ascii(), "{name}");
        assert_eq!(ascii.lines().count(), text.lines().count(), "{name}");
    }
}

#[test]
fn a_picture_in_characters_has_the_numbers_of_the_table() {
    let desk = Desk::new();
    let forest = desk.linger("plot forest --terminal -q").fine();
    let table = desk.linger("trial -q").fine();
    let estimates = |text: &str| -> Vec<String> {
        let numbers = text.lines().filter(|line| line.contains(" - ") && line.contains(" to "));
        numbers.filter_map(|line| Some(line.split_once(')')?.0.rsplit("   ").next()?.trim().to_owned())).collect()
    };
    let estimates = estimates(&table);
    assert!(estimates.len() > 15, "{estimates:?}");
    for estimate in estimates {
        assert!(forest.contains(&estimate), "{estimate} is not in\n{forest}");
    }
}

#[test]
fn a_text_file_gets_characters_and_an_svg_file_svg() {
    let desk = Desk::new();
    let text = desk.linger("plot fade --terminal -q").fine();
    desk.linger("plot fade -o fade.txt").fine();
    assert_eq!(desk.read("fade.txt"), text);
    assert!(desk.linger("plot fade --terminal --color always -q").fine().contains("\u{1b}[38;5;"));
    desk.linger("plot fade -o fade.txt --color always").fine();
    assert_eq!(desk.read("fade.txt"), text);
    for refused in ["plot fade --terminal --dark", "plot fade -o fade.txt --dark", "plot fade --terminal -o fade.svg"] {
        assert_eq!(desk.linger(refused).code, 2, "{refused}");
    }
}

#[test]
fn ascii_reaches_results_notes_and_refusals() {
    let desk = Desk::new();
    desk.write("trial.toml", &desk.linger("show small-pilot").fine().replace("\"Usual care\"", "\"Übliche Pflege ²\""));
    for arguments in
        ["trial trial.toml", "trial trial.toml --format md", "explain relaxation", "init --list", "plot --list"]
    {
        let said = desk.linger(&format!("{arguments} --ascii"));
        assert!(said.code == 0 && said.stdout.is_ascii() && said.stderr.is_ascii(), "{}", said.whole());
    }
    assert!(desk.linger("trial trial.toml --ascii -q").fine().contains("Ubliche Pflege 2"));
    let json = desk.linger("trial trial.toml --ascii -q --format json").fine();
    assert!(json.is_ascii());
    let read = |text: &str| serde_json::from_str::<serde_json::Value>(text).unwrap();
    assert_eq!(read(&json), read(&desk.linger("trial trial.toml -q --format json").fine()));
    desk.write("wrong.toml", "schema_version = 1\nsed = 3\n");
    let said = desk.linger("validate wrong.toml --ascii");
    assert!(said.code == 2 && said.stderr.is_ascii() && said.stderr.contains("seed"), "{}", said.whole());
}

#[test]
fn dumb_terminals_and_no_color_get_no_escape() {
    let desk = Desk::new();
    desk.write("wrong.toml", "sed = 3\n");
    for environment in [("NO_COLOR", "1"), ("TERM", "dumb")] {
        for arguments in
            ["validate wrong.toml", "plot fade --terminal", "trial", "evaluate small-pilot --replicates 64"]
        {
            let said = desk.linger_with(arguments, &[environment]);
            assert!(!said.stdout.contains('\u{1b}') && !said.stderr.contains('\u{1b}'), "{}", said.whole());
        }
    }
}

#[test]
fn linger_alone_is_short_and_starts_with_two_examples() {
    let said = Desk::new().linger("");
    assert!(said.stdout.is_empty() && said.code == 2);
    assert!(said.stderr.lines().count() <= 25, "{}", said.stderr);
    assert!(said.stderr.lines().take(2).all(|line| line.starts_with("linger ")), "{}", said.stderr);
    let listed = Desk::new().linger("--help").fine();
    let verbs = listed.split("\nVerbs").nth(1).unwrap().split("\n\n").next().unwrap();
    let verbs: Vec<&str> = verbs
        .lines()
        .filter(|line| line.starts_with("  ") && !line.starts_with("   "))
        .filter_map(|line| line.split_whitespace().next())
        .collect();
    assert!(verbs.len() > 15, "{listed}");
    for verb in verbs {
        assert!(said.stderr.split([' ', ',', '\n']).any(|word| word == verb), "{verb} is not in\n{}", said.stderr);
    }
}

#[test]
fn quiet_silences_words_and_next_of_every_verb() {
    let desk = Desk::new();
    desk.linger("simulate small-pilot -q -o data.csv").fine();
    for arguments in [
        "trial small-pilot",
        "simulate small-pilot",
        "analyse data.csv",
        "evaluate small-pilot --replicates 40",
        "replay small-pilot 3",
        "compare small-pilot small-pilot --replicates 40",
        "sweep small-pilot --grid seed=1,2 --replicates 40",
        "explain relaxation",
        "validate small-pilot",
        "show small-pilot",
        "plot fade small-pilot",
        "init --list",
        "truth no-effect --participants 1000",
    ] {
        assert_eq!(desk.linger(&format!("{arguments} -q")).stderr, "", "{arguments}");
        assert!(!desk.linger(&format!("{arguments} -q")).fine().is_empty(), "{arguments}");
    }
}

#[test]
fn short_options_are_few() {
    let desk = Desk::new();
    let listed = desk.linger("--help").fine();
    let verbs = listed.split("\nVerbs").nth(1).unwrap().split("\n\n").next().unwrap();
    let verbs = verbs.lines().filter(|line| line.starts_with("  ") && !line.starts_with("   "));
    for verb in verbs.filter_map(|line| line.split_whitespace().next()) {
        let help = desk.linger(&format!("{verb} --help")).fine();
        for line in help
            .lines()
            .map(str::trim_start)
            .filter(|line| line.starts_with('-') && line.chars().nth(1).is_some_and(char::is_alphanumeric))
        {
            let short = line.chars().nth(1).unwrap();
            assert!("oqvsnjh".contains(short), "{verb}: {line}");
        }
    }
}

#[cfg(unix)]
#[test]
fn a_reader_that_goes_away_is_no_error() {
    let mut child = Command::new(env!("CARGO_BIN_EXE_linger"))
        .args(["simulate", "-q"])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut first = [0; 16];
    child.stdout.take().unwrap().read_exact(&mut first).unwrap();
    let output = child.wait_with_output().unwrap();
    assert_eq!(output.status.code(), Some(0));
    assert_eq!(String::from_utf8_lossy(&output.stderr), "");
}

#[cfg(unix)]
#[test]
fn a_second_interrupt_leaves_at_once() {
    let mut child = Command::new(env!("CARGO_BIN_EXE_linger"))
        .args(["evaluate", "--replicates", "4000000", "-j", "1"])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let interrupt = |pid: u32| {
        assert!(Command::new("kill").args(["-INT", &pid.to_string()]).status().unwrap().success());
    };
    std::thread::sleep(std::time::Duration::from_secs(2));
    interrupt(child.id());
    interrupt(child.id());
    std::thread::sleep(std::time::Duration::from_millis(20));
    interrupt(child.id());
    let asked = std::time::Instant::now();
    assert_eq!(child.wait().unwrap().code(), Some(130));
    assert!(asked.elapsed() < std::time::Duration::from_secs(5));
}

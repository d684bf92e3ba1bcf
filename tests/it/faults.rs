//! A system that lacks something (threads, files, room, a reader, a home): a whole result or an error that says what, never a panic.
//!
//! What needs an administrator, mounted disks or minutes is in `tests/faults/run`.

#![cfg(unix)]

use std::io::{BufRead as _, BufReader};
use std::process::{Command, Output, Stdio};

use crate::program::Desk;

/// The program under a limit of the shell (`ulimit`), with arguments separated by blanks.
fn limited(desk: &Desk, limit: &str, arguments: &str) -> Output {
    let line = format!("ulimit {limit} && exec \"$0\" {arguments}");
    let mut command = Command::new("sh");
    command.args(["-c", &line, env!("CARGO_BIN_EXE_linger")]).current_dir(desk.path("")).stdin(Stdio::null());
    command.output().unwrap()
}

fn said(output: &Output) -> String {
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(!said.contains("panicked") && !said.contains("internal error"), "{said}");
    said
}

#[test]
fn a_file_that_may_not_grow_is_an_error_and_the_old_one_stays() {
    for (command, file) in [
        ("plot means plain -q -o old.svg", "old.svg"),
        ("simulate plain -q -o old.parquet", "old.parquet"),
        ("lesson -q -o old.html", "old.html"),
        ("trial plain -q --format json -o old.json", "old.json"),
    ] {
        let desk = Desk::new();
        desk.write(file, "old");
        // In blocks of 512 bytes or of 1024, as the shell has it.
        let output = limited(&desk, "-f 4", command);
        assert_eq!(output.status.code(), Some(2), "{command}: {}", said(&output));
        assert!(said(&output).contains("File too large"), "{command}: {}", said(&output));
        assert_eq!(desk.read(file), "old");
        assert_eq!(desk.files(""), [file], "{command}: nothing half written is left");
    }
    let desk = Desk::new();
    let kept = "evaluate plain -s trial.per_arm.*=10 --replicates 600 -q -o run";
    let output = limited(&desk, "-f 4", kept);
    assert!(output.status.code() == Some(2) && said(&output).contains("File too large"), "{}", said(&output));
    desk.linger(kept).fine();
    desk.linger("analyse run -q").fine();
}

#[test]
fn with_few_open_files_a_result_is_whole_or_the_lack_is_named() {
    let commands = [
        "evaluate plain -s trial.per_arm.*=10 --replicates 50 -q -o run",
        "trial plain -q -o out/",
        "plot dose plain -q -o a.png",
    ];
    for command in commands {
        let whole = Desk::new();
        whole.linger(command).fine();
        for n in 4..8 {
            let desk = Desk::new();
            let output = limited(&desk, &format!("-n {n}"), command);
            match output.status.code() {
                Some(0) => assert_eq!(desk.files(""), whole.files(""), "{command}"),
                Some(2) => assert!(said(&output).contains("Too many open files"), "{command}: {}", said(&output)),
                other => panic!("{command}, {n}: {other:?} {}", said(&output)),
            }
        }
    }
}

#[test]
fn a_reader_that_goes_away_ends_the_program_quietly() {
    for command in ["simulate plain", "trial plain -q", "lesson -o -", "plot dose plain -o -", "--help", "explain mmrm"]
    {
        let mut child = Command::new(env!("CARGO_BIN_EXE_linger"))
            .args(command.split(' '))
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let mut line = String::new();
        BufReader::with_capacity(16, child.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let output = child.wait_with_output().unwrap();
        assert!(
            !line.is_empty() && output.status.code() == Some(0),
            "{command}: {:?} {}",
            output.status,
            said(&output)
        );
    }
}

#[cfg(target_os = "linux")]
#[test]
fn an_output_that_takes_nothing_is_an_error() {
    for command in ["trial plain -q", "simulate plain", "plot dose plain -o -", "--help", "show plain"] {
        let full = std::fs::File::options().write(true).open("/dev/full").unwrap();
        let mut program = Command::new(env!("CARGO_BIN_EXE_linger"));
        let output = program.args(command.split(' ')).stdin(Stdio::null()).stdout(full).output().unwrap();
        assert_eq!(output.status.code(), Some(2), "{command}: {}", said(&output));
    }
}

#[test]
fn home_environment_and_terminal_are_not_needed() {
    let desk = Desk::new();
    let whole = desk.linger("trial plain -q").fine();
    for descriptors in ["", " <&-", " 2>&- <&-"] {
        let line = format!("exec env -i \"$0\" trial plain -q{descriptors}");
        let output = Command::new("sh").args(["-c", &line, env!("CARGO_BIN_EXE_linger")]).output().unwrap();
        assert!(output.status.success(), "{}", said(&output));
        assert_eq!(String::from_utf8(output.stdout).unwrap(), whole);
    }
    // Nobody listens at all: what goes to a file goes there.
    let output = limited(&desk, "-c 0", "plot dose plain -o a.svg >&- 2>&- <&-");
    assert!(output.status.success() && desk.read("a.svg").ends_with("</svg>\n"));
}

#[test]
fn a_second_run_on_one_store_waits_for_nobody_and_says_why() {
    let desk = Desk::new();
    let mut first = Command::new(env!("CARGO_BIN_EXE_linger"))
        .args(["evaluate", "plain", "--replicates", "1000000", "-q", "-o", "run"])
        .current_dir(desk.path(""))
        .stderr(Stdio::null())
        .stdout(Stdio::null())
        .spawn()
        .unwrap();
    while !desk.path("run/manifest.toml").exists() && first.try_wait().unwrap().is_none() {
        std::thread::sleep(std::time::Duration::from_millis(5));
    }
    let second = desk.linger("evaluate plain --replicates 1000000 -q -o run");
    let reader = desk.linger("analyse run -q");
    first.kill().unwrap();
    first.wait().unwrap();
    assert!(
        second.code == 2 && second.stderr.contains("another process is adding to this folder"),
        "{}",
        second.whole()
    );
    assert!(reader.code == 5 && reader.stderr.contains("incomplete run"), "{}", reader.whole());
}

//! Runs of the program that are killed or interrupted at any moment, continued, grown, and shared out: always the same bytes.

use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use linger::operating_characteristics::Store;

use super::{assert_same, contents, folder};

/// A run of two whole chunks and a part, of a trial that is quickly simulated.
const REPLICATES: u64 = 36_000;

/// The program, evaluating into a folder.
fn evaluate(folder: &Path, arguments: &[&str]) -> Command {
    let mut command = evaluate_only(arguments);
    command.arg("-o").arg(folder);
    command
}

/// The program, evaluating and keeping nothing.
fn evaluate_only(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_linger"));
    command.args(["evaluate", "plain", "-s", "trial.per_arm.*=3", "-s", "analysis.model=t_test"]);
    command.args(["-s", "analysis.outcomes=[\"rdq\"]"]).args(arguments);
    command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    command
}

fn begin(folder: &Path) -> Child {
    evaluate(folder, &["--replicates", &REPLICATES.to_string()]).spawn().unwrap()
}

fn complete(folder: &Path) {
    assert!(begin(folder).wait().unwrap().success());
}

/// Names and sizes of what is in the chunks of a folder, also of what is just being written.
fn seen(folder: &Path) -> Vec<(std::ffi::OsString, u64)> {
    let Ok(entries) = std::fs::read_dir(folder.join("chunks")) else { return Vec::new() };
    let size = |entry: &std::fs::DirEntry| entry.metadata().map_or(0, |about| about.len());
    let mut all: Vec<_> = entries.flatten().map(|entry| (entry.file_name(), size(&entry))).collect();
    all.sort();
    all
}

/// Numbers below one, always the same.
struct Moments(u64);

impl Moments {
    fn next(&mut self) -> f64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 as f64 / 2f64.powi(64)
    }
}

#[test]
fn a_run_that_is_killed_at_any_moment_is_continued_to_the_same_bytes() {
    let (whole, folder) = (folder(), folder());
    let began = Instant::now();
    complete(whole.path());
    let (takes, expected) = (began.elapsed(), contents(whole.path()));
    let mut moments = Moments(20_110_705);
    let mut kills = 0;
    while kills < 20 {
        let (mut child, before, began) = (begin(folder.path()), seen(folder.path()), Instant::now());
        if kills % 2 == 0 {
            std::thread::sleep(takes.mul_f64(moments.next() * 0.8));
        } else {
            // Just when something is being written.
            while seen(folder.path()) == before && began.elapsed() < 10 * takes && child.try_wait().unwrap().is_none() {
                std::thread::sleep(Duration::from_micros(100));
            }
            std::thread::sleep(Duration::from_millis(20).mul_f64(moments.next()));
        }
        child.kill().unwrap();
        let ended = child.wait().unwrap();
        kills += 1;
        // Whatever the manifest names is whole.
        if folder.path().join("manifest.toml").exists() {
            let store = Store::look(folder.path()).unwrap();
            assert!(store.chunks().all(|rows| rows.is_ok()));
        }
        if kills % 4 == 0 || ended.success() {
            complete(folder.path());
            assert_same(&contents(folder.path()), &expected);
            std::fs::remove_dir_all(folder.path()).unwrap();
        }
    }
}

#[cfg(unix)]
#[test]
fn a_run_that_is_interrupted_keeps_what_was_computed() {
    let (whole, folder) = (folder(), folder());
    complete(whole.path());
    let mut child = begin(folder.path());
    // The first file appears when the signal is looked out for.
    while !folder.path().join("manifest.toml").exists() {
        std::thread::sleep(Duration::from_millis(1));
    }
    assert!(Command::new("kill").args(["-INT", &child.id().to_string()]).status().unwrap().success());
    let code = child.wait().unwrap().code();
    assert!(code == Some(130) || code == Some(0), "{code:?}");
    let store = Store::look(folder.path()).unwrap();
    assert!(store.chunks().count() > 0);
    assert_eq!(store.missing().is_empty(), code == Some(0));
    complete(folder.path());
    assert_same(&contents(folder.path()), &contents(whole.path()));
}

#[test]
fn growing_and_threads_change_no_byte() {
    let (whole, folder) = (folder(), folder());
    complete(whole.path());
    for (replicates, jobs) in [("300", "1"), ("17000", "3"), ("20000", "2"), ("36000", "1")] {
        let status = evaluate(folder.path(), &["--replicates", replicates, "--jobs", jobs]).status().unwrap();
        assert!(status.success());
    }
    assert_same(&contents(folder.path()), &contents(whole.path()));
}

#[test]
fn shards_of_the_program_merge_to_the_same_bytes() {
    let (whole, desk) = (folder(), folder());
    complete(whole.path());
    let folders = ["3/3", "1/3", "2/3"].map(|shard| {
        let folder = desk.path().join(&shard[..1]);
        let arguments = ["--shard", shard, "--replicates", &REPLICATES.to_string()];
        assert!(evaluate(&folder, &arguments).status().unwrap().success());
        folder
    });
    let all = desk.path().join("all");
    let merge = Command::new(env!("CARGO_BIN_EXE_linger")).arg("merge").args(&folders).arg("-o").arg(&all).output();
    assert!(merge.unwrap().status.success());
    assert_same(&contents(&all), &contents(whole.path()));
    // Nothing is left to compute, and the numbers are those of the whole run, and of one that keeps nothing.
    let numbers = |mut command: Command| command.stdout(Stdio::piped()).output().unwrap().stdout;
    let asked = ["--replicates", &REPLICATES.to_string(), "--format", "csv"];
    let expected = numbers(evaluate_only(&asked));
    assert!(!expected.is_empty());
    for folder in [all.as_path(), whole.path()] {
        assert_eq!(numbers(evaluate(folder, &asked)), expected);
    }
    assert_same(&contents(&all), &contents(whole.path()));
}

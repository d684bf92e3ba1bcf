//! `linger evaluate`, `replay` and `analyse FOLDER` as a user meets them.

use std::process::{Command, Stdio};
use std::time::Duration;

use serde_json::Value;

use super::program::{Desk, assert_kept};

/// Arms so small that some replicates have nobody left in one of them.
const TINY: &str = "small-pilot -s 'trial.per_arm={relaxation=4, structural=4, usual_care=4}' -s trial.block_size=3 \
                    -s 'dropout.every_arm=[0.2,0.4,0.6]' -s 'analysis.outcomes=[\"rdq\"]'";

#[test]
fn an_evaluation_shows_every_measure_with_its_error() {
    assert_kept("evaluate", &Desk::new().linger("evaluate small-pilot --replicates 300").whole());
}

#[test]
fn what_has_no_estimate_is_counted_by_reason_and_bounded() {
    let desk = Desk::new();
    let said = desk.linger(&format!("evaluate {TINY} --replicates 300"));
    assert_kept("evaluate-failures", &said.whole());
    // The replicate that is named there has the reason that is named there.
    let next = said.stderr.lines().find(|line| line.contains("linger replay")).expect("a replicate to look at");
    let command = next.trim().trim_start_matches("linger ").split("   ").next().unwrap().to_owned();
    let replay = desk.linger(&command).fine();
    assert!(replay.contains("too few participants with complete data"), "{replay}");
    let replicate: u64 = command.split(' ').nth(2).unwrap().parse().unwrap();
    assert_eq!(replay, desk.linger(&format!("trial {TINY} --replicate {replicate}")).fine());
}

#[test]
fn methods_are_put_side_by_side() {
    let desk = Desk::new();
    desk.write(
        "plan.toml",
        "outcomes = [\"rdq\"]\ncontrasts = [\"relaxation - usual_care\"]\n[[sensitivity]]\nname = \"unadjusted\"\nmodel = \"t_test\"\n",
    );
    desk.linger("evaluate small-pilot --replicates 300 -o run -q").fine();
    assert_kept("analyse-run-methods", &desk.linger("analyse run --plan plan.toml").whole());
}

#[test]
fn every_format_of_an_evaluation_has_the_same_numbers() {
    let desk = Desk::new();
    let json = desk.linger("evaluate small-pilot --replicates 100 --format json").fine();
    let document: Value = serde_json::from_str(&json).unwrap();
    assert_eq!(document["schema"], "linger.evaluate/1");
    assert_eq!(document["ended"], "complete");
    let rows = document["results"].as_array().unwrap();
    let csv = desk.linger("evaluate small-pilot --replicates 100 --format csv").fine();
    assert_eq!(csv.lines().count(), rows.len() + 1);
    let measures = ["bias", "empirical_se", "model_se_error", "coverage", "bias_eliminated_coverage", "power"];
    for measure in measures {
        let row = rows.iter().find(|row| row["measure"] == measure).expect(measure);
        assert!(row["value"].is_f64() && row["mcse"].is_f64(), "{row}");
    }
    assert_kept("evaluate-md", &desk.linger("evaluate small-pilot --replicates 100 --format md -q").fine());
}

#[test]
fn a_kept_run_answers_like_one_that_is_not_kept() {
    let desk = Desk::new();
    let plain = desk.linger("evaluate small-pilot --replicates 1000 --format csv").fine();
    desk.linger("evaluate small-pilot --replicates 300 -o run -q").fine();
    assert_eq!(desk.linger("evaluate small-pilot --replicates 1000 -o run --format csv").fine(), plain);
    assert_eq!(desk.linger("analyse run --format csv").fine(), plain);
    let level = desk.linger("evaluate small-pilot -s analysis.alpha=0.01 --replicates 1000 --format csv").fine();
    assert_eq!(desk.linger("analyse run -s alpha=0.01 --format csv").fine(), level);
    // What does not follow from the records comes from the same participants, simulated again.
    let other = desk.linger("analyse run -s model=mmrm --format csv");
    let mmrm = desk.linger("evaluate small-pilot -s analysis.model=mmrm --replicates 1000 --format csv").fine();
    assert!(other.stderr.contains("simulated again"), "{}", other.stderr);
    assert_eq!(other.fine(), mmrm);
}

#[test]
fn a_replicate_of_a_kept_run_is_that_of_its_scenario() {
    let desk = Desk::new();
    desk.linger("evaluate small-pilot -s trial.per_arm.relaxation=17 --seed 5 --replicates 40 -o run -q").fine();
    let plain = desk.linger("trial small-pilot -s trial.per_arm.relaxation=17 --seed 5 --replicate 3").fine();
    assert_eq!(desk.linger("replay run 3").fine(), plain);
    let beyond = desk.linger("replay run 40");
    assert_eq!(beyond.code, 0, "{}", beyond.stderr);
    assert!(
        beyond.stderr.contains("note: run has 40 replicates, numbered from 0; 40 is none of them"),
        "{}",
        beyond.stderr
    );
    std::fs::remove_file(desk.path("run/scenario.toml")).unwrap();
    let lost = desk.linger("replay run 3");
    assert_eq!(lost.code, 2);
    assert!(lost.stderr.contains("evaluate into this folder again to have it written anew"), "{}", lost.stderr);
    for command in ["replay small-pilot abc", "trial small-pilot --replicate 1.5"] {
        let said = desk.linger(command);
        assert_eq!(said.code, 2);
        assert!(
            said.stderr.contains("expected the number of a replicate, a whole number from 0 on"),
            "{}",
            said.stderr
        );
    }
}

#[test]
fn a_folder_without_a_run_is_told_what_it_lacks() {
    let desk = Desk::new();
    std::fs::create_dir(desk.path("other")).unwrap();
    let said = desk.linger("analyse other");
    assert_eq!(said.code, 2);
    for words in ["other is a folder and holds no kept run", "manifest.toml", "a CSV or Parquet file"] {
        assert!(said.stderr.contains(words), "{}", said.stderr);
    }
}

#[test]
fn a_run_stops_where_it_is_precise_whether_kept_or_not() {
    let desk = Desk::new();
    let until = "evaluate small-pilot --until adjusted_power=0.007 --format csv";
    let plain = desk.linger(until).fine();
    let power = plain.lines().find(|line| line.contains(",adjusted_power,")).unwrap();
    assert!(power.ends_with(",5120"), "{power}");
    assert_eq!(desk.linger(&format!("{until} -o run")).fine(), plain);
    assert_eq!(desk.linger("analyse run --format csv").fine(), plain);
    // The same question again, and a sharper one, of what is there.
    assert_eq!(desk.linger(&format!("{until} -o run")).fine(), plain);
    let refused = desk.linger("evaluate small-pilot --until bias=0.1");
    assert_eq!(refused.code, 2);
    assert!(refused.stderr.contains("no measure that can be waited for"), "{}", refused.stderr);
}

#[test]
fn parts_simulated_by_processes_of_their_own_merge_into_one_run() {
    let desk = Desk::new();
    let plain = desk.linger("evaluate small-pilot --replicates 1500 --format csv").fine();
    for part in ["3/3", "1/3", "2/3"] {
        let folder = part.replace('/', "-");
        desk.linger(&format!("evaluate small-pilot --replicates 1500 --shard {part} -o part-{folder}")).fine();
    }
    let early = desk.linger("merge part-1-3 part-3-3 -o early");
    assert_eq!(early.code, 5, "{}", early.stderr);
    assert!(early.stderr.contains("2/3"), "{}", early.stderr);
    desk.linger("merge part-2-3 part-3-3 part-1-3 -o whole").fine();
    assert_eq!(desk.linger("analyse whole --format csv").fine(), plain);
    let part = desk.linger("analyse part-1-3");
    assert_eq!(part.code, 5, "{}", part.stderr);
    assert!(part.stderr.contains("part 1/3 alone"), "{}", part.stderr);
}

/// Sends a signal as Ctrl-C does.
fn interrupt(process: u32) {
    let status = Command::new("kill").args(["-INT", &process.to_string()]).status().unwrap();
    assert!(status.success());
}

#[cfg(unix)]
#[test]
fn what_was_interrupted_goes_on_where_it_was() {
    let desk = Desk::new();
    let arguments = ["evaluate", "chronic-low-back-pain", "-s", "analysis.model=mmrm", "--replicates", "40000"];
    let start = || {
        let mut command = Command::new(env!("CARGO_BIN_EXE_linger"));
        command.args(arguments).args(["-o", "run", "--format", "csv", "-j", "1"]).current_dir(desk.path("."));
        command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap()
    };
    let child = start();
    // Until it holds the folder, and a little longer.
    while !desk.path("run/manifest.toml").exists() {
        std::thread::sleep(Duration::from_millis(20));
    }
    std::thread::sleep(Duration::from_millis(300));
    interrupt(child.id());
    let output = child.wait_with_output().unwrap();
    assert_eq!(output.status.code(), Some(130), "{}", String::from_utf8_lossy(&output.stderr));
    let incomplete = desk.linger("analyse run");
    assert_eq!(incomplete.code, 5, "{}", incomplete.stderr);
    let chunks = desk.files("run/chunks");
    assert!(!chunks.is_empty());
    let resumed = start().wait_with_output().unwrap();
    assert_eq!(resumed.status.code(), Some(0));
    let whole =
        desk.linger("evaluate chronic-low-back-pain -s analysis.model=mmrm --replicates 40000 --format csv").fine();
    assert_eq!(String::from_utf8(resumed.stdout).unwrap(), whole);
}

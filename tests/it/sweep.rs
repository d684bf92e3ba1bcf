//! Sweeps: every cell is its scenario's own evaluation, cells share their random numbers, and a folder keeps what they are.

use std::collections::BTreeMap;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::sync::Mutex;

use serde_json::Value;

use linger::operating_characteristics::{
    Effort, Evaluation, Progress, claimed_truth, evaluate_until, forecast, sweep, sweep_rows,
};
use linger::scenario::{self, Cell, Grid, Pairing, cells};

use crate::program::{Desk, assert_kept};

const EFFORT: Effort = Effort { replicates: Some(300), truth_participants: 2_000 };

fn go_on(_: Progress) -> ControlFlow<()> {
    ControlFlow::Continue(())
}

/// Cells of the built-in trial.
fn grid(arguments: &[&str]) -> Vec<Cell> {
    let grids: Vec<Grid> = arguments.iter().map(|&argument| Grid::new(argument).unwrap()).collect();
    let source = scenario::built_in("chronic-low-back-pain").unwrap();
    cells(&source, &[], &grids, Pairing::Crossed).unwrap_or_else(|problems| panic!("{problems}"))
}

/// All cells, evaluated by so many threads.
fn swept(cells: &[Cell], threads: usize) -> Vec<Evaluation> {
    let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
    let evaluations = pool.install(|| sweep(cells, EFFORT, go_on)).unwrap();
    evaluations.into_iter().map(Option::unwrap).collect()
}

#[test]
fn every_cell_is_its_scenarios_own_evaluation_whatever_the_threads() {
    let cells = grid(&["arms.relaxation.sessions=5,10", "dropout.every_arm=[0, 0, 0],[0.1, 0.2, 0.3]"]);
    let together = swept(&cells, 1);
    assert_eq!(swept(&cells, 3), together);
    for (cell, own) in cells.iter().zip(&together) {
        let scenario = &cell.loaded.scenario;
        let truth = claimed_truth(scenario, EFFORT.truth_participants);
        let alone = evaluate_until(scenario, truth, 300, &[], |_, _| ControlFlow::Continue(())).unwrap();
        assert_eq!(*own, alone);
    }
    assert_ne!(together[0].performance, together[2].performance);
}

#[test]
fn cells_share_their_random_numbers() {
    let cells = grid(&["arms.relaxation.sessions=5,10"]);
    let evaluations = swept(&cells, 2);
    let contrast = |cell: usize| {
        let own = &evaluations[cell];
        let estimate = &own.performance.visits[0].contrasts[0].estimate;
        (estimate.mean().unwrap(), estimate.std_error().unwrap(), own.truth.fits[0][0].value.unwrap())
    };
    let ((a, a_error, a_true), (b, b_error, b_true)) = (contrast(0), contrast(1));
    // With other participants in each, the difference would have the error of both averages.
    let (moved, expected, unpaired) = (b - a, b_true - a_true, a_error.hypot(b_error));
    assert!((moved - expected).abs() < unpaired / 5.0, "{moved} for {expected}, unpaired error {unpaired}");
    assert!(expected.abs() > unpaired / 5.0, "{expected} is too small to tell, unpaired error {unpaired}");
}

#[test]
fn a_scenario_says_how_many_replicates_unless_told() {
    let cells = grid(&["simulation.replicates=20,40"]);
    let own = Effort { replicates: None, ..EFFORT };
    assert_eq!(own.all_replicates(&cells), 60);
    let numbers = sweep(&cells, own, go_on).unwrap().into_iter().map(|own| own.unwrap().performance.n_replicates);
    assert_eq!(numbers.collect::<Vec<_>>(), [20, 40]);
    assert_eq!(EFFORT.all_replicates(&cells), 600);
}

#[test]
fn progress_counts_all_cells_and_breaking_off_leaves_whole_cells() {
    let cells = grid(&["arms.relaxation.sessions=2..10:1"]);
    let heard = Mutex::new(Vec::new());
    let note = |progress: Progress| {
        heard.lock().unwrap().push(progress.done);
        assert_eq!(progress.of, 2_700);
        ControlFlow::Continue(())
    };
    sweep(&cells, EFFORT, note).unwrap();
    let mut heard = heard.into_inner().unwrap();
    heard.sort_unstable();
    assert_eq!(heard, (1..=9).map(|cell| 300 * cell).collect::<Vec<_>>());

    let pool = rayon::ThreadPoolBuilder::new().num_threads(1).build().unwrap();
    let enough = |progress: Progress| {
        if progress.done >= 900 { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    };
    let evaluations = pool.install(|| sweep(&cells, EFFORT, enough)).unwrap();
    assert_eq!(evaluations.iter().flatten().count(), 3);
    assert!(evaluations.iter().flatten().all(|own| own.performance.n_replicates == 300));
}

#[test]
fn rows_carry_the_cell_and_its_settings() {
    let cells = grid(&["arms.relaxation.effect.rdq.half_life_weeks=4.50,inf", "analysis.multiplicity=holm"]);
    let evaluations = swept(&cells, 2);
    let rows: Vec<Value> =
        sweep_rows(&cells[1], &evaluations[1]).iter().map(|row| serde_json::to_value(row).unwrap()).collect();
    let keys: Vec<&String> = rows[0].as_object().unwrap().keys().collect();
    let first =
        ["cell", "scenario_hash", "arms.relaxation.effect.rdq.half_life_weeks", "analysis.multiplicity", "analysis"];
    assert_eq!(keys[..5], first);
    assert_eq!(rows[0]["cell"], 2);
    assert_eq!(rows[0]["scenario_hash"], cells[1].loaded.scenario.hash);
    assert_eq!(rows[0]["arms.relaxation.effect.rdq.half_life_weeks"], "inf");
    assert_eq!(rows[0]["analysis.multiplicity"], "holm");
    let other = serde_json::to_value(&sweep_rows(&cells[0], &evaluations[0])[0]).unwrap();
    assert_eq!(other["arms.relaxation.effect.rdq.half_life_weeks"], 4.5);
    // A whole table that is varied has a column beside that of the row's own `analysis`.
    let cells = grid(&["analysis={ model = \"ancova\" },{ model = \"t_test\" }"]);
    let rows = sweep_rows(&cells[1], &swept(&cells, 1)[1]);
    let row = serde_json::to_value(&rows[0]).unwrap();
    assert_eq!((&row["grid.analysis"]["model"], &row["analysis"]), (&Value::from("t_test"), &Value::from("main")));
}

#[test]
fn the_forecast_measures_the_ends_and_the_middle() {
    let cells = grid(&["arms.relaxation.sessions=2..10:1"]);
    let of = |cells: &[Cell], replicates| forecast(cells, Effort { replicates: Some(replicates), ..EFFORT }).unwrap();
    let many = of(&cells, 1_000_000);
    assert_eq!(many.measured.iter().map(|(position, _)| *position).collect::<Vec<_>>(), [0, 4, 8]);
    // A million replicates of 400 participants cannot be had in a second; a hundred times as many take longer still.
    assert!(many.time.as_secs_f64() > 1.0, "{many:?}");
    assert!(of(&cells, 100_000_000).time > many.time);
    assert_eq!(of(&cells[..1], 10).measured.len(), 1);
}

/// Every file below a folder with its bytes.
fn files(folder: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
    let mut all = BTreeMap::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            let below = files(&path).into_iter();
            all.extend(below.map(|(name, bytes)| (Path::new(path.file_name().unwrap()).join(name), bytes)));
        } else {
            all.insert(PathBuf::from(path.file_name().unwrap()), std::fs::read(&path).unwrap());
        }
    }
    all
}

#[test]
fn a_folder_holds_a_run_per_cell_and_is_continued() {
    let desk = Desk::new();
    let sweep = |n: u64, folder: &str| {
        let grids = "--grid arms.relaxation.sessions=5,10 --grid trial.block_size=3,6";
        desk.linger(&format!("sweep small-pilot {grids} --replicates {n} -o {folder} -q")).fine()
    };
    let table = sweep(700, "once/");
    let once = files(&desk.path("once"));
    // The table is that of a sweep that keeps nothing, and every cell's folder is that of its scenario evaluated alone.
    let grids = "--grid arms.relaxation.sessions=5,10 --grid trial.block_size=3,6";
    assert_eq!(table, desk.linger(&format!("sweep small-pilot {grids} --replicates 700 -q")).fine());
    desk.linger("evaluate once/cell-4/scenario.toml --replicates 700 -o alone/ -q").fine();
    assert_eq!(files(&desk.path("alone")), files(&desk.path("once/cell-4")));
    // Grown from fewer replicates, with one cell lost on the way, it is the same to the last byte.
    sweep(300, "grown/");
    std::fs::remove_dir_all(desk.path("grown/cell-2")).unwrap();
    assert_eq!(sweep(700, "grown/"), table);
    assert_eq!(files(&desk.path("grown")), once);
    // A run does not shrink, which is said before anything is done.
    let said = desk.linger(&format!("sweep small-pilot {grids} --replicates 600 -o once/"));
    assert_eq!((said.code, said.stdout.as_str()), (2, ""));
    assert!(said.stderr.contains("cell-1: holds 700 replicates, and 600 were asked for"), "{}", said.stderr);
    assert_eq!(files(&desk.path("once")), once);
}

const SWEEP: &str = "sweep small-pilot --grid arms.relaxation.sessions=5,10 --grid arms.*.effect.rdq.half_life_weeks=4,inf \
                     --replicates 100";

#[test]
fn the_command_shows_cells_as_rows() {
    let desk = Desk::new();
    assert_kept("sweep", &desk.linger(SWEEP).whole());
    let said = desk.linger(&format!(
        "{SWEEP} --week 52 --outcome bothersomeness --contrast 'structural - usual_care' --format md -q"
    ));
    assert_kept("sweep-md", &said.whole());
    for jobs in [1, 3] {
        assert_eq!(desk.linger(&format!("{SWEEP} -j {jobs}")).fine(), desk.linger(SWEEP).fine());
    }
}

#[test]
fn csv_and_json_have_everything() {
    let desk = Desk::new();
    let csv = desk.linger(&format!("{SWEEP} -q --format csv")).fine();
    let heading = "cell,scenario_hash,arms.relaxation.sessions,arms.*.effect.rdq.half_life_weeks,analysis,method,";
    assert!(csv.starts_with(heading), "{}", csv.lines().next().unwrap());
    assert_eq!(csv.matches("scenario_hash").count(), 1);
    let document: Value = serde_json::from_str(&desk.linger(&format!("{SWEEP} -q --format json")).fine()).unwrap();
    assert_eq!(document["schema"], "linger.sweep/1");
    let rows = document["results"].as_array().unwrap();
    assert_eq!(csv.lines().count(), rows.len() + 1);
    assert_eq!(document["cells"].as_array().unwrap().len(), 4);
    assert_eq!(document["cells"][3]["settings"]["arms.*.effect.rdq.half_life_weeks"], "inf");
    // One cell alone has the same numbers.
    let alone = "sweep small-pilot --grid arms.relaxation.sessions=10 -s arms.*.effect.rdq.half_life_weeks=inf --replicates 100";
    let alone: Value = serde_json::from_str(&desk.linger(&format!("{alone} -q --format json")).fine()).unwrap();
    let of_cell = |row: &&Value| row["cell"] == 4;
    let fourth: Vec<&Value> = rows.iter().filter(of_cell).collect();
    assert_eq!(fourth.len(), alone["results"].as_array().unwrap().len());
    for (own, alone) in fourth.iter().zip(alone["results"].as_array().unwrap()) {
        for key in ["scenario_hash", "measure", "contrast", "value", "mcse"] {
            assert_eq!(own[key], alone[key]);
        }
    }
}

#[test]
fn a_folder_keeps_every_cells_scenario_whatever_becomes_of_the_file() {
    let desk = Desk::new();
    let scenario = desk.linger("show small-pilot -q").fine();
    desk.write("trial.toml", &scenario);
    let command = "sweep trial.toml --grid arms.relaxation.sessions=5,10 --replicates 50";
    desk.linger(&format!("{command} -o runs/s1 -q")).fine();
    assert_eq!(desk.files("runs/s1"), ["cell-1", "cell-2", "cells.csv", "performance.csv"]);
    let table = desk.read("runs/s1/cells.csv");
    let performance = desk.read("runs/s1/performance.csv");
    // The file is edited: what the cells were still stands in the folder, under the hash that the table gives.
    desk.write(
        "trial.toml",
        &scenario
            .replace("arms.relaxation.sessions = 10", "arms.relaxation.sessions = 3")
            .replace("seed = ", "seed = 1"),
    );
    for (cell, line) in table.lines().skip(1).enumerate() {
        let own = format!("runs/s1/cell-{}/scenario.toml", cell + 1);
        let valid = desk.linger(&format!("validate {own}")).fine();
        let hash = line.split(',').nth(2).unwrap();
        assert!(valid.contains(&format!("scenario {hash}")), "{valid} for {line}");
    }
    // The same command on the edited file is another sweep, and leaves the folder as it is.
    let said = desk.linger(&format!("{command} -o runs/s1"));
    assert_eq!(said.code, 2);
    assert!(said.stderr.contains("runs/s1: holds another sweep"), "{}", said.stderr);
    assert_eq!((desk.read("runs/s1/cells.csv"), desk.read("runs/s1/performance.csv")), (table, performance));
    // On the file as it was, it may be run again.
    desk.write("trial.toml", &scenario);
    desk.linger(&format!("{command} -o runs/s1 -q")).fine();
}

#[test]
fn a_dry_run_says_what_it_would_take_and_writes_nothing() {
    let desk = Desk::new();
    let said = desk.linger(&format!("{SWEEP} -n -o runs/s1"));
    let first = said.stdout.lines().next().unwrap().to_owned();
    assert!(first.starts_with("4 cells · 400 replicates · about ") && first.contains("kB"), "{first}");
    assert!(said.stderr.contains("Nothing was run or written."), "{}", said.stderr);
    assert!(desk.files(".").is_empty(), "{:?}", desk.files("."));
    let json: Value =
        serde_json::from_str(&desk.linger(&format!("{SWEEP} --dry-run -q --format json")).fine()).unwrap();
    assert_eq!((json["dry_run"].as_bool(), json["replicates"].as_u64()), (Some(true), Some(400)));
    // What is written comes to about as much as was said: the manifests are not counted, and some numbers do get smaller.
    desk.linger(&format!("{SWEEP} -o runs/s1 -q")).fine();
    let written = files(&desk.path("runs/s1")).values().map(Vec::len).sum::<usize>() as f64;
    let said = json["estimated_bytes"].as_f64().unwrap();
    assert!((0.8..1.3).contains(&(said / written)), "{said} of {written}");
}

#[test]
fn the_command_refuses_what_it_cannot_show_or_do_before_it_runs() {
    let desk = Desk::new();
    let refused = |arguments: &str| {
        let said = desk.linger(&format!("sweep small-pilot {arguments}"));
        assert_eq!((said.code, said.stdout.as_str()), (2, ""), "{arguments}");
        said.stderr
    };
    let grid = "--grid arms.relaxation.sessions=5,10";
    for (arguments, message) in [
        ("", "--grid <KEY=A,B,C>"),
        (&format!("{grid} --zip") as &str, "--zip goes through two grids or more side by side; there is one"),
        (&format!("{grid} --outcome rqd"), "no cell has the outcome `rqd`; did you mean rdq?"),
        (&format!("{grid} --contrast 'relaxation - usual'"), "no cell has the contrast `relaxation - usual`"),
        (&format!("{grid} --week 11"), "no cell has a visit after baseline at week 11; visits are at weeks 10, 26, 52"),
        (&format!("{grid} -s arms.relaxation.sessions=4"), "arms.relaxation.sessions is varied here and set by"),
        ("--grid seed=1,2 --seed 3", "seed is varied here and set by seed=3"),
    ] {
        let said = refused(arguments);
        assert!(said.contains(message), "{arguments}: {said}");
    }
    assert_kept(
        "sweep-refused",
        &refused("--grid arms.relaxtion.sessions=5,10 --grid trial.block_size=3,4,5..7:2 --grid seed=1"),
    );
    assert_kept(
        "sweep-malformed",
        &refused("--grid arms.relaxation.sessions --grid trial.block_size=3,,6 --grid seed=5..1:1"),
    );
}

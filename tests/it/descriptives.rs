//! Descriptive summaries against those of another program, on the three synthetic trials.

use std::path::PathBuf;

use linger::dataset::{self, BaselineValues, Descriptive, Summary, baseline_table, descriptives};
use linger::scenario::{self, Source};
use linger::snapshot::verify::synthetic::DATA_SETS;
use linger::trial::TrialData;

use crate::{reference, trials};

fn stored(path: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/reference").join(path)
}

fn trial(name: &str) -> TrialData {
    let covariates =
        "[covariates.age]\n[covariates.sex]\nkind = \"factor\"\n[covariates.therapist]\nkind = \"factor\"\n";
    let columns = format!(
        "participant = \"id\"\n[arms.usual]\nreference = true\n[arms.relaxation]\n[arms.structural]\n\
         [outcomes.y]\ncolumns = {{ base = 0, y10 = 10, y26 = 26, y52 = 52 }}\n{}",
        if name == "trial_intermittent" { covariates } else { "" }
    );
    let columns = scenario::read_columns(Source::new("columns.toml", columns), &[])
        .unwrap_or_else(|problems| panic!("{problems}"));
    dataset::read(&stored(&format!("data/{name}.csv")), Some(&columns))
        .unwrap_or_else(|problems| panic!("{problems}"))
        .data
}

/// The numbers themselves are held against R's in `tests/it/reference/descriptive.rs`.
#[test]
fn files_are_described_as_their_trials_are_and_baselines_in_their_table_alike() {
    for name in DATA_SETS {
        let data = trial(name);
        let rows = descriptives(&data).unwrap();
        let of_trial = descriptives(&reference::data::trial(name)).unwrap();
        assert_eq!(rows.len(), 16);
        assert_eq!(values(&rows), values(&of_trial));
        let table = baseline_table(&data).unwrap();
        let BaselineValues::Numeric { by_arm, all } = &table.variables[0].values else { panic!("a score is a number") };
        for row in rows.iter().filter(|row| row.visit_week == 0.0) {
            let position = |arm: &String| table.arms.iter().position(|name| name == arm).unwrap();
            assert_eq!(row.arm.as_ref().map_or(all, |arm| &by_arm[position(arm)]), &row.value);
        }
    }
}

fn values(rows: &[Descriptive]) -> Vec<(Option<String>, f64, Summary)> {
    rows.iter().map(|row| (row.arm.clone(), row.visit_week, row.value.clone())).collect()
}

#[test]
fn factors_are_counted_over_participants_whose_level_is_known() {
    let mut data = trial("trial_intermittent");
    let table = baseline_table(&data).unwrap();
    let names: Vec<&str> = table.variables.iter().map(|variable| variable.name.as_str()).collect();
    assert_eq!(names, ["y", "age", "sex", "therapist"]);
    let BaselineValues::Factor { levels, missing, .. } = &table.variables[2].values else { panic!("sex is a factor") };
    assert_eq!((levels.len(), *missing), (2, 0));
    assert_eq!(levels.iter().map(|level| level.all.n).sum::<usize>(), 401);
    let text = std::fs::read_to_string(stored("data/trial_intermittent.csv")).unwrap();
    let women = text.lines().filter(|line| line.split(',').nth(3) == Some("f")).count();
    assert_eq!((levels[0].level.as_str(), levels[0].all.n), ("f", women));
    let linger::trial::CovariateValues::Factor { values, .. } = &mut data.covariates[1].values else {
        panic!("sex is a factor")
    };
    values[0] = None;
    let table = baseline_table(&data).unwrap();
    let BaselineValues::Factor { levels, missing, .. } = &table.variables[2].values else { panic!("sex is a factor") };
    assert_eq!(*missing, 1);
    assert!((levels.iter().filter_map(|level| level.all.percent).sum::<f64>() - 100.0).abs() < 1e-9);
}

#[test]
fn a_change_is_described_after_baseline_only() {
    let data = trial("trial_monotone");
    for row in descriptives(&data).unwrap() {
        assert_eq!(row.change.is_none(), row.visit_week == 0.0);
        if let Some(change) = row.change {
            assert_eq!(change.n, row.value.n, "every baseline was recorded");
        }
    }
}

#[test]
fn what_is_not_defined_is_none() {
    let mut data = trial("trial_complete");
    let (n, all) = (data.n_participants(), data.clone());
    for participant in 1..n {
        data.outcomes[0].set(participant, 3, None);
    }
    let last = descriptives(&data).unwrap().into_iter().rfind(|row| row.arm.is_none()).unwrap().value;
    assert_eq!((last.n, last.missing, last.sd), (1, n - 1, None));
    assert_eq!([last.mean, last.median, last.min, last.q75], [all.outcomes[0].value(0, 3); 4]);
    data.outcomes[0].set(0, 3, None);
    let last = descriptives(&data).unwrap().into_iter().rfind(|row| row.arm.is_none()).unwrap().value;
    assert_eq!(last, Summary { missing: n, ..Summary::default() });
}

#[test]
fn outcomes_in_words_are_counted_by_level() {
    let rows = descriptives(&trials::all_kinds()).unwrap();
    let at = |outcome: &str, arm: Option<&str>, week: f64| {
        let found = |row: &&Descriptive| row.outcome == outcome && row.arm.as_deref() == arm && row.visit_week == week;
        rows.iter().find(found)
    };
    let counts =
        |row: &Descriptive| row.levels.iter().map(|level| (level.level.clone(), level.count.n)).collect::<Vec<_>>();
    let named = |counts: &[(&str, usize)]| counts.iter().map(|&(level, n)| (level.to_owned(), n)).collect::<Vec<_>>();
    // Two of the three at baseline, one of the three at week 10; in the second arm one was not seen.
    assert_eq!(counts(at("drug", Some("arm_1"), 0.0).unwrap()), named(&[("no", 1), ("yes", 2)]));
    assert_eq!(counts(at("drug", Some("arm_1"), 10.0).unwrap()), named(&[("no", 2), ("yes", 1)]));
    let second = at("drug", Some("arm_2"), 10.0).unwrap();
    assert_eq!((second.value.n, second.value.missing, second.levels[1].count.percent), (2, 1, Some(100.0)));
    assert_eq!(at("drug", None, 10.0).unwrap().value.mean, Some(0.6));
    let change = at("change", None, 10.0).unwrap();
    assert_eq!(counts(change), named(&[("much better", 1), ("better", 1), ("same", 2), ("worse", 1)]));
    assert_eq!(change.levels[2].count.percent, Some(40.0));
    // Not recorded at baseline: nothing is said of it there, and of no change.
    assert!(at("change", None, 0.0).is_none() && change.change.is_none());
    let absent = at("absent", Some("arm_1"), 10.0).unwrap();
    assert!(absent.levels.is_empty() && absent.value.median == Some(1.0) && absent.change.is_some());
    let json = serde_json::to_value(second).unwrap();
    assert_eq!(json["levels"][1], serde_json::json!({ "level": "yes", "n": 2, "percent": 100.0 }));
    assert!(serde_json::to_value(absent).unwrap().get("levels").is_none());
}

#[test]
fn the_baseline_table_has_what_was_recorded_at_baseline() {
    let table = baseline_table(&trials::all_kinds()).unwrap();
    let names: Vec<&str> = table.variables.iter().map(|variable| variable.name.as_str()).collect();
    assert_eq!(names, ["score", "drug", "absent"]);
    let BaselineValues::Factor { levels, missing, .. } = &table.variables[1].values else { panic!("yes or no") };
    let by_arm: Vec<Vec<usize>> =
        levels.iter().map(|level| level.by_arm.iter().map(|count| count.n).collect()).collect();
    assert_eq!((by_arm, *missing), (vec![vec![1, 1], vec![2, 2]], 0));
    let BaselineValues::Numeric { all, .. } = &table.variables[2].values else { panic!("a number of days") };
    assert_eq!((all.mean, all.median), (Some(4.0), Some(3.5)));
}

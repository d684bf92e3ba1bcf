//! A trial that is written is read back as it was, in both sets of names and both formats, and always with the same bytes.

use std::path::Path;
use std::sync::Arc;

use linger::dataset::{self, Names, columns_of, dictionary, to_csv_string};
use linger::scenario::resolve_columns;
use linger::trial::{
    Arm, Covariate, CovariateValues, Direction, Layout, Outcome, OutcomeData, OutcomeKind, TrialData, Visit,
};
use proptest::prelude::*;

use crate::trials;

fn arm(name: &str, label: &str, reference: bool) -> Arm {
    Arm { name: name.to_owned(), label: label.to_owned(), reference, sessions: Vec::new() }
}

fn outcome(name: &str, better: Direction) -> Outcome {
    Outcome {
        name: name.to_owned(),
        label: format!("Label of {name}"),
        range: Some([-5.0, 23.0]),
        step: Some(0.5),
        better: Some(better),
        meaningful: Some(2.0),
        meaningful_source: Some("a source, with a comma".to_owned()),
        ..Outcome::default()
    }
}

/// Three arms, the reference in the middle, two outcomes, visits at 0, 6.5 and 26 weeks; `pick` decides every value.
fn trial(n: usize, identifiers: Option<Vec<String>>, mut pick: impl FnMut(usize) -> Option<f64>) -> TrialData {
    let layout = Layout {
        arms: vec![
            arm("relaxation", "Relaxation", false),
            arm("usual_care", "Usual care", true),
            arm("other", "other", false),
        ],
        visits: [0.0, 6.5, 26.0].map(|week| Visit { week }).to_vec(),
        outcomes: vec![outcome("rdq", Direction::Lower), outcome("function", Direction::Higher)],
    };
    let mut outcomes = vec![OutcomeData::empty(n, 3); 2];
    let mut draw = 0;
    for values in &mut outcomes {
        for participant in 0..n {
            for visit in 0..3 {
                values.set(participant, visit, pick(draw));
                draw += 1;
            }
        }
    }
    let levels = ["f", "m", "NA"].map(str::to_owned).to_vec();
    let covariates = vec![
        Covariate {
            name: "age".to_owned(),
            values: CovariateValues::Numeric((0..n).map(|i| (i % 5 > 0).then_some(40.0 + i as f64 / 3.0)).collect()),
        },
        Covariate {
            name: "sex".to_owned(),
            values: CovariateValues::Factor {
                levels,
                values: (0..n).map(|i| (i % 4 > 0).then_some((i % 3) as u32)).collect(),
            },
        },
    ];
    TrialData {
        layout: Arc::new(layout),
        identifiers,
        arm: (0..n).map(|i| (i % 3) as u8).collect(),
        outcomes,
        covariates,
        screened: None,
        conduct: None,
    }
}

fn through(path: &Path, data: &TrialData, names: Names) -> TrialData {
    dataset::write(path, data, names).unwrap();
    let columns = resolve_columns(&columns_of(data)).unwrap_or_else(|problems| panic!("{problems:?}"));
    dataset::read(path, Some(&columns)).unwrap_or_else(|problems| panic!("{problems}")).data
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(40))]

    #[test]
    fn what_is_written_is_read_back_the_same(
        values in prop::collection::vec(prop::option::weighted(0.9, -5.0..23.0_f64), 12 * 6),
        named in any::<bool>(),
    ) {
        let identifiers = named.then(|| (0..12).map(|i| format!("p \"{i}\", {}", i * 7 % 5)).collect());
        let data = trial(12, identifiers, |draw| values[draw]);
        let folder = tempfile::tempdir().unwrap();
        for names in Names::ALL {
            for file in ["trial.csv", "trial.parquet"] {
                prop_assert_eq!(&through(&folder.path().join(file), &data, names), &data);
            }
        }
    }
}

#[test]
fn the_mapping_of_a_written_table_can_be_kept_as_toml() {
    let data = trial(6, None, |draw| Some(draw as f64 % 10.0));
    let written = columns_of(&data);
    let text = toml::to_string(&written).unwrap();
    assert_eq!(toml::from_str::<linger::scenario::WrittenColumns>(&text).unwrap(), written, "{text}");
}

#[test]
fn tidy_and_adam_tables_look_as_promised() {
    let mut data = trial(3, None, |draw| Some((draw % 7) as f64));
    data.outcomes[0].set(0, 1, None);
    data.covariates.clear();
    let tidy = to_csv_string(&data, Names::Tidy).unwrap();
    let mut lines = tidy.lines();
    assert_eq!(lines.next(), Some("participant,arm,outcome,visit_week,value,baseline,change"));
    assert_eq!(lines.next(), Some("1,relaxation,rdq,0,0,0,0"));
    assert_eq!(lines.next(), Some("1,relaxation,rdq,6.5,,0,"));
    assert_eq!(tidy.lines().count(), 1 + 3 * 2 * 3);
    let adam = to_csv_string(&data, Names::Adam).unwrap();
    let mut lines = adam.lines();
    assert_eq!(lines.next(), Some("USUBJID,TRT01P,PARAMCD,AVISIT,AVISITN,AVAL,BASE,CHG,ANL01FL"));
    assert_eq!(lines.next(), Some("1,relaxation,rdq,Baseline,0,0,0,0,Y"));
    assert_eq!(lines.next(), Some("1,relaxation,rdq,Week 6.5,6.5,,0,,"));
}

#[test]
fn the_same_data_give_the_same_bytes() {
    let data = trial(300, None, |draw| (draw % 11 > 0).then_some((draw % 23) as f64));
    let folder = tempfile::tempdir().unwrap();
    for file in ["trial.csv", "trial.parquet"] {
        let path = folder.path().join(file);
        let bytes: Vec<Vec<u8>> = (0..5)
            .map(|_| {
                dataset::write(&path, &data, Names::Tidy).unwrap();
                std::fs::read(&path).unwrap()
            })
            .collect();
        assert!(bytes.windows(2).all(|pair| pair[0] == pair[1]), "{file}");
    }
    let left: Vec<_> = std::fs::read_dir(folder.path()).unwrap().collect();
    assert_eq!(left.len(), 2, "nothing else is left in the folder: {left:?}");
}

#[test]
fn what_cannot_be_written_leaves_the_old_file_alone() {
    let folder = tempfile::tempdir().unwrap();
    let mut data = trial(3, None, |_| Some(1.0));
    let error = dataset::write(&folder.path().join("trial.xlsx"), &data, Names::Tidy).unwrap_err();
    assert!(error.to_string().ends_with("the name must end in .csv or .parquet"), "{error}");
    assert!(dataset::write(&folder.path().join("no/such/folder/trial.csv"), &data, Names::Tidy).is_err());
    let path = folder.path().join("trial.csv");
    std::fs::write(&path, "old").unwrap();
    data.covariates[0].name = "value".to_owned();
    let error = dataset::write(&path, &data, Names::Tidy).unwrap_err();
    assert!(error.to_string().contains("value"), "{error}");
    assert_eq!(std::fs::read_to_string(&path).unwrap(), "old");
}

#[test]
fn the_dictionary_names_every_column_that_is_written() {
    let data = trial(3, None, |_| Some(1.0));
    for names in Names::ALL {
        let dictionary = dictionary(&data, names);
        let header = to_csv_string(&data, names).unwrap();
        let columns: Vec<&str> = dictionary.columns.iter().map(|column| column.name.as_str()).collect();
        assert_eq!(header.lines().next(), Some(columns.join(",").as_str()));
        let markdown = dictionary.to_markdown();
        assert!(columns.iter().all(|column| markdown.contains(&format!("| `{column}` |"))), "{markdown}");
        assert!(markdown.contains("rdq: -5 to 23 in steps of 0.5"), "{markdown}");
        let json: serde_json::Value = serde_json::from_str(&dictionary.to_json()).unwrap();
        assert_eq!(json["columns"].as_array().unwrap().len(), columns.len());
    }
}

/// The hand-made trial with a covariate.
fn conducted() -> TrialData {
    let mut data = trials::conducted();
    let levels = ["1", "2"].map(str::to_owned).to_vec();
    let values = vec![Some(0), Some(1), Some(1), Some(0), None, None, None];
    data.covariates =
        vec![Covariate { name: "therapist".to_owned(), values: CovariateValues::Factor { levels, values } }];
    data
}

#[test]
fn participants_are_written_with_all_that_is_known_of_them() {
    let text = "\
participant,arm,therapist,sessions_attended,sessions_stopped_week,adverse_events_mild,adverse_events_severe,rescue_week,end_of_study,reason
1,arm_1,1,3,,2,0,,completed,
2,arm_1,2,2,8,0,0,4,discontinued,no time
3,arm_1,2,0,4,0,0,,discontinued,moved away
4,arm_1,1,3,,1,1,8,completed,
5,arm_2,,,,0,0,4,completed,
6,arm_2,,,,0,0,,discontinued,
7,arm_2,,,,0,0,,discontinued,no time
";
    let data = conducted();
    assert_eq!(dataset::subjects_to_csv_string(&data, Names::Tidy).unwrap(), text);
    let adam = dataset::subjects_to_csv_string(&data, Names::Adam).unwrap();
    let lines: Vec<&str> = adam.lines().collect();
    assert!(lines[0].starts_with("USUBJID,TRT01P,therapist,sessions_attended,"), "{adam}");
    assert!(lines[0].ends_with(",rescue_week,EOSSTT,DCSREAS"), "{adam}");
    assert!(lines[1].ends_with(",COMPLETED,") && lines[2].ends_with(",DISCONTINUED,no time"), "{adam}");
    let folder = tempfile::tempdir().unwrap();
    dataset::write_subjects(&folder.path().join("subjects.csv"), &data, Names::Tidy).unwrap();
    assert_eq!(std::fs::read_to_string(folder.path().join("subjects.csv")).unwrap(), text);
    dataset::write_subjects(&folder.path().join("subjects.parquet"), &data, Names::Tidy).unwrap();
    assert!(std::fs::read(folder.path().join("subjects.parquet")).unwrap().starts_with(b"PAR1"));
}

#[test]
fn without_conduct_participants_have_an_arm_covariates_and_an_end() {
    let mut data = conducted();
    data.conduct = None;
    let text = dataset::subjects_to_csv_string(&data, Names::Tidy).unwrap();
    assert_eq!(text.lines().next(), Some("participant,arm,therapist,end_of_study"));
    assert_eq!(text.lines().nth(2), Some("2,arm_1,2,discontinued"));
}

#[test]
fn a_heading_that_is_taken_is_refused_by_name() {
    let mut data = conducted();
    data.covariates[0].name = "rescue_week".to_owned();
    let error = dataset::subjects_to_csv_string(&data, Names::Tidy).unwrap_err().to_string();
    assert!(error.contains("rescue_week"), "{error}");
}

#[test]
fn the_long_table_says_nothing_of_conduct_and_reads_back() {
    let data = conducted();
    let csv = to_csv_string(&data, Names::Tidy).unwrap();
    assert_eq!(csv.lines().next(), Some("participant,arm,outcome,visit_week,value,baseline,change,therapist"));
    let folder = tempfile::tempdir().unwrap();
    for (names, file) in [(Names::Tidy, "trial.csv"), (Names::Adam, "trial.parquet")] {
        let mut back = through(&folder.path().join(file), &data, names);
        assert_eq!(back.conduct, None);
        // What a table of recorded values cannot say.
        back.layout = Arc::clone(&data.layout);
        (back.screened, back.conduct) = (data.screened, data.conduct.clone());
        assert_eq!(back, data);
    }
    // Columns of another table that were added by hand are left aside, in a note.
    let joined: Vec<String> =
        csv.lines().enumerate().map(|(i, line)| format!("{line},{}", if i == 0 { "reason" } else { "x" })).collect();
    std::fs::write(folder.path().join("joined.csv"), joined.join("\n")).unwrap();
    let columns = resolve_columns(&columns_of(&data)).unwrap();
    let intake = dataset::read(&folder.path().join("joined.csv"), Some(&columns)).unwrap();
    assert!(intake.notes.iter().any(|note| note.contains("`reason`")), "{:?}", intake.notes);
    assert_eq!(intake.data.outcomes, data.outcomes);
}

#[test]
fn outcomes_of_every_kind_read_back_with_their_numbers_and_kinds() {
    let data = trials::all_kinds();
    let csv = to_csv_string(&data, Names::Tidy).unwrap();
    // The rating of change has no row at baseline.
    let of_change: Vec<&str> = csv.lines().filter(|line| line.starts_with("2,") && line.contains(",change,")).collect();
    assert_eq!(of_change, ["2,arm_1,change,10,2,,"]);
    let folder = tempfile::tempdir().unwrap();
    for names in Names::ALL {
        for file in ["trial.csv", "trial.parquet"] {
            let back = through(&folder.path().join(file), &data, names);
            assert_eq!((&back.outcomes, &back.arm), (&data.outcomes, &data.arm));
            let kinds = |layout: &Layout| -> Vec<OutcomeKind> {
                layout.outcomes.iter().map(|outcome| outcome.kind.clone()).collect()
            };
            assert_eq!(kinds(&back.layout), kinds(&data.layout));
        }
    }
}

#[test]
fn the_dictionary_describes_every_kind_and_the_table_of_participants() {
    let mut data = trials::all_kinds();
    let without = dictionary(&data, Names::Tidy);
    assert_eq!(without.subjects, None);
    assert!(!without.to_markdown().contains("## Participants") && !without.to_json().contains("subjects"));
    let units: Vec<Option<&str>> = without.columns.iter().map(|column| column.unit.as_deref()).collect();
    let weeks = Some("weeks since randomisation");
    let own = Some("that of the outcome");
    assert_eq!(units, [None, None, None, weeks, own, own, own]);
    let markdown = without.to_markdown();
    for said in [
        "score: 0 to 23 in steps of 1; drug: 0 (no), 1 (yes); absent: 0 to 28 in steps of 1; \
         change: 1 (much better), 2 (better), 3 (same), 4 (worse) |",
        "absent: 0 to 28 in steps of 1 |",
        "| `score` | Score | score | points | 0 to 23 | 1 | lower |  |",
        "| `drug` | Takes medication | binary |  | 0 to 1 | 1 | lower |  |",
        "| `absent` | Days off work | count | days | 0 to 28 | 1 | lower |  |",
        "| `change` | Global change | ordinal, not recorded at baseline |  | 1 to 4 | 1 | lower |  |",
    ] {
        assert!(markdown.contains(said), "{said} in {markdown}");
    }
    let json: serde_json::Value = serde_json::from_str(&without.to_json()).unwrap();
    assert_eq!(json["outcomes"][3]["levels"][1], serde_json::json!({ "value": 2.0, "label": "better" }));
    assert_eq!(json["outcomes"][3]["at_baseline"], false);

    data = conducted();
    for names in Names::ALL {
        let dictionary = dictionary(&data, names);
        let subjects = dictionary.subjects.as_ref().unwrap();
        let columns: Vec<&str> = subjects.columns.iter().map(|column| column.name.as_str()).collect();
        let header = dataset::subjects_to_csv_string(&data, names).unwrap();
        assert_eq!(header.lines().next(), Some(columns.join(",").as_str()));
        let markdown = dictionary.to_markdown();
        assert!(columns.iter().all(|column| markdown.contains(&format!("| `{column}` |"))), "{markdown}");
        assert!(markdown.contains("| Rescue medication: first visit by which it had happened; empty if it did not |"));
        assert!(markdown.contains("| moved away, no time |"), "{markdown}");
        // All its outcomes are in points.
        assert_eq!(dictionary.columns.iter().filter(|column| column.unit.as_deref() == Some("points")).count(), 3);
    }
}

#[test]
fn a_trial_with_outcomes_of_every_kind_is_analysed_alike_from_its_files() {
    let desk = super::program::Desk::new();
    let rows = desk.linger("trial chronic-low-back-pain -q --format csv").fine();
    desk.linger("trial chronic-low-back-pain -q -o out/").fine();
    let file = "out/participants.parquet --columns out/columns.toml";
    assert_eq!(desk.linger(&format!("analyse {file} -q --format csv")).fine(), rows);
    // A model of one kind of outcome finds its own.
    for (model, outcome) in [("risk_difference", "medication_use"), ("negative_binomial", "days_restricted")] {
        desk.write("plan.toml", &format!("model = \"{model}\"\n"));
        let own = desk.linger(&format!("analyse {file} --plan plan.toml -q --format csv")).fine();
        assert!(own.lines().skip(1).any(|row| row.contains(&format!(",{outcome},"))), "{model}: {own}");
        assert!(!own.contains(",rdq,"), "{model}: {own}");
    }
}

//! Calibration: the shipped targets give the built-in scenario, starts do not matter, every refusal has a code and names.

use std::path::Path;

use linger::cohort::{Generator, mean_course};
use linger::numeric::moments::Moments;
use linger::operating_characteristics::{Calibration, calibrate};
use linger::scenario::{
    Adjustable, Override, Problem, Problems, PublishedTrial, SchemaFor, Source, Targets, read, read_targets, schema,
};
use serde_json::Value;

use super::every_section::EVERYTHING;
use super::program::{Desk, assert_kept};

const SHIPPED: &str = include_str!("../../data/cherkin-2011/targets.toml");

/// Levels, spread and share still seen besides a contrast; the base has all four settings with other values.
const OF_ALL_KINDS: &str = r#"
base = "plain"
free = [
  "arms.relaxation.effect.rdq.value",
  { key = "outcomes.rdq.natural_course.improves", at_least = 0, at_most = 8 },
  "outcomes.rdq.follow_up.sd",
  "outcomes.rdq.baseline.mean",
  "dropout.every_arm[0]",
]

[[target]]
contrast = "relaxation - usual_care"
outcome = "rdq"
week = 10
value = -2.2

[[target]]
mean = "usual_care"
outcome = "rdq"
week = 52
value = 8

[[target]]
sd = "usual_care"
outcome = "rdq"
week = 10
value = 4.8

[[target]]
mean = "structural"
outcome = "rdq"
week = 0
value = 11

[[target]]
retention = "relaxation"
week = 10
value = 0.935
"#;

/// The shipped targets for the scenario that is told plainly, in which everybody attends every session.
fn plain() -> String {
    SHIPPED.replace("\"chronic-low-back-pain\"", "\"plain\"")
}

fn targets(text: &str, overrides: &[&str]) -> Result<Targets, Problems> {
    let overrides: Vec<Override> = overrides.iter().map(|&argument| Override::new(argument)).collect();
    read_targets(Source::new("targets.toml", text), Path::new("data/cherkin-2011"), &overrides)
}

fn calibrated(text: &str, overrides: &[&str]) -> Calibration {
    let targets = targets(text, overrides).unwrap_or_else(|problems| panic!("{problems}"));
    calibrate(&targets).unwrap_or_else(|problems| panic!("{problems}"))
}

fn refused(text: &str, overrides: &[&str]) -> Vec<Problem> {
    let problems = targets(text, overrides).and_then(|targets| calibrate(&targets)).expect_err("it must be refused");
    problems.iter().cloned().collect()
}

#[test]
fn the_shipped_targets_are_the_published_contrasts_and_nothing_else() {
    let targets = targets(SHIPPED, &[]).unwrap_or_else(|problems| panic!("{problems}"));
    let layout = targets.base.load().unwrap_or_else(|problems| panic!("{problems}")).scenario.design.layout;
    let found: Vec<(String, f64)> = targets.targets.iter().map(|target| (target.name(&layout), target.value)).collect();
    let published = PublishedTrial::named("cherkin-2011").unwrap().contrasts();
    let expected: Vec<(String, f64)> = published
        .iter()
        .map(|row| (format!("{}, {}, week {}", row.contrast, row.outcome, row.visit_week), row.estimate))
        .collect();
    assert_eq!(found, expected);
    assert!(targets.targets.iter().all(|target| target.source.is_some()));
}

#[test]
fn the_built_in_scenario_is_what_the_shipped_targets_give() {
    let calibration = calibrated(SHIPPED, &[]);
    assert_eq!(calibration.settings.len(), 4);
    for setting in &calibration.settings {
        assert!(setting.key.ends_with(".value") && (setting.value - setting.start).abs() <= 0.005, "{setting:?}");
    }
    for target in &calibration.targets {
        assert!((target.reached - target.target).abs() <= 0.001, "{target:?}");
    }
    // The built-in scenario, as it is, meets them too.
    let built_in = targets(SHIPPED, &[]).and_then(|targets| targets.base.load()).unwrap_or_else(|e| panic!("{e}"));
    for (outcome, arm, published) in [(0, 0, -2.9), (0, 1, -2.5), (1, 0, -1.7), (1, 1, -1.4)] {
        let mean = |arm| mean_course(&built_in.scenario, outcome, arm, &[10.0]).scores[0];
        let contrast = mean(arm) - mean(2);
        assert!((contrast - published).abs() <= 0.005, "outcome {outcome}, arm {arm}: {contrast}");
    }
}

#[test]
fn three_starts_give_the_same_settings() {
    let everywhere = |value: &str| format!("arms.*.effect.*.value={value}");
    let values = |overrides: &[&str]| -> Vec<f64> {
        calibrated(SHIPPED, overrides).settings.iter().map(|setting| setting.value).collect()
    };
    let first = values(&[]);
    for start in ["0", "-8", "3.5"] {
        let other = values(&[&everywhere(start)]);
        for (a, b) in first.iter().zip(&other) {
            // Six digits of a number below ten: the last may be rounded the other way.
            assert!((a - b).abs() < 1.5e-5, "from {start}: {other:?} against {first:?}");
        }
    }
}

#[test]
fn a_changed_target_is_met_after_running_again_and_moves_its_own_setting_only() {
    let (before, after) = (calibrated(SHIPPED, &[]), calibrated(&SHIPPED.replace("-2.5", "-1.3"), &[]));
    assert!((after.targets[1].reached + 1.3).abs() < 0.001);
    assert!((before.settings[1].value - after.settings[1].value).abs() > 1.0);
    for other in [0, 2, 3] {
        assert!((before.settings[other].value - after.settings[other].value).abs() < 1.5e-5);
        assert!((before.targets[other].reached - after.targets[other].reached).abs() < 2e-5);
    }
}

#[test]
fn levels_spread_and_retention_are_met_also_in_simulated_cohorts() {
    let calibration = calibrated(OF_ALL_KINDS, &[]);
    for target in &calibration.targets {
        assert!((target.reached - target.target).abs() <= target.tolerance, "{target:?}");
    }
    let again = calibrated(
        OF_ALL_KINDS,
        &["outcomes.rdq.natural_course.improves=0.5", "outcomes.rdq.follow_up.sd=9", "outcomes.rdq.baseline.mean=6"],
    );
    for (a, b) in calibration.settings.iter().zip(&again.settings) {
        assert!((a.value - b.value).abs() < 1e-4, "{a:?} against {b:?}");
    }
    let loaded = read(Source::new("trial.toml", calibration.text), &[]).unwrap_or_else(|e| panic!("{e}"));
    let generator = Generator::new(&loaded.scenario);
    let mut workspace = generator.workspace();
    // Usual care at weeks 10 and 52, structural at baseline, relaxation at week 10.
    let cells = [(2, 1), (2, 3), (1, 0), (0, 1)];
    let mut moments = [Moments::default(); 4];
    let mut n_seen = 0;
    let n_replicates = 600;
    for replicate in 0..n_replicates {
        let trial = generator.draw(replicate, &mut workspace);
        for i in 0..trial.n_participants() {
            for (moments, (arm, visit)) in moments.iter_mut().zip(cells) {
                if let Some(value) = trial.outcomes[0].value(i, visit).filter(|_| usize::from(trial.arm[i]) == arm) {
                    moments.push(value);
                }
            }
            n_seen += u32::from(trial.arm[i] == 0 && trial.outcomes[0].value(i, 1).is_some());
        }
    }
    let mean = |cell: usize| moments[cell].mean().unwrap();
    let error = |cell: usize| moments[cell].std_error().unwrap();
    assert!((mean(1) - 8.0).abs() < 4.0 * error(1) && (mean(2) - 11.0).abs() < 4.0 * error(2));
    assert!((mean(3) - mean(0) + 2.2).abs() < 4.0 * error(0).hypot(error(3)));
    assert!((moments[0].variance().unwrap().sqrt() / 4.8 - 1.0).abs() < 0.012);
    let share = f64::from(n_seen) / (136.0 * n_replicates as f64);
    assert!((share - 0.935).abs() < 4.0 * (0.935 * 0.065 / (136.0 * n_replicates as f64)).sqrt(), "{share}");
}

#[test]
fn only_the_values_of_free_settings_change_in_the_text() {
    let calibration = calibrated(SHIPPED, &[]);
    let base = targets(SHIPPED, &[]).and_then(|targets| targets.base.text()).unwrap_or_else(|e| panic!("{e}"));
    assert_eq!(base, linger::scenario::built_in("chronic-low-back-pain").unwrap().text());
    let changed: Vec<&str> =
        calibration.text.lines().zip(base.lines()).filter(|(a, b)| a != b).map(|(line, _)| line).collect();
    assert_eq!((calibration.text.lines().count(), changed.len()), (base.lines().count(), 4), "{changed:?}");
    assert!(changed.iter().all(|line| line.starts_with("effect.") && line.contains("assumption")), "{changed:?}");
}

#[test]
fn overrides_of_the_base_stand_in_the_written_text() {
    let overrides = [
        "seed=5",
        "story=Another one.",
        "trial.visits_weeks=[0,10,20,60]",
        "arms.relaxation.sessions=12",
        "arms.relaxation.boosters.sessions=3",
        "arms.structural.effect.rdq.lasting_share=0.25",
        "arms.usual_care.every_weeks=2",
        "outcomes.rdq.correlation={ar1=0.5}",
        "dropout.by_arm={ usual_care = [0.1, 0.2, 0.3] }",
        "trial.block_size=12",
        "simulation={ replicates = 70 }",
    ];
    let calibration = calibrated(SHIPPED, &overrides);
    let again = read(Source::new("trial.toml", calibration.text.clone()), &[]).unwrap_or_else(|e| panic!("{e}"));
    assert_eq!(again.scenario, calibration.loaded.scenario, "{}", calibration.text);
    assert_eq!((again.scenario.simulation.seed, again.scenario.design.block_size), (5, 12));
    assert!(calibration.text.contains("# chosen on a bad day"));
}

#[test]
fn what_the_targets_do_not_determine_is_named_as_an_assumption() {
    let keys =
        |text: &str| -> Vec<String> { calibrated(text, &[]).assumptions.into_iter().map(|(key, _)| key).collect() };
    let shipped = keys(SHIPPED);
    for key in ["outcomes.rdq.baseline.mean", "arms.relaxation.effect.rdq.half_life_weeks", "dropout.every_arm"] {
        assert!(shipped.iter().any(|known| known == key), "{key} is missing in {shipped:?}");
    }
    let free = ["relaxation", "structural"]
        .map(|arm| ["rdq", "bothersomeness"].map(|outcome| format!("arms.{arm}.effect.{outcome}.value")));
    let is_free = |key: &String| free.as_flattened().contains(key);
    assert!(shipped.iter().all(|key| !is_free(key) && !key.ends_with("at_week") && !key.starts_with("trial")));
    let other = keys(OF_ALL_KINDS);
    assert!(!other.iter().any(|key| key == "dropout.every_arm" || key == "dropout.every_arm[0]"));
    assert!(other.iter().any(|key| key == "dropout.every_arm[1]"));
}

/// One mistake: what is replaced by what, the code, and words that must be said.
fn assert_refused(text: &str, right: &str, wrong: &str, code: &str, says: &[&str]) {
    assert!(text.contains(right), "{right} is not there to be replaced");
    let problems = refused(&text.replacen(right, wrong, 1), &[]);
    let said: Vec<String> = problems.iter().map(ToString::to_string).collect();
    assert!(problems.iter().any(|problem| problem.code == code), "{wrong}: {said:?}");
    assert!(says.iter().all(|words| said.concat().contains(words)), "{wrong}: {said:?}");
    assert!(problems.iter().all(|problem| problem.help.is_some() || problem.label.is_some()), "{said:?}");
}

#[test]
fn misspelt_names_are_refused_with_the_nearest() {
    let refuse = |right, wrong, code, says| assert_refused(SHIPPED, right, wrong, code, says);
    refuse(
        "structural.effect.rdq",
        "structual.effect.rdq",
        "L081",
        &["did you mean `arms.structural.effect.rdq.value`"],
    );
    refuse("relaxation - usual_care\"", "relaxtion - usual_care\"", "L020", &["did you mean `relaxation`"]);
    refuse("outcome = \"rdq\"", "outcome = \"rqd\"", "L020", &["an outcome of this name", "did you mean `rdq`"]);
    refuse("outcome = \"rdq\"", "outcom = \"rdq\"", "L012", &["did you mean `outcome`"]);
    refuse("base = \"chronic-low-back-pain\"", "base = \"chronic-low-back-pan\"", "L020", &["`chronic-low-back-pain`"]);
    refuse("base = \"chronic-low-back-pain\"", "", "L010", &["`base` is missing"]);
    refuse("relaxation - usual_care\"", "relaxation-usual_care\"", "L060", &["relaxation - usual_care"]);
    assert_refused(OF_ALL_KINDS, "mean = \"usual_care\"", "mean = \"usual\"", "L020", &["did you mean `usual_care`"]);
    assert_refused(OF_ALL_KINDS, "at_most = 8", "at_mos = 8", "L012", &["did you mean `at_most`"]);
}

#[test]
fn targets_and_free_settings_that_cannot_be_are_refused() {
    let refuse = |right, wrong, code, says| assert_refused(OF_ALL_KINDS, right, wrong, code, says);
    refuse("mean = \"usual_care\"", "", "L080", &["does not say what it is of"]);
    refuse("sd = \"usual_care\"", "sd = \"usual_care\"\nmean = \"usual_care\"", "L080", &["not both"]);
    refuse("value = 0.935", "value = 93.5", "L080", &["93.5 % is written 0.935"]);
    refuse("value = 4.8", "value = -4.8", "L080", &["a standard deviation is above 0"]);
    refuse("week = 52", "week = 53", "L080", &["week 53 is not between"]);
    refuse(
        "retention = \"relaxation\"\nweek = 10",
        "retention = \"relaxation\"\nweek = 11",
        "L080",
        &["no visit at week 11"],
    );
    refuse("value = -2.2", "value = -2.2\ntolerance = 0", "L080", &["`tolerance` must be above 0"]);
    refuse("at_least = 0", "at_least = 4", "L081", &["starts at 3.2, outside its bounds 4 to 8"]);
    refuse("at_least = 0", "at_least = 9", "L081", &["no room"]);
    refuse("dropout.every_arm[0]", "dropout.every_arm", "L081", &["did you mean `dropout.every_arm[0]`"]);
    refuse("dropout.every_arm[0]", "trial.visits_weeks[1]", "L081", &["trial.visits_weeks[1]"]);
    refuse("dropout.every_arm[0]", "outcomes.rdq.baseline.mean", "L062", &["is listed twice"]);
    refuse("value = -2.2", "", "L010", &["`value` is missing"]);
}

/// Targets of the scenario with everything, which stands in a folder of its own.
fn targets_of_everything(free: &str, target: &str, overrides: &[&str]) -> Result<Targets, Problems> {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("base.toml"), EVERYTHING).unwrap();
    let text = format!("base = \"base.toml\"\nfree = [{free}]\n[[target]]\n{target}\n");
    let overrides: Vec<Override> = overrides.iter().map(|&argument| Override::new(argument)).collect();
    read_targets(Source::new("targets.toml", text), folder.path(), &overrides)
}

#[test]
fn every_section_of_the_truth_has_numbers_that_can_be_free_within_what_they_can_be() {
    let mean = "mean = \"relaxation\"\noutcome = \"rdq\"\nweek = 10\nvalue = 8";
    for (key, bounds) in [
        ("outcomes.rdq.natural_course.sd", [0.0, f64::INFINITY]),
        ("outcomes.rdq.follow_up.sd_by_visit[1]", [1e-6, f64::INFINITY]),
        ("outcomes.days.baseline.mean", [f64::NEG_INFINITY, f64::INFINITY]),
        ("outcomes.absence.baseline.share", [1e-6, 1.0 - 1e-6]),
        ("between_outcomes.exchangeable", [1e-6 - 1.0, 1.0 - 1e-6]),
        ("arms.relaxation.attendance.keeps", [1e-6, 1.0]),
        ("arms.relaxation.attendance.sd", [0.0, 0.5]),
        ("arms.relaxation.attendance.stops", [0.0, 1.0 - 1e-6]),
        ("arms.relaxation.adverse_events.serious", [0.0, 1.0]),
        ("arms.relaxation.effect.rdq.ceiling", [1e-6, f64::INFINITY]),
        ("arms.relaxation.effect.rdq.spread", [0.0, f64::INFINITY]),
        ("arms.relaxation.effect.rdq.lasting_share", [0.0, 1.0]),
        ("characteristics.sex.change.rdq.male", [f64::NEG_INFINITY, f64::INFINITY]),
        ("therapists.variance_share", [0.0, 1.0 - 1e-6]),
        ("therapists.caseload_variation", [0.0, 3.0]),
        ("co_interventions.exercise.uptake_by_arm.education", [0.0, 1.0]),
        ("co_interventions.exercise.change.pain", [f64::NEG_INFINITY, f64::INFINITY]),
        ("events.rescue.by_arm.usual_care[2]", [0.0, 1.0]),
        ("dropout.missed[0]", [0.0, 1.0]),
        ("dropout.depends_on.per_point", [f64::NEG_INFINITY, f64::INFINITY]),
    ] {
        let found = targets_of_everything(&format!("\"{key}\""), mean, &[]).unwrap_or_else(|e| panic!("{key}:\n{e}"));
        assert_eq!((found.free[0].path.to_string().as_str(), found.free[0].bounds), (key, bounds));
    }
    for (key, says) in [
        ("characteristics.sex.levels.male", "no number that can be free"),
        ("outcomes.rating.baseline.shares[0]", "no number that can be free"),
        ("dropout.reasons.\\\"no benefit\\\"", "no number that can be free"),
        ("trial.exclusions.bleeding.prevalence", "no number that can be free"),
        ("therapists.number", "no number that can be free"),
        ("co_interventions.exercise.from_week", "no number that can be free"),
        ("arms.education.boosters.first_week", "no number that can be free"),
    ] {
        let problems = targets_of_everything(&format!("\"{key}\""), mean, &[]).expect_err(key);
        let codes: Vec<&str> = problems.iter().map(|problem| problem.code).collect();
        assert!(codes == ["L081"] && problems.to_string().contains(says), "{key}\n{problems}");
    }
}

#[test]
fn retention_is_no_target_where_dropout_depends_on_a_score() {
    let retention = "retention = \"relaxation\"\nweek = 10\nvalue = 0.9";
    let problems = targets_of_everything("\"dropout.every_arm[1]\"", retention, &[]).expect_err("refused");
    let [problem] = problems.iter().collect::<Vec<_>>()[..] else { panic!("{problems}") };
    assert_eq!((problem.code, problem.place.as_ref().unwrap().line_and_column()), ("L080", Some((4, 13))), "{problem}");
    assert!(problem.message.contains("dropout.depends_on"), "{problem}");
}

#[test]
fn overrides_within_lists_of_tables_stand_in_the_written_text() {
    let mean = "mean = \"relaxation\"\noutcome = \"rdq\"\nweek = 10\nvalue = 8";
    let set = [
        "arms.relaxation.boosters.1.sessions=5",
        "arms.relaxation.boosters.0.every_weeks=3",
        "trial.entry.0.at_most=20",
        "arms.education.attendance.keeps=0.7",
        "characteristics.sex.change.rdq.female=0.25",
    ];
    let base =
        targets_of_everything("\"therapists.variance_share\"", mean, &set).unwrap_or_else(|e| panic!("{e}")).base;
    let text = base.text().unwrap_or_else(|problems| panic!("{problems}"));
    let again =
        read(Source::new("again.toml", text.clone()), &[]).unwrap_or_else(|problems| panic!("{problems}\n{text}"));
    assert_eq!(again.scenario, base.load().unwrap().scenario, "{text}");
    let weeks: Vec<f64> =
        again.scenario.design.layout.arms[0].sessions[10..].iter().map(|session| session.week).collect();
    assert_eq!(weeks, [13.0, 16.0, 19.0, 30.0, 38.0, 46.0, 54.0, 62.0]);
    assert!(text.contains("{ sessions = 5, every_weeks = 8, first_week = 30 }"), "{text}");
    // The same where the list is written as tables under headings of their own.
    let text = text.replace(
        "boosters = [{ every_weeks = 3, sessions = 3 }, { sessions = 5, every_weeks = 8, first_week = 30 }]\n",
        "",
    );
    assert!(!text.contains("boosters = ["), "{text}");
    let headed =
        format!("{text}[[arms.relaxation.boosters]]\nsessions = 1\n[[arms.relaxation.boosters]]\nsessions = 2\n");
    let set = ["arms.relaxation.boosters.1.every_weeks=6", "arms.relaxation.boosters.0.sessions=2"];
    let set: Vec<Override> = set.into_iter().map(Override::new).collect();
    let changed =
        Adjustable::read(Source::new("headed.toml", headed), &set).unwrap_or_else(|problems| panic!("{problems}"));
    let text = changed.text().unwrap_or_else(|problems| panic!("{problems}"));
    let end =
        "[[arms.relaxation.boosters]]\nsessions = 2\n[[arms.relaxation.boosters]]\nevery_weeks = 6\nsessions = 2\n";
    assert!(text.ends_with(end), "{text}");
}

#[test]
fn without_targets_or_free_settings_there_is_nothing_to_find() {
    let base = "base = \"no-fade\"\n";
    let codes = |text: &str| -> Vec<&str> { refused(text, &[]).iter().map(|problem| problem.code).collect() };
    assert_eq!(codes(base), ["L010", "L010"]);
    assert_eq!(codes(&format!("{base}free = []\ntarget = []\n")), ["L081", "L080"]);
}

#[test]
fn a_search_does_not_start_from_infinity() {
    let fade = "arms.relaxation.effect.rdq.half_life_weeks";
    let text = SHIPPED.replace("arms.relaxation.effect.rdq.value", fade);
    let said = refused(&text, &[&format!("{fade}=inf")]);
    assert_eq!((said.len(), said[0].code), (1, "L081"), "{said:?}");
    assert!(said[0].message.contains(fade), "{}", said[0]);
}

#[test]
fn undetermined_settings_are_refused_by_name() {
    let refuse = |right, wrong, says| assert_refused(&plain(), right, wrong, "L082", says);
    // More settings than targets.
    refuse("free = [", "free = [\"outcomes.rdq.baseline.mean\",", &["5 free settings cannot be found from 4 targets"]);
    // A setting that moves nothing: the change at week 10 is given, however fast it fades.
    let value = "arms.structural.effect.rdq.value";
    let fade = "arms.structural.effect.rdq.half_life_weeks";
    let unmet = plain().replace("value = -2.5", "value = -2.5\ntolerance = 0.01");
    assert_refused(&unmet, value, fade, "L082", &["`arms.structural.effect.rdq.half_life_weeks` moves no target"]);
    // Two settings that can only be told apart by a target that is not there.
    let twins = r#"
base = "plain"
free = ["outcomes.rdq.natural_course.improves", "outcomes.rdq.natural_course.half_life_weeks"]
[[target]]
mean = "usual_care"
outcome = "rdq"
week = 26
value = 8.5
[[target]]
retention = "usual_care"
week = 10
value = 0.95
"#;
    let names = ["natural_course.improves` and `outcomes.rdq.natural_course.half_life_weeks` apart"];
    assert_refused(twins, "value = 0.95", "value = 0.95", "L082", &names);
    // With a target that tells them apart they are found.
    let apart = twins.replace(
        "retention = \"usual_care\"\nweek = 10\nvalue = 0.95",
        "mean = \"usual_care\"\noutcome = \"rdq\"\nweek = 10\nvalue = 9.4",
    );
    assert_eq!(calibrated(&apart, &[]).settings.len(), 2);
}

#[test]
fn targets_that_cannot_be_met_are_refused_by_name() {
    let refuse = |right, wrong, says| assert_refused(SHIPPED, right, wrong, "L083", says);
    refuse(
        "value = -2.9",
        "value = -30",
        &["`relaxation - usual_care, rdq, week 10` cannot be -30", "the nearest found is"],
    );
    refuse(
        "value = -1.7\n",
        "value = -1.7\n[[target]]\nmean = \"usual_care\"\noutcome = \"rdq\"\nweek = 26\nvalue = 3\n",
        &["`mean of usual_care, rdq, week 26` cannot be 3", "no free setting moves it"],
    );
    // A share still seen cannot fall below that of a later visit, which is kept from the base.
    let late = OF_ALL_KINDS.replace("value = 0.935", "value = 0.8");
    let said = refused(&late, &[]);
    let own = said.iter().find(|problem| problem.message.contains("retention of relaxation, week 10")).unwrap();
    assert!(own.code == "L083" && own.help.as_ref().unwrap().contains("dropout falls"), "{own}");
    let bounded = OF_ALL_KINDS.replace("at_most = 8", "at_most = 3.3").replace("value = 8\n", "value = 7\n");
    let said = refused(&bounded, &[]);
    assert!(said.iter().any(|problem| problem.to_string().contains("is at its bound 3.3")), "{said:?}");
}

#[test]
fn the_command_writes_a_scenario_with_its_provenance() {
    let desk = Desk::new();
    desk.write("targets.toml", SHIPPED);
    assert_kept("calibrate", &desk.linger("calibrate targets.toml -o trial.toml").whole());
    let written = desk.read("trial.toml");
    assert_kept("calibrate-scenario", &written);
    assert!(desk.linger("validate trial.toml").fine().starts_with("valid: 3 arms"));
    let built_in = linger::scenario::built_in("chronic-low-back-pain").unwrap();
    for comment in built_in.text().lines().filter(|line| line.starts_with('#')) {
        assert!(written.contains(comment), "{comment}");
    }
    // What was written can be the base of the next calibration, whose block takes the place of this one.
    desk.write("again.toml", &SHIPPED.replace("\"chronic-low-back-pain\"", "\"trial.toml\"").replace("-1.4", "-1.2"));
    desk.linger("calibrate again.toml -o second.toml -q").fine();
    let second = desk.read("second.toml");
    assert_eq!(second.matches("# Calibrated by: ").count(), 1, "{second}");
    assert_eq!(second.lines().count(), written.lines().count());
    desk.linger("validate second.toml").fine();
}

#[test]
fn every_form_of_the_result_is_whole_and_nothing_that_was_read_is_written_over() {
    let desk = Desk::new();
    desk.write("targets.toml", SHIPPED);
    let json: Value = serde_json::from_str(&desk.linger("calibrate targets.toml -q --format json").fine()).unwrap();
    assert_eq!((&json["schema"], json["results"].as_array().unwrap().len()), (&"linger.calibrate/1".into(), 4));
    assert!(json["assumptions"].as_array().unwrap().len() > 10);
    let csv = desk.linger("calibrate targets.toml -q --format csv").fine();
    assert!(csv.lines().filter(|line| line.starts_with("free,")).count() == 4, "{csv}");
    desk.linger("calibrate targets.toml -q -o result.md").fine();
    assert!(desk.read("result.md").contains("| relaxation - usual_care, rdq, week 10"));
    let said = desk.linger("calibrate targets.toml -o targets.toml");
    assert!(said.code == 2 && said.stderr.contains("would write over a file that is read"), "{}", said.whole());
    assert_eq!(desk.read("targets.toml"), SHIPPED);
    assert_eq!(desk.linger("calibrate missing.toml").code, 2);
}

#[test]
fn the_command_refuses_by_name_with_exit_code_two_and_writes_nothing() {
    let desk = Desk::new();
    let wrong = plain()
        .replace("value = -2.9", "value = -30")
        .replace("\"arms.structural.effect.rdq.value\"", "\"arms.structural.effect.rdq.half_life_weeks\"");
    desk.write("targets.toml", &wrong);
    let said = desk.linger("calibrate targets.toml -o trial.toml");
    assert_kept("calibrate-refused", &said.whole());
    assert_eq!((said.code, desk.files("")), (2, vec!["targets.toml".to_owned()]));
}

#[test]
fn the_schema_describes_every_key() {
    let schema = schema(SchemaFor::Targets);
    let tables = [&schema["properties"], &schema["$defs"]["WrittenTarget"]["properties"]];
    for table in tables {
        let properties = table.as_object().unwrap();
        assert!(properties.len() > 3 && properties.values().all(|property| property["description"].is_string()));
    }
    let text = Desk::new().linger("generate schema --for targets").fine();
    assert_eq!(serde_json::from_str::<Value>(&text).unwrap(), schema);
}

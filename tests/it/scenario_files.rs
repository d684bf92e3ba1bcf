//! The scenarios that are shipped: all load, follow the schema, show themselves whole, and are told apart by their hash.

use std::collections::HashSet;
use std::path::Path;

use linger::scenario::{
    EffectModel, Loaded, Origin, Override, SchemaFor, Source, Step, built_in, built_in_list, load, read, schema,
    settings_text,
};
use linger::trial::{Contrast, Session};

fn shipped(name: &str, overrides: &[&str]) -> Loaded {
    let overrides: Vec<Override> = overrides.iter().map(|&argument| Override::new(argument)).collect();
    let source = built_in(name).unwrap_or_else(|| panic!("no scenario {name}"));
    read(source, &overrides).unwrap_or_else(|problems| panic!("{name}:\n{problems}"))
}

#[test]
fn every_file_of_the_folder_is_compiled_in_and_loads() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios");
    let mut names = HashSet::new();
    for entry in std::fs::read_dir(&folder).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_none_or(|extension| extension != "toml") {
            continue;
        }
        let name = path.file_stem().unwrap().to_str().unwrap().to_owned();
        let from_file = load(&path, &[]).unwrap_or_else(|problems| panic!("{problems}"));
        assert_eq!(from_file.scenario, shipped(&name, &[]).scenario);
        names.insert(name);
    }
    let compiled_in: HashSet<String> = built_in_list().iter().map(|scenario| scenario.name.to_owned()).collect();
    assert_eq!(names, compiled_in);
}

#[test]
fn every_scenario_has_a_title_a_story_and_a_hash_of_its_own() {
    let mut hashes = HashSet::new();
    for scenario in built_in_list() {
        let loaded = shipped(scenario.name, &[]).scenario;
        assert!(!loaded.title.is_empty() && loaded.story.ends_with(['.', '?']), "{}", scenario.name);
        assert_eq!(loaded.hash.len(), 16);
        assert!(hashes.insert(loaded.hash), "{} has the hash of another", scenario.name);
    }
}

#[test]
fn what_show_prints_reads_as_the_same_scenario() {
    for scenario in built_in_list() {
        let loaded = shipped(scenario.name, &[]);
        let text = settings_text(&loaded.settings);
        let again =
            read(Source::new("shown.toml", text.clone()), &[]).unwrap_or_else(|problems| panic!("{problems}\n{text}"));
        assert_eq!(again.scenario, loaded.scenario, "{text}");
    }
}

#[test]
fn settings_say_where_they_come_from() {
    let loaded = shipped("chronic-low-back-pain", &["arms.relaxation.sessions=20"]);
    let text = settings_text(&loaded.settings);
    let line_of = |path: &str| text.lines().find(|line| line.starts_with(&format!("{path} = "))).unwrap_or_default();
    let words = |path: &str| line_of(path).split_whitespace().collect::<Vec<_>>().join(" ");
    assert_eq!(words("arms.relaxation.sessions"), "arms.relaxation.sessions = 20 # (--set)");
    assert_eq!(words("trial.block_size"), "trial.block_size = 6 # (default)");
    assert!(
        words("trial.per_arm.usual_care").starts_with("trial.per_arm.usual_care = 133 # (chronic-low-back-pain.toml:")
    );
}

/// Another value for a setting, valid where there is one; `None` where any change needs a change elsewhere too.
fn changed(path: &str, value: &toml::Value) -> Option<String> {
    Some(match value {
        _ if path.ends_with(".reference") || path == "schema_version" || path == "published" => return None,
        toml::Value::Boolean(value) => (!value).to_string(),
        toml::Value::Integer(_) if path == "trial.block_size" => "12".to_owned(),
        toml::Value::Integer(value) => (value + 1).to_string(),
        toml::Value::Float(value) => (value * 0.5 + 0.0625).to_string(),
        toml::Value::String(_) if path.ends_with(".better") => "higher".to_owned(),
        toml::Value::String(_) if path.ends_with("multiplicity") => "none".to_owned(),
        toml::Value::String(_) if path.ends_with("model") => return None,
        toml::Value::String(_) if path == "trial.entry.outcome" => "rdq".to_owned(),
        toml::Value::String(text) => format!("\"{text} indeed\""),
        toml::Value::Array(_) if path == "trial.visits_weeks" => "[0, 10, 26, 51]".to_owned(),
        toml::Value::Array(_) if path == "dropout.every_arm" => "[0.05, 0.07, 0.11]".to_owned(),
        toml::Value::Array(_) if path == "analysis.outcomes" => "[\"rdq\"]".to_owned(),
        toml::Value::Array(_) if path == "analysis.covariates" => "[\"bothersomeness\"]".to_owned(),
        toml::Value::Array(_) if path == "analysis.contrasts" => "[\"relaxation - structural\"]".to_owned(),
        toml::Value::Array(_) => "[0, 20]".to_owned(),
        toml::Value::Datetime(_) | toml::Value::Table(_) => return None,
    })
}

#[test]
fn the_hash_changes_with_every_setting_but_title_story_and_replicates() {
    let loaded = shipped("chronic-low-back-pain", &[]);
    let table: toml::Table = settings_text(&loaded.settings).parse().unwrap();
    let mut n_changed = 0;
    for setting in &loaded.settings {
        let value = setting.path.steps().iter().fold(toml::Value::Table(table.clone()), |value, step| match step {
            Step::Key(key) => value[key.as_str()].clone(),
            Step::Index(index) => value[*index].clone(),
        });
        let path = setting.path.to_string();
        // Another step would not divide the range, and boosters need a first course.
        let alone = ["outcomes.rdq.step", "outcomes.bothersomeness.step", "arms.usual_care.boosters.sessions"];
        let Some(other) = changed(&path, &value).filter(|_| !alone.contains(&path.as_str())) else { continue };
        let changed = shipped("chronic-low-back-pain", &[&format!("{path}={other}")]);
        let same = changed.scenario.hash == loaded.scenario.hash;
        assert_eq!(same, ["title", "story", "simulation.replicates"].contains(&path.as_str()), "{path}={other}");
        n_changed += 1;
    }
    assert!(n_changed > 50, "{n_changed} settings were changed");
}

#[test]
fn the_hash_does_not_ask_how_a_setting_came_about() {
    let plain = shipped("chronic-low-back-pain", &[]).scenario.hash;
    assert_eq!(
        shipped("chronic-low-back-pain", &["trial.block_size=6", "arms.usual_care.sessions=0"]).scenario.hash,
        plain
    );
    assert_eq!(shipped("chronic-low-back-pain", &["trial.visits_weeks=[0.0, 10.0, 26.0, 52.0]"]).scenario.hash, plain);
}

#[test]
fn a_star_sets_every_arm_that_has_the_key_and_says_which() {
    let loaded = shipped("chronic-low-back-pain", &["arms.*.every_weeks=0.5"]);
    assert_eq!(
        loaded.notes,
        ["--set arms.*.every_weeks=0.5 applies to arms.relaxation.every_weeks, arms.structural.every_weeks"]
    );
    let arms = &loaded.scenario.design.layout.arms;
    assert_eq!(arms[0].sessions.last(), Some(&Session { week: 5.0, booster: false }));
}

#[test]
fn an_override_may_add_a_key_that_the_file_leaves_out() {
    let arm = &shipped("chronic-low-back-pain", &["arms.relaxation.boosters.sessions=3"]).scenario.design.layout.arms
        [0]
    .clone();
    let boosters: Vec<f64> =
        arm.sessions.iter().filter(|session| session.booster).map(|session| session.week).collect();
    assert_eq!((arm.n_sessions(), boosters), (13, vec![14.0, 18.0, 22.0]));
    let later = shipped("chronic-low-back-pain", &["seed=2", "seed=3"]);
    assert_eq!(later.scenario.simulation.seed, 3, "a later --set wins");
    assert!(later.settings.iter().any(|setting| setting.origin == Origin::Set));
}

#[test]
fn the_change_at_a_week_is_reached_under_full_attendance() {
    for name in ["chronic-low-back-pain", "no-fade", "boosters-monthly"] {
        let values = ["arms.relaxation.effect.rdq.value=-3.1", "arms.structural.effect.rdq.value=-2.7"];
        let scenario = shipped(name, &values).scenario;
        let EffectModel::Sessions { arms, .. } = &scenario.truth.outcomes[0].effect else { panic!("{name}") };
        let layout = &scenario.design.layout;
        for (arm, value) in [(0, -3.1), (1, -2.7)] {
            let reached = arms[arm].unwrap().accumulated(&layout.arms[arm].sessions, 10.0);
            assert!((reached - value).abs() < 1e-12, "{name}: {reached}");
        }
        assert_eq!(arms[2], None);
    }
}

#[test]
fn boosters_up_to_the_week_count_towards_its_change() {
    let scenario = shipped(
        "boosters-monthly",
        &["arms.relaxation.effect.rdq.at_week=30", "arms.relaxation.effect.rdq.value=-3.1"],
    )
    .scenario;
    let EffectModel::Sessions { arms, .. } = &scenario.truth.outcomes[0].effect else { panic!() };
    let reached = arms[0].unwrap().accumulated(&scenario.design.layout.arms[0].sessions, 30.0);
    assert!((reached + 3.1).abs() < 1e-12, "{reached}");
}

#[test]
fn the_reference_job_is_as_other_programs_run_it() {
    let scenario = shipped("reference-job", &[]).scenario;
    let design = &scenario.design;
    assert_eq!((design.per_arm.as_slice(), design.block_size, design.entry.len()), ([134, 134, 134].as_slice(), 6, 0));
    assert_eq!(design.layout.visits.iter().map(|visit| visit.week).collect::<Vec<_>>(), [0.0, 10.0, 26.0, 52.0]);
    let truth = &scenario.truth.outcomes[0];
    assert_eq!((truth.baseline_mean, truth.sd.as_slice()), (10.5, [5.0; 4].as_slice()));
    assert_eq!(truth.correlation[0], [1.0, 0.6, 0.6, 0.6]);
    let change = vec![vec![-4.5, -4.3, -4.0], vec![-4.2, -4.2, -3.9], vec![-2.0, -3.0, -3.5]];
    assert_eq!(truth.effect, EffectModel::VisitMeans { change });
    assert_eq!(scenario.truth.dropout, vec![vec![0.05, 0.07, 0.10]; 3]);
    assert_eq!(scenario.plan.contrasts, [Contrast { arm: 0, versus: 2 }, Contrast { arm: 1, versus: 2 }]);
}

#[test]
fn defaults_are_those_of_the_schema() {
    let text = "[trial]\nper_arm = { a = 9, b = 9 }\nvisits_weeks = [0, 4]\n[outcomes.pain]\nrange = [0, 10]\n\
                baseline = { mean = 5, sd = 2 }\n[arms.a]\nsessions = 3\nevery_weeks = 0.1\n[arms.b]\n";
    let loaded = read(Source::new("short.toml", text), &[]).unwrap_or_else(|problems| panic!("{problems}"));
    let scenario = loaded.scenario;
    let layout = &scenario.design.layout;
    assert_eq!((scenario.simulation.seed, scenario.simulation.replicates), (1, 2000));
    assert_eq!((layout.reference_arm(), layout.arms[1].reference, scenario.design.block_size), (1, true, 4));
    assert_eq!(layout.arms[0].sessions.iter().map(|session| session.week).collect::<Vec<_>>(), [0.1, 0.2, 0.3]);
    assert_eq!((layout.outcomes[0].label.as_str(), layout.outcomes[0].step), ("pain", Some(1.0)));
    assert_eq!(scenario.truth.outcomes[0].sd, [2.0, 2.0]);
    assert_eq!(scenario.truth.outcomes[0].correlation, [[1.0, 0.0], [0.0, 1.0]]);
    assert_eq!(scenario.truth.dropout, [[0.0], [0.0]]);
    assert_eq!((scenario.plan.alpha, scenario.plan.contrasts), (0.05, vec![Contrast { arm: 0, versus: 1 }]));
}

/// A scenario with some arms.
fn with_arms(n_arms: usize) -> String {
    let names: Vec<String> = (1..=n_arms).map(|arm| format!("arm_{arm}")).collect();
    let sizes: Vec<String> = names.iter().map(|name| format!("{name} = 4")).collect();
    let tables: Vec<String> = names.iter().map(|name| format!("[arms.{name}]\n")).collect();
    format!(
        "[trial]\nper_arm = {{ {} }}\nvisits_weeks = [0, 10]\n[outcomes.rdq]\nrange = [0, 23]\nbaseline = {{ mean = 10, sd = 5 }}\n{}",
        sizes.join(", "),
        tables.concat()
    )
}

#[test]
fn any_number_of_arms_from_two_to_255_is_a_trial() {
    for n_arms in [2, 4, 6, 12, 255] {
        let loaded =
            read(Source::new("arms.toml", with_arms(n_arms)), &[]).unwrap_or_else(|problems| panic!("{problems}"));
        assert_eq!(loaded.scenario.design.n_participants(), 4 * n_arms);
        assert_eq!(loaded.scenario.plan.contrasts.len(), n_arms * (n_arms - 1) / 2);
    }
    for n_arms in [1, 256] {
        let found = read(Source::new("arms.toml", with_arms(n_arms)), &[]).err().unwrap_or_default();
        assert_eq!(found.iter().map(|problem| problem.code).collect::<Vec<_>>(), ["L022"], "{n_arms} arms\n{found}");
    }
}

#[test]
fn every_key_of_the_schemas_is_described_and_none_may_be_null() {
    for which in [SchemaFor::Scenario, SchemaFor::Plan, SchemaFor::Columns] {
        let schema = schema(which);
        assert!(!schema.to_string().contains("\"null\""));
        let tables =
            std::iter::once(&schema).chain(schema["$defs"].as_object().into_iter().flat_map(|defs| defs.values()));
        for (key, described) in tables.filter_map(|table| table["properties"].as_object()).flatten() {
            let description = described["description"].as_str().unwrap_or_default();
            assert!(description.len() > 20 && description.contains('.'), "{key}: {description}");
        }
    }
}

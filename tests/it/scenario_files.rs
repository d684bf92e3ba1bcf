//! The scenarios that are shipped: all load, follow the schema, show themselves whole, and are told apart by their hash.

use std::collections::HashSet;
use std::path::Path;

use linger::numeric::group_sequential::Spending;
use linger::scenario::{
    Attendance, BlockAllocation, CovariateSource, DropoutDependence, DropoutValue, EffectModel, EffectUnit, Interim,
    Loaded, Origin, Override, SchemaFor, Sharing, Source, Step, built_in, built_in_list, load, read, schema,
    settings_text,
};
use linger::trial::{Contrast, OutcomeKind, Session};

use super::every_section::EVERYTHING;

fn shipped(name: &str, overrides: &[&str]) -> Loaded {
    loaded(built_in(name).unwrap_or_else(|| panic!("no scenario {name}")), overrides)
}

fn everything(overrides: &[&str]) -> Loaded {
    loaded(Source::new("everything.toml", EVERYTHING), overrides)
}

fn of_text(text: &str) -> Loaded {
    loaded(Source::new("text.toml", text), &[])
}

fn loaded(source: Source, overrides: &[&str]) -> Loaded {
    let name = source.name().to_owned();
    let arguments: Vec<Override> = overrides.iter().map(|&argument| Override::new(argument)).collect();
    read(source, &arguments).unwrap_or_else(|problems| panic!("{name} {overrides:?}:\n{problems}"))
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

/// Every section with no more in it than it needs, so that its defaults are filled in.
const SECTIONS: [&str; 18] = [
    "",
    "[trial.exclusions.pregnancy]\nprevalence = 0.1\n",
    "[trial.allocation]\n",
    "[trial.allocation]\nwithin_therapist = true\n[therapists]\nnumber = 4\n",
    "[characteristics.site]\nlevels = { north = 0.5, south = 0.5 }\nchange.pain.south = 1\n[trial.allocation]\nstrata = [\"site\"]\n",
    "[co_interventions.exercise]\n",
    "[co_interventions.exercise]\nuptake_by_arm = { c = 0.5, a = 0.2 }\nchange.pain = -1\n",
    "[events.rescue]\nby_arm = { c = [0.1], a = [0.2] }\n",
    "[dropout]\nmissed_by_arm = { b = [0.1] }\n",
    "[dropout]\nevery_arm = [0.1]\ndepends_on = { outcome = \"pain\", by_arm = { b = 0.5 } }\nreasons = { \"moved away\" = 1 }\n",
    "[dropout]\nevery_arm = [0.1]\ndepends_on = { outcome = \"days\", per_point = 0.5 }\n",
    "[outcomes.days]\nkind = \"count\"\nrange = [0, 7]\nbaseline = { mean = 3, sd = 2 }\n",
    "[outcomes.off_work]\nkind = \"binary\"\nbaseline.share = 0.25\n",
    "[outcomes.rating]\nkind = \"ordinal\"\nlevels = [\"worse\", \"same\", \"better\"]\nbaseline.shares = [0.2, 0.5, 0.3]\n",
    "[arms.a.attendance]\n[arms.b.adverse_events]\nmild = 0.01\n[arms.a.adverse_events]\nserious = 0.001\n",
    "[[arms.a.boosters]]\nsessions = 2\n[[arms.a.boosters]]\n[[arms.a.boosters]]\nsessions = 1\nevery_weeks = 2\n",
    "[[trial.entry]]\noutcome = \"pain\"\nat_least = 2\n[[trial.entry]]\noutcome = \"walk\"\nat_most = 80\n",
    "[interim]\nlooks = [0.5, 1]\n",
];

/// Three arms, two with sessions, two scores and a section.
fn with_section(section: &str) -> String {
    let days = if section.contains("\"days\"") && !section.contains("[outcomes.days]") {
        "[outcomes.days]\nkind = \"count\"\nrange = [0, 7]\nbaseline = { mean = 3, sd = 2 }\n"
    } else {
        ""
    };
    format!(
        "[trial]\nper_arm = {{ a = 20, b = 20, c = 10 }}\nvisits_weeks = [0, 4]\n\
         [outcomes.pain]\nrange = [0, 10]\nbaseline = {{ mean = 5, sd = 2 }}\nnatural_course = {{ improves = 1, half_life_weeks = 3 }}\n\
         [outcomes.walk]\nrange = [0, 100]\nbetter = \"higher\"\nbaseline = {{ mean = 50, sd = 20 }}\n\
         [arms.a]\nsessions = 3\neffect.pain = {{ at_week = 4, value = -1, half_life_weeks = 5 }}\n[arms.b]\nsessions = 2\n[arms.c]\n{days}{section}"
    )
}

#[test]
fn what_show_prints_reads_as_the_same_scenario() {
    let built_in = built_in_list().iter().map(|scenario| shipped(scenario.name, &[]));
    let made = SECTIONS.iter().map(|section| of_text(&with_section(section)));
    let without_mean_model = ["t_test", "welch", "wilcoxon"].map(|model| {
        // They have no covariates, not even none.
        shipped("plain", &[&format!("analysis.model={model}")])
    });
    for loaded in built_in.chain(made).chain([everything(&[])]).chain(without_mean_model) {
        let text = settings_text(&loaded.settings);
        let again = of_text(&text);
        assert_eq!(again.scenario, loaded.scenario, "{text}");
        // Every default is written out, so that nothing is left to come from nowhere.
        assert!(again.settings.iter().all(|setting| setting.origin != Origin::Default), "{text}");
        let values = |loaded: &Loaded| -> Vec<(String, String)> {
            loaded.settings.iter().map(|setting| (setting.path.to_string(), setting.value.clone())).collect()
        };
        assert_eq!(values(&again), values(&loaded));
    }
}

#[test]
fn every_section_has_a_hash_of_its_own() {
    let hashes: HashSet<String> =
        SECTIONS.iter().map(|section| of_text(&with_section(section)).scenario.hash).collect();
    // The section on days appears once with dropout and once alone.
    assert_eq!(hashes.len(), SECTIONS.len());
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
        // The kind decides what else there is, and only a rating of change can do without baseline.
        _ if path.ends_with(".kind") || path.ends_with(".at_baseline") => return None,
        toml::Value::Boolean(value) => (!value).to_string(),
        toml::Value::Integer(_) if path == "trial.block_size" => "12".to_owned(),
        toml::Value::Integer(value) => (value + 1).to_string(),
        toml::Value::Float(value) if value.is_infinite() => "25.5".to_owned(),
        toml::Value::Float(value) => (value * 0.5 + 0.0625).to_string(),
        toml::Value::String(_) if path.ends_with(".better") => "higher".to_owned(),
        toml::Value::String(text) if path.ends_with(".rdq.unit") && text == "points" && path.starts_with("arms") => {
            "share".to_owned()
        }
        toml::Value::String(_) if path.ends_with("multiplicity") => "none".to_owned(),
        toml::Value::String(_) if path.ends_with("model") => return None,
        toml::Value::String(_) if path == "trial.entry.outcome" => "rdq".to_owned(),
        toml::Value::String(text) => format!("\"{text} indeed\""),
        toml::Value::Array(_) if path == "trial.visits_weeks" => "[0, 10, 26, 51]".to_owned(),
        toml::Value::Array(_) if path.ends_with(".range") => "[0, 20]".to_owned(),
        toml::Value::Array(_) if path == "analysis.outcomes" => "[\"rdq\"]".to_owned(),
        toml::Value::Array(_) if path == "analysis.covariates" => "[\"bothersomeness\"]".to_owned(),
        toml::Value::Array(_) if path == "analysis.contrasts" => "[\"relaxation - structural\"]".to_owned(),
        toml::Value::Array(list) => {
            let number = |value: &toml::Value| value.as_float().or(value.as_integer().map(|whole| whole as f64));
            // All of them higher, none above 1 that was not.
            let other = |value: &toml::Value| Some(number(value)? * 0.9375 + 0.03125);
            format!("{:?}", list.iter().map(other).collect::<Option<Vec<f64>>>()?)
        }
        toml::Value::Datetime(_) | toml::Value::Table(_) => return None,
    })
}

/// Settings that cannot change alone, or not by half and a bit, with a change of them.
const TOGETHER: &[(&str, &[&str])] = &[
    ("analysis.covariates", &["analysis.covariates=[\"site\"]"]),
    ("analysis.contrasts", &["analysis.contrasts=[\"structural - usual_care\"]"]),
    ("interim.looks", &["interim.looks=[0.5, 0.8, 1]"]),
    ("interim.outcome", &["interim.outcome=pain"]),
    ("interim.sharing", &["interim.sharing=bonferroni"]),
    ("interim.spending", &["interim.spending=obrien_fleming"]),
    ("interim.week", &["interim.week=26"]),
    ("arms.education.boosters.first_week", &["arms.education.boosters.first_week=13"]),
    ("arms.relaxation.adverse_events.serious", &["arms.relaxation.adverse_events.serious=0.002"]),
    ("arms.relaxation.boosters", &["arms.relaxation.boosters.1.first_week=31"]),
    ("arms.relaxation.effect.absence.unit", &["arms.relaxation.effect.absence.per_session=-0.1"]),
    ("arms.relaxation.effect.pain.ceiling", &["arms.relaxation.effect.pain.ceiling=0.7"]),
    ("arms.relaxation.effect.pain.unit", &["arms.relaxation.effect.pain.unit=points"]),
    (
        "arms.relaxation.effect.rdq.unit",
        &["arms.relaxation.effect.rdq={per_session=-0.1, half_life_weeks=3, unit=\"share\"}"],
    ),
    ("arms.structural.effect.rdq.unit", &["arms.structural.effect.rdq.unit=share"]),
    ("arms.usual_care.boosters.sessions", &["arms.usual_care={sessions=1, boosters={sessions=1}, reference=true}"]),
    ("characteristics.sex.levels.female", &["characteristics.sex.levels={female=0.7, male=0.3}"]),
    ("characteristics.sex.levels.male", &["characteristics.sex.levels={female=0.5, male=0.5}"]),
    ("characteristics.site.levels.north", &["characteristics.site.levels={north=0.4, south=0.4, west=0.2}"]),
    ("characteristics.site.levels.south", &["characteristics.site.levels={north=0.5, south=0.4, west=0.1}"]),
    ("characteristics.site.levels.west", &["characteristics.site.levels={west=0.2, north=0.5, south=0.3}"]),
    ("dropout.depends_on.outcome", &["dropout.depends_on.outcome=pain"]),
    ("dropout.depends_on.value", &["dropout.depends_on.value=at_this_visit"]),
    ("dropout.reasons.\"moved away\"", &["dropout.reasons={\"moved away\"=0.5, \"no benefit\"=0.5}"]),
    ("dropout.reasons.\"no benefit\"", &["dropout.reasons={\"no benefit\"=0.75, \"moved away\"=0.25}"]),
    (
        "outcomes.absence.kind",
        &["outcomes.absence={kind=\"ordinal\", levels=[\"no\", \"yes\"], baseline.shares=[0.7, 0.3]}"],
    ),
    ("outcomes.days.range", &["outcomes.days.range=[0, 30]"]),
    ("outcomes.days.baseline.mean", &["outcomes.days.baseline.mean=11"]),
    ("outcomes.days.baseline.sd", &["outcomes.days.baseline.sd=7"]),
    ("outcomes.days_in_bed.range", &["outcomes.days_in_bed.range=[0, 30]"]),
    ("outcomes.days_in_bed.baseline.sd", &["outcomes.days_in_bed.baseline.sd=3.5"]),
    ("outcomes.days_in_bed.baseline.mean", &["outcomes.days_in_bed.baseline.mean=1.4"]),
    ("outcomes.days_restricted.range", &["outcomes.days_restricted.range=[0, 30]"]),
    ("outcomes.days_restricted.baseline.sd", &["outcomes.days_restricted.baseline.sd=7.5"]),
    ("outcomes.days_restricted.baseline.mean", &["outcomes.days_restricted.baseline.mean=7"]),
    (
        "outcomes.global_rating.baseline.shares",
        &["outcomes.global_rating.baseline.shares=[0.03, 0.05, 0.16, 0.48, 0.16, 0.08, 0.04]"],
    ),
    (
        "outcomes.global_rating.levels",
        &["outcomes.global_rating.levels=[\"a\", \"b\", \"c\", \"d\", \"e\", \"f\", \"g\"]"],
    ),
    ("outcomes.medication_use.baseline.share", &["outcomes.medication_use.baseline.share=0.6"]),
    (
        "dropout.reasons.\"could not be reached\"",
        &["dropout.reasons={\"could not be reached\"=0.4, \"no time\"=0.4, \"moved away\"=0.2}"],
    ),
    (
        "dropout.reasons.\"no time\"",
        &["dropout.reasons={\"could not be reached\"=0.5, \"no time\"=0.2, \"moved away\"=0.3}"],
    ),
    ("outcomes.pain.step", &["outcomes.pain.step=0.5"]),
    ("outcomes.pain.range", &["outcomes.pain.range=[0, 20]"]),
    ("outcomes.rdq.range", &["outcomes.rdq.range=[0, 23]"]),
    ("outcomes.rdq.step", &["outcomes.rdq.step=2"]),
    ("outcomes.rating.at_baseline", &["outcomes.rating.at_baseline=true"]),
    ("outcomes.rating.baseline.shares", &["outcomes.rating.baseline.shares=[0.1, 0.1, 0.6, 0.2]"]),
    ("outcomes.rating.levels", &["outcomes.rating.levels=[\"very good\", \"better\", \"the same\", \"worse\"]"]),
    (
        "therapists.arms",
        &["therapists.arms=[\"relaxation\", \"education\"]", "trial.allocation.therapist_block_sizes=[3]"],
    ),
    ("trial.allocation.block_sizes", &["trial.allocation.block_sizes=[12, 6]"]),
    ("trial.allocation.strata", &["trial.allocation.strata=[\"site\"]"]),
    ("trial.allocation.therapist_block_sizes", &["trial.allocation.therapist_block_sizes=[4]"]),
    ("trial.allocation.within_therapist", &["trial.allocation={block_sizes=[6, 12], strata=[\"site\", \"sex\"]}"]),
    (
        "trial.allocation.ratio.education",
        &["trial.allocation={ratio={relaxation=2, structural=2, education=2, usual_care=1}}"],
    ),
    (
        "trial.allocation.ratio.relaxation",
        &["trial.allocation={ratio={relaxation=3, structural=2, education=1, usual_care=1}}"],
    ),
    (
        "trial.allocation.ratio.structural",
        &["trial.allocation={ratio={relaxation=2, structural=3, education=1, usual_care=1}}"],
    ),
    (
        "trial.allocation.ratio.usual_care",
        &["trial.allocation={ratio={relaxation=2, structural=2, education=1, usual_care=2}}"],
    ),
    ("priors.\"arms.*.attendance.keeps\".at_most", &["priors.\"arms.*.attendance.keeps\".at_most=0.98"]),
    ("trial.entry", &["trial.entry.0.at_least=5"]),
    ("trial.visits_weeks", &["trial.visits_weeks=[0, 4, 10, 25]"]),
];

/// Those of them that are settings of the built-in scenario too.
const OF_THE_BUILT_IN: [&str; 14] = [
    "characteristics.sex.levels.female",
    "characteristics.sex.levels.male",
    "outcomes.days_in_bed.range",
    "outcomes.days_in_bed.baseline.sd",
    "outcomes.days_in_bed.baseline.mean",
    "outcomes.days_restricted.range",
    "outcomes.days_restricted.baseline.sd",
    "outcomes.days_restricted.baseline.mean",
    "outcomes.global_rating.baseline.shares",
    "outcomes.global_rating.levels",
    "outcomes.medication_use.baseline.share",
    "dropout.reasons.\"could not be reached\"",
    "dropout.reasons.\"no time\"",
    "priors.\"arms.*.attendance.keeps\".at_most",
];

/// Kinds that decide what else there is; one of them is changed as a whole.
const KINDS: [&str; 4] = ["outcomes.rdq.kind", "outcomes.pain.kind", "outcomes.days.kind", "outcomes.rating.kind"];

#[test]
fn the_hash_changes_with_every_setting_of_every_section() {
    let whole = everything(&[]);
    let table: toml::Table = settings_text(&whole.settings).parse().unwrap();
    let mut hashes = HashSet::from([whole.scenario.hash.clone()]);
    let mut missing = Vec::new();
    for setting in &whole.settings {
        let path = setting.path.to_string();
        let value = value_at(&table, setting);
        let alone = changed(&path, &value).map(|other| vec![format!("{path}={other}")]);
        let together = TOGETHER.iter().find(|(listed, _)| *listed == path);
        let together = together.map(|(_, changes)| changes.iter().map(|change| (*change).to_owned()).collect());
        let Some(changes) = together.or(alone) else {
            missing.push(path);
            continue;
        };
        let changed = everything(&changes.iter().map(String::as_str).collect::<Vec<_>>()).scenario;
        if says_nothing_of_a_trial(&path) {
            assert_eq!(changed.hash, whole.scenario.hash, "{changes:?}");
        } else {
            assert!(hashes.insert(changed.hash), "{changes:?} gives a hash that was there before");
        }
    }
    missing.retain(|path| !KINDS.contains(&path.as_str()));
    let fixed = |path: &String| path == "schema_version" || path == "analysis.model" || path.ends_with(".reference");
    let others_at_baseline = |path: &String| path.starts_with("outcomes.") && path.ends_with(".at_baseline");
    missing.retain(|path| !fixed(path) && !others_at_baseline(path));
    assert_eq!(missing, [] as [&str; 0], "no other value is known");
    assert!(hashes.len() > 120, "{} hashes", hashes.len());
}

/// Settings that the hash leaves out.
fn says_nothing_of_a_trial(path: &str) -> bool {
    ["title", "story", "simulation.replicates"].contains(&path) || path.starts_with("priors.")
}

fn value_at(table: &toml::Table, setting: &linger::scenario::Setting) -> toml::Value {
    setting.path.steps().iter().fold(toml::Value::Table(table.clone()), |value, step| match step {
        Step::Key(key) => value[key.as_str()].clone(),
        Step::Index(index) => value[*index].clone(),
    })
}

#[test]
fn the_hash_changes_with_every_setting_but_title_story_priors_and_replicates() {
    let loaded = shipped("chronic-low-back-pain", &[]);
    let table: toml::Table = settings_text(&loaded.settings).parse().unwrap();
    let mut n_changed = 0;
    for setting in &loaded.settings {
        let path = setting.path.to_string();
        // Another step would not divide the range, boosters need a first course, and effects in points are beyond any share.
        let alone = ["outcomes.rdq.step", "outcomes.bothersomeness.step", "arms.usual_care.boosters.sessions"];
        let alone = alone.contains(&path.as_str())
            || path == "dropout.reasons.\"moved away\""
            || path.starts_with("arms.") && path.ends_with(".unit");
        let together = TOGETHER.iter().find(|(listed, _)| *listed == path && OF_THE_BUILT_IN.contains(listed));
        let change = match together {
            Some(&(_, [change])) => (*change).to_owned(),
            _ => match changed(&path, &value_at(&table, setting)).filter(|_| !alone) {
                Some(other) => format!("{path}={other}"),
                None => continue,
            },
        };
        let changed = shipped("chronic-low-back-pain", &[&change]);
        let same = changed.scenario.hash == loaded.scenario.hash;
        assert_eq!(same, says_nothing_of_a_trial(&path), "{change}");
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
    // One of something is a list of one.
    let entry = "trial.entry=[{ outcome = \"bothersomeness\", at_least = 3 }]";
    let one_in_a_list = shipped("chronic-low-back-pain", &[entry, "arms.relaxation.boosters=[]"]);
    assert_eq!(one_in_a_list.scenario.hash, plain);
    let origin = |path: &str| {
        one_in_a_list.settings.iter().find(|setting| setting.path.to_string() == path).map(|setting| &setting.origin)
    };
    assert_eq!(origin("trial.entry.at_least"), Some(&Origin::Set));
    // Defaults that are written down are still the same scenario.
    let spelt_out = everything(&[
        "trial.exclusions.bleeding.label=bleeding",
        "arms.structural.attendance={ keeps = 0.9, sd = 0, stops = 0 }",
        "arms.structural.adverse_events={ mild = 0.03, serious = 0 }",
        "characteristics.sex.change.rdq={ female = 0, male = -0.5 }",
        "outcomes.days.unit=days",
        "arms.relaxation.effect.pain.ceiling=inf",
        "therapists.arms=[\"structural\", \"relaxation\"]",
    ]);
    assert_eq!(spelt_out.scenario.hash, everything(&[]).scenario.hash);
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
fn a_star_reaches_into_sections_and_a_number_into_lists() {
    let loaded =
        everything(&["arms.*.attendance.keeps=0.8", "arms.*.boosters.*.every_weeks=5", "trial.entry.1.at_least=2"]);
    assert_eq!(
        loaded.notes,
        [
            "--set arms.*.attendance.keeps=0.8 applies to arms.relaxation.attendance.keeps, arms.structural.attendance.keeps",
            "--set arms.*.boosters.*.every_weeks=5 applies to arms.relaxation.boosters.1.every_weeks"
        ]
    );
    let keeps = loaded.scenario.truth.attendance.iter().map(|attendance| attendance.map(|attendance| attendance.keeps));
    assert_eq!(keeps.collect::<Vec<_>>(), [Some(0.8), Some(0.8), None, None]);
    assert_eq!(loaded.scenario.design.entry[1].at_least, 2.0);
    let boosters = |set: &[&str]| -> Vec<f64> {
        let arm = everything(set).scenario.design.layout.arms[0].clone();
        arm.sessions.iter().filter(|session| session.booster).map(|session| session.week).collect()
    };
    assert_eq!(boosters(&["arms.relaxation.boosters.0.sessions=1"]), [14.0, 30.0, 38.0]);
    // Where one block stands alone or none stands at all, it is the first.
    let education = |set: &str| everything(&[set]).scenario.design.layout.arms[2].n_sessions();
    assert_eq!(
        (education("arms.education.boosters.0.sessions=4"), education("arms.education.boosters.sessions=4")),
        (6, 6)
    );
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

#[test]
fn everything_written_is_in_the_scenario() {
    let scenario = everything(&[]).scenario;
    let (design, truth) = (&scenario.design, &scenario.truth);
    assert_eq!(design.entry.len(), 2);
    assert_eq!(
        design.exclusions.iter().map(|exclusion| exclusion.label.as_str()).collect::<Vec<_>>(),
        ["Pregnant", "bleeding"]
    );
    let allocation = BlockAllocation {
        ratio: vec![2, 2, 1, 1],
        block_sizes: vec![6, 12],
        strata: vec![0, 1],
        within_therapist: Some(vec![4, 8]),
    };
    assert_eq!(design.allocation, Some(allocation));
    assert_eq!(design.characteristics[1].change, [[0.0, -0.5], [0.0; 2], [0.0; 2], [0.0; 2], [0.0; 2]]);
    let weeks: Vec<f64> = design.layout.arms[0].sessions[9..].iter().map(|session| session.week).collect();
    assert_eq!(weeks, [10.0, 14.0, 18.0, 22.0, 30.0, 38.0]);

    let outcomes: Vec<(&str, &str, bool)> = design
        .layout
        .outcomes
        .iter()
        .map(|outcome| (outcome.kind.name(), outcome.unit.as_str(), outcome.at_baseline))
        .collect();
    let expected = [
        ("score", "points", true),
        ("score", "cm", true),
        ("count", "days", true),
        ("binary", "off work", true),
        ("ordinal", "", false),
    ];
    assert_eq!(outcomes, expected);
    let n_cuts: Vec<Option<usize>> = truth.outcomes.iter().map(|outcome| outcome.cuts.as_ref().map(Vec::len)).collect();
    assert_eq!(n_cuts, [None, None, Some(28), Some(1), Some(3)]);
    assert_eq!(
        (design.layout.outcomes[4].range, design.layout.outcomes[3].range),
        (Some([1.0, 4.0]), Some([0.0, 1.0]))
    );
    assert_eq!(truth.outcomes[2].sd, [1.0; 4]);
    let EffectModel::Sessions { natural_course, arms } = &truth.outcomes[0].effect else { panic!() };
    assert_eq!(natural_course.map(|course| course.sd), Some(1.5));
    let effect = arms[0].unwrap();
    assert_eq!((effect.ceiling, effect.spread, effect.unit), (6.0, 0.5, EffectUnit::Points));
    assert!((effect.accumulated(&design.layout.arms[0].sessions, 10.0) + 2.9).abs() < 1e-12);
    let EffectModel::Sessions { arms, .. } = &truth.outcomes[1].effect else { panic!() };
    assert_eq!(arms[0].map(|effect| effect.unit), Some(EffectUnit::ShareOfSeverity));

    assert_eq!(truth.attendance[0], Some(Attendance { keeps: 0.85, sd: 0.2, stops: 0.01 }));
    assert_eq!(truth.attendance[2..], [None, None]);
    assert_eq!(truth.adverse_events.severities, ["mild", "serious"]);
    assert_eq!(truth.adverse_events.per_session, [[0.02, 0.001], [0.03, 0.0], [0.0; 2], [0.0; 2]]);
    let therapists = truth.therapists.as_ref().unwrap();
    assert_eq!((therapists.number, therapists.treats.as_slice()), (6, [true, true, false, false].as_slice()));
    let exercise = &truth.co_interventions[0];
    assert_eq!((exercise.uptake.as_slice(), exercise.weeks), ([0.2, 0.2, 0.7, 0.2].as_slice(), [2.0, 20.0]));
    assert_eq!(exercise.change, [-0.6, -0.3, 0.0, 0.0, 0.0]);
    assert_eq!(truth.events[0].share[3], [0.04, 0.1, 0.2]);
    let missingness = &truth.missingness;
    let slope = vec![0.1, 0.1, 0.1, 0.2];
    let dependence = DropoutDependence { outcome: 0, value: DropoutValue::ChangeRecorded, slope, centre: -1.0 };
    assert_eq!(missingness.depends_on, Some(dependence));
    assert_eq!((missingness.missed[2][0], missingness.missed[3][2], missingness.reasons.len()), (0.05, 0.03, 2));

    let interim = Interim {
        looks: vec![0.5, 0.75, 1.0],
        outcome: 0,
        visit: 2,
        spending: Spending::Pocock,
        sharing: Sharing::None,
        drop_below: Some(0.1),
    };
    assert_eq!(scenario.interim, Some(interim));
    assert_eq!(scenario.plan.outcomes, [0, 1, 3]);
    assert_eq!(scenario.plan.covariates, [CovariateSource::BaselineOf(2), CovariateSource::Column(0)]);
}

#[test]
fn what_is_left_out_of_a_section_has_its_default() {
    let of = |section: &str| of_text(&with_section(section)).scenario;
    // Sizes 20, 20 and 10 are as 2 to 2 to 1.
    let allocation = of(SECTIONS[3]).design.allocation.unwrap();
    assert_eq!((allocation.ratio, allocation.block_sizes), (vec![2, 2, 1], vec![10]));
    assert_eq!((allocation.strata, allocation.within_therapist), (vec![], Some(vec![8])));
    let therapists = of(SECTIONS[3]).truth.therapists.unwrap();
    assert_eq!((therapists.treats, therapists.caseload), (vec![true, true, false], vec![0.25; 4]));
    assert_eq!(of(SECTIONS[5]).truth.co_interventions[0].weeks, [0.0, f64::INFINITY]);
    assert_eq!(of(SECTIONS[7]).truth.events[0].share, [[0.2], [0.0], [0.1]]);
    // Dropout depends on the last score about its mean at baseline: the severity's, or that of the recorded number.
    let dependence = |section: &str| of(section).truth.missingness.depends_on.unwrap();
    assert_eq!((dependence(SECTIONS[9]).centre, dependence(SECTIONS[9]).slope), (5.0, vec![0.0, 0.5, 0.0]));
    assert_eq!((dependence(SECTIONS[10]).centre, dependence(SECTIONS[10]).value), (3.0, DropoutValue::LastRecorded));
    assert_eq!(of(SECTIONS[14]).truth.adverse_events.severities, ["serious", "mild"]);
    let sessions = of(SECTIONS[15]).design.layout.arms[0].sessions.clone();
    let weeks: Vec<f64> = sessions.iter().map(|session| session.week).collect();
    assert_eq!(weeks, [1.0, 2.0, 3.0, 7.0, 11.0, 13.0]);
    let interim = Interim {
        looks: vec![0.5, 1.0],
        outcome: 0,
        visit: 1,
        spending: Spending::ObrienFleming,
        sharing: Sharing::Bonferroni,
        drop_below: None,
    };
    assert_eq!(of(SECTIONS[17]).interim, Some(interim));
    assert_eq!(of(SECTIONS[0]).interim, None);
}

#[test]
fn scores_are_analysed_unless_the_plan_says_otherwise() {
    let of = |section: &str| of_text(&with_section(section)).scenario.plan.outcomes;
    assert_eq!(of(SECTIONS[11]), [0, 1]);
    assert_eq!(of(&format!("{}[analysis]\noutcomes = [\"days\", \"pain\"]\n", SECTIONS[11])), [2, 0]);
    // Without any score, what has a baseline.
    let text =
        with_section(&format!("{}{}", SECTIONS[12], SECTIONS[13].replace("levels", "at_baseline = false\nlevels")));
    let (from, to) = (text.find("[outcomes.pain]").unwrap(), text.find("[arms.a]").unwrap());
    let text = [&text[..from], &text[to..]]
        .concat()
        .replace("effect.pain = { at_week = 4, value = -1, half_life_weeks = 5 }\n", "");
    let scenario = of_text(&text).scenario;
    assert_eq!(scenario.plan.outcomes, [0]);
    assert_eq!(scenario.design.layout.outcomes[1].kind.name(), "ordinal");
    assert!(matches!(&scenario.design.layout.outcomes[1].kind, OutcomeKind::Ordinal { levels } if levels.len() == 3));
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
    for which in [SchemaFor::Scenario, SchemaFor::Plan, SchemaFor::Columns, SchemaFor::Tests] {
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

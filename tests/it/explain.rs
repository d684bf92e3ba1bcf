//! `explain`: build-ups that add up, follow the scenario and agree with other roads; every code, key and term has its text.

use std::sync::Arc;

use linger::cohort::{BuildUp, Component, build_up, mean_course};
use linger::dataset::IntakeCode;
use linger::numeric::distributions::normal_cdf;
use linger::report::build_up::printed;
use linger::report::glossary::GLOSSARY;
use linger::scenario::{
    self, CODES, EffectModel, EntryRule, HalfLife, NaturalCourse, Scenario, SchemaFor, SessionEffect,
};
use linger::trial::Session;
use serde_json::Value;

use super::program::{Desk, assert_kept};
use super::trials;

#[test]
fn the_build_up_of_three_scenarios_is_told_whole() {
    let desk = Desk::new();
    assert_kept("explain-arm", &desk.linger("explain relaxation --week 52 --outcome rdq").whole());
    let boosters = "explain relaxation --scenario boosters-monthly --week 24 --outcome bothersomeness";
    assert_kept("explain-boosters", &desk.linger(boosters).whole());
    assert_kept("explain-stated", &desk.linger("explain structural --scenario reference-job --week 18.5").whole());
}

#[test]
fn every_form_of_a_build_up_is_whole() {
    let desk = Desk::new();
    assert_kept("explain-md", &desk.linger("explain structural -q --week 3 --format md").fine());
    assert_kept("explain-csv", &desk.linger("explain structural -q --week 3 --format csv").fine());
    assert_kept("explain-json", &desk.linger("explain structural -q --week 3 --format json").fine());
}

#[test]
fn without_week_and_outcome_it_is_the_last_visit_and_the_first_outcome() {
    let desk = Desk::new();
    let plain = desk.linger("explain structural -q");
    assert_eq!(plain.stderr, "");
    assert_eq!(plain.fine(), desk.linger("explain structural --week 52 --outcome rdq").fine());
}

#[test]
fn words_are_explained_whole() {
    let desk = Desk::new();
    let words = ["L012", "l152", "trial.entry", "half_life_weeks", "fisher_lsd", "'regression to the mean'"];
    let texts: Vec<String> = words.iter().map(|word| desk.linger(&format!("explain {word}")).whole()).collect();
    assert_kept("explain-words", &texts.join("\n"));
    assert_kept("explain-overview", &desk.linger("explain").whole());
    assert_kept("explain-unknown", &desk.linger("explain ancvoa").whole());
}

/// Build-ups of every scenario that is shipped, for every arm and outcome at several weeks.
fn shipped() -> Vec<(Scenario, Vec<BuildUp>)> {
    let of = |scenario: Scenario| {
        let layout = Arc::clone(&scenario.design.layout);
        let mut all = Vec::new();
        for outcome in 0..layout.outcomes.len() {
            for arm in 0..layout.arms.len() {
                let at = |&week: &f64| build_up(&scenario, outcome, arm, week).unwrap();
                // Of what is not recorded at baseline nothing is expected there.
                let from = usize::from(!layout.outcomes[outcome].at_baseline);
                all.extend([0.0, 0.5, 4.0, 10.0, 17.25, 52.0, 80.0][from..].iter().map(at));
            }
        }
        (scenario, all)
    };
    scenario::built_in_list().iter().map(|built_in| of(trials::built_in(built_in.name))).collect()
}

#[test]
fn parts_add_up_to_the_course_of_expected_scores() {
    for (scenario, all) in shipped() {
        for build_up in all {
            let at = |arm: usize, week| mean_course(&scenario, build_up.outcome, arm, &[week]).scores.first().copied();
            let of = |arm: usize| at(arm, build_up.week).unwrap();
            let (baseline, expected) = (at(build_up.arm, 0.0), of(build_up.arm));
            let sum: f64 = build_up.parts.iter().map(|part| part.points).sum();
            let name = format!("{}: {build_up:?}", scenario.title);
            assert!((sum - expected).abs() < 1e-12, "{name}");
            assert_eq!(build_up.expected(), expected, "{name}");
            let entered =
                build_up.parts.iter().take_while(|part| matches!(part.component.name(), "severity" | "selection"));
            if let (Some(baseline), Some(part)) = (baseline, entered.last()) {
                assert!((part.so_far - baseline).abs() < 1e-12, "{name}");
            }
            assert_eq!(build_up.reference, of(scenario.design.layout.reference_arm()), "{name}");
            assert_eq!(build_up.difference(), expected - build_up.reference, "{name}");
        }
    }
}

/// A printed number as a whole number of its last digit.
fn units(text: &str) -> i64 {
    text.replace(['.', '%'], "").parse().unwrap()
}

#[test]
fn printed_rows_add_up_to_the_last_digit() {
    for (scenario, all) in shipped() {
        for build_up in all {
            let printed = printed(&scenario, &build_up);
            let mut total = 0;
            for row in &printed.rows {
                total += units(&row.points);
                assert_eq!(total, units(&row.so_far), "{}: {printed:?}", scenario.title);
            }
            assert_eq!(total, units(&printed.expected));
            assert_eq!(total - units(&printed.reference), units(&printed.difference));
            assert!((total as f64 / 1000.0 - build_up.expected()).abs() <= 0.000_5 + 1e-12, "{printed:?}");
        }
    }
}

/// One arm with sessions and a booster on a score without ends and steps, entered from 12 on; the other arm has none.
fn open_scale() -> Scenario {
    let mut scenario = trials::scenario(&[50, 50], &[0.0, 10.0, 26.0], 1);
    let layout = Arc::make_mut(&mut scenario.design.layout);
    layout.outcomes[0].range = None;
    layout.outcomes[0].step = None;
    let session = |(week, booster)| Session { week, booster };
    layout.arms[0].sessions = [(1.0, false), (2.5, false), (20.0, true)].map(session).to_vec();
    scenario.design.entry = vec![EntryRule { outcome: 0, at_least: 12.0, at_most: f64::INFINITY }];
    scenario.truth.outcomes[0].sd = vec![5.0, 6.0, 6.0];
    let effect =
        SessionEffect { per_session: -0.8, half_life: HalfLife(6.0), lasting_share: 0.25, ..SessionEffect::default() };
    scenario.truth.outcomes[0].effect = EffectModel::Sessions {
        natural_course: Some(NaturalCourse { improves: 2.0, half_life: HalfLife(9.0), sd: 0.0 }),
        arms: vec![Some(effect), None],
    };
    scenario
}

#[test]
fn on_a_scale_without_ends_every_part_has_its_closed_form() {
    let scenario = open_scale();
    let week: f64 = 26.0;
    let build_up = build_up(&scenario, 0, 0, week).unwrap();
    let a: f64 = (12.0 - 10.5) / 5.0;
    let excess = (-0.5 * a * a).exp() / std::f64::consts::TAU.sqrt() / normal_cdf(-a);
    let left = |weeks: f64| 0.25 + 0.75 * (-weeks / 6.0).exp2();
    let expected = [
        ("severity", 10.5),
        ("selection", 5.0 * excess),
        ("regression_to_the_mean", (0.6 - 1.0) * 5.0 * excess),
        ("spread", 0.6 * (6.0 - 5.0) * excess),
        ("natural_course", -2.0 * (1.0 - (-week / 9.0).exp2())),
        ("session", -0.8 * left(25.0)),
        ("session", -0.8 * left(23.5)),
        ("booster", -0.8 * left(6.0)),
    ];
    assert_eq!(build_up.parts.len(), expected.len());
    for (part, (name, points)) in build_up.parts.iter().zip(expected) {
        assert_eq!(part.component.name(), name);
        assert!((part.points - points).abs() < 1e-10, "{name}: {} against {points}", part.points);
    }
    assert!(
        matches!(build_up.parts[2].component, Component::RegressionToTheMean { with_baseline } if with_baseline == 0.6)
    );
}

#[test]
fn what_is_not_there_adds_nothing() {
    let mut scenario = open_scale();
    scenario.design.entry = Vec::new();
    let without_entry = build_up(&scenario, 0, 0, 15.0).unwrap();
    assert_eq!((without_entry.parts[1].points, without_entry.parts[2].points), (0.0, 0.0));
    let booster = without_entry.parts.last().unwrap();
    assert!(matches!(booster.component, Component::Session { booster: true, share_left: Some(0.0), .. }));
    assert_eq!(booster.points, 0.0);
    // At baseline nothing but severity and selection is there.
    let at_baseline = build_up(&open_scale(), 0, 0, 0.0).unwrap();
    assert!(at_baseline.parts[2..].iter().all(|part| part.points == 0.0), "{at_baseline:?}");
    // Sessions on the day count in full, those a moment later not at all.
    let points = |week: f64| build_up(&open_scale(), 0, 0, week).unwrap().parts[6].points;
    assert!((points(2.5) + 0.8).abs() < 1e-12 && points(2.5_f64.next_down()) == 0.0);
}

#[test]
fn an_explanation_changes_with_every_value_that_matters_and_with_no_other() {
    let desk = Desk::new();
    let explain = |change: &str| {
        desk.linger(&format!("explain relaxation -q --week 40 -s arms.relaxation.boosters.sessions=3 {change}")).fine()
    };
    let plain = explain("");
    for change in [
        "trial.entry.at_least=4",
        "trial.entry.at_most=8",
        "outcomes.rdq.baseline.mean=10.1",
        "outcomes.rdq.baseline.sd=5.3",
        "outcomes.rdq.follow_up.sd=5.3",
        "outcomes.rdq.correlation.exchangeable=0.5",
        "outcomes.rdq.natural_course.improves=3.3",
        "outcomes.rdq.natural_course.half_life_weeks=13",
        "outcomes.rdq.range=[0,24]",
        "outcomes.rdq.step=0.5",
        "outcomes.rdq.label=RDQ",
        "outcomes.bothersomeness.baseline.mean=5.3",
        "between_outcomes.exchangeable=0.5",
        "arms.relaxation.sessions=11",
        "arms.relaxation.every_weeks=0.9",
        "arms.relaxation.first_week=0.5",
        "arms.relaxation.label=Massage",
        "arms.relaxation.effect.rdq.value=-3.2",
        "arms.relaxation.effect.rdq.half_life_weeks=13",
        "arms.relaxation.effect.rdq.lasting_share=0.25",
        "arms.relaxation.boosters.sessions=4",
        "arms.relaxation.boosters.every_weeks=3",
        "arms.relaxation.boosters.first_week=16",
    ] {
        assert_ne!(explain(&format!("-s {change}")), plain, "{change}");
    }
    for change in [
        "seed=2",
        "trial.block_size=12",
        "dropout.every_arm=[0.1,0.2,0.3]",
        "analysis.alpha=0.01",
        "arms.structural.sessions=12",
        "arms.relaxation.effect.bothersomeness.value=-1",
        "outcomes.bothersomeness.follow_up.sd=2",
        "simulation.replicates=10",
    ] {
        assert_eq!(explain(&format!("-s {change}")), plain, "{change}");
    }
}

/// The results of `explain WORD` as JSON.
fn explained(desk: &Desk, word: &str) -> Vec<Value> {
    let document: Value =
        serde_json::from_str(&desk.linger(&format!("explain '{word}' --format json")).fine()).unwrap();
    assert_eq!(document["schema"], "linger.explain/1");
    document["results"].as_array().unwrap().clone()
}

#[test]
fn every_code_is_explained() {
    let desk = Desk::new();
    let codes = CODES.iter().map(|code| (code.code, code.meaning));
    let of_data = IntakeCode::TABLE.map(|(_, code, meaning)| (code, meaning));
    let mut n = 0;
    for (code, meaning) in codes.chain(of_data) {
        let results = explained(&desk, code);
        assert_eq!((results.len(), results[0]["about"].as_str()), (1, Some(meaning)), "{code}");
        assert!(results[0]["text"].as_str().unwrap().len() > 60, "{code}");
        n += 1;
    }
    assert!(n > 60, "{n} codes");
}

#[test]
fn every_key_of_every_schema_is_explained() {
    let desk = Desk::new();
    for which in SchemaFor::ALL.iter().copied() {
        let keys = scenario::keys(which);
        // Nothing of the schema is left out: every key of every table occurs.
        let schema = scenario::schema(which);
        let tables =
            std::iter::once(&schema).chain(schema["$defs"].as_object().into_iter().flat_map(|defs| defs.values()));
        for key in tables.filter_map(|table| table["properties"].as_object()).flat_map(|keys| keys.keys()) {
            assert!(keys.iter().any(|found| found.name() == key), "{key} of {}", which.name());
        }
        for key in keys {
            let results = explained(&desk, &key.path.replace("<arm>", "relaxation").replace("<outcome>", "x"));
            let found = results.iter().find(|entry| entry["name"] == key.path && entry["about"] == which.name());
            let found = found.unwrap_or_else(|| panic!("{} of {}", key.path, which.name()));
            assert_eq!(found["text"], key.description);
            assert!(
                key.description.len() > 20 && found["value"].as_str().is_some_and(|kind| kind != "any value"),
                "{key:?}"
            );
            // Whoever says that there is a default says which.
            assert_eq!(key.description.to_lowercase().contains("default"), key.default.is_some(), "{key:?}");
        }
    }
    assert_eq!(explained(&desk, "trial.per_arm.relaxation")[0]["name"], "trial.per_arm");
    assert_eq!(explained(&desk, "boosters.sessions")[0]["name"], "arms.<arm>.boosters.sessions");
    let entry = &explained(&desk, "trial.block_size")[0];
    assert_eq!((&entry["value"], &entry["default"]), (&"a whole number".into(), &"twice the number of arms".into()));
}

#[test]
fn every_term_is_explained_under_all_its_names() {
    let desk = Desk::new();
    let mut names: Vec<&str> = Vec::new();
    for term in GLOSSARY {
        assert!(term.text.len() > 100 && term.reference.len() > 20, "{}", term.name);
        for name in std::iter::once(&term.name).chain(term.also) {
            let results = explained(&desk, &name.replace('-', "_").to_uppercase());
            assert!(results.iter().any(|entry| entry["name"] == term.name && entry["text"] == term.text), "{name}");
            names.push(name);
        }
    }
    assert!(GLOSSARY.windows(2).all(|pair| pair[0].name < pair[1].name), "not in alphabetical order");
    names.sort_unstable();
    names.windows(2).for_each(|pair| assert_ne!(pair[0], pair[1], "two terms of one name"));
}

#[test]
fn everything_that_can_be_explained_is_listed_for_programs() {
    let document: Value = serde_json::from_str(&Desk::new().linger("explain --format json").fine()).unwrap();
    let n_keys: usize = SchemaFor::ALL.iter().copied().map(|which| scenario::keys(which).len()).sum();
    let n = CODES.len() + IntakeCode::TABLE.len() + n_keys + GLOSSARY.len();
    assert_eq!(document["results"].as_array().unwrap().len(), n);
}

#[test]
fn an_arm_wins_over_a_term_and_a_word_over_a_scenario_with_problems() {
    let desk = Desk::new();
    desk.write(
        "trial.toml",
        "[trial]\nper_arm = { ancova = 9, b = 9 }\nvisits_weeks = [0, 4]\n[outcomes.pain]\nrange = [0, 10]\n\
         baseline = { mean = 5, sd = 2 }\n[arms.ancova]\n[arms.b]\n",
    );
    assert!(desk.linger("explain ancova --scenario trial.toml").fine().contains("= expected at week 4"));
    assert!(desk.linger("explain ancova").fine().starts_with("ancova (also:"));
    desk.write("wrong.toml", "sed = 1\n");
    assert!(desk.linger("explain L012 --scenario wrong.toml").fine().starts_with("L012: "));
    let said = desk.linger("explain relaxation --scenario wrong.toml");
    assert!(said.code == 2 && said.stderr.contains("error[L012]"), "{}", said.whole());
}

#[test]
fn what_cannot_be_explained_is_refused_with_what_is_near() {
    let desk = Desk::new();
    for (arguments, says) in [
        ("explain relaxtion", "did you mean relaxation"),
        ("explain trial.entri", "did you mean trial.entry?"),
        ("explain arms.relaxation.efect.rdq.value", "did you mean arms.relaxation.effect.rdq.value?"),
        ("explain estimant", "did you mean estimand?"),
        ("explain L0122", "did you mean L012?"),
        ("explain zzz", "no code, key or term of that name\n"),
        ("explain relaxation --outcome rqd", "did you mean rdq?"),
        ("explain relaxation --week -1", "expected weeks since randomisation"),
        ("explain relaxation --week inf", "expected weeks since randomisation"),
        ("explain ancova --week 3", "has no arm `ancova`"),
        ("explain relaxation --scenario no-efect", "did you mean no-effect?"),
    ] {
        let said = desk.linger(arguments);
        assert!(
            said.code == 2 && said.stdout.is_empty() && said.stderr.contains(says),
            "{arguments}: {}",
            said.whole()
        );
    }
}

#[test]
fn commands_that_are_suggested_can_be_run() {
    let desk = Desk::new();
    desk.write(
        "my trial.toml",
        "[trial]\nper_arm = { 'hot packs' = 9, b = 9 }\nvisits_weeks = [0, 4]\n[outcomes.pain]\nrange = [0, 10]\n\
         baseline = { mean = 5, sd = 2 }\n[arms.'hot packs']\nsessions = 2\n\
         effect.pain = { per_session = -1, half_life_weeks = 3 }\n[arms.b]\n",
    );
    let starts = [
        "explain relaxation",
        "explain usual_care --week 3",
        "explain relaxation --scenario boosters-monthly",
        "explain relaxation --scenario reference-job",
        "explain 'hot packs' --scenario 'my trial.toml'",
    ];
    for start in starts {
        let said = desk.linger(start).stderr;
        let next = said.lines().find_map(|line| line.strip_prefix("try: linger ")).unwrap_or_else(|| panic!("{said}"));
        desk.linger(next).fine();
    }
    for start in ["trial", "trial boosters-monthly -s seed=3", "trial 'my trial.toml'"] {
        let said = desk.linger(start).stderr;
        let next = said.lines().find_map(|line| line.trim().strip_prefix("linger explain ")).unwrap();
        desk.linger(&format!("explain {next}")).fine();
    }
    let said = desk.linger("validate -s arms.relaxation.sesions=3").stderr;
    assert!(said.ends_with("1 error · nothing was run · more: linger explain L012\n"), "{said}");
}

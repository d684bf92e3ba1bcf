//! Seeded mistakes in scenarios, plans and `--set`: each is found with its code, its place and the right suggestion, and nothing else is.
//!
//! The place is marked in the mistaken text itself, between « and ».

use super::every_section::EVERYTHING;
use super::mistakes_in_plans::MISTAKES_IN_PLANS;
use super::mistakes_in_sections::MISTAKES_IN_SECTIONS;
use linger::cli::diagnostics::{Drawing, render};
use linger::dataset::{Names, dictionary};
use linger::scenario::{
    CODES, Override, Place, Problem, Problems, SchemaFor, Source, code, nearest, read, read_plan, schema,
};
use linger::trial::{Covariate, CovariateValues};

const SCENARIO: &str = r#"schema_version = 1
title = "A trial to make mistakes in"
seed = 7

[trial]
per_arm = { relaxation = 30, structural = 30, usual_care = 30 }
visits_weeks = [0, 10, 26, 52]
entry = { outcome = "bothersomeness", at_least = 3 }
block_size = 6

[outcomes.rdq]
label = "Roland disability"
range = [0, 23]
step = 1
better = "lower"
meaningful = 2.0
baseline = { mean = 10, sd = 5 }
follow_up = { sd = 5 }
correlation = { exchangeable = 0.45 }
natural_course = { improves = 1.5, half_life_weeks = 8 }

[outcomes.bothersomeness]
range = [0, 10]
baseline = { mean = 5.2, sd = 2.4 }

[between_outcomes]
exchangeable = 0.4

[arms.relaxation]
label = "Relaxation massage"
sessions = 10
every_weeks = 1
boosters = { sessions = 2, every_weeks = 4 }
effect.rdq = { at_week = 10, value = -2.9, half_life_weeks = 12, lasting_share = 0.1 }

[arms.structural]
sessions = 10
effect.rdq = { per_session = -0.4, half_life_weeks = 12 }

[arms.usual_care]
reference = true

[dropout]
every_arm = [0.05, 0.07, 0.10]
by_arm = { usual_care = [0.05, 0.08, 0.12] }

[analysis]
model = "ancova"
outcomes = ["rdq", "bothersomeness"]
covariates = ["bothersomeness"]
contrasts = ["relaxation - usual_care", "structural - usual_care"]
alpha = 0.05
multiplicity = "fisher_lsd"

[simulation]
replicates = 100
"#;

/// A mistake: what is replaced by what (the place between « and »), the code, the suggestion, and words that must be said.
pub struct Mistake {
    right: &'static str,
    wrong: &'static str,
    code: &'static str,
    suggestion: Option<&'static str>,
    says: &'static str,
}

pub const fn mistake(
    right: &'static str,
    wrong: &'static str,
    code: &'static str,
    suggestion: Option<&'static str>,
    says: &'static str,
) -> Mistake {
    Mistake { right, wrong, code, suggestion, says }
}

const MISTAKES: &[Mistake] = &[
    // Text that is no TOML.
    mistake("seed = 7", "seed «=»", "L001", None, "a value is missing here"),
    mistake("model = \"ancova\"", "model = «ancova»", "L001", None, "words must be in quotes: \"ancova\""),
    mistake("alpha = 0.05", "alpha = 0.05\n«alpha» = 0.1", "L001", None, "`alpha` is written twice"),
    mistake("schema_version = 1", "schema_version = «2»", "L003", None, "this program reads version 1"),
    // Keys that are missing.
    mistake("per_arm =", "«per_armm» =", "L012", Some("per_arm"), "keys allowed here: per_arm, visits_weeks"),
    mistake(
        "[outcomes.rdq]\n",
        "[outcomes.«pain»]\nbaseline = { mean = 5, sd = 2 }\n[outcomes.rdq]\n",
        "L010",
        None,
        "`range` is missing in [outcomes.pain]",
    ),
    mistake(
        "baseline = { mean = 10, sd = 5 }",
        "«baseline» = { mean = 10 }",
        "L010",
        None,
        "`sd` is missing in [outcomes.rdq.baseline]",
    ),
    // Values of the wrong kind.
    mistake("sessions = 10\nevery", "sessions = «\"10\"»\nevery", "L011", None, "write 10 without quotes"),
    mistake("sessions = 10\nevery", "sessions = «9.5»\nevery", "L011", None, "a whole number"),
    mistake(
        "[0, 10, 26, 52]",
        "[0, 10, «\"26\"», 52]",
        "L011",
        None,
        "`trial.visits_weeks[2]` must be a number, but is text",
    ),
    mistake("visits_weeks = [0, 10, 26, 52]", "visits_weeks = «52»", "L011", None, "a list in square brackets"),
    mistake("label = \"Roland disability\"", "label = «3»", "L011", None, "text in quotes"),
    mistake(
        "natural_course = { improves = 1.5, half_life_weeks = 8 }",
        "natural_course = «1.5»",
        "L011",
        None,
        "a table with keys such as improves",
    ),
    // Keys that do not exist.
    mistake("sessions = 10\nevery", "«sesions» = 10\nevery", "L012", Some("sessions"), "in [arms.relaxation]"),
    mistake("seed = 7", "seed = 7\n«alpha» = 0.05", "L012", None, "belongs in [analysis]"),
    mistake(
        "half_life_weeks = 8 }",
        "«half_life» = 8 }",
        "L012",
        Some("half_life_weeks"),
        "[outcomes.rdq.natural_course]",
    ),
    mistake("at_least = 3", "«at-least» = 3", "L012", Some("at_least"), "[trial.entry]"),
    mistake("[simulation]", "[«simulations»]", "L012", Some("simulation"), "at the top level"),
    // Words that are not among the choices.
    mistake("better = \"lower\"", "better = «\"lowr\"»", "L013", Some("lower"), "choices: \"lower\", \"higher\""),
    mistake("\"fisher_lsd\"", "«\"fisher\"»", "L013", Some("fisher_lsd"), "choices: \"fisher_lsd\", \"none\""),
    mistake("\"ancova\"", "«\"anova\"»", "L013", Some("ancova"), "cannot be \"anova\""),
    // Numbers that no setting could take.
    mistake("relaxation = 30", "relaxation = «-30»", "L014", None, "must not be negative"),
    mistake("baseline = { mean = 10,", "baseline = { mean = «nan»,", "L014", None, "must be a finite number"),
    mistake("seed = 7", "seed = «99999999999999999999»", "L014", None, "too large"),
    mistake("replicates = 100", "replicates = «0»", "L014", None, "at least 1"),
    mistake("sessions = 10\nevery", "sessions = «20000»\nevery", "L014", None, "at most 10000"),
    // Lists by visit.
    mistake(
        "[0.05, 0.07, 0.10]",
        "«[0.05, 0.07]»",
        "L015",
        None,
        "one number for each week after baseline: 10, 26, 52",
    ),
    mistake(
        "follow_up = { sd = 5 }",
        "follow_up = { sd_by_visit = «[5, 5, 5, 5]» }",
        "L015",
        None,
        "has 4 numbers, but there are 3 visits",
    ),
    // Names that do not exist.
    mistake(
        "outcome = \"bothersomeness\"",
        "outcome = «\"bothersomness\"»",
        "L020",
        Some("bothersomeness"),
        "names that exist: rdq, bothersomeness",
    ),
    mistake(
        "[arms.structural]",
        "[arms.«structual»]",
        "L020",
        Some("structural"),
        "an arm of this name does not exist: `structual`",
    ),
    mistake("effect.rdq = { per", "effect.«rqd» = { per", "L020", Some("rdq"), "an outcome of this name"),
    mistake("by_arm = { usual_care", "by_arm = { «usual_car»", "L020", Some("usual_care"), "an arm of this name"),
    mistake("outcomes = [\"rdq\",", "outcomes = [\"«rdx»\",", "L020", Some("rdq"), "an outcome of this name"),
    mistake(
        "\"structural - usual_care\"",
        "\"«structual» - usual_care\"",
        "L020",
        Some("structural"),
        "contrast names an arm that does not exist",
    ),
    mistake(
        "\"structural - usual_care\"",
        "\"structural - «control»\"",
        "L020",
        None,
        "names that exist: relaxation, structural, usual_care",
    ),
    mistake("covariates = [\"bothersomeness\"]", "covariates = [\"«age»\"]", "L020", None, "a covariate of this name"),
    // Arms.
    mistake("usual_care = 30 }", "usual_care = «1» }", "L023", None, "at least 2"),
    mistake("block_size = 6", "block_size = «5»", "L024", None, "a multiple of 3, e.g. 6"),
    mistake("block_size = 6", "block_size = «0»", "L024", None, "a multiple of 3"),
    mistake(
        "effect.rdq = { per_session = -0.4, half_life_weeks = 12 }\n\n[arms.usual_care]\nreference = true",
        "effect.rdq = { per_session = -0.4, half_life_weeks = 12 }\nreference = true\n\n[arms.usual_care]\nreference = «true»",
        "L025",
        None,
        "besides `structural`",
    ),
    // Visits.
    mistake("[0, 10, 26, 52]", "[0, 10, 52, «26»]", "L030", None, "week 26 comes after week 52"),
    mistake("[0, 10, 26, 52]", "[«1», 10, 26, 52]", "L030", None, "the baseline at week 0"),
    mistake("[0, 10, 26, 52]", "[0, 10, «10», 52]", "L030", None, "must ascend"),
    // Outcomes.
    mistake("range = [0, 23]", "range = «[23, 0]»", "L031", None, "did you mean [0, 23]?"),
    mistake("range = [0, 23]", "range = «[0]»", "L031", None, "has 1 number"),
    mistake("step = 1", "step = «2»", "L031", None, "does not divide the range from 0 to 23"),
    mistake("step = 1", "step = «-1»", "L031", None, "negative"),
    mistake("meaningful = 2.0", "meaningful = «-2.0»", "L032", None, "must be above 0"),
    mistake("meaningful = 2.0", "meaningful = «25»", "L032", None, "23 points wide"),
    mistake("sd = 2.4", "sd = «0»", "L033", None, "must be above 0"),
    mistake(
        "follow_up = { sd = 5 }",
        "follow_up = { sd = 5, «sd_by_visit» = [5, 5, 5] }",
        "L033",
        None,
        "keep one of them",
    ),
    mistake(
        "correlation = { exchangeable = 0.45 }",
        "correlation = { exchangeable = «-0.4» }",
        "L034",
        None,
        "not possible for 4 visits",
    ),
    mistake(
        "correlation = { exchangeable = 0.45 }",
        "correlation = { exchangeable = 0.45, «ar1» = 0.5 }",
        "L034",
        None,
        "keep one of them",
    ),
    // Below 1, but so near to it that one visit could not be told from the next.
    mistake(
        "correlation = { exchangeable = 0.45 }",
        "correlation = { exchangeable = «0.9999999999999» }",
        "L034",
        None,
        "not positive definite",
    ),
    mistake(
        "correlation = { exchangeable = 0.45 }",
        "correlation = { ar1 = «0.9999999999999» }",
        "L034",
        None,
        "not positive definite",
    ),
    mistake("correlation = { exchangeable = 0.45 }", "correlation = { ar1 = «1» }", "L034", None, "below 1"),
    mistake(
        "[between_outcomes]\nexchangeable = 0.4",
        "[between_outcomes]\nmatrix = [[1, 0.4], [«0.5», 1]]",
        "L034",
        None,
        "not symmetric: row 1, column 2 has 0.4",
    ),
    mistake(
        "[between_outcomes]\nexchangeable = 0.4",
        "[between_outcomes]\nmatrix = «[[1, 0.4, 0.1], [0.4, 1, 0.1], [0.1, 0.1, 1]]»",
        "L015",
        None,
        "2 rows of 2 numbers, for 2 outcomes",
    ),
    mistake(
        "correlation = { exchangeable = 0.45 }",
        "correlation = { matrix = «[[1, 0.9, -0.9, 0], [0.9, 1, 0.9, 0], [-0.9, 0.9, 1, 0], [0, 0, 0, 1]]» }",
        "L034",
        None,
        "not positive definite",
    ),
    mistake("improves = 1.5, half_life_weeks = 8", "improves = 1.5, half_life_weeks = «0»", "L035", None, "above 0"),
    mistake("at_least = 3", "at_least = «11»", "L036", None, "nobody can meet the entry rule"),
    mistake(
        "{ outcome = \"bothersomeness\", at_least = 3 }",
        "{ outcome = \"rdq\", at_most = «-1» }",
        "L036",
        None,
        "nobody can meet",
    ),
    mistake("at_least = 3", "at_least = «7», at_most = 5", "L036", None, "nobody scores at least 7 and at most 5"),
    // Effects.
    mistake(
        "{ per_session = -0.4,",
        "{ «per_session» = -0.4, at_week = 10, value = -2.9,",
        "L040",
        None,
        "implies per_session = -0.37",
    ),
    mistake("at_week = 10, value = -2.9", "«at_week» = 10", "L041", None, "`at_week` without `value`"),
    mistake("at_week = 10, value = -2.9", "«value» = -2.9", "L041", None, "`value` without `at_week`"),
    mistake(
        "rdq = { per_session = -0.4, half_life_weeks = 12",
        "«rdq» = { per_session = -0.4",
        "L041",
        None,
        "`half_life_weeks` is missing in [arms.structural.effect.rdq]",
    ),
    mistake(
        "rdq = { per_session = -0.4, half_life_weeks = 12",
        "«rdq» = { half_life_weeks = 12",
        "L041",
        None,
        "does not say how large",
    ),
    mistake("lasting_share = 0.1", "lasting_share = «10»", "L042", None, "between 0 and 1"),
    mistake("half_life_weeks = 12, lasting", "half_life_weeks = «-12», lasting", "L042", None, "above 0"),
    mistake("at_week = 10", "at_week = «0.5»", "L043", None, "the first session is in week 1"),
    mistake(
        "[arms.structural]\nsessions = 10\neffect.rdq",
        "[arms.structural]\nsessions = 0\neffect.«rdq»",
        "L043",
        None,
        "`structural` has no sessions",
    ),
    mistake("every_weeks = 1\n", "every_weeks = «0»\n", "L045", None, "above 0"),
    mistake(
        "boosters = { sessions = 2,",
        "boosters = { first_week = «8», sessions = 2,",
        "L045",
        None,
        "ends in week 10",
    ),
    mistake(
        "[arms.usual_care]\n",
        "[arms.usual_care]\nboosters.sessions = «3»\n",
        "L045",
        None,
        "but no first course of sessions",
    ),
    // Dropout.
    mistake("[0.05, 0.07, 0.10]", "[0.05, «0.04», 0.10]", "L050", None, "cannot fall"),
    mistake("[0.05, 0.07, 0.10]", "[0.05, 0.07, «10»]", "L050", None, "10 % is written 0.1"),
    // Analysis.
    mistake(
        "\"structural - usual_care\"",
        "«\"structural-usual_care\"»",
        "L060",
        Some("structural - usual_care"),
        "is not a contrast",
    ),
    mistake("\"structural - usual_care\"", "«\"structural - structural\"»", "L060", None, "with itself"),
    mistake(
        "\"structural - usual_care\"",
        "«\"usual_care - relaxation\"»",
        "L060",
        None,
        "the same arms as `relaxation - usual_care`",
    ),
    mistake(
        "[\"relaxation - usual_care\", \"structural - usual_care\"]",
        "«[]»",
        "L060",
        None,
        "the list of contrasts is empty",
    ),
    mistake("alpha = 0.05", "alpha = «5»", "L061", None, "5 % is written 0.05"),
    mistake("alpha = 0.05", "alpha = «0.95»", "L061", None, "write 0.05"),
    mistake("[\"rdq\", \"bothersomeness\"]", "[\"rdq\", «\"rdq\"»]", "L062", None, "listed twice"),
];

fn problems(text: &str, overrides: &[&str]) -> Problems {
    let overrides: Vec<Override> = overrides.iter().map(|&argument| Override::new(argument)).collect();
    match read(Source::new("trial.toml", text), &overrides) {
        Ok(_) => Problems::new(),
        Err(problems) => problems,
    }
}

/// Text without its mark, with line and column of the mark.
fn unmark(text: &str) -> (String, Option<(usize, usize)>) {
    let place = text.find('«').map(|at| position(text, at));
    (text.replace(['«', '»'], ""), place)
}

fn position(text: &str, at: usize) -> (usize, usize) {
    let before = &text[..at];
    let line = before.matches('\n').count() + 1;
    let column = before.rsplit('\n').next().unwrap_or_default().chars().count() + 1;
    (line, column)
}

fn said(problem: &Problem) -> String {
    let parts = [Some(&problem.message), problem.label.as_ref(), problem.help.as_ref()];
    parts.into_iter().flatten().cloned().collect::<Vec<_>>().join(" | ")
}

#[test]
fn the_scenario_to_make_mistakes_in_has_none() {
    assert_eq!(problems(SCENARIO, &[]), Problems::new());
    assert_eq!(problems(EVERYTHING, &[]), Problems::new());
}

#[test]
fn each_mistake_is_found_with_code_place_and_suggestion() {
    let wrong: Vec<String> =
        MISTAKES.iter().chain(MISTAKES_IN_PLANS).filter_map(|mistake| check(mistake, SCENARIO).err()).collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n\n"));
}

#[test]
fn each_mistake_in_a_section_is_found_with_code_place_and_suggestion() {
    let wrong: Vec<String> =
        MISTAKES_IN_SECTIONS.iter().filter_map(|mistake| check(mistake, EVERYTHING).err()).collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n\n"));
}

/// Whether a mistake in a scenario gives exactly the one problem that is expected of it.
fn check(mistake: &Mistake, scenario: &str) -> Result<(), String> {
    let Mistake { right, wrong, code, suggestion, says } = mistake;
    let (text, expected) = unmark(&scenario.replacen(right, wrong, 1));
    let found = problems(&text, &[]);
    let fail = |why: &str| Err(format!("{wrong}: {why} (expected {code} at {expected:?})\n{found}"));
    if !scenario.contains(right) {
        return fail("what is replaced is not in the scenario");
    }
    let [problem] = found.iter().collect::<Vec<_>>()[..] else { return fail("not exactly one problem") };
    if problem.code != *code {
        fail("another code")
    } else if problem.suggestion.as_deref() != *suggestion {
        fail("another suggestion")
    } else if !said(problem).contains(says) {
        fail("other words")
    } else if problem.place.as_ref().and_then(Place::line_and_column) != expected {
        fail("another place")
    } else {
        Ok(())
    }
}

#[test]
fn an_arm_without_its_table_is_found_where_its_size_is_given() {
    let table = "[arms.structural]\nsessions = 10\neffect.rdq = { per_session = -0.4, half_life_weeks = 12 }\n";
    let found = problems(&SCENARIO.replace(table, ""), &[]);
    let [problem] = found.iter().collect::<Vec<_>>()[..] else { panic!("{found}") };
    assert_eq!((problem.code, said(problem).contains("arm `structural` has no table")), ("L022", true), "{found}");
    assert_eq!(problem.place.as_ref().and_then(Place::line_and_column), Some((6, 30)));
}

#[test]
fn an_entry_rule_that_almost_nobody_meets_is_found_and_one_that_few_meet_is_not() {
    // Latent mean 1; a recorded 3 needs a latent 2.5, which is 3.75 and 1.67 standard deviations above the mean.
    let candidates = |sd: &str| SCENARIO.replace("mean = 5.2, sd = 2.4", &format!("mean = 1, sd = {sd}"));
    let found = problems(&candidates("0.4"), &[]);
    let [problem] = found.iter().collect::<Vec<_>>()[..] else { panic!("{found}") };
    assert_eq!(
        (problem.code, problem.message.as_str()),
        ("L036", "only 0.0088 % of candidates would meet the entry rule")
    );
    assert_eq!(problem.place.as_ref().and_then(Place::line_and_column), Some((8, 50)));
    assert!(problems(&candidates("0.9"), &[]).is_empty());
}

/// Mistakes in `--set`, with the place between « and ».
const OVERRIDES: &[(&str, &str, Option<&str>, &str)] = &[
    (
        "arms.«relaxtion».sessions=20",
        "L012",
        Some("arms.relaxation.sessions"),
        "no arm `relaxtion`; did you mean arms.relaxation.sessions?",
    ),
    (
        "arms.relaxation.«sesions»=20",
        "L012",
        Some("arms.relaxation.sessions"),
        "keys allowed there: label, reference, sessions",
    ),
    ("«arm».relaxation.sessions=20", "L012", Some("arms.relaxation.sessions"), "at the top level"),
    ("«relaxation».sessions=20", "L012", Some("arms.relaxation.sessions"), "did you mean arms.relaxation.sessions?"),
    ("arms.relaxation.effect.«rqd».value=-3", "L012", Some("arms.relaxation.effect.rdq.value"), "no outcome `rqd`"),
    ("outcomes.«pain».range=[0, 10]", "L012", None, "outcomes are rdq, bothersomeness"),
    ("trial.per_arm.«self_care»=30", "L012", None, "no arm `self_care`"),
    ("dropout.by_arm.«usualcare»=[0, 0, 0]", "L012", Some("dropout.by_arm.usual_care"), "no arm `usualcare`"),
    ("«arms.*.first_week»=2", "L012", None, "nothing in the file is at arms.*.first_week"),
    ("arms.*.«session»=2", "L012", None, "unknown key `session`"),
    ("analysis.contrasts.«0»=x", "L012", None, "is a list and is set as a whole"),
    ("seed.«more»=1", "L012", None, "`seed` has nothing below it"),
    ("«arms.relaxation.sessions»", "L004", None, "write path=value"),
    ("arms.relaxation.sessions«=»", "L004", None, "a value must follow"),
    ("arms.«».sessions=3", "L004", None, "an empty name"),
    ("analysis.contrasts=«[\"a\"»", "L001", None, "the value is not valid TOML"),
    ("arms.relaxation.sessions=«many»", "L011", None, "must be a whole number, but is text"),
    ("arms.relaxation.sessions=«-1»", "L014", None, "must not be negative"),
    ("outcomes.rdq.better=«lowr»", "L013", Some("lower"), "cannot be \"lowr\""),
    ("trial.entry.outcome=«rdx»", "L020", Some("rdq"), "an outcome of this name"),
    (
        "arms.relaxation.boosters.«sesions»=2",
        "L012",
        Some("arms.relaxation.boosters.sessions"),
        "keys allowed there: sessions, every_weeks, first_week",
    ),
    ("arms.relaxation.boosters.«1».sessions=2", "L012", None, "unknown key `1` in [arms.relaxation.boosters]"),
    (
        "«relaxation».boosters.every_weeks=2",
        "L012",
        Some("arms.relaxation.boosters.every_weeks"),
        "did you mean arms.relaxation.boosters.every_weeks?",
    ),
    ("arms.relaxation.adverse_events.«mild»=0.1", "L012", None, "arms.relaxation.adverse_events={ ... }"),
    ("arms.relaxation.attendance.keeps=«80»", "L016", None, "80 % is written 0.8"),
    ("trial.visits_weeks=[0, 10, «5», 52]", "L030", None, "must ascend"),
    (
        "analysis.contrasts=['relaxation - «structual»']",
        "L020",
        Some("structural"),
        "contrast names an arm that does not exist",
    ),
    ("analysis.alpha=«.7»", "L061", None, "at most 0.5"),
];

/// The same in the scenario with everything, in which there are lists of tables.
const OVERRIDES_IN_SECTIONS: &[(&str, &str, Option<&str>, &str)] = &[
    (
        "arms.relaxation.boosters.«2».sessions=2",
        "L012",
        None,
        "entries are arms.relaxation.boosters.0, arms.relaxation.boosters.1",
    ),
    (
        "arms.relaxation.boosters.«sessions»=2",
        "L012",
        None,
        "no entry `sessions` in the list `arms.relaxation.boosters`",
    ),
    (
        "arms.relaxation.boosters.0.«sesions»=2",
        "L012",
        Some("arms.relaxation.boosters.0.sessions"),
        "did you mean arms.relaxation.boosters.0.sessions?",
    ),
    ("trial.entry.1.at_least=«40»", "L036", None, "nobody"),
    ("characteristics.«sez».label=Sex", "L012", Some("characteristics.sex.label"), "no characteristic `sez`"),
    (
        "characteristics.sex.change.rdq.«femal»=1",
        "L012",
        Some("characteristics.sex.change.rdq.female"),
        "no level `femal`",
    ),
    ("dropout.reasons.«moved»=0.5", "L012", Some("dropout.reasons.\"moved away\""), "no reason `moved`"),
    ("arms.relaxation.adverse_events.«severe»=0.5", "L012", None, "severities are mild, serious"),
];

#[test]
fn each_mistake_in_an_override_is_found_with_code_place_and_suggestion() {
    let all = OVERRIDES.iter().map(|row| (SCENARIO, row));
    for (text, (marked, code, suggestion, says)) in all.chain(OVERRIDES_IN_SECTIONS.iter().map(|row| (EVERYTHING, row)))
    {
        let (argument, place) = unmark(marked);
        let found = problems(text, &[&argument]);
        let [problem] = found.iter().collect::<Vec<_>>()[..] else {
            panic!("{marked}: not exactly one problem\n{found}")
        };
        assert_eq!(problem.code, *code, "{marked}\n{found}");
        assert_eq!(problem.suggestion.as_deref(), *suggestion, "{marked}\n{found}");
        assert!(said(problem).contains(says), "{marked}\n{found}");
        assert_eq!(problem.place.as_ref().map(Place::file), Some("--set"), "{marked}");
        assert_eq!(problem.place.as_ref().and_then(Place::line_and_column), place, "{marked}\n{found}");
        assert!(problem.to_string().starts_with(&format!("--set '{argument}': error[{code}]: ")), "{problem}");
    }
}

#[test]
fn mistakes_of_every_sort_are_reported_together_in_the_order_of_reading() {
    let text = SCENARIO
        .replace("sessions = 10\nevery", "sesions = 10\nevery")
        .replace("better = \"lower\"", "better = \"lowr\"")
        .replace("[0, 10, 26, 52]", "[0, 10, 52, 26]")
        .replace("\"structural - usual_care\"", "\"structual - usual_care\"")
        .replace("alpha = 0.05", "alpha = 5");
    let found = problems(&text, &["arms.relaxtion.sessions=20", "seed=-1", "simulation.replicates=none"]);
    let codes: Vec<&str> = found.iter().map(|problem| problem.code).collect();
    assert_eq!(codes, ["L030", "L013", "L012", "L020", "L061", "L012", "L014", "L011"], "{found}");
    assert!(found.to_string().ends_with("8 errors · nothing was run"));
}

#[test]
fn several_syntax_errors_and_a_misspelt_key_are_reported_together() {
    let text = SCENARIO
        .replace("title = \"A trial to make mistakes in\"", "title = A trial")
        .replace("model = \"ancova\"", "model =")
        .replace("every_weeks = 1\n", "every_week = 1\n");
    let found = problems(&text, &[]);
    let summary: Vec<(&str, Option<&str>)> =
        found.iter().map(|problem| (problem.code, problem.suggestion.as_deref())).collect();
    assert_eq!(summary, [("L001", None), ("L012", Some("every_weeks")), ("L001", None)], "{found}");
}

#[test]
fn an_effect_given_twice_shows_what_each_form_implies_of_the_other() {
    // One session a week for two weeks, half of it gone after a week: at week 2 a half and a whole are left, 1.5 together.
    let text = SCENARIO.replace("[arms.structural]\nsessions = 10", "[arms.structural]\nsessions = 2").replace(
        "{ per_session = -0.4, half_life_weeks = 12 }",
        "{ per_session = -2, at_week = 2, value = -6, half_life_weeks = 1 }",
    );
    let found = problems(&text, &[]);
    let help = found.iter().next().and_then(|problem| problem.help.clone()).unwrap_or_default();
    assert!(help.contains("per_session = -2 implies value = -3 at week 2"), "{found}");
    assert!(help.contains("value = -6 implies per_session = -4"), "{found}");
}

#[test]
fn means_by_visit_ask_for_every_arm_and_stand_alone() {
    let only_one = SCENARIO
        .replace("effect.rdq = { per_session = -0.4, half_life_weeks = 12 }", "effect.rdq.visit_means = [-1, -1, -1]");
    let found = problems(&only_one, &[]);
    assert_eq!(found.iter().filter(|problem| problem.code == "L044").count(), 3, "{found}");
    let together = SCENARIO.replace("per_session = -0.4,", "visit_means = [-1, -1, -1],");
    let found = problems(&together, &[]);
    assert!(
        found.iter().any(|problem| problem.code == "L040" && said(problem).contains("stand on their own")),
        "{found}"
    );
}

/// The one problem of a text.
fn only_problem(text: &str) -> Problem {
    let found = problems(text, &[]);
    let [problem] = found.iter().collect::<Vec<_>>()[..] else { panic!("not exactly one problem\n{found}") };
    problem.clone()
}

#[test]
fn means_by_visit_have_no_ceiling_spread_or_unit() {
    for key in ["ceiling = 3", "spread = 0.2", "unit = \"points\""] {
        let means = format!("{{ visit_means = [-1, -1, -1], {key} }}");
        let text = SCENARIO
            .replace("{ per_session = -0.4, half_life_weeks = 12 }", &means)
            .replace(
                "{ at_week = 10, value = -2.9, half_life_weeks = 12, lasting_share = 0.1 }",
                "{ visit_means = [-1, -1, -1] }",
            )
            .replace("[arms.usual_care]", "[arms.usual_care]\neffect.rdq.visit_means = [0, 0, 0]")
            .replace("natural_course = { improves = 1.5, half_life_weeks = 8 }\n", "");
        let problem = only_problem(&text);
        assert_eq!((problem.code, said(&problem).contains("stand on their own")), ("L040", true), "{problem}");
    }
}

#[test]
fn an_effect_given_twice_under_a_ceiling_shows_what_is_left_of_it() {
    // Two sessions of which nothing fades: -6 under a ceiling of 6 leaves -6 (1 - 1/e); -3 is what a sum of -6 ln 2 leaves.
    let text = SCENARIO.replace("[arms.structural]\nsessions = 10", "[arms.structural]\nsessions = 2").replace(
        "{ per_session = -0.4, half_life_weeks = 12 }",
        "{ per_session = -3, at_week = 2, value = -3, half_life_weeks = inf, ceiling = 6 }",
    );
    let help = only_problem(&text).help.unwrap_or_default();
    assert!(help.contains("per_session = -3 implies value = -3.7927 at week 2"), "{help}");
    assert!(help.contains("value = -3 implies per_session = -2.0794"), "{help}");
}

#[test]
fn a_ratio_is_asked_for_where_the_sizes_give_none() {
    let text =
        SCENARIO.replace("block_size = 6\n", "allocation = {}\n").replace("relaxation = 30,", "relaxation = 31,");
    let problem = only_problem(&text);
    assert_eq!(problem.code, "L026");
    assert!(said(&problem).contains("the sizes 31, 30, 30 are no ratio of small numbers"), "{problem}");
    assert!(said(&problem).contains("ratio = { relaxation = 1, structural = 1, usual_care = 1 }"), "{problem}");
}

#[test]
fn a_second_stage_needs_therapists_in_two_arms() {
    let problem =
        only_problem(&EVERYTHING.replace("arms = [\"relaxation\", \"structural\"]", "arms = [\"relaxation\"]"));
    assert_eq!((problem.code, said(&problem).contains("therapists treat in 1 arm")), ("L026", true), "{problem}");
    let without = EVERYTHING.find("[therapists]").zip(EVERYTHING.find("[co_interventions.exercise]"));
    let (from, to) = without.unwrap();
    let problem = only_problem(&[&EVERYTHING[..from], &EVERYTHING[to..]].concat());
    assert_eq!((problem.code, said(&problem).contains("add [therapists]")), ("L026", true), "{problem}");
    // Therapists in every arm with sessions leave nothing for the first stage but the arm without: that is allowed.
    let all = "arms = [\"relaxation\", \"structural\", \"education\"]";
    let text = EVERYTHING.replace("arms = [\"relaxation\", \"structural\"]", all).replace("[4, 8]", "[5, 10]");
    assert_eq!(problems(&text, &[]), Problems::new());
}

#[test]
fn strata_need_characteristics_and_are_not_too_many() {
    let text = SCENARIO.replace("block_size = 6\n", "allocation = { strata = [\"site\"] }\n");
    let problem = only_problem(&text);
    assert_eq!((problem.code, said(&problem).contains("the scenario has none")), ("L020", true), "{problem}");
    let levels: Vec<String> = (0..22).map(|level| format!("l{level} = {}", if level == 0 { 1 } else { 0 })).collect();
    let of = |name: &str| format!("[characteristics.{name}]\nlevels = {{ {} }}\n", levels.join(", "));
    let strata = "allocation = { strata = [\"a\", \"b\", \"c\"] }\n";
    let three = [&SCENARIO.replace("block_size = 6\n", strata), of("a").as_str(), &of("b"), &of("c")].concat();
    let problem = only_problem(&three);
    assert_eq!((problem.code, said(&problem).contains("10648 strata")), ("L026", true), "{problem}");
}

#[test]
fn a_characteristic_cannot_have_the_name_of_something_else() {
    let with = |name: &str, more: &str| {
        format!("{SCENARIO}[characteristics.{name}]\nlevels = {{ low = 0.5, high = 0.5 }}\n{more}")
    };
    let problem = only_problem(&with("rdq", ""));
    assert_eq!((problem.code, said(&problem).contains("an outcome has it")), ("L021", true), "{problem}");
    assert_eq!(problems(&with("therapist", ""), &[]), Problems::new());
    let problem = only_problem(&with("therapist", "[therapists]\nnumber = 3\n"));
    assert_eq!((problem.code, said(&problem).contains("column of therapists")), ("L021", true), "{problem}");
    // Every heading of written data is taken, in both sets of names.
    let trial = super::trials::trial(
        &super::trials::layout(2, &[0.0, 1.0], 1).into(),
        &[0, 1],
        &[vec![None; 2], vec![None; 2]],
    );
    for names in Names::ALL {
        for column in dictionary(&trial, names).columns {
            let problem = only_problem(&with(&column.name, ""));
            assert_eq!((problem.code, said(&problem).contains("heading")), ("L021", true), "{problem}");
        }
    }
}

#[test]
fn there_may_not_be_too_many_of_anything() {
    let tables =
        |table: &str, n: usize, keys: &str| -> String { (0..n).map(|i| format!("[{table}.n{i}]\n{keys}\n")).collect() };
    for (table, most, keys) in [
        ("trial.exclusions", 64, "prevalence = 0.001"),
        ("characteristics", 16, "levels = { a = 0.5, b = 0.5 }"),
        ("co_interventions", 64, "uptake = 0.1"),
        ("events", 64, "every_arm = [0, 0, 0]"),
    ] {
        assert_eq!(problems(&(SCENARIO.to_owned() + &tables(table, most, keys)), &[]), Problems::new(), "{table}");
        let problem = only_problem(&(SCENARIO.to_owned() + &tables(table, most + 1, keys)));
        assert_eq!(problem.code, "L017", "{problem}");
    }
    let exclusions = SCENARIO.to_owned() + &tables("trial.exclusions", 3, "prevalence = 0.91");
    let problem = only_problem(&exclusions);
    assert_eq!(
        (problem.code, said(&problem).contains("leave only 0.0729 % of candidates")),
        ("L029", true),
        "{problem}"
    );
}

#[test]
fn dropout_that_depends_on_a_score_needs_shares_to_change() {
    let shares = "every_arm = [0.05, 0.07, 0.10]\nby_arm = { usual_care = [0.05, 0.08, 0.12] }\n";
    let problem = only_problem(&SCENARIO.replace(shares, "depends_on = { outcome = \"rdq\", per_point = 0.1 }\n"));
    assert_eq!((problem.code, said(&problem).contains("nobody is lost")), ("L051", true), "{problem}");
}

#[test]
fn an_outcome_without_baseline_alone_leaves_nothing_to_analyse() {
    let text = "[trial]\nper_arm = { a = 9, b = 9 }\nvisits_weeks = [0, 4]\n[outcomes.rating]\nkind = \"ordinal\"\n\
                levels = [\"better\", \"worse\"]\nbaseline.shares = [0.5, 0.5]\nat_baseline = false\n[arms.a]\n[arms.b]\n";
    let problem = only_problem(text);
    assert_eq!(
        (problem.code, said(&problem).contains("no outcome is recorded at baseline")),
        ("L039", true),
        "{problem}"
    );
}

#[test]
fn what_is_wrong_in_one_table_or_in_a_list_of_them_is_named_together() {
    let text = EVERYTHING
        .replace("outcome = \"rdq\", at_least = 4", "outcome = \"rdx\", at_leest = 4")
        .replace("[{ sessions = 3 }, {", "[{ sesions = 3, every_weeks = -1 }, {")
        .replace("boosters = { sessions = 1, first_week = 12 }", "boosters = { sesions = 1, every_weeks = 0 }");
    let found = problems(&text, &[]);
    let codes: Vec<&str> = found.iter().map(|problem| problem.code).collect();
    assert_eq!(codes, ["L020", "L012", "L012", "L045", "L012", "L045"], "{found}");
}

#[test]
fn everything_missing_is_named_at_once() {
    let found = problems("", &[]);
    let missing: Vec<&str> = found.iter().map(|problem| problem.message.as_str()).collect();
    assert_eq!(
        missing,
        [
            "`per_arm` is missing in [trial]",
            "`visits_weeks` is missing in [trial]",
            "`outcomes` is missing at the top level",
            "`arms` is missing at the top level",
        ]
    );
    assert!(found.iter().all(|problem| problem.code == "L010"));
}

/// All tables of a schema as their lists of keys.
fn tables(whole: &serde_json::Value) -> Vec<Vec<String>> {
    let all = std::iter::once(whole).chain(whole["$defs"].as_object().into_iter().flat_map(|defs| defs.values()));
    all.filter_map(|table| table["properties"].as_object())
        .map(|properties| properties.keys().cloned().collect())
        .collect()
}

#[test]
fn every_slip_of_one_letter_in_every_key_is_put_right() {
    let (mut n_slips, mut n_ambiguous) = (0, 0);
    let files = [SchemaFor::Scenario, SchemaFor::Plan, SchemaFor::Columns, SchemaFor::Tests];
    for keys in files.into_iter().flat_map(|which| tables(&schema(which))) {
        let among = || keys.iter().map(String::as_str);
        for key in &keys {
            for slip in slips(key).into_iter().filter(|slip| !slip.is_empty() && !keys.contains(slip)) {
                n_slips += 1;
                // `arm` and `arms` are both keys, so that `armx` may mean either.
                let distance = strsim::damerau_levenshtein(&slip, key);
                let either = |other: &String| other != key && strsim::damerau_levenshtein(&slip, other) <= distance;
                if keys.iter().any(either) {
                    n_ambiguous += 1;
                    assert!(nearest(&slip, among()).is_some(), "{slip} for {key}");
                } else {
                    assert_eq!(nearest(&slip, among()), Some(key.as_str()), "{slip} for {key}");
                }
            }
        }
    }
    assert!(n_slips > 1000 && n_ambiguous * 50 < n_slips, "{n_slips} slips, {n_ambiguous} of them ambiguous");
    assert_eq!(nearest("ars", ["arm", "arms"]), Some("arms"));
}

/// Every word that differs from one by a letter left out, doubled, wrong, or by two letters swapped.
fn slips(word: &str) -> Vec<String> {
    let letters: Vec<char> = word.chars().collect();
    let changed = |change: &dyn Fn(&mut Vec<char>)| {
        let mut copy = letters.clone();
        change(&mut copy);
        copy.into_iter().collect::<String>()
    };
    let mut slips = Vec::new();
    for at in 0..letters.len() {
        slips.push([&letters[..at], &letters[at + 1..]].concat().into_iter().collect());
        slips.push(changed(&|copy| copy.insert(at, letters[at])));
        slips.extend(['q', 'x', 'z'].map(|other| changed(&|copy| copy[at] = other)));
        if at > 0 {
            slips.push(changed(&|copy| copy.swap(at - 1, at)));
        }
    }
    slips
}

#[test]
fn a_misspelt_key_is_put_right_wherever_it_stands_in_a_file() {
    let lines = |text: &'static str| text.lines().map(move |line| (text, line));
    for (whole, line) in lines(SCENARIO).chain(lines(EVERYTHING)) {
        let Some((right, _)) = line.split_once(" =").filter(|(right, _)| !right.contains(['.', ' '])) else { continue };
        let slip = format!("{right}x");
        let text = whole.replacen(&format!("\n{line}\n"), &format!("\n{}\n", line.replacen(right, &slip, 1)), 1);
        if text == whole {
            continue;
        }
        let found = problems(&text, &[]);
        let suggestions: Vec<&str> = found.iter().filter_map(|problem| problem.suggestion.as_deref()).collect();
        assert!(found.iter().any(|problem| problem.code == "L012") && suggestions.contains(&right), "{slip}\n{found}");
    }
}

#[test]
fn every_problem_has_a_code_that_is_explained() {
    for (position, known) in CODES.iter().enumerate() {
        assert!(CODES[..position].iter().all(|earlier| earlier.code < known.code), "{} is out of order", known.code);
        assert!(!known.meaning.ends_with('.') && known.explanation.ends_with('.'), "{}", known.code);
    }
    for seeded in MISTAKES.iter().chain(MISTAKES_IN_SECTIONS).chain(MISTAKES_IN_PLANS) {
        assert!(code(seeded.code).is_some(), "{}", seeded.code);
    }
    assert_eq!(code("l012").map(|code| code.code), Some("L012"));
    assert_eq!(code("L999"), None);
}

#[test]
fn a_plan_on_its_own_follows_the_same_rules() {
    let loaded = read(Source::new("trial.toml", SCENARIO), &[]).unwrap_or_else(|problems| panic!("{problems}"));
    let layout = &loaded.scenario.design.layout;
    let plan = "alpha = 0.1\ncontrasts = [\"relaxation - usual_care\", \"relaxation - strctural\"]\ncovariates = [\"agee\", \"sex\"]\nmodle = \"ancova\"\n";
    let column = |name: &str| Covariate { name: name.to_owned(), values: CovariateValues::Numeric(Vec::new()) };
    let columns = [column("age"), column("sex")];
    let found = read_plan(Source::new("plan.toml", plan), &[], layout, &columns).err().unwrap_or_default();
    let summary: Vec<_> = found
        .iter()
        .map(|problem| {
            (problem.code, problem.place.as_ref().and_then(Place::line_and_column), problem.suggestion.as_deref())
        })
        .collect();
    assert_eq!(
        summary,
        [
            ("L020", Some((2, 55)), Some("structural")),
            ("L020", Some((3, 16)), Some("age")),
            ("L012", Some((4, 1)), Some("model")),
        ],
        "{found}"
    );
    let headed = read_plan(Source::new("plan.toml", "[analysis]\nalpha = 0.1\n"), &[], layout, &columns);
    assert!(headed.is_err_and(|found| found.to_string().contains("take the heading out")));
}

#[test]
fn problems_are_json_for_machines() {
    let found = problems(&SCENARIO.replace("seed = 7", "sede = 7"), &[]);
    let json = serde_json::to_value(&found).unwrap_or_default();
    assert_eq!(json[0]["code"], "L012");
    assert_eq!(json[0]["message"], "unknown key `sede` at the top level");
    assert_eq!((&json[0]["file"], &json[0]["line"], &json[0]["column"]), (&"trial.toml".into(), &3.into(), &1.into()));
    assert_eq!(json[0]["suggestion"], "seed");
}

#[test]
fn problems_are_drawn_with_line_caret_and_remedy() {
    let text = SCENARIO
        .replace("sessions = 10\nevery", "sesions = 10\nevery")
        .replace("\"structural - usual_care\"", "\"structual - usual_care\"");
    let found = problems(&text, &["arms.relaxtion.sessions=20"]);
    let drawing = Drawing { colour: false, unicode: true, width: 100 };
    assert_eq!(
        render(&found, drawing),
        "\
error[L012]: unknown key `sesions` in [arms.relaxation]
    ╭─[trial.toml:31:1]
 31 │ sesions = 10
    · ───┬───
    ·    ╰── did you mean `sessions`?
    ╰────
  help: keys allowed here: label, reference, sessions, every_weeks, first_week, boosters,
        attendance, adverse_events, effect
error[L020]: contrast names an arm that does not exist: `structual`
    ╭─[trial.toml:51:42]
 51 │ contrasts = [\"relaxation - usual_care\", \"structual - usual_care\"]
    ·                                          ────┬────
    ·                                              ╰── did you mean `structural`?
    ╰────
  help: names that exist: relaxation, structural, usual_care
error[L012]: --set: no arm `relaxtion`; did you mean arms.relaxation.sessions?
   ╭─[--set:1:6]
 1 │ arms.relaxtion.sessions=20
   ·      ─────────
   ╰────
  help: arms are relaxation, structural, usual_care
3 errors · nothing was run · more: linger explain L012
"
    );
    let plain = render(&found, Drawing { unicode: false, ..drawing });
    assert!(plain.lines().filter(|line| !line.contains('·')).all(str::is_ascii), "{plain}");
    assert!(!plain.contains('\u{1b}') && render(&found, Drawing { colour: true, ..drawing }).contains('\u{1b}'));
}

#[test]
fn no_broken_text_makes_reading_or_drawing_panic() {
    let drawing = Drawing { colour: false, unicode: true, width: 80 };
    let mut n_found = 0;
    // Every place of the one scenario, and as many places all over the other.
    let places = SCENARIO.char_indices().map(|place| (SCENARIO, place));
    for (text, (at, letter)) in places.chain(EVERYTHING.char_indices().step_by(5).map(|place| (EVERYTHING, place))) {
        let (before, after) = (&text[..at], &text[at + letter.len_utf8()..]);
        for text in
            [before.to_owned(), format!("{before}{after}"), format!("{before}\"{after}"), format!("{before}[é{after}")]
        {
            let found = problems(&text, &[]);
            n_found += found.len();
            assert_eq!(render(&found, drawing).matches("error[L").count(), found.len(), "{found}");
        }
    }
    assert!(n_found > SCENARIO.len(), "{n_found} problems were found");
    for argument in [
        "",
        "=",
        ".",
        "é",
        "é=é",
        "a..b=1",
        "\"=1",
        "'a.b'.c=1",
        "*=1",
        "arms.*=1",
        "seed=",
        "seed = ",
        "seed=\"",
        "seed=[é",
    ] {
        assert!(!problems(SCENARIO, &[argument]).is_empty(), "{argument}");
    }
}

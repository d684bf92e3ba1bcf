//! Every number of an answer is the library's own for the same settings.

use std::ops::ControlFlow;

use linger::analysis::{analyse, result_rows};
use linger::cohort::{self, Expectations};
use linger::operating_characteristics::sample_size::{Approximation, Question, Setting, Varied};
use linger::operating_characteristics::{Measured, claimed_truth, evaluate_until};
use linger::scenario::{self, Override, Scenario, built_in};
use serde_json::{Value, json};

use super::{answers, are_the_same, is};

const SET: [&str; 3] =
    ["arms.relaxation.sessions=6", "arms.*.effect.rdq.half_life_weeks=9", "trial.per_arm.structural=77"];

fn overrides() -> Vec<Override> {
    SET.map(Override::new).to_vec()
}

fn scenario(name: &str) -> Scenario {
    scenario::read(built_in(name).unwrap(), &overrides()).unwrap().scenario
}

/// The one answer to a question about a scenario with the settings above.
fn one(name: &str, ask: Value) -> Value {
    answers(&json!({ "shipped": name, "set": SET, "ask": [ask] })).remove(0)
}

#[test]
fn courses_are_the_expectations() {
    for name in ["plain", "chronic-low-back-pain", "therapists"] {
        let scenario = scenario(name);
        let weeks = [0.0, 3.0, 10.0, 31.5, 52.0];
        let own = one(name, json!({ "what": "courses", "outcome": "bothersomeness", "weeks": weeks }));
        let expected = Expectations::of(&scenario);
        let reference = scenario.design.layout.reference_arm();
        for (arm, about) in scenario.design.layout.arms.iter().enumerate() {
            let answer = &own["arms"][arm];
            assert_eq!(answer["arm"], about.name);
            for (position, &week) in weeks.iter().enumerate() {
                let mean = expected.mean(1, arm, week).unwrap();
                is(&answer["mean"][position], mean);
                is(&answer["difference"][position], mean - expected.mean(1, reference, week).unwrap());
            }
            for (visit, at) in scenario.design.layout.visits.iter().enumerate() {
                is(&own["visits"][visit]["sd"][arm], expected.sd(1, arm, at.week).unwrap());
            }
        }
    }
}

#[test]
fn parts_and_sessions_are_the_build_up() {
    let scenario = scenario("plain");
    let own = one("plain", json!({ "what": "parts", "week": 26 }));
    for arm in 0..3 {
        let built = cohort::build_up(&scenario, 0, arm, 26.0).unwrap();
        let answer = &own["arms"][arm];
        is(&answer["expected"], built.expected());
        assert_eq!(answer["parts"].as_array().unwrap().len(), built.parts.len());
        let change =
            ["regression", "natural_course", "sessions", "other"].map(|key| answer["change"][key].as_f64().unwrap());
        assert!((change.iter().sum::<f64>() - (built.expected() - built.at_entry())).abs() < 1e-12);
        for (answer, part) in answer["parts"].as_array().unwrap().iter().zip(&built.parts) {
            is(&answer["points"], part.points);
        }
    }
    let own = one("plain", json!({ "what": "build_up", "arm": "relaxation", "weeks": [0.5, 26] }));
    let sessions = own["arms"][0]["sessions"].as_array().unwrap();
    assert_eq!(sessions.len(), 6);
    let built = cohort::build_up(&scenario, 0, 0, 26.0).unwrap();
    is(&own["arms"][0]["difference"][1], built.difference());
    let left: f64 = sessions.iter().map(|own| own["left"][1].as_f64().unwrap()).sum();
    assert!((left - built.change_from(cohort::ChangeSource::Sessions)).abs() < 1e-12);
    assert!(sessions.iter().all(|own| own["left"][0] == 0.0));
}

#[test]
fn a_trial_is_generated_and_analysed_as_everywhere() {
    for name in ["plain", "chronic-low-back-pain"] {
        let scenario = scenario(name);
        let own = one(name, json!({ "what": "trial", "replicate": 7, "participants": 2 }));
        let data = cohort::generate(&scenario, 7);
        let analysis = analyse(&scenario.plan, &data);
        let rows = result_rows(&scenario.plan, &data, &analysis);
        are_the_same(&own["results"], &serde_json::to_value(rows).unwrap());
        let flow = data.participant_flow();
        assert_eq!(own["flow"]["arms"][1]["seen"], json!(flow.arms[1].seen));
        assert_eq!(own["participants"][0]["arms"][2]["scores"].as_array().unwrap().len(), 2);
    }
}

#[test]
fn power_is_that_of_the_formula_for_the_same_sizes() {
    let scenario = scenario("plain");
    let varied = Varied::new(built_in("plain").unwrap(), overrides(), Setting::PerArm).unwrap();
    let own = one("plain", json!({ "what": "power", "outcome": "rdq", "n": [20, 115, 400], "target": 0.9 }));
    let layout = &scenario.design.layout;
    let contrasts = scenario.plan.contrasts_with(layout.reference_arm());
    let rows = own["contrasts"].as_array().unwrap();
    assert_eq!(rows.len(), 3 * contrasts.len());
    for (position, row) in rows.iter().enumerate() {
        let (visit, contrast) = (1 + position / contrasts.len(), contrasts[position % contrasts.len()]);
        let question = Question { outcome: 0, visit, contrast, adjusted: false };
        let formula = Approximation::of(&scenario, question).unwrap();
        assert_eq!(row["contrast"], layout.contrast_name(contrast));
        is(&row["formula"]["difference"], formula.difference);
        is(&row["formula"]["own"]["power"], formula.power(&scenario.design.per_arm));
        for at in row["formula"]["at"].as_array().unwrap() {
            let sizes = varied.sizes(at["n"].as_u64().unwrap());
            let precision = formula.precision(&sizes).unwrap();
            is(&at["power"], formula.power(&sizes));
            is(&at["std_error"], precision.std_error);
            is(&at["half_width"], precision.half_width);
        }
        let smallest = formula.smallest(0.9, [2, 1_000_000], |n| varied.sizes(n));
        assert_eq!(row["formula"]["smallest"].as_u64(), smallest);
    }
}

#[test]
fn the_half_width_is_that_of_intervals_of_a_plan_that_meets_the_assumptions_of_the_formula() {
    // Scores without bounds, everybody enters: on average over trials the interval is as wide as the formula says.
    let set = ["outcomes.rdq.range=[-500, 500]", "trial.entry.at_least=0"];
    let scenario = scenario::read(built_in("plain").unwrap(), &set.map(Override::new)).unwrap().scenario;
    let performance = linger::operating_characteristics::evaluate(&scenario, 512);
    let own = answers(&json!({ "shipped": "plain", "set": set, "ask": [{ "what": "power" }] })).remove(0);
    let of_first_visit = &own["contrasts"][0]["formula"]["own"];
    let width = performance.visits[0].contrasts[0].measure(Measured::Width, None).unwrap();
    let expected = 2.0 * of_first_visit["half_width"].as_f64().unwrap();
    assert!((width.value / expected - 1.0).abs() < 0.02, "{} {expected}", width.value);
}

#[test]
fn replicates_add_up_to_an_evaluation_to_the_last_bit() {
    for name in ["plain", "small-pilot"] {
        let mut scenario = scenario::read(built_in(name).unwrap(), &[]).unwrap().scenario;
        scenario.plan.sensitivity.clear();
        let n = 600;
        let truth = claimed_truth(&scenario, 100_000);
        let whole = evaluate_until(&scenario, truth, n, &[], |_, _| ControlFlow::Continue(())).unwrap();
        let mut sums = Value::Null;
        let mut own = Value::Null;
        for (from, count) in [(0, 256), (256, 256), (512, 88)] {
            let ask = json!({ "what": "replicates", "from": from, "count": count, "sums": sums });
            own = answers(&json!({ "shipped": name, "ask": [ask] })).remove(0);
            sums = own["sums"].clone();
        }
        assert_eq!(own["replicates"], n);
        let visits = whole.performance.visits.iter().filter(|own| own.outcome == scenario.plan.outcomes[0]);
        let contrasts: Vec<_> = visits.flat_map(|own| &own.contrasts).collect();
        let rows = own["contrasts"].as_array().unwrap();
        assert_eq!(rows.len(), contrasts.len());
        for (position, (row, contrast)) in rows.iter().zip(contrasts).enumerate() {
            let measures = [
                ("power", Measured::Power),
                ("mean_estimate", Measured::MeanEstimate),
                ("coverage", Measured::Coverage),
            ];
            for (key, measured) in measures {
                let number = contrast.measure(measured, None).unwrap();
                is(&row[key]["value"], number.value);
                is(&row[key]["mcse"], number.mcse.unwrap());
            }
            let n_contrasts = scenario.plan.contrasts.len();
            let claimed = &whole.truth.fits[position / n_contrasts][position % n_contrasts];
            is(&row["true_value"], claimed.value.unwrap());
        }
    }
}

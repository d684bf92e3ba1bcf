//! `linger power` as a user meets it: whole texts, forms for programs, exit codes, and what is refused.

use serde_json::Value;

use super::program::{Desk, assert_kept};

/// A trial whose answers are known by formula, small enough to be simulated often.
const TWO_ARMS: &str = r#"
title = "Two arms"
seed = 7
[trial]
per_arm = { massage = 60, usual_care = 60 }
visits_weeks = [0, 10]
[outcomes.pain]
label = "Pain score"
range = [-1000, 1000]
step = 0
meaningful = 3
baseline = { mean = 0, sd = 4 }
correlation = { exchangeable = 0.5 }
[arms.massage]
label = "Massage"
effect.pain = { visit_means = [-2] }
[arms.usual_care]
label = "Usual care"
effect.pain = { visit_means = [0] }
[analysis]
model = "ancova"
multiplicity = "none"
[priors]
"arms.massage.effect.pain.visit_means.0" = { normal = { mean = -2, sd = 1 } }
"#;

fn desk() -> Desk {
    let desk = Desk::new();
    desk.write("trial.toml", TWO_ARMS);
    desk
}

fn json(desk: &Desk, arguments: &str) -> Value {
    serde_json::from_str(&desk.linger(&format!("{arguments} -q --format json")).fine()).unwrap()
}

#[test]
fn a_size_is_told_whole_in_every_form() {
    let desk = desk();
    assert_kept("power", &desk.linger("power trial.toml").whole());
    assert_kept("power-md", &desk.linger("power trial.toml --format md").whole());
    assert_kept("power-json", &desk.linger("power trial.toml -q --format json").fine());
    assert_kept("power-csv", &desk.linger("power trial.toml -q --format csv").fine());
}

#[test]
fn the_answer_does_not_depend_on_threads_and_does_on_the_seed() {
    let desk = desk();
    let rows = |arguments: &str| desk.linger(&format!("power trial.toml -q --format csv {arguments}")).fine();
    assert_eq!(rows("-j 1"), rows("-j 3"));
    assert_ne!(rows("--seed 8"), rows("--seed 9"));
}

#[test]
fn assurance_says_what_no_size_goes_beyond() {
    assert_kept("power-assurance", &desk().linger("power trial.toml --assurance").whole());
    let document = json(&desk(), "power trial.toml --assurance --target 0.8 --replicates 8192");
    assert_eq!(document["answer"]["status"], "reached");
    let out_of_reach = json(&desk(), "power trial.toml --assurance --target 0.99 --max-n 1000 --replicates 8192");
    assert_eq!(out_of_reach["answer"]["status"], "out_of_reach");
    // Φ(2): the chance that a normal effect of -2 ± 1 is below 0.
    assert!((out_of_reach["assurance"]["ceiling"].as_f64().unwrap() - 0.977).abs() < 0.02);
}

#[test]
fn the_share_of_the_reference_arm_is_searched() {
    let arguments = "power trial.toml --vary allocation --precision 0.05";
    assert_kept("power-allocation", &desk().linger(arguments).whole());
    let document = json(&desk(), arguments);
    assert!((document["best_share"].as_f64().unwrap() - 0.5).abs() < 0.06);
}

#[test]
fn a_setting_that_is_a_whole_number_is_searched() {
    let desk = desk();
    // One arm alone: fewer there, more in the other; the sum of both reciprocals decides.
    let document = json(&desk, "power trial.toml --vary trial.per_arm.massage --target 0.8");
    assert_eq!(
        (&document["varies"], &document["answer"]["status"]),
        (&"trial.per_arm.massage".into(), &"reached".into())
    );
    // 1/n + 1/60 = (2 / (z(0.8) + z(0.975)))² / 12.
    let n = document["answer"]["value"].as_u64().unwrap();
    assert!((37..=42).contains(&n), "{n}");
    for (vary, said) in [
        ("therapists.nmber", "did you mean therapists.number?"),
        ("foo", "possible: n (participants per arm), allocation"),
        ("outcomes.pain.better", "only a setting that is one whole number can be varied"),
        ("analysis.alpha", "analysis.alpha is 0.05"),
    ] {
        let refused = desk.linger(&format!("power trial.toml --vary {vary}"));
        assert!(refused.code == 2 && refused.stderr.contains(said), "{vary}: {}", refused.whole());
    }
}

#[test]
fn the_figures_of_the_protocol_are_recomputed() {
    let desk = Desk::new();
    assert_kept("power-protocol", &desk.linger("power --protocol").whole());
    let document = json(&desk, "power --protocol");
    let reproduces: Vec<&Value> =
        document["results"].as_array().unwrap().iter().map(|row| &row["reproduces"]).collect();
    assert_eq!(
        reproduces,
        [true, true, true, false].map(Value::from).iter().chain([&Value::Null; 2]).collect::<Vec<_>>()
    );
    assert_eq!(desk.linger("power --protocol --week 10").code, 2);
    assert_eq!(desk.linger("power --protocol -s seed=3").code, 2);
}

#[test]
fn a_target_out_of_reach_is_an_answer_unless_it_is_required() {
    let desk = desk();
    let arguments = "power trial.toml -q --contrast 'usual_care - massage' --max-n 100";
    assert_eq!(desk.linger(arguments).code, 0);
    let required = desk.linger(&format!("{arguments} --require"));
    assert_eq!(required.code, 1);
    assert_eq!(required.stdout, desk.linger(arguments).stdout);
    assert_eq!(required.stderr, "error: 90% is required and out of reach up to --max-n 100\n");
    // The scenario's own 60 per arm are more than may be tried.
    let few = json(&desk, "power trial.toml --max-n 20");
    assert_eq!((&few["answer"]["status"], &few["answer"]["up_to"]), (&"out_of_reach".into(), &20.into()));
    assert_eq!(few["results"].as_array().unwrap().len(), 1);
    assert_eq!(desk.linger("power trial.toml -q --require").code, 0);
}

#[test]
fn trials_that_run_out_are_told_from_a_target_out_of_reach() {
    let desk = desk();
    let arguments = "power trial.toml --contrast 'usual_care - massage' --replicates 1024";
    let said = desk.linger(&format!("{arguments} --require"));
    assert_eq!(said.code, 1);
    for words in [
        "1024 simulated trials do not settle what reaches 90%",
        "--replicates 8192   more simulated trials",
        "error: 90% is required and not settled with 1024 simulated trials: raise --replicates",
    ] {
        assert!(said.stderr.contains(words), "{}", said.whole());
    }
    assert!(said.stdout.contains("not settled") && !said.whole().contains("out of reach up"), "{}", said.whole());
    assert_eq!(json(&desk, arguments)["answer"]["status"], "not_settled");
    let above = desk.linger("power trial.toml --assurance --target 0.999 --max-n 1000 --replicates 8192 --require");
    assert!(above.code == 1 && above.stderr.contains("99.9% exceeds the ceiling of 0.9"), "{}", above.whole());
    assert!(above.stderr.contains("required and exceeds the ceiling") && !above.stderr.contains("--max-n"));
}

#[cfg(unix)]
#[test]
fn a_run_that_is_stopped_says_that_nothing_is_kept() {
    let desk = desk();
    let long = ["power", "trial.toml", "--assurance", "--target", "0.5", "--precision", "0.0001"];
    let mut run = std::process::Command::new(env!("CARGO_BIN_EXE_linger"));
    run.args(long).args(["--replicates", "4000000000"]).current_dir(desk.path("."));
    let run = run.stdout(std::process::Stdio::null()).stderr(std::process::Stdio::piped()).spawn().unwrap();
    std::thread::sleep(std::time::Duration::from_secs(2));
    std::process::Command::new("kill").args(["-INT", &run.id().to_string()]).status().unwrap();
    let output = run.wait_with_output().unwrap();
    assert_eq!(output.status.code(), Some(130));
    assert_eq!(String::from_utf8(output.stderr).unwrap(), "Stopped; nothing is kept.\n");
}

#[test]
fn what_the_plan_does_not_have_is_named_at_once() {
    assert_kept(
        "power-not-in-plan",
        &Desk::new().linger("power plain --week 11 --outcome rqd --contrast 'a - b'").whole(),
    );
    let desk = desk();
    for (arguments, said) in [
        ("power plain --assurance", "the scenario has no [priors]"),
        ("power plain --vary therapists.number", "therapists.number has nothing to act on"),
        ("power plain --assurance", "built-in scenarios with priors: chronic-low-back-pain, maintenance"),
        ("power trial.toml --max-n 1000 --replicates 1000", "from 1024"),
        ("power trial.toml --assurance --vary allocation", "do not go together"),
        ("power stratified-allocation --vary allocation", "take [trial.allocation] out"),
        ("power trial.toml --target 90", "a share above 0 and below 1"),
        ("power trial.toml --set trial.per_arm.massage=1", "at least 2 are needed"),
    ] {
        let refused = desk.linger(arguments);
        assert!(refused.code == 2 && refused.stderr.contains(said), "{arguments}: {}", refused.whole());
        assert_eq!(refused.stdout, "");
    }
}

//! `linger interim` as a user meets it: whole texts, the section by `--set`, threads, refusals.

use serde_json::Value;

use super::program::{Desk, assert_kept};

#[test]
fn the_command_shows_boundaries_error_and_what_looks_do() {
    let desk = Desk::new();
    let interim = "interim interim-looks --replicates 300";
    assert_kept("interim", &desk.linger(interim).whole());
    assert_kept("interim-md", &desk.linger(&format!("{interim} -q --format md")).fine());
    assert_kept("interim-json", &desk.linger(&format!("{interim} -q --format json")).fine());
    let csv = desk.linger(&format!("{interim} -q --format csv")).fine();
    assert_kept("interim-csv", &csv);
    for jobs in [1, 2, 8] {
        assert_eq!(desk.linger(&format!("{interim} -q --format csv -j {jobs}")).fine(), csv);
    }
}

#[test]
fn without_a_name_it_is_the_example() {
    let desk = Desk::new();
    let said = desk.linger("interim --replicates 20");
    assert!(said.stderr.starts_with("No scenario given: using the built-in example interim-looks"), "{}", said.stderr);
    assert_eq!(said.stdout, desk.linger("interim interim-looks --replicates 20 -q").fine());
}

#[test]
fn a_scenario_without_looks_is_refused_and_told_how_to_have_some() {
    let desk = Desk::new();
    let said = desk.linger("interim plain");
    assert_eq!((said.code, said.stdout.as_str()), (2, ""));
    assert_kept("interim-refused", &said.whole());
    let json = |arguments: &str| -> Value {
        serde_json::from_str(&desk.linger(&format!("interim {arguments} -q --format json")).fine()).unwrap()
    };
    let document = json("plain -s 'interim.looks=[0.4, 1]' -s interim.sharing=none --replicates 5");
    assert_eq!(document["schema"], "linger.interim/1");
    assert_eq!((&document["outcome"], &document["visit_week"]), (&"rdq".into(), &10.0.into()));
    assert_eq!((&document["alpha_of_each_contrast"], &document["sharing"]), (&0.05.into(), &"none".into()));
    assert_eq!(document["looks"][0]["participants"], 161);
    assert_eq!(document["futility_below"], Value::Null);
    assert_eq!(document["results"].as_array().unwrap().len(), 2 * (2 + 1 + 2 + 1 + 3 * (2 + 1 + 2 + 4) + 3 * (2 + 1)));
    let said = desk.linger("interim interim-looks -s interim.futility.below=10 --replicates 5");
    assert_eq!(said.code, 2);
    assert!(said.stderr.contains("10 % is written 0.1"), "{}", said.stderr);
}

#[test]
fn ratios_and_looks_without_an_estimate_are_spoken_of() {
    let desk = Desk::new();
    let responders =
        "-s analysis.model=modified_poisson -s 'analysis.outcomes=[\"rdq\"]' -s 'analysis.responders={rdq={points=3}}'";
    let said = desk.linger(&format!("interim interim-looks {responders} --replicates 30"));
    assert_eq!(said.code, 0, "{}", said.stderr);
    assert!(said.stdout.contains("Estimates are logarithms of ratios."), "{}", said.stdout);
    let early = desk.linger("interim interim-looks -s 'interim.looks=[0.01, 1]' --replicates 30 -q").fine();
    assert!(early.contains("there was no estimate: it was left open."), "{early}");
}

/// A scenario with looks gives the same trial as without: looks are for this verb.
#[test]
fn looks_change_nothing_of_a_whole_trial() {
    let desk = Desk::new();
    let scenario = desk.linger("show interim-looks -q").fine();
    let without: String =
        scenario.lines().filter(|line| !line.starts_with("interim.")).map(|line| format!("{line}\n")).collect();
    assert_ne!(scenario, without);
    desk.write("without.toml", &without);
    assert_eq!(
        desk.linger("trial without.toml -q --format csv").fine(),
        desk.linger("trial interim-looks -q --format csv").fine()
    );
}

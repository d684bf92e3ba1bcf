//! `schedule` as a user meets it: whole texts, pictures and refusals; the answers themselves are checked in `independent/schedule.rs`.

use serde_json::Value;

use super::program::{Desk, assert_kept};

/// A small space and few draws, so that the whole table is short.
const SMALL: &str = "--sessions 6..12 --every 1 --boosters-every 4 --draws 50";

#[test]
fn the_fewest_sessions_are_told_whole() {
    let desk = Desk::new();
    assert_kept("schedule", &desk.linger(&format!("schedule {SMALL}")).whole());
    let lasting = "schedule maintenance --from 26 --benefit 1.5 --probability 0.9 --arm structural";
    assert_kept("schedule-from", &desk.linger(&format!("{lasting} {SMALL} --boosters-until 26,52")).whole());
}

#[test]
fn without_priors_it_is_certain_and_said_so() {
    let desk = Desk::new();
    assert_kept("schedule-certain", &desk.linger("schedule plain --week 26 --no-boosters").whole());
}

#[test]
fn that_no_plan_is_enough_is_an_answer_and_no_error() {
    let said = Desk::new().linger(&format!("schedule --benefit 6 {SMALL}"));
    assert_eq!(said.code, 0, "{}", said.stderr);
    assert_kept("schedule-never", &said.whole());
}

#[test]
fn every_form_is_whole() {
    let desk = Desk::new();
    let of = |format: &str| {
        desk.linger(&format!(
            "schedule -q --probability 0.6 --sessions 9..10 --every 1 --boosters-every 4 --draws 30 --format {format}"
        ))
        .fine()
    };
    assert_kept("schedule-csv", &of("csv"));
    assert_kept("schedule-md", &of("md"));
    assert_kept("schedule-json", &of("json"));
    let document: Value = serde_json::from_str(&of("json")).unwrap();
    assert_eq!((&document["schema"], &document["draws"]), (&"linger.schedule/1".into(), &30.into()));
    let rows = document["results"].as_array().unwrap();
    let chosen: Vec<&Value> = rows.iter().filter(|row| row["chosen"] == true).collect();
    assert_eq!(chosen, [&document["chosen"]]);
    // The scenario is named by its hash, which priors do not change.
    let certain = desk.linger("schedule -q --no-boosters --format json -s priors={}").fine();
    let certain: Value = serde_json::from_str(&certain).unwrap();
    assert_eq!(certain["scenario_hash"], document["scenario_hash"]);
    assert_eq!(certain["draws"], 0);
}

#[test]
fn the_same_whatever_the_threads_and_other_with_another_seed() {
    let desk = Desk::new();
    let of = |more: &str| desk.linger(&format!("schedule -q {SMALL} --format csv {more}")).fine();
    assert_eq!(of("-j 1"), of("-j 3"));
    assert_ne!(of("--seed 1"), of("--seed 2"));
}

#[test]
fn the_suggested_explanation_is_of_the_chosen_plan() {
    let desk = Desk::new();
    let said = desk.linger("schedule --from 26 --draws 50");
    let explain = said.stderr.lines().find_map(|line| line.trim().strip_prefix("linger explain")).unwrap().to_owned();
    let json = desk.linger(&format!("explain{explain} -q --format json")).fine();
    let explained: Value = serde_json::from_str(&json).unwrap();
    let rows: Value =
        serde_json::from_str(&desk.linger("schedule -q --from 26 --format json -s priors={}").fine()).unwrap();
    let chosen = desk.linger("schedule -q --from 26 --draws 50 --format json").fine();
    let chosen: Value = serde_json::from_str(&chosen).unwrap();
    // Everything as it is written: the same plan, judged for certain.
    let same = |row: &&Value| {
        ["first_course", "every_weeks", "boosters", "boosters_every_weeks"]
            .iter()
            .all(|key| row[*key] == chosen["chosen"][*key])
    };
    let certain = rows["results"].as_array().unwrap().iter().find(same).unwrap()["benefit"].as_f64().unwrap();
    let difference = explained["difference"].as_f64().unwrap();
    // The suggestion gives the effect of a session with seven digits.
    assert!((difference + certain).abs() < 1e-5, "{difference} {certain}");
}

#[test]
fn the_picture_is_svg_on_either_ground() {
    let desk = Desk::new();
    desk.linger(&format!("schedule -q {SMALL} -o light.svg")).fine();
    desk.linger(&format!("schedule -q {SMALL} --dark -o dark.svg")).fine();
    let (light, dark) = (desk.read("light.svg"), desk.read("dark.svg"));
    assert!(
        light.starts_with("<svg ")
            && light.contains("80% of draws")
            && light.contains("Usual care") == dark.contains("Usual care")
    );
    assert_ne!(light, dark);
    let said = desk.linger("schedule -o picture.svg --format json");
    assert_eq!(said.code, 2);
    assert!(said.stderr.contains("asks for a picture"), "{}", said.stderr);
}

#[test]
fn what_cannot_be_searched_is_refused_with_what_to_do() {
    let desk = Desk::new();
    let refusals = [
        ("schedule --arm relaxtion", "did you mean relaxation?"),
        ("schedule --outcome rqd", "did you mean rdq?"),
        ("schedule --arm usual_care", "name an arm with sessions"),
        ("schedule reference-job --benefit 1", "do nothing to `rdq`"),
        ("schedule --week 0", "name a week after it"),
        ("schedule --from 30 --week 26", "--from 30 is after --week 26"),
        ("schedule --outcome medication_use", "give --benefit, or outcomes.medication_use.meaningful"),
        ("schedule --sessions 20..10", "expected numbers of sessions such as 0..20"),
        ("schedule --probability 80", "expected a probability"),
        ("schedule --every 0", "expected a number above 0"),
        ("schedule --no-boosters --boosters-until 26", "cannot be used with"),
        ("schedule --sessions 5..8 --week 3", "every first course goes on until week 3"),
    ];
    for (arguments, said) in refusals {
        let refused = desk.linger(arguments);
        assert_eq!(refused.code, 2, "{arguments}");
        assert!(refused.stderr.contains(said), "{arguments}: {}", refused.stderr);
        assert_eq!(refused.stdout, "", "{arguments}");
    }
}

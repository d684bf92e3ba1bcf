//! A scenario's answers in JSON: the library's own numbers, problems in place of panics, and the same in a page.

mod numbers;
mod same_in_a_page;

use linger::live::answer;
use serde_json::{Value, json};

/// The answers to a request that is in order.
fn answers(request: &Value) -> Vec<Value> {
    let reply: Value = serde_json::from_str(&answer(&request.to_string())).unwrap();
    assert!(reply.get("problems").is_none(), "{request}: {}", reply["problems"]);
    reply["answers"].as_array().unwrap().clone()
}

/// Whether a number in an answer is this one: reading JSON moves a number by at most a unit in its last place.
fn is(answer: &Value, number: f64) {
    let own = answer.as_f64().unwrap_or_else(|| panic!("{answer} is no number, and {number} was expected"));
    assert!((own - number).abs() <= 4e-16 * number.abs(), "{own} {number}");
}

/// Whether two answers are the same, number by number.
fn are_the_same(own: &Value, other: &Value) {
    match (own, other) {
        (Value::Number(_), Value::Number(_)) => is(own, other.as_f64().unwrap()),
        (Value::Array(own), Value::Array(other)) => {
            assert_eq!(own.len(), other.len());
            own.iter().zip(other).for_each(|(own, other)| are_the_same(own, other));
        }
        (Value::Object(own), Value::Object(other)) => {
            assert!(own.keys().eq(other.keys()));
            own.values().zip(other.values()).for_each(|(own, other)| are_the_same(own, other));
        }
        _ => assert_eq!(own, other),
    }
}

/// The texts of the problems of a request.
fn problems(request: &str) -> Vec<String> {
    let reply: Value = serde_json::from_str(&answer(request)).unwrap();
    let problems = reply["problems"].as_array().unwrap();
    problems.iter().map(|own| own["text"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn a_bad_setting_is_answered_by_the_messages_of_the_scenario() {
    let set = ["arms.relaxtion.sessions=3", "trial.per_arm.relaxation=1"];
    assert_eq!(
        problems(&json!({ "shipped": "plain", "set": set, "ask": [] }).to_string()),
        [
            "--set 'arms.relaxtion.sessions=3': error[L012]: --set: no arm `relaxtion`; did you mean arms.relaxation.sessions?\n  help: arms are relaxation, structural, usual_care",
            "--set 'trial.per_arm.relaxation=1': error[L023]: arm `relaxation` has 1 participant: at least 2 are needed",
        ]
    );
    let text = problems(&json!({ "scenario": "sed = 1", "name": "mine.toml" }).to_string());
    assert!(text[0].starts_with("mine.toml:1:1: error[L012]: unknown key `sed`"), "{text:?}");
}

#[test]
fn whatever_is_asked_there_is_an_answer() {
    let broken = [
        "",
        "[]",
        "{",
        "{\"ask\": 1}",
        "{\"shipped\": \"plan\"}",
        "{\"shipped\": \"plain\", \"scenario\": \"\"}",
        "{\"ask\": [{\"what\": \"everything\"}]}",
        "{\"unknown\": 1}",
    ];
    for request in broken {
        let problems = problems(request);
        assert!(!problems.is_empty() && !problems[0].is_empty(), "{request}");
    }
    let asks = [
        json!({ "what": "courses", "outcome": "x" }),
        json!({ "what": "courses", "weeks": [-1] }),
        json!({ "what": "courses", "weeks": [1e308] }),
        json!({ "what": "build_up", "arm": "relaxtion" }),
        json!({ "what": "parts", "outcome": "global_rating", "week": 0 }),
        json!({ "what": "trial", "outcome": "global_rating", "replicate": u64::MAX }),
        json!({ "what": "power", "n": [0] }),
        json!({ "what": "power", "target": 1 }),
        json!({ "what": "replicates", "count": 0 }),
        json!({ "what": "replicates", "count": 1, "from": u64::MAX }),
        json!({ "what": "replicates", "count": 1, "sums": { "replicates": 1, "contrasts": [] } }),
    ];
    for ask in asks {
        let answers = answers(&json!({ "ask": [ask] }));
        assert_eq!(answers.len(), 1, "{ask}");
        assert_eq!(answers[0]["what"], ask["what"]);
    }
    let misspelt = answers(&json!({ "ask": [{ "what": "build_up", "arm": "relaxtion" }] }));
    assert_eq!(
        misspelt[0]["problem"],
        "there is no arm relaxtion; did you mean relaxation?; arms are relaxation, structural, usual_care"
    );
}

#[test]
fn every_scenario_that_is_compiled_in_has_answers_to_everything() {
    for built_in in linger::scenario::built_in_list() {
        let asks = ["about", "toml", "courses", "build_up", "parts", "trial", "power"];
        let mut asks: Vec<Value> = asks.iter().map(|what| json!({ "what": what })).collect();
        asks.push(json!({ "what": "replicates", "count": 2 }));
        for own in answers(&json!({ "shipped": built_in.name, "ask": asks })) {
            assert!(own.get("problem").is_none(), "{}: {own}", built_in.name);
        }
    }
}

#[test]
fn the_file_of_an_answer_gives_the_same_scenario() {
    let set = ["arms.relaxation.sessions=20", "trial.entry.at_least=4"];
    let request = json!({ "shipped": "plain", "set": set, "ask": [{ "what": "toml" }, { "what": "courses" }] });
    let own = answers(&request);
    let again = answers(&json!({ "scenario": own[0]["text"], "ask": [{ "what": "toml" }, { "what": "courses" }] }));
    assert_eq!(own, again);
}

#[test]
fn every_control_takes_its_own_value() {
    for name in ["chronic-low-back-pain", "maintenance", "plain"] {
        let about = answers(&json!({ "shipped": name, "ask": [{ "what": "about" }] })).remove(0);
        let controls = about["controls"].as_array().unwrap();
        assert!(controls.len() > 20);
        let path = |control: &Value| control["path"].as_str().unwrap().to_owned();
        // Numbers in lists are set with the whole list.
        let alone = controls.iter().filter(|own| path(own).parse::<f64>().is_err());
        let alone = alone.filter(|own| !path(own).rsplit('.').next().unwrap().chars().all(|c| c.is_ascii_digit()));
        let set: Vec<String> = alone.map(|own| format!("{}={}", path(own), own["written"].as_str().unwrap())).collect();
        let with = answers(&json!({ "shipped": name, "set": set, "ask": [{ "what": "about" }] })).remove(0);
        assert_eq!(with, about, "{name}");
    }
}

/// A schema without its descriptions, as the core has it.
fn without_descriptions(value: Value) -> Value {
    match value {
        Value::Object(map) => {
            let kept = map.into_iter().filter(|(key, own)| !(key == "description" && own.is_string()));
            Value::Object(kept.map(|(key, own)| (key, without_descriptions(own))).collect())
        }
        Value::Array(list) => Value::Array(list.into_iter().map(without_descriptions).collect()),
        other => other,
    }
}

#[test]
fn the_schemas_kept_for_the_core_are_those_of_the_program() {
    use linger::scenario::{SchemaFor, schema};
    let files = [
        (SchemaFor::Scenario, "scenario"),
        (SchemaFor::Plan, "plan"),
        (SchemaFor::Columns, "columns"),
        (SchemaFor::Targets, "targets"),
    ];
    for (which, name) in files {
        let path = format!("src/scenario/schema/{name}.json");
        let own = format!("{}\n", without_descriptions(schema(which)));
        if std::env::var_os("LINGER_KEEP").is_some() {
            std::fs::write(&path, &own).unwrap();
        }
        assert_eq!(std::fs::read_to_string(&path).unwrap(), own, "{path}: LINGER_KEEP=1 writes it anew");
    }
}

#[test]
fn a_plan_that_imputes_is_refused_rather_than_analysed_as_if_nothing_were_missing() {
    let plain = linger::scenario::built_in("plain").unwrap();
    let scenario = format!("{}\n[analysis.imputation]\nmethod = \"posterior\"\nnumber = 5\n", plain.text());
    let reply: Value =
        serde_json::from_str(&answer(&json!({ "scenario": scenario, "ask": [{ "what": "trial" }] }).to_string()))
            .unwrap();
    assert!(reply["problems"][0]["text"].as_str().unwrap().contains("imputes what is missing"), "{reply}");
}

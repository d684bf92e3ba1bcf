//! Mistakes in a `columns.toml`: each with its code, line and suggestion, all in one go.

use linger::scenario::{self, Problems, SchemaFor, Source};

fn problems(text: &str) -> Problems {
    scenario::read_columns(Source::new("columns.toml", text), &[]).expect_err("there is a mistake in it")
}

/// Code, line and suggestion of each problem.
fn found(text: &str) -> Vec<(&'static str, usize, Option<String>)> {
    let place =
        |problem: &scenario::Problem| problem.place.as_ref().and_then(|place| place.line_and_column()).unwrap().0;
    problems(text).iter().map(|problem| (problem.code, place(problem), problem.suggestion.clone())).collect()
}

#[test]
fn all_mistakes_are_named_at_their_lines() {
    let text = "\
separator = \"--\"
partcipant = \"id\"
[arms.a]
in_file = \"X\"
reference = true
[arms.b]
in_file = [\"Y\", \"X\"]
reference = true
[visits]
\"start\" = -1
[outcomes.rdq]
column = \"r\"
range = [23, 0]
meaningful = -2
better = \"lowr\"
[outcomes.pain]
columns = { p0 = 1, p10 = 10 }
[covariates.sex]
kind = \"factor\"
levels = [\"f\", \"m\"]
reference = \"w\"
";
    let found = found(text);
    let has = |code: &str, line: usize| found.iter().any(|(found, at, _)| *found == code && *at == line);
    assert!(has("L071", 1), "{found:?}");
    assert!(found.contains(&("L012", 2, Some("participant".to_owned()))), "{found:?}");
    assert!(has("L070", 7) && has("L025", 8), "{found:?}");
    assert!(has("L072", 10) && has("L031", 13) && has("L032", 14), "{found:?}");
    assert!(found.contains(&("L013", 15, Some("lower".to_owned()))), "{found:?}");
    assert!(has("L070", 17) && has("L072", 17) && has("L073", 21), "{found:?}");
}

#[test]
fn one_arm_two_roles_and_a_doubled_level_are_refused() {
    assert_eq!(found("[arms.only]\n"), [("L022", 1, None)]);
    assert_eq!(found("arm = \"x\"\nvisit = \"x\"\n"), [("L070", 2, None)]);
    assert_eq!(found("[covariates.site]\nkind = \"factor\"\nlevels = [\"A\", \"A\"]\n"), [("L073", 3, None)]);
    assert_eq!(found("[covariates.age]\nreference = \"x\"\n"), [("L073", 2, None)]);
    assert_eq!(found("separator = \",\"\ndecimal_mark = \",\"\n"), [("L071", 2, None)]);
    assert_eq!(found("[arms.\"a - b\"]\n[arms.c]\n"), [("L021", 1, None)]);
}

#[test]
fn an_empty_mapping_is_the_default() {
    let columns = scenario::read_columns(Source::new("columns.toml", ""), &[]).unwrap();
    assert_eq!(columns, scenario::Columns::default());
}

#[test]
fn the_reference_is_the_last_arm_unless_said_otherwise() {
    let references = |text: &str| {
        let columns = scenario::read_columns(Source::new("columns.toml", text), &[]).unwrap();
        columns.arms.iter().map(|arm| arm.arm.reference).collect::<Vec<_>>()
    };
    assert_eq!(references("[arms.a]\n[arms.b]\n"), [false, true]);
    assert_eq!(references("[arms.a]\nreference = true\n[arms.b]\n"), [true, false]);
    assert_eq!(references("[arms.a]\n[arms.b]\nreference = false\n"), [true, false]);
}

#[test]
fn the_schema_describes_every_key() {
    let schema = scenario::schema(SchemaFor::Columns);
    let properties = schema["properties"].as_object().unwrap();
    assert!(properties.contains_key("arms") && properties.contains_key("baseline_may_be_missing"));
    assert!(properties.values().all(|property| property["description"].is_string()));
}

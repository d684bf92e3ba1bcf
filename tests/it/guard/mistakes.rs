//! Mistakes in a linger-tests.toml and in a kept file: all of them at once, each with line, column and remedy; nothing runs.

use std::path::Path;

use linger::scenario::{Problems, SchemaFor, Source, read_tests, schema};
use linger::snapshot::read_snapshot;

use super::{TESTS, desk, kept, linger};

/// The problems of a text that stands on a desk with the files that it names.
fn problems(text: &str) -> Problems {
    let desk = desk();
    let folder = desk.path("");
    read_tests(Source::new("linger-tests.toml", text), Path::new(&folder)).err().unwrap_or_default()
}

#[test]
fn the_cases_of_these_tests_are_without_mistakes() {
    assert!(problems(TESTS).is_empty(), "{}", problems(TESTS));
}

/// One mistake: what is replaced by what, the code, where it is told to be, and words that must be said.
fn refuse(right: &str, wrong: &str, code: &str, at: &str, says: &str) {
    assert!(TESTS.contains(right), "{right} is not there to be replaced");
    let text = TESTS.replacen(right, &wrong.replace(['«', '»'], ""), 1);
    let found = problems(&text);
    let said: Vec<String> = found.iter().map(ToString::to_string).collect();
    assert_eq!(found.len(), 1, "{wrong}: {said:?}");
    let problem = found.iter().next().unwrap();
    assert_eq!(problem.code, code, "{wrong}: {said:?}");
    assert!(said[0].contains(says), "{wrong}: {said:?}");
    assert!(problem.help.is_some() || problem.label.is_some(), "no remedy: {said:?}");
    let offset = text.find(at).unwrap_or_else(|| panic!("{at} is not there"));
    let expected = Source::new("a", text.as_str()).line_and_column(offset);
    assert_eq!(problem.place.as_ref().unwrap().line_and_column(), Some(expected), "{wrong}: {said:?}");
}

#[test]
fn every_mistake_is_told_where_it_is_with_what_to_do() {
    refuse("replicates = 200", "replicate = 200", "L012", "replicate =", "did you mean `replicates`");
    refuse("replicates = 200", "replicates = 0", "L014", "0\n", "must be at least 1");
    refuse("name = \"neck\"", "", "L010", "[[case]]", "`name` is missing");
    refuse("name = \"neck\"", "name = \"a/b\"", "L021", "\"a/b\"", "cannot be `a/b`");
    refuse("name = \"data\"", "name = \"Neck\"", "L062", "\"Neck\"", "two cases");
    refuse("scenario = \"neck.toml\"", "scenario = \"neck-pian\"", "L020", "\"neck-pian\"", "did you mean `neck-pain`");
    refuse("scenario = \"neck.toml\"\n", "", "L180", "[[case]]", "neither a scenario nor data");
    refuse(
        "scenario = \"neck.toml\"",
        "scenario = \"plain\"\ndata = \"data.csv\"",
        "L180",
        "data = \"data.csv\"",
        "not both",
    );
    refuse(
        "scenario = \"neck.toml\"",
        "scenario = \"plain\"\ncolumns = \"columns.toml\"",
        "L180",
        "columns = ",
        "take it out",
    );
    refuse(
        "data = \"data.csv\"",
        "data = \"date.csv\"",
        "L002",
        "\"date.csv\"",
        "looked for from the folder of this file",
    );
    refuse("plan = \"plan.toml\"", "plan = \"plans.toml\"", "L002", "\"plans.toml\"", "there is no file");
    refuse(
        "data = \"data.csv\"",
        "data = \"data.csv\"\nset = [\"seed=1\"]",
        "L180",
        "set = [",
        "belongs to cases with a scenario",
    );
    refuse(
        "data = \"data.csv\"",
        "data = \"data.csv\"\nreplicates = 9",
        "L180",
        "replicates = 9",
        "data are analysed once",
    );
    refuse("\"neck.toml\"", "\"neck.toml\"\nset = [\"arms.massage.sessions\"]", "L004", "\"arms.massage", "path=value");
    refuse("\"neck.toml\"", "\"neck.toml\"\nset = [\"seed=1\"]", "L180", "\"seed=1\"", "does not set `seed`");
    refuse(
        "\"neck.toml\"",
        "\"neck.toml\"\nplan = \"plan.toml\"\nset = [\"analysis.alpha=0.1\"]",
        "L180",
        "\"analysis.alpha",
        "change the file that `plan` names",
    );
    refuse("\"p_values\"", "\"pvalues\"", "L013", "\"pvalues\"", "did you mean `p_values`");
    refuse(
        "\"p_values\"",
        "\"coverage\"",
        "L180",
        "\"coverage\", \"adjusted",
        "many simulated trials, and this case has data",
    );
    refuse("\"intervals\"", "\"estimates\"", "L062", "\"estimates\", \"p_values\"", "listed twice");
    refuse(
        "\"p_values\", \"adjusted_means\", \"flow_counts\"]",
        "\"p_values\"]\nexact = { rtol = 1e-6 }",
        "L181",
        "exact",
        "needs its reason",
    );
}

#[test]
fn tolerances_and_expectations_need_reasons_and_sense() {
    let row = |text: &str| TESTS.replacen("expect =", &format!("{text}\nexpect ="), 1);
    let codes = |text: &str| -> Vec<&'static str> { problems(text).iter().map(|problem| problem.code).collect() };
    let said = |text: &str| problems(text).to_string();
    assert_eq!(codes(&row("tolerance = [{ ids = \"*\", rtol = 1e-6 }]")), ["L181"]);
    assert!(said(&row("tolerance = [{ ids = \"*\", rtol = 1e-6, why = \"\" }]")).contains("the reason is empty"));
    assert!(said(&row("tolerance = [{ ids = \"*\", why = \"x\" }]")).contains("the row has no tolerance"));
    assert!(said(&row("tolerance = [{ rtol = 0.1, why = \"x\" }]")).contains("`ids` is missing"));
    assert!(said(&row("exact = { rtol = 1, why = \"x\" }")).contains("is a share of the kept number"));
    assert!(said(&row("exact = { rtol = -0.1, why = \"x\" }")).contains("must not be negative"));
    assert!(codes(&row("exact = { rtol = 1e-9, atol = 1e-12 }")).is_empty(), "the usual tolerance needs no reason");
    assert!(said(&row("monte_carlo = { z_warn = 6 }")).contains("`z_warn` (6) is above `z_error` (5)"));
    assert!(said(&row("monte_carlo = { z_warn = 0 }")).contains("must be above 0"));
    assert!(said(&TESTS.replace("[-2, -1]", "[-1, -2]")).contains("-1 is above -2"));
    assert!(
        said(&TESTS.replace(", why = \"relief while sessions last\"", "")).contains("an expectation needs its reason")
    );
    let empty = TESTS.replace("expect = [", "#").replace("\"estimates\", \"standard_errors\", \"flow_counts\", \"mean_estimates\", \"power\", \"coverage\", \"bias\", \"model_se\"", "");
    assert!(said(&empty).contains("the case compares nothing"), "{}", said(&empty));
    assert!(said("").contains("`case` is missing"));
    assert!(said("case = []").contains("there is no case"));
    let profile = |text: &str| format!("{text}\n{TESTS}");
    assert!(said(&profile("[profile.a]\nreplicates = 9")).contains("add only = \"monte_carlo\""));
    assert!(said(&profile("[profile.a]\ncases = [\"nekc\"]")).contains("did you mean `neck`"));
    assert!(codes(&profile("[profile.nightly]\nreplicates = 9")).is_empty());
}

#[test]
fn all_mistakes_of_a_file_are_told_at_once_and_nothing_runs() {
    let desk = desk();
    let text = TESTS
        .replace("replicates = 200", "replicates = \"200\"")
        .replace("scenario = \"neck.toml\"", "scenario = \"nek.toml\"")
        .replace("between = [-2, -1]", "between = [-2]")
        .replace("\"p_values\"", "\"p_value\"")
        .replace("data = \"data.csv\"", "date = \"data.csv\"");
    desk.write("linger-tests.toml", &text);
    let said = linger(&desk, "test");
    assert_eq!(said.code, 2);
    assert_eq!(said.stdout, "");
    assert!(!desk.path("linger-out").exists());
    crate::program::assert_kept("guard-mistakes", &said.whole());
}

#[test]
fn mistakes_in_a_kept_file_are_told_at_once() {
    let desk = kept();
    let text = desk.read("snapshots/neck.toml");
    assert!(read_snapshot(Source::new("a", text.as_str())).is_ok());
    let wrong = text
        .replacen("case = ", "kase = ", 1)
        .replacen("format = 1", "format = 2", 1)
        .replacen("value = ", "valu = ", 1)
        .replacen("count = ", "value = 1.0\ncount = ", 1);
    let found = read_snapshot(Source::new("neck.toml", wrong)).unwrap_err();
    let said = found.to_string();
    for words in [
        "did you mean `case`",
        "this is format 2",
        "did you mean `value`",
        "exactly one of `value`, `count` and `nothing`",
    ] {
        assert!(said.contains(words), "{words}: {said}");
    }
    assert!(found.iter().all(|problem| problem.place.as_ref().unwrap().line_and_column().is_some()));
    assert!(found.iter().all(|problem| problem.help.is_some() || problem.label.is_some()), "{said}");
}

#[test]
fn the_schema_of_the_file_describes_every_key() {
    let schema = schema(SchemaFor::Tests);
    let text = linger(&desk(), "generate schema --for tests").fine();
    assert_eq!(serde_json::from_str::<serde_json::Value>(&text).unwrap(), schema);
    // Each check says of which kind it is.
    let checks = schema["$defs"]["TestCheck"]["oneOf"].as_array().unwrap();
    for check in checks {
        let words = check["description"].as_str().unwrap();
        assert!(words.starts_with("Exact: ") || words.starts_with("Monte Carlo: "), "{check}");
    }
    assert_eq!(checks.len(), linger::scenario::TestCheck::ALL.len());
}

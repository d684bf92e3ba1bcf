//! `linger tip` as a user meets it: tables, words, forms, pictures, and what is refused.

use serde_json::Value;

use super::program::{Desk, assert_kept};

const PLAN: &str = "model = \"ancova\"\noutcomes = [\"rdq\"]\ncontrasts = [\"relaxation - usual_care\", \"structural - usual_care\"]\n\
    multiplicity = \"none\"\n\n[imputation]\nnumber = 20\nstrategy = \"jump_to_reference\"\nreference = \"usual_care\"\n";

const COLUMNS: &str = "[outcomes.rdq]\nrange = [0, 23]\nbetter = \"lower\"\n\n[outcomes.medication_use]\nkind = \"binary\"\nbetter = \"lower\"\n\n\
    [outcomes.days_restricted]\nkind = \"count\"\nbetter = \"lower\"\n";

/// A folder with a simulated trial, and plans for scores, yes or no, and counts.
fn desk() -> Desk {
    let desk = Desk::new();
    desk.linger("simulate differential-dropout -o trial.csv -q").fine();
    let given =
        |model: &str, outcome: &str| PLAN.replace("ancova", model).replace("rdq", outcome) + "given = [\"rdq\"]\n";
    desk.write("columns.toml", COLUMNS).write("plan.toml", PLAN);
    desk.write("answers.toml", &given("logistic", "medication_use"));
    desk.write("counts.toml", &given("negative_binomial", "days_restricted"));
    desk
}

#[test]
fn tables_and_words_say_where_conclusions_change() {
    let desk = desk();
    for (name, plan) in [("tip", "plan"), ("tip-answers", "answers"), ("tip-counts", "counts")] {
        let arguments = format!("tip trial.csv --columns columns.toml --plan {plan}.toml --week 10 --steps 6");
        assert_kept(name, &desk.linger(&arguments).whole());
    }
    let one = desk.linger("tip trial.csv --columns columns.toml --plan plan.toml --week 10 --steps 4 --arms relaxation --to 6 --format md -q");
    assert_kept("tip-md", &one.fine());
}

#[test]
fn every_form_has_the_same_numbers() {
    let desk = desk();
    let ask = |form: &str| {
        desk.linger(&format!(
            "tip trial.csv --columns columns.toml --plan counts.toml --week 10 --steps 3 --format {form} -q"
        ))
        .fine()
    };
    let document: Value = serde_json::from_str(&ask("json")).unwrap();
    assert_eq!(document["unit"], "log rate");
    let results = document["results"].as_array().unwrap();
    // Nine points of two contrasts.
    assert_eq!(results.len(), 18);
    let csv = ask("csv");
    let mut lines = csv.lines();
    let heading: Vec<&str> = lines.next().unwrap().split(',').collect();
    let place = heading.iter().position(|name| *name == "adjusted_p_value").unwrap();
    for (line, row) in lines.zip(results) {
        let p: f64 = line.split(',').nth(place).unwrap().parse().unwrap();
        // The last digit is lost where JSON is read, not where it is written.
        let other = row["adjusted_p_value"].as_f64().unwrap();
        assert!((p - other).abs() <= 1e-15 * p, "{p} {other}");
    }
    assert_eq!(document["points"].as_array().unwrap().len(), 4);
    assert_eq!(document["in_words"].as_array().unwrap().len(), 4);
}

#[test]
fn what_is_suggested_next_is_the_same_question_as_a_picture() {
    let desk = desk();
    let asked =
        "tip trial.csv --columns columns.toml --plan plan.toml --outcome rdq --week 26 --arms structural --to 5";
    let said = desk.linger(&format!("{asked} --steps 3"));
    let next = said.stderr.lines().last().unwrap().trim().strip_prefix("linger ").unwrap();
    assert_eq!(next, format!("{asked} -o tip.svg"));
    desk.linger(next).fine();
    assert!(desk.read("tip.svg").contains("week 26"));
    for picture in ["tip.png", "tip.pdf"] {
        desk.linger(&format!("{asked} --steps 3 -o {picture} -q")).fine();
        assert!(desk.path(picture).exists());
    }
}

#[test]
fn without_an_estimate_nothing_is_told_apart_or_not() {
    let desk = desk();
    // Without columns.toml everything is a score, and imputed scores are no counts.
    let said = desk.linger("tip trial.csv --plan counts.toml --steps 3");
    assert_eq!(said.code, 2, "{}", said.whole());
    assert_eq!(said.stdout, "");
    assert!(said.stderr.contains("`days_restricted` would be imputed as a score"), "{}", said.stderr);
    // An arm that nobody is seen in has no estimate.
    let seen = |line: &&str| !(line.contains("relaxation") && line.contains(",rdq,") && !line.contains("rdq,0,"));
    let rows: String = desk.read("trial.csv").lines().filter(seen).map(|line| format!("{line}\n")).collect();
    desk.write("unseen.csv", &rows);
    let said = desk.linger("tip unseen.csv --columns columns.toml --plan plan.toml --steps 3 --arms structural");
    assert_eq!(said.code, 2, "{}", said.whole());
    assert!(said.stderr.contains("there is no estimate of `rdq` at week 52 that could change"), "{}", said.stderr);
    let said = desk.linger("tip trial.csv --plan counts.toml --steps 3 -o tip.svg");
    assert_eq!(said.code, 2);
    assert!(!desk.path("tip.svg").exists());
}

#[test]
fn mistakes_are_named() {
    let desk = desk();
    let whole =
        |more: &str| desk.linger(&format!("tip trial.csv --columns columns.toml --plan plan.toml -q {more}")).whole();
    let all: String = [
        "--week 11",
        "--outcome rqd",
        "--outcome days_restricted",
        "--arms relaxed",
        "--arms relaxation,relaxation",
        "--dark",
    ]
    .map(|more| format!("> {more}\n{}\n", whole(more)))
    .concat();
    assert_kept("tip-refused", &all);
}

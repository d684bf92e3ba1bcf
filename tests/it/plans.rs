//! Plans as a user brings them: every model with its options through `linger analyse`, the plans that are shipped, and what pictures do.

use std::path::Path;

use serde_json::Value;

use super::program::{Desk, assert_kept};

const CONTRASTS: &str =
    "contrasts = [\"relaxation - usual_care\", \"structural - usual_care\", \"relaxation - structural\"]\n";

/// A desk with the example trial and a shipped plan.
fn example(plan: &str) -> Desk {
    let desk = Desk::new();
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let copy = |from: &str, to: &str| {
        let text = std::fs::read_to_string(root.join(from)).unwrap_or_else(|error| panic!("{from}: {error}"));
        desk.write(to, &text);
    };
    copy("data/example-trial/data.csv", "data.csv");
    copy("data/example-trial/columns.toml", "columns.toml");
    copy(&format!("scenarios/plans/{plan}.toml"), "plan.toml");
    desk
}

const ANALYSE: &str = "analyse data.csv --columns columns.toml --plan plan.toml";

#[test]
fn shipped_plans_say_what_they_are_for() {
    for plan in ["mmrm-with-fade", "responders", "equivalence"] {
        assert_kept(&format!("plan-{plan}"), &example(plan).linger(ANALYSE).whole());
    }
    let markdown = example("mmrm-with-fade").linger(&format!("{ANALYSE} -q --format md")).fine();
    assert_kept("plan-mmrm-with-fade-md", &markdown);
}

#[test]
fn results_of_a_plan_are_whole_for_machines() {
    let desk = example("mmrm-with-fade");
    let document: Value = serde_json::from_str(&desk.linger(&format!("{ANALYSE} -q --format json")).fine()).unwrap();
    assert_eq!(document["method"], "mmrm, us, reml, kenward_roger_linear");
    assert_eq!(document["estimand"]["name"], "treatment policy");
    let model = &document["models"][0];
    assert_eq!(model["formula"], "value ~ baseline*visit + arm*visit");
    assert_eq!(model["covariance"][0].as_array().unwrap().len(), 3);
    let rows = document["results"].as_array().unwrap();
    // Three visits and the fade for two contrasts in the main analysis and in the two sensitivity analyses of all visits; three in the last.
    assert_eq!(rows.len(), 3 * (3 + 1) * 2 + 3 * 2);
    let fade = rows.iter().find(|row| row["versus_week"] == 10.0 && row["analysis"] == "main").unwrap();
    assert_eq!((&fade["visit_week"], &fade["adjusted_p_value"]), (&52.0.into(), &Value::Null));
    assert_eq!(rows.last().unwrap()["analysis"], "visit by visit");
    for row in rows.iter().filter(|row| row["versus_week"].is_null()) {
        let number = |key: &str| row[key].as_f64().unwrap();
        assert!(number("simultaneous_lower") < number("lower") && number("upper") < number("simultaneous_upper"));
        assert!(number("adjusted_p_value") >= number("p_value"));
    }
    let csv = desk.linger(&format!("{ANALYSE} -q --format csv")).fine();
    assert_eq!(csv.lines().count(), 1 + rows.len());
    assert!(csv.starts_with("analysis,estimand,outcome,visit_week,versus_week,contrast,estimator,method,measure,"));

    let margins: Value =
        serde_json::from_str(&example("equivalence").linger(&format!("{ANALYSE} -q --format json")).fine()).unwrap();
    assert_eq!(margins["margins"].as_array().unwrap().len(), 3 * 2);
    assert_eq!(margins["margins"][0]["shown"], true);
    assert_eq!(margins["described"]["effect_sizes"].as_array().unwrap().len(), 3 * 3);
}

/// A simulated trial with outcomes of every kind, age and sex.
fn of_every_kind() -> Desk {
    let desk = Desk::new();
    let said = desk.linger(
        "trial -o out/ -q -s 'characteristics={ sex = { levels = { female = 0.65, male = 0.35 } }, age = { levels = { \"20-39\" = 0.3, \"40-65\" = 0.7 } } }'",
    );
    said.fine();
    desk
}

const KINDS: &str = "analyse out/participants.parquet --columns out/columns.toml --plan plan.toml -q";

/// Plans, what their contrasts measure, and the method in one line.
const MODELS: &[(&str, &str, &str)] = &[
    ("outcomes = [\"rdq\"]\nstd_errors = \"hc3\"", "difference", "ancova, hc3"),
    ("outcomes = [\"rdq\"]\nformula = \"change ~ arm + baseline + sex\"", "difference", "ancova"),
    (
        "outcomes = [\"rdq\"]\nmodel = \"mmrm\"\ncovariance = \"ar1h\"\ncovariance_by_arm = true\nlikelihood = \"ml\"\nstd_errors = \"cr0\"",
        "difference",
        "mmrm, ar1h, covariance_by_arm, ml, satterthwaite, cr0",
    ),
    (
        "outcomes = [\"rdq\"]\nmodel = \"gee\"\ncorrelation = \"unstructured\"\nstd_errors = \"mancl_derouen\"\nrefer_to = \"t\"",
        "difference",
        "gee, gaussian, unstructured, mancl_derouen, t",
    ),
    (
        "outcomes = [\"medication_use\"]\nmodel = \"gee\"\nfamily = \"binomial\"",
        "odds_ratio",
        "gee, binomial, exchangeable, sandwich, z",
    ),
    (
        "outcomes = [\"days_in_bed\"]\nmodel = \"gee\"\nfamily = \"poisson\"\ncorrelation = \"independence\"",
        "rate_ratio",
        "gee, poisson, independence, sandwich, z",
    ),
    (
        "outcomes = [\"rdq\"]\nmodel = \"gee\"\nresponders = { rdq = { points = 3, missing = \"no_response\" } }",
        "odds_ratio",
        "gee, binomial, exchangeable, sandwich, z, responders",
    ),
    ("outcomes = [\"rdq\"]\nmodel = \"mixed_model\"\ndf = \"residual\"", "difference", "mixed_model, residual"),
    (
        "outcomes = [\"rdq\"]\nmodel = \"mixed_model\"\ntherapist = \"sex\"",
        "difference",
        "mixed_model, satterthwaite, therapist",
    ),
    (
        "outcomes = [\"medication_use\"]\nmodel = \"modified_poisson\"\nstd_errors = \"hc1\"",
        "risk_ratio",
        "modified_poisson, hc1",
    ),
    ("outcomes = [\"medication_use\"]\nmodel = \"logistic\"\ncovariates = [\"age\"]", "odds_ratio", "logistic"),
    (
        "model = \"risk_difference\"\nresponders = { bothersomeness = { share = 0.3 } }",
        "risk_difference",
        "risk_difference, responders",
    ),
    ("outcomes = [\"days_in_bed\"]\nmodel = \"negative_binomial\"", "rate_ratio", "negative_binomial"),
    ("outcomes = [\"global_rating\"]\nmodel = \"proportional_odds\"", "odds_ratio", "proportional_odds"),
    ("outcomes = [\"rdq\"]\nmodel = \"t_test\"\nmultiplicity = \"tukey_kramer\"", "difference", "t_test"),
    ("outcomes = [\"rdq\"]\nmodel = \"welch\"\nmultiplicity = \"hommel\"", "difference", "welch"),
    ("outcomes = [\"rdq\"]\nmodel = \"wilcoxon\"\nmultiplicity = \"none\"", "shift", "wilcoxon"),
];

#[test]
fn every_model_with_options_answers_in_its_measure() {
    let desk = of_every_kind();
    for (plan, measure, method) in MODELS {
        desk.write("plan.toml", &format!("{CONTRASTS}{plan}\n"));
        let document: Value = serde_json::from_str(&desk.linger(&format!("{KINDS} --format json")).fine()).unwrap();
        let rows = document["results"].as_array().unwrap();
        assert!(!rows.is_empty() && rows.len().is_multiple_of(9), "{plan}");
        for row in rows {
            assert_eq!((&row["measure"], &row["method"]), (&(*measure).into(), &(*method).into()), "{plan}");
            assert_eq!(row["reason"], Value::Null, "{plan}: {row}");
            let number = |key: &str| row[key].as_f64().unwrap_or_else(|| panic!("{plan}: no {key} in {row}"));
            assert!(number("lower") <= number("estimate") && number("estimate") <= number("upper"), "{plan}: {row}");
            assert!(!measure.ends_with("_ratio") || number("lower") > 0.0, "{plan}: {row}");
            assert!((0.0..=1.0).contains(&number("p_value")) && number("std_error") > 0.0, "{plan}: {row}");
        }
        for mean in document["adjusted_means"].as_array().unwrap() {
            let share = ["logit", "log"].contains(&mean["link"].as_str().unwrap()) && !measure.starts_with("rate");
            let number = |key: &str| mean[key].as_f64();
            if let (Some(own), Some(lower), Some(upper)) = (number("adjusted_mean"), number("lower"), number("upper")) {
                assert!(lower <= own && own <= upper && (!share || (0.0..=1.0).contains(&own)), "{plan}: {mean}");
            }
        }
        let table = desk.linger(KINDS).fine();
        let heading = format!("{} (95% CI)", measure.replace('_', " "));
        assert!(table.contains(&heading), "{plan}: {heading} is missing in\n{table}");
        assert!(!table.contains("NaN") && !table.contains("inf "), "{plan}\n{table}");
        let csv = desk.linger(&format!("{KINDS} --format csv")).fine();
        assert_eq!(csv.lines().count(), 1 + rows.len(), "{plan}");
    }
}

#[test]
fn the_protocols_plan_runs_on_data_with_age_and_sex() {
    let desk = of_every_kind();
    let plan = Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios/plans/as-protocol.toml");
    desk.write("plan.toml", &std::fs::read_to_string(plan).unwrap());
    let document: Value = serde_json::from_str(&desk.linger(&format!("{KINDS} --format json")).fine()).unwrap();
    assert_eq!(document["method"], "gee, gaussian, exchangeable, sandwich, z");
    assert_eq!(
        document["adjusted_for"]["rdq"],
        serde_json::json!(["the baseline of rdq", "age (40-65)", "sex (male)"])
    );
    assert_eq!(document["results"][0]["df"], Value::Null);
    assert!(document["results"][0]["estimate"].as_f64().unwrap() < -1.0);
    let table = desk.linger(KINDS).fine();
    for said in
        ["value ~ arm*visit + baseline + age + sex", "exchangeable", "Fisher's LSD", "Change of the differences"]
    {
        assert!(table.contains(said), "{said} is missing in\n{table}");
    }
}

#[test]
fn a_graph_passes_alpha_on() {
    let desk = example("equivalence");
    desk.write(
        "plan.toml",
        "outcomes = [\"rdq\"]\ncontrasts = [\"relaxation - usual_care\", \"structural - usual_care\"]\nmultiplicity = \"graph\"\n[graph]\nearly = { contrast = \"relaxation - usual_care\", weight = 1, passes_to = { late = 1 } }\nlate = { contrast = \"relaxation - usual_care\", week = 52 }\n",
    );
    let document: Value = serde_json::from_str(&desk.linger(&format!("{ANALYSE} -q --format json")).fine()).unwrap();
    let rows = document["results"].as_array().unwrap();
    let p = |week: f64| {
        let is_it = |row: &&Value| row["visit_week"] == week && row["contrast"] == "relaxation - usual_care";
        let row = rows.iter().find(is_it).unwrap();
        (row["p_value"].as_f64().unwrap(), row["adjusted_p_value"].as_f64().unwrap())
    };
    assert_eq!(p(10.0).0, p(10.0).1);
    assert_eq!(p(52.0).0, p(52.0).1);
    assert_eq!(p(26.0).1, 1.0);
    let table = desk.linger(ANALYSE).fine();
    assert!(table.contains("graphical procedure over the hypotheses early and late"), "{table}");
}

#[test]
fn pictures_of_differences_refuse_ratios_and_say_what_to_do() {
    let desk = example("responders");
    for picture in ["fade", "means"] {
        let said = desk.linger(&format!("plot {picture} data.csv --columns columns.toml --plan plan.toml -o it.svg"));
        assert_eq!(said.code, 2, "{}", said.stderr);
        assert!(
            said.stderr.contains("answers in ratios (risk ratio)") && said.stderr.contains("risk_difference"),
            "{}",
            said.stderr
        );
    }
    assert!(!desk.path("it.svg").exists());
    desk.linger("plot flow data.csv --columns columns.toml --plan plan.toml -o it.svg").fine();
    let said = desk.linger("trial -o out/ -s 'analysis.model=\"proportional_odds\"'");
    assert_eq!(said.code, 0, "{}", said.stderr);
    assert!(said.stderr.contains("note: no picture of fade: "), "{}", said.stderr);
    assert!(desk.files("out").iter().filter(|name| name.ends_with(".svg")).eq(["flow.svg"]));
    // Shares of responders can be drawn as differences.
    desk.write("plan.toml", "model = \"risk_difference\"\nresponders = { rdq = { points = 3 } }\n");
    for picture in ["fade", "means"] {
        let file = format!("{picture}.svg");
        desk.linger(&format!("plot {picture} data.csv --columns columns.toml --plan plan.toml -o {file}")).fine();
        assert!(desk.read(&file).contains("share of responders"), "{}", desk.read(&file));
    }
}

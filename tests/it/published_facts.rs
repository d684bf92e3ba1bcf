//! The published facts in `data/cherkin-2011`: every row is marked and sourced, and what is derived follows from what was published.

use std::collections::BTreeMap;
use std::fs;
use std::path::PathBuf;

use statrs::distribution::{ContinuousCDF, Normal};

/// A row by column name.
type Row = BTreeMap<String, String>;

/// 0.975 quantile of the normal, rounded as the derived rows state it.
const Z_95: f64 = 1.96;
/// Limits printed to 0.1 leave the width of an interval uncertain by this much either way.
const WIDTH_ROUNDING: f64 = 0.1;

fn folder() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("data").join("cherkin-2011")
}

/// Splits one line of CSV; inside double quotes a comma is text and two quotes are one.
fn split_line(line: &str) -> Vec<String> {
    let mut fields = vec![String::new()];
    let mut quoted = false;
    let mut characters = line.chars().peekable();
    while let Some(character) = characters.next() {
        let field = fields.last_mut().expect("starts with one field and only grows");
        match character {
            '"' if quoted && characters.peek() == Some(&'"') => {
                characters.next();
                field.push('"');
            }
            '"' => quoted = !quoted,
            ',' if !quoted => fields.push(String::new()),
            other => field.push(other),
        }
    }
    assert!(!quoted, "a quote is left open in: {line}");
    fields
}

fn read(name: &str) -> Vec<Row> {
    let text = fs::read_to_string(folder().join(name)).unwrap_or_else(|error| panic!("{name}: {error}"));
    let mut lines = text.lines();
    let header = split_line(lines.next().expect("a header"));
    lines
        .enumerate()
        .map(|(i, line)| {
            let fields = split_line(line);
            assert_eq!(fields.len(), header.len(), "{name} line {}: number of fields", i + 2);
            header.iter().cloned().zip(fields).collect()
        })
        .collect()
}

fn file_names() -> Vec<String> {
    let mut names: Vec<String> = fs::read_dir(folder())
        .expect("the folder of published facts")
        .map(|entry| entry.expect("a readable entry").file_name().into_string().expect("a UTF-8 name"))
        .filter(|name| name.ends_with(".csv"))
        .collect();
    names.sort();
    names
}

/// The number in a cell, `None` where the cell is empty.
fn maybe_number(row: &Row, column: &str) -> Option<f64> {
    let cell = &row[column];
    (!cell.is_empty()).then(|| cell.parse().unwrap_or_else(|_| panic!("{column}: `{cell}` is not a number in {row:?}")))
}

fn number(row: &Row, column: &str) -> f64 {
    maybe_number(row, column).unwrap_or_else(|| panic!("{column} is empty in {row:?}"))
}

/// The one row whose cells are as given.
fn only<'a>(rows: &'a [Row], wanted: &[(&str, &str)]) -> &'a Row {
    let found: Vec<&Row> =
        rows.iter().filter(|row| wanted.iter().all(|(column, cell)| row[*column] == *cell)).collect();
    assert_eq!(found.len(), 1, "rows with {wanted:?}");
    found[0]
}

fn randomised(design: &[Row], arm: &str) -> f64 {
    number(only(design, &[("fact", "randomised"), ("arm", arm)]), "value")
}

/// Asserts that `value` rounds to the number printed in the cell, at the cell's own digits.
#[track_caller]
fn assert_rounds_to(value: f64, row: &Row, column: &str) {
    let digits = row[column].split_once('.').map_or(0, |(_, decimals)| decimals.len());
    let half_unit = 0.5 * 10f64.powi(-i32::try_from(digits).expect("few digits"));
    let printed = number(row, column);
    assert!((value - printed).abs() <= half_unit + 1e-9, "{column}: {value} against printed {printed} in {row:?}");
}

/// `sqrt(1/n1 + 1/n2)` for the two arms of a contrast as randomised.
fn inverse_root_size(design: &[Row], contrast: &str) -> f64 {
    let (arm, versus) = contrast.split_once(" - ").expect("a contrast is `arm - versus`");
    (1.0 / randomised(design, arm) + 1.0 / randomised(design, versus)).sqrt()
}

#[test]
fn a_quoted_comma_and_a_doubled_quote_stay_in_their_field() {
    assert_eq!(split_line(r#"a,"b, ""c""",,d"#), ["a", r#"b, "c""#, "", "d"]);
}

#[test]
fn every_row_has_a_mark_and_a_source() {
    let names = file_names();
    assert!(names.len() >= 15, "files: {names:?}");
    for name in names {
        let rows = read(&name);
        assert!(!rows.is_empty(), "{name} has no rows");
        for row in &rows {
            let (mark, source) = (row["confidence"].as_str(), row["source"].trim());
            assert!(matches!(mark, "P" | "S" | "D"), "{name}: mark `{mark}` in {row:?}");
            assert!(!source.is_empty(), "{name}: no source in {row:?}");
            assert!(mark == "D" || source.contains("http"), "{name}: source without an address in {row:?}");
        }
    }
}

#[test]
fn numeric_columns_hold_plain_numbers_or_nothing() {
    let numeric = ["visit_week", "value", "estimate", "lower", "upper", "low", "high", "coefficient", "std_error"];
    for name in file_names() {
        for row in read(&name) {
            for column in numeric.iter().filter(|column| row.contains_key(**column)) {
                maybe_number(&row, column);
            }
            if let (Some(lower), Some(upper)) = (row.get("lower"), row.get("upper"))
                && let (Ok(lower), Ok(upper)) = (lower.parse::<f64>(), upper.parse::<f64>())
            {
                assert!(lower <= upper, "{name}: limits the wrong way round in {row:?}");
                let value = row.get("value").or(row.get("estimate")).and_then(|cell| cell.parse::<f64>().ok());
                assert!(
                    value.is_none_or(|value| (lower..=upper).contains(&value)),
                    "{name}: outside its limits {row:?}"
                );
            }
        }
    }
}

#[test]
fn the_design_counts_add_up() {
    let design = read("design.csv");
    let by_arm: f64 = ["relaxation", "structural", "usual_care"].iter().map(|arm| randomised(&design, arm)).sum();
    assert_eq!(by_arm, randomised(&design, ""));
    let planned = |fact| number(only(&design, &[("fact", fact)]), "value");
    assert_eq!(planned("planned"), planned("arms") * planned("planned_per_arm"));
    let left_after_loss = planned("planned_per_arm") * (1.0 - planned("planned_loss") / 100.0);
    assert_eq!(left_after_loss.round(), planned("planned_per_arm_with_data"));
    let weeks: Vec<f64> =
        design.iter().filter(|row| row["fact"] == "visit_week").map(|row| number(row, "value")).collect();
    assert_eq!(weeks, [0.0, 10.0, 26.0, 52.0]);
    for (arm, arms) in
        [("", &["relaxation", "structural"][..]), ("relaxation", &["relaxation"]), ("structural", &["structural"])]
    {
        let total: f64 = arms.iter().map(|arm| randomised(&design, arm)).sum();
        let row = only(&design, &[("fact", "massage_participants_per_therapist"), ("arm", arm)]);
        assert_rounds_to(total / planned("therapists"), row, "value");
    }
}

#[test]
fn four_contrasts_were_published_and_only_directions_after_them() {
    let contrasts = read("contrasts.csv");
    let keys: Vec<(&str, &str, &str)> = contrasts
        .iter()
        .map(|row| (row["outcome"].as_str(), row["visit_week"].as_str(), row["contrast"].as_str()))
        .collect();
    let expected: Vec<(&str, &str, &str)> = ["rdq", "bothersomeness"]
        .into_iter()
        .flat_map(|outcome| [(outcome, "10", "relaxation - usual_care"), (outcome, "10", "structural - usual_care")])
        .collect();
    assert_eq!(keys, expected);
    assert!(contrasts.iter().all(|row| row["confidence"] == "P"));
    let directions = read("directions.csv");
    for outcome in ["rdq", "bothersomeness"] {
        for week in ["26", "52"] {
            for contrast in ["relaxation - usual_care", "structural - usual_care"] {
                let row = only(&directions, &[("outcome", outcome), ("visit_week", week), ("contrast", contrast)]);
                let better = outcome == "rdq" && (week == "26" || contrast.starts_with("relaxation"));
                assert_eq!(row["direction"], if better { "better" } else { "no_difference_shown" }, "{row:?}");
            }
        }
    }
}

#[test]
fn derived_numbers_follow_from_the_published_intervals() {
    let (contrasts, derived, design) = (read("contrasts.csv"), read("derived.csv"), read("design.csv"));
    assert!(derived.iter().all(|row| row["confidence"] == "D"));
    for published in &contrasts {
        let (outcome, contrast) = (published["outcome"].as_str(), published["contrast"].as_str());
        let row = |quantity| only(&derived, &[("quantity", quantity), ("outcome", outcome), ("contrast", contrast)]);
        let width = number(published, "upper") - number(published, "lower");
        let size = inverse_root_size(&design, contrast);
        for (column, width) in [("value", width), ("low", width - WIDTH_ROUNDING), ("high", width + WIDTH_ROUNDING)] {
            let std_error = width / (2.0 * Z_95);
            assert_rounds_to(std_error, row("std_error"), column);
            assert_rounds_to(std_error / size, row("implied_sd_all_randomised"), column);
            assert_rounds_to(std_error / size * 0.95f64.sqrt(), row("implied_sd_5_percent_missing"), column);
        }
        let standardised = number(published, "estimate") * size * 2.0 * Z_95 / width;
        assert_rounds_to(standardised, row("standardised_effect"), "value");
    }
    for outcome in ["rdq", "bothersomeness"] {
        let estimate = |contrast| number(only(&contrasts, &[("outcome", outcome), ("contrast", contrast)]), "estimate");
        let difference = estimate("relaxation - usual_care") - estimate("structural - usual_care");
        let row = only(&derived, &[("quantity", "point_difference"), ("outcome", outcome)]);
        assert_rounds_to(difference, row, "value");
    }
}

/// Power of a two-sided comparison of two means by the normal approximation.
fn pairwise_power(difference: f64, sd: f64, n: f64, alpha: f64) -> f64 {
    let normal = Normal::standard();
    let z = difference / (sd * (2.0 / n).sqrt());
    let critical = -normal.inverse_cdf(alpha / 2.0);
    normal.sf(critical - z) + normal.sf(critical + z)
}

/// Power of the F test of three equal means. With two numerator degrees of freedom the central F quantile is in closed form, and the
/// noncentral tail is a Poisson mixture of beta tails, `I_x(j + 1, b) = I_x(j, b) - x^j (1 - x)^b / (j B(j, b))`.
fn omnibus_power(means: [f64; 3], sd: f64, n: f64, alpha: f64) -> f64 {
    let mean = means.iter().sum::<f64>() / 3.0;
    let half_noncentrality = n * means.iter().map(|m| (m - mean).powi(2)).sum::<f64>() / (sd * sd) / 2.0;
    let b = (3.0 * n - 3.0) / 2.0;
    // P(F > c) = (1 + c / b)^-b for F on 2 and 2b degrees of freedom, and x = c / (c + b) is the same point on the beta scale.
    let x = 1.0 - alpha.powf(1.0 / b);
    let (mut weight, mut tail, mut step) = ((-half_noncentrality).exp(), (1.0 - x).powf(b), b * x * (1.0 - x).powf(b));
    let mut power = 0.0;
    for j in 1..500 {
        power += weight * tail;
        tail += step;
        let j = f64::from(j);
        step *= x * (j + b) / (j + 1.0);
        weight *= half_noncentrality / j;
    }
    power
}

#[test]
fn three_power_claims_reproduce_and_one_does_not() {
    let (claims, assumptions) = (read("power_claims.csv"), read("power_assumptions.csv"));
    for row in &claims {
        let of = |column| number(row, column);
        let power = match row["test"].as_str() {
            "pairwise" => pairwise_power(of("mean_high") - of("mean_low"), of("sd"), of("n_per_arm"), of("alpha")),
            "omnibus" => {
                let means = [of("mean_low"), of("mean_middle"), of("mean_high")];
                omnibus_power(means, of("sd"), of("n_per_arm"), of("alpha"))
            }
            other => panic!("no test called `{other}`"),
        };
        assert_rounds_to(power, row, "recomputed_power");
        let Some(claimed) = maybe_number(row, "claimed_power") else {
            assert_eq!((row["confidence"].as_str(), row["reproduces"].as_str()), ("D", ""), "a variant claims nothing");
            continue;
        };
        let over = row["claimed_as"].starts_with("over");
        let reproduces = if over { power > claimed } else { (power - claimed).abs() <= 0.005 };
        assert_eq!(row["reproduces"], if reproduces { "yes" } else { "no" }, "{row:?} gives {power}");
        let assumed = |name| number(only(&assumptions, &[("assumption", name), ("outcome", &row["outcome"])]), "value");
        assert_eq!(of("sd"), assumed("residual_sd"));
    }
    let counted = |answer: &str| claims.iter().filter(|row| row["reproduces"] == answer).count();
    assert_eq!((counted("yes"), counted("no")), (3, 1));
}

#[test]
fn what_is_derived_for_the_sister_trial_follows_from_its_coefficients() {
    let (sister, coefficients) = (read("sister_trials.csv"), read("sister_coefficients.csv"));
    let rows: Vec<&Row> =
        sister.iter().filter(|row| row["study"] == "acupuncture_2009" && row["confidence"] == "D").collect();
    assert!(rows.len() >= 18);
    let n = |arm: &str| {
        number(only(&sister, &[("study", "acupuncture_2009"), ("quantity", "randomised"), ("arm", arm)]), "value")
    };
    for row in rows {
        let cell = |arm: &str, week: &str, column: &str| {
            let predictor = format!("{arm} - usual_care");
            let wanted =
                [("outcome", row["outcome"].as_str()), ("visit_week", week), ("predictor", predictor.as_str())];
            number(only(&coefficients, &wanted), column)
        };
        let arm = row["arm"].as_str();
        let left = |arm| cell(arm, "52", "coefficient") / cell(arm, "8", "coefficient");
        let value = match row["quantity"].as_str() {
            "fraction_left" => left(arm),
            "half_life" => 44.0 * std::f64::consts::LN_2 / -left(arm).ln(),
            "relative_std_error" => cell(arm, "52", "std_error") / cell(arm, "52", "coefficient").abs(),
            "residual_sd" => {
                let size = (1.0 / n("individualised") + 1.0 / n("usual_care")).sqrt();
                cell("individualised", &row["visit_week"], "std_error") / size * (583.0f64 / 641.0).sqrt()
            }
            other => panic!("nothing says how `{other}` is derived"),
        };
        assert_rounds_to(value, row, "value");
    }
}

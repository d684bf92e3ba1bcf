//! Rubin's rules against R's mice, and conditional-mean imputation with the jackknife against R's rbmi.

use std::sync::Arc;

use linger::analysis::imputation::pooling::{Pooled, pooled_joint_test};
use linger::analysis::{Analysis, analyse};
use linger::scenario::{
    Cause, Imputation, ImputationRule, ImputedScores, Imputing, MissingStrategy, MultiplicityRule, Plan,
};
use linger::trial::{Contrast, Layout, TrialData};

use super::data::{ARMS, CONTRASTS, VISITS, trial};
use crate::closeness::Closeness;
use crate::table::{self, Row};
use crate::trials;

/// Sums and closed forms in doubles.
const TOLERANCE: f64 = 1e-10;

/// Where rbmi's fits end.
const LOOSE: f64 = 1e-4;

const SETS: [&str; 2] = ["trial_monotone", "trial_intermittent"];

/// The analyses of the fixed imputations of a data set.
fn analyses(set: &str) -> Vec<Analysis> {
    let rows = table::reference(&format!("imputation/{set}.csv"));
    let mut by_imputation: Vec<Vec<Row>> = Vec::new();
    for row in rows {
        let imputation = row.number("imp") as usize;
        by_imputation.resize_with(by_imputation.len().max(imputation), Vec::new);
        by_imputation[imputation - 1].push(row);
    }
    let analysed = |rows: &Vec<Row>| {
        let trial = trial(rows, false);
        let multiplicity = MultiplicityRule::None;
        let plan =
            Plan { contrasts: CONTRASTS.to_vec(), multiplicity, covariances: true, ..trials::plan(&trial.layout) };
        analyse(&plan, &trial)
    };
    by_imputation.iter().map(analysed).collect()
}

fn visit(row: &Row) -> usize {
    VISITS.iter().position(|(name, _)| *name == row.text("visit")).expect("a visit of the list")
}

fn contrast(row: &Row) -> usize {
    let is_it = |own: &Contrast| format!("{} - {}", ARMS[own.arm], ARMS[own.versus]) == row.text("contrast");
    CONTRASTS.iter().position(is_it).expect("a contrast of the list")
}

/// The estimates of a contrast with their variances, imputation by imputation.
fn answers(analyses: &[Analysis], visit: usize, contrast: usize) -> Vec<(f64, f64)> {
    let of = |analysis: &Analysis| {
        let estimate = analysis.fit(0, visit).expect("a fit per visit").contrasts[contrast].expect("an estimate");
        (estimate.value, estimate.std_error.powi(2))
    };
    analyses.iter().map(of).collect()
}

#[test]
fn rubins_rules_agree_with_mice() {
    let mut closeness = Closeness::default();
    let all = SETS.map(|set| (set, analyses(set)));
    let of = |row: &Row| &all.iter().find(|(set, _)| *set == row.text("dataset")).expect("a known set").1;
    for row in &table::reference("imputation/per_imputation.csv") {
        let own = answers(of(row), visit(row), contrast(row))[row.number("imp") as usize - 1];
        closeness.compare("estimate of one", row.text("imp"), own.0, row.number("estimate"));
        closeness.compare("standard error of one", row.text("imp"), own.1.sqrt(), row.number("se"));
    }
    let rows = table::reference("imputation/pooled.csv");
    assert_eq!(rows.len(), 36);
    for row in &rows {
        let own = answers(of(row), visit(row), contrast(row));
        let pooled = Pooled::of(own.iter().copied(), row.number("df_complete")).expect("something to pool");
        assert_eq!(pooled.n_imputations as f64, row.number("m"));
        let place = format!("{} {} {}", row.text("visit"), row.text("contrast"), row.text("rule"));
        for (quantity, number) in [
            ("qbar", pooled.value),
            ("ubar", pooled.within),
            ("b", pooled.between),
            ("t_total", pooled.total),
            ("se", pooled.std_error()),
            ("riv", pooled.increase),
            ("lambda", pooled.share),
            ("df", pooled.df),
            ("fmi", pooled.fmi),
        ] {
            closeness.compare(quantity, &place, number, row.number(quantity));
        }
    }
    closeness.assert_within(TOLERANCE);
}

#[test]
fn the_pooled_wald_test_agrees_with_mice() {
    let mut closeness = Closeness::default();
    let rows = table::reference("imputation/joint.csv");
    assert_eq!(rows.len(), 6);
    for row in &rows {
        let analyses = analyses(row.text("dataset"));
        let (mut values, mut covariances) = (Vec::new(), Vec::new());
        for analysis in &analyses {
            let fit = analysis.fit(0, visit(row)).expect("a fit per visit");
            values.extend((0..2).map(|own| fit.contrasts[own].expect("an estimate").value));
            covariances.extend([0, 1, 3, 4].map(|cell| fit.covariance[cell]));
        }
        let test = pooled_joint_test(2, &values, &covariances, 397.0).expect("a test");
        let place = format!("{} {}", row.text("dataset"), row.text("visit"));
        for (quantity, number) in [("F", test.f), ("df1", test.df_arms), ("df2", test.df_residual), ("p", test.p_value)]
        {
            closeness.compare(quantity, &place, number, row.number(quantity));
        }
    }
    closeness.assert_within(TOLERANCE);
}

/// The trial with monotone dropout, its first two arms alone.
fn two_arms() -> TrialData {
    let rows = table::reference("data/trial_monotone.csv");
    let rows: Vec<Row> = rows.into_iter().filter(|row| row.text("arm") != "structural").collect();
    let all = trial(&rows, false);
    let layout = Layout { arms: all.layout.arms[..2].to_vec(), ..(*all.layout).clone() };
    TrialData { layout: Arc::new(layout), ..all }
}

#[test]
fn conditional_means_with_the_jackknife_agree_with_rbmi() {
    let trial = two_arms();
    let mean_baseline = (0..trial.n_participants()).filter_map(|i| trial.outcomes[0].value(i, 0)).sum::<f64>()
        / trial.n_participants() as f64;
    let mut closeness = Closeness::default();
    let rows = table::reference("imputation/conditional_mean_jackknife.csv");
    for (name, strategy) in [
        ("MAR", MissingStrategy::Mar),
        ("JR", MissingStrategy::JumpToReference),
        ("CR", MissingStrategy::CopyReference),
        ("CIR", MissingStrategy::CopyIncrements),
    ] {
        let rule = ImputationRule { arms: Vec::new(), cause: Cause::Lost, strategy, reference: 0 };
        let plan = Plan {
            contrasts: vec![Contrast { arm: 1, versus: 0 }],
            imputation: Some(Imputation {
                how: Imputing::Jackknife,
                seed: 1,
                by_arm: false,
                rules: vec![rule],
                deltas: Vec::new(),
                scores: ImputedScores::AsDrawn,
                given: Vec::new(),
            }),
            ..trials::plan(&trial.layout)
        };
        let analysis = analyse(&plan, &trial);
        let own: Vec<&Row> = rows.iter().filter(|row| row.text("strategy") == name).collect();
        assert_eq!(own.len(), 9);
        for row in own {
            let (parameter, visit) = row.text("parameter").rsplit_once('_').expect("a parameter at a visit");
            let visit = VISITS.iter().position(|(name, _)| *name == visit).expect("a visit");
            let fit = analysis.fit(0, visit).expect("a fit");
            let (value, std_error, lower, upper) = match parameter {
                "trt" => {
                    let own = fit.contrasts[0].expect("an estimate");
                    (own.value, own.std_error, own.lower, own.upper)
                }
                arm => {
                    let own = fit.adjusted_means[usize::from(arm == "lsm_alt")].expect("a mean");
                    (own.value - mean_baseline, own.std_error, own.lower - mean_baseline, own.upper - mean_baseline)
                }
            };
            let place = format!("{name} {}", row.text("parameter"));
            // Differences of estimates are counted in standard errors where the estimate is near 0.
            closeness.compare_on("estimate", &place, value, row.number("est"), row.number("se"));
            // The baseline's own mean is fixed in ours and theirs moves with it, so that standard errors of adjusted means are not alike.
            if parameter == "trt" {
                closeness.compare("standard error", &place, std_error, row.number("se"));
                // An end of the interval moves with the estimate and with 1.96 standard errors.
                let scale = 2.96 * row.number("se");
                closeness.compare_on("lower", &place, lower, row.number("lci"), scale);
                closeness.compare_on("upper", &place, upper, row.number("uci"), scale);
            }
        }
    }
    closeness.assert_within(LOOSE);
}

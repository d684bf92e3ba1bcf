//! Analysis of covariance against R's `lm` and `emmeans` on three data sets: complete, monotone dropout, intermittent gaps.
//!
//! The stored tables also hold nothing but what is compared here: R's unadjusted models are left out of them, since linger
//! always adjusts for baseline.

use linger::analysis::{Analysis, VisitFit, analyse};
use linger::scenario::{CovariateSource, MultiplicityRule, Plan};

use super::data::{ARMS, CONTRASTS, DATA_SETS, VISITS, covariates, trial};
use crate::closeness::Closeness;
use crate::table::{self, Row};
use crate::trials;

/// The number of digits in which least squares in doubles can be expected to agree, whichever way they are done.
const TOLERANCE: f64 = 1e-10;

/// The analysis that one combination of the stored tables was made from.
fn fit(data_set: &str, outcome: &str, model: &str) -> Analysis {
    let rows = table::reference(&format!("data/{data_set}.csv"));
    let mut trial = trial(&rows, outcome == "change");
    let mut plan =
        Plan { contrasts: CONTRASTS.to_vec(), multiplicity: MultiplicityRule::None, ..trials::plan(&trial.layout) };
    if model == "base_cov" {
        trial.covariates = covariates(&rows);
        plan.covariates = (0..3).map(CovariateSource::Column).collect();
    }
    analyse(&plan, &trial)
}

/// Calls `compare` with every row of a table and the fit it belongs to; returns how many rows there were.
fn with_fits(name: &str, mut compare: impl FnMut(&Row, &VisitFit, String)) -> usize {
    let rows = table::reference(&format!("ancova/{name}.csv"));
    let mut compared = 0;
    for data_set in DATA_SETS {
        for (outcome, model) in [("y", "base"), ("y", "base_cov"), ("change", "base"), ("change", "base_cov")] {
            let wanted = |row: &&Row| {
                row.text("dataset") == data_set && row.text("outcome") == outcome && row.text("model") == model
            };
            let rows: Vec<&Row> = rows.iter().filter(wanted).collect();
            if rows.is_empty() {
                continue;
            }
            let analysis = fit(data_set, outcome, model);
            for row in rows {
                let visit =
                    VISITS.iter().position(|(name, _)| *name == row.text("visit")).expect("a visit of the list");
                let place = format!("{data_set} {} {outcome} {model}", row.text("visit"));
                compare(row, analysis.fit(0, visit).expect("a fit per visit"), place);
                compared += 1;
            }
        }
    }
    assert_eq!(compared, rows.len(), "every row of {name} belongs to a fit");
    compared
}

#[test]
fn contrasts_agree_with_lm() {
    let mut closeness = Closeness::default();
    let compared = with_fits("contrasts", |row, fit, place| {
        let names = CONTRASTS.map(|contrast| format!("{} - {}", ARMS[contrast.arm], ARMS[contrast.versus]));
        let position = names.iter().position(|name| name == row.text("contrast")).expect("a contrast of the list");
        let estimate = fit.contrasts[position].expect("an estimate");
        assert_eq!((fit.n as f64, estimate.df), (row.number("n"), row.number("df")), "{place}");
        let place = format!("{place} {}", names[position]);
        closeness.compare("estimate", &place, estimate.value, row.number("estimate"));
        closeness.compare("standard error", &place, estimate.std_error, row.number("se"));
        closeness.compare("t", &place, estimate.value / estimate.std_error, row.number("stat"));
        closeness.compare("p", &place, estimate.p_value, row.number("p"));
        closeness.compare("lower", &place, estimate.lower, row.number("lower"));
        closeness.compare("upper", &place, estimate.upper, row.number("upper"));
    });
    assert_eq!(compared, 72);
    closeness.assert_within(TOLERANCE);
}

#[test]
fn adjusted_means_agree_with_emmeans_weighted_as_levels_occur() {
    let mut closeness = Closeness::default();
    let compared = with_fits("adjusted_means", |row, fit, place| {
        let arm = ARMS.iter().position(|arm| *arm == row.text("arm")).expect("an arm of the list");
        let mean = fit.adjusted_means[arm].expect("a mean");
        assert_eq!(fit.df, row.number("df"), "{place}");
        let place = format!("{place} {}", ARMS[arm]);
        closeness.compare("adjusted mean", &place, mean.value, row.number("lsmean"));
        closeness.compare("standard error", &place, mean.std_error, row.number("se"));
        closeness.compare("lower", &place, mean.lower, row.number("lower"));
        closeness.compare("upper", &place, mean.upper, row.number("upper"));
    });
    assert_eq!(compared, 126);
    closeness.assert_within(TOLERANCE);
}

#[test]
fn omnibus_tests_agree_with_lm() {
    let mut closeness = Closeness::default();
    let compared = with_fits("omnibus", |row, fit, place| {
        let omnibus = fit.omnibus.expect("an omnibus test");
        assert_eq!((omnibus.df_arms, omnibus.df_residual), (row.number("num_df"), row.number("den_df")), "{place}");
        closeness.compare("F", &place, omnibus.f, row.number("F"));
        closeness.compare("p", &place, omnibus.p_value, row.number("p_F"));
    });
    assert_eq!(compared, 24);
    closeness.assert_within(TOLERANCE);
}

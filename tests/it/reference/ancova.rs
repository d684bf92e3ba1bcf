//! Analysis of covariance against R's `lm`, `emmeans` and `sandwich` on three data sets: complete, monotone dropout, intermittent gaps.

use linger::analysis::{Analysis, Coefficient, VisitFit, analyse, coefficients_at, joint_test_of_term};
use linger::scenario::{
    CovariateSource, Estimator, LevelWeights, MeanModel, MultiplicityRule, Plan, Response, StdErrors, Variable,
};
use linger::trial::TrialData;

use super::data::{ARMS, CONTRASTS, DATA_SETS, VISITS, covariates, trial};
use crate::closeness::Closeness;
use crate::table::{self, Row};
use crate::trials;

/// The number of digits in which least squares in doubles can be expected to agree, whichever way they are done.
const TOLERANCE: f64 = 1e-10;

/// Columns that say which analysis a row of a table belongs to; a table need not have all of them.
#[derive(Debug, Clone, PartialEq)]
struct Key {
    data_set: String,
    outcome: String,
    model: String,
    std_errors: String,
    weights: String,
}

impl Key {
    fn of(row: &Row, columns: [Option<&str>; 2]) -> Self {
        let text = |column: &str| row.text(column).to_owned();
        let [std_errors, weights] = columns.map(|column| column.map_or(String::new(), text));
        Self { data_set: text("dataset"), outcome: text("outcome"), model: text("model"), std_errors, weights }
    }

    /// The plan and the data of these columns. Changes are those of the plan's response for the models that are written as
    /// formulas, and made beforehand for the others.
    fn plan(&self) -> (Plan, TrialData) {
        assert!(DATA_SETS.contains(&self.data_set.as_str()));
        let rows = table::reference(&format!("data/{}.csv", self.data_set));
        let change = self.outcome == "change";
        let formula = |terms: &[&[Variable]]| {
            let response = if change { Response::Change } else { Response::Value };
            Some(MeanModel { response, terms: terms.iter().map(|term| term.to_vec()).collect() })
        };
        use Variable::{Arm, Baseline};
        let model = match self.model.as_str() {
            "unadjusted" => formula(&[&[Arm]]),
            "base*arm" => formula(&[&[Baseline], &[Arm], &[Baseline, Arm]]),
            _ => None,
        };
        let mut trial = trial(&rows, change && model.is_none());
        let mut plan = Plan {
            estimator: Estimator::Ancova(std_errors(&self.std_errors)),
            model,
            weights: if self.weights == "equal" { LevelWeights::Equal } else { LevelWeights::Proportional },
            contrasts: CONTRASTS.to_vec(),
            multiplicity: MultiplicityRule::None,
            ..trials::plan(&trial.layout)
        };
        if self.model == "base_cov" {
            trial.covariates = covariates(&rows);
            plan.covariates = (0..3).map(CovariateSource::Column).collect();
        }
        (plan, trial)
    }
}

fn std_errors(name: &str) -> StdErrors {
    match name {
        "const" | "" => StdErrors::Constant,
        "HC0" => StdErrors::Hc0,
        "HC1" => StdErrors::Hc1,
        "HC2" => StdErrors::Hc2,
        "HC3" => StdErrors::Hc3,
        other => panic!("{other}"),
    }
}

fn visit(row: &Row) -> usize {
    VISITS.iter().position(|(name, _)| *name == row.text("visit")).expect("a visit of the list")
}

/// Calls `compare` with every row of a table, and the analysis it belongs to.
fn with_fits(
    name: &str,
    columns: [Option<&str>; 2],
    mut compare: impl FnMut(&Row, &VisitFit, &str, &(Plan, TrialData)),
) -> usize {
    let rows = table::reference(&format!("ancova/{name}.csv"));
    let mut last: Option<(Key, (Plan, TrialData), Analysis)> = None;
    for row in &rows {
        let key = Key::of(row, columns);
        let (_, data, analysis) = match last.take() {
            Some(known) if known.0 == key => last.insert(known),
            _ => {
                let data = key.plan();
                let analysis = analyse(&data.0, &data.1);
                last.insert((key.clone(), data, analysis))
            }
        };
        let place = format!("{key:?} {}", row.text("visit"));
        compare(row, analysis.fit(0, visit(row)).expect("a fit per visit"), &place, data);
    }
    rows.len()
}

#[test]
fn contrasts_agree_with_lm_and_sandwich() {
    let mut closeness = Closeness::default();
    let compared = with_fits("contrasts", [Some("se_type"), None], |row, fit, place, _| {
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
    assert_eq!(compared, 630);
    closeness.assert_within(TOLERANCE);
}

#[test]
fn adjusted_means_agree_with_emmeans_whichever_way_levels_are_weighted() {
    let mut closeness = Closeness::default();
    let compared = with_fits("adjusted_means", [None, Some("weights")], |row, fit, place, _| {
        let arm = ARMS.iter().position(|arm| *arm == row.text("arm")).expect("an arm of the list");
        let mean = fit.adjusted_means[arm].expect("a mean");
        assert_eq!(fit.df, row.number("df"), "{place}");
        let place = format!("{place} {}", ARMS[arm]);
        closeness.compare("adjusted mean", &place, mean.value, row.number("lsmean"));
        closeness.compare("standard error", &place, mean.std_error, row.number("se"));
        closeness.compare("lower", &place, mean.lower, row.number("lower"));
        closeness.compare("upper", &place, mean.upper, row.number("upper"));
    });
    assert_eq!(compared, 252);
    closeness.assert_within(TOLERANCE);
}

#[test]
fn omnibus_tests_and_tests_of_slopes_agree_with_lm_and_sandwich() {
    let mut closeness = Closeness::default();
    let mut slopes = 0;
    let compared = with_fits("omnibus", [Some("se_type"), None], |row, fit, place, (plan, trial)| {
        let omnibus = match row.text("test") {
            "arm" => fit.omnibus.expect("an omnibus test"),
            _ => {
                slopes += 1;
                let term = [Variable::Arm, Variable::Baseline];
                joint_test_of_term(plan, trial, 0, fit.visit, &term).expect("a test of the slopes")
            }
        };
        assert_eq!((omnibus.df_arms, omnibus.df_residual), (row.number("num_df"), row.number("den_df")), "{place}");
        closeness.compare("F", place, omnibus.f, row.number("F"));
        closeness.compare("p", place, omnibus.p_value, row.number("p_F"));
    });
    assert_eq!((compared, slopes), (228, 18));
    closeness.assert_within(TOLERANCE);
}

#[test]
fn coefficients_agree_with_lm() {
    let mut closeness = Closeness::default();
    let rows = table::reference("ancova/coefficients.csv");
    // `sexm` is `sex[m]` here.
    let as_r_writes = |name: &str| name.replace(['[', ']'], "").replace("baseline", "base");
    let same = |a: &Row, b: &Row| Key::of(a, [None, None]) == Key::of(b, [None, None]) && visit(a) == visit(b);
    for rows in rows.chunk_by(same) {
        for (std_errors, column) in [("const", "se"), ("HC3", "se_hc3")] {
            let key = Key { std_errors: std_errors.into(), ..Key::of(&rows[0], [None, None]) };
            let visit = visit(&rows[0]);
            let (plan, trial) = key.plan();
            let coefficients = coefficients_at(&plan, &trial, 0, visit).expect("coefficients");
            let analysis = analyse(&plan, &trial);
            let residual_sd = analysis.fit(0, visit).expect("a fit").residual_sd;
            assert_eq!(coefficients.len(), rows.len());
            for row in rows {
                let place = format!("{key:?} {visit} {}", row.text("term"));
                let own = |coefficient: &&Coefficient| as_r_writes(&coefficient.name) == row.text("term");
                let coefficient = coefficients.iter().find(own).unwrap_or_else(|| panic!("no {place}"));
                let estimate = coefficient.estimate.expect("an estimate");
                closeness.compare("estimate", &place, estimate.value, row.number("estimate"));
                closeness.compare(column, &place, estimate.std_error, row.number(column));
                closeness.compare("residual standard deviation", &place, residual_sd, row.number("sigma"));
                assert_eq!(estimate.df, row.number("df_residual"), "{place}");
            }
        }
    }
    closeness.assert_within(TOLERANCE);
}

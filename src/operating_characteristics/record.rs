//! The record of one replicate: its analysis as a fixed list of named numbers, from which intervals, tests and multiplicity are worked out again.
//!
//! Per fit, that is outcome and visit, a record holds for every contrast the estimate, its standard error and degrees of freedom or the
//! code of the reason for which there is none; the omnibus test; the number of participants in the fit; and the covariances of the
//! contrasts where the plan has them. Then the same of contrasts between visits and of combinations, and everything again for
//! every sensitivity analysis. Where intervals and p-values do not follow from standard errors (ranks) they are held themselves.
//! No number is NaN, which files show as an empty cell.
//!
//! # Checked against
//! `tests/it/independent/records.rs`: an analysis read back from its record is the analysis, bit by bit, for every estimator.

use crate::analysis::{
    Analysis, BetweenVisits, CombinationFit, FailureReason, FitError, Recomputed, VisitFit, follows_from_std_errors,
};
use crate::scenario::Plan;
use crate::trial::{ColumnKind, Estimate, Layout, Omnibus, RecordColumn};

/// What the numbers of a plan's records are, in their order.
pub fn record_columns(plan: &Plan, layout: &Layout) -> Vec<RecordColumn> {
    let mut columns = Columns { plan, layout, columns: Vec::new() };
    columns.add_analysis("", &Analysis::empty(plan, layout));
    columns.columns
}

struct Columns<'a> {
    plan: &'a Plan,
    layout: &'a Layout,
    columns: Vec<RecordColumn>,
}

impl Columns<'_> {
    fn add(&mut self, place: &str, names: &[&str]) {
        let column = |name: &&str| RecordColumn {
            name: format!("{place}.{name}"),
            kind: if *name == "failure" { ColumnKind::Code } else { ColumnKind::Number },
        };
        self.columns.extend(names.iter().map(column));
    }

    fn add_estimate(&mut self, place: &str) {
        self.add(place, &["estimate", "std_error", "df"]);
        if !follows_from_std_errors(self.plan.estimator) {
            self.add(place, &["lower", "upper", "p_value"]);
        }
        self.add(place, &["failure"]);
    }

    fn add_omnibus(&mut self, place: &str) {
        self.add(&format!("{place}.all_arms"), &["f", "df_arms", "df_residual", "p_value", "failure"]);
    }

    fn add_analysis(&mut self, prefix: &str, analysis: &Analysis) {
        let (plan, layout) = (self.plan, self.layout);
        let contrasts: Vec<String> = plan.contrasts.iter().map(|&contrast| layout.contrast_name(contrast)).collect();
        let outcome = |outcome: usize| &layout.outcomes[outcome].name;
        let week = |visit: usize| layout.visits[visit].week;
        for fit in &analysis.fits {
            let place = format!("{prefix}{}.week_{}", outcome(fit.outcome), week(fit.visit));
            for name in &contrasts {
                self.add_estimate(&format!("{place}.{name}"));
            }
            if plan.needs_covariance() {
                for (row, own) in contrasts.iter().enumerate() {
                    for other in &contrasts[..=row] {
                        self.add(&format!("{place}.{own} with {other}"), &["covariance"]);
                    }
                }
            }
            self.add_omnibus(&place);
            self.add(&place, &["n"]);
        }
        for pair in &analysis.between_visits {
            let [later, earlier] = [pair.visits.later, pair.visits.earlier].map(week);
            let place = format!("{prefix}{}.week_{later}_less_{earlier}", outcome(pair.outcome));
            for name in &contrasts {
                self.add_estimate(&format!("{place}.{name}"));
            }
            self.add_omnibus(&place);
        }
        for own in &analysis.combinations {
            let at = own.visit.map(|visit| format!(".week_{}", week(visit))).unwrap_or_default();
            let name = &plan.combinations[own.combination].name;
            self.add_estimate(&format!("{prefix}{}{at}.{name}", outcome(own.outcome)));
        }
        for (plan, analysis) in plan.sensitivity.iter().zip(&analysis.sensitivity) {
            let mut own = Columns { plan, layout, columns: Vec::new() };
            own.add_analysis(&format!("{prefix}{}.", plan.name), analysis);
            self.columns.append(&mut own.columns);
        }
    }
}

/// Appends the record of an analysis under a plan. Allocates nothing where `record` has room.
pub fn write_record(plan: &Plan, analysis: &Analysis, record: &mut Vec<f64>) {
    let follows = follows_from_std_errors(plan.estimator);
    for fit in &analysis.fits {
        fit.contrasts.iter().for_each(|result| write_estimate(result, follows, record));
        if plan.needs_covariance() {
            let m = fit.contrasts.len();
            for row in 0..m {
                let cell = |column: usize| fit.covariance.get(row * m + column).copied().unwrap_or(f64::NAN);
                record.extend((0..=row).map(cell));
            }
        }
        write_omnibus(&fit.omnibus, record);
        record.push(fit.n as f64);
    }
    for pair in &analysis.between_visits {
        pair.contrasts.iter().for_each(|result| write_estimate(result, follows, record));
        write_omnibus(&pair.omnibus, record);
    }
    analysis.combinations.iter().for_each(|own| write_estimate(&own.estimate, follows, record));
    for (plan, analysis) in plan.sensitivity.iter().zip(&analysis.sensitivity) {
        write_record(plan, analysis, record);
    }
}

fn write_estimate(result: &Result<Estimate, FitError>, follows: bool, record: &mut Vec<f64>) {
    let (numbers, code) = match result {
        Ok(own) => ([own.value, own.std_error, own.df, own.lower, own.upper, own.p_value], 0),
        Err(error) => ([f64::NAN; 6], error.reason().code()),
    };
    record.extend(&numbers[..if follows { 3 } else { 6 }]);
    record.push(f64::from(code));
}

fn write_omnibus(result: &Result<Omnibus, FitError>, record: &mut Vec<f64>) {
    let (numbers, code) = match result {
        Ok(own) => ([own.f, own.df_arms, own.df_residual, own.p_value], 0),
        Err(error) => ([f64::NAN; 4], error.reason().code()),
    };
    record.extend(numbers);
    record.push(f64::from(code));
}

/// Turns records back into analyses, in memory that is used again and again.
#[derive(Debug, Clone)]
pub struct RecordReader {
    analysis: Analysis,
    recomputed: Vec<Recomputed>,
}

impl RecordReader {
    /// For the records of a plan. Alpha, multiplicity rule and margins may be others than those the records were made with.
    pub fn new(plan: &Plan, layout: &Layout) -> Self {
        let mut recomputed = Vec::new();
        add_recomputed(plan, &mut recomputed);
        Self { analysis: Analysis::empty(plan, layout), recomputed }
    }

    /// The analysis that a record was made of: estimates, intervals, p-values, multiplicity. Adjusted means, degrees of freedom of
    /// fits and what is known of models are not in a record, and stay empty. A record that is too short leaves the rest as it was.
    pub fn read(&mut self, plan: &Plan, record: &[f64]) -> &Analysis {
        let mut cells = record.iter().copied();
        read_analysis(plan, &mut cells, &mut self.recomputed.iter_mut(), &mut self.analysis);
        &self.analysis
    }
}

fn add_recomputed(plan: &Plan, all: &mut Vec<Recomputed>) {
    all.push(Recomputed::new(plan));
    plan.sensitivity.iter().for_each(|plan| add_recomputed(plan, all));
}

type Cells<'a> = std::iter::Copied<std::slice::Iter<'a, f64>>;

fn read_analysis(
    plan: &Plan,
    cells: &mut Cells<'_>,
    recomputed: &mut std::slice::IterMut<'_, Recomputed>,
    analysis: &mut Analysis,
) {
    let Some(own) = recomputed.next() else { return };
    let follows = follows_from_std_errors(plan.estimator);
    let Analysis { fits, between_visits, combinations, sensitivity, .. } = analysis;
    for fit in &mut *fits {
        read_fit(plan, follows, cells, own, fit);
    }
    own.adjust(plan, fits);
    for BetweenVisits { contrasts, omnibus, .. } in between_visits {
        contrasts.iter_mut().for_each(|result| *result = read_estimate(follows, cells, own));
        *omnibus = read_omnibus(cells);
    }
    for CombinationFit { estimate, .. } in combinations {
        *estimate = read_estimate(follows, cells, own);
    }
    for (plan, analysis) in plan.sensitivity.iter().zip(sensitivity) {
        read_analysis(plan, cells, recomputed, analysis);
    }
}

fn read_fit(plan: &Plan, follows: bool, cells: &mut Cells<'_>, own: &mut Recomputed, fit: &mut VisitFit) {
    fit.contrasts.iter_mut().for_each(|result| *result = read_estimate(follows, cells, own));
    if plan.needs_covariance() {
        let m = fit.contrasts.len();
        fit.covariance.resize(m * m, 0.0);
        let mut known = true;
        for row in 0..m {
            for column in 0..=row {
                let cell = next(cells);
                known &= !cell.is_nan();
                fit.covariance[row * m + column] = cell;
                fit.covariance[column * m + row] = cell;
            }
        }
        if !known {
            fit.covariance.clear();
        }
    }
    fit.omnibus = read_omnibus(cells);
    fit.n = next(cells) as usize;
}

fn next(cells: &mut Cells<'_>) -> f64 {
    cells.next().unwrap_or(f64::NAN)
}

/// The reason of a code; codes that are none say that there is no number.
fn error_of(code: f64) -> Option<FitError> {
    (code != 0.0).then(|| FailureReason::of_code(code as u8).unwrap_or(FailureReason::NotEstimable).without_details())
}

fn read_estimate(follows: bool, cells: &mut Cells<'_>, own: &mut Recomputed) -> Result<Estimate, FitError> {
    let [value, std_error, df] = [next(cells), next(cells), next(cells)];
    let kept = (!follows).then(|| [next(cells), next(cells), next(cells)]);
    if let Some(error) = error_of(next(cells)) {
        return Err(error);
    }
    if let Some([lower, upper, p_value]) = kept {
        return Ok(Estimate {
            value,
            std_error,
            df,
            lower,
            upper,
            p_value,
            adjusted_p_value: p_value,
            simultaneous: None,
        });
    }
    own.estimate(value, std_error, df).ok_or(FitError::DfUndefined)
}

fn read_omnibus(cells: &mut Cells<'_>) -> Result<Omnibus, FitError> {
    let [f, df_arms, df_residual, p_value] = [next(cells), next(cells), next(cells), next(cells)];
    match error_of(next(cells)) {
        Some(error) => Err(error),
        None => Ok(Omnibus { f, df_arms, df_residual, p_value }),
    }
}

//! The main table: contrasts of one outcome at each visit, with the published ones beside them, and the method under them.

use super::Look;
use crate::analysis::{self, FitError, Nnt, NumberNeeded, VisitFit, number_needed_to_treat};
use crate::report::figures::Analysed;
use crate::report::method_words;
use crate::report::numbers::{decimals, fixed, interval, level, p_value};
use crate::scenario::{MultiplicityRule, Plan, PublishedContrast};
use crate::trial::{Contrast, Direction, Estimate, Layout, Measure, Outcome, OutcomeKind, Visit};

/// Contrasts of one outcome, with the published ones beside them where there are any.
pub fn contrasts(look: Look, trial: Analysed, outcome: usize) -> String {
    let Analysed { plan, data, analysis, published, .. } = trial;
    let layout = &data.layout;
    let fits: Vec<&VisitFit> = analysis.fits.iter().filter(|fit| fit.outcome == outcome).collect();
    let columns = Columns::new(trial, outcome, &fits);
    let mut sheet = look.table(columns.heading(), 2);
    sheet.drop_where_narrow(&columns.droppable());
    for fit in &fits {
        for (position, &contrast) in plan.contrasts.iter().enumerate() {
            let visit =
                if position == 0 || look == Look::Markdown { layout.visits[fit.visit].label() } else { String::new() };
            let mut row = vec![visit, layout.contrast_name(contrast)];
            row.extend(columns.cells(fit, position));
            sheet.row(row);
        }
    }
    let (text, dropped) = sheet.shown();
    // A narrow terminal has no room for the column, but what was published is said all the same.
    let of_published = columns.position(Column::Published).filter(|position| dropped.contains(position));
    let published = of_published.map(|_| published_line(published, layout, outcome)).unwrap_or_default();
    format!("{text}{}", look.foot(&format!("{published}{}", method(trial, outcome))))
}

/// What stands in a column after visit and contrast.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Column {
    Estimate,
    Simultaneous,
    NumberNeeded,
    StdError,
    P,
    AdjustedP,
    N,
    Published,
}

/// The columns that a plan's answers fill.
struct Columns<'a> {
    trial: Analysed<'a>,
    outcome: usize,
    shown: Vec<Column>,
    decimals: usize,
}

impl<'a> Columns<'a> {
    fn new(trial: Analysed<'a>, outcome: usize, fits: &[&VisitFit]) -> Self {
        let Analysed { plan, data, analysis, .. } = trial;
        let decimals = decimals(plan, &data.layout, analysis, outcome);
        let mut columns = Self { trial, outcome, shown: Vec::new(), decimals };
        let estimates = || fits.iter().flat_map(|fit| fit.contrasts.iter().flatten());
        let has_nnt = plan.measure() == Measure::RiskDifference && plan.better(&data.layout, outcome).is_some();
        let any_published =
            fits.iter().any(|fit| plan.contrasts.iter().any(|&own| columns.published(fit.visit, own).is_some()));
        let shown = [
            (Column::Estimate, true),
            (Column::Simultaneous, estimates().any(|estimate| estimate.simultaneous.is_some())),
            (Column::NumberNeeded, has_nnt),
            (Column::StdError, true),
            (Column::P, true),
            (Column::AdjustedP, plan.multiplicity != MultiplicityRule::None),
            (Column::N, true),
            (Column::Published, any_published),
        ];
        columns.shown = shown.into_iter().filter(|(_, shown)| *shown).map(|(column, _)| column).collect();
        columns
    }

    fn position(&self, column: Column) -> Option<usize> {
        Some(2 + self.shown.iter().position(|&own| own == column)?)
    }

    /// What a narrow terminal goes without: n, SE, p (the adjusted one stays), what was published, numbers needed, wider intervals.
    fn droppable(&self) -> Vec<usize> {
        let p = if self.shown.contains(&Column::AdjustedP) { Some(Column::P) } else { None };
        let order = [Some(Column::N), Some(Column::StdError), p, Some(Column::Published), Some(Column::NumberNeeded)];
        order.into_iter().chain([Some(Column::Simultaneous)]).flatten().filter_map(|own| self.position(own)).collect()
    }

    fn heading(&self) -> Vec<String> {
        let plan = self.trial.plan;
        let (measure, level) = (plan.measure(), level(plan.alpha));
        let heading = |column: &Column| match column {
            Column::Estimate => format!("{} ({level} CI)", method_words::measure(measure)),
            Column::Simultaneous => format!("simultaneous {level} CI"),
            Column::NumberNeeded => format!("NNT ({level} CI)"),
            Column::StdError => std_error_heading(measure).to_owned(),
            Column::P => "p".to_owned(),
            Column::AdjustedP => "adjusted p".to_owned(),
            Column::N => "n".to_owned(),
            Column::Published => "published".to_owned(),
        };
        ["Visit", "Contrast"].map(str::to_owned).into_iter().chain(self.shown.iter().map(heading)).collect()
    }

    fn cells(&self, fit: &VisitFit, position: usize) -> Vec<String> {
        self.shown.iter().map(|&column| self.cell(column, fit, position)).collect()
    }

    fn cell(&self, column: Column, fit: &VisitFit, position: usize) -> String {
        let Analysed { plan, data, .. } = self.trial;
        match (column, &fit.contrasts[position]) {
            (Column::N, _) => fit.n.to_string(),
            (Column::Published, _) => self.published(fit.visit, plan.contrasts[position]).unwrap_or_default(),
            (Column::Estimate, Err(error)) => {
                format!("none: {}", analysis::reason(plan, data, fit.outcome, *error))
            }
            (_, Err(_)) => String::new(),
            (Column::Estimate, Ok(estimate)) => estimate_cell(plan.measure(), estimate, self.decimals),
            (Column::Simultaneous, Ok(estimate)) => match estimate.simultaneous {
                Some(ends) => {
                    let [lower, upper] = ends.map(|end| plan.measure().reported(end));
                    interval(lower, upper, self.decimals)
                }
                None => String::new(),
            },
            (Column::NumberNeeded, Ok(estimate)) => match plan.better(&data.layout, self.outcome) {
                Some(better) => number_needed(estimate, better),
                None => String::new(),
            },
            (Column::StdError, Ok(estimate)) => fixed(estimate.std_error, self.decimals + 1),
            (Column::P, Ok(estimate)) => p_value(estimate.p_value),
            (Column::AdjustedP, Ok(_)) if !plan.tests(fit.outcome, fit.visit, position) => "not tested".to_owned(),
            (Column::AdjustedP, Ok(estimate)) => adjusted_p(plan, fit, estimate),
        }
    }

    /// The published contrast of a visit, whichever way round it was published.
    fn published(&self, visit: usize, contrast: Contrast) -> Option<String> {
        let Analysed { plan, data, published, .. } = self.trial;
        let layout = &data.layout;
        let (outcome, week) = (&layout.outcomes[self.outcome], layout.visits[visit].week);
        if !can_be_published(plan, self.outcome) {
            return None;
        }
        let of = |contrast: Contrast| {
            let name = layout.contrast_name(contrast);
            published.iter().find(|row| row.outcome == outcome.name && row.visit_week == week && row.contrast == name)
        };
        let decimals = published_decimals(outcome);
        let cell = |row: &PublishedContrast| difference(row.estimate, row.lower, row.upper, decimals);
        let turned = |row: &PublishedContrast| difference(-row.estimate, -row.upper, -row.lower, decimals);
        of(contrast).map(cell).or_else(|| of(contrast.reversed()).map(turned))
    }
}

/// The heading of standard errors.
pub fn std_error_heading(measure: Measure) -> &'static str {
    if measure.is_ratio() { "SE (log)" } else { "SE" }
}

/// An estimate with its interval, as it is reported.
pub fn estimate_cell(measure: Measure, estimate: &Estimate, decimals: usize) -> String {
    let [value, lower, upper] = [estimate.value, estimate.lower, estimate.upper].map(|own| measure.reported(own));
    difference(value, lower, upper, decimals)
}

/// The adjusted p-value, and whether a closed gate keeps it from counting.
pub fn adjusted_p(plan: &Plan, fit: &VisitFit, estimate: &Estimate) -> String {
    let gated = plan.multiplicity == MultiplicityRule::FisherLsd && !fit.gate_open;
    let note = match &fit.omnibus {
        Err(_) if gated => " (no test of all arms)",
        _ if gated => " (gate closed)",
        _ => "",
    };
    format!("{}{note}", p_value(estimate.adjusted_p_value))
}

/// `-2.9 (-4.0 to -1.8)`.
pub fn difference(value: f64, lower: f64, upper: f64, decimals: usize) -> String {
    format!("{} ({})", fixed(value, decimals), interval(lower, upper, decimals))
}

/// The number needed to treat with its interval: `8.3 (5.1 to 22.0)`, or through infinity `25.0 (9.1 to ∞ to harm 33.3)`.
fn number_needed(estimate: &Estimate, better: Direction) -> String {
    let [value, lower, upper] = match better {
        Direction::Higher => [estimate.value, estimate.lower, estimate.upper],
        Direction::Lower => [-estimate.value, -estimate.upper, -estimate.lower],
    };
    let Nnt { value, best, worst, through_infinity } = number_needed_to_treat(value, lower, upper);
    let between = if through_infinity { " to ∞ to " } else { " to " };
    let (first, last) = match value {
        NumberNeeded::ToHarm(_) => (worst, best),
        _ => (best, worst),
    };
    format!("{} ({}{between}{})", needed(value), needed(first), needed(last))
}

fn needed(number: NumberNeeded) -> String {
    match number {
        NumberNeeded::ToBenefit(n) => fixed(n, 1),
        NumberNeeded::ToHarm(n) => format!("harm {}", fixed(n, 1)),
        NumberNeeded::Infinite => "∞".to_owned(),
    }
}

/// Published contrasts are differences of recorded values.
fn can_be_published(plan: &Plan, outcome: usize) -> bool {
    !plan.measure().is_ratio() && plan.responder(outcome).is_none()
}

/// Decimals in which papers give differences of an outcome.
fn published_decimals(outcome: &Outcome) -> usize {
    if outcome.kind == OutcomeKind::Binary { 2 } else { 1 }
}

/// The published contrasts of an outcome in one line.
fn published_line(published: &[PublishedContrast], layout: &Layout, outcome: usize) -> String {
    let outcome = &layout.outcomes[outcome];
    let own = published.iter().filter(|row| row.outcome == outcome.name);
    let decimals = published_decimals(outcome);
    let text: Vec<String> = own
        .map(|row| {
            let at = Visit { week: row.visit_week }.label();
            format!("{at} {} {}", row.contrast, difference(row.estimate, row.lower, row.upper, decimals))
        })
        .collect();
    format!(" Published: {}.\n", text.join("; "))
}

/// How the contrasts of an outcome were made, what the test of all arms says at each visit, and what the multiplicity rule does.
fn method(trial: Analysed, outcome: usize) -> String {
    let Analysed { plan, data, analysis: fitted, .. } = trial;
    let layout = &data.layout;
    let omnibus = |fit: &VisitFit| {
        let test = match &fit.omnibus {
            Ok(test) => p_value(test.p_value),
            Err(reason) if fit.contrasts.iter().any(Result::is_ok) => {
                format!("none ({})", analysis::reason(plan, data, outcome, *reason))
            }
            Err(_) => return None,
        };
        Some(format!("{} {test}", layout.visits[fit.visit].label()))
    };
    let tests: Vec<String> = fitted.fits.iter().filter(|fit| fit.outcome == outcome).filter_map(omnibus).collect();
    let lines = method_words::method(plan, data, outcome);
    // A method of one line has room for the tests beside it.
    let gap = if lines.len() > 1 { "\n " } else { " " };
    let mut text = format!(" {}", lines.join("\n "));
    if !tests.is_empty() {
        text.push_str(&format!("{gap}All arms equal, p: {}.", tests.join(", ")));
    }
    text.push_str(&format!("\n {}\n", method_words::multiplicity(plan, layout.arms.len())));
    if let Some(estimand) = plan.estimand.as_ref().map(method_words::estimand).filter(|own| !own.is_empty()) {
        text.insert_str(0, &format!(" {estimand}\n"));
    }
    text.push_str(&notes(trial, outcome));
    text
}

/// What a reader has to know of the columns.
fn notes(trial: Analysed, outcome: usize) -> String {
    let Analysed { plan, analysis, .. } = trial;
    let mut text = String::new();
    if plan.measure().is_ratio() {
        text.push_str(" A ratio above 1: more in the arm named first. Its standard error is that of its logarithm.\n");
    }
    if plan.measure() == Measure::RiskDifference {
        text.push_str(" NNT: how many must be treated for one more to benefit, or where it says so to be harmed; through ∞ where no difference is possible too.\n");
    }
    let separated =
        |fit: &VisitFit| fit.outcome == outcome && fit.contrasts.iter().any(|own| own == &Err(FitError::Separated));
    if analysis.fits.iter().any(separated) {
        text.push_str(" Where everybody or nobody in an arm is a yes there is no finite ratio.\n");
    }
    text
}

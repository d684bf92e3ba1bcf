//! How the plan performs over many simulated trials: every measure with its Monte Carlo error, its running estimate, and the zip of
//! intervals.

use super::answer::with_reference;
use super::differences::{contrast_words, visit_words};
use super::parts::{Block, Cell, ListItem, Section, Table};
use super::pictures::Gallery;
use super::{Evaluated, ReportError, Subject, figure_sheets, figure_words};
use crate::operating_characteristics::{
    ContrastPerformance, IntervalsOf, Performance, PerformanceRow, Proportion, kept_intervals, performance_rows,
    running,
};
use crate::plots;
use crate::plots::running::{RunningNumbers, RunningPoint};
use crate::report::figures;
use crate::report::numbers::{fixed, level, two_digits};
use crate::report::performance_words;
use crate::report::words::capital;
use crate::scenario::MultiplicityRule;
use crate::trial::Layout;

/// Points of a running estimate.
const POINTS: u64 = 32;
/// Percentile from which intervals are drawn: those about the line that coverage should reach.
const FROM_PERCENTILE: f64 = 90.0;

/// The section; none where nobody evaluated anything.
pub(super) fn section(subject: Subject<'_>, gallery: &mut Gallery) -> Result<Option<Section>, ReportError> {
    let Some(own) = subject.evaluated else { return Ok(None) };
    let scenario = own.scenario();
    let rows = performance_rows(scenario, own.evaluation);
    let settled = running(own.store, own.stored, &own.evaluation.truth, POINTS)?;
    let layout = &*scenario.design.layout;
    let n = own.performance().n_replicates;
    let level = level(scenario.plan.alpha);
    let mut blocks = vec![Block::text(format!(
        "From {n} simulated trials. Estimates are held against the true value of what they estimate; ± is one Monte Carlo standard error. \
         The small curves show a share as it was after the first trials up to all of them, with a band of two errors: it should have settled."
    ))];
    for &outcome in &scenario.plan.outcomes {
        let tables = Tables { own, rows: &rows, settled: &settled, outcome, level: &level };
        blocks.push(Block::heading(&layout.outcomes[outcome].label));
        blocks.push(Block::Table(tables.main(gallery)?));
        blocks.push(Block::more(
            format!("{}: further measures", layout.outcomes[outcome].label),
            vec![Block::Table(tables.further()), Block::Table(tables.families())],
        ));
    }
    blocks.extend(zip(own, gallery)?);
    blocks.extend(other_methods(own, &rows));
    blocks.extend(failures(own));
    let sentences = performance_words::sentences(scenario, own.evaluation);
    let items = sentences.into_iter().map(|text| ListItem { id: String::new(), text, doi: String::new() }).collect();
    blocks.push(Block::more("The same in words", vec![Block::List { items, numbered: false }]));
    Ok(Some(Section { id: "characteristics", heading: "How the plan performs over many trials".to_owned(), blocks }))
}

/// The tables of one outcome.
struct Tables<'a> {
    own: Evaluated<'a>,
    rows: &'a [PerformanceRow],
    settled: &'a [Performance],
    outcome: usize,
    level: &'a str,
}

/// A contrast at a visit, between two, or a combination.
type Place<'a> = (Option<f64>, Option<f64>, &'a str);

impl<'a> Tables<'a> {
    fn layout(&self) -> &'a Layout {
        &self.own.stored.loaded().scenario.design.layout
    }

    fn name(&self) -> &'a str {
        &self.layout().outcomes[self.outcome].name
    }

    /// Rows of the main analysis about the outcome.
    fn of_outcome(&self) -> impl Iterator<Item = &'a PerformanceRow> {
        let name = self.name();
        self.rows.iter().filter(move |row| row.analysis == "main" && row.outcome.as_deref() == Some(name))
    }

    /// Every contrast that is estimated, in the order of the rows.
    fn places(&self) -> Vec<Place<'a>> {
        let estimated = self.of_outcome().filter(|row| row.measure == "mean_estimate");
        estimated.map(|row| (row.visit_week, row.versus_week, row.contrast.as_str())).collect()
    }

    fn row(&self, place: Place<'_>, measure: &str) -> Option<&'a PerformanceRow> {
        self.of_outcome()
            .find(|row| (row.visit_week, row.versus_week, row.contrast.as_str()) == place && row.measure == measure)
    }

    /// Decimals that show two digits of the smallest Monte Carlo error of an average, at most three: beside it the error has more.
    fn decimals(&self) -> usize {
        let errors = self.of_outcome().filter(|row| row.measure == "mean_estimate").filter_map(|row| row.mcse);
        errors.filter(|error| *error > 0.0).reduce(f64::min).map_or(2, |error| two_digits(error).clamp(2, 3))
    }

    fn number(&self, place: Place<'_>, measure: &str) -> Cell {
        number(self.row(place, measure), self.decimals())
    }

    fn share(&self, place: Place<'_>, measure: &str) -> Cell {
        self.row(place, measure).map_or_else(Cell::nothing, share)
    }

    /// True value, bias, standard errors, coverage, power.
    fn main(&self, gallery: &mut Gallery) -> Result<Table, ReportError> {
        let plan = &self.own.scenario().plan;
        let power = if plan.multiplicity == MultiplicityRule::None { "power" } else { "adjusted_power" };
        let heading = if power == "power" { "power".to_owned() } else { "power after the rule".to_owned() };
        let columns = ["Comparison", "true value", "bias", "empirical SE", "model SE"].map(str::to_owned).into_iter();
        let columns = columns.chain([format!("coverage of {} CI", self.level), heading]);
        let label = &self.layout().outcomes[self.outcome].label;
        let mut table = Table::new(format!("{label}: performance ± Monte Carlo error"), columns, 1);
        let mut last = None;
        for place in self.places() {
            if last.replace((place.0, place.1)) != Some((place.0, place.1)) {
                table.group(visit_words(self.layout(), place.0, place.1));
            }
            // The multiplicity rule knows contrasts at visits alone.
            let (tested, measure) = match self.row(place, power) {
                Some(_) => (true, power),
                None => (false, "power"),
            };
            let mut coverage = self.share(place, "coverage");
            coverage.picture = self.settling(place, "Coverage", Some(1.0 - plan.alpha), |own| own.covered, gallery)?;
            let mut found = self.share(place, measure);
            let rejected = |own: &ContrastPerformance| if tested { own.rejected_adjusted } else { own.rejected };
            found.picture = self.settling(place, "Power", None, rejected, gallery)?;
            table.row(vec![
                Cell::head(contrast_words(self.layout(), place.2)),
                self.number(place, "true_value"),
                self.number(place, "bias"),
                self.number(place, "empirical_se"),
                self.number(place, "model_se"),
                coverage,
                found,
            ]);
        }
        let log = self.of_outcome().any(|row| row.scale == "log");
        let scale = if log { "Estimates are logarithms of ratios. " } else { "" };
        table.foot = format!(
            "{scale}Bias is the average estimate less the true value. Empirical SE is the standard deviation of the estimates, model SE what the analyses report; they should agree. Power counts findings in either direction{}.",
            if power == "power" {
                ""
            } else {
                "; of what the rule does not test, as differences between visits, it is that of the single test"
            }
        );
        Ok(table)
    }

    /// A share as it was after the first replicates.
    fn settling(
        &self,
        place: Place<'_>,
        what: &str,
        target: Option<f64>,
        of: impl Fn(&ContrastPerformance) -> Proportion,
        gallery: &mut Gallery,
    ) -> Result<Option<crate::page::Markup>, ReportError> {
        let layout = self.layout();
        let plan = &self.own.scenario().plan;
        let (Some(week), None) = (place.0, place.1) else { return Ok(None) };
        let contrast = plan.contrasts.iter().position(|&own| layout.contrast_name(own) == place.2);
        let visit = self
            .own
            .performance()
            .visits
            .iter()
            .position(|own| own.outcome == self.outcome && layout.visits[own.visit].week == week);
        let (Some(contrast), Some(visit)) = (contrast, visit) else { return Ok(None) };
        let point = |own: &Performance| {
            let share = of(&own.visits[visit].contrasts[contrast]);
            Some(RunningPoint { replicates: own.n_replicates, value: share.share()?, mcse: share.mcse()? })
        };
        let points: Vec<RunningPoint> = self.settled.iter().filter_map(point).collect();
        if points.len() < 2 {
            return Ok(None);
        }
        Ok(Some(gallery.small(&RunningNumbers { title: what.to_owned(), points, target }, plots::running::draw)?))
    }

    /// What the main table leaves out.
    fn further(&self) -> Table {
        let columns = [
            "Comparison",
            "average",
            "relative bias",
            "error of model SE",
            "MSE",
            "bias-eliminated coverage",
            "width of CI",
            "power, single test",
            "has an estimate",
        ];
        let mut table = Table::new("Further measures", columns.map(str::to_owned), 1);
        let mut last = None;
        for place in self.places() {
            if last.replace((place.0, place.1)) != Some((place.0, place.1)) {
                table.group(visit_words(self.layout(), place.0, place.1));
            }
            table.row(vec![
                Cell::head(contrast_words(self.layout(), place.2)),
                self.number(place, "mean_estimate"),
                self.share(place, "relative_bias"),
                self.share(place, "model_se_error"),
                self.number(place, "mean_squared_error"),
                self.share(place, "bias_eliminated_coverage"),
                self.number(place, "width"),
                self.share(place, "power"),
                self.share(place, "convergence"),
            ]);
        }
        table
    }

    /// The contrasts of a visit together.
    fn families(&self) -> Table {
        let layout = self.layout();
        let all = |contrast: &'static str, measure: &'static str| (contrast, measure);
        let measures = [
            ("participants analysed", all("all arms", "n_analysed")),
            ("all arms differ", all("all arms", "rejection")),
            ("pairs may be tested", all("all arms", "gate_open")),
            ("any contrast", all("any contrast", "adjusted_power")),
            ("all contrasts", all("all contrasts", "adjusted_power")),
            ("false finding", all("any contrast without a difference", "family_wise_error")),
        ];
        let weeks: Vec<f64> = layout.visits.iter().skip(1).map(|visit| visit.week).collect();
        let known = |own: &&(&str, (&str, &str))| {
            weeks.iter().any(|&week| self.row((Some(week), None, own.1.0), own.1.1).is_some())
        };
        let shown: Vec<_> = measures.iter().filter(known).collect();
        let columns = ["Visit".to_owned()].into_iter().chain(shown.iter().map(|own| own.0.to_owned()));
        let mut table = Table::new("The contrasts of a visit together: share of trials", columns, 1);
        for (week, visit) in weeks.iter().zip(layout.visits.iter().skip(1)) {
            let mut row = vec![Cell::head(capital(&visit.label()))];
            row.extend(shown.iter().map(|(_, (contrast, measure))| match *measure {
                "n_analysed" => number(self.row((Some(*week), None, contrast), measure), 1),
                _ => self.share((Some(*week), None, contrast), measure),
            }));
            table.row(row);
        }
        table
    }
}

/// The key of a performance row's number.
fn key(row: &PerformanceRow) -> String {
    let week = |own: Option<f64>| own.map(|week| week.to_string()).unwrap_or_default();
    let outcome = row.outcome.as_deref().unwrap_or_default();
    let (visit, versus) = (week(row.visit_week), week(row.versus_week));
    format!("performance|{}|{outcome}|{visit}|{versus}|{}|{}", row.analysis, row.contrast, row.measure)
}

/// A number with its Monte Carlo error.
fn number(row: Option<&PerformanceRow>, decimals: usize) -> Cell {
    let Some((row, value)) = row.and_then(|row| Some((row, row.value?))) else { return Cell::nothing() };
    let mut cell = Cell::number(fixed(value, decimals), key(row));
    if let Some(mcse) = row.mcse.filter(|mcse| *mcse > 0.0) {
        // An error is never shown as 0 where it is not.
        cell.mcse = fixed(mcse, decimals.max(two_digits(mcse).saturating_sub(1)));
    }
    cell
}

/// A share in per cent with its Monte Carlo error; where nothing or everything was hit that would be 0, and the end of the exact 95 %
/// interval stands instead.
fn share(row: &PerformanceRow) -> Cell {
    let Some(value) = row.value else { return Cell::nothing() };
    let percent = 100.0 * value;
    let error = row.mcse.map(|own| 100.0 * own).filter(|error| *error > 0.0);
    let decimals = error.map_or(1, |error| two_digits(error).clamp(2, 3) - 1);
    let mut cell = Cell::number(format!("{}%", fixed(percent, if error.is_some() { decimals } else { 0 })), key(row));
    match (error, row.lower, row.upper) {
        (Some(error), ..) => cell.mcse = fixed(error, decimals),
        (None, _, Some(upper)) if value == 0.0 => cell.bound = format!("< {}%", end(100.0 * upper)),
        (None, Some(lower), _) if value == 1.0 => cell.bound = format!("> {}%", beyond(100.0 * lower)),
        _ => {}
    }
    cell
}

/// The upper end of an interval that begins at 0.
fn end(upper: f64) -> String {
    fixed(upper, two_digits(upper).clamp(2, 4) - 1)
}

/// The lower end of an interval that ends at 100.
fn beyond(lower: f64) -> String {
    fixed(lower, two_digits(100.0 - lower).clamp(2, 4) - 1)
}

/// The zip of the contrast with the reference arm whose coverage is furthest from where it should be.
fn zip(own: Evaluated<'_>, gallery: &mut Gallery) -> Result<Option<Block>, ReportError> {
    let scenario = own.scenario();
    let layout = &*scenario.design.layout;
    let level = 1.0 - scenario.plan.alpha;
    let all = scenario
        .plan
        .outcomes
        .iter()
        .flat_map(|&outcome| with_reference(own, outcome).into_iter().map(move |seen| (outcome, seen)));
    let off = |covered: Proportion| (covered.share().unwrap_or(level) - level).abs();
    let with_truth = all.filter(|(_, seen)| seen.claimed.value.is_some() && seen.own.covered.of > 0);
    let Some((outcome, seen)) = with_truth.max_by(|a, b| off(a.1.own.covered).total_cmp(&off(b.1.own.covered))) else {
        return Ok(None);
    };
    let visits: Vec<usize> = (1..layout.visits.len()).collect();
    let asked = IntervalsOf { outcome, contrast: seen.contrast, visits: &visits };
    let intervals = kept_intervals(own.store, scenario, &own.evaluation.truth, asked)?;
    let Some(numbers) = figures::zip(scenario, asked, &intervals, FROM_PERCENTILE) else { return Ok(None) };
    let words = figure_words::zip(&numbers);
    let sheet = figure_sheets::zip(&numbers);
    let figure = gallery.figure(&numbers, plots::zip::draw, words, ("zip", &sheet))?;
    Ok(Some(Block::more(
        "Intervals and the true value, trial by trial: the comparison whose coverage is furthest off",
        vec![figure],
    )))
}

/// Sensitivity analyses beside the main one on the same trials.
fn other_methods(own: Evaluated<'_>, rows: &[PerformanceRow]) -> Option<Block> {
    let scenario = own.scenario();
    let layout = &*scenario.design.layout;
    let mut tables = Vec::new();
    for plan in &scenario.plan.sensitivity {
        let columns = [
            "Comparison",
            "bias",
            "coverage",
            "power",
            "estimate less that of the main analysis",
            "power less that of the main analysis",
        ];
        let mut table = Table::new(format!("Sensitivity analysis: {}", plan.name), columns.map(str::to_owned), 1);
        let mut last = None;
        let own = || rows.iter().filter(|row| row.analysis == plan.name);
        for row in own().filter(|row| row.measure == "mean_estimate" && row.versus_week.is_none()) {
            let (outcome, week) = (row.outcome.as_deref().unwrap_or_default(), row.visit_week);
            if last.replace((outcome, week)) != Some((outcome, week)) {
                let label = layout.outcomes.iter().find(|own| own.name == outcome).map_or(outcome, |own| &own.label);
                table.group(format!("{label}, {}", visit_words(layout, week, None)));
            }
            let of = |measure: &str| {
                own().find(|other| {
                    (&other.outcome, other.visit_week, other.versus_week, &other.contrast)
                        == (&row.outcome, week, None, &row.contrast)
                        && other.measure == measure
                })
            };
            let shared = |measure: &str| of(measure).map_or_else(Cell::nothing, share);
            table.row(vec![
                Cell::head(contrast_words(layout, &row.contrast)),
                number(of("bias"), 3),
                shared("coverage"),
                shared("power"),
                number(of("difference_in_estimate"), 3),
                shared("difference_in_power"),
            ]);
        }
        tables.push(Block::Table(table));
    }
    (!tables.is_empty()).then(|| Block::more("Methods side by side, on the same trials", tables))
}

/// What had no estimate, how often, and in which replicates first.
fn failures(own: Evaluated<'_>) -> Option<Block> {
    let performance = own.performance();
    let reasons = performance.reasons();
    let mut table = Table::new(
        format!("Without an estimate of everything: {} of {} trials", performance.incomplete, performance.n_replicates),
        ["Reason", "replicates", "first of them"].map(str::to_owned),
        1,
    );
    for (reason, replicates) in &reasons {
        let first: Vec<String> = replicates.first().iter().map(ToString::to_string).collect();
        table.row(vec![
            Cell::head(reason.label()),
            Cell::number(replicates.n.to_string(), format!("failures|{}|replicates", reason.name())),
            Cell::number(first.join(", "), format!("failures|{}|first", reason.name())),
        ]);
    }
    table.foot =
        "What has no estimate is counted and never drawn again; linger replay shows such a trial whole.".to_owned();
    (!reasons.is_empty()).then_some(Block::Table(table))
}

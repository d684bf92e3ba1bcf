//! What the scenario grid shows: bias, coverage, power and root mean squared error of every cell of a sweep, beside their targets.
//!
//! # Formula
//! Intervals are those of the table: the exact one of a share (Clopper and Pearson), else value ± 1.96 Monte Carlo standard errors. The root
//! mean squared error is the root of the table's mean squared error, and its interval has the roots of that one's ends.
//!
//! # References
//! Rücker G, Schwarzer G. BMC Med Res Methodol 2014;14:129. doi:10.1186/1471-2288-14-129 (nested loop plot). White IR. Stata J 2010;10:369-385
//! (simsum), and its lolly plots in rsimsum (Gasparini A. JOSS 2018;3:739. doi:10.21105/joss.00739).
//!
//! # Checked against
//! `tests/it/picture_of_a_grid.rs`: every number is one of the table of the sweep.

use indexmap::IndexMap;

use super::super::numbers::{fixed, level, unit};
use super::super::words::{in_sentence, join};
use crate::numeric::distributions::normal_two_sided_quantile;
use crate::operating_characteristics::sample_size::Question;
use crate::operating_characteristics::{Measured, PerformanceRow};
use crate::plots::grid::{GridCell, GridFactor, GridForm, GridMeasure, GridNumbers, GridPlace, GridTarget, GridValue};
use crate::scenario::Scenario;
use crate::trial::Measure;

/// Level of the Monte Carlo intervals is 1 − this.
const MONTE_CARLO_ALPHA: f64 = 0.05;
/// Cells from which on lollies give way to a nested loop.
pub const MOST_LOLLIES: usize = 12;

/// A cell of a sweep, as its table has it.
#[derive(Debug, Clone, PartialEq)]
pub struct SweptCell {
    /// Its number, from 1.
    pub number: usize,
    /// What the grids set in it: path and value as typed.
    pub settings: Vec<(String, String)>,
    /// Its measures.
    pub rows: Vec<SweptRow>,
}

/// One measure of one thing, a row of the table.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct SweptRow {
    /// `main`, or the name of a sensitivity analysis.
    pub analysis: String,
    /// Short name of the outcome.
    pub outcome: Option<String>,
    /// Week of the visit.
    pub visit_week: Option<f64>,
    /// Week of an earlier visit it is compared with.
    pub versus_week: Option<f64>,
    /// Name of the contrast.
    pub contrast: String,
    /// Name of the measure.
    pub measure: String,
    /// The number.
    pub value: Option<f64>,
    /// Its Monte Carlo standard error.
    pub mcse: Option<f64>,
    /// Lower end of its exact interval, where it is a share.
    pub lower: Option<f64>,
    /// Its upper end.
    pub upper: Option<f64>,
    /// Replicates behind it.
    pub replicates: u64,
}

impl From<PerformanceRow> for SweptRow {
    fn from(row: PerformanceRow) -> Self {
        let PerformanceRow { analysis, outcome, visit_week, versus_week, contrast, measure, .. } = row;
        let PerformanceRow { value, mcse, lower, upper, replicates, .. } = row;
        Self { analysis, outcome, visit_week, versus_week, contrast, measure, value, mcse, lower, upper, replicates }
    }
}

/// What of a sweep is drawn.
#[derive(Debug, Clone, Copy)]
pub struct GridAsked<'a> {
    /// The scenario of a cell, which names things.
    pub scenario: &'a Scenario,
    /// Outcome, visit and contrast, in that scenario.
    pub question: Question,
    /// Power that is aimed at.
    pub target: f64,
    /// How it is drawn; `None` for lollies up to [`MOST_LOLLIES`] cells and a nested loop beyond.
    pub form: Option<GridForm>,
}

/// The numbers of a grid; `None` where no cell has any of the measures.
pub fn grid(cells: &[SweptCell], asked: GridAsked<'_>) -> Option<GridNumbers> {
    let own = Own { cells, asked };
    let [methods, omitted] = own.methods();
    let measures: Vec<GridMeasure> = own.measures(&methods);
    if measures.is_empty() {
        return None;
    }
    let factors = factors(cells);
    let level_of = |(factor, (_, value)): (&GridFactor, &(String, String))| {
        factor.levels.iter().position(|level| level == value).unwrap_or(0)
    };
    let grid_cells: Vec<GridCell> = cells
        .iter()
        .map(|cell| GridCell {
            number: cell.number,
            levels: factors.iter().zip(&cell.settings).map(level_of).collect(),
        })
        .collect();
    let lollies = if cells.len() > MOST_LOLLIES { GridForm::Loop } else { GridForm::Lolly };
    let (layout, question) = (&*asked.scenario.design.layout, asked.question);
    let outcome = &layout.outcomes[question.outcome];
    let [arm, versus] =
        [question.contrast.arm, question.contrast.versus].map(|arm| in_sentence(&layout.arms[arm].label));
    let visit = layout.visits[question.visit].label();
    let mut numbers = GridNumbers {
        title: String::new(),
        subject: format!("{}: {arm} compared with {versus} at {visit}, by cell of the grid", outcome.label),
        form: asked.form.unwrap_or(lollies),
        factors,
        cells: grid_cells,
        methods,
        measures,
        footnote: own.footnote(&omitted),
    };
    numbers.title = title(&numbers, &outcome.label, &visit);
    Some(numbers)
}

struct Own<'a> {
    cells: &'a [SweptCell],
    asked: GridAsked<'a>,
}

impl Own<'_> {
    /// Whether a row is about what was asked for.
    fn is_it(&self, row: &SweptRow) -> bool {
        let (layout, question) = (&*self.asked.scenario.design.layout, self.asked.question);
        row.outcome.as_ref() == Some(&layout.outcomes[question.outcome].name)
            && row.visit_week == Some(layout.visits[question.visit].week)
            && row.versus_week.is_none()
            && row.contrast == layout.contrast_name(question.contrast)
    }

    /// The analyses, each once, the main one first: those that are drawn, and those that are not, since they answer on another scale.
    fn methods(&self) -> [Vec<String>; 2] {
        let mut methods: Vec<String> = Vec::new();
        for row in self.cells.iter().flat_map(|cell| &cell.rows).filter(|row| self.is_it(row)) {
            if row.measure == Measured::Power.name() && !methods.contains(&row.analysis) {
                methods.push(row.analysis.clone());
            }
        }
        let plan = &self.asked.scenario.plan;
        let plan_of = |name: &str| plan.sensitivity.iter().find(|own| own.name == name);
        let is_alike = |name: &String| plan_of(name).is_none_or(|own| own.measure() == plan.measure());
        let (alike, others) = methods.into_iter().partition(is_alike);
        [alike, others]
    }

    fn row(&self, cell: &SweptCell, method: &str, measure: &str) -> Option<SweptRow> {
        let found = cell.rows.iter().find(|row| self.is_it(row) && row.analysis == method && row.measure == measure);
        found.filter(|row| row.value.is_some()).cloned()
    }

    /// The measures that some cell has.
    fn measures(&self, methods: &[String]) -> Vec<GridMeasure> {
        let (plan, layout) = (&self.asked.scenario.plan, &*self.asked.scenario.design.layout);
        let unit = match plan.measure() {
            measure if measure.is_ratio() => "logarithm",
            Measure::RiskDifference => "",
            _ => unit(&layout.outcomes[self.asked.question.outcome]),
        };
        let nothing = GridTarget { value: 0.0, label: "0".to_owned(), is_drawn: true };
        let share = |value: f64, label: String| GridTarget { value, label, is_drawn: true };
        let nominal = share(1.0 - plan.alpha, level(plan.alpha));
        let (power, power_name) = match self.is_null() {
            true => (plan.alpha, "Type I error"),
            false => (self.asked.target, "Power"),
        };
        let power = share(power, level(1.0 - power));
        let one = |name: &str, unit: &str, measured: Measured, target: GridTarget| {
            let value = |cell: &SweptCell, method: &String| {
                let row = self.row(cell, method, measured.name())?;
                Some(grid_value(&row, measured))
            };
            let values: Vec<Vec<Option<GridValue>>> =
                self.cells.iter().map(|cell| methods.iter().map(|method| value(cell, method)).collect()).collect();
            let is_share = matches!(measured, Measured::Coverage | Measured::Power);
            let farther = |own: f64| match measured {
                // More power is never worse; an error above its level is.
                Measured::Power if !self.is_null() => -own,
                _ => (own - target.value).abs(),
            };
            let [best, worst] = ends(&values, farther);
            let (name, unit) = (name.to_owned(), unit.to_owned());
            GridMeasure { name, unit, is_share, target: target.clone(), values, best, worst }
        };
        let squared = GridTarget { is_drawn: false, ..nothing.clone() };
        [
            one("Bias", unit, Measured::Bias, nothing),
            one("Coverage", "%", Measured::Coverage, nominal),
            one(power_name, "%", Measured::Power, power),
            one("RMSE", unit, Measured::MeanSquaredError, squared),
        ]
        .into_iter()
        .filter(|measure| measure.values.iter().flatten().any(Option::is_some))
        .collect()
    }

    /// Whether no cell has a difference to be found, so that what is called power is an error.
    fn is_null(&self) -> bool {
        let truths = || self.cells.iter().filter_map(|cell| self.row(cell, "main", "true_value")?.value);
        truths().next().is_some() && truths().all(|value| value.abs() < 1e-9)
    }

    /// What the settings are in full, how many replicates there are, and which analyses are not drawn.
    fn footnote(&self, omitted: &[String]) -> Option<String> {
        let settings = self.cells.first()?.settings.iter();
        // Cells of several seeds share no random numbers.
        let is_seed = |(path, _): &(String, String)| path.rsplit('.').next() == Some("seed");
        let same = if settings.clone().any(is_seed) { "" } else { ", with the same random numbers in all cells" };
        let paths: Vec<String> =
            settings.zip(names(self.cells)).map(|((path, _), name)| format!("{name}: {path}")).collect();
        let replicates: Vec<u64> = self
            .cells
            .iter()
            .filter_map(|cell| Some(self.row(cell, "main", Measured::Power.name())?.replicates))
            .collect();
        let (least, most) = (replicates.iter().min()?, replicates.iter().max()?);
        let each = if least == most { least.to_string() } else { format!("{least} to {most}") };
        let not_drawn = match omitted {
            [] => String::new(),
            _ => format!(" Not drawn, since its scale is another than that of the main analysis: {}.", join(omitted)),
        };
        Some(format!("{}. Each cell: {each} simulated trials{same}.{not_drawn}", paths.join("; ")))
    }
}

fn grid_value(row: &SweptRow, measured: Measured) -> GridValue {
    let value = row.value.unwrap_or(f64::NAN);
    let interval = match (row.lower, row.upper, row.mcse) {
        (Some(lower), Some(upper), _) => Some([lower, upper]),
        (_, _, Some(mcse)) => {
            let reach = normal_two_sided_quantile(MONTE_CARLO_ALPHA) * mcse;
            Some([value - reach, value + reach])
        }
        _ => None,
    };
    match measured {
        Measured::MeanSquaredError => {
            GridValue { value: value.sqrt(), interval: interval.map(|ends| ends.map(|end| end.max(0.0).sqrt())) }
        }
        _ => GridValue { value, interval },
    }
}

/// Where the main analysis is nearest to a measure's target and where farthest from it, the first of equals; nothing where all are alike.
fn ends(values: &[Vec<Option<GridValue>>], farther: impl Fn(f64) -> f64) -> [Option<GridPlace>; 2] {
    let places = || {
        let main = values.iter().enumerate().filter_map(|(cell, methods)| Some((cell, (*methods.first()?)?.value)));
        main.map(|(cell, value)| (GridPlace { cell, method: 0 }, value))
    };
    let first = |less: &dyn Fn(f64, f64) -> bool| {
        let found = places().map(|(place, value)| (place, farther(value)));
        found.reduce(|best, own| if less(own.1, best.1) { own } else { best })
    };
    match (first(&|own, best| own < best), first(&|own, best| own > best)) {
        (Some((best, near)), Some((worst, far))) if near < far => [Some(best), Some(worst)],
        _ => [None, None],
    }
}

/// What is varied, with its values in the order in which they come.
fn factors(cells: &[SweptCell]) -> Vec<GridFactor> {
    let names = names(cells);
    names
        .into_iter()
        .enumerate()
        .map(|(position, name)| {
            let values =
                cells.iter().filter_map(|cell| cell.settings.get(position)).map(|(_, value)| (value.clone(), ()));
            GridFactor { name, levels: values.collect::<IndexMap<String, ()>>().into_keys().collect() }
        })
        .collect()
}

/// Short names of the settings: the last part of each path, or as many as tell them apart.
fn names(cells: &[SweptCell]) -> Vec<String> {
    let paths: Vec<Vec<&str>> =
        cells.first().iter().flat_map(|cell| &cell.settings).map(|(path, _)| named_parts(path)).collect();
    // Of a short path the section is needed too: `dropout every arm`.
    let last = |path: &[&str], n: usize| {
        let n = if path.len() == 2 { 2 } else { n };
        path[path.len().saturating_sub(n)..].join(" ").replace('_', " ")
    };
    let longest = paths.iter().map(Vec::len).max().unwrap_or(1);
    let named = |n: usize| paths.iter().map(|path| last(path, n)).collect::<Vec<String>>();
    let all_differ = |names: &Vec<String>| (1..names.len()).all(|own| !names[..own].contains(&names[own]));
    (1..=longest).map(named).find(all_differ).unwrap_or_else(|| named(longest))
}

/// The parts of a path that name something: without those that stand for all, and without the section of the trial.
fn named_parts(path: &str) -> Vec<&str> {
    path.split('.').filter(|part| !["*", "trial"].contains(part)).collect()
}

/// Where the main thing is best and worst.
fn title(numbers: &GridNumbers, outcome: &str, visit: &str) -> String {
    let named = |name: &str| numbers.measures.iter().find(|measure| measure.name == name && measure.best.is_some());
    let Some(measure) = named("Power").or_else(|| named("Type I error")).or_else(|| named("Bias")) else {
        return format!("{outcome}: {} cells of a grid at {visit}", numbers.cells.len());
    };
    let at = |place: Option<GridPlace>| {
        let place = place?;
        let value = measure.values[place.cell][place.method]?.value;
        let value = if measure.is_share {
            format!("{}%", fixed(100.0 * value, 0))
        } else {
            fixed(value, 3).replace('-', "\u{2212}")
        };
        let settings: Vec<String> = numbers
            .factors
            .iter()
            .zip(&numbers.cells[place.cell].levels)
            .map(|(factor, &level)| format!("{} {}", factor.name, factor.levels.get(level).map_or("", String::as_str)))
            .collect();
        Some(format!("{value} ({})", settings.join(", ")))
    };
    match (at(measure.worst), at(measure.best)) {
        (Some(worst), Some(best)) => {
            format!(
                "{outcome}: {} at {visit} goes from {worst} to {best}",
                measure.name.to_lowercase().replace("type i", "type I")
            )
        }
        _ => format!("{outcome}: {} cells of a grid at {visit}", numbers.cells.len()),
    }
}

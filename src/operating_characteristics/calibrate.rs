//! Calibration: the free settings of a base scenario at which its expected recorded quantities meet their targets.
//!
//! # Method
//! The criterion is computed by numerical integration ([`Expectations`]) and never simulated: averages of
//! rounded scores under common random numbers are a step function of the settings. Deviations in units of their tolerances
//! are made small by damped Gauss-Newton steps. The settings are then rounded, and everything is checked again with them.
//!
//! # Checked against
//! `tests/it/calibrate.rs`: several starts, changed targets, and refusals; `tests/it/independent/calibration.rs`: the spread.

use crate::cohort::Expectations;
use crate::numeric::dependent_columns::dependent_columns;
use crate::numeric::least_squares::{Jacobian, Solution, jacobian, minimise};
use crate::scenario::{Adjustable, Loaded, Problem, Problems, Quantity, Scenario, Target, Targets, codes};

/// Significant digits of a calibrated setting.
pub const SIGNIFICANT_DIGITS: usize = 6;

/// A base scenario with its free settings found.
#[derive(Debug, Clone)]
pub struct Calibration {
    /// The free settings in the order of the targets file.
    pub settings: Vec<CalibratedSetting>,
    /// The targets in their order, all met.
    pub targets: Vec<MetTarget>,
    /// What was kept from the base although no target determines it: settings of the truth and their values.
    pub assumptions: Vec<(String, String)>,
    /// The calibrated scenario.
    pub loaded: Loaded,
    /// Its text: that of the base with its comments, only the values replaced.
    pub text: String,
}

/// A free setting and the value that was found.
#[derive(Debug, Clone, PartialEq)]
pub struct CalibratedSetting {
    /// Its path in the scenario.
    pub key: String,
    /// Its value in the base.
    pub start: f64,
    /// Its value now, with [`SIGNIFICANT_DIGITS`].
    pub value: f64,
    /// Lowest and highest value it might have taken; infinite where there is no bound.
    pub bounds: [f64; 2],
}

/// A target and what the calibrated scenario shows instead.
#[derive(Debug, Clone, PartialEq)]
pub struct MetTarget {
    /// What it is: `relaxation - usual_care, rdq, week 10`.
    pub name: String,
    /// The number to be met.
    pub target: f64,
    /// The expected recorded number of the calibrated scenario.
    pub reached: f64,
    /// How near was near enough.
    pub tolerance: f64,
    /// Where the number comes from.
    pub source: Option<String>,
}

/// Finds the free settings.
///
/// # Errors
/// Every target that cannot be met and every free setting that the targets do not determine, by name.
pub fn calibrate(targets: &Targets) -> Result<Calibration, Problems> {
    refuse_what_cannot_be_foreseen(targets)?;
    let mut search = Search { targets, scenario: targets.base.clone() };
    let start: Vec<f64> = targets.free.iter().map(|free| free.start).collect();
    let bounds: Vec<[f64; 2]> = targets.free.iter().map(|free| free.bounds).collect();
    // The base is valid, so that the deviations exist at the start.
    let solution = minimise(|point| search.deviations(point), &start, &bounds).unwrap_or_else(|| Solution {
        point: start.clone(),
        residuals: vec![f64::INFINITY; targets.targets.len()],
        n_steps: 0,
    });
    let slopes_at = |point: &[f64], search: &mut Search<'_>| match search.deviations(point) {
        Some(here) => jacobian(|point| search.deviations(point), point, &here, &bounds),
        None => Jacobian { columns: vec![Vec::new(); point.len()] },
    };
    let rounded: Vec<f64> =
        solution.point.iter().zip(&bounds).map(|(&value, bounds)| round_within(value, *bounds)).collect();
    let deviations = search.deviations(&rounded).unwrap_or_else(|| solution.residuals.clone());
    let (at_end, at_start) = (slopes_at(&solution.point, &mut search), slopes_at(&start, &mut search));
    let end = End { targets, start, solution, deviations, at_end, at_start };
    let mut problems = Problems::new();
    end.report_unmet(&mut search, &mut problems);
    end.report_undetermined(&mut problems);
    problems.or(())?;
    search.finish(&rounded)
}

/// A search in progress: the scenario at the point that is being looked at.
struct Search<'a> {
    targets: &'a Targets,
    scenario: Adjustable,
}

impl Search<'_> {
    /// The scenario with the free settings at a point.
    fn at(&mut self, point: &[f64]) -> Result<Loaded, Problems> {
        for (free, &value) in self.targets.free.iter().zip(point) {
            self.scenario.set(&free.path, value);
        }
        self.scenario.load()
    }

    /// Deviations from the targets in units of their tolerances; `None` where the settings make no scenario.
    fn deviations(&mut self, point: &[f64]) -> Option<Vec<f64>> {
        let loaded = self.at(point).ok()?;
        let expected = Expectations::of(&loaded.scenario);
        let reached = |target: &Target| reached(&loaded.scenario, &expected, target);
        let deviation = |target: &Target| (reached(target) - target.value) / target.tolerance;
        let deviations: Vec<f64> = self.targets.targets.iter().map(deviation).collect();
        deviations.iter().all(|deviation| deviation.is_finite()).then_some(deviations)
    }

    /// What is handed out, all of it computed anew from the text that is to be written.
    fn finish(mut self, point: &[f64]) -> Result<Calibration, Problems> {
        let loaded = self.at(point)?;
        let layout = &loaded.scenario.design.layout;
        let settings = self.targets.free.iter().zip(point).map(|(free, &value)| CalibratedSetting {
            key: free.path.to_string(),
            start: free.start,
            value,
            bounds: free.bounds,
        });
        let expected = Expectations::of(&loaded.scenario);
        let met = self.targets.targets.iter().map(|target| MetTarget {
            name: target.name(layout),
            target: target.value,
            reached: reached(&loaded.scenario, &expected, target),
            tolerance: target.tolerance,
            source: target.source.clone(),
        });
        let met = met.collect();
        Ok(Calibration {
            settings: settings.collect(),
            targets: met,
            assumptions: self.targets.assumptions(&loaded.settings),
            text: self.scenario.text()?,
            loaded,
        })
    }
}

/// What a scenario shows of a target's quantity: expected scores of those who enter, or the share not yet lost, whoever of them
/// misses the visit itself. Not a number where nothing is recorded, which targets are checked for.
fn reached(scenario: &Scenario, expected: &Expectations<'_>, target: &Target) -> f64 {
    let mean = |outcome: usize, arm: usize| expected.mean(outcome, arm, target.week).unwrap_or(f64::NAN);
    match target.quantity {
        Quantity::Contrast { outcome, contrast } => mean(outcome, contrast.arm) - mean(outcome, contrast.versus),
        Quantity::Mean { outcome, arm } => mean(outcome, arm),
        Quantity::Sd { outcome, arm } => expected.sd(outcome, arm, target.week).unwrap_or(f64::NAN),
        Quantity::Retention { visit: 0, .. } => 1.0,
        Quantity::Retention { arm, visit } => 1.0 - scenario.truth.dropout[arm][visit - 1],
    }
}

/// Refuses targets of retention where who is lost depends on a score: the shares that a scenario states are then no expectation.
fn refuse_what_cannot_be_foreseen(targets: &Targets) -> Result<(), Problems> {
    let mut problems = Problems::new();
    let base = targets.base.load()?.scenario;
    let of_retention = |target: &&Target| matches!(target.quantity, Quantity::Retention { .. });
    let unforeseen =
        targets.targets.iter().filter(of_retention).filter(|_| base.truth.missingness.depends_on.is_some());
    for target in unforeseen {
        let message =
            format!("`{}` cannot be computed: who is lost depends on a score", target.name(&base.design.layout));
        problems.push(
            Problem::new(codes::INFEASIBLE, message)
                .at(target.place.clone())
                .label("retention is computed from the shares in `dropout` alone")
                .help("take the target out and `simulate` instead, or calibrate without `dropout.depends_on`"),
        );
    }
    problems.or(())
}

/// The number with so many significant digits; a bound where rounding would cross it.
fn round_within(value: f64, [low, high]: [f64; 2]) -> f64 {
    let text = format!("{value:.digits$e}", digits = SIGNIFICANT_DIGITS - 1);
    // What was just printed as a number is one.
    text.parse().unwrap_or(value).clamp(low, high)
}

/// Where a search ended, and what is to be said about it.
struct End<'a> {
    targets: &'a Targets,
    start: Vec<f64>,
    solution: Solution,
    /// Deviations after rounding.
    deviations: Vec<f64>,
    at_end: Jacobian,
    at_start: Jacobian,
}

impl End<'_> {
    fn is_met(&self) -> bool {
        self.deviations.iter().all(|deviation| deviation.abs() <= 1.0)
    }

    /// Names every target that is not met, with what can be reached and what stands in the way.
    fn report_unmet(&self, search: &mut Search<'_>, problems: &mut Problems) {
        let Ok(base) = self.targets.base.load() else { return };
        let layout = &base.scenario.design.layout;
        for (row, (target, deviation)) in self.targets.targets.iter().zip(&self.deviations).enumerate() {
            if deviation.abs() <= 1.0 {
                continue;
            }
            let nearest = target.value + self.solution.residuals[row] * target.tolerance;
            let message = format!("`{}` cannot be {}", target.name(layout), number(target.value));
            problems.push(
                Problem::new(codes::INFEASIBLE, message)
                    .at(target.place.clone())
                    .label(format!("the nearest found is {}", number(nearest)))
                    .help(self.remedy(row, search)),
            );
        }
    }

    /// What stands in the way of a target, and what to do.
    fn remedy(&self, row: usize, search: &mut Search<'_>) -> String {
        if self.solution.residuals[row].abs() <= 1.0 {
            let digits = SIGNIFICANT_DIGITS;
            return format!(
                "it is met until the settings are rounded to {digits} digits: give it a larger `tolerance`"
            );
        }
        let (free, point) = (&self.targets.free, &self.solution.point);
        let moves = |&variable: &usize| {
            self.at_end.moves(variable, point[variable], row)
                || self.at_start.moves(variable, self.start[variable], row)
        };
        let movers: Vec<usize> = (0..free.len()).filter(moves).collect();
        if movers.is_empty() {
            return "no free setting moves it: free one that does, or take the target out".to_owned();
        }
        let mut obstacles = Vec::new();
        for variable in movers {
            let (path, value) = (&free[variable].path, point[variable]);
            if free[variable].bounds.contains(&value) {
                obstacles.push(format!("`{path}` is at its bound {}", number(value)));
            } else if let Some((farther, reason)) = self.refusal(row, variable, search) {
                obstacles.push(format!("`{path}` cannot be {}: {reason}", number(farther)));
            }
        }
        match obstacles.is_empty() {
            false => format!(
                "{}; widen the bounds, free another setting that moves it, or change the target",
                obstacles.join("; ")
            ),
            true => {
                "the scale or the other targets do not allow it: free another setting that moves it, or change the \
                     target"
                    .to_owned()
            }
        }
    }

    /// The value at which a setting alone would meet a target if it went on as it does, and why that is no scenario.
    fn refusal(&self, row: usize, variable: usize, search: &mut Search<'_>) -> Option<(f64, String)> {
        let slope = self.at_end.columns[variable].get(row).filter(|&&slope| slope != 0.0)?;
        let mut point = self.solution.point.clone();
        let [low, high] = self.targets.free[variable].bounds;
        point[variable] = (point[variable] - self.solution.residuals[row] / slope).clamp(low, high);
        let problems = search.at(&point).err()?;
        problems.iter().next().map(|problem| (point[variable], problem.message.clone()))
    }

    /// Names the free settings that move no target, and those that move the targets in the same way as others.
    fn report_undetermined(&self, problems: &mut Problems) {
        let (at_end, at_start) = (&self.at_end, &self.at_start);
        let free = &self.targets.free;
        // Of a search that went wrong only what was wrong from the beginning is said.
        let is_flat = |variable: usize| {
            at_end.is_flat(variable, self.solution.point[variable])
                && (self.is_met() || at_start.is_flat(variable, self.start[variable]))
        };
        for variable in (0..free.len()).filter(|&variable| is_flat(variable)) {
            let message = format!("`{}` moves no target", free[variable].path);
            problems.push(
                Problem::new(codes::UNIDENTIFIED, message)
                    .at(free[variable].place.clone())
                    .help("take it out of `free`, so that it stays as an assumption, or add a target that it moves"),
            );
        }
        if !self.is_met() {
            return;
        }
        let columns: Vec<Vec<f64>> = (0..free.len())
            .map(|variable| {
                let column = &at_end.columns[variable];
                if is_flat(variable) { vec![0.0; column.len()] } else { column.clone() }
            })
            .collect();
        for group in dependent_columns(&columns) {
            let names: Vec<String> = group.iter().map(|&variable| format!("`{}`", free[variable].path)).collect();
            let Some(&last) = group.last() else { continue };
            let message = format!("the targets do not tell {} apart: they move them in the same way", joined(&names));
            problems.push(
                Problem::new(codes::UNIDENTIFIED, message)
                    .at(free[last].place.clone())
                    .help("leave one of them as an assumption, or add a target that they move differently"),
            );
        }
    }
}

/// `a and b`, `a, b and c`.
fn joined(names: &[String]) -> String {
    match names {
        [] => String::new(),
        [only] => only.clone(),
        [most @ .., last] => format!("{} and {last}", most.join(", ")),
    }
}

/// A number with as many decimals as a reader needs, without a sign on zero.
fn number(value: f64) -> String {
    let text = format!("{value:.4}");
    let text = text.trim_end_matches('0').trim_end_matches('.');
    if text == "-0" { "0".to_owned() } else { text.to_owned() }
}

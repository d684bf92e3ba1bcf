//! Tipping points: how much worse than imputed the missing values of an arm would have to be before a conclusion changes.
//!
//! # Model
//! A delta is added to every imputed score of an active arm (to the log odds of yes, or the log rate of a count), toward the worse side;
//! the same in two arms at a time gives a surface. At each point of it the completed data are analysed and pooled as the plan says. The
//! imputations are the same at every point (their random numbers depend on the data alone), so that the surface has no noise of its own.
//!
//! The conclusion about a contrast is whether its p-value after the plan's multiplicity rule is below alpha, and which way the contrast
//! points; where there is no estimate, nothing is concluded, and that is said. Along one arm, and along both together, the tipping point is
//! where the conclusion first changes from that without a delta, found by halving between two points of the grid.
//!
//! # Assumes
//! Nothing beside the plan's imputation: the reader judges whether a delta is plausible.
//!
//! # References
//! - Yan X, Lee S, Li N. Missing data handling methods in medical device clinical trials. J Biopharm Stat 2009;19:1085-1098. doi:10.1080/10543400903243009.
//! - Cro S, Morris TP, Kenward MG, Carpenter JR. Sensitivity analysis for clinical trials with missing continuous outcome data using controlled multiple imputation: a practical guide. Stat Med 2020;39:2815-2842. doi:10.1002/sim.8569.
//!
//! # Checked against
//! `tests/it/independent/tipping.rs`: closed forms with one visit, each point analysed on its own.

use rayon::prelude::*;

use super::{Analysis, FitError, analyse_with_deltas};
use crate::numeric::moments::Moments;
use crate::scenario::{Delta, DeltaAmount, MultiplicityRule, Plan};
use crate::trial::{Direction, Estimate, OutcomeKind, TrialData};

/// What is asked.
#[derive(Debug, Clone, PartialEq)]
pub struct TippingGrid {
    /// Position of the outcome.
    pub outcome: usize,
    /// Position of the visit whose conclusions are looked at; deltas are added at all visits.
    pub visit: usize,
    /// The arms that deltas are added in: one or two.
    pub arms: Vec<usize>,
    /// Deltas from 0 on, ascending, toward the worse side.
    pub deltas: Vec<f64>,
}

impl TippingGrid {
    /// The usual surface of an outcome at a visit: so many deltas, from 0 to half the range of the score (without one, to twice the
    /// spread of what was recorded; of yes or no and of counts to 2 in log odds or log rate), in the first two arms beside the reference.
    pub fn usual(trial: &TrialData, outcome: usize, visit: usize, n_deltas: u16) -> Self {
        let layout = &trial.layout;
        let reference = layout.reference_arm();
        let arms = (0..layout.arms.len()).filter(|&arm| arm != reference).take(2).collect();
        let most = match (&layout.outcomes[outcome].kind, layout.outcomes[outcome].range) {
            (OutcomeKind::Score, Some([low, high])) => 0.5 * (high - low),
            // Odds and rates up to some seven times.
            (kind, _) if *kind != OutcomeKind::Score => 2.0,
            _ => {
                let value =
                    |i| (0..layout.visits.len()).filter_map(move |visit| trial.outcomes[outcome].value(i, visit));
                let recorded: Vec<f64> = (0..trial.n_participants()).flat_map(value).collect();
                2.0 * Moments::of(&recorded).variance().map_or(1.0, f64::sqrt).max(1e-6)
            }
        };
        Self { outcome, visit, arms, deltas: Self::deltas_to(most, n_deltas) }
    }

    /// So many deltas from 0 to the largest, equally far apart.
    pub fn deltas_to(most: f64, n_deltas: u16) -> Vec<f64> {
        let last = f64::from(n_deltas.max(2) - 1);
        (0..n_deltas.max(2)).map(|step| most * f64::from(step) / last).collect()
    }
}

/// What a contrast says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Conclusion {
    /// The first arm is better.
    Better,
    /// The first arm is worse.
    Worse,
    /// The trial cannot tell.
    None,
    /// There is no estimate.
    NoEstimate,
}

/// The answers at one point of the surface.
#[derive(Debug, Clone, PartialEq)]
pub struct TippingCell {
    /// Delta in each of the arms.
    pub deltas: Vec<f64>,
    /// One entry per contrast of the plan.
    pub contrasts: Vec<Result<Estimate, FitError>>,
    /// What each says.
    pub conclusions: Vec<Conclusion>,
}

/// Where the conclusion about a contrast changes along a line from no delta.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct TippingPoint {
    /// The contrast, by position in the plan.
    pub contrast: usize,
    /// The arm in which a delta grows, by position in [`TippingGrid::arms`]; `None` for all of them together.
    pub along: Option<usize>,
    /// What is concluded without a delta.
    pub from: Conclusion,
    /// The smallest delta at which something else is, and what; `None` where nothing changes within the grid.
    pub tips: Option<(f64, Conclusion)>,
}

/// A surface with its tipping points.
#[derive(Debug, Clone, PartialEq)]
pub struct Tipping {
    /// What was asked.
    pub grid: TippingGrid,
    /// The cells: the delta of the last arm changes fastest.
    pub cells: Vec<TippingCell>,
    /// Per contrast that one of the arms is in: along each of its arms, then along all.
    pub points: Vec<TippingPoint>,
}

/// Halvings between two points of the grid.
const HALVINGS: u32 = 8;

/// Points that share their imputations. The more, the less is drawn, and the more is held in memory at once.
const TOGETHER: usize = 32;

/// The surface of a plan that imputes. Uses the current rayon thread pool; the numbers do not depend on it.
pub fn tipping(plan: &Plan, trial: &TrialData, grid: TippingGrid) -> Tipping {
    let plan = only_asked(plan, grid.outcome);
    let n = grid.deltas.len();
    let n_cells = n.pow(grid.arms.len() as u32);
    let deltas = |cell: usize| -> Vec<f64> {
        (0..grid.arms.len()).rev().map(|digit| grid.deltas[cell / n.pow(digit as u32) % n]).collect()
    };
    let cells = cells_at(&plan, trial, &grid, &(0..n_cells).map(deltas).collect::<Vec<_>>());
    let mut lines = Vec::new();
    for (contrast, own) in plan.contrasts.iter().enumerate() {
        let is_in = |arm: &usize| own.arm == *arm || own.versus == *arm;
        let arms = (0..grid.arms.len()).filter(|&along| is_in(&grid.arms[along]));
        let along: Vec<Option<usize>> = arms.map(Some).collect();
        let together = (grid.arms.len() > 1 && !along.is_empty()).then_some(None);
        lines.extend(along.into_iter().chain(together).map(|along| (contrast, along)));
    }
    let points = points(&plan, trial, &grid, &cells, &lines);
    Tipping { grid, cells, points }
}

/// The plan for one outcome alone, where its multiplicity rule allows that.
fn only_asked(plan: &Plan, outcome: usize) -> Plan {
    let mut own = Plan { sensitivity: Vec::new(), describe: false, ..plan.clone() };
    if own.multiplicity == MultiplicityRule::Graph {
        return own;
    }
    if let Some(position) = own.outcomes.iter().position(|&known| known == outcome) {
        own.outcomes = vec![outcome];
        own.responders = own.responders.get(position).copied().into_iter().collect();
    }
    own
}

/// The answers with deltas in the arms, for each of many deltas.
fn cells_at(plan: &Plan, trial: &TrialData, grid: &TippingGrid, deltas: &[Vec<f64>]) -> Vec<TippingCell> {
    let cells = |deltas: &[Vec<f64>]| -> Vec<TippingCell> {
        let written: Vec<Vec<Delta>> = deltas.iter().map(|own| written(trial, grid, own)).collect();
        let analyses = analyse_with_deltas(plan, trial, &written);
        deltas.iter().zip(&analyses).map(|(deltas, own)| cell(plan, trial, grid, deltas, own)).collect()
    };
    deltas.par_chunks(TOGETHER).flat_map_iter(cells).collect()
}

/// Deltas toward the worse side, one per arm, as a plan has them.
fn written(trial: &TrialData, grid: &TippingGrid, deltas: &[f64]) -> Vec<Delta> {
    let worse = if trial.layout.outcomes[grid.outcome].better == Some(Direction::Higher) { -1.0 } else { 1.0 };
    let amount = match trial.layout.outcomes[grid.outcome].kind {
        OutcomeKind::Binary => DeltaAmount::LogOdds,
        OutcomeKind::Count => DeltaAmount::LogRate,
        OutcomeKind::Score | OutcomeKind::Ordinal { .. } => DeltaAmount::Points,
    };
    let delta = |(&arm, delta): (&usize, &f64)| Delta {
        arms: vec![arm],
        visits: Vec::new(),
        outcomes: vec![grid.outcome],
        cause: None,
        amount: amount(worse * delta),
    };
    grid.arms.iter().zip(deltas).map(delta).collect()
}

/// What an analysis says at a point.
fn cell(plan: &Plan, trial: &TrialData, grid: &TippingGrid, deltas: &[f64], analysis: &Analysis) -> TippingCell {
    let fit = analysis.fit(grid.outcome, grid.visit);
    let contrasts = fit.map(|fit| fit.contrasts.clone()).unwrap_or_default();
    let gate = fit.is_some_and(|fit| fit.gate_open);
    let better = plan.better(&trial.layout, grid.outcome);
    let conclusion = |own: &Result<Estimate, FitError>| match own {
        Ok(own) if gate && own.adjusted_p_value < plan.alpha => {
            let is_lower = own.value < 0.0;
            if is_lower == (better != Some(Direction::Higher)) { Conclusion::Better } else { Conclusion::Worse }
        }
        Ok(_) => Conclusion::None,
        Err(_) => Conclusion::NoEstimate,
    };
    TippingCell { deltas: deltas.to_vec(), conclusions: contrasts.iter().map(conclusion).collect(), contrasts }
}

/// Where the conclusion about each contrast changes along each line, by halving between the first two points of the grid that differ.
fn points(
    plan: &Plan,
    trial: &TrialData,
    grid: &TippingGrid,
    cells: &[TippingCell],
    lines: &[(usize, Option<usize>)],
) -> Vec<TippingPoint> {
    let n_arms = grid.arms.len();
    let deltas = |along: Option<usize>, delta: f64| -> Vec<f64> {
        (0..n_arms).map(|arm| if along.is_none_or(|along| along == arm) { delta } else { 0.0 }).collect()
    };
    let said =
        |cell: &TippingCell, contrast: usize| cell.conclusions.get(contrast).copied().unwrap_or(Conclusion::NoEstimate);
    let at_first = |contrast: usize| cells.first().map_or(Conclusion::NoEstimate, |cell| said(cell, contrast));
    // Position of the cell with one delta along a line: the arm that comes last changes fastest.
    let n = grid.deltas.len();
    let position = |along: Option<usize>, step: usize| -> usize {
        (0..n_arms).fold(0, |cell, arm| cell * n + if along.is_none_or(|along| along == arm) { step } else { 0 })
    };
    let mut found: Vec<TippingPoint> = lines
        .iter()
        .map(|&(contrast, along)| TippingPoint { contrast, along, from: at_first(contrast), tips: None })
        .collect();
    let mut before = vec![0.0; lines.len()];
    for (place, own) in found.iter_mut().enumerate() {
        let on_the_way = (1..n).map(|step| (step, said(&cells[position(own.along, step)], own.contrast)));
        if let Some((step, there)) = on_the_way.into_iter().find(|(_, there)| *there != own.from) {
            before[place] = grid.deltas[step - 1];
            own.tips = Some((grid.deltas[step], there));
        }
    }
    for _ in 0..HALVINGS {
        let middles: Vec<(usize, f64)> =
            (0..found.len()).filter_map(|place| Some((place, 0.5 * (before[place] + found[place].tips?.0)))).collect();
        let asked: Vec<Vec<f64>> = middles.iter().map(|&(place, middle)| deltas(found[place].along, middle)).collect();
        for (&(place, middle), cell) in middles.iter().zip(cells_at(plan, trial, grid, &asked)) {
            let between = said(&cell, found[place].contrast);
            if between == found[place].from {
                before[place] = middle;
            } else {
                found[place].tips = Some((middle, between));
            }
        }
    }
    found
}

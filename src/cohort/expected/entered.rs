//! Those who entered, by their severity at baseline: averages over it.
//!
//! # Formula
//! With one entry rule they are standard normal severities of the outcome it looks at, cut off at two ends; the outcome asked for
//! is correlated with that. With several, they are standardised severities z of the outcome asked for itself, with density
//! φ(z) · P(all other outcomes with a rule lie within its ends | z), cut off where the outcome has a rule of its own.
//! Averages are Gauss-Legendre sums over panels that are narrow beside what changes in them.

use std::cell::OnceCell;

use crate::numeric::distributions::normal_density;
use crate::numeric::elementary::{exp2, log2};
use crate::numeric::legendre::{Node, panels};
use crate::numeric::normal_box::{NormalBox, PANEL, REACH};
use crate::numeric::shift::Shift;
use crate::scenario::{EntryRule, Scenario};

/// Those who entered.
pub(super) struct Entered {
    /// Correlation of the severity that is averaged over with that of the outcome asked for; 0 where everybody enters.
    correlation: f64,
    /// Its ends, standardised.
    ends: [f64; 2],
    /// What else must be so.
    others: Option<NormalBox>,
    /// The severity that is averaged over, by its moments.
    severity: Shift,
    /// Nodes for functions that change over 1, 1/2, 1/4, … standard deviations, as they are asked for; weights add up to 1.
    nodes: [OnceCell<Vec<Node>>; LEVELS],
}

/// Ends where there is no rule.
const WHOLE: [f64; 2] = [-REACH, REACH];

/// Levels of detail: enough for what is not sharp.
const LEVELS: usize = 9;

impl Entered {
    /// Those who meet some rules, as seen from one outcome.
    pub fn of(scenario: &Scenario, outcome: usize, rules: &[EntryRule]) -> Self {
        let regions = regions(scenario, rules);
        match regions.as_slice() {
            [] => Self::with(0.0, WHOLE, None),
            [(with, ends)] => Self::with(scenario.truth.between_outcomes[outcome][*with], *ends, None),
            several => Self::by_regions(scenario, outcome, several),
        }
    }

    /// The same, averaged over the outcome's own severity whatever the rules look at.
    pub fn by_own(scenario: &Scenario, outcome: usize, rules: &[EntryRule]) -> Self {
        Self::by_regions(scenario, outcome, &regions(scenario, rules))
    }

    /// Those within some regions, by the severity of one outcome.
    fn by_regions(scenario: &Scenario, outcome: usize, regions: &[(usize, [f64; 2])]) -> Self {
        let between = &scenario.truth.between_outcomes;
        let own = regions.iter().find(|(with, _)| *with == outcome).map_or(WHOLE, |(_, ends)| *ends);
        let others = regions.iter().filter(|(with, _)| *with != outcome);
        let all: Vec<(usize, [f64; 2])> = std::iter::once((outcome, own)).chain(others.copied()).collect();
        let row = |i: usize| all.iter().map(|(j, _)| between[i][*j]).collect();
        let correlation: Vec<Vec<f64>> = all.iter().map(|(i, _)| row(*i)).collect();
        let ends: Vec<[f64; 2]> = all.iter().map(|(_, ends)| *ends).collect();
        Self::with(1.0, own, (all.len() > 1).then(|| NormalBox::new(&ends, &correlation)))
    }

    fn with(correlation: f64, ends: [f64; 2], others: Option<NormalBox>) -> Self {
        let mut entered = Self { correlation, ends, others, severity: Shift::fixed(0.0), nodes: Default::default() };
        if correlation != 0.0 {
            entered.severity = Shift::of(entered.nodes(1.0));
        }
        entered
    }

    /// Correlation of the severity that is averaged over with that of the outcome asked for.
    pub fn correlation(&self) -> f64 {
        self.correlation
    }

    /// The severity that is averaged over; always 0 where everybody enters.
    pub fn severity(&self) -> &Shift {
        &self.severity
    }

    /// Average of a smooth function of that severity that changes over distances of `detail`.
    pub fn average(&self, detail: f64, function: impl Fn(f64) -> f64) -> f64 {
        if self.correlation == 0.0 {
            // What does not depend on it need not be averaged.
            return function(0.0);
        }
        self.sum(self.nodes(detail), function)
    }

    /// Nodes for functions that change over distances of `detail`.
    fn nodes(&self, detail: f64) -> &[Node] {
        let level = (-log2(detail)).ceil().clamp(0.0, (LEVELS - 1) as f64);
        let nodes = || self.weighted(panels(self.ends, self.width(exp2(-level)), []));
        self.nodes[level as usize].get_or_init(nodes)
    }

    /// Average of a function that is smooth between the places where it jumps or bends, which are in ascending order.
    pub fn average_between(&self, jumps: &[f64], function: impl Fn(f64) -> f64) -> f64 {
        self.sum(&self.nodes_between(jumps, 1.0), function)
    }

    /// Nodes for functions that change over distances of `detail` between places where they jump or bend, which are in ascending
    /// order; weights add up to 1.
    pub fn nodes_between(&self, jumps: &[f64], detail: f64) -> Vec<Node> {
        self.weighted(panels(self.ends, self.width(detail), jumps.iter().copied()))
    }

    fn sum(&self, nodes: &[Node], function: impl Fn(f64) -> f64) -> f64 {
        nodes.iter().map(|node| node.weight * function(node.at)).sum()
    }

    /// Width of the panels for a function that changes over distances of `detail`.
    fn width(&self, detail: f64) -> f64 {
        PANEL * detail.min(self.others.as_ref().map_or(1.0, NormalBox::detail)).min(1.0)
    }

    /// Nodes weighted by the share of those who entered; a single one where next to nobody does.
    fn weighted(&self, mut nodes: Vec<Node>) -> Vec<Node> {
        for node in &mut nodes {
            node.weight *=
                normal_density(node.at) * self.others.as_ref().map_or(1.0, |others| others.given_first(node.at));
        }
        let total: f64 = nodes.iter().map(|node| node.weight).sum();
        if total <= 0.0 {
            return vec![Node { at: self.nearest(), weight: 1.0 }];
        }
        nodes.iter_mut().for_each(|node| node.weight /= total);
        nodes
    }

    /// The end nearer to the mean, where the others crowd if there are next to none.
    fn nearest(&self) -> f64 {
        let [from, to] = self.ends;
        if from.abs() < to.abs() { from } else { to }
    }
}

/// Per outcome that a rule looks at, the standardised severities with which one may enter.
fn regions(scenario: &Scenario, rules: &[EntryRule]) -> Vec<(usize, [f64; 2])> {
    let mut regions: Vec<(usize, [f64; 2])> = Vec::new();
    for rule in rules {
        let (outcome, truth) = (&scenario.design.layout.outcomes[rule.outcome], &scenario.truth.outcomes[rule.outcome]);
        // A valid scenario has no rule that nobody can meet.
        let [low, high] = rule.severities(outcome, truth.cuts.as_deref()).unwrap_or([f64::NEG_INFINITY, f64::INFINITY]);
        let standard = |severity: f64| ((severity - truth.baseline_mean) / truth.sd[0]).clamp(-REACH, REACH);
        let [from, to] = [standard(low), standard(high)];
        match regions.iter_mut().find(|(with, _)| *with == rule.outcome) {
            Some((_, ends)) => *ends = [ends[0].max(from), ends[1].min(to)],
            None => regions.push((rule.outcome, [from, to])),
        }
    }
    regions
}

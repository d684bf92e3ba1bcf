//! Share of those who entered whose score at a week is as good as their own baseline asks for, by numerical integration.
//!
//! # Formula
//! With z the standardised severity of the outcome itself at baseline and f its density among those who entered, the recorded
//! baseline b is a step function of z, and severity at the week is, given z, that of everybody: m + S + c z + noise, changed by the
//! sessions (`severity`). If t(b) is the score asked for,
//!
//! share = ∫ f(z) P(score at the week as good as t(b(z)) | z) dz / ∫ f(z) [t(b(z)) is defined] dz,
//!
//! split where b jumps; the probability is one of a normal severity to lie beyond a boundary, averaged over a few values of S.

use super::entered::Entered;
use super::scale::Scale;
use super::severity::{Mixture, Severity};
use super::{SHARP, jumps};
use crate::numeric::distributions::normal_between;
use crate::numeric::legendre::Node;
use crate::scenario::{EntryRule, Scenario};
use crate::trial::Direction;

/// One outcome by its own baseline.
pub(super) struct Improvement<'a> {
    scenario: &'a Scenario,
    outcome: usize,
    scale: Scale,
    entered: Entered,
}

/// A node of less weight changes no share.
const NEGLIGIBLE: f64 = 1e-18;

impl<'a> Improvement<'a> {
    /// Among those who meet the scenario's entry rules.
    pub fn of(scenario: &'a Scenario, outcome: usize) -> Self {
        let scale = Scale::of(&scenario.design.layout.outcomes[outcome], &scenario.truth.outcomes[outcome]);
        Self { scenario, outcome, scale, entered: Entered::by_own(scenario, outcome, &scenario.design.entry) }
    }

    /// The share at a week, given severity then and the score that a baseline asks for (`None`: left out). `None` where severity is all
    /// but a function of that at baseline, so that what is integrated jumps, and where everybody is left out.
    pub fn share(&self, severity: &Severity, better: Direction, enough: impl Fn(f64) -> Option<f64>) -> Option<f64> {
        let slope = severity.slope();
        let noise = (severity.variance() - slope * slope).max(0.0).sqrt();
        if noise <= SHARP * slope.abs() {
            return None;
        }
        let truth = &self.scenario.truth.outcomes[self.outcome];
        let at_baseline = [truth.baseline_mean, truth.sd[0]];
        let Mixture { shift, responses } = severity.mixture(noise);
        let moves = shift.rule(noise);
        let beyond = |z: f64, score: f64| -> f64 {
            let Some([from, to]) = self.severities(better, score) else { return 0.0 };
            let mut share = 0.0;
            for response in &responses {
                let sd = response.sd(noise);
                for &Node { at, weight } in &moves {
                    let mean = response.of(severity.mean + at + slope * z, severity.best);
                    share += response.weight * weight * between([from, to], mean, sd);
                }
            }
            share
        };
        let (mut share, mut total) = (0.0, 0.0);
        for node in self.entered.nodes_between(&jumps(&self.scale, at_baseline), (noise / slope).abs()) {
            let baseline = self.scale.recorded(at_baseline[0] + at_baseline[1] * node.at);
            if let Some(score) = enough(baseline).filter(|_| node.weight > NEGLIGIBLE) {
                total += node.weight;
                share += node.weight * beyond(node.at, score);
            }
        }
        (total > 0.0).then(|| share / total)
    }

    /// Severities that are recorded as a score at least as good.
    fn severities(&self, better: Direction, score: f64) -> Option<[f64; 2]> {
        let [at_least, at_most] = match better {
            Direction::Lower => [f64::NEG_INFINITY, score],
            Direction::Higher => [score, f64::INFINITY],
        };
        let cuts = self.scenario.truth.outcomes[self.outcome].cuts.as_deref();
        let rule = EntryRule { outcome: self.outcome, at_least, at_most };
        rule.severities(&self.scenario.design.layout.outcomes[self.outcome], cuts)
    }
}

/// Probability of a normal number to lie between two ends; without spread whether it does.
fn between([from, to]: [f64; 2], mean: f64, sd: f64) -> f64 {
    if sd <= 0.0 {
        return f64::from(u8::from((from..=to).contains(&mean)));
    }
    normal_between((from - mean) / sd, (to - mean) / sd)
}

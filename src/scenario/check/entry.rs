//! The entry rule: which outcome it looks at, and whether enough candidates can meet it.

use statrs::function::erf::erfc;

use super::super::tree::KeyPath;
use super::super::{EntryRule, OneOrMore, OutcomeTruth, WrittenEntry, WrittenTrial, codes};
use super::{Check, show};
use crate::trial::Outcome;

/// Smallest share of candidates that must meet the rule.
const SMALLEST_SHARE: f64 = 0.001;

impl Check<'_> {
    /// The entry rules, every one of which must be met.
    pub(super) fn entry(&mut self, trial: &WrittenTrial, outcomes: &[(Outcome, OutcomeTruth)]) -> Vec<EntryRule> {
        let path = KeyPath::of(&["trial", "entry"]);
        match &trial.entry {
            None => Vec::new(),
            Some(OneOrMore::One(rule)) => self.entry_rule(rule, &path, outcomes).into_iter().collect(),
            Some(OneOrMore::More(rules)) => {
                let each = rules.iter().enumerate();
                each.filter_map(|(index, rule)| self.entry_rule(rule, &path.index(index), outcomes)).collect()
            }
        }
    }

    fn entry_rule(
        &mut self,
        written: &WrittenEntry,
        path: &KeyPath,
        outcomes: &[(Outcome, OutcomeTruth)],
    ) -> Option<EntryRule> {
        self.require(&path.key("outcome"), "outcome = \"bothersomeness\"");
        if self.tree.lacks(&path.key("at_least")) && self.tree.lacks(&path.key("at_most")) {
            let message = "the entry rule has no threshold";
            self.report_key(codes::MISSING, path, message, |problem| problem.help("give `at_least` or `at_most`"));
        }
        let name = written.outcome.as_ref()?;
        let names: Vec<String> = outcomes.iter().map(|(outcome, _)| outcome.name.clone()).collect();
        let place = self.tree.place(&path.key("outcome"));
        let outcome = self.position(name, &names, "an outcome of this name", place)?;
        let rule = EntryRule {
            outcome,
            at_least: written.at_least.unwrap_or(f64::NEG_INFINITY),
            at_most: written.at_most.unwrap_or(f64::INFINITY),
        };
        self.can_be_met(&rule, written, path, &outcomes[outcome]);
        Some(rule)
    }

    fn can_be_met(
        &mut self,
        rule: &EntryRule,
        written: &WrittenEntry,
        path: &KeyPath,
        (outcome, truth): &(Outcome, OutcomeTruth),
    ) {
        let place = if written.at_least.is_some() { path.key("at_least") } else { path.key("at_most") };
        if rule.at_least > rule.at_most {
            let message = format!("nobody scores at least {} and at most {}", show(rule.at_least), show(rule.at_most));
            self.report(codes::ENTRY, &place, message, |problem| problem);
            return;
        }
        if self.tree.lacks(&KeyPath::of(&["outcomes", &outcome.name, "baseline", "mean"])) || truth.sd[0] <= 0.0 {
            return;
        }
        let share = share_admitted(rule, outcome, truth.baseline_mean, truth.sd[0]);
        if share < SMALLEST_SHARE {
            let message = match share {
                0.0 => format!("nobody can meet the entry rule on `{}`", outcome.name),
                share => format!("only {} % of candidates would meet the entry rule", show(100.0 * share)),
            };
            let help = format!(
                "`{}` has mean {} and sd {} before entry{}",
                outcome.name,
                show(truth.baseline_mean),
                show(truth.sd[0]),
                outcome.range.map(|[low, high]| format!(", from {} to {}", show(low), show(high))).unwrap_or_default()
            );
            self.report(codes::ENTRY, &place, message, |problem| problem.help(help));
        }
    }
}

/// Share of candidates whose recorded baseline score meets a rule, the latent score being normal, then rounded to the
/// step and held within the range: P(lower cut ≤ latent < upper cut), the cuts lying half a step around the scores admitted.
fn share_admitted(rule: &EntryRule, outcome: &Outcome, mean: f64, sd: f64) -> f64 {
    let [low, high] = outcome.range.unwrap_or([f64::NEG_INFINITY, f64::INFINITY]);
    if rule.at_least > high || rule.at_most < low {
        return 0.0;
    }
    let step = outcome.step.unwrap_or(0.0);
    let origin = if low.is_finite() { low } else { 0.0 };
    let (lowest, highest) = if step > 0.0 {
        let up = origin + ((rule.at_least - origin) / step - 1e-9).ceil() * step;
        let down = origin + ((rule.at_most - origin) / step + 1e-9).floor() * step;
        (up, down)
    } else {
        (rule.at_least, rule.at_most)
    };
    if lowest > highest {
        return 0.0;
    }
    let from = if lowest <= low { f64::NEG_INFINITY } else { lowest - step / 2.0 };
    let to = if highest >= high { f64::INFINITY } else { highest + step / 2.0 };
    let below = |x: f64| 0.5 * erfc((mean - x) / (sd * std::f64::consts::SQRT_2));
    let above = |x: f64| 0.5 * erfc((x - mean) / (sd * std::f64::consts::SQRT_2));
    // The tail that is small is the one that is computed, so that a share of 1e-12 is not lost in rounding.
    if from > mean { above(from) - above(to) } else { below(to) - below(from) }
}

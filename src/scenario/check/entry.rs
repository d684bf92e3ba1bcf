//! The entry rules: which outcomes they look at, and whether enough candidates can meet each.

use statrs::function::erf::erfc;

use super::super::tree::KeyPath;
use super::super::{EntryRule, OneOrMore, WrittenEntry, WrittenTrial, codes};
use super::outcomes::Drafted;
use super::{Check, show};
use crate::trial::Outcome;

/// Smallest share of candidates that must be able to enter.
pub(super) const SMALLEST_SHARE: f64 = 0.001;

impl Check<'_> {
    /// The entry rules, every one of which must be met.
    pub(super) fn entry(&mut self, trial: &WrittenTrial, outcomes: &[Drafted]) -> Vec<EntryRule> {
        let path = KeyPath::of(&["trial", "entry"]);
        match &trial.entry {
            None => Vec::new(),
            Some(OneOrMore::One(rule)) => self.entry_rule(rule, &path, outcomes).into_iter().collect(),
            Some(OneOrMore::More(written)) => {
                let mut rules: Vec<EntryRule> = Vec::new();
                for (index, rule) in written.iter().enumerate() {
                    let here = path.index(index);
                    let Some(rule) = self.entry_rule(rule, &here, outcomes) else { continue };
                    if rules.iter().any(|earlier| earlier.outcome == rule.outcome) {
                        let name = &outcomes[rule.outcome].outcome.name;
                        let message = format!("there are two entry rules on `{name}`");
                        self.report(codes::ENTRY, &here.key("outcome"), message, |problem| {
                            problem.help("one rule can have both `at_least` and `at_most`")
                        });
                    }
                    rules.push(rule);
                }
                rules
            }
        }
    }

    fn entry_rule(&mut self, written: &WrittenEntry, path: &KeyPath, outcomes: &[Drafted]) -> Option<EntryRule> {
        self.require(&path.key("outcome"), "outcome = \"bothersomeness\"");
        if self.tree.lacks(&path.key("at_least")) && self.tree.lacks(&path.key("at_most")) {
            let message = "the entry rule has no threshold";
            self.report_key(codes::MISSING, path, message, |problem| problem.help("give `at_least` or `at_most`"));
        }
        let name = written.outcome.as_ref()?;
        let names: Vec<String> = outcomes.iter().map(|drafted| drafted.outcome.name.clone()).collect();
        let place = self.tree.place(&path.key("outcome"));
        let outcome = self.position(name, &names, "an outcome of this name", place)?;
        let rule = EntryRule {
            outcome,
            at_least: written.at_least.unwrap_or(f64::NEG_INFINITY),
            at_most: written.at_most.unwrap_or(f64::INFINITY),
        };
        if outcomes[outcome].outcome.at_baseline {
            self.can_be_met(&rule, written, path, &outcomes[outcome]);
        } else {
            let message = format!("nobody can enter by `{name}`: it is not recorded at baseline");
            self.report(codes::NO_BASELINE, &path.key("outcome"), message, |problem| {
                problem.help("name an outcome that is known before randomisation")
            });
        }
        Some(rule)
    }

    fn can_be_met(&mut self, rule: &EntryRule, written: &WrittenEntry, path: &KeyPath, drafted: &Drafted) {
        let place = if written.at_least.is_some() { path.key("at_least") } else { path.key("at_most") };
        if rule.at_least > rule.at_most {
            let message = format!("nobody scores at least {} and at most {}", show(rule.at_least), show(rule.at_most));
            self.report(codes::ENTRY, &place, message, |problem| problem);
            return;
        }
        let (outcome, truth) = (&drafted.outcome, &drafted.truth);
        let Some(mean) = drafted.recorded_mean else { return };
        let share = match &truth.cuts {
            Some(cuts) => share_between_cuts(rule, outcome, cuts, truth.baseline_mean),
            None => share_of_scores(rule, outcome, truth.baseline_mean, truth.sd[0]),
        };
        if share < SMALLEST_SHARE {
            let message = match share {
                0.0 => format!("nobody can meet the entry rule on `{}`", outcome.name),
                share => format!("only {} % of candidates would meet the entry rule", show(100.0 * share)),
            };
            let sd = truth.cuts.is_none().then(|| format!(" and sd {}", show(truth.sd[0]))).unwrap_or_default();
            let help = format!(
                "`{}` has mean {}{sd} before entry{}",
                outcome.name,
                show(mean),
                outcome.range.map(|[low, high]| format!(", from {} to {}", show(low), show(high))).unwrap_or_default()
            );
            self.report(codes::ENTRY, &place, message, |problem| problem.help(help));
        }
    }
}

/// Share of candidates whose recorded baseline score meets a rule, the latent score being normal, then rounded to the
/// step and held within the range: P(lower cut ≤ latent < upper cut), the cuts lying half a step around the scores admitted.
fn share_of_scores(rule: &EntryRule, outcome: &Outcome, mean: f64, sd: f64) -> f64 {
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
    share_between([from, to], mean, sd)
}

/// The same where what is recorded goes up by one at each cut of a severity with standard deviation 1.
fn share_between_cuts(rule: &EntryRule, outcome: &Outcome, cuts: &[f64], mean: f64) -> f64 {
    let low = outcome.range.map_or(0.0, |[low, _]| low);
    // Numbers of cuts that must be passed, and that must not be.
    let least = (rule.at_least - low).ceil().max(0.0);
    let most = (rule.at_most - low).floor().min(cuts.len() as f64);
    if least > most {
        return 0.0;
    }
    let (least, most) = (least as usize, most as usize);
    let from = if least == 0 { f64::NEG_INFINITY } else { cuts[least - 1] };
    let to = cuts.get(most).copied().unwrap_or(f64::INFINITY);
    share_between([from, to], mean, 1.0)
}

/// P(from ≤ X < to) of a normal variable.
fn share_between([from, to]: [f64; 2], mean: f64, sd: f64) -> f64 {
    let below = |x: f64| 0.5 * erfc((mean - x) / (sd * std::f64::consts::SQRT_2));
    let above = |x: f64| 0.5 * erfc((x - mean) / (sd * std::f64::consts::SQRT_2));
    // The tail that is small is the one that is computed, so that a share of 1e-12 is not lost in rounding.
    if from > mean { above(from) - above(to) } else { below(to) - below(from) }
}

//! The entry rules: which outcomes they look at, and whether enough candidates can meet each.

use super::super::tree::KeyPath;
use super::super::{EntryRule, OneOrMore, OutcomeTruth, WrittenEntry, WrittenTrial, codes};
use super::outcomes::Drafted;
use super::{Check, show};
use crate::numeric::distributions::normal_between;
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
        let Some(mean) = drafted.recorded_mean.filter(|_| truth.sd[0] > 0.0) else { return };
        let share = share_admitted(rule, outcome, truth);
        if share < SMALLEST_SHARE {
            let message = match share {
                0.0 => format!("nobody can meet the entry rule on `{}`", outcome.name),
                share => format!("only {} % of candidates would meet the entry rule", show(100.0 * share)),
            };
            let sd = if truth.cuts.is_none() { format!(" and sd {}", show(truth.sd[0])) } else { String::new() };
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

/// Share of candidates whose recorded baseline score meets a rule, the severity behind it being normal.
fn share_admitted(rule: &EntryRule, outcome: &Outcome, truth: &OutcomeTruth) -> f64 {
    let standard = |severity: f64| (severity - truth.baseline_mean) / truth.sd[0];
    let severities = rule.severities(outcome, truth.cuts.as_deref());
    severities.map_or(0.0, |[from, to]| normal_between(standard(from), standard(to)))
}

//! The entry rule: which outcome it looks at, and whether enough candidates can meet it.

use super::super::tree::KeyPath;
use super::super::{EntryRule, OneOrMore, OutcomeTruth, WrittenEntry, WrittenTrial, codes};
use super::{Check, show};
use crate::numeric::distributions::normal_between;
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
        let share = share_admitted(rule, outcome, truth);
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

/// Share of candidates whose recorded baseline score meets a rule, the severity behind it being normal.
fn share_admitted(rule: &EntryRule, outcome: &Outcome, truth: &OutcomeTruth) -> f64 {
    let standard = |severity: f64| (severity - truth.baseline_mean) / truth.sd[0];
    let severities = rule.severities(outcome, truth.cuts.as_deref());
    severities.map_or(0.0, |[from, to]| normal_between(standard(from), standard(to)))
}

//! The tables `[outcomes.*]`: what all kinds have in common, their spread after baseline, their course without sessions.

use super::super::tree::KeyPath;
use super::super::{EffectModel, OutcomeTruth, WrittenOutcome, WrittenScenario, codes};
use super::margins::Margin;
use super::{Check, Outline, count, show};
use crate::trial::{Outcome, OutcomeKind};

/// An outcome as far as it has been checked.
#[derive(Debug, Clone)]
pub(super) struct Drafted {
    /// What is recorded.
    pub outcome: Outcome,
    /// How it behaves, but for its effects.
    pub truth: OutcomeTruth,
    /// Mean at baseline before entry, of severity for a score and else of what is recorded; `None` where something is wrong with it.
    pub recorded_mean: Option<f64>,
}

impl Check<'_> {
    /// Names of the outcomes in their order.
    pub(super) fn outcome_names(&mut self) -> Vec<String> {
        let path = KeyPath::of(&["outcomes"]);
        self.require(&path, "[outcomes.rdq] with range, baseline and so on below it");
        self.usable_names(&path, "outcome");
        let names = self.tree.keys(&path);
        if self.tree.has(&path) && names.is_empty() {
            self.report_key(codes::MISSING, &path, "there is no outcome in [outcomes]", |problem| {
                problem.help("for example: [outcomes.rdq] with range, baseline and so on below it")
            });
        }
        names
    }

    /// Every outcome with its truth, but for its effects.
    pub(super) fn outcomes(&mut self, written: &WrittenScenario, outline: &Outline) -> Vec<Drafted> {
        let all = written.outcomes.clone().unwrap_or_default();
        let one = |name: &String| {
            let outcome = all.get(name).cloned().unwrap_or_default();
            self.outcome(name, &outcome, &KeyPath::of(&["outcomes", name]), outline)
        };
        outline.outcomes.iter().map(one).collect()
    }

    fn outcome(&mut self, name: &str, written: &WrittenOutcome, path: &KeyPath, outline: &Outline) -> Drafted {
        let Margin { kind_is_known, kind, range, step, severity: [baseline_mean, baseline_sd], cuts, mean } =
            self.margin(written, path);
        if let Some(meaningful) = written.meaningful {
            self.meaningful(meaningful, range, &path.key("meaningful"));
        }
        let mut sd = vec![baseline_sd];
        sd.extend(self.follow_up_sd(written, path, outline, baseline_sd));
        let n_visits = outline.weeks.as_ref().map_or(0, Vec::len);
        let correlation =
            self.correlation(written.correlation.as_ref(), &path.key("correlation"), (n_visits, "visits"));
        let effect = EffectModel::Sessions { natural_course: None, arms: Vec::new() };
        let outcome = Outcome {
            name: name.to_owned(),
            label: written.label.clone().unwrap_or_else(|| name.to_owned()),
            range,
            step,
            better: Some(written.better.unwrap_or_default()),
            meaningful: written.meaningful,
            meaningful_source: written.meaningful_source.clone(),
            unit: written.unit.clone().unwrap_or_else(|| usual_unit(&kind).to_owned()),
            at_baseline: self.at_baseline(written, path, kind_is_known.then_some(&kind)),
            kind,
        };
        let truth = OutcomeTruth { baseline_mean, sd, correlation, effect, cuts };
        Drafted { outcome, truth, recorded_mean: mean }
    }

    /// Whether it is recorded at baseline too; `kind` is `None` where it is in doubt.
    fn at_baseline(&mut self, written: &WrittenOutcome, path: &KeyPath, kind: Option<&OutcomeKind>) -> bool {
        let can_do_without = kind.is_none_or(|kind| matches!(kind, OutcomeKind::Ordinal { .. }));
        if written.at_baseline == Some(false) && !can_do_without {
            let message = format!("`{path}` is not recorded at baseline, but is no ordinal outcome");
            self.report(codes::KIND, &path.key("at_baseline"), message, |problem| {
                problem.help("only a rating of change has no baseline: kind = \"ordinal\" with its levels")
            });
        }
        written.at_baseline.unwrap_or(true) || !can_do_without
    }

    /// Standard deviation at each visit after baseline.
    fn follow_up_sd(&mut self, written: &WrittenOutcome, path: &KeyPath, outline: &Outline, baseline: f64) -> Vec<f64> {
        let n_visits = outline.n_after_baseline().unwrap_or(0);
        let follow_up = written.follow_up.clone().unwrap_or_default();
        let (one, many) = (path.key("follow_up").key("sd"), path.key("follow_up").key("sd_by_visit"));
        if self.tree.has(&one) && self.tree.has(&many) {
            let message = "`sd` and `sd_by_visit` are both given";
            self.report_key(codes::SPREAD, &many, message, |problem| problem.label("keep one of them"));
        }
        if let Some(sd) = follow_up.sd {
            self.positive_sd(sd, &one);
        }
        if let Some(by_visit) = follow_up.sd_by_visit {
            self.one_per_visit(by_visit.len(), &many, outline);
            for (index, &sd) in by_visit.iter().enumerate() {
                self.positive_sd(sd, &many.index(index));
            }
            return by_visit;
        }
        vec![follow_up.sd.unwrap_or(baseline); n_visits]
    }

    /// Reports a standard deviation that is not above 0.
    pub(super) fn positive_sd(&mut self, sd: f64, path: &KeyPath) {
        if sd <= 0.0 {
            let message = format!("`{path}` must be above 0, but is {}", show(sd));
            self.report(codes::SPREAD, path, message, |problem| problem);
        }
    }

    /// Reports a list that has not one number for each visit after baseline.
    pub(super) fn one_per_visit(&mut self, length: usize, path: &KeyPath, outline: &Outline) {
        let Some(weeks) = outline.weeks.as_ref().filter(|weeks| !weeks.is_empty() && length != weeks.len() - 1) else {
            return;
        };
        let after: Vec<String> = weeks[1..].iter().map(|&week| show(week)).collect();
        let message = format!(
            "`{path}` has {}, but there {} {} after baseline",
            count(length, "number"),
            if weeks.len() == 2 { "is" } else { "are" },
            count(weeks.len() - 1, "visit")
        );
        self.report(codes::WRONG_LENGTH, path, message, |problem| {
            problem.label(format!("one number for each week after baseline: {}", after.join(", ")))
        });
    }
}

/// What the numbers of a kind count where nobody says.
fn usual_unit(kind: &OutcomeKind) -> &'static str {
    match kind {
        OutcomeKind::Score => "points",
        OutcomeKind::Count => "days",
        OutcomeKind::Binary | OutcomeKind::Ordinal { .. } => "",
    }
}

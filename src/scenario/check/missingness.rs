//! What else `[dropout]` says: a score that it depends on, single visits that are missed, reasons.

use super::super::tree::KeyPath;
use super::super::{
    DropoutDependence, DropoutValue, Missingness, Reason, WrittenDropout, WrittenDropoutDependence,
    WrittenDropoutValue, WrittenScenario, codes,
};
use super::outcomes::Drafted;
use super::shares::Within;
use super::{Check, MAX_NAMED, Outline};

impl Check<'_> {
    /// Who is seen when, beyond the shares lost.
    pub(super) fn missingness(
        &mut self,
        written: &WrittenScenario,
        outline: &Outline,
        outcomes: &[Drafted],
    ) -> Missingness {
        let dropout = written.dropout.clone().unwrap_or_default();
        let path = KeyPath::of(&["dropout"]);
        let depends_on = dropout.depends_on.as_ref().and_then(|written| {
            self.somebody_is_lost(&path);
            self.depends_on(written, &path.key("depends_on"), outline, outcomes)
        });
        Missingness {
            depends_on,
            missed: self.missed(&dropout, &path, outline),
            reasons: self.reasons(&dropout, &path.key("reasons")),
        }
    }

    /// A dependence without any shares has nothing to change.
    fn somebody_is_lost(&mut self, path: &KeyPath) {
        if self.tree.lacks(&path.key("every_arm")) && self.tree.lacks(&path.key("by_arm")) {
            let message = "dropout depends on a score, but nobody is lost";
            self.report_key(codes::MISSINGNESS, &path.key("depends_on"), message, |problem| {
                problem.help("give the shares lost at the centre, for example: dropout.every_arm = [0.05, 0.07, 0.10]")
            });
        }
    }

    fn depends_on(
        &mut self,
        written: &WrittenDropoutDependence,
        path: &KeyPath,
        outline: &Outline,
        outcomes: &[Drafted],
    ) -> Option<DropoutDependence> {
        self.require(&path.key("outcome"), "outcome = \"rdq\"");
        if self.tree.lacks(&path.key("by_arm")) {
            self.require(&path.key("per_point"), "per_point = 0.1");
        }
        let by_arm = path.key("by_arm");
        self.keys_among(&by_arm, &outline.arms, "an arm of this name");
        let of_arm = |arm: &String| {
            let own = written.by_arm.as_ref().and_then(|by_arm| by_arm.get(arm)).copied();
            own.or(written.per_point).unwrap_or(0.0)
        };
        let slope = outline.arms.iter().map(of_arm).collect();
        let name = written.outcome.as_ref()?;
        let place = self.tree.place(&path.key("outcome"));
        let outcome = self.position(name, &outline.outcomes, "an outcome of this name", place)?;
        let value = match written.value.unwrap_or_default() {
            WrittenDropoutValue::LastRecorded => DropoutValue::LastRecorded,
            WrittenDropoutValue::Change => DropoutValue::ChangeRecorded,
            WrittenDropoutValue::AtThisVisit => DropoutValue::AtThisVisit,
        };
        if !outcomes[outcome].outcome.at_baseline && value != DropoutValue::AtThisVisit {
            let message =
                format!("dropout depends on what was recorded of `{name}`, which is not recorded at baseline");
            self.report(codes::NO_BASELINE, &path.key("outcome"), message, |problem| {
                problem.help(
                    "before the first visit nothing is known of it: name another outcome, or value = \"at_this_visit\"",
                )
            });
        }
        let at_baseline = outcomes[outcome].recorded_mean.unwrap_or(0.0);
        let usual = if value == DropoutValue::ChangeRecorded { 0.0 } else { at_baseline };
        Some(DropoutDependence { outcome, value, slope, centre: written.centre.unwrap_or(usual) })
    }

    /// Chance of missing a single visit, per arm and visit after baseline; empty where nobody does.
    fn missed(&mut self, written: &WrittenDropout, path: &KeyPath, outline: &Outline) -> Vec<Vec<f64>> {
        let by_arm = written.missed_by_arm.clone().unwrap_or_default();
        let place = path.key("missed_by_arm");
        self.keys_among(&place, &outline.arms, "an arm of this name");
        if let Some(chances) = &written.missed {
            self.chances_by_visit(chances, &path.key("missed"), outline);
        }
        for (arm, chances) in &by_arm {
            self.chances_by_visit(chances, &place.key(arm), outline);
        }
        let nobody = vec![0.0; outline.n_after_baseline().unwrap_or(0)];
        let of_arm = |arm: &String| by_arm.get(arm).or(written.missed.as_ref()).unwrap_or(&nobody).clone();
        let missed: Vec<Vec<f64>> = outline.arms.iter().map(of_arm).collect();
        if missed.iter().flatten().all(|&chance| chance == 0.0) { Vec::new() } else { missed }
    }

    fn chances_by_visit(&mut self, chances: &[f64], path: &KeyPath, outline: &Outline) {
        self.one_per_visit(chances.len(), path, outline);
        for (index, &chance) in chances.iter().enumerate() {
            self.share(chance, Within::ZeroToOne, &path.index(index));
        }
    }

    fn reasons(&mut self, written: &WrittenDropout, path: &KeyPath) -> Vec<Reason> {
        let Some(reasons) = &written.reasons else { return Vec::new() };
        self.usable_words(path, "reason");
        self.at_most(MAX_NAMED, path, "reasons");
        self.shares_of_a_whole(reasons, Within::ZeroToOne, path);
        reasons.iter().map(|(label, &share)| Reason { label: label.clone(), share }).collect()
    }
}

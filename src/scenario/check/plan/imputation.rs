//! The table `imputation` of a plan: names made into positions, and whether what is written goes together.

use super::super::super::tree::KeyPath;
use super::super::super::{
    Cause, Delta, DeltaAmount, Estimator, Imputation, ImputationRule, ImputedScores, Imputing, MissingStrategy, Plan,
    WrittenDelta, WrittenDeltaUnit, WrittenDeparture, WrittenImputation, WrittenImputedScores, WrittenImputing,
    WrittenMissingStrategy, WrittenPlan, WrittenVariance, codes,
};
use super::super::{Check, show};
use super::PlanNames;
use crate::trial::OutcomeKind;

/// Imputations where a plan does not say how many.
const USUAL_NUMBER: u32 = 100;

/// Samples of participants where a plan does not say how many.
const USUAL_SAMPLES: u32 = 1000;

/// The most imputations or samples.
const MOST: u32 = 100_000;

/// The covariate in which data files say why participants were lost.
const REASON: &str = "reason";

impl Check<'_> {
    /// The imputation of a plan whose method is known.
    pub(super) fn imputation(&mut self, written: &WrittenPlan, path: &KeyPath, names: &PlanNames<'_>, plan: &mut Plan) {
        let Some(own) = &written.imputation else { return };
        if own.method == Some(WrittenImputing::None) {
            return;
        }
        let path = path.key("imputation");
        self.imputation_suits(own, &path, names, plan);
        let reference = own.reference.as_ref().and_then(|name| self.arm_of(name, &path.key("reference"), names));
        let reference = reference.unwrap_or(names.reference);
        let mut rules = Vec::new();
        for (index, departure) in own.after.iter().flatten().enumerate() {
            rules.extend(self.departure(departure, &path.key("after").index(index), names, reference));
        }
        let by_arm = path.key("by_arm");
        self.keys_among(&by_arm, names.arms, "an arm of this name");
        for (name, &written) in own.by_arm.iter().flatten() {
            let Some(arm) = names.arms.iter().position(|known| known == name) else { continue };
            rules.push(ImputationRule { arms: vec![arm], cause: Cause::Lost, strategy: strategy(written), reference });
        }
        let all = strategy(own.strategy.unwrap_or_default());
        if all != MissingStrategy::Mar {
            rules.push(ImputationRule { arms: Vec::new(), cause: Cause::Lost, strategy: all, reference });
        }
        self.last_means_have_a_baseline(&rules, &path, names, plan);
        let mut deltas = Vec::new();
        for (index, delta) in own.delta.iter().flatten().enumerate() {
            deltas.extend(self.delta(delta, &path.key("delta").index(index), names, plan));
        }
        plan.imputation = Some(Imputation {
            how: self.imputing(own, &path),
            seed: own.seed.unwrap_or(names.seed),
            by_arm: own.covariance_by_arm.unwrap_or(false),
            rules,
            deltas,
            scores: scores(own.scores.unwrap_or_default()),
            given: self.given(own, &path, names, plan),
        });
    }

    /// Whether what is imputed as a score is no answer or count for the model.
    fn scores_suit_the_model(&mut self, path: &KeyPath, names: &PlanNames<'_>, plan: &Plan) {
        let kind = match plan.estimator {
            Estimator::Binary(_) => "binary",
            Estimator::NegativeBinomial => "count",
            _ => return,
        };
        for (position, &outcome) in plan.outcomes.iter().enumerate() {
            let about = &names.about[outcome];
            // Who is a responder is decided after scores are imputed; what is known to be another kind is refused by the model itself.
            let is_taken_for_one = about.kind.is_none() && about.imputed_as == OutcomeKind::Score;
            if is_taken_for_one && plan.responders.get(position).is_none() {
                let name = &names.outcomes[outcome];
                let message = format!("`{name}` would be imputed as a score, which this model does not take");
                self.report_key(codes::IMPUTATION, path, message, |problem| {
                    problem.help(format!("say in columns.toml what it is: [outcomes.{name}] with kind = \"{kind}\""))
                });
            }
        }
    }

    fn imputing(&mut self, own: &WrittenImputation, path: &KeyPath) -> Imputing {
        let method = own.method.unwrap_or_default();
        let deterministic = method == WrittenImputing::ConditionalMean;
        if own.variance.is_some() && !deterministic {
            let message = "`variance` is for `method = \"conditional_mean\"`: random imputations have Rubin's rules";
            self.report_key(codes::IMPUTATION, &path.key("variance"), message, |problem| problem);
        }
        let variance = own.variance.unwrap_or_default();
        if deterministic && variance == WrittenVariance::Jackknife && own.number.is_some() {
            let message = "the jackknife leaves out every participant once: there is no `number` to choose";
            self.report_key(codes::IMPUTATION, &path.key("number"), message, |problem| problem);
        }
        if let Some(number) = own.number.filter(|number| !(2..=MOST).contains(number)) {
            let message = format!("`number` must be from 2 to {MOST}, but is {number}");
            self.report(codes::IMPUTATION, &path.key("number"), message, |problem| problem);
        }
        let number = own.number.unwrap_or(USUAL_NUMBER);
        match (method, variance) {
            (WrittenImputing::Bootstrap, _) => Imputing::Bootstrap(number),
            (WrittenImputing::ConditionalMean, WrittenVariance::Jackknife) => Imputing::Jackknife,
            (WrittenImputing::ConditionalMean, WrittenVariance::Bootstrap) => {
                Imputing::Resampled(own.number.unwrap_or(USUAL_SAMPLES))
            }
            (WrittenImputing::Posterior | WrittenImputing::None, _) => Imputing::Posterior(number),
        }
    }

    /// Whether imputation goes with the method, the outcomes and the rest of the plan.
    fn imputation_suits(&mut self, own: &WrittenImputation, path: &KeyPath, names: &PlanNames<'_>, plan: &Plan) {
        if plan.estimator == Estimator::Wilcoxon {
            let message = "ranks cannot be pooled over imputations: `wilcoxon` has no standard errors";
            self.report_key(codes::IMPUTATION, path, message, |problem| {
                problem.help("choose another model, or take the imputation out")
            });
        }
        if plan.responders.iter().any(|responder| responder.missing_is_no) {
            let message = "with imputation nobody's score is missing: `missing = \"no_response\"` says nothing";
            self.report_key(codes::IMPUTATION, path, message, |problem| {
                problem.help("take `missing` out of `responders`, or take the imputation out")
            });
        }
        for &outcome in &plan.outcomes {
            if matches!(names.about[outcome].kind, Some(OutcomeKind::Ordinal { .. })) {
                let name = &names.outcomes[outcome];
                let message = format!("`{name}` cannot be imputed: it is a rating");
                self.report_key(codes::IMPUTATION, path, message, |problem| {
                    problem.help("scores, yes or no, and counts are imputed; leave the rating to a sensitivity analysis with `imputation = { method = \"none\" }`")
                });
            }
        }
        self.kinds_suit(own, path, names, plan);
        self.scores_suit_the_model(path, names, plan);
        let is_drawn = matches!(own.scores, Some(WrittenImputedScores::Matched | WrittenImputedScores::Censored));
        if own.method == Some(WrittenImputing::ConditionalMean) && is_drawn {
            let message = "conditional means are not drawn, so that they can be neither matched nor censored";
            self.report(codes::IMPUTATION, &path.key("scores"), message, |problem| {
                problem.help("scores = \"as_drawn\" or \"rounded\" go with conditional_mean")
            });
        }
    }

    /// Whether outcomes that are no scores go with the rest of an imputation.
    fn kinds_suit(&mut self, own: &WrittenImputation, path: &KeyPath, names: &PlanNames<'_>, plan: &Plan) {
        let kind = |outcome: usize| names.about[outcome].kind.as_ref();
        let drawn = plan.outcomes.iter().copied();
        let mut drawn = drawn.filter(|&own| matches!(kind(own), Some(OutcomeKind::Binary | OutcomeKind::Count)));
        let Some(outcome) = drawn.next() else { return };
        let name = &names.outcomes[outcome];
        if own.method == Some(WrittenImputing::ConditionalMean) {
            let message = if kind(outcome) == Some(&OutcomeKind::Binary) {
                format!(
                    "`{name}` has no conditional mean to impute: it is yes or no, and its mean a probability, which nobody has"
                )
            } else {
                format!("`{name}` has no conditional mean to impute: it is a count, and its mean no whole number")
            };
            self.report(codes::IMPUTATION, &path.key("method"), message, |problem| {
                problem.help("method = \"posterior\" or \"bootstrap\" draws values")
            });
        }
        let has_score = plan.outcomes.iter().any(|&own| kind(own).is_none_or(|kind| *kind == OutcomeKind::Score));
        if !has_score && own.scores.is_some_and(|own| own != WrittenImputedScores::AsDrawn) {
            let message = "there is no score among the outcomes: yes or no is drawn as such, and counts as whole numbers within their range";
            self.report_key(codes::IMPUTATION, &path.key("scores"), message, |problem| problem.help("take it out"));
        }
    }

    /// The scores that yes or no, and counts, are imputed given.
    fn given(&mut self, own: &WrittenImputation, path: &KeyPath, names: &PlanNames<'_>, plan: &Plan) -> Vec<usize> {
        let path = path.key("given");
        let mut given = Vec::new();
        for (index, name) in own.given.iter().flatten().enumerate() {
            let here = path.index(index);
            let place = self.tree.place_within(&here, 0..name.len());
            let Some(outcome) = self.position(name, names.outcomes, "an outcome of this name", place) else { continue };
            if names.about[outcome].imputed_as != OutcomeKind::Score {
                let message = format!("`{name}` is no score, which `given` takes");
                self.report(codes::IMPUTATION, &here, message, |problem| problem);
            } else if given.contains(&outcome) {
                self.report(codes::LISTED_TWICE, &here, format!("`{name}` is given twice"), |problem| problem);
            } else {
                given.push(outcome);
            }
        }
        let is_drawn = |&own: &usize| matches!(names.about[own].imputed_as, OutcomeKind::Binary | OutcomeKind::Count);
        if !given.is_empty() && !plan.outcomes.iter().any(is_drawn) {
            let message =
                "`given` is for outcomes of yes or no, and counts: scores are imputed given their own course alone";
            self.report_key(codes::IMPUTATION, &path, message, |problem| problem.help("take it out"));
        }
        given
    }

    fn last_means_have_a_baseline(
        &mut self,
        rules: &[ImputationRule],
        path: &KeyPath,
        names: &PlanNames<'_>,
        plan: &Plan,
    ) {
        let asks = rules.iter().any(|rule| rule.strategy == MissingStrategy::LastMean);
        for &outcome in plan.outcomes.iter().filter(|&&outcome| asks && !names.about[outcome].at_baseline) {
            let name = &names.outcomes[outcome];
            let message = format!("`{name}` has no baseline whose mean could be carried forward");
            self.report_key(codes::IMPUTATION, path, message, |problem| problem.help("choose another strategy"));
        }
    }

    fn arm_of(&mut self, name: &str, path: &KeyPath, names: &PlanNames<'_>) -> Option<usize> {
        let place = self.tree.place_within(path, 0..name.len());
        self.position(name, names.arms, "an arm of this name", place)
    }

    fn arms_of(&mut self, list: Option<&Vec<String>>, path: &KeyPath, names: &PlanNames<'_>) -> Vec<usize> {
        let list = list.into_iter().flatten().enumerate();
        list.filter_map(|(index, name)| self.arm_of(name, &path.index(index), names)).collect()
    }

    fn departure(
        &mut self,
        own: &WrittenDeparture,
        path: &KeyPath,
        names: &PlanNames<'_>,
        reference: usize,
    ) -> Option<ImputationRule> {
        let cause = self.cause((own.reason.as_ref(), own.event.as_ref(), own.stopped), path, names);
        if cause == Some(None) {
            let message = "a departure is a `reason`, an `event`, or `stopped = true`";
            self.report_key(codes::IMPUTATION, path, message, |problem| {
                problem.help("for everybody who is lost write `strategy` in `imputation` itself")
            });
        }
        let own_reference = own.reference.as_ref().and_then(|name| self.arm_of(name, &path.key("reference"), names));
        Some(ImputationRule {
            arms: self.arms_of(own.arms.as_ref(), &path.key("arms"), names),
            cause: cause??,
            strategy: strategy(own.strategy.unwrap_or_default()),
            reference: own_reference.unwrap_or(reference),
        })
    }

    /// A cause that is written: `Some(None)` for none, `None` where it is no good.
    fn cause(
        &mut self,
        (reason, event, stopped): (Option<&String>, Option<&String>, Option<bool>),
        path: &KeyPath,
        names: &PlanNames<'_>,
    ) -> Option<Option<Cause>> {
        let stopped = stopped == Some(true);
        let written = usize::from(reason.is_some()) + usize::from(event.is_some()) + usize::from(stopped);
        if written > 1 {
            let message = "only one of `reason`, `event` and `stopped` says what it is about";
            self.report_key(codes::IMPUTATION, path, message, |problem| problem);
            return None;
        }
        if let Some(name) = reason {
            let column = names.covariates.iter().position(|covariate| covariate == REASON);
            let levels = column.and_then(|column| names.levels[column].clone());
            let known = if names.reasons.is_empty() { levels.unwrap_or_default() } else { names.reasons.clone() };
            self.is_known(name, &known, ("reason", "name a covariate `reason` in columns.toml, a factor"), path)?;
            return Some(Some(Cause::Reason(name.clone())));
        }
        if let Some(name) = event {
            self.is_known(name, &names.events, ("event", "data files know of no events: use `reason`"), path)?;
            return Some(Some(Cause::Event(name.clone())));
        }
        if stopped && !names.knows_sessions {
            self.report(codes::IMPUTATION, &path.key("stopped"), "nothing is known of sessions", |problem| {
                problem.help("data files know of no sessions: use `reason`")
            });
            return None;
        }
        Some(stopped.then_some(Cause::Stopped))
    }

    fn is_known(&mut self, name: &str, known: &[String], (key, help): (&str, &str), path: &KeyPath) -> Option<()> {
        let here = path.key(key);
        if known.is_empty() {
            let message = format!("there is no {key} `{name}`: none are known");
            self.report(codes::UNKNOWN_NAME, &here, message, |problem| problem.help(help));
            return None;
        }
        let place = self.tree.place_within(&here, 0..name.len());
        self.position(name, known, &format!("a {key} of this name"), place).map(|_| ())
    }

    fn delta(&mut self, own: &WrittenDelta, path: &KeyPath, names: &PlanNames<'_>, plan: &Plan) -> Option<Delta> {
        let amount = match (own.points, own.share) {
            (Some(points), None) if points.is_finite() => Some(match own.unit.unwrap_or_default() {
                WrittenDeltaUnit::Points => DeltaAmount::Points(points),
                WrittenDeltaUnit::LogOdds => DeltaAmount::LogOdds(points),
                WrittenDeltaUnit::LogRate => DeltaAmount::LogRate(points),
            }),
            (None, Some(_)) if own.unit.is_some() => {
                let message = "a share has no unit: `unit` says what `points` counts";
                self.report_key(codes::IMPUTATION, &path.key("unit"), message, |problem| problem.help("take it out"));
                None
            }
            (None, Some(share)) if share.is_finite() => Some(DeltaAmount::ShareOfChange(share)),
            (Some(_), Some(_)) | (None, None) => {
                let message = "a delta has either `points` or `share`";
                self.report_key(codes::IMPUTATION, path, message, |problem| problem);
                None
            }
            _ => {
                self.report_key(codes::IMPUTATION, path, "a delta is a finite number", |problem| problem);
                None
            }
        };
        let cause = self.cause((own.reason.as_ref(), own.event.as_ref(), own.stopped), path, names);
        let mut outcomes = Vec::new();
        for (index, name) in own.outcomes.iter().flatten().enumerate() {
            let here = path.key("outcomes").index(index);
            let place = self.tree.place_within(&here, 0..name.len());
            let Some(outcome) = self.position(name, names.outcomes, "an outcome of this name", place) else { continue };
            if !plan.outcomes.contains(&outcome) {
                let message = format!("`{name}` is not analysed, so that nothing is added to it");
                self.report(codes::IMPUTATION, &here, message, |problem| {
                    problem.help("take it out, or name it in `outcomes` of the plan")
                });
            }
            outcomes.push(outcome);
        }
        if own.points.is_some() {
            self.unit_suits(own.unit.unwrap_or_default(), &outcomes, path, names, plan);
        }
        let mut visits = Vec::new();
        for (index, &week) in own.weeks.iter().flatten().enumerate() {
            match names.weeks.iter().position(|&own| own == week).filter(|&visit| visit > 0) {
                Some(visit) => visits.push(visit),
                None if names.weeks.is_empty() => {}
                None => {
                    let weeks: Vec<String> = names.weeks.iter().skip(1).map(|&week| show(week)).collect();
                    let message = format!("there is no visit after baseline at week {}", show(week));
                    self.report(codes::IMPUTATION, &path.key("weeks").index(index), message, |problem| {
                        problem.help(format!("visits are at weeks {}", weeks.join(", ")))
                    });
                }
            }
        }
        let arms = self.arms_of(own.arms.as_ref(), &path.key("arms"), names);
        Some(Delta { arms, visits, outcomes, cause: cause?, amount: amount? })
    }
}

impl Check<'_> {
    /// Whether there is an outcome that a delta is counted in the unit of, and none listed that is not.
    fn unit_suits(
        &mut self,
        unit: WrittenDeltaUnit,
        listed: &[usize],
        path: &KeyPath,
        names: &PlanNames<'_>,
        plan: &Plan,
    ) {
        let own_unit = |outcome: usize| match names.about[outcome].imputed_as {
            OutcomeKind::Binary => (WrittenDeltaUnit::LogOdds, "log_odds", "yes or no"),
            OutcomeKind::Count => (WrittenDeltaUnit::LogRate, "log_rate", "a count"),
            OutcomeKind::Score | OutcomeKind::Ordinal { .. } => (WrittenDeltaUnit::Points, "points", "a score"),
        };
        let suits = |outcome: usize| own_unit(outcome).0 == unit;
        let all = if listed.is_empty() { plan.outcomes.as_slice() } else { listed };
        // Without a list it is for the outcomes of its unit.
        let wrong = if !listed.is_empty() {
            all.iter().find(|&&outcome| !suits(outcome))
        } else if all.iter().any(|&outcome| suits(outcome)) {
            None
        } else {
            all.first()
        };
        if let Some((outcome, (_, word, kind))) = wrong.map(|&outcome| (outcome, own_unit(outcome))) {
            let name = &names.outcomes[outcome];
            let here = path.key(if self.tree.has(&path.key("unit")) { "unit" } else { "points" });
            let message = format!("`{name}` is {kind}: what is added to it counts as `{word}`");
            self.report(codes::IMPUTATION, &here, message, |problem| problem.help(format!("unit = \"{word}\"")));
        }
    }
}

fn strategy(written: WrittenMissingStrategy) -> MissingStrategy {
    match written {
        WrittenMissingStrategy::Mar => MissingStrategy::Mar,
        WrittenMissingStrategy::JumpToReference => MissingStrategy::JumpToReference,
        WrittenMissingStrategy::CopyReference => MissingStrategy::CopyReference,
        WrittenMissingStrategy::CopyIncrements => MissingStrategy::CopyIncrements,
        WrittenMissingStrategy::LastMean => MissingStrategy::LastMean,
    }
}

fn scores(written: WrittenImputedScores) -> ImputedScores {
    match written {
        WrittenImputedScores::AsDrawn => ImputedScores::AsDrawn,
        WrittenImputedScores::Rounded => ImputedScores::Rounded,
        WrittenImputedScores::Matched => ImputedScores::Matched,
        WrittenImputedScores::Censored => ImputedScores::Censored,
    }
}

//! Sentences that say what interim looks do to a trial, following from the numbers and nothing else.

use super::numbers::{amount, fixed};
use super::words::{in_sentence, join};
use crate::operating_characteristics::{ContrastLooks, InterimLooks, Proportion};
use crate::scenario::{Interim, Scenario};
use crate::trial::Contrast;

/// What looks do, a sentence each: to power, to participants and arms, to estimates, and to the error where no arm differs. Empty where
/// the scenario has no looks or nothing was simulated.
pub fn sentences(scenario: &Scenario, found: &InterimLooks) -> Vec<String> {
    let Some(interim) = scenario.interim.as_ref().filter(|_| found.as_written.n_replicates > 0) else {
        return Vec::new();
    };
    let speaker = Speaker { scenario, interim, found };
    let sentences = [speaker.power(), speaker.participants(), speaker.dropped(), speaker.estimates(), speaker.error()];
    sentences.into_iter().flatten().collect()
}

/// What the words are about.
struct Speaker<'a> {
    scenario: &'a Scenario,
    interim: &'a Interim,
    found: &'a InterimLooks,
}

impl Speaker<'_> {
    fn contrasts(&self) -> impl Iterator<Item = (Contrast, &ContrastLooks)> {
        self.scenario.plan.contrasts.iter().copied().zip(&self.found.as_written.contrasts)
    }

    fn power(&self) -> Option<String> {
        let layout = &*self.scenario.design.layout;
        let of = |(contrast, own): (Contrast, &ContrastLooks)| {
            let (with, once) = (percent(*own.rejected.last()?, 0)?, percent(own.rejected_once, 0)?);
            Some(format!("{} in {with} of trials (without looks {once})", self.name(contrast)))
        };
        let all: Vec<String> = self.contrasts().filter_map(of).collect();
        let (outcome, visit) = (&layout.outcomes[self.interim.outcome].label, &layout.visits[self.interim.visit]);
        (!all.is_empty()).then(|| format!("{outcome} at {}: significant is {}.", visit.label(), join(&all)))
    }

    fn participants(&self) -> Option<String> {
        let performance = &self.found.as_written;
        let mean = performance.participants.mean()?;
        let early = performance.over.iter().rev().nth(1).and_then(|&over| percent(over, 0))?;
        let planned = self.scenario.design.n_participants();
        Some(format!(
            "On average {} of {planned} participants are randomised; {early} of trials end early.",
            fixed(mean, 0)
        ))
    }

    fn dropped(&self) -> Option<String> {
        self.interim.drop_below?;
        let layout = &*self.scenario.design.layout;
        let arms = layout.arms.iter().zip(&self.found.as_written.arms).enumerate();
        let of = arms.filter(|(arm, _)| *arm != layout.reference_arm()).filter_map(|(_, (arm, own))| {
            Some(format!("{} in {} of trials", in_sentence(&arm.label), percent(*own.dropped.last()?, 0)?))
        });
        Some(format!("Dropped for want of promise: {}.", join(&of.collect::<Vec<_>>())))
    }

    /// How far off trials are that stop early, for the contrast that does so most often.
    fn estimates(&self) -> Option<String> {
        let (contrast, own) = self
            .contrasts()
            .filter(|(_, own)| own.stopped_early.count() > 1)
            .max_by_key(|(_, own)| own.stopped_early.count())?;
        let measure = self.scenario.plan.measure();
        let outcome = &self.scenario.design.layout.outcomes[self.interim.outcome];
        let show = |mean: f64| {
            let number = fixed(measure.reported(mean), 2);
            if self.scenario.plan.estimator.answers_in_ratios_or_shares() { number } else { amount(&number, outcome) }
        };
        Some(format!(
            "Where {} is significant early, the estimate is {} on average; one analysis of everybody finds {}.",
            self.name(contrast),
            show(own.stopped_early.mean()?),
            show(own.once.mean()?),
        ))
    }

    fn error(&self) -> Option<String> {
        let any = *self.found.without_differences.any_rejected.last()?;
        let (share, error) = (any.share()?, any.mcse()?);
        let alpha = self.scenario.plan.alpha;
        let allowed = format!("{}%", trimmed(100.0 * alpha));
        let against = if share > alpha + 2.0 * error {
            format!("more than the {allowed} that alpha allows")
        } else {
            format!("where alpha allows {allowed}")
        };
        let dropping = if self.interim.drop_below.is_some() { "; arms are dropped there too" } else { "" };
        Some(format!(
            "Were there no difference between arms, something would be significant in {}% of trials (Monte Carlo error {}), {against}{dropping}.",
            fixed(100.0 * share, 1),
            fixed(100.0 * error, 1),
        ))
    }

    /// `relaxation massage against usual care`.
    fn name(&self, contrast: Contrast) -> String {
        let label = |arm: usize| in_sentence(&self.scenario.design.layout.arms[arm].label);
        format!("{} against {}", label(contrast.arm), label(contrast.versus))
    }
}

fn percent(proportion: Proportion, decimals: usize) -> Option<String> {
    Some(format!("{}%", fixed(100.0 * proportion.share()?, decimals)))
}

fn trimmed(number: f64) -> String {
    fixed(number, 4).trim_end_matches('0').trim_end_matches('.').to_owned()
}

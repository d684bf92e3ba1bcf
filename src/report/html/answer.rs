//! The answer in one sentence: what the first outcome's contrast of most interest is, what is left of it, and how often trials find it.

use super::{Evaluated, Subject};
use crate::operating_characteristics::{Claimed, ContrastPerformance, Number, is_no_difference};
use crate::report::method_words;
use crate::report::numbers::{amount, fixed};
use crate::report::performance_words::{self, whole_percent};
use crate::report::words::{in_sentence, sentence};
use crate::scenario::Plan;
use crate::trial::{Contrast, Layout, Measure};

/// From this share of an early difference on, a late one is the same: it lasts.
const LASTS: f64 = 0.9;
/// Below this share of it, a late difference is as good as gone.
const GONE: f64 = 0.1;

/// The answer: of many simulated trials what is true and how often it is found, of one trial what it shows.
pub fn answer(subject: Subject<'_>) -> String {
    let of_many = subject.evaluated.and_then(of_many);
    of_many.or_else(|| of_one(subject)).unwrap_or_else(|| "Nothing could be estimated.".to_owned())
}

fn of_one(subject: Subject<'_>) -> Option<String> {
    let trial = subject.trial;
    let mut said = trial.plan.outcomes.iter();
    said.find_map(|&outcome| sentence(trial.plan, &trial.data.layout, trial.analysis, outcome))
}

/// A contrast with the reference arm at a visit, over many trials.
#[derive(Debug, Clone, Copy)]
pub(super) struct Seen<'a> {
    /// The contrast, the reference counted with minus.
    pub contrast: Contrast,
    /// Position of the visit.
    pub visit: usize,
    /// 1, or −1 where the plan has the contrast the other way round.
    pub sign: f64,
    pub own: &'a ContrastPerformance,
    pub claimed: &'a Claimed,
    /// Whether the multiplicity rule tests it.
    pub is_tested: bool,
}

impl Seen<'_> {
    /// The true value of the contrast; where none is known, the average estimate.
    pub fn value(&self) -> Option<f64> {
        let average = || Number::of(&self.own.estimate).map(|number| number.value);
        self.claimed.value.or_else(average).map(|value| self.sign * value)
    }

    /// Whether there is no difference in truth, as far as is known.
    pub fn is_null(&self) -> bool {
        let error = self.claimed.mcse.unwrap_or(0.0);
        self.claimed.value.is_some_and(|value| is_no_difference(value) || value.abs() <= 2.0 * error)
    }
}

/// The contrasts of an outcome with the reference arm, by visit.
pub(super) fn with_reference<'a>(own: Evaluated<'a>, outcome: usize) -> Vec<Seen<'a>> {
    let scenario = &own.stored.loaded().scenario;
    let (plan, layout) = (&scenario.plan, &*scenario.design.layout);
    let wanted = plan.contrasts_with(layout.reference_arm());
    let visits = own.evaluation.performance.visits.iter().zip(&own.evaluation.truth.fits);
    let of_outcome = visits.filter(|(visit, _)| visit.outcome == outcome);
    of_outcome
        .flat_map(|(visit, claimed)| {
            let position = |contrast: Contrast| {
                let same = |own: &Contrast| *own == contrast || *own == contrast.reversed();
                plan.contrasts.iter().position(same)
            };
            let places = wanted.iter().filter_map(move |&contrast| Some((contrast, position(contrast)?)));
            places.map(move |(contrast, place)| Seen {
                contrast,
                visit: visit.visit,
                sign: if plan.contrasts[place] == contrast { 1.0 } else { -1.0 },
                own: &visit.contrasts[place],
                claimed: &claimed[place],
                is_tested: plan.tests(outcome, visit.visit, place),
            })
        })
        .collect()
}

fn of_many(own: Evaluated<'_>) -> Option<String> {
    let scenario = own.scenario();
    let (plan, layout) = (&scenario.plan, &*scenario.design.layout);
    let outcome = *plan.outcomes.first()?;
    let seen = with_reference(own, outcome);
    if !seen.is_empty() && seen.iter().all(Seen::is_null) {
        return nothing(own, outcome);
    }
    let (first, last) = (seen.first()?.visit, seen.last()?.visit);
    let at = |visit: usize| seen.iter().filter(move |own| own.visit == visit);
    let size = |own: &Seen| own.value().unwrap_or(0.0).abs();
    let largest = |a: &&Seen, b: &&Seen| size(a).total_cmp(&size(b));
    let early = at(first).filter(|own| own.is_tested).max_by(largest).or_else(|| at(first).max_by(largest))?;
    let late = at(last).find(|own| own.contrast == early.contrast)?;
    let teller = Teller { plan, layout, outcome };
    let label = &layout.outcomes[outcome].label;
    let trials = own.performance().n_replicates;
    let share = |own: &Seen| whole_percent(own.own.rejected_adjusted);
    let visit = |visit: usize| layout.visits[visit].label();
    let found = match (early.is_tested, late.is_tested) {
        (true, _) if first == last => format!("of {trials} simulated trials {} find it", share(early)?),
        (true, true) => format!(
            "of {trials} simulated trials {} find it at {} and {} at {}",
            share(early)?,
            visit(first),
            share(late)?,
            visit(last)
        ),
        (true, false) => format!(
            "of {trials} simulated trials {} find it at {}, and the plan does not test it at {}",
            share(early)?,
            visit(first),
            visit(last)
        ),
        (false, true) => format!(
            "of {trials} simulated trials {} find it at {}, and the plan does not test it at {}",
            share(late)?,
            visit(last),
            visit(first)
        ),
        (false, false) => "the plan does not test it".to_owned(),
    };
    let difference = teller.difference(early)?;
    Some(match first == last {
        true => format!("{label}: {difference} at {}; {found}.", visit(first)),
        false => format!("{label}: {difference} at {}, {}; {found}.", visit(first), teller.course(early, late)?),
    })
}

/// Where arms do not differ: how often trials say that they do.
fn nothing(own: Evaluated<'_>, outcome: usize) -> Option<String> {
    let layout = &own.scenario().design.layout;
    let visits = own.performance().visits.iter().filter(|visit| visit.outcome == outcome);
    let wrong = visits
        .map(|visit| visit.any_null_rejected)
        .max_by(|a, b| a.share().unwrap_or(0.0).total_cmp(&b.share().unwrap_or(0.0)))?;
    Some(format!(
        "{}: there is no difference to find between arms; at any one visit at most {} of {} simulated trials claim one.",
        layout.outcomes[outcome].label,
        performance_words::share(wrong)?,
        own.performance().n_replicates
    ))
}

/// Words about the contrasts of an outcome.
pub(super) struct Teller<'a> {
    pub plan: &'a Plan,
    pub layout: &'a Layout,
    pub outcome: usize,
}

impl Teller<'_> {
    /// `relaxation massage is 2.9 points better than usual care`; of other measures `relaxation massage has a risk ratio of 1.35
    /// against usual care`.
    fn difference(&self, seen: &Seen) -> Option<String> {
        let [arm, versus] =
            [seen.contrast.arm, seen.contrast.versus].map(|arm| in_sentence(&self.layout.arms[arm].label));
        let value = seen.value()?;
        if !matches!(self.plan.measure(), Measure::Difference | Measure::Shift) || self.is_share() {
            let measure =
                if self.is_share() { "difference in probability" } else { method_words::measure(self.plan.measure()) };
            return Some(format!("{arm} has a {measure} of {} against {versus}", self.size(value)));
        }
        let direction = match self.layout.outcomes[self.outcome].better {
            Some(better) if better.favours(value) => "better",
            Some(_) => "worse",
            None if value < 0.0 => "lower",
            None => "higher",
        };
        Some(format!("{arm} is {} {direction} than {versus}", self.size(value.abs())))
    }

    /// What becomes of a difference: it lasts, grows, fades, is gone, turns round.
    fn course(&self, early: &Seen, late: &Seen) -> Option<String> {
        let (early, value) = (early.value()?, late.value()?);
        let at = self.layout.visits[late.visit].label();
        let size = match self.is_signed() {
            true => self.size(value),
            false => self.size(value.abs()),
        };
        let kept = value / early;
        Some(match kept {
            kept if !kept.is_finite() => format!("{size} at {at}"),
            kept if kept.abs() < GONE => format!("which is as good as gone by {at} ({size})"),
            // A sign says by itself which way, and a ratio on which side of 1 it is.
            kept if kept < 0.0 && self.is_signed() => format!("which has turned round by {at} ({size})"),
            kept if kept < 0.0 => format!("which has turned round by {at} ({size} the other way)"),
            // The share that is left of a logarithm is none of the ratio that is read.
            kept if kept < LASTS && self.plan.measure().is_ratio() => format!("which fades to {size} at {at}"),
            kept if kept < LASTS => {
                format!("which fades to {size}, {}% of it, at {at}", fixed(100.0 * kept, 0))
            }
            kept if kept <= 1.0 / LASTS => format!("which lasts: {size} at {at}"),
            _ => format!("which grows to {size} at {at}"),
        })
    }

    fn is_share(&self) -> bool {
        self.plan.is_share(self.layout, self.outcome)
    }

    /// Whether sizes are told as they are rather than with `better` or `worse`.
    fn is_signed(&self) -> bool {
        !matches!(self.plan.measure(), Measure::Difference | Measure::Shift) || self.is_share()
    }

    /// Whether a value is shown as no difference: 0, or a ratio of 1.
    pub fn rounds_to_nothing(&self, value: f64) -> bool {
        let measure = self.plan.measure();
        (measure.reported(value) - measure.reported(0.0)).abs() < 0.5 * 0.1f64.powi(self.decimals() as i32)
    }

    fn decimals(&self) -> usize {
        let step = self.layout.outcomes[self.outcome].step.unwrap_or(0.1);
        if self.is_signed() || step < 0.1 { 2 } else { 1 }
    }

    /// A value as it is read: points with their unit, a ratio, a share.
    pub fn size(&self, value: f64) -> String {
        let number = fixed(self.plan.measure().reported(value), self.decimals()).replace('-', "\u{2212}");
        if self.is_signed() { number } else { amount(&number, &self.layout.outcomes[self.outcome]) }
    }
}

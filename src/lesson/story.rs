//! What is true of a scenario, as far as the lesson tells it: numbers from the library, and which of several sentences they bear out.

use super::numbers::Numbers;
use super::step::StepKey;
use super::subject::{NoLesson, Subject};
use crate::analysis::analyse;
use crate::cohort::{ChangeSource, Expectations, build_up, generate};
use crate::operating_characteristics::sample_size::{Approximation, Question, sizes_per_arm};
use crate::scenario::{EffectModel, Scenario};
use crate::trial::{Estimate, Session};

/// Weeks after which the first bet asks what is left.
pub(super) const BET_WEEKS: f64 = 13.0;
/// Weeks after the last booster at which is looked again.
pub(super) const AFTER_WEEKS: f64 = 26.0;
/// Power that sizes are for.
pub(super) const TARGET: f64 = 0.8;
/// Participants per arm beyond which no size is looked for.
const MOST: u64 = 1_000_000;
/// A benefit that ends within this share of what it was is said to last.
const LASTS: f64 = 0.05;
/// Where at least this share of a fall comes from what the arm's sessions lose, the fall is said to be fading.
const FADING: f64 = 0.9;
/// A change of less than this share of the spread at baseline is said to be none.
const NO_CHANGE: f64 = 0.1;

/// What becomes of what one session brings.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EffectCase {
    /// The scenario writes down means and not what a session does.
    Unknown,
    /// Sessions do nothing to the outcome, or there are none.
    Nothing,
    /// Nothing of it fades.
    Lasts,
    /// A part of it fades and a part stays.
    FadesInPart,
    /// All of it fades.
    Fades,
}

/// The lesson's numbers. Benefits are differences from the reference arm, positive where the arm is better.
#[derive(Debug, Clone, PartialEq)]
pub struct Story {
    /// What becomes of what one session brings.
    pub effect: EffectCase,
    /// Expected benefit at each visit after baseline, with its week.
    pub at_visits: Vec<(f64, f64)>,
    /// Expected benefit on the day of the last session.
    pub at_last_session: f64,
    /// Of the fall of the benefit from then to the last visit, what the arm's own sessions lose; `None` where nobody can say.
    pub lost_by_sessions: Option<f64>,
    /// How many times a single session the planned ones add up to on the day of the last, if all are kept.
    pub times: Option<f64>,
    /// Expected benefit on that day as a share of the level that never stopping would approach.
    pub plateau_share: Option<f64>,
    /// Improvement of the reference arm from entry to the last visit; positive is better.
    pub reference_change: f64,
    /// What that is made of, as far as it shows; positive is better.
    pub reference_parts: Vec<(ChangeSource, f64)>,
    /// Estimates of the first simulated trial with their weeks.
    pub estimates: Vec<(f64, Estimate)>,
    /// With boosters, where the scenario says what they do.
    pub boosted: Option<Boosted>,
    /// Sizes by the closed form, where there is one.
    pub sizes: Option<Sizes>,
    /// How the outcome's numbers are written.
    pub(super) numbers: Numbers,
    reference_sd: f64,
    reference_has_sessions: bool,
    meaningful: Option<f64>,
    sessions: usize,
}

/// The same arm with boosters.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Boosted {
    /// Expected benefit at the last visit.
    pub at_end: f64,
    /// Expected benefit half a year after the last booster.
    pub afterwards: f64,
    /// Sessions of a person, boosters included.
    pub sessions: usize,
}

/// Participants per arm for which the closed form gives the power that is wanted.
#[derive(Debug, Clone, PartialEq)]
pub struct Sizes {
    /// Per visit after baseline its week and the size; `None` where no size up to a million does.
    pub at_visits: Vec<(f64, Option<u64>)>,
    /// At the last visit with boosters.
    pub with_boosters: Option<u64>,
    /// Participants in all arms at the size for the last visit.
    pub total: Option<u64>,
}

impl Story {
    /// Computes everything.
    ///
    /// # Errors
    /// All problems that the scenario has with boosters.
    pub fn of(subject: &Subject) -> Result<Self, NoLesson> {
        let scenario = subject.scenario();
        let layout = &*scenario.design.layout;
        let truth = &scenario.truth.outcomes[subject.outcome];
        let benefit = |week| subject.benefit(week).unwrap_or(0.0);
        let boosted = boosted_scenario(subject)?;
        let reference = build_up(scenario, subject.outcome, subject.reference(), subject.end());
        let numbers = Numbers::of(subject.about(), truth.sd[0]);
        let change = reference.as_ref().map_or(0.0, |own| subject.sign() * (own.expected() - own.at_entry()));
        let sources =
            [ChangeSource::Regression, ChangeSource::NaturalCourse, ChangeSource::Sessions, ChangeSource::Other];
        let part = |source| Some((source, subject.sign() * reference.as_ref()?.change_from(source)));
        Ok(Self {
            effect: effect_case(subject),
            at_visits: layout.visits.iter().skip(1).map(|visit| (visit.week, benefit(visit.week))).collect(),
            at_last_session: benefit(subject.last_session()),
            lost_by_sessions: lost_by_sessions(subject),
            times: subject
                .effect()
                .map(|own| own.accumulated(subject.sessions(), subject.last_session()) / own.held(own.per_session)),
            plateau_share: plateau_share(subject),
            reference_change: change,
            reference_parts: sources
                .into_iter()
                .filter_map(part)
                .filter(|(_, points)| !numbers.is_nothing(*points))
                .collect(),
            estimates: estimates(subject),
            boosted: boosted.as_ref().map(|scenario| of_boosted(subject, scenario)),
            sizes: sizes(subject, boosted.as_ref()),
            numbers,
            reference_sd: truth.sd[0],
            reference_has_sessions: !layout.arms[subject.reference()].sessions.is_empty(),
            meaningful: subject.about().meaningful,
            sessions: subject.sessions().len(),
        })
    }

    /// Expected benefit at the last visit.
    pub fn at_end(&self) -> f64 {
        self.at_visits.last().map_or(0.0, |(_, benefit)| *benefit)
    }

    /// The first visit whose interval holds zero.
    pub fn touching(&self) -> Option<f64> {
        self.estimates.iter().find(|(_, own)| own.lower <= 0.0 && own.upper >= 0.0).map(|(week, _)| *week)
    }

    /// What is kept with boosters at the last visit of the benefit on the day of the last session; `None` where there was none.
    pub fn kept_share(&self) -> Option<f64> {
        let boosted = self.boosted?;
        (!self.numbers.is_nothing(self.at_last_session) && self.at_last_session > 0.0)
            .then(|| boosted.at_end / self.at_last_session)
    }

    /// Which of the texts under `reveal` is true.
    pub fn case(&self, step: StepKey) -> &'static str {
        match step {
            StepKey::OneSession => match self.effect {
                EffectCase::Unknown => "unknown",
                EffectCase::Nothing => "nothing",
                EffectCase::Lasts => "lasts",
                EffectCase::FadesInPart => "fades_in_part",
                EffectCase::Fades => "fades",
            },
            StepKey::TenSessions => self.case_of_ten(),
            StepKey::LastSession => self.case_of_last(),
            StepKey::EveryoneImproves => match self.change_of_reference() {
                1 if self.effect == EffectCase::Unknown => "better_as_stated",
                1 if self.reference_gains_by_sessions() => "better_with_sessions",
                1 => "better",
                0 => "same",
                _ => "worse",
            },
            StepKey::GapCloses => match (self.touching(), self.estimates.first()) {
                (_, None) => "no_estimate",
                (None, _) => "never",
                (Some(week), Some((first, _))) if week == *first => "touches_at_once",
                (Some(_), _) => "touches_later",
            },
            StepKey::Boosters => match self.effect {
                EffectCase::Unknown => "unknown",
                EffectCase::Nothing => "nothing",
                _ if self.kept_share().is_none() => "nothing",
                EffectCase::Lasts => "lasts",
                EffectCase::FadesInPart => "holds_in_part",
                EffectCase::Fades => "holds",
            },
            StepKey::HowBig => match &self.sizes {
                None => "no_formula",
                Some(sizes) if sizes.total.is_none() => "impossible",
                Some(_) => {
                    let is_small = self.meaningful.is_some_and(|meaningful| self.at_end() < meaningful);
                    match (is_small, self.boosted.is_some()) {
                        (true, true) => "too_small_to_matter",
                        (true, false) => "too_small_to_matter_without_boosters",
                        (false, true) => "reachable",
                        (false, false) => "reachable_without_boosters",
                    }
                }
            },
        }
    }

    fn case_of_ten(&self) -> &'static str {
        match self.effect {
            EffectCase::Unknown => "unknown",
            EffectCase::Nothing => "nothing",
            _ if self.sessions == 1 => "single",
            EffectCase::Lasts => "adds_up",
            EffectCase::FadesInPart | EffectCase::Fades if self.plateau_share.is_some() => "pile_up",
            EffectCase::FadesInPart | EffectCase::Fades => "pile_up_without_plateau",
        }
    }

    fn case_of_last(&self) -> &'static str {
        let (before, after) = (self.at_last_session, self.at_end());
        let margin = LASTS * before.abs();
        match (self.effect, self.meaningful) {
            (EffectCase::Nothing, _) => {
                let differs = self.at_visits.iter().any(|(_, benefit)| !self.numbers.is_nothing(*benefit));
                if differs { "elsewhere" } else { "nothing" }
            }
            (EffectCase::Unknown, _) => "unknown",
            _ if after > before + margin => "grows",
            (EffectCase::Lasts, _) if after >= before - margin => "lasts",
            (EffectCase::Lasts, _) => "shrinks_though_it_lasts",
            _ if after >= before - margin => "stays_though_it_fades",
            _ if !self.fall_is_fading() => "shrinks_not_by_fading_alone",
            (_, Some(least)) if after >= least => "fades_above",
            (_, Some(least)) if before >= least => "fades_below",
            _ => "fades",
        }
    }

    /// Whether the fall of the benefit after the last session comes, nearly all of it, from what the arm's sessions lose.
    fn fall_is_fading(&self) -> bool {
        let fall = self.at_last_session - self.at_end();
        self.lost_by_sessions.is_some_and(|lost| lost >= FADING * fall)
    }

    /// 1 where the reference arm improves, −1 where it gets worse, 0 where it hardly changes.
    fn change_of_reference(&self) -> i8 {
        let change = self.reference_change;
        if change.abs() < NO_CHANGE * self.reference_sd {
            0
        } else if change > 0.0 {
            1
        } else {
            -1
        }
    }

    fn reference_gains_by_sessions(&self) -> bool {
        self.reference_has_sessions && self.reference_parts.iter().any(|(source, _)| *source == ChangeSource::Sessions)
    }

    /// The label of the part of a change that sessions bring, or that the scenario states.
    pub(super) fn sessions_part(&self) -> &'static str {
        if self.effect == EffectCase::Unknown { "stated_part" } else { "sessions_part" }
    }

    /// Whether people in the reference arm have sessions.
    pub fn reference_has_sessions(&self) -> bool {
        self.reference_has_sessions
    }

    /// The name of the option that the model bears out; `None` where the scenario does not say. `share_left` is what is left of one
    /// session when the first bet asks.
    pub(super) fn right(&self, step: StepKey, share_left: Option<f64>) -> Option<&'static str> {
        let option = match step {
            StepKey::OneSession => match share_left? {
                share if share >= 0.87 => "all",
                share if share >= 0.71 => "three_quarters",
                share if share >= 0.58 => "two_thirds",
                share if share >= 0.42 => "half",
                share if share >= 0.29 => "third",
                share if share >= 0.175 => "quarter",
                share if share >= 0.03 => "tenth",
                _ => "none",
            },
            StepKey::TenSessions => match self.times? / self.sessions as f64 {
                share if share > 1.05 => "more",
                share if share >= 0.95 => "same",
                _ => "less",
            },
            StepKey::EveryoneImproves => ["worse", "same", "better"][(self.change_of_reference() + 1) as usize],
            StepKey::Boosters => match self.kept_share()? {
                share if share >= 0.9 => "all",
                share if share >= 0.5 => "most",
                share if share >= 0.1 => "some",
                _ => "none",
            },
            StepKey::HowBig => match self.sizes.as_ref()?.at_visits.last()?.1 {
                Some(n) if n < 130 => "tens",
                Some(n) if n < 1_300 => "hundreds",
                Some(n) if n <= 20_000 => "thousands",
                _ => "never",
            },
            StepKey::LastSession | StepKey::GapCloses => return None,
        };
        Some(option)
    }
}

/// What the benefit of the arm's own sessions loses from the day of the last to the last visit.
fn lost_by_sessions(subject: &Subject) -> Option<f64> {
    let brought = |week| {
        let built = build_up(subject.scenario(), subject.outcome, subject.arm, week)?;
        Some(subject.sign() * built.change_from(ChangeSource::Sessions))
    };
    Some(brought(subject.last_session())? - brought(subject.end())?)
}

fn effect_case(subject: &Subject) -> EffectCase {
    if let EffectModel::VisitMeans { .. } = subject.scenario().truth.outcomes[subject.outcome].effect {
        return EffectCase::Unknown;
    }
    match subject.effect() {
        None => EffectCase::Nothing,
        Some(own) if own.lasting_share >= 1.0 || own.half_life.0.is_infinite() => EffectCase::Lasts,
        Some(own) if own.lasting_share > 0.0 => EffectCase::FadesInPart,
        Some(_) => EffectCase::Fades,
    }
}

/// Expected benefit on the day of the last session against the plateau at the last visit, both against the reference arm.
fn plateau_share(subject: &Subject) -> Option<f64> {
    let expected = Expectations::of(subject.scenario());
    let plateau = expected.plateau(subject.outcome, subject.arm, subject.end())?;
    let level = subject.sign() * (plateau - expected.mean(subject.outcome, subject.reference(), subject.end())?);
    Some(subject.benefit(subject.last_session())? / level)
}

/// The scenario with the boosters that could follow; one session brings what it brings without them.
pub(super) fn boosted_scenario(subject: &Subject) -> Result<Option<Scenario>, NoLesson> {
    let (Some(plan), Some(_)) = (subject.boosters, subject.effect()) else { return Ok(None) };
    Ok(Some(subject.with(&[subject.booster_set(plan)])?.scenario))
}

fn of_boosted(subject: &Subject, scenario: &Scenario) -> Boosted {
    let sessions: &[Session] = &scenario.design.layout.arms[subject.arm].sessions;
    let last = sessions.last().map_or(0.0, |session| session.week);
    let benefit = |week| subject.benefit_under(scenario, week).unwrap_or(0.0);
    Boosted { at_end: benefit(subject.end()), afterwards: benefit(last + AFTER_WEEKS), sessions: sessions.len() }
}

/// What the first replicate says of the arm against the reference arm, visit by visit.
fn estimates(subject: &Subject) -> Vec<(f64, Estimate)> {
    let scenario = subject.scenario();
    let analysis = analyse(&scenario.plan, &generate(scenario, 0));
    let visits = scenario.design.layout.visits.iter().enumerate().skip(1);
    let at = |(visit, week): (usize, f64)| {
        let fit = analysis.fit(subject.outcome, visit)?;
        Some((week, fit.estimate_of(&scenario.plan, subject.contrast())?.ok()?))
    };
    visits.map(|(visit, own)| (visit, own.week)).filter_map(at).collect()
}

fn sizes(subject: &Subject, boosted: Option<&Scenario>) -> Option<Sizes> {
    let scenario = subject.scenario();
    let visits = &scenario.design.layout.visits;
    let smallest = |scenario: &Scenario, visit: usize| -> Option<Option<u64>> {
        let question = Question { outcome: subject.outcome, visit, contrast: subject.contrast(), adjusted: false };
        let formula = Approximation::of(scenario, question)?;
        Some(formula.smallest(TARGET, [2, MOST], |n| sizes_per_arm(&scenario.design, n)))
    };
    let last = visits.len() - 1;
    let at_visits = (1..=last).map(|visit| Some((visits[visit].week, smallest(scenario, visit)?)));
    let at_visits: Vec<(f64, Option<u64>)> = at_visits.collect::<Option<_>>()?;
    let total = |n| sizes_per_arm(&scenario.design, n).iter().map(|&own| own as u64).sum();
    Some(Sizes {
        with_boosters: boosted.and_then(|scenario| smallest(scenario, last).flatten()),
        total: at_visits.last().and_then(|(_, n)| *n).map(total),
        at_visits,
    })
}

//! Expected recorded scores under many plans of sessions at once.
//!
//! # Method
//! Given what the attended sessions of a participant add up to, S, the expected recorded score h(S) does not depend on the plan.
//! It is computed at 17 values of S as elsewhere ([`Expectations::mean`]), and a polynomial goes through them; for every plan its
//! average over S is a sum over the moments of S, which a recursion over the sessions gives exactly: with x = S as a share of the most that any
//! plan adds up to, and given a chance p to keep appointments,
//!
//! E(xʳ; still there) → stays · (q E(xʳ; there) + p E((x + c)ʳ; there)), E(xʳ; stopped) → E(xʳ; stopped) + stops · E(xʳ; there),
//!
//! c being what is left of the session, q = 1 − p. Plans that begin alike share the beginning of the recursion. Where h is not
//! smooth enough for the polynomial (its last coefficients tell), every plan is computed on its own.
//!
//! # Accuracy
//! What is left out is below 1e-8 of the unit of the score by the last coefficients.
//!
//! # Checked against
//! `tests/it/independent/planned.rs`: every plan on its own.

use super::attended::chances;
use super::{Expectations, Parts, Recorded, Severity};
use crate::numeric::polynomial::{DEGREE, Polynomial};
use crate::numeric::shift::Shift;
use crate::scenario::{Attendance, EffectModel, EffectUnit, SessionEffect};
use crate::trial::Session;

/// Fewer plans than this are computed one by one.
const MANY: usize = DEGREE + 4;

/// The last coefficients of a polynomial that is near enough, in the unit of the score.
const NEAR_ENOUGH: f64 = 1e-8;

impl Expectations<'_> {
    /// Expected recorded score of an outcome in an arm at a week (≥ 0), among those who entered, under each of some plans of the
    /// arm's sessions, each in the order of time; what one session does stays as it is. `None` in week 0 of an outcome that is not
    /// recorded at baseline.
    pub fn means_with<P: AsRef<[Session]>>(
        &self,
        outcome: usize,
        arm: usize,
        week: f64,
        plans: &[P],
    ) -> Option<Vec<f64>> {
        let one_by_one = || plans.iter().map(|plan| self.mean_with(outcome, arm, week, plan.as_ref())).collect();
        let effect = match &self.scenario.truth.outcomes[outcome].effect {
            EffectModel::Sessions { arms, .. } => arms[arm],
            EffectModel::VisitMeans { .. } => None,
        };
        let Some(effect) = effect.filter(|_| plans.len() >= MANY && week > 0.0) else { return one_by_one() };
        let left: Vec<Vec<f64>> = plans.iter().map(|plan| left_of(plan.as_ref(), effect, week)).collect();
        let most = left.iter().map(|left| left.iter().sum()).fold(0.0, f64::max);
        let at = At { recorded: self.recorded(outcome), parts: Parts::of(self.scenario, outcome, arm, week), effect };
        match at.polynomial(most * effect.per_session) {
            Some(polynomial) => Some(at.averages(&polynomial, &left, most)),
            None => one_by_one(),
        }
    }
}

/// Shares of one session's effect that are left of each session up to a week.
fn left_of(plan: &[Session], effect: SessionEffect, week: f64) -> Vec<f64> {
    let so_far = plan.iter().take_while(|session| session.week <= week);
    so_far.map(|session| effect.share_left(week - session.week)).collect()
}

/// An outcome in an arm at a week.
struct At<'a> {
    recorded: &'a Recorded,
    parts: Parts<'a>,
    effect: SessionEffect,
}

impl At<'_> {
    /// The expected recorded score by what the sessions add up to, as a share of the most that they can; `None` where a
    /// polynomial is not near enough, or nothing is left of any session.
    fn polynomial(&self, most: f64) -> Option<Polynomial> {
        let severity = self.without_sessions();
        let polynomial = Polynomial::of(|share| {
            let sessions = Shift::fixed(share * most);
            self.recorded.mean(&Severity { sessions, effect: Some(self.effect), ..severity.clone() })
        });
        (most != 0.0 && polynomial.left_out() <= NEAR_ENOUGH).then_some(polynomial)
    }

    fn without_sessions(&self) -> Severity {
        Severity::of(&Parts { planned: &[], ..self.parts })
    }

    /// The average of a polynomial under every plan, given by the shares left of its sessions.
    fn averages(&self, polynomial: &Polynomial, plans: &[Vec<f64>], most: f64) -> Vec<f64> {
        let kept = self.kept(most);
        // What has become of the sessions so far, after none, one, two, … of the plan before.
        let mut so_far = vec![kept.iter().map(|_| Attended::NONE).collect::<Vec<_>>()];
        let mut before: &[f64] = &[];
        let mut averages = Vec::with_capacity(plans.len());
        for left in plans {
            let same = before.iter().zip(left).take_while(|(a, b)| a == b).count();
            so_far.truncate(same + 1);
            for share in &left[same..] {
                let next = so_far[so_far.len() - 1].iter().zip(&kept).map(|(one, kept)| one.then(share / most, kept));
                so_far.push(next.collect());
            }
            before = left;
            let all = kept.iter().zip(&so_far[so_far.len() - 1]);
            averages.push(all.map(|(kept, one)| kept.weight * polynomial.mean(&one.moments())).sum());
        }
        averages
    }

    /// How sessions are kept: chances that stand for all.
    fn kept(&self, most: f64) -> Vec<Kept> {
        let attendance = self.parts.scenario.truth.attendance[self.parts.arm];
        let Some(attendance) = attendance else { return vec![Kept { weight: 1.0, keeps: 1.0, stops: 0.0 }] };
        let Attendance { stops, .. } = attendance;
        // Noise smooths points; what it does to shares of severity depends on the severity.
        let noise = match self.effect.unit {
            EffectUnit::Points => self.recorded.slope_and_noise(&self.without_sessions()).1,
            EffectUnit::ShareOfSeverity => 0.0,
        };
        let chances = chances(attendance, noise / (most * self.effect.per_session).abs());
        chances.into_iter().map(|chance| Kept { weight: chance.weight, keeps: chance.at, stops }).collect()
    }
}

/// How some participants keep their sessions.
struct Kept {
    /// Their share.
    weight: f64,
    /// Their chance to keep an appointment.
    keeps: f64,
    /// Their chance to stop for good before a session.
    stops: f64,
}

/// What the attended sessions so far add up to, among those still there and those who have stopped: E(xʳ; …) / r! from order 0.
struct Attended {
    there: [f64; DEGREE + 1],
    stopped: [f64; DEGREE + 1],
}

impl Attended {
    /// Before the first session.
    const NONE: Self = {
        let mut there = [0.0; DEGREE + 1];
        there[0] = 1.0;
        Self { there, stopped: [0.0; DEGREE + 1] }
    };

    /// After one more session, of which so much is left.
    fn then(&self, left: f64, kept: &Kept) -> Self {
        let mut term = 1.0;
        let if_kept: [f64; DEGREE + 1] = std::array::from_fn(|order| {
            term *= if order == 0 { 1.0 } else { left / order as f64 };
            kept.keeps * term + if order == 0 { 1.0 - kept.keeps } else { 0.0 }
        });
        let mut there = [0.0; DEGREE + 1];
        for (order, own) in self.there.iter().enumerate() {
            there[order..].iter_mut().zip(if_kept).for_each(|(sum, term)| *sum += (1.0 - kept.stops) * own * term);
        }
        let stopped = std::array::from_fn(|order| self.stopped[order] + kept.stops * self.there[order]);
        Self { there, stopped }
    }

    /// Moments from order 0, over everybody.
    fn moments(&self) -> [f64; DEGREE + 1] {
        let mut factorial = 1.0;
        std::array::from_fn(|order| {
            factorial *= if order == 0 { 1.0 } else { order as f64 };
            factorial * (self.there[order] + self.stopped[order])
        })
    }
}

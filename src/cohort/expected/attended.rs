//! What the sessions that are attended add up to: its distribution over participants.
//!
//! # Method
//! Given a participant's chance p to keep an appointment and the session before which they stop, sessions are independent
//! Bernoulli parts: the moments of their sum are exact ([`Shift`]), and so are those of the mixture over the stopping session.
//! The moments are polynomials in p, so that averaging them over the values of the Gauss rule for the distribution of p is exact too.

use crate::numeric::legendre::Node;
use crate::numeric::normal_ogive::NormalOgive;
use crate::numeric::shift::Shift;
use crate::scenario::Attendance;

/// Sum of the contributions of the sessions so far, in the order of time.
pub(super) fn sum_of_attended(contributions: &[f64], attendance: Attendance) -> Shift {
    let stays = 1.0 - attendance.stops;
    let given = |keeps: f64| {
        // Before session j nobody else has stopped: a share stays^j is still there.
        let mut so_far = Shift::fixed(0.0);
        let mut parts = Vec::with_capacity(contributions.len() + 1);
        let mut there = 1.0;
        for &contribution in contributions {
            parts.push((attendance.stops * there, so_far.clone()));
            there *= stays;
            so_far = so_far.plus(&Shift::if_it_happens(contribution, keeps));
        }
        parts.push((there, so_far));
        Shift::mixture(parts)
    };
    // Nothing is added to it: as many values as there are.
    Shift::mixture(chances(attendance, 0.0).into_iter().map(|chance| (chance.weight, given(chance.at))))
}

/// Values of a participant's chance to keep an appointment that stand for all, where normal noise of this standard deviation, in
/// units of what all sessions add up to, smooths what comes of it.
pub(super) fn chances(attendance: Attendance, noise: f64) -> Vec<Node> {
    let Attendance { keeps, sd, .. } = attendance;
    if keeps <= 0.0 || keeps >= 1.0 || sd <= 0.0 {
        return vec![Node { at: keeps, weight: 1.0 }];
    }
    Shift::of(&NormalOgive::of(keeps, sd).nodes()).rule(noise)
}

//! Attendance: who keeps which appointment, and who stops the sessions for good.
//!
//! # Model
//! A participant keeps every appointment with a chance p of their own, p = Φ(location + scale · z), z standard normal. With
//! h = Φ⁻¹(mean) and ρ = scale² / (1 + scale²), p has mean Φ(location / √(1 + scale²)) = Φ(h) and mean square P(X ≤ h, Y ≤ h) of
//! standard normal variables with correlation ρ, from which ρ follows. Before each of their sessions, the first included,
//! those still going stop for good with one chance; a single uniform u says when: before session j (from 0) if j is the
//! first with u ≥ (1 − chance)^(j + 1). A session is attended by who is still going and whose own uniform is below p.
//!
//! # Checked against
//! `tests/it/independent/attendance.rs`: mean and variance of the number attended in closed form, times of stopping.

use rand::RngExt;

use super::draws::{Purpose, Replicate};
use super::generate::fill_standard_normal;
use super::world::World;
use crate::numeric::bivariate_normal::correlation_with_excess;
use crate::numeric::distributions::{normal_cdf, normal_quantile};
use crate::scenario::{Attendance, Scenario};
use crate::trial::{Arm, Conduct, NEVER, Visit};

/// How the sessions of every arm are kept.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Sessions {
    arms: Vec<ArmSessions>,
    /// Most sessions that an arm has.
    n_sessions: usize,
    /// Sessions in which chance has a say: those of arms in which somebody may stay away.
    n_uncertain: usize,
    /// Whether somebody may stop.
    stopping: bool,
    /// Whether chances to keep an appointment differ between participants.
    reliability: bool,
}

/// How the sessions of one arm are kept.
#[derive(Debug, Clone, PartialEq)]
struct ArmSessions {
    keeps: Keeps,
    /// Chance still to be going at each session.
    going: Vec<f64>,
    /// First visit by which somebody who attends no session after so many has stopped.
    stopped: Vec<u8>,
}

/// The chance to keep an appointment.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Keeps {
    /// The same for everybody.
    Alike(f64),
    /// Φ(location + scale · z).
    Own { location: f64, scale: f64 },
}

impl Keeps {
    fn new(attendance: &Attendance) -> Self {
        let Attendance { keeps, sd, .. } = *attendance;
        if sd <= 0.0 || keeps <= 0.0 || keeps >= 1.0 {
            return Self::Alike(keeps);
        }
        let threshold = normal_quantile(keeps);
        // At a correlation of 1 everybody would keep all appointments or none, and the scale be infinite.
        let correlation = correlation_with_excess(threshold, sd * sd).min(1.0 - 1e-12);
        let rest = 1.0 - correlation;
        Self::Own { location: threshold / rest.sqrt(), scale: (correlation / rest).sqrt() }
    }

    fn chance(self, z: f64) -> f64 {
        match self {
            Self::Alike(keeps) => keeps,
            Self::Own { location, scale } => normal_cdf(location + scale * z),
        }
    }
}

/// Whether somebody who is to attend may stay away.
pub(super) fn is_uncertain(attendance: &Option<Attendance>) -> bool {
    attendance.is_some_and(|attendance| attendance.keeps < 1.0 || attendance.stops > 0.0)
}

impl ArmSessions {
    fn new(arm: &Arm, visits: &[Visit], attendance: &Option<Attendance>) -> Self {
        let n_sessions = arm.n_sessions();
        let Attendance { stops, .. } = attendance.unwrap_or(EVERYBODY);
        let by_visit = |week: f64| visits.iter().skip(1).position(|visit| visit.week >= week);
        let stopped = arm.sessions.iter().map(|session| by_visit(session.week).map_or(NEVER, |v| v as u8 + 1));
        Self {
            keeps: Keeps::new(&attendance.unwrap_or(EVERYBODY)),
            going: (1..=n_sessions).map(|session| (1.0 - stops).powi(session as i32)).collect(),
            stopped: stopped.chain([NEVER]).collect(),
        }
    }

    /// Number of sessions before somebody with this uniform stops.
    fn before_stopping(&self, u: f64) -> u8 {
        match self.going.last() {
            // Most go on to the end.
            Some(&end) if u >= end => self.going.partition_point(|&going| u < going) as u8,
            _ => self.going.len() as u8,
        }
    }
}

/// An arm of which nothing is said.
const EVERYBODY: Attendance = Attendance { keeps: 1.0, sd: 0.0, stops: 0.0 };

/// Who attends what in one replicate.
#[derive(Debug, Clone, PartialEq, Default)]
pub(super) struct Attended {
    /// Sessions attended as bits: session j of participant i is bit j mod 8 of `bits[j / 8 * n_participants + i]`.
    bits: Vec<u8>,
    /// The same bytes, each with the arm above it: what sums by arm and bits are looked up by.
    places: Vec<u16>,
    /// Number of sessions before stopping, per participant.
    going: Vec<u8>,
    /// Chance to keep an appointment, per participant; before that, what it is worked out from.
    chance: Vec<f64>,
}

impl Attended {
    /// The bits of eight sessions, per participant.
    pub fn byte(&self, byte: usize) -> &[u8] {
        row(&self.bits, byte, self.going.len())
    }

    /// 256 times the arm and the bits of eight sessions, per participant.
    pub fn place(&self, byte: usize) -> &[u16] {
        row(&self.places, byte, self.going.len())
    }

    /// Works out [`Self::place`].
    pub fn locate(&mut self, arm: &[u8]) {
        let n_participants = arm.len().max(1);
        for (places, bits) in self.places.chunks_exact_mut(n_participants).zip(self.bits.chunks_exact(n_participants)) {
            for ((place, &bits), &arm) in places.iter_mut().zip(bits).zip(arm) {
                *place = u16::from_be_bytes([arm, bits]);
            }
        }
    }
}

fn row<T>(columns: &[T], byte: usize, n_participants: usize) -> &[T] {
    &columns[byte * n_participants..(byte + 1) * n_participants]
}

impl Sessions {
    /// Prepares the arms of a valid scenario.
    pub fn new(scenario: &Scenario) -> Self {
        let layout = &scenario.design.layout;
        let attendance = &scenario.truth.attendance;
        let arms = layout.arms.iter().zip(attendance);
        let uncertain = arms.clone().filter(|(_, attendance)| is_uncertain(attendance));
        let arms: Vec<ArmSessions> =
            arms.clone().map(|(arm, attendance)| ArmSessions::new(arm, &layout.visits, attendance)).collect();
        Self {
            n_sessions: layout.arms.iter().map(Arm::n_sessions).max().unwrap_or(0),
            n_uncertain: uncertain.map(|(arm, _)| arm.n_sessions()).max().unwrap_or(0),
            stopping: attendance.iter().flatten().any(|attendance| attendance.stops > 0.0),
            reliability: arms.iter().any(|arm| matches!(arm.keeps, Keeps::Own { .. })),
            arms,
        }
    }

    /// Memory for [`Self::draw`].
    pub fn memory(&self, n_participants: usize) -> Attended {
        // Arms are looked up by the first byte even if nobody has any session.
        let n_bytes = self.n_sessions.div_ceil(8).max(1);
        Attended {
            bits: vec![0; n_bytes * n_participants],
            places: vec![0; n_bytes * n_participants],
            going: vec![0; n_participants],
            chance: vec![0.0; n_participants],
        }
    }

    /// Draws who attends what, and records when the sessions were stopped and how many were attended. In a world without
    /// events nobody stops; who does not keep an appointment stays away all the same.
    pub fn draw(&self, replicate: Replicate, world: World, arm: &[u8], attended: &mut Attended, conduct: &mut Conduct) {
        let Attended { bits, going, chance, .. } = attended;
        for (going, &arm) in going.iter_mut().zip(arm) {
            *going = self.arms[usize::from(arm)].going.len() as u8;
        }
        if self.stopping && world == World::AsItHappens {
            let mut stream = replicate.stream(Purpose::Stopping);
            for (going, &arm) in going.iter_mut().zip(arm) {
                *going = self.arms[usize::from(arm)].before_stopping(stream.random());
            }
        }
        for ((stopped, &going), &arm) in conduct.stopped.iter_mut().zip(going.iter()).zip(arm) {
            *stopped = self.arms[usize::from(arm)].stopped[usize::from(going)];
        }
        if self.reliability {
            fill_standard_normal(&mut replicate.stream(Purpose::Reliability), chance);
        }
        for (chance, &arm) in chance.iter_mut().zip(arm) {
            *chance = self.arms[usize::from(arm)].keeps.chance(*chance);
        }
        bits.fill(0);
        conduct.sessions_attended.fill(0);
        for session in 0..self.n_sessions {
            let bits = &mut bits[session / 8 * arm.len()..][..arm.len()];
            let people = bits.iter_mut().zip(&mut conduct.sessions_attended).zip(going.iter()).zip(chance.iter());
            let bit = session % 8;
            if session < self.n_uncertain {
                let mut stream = replicate.stream(Purpose::Session { session });
                for (((bits, count), &going), &chance) in people {
                    let u: f64 = stream.random();
                    attend(bits, count, bit, (u < chance) & (session < usize::from(going)));
                }
            } else {
                for (((bits, count), &going), _) in people {
                    attend(bits, count, bit, session < usize::from(going));
                }
            }
        }
    }
}

/// Notes whether one participant attends one session.
#[inline(always)]
fn attend(bits: &mut u8, count: &mut u16, bit: usize, attends: bool) {
    *bits |= u8::from(attends) << bit;
    *count += u16::from(attends);
}

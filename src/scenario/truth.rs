//! The truth of a valid scenario: the data-generating mechanism that an analysis never sees.

use crate::numeric::elementary::{exp_m1, exp2, ln_1p};
use crate::trial::{Direction, Session};

/// The data-generating mechanism.
#[derive(Debug, Clone, PartialEq)]
pub struct Truth {
    /// One entry per outcome of the layout.
    pub outcomes: Vec<OutcomeTruth>,
    /// Correlation between outcomes at one visit, row by row (outcomes × outcomes).
    pub between_outcomes: Vec<Vec<f64>>,
    /// Cumulative share no longer seen: `dropout[arm][visit - 1]` for the visits after baseline.
    pub dropout: Vec<Vec<f64>>,
    /// What else decides who is seen when.
    pub missingness: Missingness,
    /// How sessions are kept, per arm; `None` where everybody attends every session.
    pub attendance: Vec<Option<Attendance>>,
    /// Adverse events of sessions.
    pub adverse_events: AdverseEvents,
    /// Who gives the sessions.
    pub therapists: Option<Therapists>,
    /// Care beside the sessions.
    pub co_interventions: Vec<CoIntervention>,
    /// What happens to participants after randomisation and changes the outcome, beside dropout and stopping the sessions.
    pub events: Vec<IntercurrentEvent>,
}

/// Who is seen when, beyond the shares lost completely at random.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Missingness {
    /// What the chance to be lost depends on.
    pub depends_on: Option<DropoutDependence>,
    /// Chance of missing a single visit and coming back: `missed[arm][visit - 1]`; empty where nobody does.
    pub missed: Vec<Vec<f64>>,
    /// Reasons for being lost, with the share of each; shares add up to 1.
    pub reasons: Vec<Reason>,
}

/// A reason for being lost.
#[derive(Debug, Clone, PartialEq)]
pub struct Reason {
    /// What a reader sees.
    pub label: String,
    /// Share of those lost.
    pub share: f64,
}

/// Dropout that depends on a score: for those still seen before visit v, the chance to be lost at it is
/// logit⁻¹(logit(h) + slope · (x − centre)), h being the chance that the cumulative shares of the arm give.
#[derive(Debug, Clone, PartialEq)]
pub struct DropoutDependence {
    /// Position of the outcome.
    pub outcome: usize,
    /// Which of its values x is.
    pub value: DropoutValue,
    /// Log odds per point, per arm.
    pub slope: Vec<f64>,
    /// The value at which the stated shares hold.
    pub centre: f64,
}

/// The value that dropout depends on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DropoutValue {
    /// The last recorded score: missing at random.
    LastRecorded,
    /// The last recorded score less that at baseline: missing at random.
    ChangeRecorded,
    /// The score that would have been recorded at the visit itself: missing not at random.
    AtThisVisit,
}

/// How the sessions of an arm are kept.
///
/// A participant keeps every appointment with a chance p of their own, p = Φ(location + scale · z) with z standard normal, so
/// that p has the stated mean and standard deviation; and before each session stops for good with a chance that is the same for all.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Attendance {
    /// Mean of p.
    pub keeps: f64,
    /// Standard deviation of p between participants.
    pub sd: f64,
    /// Chance to stop for good before a session, for who has not yet.
    pub stops: f64,
}

/// Adverse events, at most one a session.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct AdverseEvents {
    /// Names of the severities, mildest first.
    pub severities: Vec<String>,
    /// Chance per attended session: `per_session[arm][severity]`; those of an arm add up to at most 1.
    pub per_session: Vec<Vec<f64>>,
}

/// The name under which simulated participants have their therapist among their covariates.
pub const THERAPIST: &str = "therapist";

/// Therapists, who treat in some arms only and in all of these.
#[derive(Debug, Clone, PartialEq)]
pub struct Therapists {
    /// Their number.
    pub number: usize,
    /// Whether each arm is treated by them.
    pub treats: Vec<bool>,
    /// Share of the variance of severity at a visit after baseline that lies between therapists, in the arms they treat.
    pub variance_share: f64,
    /// Share of the participants that each treats; shares add up to 1.
    pub caseload: Vec<f64>,
}

/// Care beside the sessions that some participants take up.
#[derive(Debug, Clone, PartialEq)]
pub struct CoIntervention {
    /// Short name, e.g. `exercise`.
    pub name: String,
    /// What a reader sees.
    pub label: String,
    /// Share of participants who take it up, per arm.
    pub uptake: Vec<f64>,
    /// Weeks from which and until which it changes the outcome: at visits from the first on and before the second, never at baseline.
    pub weeks: [f64; 2],
    /// Change of severity in those weeks, per outcome, in points of severity with its sign.
    pub change: Vec<f64>,
}

/// An event after randomisation that changes the outcome and its meaning.
#[derive(Debug, Clone, PartialEq)]
pub struct IntercurrentEvent {
    /// Short name, e.g. `rescue_medication`.
    pub name: String,
    /// What a reader sees.
    pub label: String,
    /// Cumulative share to whom it has happened: `share[arm][visit - 1]`.
    pub share: Vec<Vec<f64>>,
    /// Change of severity at every visit by which it has happened, per outcome, in points of severity with its sign.
    pub change: Vec<f64>,
}

/// How one outcome behaves.
#[derive(Debug, Clone, PartialEq)]
pub struct OutcomeTruth {
    /// Mean latent severity before the entry rule, in points.
    pub baseline_mean: f64,
    /// Standard deviation of latent severity at each visit (baseline first), in points.
    pub sd: Vec<f64>,
    /// Correlation of a participant's deviations over visits, row by row (visits × visits).
    pub correlation: Vec<Vec<f64>>,
    /// How means move after baseline.
    pub effect: EffectModel,
    /// Severities at which what is recorded goes up by one step, ascending; `None` where severity is on the scale of the score
    /// itself, so that the score is the nearest one. With cuts, severity is in standard deviations.
    pub cuts: Option<Vec<f64>>,
}

/// How the mean of an outcome moves after baseline.
#[derive(Debug, Clone, PartialEq)]
pub enum EffectModel {
    /// A natural course shared by all arms, plus what is left of each session.
    Sessions {
        /// The course without any session.
        natural_course: Option<NaturalCourse>,
        /// Effect of a session, per arm; `None` where the arm's sessions do nothing to this outcome or there are none.
        arms: Vec<Option<SessionEffect>>,
    },
    /// Mean change from baseline written down: `change[arm][visit - 1]`.
    VisitMeans {
        /// Points with their sign.
        change: Vec<Vec<f64>>,
    },
}

/// A time after which half is gone (or half has happened), in weeks; may be infinite.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct HalfLife(pub f64);

impl HalfLife {
    /// The share left after some weeks, 2^(−weeks / half-life).
    pub fn left_after(self, weeks: f64) -> f64 {
        exp2(-weeks / self.0)
    }
}

/// The course without any session: an improvement that approaches its final size exponentially.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct NaturalCourse {
    /// Improvement in the end, in points; positive is better.
    pub improves: f64,
    /// Weeks after which half of it has happened.
    pub half_life: HalfLife,
    /// Standard deviation of the final improvement between participants, in points.
    pub sd: f64,
}

impl NaturalCourse {
    /// Mean change of the score by a week, in points with its sign: s · improves · (1 − 2^(−week / half-life)),
    /// s being −1 where lower is better.
    pub fn change_at(&self, week: f64, better: Direction) -> f64 {
        better.sign() * self.improves * (1.0 - self.half_life.left_after(week))
    }
}

/// What one session does to one outcome.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct SessionEffect {
    /// Change on the day of the session, in points with its sign.
    pub per_session: f64,
    /// Half-life of the part that fades.
    pub half_life: HalfLife,
    /// Share of the change that stays for good, 0 to 1.
    pub lasting_share: f64,
    /// Standard deviation between participants of the effect, as a share of the effect.
    pub spread: f64,
    /// The most that the benefit of all sessions can add up to, in the unit of the effect, above 0; infinite where there is no ceiling.
    pub ceiling: f64,
    /// What the effect is a change of.
    pub unit: EffectUnit,
}

/// What the effect of sessions is a change of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum EffectUnit {
    /// Points of severity.
    #[default]
    Points,
    /// A share of current severity, counted from the best end of the range: −0.3 takes 30 % of it away.
    ShareOfSeverity,
}

impl Default for SessionEffect {
    /// Sessions that do nothing, for ever.
    fn default() -> Self {
        Self {
            per_session: 0.0,
            half_life: HalfLife(f64::INFINITY),
            lasting_share: 0.0,
            spread: 0.0,
            ceiling: f64::INFINITY,
            unit: EffectUnit::Points,
        }
    }
}

impl SessionEffect {
    /// Share of one session's change that is left some weeks after it: λ + (1 − λ) · 2^(−weeks / half-life); 0 before the session.
    pub fn share_left(&self, weeks_since: f64) -> f64 {
        if weeks_since < 0.0 {
            return 0.0;
        }
        self.lasting_share + (1.0 - self.lasting_share) * self.half_life.left_after(weeks_since)
    }

    /// What is left of all sessions at a week, in points with its sign: the sum over sessions of `per_session` times [`Self::share_left`], held under the ceiling.
    /// A session on the very day of the week counts in full, but for the day of randomisation (week 0), on which the baseline is
    /// recorded before any session.
    pub fn accumulated(&self, sessions: &[Session], week: f64) -> f64 {
        if week <= 0.0 {
            return 0.0;
        }
        let shares: f64 = sessions.iter().map(|session| self.share_left(week - session.week)).sum();
        self.held(self.per_session * shares)
    }

    /// What a sum of sessions comes to under the ceiling C: x where there is none, else sign(x) · C · (1 − e^(−|x|/C)), which
    /// grows like x at first and never passes C.
    pub fn held(&self, sum: f64) -> f64 {
        if self.ceiling.is_infinite() {
            return sum;
        }
        -sum.signum() * self.ceiling * exp_m1(-sum.abs() / self.ceiling)
    }

    /// The sum of sessions that comes to a value under the ceiling C, the inverse of [`Self::held`]: −sign(y) · C · ln(1 − |y|/C);
    /// `None` where no sum does, that is, unless |y| < C.
    pub fn sum_held_at(&self, value: f64) -> Option<f64> {
        if self.ceiling.is_infinite() {
            return Some(value);
        }
        (value.abs() < self.ceiling).then(|| -value.signum() * self.ceiling * ln_1p(-value.abs() / self.ceiling))
    }
}

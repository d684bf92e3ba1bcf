//! The truth of a valid scenario: the data-generating mechanism that an analysis never sees.

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
        (-weeks / self.0).exp2()
    }
}

/// The course without any session: an improvement that approaches its final size exponentially.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct NaturalCourse {
    /// Improvement in the end, in points; positive is better.
    pub improves: f64,
    /// Weeks after which half of it has happened.
    pub half_life: HalfLife,
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
}

impl SessionEffect {
    /// Share of one session's change that is left some weeks after it: λ + (1 − λ) · 2^(−weeks / half-life); 0 before the session.
    pub fn share_left(&self, weeks_since: f64) -> f64 {
        if weeks_since < 0.0 {
            return 0.0;
        }
        self.lasting_share + (1.0 - self.lasting_share) * self.half_life.left_after(weeks_since)
    }

    /// What is left of all sessions at a week, in points with its sign: the sum over sessions of `per_session` times [`Self::share_left`].
    /// A session on the very day of the week counts in full, but for the day of randomisation (week 0), on which the baseline is
    /// recorded before any session.
    pub fn accumulated(&self, sessions: &[Session], week: f64) -> f64 {
        if week <= 0.0 {
            return 0.0;
        }
        let shares: f64 = sessions.iter().map(|session| self.share_left(week - session.week)).sum();
        self.per_session * shares
    }
}

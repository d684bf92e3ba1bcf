//! Plans of sessions that a search goes through: how many, how often, and boosters every so many weeks until when.

use std::ops::RangeInclusive;

use crate::trial::Session;

/// Which plans are looked at.
#[derive(Debug, Clone, PartialEq)]
pub struct PlanSpace {
    /// Sessions of the first course.
    pub n_first: RangeInclusive<usize>,
    /// Weeks between them.
    pub every_weeks: Vec<f64>,
    /// Week of the first session. `None`: as many weeks after randomisation as lie between sessions.
    pub first_week: Option<f64>,
    /// Weeks between boosters, the first so many weeks after the first course. Plans without boosters are always looked at.
    pub boosters_every_weeks: Vec<f64>,
    /// Weeks up to which boosters are given. Empty: up to the week by which plans are judged.
    pub boosters_until: Vec<f64>,
}

/// Boosters after the first course.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Boosters {
    /// Their number, at least 1.
    pub n: usize,
    /// Weeks between them.
    pub every_weeks: f64,
}

/// A plan of sessions.
#[derive(Debug, Clone, PartialEq)]
pub struct SessionPlan {
    /// Sessions of the first course.
    pub n_first: usize,
    /// Weeks between them.
    pub every_weeks: f64,
    /// Boosters, if there are any.
    pub boosters: Option<Boosters>,
    /// All sessions in the order of time.
    pub sessions: Vec<Session>,
}

impl AsRef<[Session]> for SessionPlan {
    fn as_ref(&self) -> &[Session] {
        &self.sessions
    }
}

impl PlanSpace {
    /// The plans, none of them twice: by weeks between sessions, then number of sessions, then boosters.
    ///
    /// No plan has a session in the week `judged` by which it is judged, or later: such a session would be for another week.
    pub fn plans(&self, judged: f64) -> Vec<SessionPlan> {
        let mut plans: Vec<SessionPlan> = Vec::new();
        let until = if self.boosters_until.is_empty() { vec![judged] } else { self.boosters_until.clone() };
        for &every_weeks in &self.every_weeks {
            for n_first in self.n_first.clone() {
                let first = self.first_week.unwrap_or(every_weeks);
                let course = Session::course(n_first, first, every_weeks, false);
                if course.last().is_some_and(|last| last.week >= judged) {
                    break;
                }
                let alone = SessionPlan { n_first, every_weeks, boosters: None, sessions: course };
                let boosters =
                    || self.boosters_every_weeks.iter().flat_map(|&n| until.iter().map(move |&week| (n, week)));
                let boosted: Vec<SessionPlan> =
                    boosters().filter_map(|(every, until)| alone.boosted(every, until, judged)).collect();
                for plan in std::iter::once(alone).chain(boosted) {
                    if plans.iter().all(|other| other.sessions != plan.sessions) {
                        plans.push(plan);
                    }
                }
            }
        }
        plans
    }
}

impl SessionPlan {
    /// All sessions, boosters included.
    pub fn n_sessions(&self) -> usize {
        self.sessions.len()
    }

    /// Week of the last session.
    pub fn last_week(&self) -> Option<f64> {
        self.sessions.last().map(|session| session.week)
    }

    /// The same with boosters up to a week and before the one by which it is judged; `None` where there is room for none.
    fn boosted(&self, every_weeks: f64, until: f64, judged: f64) -> Option<Self> {
        let last = self.last_week()?;
        let most = ((until.min(judged) - last) / every_weeks).ceil().max(0.0) as usize;
        let all = Session::course(most + 1, last + every_weeks, every_weeks, true);
        let boosters: Vec<Session> =
            all.into_iter().take_while(|booster| booster.week <= until && booster.week < judged).collect();
        let own = Boosters { n: boosters.len(), every_weeks };
        let sessions = self.sessions.iter().copied().chain(boosters).collect();
        (own.n > 0).then_some(Self { boosters: Some(own), sessions, ..*self })
    }
}

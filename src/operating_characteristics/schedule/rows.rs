//! A search of session plans as flat rows in the field's words: what CSV and JSON show.

use serde::Serialize;

use super::{JudgedPlan, ScheduleSearch};
use crate::trial::Layout;

/// One plan of sessions and what is expected of it.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ScheduleRow {
    /// Short name of the arm.
    pub arm: String,
    /// Short name of the outcome.
    pub outcome: String,
    /// Week by which the plan is judged.
    pub at_week: f64,
    /// All sessions, boosters included.
    pub sessions: usize,
    /// Sessions of the first course.
    pub first_course: usize,
    /// Weeks between them.
    pub every_weeks: f64,
    /// Boosters.
    pub boosters: usize,
    /// Weeks between them.
    pub boosters_every_weeks: Option<f64>,
    /// Week of the last session.
    pub last_session_week: Option<f64>,
    /// Mean over the priors of the expected benefit against the reference arm; positive is better.
    pub benefit: f64,
    /// The benefit that is exceeded with probability 0.9.
    pub benefit_p10: f64,
    /// The benefit that is exceeded with probability 0.5.
    pub benefit_p50: f64,
    /// The benefit that is exceeded with probability 0.1.
    pub benefit_p90: f64,
    /// Probability that the benefit is as large as asked for.
    pub probability: f64,
    /// Its Monte Carlo error; none where nothing is drawn.
    pub probability_mcse: Option<f64>,
    /// Whether no plan of as many sessions or fewer does better.
    pub non_dominated: bool,
    /// Whether this is the plan of fewest sessions that is good enough.
    pub chosen: bool,
}

/// Every plan, in the order of the search.
pub fn schedule_rows(layout: &Layout, search: &ScheduleSearch) -> Vec<ScheduleRow> {
    let row = |(position, judged): (usize, &JudgedPlan)| ScheduleRow {
        arm: layout.arms[search.asked.arm].name.clone(),
        outcome: layout.outcomes[search.asked.outcome].name.clone(),
        at_week: search.asked.judged(),
        sessions: judged.plan.n_sessions(),
        first_course: judged.plan.n_first,
        every_weeks: judged.plan.every_weeks,
        boosters: judged.plan.boosters.map_or(0, |boosters| boosters.n),
        boosters_every_weeks: judged.plan.boosters.map(|boosters| boosters.every_weeks),
        last_session_week: judged.plan.last_week(),
        benefit: judged.benefit.mean,
        benefit_p10: judged.benefit.p10,
        benefit_p50: judged.benefit.p50,
        benefit_p90: judged.benefit.p90,
        probability: judged.probability,
        probability_mcse: search.mcse(judged),
        non_dominated: search.frontier.contains(&position),
        chosen: search.chosen == Some(position),
    };
    search.plans.iter().enumerate().map(row).collect()
}

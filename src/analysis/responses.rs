//! The response of an outcome at a visit, participant by participant: the value, its change from baseline, or whether somebody
//! counts as a responder.
//!
//! # Formula
//! An improvement is baseline − value where lower is better or nobody said which way is better, value − baseline where higher is.
//! A responder (1, else 0) improved by at least so many points, or by at least such a share of |baseline|; what falls short by
//! rounding alone (10⁻¹² of the scores) is enough. Without a value, or for shares with a baseline of 0, nothing can be said: the
//! participant does not take part, or with [`Responder::missing_is_no`] counts as 0. Without a baseline nobody takes part.
//!
//! # References
//! Dworkin RH, et al. Interpreting the clinical importance of treatment outcomes in chronic pain clinical trials: IMMPACT
//! recommendations. J Pain 2008;9:105-121. doi:10.1016/j.jpain.2007.09.005 (30 % as a moderate improvement).
//!
//! # Checked against
//! `tests/it/reference/binary.rs` (responders counted by R), `tests/it/independent/responders.rs` (the rule in whole numbers).

use crate::scenario::{ImprovedBy, Plan, Responder, Response};
use crate::trial::{Direction, OutcomeData, TrialData};

/// Shortfalls below this share of the scores are rounding.
const ROUNDING: f64 = 1e-12;

/// What a plan models of an outcome at a visit (a position in the layout), per participant: the value, its change, or 1 for a responder and 0
/// for others; `None` for those who take no part. Allocates.
pub fn responses(plan: &Plan, trial: &TrialData, outcome: usize, visit: usize) -> Vec<Option<f64>> {
    let response = plan.model.as_ref().map(|model| model.response).unwrap_or_default();
    let mut own = Responses::default();
    own.fill(plan, trial, outcome, visit, response, &vec![1.0; trial.n_participants()]);
    own.values.iter().zip(&own.mask).map(|(&value, &mask)| (mask != 0.0).then_some(value)).collect()
}

/// Whether somebody with two recorded scores counts as a responder where `better` is the better way; `None` where nothing can be
/// said, that is, for shares of a baseline of 0, unless that counts as no.
pub fn responds(responder: Responder, better: Direction, baseline: f64, value: f64) -> Option<bool> {
    let rule = Rule::of(responder, better);
    if rule.says(baseline) { Some(rule.improved(baseline, value)) } else { responder.missing_is_no.then_some(false) }
}

/// The score that makes a responder of somebody with this baseline, if it is reached in the direction that is better: infinitely
/// good where nothing can be said and that counts as no, `None` where it does not count ([`responds`]).
pub fn score_to_respond(responder: Responder, better: Direction, baseline: f64) -> Option<f64> {
    let rule = Rule::of(responder, better);
    if rule.says(baseline) {
        Some(baseline + rule.sign * (rule.points + rule.share * baseline.abs()))
    } else {
        responder.missing_is_no.then_some(rule.sign * f64::INFINITY)
    }
}

/// How large an improvement is wanted.
#[derive(Debug, Clone, Copy)]
struct Rule {
    sign: f64,
    points: f64,
    share: f64,
    by_share: bool,
}

impl Rule {
    fn of(responder: Responder, better: Direction) -> Self {
        let (points, share) = match responder.improved_by {
            ImprovedBy::Points(points) => (points, 0.0),
            ImprovedBy::Share(share) => (0.0, share),
        };
        let by_share = matches!(responder.improved_by, ImprovedBy::Share(_));
        Self { sign: better.sign(), points, share, by_share }
    }

    /// Whether anything can be said of somebody with this baseline.
    #[inline(always)]
    fn says(self, baseline: f64) -> bool {
        !(self.by_share && baseline == 0.0)
    }

    /// Whether the improvement is as large as wanted.
    #[inline(always)]
    fn improved(self, baseline: f64, value: f64) -> bool {
        let wanted = self.points + self.share * baseline.abs() - ROUNDING * baseline.abs().max(value.abs());
        self.sign * (value - baseline) >= wanted
    }
}

/// The responses of one outcome at one visit.
#[derive(Debug, Clone, Default)]
pub(super) struct Responses {
    /// Per participant the response, 0 for those who take no part.
    pub values: Vec<f64>,
    /// Per participant 1 for those who take part, else 0.
    pub mask: Vec<f64>,
}

impl Responses {
    /// Fills in what is modelled of an outcome at a visit (a position in the layout). `complete` is 1 for those of whom everything
    /// else is known that the model needs, else 0. Allocates nothing once it has seen a trial of the size.
    pub fn fill(
        &mut self,
        plan: &Plan,
        trial: &TrialData,
        outcome: usize,
        visit: usize,
        response: Response,
        complete: &[f64],
    ) {
        let n = trial.n_participants();
        let data = &trial.outcomes[outcome];
        let seen = |observed: u32| f64::from(observed >> visit & 1);
        let both = |observed: u32| f64::from(observed >> visit & observed & 1);
        let (baseline, values) = (&data.values[..n], &data.values[visit * n..(visit + 1) * n]);
        let who = data.observed.iter().zip(complete);
        self.mask.clear();
        self.values.clear();
        match (responder(plan, outcome), response) {
            (Some(responder), _) => self.responders(trial, outcome, visit, responder, complete),
            (None, Response::Value) => {
                self.mask.extend(who.map(|(&observed, complete)| seen(observed) * complete));
                self.values.extend(values.iter().zip(&self.mask).map(|(value, mask)| value * mask));
            }
            (None, Response::Change) => {
                self.mask.extend(who.map(|(&observed, complete)| both(observed) * complete));
                let change = values.iter().zip(baseline).zip(&self.mask);
                self.values.extend(change.map(|((value, baseline), mask)| (value - baseline) * mask));
            }
        }
    }

    fn responders(&mut self, trial: &TrialData, outcome: usize, visit: usize, responder: Responder, complete: &[f64]) {
        let n = trial.n_participants();
        let OutcomeData { values, observed } = &trial.outcomes[outcome];
        let (baselines, values) = (&values[..n], &values[visit * n..(visit + 1) * n]);
        let rule = Rule::of(responder, trial.layout.outcomes[outcome].better.unwrap_or(Direction::Lower));
        let unknown_is_no = f64::from(u8::from(responder.missing_is_no));
        // Two passes of sums and comparisons without a branch.
        let given = || baselines.iter().zip(values).zip(observed).zip(complete);
        let said =
            |baseline: f64, observed: u32| f64::from(observed >> visit & 1) * f64::from(u8::from(rule.says(baseline)));
        let at_baseline = |observed: u32, complete: f64| f64::from(observed & 1) * complete;
        self.mask.extend(given().map(|(((&baseline, _), &observed), &complete)| {
            at_baseline(observed, complete) * (1.0 - (1.0 - said(baseline, observed)) * (1.0 - unknown_is_no))
        }));
        self.values.extend(given().map(|(((&baseline, &value), &observed), &complete)| {
            let improved = f64::from(u8::from(rule.improved(baseline, value)));
            at_baseline(observed, complete) * said(baseline, observed) * improved
        }));
    }
}

/// Who counts as a responder of an outcome, if the plan analyses responders.
pub(super) fn responder(plan: &Plan, outcome: usize) -> Option<Responder> {
    let position = plan.outcomes.iter().position(|&own| own == outcome)?;
    plan.responders.get(position).copied()
}

//! Interim looks: how often a contrast has crossed its boundary by each look, how often arms are dropped, how many participants that
//! takes, and how far estimates are off where a trial stops early; as the scenario has it, and were there no difference between arms.
//!
//! # Method
//! At a look at a share f of n participants, the first ⌈f n⌉ in the order of enrolment, with everything seen of them up to the visit
//! that is looked at, are analysed by the plan's estimator. Each contrast has its two-sided p-value; it is rejected where this is below
//! the nominal level of the look, 2 − 2 Φ(c), c being the boundary of |Z|: a t statistic counts as the z of the same p-value. The first
//! crossing counts; a contrast that was rejected is not looked at again.
//!
//! An arm is dropped at a look before the last where its contrast with the reference arm is not rejected and its conditional power
//! to show at the last look that it is better than the reference, the current trend going on, is below the scenario's limit. The
//! contrasts of a dropped arm are not rejected any more. Boundaries take no notice of dropping (non-binding). An arm that does worse than
//! the reference is dropped long before it is shown to be worse: of a two-sided error dropping leaves hardly more than half.
//!
//! An arm is recruited as long as one of its contrasts is open, that is, neither rejected nor without a dropped arm; the trial ends with
//! the last open contrast. Whom an arm has recruited stays in the analysis of the others.
//!
//! # Simplifications
//! Information grows as the number of participants. Recruitment waits for a look: nobody enters between the last participant who is
//! looked at and the decision. When an arm closes, the others keep the participants that they were to have and nobody takes the
//! places that fall free; so looks come when the planned number of participants has come up in the order of enrolment.
//!
//! # References
//! As in [`crate::numeric::group_sequential`]. Lachin JM. A review of methods for futility stopping based on conditional power. Stat Med
//! 2005;24:2747-2764. doi:10.1002/sim.2151. Bassler D, Briel M, Montori VM, and others. Stopping randomized trials early for benefit and
//! estimation of treatment effects. JAMA 2010;303:1180-1187. doi:10.1001/jama.2010.310 (estimates of trials that stopped early).
//!
//! # Checked against
//! `tests/it/behaviour/interim_looks.rs`: rates of rejection with and without an effect against the recursion;
//! `tests/it/independent/interim_looks.rs`: replicates gone through one by one.

mod course;
mod looked;
mod performance;
mod rows;

use std::ops::ControlFlow;

use super::blocks::in_blocks;
use crate::numeric::distributions::normal_two_sided_p;
use crate::scenario::{Interim, Scenario};
use looked::Looked;

pub use performance::{ArmLooks, ContrastLooks, InterimPerformance};
pub use rows::{InterimQuantity, InterimRow, UnderTruth, interim_rows};

/// A look as it is planned, the same for every contrast.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Look {
    /// Participants whose visit has come, if no arm has been closed.
    pub participants: usize,
    /// Their share of all.
    pub information: f64,
    /// What |Z| must reach.
    pub boundary: f64,
    /// The two-sided p-value of the boundary.
    pub nominal_alpha: f64,
    /// What a contrast has spent of alpha by this look, on both sides.
    pub alpha_spent: f64,
}

/// The looks of a scenario and what became of them.
#[derive(Debug, Clone, PartialEq)]
pub struct InterimLooks {
    /// The looks, in their order.
    pub looks: Vec<Look>,
    /// As the scenario has it.
    pub as_written: InterimPerformance,
    /// Were there no difference between arms ([`Scenario::without_differences`]).
    pub without_differences: InterimPerformance,
}

/// The looks of a scenario as planned; none where it has no `[interim]`.
pub fn planned_looks(scenario: &Scenario) -> Vec<Look> {
    scenario.interim.as_ref().map(|interim| looks(scenario, interim)).unwrap_or_default()
}

fn looks(scenario: &Scenario, interim: &Interim) -> Vec<Look> {
    let n_participants = scenario.design.n_participants();
    let (plan, alpha) = (&scenario.plan, interim.alpha(&scenario.plan));
    let boundaries = interim.boundaries(plan, n_participants);
    let participants = interim.participants(n_participants);
    let look = |(participants, (information, boundary)): (usize, (f64, f64))| Look {
        participants,
        information,
        boundary,
        nominal_alpha: normal_two_sided_p(boundary),
        alpha_spent: interim.spending.spent(alpha, information),
    };
    participants.into_iter().zip(interim.information(n_participants).into_iter().zip(boundaries)).map(look).collect()
}

/// Goes through replicates 0 … n − 1 of a scenario look by look, as it is written and without differences between arms; `None` where it
/// has no `[interim]`. Uses the current rayon thread pool; the numbers do not depend on it.
pub fn interim_looks(scenario: &Scenario, n_replicates: u64) -> Option<InterimLooks> {
    let interim = scenario.interim.as_ref()?;
    let looks = looks(scenario, interim);
    let over = |scenario: &Scenario| {
        let looked = Looked::new(scenario, interim, &looks);
        let empty =
            || InterimPerformance::new(scenario.plan.contrasts.len(), scenario.design.per_arm.len(), looks.len());
        in_blocks(
            0..n_replicates,
            || looked.memory(),
            empty,
            |performance: &mut InterimPerformance, replicate, memory| {
                performance.observe(looked.go_through(replicate, memory));
            },
            InterimPerformance::merge,
            |_, _| ControlFlow::Continue(()),
        )
    };
    let as_written = over(scenario);
    let without_differences = over(&scenario.without_differences());
    Some(InterimLooks { looks, as_written, without_differences })
}

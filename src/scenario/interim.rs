//! Looks at a trial before it is complete: when, at what, by which boundaries, and when an arm is dropped.
//!
//! They are no part of the plan, which says how complete data are analysed and can stand in a file of its own beside data of which
//! nothing is still to come; nor of the design, which does not know the plan's outcomes and contrasts.

use super::Plan;
use crate::numeric::group_sequential::{Spending, spending_boundaries};

/// Valid looks, in positions of the layout.
#[derive(Debug, Clone, PartialEq)]
pub struct Interim {
    /// Shares of all participants, in the order of enrolment, whose visit has come; ascending, the last is 1.
    pub looks: Vec<f64>,
    /// Position of the outcome.
    pub outcome: usize,
    /// Position of the visit.
    pub visit: usize,
    /// How alpha is spent over the looks.
    pub spending: Spending,
    /// How alpha is shared among the contrasts.
    pub sharing: Sharing,
    /// Conditional power under the current trend below which an arm is dropped; `None` where none ever is.
    pub drop_below: Option<f64>,
}

/// How alpha is shared among contrasts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Sharing {
    /// Equal parts.
    #[default]
    Bonferroni,
    /// All of it to every contrast.
    None,
}

impl Sharing {
    /// The name used in scenarios and results.
    pub fn name(self) -> &'static str {
        match self {
            Self::Bonferroni => "bonferroni",
            Self::None => "none",
        }
    }
}

impl Interim {
    /// Participants, of so many, whose visit has come by each look: their share, rounded up.
    pub fn participants(&self, n_participants: usize) -> Vec<usize> {
        // Shares are written in decimals: a product that is whole but for rounding is whole.
        const SLACK: f64 = 1e-9;
        let by = |&look: &f64| (look * n_participants as f64 - SLACK).ceil().max(0.0) as usize;
        self.looks.iter().map(by).collect()
    }

    /// The two-sided level of each contrast over all looks.
    pub fn alpha(&self, plan: &Plan) -> f64 {
        match self.sharing {
            Sharing::Bonferroni => plan.alpha / plan.contrasts.len().max(1) as f64,
            Sharing::None => plan.alpha,
        }
    }

    /// The boundary of |Z| at each look for one contrast of a plan, among so many participants.
    pub fn boundaries(&self, plan: &Plan, n_participants: usize) -> Vec<f64> {
        spending_boundaries(&self.information(n_participants), self.alpha(plan), self.spending)
    }

    /// The share of all information that each look has, taken as the share of participants.
    pub fn information(&self, n_participants: usize) -> Vec<f64> {
        self.participants(n_participants).iter().map(|&n| n as f64 / n_participants as f64).collect()
    }
}

//! The power that a published protocol claims, computed again from its own assumptions.
//!
//! # Formula
//! As the protocol's figures were made, as far as they can be made again: a pair of arms by the normal approximation, all arms by the F
//! test ([`super::closed_form`]).
//!
//! # Checked against
//! `tests/it/reference/power.rs`: the figures as they are kept with the published facts.

use crate::scenario::{PowerClaim, PublishedTrial};

use super::closed_form::{Tails, TwoArms, one_way};

/// A claim with what its assumptions give.
#[derive(Debug, Clone, PartialEq)]
pub struct Recomputed {
    /// The claim.
    pub claim: PowerClaim,
    /// Power by the formula.
    pub power: f64,
    /// Whether that is what was claimed, to half a per cent, or above it where more than a figure was claimed; `None` where nobody claimed it.
    pub reproduces: Option<bool>,
}

/// How far from a figure without decimals its own number can be.
const HALF_A_PERCENT: f64 = 0.005;

/// All claims of a published trial's protocol, computed again.
pub fn recompute(trial: &PublishedTrial) -> Vec<Recomputed> {
    trial.power_claims().into_iter().map(Recomputed::of).collect()
}

impl Recomputed {
    fn of(claim: PowerClaim) -> Self {
        let power = match claim.means[..] {
            [low, high] => TwoArms::equal(claim.n_per_arm, high - low, claim.sd).normal(claim.alpha, Tails::Both),
            _ => {
                let arms: Vec<(f64, f64)> = claim.means.iter().map(|&mean| (claim.n_per_arm, mean)).collect();
                one_way(&arms, claim.sd, claim.alpha)
            }
        };
        let reproduces = claim.claimed.map(|claimed| {
            if claim.is_more_than { power > claimed } else { (power - claimed).abs() <= HALF_A_PERCENT }
        });
        Self { claim, power, reproduces }
    }
}

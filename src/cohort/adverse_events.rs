//! Adverse events of attended sessions, by severity.
//!
//! # Checked against
//! `tests/it/independent/attendance.rs`: rates per attended session.

use rand::RngExt;

use super::attendance::Attended;
use super::draws::{Purpose, Replicate};
use crate::scenario::Scenario;
use crate::trial::Arm;

/// Chances of adverse events, per arm.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Harms {
    /// Ends of the consecutive intervals of a uniform that stand for the severities; empty in an arm without adverse events.
    ends: Vec<Vec<f64>>,
    /// Most sessions of an arm that has adverse events.
    n_sessions: usize,
}

impl Harms {
    /// Prepares the arms of a valid scenario.
    pub fn new(scenario: &Scenario) -> Self {
        let arms = &scenario.design.layout.arms;
        let per_session = &scenario.truth.adverse_events.per_session;
        let ends: Vec<Vec<f64>> = per_session.iter().map(|chances| ends(chances)).collect();
        let harmful = arms.iter().zip(&ends).filter(|(_, ends)| !ends.is_empty());
        Self { n_sessions: harmful.map(|(arm, _)| Arm::n_sessions(arm)).max().unwrap_or(0), ends }
    }

    /// Counts the adverse events of each participant, per severity. `risk` is scratch space, one number per participant.
    pub fn draw(
        &self,
        replicate: Replicate,
        arm: &[u8],
        attended: &Attended,
        risk: &mut [f64],
        counts: &mut [Vec<u16>],
    ) {
        counts.iter_mut().for_each(|counts| counts.fill(0));
        if self.n_sessions > 0 {
            for (risk, &arm) in risk.iter_mut().zip(arm) {
                *risk = self.ends[usize::from(arm)].last().copied().unwrap_or(0.0);
            }
        }
        for session in 0..self.n_sessions {
            let mut stream = replicate.stream(Purpose::AdverseEvent { session });
            let bits = attended.byte(session / 8);
            for (participant, (&risk, bits)) in risk.iter().zip(bits).enumerate() {
                let u: f64 = stream.random();
                // Rare, so that one comparison decides nearly always.
                if u < risk && bits >> (session % 8) & 1 == 1 {
                    let ends = &self.ends[usize::from(arm[participant])];
                    counts[ends.partition_point(|&end| u >= end)][participant] += 1;
                }
            }
        }
    }
}

/// Running sums; nothing where all are 0.
fn ends(chances: &[f64]) -> Vec<f64> {
    if chances.iter().all(|&chance| chance <= 0.0) {
        return Vec::new();
    }
    let add = |sum: &mut f64, chance: &f64| {
        *sum += chance;
        Some(*sum)
    };
    chances.iter().scan(0.0, add).collect()
}

//! Who counts as a responder: improved since baseline by enough points, or by enough of the baseline.
//!
//! # Formula
//! An improvement is baseline − value where lower is better, value − baseline where higher is. A responder improved by at least so many
//! points, or by at least such a share of |baseline|. An improvement that falls short by rounding alone (10⁻¹² of the scores) is enough.
//!
//! Without a value, without a baseline, or for shares with a baseline of 0, nothing can be said: it is then missing, or counts as no
//! response, as the rule states.
//!
//! # References
//! Dworkin RH, et al. Interpreting the clinical importance of treatment outcomes in chronic pain clinical trials: IMMPACT
//! recommendations. J Pain 2008;9:105-121. doi:10.1016/j.jpain.2007.09.005 (30 % as a moderate improvement).
//!
//! # Checked against
//! `tests/it/independent/responders.rs`: hand-made participants, and the rule written out.

use crate::trial::Direction;

/// What becomes of those of whom nothing can be said.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum UnknownResponse {
    /// They are missing.
    #[default]
    Missing,
    /// They count as no responders.
    NoResponse,
}

/// Whether somebody improved by at least `points`.
pub fn improved_by_points(
    baseline: Option<f64>,
    value: Option<f64>,
    points: f64,
    better: Direction,
    unknown: UnknownResponse,
) -> Option<bool> {
    let known = baseline.zip(value);
    known.map(|(baseline, value)| reaches(baseline, value, points, better)).or(unknown.answer())
}

/// Whether somebody improved by at least a `share` of the baseline, 0.3 for 30 %.
pub fn improved_by_share(
    baseline: Option<f64>,
    value: Option<f64>,
    share: f64,
    better: Direction,
    unknown: UnknownResponse,
) -> Option<bool> {
    let known = baseline.filter(|&baseline| baseline != 0.0).zip(value);
    known.map(|(baseline, value)| reaches(baseline, value, share * baseline.abs(), better)).or(unknown.answer())
}

impl UnknownResponse {
    fn answer(self) -> Option<bool> {
        match self {
            Self::Missing => None,
            Self::NoResponse => Some(false),
        }
    }
}

/// Improvements that differ by less than this share of the scores differ by rounding.
const ROUNDING: f64 = 1e-12;

fn reaches(baseline: f64, value: f64, needed: f64, better: Direction) -> bool {
    let improvement = better.sign() * (value - baseline);
    improvement >= needed - ROUNDING * baseline.abs().max(value.abs())
}

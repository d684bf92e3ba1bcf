//! The number needed to treat from a risk difference, its interval included where that passes through infinity.
//!
//! # Formula
//! One more (or one fewer) responds among 1 / |d| who are treated, d being the risk difference. For d > 0 this is a number needed to treat
//! to benefit (NNTB), for d < 0 to harm (NNTH), for d = 0 infinite. Limits are those of 1 / d: where the interval of d contains 0, that of
//! the number needed runs from a benefit through infinity to a harm, never from one number to the other through 0.
//!
//! # References
//! Altman DG. Confidence intervals for the number needed to treat. BMJ 1998;317:1309-1312. doi:10.1136/bmj.317.7168.1309.
//!
//! # Checked against
//! `tests/it/independent/binary.rs`: intervals made by hand.

/// How many must be treated.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum NumberNeeded {
    /// For one more to benefit (NNTB).
    ToBenefit(f64),
    /// For one more to be harmed (NNTH).
    ToHarm(f64),
    /// There is no difference.
    Infinite,
}

/// A number needed to treat with its interval.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Nnt {
    /// The estimate.
    pub value: NumberNeeded,
    /// The end of the interval with the most benefit, from the upper limit of the risk difference.
    pub best: NumberNeeded,
    /// The end of the interval with the least benefit or the most harm, from the lower limit of the risk difference.
    pub worst: NumberNeeded,
    /// Whether the interval runs through infinity: from benefit to harm.
    pub through_infinity: bool,
}

/// The number needed to treat from a risk difference and its limits, `lower` ≤ `value` ≤ `upper`, each between −1 and 1 and above 0 where
/// the arm named first does better.
pub fn number_needed_to_treat(value: f64, lower: f64, upper: f64) -> Nnt {
    Nnt {
        value: needed(value),
        best: needed(upper),
        worst: needed(lower),
        through_infinity: lower < 0.0 && upper > 0.0,
    }
}

fn needed(difference: f64) -> NumberNeeded {
    if difference > 0.0 {
        NumberNeeded::ToBenefit(1.0 / difference)
    } else if difference < 0.0 {
        NumberNeeded::ToHarm(-1.0 / difference)
    } else {
        NumberNeeded::Infinite
    }
}

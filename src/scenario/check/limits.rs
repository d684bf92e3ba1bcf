//! What the numbers that a calibration may change, or a prior be about, can be at all, by their place in a scenario.

use super::super::tree::KeyPath;
use super::schedule::MAX_SESSIONS;

/// What is above zero, or below one, can come this near to it.
pub(super) const NEAR: f64 = 1e-6;

const ANY: [f64; 2] = [f64::NEG_INFINITY, f64::INFINITY];
const ABOVE_ZERO: [f64; 2] = [NEAR, f64::INFINITY];
const NOT_NEGATIVE: [f64; 2] = [0.0, f64::INFINITY];
const SHARE: [f64; 2] = [0.0, 1.0];
const SHARE_ABOVE_ZERO: [f64; 2] = [NEAR, 1.0];
const SHARE_BELOW_ONE: [f64; 2] = [0.0, 1.0 - NEAR];
const SHARE_BETWEEN: [f64; 2] = [NEAR, 1.0 - NEAR];
const CORRELATION: [f64; 2] = [NEAR - 1.0, 1.0 - NEAR];

/// Lowest and highest value of a setting, also of those that belong to the design; what else it must meet is found when the scenario is
/// read.
pub fn limits(path: &KeyPath) -> [f64; 2] {
    match path.key_names()[..] {
        ["trial", "per_arm", _] => [2.0, f64::INFINITY],
        ["arms", _, "sessions"] | ["arms", _, "boosters", "sessions"] => [0.0, MAX_SESSIONS as f64],
        ["arms", _, "every_weeks"] | ["arms", _, "boosters", "every_weeks"] => ABOVE_ZERO,
        ["arms", _, "first_week"] | ["arms", _, "boosters", "first_week"] => NOT_NEGATIVE,
        ["analysis", "alpha"] => SHARE_BETWEEN,
        _ => possible(path),
    }
}

/// Lowest and highest value of a setting that a calibration may change; what else it must meet is found when the scenario is read.
pub(super) fn possible(path: &KeyPath) -> [f64; 2] {
    match path.key_names()[..] {
        ["outcomes", _, "natural_course", "sd"] => NOT_NEGATIVE,
        ["outcomes", _, "baseline", "share"] => SHARE_BETWEEN,
        ["outcomes", _, "baseline" | "follow_up", "sd" | "sd_by_visit"] => ABOVE_ZERO,
        ["outcomes", _, "correlation", _] | ["between_outcomes", _] => CORRELATION,
        ["outcomes", _, _, "half_life_weeks"] | ["arms", _, "effect", _, "half_life_weeks" | "ceiling"] => ABOVE_ZERO,
        ["arms", _, "effect", _, "lasting_share"] => SHARE,
        ["arms", _, "effect", _, "spread"] => NOT_NEGATIVE,
        ["arms", _, "attendance", "keeps"] => SHARE_ABOVE_ZERO,
        // No chance varies by more than half of what lies between never and always.
        ["arms", _, "attendance", "sd"] => [0.0, 0.5],
        ["arms", _, "attendance", "stops"] | ["therapists", "variance_share"] => SHARE_BELOW_ONE,
        ["arms", _, "adverse_events", _] => SHARE,
        ["therapists", "caseload_variation"] => [0.0, 3.0],
        ["co_interventions", _, "uptake"] | ["co_interventions", _, "uptake_by_arm", _] => SHARE,
        ["events", _, "every_arm"] | ["events", _, "by_arm", _] => SHARE,
        ["dropout", "every_arm" | "missed"] | ["dropout", "by_arm" | "missed_by_arm", _] => SHARE,
        _ => ANY,
    }
}

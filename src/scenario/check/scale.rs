//! The scale of an outcome: its range, the step between scores, the difference that matters.

use super::super::codes;
use super::super::tree::KeyPath;
use super::{Check, count, show};

/// More scores than any scale has; beyond them rounding to a step means nothing.
const MOST_SCORES: f64 = 1e6;

/// Largest number that a count may reach.
const MAX_COUNT: f64 = 1_000.0;

impl Check<'_> {
    /// Lowest and highest score.
    pub(super) fn range(&mut self, range: &[f64], path: &KeyPath) -> Option<[f64; 2]> {
        let &[low, high] = range else {
            let message =
                format!("`{path}` is the lowest and the highest score, but has {}", count(range.len(), "number"));
            self.report(codes::RANGE, path, message, |problem| problem.help("for example: range = [0, 23]"));
            return None;
        };
        if low < high {
            return Some([low, high]);
        }
        let message = format!("`{path}` begins at {} and ends at {}", show(low), show(high));
        self.report(codes::RANGE, path, message, |problem| {
            if low > high {
                problem.label(format!("did you mean [{}, {}]?", show(high), show(low)))
            } else {
                problem.label("the highest score must be above the lowest")
            }
        });
        None
    }

    /// The highest number of a count, whose range begins at 0.
    pub(super) fn highest_count(&mut self, range: &[f64], path: &KeyPath) -> Option<usize> {
        let [low, high] = self.range(range, path)?;
        if low == 0.0 && high.fract() == 0.0 && (1.0..=MAX_COUNT).contains(&high) {
            return Some(high as usize);
        }
        let message = format!("a count cannot go from {} to {}", show(low), show(high));
        self.report(codes::RANGE, path, message, |problem| {
            problem.label(format!("from 0 to a whole number of at most {MAX_COUNT}"))
        });
        None
    }

    /// Reports a step that does not divide the range.
    pub(super) fn step(&mut self, step: f64, [low, high]: [f64; 2], path: &KeyPath, given: bool) {
        let steps = (high - low) / step;
        let whole = step > 0.0 && (steps - steps.round()).abs() < 1e-9 * steps.max(1.0) && steps.round() >= 1.0;
        let place = if given { path.key("step") } else { path.key("range") };
        if whole && steps > MOST_SCORES {
            let message = format!("a step of {} makes {steps:.0} scores", show(step));
            self.report(codes::RANGE, &place, message, |problem| {
                problem.label(format!("at most {MOST_SCORES} fit")).help("0 records scores without rounding")
            });
        }
        if step == 0.0 || whole {
            return;
        }
        let message = if step < 0.0 {
            format!("a step of {} is negative", show(step))
        } else {
            format!("a step of {} does not divide the range from {} to {}", show(step), show(low), show(high))
        };
        self.report(codes::RANGE, &place, message, |problem| {
            problem.help(if given {
                "0 records scores without rounding"
            } else {
                "the step is 1 unless `step` says otherwise"
            })
        });
    }

    /// Reports a meaningful difference that is none, or that no two scores can have.
    pub(super) fn meaningful(&mut self, meaningful: f64, range: Option<[f64; 2]>, path: &KeyPath) {
        if meaningful <= 0.0 {
            let message = format!("a meaningful difference of {} is no difference", show(meaningful));
            self.report(codes::MEANINGFUL, path, message, |problem| {
                problem.label("must be above 0, whichever way is better")
            });
        } else if let Some([low, high]) = range
            && meaningful >= high - low
        {
            let message = format!("a meaningful difference of {} is wider than the range", show(meaningful));
            self.report(codes::MEANINGFUL, path, message, |problem| {
                problem.label(format!("the range is {} points wide", show(high - low)))
            });
        }
    }
}

//! Shares of people: between 0 and 1, together 1, and at successive visits never falling.

use indexmap::IndexMap;

use super::super::tree::KeyPath;
use super::super::{Problem, codes};
use super::{Check, Outline, show};

/// How far shares that add up to 1 may be from it, for the rounding of numbers that are written in decimals.
const NEAR_ONE: f64 = 1e-9;

/// What a share may be.
#[derive(Debug, Clone, Copy)]
pub(super) enum Within {
    /// From 0 to 1.
    ZeroToOne,
    /// Above 0, at most 1.
    AboveZero,
    /// From 0, below 1.
    BelowOne,
    /// Above 0, below 1.
    Between,
}

impl Within {
    fn holds(self, share: f64) -> bool {
        match self {
            Self::ZeroToOne => (0.0..=1.0).contains(&share),
            Self::AboveZero => share > 0.0 && share <= 1.0,
            Self::BelowOne => (0.0..1.0).contains(&share),
            Self::Between => share > 0.0 && share < 1.0,
        }
    }

    fn in_words(self) -> &'static str {
        match self {
            Self::ZeroToOne => "lie between 0 and 1",
            Self::AboveZero => "be above 0 and at most 1",
            Self::BelowOne => "be at least 0 and below 1",
            Self::Between => "be above 0 and below 1",
        }
    }
}

impl Check<'_> {
    /// Reports a share outside its limits; returns whether it is within.
    pub(super) fn share(&mut self, share: f64, within: Within, path: &KeyPath) -> bool {
        if !within.holds(share) {
            let message = format!("`{path}` must {}, but is {}", within.in_words(), show(share));
            self.report(codes::SHARE, path, message, |problem| as_percentage(problem, share));
        }
        within.holds(share)
    }

    /// Reports shares of a table that are outside their limits or do not add up to 1.
    pub(super) fn shares_of_a_whole(&mut self, shares: &IndexMap<String, f64>, within: Within, table: &KeyPath) {
        let fine: Vec<bool> = shares.iter().map(|(name, &share)| self.share(share, within, &table.key(name))).collect();
        let is_whole = self.tree.keys(table).len() == shares.len();
        if is_whole && fine.iter().all(|&fine| fine) {
            self.adds_up_to_one(&shares.values().copied().collect::<Vec<f64>>(), table);
        }
    }

    /// Reports shares that do not add up to 1.
    pub(super) fn adds_up_to_one(&mut self, shares: &[f64], path: &KeyPath) {
        let sum: f64 = shares.iter().sum();
        if shares.is_empty() || (sum - 1.0).abs() <= NEAR_ONE {
            return;
        }
        let message = format!("the shares of `{path}` add up to {}, not to 1", show_beside_one(sum));
        let rest = show_beside_one((sum - 1.0).abs());
        self.report_key(codes::SHARE, path, message, |problem| {
            problem.label(if sum < 1.0 { format!("{rest} is missing") } else { format!("{rest} is too much") })
        });
    }

    /// Reports cumulative shares by visit that are too many or too few, outside 0 to 1, or falling; `what` is what they are shares of.
    pub(super) fn cumulative(
        &mut self,
        shares: &[f64],
        path: &KeyPath,
        outline: &Outline,
        (code, what): (&'static str, &str),
    ) {
        self.one_per_visit(shares.len(), path, outline);
        let mut before = 0.0;
        for (index, &share) in shares.iter().enumerate() {
            if !Within::ZeroToOne.holds(share) {
                let message = format!("a share must lie between 0 and 1, but is {}", show(share));
                self.report(code, &path.index(index), message, |problem| as_percentage(problem, share));
            } else if share < before {
                let message = format!("{what} falls from {} to {}", show(before), show(share));
                self.report(code, &path.index(index), message, |problem| {
                    problem.label("shares are cumulative and cannot fall")
                });
            }
            before = share.max(before);
        }
    }
}

/// A problem with a number that looks like a percentage.
fn as_percentage(problem: Problem, share: f64) -> Problem {
    if share > 1.0 && share <= 100.0 {
        problem.label(format!("{} % is written {}", show(share), show(share / 100.0)))
    } else {
        problem
    }
}

/// A number that must not look like 1 or 0 if it is not, with as many digits as that takes.
fn show_beside_one(number: f64) -> String {
    let short = show(number);
    if !matches!(short.as_str(), "1" | "0") {
        return short;
    }
    format!("{number:.10}").trim_end_matches('0').trim_end_matches('.').to_owned()
}

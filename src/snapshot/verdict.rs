//! What a comparison says: which quantity, what it was compared with, how far apart both are, and what that means.

use super::quantity::{Target, Value};
use crate::scenario::{Expectation, MonteCarloBand, Tolerance};

/// What a comparison says, in words.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Verdict {
    /// The kept value.
    Same,
    /// Another number than the kept one, no further from it than its tolerance.
    ChangedWithinTolerance,
    /// Near enough to its target.
    InsideBand,
    /// Between its bounds.
    WithinBounds,
    /// Further from the kept value than its tolerance.
    Changed,
    /// Computed, and not among what was kept.
    New,
    /// Kept or expected, and not computed.
    Missing,
    /// Too many Monte Carlo errors from its target.
    OutsideBand,
    /// Beyond a bound.
    OutsideBounds,
}

impl Verdict {
    /// Every verdict, in the order of summaries.
    pub const ALL: [Self; 9] = [
        Self::Same,
        Self::ChangedWithinTolerance,
        Self::InsideBand,
        Self::WithinBounds,
        Self::Changed,
        Self::New,
        Self::Missing,
        Self::OutsideBand,
        Self::OutsideBounds,
    ];

    /// The words.
    pub fn words(self) -> &'static str {
        match self {
            Self::Same => "same",
            Self::ChangedWithinTolerance => "changed within tolerance",
            Self::InsideBand => "inside Monte Carlo band",
            Self::WithinBounds => "within bounds",
            Self::Changed => "changed",
            Self::New => "new",
            Self::Missing => "missing",
            Self::OutsideBand => "outside Monte Carlo band",
            Self::OutsideBounds => "outside bounds",
        }
    }
}

/// Whether a verdict is one to act upon.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Severity {
    /// Nothing to do.
    Fine,
    /// Worth a look; nothing fails because of it.
    Warning,
    /// The comparison failed.
    Failure,
}

impl Severity {
    /// The word.
    pub fn word(self) -> &'static str {
        match self {
            Self::Fine => "fine",
            Self::Warning => "warning",
            Self::Failure => "failure",
        }
    }
}

/// What a quantity was compared with.
#[derive(Debug, Clone, PartialEq)]
pub enum Basis {
    /// What is kept.
    Kept {
        /// The kept value; `None` where the quantity is new.
        value: Option<Value>,
        /// How far from it a number may be.
        tolerance: Tolerance,
        /// Line of its block in the file of kept results, counted from 1.
        line: Option<usize>,
    },
    /// A target.
    Target {
        /// The target.
        target: Option<Target>,
        /// How many Monte Carlo errors from it the quantity is; above 0 on its far side.
        z: Option<f64>,
        /// How many it may be.
        band: MonteCarloBand,
    },
    /// Bounds.
    Bounds(Expectation),
}

/// One quantity, compared.
#[derive(Debug, Clone, PartialEq)]
pub struct Comparison {
    /// Id of the quantity.
    pub id: String,
    /// What it is now; `None` where it was not computed.
    pub now: Option<Value>,
    /// Its Monte Carlo standard error, where it has one.
    pub mcse: Option<f64>,
    /// What it was compared with.
    pub basis: Basis,
    /// What that says.
    pub verdict: Verdict,
    /// Whether there is something to do.
    pub severity: Severity,
    /// What else a reader needs to know.
    pub note: Option<String>,
}

impl Comparison {
    /// The kept value.
    pub fn kept(&self) -> Option<&Value> {
        match &self.basis {
            Basis::Kept { value, .. } => value.as_ref(),
            _ => None,
        }
    }

    /// Now less kept.
    pub fn difference(&self) -> Option<f64> {
        let difference = self.now.as_ref()?.as_number()? - self.kept()?.as_number()?;
        Some(difference).filter(|own| own.is_finite())
    }

    /// How far from the kept number the number may be; counts not at all.
    pub fn allowed(&self) -> Option<f64> {
        match &self.basis {
            Basis::Kept { value: Some(Value::Number(kept)), tolerance, .. } => {
                Some(tolerance.atol + tolerance.rtol * kept.abs()).filter(|own| own.is_finite())
            }
            Basis::Kept { value: Some(Value::Count(_)), .. } => Some(0.0),
            _ => None,
        }
    }

    /// Line to look at: of the block of the kept value in its file.
    pub fn line(&self) -> Option<usize> {
        match &self.basis {
            Basis::Kept { line, .. } => *line,
            _ => None,
        }
    }

    /// Whether it is with kept results.
    pub fn is_exact(&self) -> bool {
        matches!(self.basis, Basis::Kept { .. })
    }

    /// Whether it failed.
    pub fn failed(&self) -> bool {
        self.severity == Severity::Failure
    }
}

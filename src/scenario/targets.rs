//! What a calibration is asked for, free of contradictions: the resolved form of a `targets.toml` with its base scenario.

use super::of_the_truth::taken_for_granted;
use super::{Adjustable, KeyPath, Place, Setting};
use crate::trial::{Contrast, Layout};

/// A base scenario, the settings of it that may change, and what they are to bring about.
#[derive(Debug, Clone)]
pub struct Targets {
    /// One line on where the targets come from; may be empty.
    pub title: String,
    /// The base as it is named in the file.
    pub base_name: String,
    /// The base, valid, with every `--set` in it.
    pub base: Adjustable,
    /// The settings that may change, at most as many as targets.
    pub free: Vec<FreeSetting>,
    /// What is to be met, in the order of the file.
    pub targets: Vec<Target>,
}

impl Targets {
    /// What the targets leave as it is in the base, and do not determine: settings of the truth with their values, from all
    /// settings of the scenario.
    pub fn assumptions(&self, settings: &[Setting]) -> Vec<(String, String)> {
        let free: Vec<KeyPath> = self.free.iter().map(|free| free.path.clone()).collect();
        taken_for_granted(settings, &free)
    }
}

/// A setting that may change.
#[derive(Debug, Clone)]
pub struct FreeSetting {
    /// Its path in the scenario.
    pub path: KeyPath,
    /// Its value in the base.
    pub start: f64,
    /// Lowest and highest value; infinite where there is no bound.
    pub bounds: [f64; 2],
    /// Where it is named.
    pub place: Place,
}

/// A number to be met.
#[derive(Debug, Clone)]
pub struct Target {
    /// What the number is of.
    pub quantity: Quantity,
    /// Week since randomisation.
    pub week: f64,
    /// The number.
    pub value: f64,
    /// How near is near enough.
    pub tolerance: f64,
    /// Where the number comes from.
    pub source: Option<String>,
    /// Where it is written.
    pub place: Place,
}

/// What a target is about, on the recorded scale.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Quantity {
    /// Difference of expected scores between two arms.
    Contrast {
        /// Position of the outcome.
        outcome: usize,
        /// The arms.
        contrast: Contrast,
    },
    /// Expected score of an arm.
    Mean {
        /// Position of the outcome.
        outcome: usize,
        /// Position of the arm.
        arm: usize,
    },
    /// Standard deviation of the scores of an arm.
    Sd {
        /// Position of the outcome.
        outcome: usize,
        /// Position of the arm.
        arm: usize,
    },
    /// Share of an arm still seen.
    Retention {
        /// Position of the arm.
        arm: usize,
        /// Position of the visit.
        visit: usize,
    },
}

impl Target {
    /// What readers call it: `relaxation - usual_care, rdq, week 10`.
    pub fn name(&self, layout: &Layout) -> String {
        let arm = |position: usize| &layout.arms[position].name;
        let outcome = |position: usize| &layout.outcomes[position].name;
        let subject = match self.quantity {
            Quantity::Contrast { outcome: o, contrast } => {
                format!("{}, {}", layout.contrast_name(contrast), outcome(o))
            }
            Quantity::Mean { outcome: o, arm: a } => format!("mean of {}, {}", arm(a), outcome(o)),
            Quantity::Sd { outcome: o, arm: a } => format!("SD of {}, {}", arm(a), outcome(o)),
            Quantity::Retention { arm: a, .. } => format!("retention of {}", arm(a)),
        };
        format!("{subject}, week {}", self.week)
    }
}

//! A scenario of which one whole number is varied: participants per arm, participants in all, or any setting that is a whole number.
//!
//! Sizes keep the proportions of the scenario: those of `trial.per_arm`, or of `trial.allocation` where it has a ratio. Every scenario
//! that comes out is read from its text with the number laid over it, so that nothing passes which a file could not say.

use std::fmt;
use std::ops::RangeInclusive;

use crate::numeric::power::smallest_enough;
use crate::scenario::{self, Adjustable, Design, KeyPath, Loaded, Override, Problems, Scenario, Source};

/// What is varied.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Setting {
    /// Participants per arm, on average over the arms.
    PerArm,
    /// Participants in all arms together, the arms in proportion to these weights.
    Total {
        /// One weight per arm.
        weights: Vec<u64>,
    },
    /// A setting of the scenario by its path, e.g. `therapists.number`.
    Path(String),
}

/// A scenario with one number that varies.
#[derive(Debug, Clone)]
pub struct Varied {
    source: Source,
    overrides: Vec<Override>,
    setting: Setting,
    base: Loaded,
    /// The number in the scenario as it stands.
    own: u64,
}

/// Why a setting cannot be varied.
#[derive(Debug, Clone, PartialEq)]
pub enum CannotVary {
    /// The scenario has problems, or has them with other numbers.
    Problems(Problems),
    /// The setting is there and is no whole number: its path and value.
    NotWhole(String, String),
    /// The scenario could have such a setting and does not, so that there is nothing for it to act on: its path.
    Absent(String),
    /// The name, of one part, of no setting at all.
    NoSuch(String),
    /// Shares of arms cannot be varied where blocks hold a ratio.
    BlocksHoldARatio,
}

impl fmt::Display for CannotVary {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Problems(problems) => write!(formatter, "{problems}"),
            Self::NotWhole(path, value) => {
                write!(formatter, "{path} is {value}: only a setting that is one whole number can be varied")
            }
            Self::Absent(path) => {
                let section = path.split('.').next().unwrap_or(path);
                write!(
                    formatter,
                    "{path} has nothing to act on: the scenario does not have this setting; write it in {section}, or add it by -s '{path}=1', with what else belongs to it"
                )
            }
            Self::NoSuch(name) => write!(
                formatter,
                "there is no setting {name}; possible: n (participants per arm), allocation (the share of the reference arm), or the path of a setting that is a whole number"
            ),
            Self::BlocksHoldARatio => formatter.write_str(
                "the arms' shares cannot be varied while trial.allocation has blocks for one ratio; take [trial.allocation] out for this",
            ),
        }
    }
}

impl std::error::Error for CannotVary {}

impl From<Problems> for CannotVary {
    fn from(problems: Problems) -> Self {
        Self::Problems(problems)
    }
}

impl Varied {
    /// A scenario's text with what is laid over it, and what is to vary.
    ///
    /// # Errors
    /// The problems of the scenario, or that the setting is no whole number.
    pub fn new(source: Source, overrides: Vec<Override>, setting: Setting) -> Result<Self, CannotVary> {
        let base = scenario::read(source.clone(), &overrides)?;
        let total = base.scenario.design.n_participants();
        let own = match &setting {
            Setting::PerArm => per_arm(&base.scenario.design),
            Setting::Total { .. } => {
                if base.scenario.design.allocation.is_some() {
                    return Err(CannotVary::BlocksHoldARatio);
                }
                total as u64
            }
            Setting::Path(path) => match own_value(&base, path)? {
                Some(own) => own,
                None if !path.contains('.') => return Err(CannotVary::NoSuch(path.clone())),
                None => {
                    // A path that leads nowhere is found here, with the one that was meant.
                    let mut with_it = overrides.clone();
                    with_it.push(Override::new(format!("{path}=1")));
                    scenario::read(source, &with_it)?;
                    return Err(CannotVary::Absent(path.clone()));
                }
            },
        };
        let varied = Self { source, overrides, setting, base, own };
        // What a scenario as it stands has and a --set may not say is found here.
        varied.scenario(own)?;
        Ok(varied)
    }

    /// The scenario as it stands.
    pub fn base(&self) -> &Loaded {
        &self.base
    }

    /// What varies.
    pub fn setting(&self) -> &Setting {
        &self.setting
    }

    /// The number in the scenario as it stands.
    pub fn own(&self) -> u64 {
        self.own
    }

    /// The numbers that a scenario can have, up to `most`: with them it is valid, given that it is between any two with which it is.
    /// Where even the smallest is above `most`, that one alone.
    pub fn range(&self, most: u64) -> RangeInclusive<u64> {
        let is_valid = |value: u64| self.scenario(value).is_ok();
        let least = smallest_enough(0, self.own, is_valid).unwrap_or(self.own);
        if most <= self.own {
            return least..=most.max(least);
        }
        let refused = smallest_enough(self.own, most, |value| !is_valid(value));
        least..=refused.map_or(most, |refused| refused - 1)
    }

    /// Participants of each arm where the number is `value`; those of the scenario where it is its own, from which an average is rounded.
    pub fn sizes(&self, value: u64) -> Vec<usize> {
        let design = &self.base.scenario.design;
        match &self.setting {
            Setting::PerArm => sizes_per_arm(design, value),
            Setting::Total { weights } => apportion(value, weights),
            Setting::Path(_) => design.per_arm.clone(),
        }
    }

    /// The scenario where the number is `value`.
    ///
    /// # Errors
    /// All problems that it has with this number.
    pub fn scenario(&self, value: u64) -> Result<Scenario, Problems> {
        Ok(scenario::read(self.source.clone(), &self.overrides(value))?.scenario)
    }

    /// The same with its text, for what else is to be changed of it.
    ///
    /// # Errors
    /// All problems that it has with this number.
    pub fn adjustable(&self, value: u64) -> Result<Adjustable, Problems> {
        Adjustable::read(self.source.clone(), &self.overrides(value))
    }

    /// What is laid over the text where the number is `value`.
    fn overrides(&self, value: u64) -> Vec<Override> {
        let mut overrides = self.overrides.clone();
        match &self.setting {
            Setting::Path(path) => overrides.push(Override::new(format!("{path}={value}"))),
            Setting::PerArm | Setting::Total { .. } => {
                overrides
                    .extend(size_settings(&self.base.scenario.design, &self.sizes(value)).iter().map(Override::new));
            }
        }
        overrides
    }
}

/// The whole number at a path, of which `*` stands for any one part; `None` where the scenario has no such setting by itself.
fn own_value(base: &Loaded, path: &str) -> Result<Option<u64>, CannotVary> {
    let wanted: Vec<&str> = path.split('.').map(|part| part.trim().trim_matches(['"', '\''])).collect();
    let is_it = |keys: &[&str]| {
        keys.len() == wanted.len() && keys.iter().zip(&wanted).all(|(key, wanted)| *wanted == "*" || key == wanted)
    };
    let Some(found) = base.settings.iter().find(|setting| is_it(&setting.path.key_names())) else { return Ok(None) };
    match found.value.parse() {
        Ok(value) => Ok(Some(value)),
        Err(_) => Err(CannotVary::NotWhole(found.path.to_string(), found.shown.clone())),
    }
}

/// Participants per arm of a design, on average over the arms and rounded.
pub fn per_arm(design: &Design) -> u64 {
    (design.n_participants() as f64 / design.per_arm.len() as f64).round() as u64
}

/// Participants of each arm of a design where there are so many per arm on average: in the proportions of its ratio or of its own sizes, and
/// its own sizes where that is their own average.
pub fn sizes_per_arm(design: &Design, value: u64) -> Vec<usize> {
    if value == per_arm(design) {
        return design.per_arm.clone();
    }
    let weights: Vec<u64> = match &design.allocation {
        Some(blocks) => blocks.ratio.iter().map(|&places| places as u64).collect(),
        None => design.per_arm.iter().map(|&n| n as u64).collect(),
    };
    apportion(value.saturating_mul(design.per_arm.len() as u64), &weights)
}

/// What `--set` takes to give the arms of a scenario these sizes. A ratio stays what it is, also where it was taken from the sizes unasked.
pub fn size_settings(design: &Design, sizes: &[usize]) -> Vec<String> {
    let set = |table: &[&str], numbers: &[usize]| -> Vec<String> {
        let path = |name: &str| KeyPath::of(table).key(name);
        let arms = design.layout.arms.iter().zip(numbers);
        arms.map(|(arm, number)| format!("{}={number}", path(&arm.name))).collect()
    };
    let mut settings = set(&["trial", "per_arm"], sizes);
    if let Some(blocks) = &design.allocation {
        settings.extend(set(&["trial", "allocation", "ratio"], &blocks.ratio));
    }
    settings
}

/// A number of participants shared out in proportion to weights, as near as whole numbers come: the largest remainders are rounded
/// up, ties to the arm named first.
pub fn apportion(total: u64, weights: &[u64]) -> Vec<usize> {
    let sum: u128 = weights.iter().map(|&weight| u128::from(weight)).sum::<u128>().max(1);
    let exact: Vec<u128> = weights.iter().map(|&weight| u128::from(total) * u128::from(weight)).collect();
    let mut shares: Vec<usize> = exact.iter().map(|exact| (exact / sum) as usize).collect();
    let left = total as usize - shares.iter().sum::<usize>().min(total as usize);
    let mut order: Vec<usize> = (0..weights.len()).collect();
    order.sort_by_key(|&arm| std::cmp::Reverse(exact[arm] % sum));
    order.into_iter().take(left).for_each(|arm| shares[arm] += 1);
    shares
}

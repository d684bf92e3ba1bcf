//! What is recorded at baseline, and the severity behind it, for each kind of outcome.

use super::super::tree::KeyPath;
use super::super::{WrittenBaseline, WrittenOutcome, codes};
use super::shares::Within;
use super::{Check, count, show};
use crate::numeric::beta_binomial::BetaBinomial;
use crate::numeric::cuts;
use crate::numeric::distributions::normal_quantile;
use crate::numeric::elementary::ln;
use crate::trial::OutcomeKind;

/// How many levels an ordinal outcome may have.
const LEVELS: std::ops::RangeInclusive<usize> = 2..=20;

/// Where what is recorded comes from at baseline, whatever the kind.
#[derive(Debug, Clone)]
pub(super) struct Margin {
    /// Whether the kind is not in doubt.
    pub kind_is_known: bool,
    /// The kind with what belongs to it.
    pub kind: OutcomeKind,
    /// Lowest and highest number recorded.
    pub range: Option<[f64; 2]>,
    /// Distance between neighbouring numbers; `None` if they are not rounded.
    pub step: Option<f64>,
    /// Mean and standard deviation of severity.
    pub severity: [f64; 2],
    /// Severities at which what is recorded goes up by one.
    pub cuts: Option<Vec<f64>>,
    /// Mean at baseline before entry, of severity for a score and else of what is recorded; `None` where something is wrong with it.
    pub mean: Option<f64>,
}

impl Default for Margin {
    /// What stands in for an outcome of which nothing could be read.
    fn default() -> Self {
        Self {
            kind_is_known: false,
            kind: OutcomeKind::Score,
            range: None,
            step: Some(1.0),
            severity: [0.0, 1.0],
            cuts: None,
            mean: None,
        }
    }
}

impl Check<'_> {
    /// The table `baseline`, of which some keys are needed; each comes with an example.
    fn baseline(&mut self, written: &WrittenOutcome, path: &KeyPath, needed: &[(&str, &str)]) -> WrittenBaseline {
        let baseline = path.key("baseline");
        if self.tree.lacks(&baseline) {
            let examples: Vec<&str> = needed.iter().map(|(_, example)| *example).collect();
            self.require(&baseline, &format!("baseline = {{ {} }}", examples.join(", ")));
        } else {
            needed.iter().for_each(|(key, example)| self.require(&baseline.key(key), example));
        }
        written.baseline.clone().unwrap_or_default()
    }

    /// Severity is on the scale of the score itself.
    pub(super) fn score(&mut self, written: &WrittenOutcome, path: &KeyPath) -> Margin {
        self.require(&path.key("range"), "range = [0, 23]");
        let range = written.range.as_ref().and_then(|range| self.range(range, &path.key("range")));
        let step = written.step.unwrap_or(1.0);
        if let Some(range) = range {
            self.step(step, range, path, written.step.is_some());
        }
        let baseline = self.baseline(written, path, &[("mean", "mean = 10"), ("sd", "sd = 5")]);
        let sd = baseline.sd.unwrap_or(1.0);
        self.positive_sd(sd, &path.key("baseline").key("sd"));
        Margin {
            range,
            step: (step > 0.0).then_some(step),
            severity: [baseline.mean.unwrap_or(0.0), sd],
            mean: baseline.mean.filter(|_| sd > 0.0),
            ..Margin::default()
        }
    }

    /// Yes is a severity above 0, which has standard deviation 1.
    pub(super) fn binary(&mut self, written: &WrittenOutcome, path: &KeyPath) -> Margin {
        let baseline = self.baseline(written, path, &[("share", "share = 0.3")]);
        let share =
            baseline.share.filter(|&share| self.share(share, Within::Between, &path.key("baseline").key("share")));
        Margin {
            kind: OutcomeKind::Binary,
            range: Some([0.0, 1.0]),
            severity: [share.map_or(0.0, normal_quantile), 1.0],
            cuts: Some(vec![0.0]),
            mean: share,
            ..Margin::default()
        }
    }

    /// Counts are beta-binomial, and severity is standard normal.
    pub(super) fn counted(&mut self, written: &WrittenOutcome, path: &KeyPath) -> Margin {
        self.require(&path.key("range"), "range = [0, 28]");
        let highest = written.range.as_ref().and_then(|range| self.highest_count(range, &path.key("range")));
        let baseline = self.baseline(written, path, &[("mean", "mean = 9"), ("sd", "sd = 7")]);
        let counts = match (highest, baseline.mean, baseline.sd) {
            (Some(highest), Some(mean), Some(sd)) => self.counts(highest, mean, sd, &path.key("baseline")),
            _ => None,
        };
        Margin {
            kind: OutcomeKind::Count,
            range: highest.map(|highest| [0.0, highest as f64]),
            cuts: Some(counts.map_or_else(Vec::new, |counts| cuts::of_ln_probabilities(&counts.ln_probabilities()))),
            mean: baseline.mean.filter(|_| counts.is_some()),
            ..Margin::default()
        }
    }

    /// The distribution of counts with this mean and standard deviation.
    fn counts(&mut self, highest: usize, mean: f64, sd: f64, path: &KeyPath) -> Option<BetaBinomial> {
        let Some(variances) = BetaBinomial::variances(highest, mean) else {
            let message = format!("counts from 0 to {highest} cannot have mean {}", show(mean));
            self.report(codes::DISTRIBUTION, &path.key("mean"), message, |problem| {
                problem.label(format!("must be above 0 and below {highest}"))
            });
            return None;
        };
        self.positive_sd(sd, &path.key("sd"));
        if sd <= 0.0 {
            return None;
        }
        let counts = BetaBinomial::of_moments(highest, mean, sd);
        if counts.is_none() {
            let [least, most] = variances.map(|variance| show(variance.sqrt()));
            let message = format!("counts from 0 to {highest} with mean {} cannot have sd {}", show(mean), show(sd));
            self.report(codes::DISTRIBUTION, &path.key("sd"), message, |problem| {
                if highest == 1 {
                    problem.label("a count of at most 1 is a binary outcome: kind = \"binary\"")
                } else {
                    problem.label(format!("must be above {least} and below {most}")).help(format!(
                        "with {least} everybody would have the same chance on every day; with {most} everybody would have 0 or {highest}"
                    ))
                }
            });
        }
        counts
    }

    /// Levels have their shares, and severity is standard normal.
    pub(super) fn ordinal(&mut self, written: &WrittenOutcome, path: &KeyPath) -> Margin {
        let key = path.key("levels");
        self.require(&key, "levels = [\"much better\", \"a little better\", \"not better\"]");
        let levels = written.levels.clone().unwrap_or_default();
        if written.levels.is_some() {
            self.level_names(&levels, &key);
        }
        let baseline = self.baseline(written, path, &[("shares", "shares = [0.1, 0.3, 0.6]")]);
        let shares = baseline.shares.unwrap_or_default();
        let fine = self.shares_of_levels(
            &shares,
            written.levels.as_ref().map(Vec::len).filter(|n| LEVELS.contains(n)),
            &path.key("baseline").key("shares"),
        );
        let n = if levels.is_empty() { shares.len() } else { levels.len() };
        let logarithms: Vec<f64> = shares.iter().map(|share| ln(*share)).collect();
        let mean = || shares.iter().zip(1..).map(|(share, level)| share * f64::from(level)).sum();
        Margin {
            kind: OutcomeKind::Ordinal { levels },
            range: (n > 1).then_some([1.0, n as f64]),
            cuts: Some(if fine { cuts::of_ln_probabilities(&logarithms) } else { Vec::new() }),
            mean: fine.then(mean),
            ..Margin::default()
        }
    }

    fn level_names(&mut self, levels: &[String], path: &KeyPath) {
        if !LEVELS.contains(&levels.len()) {
            let [least, most] = [LEVELS.start(), LEVELS.end()];
            let message = format!("an ordinal outcome has {least} to {most} levels, but here {}", levels.len());
            self.report(codes::DISTRIBUTION, path, message, |problem| problem);
        }
        for (index, level) in levels.iter().enumerate() {
            if level.trim().is_empty() {
                self.report(codes::UNUSABLE_NAME, &path.index(index), "a level has no name", |problem| {
                    problem.help("write what readers are to see")
                });
            } else if levels[..index].contains(level) {
                let message = format!("level \"{level}\" is listed twice");
                self.report(codes::LISTED_TWICE, &path.index(index), message, |problem| problem);
            }
        }
    }

    /// Whether the shares of the levels are one for each, each above 0, and together 1.
    fn shares_of_levels(&mut self, shares: &[f64], n_levels: Option<usize>, path: &KeyPath) -> bool {
        let n_before = self.problems.len();
        if let Some(n_levels) = n_levels.filter(|&n| n != shares.len() && self.tree.has(path)) {
            let message =
                format!("`{path}` has {}, but there are {}", count(shares.len(), "number"), count(n_levels, "level"));
            self.report(codes::WRONG_LENGTH, path, message, |problem| problem.label("one share for each level"));
        }
        for (index, &share) in shares.iter().enumerate() {
            self.share(share, Within::Between, &path.index(index));
        }
        if self.problems.len() == n_before {
            self.adds_up_to_one(shares, path);
        }
        self.problems.len() == n_before && !shares.is_empty()
    }
}

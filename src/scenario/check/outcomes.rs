//! The tables `[outcomes.*]`: the scale of a score, its spread, its course without sessions.

use super::super::tree::KeyPath;
use super::super::{EffectModel, OutcomeTruth, WrittenOutcome, WrittenScenario, codes};
use super::{Check, Outline, count, show};
use crate::trial::Outcome;

/// More scores than any scale has; beyond them rounding to a step means nothing.
const MOST_SCORES: f64 = 1e6;

impl Check<'_> {
    /// Names of the outcomes in their order.
    pub(super) fn outcome_names(&mut self) -> Vec<String> {
        let path = KeyPath::of(&["outcomes"]);
        self.require(&path, "[outcomes.rdq] with range, baseline and so on below it");
        self.usable_names(&path, "outcome");
        let names = self.tree.keys(&path);
        if self.tree.has(&path) && names.is_empty() {
            self.report_key(codes::MISSING, &path, "there is no outcome in [outcomes]", |problem| {
                problem.help("for example: [outcomes.rdq] with range, baseline and so on below it")
            });
        }
        names
    }

    /// Every outcome with its truth, but for its effects.
    pub(super) fn outcomes(&mut self, written: &WrittenScenario, outline: &Outline) -> Vec<(Outcome, OutcomeTruth)> {
        let all = written.outcomes.clone().unwrap_or_default();
        let one = |name: &String| {
            let outcome = all.get(name).cloned().unwrap_or_default();
            let path = KeyPath::of(&["outcomes", name]);
            let truth = self.outcome_truth(&outcome, &path, outline);
            (self.scale(name, &outcome, &path), truth)
        };
        outline.outcomes.iter().map(one).collect()
    }

    fn scale(&mut self, name: &str, written: &WrittenOutcome, path: &KeyPath) -> Outcome {
        self.require(&path.key("range"), "range = [0, 23]");
        let range = written.range.as_ref().and_then(|range| self.range(range, &path.key("range")));
        let step = written.step.unwrap_or(1.0);
        if let Some([low, high]) = range {
            self.step(step, [low, high], path, written.step.is_some());
        }
        if let Some(meaningful) = written.meaningful {
            self.meaningful(meaningful, range, &path.key("meaningful"));
        }
        Outcome {
            name: name.to_owned(),
            label: written.label.clone().unwrap_or_else(|| name.to_owned()),
            range,
            step: (step > 0.0).then_some(step),
            better: Some(written.better.unwrap_or_default()),
            meaningful: written.meaningful,
            meaningful_source: written.meaningful_source.clone(),
            ..Outcome::default()
        }
    }

    fn range(&mut self, range: &[f64], path: &KeyPath) -> Option<[f64; 2]> {
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

    fn step(&mut self, step: f64, [low, high]: [f64; 2], path: &KeyPath, given: bool) {
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

    fn meaningful(&mut self, meaningful: f64, range: Option<[f64; 2]>, path: &KeyPath) {
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

    fn outcome_truth(&mut self, written: &WrittenOutcome, path: &KeyPath, outline: &Outline) -> OutcomeTruth {
        let baseline = path.key("baseline");
        if self.tree.lacks(&baseline) {
            self.require(&baseline, "baseline = { mean = 10, sd = 5 }");
        } else {
            self.require(&baseline.key("mean"), "mean = 10");
            self.require(&baseline.key("sd"), "sd = 5");
        }
        let mean_and_sd = written.baseline.clone().unwrap_or_default();
        let baseline_sd = mean_and_sd.sd.unwrap_or(1.0);
        self.positive_sd(baseline_sd, &baseline.key("sd"));
        let mut sd = vec![baseline_sd];
        sd.extend(self.follow_up_sd(written, path, outline, baseline_sd));
        let n_visits = outline.weeks.as_ref().map_or(0, Vec::len);
        let correlation =
            self.correlation(written.correlation.as_ref(), &path.key("correlation"), (n_visits, "visits"));
        let effect = EffectModel::Sessions { natural_course: None, arms: Vec::new() };
        OutcomeTruth { baseline_mean: mean_and_sd.mean.unwrap_or(0.0), sd, correlation, effect, cuts: None }
    }

    /// Standard deviation at each visit after baseline.
    fn follow_up_sd(&mut self, written: &WrittenOutcome, path: &KeyPath, outline: &Outline, baseline: f64) -> Vec<f64> {
        let n_visits = outline.n_after_baseline().unwrap_or(0);
        let follow_up = written.follow_up.clone().unwrap_or_default();
        let (one, many) = (path.key("follow_up").key("sd"), path.key("follow_up").key("sd_by_visit"));
        if self.tree.has(&one) && self.tree.has(&many) {
            let message = "`sd` and `sd_by_visit` are both given";
            self.report_key(codes::SPREAD, &many, message, |problem| problem.label("keep one of them"));
        }
        if let Some(sd) = follow_up.sd {
            self.positive_sd(sd, &one);
        }
        if let Some(by_visit) = follow_up.sd_by_visit {
            self.one_per_visit(by_visit.len(), &many, outline);
            for (index, &sd) in by_visit.iter().enumerate() {
                self.positive_sd(sd, &many.index(index));
            }
            return by_visit;
        }
        vec![follow_up.sd.unwrap_or(baseline); n_visits]
    }

    fn positive_sd(&mut self, sd: f64, path: &KeyPath) {
        if sd <= 0.0 {
            let message = format!("`{path}` must be above 0, but is {}", show(sd));
            self.report(codes::SPREAD, path, message, |problem| problem);
        }
    }

    /// Reports a list that has not one number for each visit after baseline.
    pub(super) fn one_per_visit(&mut self, length: usize, path: &KeyPath, outline: &Outline) {
        let Some(weeks) = outline.weeks.as_ref().filter(|weeks| !weeks.is_empty() && length != weeks.len() - 1) else {
            return;
        };
        let after: Vec<String> = weeks[1..].iter().map(|&week| show(week)).collect();
        let message = format!(
            "`{path}` has {}, but there {} {} after baseline",
            count(length, "number"),
            if weeks.len() == 2 { "is" } else { "are" },
            count(weeks.len() - 1, "visit")
        );
        self.report(codes::WRONG_LENGTH, path, message, |problem| {
            problem.label(format!("one number for each week after baseline: {}", after.join(", ")))
        });
    }
}

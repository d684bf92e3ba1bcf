//! The section `[priors]`: distributions that can be, of settings that are written and may be uncertain, within what these can be.

use super::super::adjustable::numbers_of_the_truth;
use super::super::keys::steps_of;
use super::super::schema::schema_of;
use super::super::tree::{Data, KeyPath, Node, Step};
use super::super::{Prior, PriorDistribution, WrittenPrior, WrittenScenario, codes, nearest};
use super::limits::{NEAR, possible};
use super::{Check, show};

/// The least share of a distribution that its ends may leave: with less, one of them is hardly meant.
const LEAST_SHARE: f64 = 0.01;

/// The four distributions, by their keys.
const DISTRIBUTIONS: [&str; 4] = ["normal", "lognormal", "beta", "uniform"];

impl Check<'_> {
    /// What is not known for certain, in the order of the file.
    pub(super) fn priors(&mut self, written: &WrittenScenario) -> Vec<Prior> {
        let Some(all) = written.priors.as_ref().filter(|all| !all.is_empty()) else { return Vec::new() };
        let known: Vec<KeyPath> =
            numbers_of_the_truth(self.tree, schema_of::<WrittenScenario>()).into_iter().map(|(path, _)| path).collect();
        let mut priors: Vec<Prior> = Vec::new();
        for (about, own) in all {
            let path = KeyPath::of(&["priors", about]);
            let settings = self.uncertain_settings(about, &path, &known);
            for setting in &settings {
                if let Some(other) = priors.iter().find(|other| other.settings.contains(setting)) {
                    let message = format!("`{setting}` has a prior already, `{}`", other.about);
                    self.report_key(codes::UNCERTAIN_SETTING, &path, message, |problem| {
                        problem.label("take one of them out")
                    });
                }
            }
            let Some(distribution) = self.distribution(own, &path) else { continue };
            priors.extend(self.prior(own, &path, (about, settings), distribution));
        }
        priors
    }

    /// The settings that a path stands for.
    fn uncertain_settings(&mut self, about: &str, path: &KeyPath, known: &[KeyPath]) -> Vec<KeyPath> {
        let pattern = typed_steps(about);
        let settings: Vec<KeyPath> = known.iter().filter(|known| matches(&pattern, known)).cloned().collect();
        if settings.is_empty() && !self.is_badly_written(&pattern) {
            let message = format!("no number that may be uncertain is written at `{about}`");
            // A path with `*` is told from others with `*`, one to a single list from its entries.
            let shown: Vec<String> = known.iter().map(|known| like(&pattern, known)).collect();
            let entry = shown.iter().find(|shown| shown.starts_with(&format!("{about}[")));
            let meant = entry.map(String::as_str).or_else(|| nearest(about, shown.iter().map(String::as_str)));
            self.report_key(codes::UNCERTAIN_SETTING, path, message, |problem| {
                problem.suggest(meant.map(str::to_owned)).help(
                    "priors are about numbers of the truth, by the path of --set; write the setting into the file \
                     first, or go without priors: -s priors={}",
                )
            });
        }
        settings
    }

    /// Whether something stands where a prior looks for a number, but is wrong or misspelt, which has been reported.
    fn is_badly_written(&self, pattern: &[String]) -> bool {
        let excused = |path: &KeyPath| {
            let steps = path.steps();
            steps.len() <= pattern.len() && steps.iter().zip(pattern).all(|(step, wanted)| fits(step, wanted))
        };
        let reported = |node: &&Node| {
            let places = [Some(node.place()), Some(node.key_place())];
            self.problems.iter().any(|problem| places.contains(&problem.place))
        };
        self.tree.excused.iter().any(excused) || on_the_way(&self.tree.root, pattern).iter().any(reported)
    }

    /// The one distribution of a prior, with parameters that it can have.
    fn distribution(&mut self, written: &WrittenPrior, path: &KeyPath) -> Option<PriorDistribution> {
        let given: Vec<&str> = DISTRIBUTIONS.into_iter().filter(|key| self.tree.has(&path.key(key))).collect();
        let key = match given[..] {
            [key] => key,
            [first, second, ..] => {
                let message = format!("a prior is `{first}` or `{second}`, not both");
                self.report_key(codes::PRIOR, &path.key(second), message, |problem| {
                    problem.label("take one of them out")
                });
                return None;
            }
            [] => {
                if DISTRIBUTIONS.iter().all(|key| self.tree.lacks(&path.key(key))) {
                    self.report_key(codes::PRIOR, path, "the prior has no distribution", |problem| {
                        problem.help("for example: { normal = { mean = -2.9, sd = 0.6 } }; or lognormal, beta, uniform")
                    });
                }
                return None;
            }
        };
        let here = path.key(key);
        match key {
            "normal" => {
                let own = written.normal.as_ref()?;
                let [mean, sd] = self.both(&here, [("mean", own.mean), ("sd", own.sd)], "mean = -2.9, sd = 0.6")?;
                self.above(0.0, sd, &here.key("sd"))?;
                Some(PriorDistribution::Normal { mean, sd })
            }
            "lognormal" => {
                let own = written.lognormal.as_ref()?;
                let both = [("median", own.median), ("ratio_95", own.ratio_95)];
                let [median, ratio_95] = self.both(&here, both, "median = 12, ratio_95 = 2")?;
                let (median_is_fine, ratio_is_fine) =
                    (self.above(0.0, median, &here.key("median")), self.above(1.0, ratio_95, &here.key("ratio_95")));
                median_is_fine.and(ratio_is_fine)?;
                Some(PriorDistribution::LogNormal { median, ratio_95 })
            }
            "beta" => {
                let own = written.beta.as_ref()?;
                let [mean, sd] = self.both(&here, [("mean", own.mean), ("sd", own.sd)], "mean = 0.8, sd = 0.1")?;
                self.beta(mean, sd, &here)
            }
            _ => {
                let own = written.uniform.as_ref()?;
                let [from, to] = self.both(&here, [("from", own.from), ("to", own.to)], "from = 8, to = 20")?;
                self.above(from, to, &here.key("to"))?;
                Some(PriorDistribution::Uniform { from, to })
            }
        }
    }

    /// Both parameters of a distribution, reported where they are missing.
    fn both(&mut self, path: &KeyPath, given: [(&str, Option<f64>); 2], example: &str) -> Option<[f64; 2]> {
        for (key, _) in given {
            self.require(&path.key(key), example);
        }
        Some([given[0].1?, given[1].1?])
    }

    fn above(&mut self, low: f64, value: f64, path: &KeyPath) -> Option<()> {
        if value > low {
            return Some(());
        }
        let key = path.last_key().unwrap_or_default();
        let message = format!("`{key}` must be above {}, but is {}", show(low), show(value));
        self.report(codes::PRIOR, path, message, |problem| match key {
            "ratio_95" => problem.label("2 says that 95 % lie between half the median and twice the median"),
            _ => problem,
        });
        None
    }

    fn beta(&mut self, mean: f64, sd: f64, path: &KeyPath) -> Option<PriorDistribution> {
        if !(mean > 0.0 && mean < 1.0) {
            let message = format!("the mean of a beta distribution lies between 0 and 1, but is {}", show(mean));
            self.report(codes::PRIOR, &path.key("mean"), message, |problem| {
                if mean > 1.0 && mean < 100.0 {
                    problem.label(format!("{} % is written {}", show(mean), show(mean / 100.0)))
                } else {
                    problem.help("for other numbers than shares take normal, lognormal or uniform")
                }
            });
            return None;
        }
        self.above(0.0, sd, &path.key("sd"))?;
        let most = (mean * (1.0 - mean)).sqrt();
        if sd >= most {
            let message = format!("with mean {} `sd` is below {}, but here it is {}", show(mean), show(most), show(sd));
            self.report(codes::PRIOR, &path.key("sd"), message, |problem| {
                problem.label("no numbers between 0 and 1 are further apart")
            });
            return None;
        }
        Some(PriorDistribution::Beta { mean, sd })
    }

    /// The distribution between its ends, which leave nothing that the settings cannot be.
    fn prior(
        &mut self,
        written: &WrittenPrior,
        path: &KeyPath,
        (about, settings): (&str, Vec<KeyPath>),
        distribution: PriorDistribution,
    ) -> Option<Prior> {
        let every = settings.iter().map(possible);
        let [low, high] =
            every.fold([f64::NEG_INFINITY, f64::INFINITY], |all, own| [all[0].max(own[0]), all[1].min(own[1])]);
        if let PriorDistribution::Uniform { .. } = distribution {
            for key in ["at_least", "at_most"] {
                if !self.tree.has(&path.key(key)) {
                    continue;
                }
                let message = format!("a uniform prior has its ends, and no `{key}` beside them");
                self.report_key(codes::PRIOR, &path.key(key), message, |problem| problem.label("take it out"));
            }
        }
        let cut = [written.at_least.unwrap_or(f64::NEG_INFINITY), written.at_most.unwrap_or(f64::INFINITY)];
        if cut[0] >= cut[1] {
            let message = format!("`at_most` must be above `at_least`, {}, but is {}", show(cut[0]), show(cut[1]));
            self.report(codes::PRIOR, &path.key("at_most"), message, |problem| problem);
            return None;
        }
        let [lowest, highest] = distribution.support();
        let [lowest, highest] = [lowest.max(cut[0]), highest.min(cut[1])];
        let (too_low, too_high) = (lowest < low - NEAR, highest > high + NEAR);
        if too_low || too_high {
            self.leaves_limits(path, settings.first(), [low, high], [too_low, too_high]);
            return None;
        }
        let prior =
            Prior { about: about.to_owned(), settings, distribution, ends: [low.max(cut[0]), high.min(cut[1])] };
        let share = prior.share_within();
        if share < LEAST_SHARE {
            let message = "hardly anything of the distribution lies between the ends of the prior".to_owned();
            self.report_key(codes::PRIOR, path, message, |problem| {
                problem.label(format!("{:.2} % of it, where at least 1 % is asked for", 100.0 * share))
            });
            return None;
        }
        Some(prior)
    }

    /// Reports a distribution with values that its setting cannot have.
    fn leaves_limits(&mut self, path: &KeyPath, setting: Option<&KeyPath>, limits: [f64; 2], wrong: [bool; 2]) {
        let [low, high] = limits.map(show);
        let setting = setting.map(ToString::to_string).unwrap_or_default();
        let beyond = match wrong {
            [true, true] => format!("below {low} and above {high}"),
            [true, false] => format!("below {low}"),
            _ => format!("above {high}"),
        };
        let remedy = match wrong {
            [true, true] => format!("at_least = {low} and at_most = {high}"),
            [true, false] => format!("at_least = {low}"),
            _ => format!("at_most = {high}"),
        };
        let message = format!("the prior can be {beyond}, which `{setting}` cannot");
        self.report_key(codes::PRIOR, path, message, |problem| {
            problem.help(format!("cut it off with {remedy}, or take lognormal, beta or uniform where these end there"))
        });
    }
}

/// The steps of a path as it is typed, positions in lists being steps of their own: `every_arm.0` and `every_arm[0]` alike.
fn typed_steps(about: &str) -> Vec<String> {
    let position = |step: &str| {
        let (name, rest) = step.split_once('[')?;
        let index: usize = rest.strip_suffix(']')?.parse().ok()?;
        Some([name.to_owned(), index.to_string()])
    };
    steps_of(about).into_iter().flat_map(|step| position(&step).map_or_else(|| vec![step], Vec::from)).collect()
}

fn matches(pattern: &[String], path: &KeyPath) -> bool {
    let steps = path.steps();
    steps.len() == pattern.len() && steps.iter().zip(pattern).all(|(step, wanted)| fits(step, wanted))
}

fn fits(step: &Step, wanted: &str) -> bool {
    wanted == "*"
        || match step {
            Step::Key(key) => key == wanted,
            Step::Index(index) => index.to_string() == wanted,
        }
}

/// A path with `*` wherever a pattern of the same length has it.
fn like(pattern: &[String], path: &KeyPath) -> String {
    let steps = path.steps();
    if steps.len() != pattern.len() || pattern.iter().all(|wanted| wanted != "*") {
        return path.to_string();
    }
    steps
        .iter()
        .zip(pattern)
        .fold(KeyPath::top(), |path, (step, wanted)| match step {
            _ if wanted == "*" => path.key("*"),
            Step::Key(key) => path.key(key),
            Step::Index(index) => path.index(*index),
        })
        .to_string()
        .replace("\"*\"", "*")
}

/// Everything that is written on the way that a pattern leads, and at its end.
fn on_the_way<'a>(node: &'a Node, pattern: &[String]) -> Vec<&'a Node> {
    let [wanted, rest @ ..] = pattern else { return Vec::new() };
    let below: Vec<&Node> = match &node.data {
        Data::Table(table) => {
            table.iter().filter(|(key, _)| wanted == "*" || *key == wanted).map(|(_, below)| below).collect()
        }
        Data::List(list) => {
            let wanted_index = |index: usize| wanted == "*" || index.to_string() == *wanted;
            list.iter().enumerate().filter(|(index, _)| wanted_index(*index)).map(|(_, below)| below).collect()
        }
        _ => Vec::new(),
    };
    below.into_iter().flat_map(|node| std::iter::once(node).chain(on_the_way(node, rest))).collect()
}

//! A `targets.toml` against its base: free settings that exist, targets that mean something, no more of the former than of the latter.

use super::super::tree::KeyPath;
use super::super::{
    Adjustable, FreeSetting, Problem, Quantity, Scenario, Target, Targets, WrittenBounds, WrittenFree, WrittenTarget,
    WrittenTargets, codes, nearest,
};
use super::limits::possible;
use super::{Check, PlanNames, count, show};
use crate::trial::Layout;

/// How near is near enough, in points.
const TOLERANCE: f64 = 0.001;

/// How near is near enough for a share of participants.
const TOLERANCE_OF_A_SHARE: f64 = 0.0001;

impl Check<'_> {
    /// The name of the base and its text's problems are dealt with before; here is what is asked of it.
    pub fn targets(&mut self, written: &WrittenTargets, base: Adjustable, scenario: &Scenario) -> Targets {
        let layout = &*scenario.design.layout;
        let free = self.free_settings(written, &base);
        let rows = KeyPath::of(&["target"]);
        self.require(
            &rows,
            "[[target]] with contrast = \"relaxation - usual_care\", outcome = \"rdq\", week = 10, value = -2.9",
        );
        let list = written.target.clone().unwrap_or_default();
        if written.target.is_some() && list.is_empty() {
            self.report(codes::TARGET, &rows, "there is no target", |problem| {
                problem.help("write a row [[target]] for each number to be met")
            });
        }
        let targets: Vec<Option<Target>> =
            list.iter().enumerate().map(|(index, target)| self.target(target, &rows.index(index), layout)).collect();
        if scenario.truth.missingness.depends_on.is_some() {
            self.no_retention(&list, &rows);
        }
        if free.len() > list.len() && !list.is_empty() {
            let message =
                format!("{} cannot be found from {}", count(free.len(), "free setting"), count(list.len(), "target"));
            self.report_key(codes::UNIDENTIFIED, &KeyPath::of(&["free"]), message, |problem| {
                problem.help("take settings out of `free`, so that they stay as assumptions, or add targets")
            });
        }
        Targets {
            title: written.title.clone().unwrap_or_default(),
            base_name: written.base.clone().unwrap_or_default(),
            base,
            free,
            targets: targets.into_iter().flatten().collect(),
        }
    }

    /// Where dropout depends on a score, the share still seen follows from nothing that is written down.
    fn no_retention(&mut self, list: &[WrittenTarget], rows: &KeyPath) {
        for (index, _) in list.iter().enumerate().filter(|(_, target)| target.retention.is_some()) {
            let path = rows.index(index).key("retention");
            let message = "retention cannot be a target: the base has `dropout.depends_on`";
            self.report(codes::TARGET, &path, message, |problem| {
                problem.help(
                    "who is seen then depends on the scores, and the share is known from simulation only: \
                     take this target out, or `depends_on` out of the base",
                )
            });
        }
    }

    fn free_settings(&mut self, written: &WrittenTargets, base: &Adjustable) -> Vec<FreeSetting> {
        let path = KeyPath::of(&["free"]);
        self.require(&path, "free = [\"arms.relaxation.effect.rdq.value\"]");
        if written.free.as_ref().is_some_and(Vec::is_empty) {
            self.report(codes::FREE_SETTING, &path, "no setting is free", |problem| {
                problem.help("name the settings that may change")
            });
        }
        let numbers = base.numbers();
        let mut free: Vec<FreeSetting> = Vec::new();
        for (index, entry) in written.free.iter().flatten().enumerate() {
            let here = path.index(index);
            let (bounds, key_path) = match entry {
                WrittenFree::Key(key) => {
                    (WrittenBounds { key: Some(key.clone()), ..WrittenBounds::default() }, here.clone())
                }
                WrittenFree::Bounded(bounds) => (bounds.clone(), here.key("key")),
            };
            self.require(&key_path, "key = \"arms.relaxation.effect.rdq.value\"");
            let Some(key) = &bounds.key else { continue };
            let Some((setting, start)) = numbers.iter().find(|(path, _)| path.to_string() == *key) else {
                self.unknown_setting(key, &key_path, &numbers);
                continue;
            };
            if free.iter().any(|other| other.path == *setting) {
                let message = format!("`{key}` is listed twice");
                self.report(codes::LISTED_TWICE, &key_path, message, |problem| problem.label("take one of them out"));
                continue;
            }
            let limits = self.limits(&bounds, &key_path, setting, *start);
            let place = self.tree.place(&key_path);
            free.push(FreeSetting { path: setting.clone(), start: *start, bounds: limits, place });
        }
        free
    }

    fn unknown_setting(&mut self, key: &str, path: &KeyPath, numbers: &[(KeyPath, f64)]) {
        let known: Vec<String> = numbers.iter().map(|(path, _)| path.to_string()).collect();
        let below = known.iter().find(|known| known.starts_with(&format!("{key}[")));
        let meant = below.map(String::as_str).or_else(|| nearest(key, known.iter().map(String::as_str)));
        let message = format!("the base has no number that can be free at `{key}`");
        self.report(codes::FREE_SETTING, path, message, |problem| {
            problem.suggest(meant).help(
                "a free setting is a finite number of the truth, written in the base (`linger show`), with its starting value; \
                 an entry of a list is named by its position, as in dropout.every_arm[0]",
            )
        });
    }

    /// Bounds as written, within what the setting can be at all.
    fn limits(&mut self, written: &WrittenBounds, path: &KeyPath, setting: &KeyPath, start: f64) -> [f64; 2] {
        let [low, high] = possible(setting);
        let [low, high] = [written.at_least.unwrap_or(low).max(low), written.at_most.unwrap_or(high).min(high)];
        if low >= high {
            let message = format!("`{setting}` has no room between {} and {}", show(low), show(high));
            self.report(codes::FREE_SETTING, path, message, |problem| {
                problem.help("`at_least` must be below `at_most`, and both within what the setting allows")
            });
        } else if !(low..=high).contains(&start) {
            let message =
                format!("`{setting}` starts at {}, outside its bounds {} to {}", show(start), show(low), show(high));
            self.report(codes::FREE_SETTING, path, message, |problem| {
                problem.help(format!("widen the bounds, or start elsewhere: -s {setting}=…"))
            });
        }
        [low, high]
    }

    fn target(&mut self, written: &WrittenTarget, path: &KeyPath, layout: &Layout) -> Option<Target> {
        let kind = self.kind(path)?;
        if kind != "retention" {
            self.require(&path.key("outcome"), "outcome = \"rdq\"");
        }
        self.require(&path.key("week"), "week = 10");
        self.require(&path.key("value"), "value = -2.9");
        let quantity = self.quantity(kind, written, path, layout);
        let week = self.target_week(kind, written, path, layout);
        self.is_recorded(quantity, week, path, layout);
        let value = self.target_value(kind, written, path);
        let tolerance = written.tolerance.unwrap_or(if kind == "retention" { TOLERANCE_OF_A_SHARE } else { TOLERANCE });
        if tolerance <= 0.0 {
            let message = format!("`tolerance` must be above 0, but is {}", show(tolerance));
            self.report(codes::TARGET, &path.key("tolerance"), message, |problem| {
                problem.help("leave it out for the usual one")
            });
        }
        let place = self.tree.place(&path.key("value"));
        Some(Target {
            quantity: quantity?,
            week: week?,
            value: value?,
            tolerance,
            source: written.source.clone(),
            place,
        })
    }

    /// Which of the four kinds a target is.
    fn kind(&mut self, path: &KeyPath) -> Option<&'static str> {
        const KINDS: [&str; 4] = ["contrast", "mean", "sd", "retention"];
        let given: Vec<&str> = KINDS.into_iter().filter(|kind| self.tree.has(&path.key(kind))).collect();
        match given[..] {
            [kind] => return Some(kind),
            [first, second, ..] => {
                let message = format!("a target is a `{first}` or a `{second}`, not both");
                self.report_key(codes::TARGET, &path.key(second), message, |problem| {
                    problem.help("write a row [[target]] for each")
                });
            }
            [] if KINDS.iter().all(|kind| self.tree.lacks(&path.key(kind))) => {
                self.report_key(codes::TARGET, path, "the target does not say what it is of", |problem| {
                    problem.help(
                        "give contrast = \"relaxation - usual_care\", or mean, sd or retention with the name of an arm",
                    )
                });
            }
            [] => {}
        }
        None
    }

    fn quantity(&mut self, kind: &str, written: &WrittenTarget, path: &KeyPath, layout: &Layout) -> Option<Quantity> {
        let arms: Vec<String> = layout.arms.iter().map(|arm| arm.name.clone()).collect();
        let outcomes: Vec<String> = layout.outcomes.iter().map(|outcome| outcome.name.clone()).collect();
        let mut named = |name: Option<&String>, key: &str, among: &[String], what: &str| {
            let name = name?;
            let place = self.tree.place_within(&path.key(key), 0..name.len());
            self.position(name, among, what, place)
        };
        let outcome = named(written.outcome.as_ref(), "outcome", &outcomes, "an outcome of this name");
        let arm_of = match kind {
            "mean" => &written.mean,
            "sd" => &written.sd,
            "retention" => &written.retention,
            _ => &None,
        };
        let arm = named(arm_of.as_ref(), kind, &arms, "an arm of this name");
        match kind {
            "contrast" => {
                let names = PlanNames::of_layout((&arms, &outcomes, &[]), Vec::new(), layout);
                let contrast = self.contrast(written.contrast.as_ref()?, &path.key("contrast"), &names)?;
                Some(Quantity::Contrast { outcome: outcome?, contrast })
            }
            "mean" => Some(Quantity::Mean { outcome: outcome?, arm: arm? }),
            "sd" => Some(Quantity::Sd { outcome: outcome?, arm: arm? }),
            _ => {
                if self.tree.has(&path.key("outcome")) {
                    let message = "retention is of an arm, whatever the outcome";
                    self.report_key(codes::TARGET, &path.key("outcome"), message, |problem| {
                        problem.label("take it out")
                    });
                }
                let visit = layout.visits.iter().position(|visit| Some(visit.week) == written.week);
                Some(Quantity::Retention { arm: arm?, visit: visit? })
            }
        }
    }

    fn target_week(&mut self, kind: &str, written: &WrittenTarget, path: &KeyPath, layout: &Layout) -> Option<f64> {
        let week = written.week?;
        let weeks: Vec<f64> = layout.visits.iter().map(|visit| visit.week).collect();
        let last = weeks.last().copied().unwrap_or(0.0);
        let fine = if kind == "retention" { weeks.contains(&week) } else { (0.0..=last).contains(&week) };
        if !fine {
            let visits = weeks.iter().map(|&week| show(week)).collect::<Vec<_>>().join(", ");
            let message = match kind {
                "retention" => format!("there is no visit at week {}", show(week)),
                _ => format!("week {} is not between baseline and the last visit", show(week)),
            };
            self.report(codes::TARGET, &path.key("week"), message, |problem| {
                problem.help(format!("visits are at weeks {visits}"))
            });
        }
        fine.then_some(week)
    }

    /// Reports a target in a week in which nothing is recorded of its outcome.
    fn is_recorded(&mut self, quantity: Option<Quantity>, week: Option<f64>, path: &KeyPath, layout: &Layout) {
        let outcome = match quantity {
            Some(
                Quantity::Contrast { outcome, .. } | Quantity::Mean { outcome, .. } | Quantity::Sd { outcome, .. },
            ) => outcome,
            Some(Quantity::Retention { .. }) | None => return,
        };
        let about = &layout.outcomes[outcome];
        if week == Some(0.0) && !about.at_baseline {
            let message = format!("`{}` is not recorded at baseline", about.name);
            self.report(codes::TARGET, &path.key("week"), message, |problem| {
                problem.help("give a week after baseline")
            });
        }
    }

    fn target_value(&mut self, kind: &str, written: &WrittenTarget, path: &KeyPath) -> Option<f64> {
        let value = written.value?;
        let wrong = match kind {
            "sd" if value <= 0.0 => "a standard deviation is above 0",
            "retention" if !(0.0..=1.0).contains(&value) => "a share still seen lies between 0 and 1",
            _ => return Some(value),
        };
        self.report(codes::TARGET, &path.key("value"), format!("{wrong}, but here is {}", show(value)), |problem| {
            if kind == "retention" && value > 1.0 && value <= 100.0 {
                problem.label(format!("{} % is written {}", show(value), show(value / 100.0)))
            } else {
                problem.help("give the number as it was recorded or published")
            }
        });
        None
    }

    /// Reports a base that is neither a file nor built in.
    pub fn unknown_base(&mut self, name: &str, built_in: &[&str]) {
        let path = KeyPath::of(&["base"]);
        let problem =
            Problem::new(codes::UNKNOWN_NAME, format!("there is no scenario `{name}`: neither a file nor built in"))
                .at(self.tree.place(&path))
                .suggest(nearest(name, built_in.iter().copied()))
                .help(format!(
                    "a file is looked for from the folder of this one; built-in scenarios: {}",
                    built_in.join(", ")
                ));
        self.problems.push(problem);
    }

    /// Reports that the base is not named.
    pub fn base_is_named(&mut self) {
        self.require(&KeyPath::of(&["base"]), "base = \"chronic-low-back-pain\"");
    }
}

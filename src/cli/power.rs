//! `linger power`: how large a trial must be, by simulation and by formula, and how sure it is to succeed.

mod bars;
mod documents;
mod tables;

use anyhow::{Result, bail};

use super::NotMet;
use super::arguments::{Format, Power};
use super::output::Console;
use super::progress::stop_keeps_nothing;
use super::source::{DEFAULT_SCENARIO, Settings, quoted, say_which, scenario_source};
use super::tables::Look;
use crate::dataset;
use crate::operating_characteristics::sample_size::{
    AllocationSearch, Answer, Approximation, Assurance, CannotVary, Goal, Question, Search, Setting, Trials, Varied,
    assurance, power_rows, recompute, search, search_allocation, search_assurance, share_rows,
};
use crate::report::numbers::fixed;
use crate::report::power_words::{self, Asked, percent};
use crate::scenario::{self, Loaded, PUBLISHED_TRIALS, Problems, built_in_list};

/// Power that is asked for where nobody says which.
pub(super) const DEFAULT_TARGET: f64 = 0.9;

/// Half-widths of intervals, as shares of the answer: of sizes, and of sizes for assurance, which rises slowly with them.
const PRECISION: f64 = 0.025;
const PRECISION_OF_ASSURANCE: f64 = 0.1;

/// The largest number that may be asked for by --max-n.
const MOST_N: u64 = 1_000_000;

/// Simulated trials of an assurance, and of the power beside it.
const TRIALS_OF_ASSURANCE: u64 = 4_096;

/// Runs the verb.
pub fn run(verb: Power, settings: &Settings, console: &Console) -> Result<()> {
    let format = console.format()?;
    if verb.protocol {
        settings.none("the protocol's figures rest on its own assumptions")?;
        return protocol(format, console);
    }
    let asking = Asking::new(verb, settings, console)?;
    stop_keeps_nothing();
    if asking.verb.vary == "allocation" {
        asking.allocation(format, console)
    } else if asking.verb.assurance {
        asking.assurance(format, console)
    } else {
        asking.size(format, console)
    }
}

/// A scenario with a question.
struct Asking<'a> {
    verb: Power,
    settings: &'a Settings,
    varied: Varied,
    question: Question,
}

impl<'a> Asking<'a> {
    fn new(verb: Power, settings: &'a Settings, console: &Console) -> Result<Self> {
        if verb.vary == "allocation" && verb.assurance {
            bail!("--assurance and --vary allocation do not go together: leave one of them out");
        }
        let setting = match verb.vary.as_str() {
            "n" | "allocation" => Setting::PerArm,
            path => Setting::Path(path.to_owned()),
        };
        let source = scenario_source(verb.scenario.as_deref())?;
        let varied = Varied::new(source, settings.for_scenario(), setting).map_err(refused)?;
        say_which(varied.base(), verb.scenario.as_deref(), console);
        let scenario = &varied.base().scenario;
        if verb.assurance && scenario.priors.is_empty() {
            return Err(without_priors(varied.base()));
        }
        let least = *varied.range(verb.max_n).start();
        if verb.max_n < least {
            bail!("--max-n {}: the scenario allows no fewer than {least}", verb.max_n);
        }
        let (outcome, contrast) = (verb.outcome.as_deref(), verb.contrast.as_deref());
        let question = Question::find(scenario, outcome, verb.week, contrast, verb.adjusted)?;
        Ok(Self { verb, settings, varied, question })
    }

    fn asked(&self) -> Asked<'_> {
        Asked { scenario: &self.varied.base().scenario, question: self.question }
    }

    fn goal(&self, precision: f64) -> Goal {
        Goal {
            precision: self.verb.precision.unwrap_or(precision),
            most_replicates: self.verb.replicates,
            ..Goal::reach(self.verb.target.unwrap_or(DEFAULT_TARGET))
        }
    }

    /// The smallest number that reaches the target power.
    fn size(&self, format: Format, console: &Console) -> Result<()> {
        let (varied, question) = (&self.varied, self.question);
        let found = search(self.goal(PRECISION), varied.range(self.verb.max_n), varied.own(), |value, replicates| {
            Ok::<_, Problems>((Trials::new(varied.scenario(value)?, question).run(replicates), 1.0))
        })?;
        let formula = Formula::of(self, &found);
        let sized = Sized { asking: self, found: &found, formula: formula.as_ref() };
        console.result(&match format {
            Format::Table => sized.tables(Look::Terminal),
            Format::Md => sized.tables(Look::Markdown),
            Format::Csv => dataset::rows_to_csv(&power_rows(varied, &found.points))?,
            Format::Json => sized.json()?,
        })?;
        let closed_form = formula.as_ref().and_then(|formula| formula.value);
        let words = power_words::found(self.asked(), varied, &found, closed_form, false);
        let failures = power_words::without_estimate(&found);
        self.say(format, console, &[Some(words), failures, self.asked().warning()], &self.next_after(&found));
        self.require(&found, None)
    }

    /// Assurance at the scenario's own size, and the size that reaches a target if one is given.
    fn assurance(&self, format: Format, console: &Console) -> Result<()> {
        let (varied, question) = (&self.varied, self.question);
        let averaged = assurance(varied, varied.own(), question, TRIALS_OF_ASSURANCE)?;
        let as_written = Trials::new(varied.base().scenario.clone(), question).run(0..TRIALS_OF_ASSURANCE);
        let as_written = as_written.successes.share().unwrap_or(0.0);
        let found = match self.verb.target {
            Some(_) => Some(search_assurance(varied, question, self.goal(PRECISION_OF_ASSURANCE), self.verb.max_n)?),
            None => None,
        };
        let assured = Assured { asking: self, averaged: &averaged, as_written, found: found.as_ref() };
        console.result(&match format {
            Format::Table => assured.tables(Look::Terminal),
            Format::Md => assured.tables(Look::Markdown),
            Format::Csv => {
                let points = found.as_ref().map_or(std::slice::from_ref(&averaged.point), |found| &found.points);
                dataset::rows_to_csv(&power_rows(varied, points))?
            }
            Format::Json => assured.json()?,
        })?;
        let words = power_words::assurance(self.asked(), &averaged, as_written);
        let size = found.as_ref().map(|found| self.found_of_assurance(&averaged, found));
        let next = match &found {
            Some(found) if self.is_above_ceiling(&averaged, found) => {
                format!(
                    "  linger show {}{}   the priors, from which the ceiling comes\n",
                    self.name(),
                    self.settings.as_arguments()
                )
            }
            Some(found) => self.next_after(found),
            None => format!("  linger power {}{} --assurance --target 0.7\n", self.name(), self.again()),
        };
        let failures = found.as_ref().and_then(power_words::without_estimate);
        self.say(format, console, &[Some(words), size, failures], &next);
        found.as_ref().map_or(Ok(()), |found| self.require(found, Some(&averaged)))
    }

    /// Whether a search found nothing because no size reaches so much.
    fn is_above_ceiling(&self, averaged: &Assurance, found: &Search) -> bool {
        found.answer.value().is_none() && power_words::exceeds_ceiling(averaged, found.goal.target)
    }

    /// What a search for an assurance found, in one sentence.
    fn found_of_assurance(&self, averaged: &Assurance, found: &Search) -> String {
        if self.is_above_ceiling(averaged, found) {
            return power_words::above_ceiling(self.asked(), averaged, found.goal.target);
        }
        power_words::found(self.asked(), &self.varied, found, None, true)
    }

    /// The share of the reference arm that needs fewest participants in all.
    fn allocation(&self, format: Format, console: &Console) -> Result<()> {
        let source = scenario_source(self.verb.scenario.as_deref())?;
        let (overrides, goal) = (self.settings.for_scenario(), self.goal(PRECISION));
        let found = search_allocation(&source, &overrides, self.question, goal, self.verb.max_n).map_err(refused)?;
        let allocated = Allocated { asking: self, found: &found };
        console.result(&match format {
            Format::Table => allocated.tables(Look::Terminal),
            Format::Md => allocated.tables(Look::Markdown),
            Format::Csv => dataset::rows_to_csv(&share_rows(&found))?,
            Format::Json => allocated.json()?,
        })?;
        let words = power_words::allocation(self.asked(), &found);
        let next = format!("  linger power {}{}\n", self.name(), self.again());
        self.say(format, console, &[Some(words), self.asked().warning()], &next);
        match found.best() {
            None if self.verb.require => {
                let searches = || found.tried.iter().map(|tried| &tried.search);
                let is_out_of_reach = |search: &Search| matches!(search.answer, Answer::OutOfReach { .. });
                Err(NotMet(if searches().all(is_out_of_reach) {
                    self.out_of_reach(self.verb.max_n)
                } else {
                    self.not_settled(searches().map(|search| search.n_replicates).sum())
                })
                .into())
            }
            _ => Ok(()),
        }
    }

    /// The scenario as the user named it.
    fn name(&self) -> String {
        quoted(self.verb.scenario.as_deref().unwrap_or(DEFAULT_SCENARIO))
    }

    /// The question as arguments, for commands that are suggested next.
    fn again(&self) -> String {
        let mut text = self.settings.as_arguments();
        let options = [("--outcome", &self.verb.outcome), ("--contrast", &self.verb.contrast)];
        for (option, value) in options {
            text.push_str(&value.as_ref().map(|value| format!(" {option} {}", quoted(value))).unwrap_or_default());
        }
        text.push_str(&self.verb.week.map(|week| format!(" --week {week}")).unwrap_or_default());
        text.push_str(if self.verb.adjusted { " --adjusted" } else { "" });
        text
    }

    /// What to do after a search.
    fn next_after(&self, found: &Search) -> String {
        let (name, again) = (self.name(), self.again());
        let target = self.verb.target.map(|target| format!(" --target {target}")).unwrap_or_default();
        let vary = if self.verb.vary == "n" { String::new() } else { format!(" --vary {}", quoted(&self.verb.vary)) };
        let assurance = if self.verb.assurance { " --assurance" } else { "" };
        let same = format!("linger power {name}{again}{target}{vary}{assurance}");
        match found.answer {
            Answer::Unsettled { .. } => more_trials(&same, self.verb.replicates),
            Answer::OutOfReach { value, is_certain } => {
                let larger = value.saturating_mul(4).min(MOST_N);
                // Where the scenario itself allows no more, a larger --max-n is of no use.
                let further = if value == self.verb.max_n && larger > value {
                    format!("  {same} --max-n {larger}\n")
                } else {
                    format!("  linger power {name}{again} --target {}   a smaller target\n", found.goal.target / 2.0)
                };
                let more = if is_certain { String::new() } else { more_trials(&same, self.verb.replicates) };
                format!("{more}{further}")
            }
            _ => {
                let finer = found.goal.precision / 2.0;
                let trials = found.n_replicates.saturating_mul(6);
                let size = self.with_the_answer(found);
                let priors = match self.varied.base().scenario.priors.is_empty() || self.verb.assurance {
                    true => String::new(),
                    false => {
                        format!("  linger power {name}{again} --assurance   what is not known for certain counted\n")
                    }
                };
                format!("{size}{priors}  {same} --precision {finer} --replicates {trials}   an interval half as wide\n")
            }
        }
    }

    /// A trial of the size that was found.
    fn with_the_answer(&self, found: &Search) -> String {
        let (Some(value), Setting::PerArm) = (found.answer.value(), self.varied.setting()) else {
            return String::new();
        };
        let arms = &self.varied.base().scenario.design.layout.arms;
        let sizes = arms.iter().zip(self.varied.sizes(value));
        let sizes: Vec<String> = sizes.map(|(arm, n)| format!("{} = {n}", arm.name)).collect();
        let set = quoted(&format!("trial.per_arm={{ {} }}", sizes.join(", ")));
        format!("  linger trial {}{} -s {set}\n", self.name(), self.settings.as_arguments())
    }

    /// Words and next steps beside a result for people.
    fn say(&self, format: Format, console: &Console, words: &[Option<String>], next: &str) {
        if matches!(format, Format::Table | Format::Md) {
            let words: String = words.iter().flatten().map(|words| format!("  {words}\n")).collect();
            console.note(&format!("\nIn words\n{words}Next\n{next}"));
        }
    }

    /// Refuses an answer that is none, where one is required.
    fn require(&self, found: &Search, averaged: Option<&Assurance>) -> Result<()> {
        if !self.verb.require {
            return Ok(());
        }
        let ceiling = averaged.filter(|averaged| self.is_above_ceiling(averaged, found));
        let message = match (found.answer, ceiling.and_then(|averaged| averaged.ceiling.share())) {
            (Answer::Reached { .. } | Answer::AtOnce { .. }, _) => return Ok(()),
            (_, Some(ceiling)) => {
                format!("{} is required and exceeds the ceiling of assurance, {}", self.target(), fixed(ceiling, 3))
            }
            (Answer::Unsettled { .. }, None) => self.not_settled(found.n_replicates),
            (Answer::OutOfReach { value, .. }, None) => self.out_of_reach(value),
        };
        Err(NotMet(message).into())
    }

    fn target(&self) -> String {
        percent(self.verb.target.unwrap_or(DEFAULT_TARGET))
    }

    /// The message where nothing up to the largest number reaches the target.
    fn out_of_reach(&self, largest: u64) -> String {
        let up_to = match self.verb.max_n {
            own if own == largest => format!("--max-n {own}"),
            _ => format!("{largest}, the most that the scenario allows"),
        };
        format!("{} is required and out of reach up to {up_to}", self.target())
    }

    /// The message where the trials were used up first.
    fn not_settled(&self, trials: u64) -> String {
        format!("{} is required and not settled with {trials} simulated trials: raise --replicates", self.target())
    }
}

/// What the formula says beside the simulation, where participants are varied.
struct Formula {
    approximation: Approximation,
    /// The smallest number that reaches the target, if one does.
    value: Option<u64>,
}

impl Formula {
    fn of(asking: &Asking, found: &Search) -> Option<Self> {
        let (varied, max) = (&asking.varied, asking.verb.max_n);
        if !matches!(varied.setting(), Setting::PerArm) {
            return None;
        }
        let approximation = Approximation::of(&varied.base().scenario, asking.question)?;
        let value = approximation.smallest(found.goal.target, [2, max], |n| varied.sizes(n));
        Some(Self { approximation, value })
    }
}

/// A size that was searched.
struct Sized<'a> {
    asking: &'a Asking<'a>,
    found: &'a Search,
    formula: Option<&'a Formula>,
}

/// An assurance, and the size that reaches a target if one was searched.
struct Assured<'a> {
    asking: &'a Asking<'a>,
    averaged: &'a Assurance,
    /// Power if everything is as it is written.
    as_written: f64,
    found: Option<&'a Search>,
}

/// An allocation that was searched.
struct Allocated<'a> {
    asking: &'a Asking<'a>,
    found: &'a AllocationSearch,
}

/// The same question with more trials.
fn more_trials(same: &str, trials: u64) -> String {
    let more = trials.saturating_mul(8).min(u64::from(u32::MAX));
    format!("  {same} --replicates {more}   more simulated trials\n")
}

/// Refuses to average over priors that a scenario does not have, with an example in its own settings and who has some.
fn without_priors(base: &Loaded) -> anyhow::Error {
    let effect = base.settings.iter().find_map(|setting| {
        let value = setting.value.parse::<f64>().ok().filter(|value| *value != 0.0)?;
        let is_effect = matches!(*setting.path.key_names(), ["arms", _, "effect", _, "value"]);
        is_effect.then(|| (setting.path.to_string(), value))
    });
    let (path, value) = effect.unwrap_or_else(|| ("arms.ARM.effect.OUTCOME.value".to_owned(), -2.0));
    let has_priors = |built_in: &&scenario::BuiltIn| {
        scenario::read(built_in.source(), &[]).is_ok_and(|loaded| !loaded.scenario.priors.is_empty())
    };
    let names: Vec<&str> = built_in_list().iter().filter(has_priors).map(|built_in| built_in.name).collect();
    anyhow::anyhow!(
        "--assurance: the scenario has no [priors]; say there what is not known for certain, e.g.\n  [priors]\n  \"{path}\" = {{ normal = {{ mean = {value}, sd = {} }} }}\nor leave --assurance out; built-in scenarios with priors: {}",
        fixed(value.abs() / 3.0, 2),
        names.join(", ")
    )
}

/// Problems as they are, so that they are drawn with their places; other reasons in words.
fn refused(reason: CannotVary) -> anyhow::Error {
    match reason {
        CannotVary::Problems(problems) => problems.into(),
        CannotVary::NotWhole(..) | CannotVary::Absent(_) | CannotVary::NoSuch(_) => anyhow::anyhow!("--vary: {reason}"),
        CannotVary::BlocksHoldARatio => anyhow::anyhow!("--vary allocation: {reason}"),
    }
}

/// The protocol's figures, recomputed.
fn protocol(format: Format, console: &Console) -> Result<()> {
    let trial = &PUBLISHED_TRIALS[0];
    let claims = recompute(trial);
    console.result(&match format {
        Format::Table => tables::protocol(Look::Terminal, trial, &claims),
        Format::Md => tables::protocol(Look::Markdown, trial, &claims),
        Format::Csv => dataset::rows_to_csv(&documents::claim_rows(&claims))?,
        Format::Json => documents::protocol(trial, &claims)?,
    })?;
    if matches!(format, Format::Table | Format::Md) {
        let words = power_words::protocol(&claims);
        console.note(&format!(
            "\nIn words\n  {words}\nNext\n  linger power --week 10   the built-in trial instead, simulated\n"
        ));
    }
    Ok(())
}

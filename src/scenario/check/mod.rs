//! The meaning of a scenario or plan: names, ranges, contradictions. Each part is resolved as far as it goes, so that all problems are found.
//!
//! What a check returns is valid only if it reported nothing; where it did, placeholders stand in for what is wrong.

mod arms;
mod columns;
mod correlation;
mod dropout;
mod effects;
mod entry;
mod names;
mod outcomes;
mod plan;
mod targets;
mod trial;

use super::tree::{KeyPath, Tree};
use super::{
    AdverseEvents, Design, EffectModel, Missingness, OutcomeTruth, PUBLISHED_TRIALS, Plan, Problem, Problems,
    PublishedTrial, Scenario, Simulation, Truth, WrittenPlan, WrittenScenario, codes, nearest,
};
use crate::trial::{Arm, Layout, Outcome, Visit};
use std::sync::Arc;

pub(super) use plan::PlanNames;

/// A check in progress: where things are written, and what has been found so far.
pub(super) struct Check<'a> {
    tree: &'a mut Tree,
    problems: &'a mut Problems,
}

/// What the parts of a scenario refer to: its arms, outcomes and visits.
struct Outline {
    arms: Vec<String>,
    outcomes: Vec<String>,
    weeks: Option<Vec<f64>>,
}

impl Outline {
    /// Number of visits after baseline, if the visits could be read.
    fn n_after_baseline(&self) -> Option<usize> {
        self.weeks.as_ref().map(|weeks| weeks.len().saturating_sub(1))
    }
}

impl<'a> Check<'a> {
    /// A check that adds what it finds to the problems.
    pub fn new(tree: &'a mut Tree, problems: &'a mut Problems) -> Self {
        Self { tree, problems }
    }

    /// Checks a whole scenario. Its hash is left empty.
    pub fn scenario(&mut self, written: &WrittenScenario) -> Scenario {
        self.version(written);
        let trial = written.trial.clone().unwrap_or_default();
        let per_arm = self.per_arm(&trial);
        let weeks = self.visits(&trial);
        let outcome_names = self.outcome_names();
        let outline =
            Outline { arms: per_arm.iter().map(|(name, _)| name.clone()).collect(), outcomes: outcome_names, weeks };
        let outcomes = self.outcomes(written, &outline);
        let arms = self.arms(written, &outline);
        let truth = self.truth(written, &outline, &arms, &outcomes);
        let plan = self.scenario_plan(written, &outline, &arms);
        let entry = self.entry(&trial, &outcomes);
        let block_size = self.block_size(&trial, outline.arms.len());
        let visits = outline.weeks.iter().flatten().map(|&week| Visit { week }).collect();
        let layout = Layout { arms, visits, outcomes: outcomes.into_iter().map(|(outcome, _)| outcome).collect() };
        Scenario {
            title: written.title.clone().unwrap_or_else(|| "Untitled trial".to_owned()),
            story: written.story.clone().unwrap_or_default(),
            design: Design {
                layout: Arc::new(layout),
                per_arm: per_arm.into_iter().map(|(_, size)| size).collect(),
                entry,
                exclusions: Vec::new(),
                characteristics: Vec::new(),
                block_size,
                allocation: None,
            },
            truth,
            plan,
            published: self.published(written),
            simulation: self.simulation(written),
            hash: String::new(),
        }
    }

    /// The published trial of that name.
    fn published(&mut self, written: &WrittenScenario) -> Option<PublishedTrial> {
        let name = written.published.as_deref()?;
        let found = PublishedTrial::named(name);
        if found.is_none() {
            let known = || PUBLISHED_TRIALS.iter().map(|trial| trial.name);
            let message = format!("no published trial is called `{name}`");
            self.report(codes::UNKNOWN_NAME, &KeyPath::of(&["published"]), message, |problem| {
                problem
                    .suggest(nearest(name, known()))
                    .help(format!("published trials: {}", known().collect::<Vec<_>>().join(", ")))
            });
        }
        found
    }

    fn version(&mut self, written: &WrittenScenario) {
        if let Some(version) = written.schema_version
            && version != 1
        {
            let message = format!("schema_version {version} is not known");
            self.report(codes::SCHEMA_VERSION, &KeyPath::of(&["schema_version"]), message, |problem| {
                problem.label("this program reads version 1")
            });
        }
    }

    fn truth(
        &mut self,
        written: &WrittenScenario,
        outline: &Outline,
        arms: &[Arm],
        outcomes: &[(Outcome, OutcomeTruth)],
    ) -> Truth {
        let effects: Vec<EffectModel> = self.effects(written, outline, arms);
        let truths = outcomes.iter().zip(effects).map(|((_, truth), effect)| OutcomeTruth { effect, ..truth.clone() });
        let truths = truths.collect();
        let path = KeyPath::of(&["between_outcomes"]);
        let size = (outcomes.len(), "outcomes");
        let between_outcomes = self.correlation(written.between_outcomes.as_ref(), &path, size);
        Truth {
            outcomes: truths,
            between_outcomes,
            dropout: self.dropout(written, outline),
            missingness: Missingness::default(),
            attendance: vec![None; arms.len()],
            adverse_events: AdverseEvents::default(),
            therapists: None,
            co_interventions: Vec::new(),
            events: Vec::new(),
        }
    }

    fn scenario_plan(&mut self, written: &WrittenScenario, outline: &Outline, arms: &[Arm]) -> Plan {
        let names = PlanNames {
            arms: &outline.arms,
            outcomes: &outline.outcomes,
            covariates: None,
            reference: arms.iter().position(|arm| arm.reference).unwrap_or(arms.len().saturating_sub(1)),
        };
        let plan = written.analysis.clone().unwrap_or_default();
        self.plan(&plan, &KeyPath::of(&["analysis"]), &names)
    }

    /// Checks an analysis plan on its own.
    pub fn plan_alone(&mut self, written: &WrittenPlan, names: &PlanNames<'_>) -> Plan {
        self.plan(written, &KeyPath::top(), names)
    }

    fn simulation(&mut self, written: &WrittenScenario) -> Simulation {
        let replicates = written.simulation.as_ref().and_then(|simulation| simulation.replicates).unwrap_or(2000);
        if replicates == 0 {
            let path = KeyPath::of(&["simulation", "replicates"]);
            self.report(codes::NOT_A_USABLE_NUMBER, &path, "`simulation.replicates` must be at least 1", |problem| {
                problem
            });
        }
        Simulation { seed: written.seed.unwrap_or(1), replicates: u64::from(replicates) }
    }

    /// Adds a problem at the value of a path.
    fn report(
        &mut self,
        code: &'static str,
        path: &KeyPath,
        message: impl Into<String>,
        more: impl FnOnce(Problem) -> Problem,
    ) {
        let problem = Problem::new(code, message).at(self.tree.place(path));
        self.problems.push(more(problem));
    }

    /// Adds a problem at the key of a path.
    fn report_key(
        &mut self,
        code: &'static str,
        path: &KeyPath,
        message: impl Into<String>,
        more: impl FnOnce(Problem) -> Problem,
    ) {
        let problem = Problem::new(code, message).at(self.tree.key_place(path));
        self.problems.push(more(problem));
    }

    /// Reports that a key is missing, unless it is written badly or misspelt, which has been reported.
    fn require(&mut self, path: &KeyPath, example: &str) {
        if self.tree.lacks(path) {
            let key = path.last_key().unwrap_or_default().to_owned();
            let message = format!("`{key}` is missing {}", path.parent().within());
            self.report_key(codes::MISSING, path, message, |problem| problem.help(format!("for example: {example}")));
        }
    }
}

/// A number as a message shows it: short, and without a sign on zero.
fn show(number: f64) -> String {
    let rounded = format!("{number:.4}");
    let trimmed = rounded.trim_end_matches('0').trim_end_matches('.');
    if trimmed == "-0" { "0".to_owned() } else { trimmed.to_owned() }
}

/// A count with its noun: `1 number`, `2 numbers`.
fn count(n: usize, noun: &str) -> String {
    if n == 1 { format!("1 {noun}") } else { format!("{n} {noun}s") }
}

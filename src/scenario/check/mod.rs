//! The meaning of a scenario or plan: names, ranges, contradictions. Each part is resolved as far as it goes, so that all problems are found.
//!
//! What a check returns is valid only if it reported nothing; where it did, placeholders stand in for what is wrong.

mod allocation;
mod arms;
mod attendance;
mod changes;
mod characteristics;
mod co_interventions;
mod columns;
mod correlation;
mod dropout;
mod effect_size;
mod effects;
mod entry;
mod events;
mod exclusions;
mod interim;
mod kinds;
mod limits;
mod margins;
mod missingness;
mod names;
mod outcomes;
mod plan;
mod priors;
mod scale;
mod schedule;
mod session_effects;
mod shares;
mod targets;
#[cfg(feature = "program")]
mod tests;
mod therapists;
mod top;
mod trial;

pub use limits::limits;

use super::tree::{KeyPath, Tree};
use super::{
    Design, OutcomeTruth, Plan, Problem, Problems, Scenario, THERAPIST, Therapists, Truth, WrittenPlan,
    WrittenScenario, codes,
};
use crate::trial::{Arm, Layout, OutcomeKind, Visit};
use outcomes::Drafted;
use std::sync::Arc;

pub(super) use plan::{OutcomeNames, PlanNames};

/// Largest number of exclusions, co-interventions, events, severities and reasons, far beyond what a trial tells apart.
const MAX_NAMED: usize = 64;

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
        let characteristics = self.characteristics(written, &outline);
        let therapists = self.therapists(written, &arms);
        let allocation = self.allocation(&trial, &per_arm, &characteristics, therapists.as_ref());
        // Simulated participants have their characteristics, and then their therapists, as covariates.
        let therapist_of = therapists.as_ref().map(|own| (1..=own.number).map(|number| number.to_string()).collect());
        let therapist_name = therapists.as_ref().map(|_| THERAPIST.to_owned());
        let covariates: Vec<String> =
            characteristics.iter().map(|known| known.name.clone()).chain(therapist_name).collect();
        let levels: Vec<Option<Vec<String>>> = characteristics
            .iter()
            .map(|known| known.levels.iter().map(|level| level.name.clone()).collect())
            .chain(therapist_of)
            .map(Some)
            .collect();
        let plan = self.scenario_plan(written, &outline, &arms, &outcomes, (&covariates, &levels));
        let n_participants = per_arm.iter().map(|(_, size)| *size).sum();
        let interim = self.interim(written, &outline, &plan, (n_participants, reference_of(&arms)));
        let (entry, exclusions) = (self.entry(&trial, &outcomes), self.exclusions(&trial));
        let block_size = self.block_size(&trial, outline.arms.len());
        let truth = self.truth(written, &outline, &arms, (&outcomes, therapists));
        let visits = outline.weeks.iter().flatten().map(|&week| Visit { week }).collect();
        let outcomes = outcomes.into_iter().map(|drafted| drafted.outcome).collect();
        Scenario {
            title: written.title.clone().unwrap_or_else(|| "Untitled trial".to_owned()),
            story: written.story.clone().unwrap_or_default(),
            design: Design {
                layout: Arc::new(Layout { arms, visits, outcomes }),
                per_arm: per_arm.into_iter().map(|(_, size)| size).collect(),
                entry,
                exclusions,
                characteristics,
                block_size,
                allocation,
            },
            truth,
            plan,
            interim,
            published: self.published(written),
            simulation: self.simulation(written),
            priors: self.priors(written),
            hash: String::new(),
        }
    }

    fn truth(
        &mut self,
        written: &WrittenScenario,
        outline: &Outline,
        arms: &[Arm],
        (outcomes, therapists): (&[Drafted], Option<Therapists>),
    ) -> Truth {
        let effects = self.effects(written, outline, arms, outcomes);
        let truths = outcomes.iter().zip(effects);
        let path = KeyPath::of(&["between_outcomes"]);
        let size = (outcomes.len(), "outcomes");
        Truth {
            outcomes: truths.map(|(drafted, effect)| OutcomeTruth { effect, ..drafted.truth.clone() }).collect(),
            between_outcomes: self.correlation(written.between_outcomes.as_ref(), &path, size),
            dropout: self.dropout(written, outline),
            missingness: self.missingness(written, outline, outcomes),
            attendance: self.attendance(written, arms),
            adverse_events: self.adverse_events(written, arms),
            therapists,
            co_interventions: self.co_interventions(written, outline),
            events: self.events(written, outline),
        }
    }

    fn scenario_plan(
        &mut self,
        written: &WrittenScenario,
        outline: &Outline,
        arms: &[Arm],
        outcomes: &[Drafted],
        (covariates, levels): (&[String], &[Option<Vec<String>>]),
    ) -> Plan {
        let about = |drafted: &Drafted| OutcomeNames {
            at_baseline: drafted.outcome.at_baseline,
            kind: Some(drafted.outcome.kind.clone()),
            imputed_as: drafted.outcome.kind.clone(),
            has_direction: drafted.outcome.better.is_some(),
        };
        let positions = |of: &dyn Fn(&Drafted) -> bool| -> Vec<usize> {
            (0..outcomes.len()).filter(|&position| of(&outcomes[position])).collect()
        };
        let scores = positions(&|drafted| drafted.outcome.kind == OutcomeKind::Score);
        let usual = if scores.is_empty() { positions(&|drafted| drafted.outcome.at_baseline) } else { scores };
        let keys = |of: Option<Vec<String>>| of.unwrap_or_default();
        let reasons = written.dropout.as_ref().and_then(|dropout| dropout.reasons.as_ref());
        let reasons = keys(reasons.map(|reasons| reasons.keys().cloned().collect()));
        let events = keys(written.events.as_ref().map(|events| events.keys().cloned().collect()));
        let names = PlanNames {
            arms: &outline.arms,
            outcomes: &outline.outcomes,
            covariates,
            levels: levels.to_vec(),
            reference: reference_of(arms),
            weeks: outline.weeks.clone().unwrap_or_default(),
            about: outcomes.iter().map(about).collect(),
            usual_outcomes: usual,
            reasons,
            events,
            knows_sessions: true,
            seed: written.seed.unwrap_or(1),
        };
        let plan = written.analysis.clone().unwrap_or_default();
        self.plan(&plan, &KeyPath::of(&["analysis"]), &names)
    }

    /// Checks an analysis plan on its own.
    pub fn plan_alone(&mut self, written: &WrittenPlan, names: &PlanNames<'_>) -> Plan {
        self.plan(written, &KeyPath::top(), names)
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

/// Position of the reference arm: the last if none is marked.
fn reference_of(arms: &[Arm]) -> usize {
    arms.iter().position(|arm| arm.reference).unwrap_or(arms.len().saturating_sub(1))
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

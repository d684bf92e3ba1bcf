//! A written scenario with every default filled in, in the order of arms and outcomes: it reads as the same scenario.
//!
//! A section that is left out stays so where that means that there is none of it.

mod arms;
mod dropout;
mod interim;
mod outcomes;
mod sections;
mod trial;

use indexmap::IndexMap;

use super::{
    CovariateSource, Design, OneOrMore, Plan, Scenario, THERAPIST, WrittenCorrelation, WrittenPlan, WrittenScenario,
    WrittenSimulation,
};
use crate::trial::{Arm, Layout};

/// Fills in every default.
pub(super) fn resolve(written: &WrittenScenario, scenario: &Scenario) -> WrittenScenario {
    let layout = &scenario.design.layout;
    let outcomes = written.outcomes.clone().unwrap_or_default();
    WrittenScenario {
        schema_version: Some(1),
        title: Some(scenario.title.clone()),
        story: Some(scenario.story.clone()),
        seed: Some(scenario.simulation.seed),
        published: written.published.clone(),
        trial: Some(trial::trial(written.trial.clone().unwrap_or_default(), &scenario.design)),
        outcomes: Some(
            outcomes
                .into_iter()
                .zip(&layout.outcomes)
                .map(|((name, own), of)| (name, outcomes::outcome(own, of)))
                .collect(),
        ),
        between_outcomes: Some(written.between_outcomes.clone().unwrap_or_else(no_correlation)),
        arms: Some(in_order(written.arms.as_ref(), &layout.arms, |own, arm| arms::arm(own, arm, scenario))),
        characteristics: written.characteristics.as_ref().map(|all| sections::characteristics(all, scenario)),
        therapists: written.therapists.clone().map(|own| sections::therapists(own, scenario)),
        co_interventions: written.co_interventions.as_ref().map(|all| sections::co_interventions(all, layout)),
        events: written.events.as_ref().map(|all| sections::events(all, layout)),
        dropout: Some(dropout::dropout(written.dropout.clone().unwrap_or_default(), scenario)),
        analysis: Some(plan(written.analysis.clone().unwrap_or_default(), &scenario.plan, &scenario.design)),
        priors: written.priors.clone(),
        interim: written
            .interim
            .clone()
            .zip(scenario.interim.as_ref())
            .map(|(own, of)| interim::interim(own, of, layout)),
        simulation: Some(WrittenSimulation { replicates: u32::try_from(scenario.simulation.replicates).ok() }),
    }
}

fn plan(written: WrittenPlan, plan: &Plan, design: &Design) -> WrittenPlan {
    let layout = &design.layout;
    let outcome = |&position: &usize| layout.outcomes[position].name.clone();
    let covariate = |source: &CovariateSource| match source {
        CovariateSource::BaselineOf(position) => outcome(position),
        CovariateSource::Column(position) => {
            let known = design.characteristics.get(*position);
            known.map_or_else(|| THERAPIST.to_owned(), |known| known.name.clone())
        }
    };
    let model = written.model.unwrap_or_default();
    let adjusts = written.formula.is_none() && model.has_mean_model();
    WrittenPlan {
        model: Some(model),
        outcomes: Some(plan.outcomes.iter().map(outcome).collect()),
        covariates: adjusts.then(|| plan.covariates.iter().map(covariate).collect()),
        contrasts: Some(plan.contrasts.iter().map(|&contrast| layout.contrast_name(contrast)).collect()),
        alpha: Some(plan.alpha),
        multiplicity: Some(written.multiplicity.unwrap_or_default()),
        ..written
    }
}

fn no_correlation() -> WrittenCorrelation {
    WrittenCorrelation { exchangeable: Some(0.0), ..WrittenCorrelation::default() }
}

/// Entries for every arm, in their order.
fn in_order<T: Clone + Default>(
    written: Option<&IndexMap<String, T>>,
    arms: &[Arm],
    resolved: impl Fn(T, &Arm) -> T,
) -> IndexMap<String, T> {
    let own = |arm: &Arm| written.and_then(|all| all.get(&arm.name)).cloned().unwrap_or_default();
    arms.iter().map(|arm| (arm.name.clone(), resolved(own(arm), arm))).collect()
}

/// What is written for single arms, in their order; `None` where nothing is.
fn by_arm<T: Clone>(written: Option<&IndexMap<String, T>>, layout: &Layout) -> Option<IndexMap<String, T>> {
    picked(written, layout.arms.iter().map(|arm| arm.name.as_str()))
}

/// What is written for single outcomes, in their order; `None` where nothing is.
fn by_outcome<T: Clone>(written: Option<&IndexMap<String, T>>, layout: &Layout) -> Option<IndexMap<String, T>> {
    picked(written, layout.outcomes.iter().map(|outcome| outcome.name.as_str()))
}

fn picked<'a, T: Clone>(
    written: Option<&IndexMap<String, T>>,
    names: impl Iterator<Item = &'a str>,
) -> Option<IndexMap<String, T>> {
    let written = written?;
    let found: IndexMap<String, T> =
        names.filter_map(|name| written.get(name).map(|value| (name.to_owned(), value.clone()))).collect();
    (!found.is_empty()).then_some(found)
}

/// Nobody at any visit after baseline.
fn nobody(layout: &Layout) -> Vec<f64> {
    vec![0.0; layout.visits.len().saturating_sub(1)]
}

/// A list of one thing as that thing, and one of nothing as nothing.
fn as_one<T>(written: Option<OneOrMore<T>>) -> Option<OneOrMore<T>> {
    match written {
        Some(OneOrMore::More(mut list)) if list.len() < 2 => list.pop().map(OneOrMore::One),
        other => other,
    }
}

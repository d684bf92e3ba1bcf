//! Every setting of a scenario with its defaults filled in and where it comes from: what `show` prints and the hash is made of.

use std::fmt;

use indexmap::IndexMap;

use super::tree::{Data, KeyPath, Node, Tree};
use super::{
    CovariateSource, OneOrMore, Plan, Scenario, WrittenArm, WrittenBoosters, WrittenCorrelation, WrittenDropout,
    WrittenEffect, WrittenFollowUp, WrittenOutcome, WrittenPlan, WrittenScenario, WrittenSimulation,
};
use crate::trial::{Arm, Layout};

/// One setting.
#[derive(Debug, Clone, PartialEq)]
pub struct Setting {
    /// Its path.
    pub path: KeyPath,
    /// Its value as TOML writes it.
    pub value: String,
    /// Its value as the user wrote it, where that is short TOML; otherwise the same as `value`.
    pub shown: String,
    /// Where it comes from.
    pub origin: Origin,
}

/// Where a setting comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Origin {
    /// From a `--set`.
    Set,
    /// From a file.
    File {
        /// Name of the file.
        name: String,
        /// Line, counted from 1.
        line: usize,
    },
    /// Nobody said anything.
    Default,
}

impl fmt::Display for Origin {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Set => formatter.write_str("(--set)"),
            Self::File { name, line } => write!(formatter, "({name}:{line})"),
            Self::Default => formatter.write_str("(default)"),
        }
    }
}

/// All settings as TOML, one per line with its origin as a comment: a file that gives the same scenario.
pub fn settings_text(settings: &[Setting]) -> String {
    let lines: Vec<String> = settings.iter().map(|setting| format!("{} = {}", setting.path, setting.shown)).collect();
    // Long lines keep their comment close by instead of pushing every other comment to the right.
    let width = lines.iter().map(|line| line.chars().count()).filter(|&width| width <= 60).max().unwrap_or(0);
    let mut text = String::new();
    for (index, (setting, line)) in settings.iter().zip(&lines).enumerate() {
        if index > 0 && group(&settings[index - 1]) != group(setting) {
            text.push('\n');
        }
        text.push_str(&format!("{line:<width$}  # {}\n", setting.origin));
    }
    text
}

/// The table a setting is printed with: its first two steps among named things, its first otherwise.
fn group(setting: &Setting) -> Vec<String> {
    let steps: Vec<String> = setting.path.steps().iter().map(ToString::to_string).collect();
    match steps.len() {
        0 | 1 => Vec::new(),
        n => {
            let named = matches!(steps[0].as_str(), "outcomes" | "arms") && n > 2;
            steps[..if named { 2 } else { 1 }].to_vec()
        }
    }
}

/// The settings of a resolved scenario, with their origins from the tree it was read from.
pub(super) fn settings(resolved: &WrittenScenario, tree: &Tree) -> Vec<Setting> {
    let mut settings = Vec::new();
    // Every part of a written scenario has a form in TOML, so the table is never left empty.
    let table = toml::Table::try_from(resolved).unwrap_or_default();
    collect(&toml::Value::Table(table), &KeyPath::top(), tree, &mut settings);
    settings
}

fn collect(value: &toml::Value, path: &KeyPath, tree: &Tree, settings: &mut Vec<Setting>) {
    if let toml::Value::Table(table) = value {
        for (key, below) in table {
            collect(below, &path.key(key), tree, settings);
        }
        return;
    }
    let value = value.to_string();
    let (origin, shown) = match tree.node(path) {
        None => (Origin::Default, value.clone()),
        Some(node) => (origin(node), as_written(node).unwrap_or_else(|| value.clone())),
    };
    settings.push(Setting { path: path.clone(), value, shown, origin });
}

fn origin(node: &Node) -> Origin {
    if node.source.is_override() {
        return Origin::Set;
    }
    Origin::File { name: node.source.name().to_owned(), line: node.source.line_and_column(node.span.start).0 }
}

/// What the user wrote, where it stands on one line of a file; text is written anew, since it may be bare or on many lines.
fn as_written(node: &Node) -> Option<String> {
    let written = node.source.text().get(node.span.clone())?;
    let short = !matches!(node.data, Data::Text(_)) && !written.contains(['\n', '#']);
    (short && !node.source.is_override()).then(|| written.to_owned())
}

/// A written scenario with every default filled in and every table in the order of arms and outcomes.
pub(super) fn resolve(written: &WrittenScenario, scenario: &Scenario) -> WrittenScenario {
    let layout = &scenario.design.layout;
    let mut trial = written.trial.clone().unwrap_or_default();
    trial.block_size = u32::try_from(scenario.design.block_size).ok();
    let outcomes = written.outcomes.clone().unwrap_or_default();
    let arms = written.arms.clone().unwrap_or_default();
    WrittenScenario {
        schema_version: Some(1),
        title: Some(scenario.title.clone()),
        story: Some(scenario.story.clone()),
        seed: Some(scenario.simulation.seed),
        published: written.published.clone(),
        trial: Some(trial),
        outcomes: Some(
            outcomes.into_iter().map(|(name, outcome)| (name.clone(), resolve_outcome(outcome, &name))).collect(),
        ),
        between_outcomes: Some(written.between_outcomes.clone().unwrap_or_else(no_correlation)),
        arms: Some(
            layout
                .arms
                .iter()
                .map(|arm| {
                    (arm.name.clone(), resolve_arm(arms.get(&arm.name).cloned().unwrap_or_default(), arm, layout))
                })
                .collect(),
        ),
        characteristics: written.characteristics.clone(),
        therapists: written.therapists.clone(),
        co_interventions: written.co_interventions.clone(),
        events: written.events.clone(),
        dropout: Some(resolve_dropout(written.dropout.clone().unwrap_or_default(), layout)),
        analysis: Some(resolve_plan(written.analysis.clone().unwrap_or_default(), &scenario.plan, layout)),
        simulation: Some(WrittenSimulation { replicates: u32::try_from(scenario.simulation.replicates).ok() }),
    }
}

fn resolve_outcome(mut outcome: WrittenOutcome, name: &str) -> WrittenOutcome {
    outcome.label.get_or_insert_with(|| name.to_owned());
    outcome.step.get_or_insert(1.0);
    outcome.better.get_or_insert_default();
    let sd = outcome.baseline.as_ref().and_then(|baseline| baseline.sd);
    let follow_up = outcome.follow_up.get_or_insert_with(WrittenFollowUp::default);
    if follow_up.sd_by_visit.is_none() {
        follow_up.sd = follow_up.sd.or(sd);
    }
    outcome.correlation.get_or_insert_with(no_correlation);
    outcome
}

fn no_correlation() -> WrittenCorrelation {
    WrittenCorrelation { exchangeable: Some(0.0), ..WrittenCorrelation::default() }
}

fn resolve_arm(mut written: WrittenArm, arm: &Arm, layout: &Layout) -> WrittenArm {
    written.label = Some(arm.label.clone());
    written.reference = Some(arm.reference);
    written.sessions.get_or_insert(0);
    if let Some(first) = arm.sessions.first() {
        written.every_weeks.get_or_insert(1.0);
        written.first_week.get_or_insert(first.week);
    }
    let OneOrMore::One(boosters) = written.boosters.get_or_insert_with(|| OneOrMore::One(WrittenBoosters::default()))
    else {
        return written;
    };
    boosters.sessions.get_or_insert(0);
    if let Some(first) = arm.sessions.iter().find(|session| session.booster) {
        boosters.every_weeks.get_or_insert(4.0);
        boosters.first_week.get_or_insert(first.week);
    }
    let effects = written.effect.take().unwrap_or_default();
    let resolved: IndexMap<String, WrittenEffect> = layout
        .outcomes
        .iter()
        .filter_map(|outcome| {
            effects.get(&outcome.name).map(|effect| (outcome.name.clone(), resolve_effect(effect.clone())))
        })
        .collect();
    written.effect = (!resolved.is_empty()).then_some(resolved);
    written
}

fn resolve_effect(mut effect: WrittenEffect) -> WrittenEffect {
    if effect.visit_means.is_none() {
        effect.half_life_weeks.get_or_insert(f64::INFINITY);
        effect.lasting_share.get_or_insert(0.0);
    }
    effect
}

fn resolve_dropout(written: WrittenDropout, layout: &Layout) -> WrittenDropout {
    let by_arm = written.by_arm.clone().unwrap_or_default();
    let in_order: IndexMap<String, Vec<f64>> = layout
        .arms
        .iter()
        .filter_map(|arm| by_arm.get(&arm.name).map(|shares| (arm.name.clone(), shares.clone())))
        .collect();
    let nobody = || vec![0.0; layout.visits.len().saturating_sub(1)];
    WrittenDropout {
        every_arm: Some(written.every_arm.clone().unwrap_or_else(nobody)),
        by_arm: (!in_order.is_empty()).then_some(in_order),
        ..written
    }
}

fn resolve_plan(written: WrittenPlan, plan: &Plan, layout: &Layout) -> WrittenPlan {
    let outcome = |&position: &usize| layout.outcomes[position].name.clone();
    let covariate = |source: &CovariateSource| match source {
        CovariateSource::BaselineOf(position) => Some(outcome(position)),
        // The participants of a scenario have no columns of their own.
        CovariateSource::Column(_) => None,
    };
    WrittenPlan {
        model: Some(written.model.unwrap_or_default()),
        outcomes: Some(plan.outcomes.iter().map(outcome).collect()),
        covariates: Some(plan.covariates.iter().filter_map(covariate).collect()),
        contrasts: Some(plan.contrasts.iter().map(|&contrast| layout.contrast_name(contrast)).collect()),
        alpha: Some(plan.alpha),
        multiplicity: Some(written.multiplicity.unwrap_or_default()),
    }
}

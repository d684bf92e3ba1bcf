//! What the picture of improvement shows: change against baseline without treatment, and what each arm's expected change is made of.

use super::super::numbers::{amount, fixed, two_digits};
use super::super::words::{in_sentence, join};
use super::{Analysed, entry_rule};
use crate::analysis::{baselines_and_changes, change_on_baseline};
use crate::cohort::{BuildUp, ChangeSource, build_up};
use crate::plots::improve::{ChangeParts, ChangePoint, ImproveArm, ImproveLine, ImproveNumbers};
use crate::scenario::{EffectModel, Scenario};

/// Why everybody improves by the last visit: the reference arm of the trial, and the expected change of every arm.
///
/// # Errors
/// Why there is no such picture, and what to do.
pub fn improve(trial: Analysed, outcome: usize) -> Result<ImproveNumbers, String> {
    let layout = trial.layout();
    let about = &layout.outcomes[outcome];
    let Some(scenario) = trial.scenario else {
        return Err("the picture `improve` takes an expected change apart, which data do not tell; name a scenario instead of a data file".to_owned());
    };
    if !about.at_baseline {
        return Err(format!(
            "`{}` is not recorded at baseline, so that it has no change; name another outcome with --outcome",
            about.name
        ));
    }
    let last = layout.visits.len() - 1;
    if last == 0 {
        return Err("the trial has no visit after baseline, so that there is no change".to_owned());
    }
    let reference = layout.reference_arm();
    let week = layout.visits[last].week;
    let built: Vec<BuildUp> = (0..layout.arms.len()).filter_map(|arm| build_up(scenario, outcome, arm, week)).collect();
    let arms: Vec<ImproveArm> = built
        .iter()
        .map(|own| ImproveArm {
            label: layout.arms[own.arm].label.clone(),
            reference: own.arm == reference,
            parts: parts(own),
        })
        .collect();
    let line = change_on_baseline(trial.data, outcome, reference, last);
    let rules = &scenario.design.entry;
    let bounds = rules.iter().filter(|rule| rule.outcome == outcome).flat_map(|rule| [rule.at_least, rule.at_most]);
    Ok(ImproveNumbers {
        title: title(trial, outcome, &built, &arms),
        score: super::recorded_score(about),
        reference: layout.arms[reference].label.clone(),
        visit: layout.visits[last].label(),
        points: points(trial, outcome, last),
        line: line.map(|own| ImproveLine {
            intercept: own.intercept,
            slope: own.slope,
            mean_change: own.mean_change,
            n: own.n,
        }),
        entry: bounds.filter(|bound| bound.is_finite()).collect(),
        of_sessions: match scenario.truth.outcomes[outcome].effect {
            EffectModel::Sessions { .. } => "Sessions".to_owned(),
            EffectModel::VisitMeans { .. } => "Stated change".to_owned(),
        },
        arms,
        footnote: footnote(trial, scenario),
        simulated: true,
    })
}

/// Participants of the reference arm by baseline and change; those who share both are one point.
fn points(trial: Analysed, outcome: usize, visit: usize) -> Vec<ChangePoint> {
    let reference = trial.layout().reference_arm();
    let mut all: Vec<[f64; 2]> = baselines_and_changes(trial.data, outcome, reference, visit).collect();
    all.sort_by(|a, b| a[0].total_cmp(&b[0]).then(a[1].total_cmp(&b[1])));
    all.chunk_by(|a, b| a == b)
        .map(|same| ChangePoint { baseline: same[0][0], change: same[0][1], n: same.len() })
        .collect()
}

/// The change since entry by what it comes from.
fn parts(build_up: &BuildUp) -> ChangeParts {
    ChangeParts {
        regression: build_up.change_from(ChangeSource::Regression),
        natural: build_up.change_from(ChangeSource::NaturalCourse),
        sessions: build_up.change_from(ChangeSource::Sessions),
        other: build_up.change_from(ChangeSource::Other),
    }
}

/// How the reference arm changes, and how much of it is regression to the mean.
fn title(trial: Analysed, outcome: usize, built: &[BuildUp], arms: &[ImproveArm]) -> String {
    let layout = trial.layout();
    let about = &layout.outcomes[outcome];
    let at = layout.visits.last().map(|visit| visit.label()).unwrap_or_default();
    let Some((own, arm)) = built.iter().zip(arms).find(|(_, arm)| arm.reference) else {
        return format!("{}: why everybody changes by {at}", about.label);
    };
    let change = own.expected() - own.at_entry();
    let sign = about.better.unwrap_or_default().sign();
    let decimals = two_digits(change.abs());
    let verb = if change * sign >= 0.0 { "improve" } else { "worsen" };
    let size = amount(&fixed(change.abs(), decimals), about);
    let said = format!("{}: {} is expected to {verb} by {size} by {at}", about.label, in_sentence(&arm.label));
    let part = arm.parts.regression;
    let regression = fixed(part.abs(), decimals);
    if !regression.chars().any(|digit| digit.is_ascii_digit() && digit != '0') {
        return said;
    }
    if part * change > 0.0 && part.abs() <= change.abs() {
        return format!("{said}, of which {regression} by regression to the mean");
    }
    let name = if part * sign >= 0.0 { "an improvement" } else { "a worsening" };
    format!("{said}; regression to the mean alone would be {name} of {regression}")
}

fn footnote(trial: Analysed, scenario: &Scenario) -> Option<String> {
    let rules: Vec<String> = scenario.design.entry.iter().map(|rule| entry_rule(trial.layout(), rule)).collect();
    (!rules.is_empty()).then(|| format!("Who entered: {}.", join(&rules)))
}

//! What the pictures of one trial show: results arranged as each picture wants them, with a title that states the finding.

mod dose;
mod forest;
mod grid;
mod improve;
mod power;
mod responders;
mod tipping;
mod zip;

pub use grid::{GridAsked, MOST_LOLLIES, SweptCell, SweptRow, grid};
pub use power::power;
pub use responders::{NoResponders, responders};
pub use tipping::{imputed_values, tipping, tipping_sentences, tipping_unit};
pub use zip::{MOST_DRAWN, zip};

use super::method_words;
use super::numbers::{amount, decimals, fixed, level, unit};
use super::words::{in_sentence, join};
use crate::analysis::{Analysis, VisitFit, observed_mean};
use crate::cohort::Expectations;
use crate::plots::Score;
use crate::plots::fade::{DifferenceChange, DifferencePoint, FadeNumbers, FadePanel, MeaningfulDifference};
use crate::plots::flow::{AnalysedCounts, FlowArm, FlowNumbers};
use crate::plots::trajectories::{ArmTrajectory, MeanPoint, Means, TrajectoriesNumbers, TreatmentPeriod};
use crate::scenario::{EntryRule, Estimator, MultiplicityRule, Plan, PublishedContrast, Response, Scenario};
use crate::trial::{Contrast, Estimate, Layout, Outcome, OutcomeKind, TrialData, Visit};
pub use dose::dose;
pub use forest::forest;
pub use improve::improve;

/// An outcome as it is recorded, for the axis of a picture.
fn recorded_score(outcome: &Outcome) -> Score {
    let (label, unit) = (outcome.label.clone(), unit(outcome).to_owned());
    Score { label, unit, range: outcome.range, better: outcome.better }
}

/// One analysed trial, and what is known about where it comes from.
#[derive(Debug, Clone, Copy)]
pub struct Analysed<'a> {
    /// The plan.
    pub plan: &'a Plan,
    /// What was observed.
    pub data: &'a TrialData,
    /// What the plan's method made of it.
    pub analysis: &'a Analysis,
    /// The scenario the data were simulated from; `None` for real data.
    pub scenario: Option<&'a Scenario>,
    /// Published contrasts to draw beside the estimates.
    pub published: &'a [PublishedContrast],
}

impl<'a> Analysed<'a> {
    fn layout(&self) -> &'a Layout {
        &self.data.layout
    }

    /// Fits of an outcome in the order of the visits.
    fn fits(&self, outcome: usize) -> impl DoubleEndedIterator<Item = &'a VisitFit> {
        self.analysis.fits.iter().filter(move |fit| fit.outcome == outcome)
    }

    fn score(&self, outcome: usize) -> Score {
        let better = self.plan.better(self.layout(), outcome);
        if self.plan.responder(outcome).is_some() {
            let label = format!("{} (share of responders)", self.layout().outcomes[outcome].label);
            return Score { label, unit: String::new(), range: Some([0.0, 1.0]), better };
        }
        let outcome = &self.layout().outcomes[outcome];
        let (label, unit) = match outcome.kind {
            OutcomeKind::Binary => (format!("{} (share of yes)", outcome.label), String::new()),
            _ => (outcome.label.clone(), unit(outcome).to_owned()),
        };
        Score { label, unit, range: outcome.range, better }
    }
}

/// Participant flow, counted from the data.
pub fn flow(trial: Analysed) -> FlowNumbers {
    let layout = trial.layout();
    let flow = trial.data.participant_flow();
    let last = layout.visits.len() - 1;
    let (randomised, seen) = (flow.randomised(), flow.seen(last));
    let share = 100.0 * seen as f64 / randomised.max(1) as f64;
    let entry = trial.scenario.map_or(&[][..], |scenario| &scenario.design.entry);
    let rules: Vec<String> = entry.iter().map(|rule| entry_rule(layout, rule)).collect();
    FlowNumbers {
        title: format!("{randomised} randomised, {seen} ({share:.0}%) seen at {}", layout.visits[last].label()),
        flow,
        arms: layout.arms.iter().map(|arm| FlowArm { label: arm.label.clone(), reference: arm.reference }).collect(),
        visits: layout.visits.iter().map(|visit| visit.label()).collect(),
        entry_rule: (!rules.is_empty()).then(|| join(&rules)),
        analysed: analysed_counts(trial),
        footnote: None,
        simulated: trial.scenario.is_some(),
    }
}

/// Who may enter, in words: `Symptom bothersomeness of at least 3`.
fn entry_rule(layout: &Layout, rule: &EntryRule) -> String {
    let label = &layout.outcomes[rule.outcome].label;
    match (rule.at_least.is_finite(), rule.at_most.is_finite()) {
        (true, true) => format!("{label} from {} to {}", rule.at_least, rule.at_most),
        (true, false) => format!("{label} of at least {}", rule.at_least),
        _ => format!("{label} of at most {}", rule.at_most),
    }
}

/// Participants in the fits: one line per visit where all outcomes agree, otherwise one per outcome and visit.
fn analysed_counts(trial: Analysed) -> Vec<AnalysedCounts> {
    let layout = trial.layout();
    let outcomes = &trial.plan.outcomes;
    let count = |fit: &VisitFit, label: String| AnalysedCounts { label, per_arm: fit.n_by_arm.clone() };
    let agree = |visit: usize| {
        let mut counts =
            outcomes.iter().filter_map(|&outcome| trial.analysis.fit(outcome, visit)).map(|fit| &fit.n_by_arm);
        let first = counts.next();
        counts.all(|other| Some(other) == first)
    };
    let by_visit = (1..layout.visits.len()).all(agree);
    let shown = trial.analysis.fits.iter().filter(|fit| !by_visit || Some(&fit.outcome) == outcomes.first());
    shown
        .map(|fit| {
            let visit = layout.visits[fit.visit].label();
            let label = if by_visit { visit } else { format!("{}, {visit}", layout.outcomes[fit.outcome].label) };
            count(fit, label)
        })
        .collect()
}

/// Means of each arm over time: observed at baseline where the outcome is recorded there, adjusted afterwards.
pub fn trajectories(trial: Analysed, outcome: usize) -> TrajectoriesNumbers {
    let layout = trial.layout();
    // What is recorded at baseline is no response, and no change.
    let change = trial.plan.mean_model(false).response == Response::Change;
    let at_baseline = layout.outcomes[outcome].at_baseline && trial.plan.responder(outcome).is_none() && !change;
    let visits = || usize::from(!at_baseline)..layout.visits.len();
    let arms = layout.arms.iter().enumerate().map(|(arm, about)| ArmTrajectory {
        label: about.label.clone(),
        reference: about.reference,
        points: visits().map(|visit| mean_point(trial, outcome, arm, visit)).collect(),
    });
    let sessions = || layout.arms.iter().flat_map(|arm| &arm.sessions).filter(|session| !session.booster);
    let treatment = sessions().map(|session| session.week).reduce(f64::max).map(|end_week| TreatmentPeriod {
        start_week: sessions().map(|session| session.week).fold(end_week, f64::min),
        end_week,
    });
    TrajectoriesNumbers {
        title: trajectories_title(trial, outcome),
        score: trial.score(outcome),
        means: Means::Adjusted,
        interval: format!("{} intervals", level(trial.plan.alpha)),
        weeks: visits().map(|visit| layout.visits[visit].week).collect(),
        treatment,
        arms: arms.collect(),
        imputed: trial.plan.imputation.is_some(),
        footnote: Some(means_footnote(trial, outcome, at_baseline)),
        simulated: trial.scenario.is_some(),
    }
}

/// Where the means come from.
fn means_footnote(trial: Analysed, outcome: usize, at_baseline: bool) -> String {
    let method = match trial.plan.estimator {
        Estimator::TTest(_) => "means of those who were seen".to_owned(),
        own if at_baseline => format!("adjusted to the average baseline ({})", method_words::name(own)),
        own => format!("adjusted to the average of the covariates ({})", method_words::name(own)),
    };
    match at_baseline {
        true => format!("Baseline: observed means. Later visits: {method}."),
        false if trial.layout().outcomes[outcome].at_baseline => format!("After baseline: {method}."),
        false => {
            let mut letters = method.chars();
            let first = letters.next().map(|first| first.to_uppercase().to_string()).unwrap_or_default();
            format!("Not recorded at baseline. {first}{}.", letters.as_str())
        }
    }
}

/// Why a picture of an outcome's means or differences cannot be drawn for a plan, and what to do; `None` where it can.
pub fn cannot_draw(plan: &Plan, what: Drawn) -> Option<String> {
    let method = plan.estimator.name();
    let instead =
        "draw it from a plan whose model answers in differences, such as model = \"ancova\" or \"risk_difference\"";
    let measure = method_words::measure(plan.measure());
    match what {
        _ if plan.measure().is_ratio() => Some(format!(
            "the plan's model `{method}` answers in ratios ({measure}), and the picture is of differences in points; {instead}"
        )),
        Drawn::Means if plan.estimator.link().is_none() => {
            Some(format!("the plan's model `{method}` has no means of arms to draw; {instead}"))
        }
        _ => None,
    }
}

/// Pictures that depend on a plan's method.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Drawn {
    /// Means of arms over time.
    Means,
    /// Differences from the reference arm over time.
    Fade,
}

/// The mean of an arm at a visit: at baseline the observed one, without an interval, since arms differ there by chance only.
fn mean_point(trial: Analysed, outcome: usize, arm: usize, visit: usize) -> Option<MeanPoint> {
    if visit == 0 {
        let observed = observed_mean(trial.data, outcome, arm, visit)?;
        return Some(MeanPoint { mean: observed.mean, interval: None, n: observed.n });
    }
    let fit = trial.analysis.fit(outcome, visit)?;
    let mean = fit.adjusted_means[arm].as_ref().ok()?;
    Some(MeanPoint { mean: mean.value, interval: Some([mean.lower, mean.upper]), n: fit.n_by_arm[arm] })
}

/// How far apart the arms' adjusted means lie at the first and the last visit after baseline.
fn trajectories_title(trial: Analysed, outcome: usize) -> String {
    let layout = trial.layout();
    let about = &layout.outcomes[outcome];
    let label = &about.label;
    let decimals = decimals(trial.plan, layout, trial.analysis, outcome);
    let means = if trial.plan.is_share(layout, outcome) { "shares" } else { "means" };
    let apart = |fit: &VisitFit| {
        let means = || fit.adjusted_means.iter().flatten().map(|mean| mean.value);
        let (low, high) = (means().reduce(f64::min)?, means().reduce(f64::max)?);
        Some((fixed(high - low, decimals), layout.visits[fit.visit].label()))
    };
    let mut fits = trial.fits(outcome);
    let first = fits.next().and_then(apart);
    let last = fits.next_back().and_then(apart);
    match (first, last) {
        (Some((size, at)), Some((later, then))) => {
            let size = amount(&size, about);
            format!("{label}: the arms' {means} lie up to {size} apart at {at} and {later} at {then}")
        }
        (Some((size, at)), None) | (None, Some((size, at))) => {
            format!("{label}: the arms' {means} lie up to {} apart at {at}", amount(&size, about))
        }
        (None, None) => format!("{label}: no {means} could be estimated"),
    }
}

/// Number of steps of an expected curve from baseline to the last visit.
const CURVE_STEPS: usize = 208;

/// The difference of every arm from the reference arm over time, with what the scenario expects and what was published.
pub fn fade(trial: Analysed, outcome: usize) -> FadeNumbers {
    let layout = trial.layout();
    let reference = layout.reference_arm();
    let others = (0..layout.arms.len()).filter(|&arm| arm != reference);
    let panels: Vec<FadePanel> =
        others.map(|arm| fade_panel(trial, outcome, Contrast { arm, versus: reference })).collect();
    let about = &layout.outcomes[outcome];
    FadeNumbers {
        title: fade_title(trial, outcome, &panels),
        score: trial.score(outcome),
        reference: layout.arms[reference].label.clone(),
        interval: format!("{} intervals", level(trial.plan.alpha)),
        meaningful: trial
            .plan
            .meaningful(layout, outcome)
            .map(|points| MeaningfulDifference { points, source: about.meaningful_source.clone() }),
        panels,
        footnote: closed_gates(trial, outcome),
        simulated: trial.scenario.is_some(),
    }
}

/// At which visits Fisher's gate keeps the p-values from counting.
fn closed_gates(trial: Analysed, outcome: usize) -> Option<String> {
    let closed: Vec<String> = trial
        .fits(outcome)
        .filter(|fit| trial.plan.multiplicity == MultiplicityRule::FisherLsd && !fit.gate_open)
        .map(|fit| trial.layout().visits[fit.visit].label())
        .collect();
    (!closed.is_empty()).then(|| {
        format!(
            "At {} the test that all arms are equal does not have p below {}: by Fisher's LSD no p counts there.",
            join(&closed),
            trial.plan.alpha
        )
    })
}

fn fade_panel(trial: Analysed, outcome: usize, contrast: Contrast) -> FadePanel {
    let layout = trial.layout();
    let name = layout.contrast_name(contrast);
    let point = |fit: &VisitFit| {
        let estimate = fit.estimate_of(trial.plan, contrast)?.ok()?;
        Some(DifferencePoint {
            week: layout.visits[fit.visit].week,
            estimate: estimate.value,
            lower: estimate.lower,
            upper: estimate.upper,
            p_value: Some(estimate.p_value),
        })
    };
    let of_scores = trial.plan.responder(outcome).is_none();
    let published = trial
        .published
        .iter()
        .filter(|row| of_scores && row.contrast == name && row.outcome == layout.outcomes[outcome].name);
    FadePanel {
        label: layout.arms[contrast.arm].label.clone(),
        points: trial.fits(outcome).filter_map(point).collect(),
        published: published
            .map(|row| DifferencePoint {
                week: row.visit_week,
                estimate: row.estimate,
                lower: row.lower,
                upper: row.upper,
                p_value: None,
            })
            .collect(),
        // Expected are differences of recorded scores, not of shares of responders.
        expected: trial
            .scenario
            .filter(|_| trial.plan.responder(outcome).is_none())
            .map(|scenario| expected_curve(scenario, outcome, contrast))
            .unwrap_or_default(),
        change: change(trial, outcome, contrast),
    }
}

/// The change of a contrast between visits, of the plan's pairs of visits that which lies farthest apart; in points of the score.
fn change(trial: Analysed, outcome: usize, contrast: Contrast) -> Option<DifferenceChange> {
    let week = |visit: usize| trial.layout().visits[visit].week;
    let pairs = trial.analysis.between_visits.iter().filter(|own| own.outcome == outcome);
    let between = pairs.max_by(|a, b| {
        let apart = |own: &&crate::analysis::BetweenVisits| week(own.visits.later) - week(own.visits.earlier);
        apart(a).total_cmp(&apart(b))
    })?;
    let found = |wanted: Contrast| {
        let position = trial.plan.contrasts.iter().position(|&own| own == wanted)?;
        between.contrasts.get(position)?.as_ref().ok().cloned()
    };
    let estimate = found(contrast).or_else(|| found(contrast.reversed()).map(Estimate::reversed))?;
    Some(DifferenceChange {
        from_week: week(between.visits.earlier),
        to_week: week(between.visits.later),
        estimate: estimate.value,
        lower: estimate.lower,
        upper: estimate.upper,
    })
}

/// Expected difference of recorded scores over a fine grid of weeks, with each session's day just before it and after it,
/// so that its step is drawn upright; nothing where nothing is recorded.
fn expected_curve(scenario: &Scenario, outcome: usize, contrast: Contrast) -> Vec<(f64, f64)> {
    let layout = &scenario.design.layout;
    let end = layout.visits.last().map_or(0.0, |visit| visit.week);
    let sessions = [contrast.arm, contrast.versus].into_iter().flat_map(|arm| &layout.arms[arm].sessions);
    let mut weeks: Vec<f64> = (0..=CURVE_STEPS).map(|step| end * step as f64 / CURVE_STEPS as f64).collect();
    weeks.extend(
        sessions.filter(|session| session.week <= end).flat_map(|session| [session.week.next_down(), session.week]),
    );
    weeks.sort_by(f64::total_cmp);
    weeks.dedup();
    let expected = Expectations::of(scenario);
    let difference = |&week: &f64| {
        let mean = |arm| expected.mean(outcome, arm, week);
        Some((week, mean(contrast.arm)? - mean(contrast.versus)?))
    };
    weeks.iter().filter_map(difference).collect()
}

/// How the differences move from the first to the last visit, arm by arm, or the largest ones where there are many arms.
/// Arms without an estimate at either of the two visits are left out.
fn fade_title(trial: Analysed, outcome: usize, panels: &[FadePanel]) -> String {
    let layout = trial.layout();
    let label = &layout.outcomes[outcome].label;
    let reference = in_sentence(&layout.arms[layout.reference_arm()].label);
    let decimals = decimals(trial.plan, layout, trial.analysis, outcome);
    let weeks = || panels.iter().flat_map(|panel| &panel.points).map(|point| point.week);
    let (Some(first), Some(last)) = (weeks().reduce(f64::min), weeks().reduce(f64::max)) else {
        return format!("{label}: no estimate of a difference from {reference}");
    };
    let at = |week: f64| Visit { week }.label();
    let estimate_at =
        |panel: &FadePanel, week: f64| panel.points.iter().find(|point| point.week == week).map(|point| point.estimate);
    let both =
        |panel: &FadePanel| Some((in_sentence(&panel.label), estimate_at(panel, first)?, estimate_at(panel, last)?));
    let ends: Vec<(String, f64, f64)> = panels.iter().filter_map(both).collect();
    let signed = |value: f64| fixed(value, decimals).replace('-', "\u{2212}");
    if ends.is_empty() {
        return format!("{label}: differences from {reference} by week");
    }
    if first == last {
        let clauses: Vec<String> = ends.iter().map(|(arm, only, _)| format!("{} ({arm})", signed(*only))).collect();
        return format!("{label}: at {} the difference from {reference} is {}", at(first), join(&clauses));
    }
    if ends.len() > 2 {
        let largest = |end: fn(&(String, f64, f64)) -> f64| {
            fixed(ends.iter().map(|ends| end(ends).abs()).fold(0.0, f64::max), decimals)
        };
        let (early, late) = (largest(|ends| ends.1), largest(|ends| ends.2));
        let early = amount(&early, &layout.outcomes[outcome]);
        return format!(
            "{label}: the largest difference from {reference} is {early} at {} and {late} at {}",
            at(first),
            at(last)
        );
    }
    let clause =
        |(arm, first, last): &(String, f64, f64)| format!("from {} to {} ({arm})", signed(*first), signed(*last));
    let clauses: Vec<String> = ends.iter().map(clause).collect();
    format!("{label}: between {} and {} the difference from {reference} goes {}", at(first), at(last), join(&clauses))
}

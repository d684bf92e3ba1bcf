//! The forest under a table: contrasts of one outcome with the reference arm, all arms on one axis.

use super::terminal::Screen;
use super::terminal::forest::sides;
use super::terminal::ink::Ink;
use super::terminal::intervals::{Group, Intervals, Row, aligned};
use crate::report::figures::Analysed;
use crate::report::numbers::{amount, decimals};
use crate::trial::Contrast;

/// Draws the contrasts with the reference arm (all contrasts where the plan has none such), or nothing without any estimate.
pub fn draw(trial: Analysed, outcome: usize) -> Option<String> {
    let Analysed { plan, data, .. } = trial;
    let about = &data.layout.outcomes[outcome];
    let meaningful = plan.meaningful(&data.layout, outcome).filter(|_| !plan.measure().is_ratio());
    let words = |points: f64| format!("{}: the difference that matters", amount(&points.to_string(), about));
    let intervals = Intervals {
        groups: groups(trial, outcome),
        none: if plan.measure().is_ratio() { 1.0 } else { 0.0 },
        log: plan.measure().is_ratio(),
        thresholds: meaningful.into_iter().flat_map(|points| [-points, points]).collect(),
        threshold_words: meaningful.map(words).unwrap_or_default(),
        sides: sides(plan.better(&data.layout, outcome)),
        ..Intervals::default()
    };
    intervals.draw(&Screen::plain())
}

/// One group per contrast, one row per visit with an estimate.
fn groups(trial: Analysed, outcome: usize) -> Vec<Group> {
    let Analysed { plan, data, analysis, .. } = trial;
    let layout = &data.layout;
    let reference = layout.reference_arm();
    let measure = plan.measure();
    let rows = |contrast: Contrast| {
        let fits = analysis.fits.iter().filter(move |fit| fit.outcome == outcome);
        fits.filter_map(move |fit| {
            let estimate = fit.estimate_of(plan, contrast)?.ok()?;
            let label = format!("  {}", layout.visits[fit.visit].label());
            Some((label, [estimate.value, estimate.lower, estimate.upper].map(|own| measure.reported(own))))
        })
    };
    let contrasts = plan.contrasts_with(reference);
    let estimates: Vec<[f64; 3]> = contrasts.iter().flat_map(|own| rows(*own)).map(|(_, own)| own).collect();
    let mut words = aligned(&estimates, decimals(plan, layout, analysis, outcome)).into_iter();
    let group = |contrast: &Contrast| Group {
        heading: format!("{} - {}", layout.arms[contrast.arm].label, layout.arms[contrast.versus].label),
        rows: rows(*contrast)
            .map(|(label, estimate)| Row {
                label,
                estimate: Some(estimate),
                words: words.next().unwrap_or_default(),
                ink: Ink::Plain,
            })
            .collect(),
    };
    contrasts.iter().map(group).filter(|group| !group.rows.is_empty()).collect()
}

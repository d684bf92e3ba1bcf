//! The data of every figure as a table, for the file behind its link: what is drawn, and nothing else.
//!
//! Numbers have seven significant digits, which is more than can be drawn and keeps the page small; the other verbs have them all.

use crate::page::{Cell, Sheet};
use crate::plots::dose::DoseNumbers;
use crate::plots::fade::{DifferencePoint, FadeNumbers};
use crate::plots::flow::FlowNumbers;
use crate::plots::forest::ForestNumbers;
use crate::plots::improve::ImproveNumbers;
use crate::plots::responders::RespondersNumbers;
use crate::plots::tipping::TippingNumbers;
use crate::plots::trajectories::{Means, TrajectoriesNumbers};
use crate::plots::zip::ZipNumbers;

/// A number to seven significant digits.
fn short(value: f64) -> Cell {
    Cell::Number(format!("{value:.6e}").parse().unwrap_or(value))
}

/// The same of a number that may be missing.
fn short_of(value: Option<f64>) -> Cell {
    value.map_or(Cell::Missing, short)
}

/// A row per arm, stage and visit, with reasons where they are known.
pub(super) fn flow(own: &FlowNumbers) -> Sheet {
    let mut sheet = Sheet::new(["arm", "stage", "visit", "reason", "participants"]);
    let mut row = |arm: &str, stage: &str, visit: &str, reason: &str, n: usize| {
        sheet.row([arm.into(), stage.into(), visit.into(), reason.into(), n.into()]);
    };
    let flow = &own.flow;
    if let Some(screened) = flow.screened {
        row("", "screened", "", "", screened);
    }
    for (reason, n) in flow.exclusions() {
        row("", "excluded", "", reason, n);
    }
    for (arm, counts) in own.arms.iter().zip(&flow.arms) {
        row(&arm.label, "randomised", "", "", counts.randomised);
        for (visit, label) in own.visits.iter().enumerate() {
            row(&arm.label, "seen", label, "", counts.seen[visit]);
            row(&arm.label, "lost since the visit before", label, "", counts.discontinued[visit]);
            for (reason, n) in counts.reasons_for_loss(&flow.names, visit..visit + 1) {
                row(&arm.label, "lost since the visit before", label, reason, n);
            }
        }
    }
    for analysed in &own.analysed {
        for (arm, &n) in own.arms.iter().zip(&analysed.per_arm) {
            row(&arm.label, "analysed", &analysed.label, "", n);
        }
    }
    sheet
}

/// A row per arm and visit.
pub(super) fn trajectories(own: &TrajectoriesNumbers) -> Sheet {
    let mut sheet = Sheet::new(["arm", "week", "kind", "mean", "lower", "upper", "n"]);
    for arm in &own.arms {
        for (&week, point) in own.weeks.iter().zip(&arm.points) {
            let Some(point) = point else { continue };
            let kind = if own.means == Means::Observed || point.interval.is_none() { "observed" } else { "adjusted" };
            let ends = point.interval;
            sheet.row([
                arm.label.as_str().into(),
                short(week),
                kind.into(),
                short(point.mean),
                short_of(ends.map(|own| own[0])),
                short_of(ends.map(|own| own[1])),
                point.n.into(),
            ]);
        }
    }
    sheet
}

/// A row per arm, other than the reference, and visit; those that were published, and the points of the expected curve.
pub(super) fn fade(own: &FadeNumbers) -> Sheet {
    let mut sheet = Sheet::new(["arm", "kind", "week", "difference", "lower", "upper", "p_value"]);
    for panel in &own.panels {
        let mut row = |kind: &str, week: f64, value: f64, ends: Option<[f64; 2]>, p: Option<f64>| {
            sheet.row([
                panel.label.as_str().into(),
                kind.into(),
                short(week),
                short(value),
                short_of(ends.map(|own| own[0])),
                short_of(ends.map(|own| own[1])),
                short_of(p),
            ]);
        };
        let mut points = |kind: &str, points: &[DifferencePoint]| {
            for own in points {
                row(kind, own.week, own.estimate, Some([own.lower, own.upper]), own.p_value);
            }
        };
        points("estimate", &panel.points);
        points("published", &panel.published);
        for &(week, value) in &panel.expected {
            row("expected", week, value, None, None);
        }
    }
    sheet
}

/// A row per contrast and point of the surface; p less alpha is below 0 where something is concluded.
pub(super) fn tipping(own: &TippingNumbers) -> Sheet {
    let up = own.up.as_ref().map(|_| "delta_up");
    let columns = ["contrast", "delta_across"].into_iter().chain(up).chain(["concluded", "p_minus_alpha"]);
    let mut sheet = Sheet::new(columns);
    let rows = if own.up.is_some() { own.deltas.len() } else { 1 };
    for panel in &own.panels {
        for (cell, (region, &above)) in panel.regions.iter().zip(&panel.above_alpha).enumerate() {
            let second = own.up.as_ref().map(|_| short(own.deltas[cell % rows]));
            let first = [panel.label.as_str().into(), short(own.deltas[cell / rows])];
            let above = if above.is_finite() { short(above) } else { Cell::Missing };
            sheet.row(first.into_iter().chain(second).chain([region.words().into(), above]));
        }
    }
    sheet
}

/// The expected curve, the visits, the sessions.
pub(super) fn dose(own: &DoseNumbers) -> Sheet {
    let mut sheet = Sheet::new(["arm", "kind", "week", "benefit"]);
    for panel in &own.panels {
        let arm = || Cell::from(panel.label.as_str());
        for session in &panel.sessions {
            let kind = if session.booster { "booster" } else { "session" };
            sheet.row([arm(), kind.into(), short(session.week), Cell::Missing]);
        }
        for (kind, points) in [("expected", &panel.curve), ("visit", &panel.visits)] {
            for point in points {
                sheet.row([arm(), kind.into(), short(point.week), short(point.benefit)]);
            }
        }
    }
    sheet
}

/// Participants by baseline and change, and the parts of each arm's expected change.
pub(super) fn improve(own: &ImproveNumbers) -> Sheet {
    let mut sheet = Sheet::new(["arm", "kind", "baseline", "change", "participants"]);
    for point in &own.points {
        sheet.row([
            own.reference.as_str().into(),
            "participants".into(),
            short(point.baseline),
            short(point.change),
            point.n.into(),
        ]);
    }
    let parts = ["regression to the mean", "natural course", own.of_sessions.as_str(), "other"];
    for arm in &own.arms {
        for (part, value) in parts.iter().zip(arm.parts.in_order()) {
            sheet.row([
                arm.label.as_str().into(),
                format!("expected: {part}").into(),
                Cell::Missing,
                short(value),
                Cell::Missing,
            ]);
        }
    }
    sheet
}

/// A row per comparison and visit.
pub(super) fn forest(own: &ForestNumbers) -> Sheet {
    let mut sheet = Sheet::new([
        "outcome",
        "measure",
        "arm",
        "versus",
        "visit",
        "n_arm",
        "n_versus",
        "mean_arm",
        "mean_versus",
        "estimate",
        "lower",
        "upper",
        "p_value",
        "adjusted_p_value",
    ]);
    for section in &own.sections {
        for contrast in &section.contrasts {
            for row in &contrast.rows {
                let of = |pick: fn(&crate::plots::forest::ForestEstimate) -> f64| row.estimate.as_ref().ok().map(pick);
                sheet.row([
                    section.score.label.as_str().into(),
                    section.measure.as_str().into(),
                    contrast.arm.as_str().into(),
                    contrast.versus.as_str().into(),
                    row.visit.as_str().into(),
                    row.n[0].into(),
                    row.n[1].into(),
                    short_of(row.means[0]),
                    short_of(row.means[1]),
                    short_of(of(|own| own.value)),
                    short_of(of(|own| own.lower)),
                    short_of(of(|own| own.upper)),
                    short_of(of(|own| own.p_value)),
                    short_of(of(|own| own.adjusted_p_value)),
                ]);
            }
        }
    }
    sheet
}

/// The steps of every curve, and the shares at the thresholds.
pub(super) fn responders(own: &RespondersNumbers) -> Sheet {
    let mut sheet = Sheet::new([
        "visit",
        "arm",
        "randomised",
        "not_seen",
        "unit",
        "kind",
        "improvement",
        "share",
        "lower",
        "upper",
    ]);
    for visit in &own.visits {
        for (arm, responses) in own.arms.iter().zip(&visit.arms) {
            for (scale, curve) in own.scales.iter().zip(&responses.curves) {
                let mut row = |kind: &str, improvement: f64, share: f64, ends: Option<[f64; 2]>| {
                    // How many there are stands beside the shares at the thresholds, and not on every step.
                    let counts = ends.map(|_| [responses.n, responses.missing]);
                    sheet.row([
                        visit.label.as_str().into(),
                        arm.label.as_str().into(),
                        counts.map(|own| own[0]).into(),
                        counts.map(|own| own[1]).into(),
                        scale.unit.as_str().into(),
                        kind.into(),
                        short(improvement),
                        short(share),
                        short_of(ends.map(|own| own[0])),
                        short_of(ends.map(|own| own[1])),
                    ]);
                };
                if let (Some(threshold), Some(at)) = (&scale.threshold, &curve.at_threshold) {
                    row("threshold", threshold.improvement, at.share, Some([at.lower, at.upper]));
                }
                for &(improvement, share) in &curve.steps {
                    row("curve", improvement, share, None);
                }
            }
        }
    }
    sheet
}

/// The intervals that are drawn.
pub(super) fn zip(own: &ZipNumbers) -> Sheet {
    let mut sheet = Sheet::new(["visit", "method", "true_value", "percentile", "lower", "upper", "covers"]);
    for row in &own.rows {
        for (method, panel) in own.methods.iter().zip(&row.panels) {
            let Some(panel) = panel else { continue };
            for interval in &panel.intervals {
                sheet.row([
                    row.label.as_str().into(),
                    method.label.as_str().into(),
                    short(panel.truth),
                    short(interval.percentile),
                    short(interval.lower),
                    short(interval.upper),
                    u64::from(interval.covers).into(),
                ]);
            }
        }
    }
    sheet
}

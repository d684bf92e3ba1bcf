//! The panels of one visit, and the table of shares below them.

use super::super::canvas::{Anchor, Canvas, Place, TextLook};
use super::super::frame::{LABEL, LEADING, MARGIN, SMALL};
use super::super::marks::{self, LINE, SAMPLE};
use super::super::text_width::estimate;
use super::super::theme::{ArmStyle, Theme};
use super::super::value_axis::ValueAxis;
use super::plan::{HEIGHT, Plan, missing, shares};
use super::{ImprovementCurve, ImprovementScale, RespondersAtVisit, RespondersNumbers, share_in_words};

/// Draws a visit; returns where the next may begin.
pub(super) fn draw(
    canvas: &mut Canvas,
    theme: &Theme,
    numbers: &RespondersNumbers,
    plan: &Plan,
    visit: &RespondersAtVisit,
    top: f64,
) -> f64 {
    let styles = theme.arm_styles(numbers.arms.iter().map(|arm| arm.reference));
    canvas.text((MARGIN, top + LABEL), &sentence_case(&visit.label), TextLook::new(LABEL, theme.ink).bold());
    let top = top + LABEL * LEADING + SMALL * LEADING + 6.0;
    let bottom = top + HEIGHT;
    canvas.text((MARGIN, top - 10.0), "%", TextLook::new(SMALL, theme.quiet));
    let axis = shares((top, bottom));
    for (place, (scale, (x, title))) in numbers.scales.iter().zip(&plan.axes).enumerate() {
        let sides = x.scale.places();
        if place == 0 {
            axis.draw(canvas, theme, sides);
        } else {
            for share in [0.0, 20.0, 40.0, 60.0, 80.0, 100.0] {
                let y = axis.scale.place(share);
                canvas.line(&[(sides.0, y), (sides.1, y)], 1.0, theme.grid);
            }
        }
        x.draw_grid(canvas, theme, (top, bottom));
        zero_line(canvas, theme, x, (top, bottom));
        threshold_line(canvas, theme, scale, x, (top, bottom));
        let height = |share: f64| axis.scale.place(100.0 * share);
        let curves = visit.arms.iter().zip(&styles).rev();
        for (arm, &style) in curves {
            if let Some(curve) = arm.curves.get(place) {
                marks::arm_line(canvas, &steps(curve, scale.shown, x, height), LINE, style);
            }
        }
        for (arm, &style) in visit.arms.iter().zip(&styles).rev() {
            let curve = arm.curves.get(place);
            if let (Some(threshold), Some(own)) = (&scale.threshold, curve.and_then(|curve| curve.at_threshold)) {
                let at = (x.scale.place(threshold.improvement), height(own.share));
                marks::marker(canvas, at, style, theme.background);
            }
        }
        x.draw(canvas, theme, bottom);
        x.draw_title(canvas, theme, bottom, title);
    }
    let below = plan.axes.iter().map(|(_, title)| ValueAxis::height(title)).fold(0.0, f64::max);
    table(canvas, theme, numbers, plan, (visit, &styles), bottom + below + 12.0)
}

/// A label that begins a line: `Week 10`.
fn sentence_case(label: &str) -> String {
    let mut letters = label.chars();
    letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
}

/// No change, drawn a little stronger than the grid.
fn zero_line(canvas: &mut Canvas, theme: &Theme, axis: &ValueAxis, (top, bottom): (f64, f64)) {
    let (low, high) = axis.scale.values();
    if low < 0.0 && high > 0.0 {
        let x = axis.scale.place(0.0);
        canvas.line(&[(x, top), (x, bottom)], 1.4, theme.line);
    }
}

/// The line at the improvement that counts as a response, named above the panel.
fn threshold_line(
    canvas: &mut Canvas,
    theme: &Theme,
    scale: &ImprovementScale,
    axis: &ValueAxis,
    (top, bottom): (f64, f64),
) {
    let Some(threshold) = &scale.threshold else { return };
    let x = axis.scale.place(threshold.improvement);
    canvas.line(&[(x, top - 5.0), (x, bottom)], 1.8, theme.ink);
    let text = format!("at least {}", threshold.label);
    let half = estimate(&text, SMALL, false) / 2.0;
    let (left, right) = axis.scale.places();
    let middle = if right - left > 2.0 * half { x.clamp(left + half, right - half) } else { (left + right) / 2.0 };
    canvas.text((middle, top - 10.0), &text, TextLook::new(SMALL, theme.ink).anchored(Anchor::Middle));
}

/// The line of a curve within what is shown: level up to each improvement that somebody had, then down.
fn steps(
    curve: &ImprovementCurve,
    [least, most]: [f64; 2],
    axis: &ValueAxis,
    height: impl Fn(f64) -> f64,
) -> Vec<Place> {
    let mut line: Vec<Place> = Vec::new();
    let mut from = least;
    for &(improvement, share) in &curve.steps {
        if improvement <= least {
            continue;
        }
        let to = improvement.min(most);
        line.push((axis.scale.place(from), height(share)));
        line.push((axis.scale.place(to), height(share)));
        from = to;
        if improvement >= most {
            break;
        }
    }
    if curve.steps.last().is_none_or(|(improvement, _)| *improvement < most) {
        line.push((axis.scale.place(from.clamp(least, most)), height(0.0)));
        line.push((axis.scale.place(most), height(0.0)));
    }
    line
}

/// Arms with their shares at the thresholds, which is the key too; returns where the next visit may begin.
fn table(
    canvas: &mut Canvas,
    theme: &Theme,
    numbers: &RespondersNumbers,
    plan: &Plan,
    (visit, styles): (&RespondersAtVisit, &[ArmStyle]),
    top: f64,
) -> f64 {
    let quiet = TextLook::new(SMALL, theme.quiet).anchored(Anchor::End);
    for (lines, &right) in plan.headings.iter().zip(&plan.columns) {
        canvas.text_lines((right, top + SMALL), lines, SMALL * LEADING, quiet);
    }
    let n_lines = plan.headings.iter().map(Vec::len).max().unwrap_or(1);
    let mut y = top + n_lines as f64 * SMALL * LEADING + 6.0;
    let rows = numbers.arms.iter().zip(&visit.arms).zip(plan.names.iter().zip(styles));
    for ((_, own), (name, &style)) in rows {
        let baseline = y + LABEL;
        let bold = TextLook::new(LABEL, style.words).bold();
        marks::sample(canvas, (MARGIN, baseline - 0.36 * LABEL), style, theme.background);
        canvas.text_lines((MARGIN + SAMPLE + 8.0, baseline), name, LABEL * LEADING, bold);
        let with_threshold =
            numbers.scales.iter().zip(&own.curves).filter(|(scale, _)| scale.threshold.is_some()).map(|(_, own)| own);
        for (curve, &right) in with_threshold.zip(&plan.columns) {
            let text = curve.at_threshold.as_ref().map(share_in_words).unwrap_or_default();
            canvas.text((right, baseline), &text, bold.anchored(Anchor::End));
        }
        if let Some(&right) = plan.columns.last() {
            canvas.text((right, baseline), &missing(own.missing, own.n), quiet);
        }
        y += Plan::row_height(name.len());
    }
    y + 26.0
}

//! One panel of the fade: an arm's difference over the weeks, its bracket, and the figures below.

use super::super::canvas::{Anchor, Canvas, TextLook};
use super::super::frame::{self, LABEL, LEADING, MARGIN, SMALL};
use super::super::marks::{self, LINE, SAMPLE};
use super::super::score_axis::ScoreAxis;
use super::super::text_width::{estimate, wrap};
use super::super::theme::{ArmStyle, Theme};
use super::key::{EXPECTED, published_style};
use super::plan::{PanelColumns, Plan, zero_words};
use super::{DifferenceChange, DifferencePoint, FadeNumbers, FadePanel, change_in_words, meets_zero};

/// Distance at which a published difference stands to the right of the estimate.
const BESIDE: f64 = 11.0;
/// Room above a panel for its bracket.
const BRACKET: f64 = 32.0;
/// One panel with its name above and its figures below; returns where the next may begin.
pub(super) fn draw(
    canvas: &mut Canvas,
    theme: &Theme,
    numbers: &FadeNumbers,
    plan: &Plan,
    (panel, columns): (&FadePanel, &PanelColumns),
    style: ArmStyle,
    top: f64,
) -> f64 {
    let top = panel_name(canvas, theme, panel, style, plan.width, top);
    let top = top + if panel.change.is_some() { BRACKET } else { 12.0 };
    let bottom = top + plan.height;
    let axis = ScoreAxis::new(plan.values, (top, bottom), 5);
    let sides = plan.sides();

    if let Some(band) = &numbers.meaningful {
        let (one, other) = (axis.scale.place(band.points), axis.scale.place(-band.points));
        canvas.rectangle((sides.0, one.min(other)), (sides.1, one.max(other)), theme.band);
    }
    axis.draw(canvas, theme, sides);
    zero_line(canvas, theme, plan, axis.scale.place(0.0));
    frame::better_arrow(canvas, theme, sides.0 - 14.0 - axis.labels_width(), (top, bottom), numbers.score.better);
    differences(canvas, theme, panel, style, plan, &axis);
    if let Some(change) = &panel.change {
        bracket(canvas, theme, change, plan, top);
    }
    if panel.points.is_empty() {
        let look = TextLook::new(LABEL, theme.quiet).anchored(Anchor::Middle);
        canvas.text(((sides.0 + sides.1) / 2.0, top + LABEL + 4.0), "no estimates", look);
    }
    columns.places.draw_axis(canvas, theme, &columns.weeks, &plan.weeks, sides, bottom);
    figures_below(canvas, theme, columns, style, bottom + columns.places.axis_height())
}

fn panel_name(canvas: &mut Canvas, theme: &Theme, panel: &FadePanel, style: ArmStyle, width: f64, top: f64) -> f64 {
    let lines = wrap(&panel.label, LABEL, true, width - 2.0 * MARGIN - SAMPLE - 8.0);
    let baseline = top + LABEL;
    marks::sample(canvas, (MARGIN, baseline - 0.36 * LABEL), style, theme.background);
    let look = TextLook::new(LABEL, style.words).bold();
    canvas.text_lines((MARGIN + SAMPLE + 8.0, baseline), &lines, LABEL * LEADING, look);
    let top = top + lines.len() as f64 * LABEL * LEADING + 8.0;
    let Some(words) = meets_zero(panel) else { return top };
    let lines = wrap(&words, SMALL, false, width - 2.0 * MARGIN - SAMPLE - 8.0);
    let look = TextLook::new(SMALL, theme.quiet);
    canvas.text_lines((MARGIN + SAMPLE + 8.0, top - 6.0 + SMALL), &lines, SMALL * LEADING, look);
    top + lines.len() as f64 * SMALL * LEADING
}

fn zero_line(canvas: &mut Canvas, theme: &Theme, plan: &Plan, y: f64) {
    let (left, right) = plan.sides();
    canvas.line(&[(left, y), (right, y)], 1.8, theme.ink);
    let look = TextLook::new(SMALL, theme.quiet);
    canvas.text_lines((right + 8.0, y - 0.2 * SMALL), &zero_words(), SMALL * LEADING, look);
}

/// The expected curve behind, then estimates, then what was published.
fn differences(canvas: &mut Canvas, theme: &Theme, panel: &FadePanel, style: ArmStyle, plan: &Plan, axis: &ScoreAxis) {
    let place = |week: f64, value: f64| (plan.weeks.place(week), axis.scale.place(value));
    if panel.expected.is_empty() {
        let line: Vec<_> = panel.points.iter().map(|point| place(point.week, point.estimate)).collect();
        marks::arm_line(canvas, &line, LINE, style);
    } else {
        let curve: Vec<_> = panel.expected.iter().map(|&(week, value)| place(week, value)).collect();
        canvas.faint_line(&curve, EXPECTED.0, style.colour, EXPECTED.1);
    }
    let ends = |point: &DifferencePoint| (axis.scale.place(point.upper), axis.scale.place(point.lower));
    for point in &panel.published {
        let (x, y) = place(point.week, point.estimate);
        marks::whiskers(canvas, x + BESIDE, ends(point), theme.quiet);
        marks::marker(canvas, (x + BESIDE, y), published_style(theme, style), theme.background);
    }
    for point in &panel.points {
        let (x, y) = place(point.week, point.estimate);
        marks::whiskers(canvas, x, ends(point), style.colour);
        marks::marker(canvas, (x, y), style, theme.background);
    }
}

/// A bracket over the weeks between which the difference changed, with the change in words.
fn bracket(canvas: &mut Canvas, theme: &Theme, change: &DifferenceChange, plan: &Plan, top: f64) {
    let (first, last) = plan.weeks.values();
    let place = |week: f64| plan.weeks.place(week.clamp(first, last));
    let (from, to) = (place(change.from_week), place(change.to_week));
    let y = top - 8.0;
    canvas.line(&[(from, y + 7.0), (from, y), (to, y), (to, y + 7.0)], 1.3, theme.quiet);
    let text = change_in_words(change, plan.decimals);
    let half = estimate(&text, SMALL, false) / 2.0;
    let middle = ((from + to) / 2.0).min(plan.width - MARGIN - half).max(MARGIN + half);
    canvas.text((middle, y - 6.0), &text, TextLook::new(SMALL, theme.ink).anchored(Anchor::Middle));
}

/// The figures under a panel; returns where the next panel may begin.
fn figures_below(canvas: &mut Canvas, theme: &Theme, columns: &PanelColumns, style: ArmStyle, top: f64) -> f64 {
    let leading = SMALL * LEADING;
    let mut baseline = top + 0.7 * SMALL;
    for row in &columns.rows {
        canvas.text((MARGIN, baseline), row.name, TextLook::new(SMALL, theme.quiet));
        for (cell, &x) in row.cells.iter().zip(&columns.places.middles) {
            let look = TextLook::new(SMALL, if row.bold { style.words } else { theme.quiet }).anchored(Anchor::Middle);
            let look = if row.bold { look.bold() } else { look };
            canvas.text_lines((x, baseline), cell, leading, look);
        }
        baseline += row.cells.iter().map(Vec::len).max().unwrap_or(0) as f64 * leading;
    }
    baseline + 14.0
}

//! One row of the zip: the panels of a visit.

use super::super::canvas::{Anchor, Canvas, TextLook};
use super::super::frame::{LABEL, LEADING, MARGIN, SMALL};
use super::super::theme::{Colour, Theme};
use super::super::value_axis::ValueAxis;
use super::plan::{HEIGHT, Heading, Plan, percentiles};
use super::{ZipNumbers, ZipPanel, ZipRow};

/// How much of the ground the band of coverage hides.
pub(super) const BAND: f64 = 0.35;

/// How much wider than others an interval is drawn that misses the true value: told apart without colour.
pub(super) const WIDER: f64 = 1.8;

/// Colour of intervals that hold the true value.
pub(super) fn covering(theme: &Theme) -> Colour {
    theme.line
}

/// Colour of intervals that miss it.
pub(super) fn missing(theme: &Theme) -> Colour {
    theme.arms[1].colour
}

/// Colour of the band of coverage.
pub(super) fn band(theme: &Theme) -> Colour {
    theme.arms[0].colour
}

/// Draws the panels of a visit; returns where the next may begin.
pub(super) fn draw_row(
    canvas: &mut Canvas,
    theme: &Theme,
    numbers: &ZipNumbers,
    plan: &Plan,
    row: &ZipRow,
    top: f64,
) -> f64 {
    let mut top = top;
    if numbers.methods.len() > 1 {
        canvas.text((MARGIN, top + LABEL), &row.label, TextLook::new(LABEL, theme.ink).bold());
        top += LABEL * LEADING + 4.0;
    }
    let headings: Vec<Option<Heading>> = (row.panels.iter().take(plan.columns.len()).enumerate())
        .map(|(place, panel)| panel.as_ref().map(|panel| plan.heading(numbers, (place, row), panel)))
        .collect();
    let above = headings.iter().flatten().map(height).fold(0.0, f64::max);
    let (upper, lower) = (top + above + 8.0, top + above + 8.0 + HEIGHT);
    let axis = percentiles(numbers.from_percentile, (upper, lower));
    canvas.text((MARGIN, upper - 11.0), "%", TextLook::new(SMALL, theme.quiet));
    for (place, (heading, column)) in headings.iter().zip(&plan.columns).enumerate() {
        let sides = column.axis.scale.places();
        if place == 0 {
            axis.draw(canvas, theme, sides);
        }
        column.axis.draw_grid(canvas, theme, (upper, lower));
        match (heading, row.panels.get(place).and_then(Option::as_ref)) {
            (Some(heading), Some(panel)) => {
                write_heading(canvas, theme, heading, (sides.0, upper - 8.0));
                intervals(canvas, theme, numbers, panel, &column.axis, |percentile| axis.scale.place(percentile));
            }
            _ => {
                let look = TextLook::new(SMALL, theme.quiet).anchored(Anchor::Middle);
                canvas.text(((sides.0 + sides.1) / 2.0, (upper + lower) / 2.0), "nothing to draw", look);
            }
        }
        column.axis.draw(canvas, theme, lower);
        column.axis.draw_title(canvas, theme, lower, &column.title);
    }
    let below = plan.columns.iter().map(|column| ValueAxis::height(&column.title)).fold(0.0, f64::max);
    lower + below + 20.0
}

fn height(heading: &Heading) -> f64 {
    let small = (heading.method.len() + heading.truth.len()) as f64 * SMALL * LEADING;
    small + heading.coverage.len() as f64 * LABEL * LEADING
}

/// The lines above a panel, the last of which ends at `bottom`.
fn write_heading(canvas: &mut Canvas, theme: &Theme, heading: &Heading, (left, bottom): (f64, f64)) {
    let mut y = bottom - height(heading);
    let mut write = |lines: &[String], look: TextLook| {
        canvas.text_lines((left, y + look.size), lines, look.size * LEADING, look);
        y += lines.len() as f64 * look.size * LEADING;
    };
    write(&heading.method, TextLook::new(SMALL, theme.ink));
    write(&heading.coverage, TextLook::new(LABEL, theme.ink).bold());
    write(&heading.truth, TextLook::new(SMALL, theme.quiet));
}

/// The intervals, then the band of coverage, the level, and the true value over them.
fn intervals(
    canvas: &mut Canvas,
    theme: &Theme,
    numbers: &ZipNumbers,
    panel: &ZipPanel,
    axis: &ValueAxis,
    height: impl Fn(f64) -> f64,
) {
    let (low, high) = axis.scale.values();
    let (left, right) = axis.scale.places();
    let width = (0.75 * HEIGHT / panel.intervals.len().max(1) as f64).clamp(0.5, 2.0);
    for covers in [true, false] {
        let (colour, width) = if covers { (covering(theme), width) } else { (missing(theme), WIDER * width) };
        for own in panel.intervals.iter().filter(|own| own.covers == covers) {
            let y = height(own.percentile.max(numbers.from_percentile));
            let [from, to] = [own.lower, own.upper].map(|end| axis.scale.place(end.clamp(low, high)));
            canvas.line(&[(from, y), (to, y)], width, colour);
        }
    }
    let inside = |share: f64| height((100.0 * share).clamp(numbers.from_percentile, 100.0));
    let [from, to] = panel.coverage_interval.map(inside);
    canvas.faint_line(
        &[(left, (from + to) / 2.0), (right, (from + to) / 2.0)],
        (from - to).abs().max(1.0),
        band(theme),
        BAND,
    );
    let nominal = inside(numbers.level);
    canvas.line(&[(left, nominal), (right, nominal)], 1.6, theme.ink);
    let x = axis.scale.place(panel.truth);
    canvas.line(&[(x, height(100.0) - 4.0), (x, height(numbers.from_percentile))], 1.8, theme.ink);
}

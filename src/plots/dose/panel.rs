//! One panel of the session build-up: bands, curve, marks and ticks, and the figures below.

use super::super::canvas::{Anchor, Canvas, Place, TextLook};
use super::super::figures::{figure, plain};
use super::super::frame::{LABEL, LEADING, MARGIN, SMALL, frame_line};
use super::super::layout::{Wish, spread};
use super::super::marks::{self, LINE, SAMPLE};
use super::super::score_axis::ScoreAxis;
use super::super::text_width::{estimate, wrap};
use super::super::theme::{ArmStyle, Colour, Dash, Theme};
use super::super::week_axis::Columns;
use super::key::plateau_style;
use super::{BENEFIT, DosePanel, INSET, Plan, WeekBenefit};

/// Height of the strip in which sessions are ticked.
pub(super) const STRIP: f64 = 18.0;

/// One panel with its name above and its figures below; returns where the next may begin.
pub(super) fn draw(
    canvas: &mut Canvas,
    theme: &Theme,
    plan: &Plan,
    (panel, columns): (&DosePanel, &Columns),
    style: ArmStyle,
    top: f64,
) -> f64 {
    let top = name(canvas, theme, panel, style, plan.width, top) + SMALL * LEADING + 8.0;
    let bottom = top + plan.height;
    let axis = ScoreAxis::new(plan.values, (top, bottom), 5);
    let sides = plan.sides();
    let place = |week: f64, value: f64| (plan.weeks.place(week), axis.scale.place(value));

    axis.draw(canvas, theme, sides);
    for (position, band) in panel.bands.iter().enumerate() {
        let lower = band.points.iter().map(|&[week, lower, _]| place(week, lower));
        let upper = band.points.iter().rev().map(|&[week, _, upper]| place(week, upper));
        let outline: Vec<Place> = lower.chain(upper).collect();
        if outline.len() > 2 {
            canvas.area(&outline, band_colour(theme, style.colour, band.booster, position));
        }
    }
    let zero = axis.scale.place(0.0);
    canvas.line(&[(sides.0, zero), (sides.1, zero)], 1.4, theme.line);
    last_sessions(canvas, theme, plan, panel, (top, bottom));
    if let Some(value) = panel.plateau {
        let y = axis.scale.place(value);
        marks::arm_line(canvas, &[(sides.0, y), (sides.1, y)], 1.6, plateau_style(theme));
        let words = format!("plateau {}", figure(value, plan.decimals));
        canvas.text((sides.1 - 4.0, y - 6.0), &words, TextLook::new(SMALL, theme.quiet).anchored(Anchor::End));
    }
    half_life(canvas, theme, plan, panel, &axis);
    let curve: Vec<Place> = panel.curve.iter().map(|own| place(own.week, own.benefit)).collect();
    canvas.line(&curve, LINE + 0.3, style.colour);
    for own in &panel.visits {
        marks::marker(canvas, place(own.week, own.benefit), style, theme.background);
    }
    for own in &panel.sessions {
        tick(canvas, theme, (plan.weeks.place(own.week), bottom + 3.0), own.booster, style.colour);
    }
    let weeks: Vec<f64> = panel.visits.iter().map(|own| own.week).collect();
    let bottom = bottom + STRIP;
    columns.draw_axis(canvas, theme, &weeks, &plan.weeks, sides, bottom);
    figures_below(canvas, theme, (&panel.visits, columns), (style, plan.decimals), bottom + columns.axis_height())
}

/// The tint of a session's band: neighbours differ, boosters are fainter.
pub(super) fn band_colour(theme: &Theme, colour: Colour, booster: bool, position: usize) -> Colour {
    let tints = if booster { [0.16, 0.26] } else { [0.34, 0.48] };
    theme.background.toward(colour, tints[position % 2])
}

/// The mark of a session in a strip: filled, or hollow for a booster.
pub(super) fn tick(canvas: &mut Canvas, theme: &Theme, (x, top): Place, booster: bool, colour: Colour) {
    let half = if booster { 2.6 } else { 1.5 };
    let (from, to) = ((x - half, top), (x + half, top + STRIP - 6.0));
    if booster {
        canvas.rectangle(from, to, theme.background);
        frame_line(canvas, &[from, (to.0, from.1), to, (from.0, to.1)], colour);
    } else {
        canvas.rectangle(from, to, colour);
    }
}

/// Name and facts of the arm; returns where the drawing's room begins.
fn name(canvas: &mut Canvas, theme: &Theme, panel: &DosePanel, style: ArmStyle, width: f64, top: f64) -> f64 {
    let room = width - 2.0 * MARGIN - SAMPLE - 8.0;
    let lines = wrap(&panel.label, LABEL, true, room);
    let (x, baseline) = (MARGIN + SAMPLE + 8.0, top + LABEL);
    marks::sample(canvas, (MARGIN, baseline - 0.36 * LABEL), ArmStyle { dash: Dash::Solid, ..style }, theme.background);
    canvas.text_lines((x, baseline), &lines, LABEL * LEADING, TextLook::new(LABEL, style.words).bold());
    let bottom = top + lines.len() as f64 * LABEL * LEADING;
    let facts = wrap(&panel.facts, SMALL, false, room);
    canvas.text_lines((x, bottom + SMALL), &facts, SMALL * LEADING, TextLook::new(SMALL, theme.quiet));
    bottom + facts.len() as f64 * SMALL * LEADING + 6.0
}

/// Upright lines where the course and the boosters end, with their names above the drawing.
fn last_sessions(canvas: &mut Canvas, theme: &Theme, plan: &Plan, panel: &DosePanel, (top, bottom): (f64, f64)) {
    let last = |booster: bool| panel.sessions.iter().rev().find(|own| own.booster == booster);
    let kinds = [(last(false), "last session"), (last(true), "last booster")];
    let marks: Vec<(f64, String)> = kinds
        .into_iter()
        .filter_map(|(own, words)| own.map(|own| (own.week, format!("{words}, week {}", plain(own.week)))))
        .collect();
    let wishes: Vec<Wish> = marks
        .iter()
        .map(|(week, words)| Wish { middle: plan.weeks.place(*week), half: estimate(words, SMALL, false) / 2.0 })
        .collect();
    let room = (plan.sides().0 - INSET, plan.width - MARGIN / 2.0);
    let middles = spread(&wishes, 14.0, room).unwrap_or_default();
    for ((week, words), middle) in marks.iter().zip(middles) {
        let x = plan.weeks.place(*week);
        marks::leader(canvas, (x, bottom), (x, top - 4.0), theme.quiet);
        canvas.text((middle, top - 8.0), words, TextLook::new(SMALL, theme.quiet).anchored(Anchor::Middle));
    }
}

/// A measured length from the last session to a half-life later, at the height of the benefit then.
fn half_life(canvas: &mut Canvas, theme: &Theme, plan: &Plan, panel: &DosePanel, axis: &ScoreAxis) {
    let Some(mark) = panel.half_life else { return };
    let (from, to, y) =
        (plan.weeks.place(mark.from_week), plan.weeks.place(mark.to_week), axis.scale.place(mark.benefit));
    canvas.line(&[(from, y), (to, y)], 1.4, theme.ink);
    for end in [from, to] {
        canvas.line(&[(end, y - 5.0), (end, y + 5.0)], 1.4, theme.ink);
    }
    // Below the length, within the bands; above it where the line of no benefit is near.
    let below = y + SMALL + 6.0 < axis.scale.place(0.0);
    let baseline = if below { y + SMALL + 2.0 } else { y - 8.0 };
    canvas.text(((from + to) / 2.0, baseline), "half-life", TextLook::new(SMALL, theme.ink).anchored(Anchor::Middle));
}

/// The benefit at each visit; returns where the next panel may begin.
fn figures_below(
    canvas: &mut Canvas,
    theme: &Theme,
    (visits, columns): (&[WeekBenefit], &Columns),
    (style, decimals): (ArmStyle, usize),
    top: f64,
) -> f64 {
    let baseline = top + 0.7 * SMALL;
    canvas.text((MARGIN, baseline), BENEFIT, TextLook::new(SMALL, theme.quiet));
    let look = TextLook::new(SMALL, style.words).anchored(Anchor::Middle).bold();
    for (own, &x) in visits.iter().zip(&columns.middles) {
        canvas.text((x, baseline), &figure(own.benefit, decimals), look);
    }
    baseline + 34.0
}

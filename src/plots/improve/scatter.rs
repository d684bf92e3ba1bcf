//! The left half: participants of the reference arm by baseline and change, with the line, the mean and the bounds of entry.

use super::super::canvas::{Anchor, Canvas, TextLook};
use super::super::figures::{figure, plain};
use super::super::frame::{self, LEADING, MARGIN, SMALL};
use super::super::layout::{Wish, spread};
use super::super::marks::{SAMPLE, arm_line, leader};
use super::super::score_axis::ScoreAxis;
use super::super::text_width::{estimate, wrap};
use super::super::theme::Theme;
use super::{ImproveNumbers, Plan};
use crate::numeric::round_numbers::{round_numbers, round_step};

/// Radius of a single participant, and of the largest point.
const RADIUS: (f64, f64) = (3.0, 9.0);
const LINE: f64 = 2.6;

/// Draws the half from `top` on; returns where it ends.
pub(super) fn draw(canvas: &mut Canvas, theme: &Theme, numbers: &ImproveNumbers, plan: &Plan, top: f64) -> f64 {
    let bottom = top + plan.left_height;
    let axis = ScoreAxis::new(plan.changes, (top, bottom), 6);
    let sides = plan.scatter;
    axis.draw(canvas, theme, sides);
    frame::better_arrow(canvas, theme, sides.0 - 12.0 - axis.labels_width(), (top, bottom), numbers.score.better);
    let zero = axis.scale.place(0.0);
    canvas.line(&[(sides.0, zero), (sides.1, zero)], 1.8, theme.ink);
    let lying = plan.lying();
    let ground = theme.background.toward(theme.reference.colour, 0.55);
    for own in &numbers.points {
        let radius = (RADIUS.0 * (own.n as f64).sqrt()).min(RADIUS.1);
        canvas.disc((lying.place(own.baseline), axis.scale.place(own.change)), radius, ground);
    }
    if let Some(line) = numbers.line {
        let ends = within(line.intercept, line.slope, lying.values(), axis.scale.values());
        let place = |x: f64| (lying.place(x), axis.scale.place(line.intercept + line.slope * x));
        if let Some((from, to)) = ends {
            canvas.line(&[place(from), place(to)], LINE, theme.ink);
        }
        let mean = axis.scale.place(line.mean_change);
        arm_line(canvas, &[(sides.0, mean), (sides.1, mean)], 1.8, theme.reference);
    }
    if numbers.points.is_empty() {
        let look = TextLook::new(SMALL, theme.quiet).anchored(Anchor::Middle);
        canvas.text(((sides.0 + sides.1) / 2.0, top + 2.0 * SMALL), "no data to draw", look);
    }
    entry(canvas, theme, numbers, plan, (top, bottom));
    let bottom = lying_axis(canvas, theme, numbers, plan, bottom);
    key(canvas, theme, numbers, plan, bottom)
}

/// Where a line enters and leaves what both axes hold.
fn within(intercept: f64, slope: f64, (left, right): (f64, f64), (low, high): (f64, f64)) -> Option<(f64, f64)> {
    let (mut from, mut to) = (left, right);
    if slope != 0.0 {
        let (a, b) = ((low - intercept) / slope, (high - intercept) / slope);
        (from, to) = (from.max(a.min(b)), to.min(a.max(b)));
    }
    (from < to).then_some((from, to))
}

/// Upright lines at the scores that decide entry, with the scores above.
fn entry(canvas: &mut Canvas, theme: &Theme, numbers: &ImproveNumbers, plan: &Plan, (top, bottom): (f64, f64)) {
    let words: Vec<String> = numbers.entry.iter().map(|bound| format!("entry at {}", plain(*bound))).collect();
    let lying = plan.lying();
    let wish = |(bound, words): (&f64, &String)| Wish {
        middle: lying.place(*bound),
        half: estimate(words, SMALL, false) / 2.0,
    };
    let wishes: Vec<Wish> = numbers.entry.iter().zip(&words).map(wish).collect();
    let room = (MARGIN, plan.scatter.1 + 10.0);
    let middles = spread(&wishes, 10.0, room).unwrap_or_default();
    for ((bound, words), middle) in numbers.entry.iter().zip(&words).zip(middles) {
        let x = lying.place(*bound);
        leader(canvas, (x, bottom), (x, top - 4.0), theme.ink);
        canvas.text((middle, top - 8.0), words, TextLook::new(SMALL, theme.ink).anchored(Anchor::Middle));
    }
}

/// The axis of baselines with its name; returns where the next may begin.
fn lying_axis(canvas: &mut Canvas, theme: &Theme, numbers: &ImproveNumbers, plan: &Plan, y: f64) -> f64 {
    let (left, right) = plan.scatter;
    canvas.line(&[(left, y), (right, y)], 1.4, theme.line);
    let lying = plan.lying();
    let (low, high) = lying.values();
    let mut end = left - 12.0;
    for tick in round_numbers(low, high, round_step(high - low, 6)) {
        let (x, words) = (lying.place(tick), plain(tick));
        let half = estimate(&words, SMALL, false) / 2.0;
        if x - half < end + 8.0 {
            continue;
        }
        end = x + half;
        canvas.line(&[(x, y), (x, y + 6.0)], 1.4, theme.line);
        canvas.text((x, y + 8.0 + SMALL), &words, TextLook::new(SMALL, theme.quiet).anchored(Anchor::Middle));
    }
    let y = y + 8.0 + SMALL * LEADING + 4.0;
    let qualities = numbers.score.qualities();
    let about = if qualities.is_empty() { qualities } else { format!(" ({qualities})") };
    let lines = wrap(&format!("{} at baseline{about}", numbers.score.label), SMALL, false, plan.left_width());
    canvas.text_lines((MARGIN, y + SMALL), &lines, SMALL * LEADING, TextLook::new(SMALL, theme.ink));
    y + lines.len() as f64 * SMALL * LEADING + 10.0
}

/// What the lines and points mean; returns where the half ends.
fn key(canvas: &mut Canvas, theme: &Theme, numbers: &ImproveNumbers, plan: &Plan, top: f64) -> f64 {
    let mut y = top + SMALL;
    let mut entries: Vec<(usize, String)> = Vec::new();
    if let Some(line) = numbers.line {
        entries.push((0, format!("line of change on baseline: {} per point", figure(line.slope, 2))));
        entries.push((1, format!("mean change: {} (n = {})", figure(line.mean_change, plan.decimals), line.n)));
    }
    if numbers.points.iter().any(|own| own.n > 1) {
        entries.push((2, "participants; the area of a dot is their number".to_owned()));
    } else if !numbers.points.is_empty() {
        entries.push((2, "a participant".to_owned()));
    }
    for (mark, words) in entries {
        let middle = y - 0.36 * SMALL;
        let ends = [(MARGIN, middle), (MARGIN + SAMPLE, middle)];
        match mark {
            0 => canvas.line(&ends, LINE, theme.ink),
            1 => arm_line(canvas, &ends, 1.8, theme.reference),
            _ => {
                canvas.disc((MARGIN + SAMPLE / 2.0, middle), 5.0, theme.background.toward(theme.reference.colour, 0.55))
            }
        }
        let lines = wrap(&words, SMALL, false, plan.left_width() - SAMPLE - 8.0);
        canvas.text_lines((MARGIN + SAMPLE + 8.0, y), &lines, SMALL * LEADING, TextLook::new(SMALL, theme.quiet));
        y += lines.len() as f64 * SMALL * LEADING + 2.0;
    }
    y
}

//! The right half: the expected change of every arm as stacked parts, with a table below that adds up.

use super::super::canvas::{Anchor, Canvas, Place, TextLook};
use super::super::frame::{LEADING, SMALL, frame_line};
use super::super::score_axis::ScoreAxis;
use super::super::text_width::wrap;
use super::super::theme::{ArmStyle, Colour, Theme};
use super::plan::NAMES;
use super::{ImproveNumbers, Plan, printed};

/// Side of the sample of a part's colour.
const SWATCH: f64 = 13.0;

/// Draws the half from `top` on; returns where it ends.
pub(super) fn draw(canvas: &mut Canvas, theme: &Theme, numbers: &ImproveNumbers, plan: &Plan, top: f64) -> f64 {
    let bottom = top + plan.height;
    let axis = ScoreAxis::new(plan.parts, (top, bottom), 6);
    let styles = theme.arm_styles(numbers.arms.iter().map(|arm| arm.reference));
    axis.draw(canvas, theme, plan.bars());
    let zero = axis.scale.place(0.0);
    canvas.line(&[(plan.bars().0, zero), (plan.bars().1, zero)], 1.8, theme.ink);
    let half = (0.3 * plan.column).min(30.0);
    for (arm, (own, style)) in numbers.arms.iter().zip(&styles).enumerate() {
        let x = plan.middle(arm);
        let (mut below, mut above) = (0.0, 0.0);
        for (position, part) in own.parts.in_order().into_iter().enumerate() {
            let from = if part < 0.0 { &mut below } else { &mut above };
            let ends = (axis.scale.place(*from), axis.scale.place(*from + part));
            *from += part;
            if (ends.0 - ends.1).abs() > 0.5 {
                block(canvas, theme, ((x - half, ends.0), (x + half, ends.1)), colour(theme, *style, position));
            }
        }
        let total = axis.scale.place(own.parts.total());
        canvas.line(&[(x - half - 8.0, total), (x + half + 8.0, total)], 3.0, theme.ink);
    }
    table(canvas, theme, numbers, plan, &styles, bottom + 10.0)
}

/// Colour of a part: grey for what all arms share, the arm's own for its sessions, hollow for the remainder.
fn colour(theme: &Theme, style: ArmStyle, position: usize) -> Option<Colour> {
    match position {
        0 => Some(theme.background.toward(theme.quiet, 0.85)),
        1 => Some(theme.background.toward(theme.quiet, 0.4)),
        2 => Some(style.colour),
        _ => None,
    }
}

fn block(canvas: &mut Canvas, theme: &Theme, (from, to): (Place, Place), colour: Option<Colour>) {
    match colour {
        Some(colour) => canvas.rectangle(from, to, colour),
        None => {
            canvas.rectangle(from, to, theme.background);
            frame_line(canvas, &[from, (to.0, from.1), to, (from.0, to.1)], theme.quiet);
        }
    }
}

/// Names of the arms, the parts row by row and their sum; returns where the half ends.
fn table(
    canvas: &mut Canvas,
    theme: &Theme,
    numbers: &ImproveNumbers,
    plan: &Plan,
    styles: &[ArmStyle],
    top: f64,
) -> f64 {
    let leading = SMALL * LEADING;
    for (arm, (lines, style)) in plan.names.iter().zip(styles).enumerate() {
        let look = TextLook::new(SMALL, style.words).bold().anchored(Anchor::Middle);
        canvas.text_lines((plan.middle(arm), top + SMALL), lines, leading, look);
    }
    let mut y = top + plan.name_lines() as f64 * leading + 8.0;
    let cells: Vec<[String; 5]> = numbers.arms.iter().map(|arm| printed(&arm.parts, plan.decimals)).collect();
    let names =
        ["Regression to the mean", "Natural course", numbers.of_sessions.as_str(), "Remainder", "Change in all"];
    for (row, name) in names.into_iter().enumerate() {
        let is_sum = row == 4;
        canvas.line(
            &[(plan.right, y), (plan.bars().1, y)],
            if is_sum { 1.6 } else { 1.0 },
            if is_sum { theme.line } else { theme.grid },
        );
        let baseline = y + 5.0 + SMALL;
        let look = TextLook::new(SMALL, theme.ink);
        let look = if is_sum { look.bold() } else { look };
        let lines = wrap(name, SMALL, is_sum, NAMES - SWATCH - 12.0);
        canvas.text_lines((plan.right + SWATCH + 8.0, baseline), &lines, leading, look);
        swatch(canvas, theme, (numbers, styles), row, (plan.right, baseline - SWATCH + 1.0));
        let alike = cells.windows(2).all(|pair| pair[0][row] == pair[1][row]);
        let remark = alike && numbers.arms.len() > 1 && row < 2;
        if remark {
            let place = (plan.right, baseline + lines.len() as f64 * leading);
            canvas.text(place, "same in every arm", TextLook::new(SMALL, theme.quiet));
        }
        for (arm, own) in cells.iter().enumerate() {
            canvas.text((plan.middle(arm), baseline), &own[row], look.anchored(Anchor::Middle));
        }
        y += (lines.len() + usize::from(remark)) as f64 * leading + 8.0;
    }
    y
}

/// The sample of a part: for sessions a stripe of every arm that has some, for the sum the line across the bars.
fn swatch(
    canvas: &mut Canvas,
    theme: &Theme,
    (numbers, styles): (&ImproveNumbers, &[ArmStyle]),
    row: usize,
    (left, top): Place,
) {
    let right = left + SWATCH;
    match row {
        2 => {
            let some: Vec<Colour> = (numbers.arms.iter().zip(styles))
                .filter(|(arm, _)| arm.parts.sessions != 0.0)
                .map(|(_, style)| style.colour)
                .collect();
            let stripe = SWATCH / some.len().max(1) as f64;
            for (place, colour) in some.into_iter().enumerate() {
                let from = left + place as f64 * stripe;
                canvas.rectangle((from, top), (from + stripe, top + SWATCH), colour);
            }
        }
        4 => canvas.line(&[(left, top + SWATCH / 2.0), (right, top + SWATCH / 2.0)], 3.0, theme.ink),
        _ => block(canvas, theme, ((left, top), (right, top + SWATCH)), colour(theme, theme.reference, row)),
    }
}

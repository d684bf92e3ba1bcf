//! What frames a picture: title and badge above, captions below, the arrow that says which way is better.

use super::canvas::{Anchor, Canvas, Place, TextLook};
use super::text_width::{estimate, wrap, wrap_evenly};
use super::theme::{Colour, Theme};
use crate::numeric::elementary::{cos, sin};
use crate::trial::Direction;

/// Space kept free along the edges.
pub(super) const MARGIN: f64 = 24.0;
/// Font size of the title.
pub(super) const TITLE: f64 = 21.0;
/// Font size of names and figures.
pub(super) const LABEL: f64 = 16.0;
/// Font size of everything else; at half the width still 7.5 pixels.
pub(super) const SMALL: f64 = 15.0;
/// Distance of baselines for a font size.
pub(super) const LEADING: f64 = 1.25;

const BADGE_HEIGHT: f64 = 26.0;

/// Title, and a badge if the numbers are simulated; returns the height at which the picture may begin.
pub(super) fn head(canvas: &mut Canvas, theme: &Theme, title: &str, simulated: bool, width: f64) -> f64 {
    let mut right = width - MARGIN;
    if simulated {
        right -= badge(canvas, theme, (right, MARGIN - 2.0)) + 16.0;
    }
    let lines = wrap_evenly(title, TITLE, true, right - MARGIN);
    let look = TextLook::new(TITLE, theme.ink).bold();
    canvas.text_lines((MARGIN, MARGIN + 0.8 * TITLE), &lines, TITLE * LEADING, look);
    MARGIN + lines.len() as f64 * TITLE * LEADING + 10.0
}

/// A rounded badge that ends at a corner on the right; returns its width.
fn badge(canvas: &mut Canvas, theme: &Theme, (right, top): Place) -> f64 {
    let width = estimate("simulated", SMALL, false) + 24.0;
    let outline = rounded((right - width, top), (right, top + BADGE_HEIGHT), BADGE_HEIGHT / 2.0);
    canvas.area(&outline, theme.shade);
    frame_line(canvas, &outline, theme.line);
    let look = TextLook::new(SMALL, theme.ink).anchored(Anchor::Middle);
    canvas.text((right - width / 2.0, top + BADGE_HEIGHT / 2.0 + 0.36 * SMALL), "simulated", look);
    width
}

/// Captions from `top` on, each paragraph on lines of its own; returns the height of the whole picture.
pub(super) fn foot(canvas: &mut Canvas, theme: &Theme, paragraphs: &[String], top: f64, width: f64) -> f64 {
    let look = TextLook::new(SMALL, theme.quiet);
    let mut baseline = top + SMALL;
    for paragraph in paragraphs.iter().filter(|paragraph| !paragraph.trim().is_empty()) {
        let lines = wrap(paragraph, SMALL, false, width - 2.0 * MARGIN);
        canvas.text_lines((MARGIN, baseline), &lines, SMALL * LEADING, look);
        baseline += lines.len() as f64 * SMALL * LEADING + 4.0;
    }
    baseline - SMALL + MARGIN - 4.0
}

/// Room that the arrow of [`better_arrow`] and its words take.
pub(super) fn better_width() -> f64 {
    estimate("better", SMALL, false) + 20.0
}

/// An arrow along the score axis that ends at the better side, with the word beside it; nothing where that side is not known. `right` is where its room ends.
pub(super) fn better_arrow(
    canvas: &mut Canvas,
    theme: &Theme,
    right: f64,
    (top, bottom): (f64, f64),
    better: Option<Direction>,
) {
    let Some(better) = better else { return };
    let length = (0.42 * (bottom - top)).min(120.0);
    let (tail, tip, toward, word) = match better {
        Direction::Lower => (bottom - length, bottom, 1.0, bottom - 0.5 * length),
        Direction::Higher => (top + length, top, -1.0, top + 0.5 * length),
    };
    let x = right - 8.0;
    canvas.line(&[(x, tail), (x, tip - 8.0 * toward)], 2.0, theme.quiet);
    canvas.area(&[(x, tip), (x - 5.5, tip - 11.0 * toward), (x + 5.5, tip - 11.0 * toward)], theme.quiet);
    let look = TextLook::new(SMALL, theme.quiet).anchored(Anchor::End);
    canvas.text((x - 10.0, word + 0.36 * SMALL), "better", look);
}

/// Outline of a rectangle with rounded corners.
pub(super) fn rounded(from: Place, to: Place, radius: f64) -> Vec<Place> {
    const STEPS: usize = 6;
    let radius = radius.min((to.0 - from.0) / 2.0).min((to.1 - from.1) / 2.0);
    let corners = [
        (to.0 - radius, from.1 + radius, -90.0),
        (to.0 - radius, to.1 - radius, 0.0),
        (from.0 + radius, to.1 - radius, 90.0),
        (from.0 + radius, from.1 + radius, 180.0),
    ];
    corners
        .into_iter()
        .flat_map(|(x, y, start)| {
            (0..=STEPS).map(move |step| {
                let angle = f64::to_radians(start + 90.0 * step as f64 / STEPS as f64);
                (x + radius * cos(angle), y + radius * sin(angle))
            })
        })
        .collect()
}

/// The closed line around an outline.
pub(super) fn frame_line(canvas: &mut Canvas, outline: &[Place], colour: Colour) {
    let closed: Vec<Place> = outline.iter().chain(outline.first()).copied().collect();
    canvas.line(&closed, 1.2, colour);
}

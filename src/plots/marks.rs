//! The marks of an arm: its point, its broken line, the whiskers of an interval, and the sample of all three in a key.

use super::canvas::{Canvas, Place};
use super::theme::{ArmStyle, Colour, Dash, Marker};
use crate::numeric::elementary::hypot;

/// Width of an arm's line.
pub(super) const LINE: f64 = 2.2;
/// Width of the line in a key's sample.
pub(super) const SAMPLE: f64 = 34.0;
const WHISKER: f64 = 1.6;
const CAP: f64 = 4.0;
/// Half the size of a marker.
pub(super) const MARKER: f64 = 5.5;

/// Lengths drawn and left out in turn.
fn pattern(dash: Dash) -> &'static [f64] {
    match dash {
        Dash::Solid => &[],
        Dash::Long => &[11.0, 4.5],
        Dash::Dotted => &[2.4, 3.6],
        Dash::DashDot => &[9.0, 3.5, 2.4, 3.5],
        Dash::DashDotDot => &[9.0, 3.2, 2.4, 3.2, 2.4, 3.2],
        Dash::Short => &[5.5, 3.5],
    }
}

/// An arm's line through points.
pub(super) fn arm_line(canvas: &mut Canvas, points: &[Place], width: f64, style: ArmStyle) {
    if points.len() < 2 {
        return;
    }
    match pattern(style.dash) {
        [] => canvas.line(points, width, style.colour),
        pattern => {
            for piece in broken(points, pattern) {
                canvas.line(&piece, width, style.colour);
            }
        }
    }
}

/// The drawn pieces of a line broken by a pattern, going round corners.
fn broken(points: &[Place], pattern: &[f64]) -> Vec<Vec<Place>> {
    let mut pieces = Vec::new();
    let (mut turn, mut left) = (0, pattern[0]);
    let mut piece = vec![points[0]];
    for pair in points.windows(2) {
        let (from, to) = (pair[0], pair[1]);
        let whole = hypot(to.0 - from.0, to.1 - from.1);
        let mut done = 0.0;
        while whole - done > left {
            done += left;
            let share = done / whole;
            let here = (from.0 + share * (to.0 - from.0), from.1 + share * (to.1 - from.1));
            if turn % 2 == 0 {
                piece.push(here);
                pieces.push(std::mem::take(&mut piece));
            } else {
                piece = vec![here];
            }
            turn = (turn + 1) % pattern.len();
            left = pattern[turn];
        }
        left -= whole - done;
        if turn % 2 == 0 {
            piece.push(to);
        }
    }
    if turn % 2 == 0 && piece.len() > 1 {
        pieces.push(piece);
    }
    pieces
}

/// A thin dotted line from a point to its label.
pub(super) fn leader(canvas: &mut Canvas, from: Place, to: Place, colour: Colour) {
    for piece in broken(&[from, to], &[1.5, 3.5]) {
        canvas.line(&piece, 1.2, colour);
    }
}

/// A vertical interval with caps.
pub(super) fn whiskers(canvas: &mut Canvas, x: f64, (upper, lower): (f64, f64), colour: Colour) {
    canvas.line(&[(x, upper), (x, lower)], WHISKER, colour);
    for end in [upper, lower] {
        canvas.line(&[(x - CAP, end), (x + CAP, end)], WHISKER, colour);
    }
}

/// An arm's point.
pub(super) fn marker(canvas: &mut Canvas, middle: Place, style: ArmStyle, background: Colour) {
    shape(canvas, middle, MARKER, style.marker, style.colour);
    if style.hollow {
        shape(canvas, middle, MARKER - 2.2, style.marker, background);
    }
}

fn shape(canvas: &mut Canvas, (x, y): Place, half: f64, marker: Marker, colour: Colour) {
    let at = |points: &[Place]| points.iter().map(|(dx, dy)| (x + dx * half, y + dy * half)).collect::<Vec<_>>();
    let points = match marker {
        Marker::Circle => return canvas.disc((x, y), half, colour),
        Marker::Triangle => at(&[(0.0, -1.25), (1.15, 0.8), (-1.15, 0.8)]),
        Marker::Wedge => at(&[(0.0, 1.25), (1.15, -0.8), (-1.15, -0.8)]),
        Marker::Diamond => at(&[(0.0, -1.3), (1.3, 0.0), (0.0, 1.3), (-1.3, 0.0)]),
        Marker::Square => at(&[(-0.9, -0.9), (0.9, -0.9), (0.9, 0.9), (-0.9, 0.9)]),
        Marker::Cross => {
            let (arm, half) = (0.42, 1.2);
            at(&[
                (-arm, -half),
                (arm, -half),
                (arm, -arm),
                (half, -arm),
                (half, arm),
                (arm, arm),
                (arm, half),
                (-arm, half),
                (-arm, arm),
                (-half, arm),
                (-half, -arm),
                (-arm, -arm),
            ])
        }
    };
    canvas.area(&points, colour);
}

/// Line and point of an arm in a key, `SAMPLE` wide from `left`, its middle at height `y`.
pub(super) fn sample(canvas: &mut Canvas, (left, y): Place, style: ArmStyle, background: Colour) {
    arm_line(canvas, &[(left, y), (left + SAMPLE, y)], LINE, style);
    marker(canvas, (left + SAMPLE / 2.0, y), style, background);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dashes_and_gaps_add_up_to_the_line() {
        let pieces = broken(&[(0.0, 0.0), (10.0, 0.0), (10.0, 10.0)], &[6.0, 2.0]);
        assert_eq!(
            pieces,
            [vec![(0.0, 0.0), (6.0, 0.0)], vec![(8.0, 0.0), (10.0, 0.0), (10.0, 4.0)], vec![(10.0, 6.0), (10.0, 10.0)]]
        );
    }
}

//! Where everything goes in the picture of improvement.

use super::super::figures::decimals_for;
use super::super::frame::{self, MARGIN, SMALL};
use super::super::scale::{Scale, extent};
use super::super::score_axis::ScoreAxis;
use super::super::text_width::{estimate, wrap};
use super::{ImproveNumbers, printed};

/// Width of the left half.
const LEFT: f64 = 380.0;
/// Space between the halves.
const BETWEEN: f64 = 30.0;
/// Width of the names of the rows under the bars.
pub(super) const NAMES: f64 = 146.0;
/// Widest and narrowest column of an arm.
const COLUMN: (f64, f64) = (120.0, 84.0);
/// The picture is not made wider than this for wide columns.
const COMFORTABLE: f64 = 1000.0;

pub(super) struct Plan {
    pub(super) width: f64,
    /// Height of the bars.
    pub(super) height: f64,
    /// Height of the points, beside which the table stands too.
    pub(super) left_height: f64,
    /// Left edge of the right half.
    pub(super) right: f64,
    pub(super) n_arms: usize,
    /// Width of an arm's column.
    pub(super) column: f64,
    pub(super) decimals: usize,
    /// Left and right side of the points.
    pub(super) scatter: (f64, f64),
    /// Changes that the upright axis of the points holds.
    pub(super) changes: (f64, f64),
    /// Baselines that the lying axis holds.
    pub(super) baselines: (f64, f64),
    /// Changes that the axis of the bars holds.
    pub(super) parts: (f64, f64),
    /// Names of the arms in lines.
    pub(super) names: Vec<Vec<String>>,
    /// Whether the halves stand below each other.
    pub(super) is_stacked: bool,
}

impl Plan {
    pub(super) fn new(numbers: &ImproveNumbers, whole: f64) -> Self {
        let (height, left_height) = (300.0, 360.0);
        let changes = changes(numbers);
        let axis = ScoreAxis::new(changes, (0.0, left_height), 6);
        let better = if numbers.score.better.is_some() { frame::better_width() + 6.0 } else { 0.0 };
        let scatter = (MARGIN + better + axis.labels_width() + 10.0, MARGIN + LEFT);
        let parts = parts(numbers);
        let decimals = decimals_for(ScoreAxis::new(parts, (0.0, height), 6).step());
        // Where there is no room beside the points, the bars stand below them.
        let is_stacked = whole < 2.0 * LEFT;
        let right = if is_stacked { MARGIN } else { MARGIN + LEFT + BETWEEN };
        let n = numbers.arms.len().max(1) as f64;
        let cells = numbers.arms.iter().flat_map(|arm| printed(&arm.parts, decimals));
        let cell = cells.map(|cell| estimate(&cell, SMALL, true)).fold(0.0, f64::max) + 12.0;
        // Within reason no word of a name is broken where the picture is as wide as its bars.
        let words = numbers.arms.iter().flat_map(|arm| arm.label.split_whitespace());
        let word = words.map(|word| estimate(word, SMALL, true) + 10.0).fold(0.0, f64::max).min(COLUMN.0);
        let comfortable = if is_stacked { whole } else { COMFORTABLE };
        let room = (comfortable - right - NAMES - MARGIN) / n;
        let column = room.min(COLUMN.0).max(COLUMN.1).max(cell).max(if is_stacked { word } else { 0.0 });
        let names = numbers.arms.iter().map(|arm| wrap(&arm.label, SMALL, true, column - 8.0)).collect();
        let width = (right + NAMES + n * column + MARGIN).max(if is_stacked { whole } else { 0.0 });
        Self {
            width,
            height,
            left_height,
            right,
            n_arms: numbers.arms.len().max(1),
            column,
            decimals,
            scatter,
            changes,
            baselines: baselines(numbers),
            parts,
            names,
            is_stacked,
        }
    }

    pub(super) fn left_width(&self) -> f64 {
        LEFT
    }

    pub(super) fn right_width(&self) -> f64 {
        self.width - MARGIN - self.right
    }

    /// Left and right side of the bars.
    pub(super) fn bars(&self) -> (f64, f64) {
        (self.right + NAMES, self.right + NAMES + self.n_arms as f64 * self.column)
    }

    /// Middle of an arm's column.
    pub(super) fn middle(&self, arm: usize) -> f64 {
        self.bars().0 + (arm as f64 + 0.5) * self.column
    }

    /// Lying scale of the points.
    pub(super) fn lying(&self) -> Scale {
        Scale::new(self.baselines, (self.scatter.0 + 10.0, self.scatter.1 - 10.0))
    }

    /// Most lines that an arm's name has.
    pub(super) fn name_lines(&self) -> usize {
        self.names.iter().map(Vec::len).max().unwrap_or(1)
    }
}

fn with_air((low, high): (f64, f64), share: f64) -> (f64, f64) {
    let air = if high > low { share * (high - low) } else { 1.0 };
    (low - air, high + air)
}

fn changes(numbers: &ImproveNumbers) -> (f64, f64) {
    let own = numbers.points.iter().map(|own| own.change);
    with_air(extent(own.chain([0.0])).unwrap_or((0.0, 0.0)), 0.06)
}

fn baselines(numbers: &ImproveNumbers) -> (f64, f64) {
    let own = numbers.points.iter().map(|own| own.baseline).chain(numbers.entry.iter().copied());
    let (low, high) = extent(own).or(numbers.score.range.map(|[low, high]| (low, high))).unwrap_or((0.0, 1.0));
    with_air((low, high), 0.02)
}

/// Sums of the parts below and above no change.
fn parts(numbers: &ImproveNumbers) -> (f64, f64) {
    let ends = numbers.arms.iter().flat_map(|arm| {
        let sum = |sign: f64| arm.parts.in_order().into_iter().filter(|part| part * sign > 0.0).sum::<f64>();
        [sum(-1.0), sum(1.0), arm.parts.total()]
    });
    let (low, high) = extent(ends.chain([0.0])).unwrap_or((0.0, 0.0));
    let (less, more) = with_air((low, high), 0.06);
    // Nothing lies beyond no change on a side without parts.
    (if low < 0.0 { less } else { low }, if high > 0.0 || low == high { more } else { high })
}

//! Where everything in the responders goes: sizes found before the first line is drawn, common to all visits.

use super::super::frame::{LABEL, LEADING, MARGIN, SMALL};
use super::super::marks::SAMPLE;
use super::super::score_axis::ScoreAxis;
use super::super::text_width::{estimate, widest, wrap};
use super::super::value_axis::ValueAxis;
use super::{RespondersNumbers, share_in_words};

/// Height of a panel.
pub(super) const HEIGHT: f64 = 190.0;
/// Space between panels: room for the numbers at the ends of two axes.
const BETWEEN: f64 = 48.0;
/// The name of an arm has at least so much room.
const NAME: f64 = 120.0;
/// Space between columns of the table.
const GAP: f64 = 26.0;

/// Sizes common to all visits.
pub(super) struct Plan {
    pub(super) width: f64,
    /// One axis per scale, with the lines of its title.
    pub(super) axes: Vec<(ValueAxis, Vec<String>)>,
    /// The name of each arm in lines.
    pub(super) names: Vec<Vec<String>>,
    /// Right ends of the columns of the table: one per scale with a threshold, then the missing.
    pub(super) columns: Vec<f64>,
    /// What stands above each column, in lines.
    pub(super) headings: Vec<Vec<String>>,
}

impl Plan {
    pub(super) fn new(numbers: &RespondersNumbers, room: f64) -> Self {
        let (headings, widths): (Vec<Vec<String>>, Vec<f64>) = table(numbers).into_iter().unzip();
        let cells: f64 = widths.iter().map(|width| width + GAP).sum();
        let whole = room.max(2.0 * MARGIN + SAMPLE + 8.0 + NAME + cells);
        let left = MARGIN + shares((0.0, HEIGHT)).labels_width() + 10.0;
        let n = numbers.scales.len().max(1) as f64;
        let width = (whole - MARGIN - left - (n - 1.0) * BETWEEN) / n;
        let axes = numbers.scales.iter().enumerate().map(|(place, scale)| {
            let from = left + place as f64 * (width + BETWEEN);
            let axis = ValueAxis::new((scale.shown[0], scale.shown[1]), (from, from + width));
            let unit = scale.unit.trim();
            let title = if unit.is_empty() { "improvement".to_owned() } else { format!("improvement, {unit}") };
            let title = axis.title(&title);
            (axis, title)
        });
        let names_width = whole - 2.0 * MARGIN - SAMPLE - 8.0 - cells;
        let names = numbers.arms.iter().map(|arm| wrap(&arm.label, LABEL, true, names_width)).collect();
        let mut right = whole - MARGIN;
        let mut columns: Vec<f64> = Vec::new();
        for width in widths.iter().rev() {
            columns.push(right);
            right -= width + GAP;
        }
        columns.reverse();
        Self { width: whole, axes: axes.collect(), names, columns, headings }
    }

    /// Height of the table's rows: the heading, then one per arm.
    pub(super) fn row_height(lines: usize) -> f64 {
        lines.max(1) as f64 * LABEL * LEADING + 3.0
    }
}

/// The upright axis of shares, in per cent.
pub(super) fn shares(places: (f64, f64)) -> ScoreAxis {
    ScoreAxis::new((0.0, 100.0), places, 5)
}

/// Width of a column's heading before it is broken into lines.
const HEADING: f64 = 150.0;

/// Heading and width of each column of the table.
fn table(numbers: &RespondersNumbers) -> Vec<(Vec<String>, f64)> {
    let cells = |scale: usize| {
        let curves = numbers.visits.iter().flat_map(|visit| &visit.arms).filter_map(move |arm| arm.curves.get(scale));
        curves.filter_map(|curve| curve.at_threshold.as_ref()).map(share_in_words)
    };
    let column = |heading: String, cells: Vec<String>| {
        let heading = wrap(&heading, SMALL, false, HEADING);
        let width = widest(&heading, SMALL, false).max(widest(&cells, LABEL, true));
        (heading, width)
    };
    let mut columns: Vec<(Vec<String>, f64)> = Vec::new();
    for (place, scale) in numbers.scales.iter().enumerate() {
        if let Some(threshold) = &scale.threshold {
            columns.push(column(format!("at least {}", threshold.label), cells(place).collect()));
        }
    }
    let missing = numbers.visits.iter().flat_map(|visit| &visit.arms).map(|arm| missing(arm.missing, arm.n));
    let widest_missing = missing.map(|text| estimate(&text, SMALL, false)).fold(0.0, f64::max);
    columns.push((vec!["missing".to_owned()], widest_missing.max(estimate("missing", SMALL, false))));
    columns
}

/// `7 of 136`.
pub(super) fn missing(missing: usize, n: usize) -> String {
    format!("{missing} of {n}")
}

//! Where everything in the zip goes: sizes found before the first line is drawn.

use super::super::frame::{LABEL, MARGIN, SMALL};
use super::super::scale::extent;
use super::super::score_axis::ScoreAxis;
use super::super::text_width::wrap;
use super::super::value_axis::ValueAxis;
use super::{ZipInterval, ZipNumbers, ZipPanel, ZipRow, coverage, decimals_of_truth};
use crate::plots::figures::{count, figure};

/// Height of a panel.
pub(super) const HEIGHT: f64 = 240.0;
/// Space between panels: room for the numbers at the ends of two axes.
const BETWEEN: f64 = 44.0;
/// A panel is at least so wide: on a page, and in a narrow picture.
const LEAST_WIDTH: [f64; 2] = [190.0, 140.0];
/// How many typical widths of an interval are shown to either side of the true value at most.
const REACH: f64 = 2.5;

/// Sizes common to all rows.
pub(super) struct Plan {
    pub(super) width: f64,
    /// One per method.
    pub(super) columns: Vec<Column>,
    /// Whether any interval leaves its panel.
    pub(super) any_cut: bool,
}

/// A column of panels.
pub(super) struct Column {
    pub(super) axis: ValueAxis,
    pub(super) title: Vec<String>,
    pub(super) decimals: usize,
}

impl Plan {
    pub(super) fn new(numbers: &ZipNumbers, room: f64, is_narrow: bool) -> Self {
        let left = MARGIN + percentiles(numbers.from_percentile, (0.0, HEIGHT)).labels_width() + 10.0;
        let n = numbers.methods.len().max(1) as f64;
        let own = (room - MARGIN - left - (n - 1.0) * BETWEEN) / n;
        let each = own.max(LEAST_WIDTH[usize::from(is_narrow)]);
        let width = room.max(left + n * each + (n - 1.0) * BETWEEN + MARGIN);
        let mut any_cut = false;
        let columns = numbers.methods.iter().enumerate().map(|(place, method)| {
            let panels = || numbers.rows.iter().filter_map(move |row| row.panels.get(place)?.as_ref());
            let shown = shown(panels());
            let leaves = |own: &ZipInterval| own.lower < shown.0 || own.upper > shown.1;
            any_cut |= panels().any(|panel| panel.intervals.iter().any(leaves));
            let from = left + place as f64 * (each + BETWEEN);
            let axis = ValueAxis::new(shown, (from, from + each));
            let title = axis.title(&method.measure);
            Column { axis, title, decimals: decimals_of_truth(shown.1 - shown.0) }
        });
        Self { columns: columns.collect(), width, any_cut }
    }

    /// What stands above a panel, in lines: the method where there are several, the coverage in bold, the true value.
    pub(super) fn heading(&self, numbers: &ZipNumbers, (place, row): (usize, &ZipRow), panel: &ZipPanel) -> Heading {
        let column = &self.columns[place];
        let (from, to) = column.axis.scale.places();
        let method = match numbers.methods.get(place).filter(|_| numbers.methods.len() > 1) {
            Some(method) => wrap(&method.label, SMALL, false, to - from),
            None => Vec::new(),
        };
        // One method needs no name of its own, and its visit stands beside the coverage.
        let coverage = match numbers.methods.len() {
            0 | 1 => format!("{}: coverage {}", row.label, coverage(panel)),
            _ => coverage(panel),
        };
        let truth =
            format!("true value\u{a0}{}; {}\u{a0}intervals", figure(panel.truth, column.decimals), count(panel.n));
        Heading {
            method,
            coverage: wrap(&coverage, LABEL, true, to - from),
            truth: wrap(&truth, SMALL, false, to - from),
        }
    }
}

/// The lines above a panel.
pub(super) struct Heading {
    pub(super) method: Vec<String>,
    pub(super) coverage: Vec<String>,
    pub(super) truth: Vec<String>,
}

/// The upright axis of percentiles.
pub(super) fn percentiles(from: f64, places: (f64, f64)) -> ScoreAxis {
    ScoreAxis::new((from, 100.0), places, 6)
}

/// The values that a column shows: all its intervals and true values, but no further than a few typical widths from these.
fn shown<'a>(panels: impl Iterator<Item = &'a ZipPanel> + Clone) -> (f64, f64) {
    let mut widths: Vec<f64> = panels
        .clone()
        .flat_map(|panel| panel.intervals.iter().map(|own| own.upper - own.lower))
        .filter(|width| width.is_finite())
        .collect();
    widths.sort_by(f64::total_cmp);
    let typical = widths.get(widths.len() / 2).copied().unwrap_or(1.0);
    let ends = panels.flat_map(|panel| {
        let (low, high) = (panel.truth - REACH * typical, panel.truth + REACH * typical);
        let all = panel.intervals.iter().flat_map(|own| [own.lower, own.upper]).map(move |end| end.clamp(low, high));
        all.chain([panel.truth])
    });
    let (low, high) = extent(ends.filter(|end| end.is_finite())).unwrap_or((0.0, 0.0));
    let air = if high > low { 0.03 * (high - low) } else { 1.0 };
    (low - air, high + air)
}

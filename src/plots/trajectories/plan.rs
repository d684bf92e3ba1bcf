//! Where everything in the trajectories goes: sizes found before the first line is drawn.

use super::super::figures::{decimals_for, figure, interval};
use super::super::frame::{self, LABEL, LEADING, MARGIN, SMALL};
use super::super::marks::{MARKER, SAMPLE};
use super::super::scale::{Scale, extent};
use super::super::score_axis::ScoreAxis;
use super::super::text_width::{widest, wrap_evenly};
use super::super::week_axis::{self, Columns, GAP};
use super::{MeanPoint, TrajectoriesNumbers};

/// How much the table under the axis says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Detail {
    MeanIntervalAndN,
    MeanAndN,
    N,
}

/// The names of the arms, broken into lines: in the table, and beside the lines where they fit there.
pub(super) struct Names {
    pub(super) in_table: Vec<Vec<String>>,
    pub(super) at_ends: Vec<Vec<String>>,
    pub(super) beside_lines: bool,
}

/// Where everything goes: sizes found before the first line is drawn.
pub(super) struct Plan {
    pub(super) width: f64,
    pub(super) height: f64,
    pub(super) values: (f64, f64),
    pub(super) decimals: usize,
    pub(super) weeks: Scale,
    /// How far the drawing reaches beyond the first and the last visit, so that arms set apart stay inside.
    pub(super) inset: f64,
    pub(super) columns: Columns,
    pub(super) detail: Detail,
    pub(super) names: Names,
    pub(super) cells: Vec<Vec<Vec<String>>>,
}

/// Widest name beside a line or in the table, and in the table where it alone tells the arms apart.
const NAME: f64 = 118.0;
const NAME_IN_KEY: f64 = 215.0;
/// Space between the drawing and the names at the ends of lines.
pub(super) const TO_END_LABEL: f64 = 14.0;
/// Largest distance between neighbouring arms at a visit.
pub(super) const APART: f64 = 1.2 * MARKER;
/// How far a column may stand from its week before the table says less instead.
const TOLERABLE_MOVE: f64 = 16.0;

impl Plan {
    /// Finds the fullest table that fits; where even the counts do not, the picture becomes wider.
    pub(super) fn new(numbers: &TrajectoriesNumbers, room: f64) -> Self {
        let values = value_range(numbers);
        let height = if numbers.arms.len() > 4 { 360.0 } else { 310.0 };
        let axis = ScoreAxis::new(values, (0.0, height), 6);
        let decimals = decimals_for(axis.step());
        let names = Names::new(numbers, height);
        let inset = (numbers.arms.len() as f64 - 1.0).max(0.0) / 2.0 * APART + MARKER + 4.0;
        let least_left = MARGIN + frame::better_width() + 14.0 + axis.labels_width() + inset;
        let names_end = MARGIN + SAMPLE + 8.0 + widest(names.in_table.iter().flatten(), LABEL, false);
        let ends = if names.beside_lines {
            inset + TO_END_LABEL + widest(names.at_ends.iter().flatten(), LABEL, false)
        } else {
            0.0
        };
        let (first, last) = week_axis::span(numbers.weeks.iter().copied());

        let place = |detail, width: f64| {
            let cells = cells(numbers, detail, decimals);
            let widths = column_widths(&cells, numbers.weeks.len());
            let half = |visit: Option<&f64>| visit.map_or(0.0, |width| width / 2.0);
            let left = least_left.max(names_end + GAP + half(widths.first()));
            let right = width - MARGIN - ends.max(half(widths.last())).max(inset);
            let weeks = Scale::new((first, last), (left, right));
            let within = (names_end + GAP, width - MARGIN / 2.0);
            Columns::place(&numbers.weeks, &widths, &weeks, within).map(|columns| (columns, weeks, cells))
        };
        let details = [Detail::MeanIntervalAndN, Detail::MeanAndN];
        let generous = details.into_iter().find_map(|detail| {
            let placed = place(detail, room).filter(|(columns, ..)| columns.largest_move <= TOLERABLE_MOVE);
            placed.map(|(columns, weeks, cells)| (detail, room, columns, weeks, cells))
        });
        let (detail, width, columns, weeks, cells) = generous.unwrap_or_else(|| {
            let widths = column_widths(&cells(numbers, Detail::N, decimals), numbers.weeks.len());
            let needed = names_end + Columns::least_width(&numbers.weeks, &widths) + MARGIN + ends;
            let width = room.max(needed);
            // With the width that the columns need they always find a place; the empty answer keeps this total.
            let (columns, weeks, cells) = place(Detail::N, width).unwrap_or_else(|| {
                let none = Columns { middles: Vec::new(), largest_move: 0.0 };
                (none, Scale::new((first, last), (least_left, width - MARGIN)), Vec::new())
            });
            (Detail::N, width, columns, weeks, cells)
        });
        Self { width, height, values, decimals, weeks, inset, columns, detail, names, cells }
    }

    /// Left and right side of the drawing.
    pub(super) fn sides(&self) -> (f64, f64) {
        let (first, last) = self.weeks.places();
        (first - self.inset, last + self.inset)
    }
}

impl Names {
    fn new(numbers: &TrajectoriesNumbers, height: f64) -> Self {
        let broken =
            |width| numbers.arms.iter().map(|arm| wrap_evenly(&arm.label, LABEL, false, width)).collect::<Vec<_>>();
        let at_ends = broken(NAME);
        let lines: usize = at_ends.iter().map(Vec::len).sum();
        let total = lines as f64 * LABEL * LEADING + at_ends.len() as f64 * 6.0;
        let beside_lines = total <= height && at_ends.iter().all(|lines| lines.len() <= 4);
        let in_table = broken(if beside_lines { NAME } else { NAME_IN_KEY });
        Self { in_table, at_ends, beside_lines }
    }
}

/// Scores that the axis must hold: all means and intervals with a little air, inside the score's range.
fn value_range(numbers: &TrajectoriesNumbers) -> (f64, f64) {
    let points = numbers.arms.iter().flat_map(|arm| arm.points.iter().flatten());
    let ends = points.flat_map(|point| {
        let [lower, upper] = point.interval.unwrap_or([point.mean; 2]);
        [lower.min(point.mean), upper.max(point.mean)]
    });
    let Some((low, high)) = extent(ends) else {
        let [low, high] = numbers.score.range.unwrap_or([0.0, 1.0]);
        return (low, high);
    };
    let air = match numbers.score.range {
        _ if high > low => 0.07 * (high - low),
        Some([least, most]) if most > least => 0.1 * (most - least),
        _ => 1.0,
    };
    // The range bounds the air, never the data.
    let [least, most] = numbers.score.range.unwrap_or([f64::NEG_INFINITY, f64::INFINITY]);
    ((low - air).max(least).min(low), (high + air).min(most).max(high))
}

fn cells(numbers: &TrajectoriesNumbers, detail: Detail, decimals: usize) -> Vec<Vec<Vec<String>>> {
    let cell = |point: Option<MeanPoint>| {
        let Some(MeanPoint { mean, interval: ends, n }) = point else { return vec!["\u{2013}".to_owned()] };
        let mean = figure(mean, decimals);
        match detail {
            Detail::MeanIntervalAndN => {
                let ends = ends.map(|[lower, upper]| compact_interval(lower, upper, decimals));
                [Some(mean), ends, Some(format!("n = {n}"))].into_iter().flatten().collect()
            }
            Detail::MeanAndN => vec![mean, n.to_string()],
            Detail::N => vec![n.to_string()],
        }
    };
    let visits = 0..numbers.weeks.len();
    numbers.arms.iter().map(|arm| visits.clone().map(|visit| cell(arm.point(visit))).collect()).collect()
}

/// An interval with a dash where no sign can be mistaken for it.
fn compact_interval(lower: f64, upper: f64, decimals: usize) -> String {
    if lower >= 0.0 {
        format!("{}\u{2013}{}", figure(lower, decimals), figure(upper, decimals))
    } else {
        interval(lower, upper, decimals)
    }
}

fn column_widths(cells: &[Vec<Vec<String>>], n_visits: usize) -> Vec<f64> {
    let width = |visit: usize| cells.iter().map(|row| widest(&row[visit], SMALL, true)).fold(0.0, f64::max);
    (0..n_visits).map(width).collect()
}

//! Where everything in the fade goes: sizes found before the first line is drawn, common to all panels.

use super::super::figures::{decimals_for, figure, interval, p_value};
use super::super::frame::{self, MARGIN, SMALL};
use super::super::scale::{Scale, extent};
use super::super::score_axis::ScoreAxis;
use super::super::text_width::widest;
use super::super::week_axis::{self, Columns};
use super::{DifferencePoint, FadeNumbers, FadePanel};

/// How much the figures under a panel say.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Detail {
    Everything,
    NarrowIntervals,
    Estimates,
}

/// Where everything goes: sizes found before the first line is drawn, common to all panels.
pub(super) struct Plan {
    pub(super) width: f64,
    pub(super) height: f64,
    pub(super) values: (f64, f64),
    pub(super) decimals: usize,
    pub(super) weeks: Scale,
    pub(super) columns: Vec<PanelColumns>,
}

/// The figures under one panel: what is written at each week, and where.
pub(super) struct PanelColumns {
    pub(super) weeks: Vec<f64>,
    pub(super) places: Columns,
    pub(super) rows: Vec<Row>,
}

/// One kind of figure: its name at the left, and per week the lines written there.
pub(super) struct Row {
    pub(super) name: &'static str,
    pub(super) bold: bool,
    pub(super) cells: Vec<Vec<String>>,
}

/// How far the drawing reaches beyond the first and the last week.
const INSET: f64 = 14.0;
/// How far a column may stand from its week before the figures say less instead.
const TOLERABLE_MOVE: f64 = 60.0;

impl Plan {
    /// Finds the fullest figures that fit; where even the estimates do not, the picture becomes wider.
    pub(super) fn new(numbers: &FadeNumbers, room: f64) -> Self {
        let values = value_range(numbers);
        let height = if numbers.panels.len() > 3 { 170.0 } else { 210.0 };
        let axis = ScoreAxis::new(values, (0.0, height), 5);
        let decimals = decimals_for(axis.step());
        let zero = widest(&zero_words(), SMALL, false);
        let left = MARGIN + frame::better_width() + 14.0 + axis.labels_width() + INSET;
        let (first, last) = week_axis::span(numbers.panels.iter().flat_map(FadePanel::weeks));
        let place = |detail, width: f64| -> Option<(Scale, Vec<PanelColumns>)> {
            let weeks = Scale::new((first, last), (left, width - MARGIN - zero - 10.0 - INSET));
            let within = (left - INSET, width - MARGIN / 2.0);
            let columns =
                numbers.panels.iter().map(|panel| PanelColumns::place(panel, detail, decimals, &weeks, within));
            Some((weeks, columns.collect::<Option<Vec<_>>>()?))
        };
        let tolerable = |(_, columns): &(Scale, Vec<PanelColumns>)| {
            columns.iter().all(|column| column.places.largest_move <= TOLERABLE_MOVE)
        };
        let generous = [Detail::Everything, Detail::NarrowIntervals]
            .into_iter()
            .find_map(|detail| place(detail, room).filter(tolerable).map(|placed| (room, placed)));
        let (width, (weeks, columns)) = generous.unwrap_or_else(|| {
            let needed = numbers.panels.iter().map(|panel| {
                let (weeks, rows) = rows(panel, Detail::Estimates, decimals);
                Columns::least_width(&weeks, &row_widths(&rows, weeks.len()))
            });
            let width = room.max(left + needed.fold(0.0, f64::max) + MARGIN);
            // With the width that the columns need they always find a place; the empty answer keeps this total.
            let placed = place(Detail::Estimates, width);
            (width, placed.unwrap_or_else(|| (Scale::new((first, last), (left, width - MARGIN)), Vec::new())))
        });
        Self { width, height, values, decimals, weeks, columns }
    }

    /// Left and right side of the drawing.
    pub(super) fn sides(&self) -> (f64, f64) {
        let (first, last) = self.weeks.places();
        (first - INSET, last + INSET)
    }
}

impl FadePanel {
    /// Weeks at which something is drawn.
    fn weeks(&self) -> impl Iterator<Item = f64> {
        let points = self.points.iter().chain(&self.published).map(|point| point.week);
        points.chain(self.expected.iter().map(|&(week, _)| week))
    }
}

impl PanelColumns {
    fn place(panel: &FadePanel, detail: Detail, decimals: usize, scale: &Scale, room: (f64, f64)) -> Option<Self> {
        let (weeks, rows) = rows(panel, detail, decimals);
        let places = Columns::place(&weeks, &row_widths(&rows, weeks.len()), scale, room)?;
        Some(Self { weeks, places, rows })
    }
}

/// Weeks with an estimate or a published difference, and what is written under them.
fn rows(panel: &FadePanel, detail: Detail, decimals: usize) -> (Vec<f64>, Vec<Row>) {
    let mut weeks: Vec<f64> = panel.points.iter().chain(&panel.published).map(|point| point.week).collect();
    weeks.sort_by(f64::total_cmp);
    weeks.dedup();
    let at = |points: &[DifferencePoint], write: &dyn Fn(&DifferencePoint) -> Vec<String>| -> Vec<Vec<String>> {
        let found = |week: &f64| points.iter().find(|point| point.week == *week).map_or_else(Vec::new, write);
        weeks.iter().map(found).collect()
    };
    let estimate = |point: &DifferencePoint| vec![figure(point.estimate, decimals)];
    let ends = |point: &DifferencePoint| match detail {
        Detail::Everything => vec![interval(point.lower, point.upper, decimals)],
        _ => vec![format!("{} to", figure(point.lower, decimals)), figure(point.upper, decimals)],
    };
    let p = |point: &DifferencePoint| point.p_value.map(p_value).into_iter().collect();
    let published = |point: &DifferencePoint| [estimate(point), ends(point)].concat();

    let mut rows = vec![Row { name: "Estimate", bold: true, cells: at(&panel.points, &estimate) }];
    if detail != Detail::Estimates {
        rows.push(Row { name: "Interval", bold: false, cells: at(&panel.points, &ends) });
        rows.push(Row { name: "", bold: false, cells: at(&panel.points, &p) });
        rows.push(Row { name: "Published", bold: false, cells: at(&panel.published, &published) });
    }
    rows.retain(|row| row.cells.iter().any(|cell| !cell.is_empty()));
    (weeks, rows)
}

fn row_widths(rows: &[Row], n_weeks: usize) -> Vec<f64> {
    let width = |week: usize| rows.iter().map(|row| widest(&row.cells[week], SMALL, row.bold)).fold(0.0, f64::max);
    (0..n_weeks).map(width).collect()
}

/// What is written beside the zero line.
pub(super) fn zero_words() -> [String; 2] {
    ["no".to_owned(), "difference".to_owned()]
}

/// Differences that the axis must hold: everything drawn, zero and the whole band, with a little air.
fn value_range(numbers: &FadeNumbers) -> (f64, f64) {
    let points = numbers.panels.iter().flat_map(|panel| panel.points.iter().chain(&panel.published));
    let points = points.flat_map(|point| [point.estimate, point.lower, point.upper]);
    let curves = numbers.panels.iter().flat_map(|panel| panel.expected.iter().map(|&(_, value)| value));
    let band = numbers.meaningful.iter().flat_map(|band| [-band.points, band.points]);
    let (low, high) = extent(points.chain(curves).chain(band).chain([0.0])).unwrap_or((0.0, 0.0));
    let air = if high > low { 0.08 * (high - low) } else { 1.0 };
    (low - air, high + air)
}

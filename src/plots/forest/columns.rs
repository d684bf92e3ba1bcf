//! The columns of the forest: what is written in each row, and how wide each column must be.

use super::super::figures::{count, figure, p_value, with_interval};
use super::super::frame::{MARGIN, SMALL};
use super::super::text_width::estimate;
use super::{ForestNumbers, ForestRow, ForestSection};

/// Space between columns.
const GAP: f64 = 16.0;
/// The drawing is at least this wide: on a page, and in a narrow picture.
const LEAST_DRAWING: [f64; 2] = [250.0, 150.0];
/// What is written where there is no estimate.
pub(super) const NO_ESTIMATE: &str = "no estimate";

/// Where each column begins and ends.
pub(super) struct Columns {
    pub(super) width: f64,
    /// Left edge of the visits.
    pub(super) visit: f64,
    /// Middle of the participants; a narrow picture goes without them, and without means.
    pub(super) n: Option<f64>,
    /// Middle of the means, where there are any.
    pub(super) means: Option<f64>,
    /// Left and right side of the drawing.
    pub(super) drawing: (f64, f64),
    /// Left edge of the estimates.
    pub(super) estimate: f64,
    /// Left edge of the p-values.
    pub(super) p: f64,
    /// Left edge of the adjusted p-values, where they are shown.
    pub(super) adjusted: Option<f64>,
}

/// Heads of the columns.
pub(super) const HEADS: [&str; 5] = ["n", "means", "estimate", "p", "adjusted p"];

impl Columns {
    pub(super) fn new(numbers: &ForestNumbers, room: f64, is_narrow: bool) -> Self {
        let rows = || {
            numbers
                .sections
                .iter()
                .flat_map(|own| own.contrasts.iter().map(move |c| (own, c)))
                .flat_map(|(own, c)| c.rows.iter().map(move |row| (own, row)))
        };
        let widest = |head: &str, bold: bool, cell: &dyn Fn(&ForestSection, &ForestRow) -> String| {
            let cells = rows().map(|(section, row)| estimate(&cell(section, row), SMALL, bold));
            cells.fold(estimate(head, SMALL, false), f64::max)
        };
        let visit_width = widest("", false, &|_, row| row.visit.clone());
        let n_width = widest(HEADS[0], false, &|_, row| n_cell(row));
        let any_means = !is_narrow && rows().any(|(_, row)| row.means.iter().any(Option::is_some));
        let means_width = if any_means { widest(HEADS[1], false, &means_cell) } else { 0.0 };
        let estimate_width = widest(HEADS[2], true, &estimate_cell);
        let p_width = widest(HEADS[3], false, &|_, row| p_cell(row));
        let adjusted_width = if numbers.adjusted { widest(HEADS[4], false, &|_, row| adjusted_cell(row)) } else { 0.0 };

        let visit = MARGIN + 12.0;
        let after_visit = visit + visit_width + GAP;
        let n = (!is_narrow).then_some(after_visit + n_width / 2.0);
        let after_n = if is_narrow { after_visit } else { after_visit + n_width + GAP };
        let means = any_means.then_some(after_n + means_width / 2.0);
        let left = if any_means { after_n + means_width + GAP } else { after_n };
        let adjusted_room = if numbers.adjusted { adjusted_width + GAP } else { 0.0 };
        let right_room = GAP + estimate_width + GAP + p_width + adjusted_room + MARGIN;
        let width = room.max(left + LEAST_DRAWING[usize::from(is_narrow)] + right_room);
        let right = width - right_room;
        let p = right + GAP + estimate_width + GAP;
        let adjusted = numbers.adjusted.then_some(p + p_width + GAP);
        Self { width, visit, n, means, drawing: (left, right), estimate: right + GAP, p, adjusted }
    }
}

/// Participants of both arms.
pub(super) fn n_cell(row: &ForestRow) -> String {
    format!("{} / {}", count(row.n[0]), count(row.n[1]))
}

/// Means of both arms; nothing without either.
pub(super) fn means_cell(section: &ForestSection, row: &ForestRow) -> String {
    if row.means.iter().all(Option::is_none) {
        return String::new();
    }
    let [arm, versus] = row.means.map(|mean| mean.map_or("\u{2013}".to_owned(), |mean| figure(mean, section.decimals)));
    format!("{arm} / {versus}")
}

/// Estimate and interval.
pub(super) fn estimate_cell(section: &ForestSection, row: &ForestRow) -> String {
    match &row.estimate {
        Ok(own) => with_interval(own.value, own.lower, own.upper, section.decimals),
        Err(_) => NO_ESTIMATE.to_owned(),
    }
}

/// The p-value without its letter, which heads the column.
pub(super) fn p_cell(row: &ForestRow) -> String {
    row.estimate.as_ref().map_or(String::new(), |own| bare(own.p_value))
}

/// The adjusted p-value.
pub(super) fn adjusted_cell(row: &ForestRow) -> String {
    row.estimate.as_ref().map_or(String::new(), |own| bare(own.adjusted_p_value))
}

fn bare(p: f64) -> String {
    if p.is_nan() {
        return "\u{2013}".to_owned();
    }
    p_value(p).trim_start_matches("p = ").trim_start_matches("p ").to_owned()
}

//! The time axis in true weeks, and the columns of figures under it, each as near to its week as its neighbours allow.

use super::canvas::{Anchor, Canvas, TextLook};
use super::figures::plain;
use super::frame::{LABEL, MARGIN, SMALL};
use super::layout::{Wish, spread};
use super::scale::Scale;
use super::text_width::estimate;
use super::theme::Theme;

/// Space kept between neighbouring columns.
pub(super) const GAP: f64 = 9.0;
const TICK: f64 = 6.0;
/// Room below the axis line for ticks and written weeks.
const HEIGHT: f64 = 36.0;
/// Room that leaders to columns apart from their weeks take in addition.
const LEADERS: f64 = 18.0;

/// Columns of figures under a time axis.
pub(super) struct Columns {
    /// Middle of each column, in the order of the weeks given.
    pub(super) middles: Vec<f64>,
    /// How far the column that moved most stands from its week.
    pub(super) largest_move: f64,
}

impl Columns {
    /// Places a column under each week within `room`; `None` if they do not fit.
    ///
    /// `widths` are those of the figures; the written week is taken into account here.
    pub(super) fn place(weeks: &[f64], widths: &[f64], scale: &Scale, room: (f64, f64)) -> Option<Self> {
        let wishes: Vec<Wish> = weeks
            .iter()
            .zip(widths)
            .map(|(&week, width)| Wish { middle: scale.place(week), half: width.max(week_width(week)) / 2.0 })
            .collect();
        let middles = spread(&wishes, GAP, room)?;
        let largest_move =
            wishes.iter().zip(&middles).map(|(wish, middle)| (wish.middle - middle).abs()).fold(0.0, f64::max);
        Some(Self { middles, largest_move })
    }

    /// Width that the columns need side by side.
    pub(super) fn least_width(weeks: &[f64], widths: &[f64]) -> f64 {
        weeks.iter().zip(widths).map(|(&week, width)| width.max(week_width(week)) + GAP).sum()
    }

    /// Whether any column stands so far from its week that leaders are needed.
    fn moved(&self) -> bool {
        self.largest_move > 1.0
    }

    /// Room below the axis line for ticks, leaders and written weeks.
    pub(super) fn axis_height(&self) -> f64 {
        if self.moved() { HEIGHT + LEADERS } else { HEIGHT }
    }

    /// The axis line at height `y` between both sides of the drawing, a tick at each week, a leader to its column and the
    /// week written above the column.
    pub(super) fn draw_axis(
        &self,
        canvas: &mut Canvas,
        theme: &Theme,
        weeks: &[f64],
        scale: &Scale,
        (left, right): (f64, f64),
        y: f64,
    ) {
        canvas.line(&[(left, y), (right, y)], 1.4, theme.line);
        let baseline = y + self.axis_height() - 12.0;
        let look = TextLook::new(LABEL, theme.ink).anchored(Anchor::Middle);
        for (&week, &middle) in weeks.iter().zip(&self.middles) {
            let x = scale.place(week);
            canvas.line(&[(x, y), (x, y + TICK)], 1.4, theme.line);
            if self.moved() {
                canvas.line(&[(x, y + TICK), (middle, baseline - LABEL)], 1.0, theme.line);
            }
            canvas.text((middle, baseline), &plain(week), look);
        }
        self.draw_origin(canvas, theme, scale, (y, baseline));
        canvas.text((MARGIN, baseline), "Week", TextLook::new(SMALL, theme.quiet));
    }

    /// Tick and number where the axis begins, if no column stands there and there is room.
    fn draw_origin(&self, canvas: &mut Canvas, theme: &Theme, scale: &Scale, (y, baseline): (f64, f64)) {
        let (x, week) = (scale.places().0, scale.values().0);
        let nearest = self.middles.iter().copied().fold(f64::INFINITY, f64::min);
        if nearest - x > 3.0 * LABEL && !self.moved() {
            canvas.line(&[(x, y), (x, y + TICK)], 1.4, theme.line);
            canvas.text((x, baseline), &plain(week), TextLook::new(LABEL, theme.quiet).anchored(Anchor::Middle));
        }
    }
}

fn week_width(week: f64) -> f64 {
    estimate(&plain(week), LABEL, false)
}

/// First and last week of an axis that holds all weeks and begins at randomisation.
pub(super) fn span(weeks: impl IntoIterator<Item = f64>) -> (f64, f64) {
    let (first, last) = weeks.into_iter().fold((0.0, 0.0), |(first, last), week| (week.min(first), week.max(last)));
    (first, if last > first { last } else { first + 1.0 })
}

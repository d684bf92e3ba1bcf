//! The upright axis of a picture: what score it shows, its range and ticks, and which way is better.

use super::canvas::{Anchor, Canvas, TextLook};
use super::figures::{figure, interval, plain};
use super::frame::SMALL;
use super::scale::Scale;
use super::text_width::estimate;
use super::theme::Theme;
use crate::numeric::round_numbers::{decimals, round_numbers, round_step};
use crate::trial::Direction;

/// The score of a picture, in words.
#[derive(Debug, Clone, PartialEq)]
pub struct Score {
    /// What the score measures, e.g. `Roland disability`.
    pub label: String,
    /// Unit of the score, e.g. `points`; empty for none.
    pub unit: String,
    /// Lowest and highest score that can be recorded, where known.
    pub range: Option<[f64; 2]>,
    /// Which way is better, where known.
    pub better: Option<Direction>,
}

impl Score {
    /// Which way is better, in words.
    pub(super) fn better_in_words(&self) -> Option<String> {
        self.better.map(|better| match better {
            Direction::Lower => "lower is better".to_owned(),
            Direction::Higher => "higher is better".to_owned(),
        })
    }

    /// Unit, range and direction, e.g. `points, 0 to 23, lower is better`.
    pub fn qualities(&self) -> String {
        let range = self.range.map(|[low, high]| interval_in_words(low, high));
        let unit = (!self.unit.trim().is_empty()).then(|| self.unit.clone());
        [unit, range, self.better_in_words()].into_iter().flatten().collect::<Vec<_>>().join(", ")
    }
}

fn interval_in_words(low: f64, high: f64) -> String {
    if low.fract() == 0.0 && high.fract() == 0.0 {
        interval(low, high, 0)
    } else {
        format!("{} to {}", plain(low), plain(high))
    }
}

/// An upright axis with round ticks.
pub(super) struct ScoreAxis {
    pub(super) scale: Scale,
    ticks: Vec<(f64, String)>,
    step: f64,
}

impl ScoreAxis {
    /// An axis for values between `low` and `high`, drawn from `top` down to `bottom`, with at most `most` ticks or one more.
    pub(super) fn new((low, high): (f64, f64), (top, bottom): (f64, f64), most: usize) -> Self {
        let scale = Scale::new((low, high), (bottom, top));
        let (low, high) = scale.values();
        let step = round_step(high - low, most);
        let decimals = decimals(step);
        let ticks = round_numbers(low, high, step).into_iter().map(|tick| (tick, figure(tick, decimals))).collect();
        Self { scale, ticks, step }
    }

    /// Distance between ticks.
    pub(super) fn step(&self) -> f64 {
        self.step
    }

    /// Room that the tick labels take.
    pub(super) fn labels_width(&self) -> f64 {
        self.ticks.iter().map(|(_, label)| estimate(label, SMALL, false)).fold(0.0, f64::max)
    }

    /// Grid lines between both sides of the drawing, and the tick labels to the left of them.
    pub(super) fn draw(&self, canvas: &mut Canvas, theme: &Theme, (left, right): (f64, f64)) {
        let look = TextLook::new(SMALL, theme.quiet).anchored(Anchor::End);
        for (value, label) in &self.ticks {
            let y = self.scale.place(*value);
            canvas.line(&[(left, y), (right, y)], 1.0, theme.grid);
            canvas.text((left - 8.0, y + 0.36 * SMALL), label, look);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ticks_are_written_with_the_decimals_they_need() {
        let labels = |low, high| {
            let axis = ScoreAxis::new((low, high), (0.0, 100.0), 4);
            axis.ticks.into_iter().map(|(_, label)| label).collect::<Vec<_>>()
        };
        assert_eq!(labels(0.0, 10.0), ["0.0", "2.5", "5.0", "7.5", "10.0"]);
        assert_eq!(labels(-2.0, 6.0), ["\u{2212}2", "0", "2", "4", "6"]);
        assert_eq!(labels(0.0, 0.8), ["0.0", "0.2", "0.4", "0.6", "0.8"]);
        assert_eq!(labels(0.0, 400.0), ["0", "100", "200", "300", "400"]);
    }

    #[test]
    fn equal_ends_give_a_sensible_axis() {
        let axis = ScoreAxis::new((5.0, 5.0), (0.0, 100.0), 4);
        assert!(axis.ticks.len() >= 2);
    }
}

//! The level axis of values under a panel: round ticks, their grid lines, and what is measured along it.

use super::canvas::{Anchor, Canvas, TextLook};
use super::figures::figure;
use super::frame::{LEADING, SMALL};
use super::scale::Scale;
use super::text_width::{estimate, wrap_evenly};
use super::theme::Theme;
use crate::numeric::round_numbers::{decimals, round_numbers, round_step};

const TICK: f64 = 5.0;
/// Room below the axis line for the ticks and their numbers.
const NUMBERS: f64 = 26.0;

/// A level axis with round ticks.
pub(super) struct ValueAxis {
    pub(super) scale: Scale,
    ticks: Vec<(f64, String)>,
}

impl ValueAxis {
    /// An axis for values between `low` and `high`, drawn from `left` to `right`, with as many ticks as have room for their numbers.
    pub(super) fn new((low, high): (f64, f64), (left, right): (f64, f64)) -> Self {
        let scale = Scale::new((low, high), (left, right));
        let (low, high) = scale.values();
        let ticks = |most: usize| -> Vec<(f64, String)> {
            let step = round_step(high - low, most);
            let decimals = decimals(step);
            round_numbers(low, high, step).into_iter().map(|tick| (tick, figure(tick, decimals))).collect()
        };
        let fit = |ticks: &Vec<(f64, String)>| {
            let room: f64 = ticks.iter().map(|(_, label)| estimate(label, SMALL, false) + 14.0).sum();
            room <= right - left
        };
        let ticks = (2..=7).rev().map(ticks).find(fit).unwrap_or_default();
        Self { scale, ticks }
    }

    /// The same without ticks above a number.
    pub(super) fn up_to(values: (f64, f64), most: f64, places: (f64, f64)) -> Self {
        let mut axis = Self::new(values, places);
        axis.ticks.retain(|(tick, _)| *tick <= most);
        axis
    }

    /// Upright grid lines through a panel between two heights.
    pub(super) fn draw_grid(&self, canvas: &mut Canvas, theme: &Theme, (top, bottom): (f64, f64)) {
        for &(value, _) in &self.ticks {
            let x = self.scale.place(value);
            canvas.line(&[(x, top), (x, bottom)], 1.0, theme.grid);
        }
    }

    /// The axis line at height `y` with ticks and numbers.
    pub(super) fn draw(&self, canvas: &mut Canvas, theme: &Theme, y: f64) {
        let (left, right) = self.scale.places();
        canvas.line(&[(left, y), (right, y)], 1.4, theme.line);
        let look = TextLook::new(SMALL, theme.quiet).anchored(Anchor::Middle);
        for (value, label) in &self.ticks {
            let x = self.scale.place(*value);
            canvas.line(&[(x, y), (x, y + TICK)], 1.4, theme.line);
            canvas.text((x, y + TICK + 1.1 * SMALL), label, look);
        }
    }

    /// Room below the axis line for the numbers and a title of so many lines.
    pub(super) fn height(title: &[String]) -> f64 {
        NUMBERS + title.len() as f64 * SMALL * LEADING
    }

    /// A title in lines that fit below the axis.
    pub(super) fn title(&self, text: &str) -> Vec<String> {
        let (left, right) = self.scale.places();
        wrap_evenly(text, SMALL, false, right - left)
    }

    /// Writes a title below the numbers of an axis line at height `y`.
    pub(super) fn draw_title(&self, canvas: &mut Canvas, theme: &Theme, y: f64, title: &[String]) {
        let (left, right) = self.scale.places();
        let look = TextLook::new(SMALL, theme.ink).anchored(Anchor::Middle);
        canvas.text_lines(((left + right) / 2.0, y + NUMBERS + 0.9 * SMALL), title, SMALL * LEADING, look);
    }
}

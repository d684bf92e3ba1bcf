//! The lying axis of the forest: differences on a straight scale, ratios on a logarithmic one.

use super::super::figures::{figure, plain};
use super::super::frame::SMALL;
use super::super::scale::{Scale, extent};
use super::super::text_width::estimate;
use super::ForestSection;
use crate::numeric::elementary::ln;
use crate::numeric::round_numbers::{decimals, round_numbers, round_ratios, round_step};

/// Farthest that a logarithm of a ratio is drawn; what lies beyond ends at the side.
const FARTHEST: f64 = 14.0;
/// Space between two written numbers.
const BETWEEN: f64 = 12.0;

/// From numbers to places.
pub(super) struct Axis {
    ratio: bool,
    scale: Scale,
    /// Numbers written under the axis, with their places.
    pub(super) ticks: Vec<(f64, String)>,
}

impl Axis {
    pub(super) fn new(section: &ForestSection, (left, right): (f64, f64)) -> Self {
        let ratio = section.ratio;
        let estimates = section.contrasts.iter().flat_map(|own| &own.rows).filter_map(|row| row.estimate.as_ref().ok());
        let ends = estimates.flat_map(|own| [own.value, own.lower, own.upper]).map(|own| on_axis(ratio, own));
        let band = section.meaningful.iter().flat_map(|band| [-band.points, band.points]);
        let (low, high) = extent(ends.chain(band).chain([0.0])).unwrap_or((0.0, 0.0));
        let air = if high > low { 0.05 * (high - low) } else { 1.0 };
        let scale = Scale::new((low - air, high + air), (left, right));
        let ticks = if ratio { ratios(scale.values()) } else { differences(scale.values()) };
        let placed = ticks.into_iter().map(|(value, text)| (scale.place(value), text)).collect();
        Self { ratio, scale, ticks: apart(placed, (left, right)) }
    }

    /// The place of a number, as it is read.
    pub(super) fn place(&self, value: f64) -> f64 {
        self.scale.place(on_axis(self.ratio, value))
    }

    /// The place of no difference.
    pub(super) fn none(&self) -> f64 {
        self.scale.place(0.0)
    }
}

/// A number as the axis counts it.
fn on_axis(ratio: bool, value: f64) -> f64 {
    if ratio { ln(value.max(f64::MIN_POSITIVE)).clamp(-FARTHEST, FARTHEST) } else { value }
}

fn differences((low, high): (f64, f64)) -> Vec<(f64, String)> {
    let step = round_step(high - low, 6);
    let decimals = decimals(step);
    round_numbers(low, high, step).into_iter().map(|tick| (tick, figure(tick, decimals))).collect()
}

fn ratios((low, high): (f64, f64)) -> Vec<(f64, String)> {
    round_ratios(low, high).into_iter().map(|ratio| (ln(ratio), plain(ratio))).collect()
}

/// The numbers that can be written without touching each other or leaving the drawing by much.
fn apart(ticks: Vec<(f64, String)>, (left, right): (f64, f64)) -> Vec<(f64, String)> {
    let mut end = left - BETWEEN - 8.0;
    let mut kept = Vec::new();
    for (x, text) in ticks {
        let half = estimate(&text, SMALL, false) / 2.0;
        if x - half >= end + BETWEEN && x + half <= right + 8.0 {
            end = x + half;
            kept.push((x, text));
        }
    }
    kept
}

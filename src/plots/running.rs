//! The running estimate: a number over the replicates that were made so far, small enough to stand beside the number in a table.

use super::canvas::{Canvas, Place};
use super::figures::figure;
use super::scale::Scale;
use super::svg::Svg;
use super::theme::Theme;

/// Everything the picture shows.
#[derive(Debug, Clone, PartialEq)]
pub struct RunningNumbers {
    /// What settles, in a sentence.
    pub title: String,
    /// The estimate after so many replicates, in the order of the replicates.
    pub points: Vec<RunningPoint>,
    /// Where it should be, if anywhere.
    pub target: Option<f64>,
}

/// An estimate after the first replicates.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct RunningPoint {
    /// Number of replicates.
    pub replicates: u64,
    /// The estimate.
    pub value: f64,
    /// Its Monte Carlo standard error.
    pub mcse: f64,
}

/// Size in pixels.
const SIZE: (f64, f64) = (96.0, 24.0);
/// Room at the edges, so that lines and the last point are whole.
const EDGE: f64 = 3.0;
/// The band reaches so many Monte Carlo errors to either side of the estimate: a 95 % interval.
const BAND: f64 = 1.96;
/// Points from which on the band sets the scale: the first few are too rough to be shown whole.
const SETTLED_FROM: f64 = 0.1;

/// Draws the picture.
pub fn draw(numbers: &RunningNumbers, theme: &Theme) -> Svg {
    let mut canvas = Canvas::new(theme.background);
    if let (Some(first), Some(last)) = (numbers.points.first(), numbers.points.last()) {
        let all = last.replicates as f64;
        let ends = |point: &RunningPoint| [point.value - BAND * point.mcse, point.value + BAND * point.mcse];
        let counts = |point: &&RunningPoint| point.replicates as f64 >= SETTLED_FROM * all;
        let shown = numbers.points.iter().filter(counts).flat_map(ends).chain(numbers.target);
        let (low, high) =
            shown.fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), own| (low.min(own), high.max(own)));
        let room = ((high - low) / 2.0).max(1e-9);
        let across = Scale::new((0.0f64.min(first.replicates as f64), all), (EDGE, SIZE.0 - EDGE));
        let up = Scale::new((low - 0.05 * room, high + 0.05 * room), (SIZE.1 - EDGE, EDGE));
        let place = |replicates: u64, value: f64| -> Place {
            (across.place(replicates as f64), up.place(value).clamp(EDGE, SIZE.1 - EDGE))
        };
        let upper = numbers.points.iter().map(|own| place(own.replicates, ends(own)[1]));
        let lower = numbers.points.iter().rev().map(|own| place(own.replicates, ends(own)[0]));
        canvas.area(&upper.chain(lower).collect::<Vec<_>>(), theme.grid);
        if let Some(target) = numbers.target {
            let y = place(0, target).1;
            canvas.line(&[(EDGE, y), (SIZE.0 - EDGE, y)], 1.0, theme.line);
        }
        let line: Vec<Place> = numbers.points.iter().map(|own| place(own.replicates, own.value)).collect();
        let colour = theme.arms[0].colour;
        canvas.line(&line, 1.25, colour);
        canvas.disc(place(last.replicates, last.value), 2.0, colour);
    }
    canvas.finish(SIZE.0, SIZE.1, &numbers.title, &description(numbers))
}

/// The picture in words.
fn description(numbers: &RunningNumbers) -> String {
    let said = |point: &RunningPoint| {
        format!("{} after {} ({} either way)", figure(point.value, 3), point.replicates, figure(BAND * point.mcse, 3))
    };
    let n = numbers.points.len();
    let middle = numbers.points.get(n / 2).filter(|_| n > 2);
    let told: Vec<String> =
        numbers.points.first().into_iter().chain(middle).chain(numbers.points.last()).map(said).collect();
    told.join(", ")
}

//! Means over time: a line and points with intervals for every arm, and the numbers behind them.

use unicode_width::UnicodeWidthStr;

use super::Screen;
use super::cells::Cells;
use super::chart::{Across, Chart, Point, Series, decimals_over};
use super::ink::Ink;
use crate::plots::trajectories::{ArmTrajectory, MeanPoint, Means, TrajectoriesNumbers};
use crate::report::numbers::fixed;
use crate::trial::Visit;

/// Draws the picture.
pub fn draw(numbers: &TrajectoriesNumbers, screen: &Screen) -> String {
    let means = match numbers.means {
        Means::Adjusted => "adjusted means",
        Means::Observed => "observed means",
    };
    let about = numbers.score.qualities();
    let about = if about.is_empty() { String::new() } else { format!(" ({about})") };
    let heading = format!("{}{about}: {means}, {}", numbers.score.label, numbers.interval);
    let inks = Ink::of_arms(numbers.arms.iter().map(|arm| arm.reference));
    let n = numbers.arms.len() as isize;
    let series = (numbers.arms.iter().zip(&inks).zip(0..))
        .map(|((arm, ink), place): (_, isize)| series(arm, *ink, &numbers.weeks, place - (n - 1) / 2))
        .collect();
    let chart = Chart { heading, across: Across::weeks(&numbers.weeks), height: 15, series, ..Chart::default() };
    let mut text = format!("{}\n{}", screen.prose(&numbers.title), chart.draw(screen));
    if let Some(period) = numbers.treatment {
        let weeks = format!("Sessions from week {} to week {}.", period.start_week, period.end_week);
        text.push_str(&screen.prose(&weeks));
    }
    text.push_str(&format!("\n{}", table(numbers, &inks, screen)));
    if let Some(note) = &numbers.footnote {
        text.push_str(&screen.prose(note));
    }
    text
}

fn series(arm: &ArmTrajectory, ink: Ink, weeks: &[f64], aside: isize) -> Series {
    let points: Vec<Point> = weeks
        .iter()
        .zip(&arm.points)
        .filter_map(|(&week, own)| own.map(|own| Point { x: week, y: own.mean, interval: own.interval }))
        .collect();
    let curve = points.iter().map(|point| (point.x, point.y)).collect();
    Series { curve, points, aside, ..Series::of_arm(&arm.label, ink) }
}

/// Mean and participants by arm and visit, as many visits side by side as there is room for.
fn table(numbers: &TrajectoriesNumbers, inks: &[Ink], screen: &Screen) -> String {
    let means = || numbers.arms.iter().flat_map(|arm| arm.points.iter().flatten()).map(|own| own.mean);
    let decimals = decimals_over(means().fold(f64::MIN, f64::max) - means().fold(f64::MAX, f64::min));
    let cell = |own: &Option<MeanPoint>| {
        own.map_or("-".to_owned(), |own| format!("{} ({})", fixed(own.mean, decimals), own.n))
    };
    let label = numbers.arms.iter().map(|arm| arm.label.width()).max().unwrap_or(0) + 2;
    let label = label.min(screen.width / 2);
    let mut sheet = Cells::new(screen.width);
    let mut top = 0;
    let mut end = label;
    sheet.put(top, 0, "mean (n)", Ink::Plain);
    for (visit, &week) in numbers.weeks.iter().enumerate() {
        let heading = Visit { week }.label();
        let cells: Vec<String> = numbers.arms.iter().map(|arm| cell(arm.points.get(visit).unwrap_or(&None))).collect();
        let width = cells.iter().chain([&heading]).map(|text| text.width()).max().unwrap_or(0);
        if end + 3 + width > screen.width {
            top += numbers.arms.len() + 1;
            end = label;
        }
        end += 3 + width;
        sheet.put_before(top, end, &heading, Ink::Plain);
        for (line, ((arm, ink), cell)) in numbers.arms.iter().zip(inks).zip(&cells).enumerate() {
            let line = top + 1 + line;
            sheet.put(line, 0, &ink.marker().to_string(), *ink);
            sheet.put(line, 2, &arm.label, Ink::Plain);
            sheet.put(line, label, "  ", Ink::Plain);
            sheet.put_before(line, end, cell, Ink::Plain);
        }
    }
    sheet.text(screen.colour)
}

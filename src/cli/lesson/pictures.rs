//! The pictures of the walk, drawn with characters.

use crate::cli::terminal::Screen;
use crate::cli::terminal::chart::{Across, Chart, Level, Point, Series};
use crate::cli::terminal::ink::Ink;
use crate::cli::terminal::intervals::{Group, Intervals, Row, aligned};
use crate::lesson::{Lesson, Picture};

/// Lines of a chart.
const HEIGHT: usize = 12;
/// Columns of a bar at most.
const BAR: f64 = 44.0;
/// What the parts of a bar are filled with.
const FILLS: [char; 4] = ['░', '▒', '▓', '█'];

/// Draws a picture.
pub fn draw(picture: &Picture, lesson: &Lesson<'_>, screen: &Screen) -> String {
    match picture {
        Picture::Curves { up, curves } => chart(up, curves, lesson).draw(screen),
        Picture::Bars { unit, bars } => of_bars(unit, bars, lesson, screen),
        Picture::Intervals { of, rows, meaningful } => {
            let numbers: Vec<[f64; 3]> = rows.iter().map(|(_, own)| [own.value, own.lower, own.upper]).collect();
            let row = |((label, _), (estimate, words)): (&(String, _), ([f64; 3], String))| Row {
                label: label.clone(),
                estimate: Some(estimate),
                words,
                ink: Ink::Arm(0),
            };
            let words = aligned(&numbers, lesson.decimals());
            let rows = rows.iter().zip(numbers.into_iter().zip(words)).map(row).collect();
            let intervals = Intervals {
                groups: vec![Group { heading: of.clone(), rows }],
                thresholds: meaningful.iter().flat_map(|own| [-own, *own]).collect(),
                ..Intervals::default()
            };
            intervals.draw(screen).unwrap_or_default()
        }
        Picture::Sizes { rows } => {
            let wide = rows.iter().map(|(label, _)| label.chars().count()).max().unwrap_or(0);
            rows.iter().map(|(label, n)| format!("  {label:<wide$}  {n:>9}\n")).collect()
        }
    }
}

/// The name of a curve and its points.
type Curve = (String, Vec<(f64, f64)>);

fn chart(up: &str, curves: &[Curve], lesson: &Lesson<'_>) -> Chart {
    let visits: Vec<f64> = lesson.subject.scenario().design.layout.visits.iter().map(|visit| visit.week).collect();
    let end = curves.iter().flat_map(|(_, points)| points.last()).map(|(week, _)| *week).fold(0.0, f64::max);
    let mut across = Across::weeks(&visits);
    if end > across.ends[1] {
        across.ends[1] = end;
    }
    let series = |(place, (label, points)): (usize, &Curve)| {
        let ink = if place == 0 { Ink::Arm(0) } else { Ink::Reference };
        let at = |week: f64| {
            points.iter().find(|(own, _)| (own - week).abs() < 0.26).map(|&(x, y)| Point { x, y, interval: None })
        };
        let marks = if place == 0 { visits.iter().skip(1).filter_map(|&week| at(week)).collect() } else { Vec::new() };
        let name = if curves.len() > 1 { label.as_str() } else { "" };
        Series { curve: points.clone(), points: marks, ..Series::of_arm(name, ink) }
    };
    Chart {
        heading: up.to_owned(),
        across,
        height: HEIGHT,
        series: curves.iter().enumerate().map(series).collect(),
        levels: vec![Level { at: 0.0, ..Level::default() }],
        ..Chart::default()
    }
}

/// One bar for each arm, its parts one after the other; what makes it worse stands to the left of the line.
fn of_bars(unit: &str, bars: &[(String, Vec<(String, f64)>)], lesson: &Lesson<'_>, screen: &Screen) -> String {
    let side = |parts: &[(String, f64)], sign: f64| parts.iter().map(|(_, value)| (sign * value).max(0.0)).sum::<f64>();
    let most = |sign: f64| bars.iter().map(|(_, parts)| side(parts, sign)).fold(0.0, f64::max);
    let (left, right) = (most(-1.0), most(1.0));
    let per_point = BAR / (left + right).max(1e-9);
    let columns = |value: f64| (value.abs() * per_point).round() as usize;
    let mut text = format!("{}\n", screen.prose(unit).trim_end());
    for (label, parts) in bars {
        let fill = |better: bool| -> String {
            let own = parts.iter().zip(FILLS).filter(|((_, value), _)| (*value > 0.0) == better);
            own.map(|((_, value), fill)| fill.to_string().repeat(columns(*value))).collect()
        };
        let numbers: Vec<String> = parts
            .iter()
            .zip(FILLS)
            .map(|((name, value), fill)| format!("{fill} {name} {}", lesson.points(*value)))
            .collect();
        let worse: String = fill(false).chars().rev().collect();
        let pad = " ".repeat((columns(left)).saturating_sub(worse.chars().count()));
        text.push_str(&format!("\n{label}\n  {pad}{worse}│{}\n", fill(true)));
        text.push_str(&screen.prose(&format!("  {}", numbers.join(" · "))));
    }
    text
}

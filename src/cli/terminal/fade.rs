//! The fade of the difference: expected curves with the estimates on them, then every estimate with its interval.

use super::Screen;
use super::chart::{Across, Chart, Level, Point, Series, decimals_over};
use super::forest::{matters, sides};
use super::ink::Ink;
use super::intervals::{Group, Intervals, Row, aligned};
use crate::plots::fade::{FadeNumbers, FadePanel};
use crate::trial::Visit;

/// Draws the picture.
pub fn draw(numbers: &FadeNumbers, screen: &Screen) -> String {
    let about = numbers.score.qualities();
    let about = if about.is_empty() { String::new() } else { format!(" ({about})") };
    let heading =
        format!("{}{about}: difference from {}, {}", numbers.score.label, numbers.reference, numbers.interval);
    let mut text = format!("{}\n", screen.prose(&numbers.title));
    text.push_str(&chart(numbers, heading).draw(screen));
    text.push('\n');
    text.push_str(&intervals(numbers).draw(screen).unwrap_or_default());
    let published = numbers.panels.iter().any(|panel| !panel.published.is_empty());
    let lines = match (numbers.panels.iter().any(|panel| !panel.expected.is_empty()), published) {
        (true, true) => Some("Lines: what the scenario expects. ○: published."),
        (true, false) => Some("Lines: what the scenario expects."),
        (false, true) => Some("○: published."),
        (false, false) => None,
    };
    let notes = lines.into_iter().chain(numbers.footnote.as_deref());
    notes.for_each(|note| text.push_str(&screen.prose(note)));
    text
}

fn chart(numbers: &FadeNumbers, heading: String) -> Chart {
    let visits: Vec<f64> = numbers.panels.iter().flat_map(|panel| &panel.points).map(|point| point.week).collect();
    let meaningful = numbers.meaningful.as_ref().map(|own| own.points.abs());
    let thresholds = meaningful.into_iter().flat_map(|points| [-points, points]);
    let none = Level { at: 0.0, label: "no difference".to_owned(), dotted: false };
    Chart {
        heading,
        across: Across::weeks(&visits),
        height: 14,
        series: numbers.panels.iter().enumerate().flat_map(|(place, panel)| series(panel, place)).collect(),
        levels: [none].into_iter().chain(thresholds.map(|at| Level { at, dotted: true, ..Level::default() })).collect(),
        ..Chart::default()
    }
}

/// The estimates of an arm on its expected curve, or joined where nothing is expected; and what was published.
fn series(panel: &FadePanel, place: usize) -> [Series; 2] {
    let ink = Ink::Arm(place);
    let joined = || panel.points.iter().map(|point| (point.week, point.estimate)).collect();
    let points =
        panel.points.iter().map(|own| Point { x: own.week, y: own.estimate, interval: Some([own.lower, own.upper]) });
    let published = panel.published.iter().map(|own| Point { x: own.week, y: own.estimate, interval: None });
    let aside = 2 * place as isize;
    [
        Series { ink, points: published.collect(), marker: Some('○'), aside: aside - 1, ..Series::default() },
        Series {
            curve: if panel.expected.is_empty() { joined() } else { panel.expected.clone() },
            points: points.collect(),
            aside,
            ..Series::of_arm(&panel.label, ink)
        },
    ]
}

fn intervals(numbers: &FadeNumbers) -> Intervals {
    let rows = || numbers.panels.iter().flat_map(|panel| &panel.points);
    let low = rows().map(|own| own.lower).fold(0.0, f64::min);
    let high = rows().map(|own| own.upper).fold(0.0, f64::max);
    let decimals = decimals_over(high - low);
    let estimates: Vec<[f64; 3]> = rows().map(|own| [own.estimate, own.lower, own.upper]).collect();
    let mut words = aligned(&estimates, decimals).into_iter();
    let group = |(place, panel): (usize, &FadePanel)| {
        let mut rows: Vec<Row> = (panel.points.iter())
            .map(|own| Row {
                label: format!("  {}", Visit { week: own.week }.label()),
                estimate: Some([own.estimate, own.lower, own.upper]),
                words: words.next().unwrap_or_default(),
                ink: Ink::Arm(place),
            })
            .collect();
        if let Some(own) = panel.change {
            let estimate = [own.estimate, own.lower, own.upper];
            rows.push(Row {
                label: format!("  change {}-{}", own.from_week, own.to_week),
                words: aligned(&[estimate], decimals).concat(),
                estimate: Some(estimate),
                ink: Ink::Plain,
            });
        }
        Group { heading: format!("{} - {}", panel.label, numbers.reference), rows }
    };
    let groups = numbers.panels.iter().enumerate().map(group).collect();
    let meaningful = numbers.meaningful.as_ref().map(|own| own.points.abs());
    Intervals {
        groups,
        thresholds: meaningful.into_iter().flat_map(|points| [-points, points]).collect(),
        threshold_words: meaningful.map(|points| matters(points, &numbers.score)).unwrap_or_default(),
        sides: sides(numbers.score.better),
        ..Intervals::default()
    }
}

//! Power by participants per arm: simulated shares with their intervals, the fitted curve and the formula.

use super::Screen;
use super::chart::{Across, Chart, Level, Point, Series};
use super::ink::Ink;
use crate::plots::power::PowerNumbers;
use crate::report::numbers::fixed;

/// Draws the picture.
pub fn draw(numbers: &PowerNumbers, screen: &Screen) -> String {
    let mut text = format!("{}{}\n", screen.prose(&numbers.title), screen.prose(&numbers.subject));
    text.push_str(&chart(numbers).draw(screen));
    let trials: u64 = numbers.points.iter().map(|point| point.trials).sum();
    text.push_str(&format!(
        "\n{}",
        screen.prose(&format!("○ simulated, with 95% Monte Carlo intervals ({trials} trials in all)"))
    ));
    if let Some(required) = &numbers.required {
        let interval = match required.interval {
            Some((lower, Some(upper))) => format!(" (95% interval {lower} to {upper})"),
            Some((lower, None)) => format!(" (95% interval from {lower} on)"),
            None => String::new(),
        };
        text.push_str(&screen.prose(&format!(
            "{} needs {} per arm{interval}, {} in all; planned are {} per arm",
            percent(numbers.target),
            required.n,
            required.n * numbers.arms,
            numbers.planned
        )));
    }
    if let Some(note) = &numbers.footnote {
        text.push_str(&screen.prose(note));
    }
    text
}

fn percent(share: f64) -> String {
    let text = fixed(100.0 * share, 1);
    format!("{}%", text.trim_end_matches('0').trim_end_matches('.'))
}

fn chart(numbers: &PowerNumbers) -> Chart {
    let in_percent = |curve: &[(f64, f64)]| curve.iter().map(|(n, power)| (*n, 100.0 * power)).collect::<Vec<_>>();
    let simulated = numbers.points.iter().map(|own| Point {
        x: own.n as f64,
        y: 100.0 * own.power,
        interval: Some([100.0 * own.lower, 100.0 * own.upper]),
    });
    let curve = |label: &str, ink: Ink, curve: &[(f64, f64)]| Series {
        label: if curve.is_empty() { String::new() } else { label.to_owned() },
        ink,
        dashed: ink == Ink::Reference,
        curve: in_percent(curve),
        ..Series::default()
    };
    let all = || {
        let points = numbers.points.iter().map(|own| own.n as f64);
        points.chain(numbers.formula.iter().map(|own| own.0)).chain([numbers.planned as f64])
    };
    let (low, high) = all().fold((f64::INFINITY, 0.0), |(l, h): (f64, f64), n| (l.min(n), h.max(n)));
    let required = numbers.required.map(|own| (own.n as f64, format!("needed {}", own.n)));
    Chart {
        heading: "power by participants per arm".to_owned(),
        across: participants([low.max(1.0), high.max(low + 1.0)]),
        reach: Some([0.0, 100.0]),
        unit: "%",
        height: 15,
        series: vec![
            curve("formula", Ink::Reference, &numbers.formula),
            curve("", Ink::Arm(0), &numbers.fitted),
            Series { ink: Ink::Arm(0), points: simulated.collect(), marker: Some('○'), ..Series::default() },
        ],
        levels: vec![Level { at: 100.0 * numbers.target, label: percent(numbers.target), dotted: true }],
        uprights: [(numbers.planned as f64, format!("planned {}", numbers.planned))]
            .into_iter()
            .chain(required)
            .collect(),
        ..Chart::default()
    }
}

/// A logarithmic axis with 1, 2 and 5 times the powers of ten.
fn participants(ends: [f64; 2]) -> Across {
    let rounds = (0..7).flat_map(|power| [1.0, 2.0, 5.0].map(|first| first * 10f64.powi(power)));
    let numbers = rounds.filter(|n| (ends[0]..=ends[1]).contains(n)).map(|n| (n, n.to_string())).collect();
    Across { ends, log: true, numbers, title: "per arm".to_owned() }
}

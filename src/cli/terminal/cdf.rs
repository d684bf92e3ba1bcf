//! Responders: the share of each arm that improved by at least so much, as falling curves, one chart to a visit.

use super::Screen;
use super::chart::{Across, Chart, Point, Series};
use super::ink::Ink;
use crate::plots::responders::{ArmResponses, ImprovementScale, RespondersAtVisit, RespondersNumbers};
use crate::report::numbers::fixed;

/// Draws the picture: curves on the first scale, shares at the thresholds of all.
pub fn draw(numbers: &RespondersNumbers, screen: &Screen) -> String {
    let inks = Ink::of_arms(numbers.arms.iter().map(|arm| arm.reference));
    let mut text = screen.prose(&numbers.title);
    for visit in &numbers.visits {
        text.push('\n');
        if let Some(scale) = numbers.scales.first() {
            text.push_str(&chart(numbers, scale, visit, &inks).draw(screen));
        }
        for (place, scale) in numbers.scales.iter().enumerate() {
            text.push_str(&shares((place, scale), visit, &inks, screen));
        }
    }
    let missing = |arm: &ArmResponses| arm.missing;
    let most = numbers.visits.iter().flat_map(|visit| visit.arms.iter().map(missing)).max().unwrap_or(0);
    let missing = (most > 0).then(|| format!("Who was not seen counts as no responder (up to {most} in an arm)."));
    let brackets = numbers.interval.trim();
    let brackets = (!brackets.is_empty()).then(|| format!("In brackets: {brackets}."));
    let words: Vec<String> = [missing, brackets].into_iter().flatten().collect();
    if !words.is_empty() {
        text.push_str(&screen.prose(&words.join(" ")));
    }
    if let Some(note) = &numbers.footnote {
        text.push_str(&screen.prose(note));
    }
    text
}

fn chart(numbers: &RespondersNumbers, scale: &ImprovementScale, visit: &RespondersAtVisit, inks: &[Ink]) -> Chart {
    let series = numbers.arms.iter().zip(&visit.arms).zip(inks).map(|((about, arm), ink)| {
        let curve = arm.curves.first();
        let at = curve.and_then(|curve| curve.at_threshold).map(|own| 100.0 * own.share).zip(scale.threshold.as_ref());
        Series {
            curve: curve.map(|curve| falling(&curve.steps, scale.shown)).unwrap_or_default(),
            points: at.iter().map(|(y, own)| Point { x: own.improvement, y: *y, interval: None }).collect(),
            label_at: at.map(|(share, _)| share),
            ..Series::of_arm(&about.label, *ink)
        }
    });
    let unit = if scale.unit.is_empty() { String::new() } else { format!(" ({})", scale.unit) };
    Chart {
        heading: format!("{}, {}: share that improved by at least so much{unit}", numbers.score.label, visit.label),
        across: Across::round(scale.shown, 8, ""),
        reach: Some([0.0, 100.0]),
        unit: "%",
        height: 9,
        series: series.collect(),
        uprights: scale.threshold.iter().map(|own| (own.improvement, own.label.clone())).collect(),
        ..Chart::default()
    }
}

/// Steps as a line with upright falls, in per cent.
fn falling(steps: &[(f64, f64)], [low, high]: [f64; 2]) -> Vec<(f64, f64)> {
    let mut line = Vec::new();
    let mut before = low;
    for &(improvement, share) in steps {
        let (from, to) = (before.clamp(low, high), improvement.clamp(low, high));
        if to > from || line.is_empty() {
            line.extend([(from, 100.0 * share), (to, 100.0 * share)]);
        }
        before = improvement;
    }
    if before < high {
        line.extend([(before.clamp(low, high), 0.0), (high, 0.0)]);
    }
    line
}

/// The shares at a threshold.
fn shares(
    (place, scale): (usize, &ImprovementScale),
    visit: &RespondersAtVisit,
    inks: &[Ink],
    screen: &Screen,
) -> String {
    let Some(threshold) = &scale.threshold else { return String::new() };
    let share = |(arm, ink): (&ArmResponses, &Ink)| {
        let own = arm.curves.get(place)?.at_threshold?;
        let [share, lower, upper] = [own.share, own.lower, own.upper].map(|own| fixed(100.0 * own, 0));
        Some(format!("{}\u{a0}{share}%\u{a0}({lower}\u{a0}to\u{a0}{upper})", ink.marker()))
    };
    let shares: Vec<String> = visit.arms.iter().zip(inks).filter_map(share).collect();
    if shares.is_empty() {
        return String::new();
    }
    let of =
        if scale.unit.starts_with('%') { format!(" {}", scale.unit.trim_start_matches("% ")) } else { String::new() };
    let text = format!("at least {}{of}: {}", threshold.label, shares.join("  "));
    screen.prose(&text).replace('\u{a0}', " ")
}

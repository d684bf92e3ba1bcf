//! The forest of contrasts: outcome by contrast by visit, each estimate with its interval on the outcome's axis.

use super::Screen;
use super::ink::Ink;
use super::intervals::{Group, Intervals, Row, aligned};
use crate::plots::Score;
use crate::plots::forest::{ForestContrast, ForestEstimate, ForestNumbers, ForestSection};
use crate::report::numbers::p_value;
use crate::trial::Direction;

/// Columns from which on participants stand beside the estimates.
const ROOMY: usize = 100;

/// Draws the picture.
pub fn draw(numbers: &ForestNumbers, screen: &Screen) -> String {
    let mut text = screen.prose(&numbers.title);
    for own in &numbers.sections {
        let unit = own.score.qualities();
        let about = if unit.is_empty() { String::new() } else { format!(" ({unit})") };
        text.push('\n');
        text.push_str(&screen.prose(&format!("{}{about}: {}, {}", own.score.label, own.measure, numbers.interval)));
        match section(own, numbers.adjusted, screen).draw(screen) {
            Some(drawn) => text.push_str(&drawn),
            None => text.push_str("  no estimate\n"),
        }
    }
    if let Some(note) = &numbers.footnote {
        text.push_str(&format!("\n{}", screen.prose(note)));
    }
    text
}

/// The contrasts of one outcome.
fn section(own: &ForestSection, adjusted: bool, screen: &Screen) -> Intervals {
    let estimates: Vec<ForestEstimate> =
        own.contrasts.iter().flat_map(|contrast| &contrast.rows).filter_map(|row| row.estimate.clone().ok()).collect();
    let intervals: Vec<[f64; 3]> = estimates.iter().map(|own| [own.value, own.lower, own.upper]).collect();
    let mut words = aligned(&intervals, own.decimals).into_iter();
    let group = |contrast: &ForestContrast| Group {
        heading: format!("{} - {}", contrast.arm, contrast.versus),
        rows: (contrast.rows.iter())
            .map(|row| {
                let label = format!("  {}", row.visit);
                let ink = contrast.place.map_or(Ink::Plain, Ink::Arm);
                match &row.estimate {
                    Err(reason) => Row { label, words: reason.clone(), ink, ..Row::default() },
                    Ok(estimate) => {
                        let numbers = words.next().unwrap_or_default();
                        let mut words = format!("{numbers}  p {:<6}", spaced(estimate.p_value));
                        if screen.width >= ROOMY {
                            if adjusted {
                                words.push_str(&format!("  adjusted {:<6}", spaced(estimate.adjusted_p_value)));
                            }
                            words.push_str(&format!("  n {} + {}", row.n[0], row.n[1]));
                        }
                        let estimate = Some([estimate.value, estimate.lower, estimate.upper]);
                        Row { label, words: words.trim_end().to_owned(), ink, estimate }
                    }
                }
            })
            .collect(),
    };
    let groups = own.contrasts.iter().map(group).collect();
    let meaningful = own.meaningful.as_ref().map(|own| own.points.abs()).filter(|_| !own.ratio);
    Intervals {
        groups,
        none: if own.ratio { 1.0 } else { 0.0 },
        log: own.ratio,
        thresholds: meaningful.into_iter().flat_map(|points| [-points, points]).collect(),
        threshold_words: meaningful.map(|points| matters(points, &own.score)).unwrap_or_default(),
        sides: sides(own.score.better),
        unit: "",
    }
}

/// A p-value that stands below others: `<0.001` and ` 0.032`.
fn spaced(p: f64) -> String {
    let text = p_value(p);
    if text.starts_with('<') { text } else { format!(" {text}") }
}

/// What lies on either side of no difference.
pub fn sides(better: Option<Direction>) -> Option<[String; 2]> {
    let words = |left: &str, right: &str| [left.to_owned(), right.to_owned()];
    Some(if better?.favours(-1.0) { words("better", "worse") } else { words("worse", "better") })
}

/// What the dotted lines are: `2 points: the difference that matters`.
pub(super) fn matters(points: f64, score: &Score) -> String {
    let unit = if points == 1.0 { score.unit.strip_suffix('s').unwrap_or(&score.unit) } else { &score.unit };
    format!("{}: the difference that matters", format!("{points} {unit}").trim_end())
}

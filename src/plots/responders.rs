//! Responders: which share of each arm improved by at least so much, for every amount of improvement, one row of panels per visit.

mod panel;
mod plan;

use super::canvas::{Canvas, TextLook};
use super::figures::{figure, listed, plain};
use super::frame::{self, LABEL, LEADING, MARGIN};
use super::score_axis::Score;
use super::svg::Svg;
use super::text_width::wrap;
use super::theme::Theme;

/// Everything the picture shows.
#[derive(Debug, Clone, PartialEq)]
pub struct RespondersNumbers {
    /// One sentence that says what is to be seen.
    pub title: String,
    /// The score whose improvement is counted.
    pub score: Score,
    /// The arms in their order.
    pub arms: Vec<ResponderArm>,
    /// What stands in brackets behind a share, e.g. `95% intervals`.
    pub interval: String,
    /// How improvement is measured: one panel each, beside each other.
    pub scales: Vec<ImprovementScale>,
    /// One row of panels per visit.
    pub visits: Vec<RespondersAtVisit>,
    /// A further caption.
    pub footnote: Option<String>,
    /// Whether the participants are simulated: drawn as a badge.
    pub simulated: bool,
}

/// An arm as the picture names it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ResponderArm {
    /// What a reader sees of the arm.
    pub label: String,
    /// Whether the others are compared with it.
    pub reference: bool,
}

/// A way to measure improvement.
#[derive(Debug, Clone, PartialEq)]
pub struct ImprovementScale {
    /// What its numbers count, e.g. `points` or `% of own baseline`; empty for none.
    pub unit: String,
    /// The improvement at which an upright line is drawn and shares are written.
    pub threshold: Option<Threshold>,
    /// Least and largest improvement that is shown; curves go on outside.
    pub shown: [f64; 2],
}

/// An improvement that counts as a response.
#[derive(Debug, Clone, PartialEq)]
pub struct Threshold {
    /// The improvement, on its scale.
    pub improvement: f64,
    /// The same in words, e.g. `2 points` or `30%`.
    pub label: String,
}

/// The shares at one visit.
#[derive(Debug, Clone, PartialEq)]
pub struct RespondersAtVisit {
    /// What a reader sees of the visit, e.g. `week 10`.
    pub label: String,
    /// One entry per arm.
    pub arms: Vec<ArmResponses>,
}

/// The shares of one arm at one visit.
#[derive(Debug, Clone, PartialEq)]
pub struct ArmResponses {
    /// Participants randomised to the arm, of whom shares are taken.
    pub n: usize,
    /// How many of them have no improvement on record, and count as no responders.
    pub missing: usize,
    /// One entry per scale.
    pub curves: Vec<ImprovementCurve>,
}

/// Shares over the improvements of one scale.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct ImprovementCurve {
    /// Every improvement that somebody had, ascending, with the share (0 to 1) that improved by at least that much.
    pub steps: Vec<(f64, f64)>,
    /// The share at the scale's threshold, where there is one.
    pub at_threshold: Option<ShareWithInterval>,
}

/// A share with its interval, from 0 to 1.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ShareWithInterval {
    /// The share.
    pub share: f64,
    /// Lower end of its interval.
    pub lower: f64,
    /// Upper end of its interval.
    pub upper: f64,
}

/// Draws the picture.
pub fn draw(numbers: &RespondersNumbers, theme: &Theme) -> Svg {
    let mut canvas = Canvas::new(theme.background);
    let plan = plan::Plan::new(numbers, theme.width());
    let mut top = frame::head(&mut canvas, theme, &numbers.title, numbers.simulated, plan.width);
    top = heading(&mut canvas, theme, numbers, plan.width, top);
    for visit in &numbers.visits {
        top = panel::draw(&mut canvas, theme, numbers, &plan, visit, top);
    }
    if numbers.visits.is_empty() {
        canvas.text((MARGIN, top + LABEL), "no visits to draw", TextLook::new(LABEL, theme.quiet));
        top += 2.0 * LABEL;
    }
    let height = frame::foot(&mut canvas, theme, &captions(numbers), top, plan.width);
    canvas.finish(plan.width, height, &numbers.title, &description(numbers))
}

/// What the curves are, above the panels; returns where the next may begin.
fn heading(canvas: &mut Canvas, theme: &Theme, numbers: &RespondersNumbers, width: f64, top: f64) -> f64 {
    let lines = wrap(&subject(numbers), LABEL, false, width - 2.0 * MARGIN);
    canvas.text_lines((MARGIN, top + LABEL), &lines, LABEL * LEADING, TextLook::new(LABEL, theme.ink));
    top + lines.len() as f64 * LABEL * LEADING + 14.0
}

fn subject(numbers: &RespondersNumbers) -> String {
    format!("{}: share of each arm that improved from baseline by at least so much", numbers.score.label)
}

/// A share in whole per cent.
fn percent(share: f64) -> String {
    format!("{}%", figure(100.0 * share, 0))
}

/// `56% (47 to 64)`.
fn share_in_words(own: &ShareWithInterval) -> String {
    format!("{} ({} to {})", percent(own.share), figure(100.0 * own.lower, 0), figure(100.0 * own.upper, 0))
}

fn captions(numbers: &RespondersNumbers) -> Vec<String> {
    let mut own = "Shares are of everybody randomised: who has no score counts as no responder.".to_owned();
    if !numbers.interval.trim().is_empty() {
        own.push_str(&format!(" In brackets: {}.", numbers.interval.trim()));
    }
    [Some(own), numbers.footnote.clone()].into_iter().flatten().collect()
}

/// The picture in words: the shares at the thresholds, and the quarters of every curve.
fn description(numbers: &RespondersNumbers) -> String {
    let mut text = format!("{}, by visit.", subject(numbers));
    for visit in &numbers.visits {
        for (arm, own) in numbers.arms.iter().zip(&visit.arms) {
            let mut clauses: Vec<String> = Vec::new();
            for (scale, curve) in numbers.scales.iter().zip(&own.curves) {
                if let (Some(threshold), Some(share)) = (&scale.threshold, &curve.at_threshold) {
                    clauses.push(format!("at least {} {}", threshold.label, share_in_words(share)));
                }
                let half = curve.steps.iter().rev().find(|(_, share)| *share >= 0.5);
                clauses.extend(half.map(|(improvement, _)| {
                    format!("half improved by at least {}", format!("{} {}", plain(*improvement), scale.unit).trim())
                }));
            }
            let missing = format!("{} of {} missing", own.missing, own.n);
            clauses.push(missing);
            text.push_str(&format!(" {}, {}: {}.", visit.label, arm.label, listed(&clauses)));
        }
    }
    captions(numbers).iter().for_each(|caption| text.push_str(&format!(" {caption}")));
    text
}

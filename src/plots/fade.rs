//! Fade: how the difference from the reference arm builds and fades, one panel per arm, beside what was expected and published.

mod key;
mod panel;
mod plan;

use super::canvas::{Canvas, TextLook};
use super::figures::{listed, p_value, plain, with_interval};
use super::frame::{self, LABEL, LEADING, MARGIN};
use super::score_axis::Score;
use super::svg::Svg;
use super::text_width::wrap;
use super::theme::Theme;
use plan::Plan;

/// Everything the picture shows.
#[derive(Debug, Clone, PartialEq)]
pub struct FadeNumbers {
    /// One sentence that says what is to be seen.
    pub title: String,
    /// The score whose differences are drawn.
    pub score: Score,
    /// Name of the arm that the others are compared with.
    pub reference: String,
    /// What the bars show, e.g. `95 % confidence interval`.
    pub interval: String,
    /// The difference that matters to participants, drawn as a band on both sides of zero.
    pub meaningful: Option<MeaningfulDifference>,
    /// One panel for each arm other than the reference, in the order of the arms.
    pub panels: Vec<FadePanel>,
    /// A further caption.
    pub footnote: Option<String>,
    /// Whether the participants are simulated: drawn as a badge.
    pub simulated: bool,
}

/// The smallest difference that matters, with its source.
#[derive(Debug, Clone, PartialEq)]
pub struct MeaningfulDifference {
    /// The difference, in points of the score; its sign does not matter.
    pub points: f64,
    /// Where it comes from, for the caption.
    pub source: Option<String>,
}

/// One arm compared with the reference.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct FadePanel {
    /// What a reader sees of the arm.
    pub label: String,
    /// Estimated differences, arm minus reference, in the order of the weeks.
    pub points: Vec<DifferencePoint>,
    /// Published differences to be seen beside the estimates, drawn hollow.
    pub published: Vec<DifferencePoint>,
    /// Week and expected difference along a curve, as a model or scenario implies it; empty for none.
    pub expected: Vec<(f64, f64)>,
    /// The change of the difference between two weeks, tested directly.
    pub change: Option<DifferenceChange>,
}

/// A difference at a visit.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct DifferencePoint {
    /// Weeks since randomisation.
    pub week: f64,
    /// The difference, arm minus reference.
    pub estimate: f64,
    /// Lower end of its interval.
    pub lower: f64,
    /// Upper end of its interval.
    pub upper: f64,
    /// p-value of no difference, written under the estimate where given.
    pub p_value: Option<f64>,
}

/// How much the difference changed between two weeks.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct DifferenceChange {
    /// The earlier week.
    pub from_week: f64,
    /// The later week.
    pub to_week: f64,
    /// The later difference minus the earlier.
    pub estimate: f64,
    /// Lower end of its interval.
    pub lower: f64,
    /// Upper end of its interval.
    pub upper: f64,
}

/// Draws the picture.
pub fn draw(numbers: &FadeNumbers, theme: &Theme) -> Svg {
    let mut canvas = Canvas::new(theme.background);
    let plan = Plan::new(numbers, theme.width());
    let mut top = frame::head(&mut canvas, theme, &numbers.title, numbers.simulated, plan.width);
    top = heading(&mut canvas, theme, numbers, plan.width, top);
    for (place, panel_and_columns) in numbers.panels.iter().zip(&plan.columns).enumerate() {
        top = panel::draw(&mut canvas, theme, numbers, &plan, panel_and_columns, theme.arm(place), top);
    }
    if numbers.panels.is_empty() {
        canvas.text((MARGIN, top + LABEL), "no differences to draw", TextLook::new(LABEL, theme.quiet));
        top += 2.0 * LABEL;
    }
    top = key::draw(&mut canvas, theme, numbers, plan.width, top);
    let height = frame::foot(&mut canvas, theme, &captions(numbers), top, plan.width);
    canvas.finish(plan.width, height, &numbers.title, &description(numbers, plan.decimals))
}

/// What is compared, above the panels; returns where the next may begin.
fn heading(canvas: &mut Canvas, theme: &Theme, numbers: &FadeNumbers, width: f64, top: f64) -> f64 {
    let text = title(numbers);
    let lines = wrap(&text, LABEL, false, width - 2.0 * MARGIN);
    canvas.text_lines((MARGIN, top + LABEL), &lines, LABEL * LEADING, TextLook::new(LABEL, theme.ink));
    top + lines.len() as f64 * LABEL * LEADING + 20.0
}

/// What is compared, with unit and direction where they are known.
fn title(numbers: &FadeNumbers) -> String {
    let unit = (!numbers.score.unit.trim().is_empty()).then(|| numbers.score.unit.clone());
    let about: Vec<String> = [unit, numbers.score.better_in_words()].into_iter().flatten().collect();
    let about = if about.is_empty() { String::new() } else { format!(" ({})", about.join(", ")) };
    format!("{}: difference from {}{about}", numbers.score.label, numbers.reference)
}

/// A number of points in words, `2 points`.
fn amount(points: f64, unit: &str) -> String {
    format!("{} {unit}", plain(points)).trim().to_owned()
}

fn change_in_words(change: &DifferenceChange, decimals: usize) -> String {
    format!(
        "change week {} to {}: {}",
        plain(change.from_week),
        plain(change.to_week),
        with_interval(change.estimate, change.lower, change.upper, decimals)
    )
}

/// Where the interval holds no difference, in words; nothing without estimates.
fn meets_zero(panel: &FadePanel) -> Option<String> {
    let holds = |point: &&DifferencePoint| point.lower <= 0.0 && point.upper >= 0.0;
    let weeks: Vec<String> = panel.points.iter().filter(holds).map(|point| plain(point.week)).collect();
    match (weeks.len(), panel.points.len()) {
        (_, 0) => None,
        (0, 1) => Some("the interval does not meet zero".to_owned()),
        (0, _) => Some("no interval meets zero".to_owned()),
        (met, all) if met == all && all > 1 => Some("every interval meets zero".to_owned()),
        (1, _) => Some(format!("the interval meets zero at week {}", weeks[0])),
        _ => Some(format!("the interval meets zero at weeks {}", listed(&weeks))),
    }
}

fn captions(numbers: &FadeNumbers) -> Vec<String> {
    let band = numbers.meaningful.as_ref().map(|band| {
        let source = band.source.as_deref().map_or(String::new(), |source| format!(" ({source})"));
        let amount = amount(band.points.abs(), &numbers.score.unit);
        let matter = if amount.contains(' ') { "matter" } else { "matters" };
        format!("Band: differences smaller than the {amount} that {matter} to participants{source}.")
    });
    [band, numbers.footnote.clone()].into_iter().flatten().collect()
}

/// The picture in words.
fn description(numbers: &FadeNumbers, decimals: usize) -> String {
    let mut text = format!("{}, by week.", title(numbers));
    let list = |points: &[DifferencePoint]| {
        let one = |point: &DifferencePoint| {
            let p = point.p_value.map_or(String::new(), |p| format!(", {}", p_value(p)));
            let estimate = with_interval(point.estimate, point.lower, point.upper, decimals);
            format!("week {} {estimate}{p}", plain(point.week))
        };
        points.iter().map(one).collect::<Vec<_>>().join("; ")
    };
    for panel in &numbers.panels {
        let estimates = if panel.points.is_empty() { "no estimates".to_owned() } else { list(&panel.points) };
        text.push_str(&format!(" {}: {estimates}.", panel.label));
        if !panel.published.is_empty() {
            text.push_str(&format!(" Published: {}.", list(&panel.published)));
        }
        if let Some(words) = meets_zero(panel) {
            let mut letters = words.chars();
            let first = letters.next().map(|first| first.to_ascii_uppercase()).unwrap_or_default();
            text.push_str(&format!(" {first}{}.", letters.as_str()));
        }
        if let Some(change) = &panel.change {
            text.push_str(&format!(" The {}.", change_in_words(change, decimals)));
        }
    }
    if let Some(caption) = captions(numbers).first().filter(|_| numbers.meaningful.is_some()) {
        text.push_str(&format!(" {caption}"));
    }
    text
}

//! Forest of contrasts: a row per comparison and visit, with who is behind it, the means compared, the interval and the p-value.

mod axis;
mod columns;
mod section;

use super::canvas::{Canvas, TextLook};
use super::fade::MeaningfulDifference;
use super::figures::{p_value, plain, with_interval};
use super::frame::{self, LABEL, MARGIN};
use super::score_axis::Score;
use super::svg::Svg;
use super::theme::{Room, Theme};
use columns::Columns;

/// Everything the picture shows.
#[derive(Debug, Clone, PartialEq)]
pub struct ForestNumbers {
    /// One sentence that says what is to be seen.
    pub title: String,
    /// What the bars show, e.g. `95% intervals`.
    pub interval: String,
    /// Whether p-values adjusted for several comparisons are shown beside the others.
    pub adjusted: bool,
    /// One section per outcome, each with an axis of its own.
    pub sections: Vec<ForestSection>,
    /// A further caption: what is done about there being several comparisons.
    pub footnote: Option<String>,
    /// Whether the participants are simulated: drawn as a badge.
    pub simulated: bool,
}

/// The contrasts of one outcome.
#[derive(Debug, Clone, PartialEq)]
pub struct ForestSection {
    /// The score.
    pub score: Score,
    /// What contrasts measure, e.g. `difference`.
    pub measure: String,
    /// Whether it is a ratio: drawn on a logarithmic axis, with no difference at 1.
    pub ratio: bool,
    /// Decimals of estimates and means.
    pub decimals: usize,
    /// The difference that matters to participants, drawn as a band on both sides of zero; ratios have none.
    pub meaningful: Option<MeaningfulDifference>,
    /// The contrasts in their order.
    pub contrasts: Vec<ForestContrast>,
}

/// One comparison of two arms.
#[derive(Debug, Clone, PartialEq)]
pub struct ForestContrast {
    /// What a reader sees of the arm counted with plus.
    pub arm: String,
    /// What a reader sees of the arm counted with minus.
    pub versus: String,
    /// Place among the arms other than the reference whose colour the comparison has; `None` where neither arm is the reference.
    pub place: Option<usize>,
    /// One row per visit.
    pub rows: Vec<ForestRow>,
}

/// One comparison at one visit.
#[derive(Debug, Clone, PartialEq)]
pub struct ForestRow {
    /// The visit, in words.
    pub visit: String,
    /// Participants of either arm in the fit.
    pub n: [usize; 2],
    /// Mean of either arm, where the method has one.
    pub means: [Option<f64>; 2],
    /// The estimate, or why there is none.
    pub estimate: Result<ForestEstimate, String>,
}

/// An estimate with its interval, on the scale on which it is read.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ForestEstimate {
    /// The estimate.
    pub value: f64,
    /// Lower end of its interval.
    pub lower: f64,
    /// Upper end of its interval.
    pub upper: f64,
    /// p-value of no difference.
    pub p_value: f64,
    /// The same after the plan's multiplicity rule.
    pub adjusted_p_value: f64,
}

/// Draws the picture.
pub fn draw(numbers: &ForestNumbers, theme: &Theme) -> Svg {
    let mut canvas = Canvas::new(theme.background);
    let columns = Columns::new(numbers, theme.width(), theme.room == Room::Narrow);
    let mut top = frame::head(&mut canvas, theme, &numbers.title, numbers.simulated, columns.width);
    for own in &numbers.sections {
        top = section::draw(&mut canvas, theme, numbers, own, &columns, top);
    }
    if numbers.sections.iter().all(|own| own.contrasts.is_empty()) {
        canvas.text((MARGIN, top + LABEL), "no contrasts to draw", TextLook::new(LABEL, theme.quiet));
        top += 2.0 * LABEL;
    }
    let height = frame::foot(&mut canvas, theme, &captions(numbers), top, columns.width);
    canvas.finish(columns.width, height, &numbers.title, &description(numbers))
}

fn captions(numbers: &ForestNumbers) -> Vec<String> {
    let mut captions = vec![format!(
        "Bars: {}. The area of a square grows with the participants in the comparison.",
        numbers.interval
    )];
    for own in &numbers.sections {
        if let Some(band) = &own.meaningful {
            let source = band.source.as_deref().map_or(String::new(), |source| format!(" ({source})"));
            let amount = format!("{} {}", plain(band.points.abs()), own.score.unit);
            let matter = if own.score.unit.trim().is_empty() { "matters" } else { "matter" };
            let label = if numbers.sections.len() > 1 { format!(" in {}", own.score.label) } else { String::new() };
            captions.push(format!(
                "Band{label}: differences smaller than the {} that {matter} to participants{source}.",
                amount.trim()
            ));
        }
    }
    let mut reasons: Vec<String> = Vec::new();
    for own in rows(numbers).filter_map(|row| row.estimate.as_ref().err()) {
        let caption = format!("No estimate: {own}.");
        if !reasons.contains(&caption) {
            reasons.push(caption);
        }
    }
    captions.extend(reasons);
    captions.extend(numbers.footnote.clone());
    captions
}

fn rows(numbers: &ForestNumbers) -> impl Iterator<Item = &ForestRow> {
    numbers.sections.iter().flat_map(|own| &own.contrasts).flat_map(|own| &own.rows)
}

/// The picture in words.
fn description(numbers: &ForestNumbers) -> String {
    let mut text = String::new();
    for section in &numbers.sections {
        let qualities = section.score.better_in_words().map_or(String::new(), |better| format!(" ({better})"));
        text.push_str(&format!("{}, {}{qualities}.", section.score.label, section.measure));
        for contrast in &section.contrasts {
            let row = |row: &ForestRow| match &row.estimate {
                Ok(own) => {
                    let p = if own.p_value.is_nan() { "no p-value".to_owned() } else { p_value(own.p_value) };
                    let estimate = with_interval(own.value, own.lower, own.upper, section.decimals);
                    format!("{} {estimate}, {p}, n = {} and {}", row.visit, row.n[0], row.n[1])
                }
                Err(reason) => format!("{} no estimate: {reason}", row.visit),
            };
            let rows: Vec<String> = contrast.rows.iter().map(row).collect();
            let rows = if rows.is_empty() { "no visits".to_owned() } else { rows.join("; ") };
            text.push_str(&format!(" {} against {}: {rows}.", contrast.arm, contrast.versus));
        }
        text.push(' ');
    }
    text.push_str(&captions(numbers).join(" "));
    text
}

//! Zip: the intervals of simulated trials beside the true value, sorted by how far away their estimates are, so that coverage is seen
//! as the height at which the zip opens.

mod panel;
mod plan;

use super::canvas::{Canvas, TextLook};
use super::figures::{count, decimals_for, figure, interval, plain};
use super::frame::{self, LABEL, LEADING, MARGIN, SMALL};
use super::marks::SAMPLE;
use super::svg::Svg;
use super::text_width::{estimate, wrap};
use super::theme::{Room, Theme};
use plan::Plan;

/// Everything the picture shows.
#[derive(Debug, Clone, PartialEq)]
pub struct ZipNumbers {
    /// One sentence that says what is to be seen.
    pub title: String,
    /// What the intervals are of, e.g. `Roland disability: relaxation massage less usual care`.
    pub subject: String,
    /// The share of intervals that should hold the true value, above 0 and below 1.
    pub level: f64,
    /// The percentile of |z| from which on intervals are drawn, from 0 to below 100.
    pub from_percentile: f64,
    /// One column of panels per method.
    pub methods: Vec<ZipMethod>,
    /// One row of panels per visit.
    pub rows: Vec<ZipRow>,
    /// A further caption.
    pub footnote: Option<String>,
    /// How many of the intervals the panels hold, where not all.
    pub thinned: Option<String>,
}

/// A method of analysis.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ZipMethod {
    /// What a reader sees of it.
    pub label: String,
    /// What its intervals are of, e.g. `difference, points`.
    pub measure: String,
}

/// The panels of one visit.
#[derive(Debug, Clone, PartialEq)]
pub struct ZipRow {
    /// What a reader sees of the visit, e.g. `Week 10`.
    pub label: String,
    /// One per method; `None` where a method has none there.
    pub panels: Vec<Option<ZipPanel>>,
}

/// The intervals of one method at one visit.
#[derive(Debug, Clone, PartialEq)]
pub struct ZipPanel {
    /// The true value.
    pub truth: f64,
    /// Share of all intervals that hold it, from 0 to 1.
    pub coverage: f64,
    /// Its Monte Carlo standard error.
    pub mcse: f64,
    /// Its Monte Carlo interval.
    pub coverage_interval: [f64; 2],
    /// How many intervals there are, drawn or not.
    pub n: usize,
    /// The intervals that are drawn, ascending by percentile.
    pub intervals: Vec<ZipInterval>,
}

/// An interval that is drawn.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ZipInterval {
    /// Percentile of |z| among all intervals, above 0 and up to 100.
    pub percentile: f64,
    /// Lower end.
    pub lower: f64,
    /// Upper end.
    pub upper: f64,
    /// Whether it holds the true value.
    pub covers: bool,
}

/// Draws the picture.
pub fn draw(numbers: &ZipNumbers, theme: &Theme) -> Svg {
    let mut canvas = Canvas::new(theme.background);
    let plan = Plan::new(numbers, theme.width(), theme.room == Room::Narrow);
    let mut top = frame::head(&mut canvas, theme, &numbers.title, true, plan.width);
    let lines = wrap(&numbers.subject, LABEL, false, plan.width - 2.0 * MARGIN);
    canvas.text_lines((MARGIN, top + LABEL), &lines, LABEL * LEADING, TextLook::new(LABEL, theme.ink));
    top += lines.len() as f64 * LABEL * LEADING + 14.0;
    for row in &numbers.rows {
        top = panel::draw_row(&mut canvas, theme, numbers, &plan, row, top);
    }
    if numbers.rows.is_empty() {
        canvas.text((MARGIN, top + LABEL), "no intervals to draw", TextLook::new(LABEL, theme.quiet));
        top += 2.0 * LABEL;
    }
    top = key(&mut canvas, theme, numbers, plan.width, top);
    let height = frame::foot(&mut canvas, theme, &captions(numbers, &plan), top, plan.width);
    canvas.finish(plan.width, height, &numbers.title, &description(numbers, &plan))
}

/// What the lines and the band mean; returns where the next may begin.
fn key(canvas: &mut Canvas, theme: &Theme, numbers: &ZipNumbers, width: f64, top: f64) -> f64 {
    let entries = [
        (KeyMark::Covers, "interval holds the true value".to_owned()),
        (KeyMark::Misses, "interval misses it".to_owned()),
        (KeyMark::Nominal, format!("{}%, where the zip should open", plain(100.0 * numbers.level))),
        (KeyMark::Band, "coverage, 95% Monte Carlo interval".to_owned()),
    ];
    let (mut x, mut y) = (MARGIN, top + SMALL);
    for (mark, words) in entries {
        let room = SAMPLE + 8.0 + estimate(&words, SMALL, false);
        if x > MARGIN && x + room > width - MARGIN {
            (x, y) = (MARGIN, y + SMALL * LEADING + 4.0);
        }
        let middle = y - 0.36 * SMALL;
        let ends = [(x, middle), (x + SAMPLE, middle)];
        match mark {
            KeyMark::Covers => canvas.line(&ends, 2.0, panel::covering(theme)),
            KeyMark::Misses => canvas.line(&ends, 2.0 * panel::WIDER, panel::missing(theme)),
            KeyMark::Nominal => canvas.line(&ends, 2.0, theme.ink),
            KeyMark::Band => canvas.faint_line(&ends, 12.0, panel::band(theme), panel::BAND),
        }
        canvas.text((x + SAMPLE + 8.0, y), &words, TextLook::new(SMALL, theme.quiet));
        x += room + 24.0;
    }
    y + 14.0
}

enum KeyMark {
    Covers,
    Misses,
    Nominal,
    Band,
}

/// `95.1% ± 0.7%`.
fn coverage(panel: &ZipPanel) -> String {
    format!("{}% \u{b1} {}%", figure(100.0 * panel.coverage, 1), figure(100.0 * panel.mcse, 1))
}

fn captions(numbers: &ZipNumbers, plan: &Plan) -> Vec<String> {
    let shown = if numbers.from_percentile > 0.0 {
        format!(" Drawn are those from percentile {} on.", plain(numbers.from_percentile))
    } else {
        String::new()
    };
    let cut = if plan.any_cut { " Intervals that leave the panel are cut at its edge." } else { "" };
    let own = format!(
        "Each line is the interval of one simulated trial, by the percentile of |z|: how many standard errors its estimate is from the \
         true value. Above: the share of all intervals that hold the true value \u{b1} Monte Carlo error.{shown}{cut}"
    );
    [Some(own), numbers.footnote.clone(), numbers.thinned.clone()].into_iter().flatten().collect()
}

/// The picture in words.
fn description(numbers: &ZipNumbers, plan: &Plan) -> String {
    let mut text = format!("{}.", numbers.subject);
    for row in &numbers.rows {
        for ((method, panel), axis) in numbers.methods.iter().zip(&row.panels).zip(&plan.columns) {
            let Some(panel) = panel else { continue };
            let [low, high] = panel.coverage_interval.map(|end| 100.0 * end);
            text.push_str(&format!(
                " {}, {}: true value {}, {} intervals, of which {} hold it (95% Monte Carlo interval {}).",
                row.label,
                method.label,
                figure(panel.truth, axis.decimals),
                count(panel.n),
                coverage(panel),
                interval(low, high, 1),
            ));
        }
    }
    captions(numbers, plan).iter().for_each(|caption| text.push_str(&format!(" {caption}")));
    text
}

/// Decimals of a true value on an axis of this length.
fn decimals_of_truth(span: f64) -> usize {
    decimals_for(span / 5.0).max(2)
}

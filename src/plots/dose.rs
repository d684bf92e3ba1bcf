//! Session build-up: expected benefit over the weeks with what is left of each session stacked below it, one panel per arm.

mod key;
mod panel;

use super::canvas::{Canvas, TextLook};
use super::figures::{decimals_for, figure, plain};
use super::frame::{self, LABEL, LEADING, MARGIN, SMALL};
use super::scale::{Scale, extent};
use super::score_axis::{Score, ScoreAxis};
use super::svg::Svg;
use super::text_width::{estimate, wrap};
use super::theme::Theme;
use super::week_axis::{self, Columns};

/// Everything the picture shows.
#[derive(Debug, Clone, PartialEq)]
pub struct DoseNumbers {
    /// One sentence that says what is to be seen.
    pub title: String,
    /// The score in whose unit benefit is counted.
    pub score: Score,
    /// Name of the arm against which benefit is counted.
    pub reference: String,
    /// One panel for each arm other than the reference, in the order of the arms.
    pub panels: Vec<DosePanel>,
    /// A further caption.
    pub footnote: Option<String>,
}

/// One arm's sessions and what they build up to.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct DosePanel {
    /// What a reader sees of the arm.
    pub label: String,
    /// Its sessions in words.
    pub facts: String,
    /// Its sessions, in the order of time.
    pub sessions: Vec<SessionTick>,
    /// Expected benefit along the weeks.
    pub curve: Vec<WeekBenefit>,
    /// What is left of each session, stacked.
    pub bands: Vec<Band>,
    /// Expected benefit at the visits after baseline.
    pub visits: Vec<WeekBenefit>,
    /// Benefit on the day of a session that never stopping would approach, where there is such a level.
    pub plateau: Option<f64>,
    /// When half of what fades is gone after the last session, where that can be shown.
    pub half_life: Option<HalfLifeMark>,
}

/// One session.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct SessionTick {
    /// Weeks since randomisation.
    pub week: f64,
    /// Whether it is a booster.
    pub booster: bool,
}

/// Expected benefit in a week: positive is better.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct WeekBenefit {
    /// Weeks since randomisation.
    pub week: f64,
    /// Expected benefit against the reference arm.
    pub benefit: f64,
}

/// What is left of one session over the weeks.
#[derive(Debug, Clone, PartialEq)]
pub struct Band {
    /// Whether the session is a booster.
    pub booster: bool,
    /// Week, lower and upper edge, in the order of time.
    pub points: Vec<[f64; 3]>,
}

/// The half-life after the last session.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct HalfLifeMark {
    /// Week of the last session.
    pub from_week: f64,
    /// A half-life later.
    pub to_week: f64,
    /// Expected benefit then.
    pub benefit: f64,
}

/// Draws the picture.
pub fn draw(numbers: &DoseNumbers, theme: &Theme) -> Svg {
    let mut canvas = Canvas::new(theme.background);
    let plan = Plan::new(numbers, theme.width());
    let mut top = frame::head(&mut canvas, theme, &numbers.title, false, plan.width);
    let heading = wrap(&heading(numbers), LABEL, false, plan.width - 2.0 * MARGIN);
    canvas.text_lines((MARGIN, top + LABEL), &heading, LABEL * LEADING, TextLook::new(LABEL, theme.ink));
    top += heading.len() as f64 * LABEL * LEADING + 16.0;
    for (place, (own, columns)) in numbers.panels.iter().zip(&plan.columns).enumerate() {
        top = panel::draw(&mut canvas, theme, &plan, (own, columns), theme.arm(place), top);
    }
    if numbers.panels.is_empty() {
        canvas.text((MARGIN, top + LABEL), "no sessions to draw", TextLook::new(LABEL, theme.quiet));
        top += 2.0 * LABEL;
    }
    top = key::draw(&mut canvas, theme, numbers, plan.width, top);
    let captions: Vec<String> = numbers.footnote.iter().cloned().collect();
    let height = frame::foot(&mut canvas, theme, &captions, top, plan.width);
    canvas.finish(plan.width, height, &numbers.title, &description(numbers, plan.decimals))
}

/// What is drawn upwards.
fn heading(numbers: &DoseNumbers) -> String {
    let unit = numbers.score.unit.trim();
    let unit = if unit.is_empty() { String::new() } else { format!("{unit}, ") };
    format!("{}: expected benefit over {} ({unit}upwards is better)", numbers.score.label, numbers.reference)
}

/// Where everything goes, common to all panels.
struct Plan {
    width: f64,
    height: f64,
    values: (f64, f64),
    decimals: usize,
    weeks: Scale,
    columns: Vec<Columns>,
}

/// How far the drawing reaches beyond the first and the last week.
const INSET: f64 = 14.0;
/// Room above the largest benefit for the name of the plateau.
const AIR: f64 = 26.0;

impl Plan {
    fn new(numbers: &DoseNumbers, room: f64) -> Self {
        let height = if numbers.panels.len() > 3 { 170.0 } else { 220.0 };
        let values = value_range(numbers, height);
        let axis = ScoreAxis::new(values, (0.0, height), 5);
        let decimals = decimals_for(axis.step());
        let row = estimate(BENEFIT, SMALL, false);
        let left = MARGIN + row.max(axis.labels_width()) + 14.0 + INSET;
        let every_week = numbers.panels.iter().flat_map(|panel| panel.curve.iter().chain(&panel.visits));
        let span = week_axis::span(every_week.map(|own| own.week));
        let columns = |width: f64| -> Option<Vec<Columns>> {
            let weeks = Scale::new(span, (left, width - MARGIN - INSET));
            let own = |panel: &DosePanel| {
                let (weeks_of, widths) = columns_of(panel, decimals);
                Columns::place(&weeks_of, &widths, &weeks, (left - INSET, width - MARGIN / 2.0))
            };
            numbers.panels.iter().map(own).collect()
        };
        let needed = numbers.panels.iter().map(|panel| {
            let (weeks, widths) = columns_of(panel, decimals);
            Columns::least_width(&weeks, &widths)
        });
        let wide = room.max(left + needed.fold(0.0, f64::max) + MARGIN);
        let (width, columns) = match columns(room) {
            Some(columns) => (room, columns),
            // With the width that they need, columns always find a place; the empty answer keeps this total.
            None => (wide, columns(wide).unwrap_or_default()),
        };
        let weeks = Scale::new(span, (left, width - MARGIN - INSET));
        Self { width, height, values, decimals, weeks, columns }
    }

    fn sides(&self) -> (f64, f64) {
        let (first, last) = self.weeks.places();
        (first - INSET, last + INSET)
    }
}

/// The name of the row of figures under a panel.
const BENEFIT: &str = "Benefit";

fn columns_of(panel: &DosePanel, decimals: usize) -> (Vec<f64>, Vec<f64>) {
    let width = |own: &WeekBenefit| estimate(&figure(own.benefit, decimals), SMALL, true);
    panel.visits.iter().map(|own| (own.week, width(own))).unzip()
}

/// Benefits that the axis must hold, with room for the plateau's name above.
fn value_range(numbers: &DoseNumbers, height: f64) -> (f64, f64) {
    let own = |panel: &DosePanel| {
        let lines = panel.curve.iter().chain(&panel.visits).map(|own| own.benefit);
        let edges = panel.bands.iter().flat_map(|band| &band.points).flat_map(|[_, lower, upper]| [*lower, *upper]);
        lines.chain(edges).chain(panel.plateau).collect::<Vec<f64>>()
    };
    let (low, high) = extent(numbers.panels.iter().flat_map(own).chain([0.0])).unwrap_or((0.0, 0.0));
    let span = if high > low { high - low } else { 1.0 };
    let below = if low < 0.0 { 0.06 * span } else { 0.0 };
    (low - below, high.max(low + span) + span * AIR / (height - AIR))
}

/// The picture in words.
fn description(numbers: &DoseNumbers, decimals: usize) -> String {
    let mut text = format!("{}, by week.", heading(numbers));
    for panel in &numbers.panels {
        let visits: Vec<String> = panel
            .visits
            .iter()
            .map(|own| format!("week {} {}", plain(own.week), figure(own.benefit, decimals)))
            .collect();
        let visits = if visits.is_empty() { "no visits".to_owned() } else { visits.join("; ") };
        text.push_str(&format!(" {} ({}): {visits}.", panel.label, panel.facts));
        if let Some(plateau) = panel.plateau {
            text.push_str(&format!(" Never stopping would approach {}.", figure(plateau, decimals)));
        }
    }
    text
}

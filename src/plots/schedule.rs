//! Schedule: what plans with so many sessions bring at a week, with how much certainty, and which of them is enough.

use super::canvas::{Anchor, Canvas, Place, TextLook};
use super::figures::{decimals_for, figure, interval, plain};
use super::frame::{self, LABEL, LEADING, MARGIN, SMALL};
use super::marks::{self, MARKER, SAMPLE};
use super::scale::{Scale, extent};
use super::score_axis::{Score, ScoreAxis};
use super::svg::Svg;
use super::text_width::{estimate, wrap, wrap_evenly};
use super::theme::{ArmStyle, Colour, Theme};
use crate::numeric::round_numbers::{round_numbers, round_step};
use crate::trial::Direction;

/// Everything the picture shows.
#[derive(Debug, Clone, PartialEq)]
pub struct ScheduleNumbers {
    /// One sentence that says what is to be seen.
    pub title: String,
    /// The score of which differences are drawn.
    pub score: Score,
    /// What readers call the arm whose sessions are planned.
    pub arm: String,
    /// What readers call the arm that it is compared with.
    pub reference: String,
    /// The week by which plans are judged.
    pub week: f64,
    /// The benefit that is asked for.
    pub enough: f64,
    /// What the bars show, e.g. `80% of draws`; `None` where nothing is drawn from priors.
    pub interval: Option<String>,
    /// The probability that is asked for; a panel of its own shows it. `None` where everything is taken as certain.
    pub probability: Option<f64>,
    /// Kinds of plans.
    pub series: Vec<ScheduleSeries>,
    /// The plan that is enough, if there is one.
    pub chosen: Option<ChosenPlan>,
    /// A further caption.
    pub footnote: Option<String>,
}

/// Plans of one kind, the best one of each number of sessions.
#[derive(Debug, Clone, PartialEq)]
pub struct ScheduleSeries {
    /// What a reader sees, e.g. `with boosters`.
    pub label: String,
    /// One point per number of sessions, ascending.
    pub points: Vec<SchedulePoint>,
}

/// The best plan of so many sessions.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct SchedulePoint {
    /// Sessions in all.
    pub sessions: usize,
    /// Benefit; positive is better than the reference arm.
    pub benefit: f64,
    /// Its interval over what is not known for certain.
    pub interval: Option<[f64; 2]>,
    /// Probability that the benefit is as large as asked for.
    pub probability: f64,
}

/// The plan that is marked.
#[derive(Debug, Clone, PartialEq)]
pub struct ChosenPlan {
    /// Which of the series it is in.
    pub series: usize,
    /// Sessions in all.
    pub sessions: usize,
    /// What it is in a few words.
    pub label: String,
}

/// Heights of both panels, and what lies between them.
const BENEFIT: f64 = 290.0;
const PROBABILITY: f64 = 120.0;
const BETWEEN: f64 = 44.0;
/// Room to the right of the panels for the words of a line.
const RIGHT: f64 = 96.0;
/// How far series are set apart at a number of sessions, at most.
const APART: f64 = 7.0;
/// Width and opacity of an interval.
const BAR: (f64, f64) = (4.5, 0.35);
/// Room that the words about the chosen plan want beside it.
const LABEL_ROOM: f64 = 200.0;
/// Radius of the ring around the chosen plan.
const RING: f64 = 10.0;

/// Draws the picture.
pub fn draw(numbers: &ScheduleNumbers, theme: &Theme) -> Svg {
    let mut canvas = Canvas::new(theme.background);
    let top = frame::head(&mut canvas, theme, &numbers.title, false, theme.width());
    let top = heading(&mut canvas, theme, &benefit_heading(numbers), top);
    let plan = Plan::new(numbers, theme.width(), top);
    benefits(&mut canvas, theme, numbers, &plan);
    if let Some(asked) = numbers.probability {
        let words = format!("Probability of {} or more", amount(numbers.enough, &numbers.score.unit));
        canvas.text((MARGIN, plan.upper.1 + BETWEEN - 16.0), &words, TextLook::new(LABEL, theme.ink));
        probabilities(&mut canvas, theme, numbers, &plan, asked);
    }
    let bottom = sessions_axis(&mut canvas, theme, &plan);
    let bottom = key(&mut canvas, theme, numbers, bottom);
    let height = frame::foot(&mut canvas, theme, &captions(numbers), bottom, theme.width());
    canvas.finish(theme.width(), height, &numbers.title, &description(numbers, &plan))
}

/// Where everything goes.
struct Plan {
    /// Left and right side of both panels.
    sides: (f64, f64),
    /// Top and bottom of the benefits.
    upper: (f64, f64),
    /// Top and bottom of the probabilities; the same as the benefits' bottom where there are none.
    lower: (f64, f64),
    sessions: Scale,
    ticks: Vec<f64>,
    benefit: ScoreAxis,
    apart: f64,
}

impl Plan {
    fn new(numbers: &ScheduleNumbers, width: f64, top: f64) -> Self {
        let points = || numbers.series.iter().flat_map(|series| &series.points);
        let values = points().flat_map(|point| point.interval.into_iter().flatten().chain([point.benefit]));
        let (low, high) = extent(values.chain([0.0, numbers.enough])).unwrap_or((0.0, 1.0));
        // Above, the words about the chosen plan have room.
        let room = 0.06 * (high - low).max(f64::MIN_POSITIVE);
        let above = if numbers.chosen.is_some() { 2.5 * room } else { room };
        let low = if low < 0.0 { low - room } else { low };
        let upper = (top, top + BENEFIT);
        let lower = match numbers.probability {
            Some(_) => (upper.1 + BETWEEN, upper.1 + BETWEEN + PROBABILITY),
            None => (upper.1, upper.1),
        };
        let benefit = ScoreAxis::new((low, high + above), upper, 6);
        let left = MARGIN + frame::better_width() + 14.0 + benefit.labels_width().max(estimate("0.00", SMALL, false));
        let sides = (left, width - MARGIN - RIGHT);
        let (first, last) = extent(points().map(|point| point.sessions as f64)).unwrap_or((0.0, 1.0));
        let inset = 14.0;
        let sessions = Scale::new((first, last), (sides.0 + inset, sides.1 - inset));
        let (first, last) = sessions.values();
        let ticks = round_numbers(first, last, round_step(last - first, 10).max(1.0));
        let step = (sessions.places().1 - sessions.places().0) / (last - first).max(1.0);
        let apart = (0.4 * step / numbers.series.len().max(1) as f64).min(APART);
        Self { sides, upper, lower, sessions, ticks, benefit, apart }
    }

    /// Where plans of a series with so many sessions stand.
    fn x(&self, series: usize, n_series: usize, sessions: usize) -> f64 {
        self.sessions.place(sessions as f64) + (series as f64 - (n_series as f64 - 1.0) / 2.0) * self.apart
    }
}

/// What the upper panel shows; returns where the next may begin.
fn heading(canvas: &mut Canvas, theme: &Theme, text: &str, top: f64) -> f64 {
    let lines = wrap_evenly(text, LABEL, false, theme.width() - 2.0 * MARGIN);
    canvas.text_lines((MARGIN, top + LABEL), &lines, LABEL * LEADING, TextLook::new(LABEL, theme.ink));
    top + lines.len() as f64 * LABEL * LEADING + 20.0
}

fn benefit_heading(numbers: &ScheduleNumbers) -> String {
    let unit = numbers.score.unit.trim();
    let unit = if unit.is_empty() { String::new() } else { format!(" ({unit})") };
    format!(
        "{}: benefit of {} against {} at week {}{unit}",
        numbers.score.label,
        numbers.arm,
        numbers.reference,
        plain(numbers.week)
    )
}

fn style(theme: &Theme, series: usize) -> ArmStyle {
    theme.arm(series)
}

/// The upper panel: what every number of sessions brings.
fn benefits(canvas: &mut Canvas, theme: &Theme, numbers: &ScheduleNumbers, plan: &Plan) {
    let place = |value: f64| plan.benefit.scale.place(value);
    let floor = place(0.0).min(plan.upper.1);
    canvas.rectangle((plan.sides.0, place(numbers.enough)), (plan.sides.1, floor), theme.band);
    plan.benefit.draw(canvas, theme, plan.sides);
    canvas.line(&[(plan.sides.0, floor), (plan.sides.1, floor)], 1.4, theme.line);
    asked_line(canvas, theme, plan, place(numbers.enough), &amount(numbers.enough, &numbers.score.unit));
    let arrow = plan.sides.0 - 14.0 - plan.benefit.labels_width();
    frame::better_arrow(canvas, theme, arrow, plan.upper, Some(Direction::Higher));
    column_of_the_chosen(canvas, theme, numbers, plan);
    let n = numbers.series.len();
    for (position, series) in numbers.series.iter().enumerate() {
        let colour = style(theme, position).colour;
        for point in &series.points {
            let x = plan.x(position, n, point.sessions);
            if let Some([lower, upper]) = point.interval {
                canvas.faint_line(&[(x, place(upper)), (x, place(lower))], BAR.0, colour, BAR.1);
            }
        }
    }
    for (position, series) in numbers.series.iter().enumerate() {
        for point in &series.points {
            let middle = (plan.x(position, n, point.sessions), place(point.benefit));
            marks::marker(canvas, middle, style(theme, position), theme.background);
        }
    }
    mark_chosen(canvas, theme, numbers, plan);
}

/// A line across a panel with what it stands for beside it.
fn asked_line(canvas: &mut Canvas, theme: &Theme, plan: &Plan, y: f64, words: &str) {
    canvas.line(&[plan.sides.0, plan.sides.1].map(|x| (x, y)), 1.8, theme.ink);
    let mut lines = vec!["asked for".to_owned()];
    lines.extend(wrap(words, SMALL, false, RIGHT + MARGIN - 16.0));
    let look = TextLook::new(SMALL, theme.quiet);
    let first = y - (lines.len() as f64 - 1.0) / 2.0 * SMALL * LEADING + 0.36 * SMALL;
    canvas.text_lines((plan.sides.1 + 8.0, first), &lines, SMALL * LEADING, look);
}

/// A faint line through both panels at the number of sessions of the chosen plan.
fn column_of_the_chosen(canvas: &mut Canvas, theme: &Theme, numbers: &ScheduleNumbers, plan: &Plan) {
    if let Some(chosen) = &numbers.chosen {
        let x = plan.x(chosen.series, numbers.series.len(), chosen.sessions);
        for (top, bottom) in [plan.upper, plan.lower] {
            canvas.line(&[(x, top), (x, bottom)], 1.2, theme.line);
        }
    }
}

/// The point of the chosen plan, where it has one.
fn chosen_point(numbers: &ScheduleNumbers) -> Option<(&ChosenPlan, SchedulePoint)> {
    let chosen = numbers.chosen.as_ref()?;
    let points = &numbers.series.get(chosen.series)?.points;
    points.iter().find(|point| point.sessions == chosen.sessions).map(|&point| (chosen, point))
}

/// A ring around the chosen plan, and what it is, where there is most room: above plans with fewer sessions, which bring less.
fn mark_chosen(canvas: &mut Canvas, theme: &Theme, numbers: &ScheduleNumbers, plan: &Plan) {
    let Some((chosen, point)) = chosen_point(numbers) else { return };
    let x = plan.x(chosen.series, numbers.series.len(), chosen.sessions);
    let style = style(theme, chosen.series);
    ring(canvas, (x, plan.benefit.scale.place(point.benefit)), style.colour);
    let (left, right) = (x - plan.sides.0 - 16.0, plan.sides.1 - x - 16.0);
    let (anchor, at, room) =
        if left >= LABEL_ROOM { (Anchor::End, x - 8.0, left) } else { (Anchor::Start, x + 8.0, right) };
    let lines = wrap_evenly(&chosen.label, LABEL, true, room.min(1.4 * LABEL_ROOM));
    let look = TextLook::new(LABEL, style.words).bold().anchored(anchor);
    canvas.text_lines((at, plan.upper.0 + LABEL), &lines, LABEL * LEADING, look);
}

fn ring(canvas: &mut Canvas, (x, y): Place, colour: Colour) {
    let outline = frame::rounded((x - RING, y - RING), (x + RING, y + RING), RING);
    frame::frame_line(canvas, &outline, colour);
}

/// The lower panel: how probable it is that so many sessions are enough.
fn probabilities(canvas: &mut Canvas, theme: &Theme, numbers: &ScheduleNumbers, plan: &Plan, asked: f64) {
    let axis = ScoreAxis::new((0.0, 1.0), plan.lower, 4);
    axis.draw(canvas, theme, plan.sides);
    asked_line(canvas, theme, plan, axis.scale.place(asked), &plain(asked));
    let n = numbers.series.len();
    for (position, series) in numbers.series.iter().enumerate() {
        let style = style(theme, position);
        let place = |point: &SchedulePoint| (plan.x(position, n, point.sessions), axis.scale.place(point.probability));
        let points: Vec<Place> = series.points.iter().map(place).collect();
        marks::arm_line(canvas, &points, 1.6, style);
    }
    if let Some((chosen, point)) = chosen_point(numbers) {
        let x = plan.x(chosen.series, n, chosen.sessions);
        let middle = (x, axis.scale.place(point.probability));
        marks::marker(canvas, middle, style(theme, chosen.series), theme.background);
        ring(canvas, middle, style(theme, chosen.series).colour);
    }
}

/// Ticks and numbers under the lower panel; returns where the next may begin.
fn sessions_axis(canvas: &mut Canvas, theme: &Theme, plan: &Plan) -> f64 {
    let y = plan.lower.1;
    canvas.line(&[plan.sides.0, plan.sides.1].map(|x| (x, y)), 1.4, theme.line);
    let look = TextLook::new(LABEL, theme.ink).anchored(Anchor::Middle);
    for &tick in &plan.ticks {
        let x = plan.sessions.place(tick);
        canvas.line(&[(x, y), (x, y + 6.0)], 1.4, theme.line);
        canvas.text((x, y + 24.0), &plain(tick), look);
    }
    let middle = (plan.sides.0 + plan.sides.1) / 2.0;
    let words = TextLook::new(SMALL, theme.quiet).anchored(Anchor::Middle);
    canvas.text((middle, y + 46.0), "sessions in all, boosters included", words);
    y + 62.0
}

/// What the marks mean; returns where the next may begin.
fn key(canvas: &mut Canvas, theme: &Theme, numbers: &ScheduleNumbers, top: f64) -> f64 {
    let (mut x, mut y) = (MARGIN, top + SMALL);
    let mut entry = |canvas: &mut Canvas, words: &str, mark: &dyn Fn(&mut Canvas, Place)| {
        let room = SAMPLE + 8.0 + estimate(words, SMALL, false);
        if x > MARGIN && x + room > theme.width() - MARGIN {
            (x, y) = (MARGIN, y + SMALL * LEADING + 4.0);
        }
        mark(canvas, (x, y - 0.36 * SMALL));
        canvas.text((x + SAMPLE + 8.0, y), words, TextLook::new(SMALL, theme.quiet));
        x += room + 24.0;
    };
    for (position, series) in numbers.series.iter().enumerate() {
        entry(canvas, &series.label, &|canvas, left| {
            marks::sample(canvas, left, style(theme, position), theme.background);
        });
    }
    if let Some(interval) = &numbers.interval {
        entry(canvas, interval, &|canvas, (left, y)| {
            let middle = left + SAMPLE / 2.0;
            let ends = [(middle, y - 1.7 * MARKER), (middle, y + 1.7 * MARKER)];
            canvas.faint_line(&ends, BAR.0, theme.ink, BAR.1);
        });
    }
    entry(canvas, "less than asked for", &|canvas, (left, y)| {
        canvas.rectangle((left, y - 8.0), (left + SAMPLE, y + 8.0), theme.band);
    });
    y + 14.0
}

fn captions(numbers: &ScheduleNumbers) -> Vec<String> {
    let points =
        "Points: of all plans with so many sessions, the one with the highest probability, then the largest benefit.";
    let points = if numbers.probability.is_some() {
        points.to_owned()
    } else {
        "Points: of all plans with so many sessions, the one with the largest benefit.".to_owned()
    };
    [Some(points), numbers.footnote.clone()].into_iter().flatten().collect()
}

/// A number of points in words, `2 points`.
fn amount(points: f64, unit: &str) -> String {
    let unit = if points == 1.0 { unit.strip_suffix('s').unwrap_or(unit) } else { unit };
    format!("{} {unit}", plain(points)).trim().to_owned()
}

/// The picture in words.
fn description(numbers: &ScheduleNumbers, plan: &Plan) -> String {
    let decimals = decimals_for(plan.benefit.step());
    let mut text = format!(
        "{}, by the number of sessions. Asked for: {}.",
        benefit_heading(numbers),
        amount(numbers.enough, &numbers.score.unit)
    );
    for series in &numbers.series {
        let one = |point: &SchedulePoint| {
            let ends = point.interval.map(|[low, high]| format!(" ({})", interval(low, high, decimals)));
            let probability = numbers.probability.map(|_| format!(", probability {}", figure(point.probability, 2)));
            format!(
                "{} sessions {}{}{}",
                point.sessions,
                figure(point.benefit, decimals),
                ends.unwrap_or_default(),
                probability.unwrap_or_default()
            )
        };
        let points: Vec<String> = series.points.iter().map(one).collect();
        text.push_str(&format!(" {}: {}.", series.label, points.join("; ")));
    }
    match &numbers.chosen {
        Some(chosen) => {
            text.push_str(&format!(" Fewest sessions that are enough: {}, {}.", chosen.sessions, chosen.label))
        }
        None => text.push_str(" No plan is enough."),
    }
    text
}

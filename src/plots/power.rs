//! Power: the share of simulated trials that succeed, by participants per arm, with the number that reaches the target.

use super::canvas::{Anchor, Canvas, Place, TextLook};
use super::figures::{count, figure, plain};
use super::frame::{self, LABEL, LEADING, MARGIN, SMALL};
use super::layout::{Wish, spread};
use super::marks::{self, LINE, SAMPLE};
use super::scale::Scale;
use super::score_axis::ScoreAxis;
use super::svg::Svg;
use super::text_width::{estimate, wrap, wrap_evenly};
use super::theme::{ArmStyle, Dash, Theme};
use crate::numeric::elementary::{exp, ln};

/// Everything the picture shows.
#[derive(Debug, Clone, PartialEq)]
pub struct PowerNumbers {
    /// One sentence that says what is to be seen.
    pub title: String,
    /// What makes a trial a success, for the line under the title.
    pub subject: String,
    /// Numbers of participants per arm that were simulated, ascending.
    pub points: Vec<PowerDot>,
    /// Participants per arm and power along the curve that was fitted to the points near the target; empty for none.
    pub fitted: Vec<(f64, f64)>,
    /// The same by formula over the whole axis; empty for none.
    pub formula: Vec<(f64, f64)>,
    /// The formula at the other visits, to be seen beside it; empty for none.
    pub others: Vec<OtherVisit>,
    /// The power that is asked for, from 0 to 1.
    pub target: f64,
    /// Participants per arm as the scenario has them.
    pub planned: u64,
    /// The number that reaches the target, if one does.
    pub required: Option<Required>,
    /// Number of arms: participants in all are so many times those per arm.
    pub arms: u64,
    /// A further caption.
    pub footnote: Option<String>,
}

/// The closed form at a visit that was not asked for.
#[derive(Debug, Clone, PartialEq)]
pub struct OtherVisit {
    /// What a reader sees of the visit, e.g. `week 10`.
    pub label: String,
    /// Participants per arm and power.
    pub curve: Vec<(f64, f64)>,
}

/// The power of one number of participants.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct PowerDot {
    /// Participants per arm.
    pub n: u64,
    /// Share of simulated trials that succeed, from 0 to 1.
    pub power: f64,
    /// Lower end of its Monte Carlo interval.
    pub lower: f64,
    /// Upper end of its Monte Carlo interval.
    pub upper: f64,
    /// Simulated trials.
    pub trials: u64,
    /// Whether it has a say in the fitted curve.
    pub is_fitted: bool,
}

/// The smallest number of participants per arm that reaches the target.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Required {
    /// The number.
    pub n: u64,
    /// Ends of its interval where it has them; without an upper one it goes on.
    pub interval: Option<(u64, Option<u64>)>,
}

/// Power that planners usually ask for.
const USUAL: [f64; 2] = [0.8, 0.9];
const HEIGHT: f64 = 330.0;
/// A row of words above the panel.
const ROW: f64 = SMALL * LEADING + 2.0;
/// Room of a number on the axis beyond its width.
const AIR: f64 = 16.0;

/// Draws the picture.
pub fn draw(numbers: &PowerNumbers, theme: &Theme) -> Svg {
    let mut canvas = Canvas::new(theme.background);
    let mut top = frame::head(&mut canvas, theme, &numbers.title, true, theme.width());
    let lines = wrap(&numbers.subject, LABEL, false, theme.width() - 2.0 * MARGIN);
    canvas.text_lines((MARGIN, top + LABEL), &lines, LABEL * LEADING, TextLook::new(LABEL, theme.ink));
    top += lines.len() as f64 * LABEL * LEADING + 12.0 + 2.0 * ROW;
    let panel = Panel::new(numbers, theme.width(), (top, top + HEIGHT));
    panel.draw(&mut canvas, theme);
    top = panel.axis_title(&mut canvas, theme);
    top = key(&mut canvas, theme, numbers, top);
    let height = frame::foot(&mut canvas, theme, &captions(numbers), top, theme.width());
    canvas.finish(theme.width(), height, &numbers.title, &description(numbers))
}

/// The panel with its scales: participants as logarithms, power in per cent.
struct Panel<'a> {
    numbers: &'a PowerNumbers,
    upright: ScoreAxis,
    along: Scale,
    sides: (f64, f64),
    ends: (f64, f64),
}

impl<'a> Panel<'a> {
    fn new(numbers: &'a PowerNumbers, width: f64, ends: (f64, f64)) -> Self {
        let upright = ScoreAxis::new((0.0, 100.0), ends, 5);
        let sides = (MARGIN + upright.labels_width() + 10.0, width - MARGIN - estimate("100%", LABEL, true) - 10.0);
        let (low, high) = numbers.span();
        let along = Scale::new((ln(low), ln(high)), sides);
        Self { numbers, upright, along, sides, ends }
    }

    fn x(&self, n: f64) -> f64 {
        self.along.place(ln(n.max(0.5)))
    }

    fn y(&self, power: f64) -> f64 {
        self.upright.scale.place(100.0 * power)
    }

    fn draw(&self, canvas: &mut Canvas, theme: &Theme) {
        let (numbers, (left, right), (top, bottom)) = (self.numbers, self.sides, self.ends);
        if let Some(Required { interval: Some((low, high)), .. }) = numbers.required {
            let to = high.map_or(right, |high| self.x(high as f64));
            canvas.rectangle((self.x(low as f64), top), (to, bottom), theme.shade);
        }
        self.upright.draw(canvas, theme, self.sides);
        canvas.text((MARGIN, top - 12.0), "%", TextLook::new(SMALL, theme.quiet));
        for (n, _) in self.ticks() {
            let x = self.x(n as f64);
            canvas.line(&[(x, top), (x, bottom)], 1.0, theme.grid);
        }
        self.levels(canvas, theme);
        self.upright_lines(canvas, theme);
        let place = |&(n, power): &(f64, f64)| -> Place { (self.x(n), self.y(power)) };
        for other in &numbers.others {
            let curve: Vec<Place> = other.curve.iter().map(place).collect();
            marks::arm_line(canvas, &curve, 1.5, other_style(theme));
        }
        self.names_of_others(canvas, theme);
        let formula: Vec<Place> = numbers.formula.iter().map(place).collect();
        marks::arm_line(canvas, &formula, LINE, formula_style(theme));
        let fitted: Vec<Place> = numbers.fitted.iter().map(place).collect();
        canvas.line(&fitted, 2.6, dots(theme, true).colour);
        for dot in &numbers.points {
            let (x, style) = (self.x(dot.n as f64), dots(theme, dot.is_fitted));
            marks::whiskers(canvas, x, (self.y(dot.upper), self.y(dot.lower)), style.colour);
            marks::marker(canvas, (x, self.y(dot.power)), style, theme.background);
        }
        canvas.line(&[(left, bottom), (right, bottom)], 1.4, theme.line);
    }

    /// The visits of the other curves, each below the beginning of its curve, which rises; moved apart where curves are close.
    fn names_of_others(&self, canvas: &mut Canvas, theme: &Theme) {
        let numbers = self.numbers;
        let wish = |other: &OtherVisit| {
            let begins = other.curve.iter().map(|(_, power)| self.y(*power)).next().unwrap_or(self.ends.1);
            Wish { middle: begins + 0.9 * SMALL, half: 0.6 * SMALL }
        };
        let wishes: Vec<Wish> = numbers.others.iter().map(wish).collect();
        let Some(middles) = spread(&wishes, 2.0, (self.ends.0 + 2.0, self.ends.1 - 2.0)) else { return };
        for (other, middle) in numbers.others.iter().zip(middles) {
            let baseline = middle + 0.36 * SMALL;
            let place = (self.sides.0 + 8.0, baseline);
            let to = (place.0 + estimate(&other.label, SMALL, false) + 2.0, baseline + 0.25 * SMALL);
            canvas.rectangle((place.0 - 2.0, baseline - 0.85 * SMALL), to, theme.background);
            canvas.text(place, &other.label, TextLook::new(SMALL, theme.quiet));
        }
    }

    /// The levels that planners ask for, the target among them.
    fn levels(&self, canvas: &mut Canvas, theme: &Theme) {
        let (left, right) = self.sides;
        let apart = |level: f64| (level - self.numbers.target).abs();
        let usual = USUAL.into_iter().filter(|&level| apart(level) > 1e-9);
        for level in usual {
            let y = self.y(level);
            canvas.line(&[(left, y), (right, y)], 1.3, theme.line);
            // The target's own word has precedence.
            if apart(level) > 0.055 {
                let look = TextLook::new(SMALL, theme.quiet);
                canvas.text((right + 8.0, y + 0.36 * SMALL), &percent(level), look);
            }
        }
        let y = self.y(self.numbers.target);
        canvas.line(&[(left, y), (right, y)], 2.0, theme.ink);
        let look = TextLook::new(LABEL, theme.ink).bold();
        canvas.text((right + 8.0, y + 0.36 * LABEL), &percent(self.numbers.target), look);
    }

    /// The planned and the required number, each named on a row of its own above.
    fn upright_lines(&self, canvas: &mut Canvas, theme: &Theme) {
        let (top, bottom) = self.ends;
        let planned_x = self.x(self.numbers.planned as f64);
        let mut stem = top - 6.0 - ROW;
        if let Some(required) = &self.numbers.required {
            let x = self.x(required.n as f64);
            canvas.line(&[(x, top - 6.0), (x, bottom)], 2.0, theme.ink);
            let words = format!("needed: {}", required_in_words(required));
            let [from, to] = self.name(canvas, (x, top - 10.0), &words, TextLook::new(SMALL, theme.ink).bold());
            if planned_x > from - 4.0 && planned_x < to + 4.0 {
                // The words of the row below are in the way.
                stem = top;
            }
        }
        let style = ArmStyle { colour: theme.quiet, dash: Dash::Long, ..theme.reference };
        marks::arm_line(canvas, &[(planned_x, stem), (planned_x, bottom)], 1.8, style);
        let planned = format!("planned: {}", count(self.numbers.planned as usize));
        self.name(canvas, (planned_x, top - 10.0 - ROW), &planned, TextLook::new(SMALL, theme.quiet));
    }

    /// Words in the middle above a line, within the sides; returns both ends of theirs.
    fn name(&self, canvas: &mut Canvas, (x, y): Place, words: &str, look: TextLook) -> [f64; 2] {
        let half = estimate(words, look.size, look.bold) / 2.0;
        let (left, right) = self.sides;
        let x = x.clamp(left + half, (right - half).max(left + half));
        canvas.text((x, y), words, look.anchored(Anchor::Middle));
        [x - half, x + half]
    }

    /// Round numbers on the axis that have room, with the middle of their words.
    fn ticks(&self) -> Vec<(u64, f64)> {
        let (low, high) = self.along.values();
        let (low, high) = (exp(low), exp(high));
        let round = |steps: &[u64]| -> Vec<(u64, f64)> {
            let decades = (0..=7).map(|power| 10u64.pow(power));
            let all = decades.flat_map(|decade| steps.iter().map(move |step| step * decade));
            let inside = all.filter(|&n| n as f64 >= low * 0.999 && n as f64 <= high * 1.001);
            inside.map(|n| (n, self.x(n as f64))).collect()
        };
        let fits = |ticks: &Vec<(u64, f64)>| {
            let width = |n: u64| estimate(&self.in_all(n), SMALL, false);
            ticks.windows(2).all(|pair| pair[1].1 - pair[0].1 >= (width(pair[0].0) + width(pair[1].0)) / 2.0 + AIR)
        };
        let ways: [&[u64]; 6] = [
            &[10, 12, 14, 16, 18, 20, 25, 30, 35, 40, 45, 50, 60, 70, 80, 90],
            &[10, 15, 20, 25, 30, 40, 50, 60, 80],
            &[10, 15, 20, 30, 40, 50, 70],
            &[10, 15, 20, 30, 50, 70],
            &[1, 2, 5],
            &[1],
        ];
        ways.into_iter().map(round).find(fits).unwrap_or_default()
    }

    fn in_all(&self, n: u64) -> String {
        count(n.saturating_mul(self.numbers.arms) as usize)
    }

    /// Ticks, numbers per arm and in all, and what they are; returns where the next may begin.
    fn axis_title(&self, canvas: &mut Canvas, theme: &Theme) -> f64 {
        let bottom = self.ends.1;
        let (per_arm, in_all) = (bottom + 6.0 + SMALL, bottom + 6.0 + 2.0 * SMALL * LEADING);
        for (n, x) in self.ticks() {
            canvas.line(&[(x, bottom), (x, bottom + 6.0)], 1.4, theme.line);
            let middle = |look: TextLook| look.anchored(Anchor::Middle);
            canvas.text((x, per_arm), &count(n as usize), middle(TextLook::new(SMALL, theme.ink)));
            canvas.text((x, in_all), &self.in_all(n), middle(TextLook::new(SMALL, theme.quiet)));
        }
        let words = "participants per arm, and in all arms below (logarithmic scale)";
        let middle = (self.sides.0 + self.sides.1) / 2.0;
        let baseline = in_all + SMALL * LEADING + 4.0;
        let lines = wrap_evenly(words, SMALL, false, self.sides.1 - self.sides.0);
        let look = TextLook::new(SMALL, theme.ink).anchored(Anchor::Middle);
        canvas.text_lines((middle, baseline), &lines, SMALL * LEADING, look);
        baseline + (lines.len() as f64 - 1.0) * SMALL * LEADING + 18.0
    }
}

impl PowerNumbers {
    /// Participants per arm at both ends of the axis.
    fn span(&self) -> (f64, f64) {
        let required = self.required.iter().map(|required| required.n as f64);
        let points = self.points.iter().map(|dot| dot.n as f64);
        let all = points.chain(required).chain([self.planned as f64]).filter(|n| *n > 0.0);
        let (low, high) = super::scale::extent(all).unwrap_or((1.0, 10.0));
        let curves = || self.formula.iter().map(|(n, _)| *n).filter(|n| *n > 0.0);
        let low = curves().fold(low / 1.15, f64::min);
        let high = curves().fold(high * 1.15, f64::max);
        (low, high)
    }
}

fn dots(theme: &Theme, is_fitted: bool) -> ArmStyle {
    ArmStyle { hollow: !is_fitted, ..theme.arm(0) }
}

/// The closed form at visits that were not asked for: thin and dotted.
fn other_style(theme: &Theme) -> ArmStyle {
    ArmStyle { dash: Dash::Dotted, colour: theme.line, ..theme.reference }
}

fn formula_style(theme: &Theme) -> ArmStyle {
    ArmStyle { dash: Dash::Short, ..theme.reference }
}

/// A share in per cent with no more decimals than it has, two at most.
fn percent(share: f64) -> String {
    format!("{}%", plain((10_000.0 * share).round() / 100.0))
}

/// `107 per arm (103 to 111)`.
fn required_in_words(required: &Required) -> String {
    let n = |n: u64| count(n as usize);
    let interval = match required.interval {
        Some((low, Some(high))) => format!(" (95% interval {} to {})", n(low), n(high)),
        Some((low, None)) => format!(" (95% interval from {} on)", n(low)),
        None => String::new(),
    };
    format!("{}{interval}", n(required.n))
}

/// What the marks mean, in rows that break where the picture ends; returns where the next may begin.
fn key(canvas: &mut Canvas, theme: &Theme, numbers: &PowerNumbers, top: f64) -> f64 {
    let far = numbers.points.iter().any(|dot| !dot.is_fitted) && numbers.points.iter().any(|dot| dot.is_fitted);
    let entries = [
        (KeyMark::Dot(true), "simulated, 95% Monte Carlo interval", numbers.points.iter().any(|dot| dot.is_fitted)),
        (
            KeyMark::Dot(false),
            if far { "too far from the target to count" } else { "simulated, 95% Monte Carlo interval" },
            numbers.points.iter().any(|dot| !dot.is_fitted),
        ),
        (KeyMark::Fitted, "curve fitted near the target", !numbers.fitted.is_empty()),
        (KeyMark::Formula, "closed form, an approximation", !numbers.formula.is_empty()),
        (KeyMark::Other, "closed form at other visits", !numbers.others.is_empty()),
    ];
    let (mut x, mut y) = (MARGIN, top + SMALL);
    for (mark, words, _) in entries.into_iter().filter(|(_, _, is_there)| *is_there) {
        let room = SAMPLE + 8.0 + estimate(words, SMALL, false);
        if x > MARGIN && x + room > theme.width() - MARGIN {
            (x, y) = (MARGIN, y + SMALL * LEADING + 6.0);
        }
        let (middle, height) = (x + SAMPLE / 2.0, y - 0.36 * SMALL);
        let ends = [(x, height), (x + SAMPLE, height)];
        match mark {
            KeyMark::Dot(is_fitted) => {
                let style = dots(theme, is_fitted);
                marks::whiskers(canvas, middle, (height - 9.5, height + 9.5), style.colour);
                marks::marker(canvas, (middle, height), style, theme.background);
            }
            KeyMark::Fitted => canvas.line(&ends, 2.6, dots(theme, true).colour),
            KeyMark::Formula => marks::arm_line(canvas, &ends, LINE, formula_style(theme)),
            KeyMark::Other => marks::arm_line(canvas, &ends, 1.5, other_style(theme)),
        }
        canvas.text((x + SAMPLE + 8.0, y), words, TextLook::new(SMALL, theme.quiet));
        x += room + 24.0;
    }
    y + 16.0
}

enum KeyMark {
    Dot(bool),
    Fitted,
    Formula,
    Other,
}

fn captions(numbers: &PowerNumbers) -> Vec<String> {
    numbers.footnote.iter().cloned().collect()
}

/// The picture in words.
fn description(numbers: &PowerNumbers) -> String {
    let mut text = format!("{}. Power by participants per arm:", numbers.subject.trim_end_matches('.'));
    let dots: Vec<String> = numbers
        .points
        .iter()
        .map(|dot| {
            let share = |share: f64| figure(100.0 * share, 1);
            format!(
                " {}: {}% ({} to {}) of {} simulated trials",
                count(dot.n as usize),
                share(dot.power),
                share(dot.lower),
                share(dot.upper),
                count(dot.trials as usize)
            )
        })
        .collect();
    text.push_str(&format!("{}. Planned are {} per arm.", dots.join(";"), count(numbers.planned as usize)));
    // What was found, or why nothing was, stands in the title with all its reservations.
    text.push_str(&format!(" {}.", numbers.title.trim_end_matches('.')));
    captions(numbers).iter().for_each(|caption| text.push_str(&format!(" {caption}")));
    text
}

//! Why everybody improves: change against baseline in the reference arm, and what the expected change of every arm is made of.

mod bars;
mod plan;
mod scatter;

use super::canvas::{Canvas, TextLook};
use super::figures::figure;
use super::frame::{self, LABEL, LEADING, MARGIN};
use super::score_axis::Score;
use super::svg::Svg;
use super::text_width::wrap_evenly;
use super::theme::Theme;
use plan::Plan;

/// Everything the picture shows.
#[derive(Debug, Clone, PartialEq)]
pub struct ImproveNumbers {
    /// One sentence that says what is to be seen.
    pub title: String,
    /// The score.
    pub score: Score,
    /// Name of the reference arm.
    pub reference: String,
    /// The visit by which change is counted, in words.
    pub visit: String,
    /// Participants of the reference arm.
    pub points: Vec<ChangePoint>,
    /// The line of their change on their baseline, where there is one.
    pub line: Option<ImproveLine>,
    /// Baseline scores at which entry begins or ends, where the outcome itself decides entry.
    pub entry: Vec<f64>,
    /// What the third part of a change is called.
    pub of_sessions: String,
    /// The arms in their order.
    pub arms: Vec<ImproveArm>,
    /// A further caption.
    pub footnote: Option<String>,
    /// Whether the participants are simulated: drawn as a badge.
    pub simulated: bool,
}

/// Participants with the same baseline and the same change.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ChangePoint {
    /// Score at baseline.
    pub baseline: f64,
    /// Score at the visit less that at baseline.
    pub change: f64,
    /// How many they are.
    pub n: usize,
}

/// The line of change on baseline.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ImproveLine {
    /// Change at a baseline of 0.
    pub intercept: f64,
    /// Change per point of baseline.
    pub slope: f64,
    /// Mean change.
    pub mean_change: f64,
    /// Participants.
    pub n: usize,
}

/// The expected change of an arm.
#[derive(Debug, Clone, PartialEq)]
pub struct ImproveArm {
    /// What a reader sees of the arm.
    pub label: String,
    /// Whether it is the reference arm.
    pub reference: bool,
    /// What the change is made of.
    pub parts: ChangeParts,
}

/// What a change is made of, in points with their signs.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct ChangeParts {
    /// Regression to the mean.
    pub regression: f64,
    /// The natural course.
    pub natural: f64,
    /// Sessions as they are kept, or the change that a scenario states.
    pub sessions: f64,
    /// Everything else.
    pub other: f64,
}

impl ChangeParts {
    /// The parts in the order in which they are drawn.
    pub fn in_order(&self) -> [f64; 4] {
        [self.regression, self.natural, self.sessions, self.other]
    }

    /// The whole change.
    pub fn total(&self) -> f64 {
        self.in_order().iter().sum()
    }

    /// The parts and their sum at so many decimals, each the step between two rounded sums, so that they add up to the last digit.
    pub fn rounded(&self, decimals: usize) -> [f64; 5] {
        let unit = 10f64.powi(decimals as i32);
        let (mut sum, mut before) = (0.0, 0.0);
        let [one, two, three, four] = self.in_order().map(|part| {
            sum += part;
            let rounded = (sum * unit).round();
            let step = rounded - before;
            before = rounded;
            step / unit
        });
        [one, two, three, four, before / unit]
    }
}

/// Draws the picture.
pub fn draw(numbers: &ImproveNumbers, theme: &Theme) -> Svg {
    let mut canvas = Canvas::new(theme.background);
    let plan = Plan::new(numbers, theme.width());
    let top = frame::head(&mut canvas, theme, &numbers.title, numbers.simulated, plan.width);
    let [left, right] = headings(numbers);
    let lines =
        [wrap_evenly(&left, LABEL, true, plan.left_width()), wrap_evenly(&right, LABEL, true, plan.right_width())];
    let head = |canvas: &mut Canvas, lines: &[String], place: (f64, f64)| {
        canvas.text_lines((place.0, place.1 + LABEL), lines, LABEL * LEADING, TextLook::new(LABEL, theme.ink).bold());
        place.1 + lines.len() as f64 * LABEL * LEADING + 30.0
    };
    let below = head(&mut canvas, &lines[0], (MARGIN, top));
    let bottom = if plan.is_stacked {
        let one = scatter::draw(&mut canvas, theme, numbers, &plan, below);
        let below = head(&mut canvas, &lines[1], (plan.right, one + 20.0));
        bars::draw(&mut canvas, theme, numbers, &plan, below - 12.0)
    } else {
        let below = below.max(head(&mut canvas, &lines[1], (plan.right, top)));
        let one = scatter::draw(&mut canvas, theme, numbers, &plan, below);
        one.max(bars::draw(&mut canvas, theme, numbers, &plan, below))
    };
    let captions = captions(numbers, plan.is_stacked);
    let height = frame::foot(&mut canvas, theme, &captions, bottom + 6.0, plan.width);
    canvas.finish(plan.width, height, &numbers.title, &description(numbers, plan.decimals))
}

fn headings(numbers: &ImproveNumbers) -> [String; 2] {
    [
        format!("{}: change by {} against baseline", numbers.reference, numbers.visit),
        format!("Expected change by {}, and what it is made of", numbers.visit),
    ]
}

fn captions(numbers: &ImproveNumbers, is_stacked: bool) -> Vec<String> {
    let [one, other] = if is_stacked { ["Above", "Below"] } else { ["Left", "Right"] };
    let left = "a line that falls is expected without any treatment, since who is far from the average at one time tends to be \
                nearer to it the next (regression to the mean). So change within an arm shows no effect, and testing each arm against its \
                own baseline misleads (Bland and Altman, Trials 2011;12:264).";
    let right = format!(
        "{other}: what differs between arms is due to {} and the remainder. The numbers under the bars add up.",
        numbers.of_sessions.to_lowercase()
    );
    let any = numbers.arms.iter().any(|arm| arm.parts.other != 0.0);
    let remainder = any.then(|| {
        "Remainder: how scores spread, characteristics of participants, therapists, other care and events.".to_owned()
    });
    [Some(format!("{one}: {left}")), Some(right), remainder, numbers.footnote.clone()].into_iter().flatten().collect()
}

/// The parts of a change and their sum as they are written.
fn printed(parts: &ChangeParts, decimals: usize) -> [String; 5] {
    parts.rounded(decimals).map(|part| figure(part, decimals))
}

/// The picture in words.
fn description(numbers: &ImproveNumbers, decimals: usize) -> String {
    let qualities = numbers.score.qualities();
    let [left, right] = headings(numbers);
    let line = numbers.line.map_or("no line".to_owned(), |line| {
        format!(
            "mean change {}, slope {} per point of baseline, n = {}",
            figure(line.mean_change, decimals),
            figure(line.slope, 2),
            line.n
        )
    });
    let mut text = format!("{} ({qualities}). {left}: {line}. {right}.", numbers.score.label);
    for arm in &numbers.arms {
        let [regression, natural, sessions, other, total] = printed(&arm.parts, decimals);
        let own = numbers.of_sessions.to_lowercase();
        text.push_str(&format!(
            " {}: {total} in all: regression to the mean {regression}, natural course {natural}, {own} {sessions}, remainder {other}.",
            arm.label
        ));
    }
    text
}

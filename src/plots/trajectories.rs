//! Trajectories: the mean score of every arm over the weeks, with intervals and the numbers behind them.

mod plan;

use super::canvas::{Anchor, Canvas, TextLook};
use super::figures::{figure, interval, listed, plain};
use super::frame::{self, LABEL, LEADING, MARGIN, SMALL};
use super::layout::{Wish, spread};
use super::marks::{self, LINE, MARKER, SAMPLE};
use super::score_axis::{Score, ScoreAxis};
use super::svg::Svg;
use super::text_width::{estimate, wrap_evenly};
use super::theme::{ArmStyle, Theme};
use plan::{APART, Detail, Plan, TO_END_LABEL};

/// Everything the picture shows.
#[derive(Debug, Clone, PartialEq)]
pub struct TrajectoriesNumbers {
    /// One sentence that says what is to be seen.
    pub title: String,
    /// The score.
    pub score: Score,
    /// Which kind of means is drawn.
    pub means: Means,
    /// What the bars show, e.g. `95 % confidence interval`.
    pub interval: String,
    /// Weeks of the visits since randomisation, baseline included if it is to be drawn.
    pub weeks: Vec<f64>,
    /// Weeks in which treatment takes place, where known.
    pub treatment: Option<TreatmentPeriod>,
    /// The arms in their order.
    pub arms: Vec<ArmTrajectory>,
    /// Whether numbers of participants count those whose value was imputed.
    pub imputed: bool,
    /// A further caption.
    pub footnote: Option<String>,
    /// Whether the participants are simulated: drawn as a badge.
    pub simulated: bool,
}

/// Where the means come from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Means {
    /// Means from a model, adjusted to the average of its covariates.
    Adjusted,
    /// Plain averages of the recorded values.
    Observed,
}

impl Means {
    fn in_words(self) -> &'static str {
        match self {
            Self::Adjusted => "adjusted mean",
            Self::Observed => "observed mean",
        }
    }
}

/// The weeks in which treatment takes place, shaded.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct TreatmentPeriod {
    /// Week of the first session.
    pub start_week: f64,
    /// Week of the last session of the course.
    pub end_week: f64,
}

/// One arm over time.
#[derive(Debug, Clone, PartialEq)]
pub struct ArmTrajectory {
    /// What a reader sees.
    pub label: String,
    /// Whether it is the reference arm.
    pub reference: bool,
    /// One entry per week of [`TrajectoriesNumbers::weeks`]; `None` where there are no data.
    pub points: Vec<Option<MeanPoint>>,
}

impl ArmTrajectory {
    fn point(&self, visit: usize) -> Option<MeanPoint> {
        self.points.get(visit).copied().flatten()
    }
}

/// The mean of an arm at a visit.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct MeanPoint {
    /// The mean.
    pub mean: f64,
    /// Lower and upper end of its interval, where there is one.
    pub interval: Option<[f64; 2]>,
    /// Participants behind it.
    pub n: usize,
}

/// Draws the picture.
pub fn draw(numbers: &TrajectoriesNumbers, theme: &Theme) -> Svg {
    let mut canvas = Canvas::new(theme.background);
    let styles = theme.arm_styles(numbers.arms.iter().map(|arm| arm.reference));
    let plan = Plan::new(numbers, theme.width());
    let top = frame::head(&mut canvas, theme, &numbers.title, numbers.simulated, plan.width);
    let top = heading(&mut canvas, theme, numbers, top);
    let axis = ScoreAxis::new(plan.values, (top, top + plan.height), 6);
    let bottom = top + plan.height;

    treatment(&mut canvas, theme, numbers, &plan, (top, bottom));
    axis.draw(&mut canvas, theme, plan.sides());
    let arrow = plan.sides().0 - 14.0 - axis.labels_width();
    frame::better_arrow(&mut canvas, theme, arrow, (top, bottom), numbers.score.better);
    let ends = lines(&mut canvas, theme, numbers, &styles, &plan, &axis);
    if plan.names.beside_lines {
        end_labels(&mut canvas, theme, &plan, &styles, &ends, (top, bottom));
    }
    if ends.iter().all(Option::is_none) {
        let look = TextLook::new(LABEL, theme.quiet).anchored(Anchor::Middle);
        let (left, right) = plan.sides();
        canvas.text(((left + right) / 2.0, (top + bottom) / 2.0), "no data to draw", look);
    }

    plan.columns.draw_axis(&mut canvas, theme, &numbers.weeks, &plan.weeks, plan.sides(), bottom);
    let bottom = table(&mut canvas, theme, numbers, &styles, &plan, bottom + plan.columns.axis_height());
    let height = frame::foot(&mut canvas, theme, &captions(numbers, &plan), bottom, plan.width);
    canvas.finish(plan.width, height, &numbers.title, &description(numbers, plan.decimals))
}

/// What the upright axis shows, above it; returns where the next may begin.
fn heading(canvas: &mut Canvas, theme: &Theme, numbers: &TrajectoriesNumbers, top: f64) -> f64 {
    let text = format!("{}: {} ({})", numbers.score.label, numbers.means.in_words(), numbers.score.qualities());
    let lines = wrap_evenly(&text, LABEL, false, theme.width() - 2.0 * MARGIN);
    canvas.text_lines((MARGIN, top + LABEL), &lines, LABEL * LEADING, TextLook::new(LABEL, theme.ink));
    let strip = if numbers.treatment.is_some() { SMALL * LEADING + 8.0 } else { 0.0 };
    top + lines.len() as f64 * LABEL * LEADING + 16.0 + strip
}

/// Shades the weeks of treatment and says so above the drawing.
fn treatment(
    canvas: &mut Canvas,
    theme: &Theme,
    numbers: &TrajectoriesNumbers,
    plan: &Plan,
    (top, bottom): (f64, f64),
) {
    let Some(period) = numbers.treatment else { return };
    let (first, last) = plan.weeks.values();
    if period.start_week > last || period.end_week < first {
        return;
    }
    let place = |week: f64| plan.weeks.place(week.clamp(first, last));
    let (from, to) = (place(period.start_week), place(period.end_week));
    if to > from {
        canvas.rectangle((from, top), (to, bottom), theme.shade);
    }
    canvas.line(&[(from, top), (to.max(from + 1.0), top)], 3.0, theme.line);
    let weeks = if period.end_week > period.start_week {
        format!("treatment, weeks {} to {}", plain(period.start_week), plain(period.end_week))
    } else {
        format!("treatment, week {}", plain(period.start_week))
    };
    let room = plan.width - MARGIN - estimate(&weeks, SMALL, false);
    canvas.text((from.min(room), top - 8.0), &weeks, TextLook::new(SMALL, theme.quiet));
}

/// Lines, whiskers and points of all arms; returns the last point of each.
fn lines(
    canvas: &mut Canvas,
    theme: &Theme,
    numbers: &TrajectoriesNumbers,
    styles: &[ArmStyle],
    plan: &Plan,
    axis: &ScoreAxis,
) -> Vec<Option<(f64, f64)>> {
    let apart = apart(numbers, plan);
    let n_arms = numbers.arms.len() as f64;
    let place = |arm: usize, visit: usize| {
        let point = numbers.arms[arm].point(visit)?;
        let x = plan.weeks.place(numbers.weeks[visit]) + (arm as f64 - (n_arms - 1.0) / 2.0) * apart;
        Some((x, point))
    };
    let visits = || 0..numbers.weeks.len();
    for (arm, &style) in styles.iter().enumerate() {
        let points: Vec<_> = visits().map(|visit| place(arm, visit)).collect();
        // A visit without data breaks the line: nothing is known about the weeks around it.
        for stretch in points.split(Option::is_none) {
            let stretch: Vec<_> = stretch.iter().flatten().map(|(x, p)| (*x, axis.scale.place(p.mean))).collect();
            marks::arm_line(canvas, &stretch, LINE, style);
        }
    }
    for (arm, &style) in styles.iter().enumerate() {
        for (x, point) in visits().filter_map(|visit| place(arm, visit)) {
            if let Some([lower, upper]) = point.interval {
                marks::whiskers(canvas, x, (axis.scale.place(upper), axis.scale.place(lower)), style.colour);
            }
            marks::marker(canvas, (x, axis.scale.place(point.mean)), style, theme.background);
        }
    }
    let last = |arm: usize| visits().rev().find_map(|visit| place(arm, visit));
    (0..styles.len()).map(|arm| last(arm).map(|(x, point)| (x, axis.scale.place(point.mean)))).collect()
}

/// Distance by which neighbouring arms are set apart at a visit: at most 0.6 weeks in small trials over a year, less where
/// visits or arms are many.
fn apart(numbers: &TrajectoriesNumbers, plan: &Plan) -> f64 {
    let mut places: Vec<f64> = numbers.weeks.iter().map(|&week| plan.weeks.place(week)).collect();
    places.sort_by(f64::total_cmp);
    let closest = places.windows(2).map(|pair| pair[1] - pair[0]).fold(f64::INFINITY, f64::min);
    (0.5 * closest / numbers.arms.len().max(1) as f64).min(APART)
}

/// Names at the ends of the lines, moved apart where lines end close together.
fn end_labels(
    canvas: &mut Canvas,
    theme: &Theme,
    plan: &Plan,
    styles: &[ArmStyle],
    ends: &[Option<(f64, f64)>],
    (top, bottom): (f64, f64),
) {
    let leading = LABEL * LEADING;
    let drawn: Vec<(usize, (f64, f64))> =
        ends.iter().enumerate().filter_map(|(arm, end)| Some((arm, (*end)?))).collect();
    let wishes: Vec<Wish> = drawn
        .iter()
        .map(|&(arm, (_, y))| Wish { middle: y, half: plan.names.at_ends[arm].len() as f64 * leading / 2.0 })
        .collect();
    let Some(middles) = spread(&wishes, 5.0, (top - 10.0, bottom + 10.0)) else { return };
    let (_, side) = plan.sides();
    let x = side + TO_END_LABEL;
    for (&(arm, (end_x, end_y)), middle) in drawn.iter().zip(middles) {
        let lines = &plan.names.at_ends[arm];
        let early = end_x < plan.weeks.places().1 - plan.inset;
        if early || (middle - end_y).abs() > 3.0 {
            if early {
                // Grey and dotted, so that nobody takes the leader for data.
                marks::leader(canvas, (end_x + MARKER + 3.0, end_y), (x - 4.0, middle), theme.line);
            } else {
                canvas.line(&[(side, end_y), (x - 4.0, middle)], 1.2, styles[arm].colour);
            }
        }
        let first = middle - (lines.len() as f64 - 1.0) / 2.0 * leading + 0.36 * LABEL;
        canvas.text_lines((x, first), lines, leading, TextLook::new(LABEL, styles[arm].words));
    }
}

/// The figures under the axis, one row per arm; returns where the next may begin.
fn table(
    canvas: &mut Canvas,
    theme: &Theme,
    numbers: &TrajectoriesNumbers,
    styles: &[ArmStyle],
    plan: &Plan,
    top: f64,
) -> f64 {
    let leading = LABEL * LEADING;
    let mut y = top;
    for (arm, &style) in styles.iter().enumerate() {
        canvas.line(&[(MARGIN, y), (plan.width - MARGIN, y)], 1.0, theme.grid);
        let baseline = y + 5.0 + LABEL;
        let name = &plan.names.in_table[arm];
        marks::sample(canvas, (MARGIN, baseline - 0.36 * LABEL), style, theme.background);
        canvas.text_lines((MARGIN + SAMPLE + 8.0, baseline), name, leading, TextLook::new(LABEL, style.words));
        let row = plan.cells.get(arm).map_or(&[][..], Vec::as_slice);
        for ((cell, &x), visit) in row.iter().zip(&plan.columns.middles).zip(0..) {
            let empty = numbers.arms[arm].point(visit).is_none();
            for (i, line) in cell.iter().enumerate() {
                let of_mean = i == 0 && !empty && plan.detail != Detail::N;
                let look = TextLook::new(SMALL, if of_mean { theme.ink } else { theme.quiet }).anchored(Anchor::Middle);
                let look = if of_mean { look.bold() } else { look };
                canvas.text((x, baseline + i as f64 * leading), line, look);
            }
        }
        let n_lines = row.iter().map(Vec::len).chain([name.len()]).max().unwrap_or(1);
        y += n_lines as f64 * leading + 12.0;
    }
    y + 8.0
}

fn captions(numbers: &TrajectoriesNumbers, plan: &Plan) -> Vec<String> {
    let counted = if numbers.imputed { "participants, missing values imputed" } else { "participants with data" };
    let what = match plan.detail {
        Detail::MeanIntervalAndN => format!("Under the axis: mean, interval and {counted} (n)."),
        Detail::MeanAndN => format!("Under the axis: mean in bold and, below it, {counted}."),
        Detail::N => format!("Under the axis: {counted}."),
    };
    let bars = if numbers.interval.trim().is_empty() { String::new() } else { format!(" Bars: {}.", numbers.interval) };
    let apart = if numbers.arms.len() > 1 { " Arms are set slightly apart at each visit." } else { "" };
    let points = format!("Points: {}s.{bars} {what}{apart}", numbers.means.in_words());
    [Some(points), numbers.footnote.clone()].into_iter().flatten().collect()
}

/// The picture in words.
fn description(numbers: &TrajectoriesNumbers, decimals: usize) -> String {
    let weeks: Vec<String> = numbers.weeks.iter().map(|&week| plain(week)).collect();
    let mut text = format!(
        "{}, {} by arm at weeks {} ({}).",
        numbers.score.label,
        numbers.means.in_words(),
        listed(&weeks),
        numbers.score.qualities()
    );
    for arm in &numbers.arms {
        let points: Vec<String> = (weeks.iter().enumerate())
            .map(|(visit, week)| match arm.point(visit) {
                None => format!("week {week} no data"),
                Some(MeanPoint { mean, interval: ends, n }) => {
                    let ends = ends.map(|[lower, upper]| format!(" ({})", interval(lower, upper, decimals)));
                    format!("week {week} {}{}, n = {n}", figure(mean, decimals), ends.unwrap_or_default())
                }
            })
            .collect();
        text.push_str(&format!(" {}: {}.", arm.label, points.join("; ")));
    }
    text
}

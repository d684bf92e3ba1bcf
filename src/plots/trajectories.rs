//! Trajectories: the mean score of every arm over the weeks, with intervals and the numbers behind them.

use super::canvas::{Anchor, Canvas, TextLook};
use super::figures::{decimals_for, figure, interval, listed, plain};
use super::frame::{self, LABEL, LEADING, MARGIN, SMALL, WIDTH};
use super::layout::{Wish, spread};
use super::marks::{self, LINE, MARKER, SAMPLE};
use super::scale::{Scale, extent};
use super::score_axis::{Score, ScoreAxis};
use super::svg::Svg;
use super::text_width::{estimate, widest, wrap_evenly};
use super::theme::{ArmStyle, Theme};
use super::week_axis::{self, Columns, GAP};

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
    let plan = Plan::new(numbers);
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
        end_labels(&mut canvas, &plan, &styles, &ends, (top, bottom));
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

/// How much the table under the axis says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Detail {
    MeanIntervalAndN,
    MeanAndN,
    N,
}

/// The names of the arms, broken into lines: in the table, and beside the lines where they fit there.
struct Names {
    in_table: Vec<Vec<String>>,
    at_ends: Vec<Vec<String>>,
    beside_lines: bool,
}

/// Where everything goes: sizes found before the first line is drawn.
struct Plan {
    width: f64,
    height: f64,
    values: (f64, f64),
    decimals: usize,
    weeks: Scale,
    /// How far the drawing reaches beyond the first and the last visit, so that arms set apart stay inside.
    inset: f64,
    columns: Columns,
    detail: Detail,
    names: Names,
    cells: Vec<Vec<Vec<String>>>,
}

/// Widest name beside a line or in the table, and in the table where it alone tells the arms apart.
const NAME: f64 = 118.0;
const NAME_IN_KEY: f64 = 215.0;
/// Space between the drawing and the names at the ends of lines.
const TO_END_LABEL: f64 = 14.0;
/// Largest distance between neighbouring arms at a visit.
const APART: f64 = 1.2 * MARKER;
/// How far a column may stand from its week before the table says less instead.
const TOLERABLE_MOVE: f64 = 16.0;

impl Plan {
    fn new(numbers: &TrajectoriesNumbers) -> Self {
        let values = value_range(numbers);
        let height = if numbers.arms.len() > 4 { 360.0 } else { 310.0 };
        let axis = ScoreAxis::new(values, (0.0, height), 6);
        let decimals = decimals_for(axis.step());
        let names = Names::new(numbers, height);
        let inset = (numbers.arms.len() as f64 - 1.0).max(0.0) / 2.0 * APART + MARKER + 4.0;
        let least_left = MARGIN + frame::better_width() + 14.0 + axis.labels_width() + inset;
        let names_end = MARGIN + SAMPLE + 8.0 + widest(names.in_table.iter().flatten(), LABEL, false);
        let ends = if names.beside_lines {
            inset + TO_END_LABEL + widest(names.at_ends.iter().flatten(), LABEL, false)
        } else {
            0.0
        };
        let (first, last) = week_axis::span(numbers.weeks.iter().copied());

        let place = |detail, width: f64| {
            let cells = cells(numbers, detail, decimals);
            let widths = column_widths(&cells, numbers.weeks.len());
            let half = |visit: Option<&f64>| visit.map_or(0.0, |width| width / 2.0);
            let left = least_left.max(names_end + GAP + half(widths.first()));
            let right = width - MARGIN - ends.max(half(widths.last())).max(inset);
            let weeks = Scale::new((first, last), (left, right));
            let room = (names_end + GAP, width - MARGIN / 2.0);
            Columns::place(&numbers.weeks, &widths, &weeks, room).map(|columns| (columns, weeks, cells))
        };
        let details = [Detail::MeanIntervalAndN, Detail::MeanAndN];
        let generous = details.into_iter().find_map(|detail| {
            let placed = place(detail, WIDTH).filter(|(columns, ..)| columns.largest_move <= TOLERABLE_MOVE);
            placed.map(|(columns, weeks, cells)| (detail, WIDTH, columns, weeks, cells))
        });
        let (detail, width, columns, weeks, cells) = generous.unwrap_or_else(|| {
            let widths = column_widths(&cells(numbers, Detail::N, decimals), numbers.weeks.len());
            let needed = names_end + Columns::least_width(&numbers.weeks, &widths) + MARGIN + ends;
            let width = WIDTH.max(needed);
            // With the width that the columns need they always find a place; the empty answer keeps this total.
            let (columns, weeks, cells) = place(Detail::N, width).unwrap_or_else(|| {
                let none = Columns { middles: Vec::new(), largest_move: 0.0 };
                (none, Scale::new((first, last), (least_left, width - MARGIN)), Vec::new())
            });
            (Detail::N, width, columns, weeks, cells)
        });
        Self { width, height, values, decimals, weeks, inset, columns, detail, names, cells }
    }

    /// Left and right side of the drawing.
    fn sides(&self) -> (f64, f64) {
        let (first, last) = self.weeks.places();
        (first - self.inset, last + self.inset)
    }
}

impl Names {
    fn new(numbers: &TrajectoriesNumbers, height: f64) -> Self {
        let broken =
            |width| numbers.arms.iter().map(|arm| wrap_evenly(&arm.label, LABEL, false, width)).collect::<Vec<_>>();
        let at_ends = broken(NAME);
        let lines: usize = at_ends.iter().map(Vec::len).sum();
        let total = lines as f64 * LABEL * LEADING + at_ends.len() as f64 * 6.0;
        let beside_lines = total <= height && at_ends.iter().all(|lines| lines.len() <= 4);
        let in_table = broken(if beside_lines { NAME } else { NAME_IN_KEY });
        Self { in_table, at_ends, beside_lines }
    }
}

/// Scores that the axis must hold: all means and intervals with a little air, inside the score's range.
fn value_range(numbers: &TrajectoriesNumbers) -> (f64, f64) {
    let points = numbers.arms.iter().flat_map(|arm| arm.points.iter().flatten());
    let ends = points.flat_map(|point| {
        let [lower, upper] = point.interval.unwrap_or([point.mean; 2]);
        [lower.min(point.mean), upper.max(point.mean)]
    });
    let Some((low, high)) = extent(ends) else {
        let [low, high] = numbers.score.range.unwrap_or([0.0, 1.0]);
        return (low, high);
    };
    let air = match numbers.score.range {
        _ if high > low => 0.07 * (high - low),
        Some([least, most]) if most > least => 0.1 * (most - least),
        _ => 1.0,
    };
    // The range bounds the air, never the data.
    let [least, most] = numbers.score.range.unwrap_or([f64::NEG_INFINITY, f64::INFINITY]);
    ((low - air).max(least).min(low), (high + air).min(most).max(high))
}

fn cells(numbers: &TrajectoriesNumbers, detail: Detail, decimals: usize) -> Vec<Vec<Vec<String>>> {
    let cell = |point: Option<MeanPoint>| {
        let Some(MeanPoint { mean, interval: ends, n }) = point else { return vec!["\u{2013}".to_owned()] };
        let mean = figure(mean, decimals);
        match detail {
            Detail::MeanIntervalAndN => {
                let ends = ends.map(|[lower, upper]| compact_interval(lower, upper, decimals));
                [Some(mean), ends, Some(format!("n = {n}"))].into_iter().flatten().collect()
            }
            Detail::MeanAndN => vec![mean, n.to_string()],
            Detail::N => vec![n.to_string()],
        }
    };
    let visits = 0..numbers.weeks.len();
    numbers.arms.iter().map(|arm| visits.clone().map(|visit| cell(arm.point(visit))).collect()).collect()
}

/// An interval with a dash where no sign can be mistaken for it.
fn compact_interval(lower: f64, upper: f64, decimals: usize) -> String {
    if lower >= 0.0 {
        format!("{}\u{2013}{}", figure(lower, decimals), figure(upper, decimals))
    } else {
        interval(lower, upper, decimals)
    }
}

fn column_widths(cells: &[Vec<Vec<String>>], n_visits: usize) -> Vec<f64> {
    let width = |visit: usize| cells.iter().map(|row| widest(&row[visit], SMALL, true)).fold(0.0, f64::max);
    (0..n_visits).map(width).collect()
}

/// What the upright axis shows, above it; returns where the next may begin.
fn heading(canvas: &mut Canvas, theme: &Theme, numbers: &TrajectoriesNumbers, top: f64) -> f64 {
    let text = format!("{}: {} ({})", numbers.score.label, numbers.means.in_words(), numbers.score.qualities());
    let lines = wrap_evenly(&text, LABEL, false, WIDTH - 2.0 * MARGIN);
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
            let from = if early { end_x + MARKER + 3.0 } else { side };
            canvas.line(&[(from, end_y), (x - 4.0, middle)], 1.2, styles[arm].colour);
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
    let what = match plan.detail {
        Detail::MeanIntervalAndN => "Under the axis: mean, interval and participants with data (n).",
        Detail::MeanAndN => "Under the axis: mean in bold and, below it, participants with data.",
        Detail::N => "Under the axis: participants with data.",
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

//! Fade: how the difference from the reference arm builds and fades, one panel per arm, beside what was expected and published.

use super::canvas::{Anchor, Canvas, TextLook};
use super::figures::{decimals_for, figure, interval, p_value, plain, with_interval};
use super::frame::{self, LABEL, LEADING, MARGIN, SMALL, WIDTH};
use super::marks::{self, LINE, MARKER, SAMPLE};
use super::scale::{Scale, extent};
use super::score_axis::{Score, ScoreAxis};
use super::svg::Svg;
use super::text_width::{estimate, widest, wrap};
use super::theme::{ArmStyle, Theme};
use super::week_axis::{self, Columns};

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
    let plan = Plan::new(numbers);
    let mut top = frame::head(&mut canvas, theme, &numbers.title, numbers.simulated, plan.width);
    top = heading(&mut canvas, theme, numbers, top);
    for (place, (panel, columns)) in numbers.panels.iter().zip(&plan.columns).enumerate() {
        top = draw_panel(&mut canvas, theme, numbers, &plan, (panel, columns), theme.arm(place), top);
    }
    if numbers.panels.is_empty() {
        canvas.text((MARGIN, top + LABEL), "no differences to draw", TextLook::new(LABEL, theme.quiet));
        top += 2.0 * LABEL;
    }
    top = key(&mut canvas, theme, numbers, plan.width, top);
    let height = frame::foot(&mut canvas, theme, &captions(numbers), top, plan.width);
    canvas.finish(plan.width, height, &numbers.title, &description(numbers, plan.decimals))
}

/// How much the figures under a panel say.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Detail {
    Everything,
    NarrowIntervals,
    Estimates,
}

/// Where everything goes: sizes found before the first line is drawn, common to all panels.
struct Plan {
    width: f64,
    height: f64,
    values: (f64, f64),
    decimals: usize,
    weeks: Scale,
    columns: Vec<PanelColumns>,
}

/// The figures under one panel: what is written at each week, and where.
struct PanelColumns {
    weeks: Vec<f64>,
    places: Columns,
    rows: Vec<Row>,
}

/// One kind of figure: its name at the left, and per week the lines written there.
struct Row {
    name: &'static str,
    bold: bool,
    cells: Vec<Vec<String>>,
}

/// How far the drawing reaches beyond the first and the last week.
const INSET: f64 = 14.0;
/// Distance at which a published difference stands to the right of the estimate.
const BESIDE: f64 = 11.0;
/// Room above a panel for its bracket.
const BRACKET: f64 = 32.0;
/// How far a column may stand from its week before the figures say less instead.
const TOLERABLE_MOVE: f64 = 60.0;

impl Plan {
    fn new(numbers: &FadeNumbers) -> Self {
        let values = value_range(numbers);
        let height = if numbers.panels.len() > 3 { 170.0 } else { 210.0 };
        let axis = ScoreAxis::new(values, (0.0, height), 5);
        let decimals = decimals_for(axis.step());
        let zero = widest(&zero_words(), SMALL, false);
        let left = MARGIN + frame::better_width() + 14.0 + axis.labels_width() + INSET;
        let (first, last) = week_axis::span(numbers.panels.iter().flat_map(FadePanel::weeks));
        let place = |detail, width: f64| -> Option<(Scale, Vec<PanelColumns>)> {
            let weeks = Scale::new((first, last), (left, width - MARGIN - zero - 10.0 - INSET));
            let room = (left - INSET, width - MARGIN / 2.0);
            let columns = numbers.panels.iter().map(|panel| PanelColumns::place(panel, detail, decimals, &weeks, room));
            Some((weeks, columns.collect::<Option<Vec<_>>>()?))
        };
        let tolerable = |(_, columns): &(Scale, Vec<PanelColumns>)| {
            columns.iter().all(|column| column.places.largest_move <= TOLERABLE_MOVE)
        };
        let generous = [Detail::Everything, Detail::NarrowIntervals]
            .into_iter()
            .find_map(|detail| place(detail, WIDTH).filter(tolerable).map(|placed| (WIDTH, placed)));
        let (width, (weeks, columns)) = generous.unwrap_or_else(|| {
            let needed = numbers.panels.iter().map(|panel| {
                let (weeks, rows) = rows(panel, Detail::Estimates, decimals);
                Columns::least_width(&weeks, &row_widths(&rows, weeks.len()))
            });
            let width = WIDTH.max(left + needed.fold(0.0, f64::max) + MARGIN);
            // With the width that the columns need they always find a place; the empty answer keeps this total.
            let placed = place(Detail::Estimates, width);
            (width, placed.unwrap_or_else(|| (Scale::new((first, last), (left, width - MARGIN)), Vec::new())))
        });
        Self { width, height, values, decimals, weeks, columns }
    }

    fn sides(&self) -> (f64, f64) {
        let (first, last) = self.weeks.places();
        (first - INSET, last + INSET)
    }
}

impl FadePanel {
    /// Weeks at which something is drawn.
    fn weeks(&self) -> impl Iterator<Item = f64> {
        let points = self.points.iter().chain(&self.published).map(|point| point.week);
        points.chain(self.expected.iter().map(|&(week, _)| week))
    }
}

impl PanelColumns {
    fn place(panel: &FadePanel, detail: Detail, decimals: usize, scale: &Scale, room: (f64, f64)) -> Option<Self> {
        let (weeks, rows) = rows(panel, detail, decimals);
        let places = Columns::place(&weeks, &row_widths(&rows, weeks.len()), scale, room)?;
        Some(Self { weeks, places, rows })
    }
}

/// Weeks with an estimate or a published difference, and what is written under them.
fn rows(panel: &FadePanel, detail: Detail, decimals: usize) -> (Vec<f64>, Vec<Row>) {
    let mut weeks: Vec<f64> = panel.points.iter().chain(&panel.published).map(|point| point.week).collect();
    weeks.sort_by(f64::total_cmp);
    weeks.dedup();
    let at = |points: &[DifferencePoint], write: &dyn Fn(&DifferencePoint) -> Vec<String>| -> Vec<Vec<String>> {
        let found = |week: &f64| points.iter().find(|point| point.week == *week).map_or_else(Vec::new, write);
        weeks.iter().map(found).collect()
    };
    let estimate = |point: &DifferencePoint| vec![figure(point.estimate, decimals)];
    let ends = |point: &DifferencePoint| match detail {
        Detail::Everything => vec![interval(point.lower, point.upper, decimals)],
        _ => vec![format!("{} to", figure(point.lower, decimals)), figure(point.upper, decimals)],
    };
    let p = |point: &DifferencePoint| point.p_value.map(p_value).into_iter().collect();
    let published = |point: &DifferencePoint| [estimate(point), ends(point)].concat();

    let mut rows = vec![Row { name: "Estimate", bold: true, cells: at(&panel.points, &estimate) }];
    if detail != Detail::Estimates {
        rows.push(Row { name: "Interval", bold: false, cells: at(&panel.points, &ends) });
        rows.push(Row { name: "", bold: false, cells: at(&panel.points, &p) });
        rows.push(Row { name: "Published", bold: false, cells: at(&panel.published, &published) });
    }
    rows.retain(|row| row.cells.iter().any(|cell| !cell.is_empty()));
    (weeks, rows)
}

fn row_widths(rows: &[Row], n_weeks: usize) -> Vec<f64> {
    let width = |week: usize| rows.iter().map(|row| widest(&row.cells[week], SMALL, row.bold)).fold(0.0, f64::max);
    (0..n_weeks).map(width).collect()
}

fn zero_words() -> [String; 2] {
    ["no".to_owned(), "difference".to_owned()]
}

/// Differences that the axis must hold: everything drawn, zero and the whole band, with a little air.
fn value_range(numbers: &FadeNumbers) -> (f64, f64) {
    let points = numbers.panels.iter().flat_map(|panel| panel.points.iter().chain(&panel.published));
    let points = points.flat_map(|point| [point.estimate, point.lower, point.upper]);
    let curves = numbers.panels.iter().flat_map(|panel| panel.expected.iter().map(|&(_, value)| value));
    let band = numbers.meaningful.iter().flat_map(|band| [-band.points, band.points]);
    let (low, high) = extent(points.chain(curves).chain(band).chain([0.0])).unwrap_or((0.0, 0.0));
    let air = if high > low { 0.08 * (high - low) } else { 1.0 };
    (low - air, high + air)
}

/// What is compared, above the panels; returns where the next may begin.
fn heading(canvas: &mut Canvas, theme: &Theme, numbers: &FadeNumbers, top: f64) -> f64 {
    let unit = if numbers.score.unit.trim().is_empty() { String::new() } else { format!("{}, ", numbers.score.unit) };
    let text = format!(
        "{}: difference from {} ({unit}{})",
        numbers.score.label,
        numbers.reference,
        numbers.score.better_in_words()
    );
    let lines = wrap(&text, LABEL, false, WIDTH - 2.0 * MARGIN);
    canvas.text_lines((MARGIN, top + LABEL), &lines, LABEL * LEADING, TextLook::new(LABEL, theme.ink));
    top + lines.len() as f64 * LABEL * LEADING + 20.0
}

/// One panel with its name above and its figures below; returns where the next may begin.
fn draw_panel(
    canvas: &mut Canvas,
    theme: &Theme,
    numbers: &FadeNumbers,
    plan: &Plan,
    (panel, columns): (&FadePanel, &PanelColumns),
    style: ArmStyle,
    top: f64,
) -> f64 {
    let top = panel_name(canvas, theme, panel, style, plan.width, top);
    let top = top + if panel.change.is_some() { BRACKET } else { 0.0 };
    let bottom = top + plan.height;
    let axis = ScoreAxis::new(plan.values, (top, bottom), 5);
    let sides = plan.sides();

    if let Some(band) = &numbers.meaningful {
        let (one, other) = (axis.scale.place(band.points), axis.scale.place(-band.points));
        canvas.rectangle((sides.0, one.min(other)), (sides.1, one.max(other)), theme.band);
    }
    axis.draw(canvas, theme, sides);
    zero_line(canvas, theme, plan, axis.scale.place(0.0));
    frame::better_arrow(canvas, theme, sides.0 - 14.0 - axis.labels_width(), (top, bottom), numbers.score.better);
    differences(canvas, theme, panel, style, plan, &axis);
    if let Some(change) = &panel.change {
        bracket(canvas, theme, change, plan, top);
    }
    if panel.points.is_empty() {
        let look = TextLook::new(LABEL, theme.quiet).anchored(Anchor::Middle);
        canvas.text(((sides.0 + sides.1) / 2.0, top + LABEL + 4.0), "no estimates", look);
    }
    columns.places.draw_axis(canvas, theme, &columns.weeks, &plan.weeks, sides, bottom);
    figures_below(canvas, theme, columns, style, bottom + columns.places.axis_height())
}

fn panel_name(canvas: &mut Canvas, theme: &Theme, panel: &FadePanel, style: ArmStyle, width: f64, top: f64) -> f64 {
    let lines = wrap(&panel.label, LABEL, true, width - 2.0 * MARGIN - SAMPLE - 8.0);
    let baseline = top + LABEL;
    marks::sample(canvas, (MARGIN, baseline - 0.36 * LABEL), style, theme.background);
    let look = TextLook::new(LABEL, style.words).bold();
    canvas.text_lines((MARGIN + SAMPLE + 8.0, baseline), &lines, LABEL * LEADING, look);
    top + lines.len() as f64 * LABEL * LEADING + 8.0
}

fn zero_line(canvas: &mut Canvas, theme: &Theme, plan: &Plan, y: f64) {
    let (left, right) = plan.sides();
    canvas.line(&[(left, y), (right, y)], 1.8, theme.ink);
    let look = TextLook::new(SMALL, theme.quiet);
    canvas.text_lines((right + 8.0, y - 0.2 * SMALL), &zero_words(), SMALL * LEADING, look);
}

/// The expected curve behind, then estimates, then what was published.
fn differences(canvas: &mut Canvas, theme: &Theme, panel: &FadePanel, style: ArmStyle, plan: &Plan, axis: &ScoreAxis) {
    let place = |week: f64, value: f64| (plan.weeks.place(week), axis.scale.place(value));
    if panel.expected.is_empty() {
        let line: Vec<_> = panel.points.iter().map(|point| place(point.week, point.estimate)).collect();
        marks::arm_line(canvas, &line, LINE, style);
    } else {
        let curve: Vec<_> = panel.expected.iter().map(|&(week, value)| place(week, value)).collect();
        canvas.faint_line(&curve, EXPECTED.0, style.colour, EXPECTED.1);
    }
    let ends = |point: &DifferencePoint| (axis.scale.place(point.upper), axis.scale.place(point.lower));
    for point in &panel.published {
        let (x, y) = place(point.week, point.estimate);
        marks::whiskers(canvas, x + BESIDE, ends(point), theme.quiet);
        marks::marker(canvas, (x + BESIDE, y), published_style(theme, style), theme.background);
    }
    for point in &panel.points {
        let (x, y) = place(point.week, point.estimate);
        marks::whiskers(canvas, x, ends(point), style.colour);
        marks::marker(canvas, (x, y), style, theme.background);
    }
}

/// Width and opacity of the expected curve.
const EXPECTED: (f64, f64) = (4.0, 0.4);

fn published_style(theme: &Theme, style: ArmStyle) -> ArmStyle {
    ArmStyle { colour: theme.quiet, hollow: true, ..style }
}

/// A bracket over the weeks between which the difference changed, with the change in words.
fn bracket(canvas: &mut Canvas, theme: &Theme, change: &DifferenceChange, plan: &Plan, top: f64) {
    let (first, last) = plan.weeks.values();
    let place = |week: f64| plan.weeks.place(week.clamp(first, last));
    let (from, to) = (place(change.from_week), place(change.to_week));
    let y = top - 8.0;
    canvas.line(&[(from, y + 7.0), (from, y), (to, y), (to, y + 7.0)], 1.3, theme.quiet);
    let text = change_in_words(change, plan.decimals);
    let half = estimate(&text, SMALL, false) / 2.0;
    let middle = ((from + to) / 2.0).min(plan.width - MARGIN - half).max(MARGIN + half);
    canvas.text((middle, y - 6.0), &text, TextLook::new(SMALL, theme.ink).anchored(Anchor::Middle));
}

fn change_in_words(change: &DifferenceChange, decimals: usize) -> String {
    format!(
        "change week {} to {}: {}",
        plain(change.from_week),
        plain(change.to_week),
        with_interval(change.estimate, change.lower, change.upper, decimals)
    )
}

/// The figures under a panel; returns where the next panel may begin.
fn figures_below(canvas: &mut Canvas, theme: &Theme, columns: &PanelColumns, style: ArmStyle, top: f64) -> f64 {
    let leading = SMALL * LEADING;
    let mut baseline = top + 0.7 * SMALL;
    for row in &columns.rows {
        canvas.text((MARGIN, baseline), row.name, TextLook::new(SMALL, theme.quiet));
        for (cell, &x) in row.cells.iter().zip(&columns.places.middles) {
            let look = TextLook::new(SMALL, if row.bold { style.words } else { theme.quiet }).anchored(Anchor::Middle);
            let look = if row.bold { look.bold() } else { look };
            canvas.text_lines((x, baseline), cell, leading, look);
        }
        baseline += row.cells.iter().map(Vec::len).max().unwrap_or(0) as f64 * leading;
    }
    baseline + 14.0
}

/// What the marks mean, in rows that break where the picture ends; returns where the next may begin.
fn key(canvas: &mut Canvas, theme: &Theme, numbers: &FadeNumbers, width: f64, top: f64) -> f64 {
    let any = |has: fn(&FadePanel) -> bool| numbers.panels.iter().any(has);
    let interval = if numbers.interval.trim().is_empty() { "interval" } else { numbers.interval.trim() };
    let mut entries = vec![(KeyMark::Estimate, format!("estimate, {interval}"))];
    if any(|panel| !panel.expected.is_empty()) {
        entries.push((KeyMark::Expected, "expected".to_owned()));
    }
    if any(|panel| !panel.published.is_empty()) {
        entries.push((KeyMark::Published, "published".to_owned()));
    }
    if let Some(band) = &numbers.meaningful {
        entries
            .push((KeyMark::Band, format!("less than {} either way", amount(band.points.abs(), &numbers.score.unit))));
    }
    if numbers.panels.iter().all(|panel| panel.points.is_empty()) {
        entries.remove(0);
    }
    let (mut x, mut y) = (MARGIN, top + SMALL);
    for (mark, words) in entries {
        let lines = wrap(&words, SMALL, false, width - 2.0 * MARGIN - SAMPLE - 8.0);
        let room = SAMPLE + 8.0 + widest(&lines, SMALL, false);
        if x > MARGIN && x + room > width - MARGIN {
            (x, y) = (MARGIN, y + SMALL * LEADING + 4.0);
        }
        key_mark(canvas, theme, mark, (x, y - 0.36 * SMALL));
        canvas.text_lines((x + SAMPLE + 8.0, y), &lines, SMALL * LEADING, TextLook::new(SMALL, theme.quiet));
        x += room + 24.0;
        y += (lines.len() - 1) as f64 * SMALL * LEADING;
    }
    y + 12.0
}

enum KeyMark {
    Estimate,
    Expected,
    Published,
    Band,
}

fn key_mark(canvas: &mut Canvas, theme: &Theme, mark: KeyMark, (left, y): (f64, f64)) {
    let middle = left + SAMPLE / 2.0;
    let style = ArmStyle { colour: theme.ink, ..theme.arm(0) };
    match mark {
        KeyMark::Estimate => {
            marks::whiskers(canvas, middle, (y - 1.9 * MARKER, y + 1.9 * MARKER), style.colour);
            marks::marker(canvas, (middle, y), style, theme.background);
        }
        KeyMark::Published => {
            marks::whiskers(canvas, middle, (y - 1.9 * MARKER, y + 1.9 * MARKER), theme.quiet);
            marks::marker(canvas, (middle, y), published_style(theme, style), theme.background);
        }
        KeyMark::Expected => {
            canvas.faint_line(&[(left, y), (left + SAMPLE, y)], EXPECTED.0, theme.ink, EXPECTED.1);
        }
        KeyMark::Band => canvas.rectangle((left, y - 8.0), (left + SAMPLE, y + 8.0), theme.band),
    }
}

/// A number of points in words, `2 points`.
fn amount(points: f64, unit: &str) -> String {
    format!("{} {unit}", plain(points)).trim().to_owned()
}

fn captions(numbers: &FadeNumbers) -> Vec<String> {
    let band = numbers.meaningful.as_ref().map(|band| {
        let source = band.source.as_deref().map_or(String::new(), |source| format!(" ({source})"));
        let amount = amount(band.points.abs(), &numbers.score.unit);
        format!("Band: differences smaller than the {amount} that matter to participants{source}.")
    });
    [band, numbers.footnote.clone()].into_iter().flatten().collect()
}

/// The picture in words.
fn description(numbers: &FadeNumbers, decimals: usize) -> String {
    let mut text = format!(
        "{}: difference from {} by week ({}).",
        numbers.score.label,
        numbers.reference,
        numbers.score.better_in_words()
    );
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
        if let Some(change) = &panel.change {
            text.push_str(&format!(" The {}.", change_in_words(change, decimals)));
        }
    }
    if let Some(caption) = captions(numbers).first().filter(|_| numbers.meaningful.is_some()) {
        text.push_str(&format!(" {caption}"));
    }
    text
}

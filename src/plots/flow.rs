//! Participant flow: how many were assessed, randomised, seen, lost and analysed, as a CONSORT diagram drawn from counts.

use super::canvas::{Anchor, Canvas};
use super::diagram::{self, ARROW, Content, Frame, Line, PADDING, Plan, Stage, TableRow};
use super::figures::{count, listed};
use super::frame::{self, MARGIN, SMALL};
use super::svg::Svg;
use super::text_width::estimate;
use super::theme::Theme;
use crate::trial::{ArmFlow, ParticipantFlow};

/// Everything the picture shows.
#[derive(Debug, Clone, PartialEq)]
pub struct FlowNumbers {
    /// One sentence that says what is to be seen.
    pub title: String,
    /// The counts, with one entry per arm.
    pub flow: ParticipantFlow,
    /// The arms in their order.
    pub arms: Vec<FlowArm>,
    /// Names of the visits in the order of time, baseline first, e.g. `week 10`.
    pub visits: Vec<String>,
    /// The entry rule as a sentence, e.g. `bothersomeness of at least 3`, shown where candidates were excluded.
    pub entry_rule: Option<String>,
    /// Participants in the analyses.
    pub analysed: Vec<AnalysedCounts>,
    /// A further caption.
    pub footnote: Option<String>,
    /// Whether the participants are simulated: drawn as a badge.
    pub simulated: bool,
}

/// An arm as the picture names it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FlowArm {
    /// What a reader sees.
    pub label: String,
    /// Whether it is the reference arm.
    pub reference: bool,
}

/// Participants who entered one analysis.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AnalysedCounts {
    /// Which analysis, e.g. `week 10`; may be empty if there is only one.
    pub label: String,
    /// Participants by arm.
    pub per_arm: Vec<usize>,
}

/// Draws the picture.
pub fn draw(numbers: &FlowNumbers, theme: &Theme) -> Svg {
    let mut canvas = Canvas::new(theme.background);
    let names: Vec<&str> = numbers.arms.iter().map(|arm| arm.label.as_str()).collect();
    let plan = Plan::new(&names, LEAST_COLUMN);
    let styles = theme.arm_styles(numbers.arms.iter().map(|arm| arm.reference));
    let top = frame::head(&mut canvas, theme, &numbers.title, numbers.simulated, plan.width) + 10.0;

    let mut bottom = enrolment(&mut canvas, theme, numbers, &plan, top);
    if !numbers.arms.is_empty() {
        let mut top = diagram::split(&mut canvas, theme, &plan, bottom);
        for (place, stage) in stages(numbers, &plan).iter().enumerate() {
            for x in (0..numbers.arms.len()).filter(|_| place > 0).map(|arm| plan.middle(arm)) {
                diagram::arrow(&mut canvas, theme, (x, bottom), (x, top));
            }
            bottom = stage.draw(&mut canvas, theme, &plan, &styles, top);
            top = bottom + ARROW;
        }
    }
    let height = frame::foot(&mut canvas, theme, &captions(numbers), bottom + 16.0, plan.width);
    canvas.finish(plan.width, height, &numbers.title, &description(numbers))
}

/// More follow-up visits than these share one box per arm.
const MOST_BOXES: usize = 4;
/// Narrowest column of an arm.
const LEAST_COLUMN: f64 = 138.0;

fn compact(numbers: &FlowNumbers) -> bool {
    numbers.visits.len() > MOST_BOXES + 1
}

/// Assessed, excluded and randomised; returns the height at which the randomised box ends.
fn enrolment(canvas: &mut Canvas, theme: &Theme, numbers: &FlowNumbers, plan: &Plan, top: f64) -> f64 {
    let centre = plan.centre();
    let counted = |words: &str, n| vec![Line::bold(words), Line::small(format!("n = {}", count(n)))];
    let randomised = counted("Randomised", numbers.flow.randomised());
    let mut first = Frame::around(&randomised, centre, top);
    let mut last = first;
    if let Some(screened) = numbers.flow.screened {
        let assessed = counted("Assessed for eligibility", screened);
        first = Frame::around(&assessed, centre, top);
        let room = plan.width - MARGIN - centre - ARROW - 2.0 * PADDING;
        let excluded = exclusion(numbers, room);
        let aside = Frame::beside(&excluded, (centre + ARROW, first.bottom() + 12.0));
        last = Frame::around(&randomised, centre, aside.bottom() + 12.0);
        let turn = aside.corner.1 + aside.height / 2.0;
        diagram::arrow(canvas, theme, (centre, first.bottom()), (centre, last.corner.1));
        diagram::arrow(canvas, theme, (centre, turn), (centre + ARROW, turn));
        diagram::draw_box(canvas, theme, aside, &excluded, None, Anchor::Start);
        diagram::draw_box(canvas, theme, first, &assessed, None, Anchor::Middle);
    }
    diagram::draw_box(canvas, theme, last, &randomised, None, Anchor::Middle);
    diagram::badge(canvas, theme, &["Enrolment".to_owned()], (top, first.height));
    last.bottom()
}

/// The box at the side: who was excluded and why.
fn exclusion(numbers: &FlowNumbers, room: f64) -> Vec<Line> {
    let excluded = numbers.flow.excluded().unwrap_or(0);
    let mut lines = Line::bold(format!("Excluded (n = {})", count(excluded))).broken(room);
    if excluded > 0 {
        let why = rule(numbers).map_or("entry rule not met".to_owned(), |rule| format!("entry rule not met: {rule}"));
        lines.extend(diagram::bullet(&why, room));
    }
    lines
}

/// The entry rule, unless it is blank.
fn rule(numbers: &FlowNumbers) -> Option<&str> {
    numbers.entry_rule.as_deref().map(str::trim).filter(|rule| !rule.is_empty())
}

/// The rows of the diagram below randomisation.
fn stages(numbers: &FlowNumbers, plan: &Plan) -> Vec<Stage> {
    let arms = || numbers.arms.iter().enumerate().map(|(arm, named)| (named, arm_flow(numbers, arm)));
    let allocated = arms().map(|(named, flow)| allocation(named, &flow)).collect();
    let mut stages = vec![Stage { names: vec!["Allocation".to_owned()], content: Content::Arms(allocated) }];
    let visits = 1..numbers.visits.len();
    if compact(numbers) {
        let cells =
            |visit| arms().map(move |(_, flow)| [&flow.seen, &flow.discontinued].map(|n| count(at(n, visit))).to_vec());
        let rows = visits.map(|visit| TableRow { name: numbers.visits[visit].clone(), cells: cells(visit).collect() });
        let heads = ["seen", "lost"].map(str::to_owned).to_vec();
        let content = Content::Table { heads, rows: rows.collect() };
        stages.push(Stage { names: vec!["Follow-up".to_owned()], content });
    } else {
        stages.extend(visits.map(|visit| Stage {
            names: vec!["Follow-up".to_owned(), numbers.visits[visit].clone()],
            content: Content::Lines(arms().map(|(_, flow)| follow_up(&flow, visit, plan.text_room())).collect()),
        }));
    }
    stages.extend((!numbers.analysed.is_empty()).then(|| analysis(numbers)));
    stages
}

/// The counts of an arm; none at all where the flow has no such arm.
fn arm_flow(numbers: &FlowNumbers, arm: usize) -> ArmFlow {
    numbers.flow.arms.get(arm).cloned().unwrap_or_default()
}

fn at(counts: &[usize], position: usize) -> usize {
    counts.get(position).copied().unwrap_or(0)
}

fn allocation(arm: &FlowArm, flow: &ArmFlow) -> Vec<Line> {
    let mut lines = vec![Line::bold(arm.label.clone()), Line::small(format!("n = {}", count(flow.randomised)))];
    if let Some(sessions) = flow.sessions_planned {
        let plural = if sessions == 1 { "" } else { "s" };
        lines.push(Line::small(format!("{} session{plural} planned", count(sessions))));
    }
    let without_baseline = flow.randomised.saturating_sub(at(&flow.seen, 0));
    if without_baseline > 0 {
        lines.push(Line::small(format!("no baseline value: {}", count(without_baseline))));
    }
    lines
}

/// Who was seen, lost and missing at a visit, in short words where the longer ones do not fit on a line.
fn follow_up(flow: &ArmFlow, visit: usize, room: f64) -> Vec<Line> {
    let line = |long: &str, short: &str, n: usize| {
        let text = format!("{long}: {}", count(n));
        let fits = estimate(&text, SMALL, false) <= room;
        Line::small(if fits { text } else { format!("{short}: {}", count(n)) })
    };
    let missed = missed(flow, visit);
    let mut lines = vec![
        line("seen", "seen", at(&flow.seen, visit)),
        line("lost to follow-up", "lost", at(&flow.discontinued, visit)),
    ];
    lines.extend((missed > 0).then(|| line("missed this visit", "missed", missed)));
    lines
}

/// Those who were not seen at a visit but came to a later one.
fn missed(flow: &ArmFlow, visit: usize) -> usize {
    let lost: usize = (0..=visit).map(|earlier| at(&flow.discontinued, earlier)).sum();
    flow.randomised.saturating_sub(lost).saturating_sub(at(&flow.seen, visit))
}

/// The last stage: a few analyses as lines, many as a table.
fn analysis(numbers: &FlowNumbers) -> Stage {
    let arms = 0..numbers.arms.len();
    let n = |analysis: &AnalysedCounts, arm| count(at(&analysis.per_arm, arm));
    let content = if numbers.analysed.len() > MOST_BOXES {
        let row = |analysis: &AnalysedCounts| TableRow {
            name: analysis.label.clone(),
            cells: arms.clone().map(|arm| vec![n(analysis, arm)]).collect(),
        };
        Content::Table { heads: vec!["analysed".to_owned()], rows: numbers.analysed.iter().map(row).collect() }
    } else {
        Content::Lines(arms.map(|arm| analysed(numbers, arm).into_iter().map(Line::small).collect()).collect())
    };
    Stage { names: vec!["Analysis".to_owned()], content }
}

/// Each analysis with the number of an arm's participants in it.
fn analysed(numbers: &FlowNumbers, arm: usize) -> Vec<String> {
    let line = |analysis: &AnalysedCounts| {
        let n = count(at(&analysis.per_arm, arm));
        let label = analysis.label.trim();
        if label.is_empty() { format!("n = {n}") } else { format!("{label}: {n}") }
    };
    numbers.analysed.iter().map(line).collect()
}

fn captions(numbers: &FlowNumbers) -> Vec<String> {
    let arms = || (0..numbers.arms.len()).map(|arm| arm_flow(numbers, arm));
    let came_back = arms().any(|flow| (1..numbers.visits.len()).any(|visit| missed(&flow, visit) > 0));
    let mut lost = "Lost: no value recorded at this or any later visit.".to_owned();
    if came_back && compact(numbers) {
        lost.push_str(" Who missed a visit and came back is neither seen nor lost there.");
    }
    let lost = (numbers.visits.len() > 1 && !numbers.arms.is_empty()).then_some(lost);
    [lost, numbers.footnote.clone()].into_iter().flatten().collect()
}

/// The picture in words.
fn description(numbers: &FlowNumbers) -> String {
    let mut text = String::from("Participant flow.");
    if let (Some(screened), Some(excluded)) = (numbers.flow.screened, numbers.flow.excluded()) {
        text.push_str(&format!(" Assessed {}, excluded {}", count(screened), count(excluded)));
        let rule = rule(numbers).filter(|_| excluded > 0);
        text.push_str(&rule.map_or(".".to_owned(), |rule| format!(" (entry rule not met: {rule}).")));
    }
    text.push_str(&format!(" Randomised {}.", count(numbers.flow.randomised())));
    for (arm, named) in numbers.arms.iter().enumerate() {
        let flow = arm_flow(numbers, arm);
        let visits = (1..numbers.visits.len()).map(|visit| {
            let (seen, lost) = (at(&flow.seen, visit), at(&flow.discontinued, visit));
            format!("; {} seen {}, lost {}", numbers.visits[visit], count(seen), count(lost))
        });
        let visits: String = visits.collect();
        let analyses = analysed(numbers, arm);
        let analyses = if analyses.is_empty() { String::new() } else { format!("; analysed {}", listed(&analyses)) };
        text.push_str(&format!(" {}: randomised {}{visits}{analyses}.", named.label, count(flow.randomised)));
    }
    text
}

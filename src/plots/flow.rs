//! Participant flow: how many were assessed, randomised, seen, lost and analysed, as a CONSORT diagram drawn from counts.

mod boxes;

use super::canvas::{Anchor, Canvas};
use super::diagram::{self, ARROW, Content, Frame, Line, PADDING, Plan, Stage, TableRow};
use super::figures::count;
use super::frame::{self, MARGIN};
use super::svg::Svg;
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
    /// The entry rule as a sentence, e.g. `bothersomeness of at least 3`, shown where candidates were excluded and not counted by
    /// reason.
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
    let conduct = numbers.flow.arms.iter().any(|arm| arm.attended.is_some() || !arm.discontinued_for.is_empty());
    let plan = Plan::new(&names, if conduct { LEAST_COLUMN_OF_LISTS } else { LEAST_COLUMN }, theme.width());
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
/// The same where boxes hold lists.
const LEAST_COLUMN_OF_LISTS: f64 = 158.0;

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
        let excluded = boxes::exclusion(numbers, room);
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

/// The rows of the diagram below randomisation.
fn stages(numbers: &FlowNumbers, plan: &Plan) -> Vec<Stage> {
    let arms = || numbers.arms.iter().enumerate().map(|(arm, named)| (named, arm_flow(numbers, arm)));
    let names = &*numbers.flow.names;
    let allocated = arms().map(|(named, flow)| boxes::allocation(named, &flow, names, plan.text_room())).collect();
    let mut stages = vec![Stage { names: vec!["Allocation".to_owned()], content: Content::Arms(allocated) }];
    let visits = 1..numbers.visits.len();
    if compact(numbers) {
        let cells =
            |visit| arms().map(move |(_, flow)| [&flow.seen, &flow.discontinued].map(|n| count(at(n, visit))).to_vec());
        let rows = visits.map(|visit| TableRow { name: numbers.visits[visit].clone(), cells: cells(visit).collect() });
        let heads = ["seen", "lost"].map(str::to_owned).to_vec();
        let content = Content::Table { heads, rows: rows.collect() };
        stages.push(Stage { names: vec!["Follow-up".to_owned()], content });
        if numbers.flow.arms.iter().any(|flow| !flow.discontinued_for.is_empty()) {
            let lost = arms()
                .map(|(_, flow)| boxes::lost_in_all(&flow, names, 1..numbers.visits.len(), plan.text_room()))
                .collect();
            stages.push(Stage { names: vec!["Lost to follow-up".to_owned()], content: Content::Lines(lost) });
        }
    } else {
        stages.extend(visits.map(|visit| Stage {
            names: vec!["Follow-up".to_owned(), numbers.visits[visit].clone()],
            content: Content::Lines(
                arms().map(|(_, flow)| boxes::follow_up(&flow, names, visit, plan.text_room())).collect(),
            ),
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
        Content::Lines(arms.map(|arm| boxes::analysed(numbers, arm).into_iter().map(Line::small).collect()).collect())
    };
    Stage { names: vec!["Analysis".to_owned()], content }
}

fn captions(numbers: &FlowNumbers) -> Vec<String> {
    let arms = || (0..numbers.arms.len()).map(|arm| arm_flow(numbers, arm));
    let came_back = arms().any(|flow| (1..numbers.visits.len()).any(|visit| boxes::missed(&flow, visit) > 0));
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
    if let Some(screened) = numbers.flow.screened {
        text.push_str(&format!(" Assessed {}, {}.", count(screened), boxes::exclusion_in_words(numbers)));
    }
    text.push_str(&format!(" Randomised {}.", count(numbers.flow.randomised())));
    for arm in 0..numbers.arms.len() {
        text.push_str(&boxes::arm_in_words(numbers, arm, &arm_flow(numbers, arm)));
    }
    text
}

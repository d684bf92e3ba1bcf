//! What a power is the power of: one contrast of one outcome at one visit.

use std::fmt;

use crate::scenario::{MultiplicityRule, Plan, Scenario, nearest};
use crate::trial::{Contrast, Layout};

/// One contrast of one outcome at one visit, and by which p-value it is judged.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Question {
    /// Position of the outcome.
    pub outcome: usize,
    /// Position of the visit.
    pub visit: usize,
    /// The contrast; the plan may have it the other way round.
    pub contrast: Contrast,
    /// Whether the p-value after the plan's multiplicity rule counts, instead of the contrast's own.
    pub adjusted: bool,
}

/// What was asked for and is not in the plan, with what is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NoSuchQuestion {
    /// One entry per thing asked for.
    pub problems: Vec<String>,
}

impl fmt::Display for NoSuchQuestion {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.problems.join("\n"))
    }
}

impl std::error::Error for NoSuchQuestion {}

impl Question {
    /// The question in a scenario's own names. By default the first outcome of its plan, the last visit, and the first contrast with
    /// the reference arm.
    ///
    /// # Errors
    /// All that the plan does not have.
    pub fn find(
        scenario: &Scenario,
        outcome: Option<&str>,
        week: Option<f64>,
        contrast: Option<&str>,
        adjusted: bool,
    ) -> Result<Self, NoSuchQuestion> {
        let (plan, layout) = (&scenario.plan, &*scenario.design.layout);
        let mut problems = Vec::new();
        let outcome = find_outcome(plan, layout, outcome).unwrap_or_else(|problem| {
            problems.push(problem);
            0
        });
        let visit = find_visit(layout, week).unwrap_or_else(|problem| {
            problems.push(problem);
            0
        });
        let contrast = find_contrast(plan, layout, contrast).unwrap_or_else(|problem| {
            problems.push(problem);
            Contrast { arm: 0, versus: 0 }
        });
        let question = Self { outcome, visit, contrast, adjusted };
        if problems.is_empty() && adjusted && !question.is_tested(plan) {
            problems.push(format!(
                "--adjusted: the plan's graph has no hypothesis about {} of {} at {}",
                layout.contrast_name(contrast),
                layout.outcomes[outcome].name,
                layout.visits[visit].label()
            ));
        }
        if problems.is_empty() { Ok(question) } else { Err(NoSuchQuestion { problems }) }
    }

    /// Whether the plan's multiplicity rule tests it.
    fn is_tested(&self, plan: &Plan) -> bool {
        let position = plan.contrasts.iter().position(|&own| own == self.contrast || own == self.contrast.reversed());
        position.is_some_and(|position| plan.tests(self.outcome, self.visit, position))
    }

    /// As readers name it: `relaxation - usual_care, rdq, week 52`.
    pub fn name(&self, layout: &Layout) -> String {
        let (outcome, visit) = (&layout.outcomes[self.outcome].name, layout.visits[self.visit].label());
        format!("{}, {outcome}, {visit}", layout.contrast_name(self.contrast))
    }

    /// What of a plan it takes to answer it: the same p-values with less work.
    pub fn needed_of(&self, plan: &Plan) -> Plan {
        let mut needed = plan.clone();
        needed.sensitivity.clear();
        needed.between_visits.clear();
        needed.combinations.clear();
        needed.margins.clear();
        needed.describe = false;
        // A graph passes alpha from one outcome to another; every other rule keeps to an outcome and a visit.
        if !(self.adjusted && plan.multiplicity == MultiplicityRule::Graph) {
            needed.responders = plan.responder(self.outcome).into_iter().collect();
            needed.outcomes = vec![self.outcome];
            if plan.multiplicity == MultiplicityRule::Graph {
                needed.multiplicity = MultiplicityRule::None;
                needed.graph = None;
            }
        }
        needed
    }
}

fn find_outcome(plan: &Plan, layout: &Layout, name: Option<&str>) -> Result<usize, String> {
    let Some(name) = name else { return Ok(plan.outcomes.first().copied().unwrap_or(0)) };
    let named = |&outcome: &usize| layout.outcomes[outcome].name == name;
    plan.outcomes.iter().copied().find(named).ok_or_else(|| {
        let names = plan.outcomes.iter().map(|&outcome| layout.outcomes[outcome].name.as_str());
        not_there("outcome", name, &names.collect::<Vec<_>>())
    })
}

fn find_visit(layout: &Layout, week: Option<f64>) -> Result<usize, String> {
    let last = layout.visits.len() - 1;
    let Some(week) = week else { return Ok(last) };
    let found = layout.visits.iter().skip(1).position(|visit| visit.week == week);
    found.map(|position| position + 1).ok_or_else(|| {
        let weeks: Vec<String> = layout.visits.iter().skip(1).map(|visit| visit.week.to_string()).collect();
        format!("--week {week}: there is no such visit after baseline\n  weeks: {}", weeks.join(", "))
    })
}

fn find_contrast(plan: &Plan, layout: &Layout, name: Option<&str>) -> Result<Contrast, String> {
    let planned = plan.contrasts_with(layout.reference_arm());
    let Some(name) = name else {
        return planned.first().copied().ok_or_else(|| "the plan has no contrast".to_owned());
    };
    let either_way = plan.contrasts.iter().flat_map(|&contrast| [contrast, contrast.reversed()]);
    let plain = |name: &str| name.split_whitespace().collect::<Vec<_>>().join(" ");
    let names: Vec<(Contrast, String)> =
        either_way.map(|contrast| (contrast, layout.contrast_name(contrast))).collect();
    match names.iter().find(|(_, own)| *own == plain(name)) {
        Some((contrast, _)) => Ok(*contrast),
        None => {
            let planned = plan.contrasts.iter().map(|&contrast| layout.contrast_name(contrast));
            let planned: Vec<String> = planned.collect();
            Err(not_there("contrast", name, &planned.iter().map(String::as_str).collect::<Vec<_>>()))
        }
    }
}

/// `--outcome rqd: the plan has no such outcome; did you mean rdq?` and what there is.
fn not_there(what: &str, name: &str, names: &[&str]) -> String {
    let meant = nearest(name, names.iter().copied()).map(|near| format!("; did you mean {near}?")).unwrap_or_default();
    format!("--{what} \"{name}\": the plan has no such {what}{meant}\n  {what}s: {}", names.join(", "))
}

//! A scenario made ready to be gone through look by look, replicate by replicate.

use super::Look;
use super::course::{Answer, Course, Futility};
use crate::analysis::{Analysis, AnalysisWorkspace, analyse_into};
use crate::cohort::{CohortWorkspace, Generator};
use crate::scenario::{Interim, MultiplicityRule, Plan, Scenario};
use crate::trial::Part;

/// A scenario with its looks.
pub(super) struct Looked<'a> {
    generator: Generator,
    /// The plan of a look: one outcome, every contrast on its own.
    plan: Plan,
    /// Position of the outcome.
    outcome: usize,
    /// Visits of the trial that a look knows; the last is the one that is looked at.
    visits: Vec<usize>,
    looks: &'a [Look],
    /// Two-sided level of each contrast where everybody is analysed once.
    alpha: f64,
    futility: Option<Futility>,
    /// A course with nothing in it yet.
    course: Course,
}

/// The memory of one thread.
pub(super) struct Memory {
    cohort: CohortWorkspace,
    analysis: AnalysisWorkspace,
    part: Part,
    /// Positions of the participants who are looked at.
    known: Vec<usize>,
    course: Course,
}

impl<'a> Looked<'a> {
    /// Prepares a scenario.
    pub fn new(scenario: &Scenario, interim: &Interim, looks: &'a [Look]) -> Self {
        let layout = &*scenario.design.layout;
        let plan = plan_of_a_look(&scenario.plan, interim.outcome);
        // Methods that go visit by visit need no visit between.
        let between = if plan.estimator.is_longitudinal() { 1..interim.visit } else { 1..1 };
        // More responders are better whichever way of the score is.
        let of_score = layout.outcomes[interim.outcome].better.unwrap_or_default().sign();
        let better = if plan.responders.is_empty() { of_score } else { 1.0 };
        let reference = layout.reference_arm();
        Self {
            generator: Generator::new(scenario),
            outcome: interim.outcome,
            visits: [0].into_iter().chain(between).chain([interim.visit]).collect(),
            looks,
            alpha: interim.alpha(&scenario.plan),
            futility: interim.drop_below.map(|below| Futility { below, reference, better }),
            course: Course::new(&plan.contrasts, layout.arms.len()),
            plan,
        }
    }

    /// Memory for [`Self::go_through`].
    pub fn memory(&self) -> Memory {
        let mut cohort = self.generator.workspace();
        // Every replicate has the same shape, so that the first one will do for all.
        let trial = self.generator.draw(0, &mut cohort);
        let mut part = Part::new(trial, self.visits.clone());
        let known: Vec<usize> = (0..trial.n_participants()).collect();
        let analysis = AnalysisWorkspace::new(&self.plan, part.take(trial, &known));
        Memory { cohort, analysis, part, known, course: self.course.clone() }
    }

    /// Simulates one replicate and goes through its looks. Allocates nothing.
    pub fn go_through<'m>(&self, replicate: u64, memory: &'m mut Memory) -> &'m Course {
        let Memory { cohort, analysis, part, known, course } = memory;
        let trial = self.generator.draw(replicate, cohort);
        known.clear();
        known.extend(0..trial.n_participants());
        course.begin(self.answers(analyse_into(&self.plan, part.take(trial, known), analysis)), self.alpha);
        for (look, planned) in self.looks.iter().enumerate() {
            known.clear();
            known.extend((0..planned.participants).filter(|&it| course.recruits(usize::from(trial.arm[it]), it)));
            if known.len() == trial.n_participants() {
                course.see_everybody();
            } else {
                course.see(self.answers(analyse_into(&self.plan, part.take(trial, known), analysis)));
            }
            course.judge(look, planned.nominal_alpha);
            if let (Some(futility), Some(last)) = (&self.futility, self.looks[look + 1..].last()) {
                course.drop_arms(look, (planned.information, last.boundary), futility);
            }
            course.close_arms(planned.participants);
            if course.is_over() {
                break;
            }
        }
        course.count(known.iter().map(|&participant| usize::from(trial.arm[participant])));
        course
    }

    /// What an analysis says of every contrast at the visit that is looked at.
    fn answers<'b>(&self, analysis: &'b Analysis) -> impl Iterator<Item = Option<Answer>> + use<'b> {
        let fit = analysis.fit(self.outcome, self.visits.len() - 1);
        fit.into_iter().flat_map(|fit| &fit.contrasts).map(|result| {
            result.as_ref().ok().map(|estimate| Answer { value: estimate.value, p_value: estimate.p_value })
        })
    }
}

/// The plan for one of its outcomes, with nothing beside the contrasts themselves.
fn plan_of_a_look(plan: &Plan, outcome: usize) -> Plan {
    let position = plan.outcomes.iter().position(|&own| own == outcome);
    Plan {
        outcomes: vec![outcome],
        responders: position.and_then(|position| plan.responders.get(position)).into_iter().copied().collect(),
        between_visits: Vec::new(),
        combinations: Vec::new(),
        multiplicity: MultiplicityRule::None,
        graph: None,
        margins: Vec::new(),
        describe: false,
        sensitivity: Vec::new(),
        ..plan.clone()
    }
}

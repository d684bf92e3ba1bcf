//! Which participants, visits, outcomes and contrasts of two scenarios are the same, and why others are not.
//!
//! Random numbers belong to a replicate, to an outcome and a visit *by their positions*, and within that to participants in
//! the order of enrolment. Participant i is therefore the same person under both scenarios if the same candidates enter and
//! the same blocks are drawn, which `participants` finds out. Without that nothing can be paired, and the comparison is refused.
//!
//! Given the same participants, a visit is the same if it is at the same position and in the same week, and an outcome if it
//! has the same position, name, range and direction. What only one scenario has, or has elsewhere, is left out and named.
//! Everything else may differ: schedules, effects, natural course, dropout, spread, correlation, rounding, the plan.

mod participants;

use std::fmt;

use crate::scenario::Scenario;
use crate::trial::{Layout, Outcome};
use participants::{allocation, entry};

/// One of the two scenarios.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Side {
    /// The first.
    A,
    /// The second.
    B,
}

impl fmt::Display for Side {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::A => "A",
            Self::B => "B",
        })
    }
}

/// What two scenarios share, in positions that are the same in both.
#[derive(Debug, Clone, PartialEq)]
pub struct Pairing {
    /// Visits, baseline first.
    pub visits: Vec<usize>,
    /// Outcomes.
    pub outcomes: Vec<usize>,
    /// Those of the outcomes that both plans analyse, in the order of the first plan.
    pub analysed: Vec<usize>,
    /// Contrasts that both plans ask for: positions in the first plan and in the second.
    pub contrasts: Vec<[usize; 2]>,
    /// What is not compared.
    pub left_out: Vec<LeftOut>,
}

/// Something that is not compared although the participants are the same.
#[derive(Debug, Clone, PartialEq)]
pub enum LeftOut {
    /// A visit in a week in which the other scenario has none.
    Visit {
        /// Whose visit it is.
        only: Side,
        /// What a reader sees.
        label: String,
    },
    /// A visit that both have, but not at the same position.
    ShiftedVisit {
        /// What a reader sees.
        label: String,
    },
    /// An outcome that the other scenario does not have.
    Outcome {
        /// Whose outcome it is.
        only: Side,
        /// Its short name.
        name: String,
    },
    /// An outcome that both have, but not at the same position.
    ShiftedOutcome {
        /// Its short name.
        name: String,
    },
    /// An outcome that both have with another range or direction.
    RescaledOutcome {
        /// Its short name.
        name: String,
    },
    /// An outcome that only one plan analyses.
    Analysis {
        /// Whose plan analyses it.
        only: Side,
        /// Its short name.
        name: String,
    },
    /// A contrast that only one plan asks for.
    Contrast {
        /// Whose plan asks for it.
        only: Side,
        /// As plans write it.
        name: String,
    },
}

impl fmt::Display for LeftOut {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Visit { only, label } => write!(f, "{label}: a visit of {only} only"),
            Self::ShiftedVisit { label } => write!(
                f,
                "{label}: not at the same place among the visits of A and B, so that it draws other numbers; add visits after the last one"
            ),
            Self::Outcome { only, name } => write!(f, "{name}: an outcome of {only} only"),
            Self::ShiftedOutcome { name } => write!(
                f,
                "{name}: not at the same place among the outcomes of A and B, so that it draws other numbers; add outcomes after the last one"
            ),
            Self::RescaledOutcome { name } => {
                write!(f, "{name}: another range or direction in A and B, so that a difference of scores means nothing")
            }
            Self::Analysis { only, name } => write!(f, "{name}: analysed by the plan of {only} only"),
            Self::Contrast { only, name } => write!(f, "{name}: a contrast of the plan of {only} only"),
        }
    }
}

/// One reason why nothing can be paired.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum Obstacle {
    /// Arms of other names, of another number or in another order.
    #[error("arms: {a} in A, {b} in B; twins need the same arms in the same order")]
    Arms {
        /// Names in the first scenario.
        a: String,
        /// Names in the second.
        b: String,
    },
    /// An arm of another size.
    #[error("participants per arm: {arm} has {a} in A, {b} in B")]
    Size {
        /// Short name of the arm.
        arm: String,
        /// Size in the first scenario.
        a: usize,
        /// Size in the second.
        b: usize,
    },
    /// Blocks of another length.
    #[error("block size: {a} in A, {b} in B")]
    BlockSize {
        /// Length in the first scenario.
        a: usize,
        /// Length in the second.
        b: usize,
    },
    /// Allocation by ratio in one scenario only, or something else by which it is drawn.
    #[error("{what}: {a} in A, {b} in B; participants get other arms")]
    Allocation {
        /// What differs.
        what: &'static str,
        /// In the first scenario.
        a: String,
        /// In the second.
        b: String,
    },
    /// Other entry rules.
    #[error("entry rule: {a} in A, {b} in B; other candidates enter")]
    Entry {
        /// The rules of the first scenario.
        a: String,
        /// The rules of the second.
        b: String,
    },
    /// Other exclusions.
    #[error("exclusions: {a} in A, {b} in B; other candidates enter")]
    Exclusions {
        /// Those of the first scenario, with their prevalence.
        a: String,
        /// Those of the second.
        b: String,
    },
    /// Another baseline of an outcome that an entry rule looks at.
    #[error("{what} of {outcome}, on which entry depends: {a} in A, {b} in B; other candidates enter")]
    EntryBaseline {
        /// What differs.
        what: &'static str,
        /// Short name of the outcome.
        outcome: String,
        /// In the first scenario.
        a: String,
        /// In the second.
        b: String,
    },
    /// No visit after baseline is the same.
    #[error("visits: {a} in A, {b} in B; no visit after baseline is the same one (same place, same week)")]
    Visits {
        /// Visits of the first scenario.
        a: String,
        /// Visits of the second.
        b: String,
    },
    /// No outcome is the same.
    #[error("outcomes: {a} in A, {b} in B; none is the same one (same place, name, range and direction)")]
    Outcomes {
        /// Outcomes of the first scenario.
        a: String,
        /// Outcomes of the second.
        b: String,
    },
}

/// Every reason why nothing can be paired.
#[derive(Debug, Clone, PartialEq)]
pub struct NotTwins(pub Vec<Obstacle>);

impl fmt::Display for NotTwins {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the participants of A have no twins in B, so that nothing can be paired")?;
        self.0.iter().try_for_each(|obstacle| write!(f, "\n  {obstacle}"))
    }
}

impl std::error::Error for NotTwins {}

/// Finds what two scenarios share once both have the same seed.
///
/// # Errors
/// All reasons why participant i is not the same person under both, or why nothing that both record can be compared.
pub fn pair(a: &Scenario, b: &Scenario) -> Result<Pairing, NotTwins> {
    let mut obstacles = allocation(a, b);
    obstacles.extend(entry(a, b));
    let mut left_out = Vec::new();
    let layouts = [&*a.design.layout, &*b.design.layout];
    let visits = visits(layouts, &mut left_out);
    if visits.len() < 2 {
        let [a, b] = layouts.map(|layout| list(layout.visits.iter().map(|visit| visit.label())));
        obstacles.push(Obstacle::Visits { a, b });
    }
    let outcomes = outcomes(layouts, &mut left_out);
    if outcomes.is_empty() {
        let [a, b] = layouts.map(|layout| list(layout.outcomes.iter().map(|outcome| outcome.name.clone())));
        obstacles.push(Obstacle::Outcomes { a, b });
    }
    if !obstacles.is_empty() {
        return Err(NotTwins(obstacles));
    }
    let analysed = analysed(a, b, &outcomes, &mut left_out);
    let contrasts = contrasts(a, b, &mut left_out);
    Ok(Pairing { visits, outcomes, analysed, contrasts, left_out })
}

/// Visits at the same position and in the same week.
fn visits(layouts: [&Layout; 2], left_out: &mut Vec<LeftOut>) -> Vec<usize> {
    let [a, b] = layouts.map(|layout| &layout.visits);
    let same = |&visit: &usize| a.get(visit) == b.get(visit);
    let elsewhere = |position: usize, others: &[_], own: &[crate::trial::Visit]| others.contains(&own[position]);
    for (visit, at) in a.iter().enumerate().filter(|(visit, _)| !same(visit)) {
        let label = at.label();
        left_out.push(if elsewhere(visit, b, a) {
            LeftOut::ShiftedVisit { label }
        } else {
            LeftOut::Visit { only: Side::A, label }
        });
    }
    for (visit, at) in b.iter().enumerate().filter(|(visit, _)| !same(visit)) {
        if !elsewhere(visit, a, b) {
            left_out.push(LeftOut::Visit { only: Side::B, label: at.label() });
        }
    }
    (0..a.len().min(b.len())).filter(same).collect()
}

/// Outcomes at the same position that are recorded on the same scale.
fn outcomes(layouts: [&Layout; 2], left_out: &mut Vec<LeftOut>) -> Vec<usize> {
    let [a, b] = layouts.map(|layout| &layout.outcomes);
    let mut same = Vec::new();
    for (position, outcome) in a.iter().enumerate() {
        let name = outcome.name.clone();
        match b.iter().position(|other| other.name == name) {
            None => left_out.push(LeftOut::Outcome { only: Side::A, name }),
            Some(other) if other != position => left_out.push(LeftOut::ShiftedOutcome { name }),
            Some(other) if !one_scale(outcome, &b[other]) => left_out.push(LeftOut::RescaledOutcome { name }),
            Some(_) => same.push(position),
        }
    }
    let missing = b.iter().filter(|outcome| a.iter().all(|other| other.name != outcome.name));
    left_out.extend(missing.map(|outcome| LeftOut::Outcome { only: Side::B, name: outcome.name.clone() }));
    same
}

/// Whether scores of two outcomes can be subtracted.
fn one_scale(a: &Outcome, b: &Outcome) -> bool {
    a.range == b.range && a.better == b.better
}

/// Outcomes that both plans analyse.
fn analysed(a: &Scenario, b: &Scenario, outcomes: &[usize], left_out: &mut Vec<LeftOut>) -> Vec<usize> {
    let name = |outcome: &usize| a.design.layout.outcomes[*outcome].name.clone();
    let only = |own: &[usize], other: &[usize], only: Side| -> Vec<LeftOut> {
        let alone = own.iter().filter(|outcome| outcomes.contains(outcome) && !other.contains(outcome));
        alone.map(|outcome| LeftOut::Analysis { only, name: name(outcome) }).collect()
    };
    left_out.extend(only(&a.plan.outcomes, &b.plan.outcomes, Side::A));
    left_out.extend(only(&b.plan.outcomes, &a.plan.outcomes, Side::B));
    let both = |outcome: &&usize| outcomes.contains(outcome) && b.plan.outcomes.contains(outcome);
    a.plan.outcomes.iter().filter(both).copied().collect()
}

/// Contrasts that both plans ask for. The arms are the same, so that positions of arms are.
fn contrasts(a: &Scenario, b: &Scenario, left_out: &mut Vec<LeftOut>) -> Vec<[usize; 2]> {
    let layout = &a.design.layout;
    let (own, others) = (&a.plan.contrasts, &b.plan.contrasts);
    let mut both = Vec::new();
    for (position, &contrast) in own.iter().enumerate() {
        match others.iter().position(|&other| other == contrast) {
            Some(other) => both.push([position, other]),
            None => left_out.push(LeftOut::Contrast { only: Side::A, name: layout.contrast_name(contrast) }),
        }
    }
    let alone = others.iter().filter(|contrast| !own.contains(contrast));
    left_out.extend(alone.map(|&contrast| LeftOut::Contrast { only: Side::B, name: layout.contrast_name(contrast) }));
    both
}

/// Words as a list.
fn list(words: impl IntoIterator<Item = String>) -> String {
    words.into_iter().collect::<Vec<_>>().join(", ")
}

//! Who is imputed and from what: columns, scores, the departure of each participant and the rule that it falls under.
//!
//! # What counts as what
//! A participant takes part whose baseline and covariates are known. Scores that count are those recorded before a departure: before being
//! lost, or before an intercurrent event that a rule of the plan is about. From them the model learns. A missing score with a counted one after
//! it is a *hole*, and is missing at random; missing scores from the departure on are the *tail*, which strategies are about. A score that is
//! recorded after an event is kept, and what follows it is imputed given it, but the model does not learn from it.
//!
//! Under a hypothetical strategy for intercurrent events nothing from an event on counts or is kept; while on treatment neither, and the score
//! at the last visit before the event stands for those after it.

use super::super::FitError;
use super::super::columns::Columns;
use crate::scenario::{Cause, CovariateSource, Imputation, ImputationRule, MissingStrategy, Plan, Strategy, Variable};
use crate::trial::{CovariateValues, NEVER, TrialData};

/// What is assumed of a participant's tail.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Assumed {
    pub strategy: MissingStrategy,
    /// The arm that it refers to.
    pub reference: u8,
}

/// The participants of one outcome of one trial, as imputation sees them.
#[derive(Debug, Clone, Default)]
pub(super) struct People {
    /// Number of participants.
    pub n: usize,
    /// Number of visits after baseline.
    pub v: usize,
    /// Number of numbers that columns consist of beside arms: baseline and covariates.
    pub q: usize,
    /// Columns of participants and their scores, participant by participant: `p` columns, then `v` scores less their centres.
    pub rows: Vec<f64>,
    /// Number of columns.
    pub p: usize,
    /// Group of each participant.
    pub groups: Vec<u8>,
    /// Arms.
    pub arms: Vec<u8>,
    /// What was subtracted from the scores at each visit.
    pub centres: Vec<f64>,
    /// Baselines as recorded; 0 where the outcome has none.
    pub baselines: Vec<f64>,
    /// Per participant the visits whose score counts, as bits; bit 0 is the first visit after baseline.
    pub counted: Vec<u32>,
    /// Per participant the visits whose score is kept.
    pub kept: Vec<u32>,
    /// Per participant the visits up to the last that counts.
    pub lengths: Vec<u8>,
    /// Per participant the visit from which on the score before it stands, counted from the first after baseline; [`NEVER`] if none.
    pub stands_from: Vec<u8>,
    /// What is assumed of each participant's tail.
    pub assumed: Vec<Assumed>,
    /// Who takes part.
    pub takes_part: Vec<bool>,
    /// Those with a hole.
    pub with_holes: Vec<usize>,
    /// Those with a tail.
    pub with_tails: Vec<usize>,
    columns: Columns,
    plan: Plan,
    rules: Vec<Rule>,
}

/// A rule with what it takes to tell whom it is about.
#[derive(Debug, Clone)]
struct Rule {
    arms: Vec<usize>,
    about: About,
    assumed: Assumed,
}

/// A cause, found in the data.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum About {
    Lost,
    /// A reason of the trial's conduct, by position.
    Reason(u8),
    /// A level of the covariate of reasons.
    Level {
        column: usize,
        level: u32,
    },
    /// An event of the trial's conduct, by position.
    Event(usize),
    Stopped,
    /// Something that the data do not know of.
    Nothing,
}

impl About {
    /// Finds a cause in a trial's data.
    pub fn of(cause: &Cause, trial: &TrialData) -> Self {
        match cause {
            Cause::Lost => Self::Lost,
            Cause::Stopped => Self::Stopped,
            Cause::Event(name) => {
                let conduct = trial.conduct.as_ref();
                let found = conduct.and_then(|own| own.names.events.iter().position(|event| event.name == *name));
                found.map_or(Self::Nothing, Self::Event)
            }
            Cause::Reason(name) => {
                let conduct = trial.conduct.as_ref();
                let reason = conduct.and_then(|own| own.names.reasons.iter().position(|reason| reason == name));
                if let Some(reason) = reason {
                    return Self::Reason(reason as u8);
                }
                let level = |column: usize| match &trial.covariates[column].values {
                    CovariateValues::Factor { levels, .. } => levels.iter().position(|level| level == name),
                    CovariateValues::Numeric(_) => None,
                };
                let column = trial.covariates.iter().position(|covariate| covariate.name == REASON);
                let found = column.and_then(|column| Some((column, level(column)?)));
                found.map_or(Self::Nothing, |(column, level)| Self::Level { column, level: level as u32 })
            }
        }
    }

    /// Whether a participant departed for this, having been lost or not; for events that is the visit's own matter.
    pub fn is_reason_of(self, trial: &TrialData, participant: usize) -> bool {
        match self {
            Self::Lost => true,
            Self::Reason(reason) => trial.conduct.as_ref().and_then(|own| own.reason.get(participant)) == Some(&reason),
            Self::Level { column, level } => match &trial.covariates[column].values {
                CovariateValues::Factor { values, .. } => values[participant] == Some(level),
                CovariateValues::Numeric(_) => false,
            },
            Self::Event(_) | Self::Stopped => self.first_visit(trial, participant) != NEVER,
            Self::Nothing => false,
        }
    }

    /// The first visit of the trial by which it had happened to a participant, where it is an event.
    fn first_visit(self, trial: &TrialData, participant: usize) -> u8 {
        let conduct = trial.conduct.as_ref();
        let first = match self {
            Self::Event(event) => conduct.and_then(|own| own.events.get(event)?.get(participant)),
            Self::Stopped => conduct.and_then(|own| own.stopped.get(participant)),
            _ => None,
        };
        first.copied().unwrap_or(NEVER)
    }
}

/// The covariate in which files say why participants were lost.
const REASON: &str = "reason";

/// The first visit by which any intercurrent event had happened to a participant, stopping the sessions among them.
fn first_event(trial: &TrialData, participant: usize) -> u8 {
    let Some(conduct) = &trial.conduct else { return NEVER };
    let all = conduct.events.iter().chain([&conduct.stopped]);
    all.filter_map(|first| first.get(participant)).copied().min().unwrap_or(NEVER)
}

/// The covariates that a plan adjusts for beside an outcome's baseline.
fn covariates(plan: &Plan) -> Vec<CovariateSource> {
    let Some(model) = &plan.model else { return plan.covariates.clone() };
    let mut sources = Vec::new();
    for variable in model.terms.iter().flatten() {
        if let Variable::Covariate(source) = *variable
            && !sources.contains(&source)
        {
            sources.push(source);
        }
    }
    sources
}

impl People {
    /// Memory for a plan.
    pub fn new(plan: &Plan) -> Self {
        Self { plan: Plan { covariates: covariates(plan), ..Plan::default() }, ..Self::default() }
    }

    /// Takes in one outcome of a trial.
    ///
    /// # Errors
    /// [`FitError::Overflow`] where a score is too large to be squared.
    pub fn fill(
        &mut self,
        trial: &TrialData,
        outcome: usize,
        imputation: &Imputation,
        strategy: Option<Strategy>,
    ) -> Result<(), FitError> {
        self.n = trial.n_participants();
        self.v = trial.layout.visits.len() - 1;
        let has_baseline = trial.layout.outcomes[outcome].at_baseline;
        self.columns.fill_with(&self.plan, trial, outcome, has_baseline);
        self.q = self.columns.n_columns;
        self.find_rules(trial, imputation);
        self.depart(trial, outcome, strategy);
        self.write_rows(trial, outcome, imputation.by_arm);
        let finite = |row: &f64| (row * row).is_finite();
        if self.rows.iter().all(finite) { Ok(()) } else { Err(FitError::Overflow) }
    }

    fn find_rules(&mut self, trial: &TrialData, imputation: &Imputation) {
        // Names are looked up once: the trials of a workspace have one shape.
        if self.rules.len() == imputation.rules.len() {
            return;
        }
        self.rules.clear();
        let rule = |own: &ImputationRule| Rule {
            arms: own.arms.clone(),
            about: About::of(&own.cause, trial),
            assumed: Assumed { strategy: own.strategy, reference: own.reference as u8 },
        };
        self.rules.extend(imputation.rules.iter().map(rule));
    }

    /// Finds what counts and what is kept of each participant's scores, and the rule that the departure falls under.
    fn depart(&mut self, trial: &TrialData, outcome: usize, strategy: Option<Strategy>) {
        let all = ((1u64 << self.v) - 1) as u32;
        let (n, rules) = (self.n, &self.rules);
        self.arms.clear();
        self.arms.extend_from_slice(&trial.arm);
        for memory in [&mut self.counted, &mut self.kept] {
            memory.clear();
        }
        for memory in [&mut self.lengths, &mut self.stands_from] {
            memory.clear();
        }
        self.assumed.clear();
        self.takes_part.clear();
        for memory in [&mut self.with_holes, &mut self.with_tails] {
            memory.clear();
            // Whoever comes next may miss more.
            memory.reserve(n);
        }
        let before = |visit: u8| if visit == NEVER { all } else { all & !(u32::MAX << u32::from(visit.max(1) - 1)) };
        for participant in 0..n {
            let recorded = trial.outcomes[outcome].observed[participant] >> 1 & all;
            let event = first_event(trial, participant);
            let discards = matches!(strategy, Some(Strategy::Hypothetical | Strategy::WhileOnTreatment));
            let kept = if discards { recorded & before(event) } else { recorded };
            let own_arm = usize::from(trial.arm[participant]);
            let is_of_arm = |rule: &&Rule| rule.arms.is_empty() || rule.arms.contains(&own_arm);
            let rule = rules.iter().filter(is_of_arm).find(|rule| rule.about.is_reason_of(trial, participant));
            let departs = rule.filter(|rule| rule.assumed.strategy != MissingStrategy::Mar);
            let departure = departs.map_or(NEVER, |rule| rule.about.first_visit(trial, participant));
            let counted = kept & before(departure);
            let length = (u32::BITS - counted.leading_zeros()) as u8;
            let takes_part = self.columns.complete[participant] == 1;
            let to_length = !(u32::MAX << length.min(31)) & all;
            if takes_part && counted != to_length {
                self.with_holes.push(participant);
            }
            if takes_part && kept & !to_length != all & !to_length {
                self.with_tails.push(participant);
            }
            let stands = strategy == Some(Strategy::WhileOnTreatment) && event != NEVER;
            let mar = Assumed { strategy: MissingStrategy::Mar, reference: trial.arm[participant] };
            self.counted.push(counted);
            self.kept.push(kept);
            self.lengths.push(length);
            self.stands_from.push(if stands { event.max(1) - 1 } else { NEVER });
            self.assumed.push(rule.map_or(mar, |rule| rule.assumed));
            self.takes_part.push(takes_part);
        }
    }

    fn write_rows(&mut self, trial: &TrialData, outcome: usize, by_arm: bool) {
        let (n, v, q) = (self.n, self.v, self.q);
        let n_arms = trial.layout.arms.len();
        let n_indicators = if by_arm { 1 } else { n_arms };
        self.p = n_indicators + q;
        let values = &trial.outcomes[outcome].values;
        self.baselines.clear();
        self.baselines.extend_from_slice(&values[..n]);
        self.groups.clear();
        self.groups.extend(trial.arm.iter().map(|&arm| if by_arm { arm } else { 0 }));
        self.centres.clear();
        for k in 0..v {
            let counts = |i: &usize| self.takes_part[*i] && self.counted[*i] >> k & 1 == 1;
            let (mut sum, mut count) = (0.0, 0.0);
            for i in (0..n).filter(counts) {
                sum += values[(k + 1) * n + i];
                count += 1.0;
            }
            self.centres.push(sum / f64::max(count, 1.0));
        }
        self.rows.clear();
        for i in 0..n {
            let own = if by_arm { 0 } else { usize::from(trial.arm[i]) };
            self.rows.extend((0..n_indicators).map(|arm| f64::from(u8::from(arm == own))));
            self.rows.extend((0..q).map(|j| self.columns.values[j * n + i]));
            let kept = self.kept[i];
            let score = |k: usize| if kept >> k & 1 == 1 { values[(k + 1) * n + i] - self.centres[k] } else { 0.0 };
            self.rows.extend((0..v).map(score));
        }
    }

    /// Cells of a row.
    pub fn width(&self) -> usize {
        self.p + self.v
    }

    /// The row of a participant.
    pub fn row(&self, participant: usize) -> &[f64] {
        &self.rows[participant * self.width()..][..self.width()]
    }

    /// The numbers of a participant beside arms.
    pub fn numbers(&self, participant: usize) -> &[f64] {
        &self.rows[participant * self.width() + self.p - self.q..][..self.q]
    }

    /// The missing visits of a participant before the last that counts, as bits.
    pub fn holes(&self, participant: usize) -> u32 {
        let length = u32::from(self.lengths[participant]);
        !self.counted[participant] & !(u32::MAX << length.min(31))
    }
}

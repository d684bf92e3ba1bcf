//! Screening: candidates are drawn until the planned number has entered, and who does not is counted by reason.
//!
//! A candidate enters who meets every entry rule on a *recorded* baseline score and to whom no exclusion applies. Reasons are
//! asked in a fixed order, entry rules before exclusions, and the first that applies is the one that counts. Selecting on a
//! recorded score is what makes regression to the mean appear at the next visit.
//!
//! # Draws
//! Every candidate, admitted or not, takes one standard normal from the baseline stream of each outcome and one uniform from
//! the stream of each exclusion. So a further rule or exclusion takes candidates away but changes none: of those who would have
//! entered some still do, in the same order, and further candidates come after them.
//!
//! # Checked against
//! `tests/it/independent/screening.rs`: candidates gone through one by one, and counts by reason in closed form.

use rand::RngExt;

use super::draws::Purpose;
use super::generate::{Generator, fill_standard_normal};
use crate::numeric::streams::Stream;
use crate::scenario::{Design, EntryRule};
use crate::trial::{Layout, OutcomeData};

/// Who may enter.
#[derive(Debug, Clone)]
pub(super) struct Screening {
    rules: Vec<EntryRule>,
    /// Share of candidates to whom each exclusion applies.
    exclusions: Vec<f64>,
    names: Vec<String>,
}

/// The memory that screening needs.
#[derive(Debug, Clone)]
pub(super) struct Candidates {
    /// One per outcome, then one per exclusion.
    streams: Vec<Stream>,
    /// Baseline deviations of the candidates of a batch: `deviations[outcome][candidate]`.
    deviations: Vec<[f64; BATCH]>,
    /// Recorded baseline scores that a rule looks at.
    scores: [f64; BATCH],
    /// Position of the reason that excludes each candidate of a batch; [`NO_REASON`] for those who enter.
    reason: [u32; BATCH],
    /// Candidates excluded, per reason.
    excluded: Vec<usize>,
}

/// Most candidates that are looked at together.
const BATCH: usize = 64;

/// The reason that excludes nobody.
const NO_REASON: u32 = u32::MAX;

impl Screening {
    /// Prepares the entry rules and exclusions of a design.
    pub fn new(design: &Design) -> Self {
        let rules = design.entry.iter().map(|rule| reason(rule, &design.layout));
        Self {
            rules: design.entry.clone(),
            exclusions: design.exclusions.iter().map(|exclusion| exclusion.prevalence).collect(),
            names: rules.chain(design.exclusions.iter().map(|exclusion| exclusion.label.clone())).collect(),
        }
    }

    /// Memory for [`Self::draw`].
    pub fn candidates(&self, n_outcomes: usize) -> Candidates {
        Candidates {
            streams: Vec::with_capacity(n_outcomes + self.exclusions.len()),
            deviations: vec![[0.0; BATCH]; n_outcomes],
            scores: [0.0; BATCH],
            reason: [NO_REASON; BATCH],
            excluded: vec![0; self.n_reasons()],
        }
    }

    /// The reasons in their order.
    pub fn names(&self) -> &[String] {
        &self.names
    }

    fn n_reasons(&self) -> usize {
        self.rules.len() + self.exclusions.len()
    }

    /// Draws the baseline deviations of those who enter into the first places of `outcomes[..].values`. Returns the number of
    /// candidates screened, or `None` where everybody enters. `candidates` then holds the counts.
    pub fn draw(
        &self,
        generator: &Generator,
        replicate: u64,
        candidates: &mut Candidates,
        outcomes: &mut [OutcomeData],
    ) -> Option<usize> {
        let (seed, n_participants) = (generator.seed(), generator.n_participants());
        let baselines = (0..outcomes.len()).map(|outcome| Purpose::Deviation { outcome, visit: 0 });
        if self.n_reasons() == 0 {
            for (purpose, data) in baselines.zip(outcomes) {
                fill_standard_normal(&mut purpose.stream(seed, replicate), &mut data.values[..n_participants]);
            }
            return None;
        }
        let exclusions = (0..self.exclusions.len()).map(|exclusion| Purpose::Exclusion { exclusion });
        candidates.streams.clear();
        candidates.streams.extend(baselines.chain(exclusions).map(|purpose| purpose.stream(seed, replicate)));
        candidates.excluded.fill(0);
        let mut entered = 0;
        while entered < n_participants {
            // So many are needed at least: nobody is screened in vain.
            let n = BATCH.min(n_participants - entered);
            candidates.draw_deviations(n);
            self.judge(generator, candidates, n);
            entered = candidates.admit(n, entered, outcomes);
        }
        Some(n_participants + candidates.excluded.iter().sum::<usize>())
    }

    /// Finds the first reason that excludes each candidate of a batch: the last one is asked first, and overwritten.
    fn judge(&self, generator: &Generator, candidates: &mut Candidates, n: usize) {
        let Candidates { streams, deviations, scores, reason, .. } = candidates;
        reason.fill(NO_REASON);
        let exclusions = self.exclusions.iter().zip(&mut streams[deviations.len()..]).enumerate();
        for (position, (&prevalence, stream)) in exclusions.rev() {
            let position = (self.rules.len() + position) as u32;
            for reason in &mut reason[..n] {
                *reason = if stream.random::<f64>() < prevalence { position } else { *reason };
            }
        }
        for (position, rule) in self.rules.iter().enumerate().rev() {
            generator.record_baselines(rule.outcome, deviations, scores);
            for (reason, &score) in reason.iter_mut().zip(scores.iter()) {
                *reason = if rule.admits(score) { *reason } else { position as u32 };
            }
        }
    }
}

impl Candidates {
    /// Draws the baseline deviations of a batch.
    fn draw_deviations(&mut self, n: usize) {
        for (stream, deviations) in self.streams.iter_mut().zip(&mut self.deviations) {
            // A copy that nobody else can see stays in registers.
            let mut own = stream.clone();
            fill_standard_normal(&mut own, &mut deviations[..n]);
            *stream = own;
        }
    }

    /// Moves those of a batch who enter to their places, from `entered` on, and counts the others. Returns the number entered so
    /// far. There are at least as many places left as candidates.
    fn admit(&mut self, n: usize, entered: usize, outcomes: &mut [OutcomeData]) -> usize {
        let reason = &self.reason[..n];
        let (mut admitted, mut n_admitted) = ([0_u8; BATCH], 0);
        for (candidate, &reason) in reason.iter().enumerate() {
            // Written for everybody, and overwritten by the next where this one does not enter.
            admitted[n_admitted] = candidate as u8;
            n_admitted += usize::from(reason == NO_REASON);
        }
        for (deviations, data) in self.deviations.iter().zip(outcomes) {
            let places = &mut data.values[entered..entered + n_admitted];
            places.iter_mut().zip(admitted).for_each(|(place, candidate)| *place = deviations[usize::from(candidate)]);
        }
        for (position, excluded) in self.excluded.iter_mut().enumerate() {
            *excluded += reason.iter().filter(|&&reason| reason == position as u32).count();
        }
        entered + n_admitted
    }

    /// Candidates excluded, per reason.
    pub fn excluded(&self) -> &[usize] {
        &self.excluded
    }
}

/// What keeps out those who do not meet an entry rule.
fn reason(rule: &EntryRule, layout: &Layout) -> String {
    let EntryRule { outcome, at_least, at_most } = rule;
    let name = &layout.outcomes[*outcome].name;
    match (at_least.is_finite(), at_most.is_finite()) {
        (true, false) => format!("{name} below {at_least}"),
        (false, true) => format!("{name} above {at_most}"),
        _ => format!("{name} not from {at_least} to {at_most}"),
    }
}

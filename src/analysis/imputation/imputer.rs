//! Imputing one outcome: parameters of the normal model, holes, then tails as the strategies have them.
//!
//! # How
//! Without holes the posterior distribution is that of the regressions, drawn exactly. With holes the sampler is monotone data
//! augmentation: parameters given filled holes and holes given parameters take turns, [`BURN_IN`] times before the first imputation and
//! [`BETWEEN`] times between two. Only holes are augmented, which are few, so that the chain forgets quickly.
//!
//! Estimates for conditional means and from samples drawn with replacement maximise the likelihood: without holes in one step, with
//! them by the EM algorithm, whose steps add the conditional covariance of the holes to the cross-products.
//!
//! Tails are imputed visit by visit: y(k) = m(k) + Σ φ(k, j) (y(j) − m(j)) + e(k) over the visits j before. The means m are those of the
//! participant's strategy, φ and the variance of e those of the arm that it refers to (they differ where arms have models of their own).
//! This is the conditional normal distribution given all that came before:
//!
//! | strategy | m before the departure | m from it on |
//! | --- | --- | --- |
//! | missing at random | own arm | own arm |
//! | jump to reference | own arm | reference arm |
//! | copy reference | reference arm | reference arm |
//! | copy increments in reference | own arm | own arm's last, plus what the reference arm adds from then on |
//! | last mean carried forward | own arm | own arm's last |
//!
//! Holes are missing at random in the own arm under every strategy, and what follows is imputed given them.
//! Who has no score after baseline has the baseline itself for a last mean.
//!
//! # References
//! - Schafer JL. Analysis of Incomplete Multivariate Data, 1997, § 6.5 (monotone data augmentation). doi:10.1201/9780367803025.
//! - Carpenter JR, Roger JH, Kenward MG. Analysis of longitudinal trials with protocol deviation: a framework for relevant, accessible assumptions, and inference via multiple imputation. J Biopharm Stat 2013;23:1352-1371. doi:10.1080/10543406.2013.834911.
//! - Dempster AP, Laird NM, Rubin DB. Maximum likelihood from incomplete data via the EM algorithm. JRSS B 1977;39:1-38. doi:10.1111/j.2517-6161.1977.tb01600.x.
//!
//! # Checked against
//! `tests/it/independent/imputation.rs` (the mixed model for repeated measures, moments of draws, closed forms),
//! `tests/it/reference/imputation.rs` (R rbmi).

use rand_distr::{Distribution, StandardNormal};

use super::super::FitError;
use super::censored::Censored;
use super::generalised::{Family, Generalised};
use super::matching::Donors;
use super::people::{Assumed, People};
use super::regressions::{Holes, Regressions};
use crate::numeric::streams::Stream;
use crate::scenario::{Imputation, ImputedScores, MissingStrategy, Plan, Strategy};
use crate::trial::TrialData;

/// Steps of data augmentation before the first imputation.
pub(super) const BURN_IN: usize = 100;

/// Steps of data augmentation from one imputation to the next.
pub(super) const BETWEEN: usize = 10;

/// Most steps of the EM algorithm.
const MAX_STEPS: u32 = 500;

/// Holes that move by less than this share of a standard deviation have settled.
const SETTLED: f64 = 1e-11;

/// Imputes one outcome of one trial after another.
#[derive(Debug, Clone, Default)]
pub(super) struct Imputer {
    pub people: People,
    pub model: Regressions,
    /// The sums of everybody who has no hole and no censored score.
    fixed: Regressions,
    /// Coefficients of the means of each arm at each visit: of 1, then of the numbers of participants.
    means: Vec<f64>,
    holes: Holes,
    pub censored: Censored,
    /// What imputes an outcome that is no score.
    pub generalised: Option<Box<Generalised>>,
    /// Who lends scores, where scores are matched.
    donors: Option<Donors>,
    /// Those whose rows change from step to step.
    moving: Vec<usize>,
    own: Vec<f64>,
    assumed: Vec<f64>,
    other: Vec<f64>,
    normals: Vec<f64>,
    residuals: Vec<f64>,
    column: Vec<f64>,
}

impl Imputer {
    /// Memory for a plan.
    pub fn new(plan: &Plan) -> Self {
        Self { people: People::new(plan), ..Self::default() }
    }

    /// Takes in one outcome of a trial.
    ///
    /// # Errors
    /// [`FitError::NotEstimable`] where an arm has no score at a visit, [`FitError::TooFewParticipants`] and others of the regressions.
    pub fn prepare(
        &mut self,
        trial: &TrialData,
        outcome: usize,
        imputation: &Imputation,
        strategy: Option<Strategy>,
    ) -> Result<(), FitError> {
        self.people.fill(trial, outcome, imputation, strategy)?;
        self.censored.find(&self.people, trial, outcome, imputation.scores);
        let people = &self.people;
        let n_groups = if imputation.by_arm { trial.layout.arms.len() } else { 1 };
        self.model.clear(n_groups, people.v, people.p);
        self.fixed.clear(n_groups, people.v, people.p);
        self.moving.clear();
        self.moving.reserve(people.n);
        self.moving.extend((0..people.n).filter(|&i| people.takes_part[i] && moves(people, &self.censored, i)));
        self.make_room();
        self.start_holes();
        self.sum_up(|_| 1.0);
        self.fit_sums()?;
        self.arms_are_known(trial)?;
        self.donors = (imputation.scores == ImputedScores::Matched).then(|| self.donors.take().unwrap_or_default());
        self.find_donors();
        Ok(())
    }

    /// Makes room for holes, whether or not this trial has any: the next one may.
    fn make_room(&mut self) {
        let v = self.people.v;
        self.holes.make_room(v);
        let vectors = [&mut self.own, &mut self.assumed, &mut self.other, &mut self.normals, &mut self.residuals];
        for memory in vectors.into_iter().chain([&mut self.column]) {
            memory.clear();
            memory.reserve(v);
        }
    }

    /// Takes in an outcome of yes or no, or a count, imputed given the scores of others at some positions.
    ///
    /// # Errors
    /// Why it cannot be imputed.
    pub fn prepare_generalised(
        &mut self,
        trial: &TrialData,
        (outcome, family): (usize, Family),
        (imputation, strategy): (&Imputation, Option<Strategy>),
        given: (&[Self], &[usize]),
    ) -> Result<(), FitError> {
        self.people.fill(trial, outcome, imputation, strategy)?;
        let Self { people, generalised, .. } = self;
        let own = generalised.get_or_insert_default();
        own.prepare(trial, (outcome, family), people, given, imputation.scores)
    }

    /// Takes over the scores that are given, as others have imputed them now.
    pub fn see(&mut self, others: &mut [Self], positions: &[usize]) {
        let Self { people, generalised, .. } = self;
        if let Some(own) = generalised {
            own.see(people, others, positions);
        }
    }

    /// The means of a participant's own arm, of the arm that is referred to, and as assumed, less the centres.
    pub fn means_of(&mut self, i: usize) -> (&[f64], &[f64], &[f64]) {
        self.assume(i);
        let Self { people, means, own, assumed, other, .. } = self;
        write_mean(means, people, usize::from(people.assumed[i].reference), i, other);
        (own, other, assumed)
    }

    /// Predicts the means of those who can lend their scores.
    fn find_donors(&mut self) {
        let Self { people, model, means, donors, own, .. } = self;
        let Some(donors) = donors else { return };
        donors.clear(people.v, people.n);
        for i in (0..people.n).filter(|&i| people.takes_part[i]) {
            write_mean(means, people, usize::from(people.arms[i]), i, own);
            let scores = &people.row(i)[people.p..];
            for k in (0..people.v).filter(|k| people.counted[i] >> k & 1 == 1) {
                let phi = model.slopes(usize::from(people.groups[i]), k);
                let before: f64 = phi.iter().zip(scores).zip(&*own).map(|((phi, y), mean)| phi * (y - mean)).sum();
                donors.add(k, own[k] + before, scores[k]);
            }
        }
        donors.sort();
    }

    /// Whether the row of anybody changes from step to step.
    pub fn has_moving(&self) -> bool {
        !self.moving.is_empty()
    }

    /// A first guess of the holes: the mean of the visit.
    fn start_holes(&mut self) {
        let width = self.people.width();
        for &i in &self.people.with_holes {
            let holes = self.people.holes(i);
            for k in (0..self.people.v).filter(|k| holes >> k & 1 == 1) {
                self.people.rows[i * width + self.people.p + k] = 0.0;
            }
        }
    }

    /// Everybody in whose arm something is to be imputed must be in an arm that has scores at all visits.
    fn arms_are_known(&self, trial: &TrialData) -> Result<(), FitError> {
        let known = |arm: usize| {
            let (group, column) = if self.model.n_groups > 1 { (arm, 0) } else { (0, arm) };
            self.model.has(group, column)
        };
        let people = &self.people;
        let asked = people.with_tails.iter().chain(&people.with_holes);
        let all = asked.flat_map(|&i| [usize::from(trial.arm[i]), usize::from(people.assumed[i].reference)]);
        if all.into_iter().all(known) { Ok(()) } else { Err(FitError::NotEstimable) }
    }

    /// Sums up those whose rows do not change, with weights.
    fn sum_up(&mut self, weight: impl Fn(usize) -> f64) {
        let people = &self.people;
        self.fixed.clear(self.fixed.n_groups, people.v, people.p);
        for i in (0..people.n).filter(|&i| people.takes_part[i]) {
            let own = weight(i);
            if own != 0.0 && people.lengths[i] > 0 && !moves(people, &self.censored, i) {
                self.fixed.add(usize::from(people.groups[i]), usize::from(people.lengths[i]), people.row(i), own);
            }
        }
    }

    /// The regressions of the rows as they are now, estimated.
    fn fit_sums(&mut self) -> Result<(), FitError> {
        self.gather(|_| 1.0);
        self.model.factor()?;
        self.model.estimate(true);
        self.write_means();
        Ok(())
    }

    /// Adds the rows that change to the sums.
    fn gather(&mut self, weight: impl Fn(usize) -> f64) {
        let people = &self.people;
        self.model.copy_sums(&self.fixed);
        for &i in &self.moving {
            let own = weight(i);
            if own != 0.0 {
                self.model.add(usize::from(people.groups[i]), usize::from(people.lengths[i]), people.row(i), own);
            }
        }
    }

    /// Maximises the likelihood over everybody: afterwards the model holds the estimates, and rows the conditional means of holes.
    ///
    /// # Errors
    /// Why there is no estimate.
    pub fn estimate(&mut self) -> Result<(), FitError> {
        self.maximise(|_| 1.0)
    }

    /// The same with weights, as many times as a participant was drawn.
    ///
    /// # Errors
    /// Why there is no estimate.
    pub fn estimate_weighted(&mut self, weights: &[f64]) -> Result<(), FitError> {
        if self.generalised.is_none() {
            self.sum_up(|i| weights[i]);
        }
        self.maximise(|i| weights[i])
    }

    /// The model estimated from a sample, residual variances with the columns taken off, and a draw of holes given it.
    ///
    /// # Errors
    /// Why there is no estimate.
    pub fn draw_of_sample(&mut self, weights: &[f64], stream: &mut Stream) -> Result<(), FitError> {
        let Self { people, generalised, .. } = self;
        if let Some(own) = generalised {
            return own.draw_of_sample(people, weights, stream);
        }
        self.estimate_weighted(weights)?;
        self.model.estimate(true);
        self.write_means();
        self.fill_holes(Some(stream));
        Ok(())
    }

    /// The same without one participant. The sums must be those of everybody before, and are so afterwards.
    ///
    /// # Errors
    /// Why there is no estimate.
    pub fn estimate_without(&mut self, left_out: usize) -> Result<(), FitError> {
        let people = &self.people;
        let counts =
            people.takes_part[left_out] && people.lengths[left_out] > 0 && !moves(people, &self.censored, left_out);
        let (group, length) = (usize::from(people.groups[left_out]), usize::from(people.lengths[left_out]));
        if counts && self.generalised.is_none() {
            self.fixed.add(group, length, self.people.row(left_out), -1.0);
        }
        let result = self.maximise(|i| f64::from(u8::from(i != left_out)));
        if counts && self.generalised.is_none() {
            self.fixed.add(group, length, self.people.row(left_out), 1.0);
        }
        result
    }

    fn maximise(&mut self, weight: impl Fn(usize) -> f64) -> Result<(), FitError> {
        if self.generalised.is_some() {
            return Err(FitError::WrongKind { expected: "scores, of which there are conditional means" });
        }
        let has_holes = !self.people.with_holes.is_empty();
        for _ in 0..MAX_STEPS {
            self.gather(&weight);
            if has_holes {
                self.add_spread_of_holes(&weight);
            }
            self.model.factor()?;
            self.model.estimate(!has_holes);
            self.write_means();
            if !has_holes || self.fill_holes(None) < SETTLED {
                return Ok(());
            }
        }
        Err(FitError::NotConverged { iterations: MAX_STEPS })
    }

    /// Adds the conditional covariance of holes to the sums.
    fn add_spread_of_holes(&mut self, weight: &impl Fn(usize) -> f64) {
        if self.model.variances[0] <= 0.0 {
            return;
        }
        let Self { people, model, holes, residuals, column, .. } = self;
        residuals.clear();
        residuals.resize(people.v, 0.0);
        for &i in &people.with_holes {
            let (own, group) = (weight(i), usize::from(people.groups[i]));
            if own == 0.0 {
                continue;
            }
            let length = usize::from(people.lengths[i]);
            holes.condition(model, group, (length, people.holes(i)), residuals);
            for b in 0..holes.visits.len() {
                holes.covariance_column(b, column);
                for (&visit, &covariance) in holes.visits.iter().zip(column.iter()).skip(b) {
                    model.add_covariance(group, length, (visit, holes.visits[b]), own * covariance);
                }
            }
        }
    }

    /// Begins the chain of draws: at the estimates, and with holes after [`BURN_IN`] steps.
    ///
    /// # Errors
    /// Why there is no draw.
    pub fn begin_chain(&mut self, stream: &mut Stream) -> Result<(), FitError> {
        if !self.has_moving() {
            return Ok(());
        }
        self.estimate()?;
        for _ in 0..BURN_IN {
            self.step(stream)?;
        }
        Ok(())
    }

    /// The next draw of parameters, and of holes given them.
    ///
    /// # Errors
    /// Why there is no draw.
    pub fn next_draw(&mut self, stream: &mut Stream) -> Result<(), FitError> {
        let Self { people, generalised, .. } = self;
        if let Some(own) = generalised {
            return own.next_draw(people, stream);
        }
        if !self.has_moving() {
            self.model.draw(stream)?;
            self.write_means();
            return Ok(());
        }
        for _ in 0..BETWEEN {
            self.step(stream)?;
        }
        Ok(())
    }

    fn step(&mut self, stream: &mut Stream) -> Result<(), FitError> {
        self.gather(|_| 1.0);
        self.model.factor()?;
        self.model.draw(stream)?;
        self.write_means();
        self.fill_holes(Some(stream));
        let Self { people, model, means, censored, .. } = self;
        censored.draw(people, model, means, stream);
        Ok(())
    }

    /// Fills holes with their conditional means, or draws; returns by how much the most moved one has moved, in standard deviations.
    pub fn fill_holes(&mut self, mut stream: Option<&mut Stream>) -> f64 {
        let Self { people, model, means, holes, own, normals, residuals, .. } = self;
        let (width, p, v) = (people.width(), people.p, people.v);
        let mut moved: f64 = 0.0;
        for position in 0..people.with_holes.len() {
            let i = people.with_holes[position];
            let (group, length) = (usize::from(people.groups[i]), usize::from(people.lengths[i]));
            write_mean(means, people, usize::from(people.arms[i]), i, own);
            residuals.clear();
            residuals.extend((0..v).map(|k| people.rows[i * width + p + k] - own[k]));
            holes.condition(model, group, (length, people.holes(i)), residuals);
            if let Some(stream) = &mut stream {
                normals.clear();
                normals.reserve(v);
                normals.extend(holes.visits.iter().map(|_| -> f64 { StandardNormal.sample(&mut **stream) }));
                holes.add_draw(normals);
            }
            for (&k, shift) in holes.visits.iter().zip(&holes.shifts) {
                let cell = &mut people.rows[i * width + p + k];
                let value = own[k] + shift;
                moved = moved.max((value - *cell).abs() / model.variances[group * v + k].sqrt());
                *cell = value;
            }
        }
        moved
    }

    /// The coefficients of the means of each arm, from those of the regressions.
    fn write_means(&mut self) {
        let Self { people, model, means, .. } = self;
        let (v, q, n_indicators) = (people.v, people.q, people.p - people.q);
        let n_arms = if model.n_groups > 1 { model.n_groups } else { n_indicators };
        means.clear();
        means.resize(n_arms * v * (q + 1), 0.0);
        for arm in 0..n_arms {
            let (group, indicator) = if model.n_groups > 1 { (arm, 0) } else { (0, arm) };
            for k in 0..v {
                let (before, own) = means[arm * v * (q + 1)..].split_at_mut(k * (q + 1));
                let columns = model.columns(group, k);
                own[0] = columns[indicator];
                own[1..=q].copy_from_slice(&columns[n_indicators..]);
                for (earlier, phi) in before.chunks_exact(q + 1).zip(model.slopes(group, k)) {
                    own.iter_mut().zip(earlier).for_each(|(own, earlier)| *own += phi * earlier);
                }
            }
        }
    }

    /// The mean that the model gives an arm at each visit, at the average of all numbers.
    pub fn mean_at_centre(&self, arm: usize) -> Vec<f64> {
        let (v, size) = (self.people.v, self.people.q + 1);
        (0..v).map(|k| self.means[(arm * v + k) * size] + self.people.centres[k]).collect()
    }

    /// Imputes every tail by its conditional means, or draws, and writes all that is imputed: participant, visit counted from the first
    /// after baseline, value.
    pub fn impute(&mut self, mut stream: Option<&mut Stream>, mut write: impl FnMut(usize, usize, f64)) {
        for position in 0..self.people.with_tails.len() {
            let i = self.people.with_tails[position];
            self.assume(i);
            let Self { people, model, assumed, donors, .. } = self;
            let (width, p, v) = (people.width(), people.p, people.v);
            let group =
                if model.n_groups > 1 { usize::from(people.assumed[i].reference_group(people.arms[i])) } else { 0 };
            for k in usize::from(people.lengths[i])..v {
                if people.kept[i] >> k & 1 == 1 {
                    continue;
                }
                let scores = &people.rows[i * width + p..][..k];
                let phi = model.slopes(group, k);
                let before: f64 = phi.iter().zip(scores).zip(&*assumed).map(|((phi, y), mean)| phi * (y - mean)).sum();
                let mut value = assumed[k] + before;
                match (&mut stream, &donors) {
                    (Some(stream), Some(donors)) => value = donors.near_mean(k, value, stream),
                    (Some(stream), None) => {
                        let normal: f64 = StandardNormal.sample(&mut **stream);
                        value += model.variances[group * v + k].sqrt() * normal;
                    }
                    (None, _) => {}
                }
                people.rows[i * width + p + k] = value;
                write(i, k, value + people.centres[k]);
            }
        }
        let people = &self.people;
        for &i in &people.with_holes {
            let holes = people.holes(i);
            for k in (0..people.v).filter(|k| holes >> k & 1 == 1) {
                let mut value = people.row(i)[people.p + k];
                if let (Some(stream), Some(donors)) = (&mut stream, &self.donors) {
                    value = donors.near_score(k, value, stream);
                }
                write(i, k, value + people.centres[k]);
            }
        }
    }

    /// Writes the means that a participant's strategy has.
    fn assume(&mut self, i: usize) {
        let Self { people, means, own, assumed, other, .. } = self;
        let Assumed { strategy, reference } = people.assumed[i];
        let length = usize::from(people.lengths[i]);
        write_mean(means, people, usize::from(people.arms[i]), i, own);
        assumed.clear();
        if strategy.has_reference() {
            write_mean(means, people, usize::from(reference), i, other);
        }
        match strategy {
            MissingStrategy::Mar => assumed.extend_from_slice(own),
            MissingStrategy::CopyReference => assumed.extend_from_slice(other),
            MissingStrategy::JumpToReference => {
                assumed.extend_from_slice(&own[..length]);
                assumed.extend_from_slice(&other[length..]);
            }
            MissingStrategy::CopyIncrements => {
                // Both arms have the same mean before the first visit: the baseline.
                let apart = if length > 0 { own[length - 1] - other[length - 1] } else { 0.0 };
                // Means are less the centres of their visits, which come and go with the visit.
                assumed.extend_from_slice(&own[..length]);
                assumed.extend(other[length..].iter().map(|mean| mean + apart));
            }
            MissingStrategy::LastMean => {
                let centre = |k: usize| people.centres[k];
                let last = if length > 0 { own[length - 1] + centre(length - 1) } else { people.baselines[i] };
                assumed.extend_from_slice(&own[..length]);
                assumed.extend((length..people.v).map(|k| last - centre(k)));
            }
        }
    }
}

/// Whether a participant's row changes from step to step.
fn moves(people: &People, censored: &Censored, participant: usize) -> bool {
    people.holes(participant) != 0 || censored.is_censored(participant)
}

impl Assumed {
    /// The arm whose regressions are used after the departure.
    fn reference_group(self, own: u8) -> u8 {
        if self.strategy.has_reference() { self.reference } else { own }
    }
}

/// Writes the mean of a participant at each visit under an arm, less the centres.
pub(super) fn write_mean(means: &[f64], people: &People, arm: usize, participant: usize, out: &mut Vec<f64>) {
    let (v, size) = (people.v, people.q + 1);
    let numbers = people.numbers(participant);
    out.clear();
    out.extend(
        means[arm * v * size..(arm + 1) * v * size]
            .chunks_exact(size)
            .map(|own| own[0] + own[1..].iter().zip(numbers).map(|(slope, number)| slope * number).sum::<f64>()),
    );
}

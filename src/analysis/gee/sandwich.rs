//! Covariances of the coefficients: from the model, and sandwiches whose middle is made of participants' own scores.
//!
//! With L L' the working correlation over a participant's visits, X̃ = L⁻¹ A X, ẽ = L⁻¹ e and B the inverse of Σ X̃'X̃, a
//! participant's leverage H = D B D' V⁻¹ is A L G (A L)⁻¹ with G = X̃ B X̃' symmetric. Mancl and DeRouen's scores are therefore
//! X̃' (I − G)⁻¹ ẽ, Kauermann and Carroll's X̃' (I − G)^(−1/2) ẽ; directions in which G is 1 and the residual so 0 are left out.

use crate::analysis::FitError;
use crate::analysis::columns::dot;
use crate::numeric::{cholesky, eigen};
use crate::scenario::GeeStdErrors;

use super::super::dependence::Dependence;
use super::equations::Equations;
use super::observations::{Group, Observations};
use super::working::Working;

/// Largest share of a coefficient's information that one participant may count for in Fay and Graubard's correction.
const BOUND: f64 = 0.75;

/// What is left of a direction that one participant alone decides.
const DECIDED: f64 = 1e-10;

/// Memory for covariances.
#[derive(Debug, Clone, Default)]
pub(super) struct Sandwich {
    /// Inverse of the cross-products, row by row.
    bread: Vec<f64>,
    /// What a participant's columns are multiplied with at each visit to give the score: `visit * n + i`.
    factors: Vec<f64>,
    /// Scores, coefficient by coefficient.
    scores: Vec<f64>,
    middle: Vec<f64>,
    product: Vec<f64>,
    /// The covariance, row by row; 0 for columns left out.
    pub covariance: Vec<f64>,
    one: OneParticipant,
}

/// What belongs to one participant.
#[derive(Debug, Clone, Default)]
struct OneParticipant {
    /// Rows of the model's columns at the observed visits, and B times them.
    rows: Vec<f64>,
    images: Vec<f64>,
    leverage: Vec<f64>,
    /// Cholesky factor of the working correlation.
    factor: Vec<f64>,
    vectors: Vec<f64>,
    residual: Vec<f64>,
    corrected: Vec<f64>,
}

/// A fit whose covariance is wanted.
pub(super) struct Solved<'a> {
    pub observations: &'a Observations,
    pub equations: &'a Equations,
    pub working: &'a Working,
    pub dependence: &'a Dependence,
    /// Pearson residuals.
    pub residuals: &'a [f64],
    /// Roots of variances; `None` where all are 1.
    pub roots: Option<&'a [f64]>,
}

impl Sandwich {
    /// Memory for so many participants, visits and coefficients.
    pub fn new(n_participants: usize, n_visits: usize, p: usize) -> Self {
        Self {
            factors: Vec::with_capacity(n_participants * n_visits),
            scores: Vec::with_capacity(n_participants * p),
            ..Self::default()
        }
    }

    /// Finds the covariance of the coefficients.
    ///
    /// # Errors
    /// What hinders the inverse of a working correlation.
    pub fn fill(&mut self, kind: GeeStdErrors, solved: &Solved<'_>) -> Result<(), FitError> {
        let p = solved.equations.p;
        self.invert(solved);
        if kind == GeeStdErrors::Naive {
            self.covariance.clear();
            self.covariance.extend(self.bread.iter().map(|cell| solved.working.dispersion * cell));
            return Ok(());
        }
        let Solved { observations, working, residuals, roots, .. } = *solved;
        match kind {
            GeeStdErrors::ManclDeRouen => self.correct(solved, |left| 1.0 / left)?,
            GeeStdErrors::KauermannCarroll => self.correct(solved, |left| 1.0 / left.sqrt())?,
            _ => super::weighted_residuals(observations, working, residuals, roots, &mut self.factors),
        }
        self.sum_scores(solved.observations, solved.equations);
        if kind == GeeStdErrors::FayGraubard {
            self.inflate(solved);
        }
        self.multiply(observations.n, p);
        Ok(())
    }

    /// B = L⁻ᵀ L⁻¹ from the Cholesky factor L of the cross-products.
    fn invert(&mut self, solved: &Solved<'_>) {
        let (p, factor) = (solved.equations.p, &solved.equations.factor);
        // Row by row the inverse of L, then the sum of products of its rows.
        self.product.clear();
        self.product.resize(p * p, 0.0);
        for row in 0..p {
            let (before, own) = self.product.split_at_mut(row * p);
            let own = &mut own[..=row];
            for (k, done) in before.chunks_exact(p).enumerate() {
                let cell = factor[row * p + k];
                if cell != 0.0 {
                    own.iter_mut().zip(&done[..=k]).for_each(|(sum, cell_of)| *sum -= cell * cell_of);
                }
            }
            own[row] = 1.0;
            let diagonal = 1.0 / factor[row * p + row];
            own.iter_mut().for_each(|cell| *cell *= diagonal);
        }
        self.bread.clear();
        self.bread.resize(p * p, 0.0);
        for (k, row) in self.product.chunks_exact(p).enumerate() {
            for (i, &left) in row[..=k].iter().enumerate() {
                if left != 0.0 {
                    let sums = &mut self.bread[i * p..=i * p + k];
                    sums.iter_mut().zip(&row[..=k]).for_each(|(sum, right)| *sum += left * right);
                }
            }
        }
        solved.dependence.unmask(&mut self.bread);
    }

    /// Participants' scores from their factors at the visits.
    fn sum_scores(&mut self, observations: &Observations, equations: &Equations) {
        let (n, n_z) = (observations.n, observations.n_z);
        self.scores.clear();
        for column in 0..equations.p {
            let start = self.scores.len();
            for (count, (place, factor)) in equations.cells(column).enumerate() {
                let (z, visit) = (observations.z(place % n_z), place / n_z);
                let values = z.iter().zip(&self.factors[visit * n..(visit + 1) * n]).map(|(z, s)| factor * z * s);
                if count == 0 {
                    self.scores.extend(values);
                } else {
                    self.scores[start..].iter_mut().zip(values).for_each(|(sum, value)| *sum += value);
                }
            }
            self.scores.resize(start + n, 0.0);
        }
    }

    /// Bread times middle times bread.
    fn multiply(&mut self, n: usize, p: usize) {
        self.middle.clear();
        self.middle.resize(p * p, 0.0);
        let column = |column: usize| &self.scores[column * n..(column + 1) * n];
        for row in 0..p {
            let fours = (row + 1) / 4 * 4;
            for first in (0..fours).step_by(4) {
                let sums = four_dots(column(row), [0, 1, 2, 3].map(|k| column(first + k)));
                self.middle[row * p + first..row * p + first + 4].copy_from_slice(&sums);
            }
            for other in fours..=row {
                self.middle[row * p + other] = dot(column(row), column(other));
            }
            for other in 0..row {
                self.middle[other * p + row] = self.middle[row * p + other];
            }
        }
        times(&self.bread, &self.middle, p, &mut self.product);
        times(&self.product, &self.bread, p, &mut self.covariance);
    }

    /// Factors from residuals corrected for the participants' own influence; `correction` is a function of what their leverage leaves.
    fn correct(&mut self, solved: &Solved<'_>, correction: impl Fn(f64) -> f64) -> Result<(), FitError> {
        let Solved { observations, residuals, .. } = *solved;
        let n = observations.n;
        self.factors.clear();
        self.factors.resize(residuals.len(), 0.0);
        let one = &mut self.one;
        for group in &observations.groups {
            let k = group.n_visits();
            solved.working.factor(*group, &mut one.factor)?;
            for participant in group.start..group.end {
                one.take_rows(solved, &self.bread, *group, participant);
                one.find_leverage(k, solved.equations.p);
                one.residual.clear();
                one.residual.extend(group.visits().map(|visit| residuals[visit * n + participant]));
                cholesky::solve_lower(&one.factor, k, &mut one.residual);
                one.correct(k, &correction);
                cholesky::solve_upper(&one.factor, k, &mut one.corrected);
                for (visit, &corrected) in group.visits().zip(&one.corrected) {
                    let place = visit * n + participant;
                    self.factors[place] = solved.roots.map_or(1.0, |roots| roots[place]) * corrected;
                }
            }
        }
        Ok(())
    }

    /// Fay and Graubard's correction: each coefficient's score over the root of 1 less the participant's share of its information.
    fn inflate(&mut self, solved: &Solved<'_>) {
        let Solved { observations, equations, working, .. } = *solved;
        let (n, m, p) = (observations.n, observations.n_visits, equations.p);
        let one = &mut self.one;
        for (position, group) in observations.groups.iter().enumerate() {
            let inverse = working.inverse(position);
            for participant in group.start..group.end {
                one.take_rows(solved, &self.bread, *group, participant);
                for coefficient in 0..p {
                    let mut share = 0.0;
                    for (v, own) in group.visits().zip(one.rows.chunks_exact(p)) {
                        for (w, other) in group.visits().zip(one.images.chunks_exact(p)) {
                            share += own[coefficient] * inverse[v * m + w] * other[coefficient];
                        }
                    }
                    self.scores[coefficient * n + participant] /= (1.0 - share.min(BOUND)).sqrt();
                }
            }
        }
    }
}

impl OneParticipant {
    /// The rows of A X of a participant, and B times them.
    fn take_rows(&mut self, solved: &Solved<'_>, bread: &[f64], group: Group, participant: usize) {
        let Solved { observations, equations, .. } = *solved;
        let (n, n_z, p) = (observations.n, observations.n_z, equations.p);
        let position = |visit: usize| (group.seen & ((1 << visit) - 1)).count_ones() as usize;
        self.rows.clear();
        self.rows.resize(group.n_visits() * p, 0.0);
        for column in 0..p {
            for (place, factor) in equations.cells(column) {
                let visit = place / n_z;
                if group.seen >> visit & 1 == 1 {
                    let root = solved.roots.map_or(1.0, |roots| roots[visit * n + participant]);
                    let z = observations.z(place % n_z)[participant];
                    self.rows[position(visit) * p + column] += factor * root * z;
                }
            }
        }
        self.images.clear();
        self.images.resize(self.rows.len(), 0.0);
        for (row, image) in self.rows.chunks_exact(p).zip(self.images.chunks_exact_mut(p)) {
            for (bread, &factor) in bread.chunks_exact(p).zip(row) {
                if factor != 0.0 {
                    image.iter_mut().zip(bread).for_each(|(sum, cell)| *sum += factor * cell);
                }
            }
        }
    }

    /// G = L⁻¹ A X B X' A L⁻ᵀ over k visits.
    fn find_leverage(&mut self, k: usize, p: usize) {
        self.leverage.clear();
        for row in self.rows.chunks_exact(p) {
            self.leverage.extend(self.images.chunks_exact(p).map(|image| dot(row, image)));
        }
        for _ in 0..2 {
            // L⁻¹ on the rows, which by symmetry are the columns; then on the others.
            self.leverage.chunks_exact_mut(k).for_each(|row| cholesky::solve_lower(&self.factor, k, row));
            for i in 0..k {
                for j in 0..i {
                    self.leverage.swap(i * k + j, j * k + i);
                }
            }
        }
    }

    /// A function of I − G times the whitened residual.
    fn correct(&mut self, k: usize, correction: &impl Fn(f64) -> f64) {
        self.vectors.resize(k * k, 0.0);
        eigen::decompose(&mut self.leverage, k, &mut self.vectors);
        self.corrected.clear();
        self.corrected.resize(k, 0.0);
        for direction in 0..k {
            let vector = || self.vectors.iter().skip(direction).step_by(k);
            let left = 1.0 - self.leverage[direction * k + direction];
            if left > DECIDED {
                let length = correction(left) * vector().zip(&self.residual).map(|(a, b)| a * b).sum::<f64>();
                self.corrected.iter_mut().zip(vector()).for_each(|(sum, cell)| *sum += length * cell);
            }
        }
    }
}

/// Numbers that are summed side by side.
const LANES: usize = 4;

/// Sums of products of one slice with four others, in a fixed order: each number of the one is read once.
fn four_dots(one: &[f64], others: [&[f64]; 4]) -> [f64; 4] {
    let (mut a, mut b, mut c, mut d) = ([0.0; LANES], [0.0; LANES], [0.0; LANES], [0.0; LANES]);
    let (chunks, rest) = one.as_chunks::<LANES>();
    let [first, second, third, fourth] = others.map(|other| other.as_chunks::<LANES>().0);
    let pairs = first.iter().zip(second).zip(third.iter().zip(fourth));
    for (one, ((first, second), (third, fourth))) in chunks.iter().zip(pairs) {
        add_products(&mut a, one, first);
        add_products(&mut b, one, second);
        add_products(&mut c, one, third);
        add_products(&mut d, one, fourth);
    }
    let done = one.len() - rest.len();
    let mut sums = [sum_of(&a), sum_of(&b), sum_of(&c), sum_of(&d)];
    for (sum, other) in sums.iter_mut().zip(others) {
        *sum += rest.iter().zip(&other[done..]).map(|(one, other)| one * other).sum::<f64>();
    }
    sums
}

/// Kept apart, as the compiler would otherwise arrange the lanes of different sums side by side and shuffle them at every step.
#[inline(never)]
fn sum_of(lanes: &[f64; LANES]) -> f64 {
    lanes.iter().sum()
}

#[inline(always)]
fn add_products(sums: &mut [f64; LANES], left: &[f64; LANES], right: &[f64; LANES]) {
    for (sum, (left, right)) in sums.iter_mut().zip(left.iter().zip(right)) {
        *sum += left * right;
    }
}

/// The product of two square matrices, row by row.
fn times(left: &[f64], right: &[f64], p: usize, product: &mut Vec<f64>) {
    product.clear();
    product.resize(p * p, 0.0);
    for (row, sums) in left.chunks_exact(p).zip(product.chunks_exact_mut(p)) {
        for (&cell, other) in row.iter().zip(right.chunks_exact(p)) {
            sums.iter_mut().zip(other).for_each(|(sum, other)| *sum += cell * other);
        }
    }
}

//! Cross-products of the model's columns and the response, sorted by how the covariance acts on them: all that the likelihood needs.
//!
//! # Formula
//! Let σ², σ²ₚ and σ²ₜ be the variances of residuals, participants and therapists. Turned so that the first of a participant's m
//! observations becomes √m times their mean, the covariance is σ² on all the others and σ² + m σ²ₚ on the first one, plus σ²ₜ h h'
//! among the means of one therapist's participants, with h = √m. Among those of one therapist with the same m a second
//! turn makes the first of k means √k times their mean; only this one still meets the therapist, with h = √(k m). So the covariance
//! falls into
//!
//! - strata in which it is one number, σ² + s σ²ₚ: within participants s = 0, between participants with m observations s = m;
//! - one small matrix per therapist, diag(σ² + m σ²ₚ) + σ²ₜ h h', with a row for each m that occurs.
//!
//! Of a stratum only the number of dimensions and the cross-products matter, of a therapist's matrix only the rows.
//!
//! # References
//! Searle SR, Casella G, McCulloch CE. Variance Components, 1992, chapter 3 and appendix M. doi:10.1002/9780470316856.

use super::super::dependence::Dependence;
use super::super::design::Design;
use super::observations::{NOBODY, Observations, most_patterns};

/// A part of the observations in which the covariance is one number.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Stratum {
    /// What the variance of participants is multiplied with.
    pub size: f64,
    /// Dimensions.
    pub freedom: f64,
}

/// One row of a therapist's matrix.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct BlockRow {
    /// What the variance of participants is multiplied with.
    pub size: f64,
    /// Its element of h.
    pub length: f64,
}

/// Whose levels have random intercepts: a level per participant, of so many.
pub(super) type Levels<'a> = (&'a [Option<u32>], usize);

/// The observations in strata and therapists' matrices.
#[derive(Debug, Clone, Default)]
pub(super) struct Strata {
    /// Columns of the model and the response.
    pub order: usize,
    /// Strata.
    pub strata: Vec<Stratum>,
    /// Cross-products of columns and response per stratum.
    pub products: Vec<f64>,
    /// Therapists that there can be.
    pub n_levels: usize,
    /// Where each therapist's rows begin, and where the last one's end.
    pub starts: Vec<usize>,
    /// The rows.
    pub rows: Vec<BlockRow>,
    /// Columns and response in each row.
    pub values: Vec<f64>,
    /// Sum of each participant's responses.
    totals: Vec<f64>,
    /// Per pattern: sums of the columns' functions of the visit; sums of participants' columns times totals.
    over: Vec<f64>,
    pattern_sums: Vec<f64>,
    pattern_squares: Vec<f64>,
    /// Per level and number of observations: participants, and their columns and responses added up.
    counts: Vec<f64>,
    sums: Vec<f64>,
}

impl Strata {
    /// Sorts observations. `levels` are the therapists, where there is a factor.
    pub fn fill(
        &mut self,
        design: &Design,
        dependence: &Dependence,
        observations: &Observations,
        levels: Option<Levels<'_>>,
    ) {
        self.order = design.n_columns() + 1;
        self.add_patterns(design, observations);
        self.fill_strata(design, observations);
        self.starts.clear();
        self.starts.push(0);
        self.rows.clear();
        self.values.clear();
        self.n_levels = levels.map_or(0, |(_, n_levels)| n_levels);
        if let Some(levels) = levels {
            self.add_levels(design, observations, levels);
        }
        self.leave_out(dependence);
    }

    /// Cross-products within a stratum.
    pub fn products_of(&self, stratum: usize) -> &[f64] {
        let cells = self.order * self.order;
        &self.products[stratum * cells..(stratum + 1) * cells]
    }

    /// Dimensions of all of it: observations.
    pub fn freedom(&self) -> f64 {
        self.strata.iter().map(|stratum| stratum.freedom).sum::<f64>() + self.rows.len() as f64
    }

    /// The therapists' matrices: rows, and columns and response in them.
    pub fn blocks(&self) -> impl Iterator<Item = (&[BlockRow], &[f64])> {
        let block =
            |ends: &[usize]| (&self.rows[ends[0]..ends[1]], &self.values[ends[0] * self.order..ends[1] * self.order]);
        self.starts.windows(2).map(block)
    }

    /// Sums over the participants of each pattern.
    fn add_patterns(&mut self, design: &Design, observations: &Observations) {
        let (p, n_z, n_visits) = (design.n_columns(), design.n_z(), design.visits.len());
        let n = design.n_participants;
        let n_patterns = observations.patterns.len();
        let most = most_patterns(design);
        self.over.clear();
        self.over.reserve(most * p);
        for &pattern in &observations.patterns {
            self.over.extend((0..p).map(|column| {
                let over = &observations.over[column * n_visits..(column + 1) * n_visits];
                over.iter().enumerate().map(|(visit, over)| f64::from(pattern >> visit & 1) * over).sum::<f64>()
            }));
        }
        self.totals.clear();
        self.totals.resize(n, 0.0);
        for values in observations.response.chunks_exact(n.max(1)) {
            self.totals.iter_mut().zip(values).for_each(|(total, value)| *total += value);
        }
        self.pattern_sums.clear();
        self.pattern_sums.reserve(most * n_z);
        self.pattern_sums.resize(n_patterns * n_z, 0.0);
        self.pattern_squares.clear();
        self.pattern_squares.reserve(most);
        self.pattern_squares.resize(n_patterns, 0.0);
        let seen = observations.pattern_of.iter().enumerate().filter(|(_, pattern)| **pattern != NOBODY);
        for (participant, &pattern) in seen {
            let total = self.totals[participant];
            self.pattern_squares[pattern] += total * total;
            for (z, sum) in self.pattern_sums[pattern * n_z..(pattern + 1) * n_z].iter_mut().enumerate() {
                *sum += design.z[z * n + participant] * total;
            }
        }
    }

    /// Cross-products between participants with so many observations, and within participants.
    fn fill_strata(&mut self, design: &Design, observations: &Observations) {
        let (p, q, n_z, n_visits) = (design.n_columns(), self.order, design.n_z(), design.visits.len());
        self.strata.clear();
        self.strata.push(Stratum { size: 0.0, freedom: (observations.n - observations.n_participants) as f64 });
        self.strata.extend((1..=n_visits).map(|size| Stratum { size: size as f64, freedom: 0.0 }));
        self.products.clear();
        self.products.resize((n_visits + 1) * q * q, 0.0);
        for row in 0..p {
            for column in 0..=row {
                self.products[row * q + column] = observations.products[row * p + column];
            }
            self.products[p * q + row] = observations.column_sum(design, row);
        }
        self.products[p * q + p] = observations.response.iter().map(|value| value * value).sum();
        for (position, pattern) in observations.patterns.iter().enumerate() {
            let size = pattern.count_ones() as usize;
            self.strata[size].freedom += observations.n_of[position];
            let share = 1.0 / size as f64;
            let own = &mut self.products[size * q * q..(size + 1) * q * q];
            let over = &self.over[position * p..(position + 1) * p];
            let squares = &observations.squares[position * n_z * n_z..(position + 1) * n_z * n_z];
            for row in (0..p).filter(|&row| over[row] != 0.0) {
                let z = design.columns[row].z;
                for column in 0..=row {
                    own[row * q + column] +=
                        share * over[row] * over[column] * squares[z * n_z + design.columns[column].z];
                }
                own[p * q + row] += share * over[row] * self.pattern_sums[position * n_z + z];
            }
            own[p * q + p] += share * self.pattern_squares[position];
        }
        let (within, between) = self.products.split_at_mut(q * q);
        for own in between.chunks_exact(q * q) {
            within.iter_mut().zip(own).for_each(|(cell, own)| *cell -= own);
        }
        for own in self.products.chunks_exact_mut(q * q) {
            mirror(own, q);
        }
    }

    /// Makes the therapists' matrices, and takes their rows out of the strata.
    fn add_levels(&mut self, design: &Design, observations: &Observations, (levels, n_levels): Levels<'_>) {
        let (p, q, n_visits) = (design.n_columns(), self.order, design.visits.len());
        let n = design.n_participants;
        self.starts.reserve(n_levels);
        self.rows.reserve(n_levels * n_visits);
        self.values.reserve(n_levels * n_visits * q);
        self.counts.clear();
        self.counts.resize(n_levels * n_visits, 0.0);
        self.sums.clear();
        self.sums.resize(n_levels * n_visits * q, 0.0);
        for (participant, (level, &pattern)) in levels.iter().zip(&observations.pattern_of).enumerate() {
            let (Some(level), true) = (level, pattern != NOBODY) else { continue };
            let size = observations.patterns[pattern].count_ones() as usize;
            let cell = *level as usize * n_visits + size - 1;
            self.counts[cell] += 1.0;
            let sums = &mut self.sums[cell * q..(cell + 1) * q];
            let over = &self.over[pattern * p..(pattern + 1) * p];
            for ((sum, column), over) in sums.iter_mut().zip(&design.columns).zip(over) {
                *sum += design.z[column.z * n + participant] * over;
            }
            sums[p] += self.totals[participant];
        }
        for level in 0..n_levels {
            for size in (1..=n_visits).filter(|size| self.counts[level * n_visits + size - 1] > 0.0) {
                let cell = level * n_visits + size - 1;
                let length = (self.counts[cell] * size as f64).sqrt();
                self.rows.push(BlockRow { size: size as f64, length });
                let start = self.values.len();
                self.values.extend(self.sums[cell * q..(cell + 1) * q].iter().map(|sum| sum / length));
                self.strata[size].freedom -= 1.0;
                let own = &mut self.products[size * q * q..(size + 1) * q * q];
                let values = &self.values[start..];
                for (cells, &left) in own.chunks_exact_mut(q).zip(values).filter(|(_, left)| **left != 0.0) {
                    cells.iter_mut().zip(values).for_each(|(cell, right)| *cell -= left * right);
                }
            }
            if self.starts.last() != Some(&self.rows.len()) {
                self.starts.push(self.rows.len());
            }
        }
    }

    /// Sets columns that are left out to 0.
    fn leave_out(&mut self, dependence: &Dependence) {
        let q = self.order;
        if dependence.n_dropped == 0 {
            return;
        }
        for column in (0..q - 1).filter(|&column| dependence.dropped[column]) {
            for products in self.products.chunks_exact_mut(q * q) {
                products[column * q..(column + 1) * q].fill(0.0);
                (0..q).for_each(|row| products[row * q + column] = 0.0);
            }
            self.values.chunks_exact_mut(q).for_each(|row| row[column] = 0.0);
        }
    }
}

/// Copies the lower triangle to the upper one.
pub(super) fn mirror(matrix: &mut [f64], order: usize) {
    for row in 0..order {
        for column in 0..row {
            matrix[column * order + row] = matrix[row * order + column];
        }
    }
}

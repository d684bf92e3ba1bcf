//! Sufficient statistics of one visit: counts, sums by arm and cross-products within arms, in one pass over participants.

use super::super::columns::{ArmSums, Columns, LANES, dot};
use crate::trial::TrialData;

/// Sufficient statistics of one visit, and the factor they lead to.
#[derive(Debug, Clone)]
pub(super) struct CrossProducts {
    pub n_columns: usize,
    pub n_arms: usize,
    /// Levels of factors that nobody or everybody in the fit has.
    pub n_dropped: usize,
    /// Who takes part at this visit, 1 or 0.
    seen: Vec<u8>,
    mask: Vec<f64>,
    /// The outcome less its centre, 0 for those who do not take part.
    outcome: Vec<f64>,
    /// One covariate column, 0 for those who do not take part.
    masked: Vec<f64>,
    /// Scratch space for sums per arm.
    arm_sums: ArmSums,
    /// Participants per arm.
    pub n: Vec<f64>,
    /// Covariate sums per arm, then means: `arm * n_columns + column`.
    pub x: Vec<f64>,
    /// Outcome sums per arm, then means, less [`Self::centre`].
    pub y: Vec<f64>,
    /// Number subtracted from the outcome before summing.
    pub centre: f64,
    /// Within-arm cross-products of the covariates, row by row; then their Cholesky factor L.
    pub within: Vec<f64>,
    /// Within-arm cross-products of covariates and outcome; then L⁻¹ of them.
    pub slope: Vec<f64>,
    /// Total sum of squares of the outcome about its centre: the size of what was summed.
    pub total_squares: f64,
    /// Within-arm sum of squares of the outcome.
    pub squares: f64,
    /// L⁻¹ applied to each arm's covariate means (row by row), and to their overall mean in the last row.
    pub whitened: Vec<f64>,
    /// Covariance of the contrasts with the first arm, and those contrasts.
    pub wald: Vec<f64>,
    pub differences: Vec<f64>,
}

impl CrossProducts {
    pub fn new(n_columns: usize, n_arms: usize) -> Self {
        Self {
            n_columns,
            n_arms,
            n_dropped: 0,
            seen: Vec::new(),
            mask: Vec::new(),
            outcome: Vec::new(),
            masked: Vec::new(),
            arm_sums: ArmSums::new(n_arms),
            n: vec![0.0; n_arms],
            x: vec![0.0; n_arms * n_columns],
            y: vec![0.0; n_arms],
            centre: 0.0,
            within: vec![0.0; n_columns * n_columns],
            slope: vec![0.0; n_columns],
            total_squares: 0.0,
            squares: 0.0,
            whitened: vec![0.0; (n_arms + 1) * n_columns],
            wald: vec![0.0; n_arms * n_arms],
            differences: vec![0.0; n_arms],
        }
    }

    /// Goes through the participants: counts, sums per arm, and cross-products about the arms' means.
    pub fn accumulate(&mut self, trial: &TrialData, columns: &Columns, outcome: usize, visit: usize) {
        let n_participants = trial.n_participants();
        self.n_columns = columns.n_columns;
        self.take_part(trial, columns, outcome, visit);
        let column = |position: usize| &columns.values[position * n_participants..(position + 1) * n_participants];
        for row in 0..self.n_columns {
            self.within[row * self.n_columns + row] = cover(column(row), &self.mask, &mut self.masked);
            self.slope[row] = dot(&self.masked, &self.outcome);
            for other in 0..row {
                self.within[row * self.n_columns + other] = dot(&self.masked, column(other));
            }
            let x = (&mut self.x[row..], self.n_columns);
            if row == 0 {
                self.arm_sums.add_up_two(&trial.arm, [&self.outcome, &self.masked], &mut self.y, x);
            } else {
                self.arm_sums.add_up(&trial.arm, &self.masked, x.0, x.1);
            }
        }
        self.drop_empty_levels(columns);
        self.sweep_arms();
    }

    /// Takes out the levels of factors that everybody or nobody in the fit has, as after all of a site have left: such a
    /// column becomes one that is uncorrelated with everything, and is not counted as a parameter.
    fn drop_empty_levels(&mut self, columns: &Columns) {
        let p = self.n_columns;
        let n: f64 = self.n.iter().sum();
        self.n_dropped = 0;
        for position in (0..p).filter(|&position| columns.is_level[position]) {
            let sum: f64 = (0..self.n_arms).map(|arm| self.x[arm * p + position]).sum();
            // The squares of a column of zeros and ones about its mean add up to at least 1 - 1/n unless all are equal.
            if self.within[position * p + position] - sum * sum / n.max(1.0) > 0.25 {
                continue;
            }
            self.n_dropped += 1;
            self.slope[position] = 0.0;
            self.within[position * p..=position * p + position].fill(0.0);
            (position..p).for_each(|row| self.within[row * p + position] = 0.0);
            self.within[position * p + position] = 1.0;
            (0..self.n_arms).for_each(|arm| self.x[arm * p + position] = 0.0);
        }
    }

    /// Marks who takes part and takes their outcome about its centre.
    fn take_part(&mut self, trial: &TrialData, columns: &Columns, outcome: usize, visit: usize) {
        let n_participants = trial.n_participants();
        let data = &trial.outcomes[outcome];
        let values = &data.values[visit * n_participants..(visit + 1) * n_participants];
        self.seen.clear();
        let seen = data.observed.iter().zip(&columns.complete);
        self.seen.extend(seen.map(|(&observed, complete)| (observed >> visit & 1) as u8 & complete));
        self.mask.clear();
        self.mask.extend(self.seen.iter().map(|&seen| f64::from(seen)));
        self.arm_sums.count(&trial.arm, &self.seen, &mut self.n);
        let n: f64 = self.n.iter().sum();
        self.centre = if n > 0.0 { dot(values, &self.mask) / n } else { 0.0 };
        self.outcome.resize(n_participants, 0.0);
        self.total_squares = centre(values, &self.mask, self.centre, &mut self.outcome);
        self.squares = self.total_squares;
    }

    /// Turns sums per arm into means and total cross-products into within-arm ones.
    fn sweep_arms(&mut self) {
        let p = self.n_columns;
        for arm in 0..self.n_arms {
            let n = self.n[arm];
            if n == 0.0 {
                continue;
            }
            let x = &mut self.x[arm * p..(arm + 1) * p];
            x.iter_mut().for_each(|sum| *sum /= n);
            self.y[arm] /= n;
            let y = self.y[arm];
            self.squares -= n * y * y;
            for row in 0..p {
                self.slope[row] -= n * x[row] * y;
                for column in 0..=row {
                    self.within[row * p + column] -= n * x[row] * x[column];
                }
            }
        }
    }
}

/// Writes values less their centre, 0 where the mask is, and returns the sum of their squares.
fn centre(values: &[f64], mask: &[f64], centre: f64, centred: &mut [f64]) -> f64 {
    let mut lanes = [0.0; LANES];
    let mut rest = 0.0;
    let ((values, values_rest), (mask, mask_rest)) = (values.as_chunks::<LANES>(), mask.as_chunks::<LANES>());
    let (centred, centred_rest) = centred.as_chunks_mut::<LANES>();
    for ((values, mask), centred) in values.iter().zip(mask).zip(centred) {
        *centred = std::array::from_fn(|lane| values[lane] * mask[lane] - centre * mask[lane]);
        add_products(&mut lanes, centred, centred);
    }
    for ((value, mask), centred) in values_rest.iter().zip(mask_rest).zip(centred_rest) {
        *centred = value * mask - centre * mask;
        rest += *centred * *centred;
    }
    lanes.iter().sum::<f64>() + rest
}

/// Writes a column, 0 where the mask is, and returns the sum of its squares.
fn cover(column: &[f64], mask: &[f64], masked: &mut Vec<f64>) -> f64 {
    masked.resize(column.len(), 0.0);
    let mut lanes = [0.0; LANES];
    let mut rest = 0.0;
    let ((column, column_rest), (mask, mask_rest)) = (column.as_chunks::<LANES>(), mask.as_chunks::<LANES>());
    let (masked, masked_rest) = masked.as_chunks_mut::<LANES>();
    for ((own, mask), masked) in column.iter().zip(mask).zip(masked) {
        *masked = std::array::from_fn(|lane| own[lane] * mask[lane]);
        add_products(&mut lanes, masked, own);
    }
    for ((own, mask), masked) in column_rest.iter().zip(mask_rest).zip(masked_rest) {
        *masked = own * mask;
        rest += *masked * own;
    }
    lanes.iter().sum::<f64>() + rest
}

/// Adds products lane by lane.
#[inline(always)]
fn add_products(lanes: &mut [f64; LANES], a: &[f64; LANES], b: &[f64; LANES]) {
    for ((lane, a), b) in lanes.iter_mut().zip(a).zip(b) {
        *lane += a * b;
    }
}

//! Satterthwaite's degrees of freedom from the covariance of the parameters.
//!
//! # Formula
//! For a row l with variance f = l'Vl, g its derivatives by the elements of the covariance and S the covariance of these,
//! d = 2 f² / g'Sg. Several rows L are made independent by the eigenvectors of LVL'; with d(m) of the m-th of q and E the sum of
//! d(m) / (d(m) − 2), the joint test has 2E / (E − q), and 2 where a d(m) is not above 2. These degrees of freedom of a joint test
//! depend, other than its F, a little on which rows span it: they are those of the differences from the first arm.
//!
//! # References
//! - Giesbrecht FG, Burns JC. Two-stage analysis based on a mixed model: large-sample asymptotic theory and small-sample simulation results. Biometrics 1985;41:477-486. doi:10.2307/2530872.
//! - Fai AHT, Cornelius PL. Approximate F-tests of multiple degree of freedom hypotheses in generalized least squares analyses of unbalanced split-plot experiments. J Stat Comput Simul 1996;54:363-378. doi:10.1080/00949659608811740.

use super::objective::{Objective, dot};
use crate::numeric::eigen;

/// Degrees of freedom closer than this to each other are averaged.
const CLOSE: f64 = 1.490_116_119_384_765_6e-8;

/// g'Sh.
pub(super) fn weigh(spread: &[f64], g: &[f64], h: &[f64]) -> f64 {
    spread.chunks_exact(h.len().max(1)).zip(g).map(|(row, g)| g * dot(row, h)).sum()
}

/// Degrees of freedom of one row; `slopes` is memory.
pub(super) fn df(objective: &Objective, spread: &[f64], row: &[f64], slopes: &mut Vec<f64>) -> f64 {
    slopes.resize(objective.gradient.len(), 0.0);
    objective.derive(row, row, slopes);
    let variance = quadratic_form(&objective.v, row);
    2.0 * variance * variance / weigh(spread, slopes, slopes)
}

/// l'Vl of a row of which most cells are 0.
fn quadratic_form(matrix: &[f64], row: &[f64]) -> f64 {
    let rows = matrix.chunks_exact(row.len().max(1)).zip(row).filter(|(_, factor)| **factor != 0.0);
    rows.map(|(cells, factor)| factor * dot(cells, row)).sum()
}

/// Memory for joint tests.
#[derive(Debug, Clone, Default)]
pub(super) struct Joint {
    covariance: Vec<f64>,
    vectors: Vec<f64>,
    row: Vec<f64>,
    df: Vec<f64>,
}

impl Joint {
    /// Degrees of freedom of a joint test of rows (one after another) whose estimates have a covariance from `coefficients`, from those
    /// of single rows.
    pub fn df(
        &mut self,
        coefficients: &[f64],
        rows: &[f64],
        n_rows: usize,
        mut single: impl FnMut(&[f64]) -> f64,
    ) -> f64 {
        if n_rows == 1 {
            return single(rows);
        }
        let p = rows.len() / n_rows;
        self.covariance.clear();
        for row in rows.chunks_exact(p) {
            self.row.clear();
            self.row.extend(coefficients.chunks_exact(p).map(|cells| dot(cells, row)));
            self.covariance.extend(rows.chunks_exact(p).map(|other| dot(other, &self.row)));
        }
        self.vectors.resize(n_rows * n_rows, 0.0);
        eigen::decompose(&mut self.covariance, n_rows, &mut self.vectors);
        self.df.clear();
        for vector in 0..n_rows {
            self.row.clear();
            self.row.resize(p, 0.0);
            for (k, row) in rows.chunks_exact(p).enumerate() {
                let factor = self.vectors[k * n_rows + vector];
                self.row.iter_mut().zip(row).for_each(|(sum, cell)| *sum += factor * cell);
            }
            self.df.push(single(&self.row));
        }
        pooled(&self.df)
    }
}

/// Degrees of freedom of a joint test from those of its independent parts.
fn pooled(df: &[f64]) -> f64 {
    let n = df.len() as f64;
    let (least, most) =
        df.iter().fold((f64::INFINITY, 0.0), |(least, most), &d| (f64::min(least, d), f64::max(most, d)));
    if most - least < CLOSE {
        df.iter().sum::<f64>() / n
    } else if least <= 2.0 {
        2.0
    } else {
        let e: f64 = df.iter().map(|d| d / (d - 2.0)).sum();
        2.0 * e / (e - n)
    }
}

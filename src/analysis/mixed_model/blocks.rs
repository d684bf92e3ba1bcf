//! The covariance among the means of one therapist's participants: its inverse, and the forms in it that the likelihood is made of.
//!
//! # Formula
//! V = D + σ²ₜ h h' with D = diag(σ² + m σ²ₚ) has the inverse D⁻¹ − σ²ₜ g D⁻¹h h'D⁻¹ and the determinant |D| / g, with
//! g = 1 / (1 + σ²ₜ h'D⁻¹h).
//!
//! # References
//! Searle SR, Casella G, McCulloch CE. Variance Components, 1992, appendix M. doi:10.1002/9780470316856.

use super::super::columns::dot;
use super::likelihood::{PARTICIPANT, RESIDUAL, Variances};
use super::strata::BlockRow;
use crate::numeric::elementary::ln;

/// Memory for one therapist.
#[derive(Debug, Clone, Default)]
pub(super) struct Scratch {
    /// A row's image.
    pub image: Vec<f64>,
    /// V⁻¹GₖV⁻¹GₗV⁻¹.
    pub second: Vec<f64>,
    /// Rows times C times rows.
    pub spread: Vec<f64>,
    /// Rows times residual coefficients.
    pub residual: Vec<f64>,
}

impl Scratch {
    /// Makes room for matrices of so many rows.
    pub fn reserve(&mut self, order: usize) {
        for (cells, n) in
            [(&mut self.second, order * order), (&mut self.spread, order * order), (&mut self.residual, order)]
        {
            cells.clear();
            cells.reserve(n);
        }
    }

    /// Rows times C times rows, and rows times residual.
    pub fn spread_of(&mut self, covariance: &[f64], residual: &[f64], values: &[f64], order: usize) {
        let q = residual.len();
        let p = q - 1;
        self.residual.clear();
        self.residual.extend(values.chunks_exact(q).map(|row| dot(row, residual)));
        self.spread.clear();
        self.spread.resize(order * order, 0.0);
        for (first, row) in values.chunks_exact(q).enumerate() {
            self.image.clear();
            self.image.resize(p, 0.0);
            for (line, &factor) in covariance.chunks_exact(p.max(1)).zip(row).filter(|(_, factor)| **factor != 0.0) {
                self.image.iter_mut().zip(line).for_each(|(image, cell)| *image += factor * cell);
            }
            for (second, other) in values.chunks_exact(q).enumerate().skip(first) {
                let product = dot(&self.image, &other[..p]);
                self.spread[first * order + second] = product;
                self.spread[second * order + first] = product;
            }
        }
    }

    /// V⁻¹GₖV⁻¹GₗV⁻¹ of one therapist.
    pub fn multiply_second(&mut self, rows: &[BlockRow], block: &[f64], k: usize, l: usize) {
        let order = rows.len();
        let cells = order * order;
        let (left, right) = (&block[..cells], &block[(l + 1) * cells..(l + 2) * cells]);
        self.second.clear();
        self.second.resize(cells, 0.0);
        for row in 0..order {
            for column in 0..order {
                let cell = |at: usize| left[row * order + at];
                self.second[row * order + column] = match k {
                    RESIDUAL => (0..order).map(|at| cell(at) * right[at * order + column]).sum(),
                    PARTICIPANT => (0..order).map(|at| cell(at) * rows[at].size * right[at * order + column]).sum(),
                    _ => {
                        let first: f64 = (0..order).map(|at| cell(at) * rows[at].length).sum();
                        let second: f64 = (0..order).map(|at| rows[at].length * right[at * order + column]).sum();
                        first * second
                    }
                };
            }
        }
    }
}

/// Writes V⁻¹, V⁻¹V⁻¹, V⁻¹GₚV⁻¹ and V⁻¹GₜV⁻¹ of one therapist; returns log|V|.
pub(super) fn invert_block(rows: &[BlockRow], [residual, participant, therapist]: Variances, block: &mut [f64]) -> f64 {
    let order = rows.len();
    let cells = order * order;
    let weight = |row: &BlockRow| 1.0 / (residual + row.size * participant);
    let total: f64 = rows.iter().map(|row| row.length * row.length * weight(row)).sum();
    let shrink = 1.0 / (1.0 + therapist * total);
    let (inverse, slopes) = block.split_at_mut(cells);
    let (by_residual, slopes) = slopes.split_at_mut(cells);
    let (by_participant, by_therapist) = slopes.split_at_mut(cells);
    for (i, first) in rows.iter().enumerate() {
        for (j, second) in rows.iter().enumerate() {
            let product = first.length * weight(first) * second.length * weight(second);
            let own = if i == j { weight(first) } else { 0.0 };
            inverse[i * order + j] = own - therapist * shrink * product;
            by_therapist[i * order + j] = shrink * shrink * product;
        }
    }
    for i in 0..order {
        for j in 0..order {
            let (mut plain, mut sized) = (0.0, 0.0);
            for (k, row) in rows.iter().enumerate() {
                let product = inverse[i * order + k] * inverse[k * order + j];
                plain += product;
                sized += row.size * product;
            }
            by_residual[i * order + j] = plain;
            by_participant[i * order + j] = sized;
        }
    }
    -rows.iter().map(|row| ln(weight(row))).sum::<f64>() - ln(shrink)
}

/// The trace of Gₖ times a therapist's matrix.
pub(super) fn trace_with(k: usize, rows: &[BlockRow], matrix: &[f64]) -> f64 {
    let order = rows.len();
    let diagonal = |row: usize| matrix[row * order + row];
    match k {
        RESIDUAL => (0..order).map(diagonal).sum(),
        PARTICIPANT => (0..order).map(|row| rows[row].size * diagonal(row)).sum(),
        _ => {
            let lengths = |line: &[f64]| line.iter().zip(rows).map(|(cell, row)| cell * row.length).sum::<f64>();
            matrix.chunks_exact(order).zip(rows).map(|(line, row)| row.length * lengths(line)).sum()
        }
    }
}

/// Adds the lower triangle of A'KA, A being rows of columns and response.
pub(super) fn add_form(sum: &mut [f64], form: &[f64], values: &[f64], order: usize, image: &mut Vec<f64>) {
    let q = values.len() / order.max(1);
    for (line, own) in form.chunks_exact(order).zip(values.chunks_exact(q)) {
        image.clear();
        image.resize(q, 0.0);
        for (&factor, other) in line.iter().zip(values.chunks_exact(q)) {
            image.iter_mut().zip(other).for_each(|(image, value)| *image += factor * value);
        }
        for (row, &factor) in own.iter().enumerate().filter(|(_, factor)| **factor != 0.0) {
            let cells = &mut sum[row * q..=row * q + row];
            cells.iter_mut().zip(image.iter()).for_each(|(cell, value)| *cell += factor * value);
        }
    }
}

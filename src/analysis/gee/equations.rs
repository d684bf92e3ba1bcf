//! The estimating equations in terms of participants' columns: from their weighted cross-products to one step of the coefficients.
//!
//! A model's column is c(i, v) = z(i) · s(v). Its cross-products under weights Ω(i) between visits are therefore
//! Σ over v, w of s(v) s'(w) K(v, w), K(v, w) being Σ over i of z(i) z'(i) Ω(i; v, w). Most s are 0 at all visits but one.

use crate::numeric::cholesky;

use super::super::dependence::Dependence;
use super::super::design::Design;

/// Position of an unordered pair, `high` ≥ `low`, in a packed lower triangle.
pub(super) fn pair(high: usize, low: usize) -> usize {
    high * (high + 1) / 2 + low
}

/// Number of places of a packed lower triangle.
pub(super) fn n_pairs(order: usize) -> usize {
    order * (order + 1) / 2
}

/// A visit at which a column of the model is not 0, and what its participants' column is multiplied with there.
#[derive(Debug, Clone, Copy)]
struct Cell {
    /// Position `visit * n_z + z`.
    place: usize,
    factor: f64,
}

/// A part of one entry of the cross-products.
#[derive(Debug, Clone, Copy)]
struct Term {
    /// Position among [`Equations::blocks`].
    place: usize,
    factor: f64,
}

/// The equations of one design, and their solution.
#[derive(Debug, Clone, Default)]
pub(super) struct Equations {
    /// Number of coefficients.
    pub p: usize,
    n_visits: usize,
    n_z: usize,
    cells: Vec<Cell>,
    /// Where the cells of each column begin, and end.
    cell_bounds: Vec<usize>,
    terms: Vec<Term>,
    /// Where the terms of each entry of the lower triangle begin, and end.
    term_bounds: Vec<usize>,
    /// K(v, w), v ≥ w: packed triangles over participants' columns, one after another in the order of [`pair`].
    pub blocks: Vec<f64>,
    /// Sums over participants of z(i) times something at a visit: `visit * n_z + z`.
    pub scores: Vec<f64>,
    /// Cross-products of the model's columns, row by row; then their Cholesky factor.
    pub factor: Vec<f64>,
    /// The last step.
    pub step: Vec<f64>,
    /// Coefficients of the model's columns; 0 for those left out.
    pub beta: Vec<f64>,
    /// Coefficients of participants' columns at the visits: `visit * n_z + z`.
    pub by_visit: Vec<f64>,
}

impl Equations {
    /// The equations of a design.
    pub fn new(design: &Design) -> Self {
        let (p, n_visits, n_z) = (design.n_columns(), design.visits.len(), design.n_z());
        let mut equations = Self {
            p,
            n_visits,
            n_z,
            cell_bounds: vec![0],
            term_bounds: vec![0],
            blocks: vec![0.0; n_pairs(n_visits) * n_pairs(n_z)],
            scores: vec![0.0; n_visits * n_z],
            factor: vec![0.0; p * p],
            step: vec![0.0; p],
            beta: vec![0.0; p],
            by_visit: vec![0.0; n_visits * n_z],
            ..Self::default()
        };
        for column in 0..p {
            for visit in 0..n_visits {
                let factor = design.over(column, visit);
                if factor != 0.0 {
                    equations.cells.push(Cell { place: visit * n_z + design.columns[column].z, factor });
                }
            }
            equations.cell_bounds.push(equations.cells.len());
        }
        for row in 0..p {
            for column in 0..=row {
                equations.add_terms(row, column);
            }
        }
        equations
    }

    /// Adds what one entry of the cross-products consists of.
    fn add_terms(&mut self, row: usize, column: usize) {
        for a in self.cell_bounds[row]..self.cell_bounds[row + 1] {
            for b in self.cell_bounds[column]..self.cell_bounds[column + 1] {
                let (a, b) = (self.cells[a], self.cells[b]);
                let split = |cell: Cell| (cell.place / self.n_z, cell.place % self.n_z);
                let ((v, k), (w, l)) = (split(a), split(b));
                let place = pair(v.max(w), v.min(w)) * n_pairs(self.n_z) + pair(k.max(l), k.min(l));
                self.terms.push(Term { place, factor: a.factor * b.factor });
            }
        }
        self.term_bounds.push(self.terms.len());
    }

    /// The visits at which a column is not 0, with its place among `visit * n_z + z` and its factor there.
    pub fn cells(&self, column: usize) -> impl Iterator<Item = (usize, f64)> {
        self.cells[self.cell_bounds[column]..self.cell_bounds[column + 1]].iter().map(|cell| (cell.place, cell.factor))
    }

    /// Number of visits.
    pub fn n_visits(&self) -> usize {
        self.n_visits
    }

    /// Number of participants' columns.
    pub fn n_z(&self) -> usize {
        self.n_z
    }

    /// Sums up the model's cross-products from [`Self::blocks`], in the lower triangle.
    pub fn assemble(&mut self) {
        let mut entry = 0;
        for row in 0..self.p {
            for column in 0..=row {
                let terms = &self.terms[self.term_bounds[entry]..self.term_bounds[entry + 1]];
                let sum = terms.iter().fold(0.0, |sum, term| sum + term.factor * self.blocks[term.place]);
                self.factor[row * self.p + column] = sum;
                entry += 1;
            }
        }
    }

    /// Copies the lower triangle to the upper one.
    pub fn mirror(&mut self) {
        for row in 0..self.p {
            for column in 0..row {
                self.factor[column * self.p + row] = self.factor[row * self.p + column];
            }
        }
    }

    /// Replaces the cross-products by their Cholesky factor, with the columns left out set aside.
    pub fn decompose(&mut self, dependence: &Dependence) -> Result<(), cholesky::NotPositiveDefinite> {
        dependence.mask(&mut self.factor);
        cholesky::factor(&mut self.factor, self.p)
    }

    /// Solves for the step that [`Self::scores`] ask for and takes it. Returns its squared length in the metric of the
    /// cross-products.
    pub fn advance(&mut self, dependence: &Dependence) -> f64 {
        for column in 0..self.p {
            let cells = &self.cells[self.cell_bounds[column]..self.cell_bounds[column + 1]];
            let sum = cells.iter().fold(0.0, |sum, cell| sum + cell.factor * self.scores[cell.place]);
            self.step[column] = if dependence.dropped[column] { 0.0 } else { sum };
        }
        cholesky::solve_lower(&self.factor, self.p, &mut self.step);
        let length = self.step.iter().map(|part| part * part).sum();
        cholesky::solve_upper(&self.factor, self.p, &mut self.step);
        for (beta, step) in self.beta.iter_mut().zip(&self.step) {
            *beta += step;
        }
        self.spread();
        length
    }

    /// Writes the coefficients by visit.
    pub fn spread(&mut self) {
        self.by_visit.fill(0.0);
        for (bounds, &beta) in self.cell_bounds.windows(2).zip(&self.beta) {
            for cell in &self.cells[bounds[0]..bounds[1]] {
                self.by_visit[cell.place] += cell.factor * beta;
            }
        }
    }
}

//! The rows of a design of one visit: its columns and the response of those who take part, side by side, and their cross-products.

use super::FitError;
use super::columns::{dot, lane_sum};
use super::design::{Design, Product};
use super::responses::Responses;

/// Columns and response of those who take part in a fit.
#[derive(Debug, Clone, Default)]
pub(super) struct Rows {
    /// Participants in the fit.
    pub n: usize,
    /// Columns of the design.
    pub p: usize,
    /// Position of the intercept.
    pub intercept: usize,
    /// Column by column: row `i` of column `k` at `k * n + i`.
    pub x: Vec<f64>,
    /// The response.
    pub y: Vec<f64>,
    /// Cross-products of the columns, row by row, both triangles.
    pub products: Vec<f64>,
    /// Rows that there would be if everybody took part.
    pub room: usize,
    /// Which participant each row is.
    participants: Vec<usize>,
    pairs: Pairs,
    scratch: Vec<f64>,
}

impl Rows {
    /// Memory for a design.
    pub fn new(design: &Design) -> Self {
        Self { p: design.n_columns(), intercept: design.intercept(), pairs: Pairs::new(design), ..Self::default() }
    }

    /// Takes the rows of those who take part. Allocates nothing once it has seen a trial of the size.
    ///
    /// # Errors
    /// [`FitError::Overflow`] where values are too large to be squared.
    pub fn fill(&mut self, design: &Design, responses: &Responses) -> Result<(), FitError> {
        let (total, p) = (design.n_participants, self.p);
        self.participants.clear();
        self.participants.resize(total, 0);
        // Every place is written, and counted only where somebody takes part: nothing is branched upon.
        let mut n = 0;
        for (participant, mask) in responses.mask.iter().enumerate() {
            self.participants[n] = participant;
            n += usize::from(*mask != 0.0);
        }
        self.participants.truncate(n);
        self.n = n;
        self.x.clear();
        self.x.reserve(p * total);
        for (position, column) in design.columns.iter().enumerate() {
            if position == self.intercept {
                self.x.resize((position + 1) * n, 1.0);
                continue;
            }
            let z = &design.z[column.z * total..(column.z + 1) * total];
            self.x.extend(self.participants.iter().map(|&participant| z[participant]));
        }
        self.y.clear();
        self.y.reserve(total);
        self.scratch.reserve(total);
        self.room = total;
        self.y.extend(self.participants.iter().map(|&participant| responses.values[participant]));
        self.products.resize(p * p, 0.0);
        self.pairs.multiply(&self.x, n, None, &mut self.scratch, &mut self.products);
        let finite = self.products.iter().all(|cell| cell.is_finite()) && dot(&self.y, &self.y).is_finite();
        if finite { Ok(()) } else { Err(FitError::Overflow) }
    }

    /// Empties memory for one number a row, and makes it large enough for any visit: a later one may have more rows.
    pub fn make_room<T>(&self, memory: &mut Vec<T>) {
        memory.clear();
        memory.reserve(self.room);
    }

    /// One column.
    pub fn column(&self, column: usize) -> &[f64] {
        &self.x[column * self.n..(column + 1) * self.n]
    }

    /// Weighted cross-products of the columns, row by row, both triangles.
    pub fn weighted(&self, weights: &[f64], scratch: &mut Vec<f64>, products: &mut [f64]) {
        self.make_room(scratch);
        self.pairs.multiply(&self.x, self.n, Some(weights), scratch, products);
    }

    /// Products of every column with a vector.
    pub fn times(&self, vector: &[f64], products: &mut [f64]) {
        for (column, product) in products.iter_mut().enumerate() {
            *product = if column == self.intercept { lane_sum(vector) } else { dot(self.column(column), vector) };
        }
    }

    /// The linear predictor.
    pub fn predict(&self, coefficients: &[f64], predictor: &mut Vec<f64>) {
        self.make_room(predictor);
        predictor.resize(self.n, coefficients[self.intercept]);
        for (column, &coefficient) in coefficients.iter().enumerate() {
            if column != self.intercept && coefficient != 0.0 {
                let own = self.column(column);
                predictor.iter_mut().zip(own).for_each(|(sum, x)| *sum += coefficient * x);
            }
        }
    }

    /// Average response.
    pub fn mean_response(&self) -> f64 {
        lane_sum(&self.y) / self.n.max(1) as f64
    }
}

/// Where a cell of the cross-products comes from.
#[derive(Debug, Clone, Copy)]
enum Cell {
    Zero,
    /// Computed.
    Own,
    /// The same as a cell before it, by position in the matrix.
    Same(usize),
}

/// What is known of the cross-products of a design before there are data: products of different arms are 0, and an indicator times
/// itself, or times 1, is itself.
#[derive(Debug, Clone, Default)]
struct Pairs {
    /// Cells of the upper triangle, row by row.
    cells: Vec<Cell>,
    /// Per row whether a cell of it is computed.
    computed: Vec<bool>,
    /// The column of ones.
    intercept: usize,
}

impl Pairs {
    fn new(design: &Design) -> Self {
        let p = design.n_columns();
        let mut known: Vec<(Product, usize)> = Vec::new();
        let mut pairs = Self { cells: Vec::new(), computed: vec![false; p], intercept: design.intercept() };
        for row in 0..p {
            for column in row..p {
                let product = design.product(design.columns[row].z, design.columns[column].z);
                let before = known.iter().find(|(other, _)| *other == product).map(|&(_, position)| position);
                pairs.cells.push(match (&product, before) {
                    (Product::Zero, _) => Cell::Zero,
                    (_, Some(position)) => Cell::Same(position),
                    (_, None) => Cell::Own,
                });
                if product != Product::Zero && before.is_none() {
                    pairs.computed[row] = true;
                    known.push((product, row * p + column));
                }
            }
        }
        pairs
    }

    fn multiply(&self, x: &[f64], n: usize, weights: Option<&[f64]>, scratch: &mut Vec<f64>, products: &mut [f64]) {
        let p = self.computed.len();
        let mut cells = self.cells.iter();
        for row in 0..p {
            let own = &x[row * n..(row + 1) * n];
            let weighted: &[f64] = match weights {
                Some(weights) if row == self.intercept => weights,
                Some(weights) if self.computed[row] => {
                    scratch.clear();
                    scratch.extend(own.iter().zip(weights).map(|(x, weight)| x * weight));
                    scratch
                }
                _ => own,
            };
            for (column, cell) in (row..p).zip(cells.by_ref()) {
                let value = match *cell {
                    Cell::Zero => 0.0,
                    Cell::Same(position) => products[position],
                    Cell::Own if column == self.intercept => lane_sum(weighted),
                    Cell::Own => dot(weighted, &x[column * n..(column + 1) * n]),
                };
                products[row * p + column] = value;
                products[column * p + row] = value;
            }
        }
    }
}

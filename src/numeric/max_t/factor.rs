//! Unit vectors whose inner products are given correlations, in as few dimensions as the rank.

/// Whether a statistic counts with its sign or without.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) enum Sides {
    /// Only exceedances upwards count.
    One,
    /// Both kinds count.
    #[default]
    Two,
}

impl Sides {
    /// The signs with which a direction bounds the region.
    pub(super) fn signs(self) -> &'static [f64] {
        match self {
            Self::One => &[1.0],
            Self::Two => &[1.0, -1.0],
        }
    }
}

/// A vector in up to three dimensions; those beyond the rank are 0.
pub(super) type Direction = [f64; 3];

/// Why a matrix cannot serve as the correlations of t statistics.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NotACorrelation {
    /// It has no rows, or fewer numbers than its order asks for.
    #[error("the correlation matrix is empty or incomplete")]
    Incomplete,
    /// An element is not a finite number.
    #[error("the correlation matrix holds a number that is not finite in row {row}")]
    NotFinite {
        /// Row, from 0.
        row: usize,
    },
    /// A variance is 0 or negative.
    #[error("the variance in row {row} is not positive")]
    NoVariance {
        /// Row, from 0.
        row: usize,
    },
    /// It has a negative eigenvalue.
    #[error("the correlation matrix is not positive semidefinite")]
    Indefinite,
    /// The statistics span more than three dimensions.
    #[error("the correlation matrix has a rank above 3")]
    RankTooHigh,
}

/// What is left of a variance of 1 once the dimensions found are taken away counts as nothing below this: an error of the square of
/// a millionth in the direction of a face.
const NEGLIGIBLE: f64 = 1e-12;

/// Directions closer to each other (or to each other's opposite) than this are one.
const SAME: f64 = 1e-11;

/// The directions of the statistics, without repetitions.
#[derive(Debug, Clone, Default)]
pub(super) struct Factor {
    directions: Vec<Direction>,
    /// Variances left.
    left: Vec<f64>,
    rank: usize,
}

impl Factor {
    /// Memory for up to so many statistics.
    pub(super) fn with_capacity(order: usize) -> Self {
        Self { directions: Vec::with_capacity(order), left: Vec::with_capacity(order), rank: 0 }
    }

    /// Number of dimensions.
    pub(super) fn rank(&self) -> usize {
        self.rank
    }

    /// Unit vectors, no two of them equal or, for two sides, opposite.
    pub(super) fn directions(&self) -> &[Direction] {
        &self.directions
    }

    /// Cholesky's factor of the correlations, the largest variance left taken first; only the lower triangle is read. An opposite
    /// counts as a repetition where `sides` are two.
    pub(super) fn prepare(&mut self, matrix: &[f64], order: usize, sides: Sides) -> Result<(), NotACorrelation> {
        self.rank = 0;
        self.directions.clear();
        check(matrix, order)?;
        let element = |i: usize, j: usize| matrix[i.max(j) * order + i.min(j)];
        let scale = |i: usize| element(i, i).sqrt();
        self.directions.resize(order, Direction::default());
        self.left.clear();
        self.left.resize(order, 1.0);
        let mut rank = 0;
        loop {
            let mut pivot = 0;
            for i in 1..order {
                if self.left[i] > self.left[pivot] {
                    pivot = i;
                }
            }
            if self.left[pivot] <= NEGLIGIBLE {
                break;
            }
            if rank == MAX_RANK {
                return Err(NotACorrelation::RankTooHigh);
            }
            let (row, length) = (self.directions[pivot], self.left[pivot].sqrt());
            for i in 0..order {
                let correlation = element(i, pivot) / (scale(i) * scale(pivot));
                let rest = if i == pivot { length } else { (correlation - dot(&row, &self.directions[i])) / length };
                self.directions[i][rank] = rest;
                self.left[i] = if i == pivot { 0.0 } else { self.left[i] - rest * rest };
            }
            rank += 1;
        }
        if self.left.iter().any(|&left| left < -INDEFINITE) || self.contradicts(element) {
            self.directions.clear();
            return Err(NotACorrelation::Indefinite);
        }
        self.tidy(sides);
        self.rank = rank;
        Ok(())
    }

    /// Whether the inner products are not the correlations: what is left after the last dimension is not nothing.
    fn contradicts(&self, element: impl Fn(usize, usize) -> f64) -> bool {
        let directions = &self.directions;
        (0..directions.len()).any(|i| {
            (0..i).any(|j| {
                let correlation = element(i, j) / (element(i, i).sqrt() * element(j, j).sqrt());
                (dot(&directions[i], &directions[j]) - correlation).abs() > INDEFINITE
            })
        })
    }

    /// Makes all lengths exactly 1 and drops repetitions.
    fn tidy(&mut self, sides: Sides) {
        for direction in &mut self.directions {
            let length = dot(direction, direction).sqrt();
            direction.iter_mut().for_each(|x| *x /= length);
        }
        let mut kept = 0;
        for i in 0..self.directions.len() {
            let new = self.directions[i];
            let same = |old: &Direction| sides.signs().iter().any(|&sign| distance(old, &new, sign) < SAME);
            if !self.directions[..kept].iter().any(same) {
                self.directions[kept] = new;
                kept += 1;
            }
        }
        self.directions.truncate(kept);
    }
}

/// Dimensions in which directions are known here.
const MAX_RANK: usize = 3;

/// A matrix is taken to be indefinite by mistake, not by rounding, from here on.
const INDEFINITE: f64 = 1e-8;

fn check(matrix: &[f64], order: usize) -> Result<(), NotACorrelation> {
    if order == 0 || matrix.len() / order < order {
        return Err(NotACorrelation::Incomplete);
    }
    for row in 0..order {
        if matrix[row * order..=row * order + row].iter().any(|x| !x.is_finite()) {
            return Err(NotACorrelation::NotFinite { row });
        }
        if matrix[row * order + row] <= 0.0 {
            return Err(NotACorrelation::NoVariance { row });
        }
    }
    Ok(())
}

/// Inner product.
pub(super) fn dot(a: &Direction, b: &Direction) -> f64 {
    a[0] * b[0] + a[1] * b[1] + a[2] * b[2]
}

/// |a − sign b|.
fn distance(a: &Direction, b: &Direction, sign: f64) -> f64 {
    let rest = [a[0] - sign * b[0], a[1] - sign * b[1], a[2] - sign * b[2]];
    dot(&rest, &rest).sqrt()
}

//! The largest of several correlated t statistics: how probable it is that any exceeds a threshold, and the threshold.
//!
//! # Method
//! Statistics T = C Z / S with Z standard normal in as many dimensions as the correlation matrix C C' has rank, S = √(chi-squared / df).
//! All stay below q where Z / S lies in a polytope around the origin whose faces are at distance q. The radius of Z / S does not
//! depend on its direction, and its distribution is known, so P(max |T| > q) is an average over directions alone: over the
//! circle for rank 2 (`plane`), over the sphere for rank 3 (`space`), where one of the two integrals is elementary. What is left are
//! integrals of smooth functions of one angle, one for each edge; nothing is random. The shape of the polytope does not
//! depend on q and is made ready once.
//!
//! The same directions taken with one sign give P(max T > q); where q is negative, by the region in which all are below it.
//!
//! Three means have contrasts of rank 2, four of rank 3. Higher ranks are refused.
//!
//! # References
//! - Dunnett CW. A multiple comparison procedure for comparing several treatments with a control. JASA 1955;50:1096-1121.
//!   doi:10.1080/01621459.1955.10501294.
//! - Genz A, Bretz F. Computation of multivariate normal and t probabilities, 2009. doi:10.1007/978-3-642-01689-9 (other roads).
//!
//! # Checked against
//! `tests/it/reference/max_t.rs`: critical values and p-values of three means. `tests/it/independent/max_t.rs`: products conditional on
//! the control, the studentised range, orthants in closed form, inclusion and exclusion.

use crate::numeric::elementary::{ln, ln_1p};
use std::ops::{AddAssign, Mul};

mod factor;
mod plane;
mod space;

pub use factor::NotACorrelation;

use factor::{Direction, Factor, Sides};
use space::{Edge, Line, Region};

use super::distributions::{t_density, t_two_sided_p, t_two_sided_quantile, t_upper_quantile};
use super::root;

/// The joint distribution of several t statistics with one correlation matrix of rank 1 to 3, ready for thresholds and degrees of
/// freedom. Preparing it again reuses its memory.
#[derive(Debug, Clone, Default)]
pub struct MaxT {
    factor: Factor,
    sides: Sides,
    /// Angles between neighbouring directions, for rank 2.
    gaps: Vec<f64>,
    /// Edges between faces, for rank 3.
    edges: Vec<Edge>,
    /// Edges of the region in which all statistics are far below, for rank 3 and one side.
    beyond: Vec<Edge>,
    /// Room for the lines around one face.
    lines: Vec<Line>,
}

impl MaxT {
    /// The statistics' distribution from their correlation or covariance matrix, as [`Self::prepare`].
    ///
    /// # Errors
    /// As [`Self::prepare`].
    pub fn new(correlation: &[f64], order: usize) -> Result<Self, NotACorrelation> {
        let mut max_t = Self::default();
        max_t.prepare(correlation, order)?;
        Ok(max_t)
    }

    /// Memory for two-sided questions about up to so many statistics, whatever the rank of their correlations; ready after
    /// [`Self::prepare`].
    pub fn with_capacity(order: usize) -> Self {
        let n_signs = Sides::Two.signs().len();
        Self {
            factor: Factor::with_capacity(order),
            gaps: Vec::with_capacity(order),
            edges: Vec::with_capacity(order * order * n_signs),
            lines: Vec::with_capacity(order * n_signs),
            ..Self::default()
        }
    }

    /// As [`Self::new`], for exceedances upwards alone: max T in place of max |T|.
    ///
    /// # Errors
    /// As [`Self::prepare`].
    pub fn one_sided(correlation: &[f64], order: usize) -> Result<Self, NotACorrelation> {
        let mut max_t = Self::default();
        max_t.prepare_one_sided(correlation, order)?;
        Ok(max_t)
    }

    /// Takes up another correlation or covariance matrix of `order` · `order` numbers, row by row, of which the lower triangle is read.
    ///
    /// # Errors
    /// [`NotACorrelation`] where the matrix is empty, holds what is not a finite number, has a variance that is not positive, is
    /// indefinite, or has rank above 3.
    pub fn prepare(&mut self, correlation: &[f64], order: usize) -> Result<(), NotACorrelation> {
        self.take_up(correlation, order, Sides::Two)
    }

    /// As [`Self::prepare`], for exceedances upwards alone: max T in place of max |T|.
    ///
    /// # Errors
    /// As [`Self::prepare`].
    pub fn prepare_one_sided(&mut self, correlation: &[f64], order: usize) -> Result<(), NotACorrelation> {
        self.take_up(correlation, order, Sides::One)
    }

    fn take_up(&mut self, correlation: &[f64], order: usize, sides: Sides) -> Result<(), NotACorrelation> {
        self.sides = sides;
        self.factor.prepare(correlation, order, sides)?;
        let directions = self.factor.directions();
        match self.factor.rank() {
            2 => plane::fill_gaps(&mut self.gaps, directions, sides),
            3 => {
                space::fill_edges(&mut self.edges, &mut self.lines, directions, sides, Region::Around);
                if sides == Sides::One {
                    space::fill_edges(&mut self.beyond, &mut self.lines, directions, sides, Region::Beyond);
                }
            }
            _ => {}
        }
        Ok(())
    }

    /// Rank of the correlation matrix: 1, 2 or 3; 0 before anything was prepared.
    pub fn rank(&self) -> usize {
        self.factor.rank()
    }

    /// P(max |T| > q), or P(max T > q) where one side was asked for: the adjusted p-value of a statistic `q`. `df` > 0, infinite for
    /// normal statistics. NaN where `q` or `df` is not a number, `df` is not positive, or nothing was prepared. Absolute error below
    /// 10⁻¹³, and relative error near 10⁻¹² however small the result.
    pub fn upper_p(&self, q: f64, df: f64) -> f64 {
        if q.is_nan() || df.is_nan() || df <= 0.0 || self.rank() == 0 {
            f64::NAN
        } else if q == f64::NEG_INFINITY || (q <= 0.0 && self.sides == Sides::Two) {
            1.0
        } else if is_beyond_every_double(q, df) {
            if q > 0.0 { 0.0 } else { 1.0 }
        } else {
            self.tail(q, df).p.clamp(0.0, 1.0)
        }
    }

    /// The value that max |T|, or max T where one side was asked for, exceeds with probability `alpha`: the critical value of
    /// simultaneous tests and intervals. 0 < alpha < 1; `df` > 0 or infinite; NaN for others.
    pub fn quantile(&self, alpha: f64, df: f64) -> f64 {
        if !(alpha > 0.0 && alpha < 1.0 && df > 0.0) || self.rank() == 0 {
            return f64::NAN;
        }
        let n_directions = self.factor.directions().len();
        let alone = match self.sides {
            Sides::One => t_upper_quantile,
            Sides::Two => t_two_sided_quantile,
        };
        let single = alone(alpha, df);
        if n_directions == 1 {
            return single;
        }
        let bonferroni = alone(alpha / n_directions as f64, df);
        root::of_increasing(0.5 * (single + bonferroni), f64::INFINITY, [single, bonferroni], |q| {
            let tail = self.tail(q, df);
            (ln(alpha / tail.p), tail.density / tail.p)
        })
    }

    /// The tail at `q`, which is positive for two sides.
    fn tail(&self, q: f64, df: f64) -> Tail {
        match self.sides {
            Sides::Two => self.of_both_sides(q, df),
            Sides::One if q >= 0.0 => self.of_both_sides(q, df) * 0.5,
            Sides::One => {
                let below = self.below(-q, df) * 0.5;
                Tail { p: 1.0 - below.p, ..below }
            }
        }
    }

    /// The tail from q on; for one side, twice that.
    fn of_both_sides(&self, q: f64, df: f64) -> Tail {
        let n_directions = self.factor.directions().len();
        match self.rank() {
            2 => plane::tail(&self.gaps, q, df),
            3 => space::tail(&self.edges, n_directions, q, df),
            _ => single(q, df) * n_directions as f64,
        }
    }

    /// Twice P(max T < −q), for one side.
    fn below(&self, q: f64, df: f64) -> Tail {
        match self.rank() {
            2 => plane::below(&self.gaps, q, df),
            3 => space::below(&self.beyond, q, df),
            _ if self.factor.directions().len() == 1 => single(q, df),
            _ => Tail::default(),
        }
    }
}

/// Whether even the largest part of the tail, in the direction of a statistic, is less than any double. Panels for it would be too narrow
/// to be counted.
fn is_beyond_every_double(q: f64, df: f64) -> bool {
    let exponent = if df == f64::INFINITY { 0.5 * q * q } else { 0.5 * df * ln_1p(q * q / df) };
    exponent > 800.0
}

/// Both tails of one statistic.
fn single(q: f64, df: f64) -> Tail {
    Tail { p: t_two_sided_p(q, df), density: 2.0 * t_density(q, df) }
}

/// The probability that a threshold is exceeded, and minus its derivative with respect to the threshold.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Tail {
    /// P(max |T| > q).
    pub p: f64,
    /// −dP/dq.
    pub density: f64,
}

impl AddAssign for Tail {
    fn add_assign(&mut self, other: Self) {
        self.p += other.p;
        self.density += other.density;
    }
}

impl Mul<f64> for Tail {
    type Output = Self;

    fn mul(self, factor: f64) -> Self {
        Self { p: factor * self.p, density: factor * self.density }
    }
}

pub(super) use plane::tail as plane_tail;
pub(super) use space::edge_integrals;

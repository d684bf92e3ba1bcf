//! Structures of a covariance over visits: from parameters to the covariance, with first and second derivatives.
//!
//! # Parameters
//! They are those of the R package mmrm. Standard deviations are e^θ. Correlations are products of ρ(x) = x / √(1 + x²), for compound
//! symmetry a + (1 − a) / (1 + e^(−x)) with a = −1 / (visits − 1), the lowest correlation it can have:
//!
//! | structure | correlation of visits a < b |
//! | --- | --- |
//! | `cs`, `csh` | ρ |
//! | `ar1`, `ar1h` | ρ^(b − a) |
//! | `toep`, `toeph` | ρ of the distance b − a |
//! | `ad`, `adh` | product of the ρ of the steps from a to b |
//!
//! with one variance (`cs`, `ar1`, `toep`, `ad`) or one per visit. The unstructured covariance is fitted in its elements; its
//! parameters here, Σ = D U U' D with D = diag(e^θ) and U lower triangular with a unit diagonal, serve the Kenward-Roger term of second
//! derivatives alone. Elements of a covariance are counted along its lower triangle, row by row.

use crate::numeric::elementary::{exp, ln};
use crate::scenario::Covariance;

/// A structure over so many visits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Structure {
    /// Which structure.
    pub kind: Covariance,
    /// Number of visits.
    pub n_visits: usize,
}

/// The position of an element of a symmetric matrix in its lower triangle.
pub(super) fn element(a: usize, b: usize) -> usize {
    let (row, column) = if a >= b { (a, b) } else { (b, a) };
    row * (row + 1) / 2 + column
}

/// Number of elements of a lower triangle.
pub(super) fn n_elements(order: usize) -> usize {
    order * (order + 1) / 2
}

/// Correlations never start beyond this.
const LARGEST_START: f64 = 0.95;

impl Structure {
    /// Whether every element of the covariance is a parameter of its own.
    pub fn is_unstructured(self) -> bool {
        self.kind == Covariance::Us
    }

    /// Number of parameters of standard deviations.
    fn n_deviations(self) -> usize {
        use Covariance::{Ad, Adh, Ar1, Ar1h, Cs, Csh, Toep, Toeph, Us};
        match self.kind {
            Cs | Ar1 | Toep | Ad => 1,
            Us | Csh | Ar1h | Toeph | Adh => self.n_visits,
        }
    }

    /// Number of parameters of correlations.
    fn n_correlations(self) -> usize {
        use Covariance::{Ad, Adh, Ar1, Ar1h, Cs, Csh, Toep, Toeph, Us};
        if self.n_visits < 2 {
            return 0;
        }
        match self.kind {
            Us => n_elements(self.n_visits - 1),
            Cs | Csh | Ar1 | Ar1h => 1,
            Toep | Toeph | Ad | Adh => self.n_visits - 1,
        }
    }

    /// Number of parameters.
    pub fn n_parameters(self) -> usize {
        self.n_deviations() + self.n_correlations()
    }

    /// Writes the elements of the covariance.
    pub fn write(self, theta: &[f64], elements: &mut [f64]) {
        for a in 0..self.n_visits {
            for b in 0..=a {
                elements[element(a, b)] = self.value(theta, a, b, &[]);
            }
        }
    }

    /// The derivative of an element by one parameter, or by two.
    pub fn derivative(self, theta: &[f64], a: usize, b: usize, by: &[usize]) -> f64 {
        self.value(theta, a, b, by)
    }

    /// An element of the covariance, differentiated by some parameters.
    fn value(self, theta: &[f64], a: usize, b: usize, by: &[usize]) -> f64 {
        let n_deviations = self.n_deviations();
        let deviation = |visit: usize| if n_deviations == 1 { 0 } else { visit };
        let mut value = exp(theta[deviation(a)] + theta[deviation(b)]);
        for &parameter in by.iter().filter(|&&parameter| parameter < n_deviations) {
            value *= f64::from(u8::from(deviation(a) == parameter)) + f64::from(u8::from(deviation(b) == parameter));
        }
        if value == 0.0 {
            return 0.0;
        }
        value * if self.is_unstructured() { self.of_factor(theta, a, b, by) } else { self.correlation(theta, a, b, by) }
    }

    /// The element of U U', differentiated by those of some parameters that are elements of U.
    fn of_factor(self, theta: &[f64], a: usize, b: usize, by: &[usize]) -> f64 {
        let n = self.n_visits;
        // Below the diagonal of U, row by row.
        let place = |row: usize, column: usize| n + row * (row - 1) / 2 + column;
        let u = |row: usize, column: usize, by: Option<usize>| {
            if row == column {
                f64::from(u8::from(by.is_none()))
            } else {
                match by {
                    None => theta[place(row, column)],
                    Some(parameter) => f64::from(u8::from(parameter == place(row, column))),
                }
            }
        };
        let mut own = by.iter().copied().filter(|&parameter| parameter >= n);
        let (first, second) = (own.next(), own.next());
        (0..=a.min(b))
            .map(|k| match (first, second) {
                (None, _) => u(a, k, None) * u(b, k, None),
                (first, None) => u(a, k, first) * u(b, k, None) + u(a, k, None) * u(b, k, first),
                (first, second) => u(a, k, first) * u(b, k, second) + u(a, k, second) * u(b, k, first),
            })
            .sum()
    }

    /// The correlation of two visits, differentiated by those of some parameters that are of correlations.
    fn correlation(self, theta: &[f64], a: usize, b: usize, by: &[usize]) -> f64 {
        use Covariance::{Ad, Adh, Ar1, Ar1h, Cs, Csh, Toep, Toeph, Us};
        let n_deviations = self.n_deviations();
        let distance = a.abs_diff(b);
        let mut counted = 0;
        let mut product = 1.0;
        let mut times = |parameter: usize, power: usize| {
            let order = by.iter().filter(|&&own| own == n_deviations + parameter).count();
            counted += order;
            product *= self.power(theta[n_deviations + parameter], power, order);
        };
        match self.kind {
            _ if distance == 0 => {}
            Us => {}
            Cs | Csh => times(0, 1),
            Ar1 | Ar1h => times(0, distance),
            Toep | Toeph => times(distance - 1, 1),
            Ad | Adh => (a.min(b)..a.max(b)).for_each(|step| times(step, 1)),
        }
        let wanted = by.iter().filter(|&&own| own >= n_deviations).count();
        if counted == wanted { product } else { 0.0 }
    }

    /// A power of ρ(x), differentiated so often by x.
    fn power(self, x: f64, power: usize, order: usize) -> f64 {
        let [rho, first, second] = self.rho(x);
        let e = power as f64;
        let raised = |less: usize| if power < less { 0.0 } else { rho.powi((power - less) as i32) };
        match order {
            0 => raised(0),
            1 => e * raised(1) * first,
            _ => e * (e - 1.0) * raised(2) * first * first + e * raised(1) * second,
        }
    }

    /// ρ(x) with its first two derivatives.
    fn rho(self, x: f64) -> [f64; 3] {
        if matches!(self.kind, Covariance::Cs | Covariance::Csh) {
            let lowest = self.lowest_correlation();
            let p = 1.0 / (1.0 + exp(-x));
            let first = (1.0 - lowest) * p * (1.0 - p);
            [lowest + (1.0 - lowest) * p, first, first * (1.0 - 2.0 * p)]
        } else {
            let square = 1.0 + x * x;
            let root = square.sqrt();
            [x / root, 1.0 / (square * root), -3.0 * x / (square * square * root)]
        }
    }

    /// The parameter whose correlation is ρ.
    fn of_rho(self, rho: f64) -> f64 {
        if matches!(self.kind, Covariance::Cs | Covariance::Csh) {
            let lowest = self.lowest_correlation();
            let rho = rho.clamp(0.95 * lowest, LARGEST_START);
            ln((rho - lowest) / (1.0 - rho))
        } else {
            let rho = rho.clamp(-LARGEST_START, LARGEST_START);
            rho / (1.0 - rho * rho).sqrt()
        }
    }

    fn lowest_correlation(self) -> f64 {
        -1.0 / (self.n_visits as f64 - 1.0)
    }

    /// Writes parameters whose covariance is near one that is given by its elements, correlations times `shrink`. Elements that are
    /// not numbers are not known.
    pub fn start(self, elements: &[f64], shrink: f64, theta: &mut [f64]) {
        use Covariance::{Ad, Adh, Ar1, Ar1h, Cs, Csh, Toep, Toeph, Us};
        let (v, n_deviations) = (self.n_visits, self.n_deviations());
        let variance = |visit: usize| elements[element(visit, visit)];
        if n_deviations == 1 {
            theta[0] = 0.5 * ln((0..v).map(variance).sum::<f64>() / v as f64);
        } else {
            (0..v).for_each(|visit| theta[visit] = 0.5 * ln(variance(visit)));
        }
        let correlation = |a: usize, b: usize| elements[element(a, b)] / (variance(a) * variance(b)).sqrt();
        let average = |pairs: &mut dyn Iterator<Item = (usize, usize)>| {
            let (mut sum, mut n) = (0.0, 0.0);
            for known in pairs.map(|(a, b)| correlation(a, b)).filter(|r| r.is_finite()) {
                (sum, n) = (sum + known, n + 1.0);
            }
            if n > 0.0 { sum / n } else { 0.0 }
        };
        let at_distance = |distance: usize| average(&mut (distance..v).map(|a| (a, a - distance)));
        for k in 0..self.n_correlations() {
            let rho = match self.kind {
                Us => 0.0,
                Cs | Csh => average(&mut (1..v).flat_map(|a| (0..a).map(move |b| (a, b)))),
                Ar1 | Ar1h => at_distance(1),
                Toep | Toeph => at_distance(k + 1),
                Ad | Adh => average(&mut std::iter::once((k + 1, k))),
            };
            theta[n_deviations + k] = self.of_rho(shrink * rho);
        }
    }

    /// Writes the parameters of an unstructured covariance from its Cholesky factor, row by row.
    pub fn of_cholesky_factor(self, factor: &[f64], theta: &mut [f64]) {
        let v = self.n_visits;
        let mut next = v;
        for row in 0..v {
            let diagonal = factor[row * v + row];
            theta[row] = ln(diagonal);
            for column in 0..row {
                // Σ = D U U' D: the factor is D U.
                theta[next] = factor[row * v + column] / diagonal;
                next += 1;
            }
        }
    }
}

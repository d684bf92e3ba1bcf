//! Correlation matrices: one of three written forms made into a matrix that can exist.

use super::super::tree::KeyPath;
use super::super::{WrittenCorrelation, codes};
use super::{Check, count, show};
use crate::numeric::cholesky;

impl Check<'_> {
    /// The matrix of a correlation among `n` things; without any, the identity.
    pub(super) fn correlation(
        &mut self,
        written: Option<&WrittenCorrelation>,
        path: &KeyPath,
        (n, of): (usize, &str),
    ) -> Vec<Vec<f64>> {
        let forms: Vec<&str> =
            ["exchangeable", "ar1", "matrix"].into_iter().filter(|form| self.tree.has(&path.key(form))).collect();
        if let [first, second, ..] = forms[..] {
            let message = format!("`{path}` is given as `{first}` and as `{second}`");
            self.report_key(codes::CORRELATION, &path.key(second), message, |problem| {
                problem.label("keep one of them")
            });
        }
        let Some(written) = written else { return identity(n) };
        if forms.is_empty() && ["exchangeable", "ar1", "matrix"].iter().all(|form| self.tree.lacks(&path.key(form))) {
            let message = format!("`{path}` says nothing");
            self.report_key(codes::CORRELATION, path, message, |problem| {
                problem.help("give `exchangeable`, `ar1` or `matrix`, or leave it out for none")
            });
        }
        if let Some(r) = written.exchangeable {
            let matrix = filled(n, |_, _| r);
            if self.exchangeable(r, &path.key("exchangeable"), (n, of)) {
                self.definite(&matrix, &path.key("exchangeable"));
            }
            return matrix;
        }
        if let Some(r) = written.ar1 {
            if r.abs() >= 1.0 {
                let message = format!("`{path}.ar1` must be above -1 and below 1, but is {}", show(r));
                self.report(codes::CORRELATION, &path.key("ar1"), message, |problem| problem);
                return identity(n);
            }
            let matrix = filled(n, |i, j| r.powi(i.abs_diff(j) as i32));
            self.definite(&matrix, &path.key("ar1"));
            return matrix;
        }
        match &written.matrix {
            Some(matrix) => self.matrix(matrix, &path.key("matrix"), (n, of)),
            None => identity(n),
        }
    }

    /// Reports a matrix that is not positive definite, or so nearly not that it cannot be told from one.
    fn definite(&mut self, matrix: &[Vec<f64>], path: &KeyPath) {
        if !is_positive_definite(matrix) {
            let message = format!("`{path}` is not positive definite: these correlations cannot occur together");
            self.report(codes::CORRELATION, path, message, |problem| problem);
        }
    }

    /// An exchangeable correlation is possible between −1/(n−1) and 1: the eigenvalues of its matrix are 1 − r and 1 + (n−1) r.
    /// Returns whether this one is.
    fn exchangeable(&mut self, r: f64, path: &KeyPath, (n, of): (usize, &str)) -> bool {
        let lowest = if n > 2 { -1.0 / (n as f64 - 1.0) } else { -1.0 };
        if r > lowest && r < 1.0 {
            return true;
        }
        let message = format!("`{path}` must be above {} and below 1, but is {}", show(lowest), show(r));
        self.report(codes::CORRELATION, path, message, |problem| {
            if r > -1.0 && r < 1.0 { problem.label(format!("not possible for {n} {of}")) } else { problem }
        });
        false
    }

    fn matrix(&mut self, matrix: &[Vec<f64>], path: &KeyPath, (n, of): (usize, &str)) -> Vec<Vec<f64>> {
        if n == 0 {
            return identity(n);
        }
        let wrong_row = matrix.iter().position(|row| row.len() != n);
        if matrix.len() != n || wrong_row.is_some() {
            let place =
                if matrix.len() == n { wrong_row.map_or(path.clone(), |row| path.index(row)) } else { path.clone() };
            let message = format!("`{path}` must have {n} rows of {n} numbers, for {n} {of}");
            let label = match wrong_row.filter(|_| matrix.len() == n) {
                Some(row) => format!("this row has {}", count(matrix[row].len(), "number")),
                None => format!("it has {}", count(matrix.len(), "row")),
            };
            self.report(codes::WRONG_LENGTH, &place, message, |problem| problem.label(label));
            return identity(n);
        }
        if !self.entries(matrix, path) {
            return identity(n);
        }
        self.definite(matrix, path);
        matrix.to_vec()
    }

    /// Whether a square matrix has ones on its diagonal, is symmetric and lies within (-1, 1) elsewhere; the first fault of each row is reported.
    fn entries(&mut self, matrix: &[Vec<f64>], path: &KeyPath) -> bool {
        let mut fine = true;
        for (i, row) in matrix.iter().enumerate() {
            let fault = row.iter().enumerate().find_map(|(j, &value)| {
                if i == j {
                    return (value != 1.0).then(|| (j, "the diagonal must be 1".to_owned()));
                }
                if value.abs() >= 1.0 {
                    return Some((j, "must be above -1 and below 1".to_owned()));
                }
                let mirrored = matrix[j][i];
                (j < i && value != mirrored)
                    .then(|| (j, format!("not symmetric: row {}, column {} has {}", j + 1, i + 1, show(mirrored))))
            });
            if let Some((j, label)) = fault {
                fine = false;
                let message = format!("`{path}` has {} in row {}, column {}", show(row[j]), i + 1, j + 1);
                self.report(codes::CORRELATION, &path.index(i).index(j), message, |problem| problem.label(label));
            }
        }
        fine
    }
}

fn identity(n: usize) -> Vec<Vec<f64>> {
    filled(n, |_, _| 0.0)
}

fn filled(n: usize, off_diagonal: impl Fn(usize, usize) -> f64) -> Vec<Vec<f64>> {
    let row = |i: usize| (0..n).map(|j| if i == j { 1.0 } else { off_diagonal(i, j) }).collect();
    (0..n).map(row).collect()
}

/// A pivot of a correlation matrix below this is too near to rounding: something is all but determined by the rest.
const LEAST_PIVOT: f64 = 1e-10;

/// Whether a symmetric matrix has a Cholesky factor with a diagonal that is safely above rounding. The generator factors
/// it by the same function, so that what passes here cannot fail there.
fn is_positive_definite(matrix: &[Vec<f64>]) -> bool {
    let order = matrix.len();
    let mut factor = matrix.concat();
    cholesky::factor(&mut factor, order).is_ok() && (0..order).all(|i| factor[i * order + i].powi(2) >= LEAST_PIVOT)
}

//! Least squares on a full design matrix by Householder reflections: the other road that models are held against.

/// A fitted linear model.
pub struct Fit {
    /// One coefficient per column of the design.
    pub coefficients: Vec<f64>,
    /// Sum of squared residuals.
    pub residual_squares: f64,
    /// Upper triangle R of the decomposition, row by row, columns scaled to length 1.
    r: Vec<Vec<f64>>,
    /// Length of each column before scaling.
    lengths: Vec<f64>,
}

/// Fits y on the rows of a design. Columns are scaled to length 1 first, so that the condition is that of their directions.
pub fn fit(design: &[Vec<f64>], y: &[f64]) -> Fit {
    let p = design[0].len();
    let lengths: Vec<f64> = (0..p).map(|j| design.iter().map(|row| row[j].powi(2)).sum::<f64>().sqrt()).collect();
    let mut a: Vec<Vec<f64>> =
        design.iter().map(|row| row.iter().zip(&lengths).map(|(x, l)| x / l).collect()).collect();
    let mut b = y.to_vec();
    for column in 0..p {
        reflect(&mut a, &mut b, column);
    }
    let r: Vec<Vec<f64>> = a[..p].to_vec();
    let mut coefficients = vec![0.0; p];
    for i in (0..p).rev() {
        let known: f64 = (i + 1..p).map(|j| r[i][j] * coefficients[j]).sum();
        coefficients[i] = (b[i] - known) / r[i][i];
    }
    coefficients.iter_mut().zip(&lengths).for_each(|(coefficient, length)| *coefficient /= length);
    Fit { coefficients, residual_squares: b[p..].iter().map(|rest| rest * rest).sum(), r, lengths }
}

/// Applies the reflection that clears a column below its diagonal.
fn reflect(a: &mut [Vec<f64>], b: &mut [f64], column: usize) {
    let length = a[column..].iter().map(|row| row[column].powi(2)).sum::<f64>().sqrt();
    let alpha = if a[column][column] > 0.0 { -length } else { length };
    let mut v: Vec<f64> = a[column..].iter().map(|row| row[column]).collect();
    v[0] -= alpha;
    let square: f64 = v.iter().map(|x| x * x).sum();
    if square == 0.0 {
        return;
    }
    for j in column..a[column].len() {
        let shift = 2.0 * v.iter().zip(&a[column..]).map(|(v, row)| v * row[j]).sum::<f64>() / square;
        v.iter().zip(&mut a[column..]).for_each(|(v, row)| row[j] -= shift * v);
    }
    let shift = 2.0 * v.iter().zip(&b[column..]).map(|(v, b)| v * b).sum::<f64>() / square;
    v.iter().zip(&mut b[column..]).for_each(|(v, b)| *b -= shift * v);
}

impl Fit {
    /// The value of a linear combination of the coefficients.
    pub fn combination(&self, weights: &[f64]) -> f64 {
        self.coefficients.iter().zip(weights).map(|(coefficient, weight)| coefficient * weight).sum()
    }

    /// Its variance divided by that of the residuals: the squared length of R'⁻¹ w.
    pub fn unscaled_variance(&self, weights: &[f64]) -> f64 {
        let mut z: Vec<f64> = weights.iter().zip(&self.lengths).map(|(weight, length)| weight / length).collect();
        for i in 0..z.len() {
            let known: f64 = (0..i).map(|j| self.r[j][i] * z[j]).sum();
            z[i] = (z[i] - known) / self.r[i][i];
        }
        z.iter().map(|z| z * z).sum()
    }
}

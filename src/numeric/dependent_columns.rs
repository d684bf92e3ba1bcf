//! Which columns of a small matrix are combinations of others: an orthogonal basis with the most independent column first.
//!
//! # References
//! Golub GH, Van Loan CF. Matrix Computations, 4th ed., 2013, § 5.4.2 (column pivoting) and § 5.2.8 (modified Gram-Schmidt).
//!
//! # Checked against
//! `tests/it/independent/calibration.rs`: matrices whose dependences are known.

/// What may be left of a column of length one, after everything the others explain, for it to count as explained.
const NEGLIGIBLE: f64 = 1e-5;

/// Share in a combination below which a column has no part in it.
const NO_PART: f64 = 1e-3;

/// Groups of columns (by position, in order) of which one is a combination of the others; empty if all are independent.
/// Columns of zeros are left aside.
pub fn dependent_columns(columns: &[Vec<f64>]) -> Vec<Vec<usize>> {
    let unit: Vec<Option<Vec<f64>>> = columns.iter().map(|column| normalised(column)).collect();
    let mut rest = unit.clone();
    let mut basis: Vec<(usize, Vec<f64>)> = Vec::new();
    loop {
        let mut best: Option<(usize, f64)> = None;
        for (position, column) in rest.iter().enumerate() {
            let left = column.as_ref().map_or(0.0, |column| length(column));
            if left > best.map_or(NEGLIGIBLE, |(_, most)| most) {
                best = Some((position, left));
            }
        }
        let Some((chosen, _)) = best else { break };
        let Some(direction) = rest[chosen].take().and_then(|column| normalised(&column)) else { break };
        for column in rest.iter_mut().flatten() {
            let share = product(column, &direction);
            subtract(column, &direction, share);
        }
        basis.push((chosen, direction));
    }
    let explained = (0..columns.len()).filter(|&position| rest[position].is_some());
    explained.filter_map(|position| Some(group(position, unit[position].as_ref()?, &unit, &basis))).collect()
}

/// A column with those of the basis that it is made of, in order.
fn group(position: usize, column: &[f64], unit: &[Option<Vec<f64>>], basis: &[(usize, Vec<f64>)]) -> Vec<usize> {
    let mut members = vec![position];
    // Each direction is the chosen column less its parts along the directions before it, so the shares come out backwards.
    let mut shares: Vec<f64> = basis.iter().map(|(_, direction)| product(column, direction)).collect();
    for last in (0..basis.len()).rev() {
        let Some(chosen) = &unit[basis[last].0] else { continue };
        let share = shares[last] / product(chosen, &basis[last].1);
        for (earlier, (_, direction)) in basis.iter().enumerate().take(last) {
            shares[earlier] -= share * product(chosen, direction);
        }
        if share.abs() > NO_PART {
            members.push(basis[last].0);
        }
    }
    members.sort_unstable();
    members
}

fn normalised(column: &[f64]) -> Option<Vec<f64>> {
    let length = length(column);
    (length > 0.0).then(|| column.iter().map(|value| value / length).collect())
}

fn subtract(column: &mut [f64], direction: &[f64], share: f64) {
    column.iter_mut().zip(direction).for_each(|(value, part)| *value -= share * part);
}

fn length(column: &[f64]) -> f64 {
    product(column, column).sqrt()
}

fn product(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).map(|(a, b)| a * b).sum()
}

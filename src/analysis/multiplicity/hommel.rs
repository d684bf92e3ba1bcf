//! Hommel's adjusted p-values without going through all intersections of hypotheses.
//!
//! # How the closure is shortened
//! Among the sets of s hypotheses that contain a given one, Simes' p-value is largest for the one that holds, beside it, the
//! s − 1 largest p-values: replacing a member by a larger one lowers no ordered p-value. Of each size one set is therefore
//! enough. In ascending order those s − 1 are the last; the given one comes first among the s, or is one of the last s
//! itself. So it takes m² / 2 products rather than the 2^m of the definition.
//!
//! # References
//! - Hommel G. A stagewise rejective multiple test procedure based on a modified Bonferroni test. Biometrika 1988;75:383-386. doi:10.1093/biomet/75.2.383.
//! - Wright SP. Adjusted p-values for simultaneous inference. Biometrics 1992;48:1005-1013. doi:10.2307/2532694.
//!
//! # Checked against
//! `tests/it/reference/p_adjust.rs` (R's `p.adjust`), `tests/it/independent/closed_testing.rs` (all intersections).

/// Writes the adjusted p-values of p-values in ascending order.
pub(super) fn step(sorted: &[f64], adjusted: &mut [f64]) {
    adjusted.copy_from_slice(sorted);
    let m = sorted.len();
    for size in 2..=m {
        let s = size as f64;
        let first = m - size;
        let largest = sorted[first + 1..].iter().zip(2_u32..);
        let of_largest = largest.map(|(&p, rank)| s / f64::from(rank) * p).fold(f64::INFINITY, f64::min);
        for (position, adjusted) in adjusted.iter_mut().enumerate() {
            let p = sorted[position.min(first)];
            *adjusted = adjusted.max((s * p).min(of_largest));
        }
    }
}

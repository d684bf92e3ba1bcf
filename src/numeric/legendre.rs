//! Gauss-Legendre quadrature in panels: nodes and weights for an integral over an interval, split where the function bends.
//!
//! Ten nodes a panel are exact for polynomials of degree 19; over panels two standard deviations wide they integrate the normal
//! density to 3e-16 (error term of Abramowitz and Stegun 25.4.30).
//!
//! # References
//! Abramowitz M, Stegun IA. Handbook of Mathematical Functions, 1964, 25.4.29, 25.4.30, table 25.4.
//!
//! # Checked against
//! `tests/it/independent/quadrature.rs`: polynomials, the normal density, a step.

/// A node of a rule: where a function is looked at, and how much that counts.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Node {
    /// Where.
    pub at: f64,
    /// How much.
    pub weight: f64,
}

/// Positive nodes of the rule of order ten on (−1, 1), with their weights.
const RULE: [(f64, f64); 5] = [
    (0.148_874_338_981_631_2, 0.295_524_224_714_752_87),
    (0.433_395_394_129_247_2, 0.269_266_719_309_996_35),
    (0.679_409_568_299_024_4, 0.219_086_362_515_982_04),
    (0.865_063_366_688_984_5, 0.149_451_349_150_580_6),
    (0.973_906_528_517_171_7, 0.066_671_344_308_688_14),
];

/// Nodes over an interval in panels of at most `width` that end at every one of the `breaks` inside it, which are in ascending
/// order. Empty where the interval is.
pub fn panels(interval: [f64; 2], width: f64, breaks: impl IntoIterator<Item = f64>) -> Vec<Node> {
    let [from, to] = interval;
    let mut nodes = Vec::new();
    let mut start = from;
    let inside = breaks.into_iter().filter(|&at| at > from && at < to);
    for end in inside.chain([to]) {
        fill(&mut nodes, start, end, width);
        start = end;
    }
    nodes
}

/// Adds the nodes of one stretch.
fn fill(nodes: &mut Vec<Node>, from: f64, to: f64, width: f64) {
    let length = to - from;
    if length.is_nan() || length <= 0.0 {
        return;
    }
    let n_panels = (length / width).ceil().max(1.0);
    let half = 0.5 * length / n_panels;
    for panel in 0..n_panels as usize {
        let middle = from + (2.0 * panel as f64 + 1.0) * half;
        for (at, weight) in RULE {
            nodes.push(Node { at: middle - half * at, weight: half * weight });
            nodes.push(Node { at: middle + half * at, weight: half * weight });
        }
    }
}

/// Integrals of `N` functions, computed together, over one panel.
pub fn panel<const N: usize>(from: f64, to: f64, mut functions: impl FnMut(f64) -> [f64; N]) -> [f64; N] {
    let (middle, half) = (0.5 * (from + to), 0.5 * (to - from));
    let mut sums = [0.0; N];
    for (at, weight) in RULE {
        let (left, right) = (functions(middle - half * at), functions(middle + half * at));
        for ((sum, left), right) in sums.iter_mut().zip(left).zip(right) {
            *sum += half * weight * (left + right);
        }
    }
    sums
}

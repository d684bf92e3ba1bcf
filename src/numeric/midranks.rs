//! Ranks of numbers, tied ones sharing the average of theirs.
//!
//! # Checked against
//! `tests/it/independent/ranks.rs`: counting smaller and equal numbers; `tests/it/reference/rank_and_oneway.rs` through tests on ranks.

/// Memory for ranking.
#[derive(Debug, Clone, Default)]
pub struct Midranks {
    order: Vec<(f64, u32)>,
    ranks: Vec<f64>,
    tie_term: f64,
}

impl Midranks {
    /// Memory for so many numbers.
    pub fn with_capacity(n: usize) -> Self {
        Self { order: Vec::with_capacity(n), ranks: Vec::with_capacity(n), tie_term: 0.0 }
    }

    /// Ranks the numbers from 1 for the smallest. NaN ranks last.
    pub fn rank(&mut self, values: impl IntoIterator<Item = f64>) -> &[f64] {
        self.order.clear();
        self.order.extend(values.into_iter().zip(0..));
        self.order.sort_unstable_by(|(a, _), (b, _)| a.total_cmp(b));
        self.ranks.clear();
        self.ranks.resize(self.order.len(), 0.0);
        self.tie_term = 0.0;
        let mut before = 0;
        for tied in self.order.chunk_by(|(a, _), (b, _)| a == b) {
            let t = tied.len() as f64;
            let rank = before as f64 + 0.5 * (t + 1.0);
            tied.iter().for_each(|&(_, place)| self.ranks[place as usize] = rank);
            self.tie_term += t * (t * t - 1.0);
            before += tied.len();
        }
        &self.ranks
    }

    /// The ranks last given, in the order in which the numbers came.
    pub fn ranks(&self) -> &[f64] {
        &self.ranks
    }

    /// Σ (t³ − t) over the groups of t equal numbers last ranked; 0 without ties.
    pub fn tie_term(&self) -> f64 {
        self.tie_term
    }
}

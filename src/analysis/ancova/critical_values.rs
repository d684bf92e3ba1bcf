//! Critical values, computed once per number of residual degrees of freedom.

use crate::numeric::distributions;

/// Two-sided critical values of t at some levels.
#[derive(Debug, Clone)]
pub(super) struct CriticalValues {
    levels: Vec<f64>,
    /// By degrees of freedom, then level.
    kept: Vec<Option<f64>>,
}

impl CriticalValues {
    /// Critical values at these levels.
    pub fn new(levels: Vec<f64>) -> Self {
        Self { levels, kept: Vec::new() }
    }

    /// Makes room for fits of up to so many participants.
    pub fn make_room(&mut self, n_participants: usize) {
        self.kept.resize((n_participants + 1) * self.levels.len(), None);
    }

    /// The critical value at the level of this position.
    pub fn get(&mut self, level: usize, df: usize) -> f64 {
        let alpha = self.levels[level];
        *self.kept[df * self.levels.len() + level]
            .get_or_insert_with(|| distributions::t_two_sided_quantile(alpha, df as f64))
    }
}

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

/// Critical values of F at one level and with one number of numerator degrees of freedom.
#[derive(Debug, Clone)]
pub(super) struct CriticalF {
    pub alpha: f64,
    pub df_arms: usize,
    kept: Vec<Option<f64>>,
}

impl CriticalF {
    /// Critical values at a level.
    pub fn new(alpha: f64, df_arms: usize) -> Self {
        Self { alpha, df_arms, kept: Vec::new() }
    }

    /// Makes room for fits of up to so many participants.
    pub fn make_room(&mut self, n_participants: usize) {
        self.kept.resize(n_participants + 1, None);
    }

    /// The critical value for so many residual degrees of freedom.
    pub fn get(&mut self, df: usize) -> f64 {
        *self.kept[df]
            .get_or_insert_with(|| distributions::f_upper_quantile(self.alpha, self.df_arms as f64, df as f64))
    }
}

//! One planned visit: a moment at which outcomes are recorded.

/// A planned visit.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Visit {
    /// Weeks since randomisation; the baseline visit is at week 0.
    pub week: f64,
}

impl Visit {
    /// What a reader sees: `baseline`, `week 10`, `week 6.5`.
    pub fn label(&self) -> String {
        if self.week == 0.0 { "baseline".to_owned() } else { format!("week {}", self.week) }
    }
}

//! One planned treatment session: when it takes place and whether it belongs to a booster block.

/// A planned session.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Session {
    /// Weeks since randomisation. The first session of a weekly course is in week 1, so that ten weekly
    /// sessions end in week 10 and a visit at week 10 sees the full effect of the tenth.
    pub week: f64,
    /// Whether the session belongs to a booster block after the first course.
    pub booster: bool,
}

impl Session {
    /// Sessions at even distances: so many, from the week of the first on, so many weeks apart.
    pub fn course(n: usize, first_week: f64, every_weeks: f64, booster: bool) -> Vec<Self> {
        // Rounding to a billionth of a week lets a session every 0.1 weeks fall exactly on a visit at week 0.3.
        let week = |k: usize| ((first_week + k as f64 * every_weeks) * 1e9).round() / 1e9;
        (0..n).map(|k| Self { week: week(k), booster }).collect()
    }
}

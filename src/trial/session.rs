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

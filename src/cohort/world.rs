//! The worlds in which participants can be followed: as it happens, or without intercurrent events.

/// A world for the estimands of ICH E9(R1).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum World {
    /// Events happen and sessions are stopped as the scenario says: the treatment policy strategy.
    AsItHappens,
    /// No intercurrent event happens and nobody stops the sessions before their planned end: the hypothetical strategy.
    /// Appointments are missed all the same.
    WithoutEvents,
}

//! How often a scenario is simulated, and from which seed.

/// Replicates and seed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Simulation {
    /// Seed of all random numbers.
    pub seed: u64,
    /// Number of simulated trials where many are asked for.
    pub replicates: u64,
}

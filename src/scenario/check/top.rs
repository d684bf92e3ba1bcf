//! What stands at the top of a scenario: its version, the published trial, seed and number of replicates.

use super::super::tree::KeyPath;
use super::super::{PUBLISHED_TRIALS, PublishedTrial, Simulation, WrittenScenario, codes, nearest};
use super::Check;

impl Check<'_> {
    /// The published trial of that name.
    pub(super) fn published(&mut self, written: &WrittenScenario) -> Option<PublishedTrial> {
        let name = written.published.as_deref()?;
        let found = PublishedTrial::named(name);
        if found.is_none() {
            let known = || PUBLISHED_TRIALS.iter().map(|trial| trial.name);
            let message = format!("no published trial is called `{name}`");
            self.report(codes::UNKNOWN_NAME, &KeyPath::of(&["published"]), message, |problem| {
                problem
                    .suggest(nearest(name, known()))
                    .help(format!("published trials: {}", known().collect::<Vec<_>>().join(", ")))
            });
        }
        found
    }

    /// Reports a version of the format that is not known.
    pub(super) fn version(&mut self, written: &WrittenScenario) {
        if let Some(version) = written.schema_version
            && version != 1
        {
            let message = format!("schema_version {version} is not known");
            self.report(codes::SCHEMA_VERSION, &KeyPath::of(&["schema_version"]), message, |problem| {
                problem.label("this program reads version 1")
            });
        }
    }

    /// Seed and number of replicates.
    pub(super) fn simulation(&mut self, written: &WrittenScenario) -> Simulation {
        let replicates = written.simulation.as_ref().and_then(|simulation| simulation.replicates).unwrap_or(2000);
        if replicates == 0 {
            let path = KeyPath::of(&["simulation", "replicates"]);
            self.report(codes::NOT_A_USABLE_NUMBER, &path, "`simulation.replicates` must be at least 1", |problem| {
                problem
            });
        }
        Simulation { seed: written.seed.unwrap_or(1), replicates: u64::from(replicates) }
    }
}

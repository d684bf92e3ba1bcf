//! `linger replay`: one replicate of a scenario whole, as it was among thousands, and why something in it has no estimate.

use anyhow::Result;

use super::arguments::{Replay, Trial};
use super::output::Console;
use super::source::Settings;
use crate::dataset::Names;

/// Runs the verb: the trial of that number.
pub fn run(verb: Replay, settings: &Settings, console: &Console) -> Result<()> {
    let trial = Trial { scenario: Some(verb.scenario), replicate: verb.replicate, names: Names::Tidy };
    super::trial::run(trial, settings, console)
}

//! How to get the same again: version, seed, hash, command; when and how long only where that was asked for.

use super::Subject;
use super::parts::{Block, Section};

/// How a report was made.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Made {
    /// The command that gives the same page again.
    pub command: String,
    /// The folder or file that was read; empty for a built-in scenario.
    pub source: String,
    /// When, and how long it took; without it the same subject gives the same bytes.
    pub stamp: Option<Stamp>,
}

/// What is different every time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stamp {
    /// The day, as `2026-11-26`.
    pub date: String,
    /// How long simulating and analysing took, in words.
    pub run_time: String,
}

/// The section.
pub(super) fn section(subject: Subject<'_>) -> Section {
    let mut facts = vec![["Program".to_owned(), format!("linger {}", env!("CARGO_PKG_VERSION"))]];
    let mut fact = |name: &str, value: String| facts.push([name.to_owned(), value]);
    if let Some(scenario) = subject.trial.scenario {
        fact("Seed", scenario.simulation.seed.to_string());
        fact("Scenario", format!("{} (hash of every setting that can change a simulated trial)", scenario.hash));
    }
    if let Some(replicate) = subject.replicate {
        fact("Trial shown", format!("replicate {replicate}"));
    }
    if let Some(own) = subject.evaluated {
        fact("Replicates", own.performance().n_replicates.to_string());
        if own.store.version() != env!("CARGO_PKG_VERSION") {
            fact("Simulated by", format!("linger {}", own.store.version()));
        }
    }
    if !subject.made.source.is_empty() {
        fact("Read from", subject.made.source.clone());
    }
    if let Some(stamp) = &subject.made.stamp {
        fact("Date", stamp.date.clone());
        if !stamp.run_time.is_empty() {
            fact("Run time", stamp.run_time.clone());
        }
    }
    let promise = match subject.trial.scenario {
        Some(_) => {
            "The same command with the same version gives this page again, byte for byte, whatever the number of threads. So the page says neither when it was made nor how long that took, unless --stamp asks for it."
        }
        None => "The same file and command with the same version give this page again, byte for byte.",
    };
    let blocks =
        vec![Block::Facts { facts }, Block::Code { text: subject.made.command.clone() }, Block::small(promise)];
    Section { id: "reproduction", heading: "To get this again".to_owned(), blocks }
}

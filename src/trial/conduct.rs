//! How a trial was conducted, beside what was recorded of its outcomes: exclusions, sessions attended, adverse events,
//! intercurrent events, reasons for being lost.

use std::sync::Arc;

/// A visit that never comes: the event did not happen, or the participant was never lost.
pub const NEVER: u8 = u8::MAX;

/// What the positions in [`Conduct`] mean.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ConductNames {
    /// Why candidates are excluded, in the order in which they are asked: entry rules, then exclusions.
    pub exclusions: Vec<String>,
    /// Severities of adverse events, mildest first.
    pub severities: Vec<String>,
    /// Intercurrent events beside stopping the sessions.
    pub events: Vec<EventName>,
    /// Reasons for being lost.
    pub reasons: Vec<String>,
}

/// An intercurrent event as it is named.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EventName {
    /// Short name used in files, e.g. `rescue_medication`.
    pub name: String,
    /// What a reader sees.
    pub label: String,
}

/// How a trial was conducted. A list is empty where nothing of its kind is known.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Conduct {
    /// What the positions mean.
    pub names: Arc<ConductNames>,
    /// Candidates excluded, per reason; who meets several is counted at the first.
    pub excluded: Vec<usize>,
    /// Sessions attended by each participant.
    pub sessions_attended: Vec<u16>,
    /// Per participant the first visit by which the sessions had been stopped before their planned end; [`NEVER`] if they were not.
    pub stopped: Vec<u8>,
    /// Adverse events: per severity, then per participant.
    pub adverse_events: Vec<Vec<u16>>,
    /// Intercurrent events: per event, then per participant, the first visit by which it had happened; [`NEVER`] if it did not.
    pub events: Vec<Vec<u8>>,
    /// Per participant the reason for being lost, as a position; [`NEVER`] for those who were not.
    pub reason: Vec<u8>,
}

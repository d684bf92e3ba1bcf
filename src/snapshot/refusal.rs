//! Why results are not compared with kept ones: there are none, or they belong to something else.

use std::fmt;

use super::subject::{Kind, Subject};

/// Why results are not compared with kept ones.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Refusal {
    /// Nothing is kept.
    Absent,
    /// Kept for another scenario, or other data.
    OtherSubject {
        /// What it is.
        kind: Kind,
        /// Hash of what was kept, and of what is there now.
        hashes: [String; 2],
        /// The settings that differ.
        changes: Vec<String>,
    },
    /// Kept with another generator of random numbers.
    OtherGenerator([String; 2]),
    /// Kept with another number of replicates.
    OtherReplicates([Option<u64>; 2]),
}

impl Refusal {
    /// Why results that belong to one thing are no others' to compare with; `None` where they are. Another seed is not among the reasons.
    pub fn between(kept: &Subject, now: &Subject) -> Option<Self> {
        if kept.kind != now.kind || kept.hash != now.hash {
            let hashes = [kept.hash.clone(), now.hash.clone()];
            return Some(Self::OtherSubject { kind: now.kind, hashes, changes: now.changes_since(kept) });
        }
        if kept.generator != now.generator {
            let name = |own: &Option<String>| own.clone().unwrap_or_else(|| "none".to_owned());
            return Some(Self::OtherGenerator([name(&kept.generator), name(&now.generator)]));
        }
        (kept.replicates != now.replicates).then_some(Self::OtherReplicates([kept.replicates, now.replicates]))
    }
}

/// Changed settings that are named.
const NAMED: usize = 3;

impl fmt::Display for Refusal {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Absent => formatter.write_str("nothing is kept for this case"),
            Self::OtherSubject { kind, hashes: [kept, now], changes } => {
                let noun = match kind {
                    Kind::Scenario => "another scenario",
                    Kind::Data => "other data",
                };
                write!(formatter, "what is kept belongs to {noun} (hash {kept}, now {now})")?;
                if changes.is_empty() {
                    return Ok(());
                }
                let named = changes.iter().take(NAMED).cloned().collect::<Vec<_>>().join("; ");
                let more = changes.len().saturating_sub(NAMED);
                let more = if more > 0 { format!("; and {more} more") } else { String::new() };
                write!(formatter, "; changed: {named}{more}")
            }
            Self::OtherGenerator([kept, now]) => {
                write!(formatter, "what is kept comes from another generator of random numbers ({kept}, now {now})")
            }
            Self::OtherReplicates([kept, now]) => {
                let of = |n: &Option<u64>| n.map_or_else(|| "none".to_owned(), |n| n.to_string());
                write!(
                    formatter,
                    "what is kept belongs to another number of replicates ({}, now {})",
                    of(kept),
                    of(now)
                )
            }
        }
    }
}

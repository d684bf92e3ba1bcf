//! What waits to be accepted: per case what is kept, and what the last test computed.

use anyhow::Result;

use crate::cli::guard::Guard;
use crate::cli::output::write_stderr;
use crate::scenario::TestCase;
use crate::snapshot::{Comparison, Kept, Refusal, Snapshot, compare_kept};

/// A case of which something waits.
pub struct Pending {
    /// The case.
    pub case: TestCase,
    /// What is kept.
    pub kept: Snapshot,
    /// What was computed.
    pub now: Snapshot,
}

impl Pending {
    /// Every case of which something waits; one whose kept results belong to something else can only be kept anew, which is said.
    pub fn read(guard: &Guard) -> Result<Vec<Self>> {
        let mut all = Vec::new();
        for case in &guard.tests.cases {
            let Some(now) = guard.proposal(&case.name)? else { continue };
            let Kept::Snapshot(kept) = guard.kept(&case.name)? else {
                let arguments = guard.arguments();
                let name = &case.name;
                write_stderr(&format!(
                    "note: nothing is kept for {name}; linger snapshot new {name}{arguments} --reason \"…\" keeps all"
                ));
                continue;
            };
            if let Some(refusal) = Refusal::between(&kept.subject, &now.subject) {
                let arguments = guard.arguments();
                let name = &case.name;
                write_stderr(&format!(
                    "note: {name}: {refusal}; linger snapshot new {name}{arguments} --reason \"…\" keeps all anew"
                ));
                continue;
            }
            all.push(Self { case: case.clone(), kept: *kept, now });
        }
        all.retain(|own| own.ids().next().is_some());
        Ok(all)
    }

    /// The comparisons that fail.
    pub fn changes(&self) -> Vec<Comparison> {
        compare_kept(&self.case, &self.kept, &self.now).into_iter().filter(Comparison::failed).collect()
    }

    /// Ids of what waits.
    pub fn ids(&self) -> impl Iterator<Item = &str> {
        let changed = self.changes();
        let ids = self
            .now
            .quantities
            .keys()
            .chain(self.kept.quantities.keys().filter(|id| !self.now.quantities.contains_key(*id)));
        ids.filter(move |id| changed.iter().any(|own| own.id == **id)).map(String::as_str)
    }
}

//! The four kinds of outcome: which keys belong to which.

use super::super::tree::KeyPath;
use super::super::{WrittenKind, WrittenOutcome, codes};
use super::Check;
use super::margins::Margin;

/// The keys that not all kinds have, below the table of the outcome, and the kinds that have them.
const KEYS: [(&[&str], &[WrittenKind]); 7] = [
    (&["range"], &[WrittenKind::Score, WrittenKind::Count]),
    (&["step"], &[WrittenKind::Score]),
    (&["levels"], &[WrittenKind::Ordinal]),
    (&["baseline", "mean"], &[WrittenKind::Score, WrittenKind::Count]),
    (&["baseline", "sd"], &[WrittenKind::Score, WrittenKind::Count]),
    (&["baseline", "share"], &[WrittenKind::Binary]),
    (&["baseline", "shares"], &[WrittenKind::Ordinal]),
];

impl Check<'_> {
    /// What belongs to the kind of an outcome; a placeholder where the kind itself is in doubt.
    pub(super) fn margin(&mut self, written: &WrittenOutcome, path: &KeyPath) -> Margin {
        let key = path.key("kind");
        if written.kind.is_none() && !self.tree.lacks(&key) {
            return Margin::default();
        }
        let kind = written.kind.unwrap_or_default();
        let foreign: Vec<&(&[&str], &[WrittenKind])> =
            KEYS.iter().filter(|(keys, kinds)| !kinds.contains(&kind) && self.tree.has(&below(path, keys))).collect();
        // Without a kind, the first foreign key says which one was meant; the others would only say it again.
        let said = if written.kind.is_none() { 1 } else { foreign.len() };
        for (keys, kinds) in foreign.iter().take(said) {
            let place = below(path, keys);
            let message = format!("`{place}` does not belong to {}", named(kind));
            let help = match kinds {
                [of] if written.kind.is_none() => format!("write kind = \"{}\" if that is meant", word(*of)),
                _ => format!("take it out; {}", description(kind)),
            };
            self.report_key(codes::KIND, &place, message, |problem| problem.help(help));
        }
        let is_a_score = ["mean", "sd"].iter().all(|key| self.tree.has(&path.key("baseline").key(key)));
        if written.kind.is_none() && !foreign.is_empty() && !is_a_score {
            return Margin::default();
        }
        let margin = match kind {
            WrittenKind::Score => self.score(written, path),
            WrittenKind::Binary => self.binary(written, path),
            WrittenKind::Count => self.counted(written, path),
            WrittenKind::Ordinal => self.ordinal(written, path),
        };
        Margin { kind_is_known: true, ..margin }
    }
}

fn below(path: &KeyPath, keys: &[&str]) -> KeyPath {
    keys.iter().fold(path.clone(), |path, key| path.key(key))
}

/// A kind as it is written.
fn word(kind: WrittenKind) -> &'static str {
    match kind {
        WrittenKind::Score => "score",
        WrittenKind::Binary => "binary",
        WrittenKind::Count => "count",
        WrittenKind::Ordinal => "ordinal",
    }
}

fn named(kind: WrittenKind) -> &'static str {
    match kind {
        WrittenKind::Score => "a score",
        WrittenKind::Binary => "a binary outcome",
        WrittenKind::Count => "a count",
        WrittenKind::Ordinal => "an ordinal outcome",
    }
}

/// What an outcome of a kind has instead.
fn description(kind: WrittenKind) -> &'static str {
    match kind {
        WrittenKind::Score => "a score has `range`, `step`, `baseline.mean` and `baseline.sd`",
        WrittenKind::Binary => "a binary outcome is recorded as 0 or 1 and has `baseline.share`",
        WrittenKind::Count => "a count has `range`, `baseline.mean` and `baseline.sd`",
        WrittenKind::Ordinal => "an ordinal outcome has `levels` and `baseline.shares`",
    }
}

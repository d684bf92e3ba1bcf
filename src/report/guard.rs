//! What a comparison with kept results says to its readers: sentences for a terminal, JUnit for a machine, Markdown for a pull request.

mod annotations;
mod junit;
mod page;
mod picture;
mod rows;
mod summary;
mod words;

use crate::scenario::TestKind;
use crate::snapshot::{Comparison, Judged, Verdict};

pub use annotations::{MOST_ANNOTATIONS, annotations};
pub use junit::junit;
pub use page::{PageError, page};
pub use rows::{GuardRow, rows};
pub use summary::{MOST_BYTES, summary};
pub use words::{counts, described, failed_of, lines, side_by_side};

/// Everything that was run.
#[derive(Debug, Clone, PartialEq)]
pub struct GuardReport {
    /// Version of the program.
    pub version: String,
    /// The file with the cases, as it was named.
    pub tests_file: String,
    /// The profile.
    pub profile: String,
    /// The comparisons that were made; `None` for all.
    pub only: Option<TestKind>,
    /// A seed instead of those of the scenarios.
    pub seed: Option<u64>,
    /// What follows the verb in commands that go on from here: ` --file …` and ` -o …` where they are not the usual ones.
    pub arguments: String,
    /// The cases, in their order.
    pub cases: Vec<CaseReport>,
}

/// One case.
#[derive(Debug, Clone, PartialEq)]
pub struct CaseReport {
    /// Its name.
    pub name: String,
    /// The scenario or data file.
    pub subject: String,
    /// Line of the case in the file with the cases.
    pub line: usize,
    /// The file of its kept results.
    pub snapshot: String,
    /// What is said of it, or why it could not be run.
    pub judged: Result<Judged, String>,
    /// How long it took.
    pub seconds: f64,
}

impl CaseReport {
    /// Every comparison.
    pub fn comparisons(&self) -> &[Comparison] {
        self.judged.as_ref().map_or(&[], |judged| &judged.comparisons)
    }

    /// Those to act upon, failures first.
    pub fn notable(&self) -> Vec<&Comparison> {
        let mut notable: Vec<&Comparison> =
            self.comparisons().iter().filter(|own| own.severity != crate::snapshot::Severity::Fine).collect();
        notable.sort_by_key(|own| std::cmp::Reverse(own.severity));
        notable
    }

    /// Why its kept results were not compared, with what to do.
    pub fn refused(&self, report: &GuardReport) -> Option<String> {
        let refusal = self.judged.as_ref().ok()?.refusal.as_ref()?;
        Some(format!("{refusal}; {}", report.new_command(&self.name)))
    }
}

impl GuardReport {
    /// How many comparisons were made: what has nothing to be compared with, in a case of which nothing is kept, is none.
    pub fn n_comparisons(&self) -> usize {
        let made = |own: &&Comparison| own.failed() || own.verdict != Verdict::New;
        self.cases.iter().flat_map(CaseReport::comparisons).filter(made).count()
    }

    /// How many failed.
    pub fn n_failed(&self) -> usize {
        self.cases.iter().flat_map(CaseReport::comparisons).filter(|own| own.failed()).count()
    }

    /// How many cases could not be run.
    pub fn n_broken(&self) -> usize {
        self.cases.iter().filter(|case| case.judged.is_err()).count()
    }

    /// How many cases have no kept results of their own.
    pub fn n_refused(&self) -> usize {
        self.cases.iter().filter(|case| case.judged.as_ref().is_ok_and(|own| own.refusal.is_some())).count()
    }

    /// Whether nothing is wrong.
    pub fn is_fine(&self) -> bool {
        self.n_failed() + self.n_broken() + self.n_refused() == 0
    }

    /// The command that keeps the results of a case anew.
    pub fn new_command(&self, case: &str) -> String {
        format!("keep what is there now: linger snapshot new {case}{} --reason \"…\"", self.arguments)
    }

    /// The command that accepts a changed value.
    pub fn accept_command(&self, case: &str, id: &str) -> String {
        let id = format!("{case}/{id}");
        let plain = id.chars().all(|letter| letter.is_ascii_alphanumeric() || "._-/~".contains(letter));
        let id = if plain { id } else { format!("'{}'", id.replace('\'', "'\\''")) };
        format!("linger snapshot accept {id}{} --reason \"…\"", self.arguments)
    }
}

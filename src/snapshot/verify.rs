//! Recomputing the stored numbers of other programs: the table of references, one entry per method, and what came of each.
//!
//! [`METHODS`] is the only place that says which numbers of `tests/reference` are recomputed, how, and how far they may differ. The
//! tests in `tests/it/reference` and the command `linger verify` both go through it. The files are compiled in, so that an installed
//! program needs nothing beside itself; a folder may be read in their place, to see that a wrong number is found.
//!
//! Never here: a tolerance without its reason, a number that no file holds, words for readers, exit codes.

mod comparisons;
mod installation;
mod references;
pub mod synthetic;
mod table;

mod ancova;
mod binary;
mod binomial_intervals;
mod correlations;
mod descriptive;
mod distributions;
mod effect_sizes;
mod equivalence;
mod gee;
mod graph;
mod group_sequential;
pub mod imputation;
mod max_t;
mod mixed_model;
mod mmrm;
mod multiplicity;
mod p_adjust;
mod power;
mod rank_and_oneway;
mod rank_sum;
mod streams;
mod t_tests;

use rayon::prelude::*;

pub use comparisons::{Comparisons, Difference, EXACT, Quantity, Tolerance};
pub use installation::{Installation, ProgramFile};
pub use references::{ReferenceError, References, Stored};
pub use table::{Row, Table};

/// A method of the table: one folder of `tests/reference`.
#[derive(Debug, PartialEq)]
pub struct Method {
    /// Name of the folder, and of the method in `linger verify METHOD`.
    pub name: &'static str,
    /// What it is, for readers.
    pub title: &'static str,
    /// The program that the stored numbers come from, with its version.
    pub source: &'static str,
    /// Rows of the ledger of methods (`src/analysis/README.md`), by their first cell, whose numbers are held against this source.
    pub covers: &'static [&'static str],
    /// What is recomputed, file by file.
    pub checks: &'static [Check],
}

/// One stored file of numbers and how they are recomputed.
pub struct Check {
    /// The file.
    pub file: &'static Stored,
    /// What is recomputed, and how, in a sentence.
    pub recomputed: &'static str,
    /// Lines of the file that hold nothing to be recomputed.
    pub left_out: usize,
    /// Every tolerance that numbers of the file are held to.
    pub tolerances: &'static [Tolerance],
    /// Recomputes the numbers and compares them.
    pub run: Run,
}

/// Reads a check's file and others that it needs, and compares line by line.
pub type Run = fn(&References, &mut Comparisons) -> Result<(), ReferenceError>;

impl std::fmt::Debug for Check {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("Check").field("file", &self.file.name).finish_non_exhaustive()
    }
}

impl PartialEq for Check {
    fn eq(&self, other: &Self) -> bool {
        self.file == other.file
    }
}

/// The table of references, in the order of the ledger of methods.
pub static METHODS: [&Method; 22] = [
    &ancova::METHOD,
    &mmrm::METHOD,
    &gee::METHOD,
    &mixed_model::METHOD,
    &binary::METHOD,
    &t_tests::METHOD,
    &rank_sum::METHOD,
    &rank_and_oneway::METHOD,
    &effect_sizes::METHOD,
    &correlations::METHOD,
    &equivalence::METHOD,
    &p_adjust::METHOD,
    &multiplicity::METHOD,
    &max_t::METHOD,
    &graph::METHOD,
    &distributions::METHOD,
    &group_sequential::METHOD,
    &power::METHOD,
    &imputation::METHOD,
    &binomial_intervals::METHOD,
    &descriptive::METHOD,
    &streams::METHOD,
];

/// The method of a name.
pub fn method(name: &str) -> Option<&'static Method> {
    METHODS.into_iter().find(|method| method.name == name)
}

/// What came of one file.
#[derive(Debug, Clone, PartialEq)]
pub struct CheckResult {
    /// The check.
    pub check: &'static Check,
    /// Every quantity that was compared.
    pub quantities: Vec<Quantity>,
    /// Lines of the file of which at least one number was compared.
    pub lines: usize,
    /// Why the file could not be compared to its end.
    pub problem: Option<ReferenceError>,
}

impl CheckResult {
    /// Whether everything was compared and nothing differs by more than its tolerance.
    pub fn holds(&self) -> bool {
        self.problem.is_none() && self.quantities.iter().all(Quantity::holds)
    }
}

/// What came of one method.
#[derive(Debug, Clone, PartialEq)]
pub struct MethodResult {
    /// The method.
    pub method: &'static Method,
    /// Its files.
    pub checks: Vec<CheckResult>,
}

impl MethodResult {
    /// Whether all its numbers hold.
    pub fn holds(&self) -> bool {
        self.checks.iter().all(CheckResult::holds)
    }

    /// Numbers compared.
    pub fn n(&self) -> usize {
        self.quantities().map(|quantity| quantity.n).sum()
    }

    /// All its quantities, file by file.
    pub fn quantities(&self) -> impl Iterator<Item = &Quantity> {
        self.checks.iter().flat_map(|check| &check.quantities)
    }

    /// The quantity that comes nearest to its tolerance, or is farthest beyond it.
    pub fn worst(&self) -> Option<&Quantity> {
        self.quantities().filter(|own| own.worst.is_some()).max_by(|a, b| a.strain().total_cmp(&b.strain()))
    }
}

/// Recomputes every number of the methods. `finished` is told after each file how many comparisons were made in it, from several
/// threads; results do not depend on their number.
pub fn verify(
    references: &References,
    methods: &[&'static Method],
    finished: impl Fn(&CheckResult) + Sync,
) -> Vec<MethodResult> {
    let all: Vec<&'static Check> = methods.iter().flat_map(|method| method.checks).collect();
    let results = all.into_par_iter().with_max_len(1).map(|check| {
        let result = check.result(references);
        finished(&result);
        result
    });
    let mut results: Vec<CheckResult> = results.collect();
    let mut rest = results.drain(..);
    let of =
        |method: &&'static Method| MethodResult { method, checks: rest.by_ref().take(method.checks.len()).collect() };
    methods.iter().map(of).collect()
}

impl Check {
    /// Recomputes the numbers of this file.
    pub fn result(&'static self, references: &References) -> CheckResult {
        let mut comparisons = Comparisons::new(self.file.name);
        let done = references.table(self.file).and_then(|_| (self.run)(references, &mut comparisons));
        let lines = comparisons.lines();
        let expected = self.file.lines - self.left_out;
        let problem = done.err().or_else(|| {
            let unread = ReferenceError::NotCompared { file: self.file.name, compared: lines, expected };
            (lines != expected).then_some(unread)
        });
        CheckResult { check: self, quantities: comparisons.into_quantities(), lines, problem }
    }
}

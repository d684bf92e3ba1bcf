//! Numbers that another program computed, one file per method: each goes through the table of references, `linger::snapshot::verify`,
//! as `linger verify` does.

mod ancova;
mod binary;
mod binomial_intervals;
mod correlations;
pub mod data;
mod descriptive;
mod distributions;
mod effect_sizes;
mod equivalence;
mod gee;
mod graph;
mod group_sequential;
mod imputation;
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
mod table_of_references;

use linger::report::qualification::failures_of;
use linger::snapshot::verify::{Check, CheckResult, METHODS, References};

/// The check of a file.
fn check(file: &str) -> &'static Check {
    let mut all = METHODS.iter().flat_map(|method| method.checks);
    all.find(|check| check.file.name == file).unwrap_or_else(|| panic!("{file} is not in the table of references"))
}

/// Asserts that so many numbers of a file are recomputed, every one within its tolerance.
#[track_caller]
fn holds(file: &str, n_numbers: usize) -> CheckResult {
    let result = check(file).result(&References::compiled_in());
    assert!(result.holds(), "{}", failures_of(&result).join("\n"));
    let n: usize = result.quantities.iter().map(|quantity| quantity.n).sum();
    assert_eq!(n, n_numbers, "numbers compared in {file}");
    result
}

//! Comparing results with kept ones, with targets in Monte Carlo errors and with bounds, quantity by quantity, and saying which moved.
//!
//! A case of a `linger-tests.toml` is computed ([`compute()`]) into quantities with ids; [`judge()`] compares them. Kept numbers are exact: they
//! belong to a scenario, a seed, a number of replicates and a generator, and [`Refusal`] says where they do not belong to what was computed.
//!
//! Never here: deciding the exit code, or overwriting what was kept unasked.
//!
//! # Checked against
//! `tests/it/guard/mod.rs`: faults put into kept files by hand, one by one.

mod band;
mod bounds;
mod compare;
mod compute;
mod ids;
mod judge;
mod kept;
mod kept_file;
mod of_many_trials;
mod of_one_trial;
mod pattern;
mod proposals;
mod quantity;
mod refusal;
pub mod subject;
mod verdict;
pub mod verify;

pub use compare::compare_kept;
pub use compute::{CaseError, Computed, Run, compute};
pub use judge::{Judged, Kept, judge};
pub use kept::{Acceptance, FORMAT, KeptQuantity, Snapshot};
pub use kept_file::{WrittenQuantity, WrittenSnapshot, read_snapshot};
pub use pattern::fits;
pub use proposals::{accept, is_open, reject};
pub use quantity::{Quantity, Target, Value};
pub use refusal::Refusal;
pub use subject::Subject;
pub use verdict::{Basis, Comparison, Severity, Verdict};

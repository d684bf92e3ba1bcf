//! Sample size and power: how often a trial succeeds, by simulation and by formula, and how large it must be.
//!
//! # Success
//! A trial succeeds where the p-value of a contrast (its own, or that after the plan's multiplicity rule) is below the plan's alpha
//! *and* the estimate favours the first-named arm. Of a two-sided test only the tail in the better direction counts: a trial that
//! shows the treatment to do harm is no success, whatever its p-value. A trial without an estimate is none either. Where power is
//! of any use the other tail is next to nothing, and this is power as everybody knows it.
//!
//! # Method
//! A formula ([`closed_form`]) knows means, spread, correlation and loss. Everything else that a scenario holds, bounded scores,
//! therapists, events, several visits, needs simulation: [`search()`] finds the smallest number at which the target is reached,
//! with an interval, and [`Varied`] says what the number is a number of.
//!
//! # Checked against
//! `tests/it/reference/power.rs`: R's power of t, F, analysis of covariance and equivalence; `tests/it/independent/power.rs`: brute
//! force, and searches by simulation of designs of which the answer is known.

mod allocation;
mod approximation;
mod assurance;
pub mod closed_form;
mod protocol;
mod question;
mod rows;
mod search;
mod success;
mod varied;

pub use allocation::{AllocationSearch, ShareTried, search_allocation};
pub use approximation::{Approximation, ExpectedPrecision};
pub use assurance::{Assurance, PER_DRAW, assurance, search_assurance};
pub use protocol::{Recomputed, recompute};
pub use question::{NoSuchQuestion, Question};
pub use rows::{PowerRow, ShareRow, power_rows, share_rows};
pub use search::{Answer, Goal, PowerPoint, Search, search};
pub use success::{Tally, Trials, true_difference};
pub use varied::{CannotVary, Setting, Varied, apportion, per_arm, size_settings, sizes_per_arm};

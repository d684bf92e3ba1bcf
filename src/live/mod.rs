//! A scenario's answers while somebody moves a slider: one request in JSON in, what the library computes out, natively and in a page.
//!
//! The core of the library (numbers, trial, scenario, cohort, analysis, operating characteristics without files) also compiles for
//! `wasm32-unknown-unknown`; `CORE` holds the bytes. [`answer()`] is the only way in: a page and a native caller
//! send the same text and get the same numbers.
//!
//! Never here: a new statistic, a word for readers, a panic on a request.

mod about;
mod answer;
mod build_up;
mod controls;
mod courses;
mod names;
mod power;
mod replicates;
mod request;
mod trial;

#[cfg(feature = "program")]
mod browser_core;
#[cfg(target_arch = "wasm32")]
mod exports;

pub use answer::answer;
#[cfg(feature = "program")]
pub use browser_core::{CORE, LOADER};

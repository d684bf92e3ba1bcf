#![doc = include_str!("README.md")]
// A page and WebAssembly share nothing but memory, so that the browser's core has one file with `unsafe`.
#![cfg_attr(not(target_arch = "wasm32"), forbid(unsafe_code))]

#[cfg(feature = "program")]
pub mod guard;
pub mod numeric;
pub mod trial;

pub mod scenario;

pub mod analysis;
pub mod cohort;
#[cfg(feature = "program")]
pub mod dataset;

pub mod operating_characteristics;

pub mod live;
#[cfg(feature = "program")]
pub mod page;
#[cfg(feature = "program")]
pub mod plots;
#[cfg(feature = "program")]
pub mod snapshot;

#[cfg(feature = "program")]
pub mod lesson;
#[cfg(feature = "program")]
pub mod report;

#[cfg(feature = "program")]
pub mod cli;

#![doc = include_str!("README.md")]
// A page and WebAssembly share nothing but memory, so that the browser's core has one file with `unsafe`.
#![cfg_attr(not(target_arch = "wasm32"), forbid(unsafe_code))]

pub mod numeric;
pub mod trial;

pub mod scenario;

pub mod analysis;
pub mod cohort;
pub mod dataset;

pub mod operating_characteristics;

pub mod page;
pub mod plots;
pub mod snapshot;

pub mod lesson;
pub mod report;

pub mod cli;

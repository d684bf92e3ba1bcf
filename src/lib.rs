#![doc = include_str!("README.md")]

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

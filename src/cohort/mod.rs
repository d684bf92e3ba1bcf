//! One scenario and one replicate number in, one simulated set of randomised participants out: the hot loop.
//!
//! The route is screen, allocate, live, drop out. Random numbers are drawn stream by stream (`draws`) and handed to
//! pure transformations, so that changing dropout, an arm's schedule or a later visit leaves every other draw as it was.
//!
//! Never here: files, frames, knowledge of how the cohort will be analysed, allocation of memory in the loop.

mod build_up;
mod draws;
mod dropout;
mod expected;
mod generate;
mod measurement;
mod randomise;
mod screening;
mod trajectory;

pub use build_up::{BuildUp, Component, Part, build_up};
pub use dropout::Dropout;
pub use expected::{Expectations, MeanCourse, expected_sd, mean_course};
pub use generate::{CohortWorkspace, Generator, generate};
pub use measurement::Measurement;
pub use randomise::Allocation;
pub use trajectory::{LatentCourse, mean_change};

//! One scenario and one replicate number in, one simulated set of randomised participants out: the hot loop.
//!
//! The route is enrol (screen, describe, allocate), follow, drop out. Random numbers are drawn stream by stream (`draws`) and handed to
//! pure transformations, so that changing dropout, an arm's schedule or a later visit leaves every other draw as it was.
//!
//! Never here: files, frames, knowledge of how the cohort will be analysed, allocation of memory in the loop.

mod adverse_events;
mod attendance;
mod build_up;
mod categories;
mod characteristics;
mod conditions;
mod conduct;
mod draws;
mod dropout;
mod enrolment;
mod expected;
mod factor;
mod follow_up;
mod generate;
mod measurement;
mod missing;
mod own;
mod randomise;
mod screening;
mod sessions_left;
mod severity;
mod shifts;
mod therapists;
mod trajectory;
mod world;

pub use build_up::{BuildUp, ChangeSource, Component, Part, build_up};
pub use dropout::Dropout;
pub use expected::{Expectations, MeanCourse, expected_sd, mean_course};
pub use generate::{CohortWorkspace, Generator, generate};
pub use measurement::Measurement;
pub use trajectory::{LatentCourse, mean_change};
pub use world::World;

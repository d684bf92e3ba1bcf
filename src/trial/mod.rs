//! The nouns of a randomised trial over time, as plain data: arms, visits, outcomes, sessions, observations, estimates.
//!
//! Nothing here draws a random number, fits a model or knows a file format. Positions
//! (`arm`, `visit`, `outcome` as `usize`) always follow the order of [`Layout`].

mod arm;
mod conduct;
mod contrast;
mod data;
mod estimate;
mod link;
mod measure;
mod outcome;
mod part;
mod participant_flow;
mod record;
mod session;
mod visit;

pub use arm::Arm;
pub use conduct::{Conduct, ConductNames, EventName, NEVER};
pub use contrast::Contrast;
pub use data::{Covariate, CovariateValues, Layout, MAX_VISITS, OutcomeData, TrialData};
pub use estimate::{AdjustedMean, Estimate, Omnibus};
pub use link::Link;
pub use measure::Measure;
pub use outcome::{Direction, Outcome, OutcomeKind};
pub use part::Part;
pub use participant_flow::{AdverseEventCounts, ArmFlow, EventCounts, ParticipantFlow, SessionsAttended};
pub use record::{ColumnKind, RecordColumn, Rows};
pub use session::Session;
pub use visit::Visit;

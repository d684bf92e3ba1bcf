//! Generate, analyse and summarise over many replicates, each number with its Monte Carlo error.
//!
//! Never here: a second implementation of an estimator, a progress bar.

mod calibrate;
mod performance;
mod priors;
mod replicates;
mod schedule;
mod truth;
mod twins;

pub use calibrate::{CalibratedSetting, Calibration, MetTarget, SIGNIFICANT_DIGITS, calibrate};
pub use performance::{ContrastPerformance, Performance, Proportion, VisitPerformance};
pub use priors::{PriorDraw, Uncertain};
pub use replicates::{BLOCK, evaluate, run};
pub use schedule::{
    Asked, BenefitSpread, Boosters, JudgedPlan, NoSearch, PlanSpace, ScheduleRow, ScheduleSearch, SessionPlan, schedule_rows,
    search_schedules,
};
pub use truth::{
    KeepError, Measure, TrueMeans, TrueNumber, TrueRow, TrueValues, kept_true_values, true_rows, true_values,
};
pub use twins::{
    Comparison, LeftOut, NotTwins, Obstacle, Paired, Pairing, Quantity, Side, TwinContrast, TwinRow, TwinScores,
    compare, pair, twin_rows,
};

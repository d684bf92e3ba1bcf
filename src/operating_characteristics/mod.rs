//! Generate, analyse and summarise over many replicates, each number with its Monte Carlo error.
//!
//! Never here: a second implementation of an estimator, a progress bar.

mod calibrate;
mod interim;
mod performance;
mod replicates;
mod truth;
mod twins;

pub use calibrate::{CalibratedSetting, Calibration, MetTarget, SIGNIFICANT_DIGITS, calibrate};
pub use interim::{
    ArmLooks, ContrastLooks, InterimLooks, InterimPerformance, InterimQuantity, InterimRow, Look, UnderTruth, interim_looks,
    interim_rows, planned_looks,
};
pub use performance::{ContrastPerformance, Performance, Proportion, VisitPerformance};
pub use replicates::{BLOCK, evaluate, run};
pub use truth::{
    KeepError, Measure, TrueMeans, TrueNumber, TrueRow, TrueValues, kept_true_values, true_rows, true_values,
};
pub use twins::{
    Comparison, LeftOut, NotTwins, Obstacle, Paired, Pairing, Quantity, Side, TwinContrast, TwinRow, TwinScores,
    compare, pair, twin_rows,
};

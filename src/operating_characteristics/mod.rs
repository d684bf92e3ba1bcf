//! Generate, analyse and summarise over many replicates, each number with its Monte Carlo error.
//!
//! Never here: a second implementation of an estimator, a progress bar.

mod blocks;
mod calibrate;
mod performance;
mod rejections;
mod replicates;
mod truth;
mod twins;

pub use blocks::{BLOCK, Progress, ROUND};
pub use calibrate::{CalibratedSetting, Calibration, MetTarget, SIGNIFICANT_DIGITS, calibrate};
pub use performance::{ContrastPerformance, Performance, Proportion, VisitPerformance};
pub use rejections::{ContrastRejections, Rejections, VisitRejections, rejections, run_decisions};
pub use replicates::{evaluate, evaluate_in_rounds, run, run_in_rounds};
pub use truth::{
    KeepError, Measure, TrueMeans, TrueNumber, TrueRow, TrueValues, kept_true_values, true_rows, true_values,
};
pub use twins::{
    Comparison, LeftOut, NotTwins, Obstacle, Paired, Pairing, Quantity, Side, TwinContrast, TwinRow, TwinScores,
    compare, pair, twin_rows,
};

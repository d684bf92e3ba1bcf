//! Generate, analyse and summarise over many replicates, each number with its Monte Carlo error.
//!
//! Never here: a second implementation of an estimator, a progress bar.

mod calibrate;
mod performance;
mod replicates;
mod truth;
mod twins;

pub use calibrate::{CalibratedSetting, Calibration, MetTarget, SIGNIFICANT_DIGITS, calibrate};
pub use performance::{ContrastPerformance, Performance, Proportion, VisitPerformance};
pub use replicates::{BLOCK, evaluate, run};
pub use truth::{
    Caveat, Claimed, ClaimedTruth, How, KeepError, Measure, NoTruth, StrategySource, TrueMeans, TrueNumber, TrueRow,
    TrueValues, claimed_strategy, claimed_truth, kept_true_values, true_rows, true_values,
};
pub use twins::{
    Comparison, LeftOut, NotTwins, Obstacle, Paired, Pairing, Quantity, Side, TwinContrast, TwinRow, TwinScores,
    compare, pair, twin_rows,
};

//! Generate, analyse and summarise over many replicates, each number with its Monte Carlo error.
//!
//! Never here: a second implementation of an estimator, a progress bar.

#[cfg(feature = "program")]
mod another_plan;
mod blocks;
mod calibrate;
#[cfg(feature = "program")]
mod claimed_intervals;
#[cfg(feature = "program")]
mod evaluation;
mod interim;
#[cfg(feature = "program")]
mod kept_rows;
mod paired;
mod performance;
mod precision;
mod priors;
mod proportion;
mod record;
mod rejections;
mod replicates;
#[cfg(feature = "program")]
mod running;
pub mod sample_size;
mod schedule;
#[cfg(feature = "program")]
mod store;
#[cfg(feature = "program")]
mod stored;
#[cfg(feature = "program")]
mod sweep;
mod truth;
mod twins;

#[cfg(feature = "program")]
pub use another_plan::NotKept;
pub use blocks::{BLOCK, Progress, ROUND};
pub use calibrate::{CalibratedSetting, Calibration, MetTarget, SIGNIFICANT_DIGITS, calibrate};
#[cfg(feature = "program")]
pub use claimed_intervals::{ClaimedIntervals, IntervalsOf, ReplicateInterval, claimed_intervals, kept_intervals};
#[cfg(feature = "program")]
pub use evaluation::{Ended, Evaluation, evaluate_until};
pub use interim::{
    ArmLooks, ContrastLooks, InterimLooks, InterimPerformance, InterimQuantity, InterimRow, Look, UnderTruth,
    interim_looks, interim_rows, planned_looks,
};
pub use paired::Paired;
pub use performance::{
    Against, ContrastPerformance, Failures, FirstReplicates, Measured, MethodPair, Number, Performance, Recentred,
    TrueValue, VisitPerformance, is_no_difference, relative_precision,
};
#[cfg(feature = "program")]
pub use performance::{PerformanceRow, performance_rows};
pub use precision::{Precision, PrecisionError};
pub use priors::{PriorDraw, Uncertain};
pub use proportion::Proportion;
pub use record::{RecordReader, record_columns, write_record};
pub use rejections::{ContrastRejections, Rejections, VisitRejections, rejections, run_decisions};
pub use replicates::{evaluate, evaluate_in_rounds, run, run_in_rounds};
#[cfg(feature = "program")]
pub use running::running;
pub use schedule::{
    Asked, BenefitSpread, Boosters, JudgedPlan, NoSearch, PlanSpace, ScheduleRow, ScheduleSearch, SessionPlan,
    schedule_rows, search_schedules,
};
#[cfg(feature = "program")]
pub use store::{
    CHUNK_LENGTH, Filled, Merged, Repeated, Run, Shard, ShardError, Store, StoreError, StoreWriter, fill, merge,
};
#[cfg(feature = "program")]
pub use stored::{StoredPlan, evaluate_in_store, evaluate_store, fill_store};
#[cfg(feature = "program")]
pub use sweep::{Effort, Forecast, SweepRow, cell_folder, forecast, sweep, sweep_in_folder, sweep_rows};
pub use truth::{
    Caveat, Claimed, ClaimedTruth, How, Measure, NoTruth, StrategySource, TrueMeans, TrueNumber, TrueRow, TrueValues,
    claimed_strategy, claimed_truth, true_rows, true_values,
};
#[cfg(feature = "program")]
pub use truth::{KeepError, kept_true_values};
pub use twins::{
    Comparison, LeftOut, NotTwins, Obstacle, Pairing, Quantity, Side, TwinContrast, TwinRow, TwinScores, compare, pair,
    twin_rows,
};

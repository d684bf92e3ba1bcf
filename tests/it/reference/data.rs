//! The trials of `tests/reference/data`, for tests that compare them otherwise than the table of references does.

use linger::snapshot::verify::References;
use linger::snapshot::verify::synthetic::{DATA_SETS, DataSets};
use linger::trial::{Covariate, TrialData};

pub use linger::snapshot::verify::synthetic::{CONTRASTS, VISITS};

fn sets() -> DataSets {
    DataSets::read(&References::compiled_in()).unwrap_or_else(|error| panic!("{error}"))
}

fn position(data_set: &str) -> usize {
    DATA_SETS.iter().position(|own| *own == data_set).expect("a data set of the list")
}

/// A data set as a trial of scores.
pub fn trial(data_set: &str) -> TrialData {
    sets().trial(position(data_set), false).unwrap_or_else(|error| panic!("{error}"))
}

/// Its covariates: age, sex, therapist.
pub fn covariates(data_set: &str) -> Vec<Covariate> {
    sets().covariates(position(data_set)).unwrap_or_else(|error| panic!("{error}"))
}

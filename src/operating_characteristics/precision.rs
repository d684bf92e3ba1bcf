//! When an evaluation is precise enough: a Monte Carlo standard error that every contrast of the main analysis has to reach.

use super::performance::{ContrastPerformance, Measured, Performance};
use super::proportion::Proportion;

/// A Monte Carlo standard error that is wanted of a measure.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Precision {
    /// Of which measure.
    pub measured: Measured,
    /// The largest error that will do, above 0.
    pub mcse: f64,
}

/// Why a wish for precision cannot be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PrecisionError {
    /// It is not written as it should be.
    #[error("expected MEASURE=ERROR, such as power=0.005")]
    Form,
    /// The error is no number above 0.
    #[error("{0:?} is no number above 0")]
    Error(String),
    /// The measure is unknown, or its error is known after the last replicate only.
    #[error("{name:?} is no measure that can be waited for; there are {}", known())]
    Measure {
        /// What was written.
        name: String,
    },
}

fn known() -> String {
    Precision::MEASURES.map(Measured::name).join(", ")
}

impl Precision {
    /// Measures whose error is known as replicates come in, and needs no true value that a plan may not have.
    pub const MEASURES: [Measured; 5] =
        [Measured::Power, Measured::AdjustedPower, Measured::Coverage, Measured::MeanEstimate, Measured::EmpiricalSe];

    /// Whether every contrast of the main analysis at every visit has it. A share of 0 or 1 has an estimated error of 0 after any
    /// number of replicates: shares are therefore judged with two hits and two misses more than there were (Agresti and Coull
    /// 1998, doi:10.1080/00031305.1998.10480550). Contrasts without any estimate, or without the true value that coverage needs, are left out;
    /// where there is no other, nothing is reached.
    pub fn is_reached(&self, performance: &Performance) -> bool {
        let mut contrasts = performance.visits.iter().flat_map(|visit| &visit.contrasts);
        let mut any = false;
        let reached = contrasts.all(|own| match self.error(own) {
            Some(error) => {
                any = true;
                error <= self.mcse
            }
            None => true,
        });
        reached && any
    }

    /// The largest error among the contrasts of the main analysis; `None` where none has one.
    pub fn largest_error(&self, performance: &Performance) -> Option<f64> {
        let contrasts = performance.visits.iter().flat_map(|visit| &visit.contrasts);
        contrasts.filter_map(|own| self.error(own)).reduce(f64::max)
    }

    fn error(&self, own: &ContrastPerformance) -> Option<f64> {
        let share = |share: Proportion| {
            (share.of > 0).then(|| Proportion { hits: share.hits + 2, of: share.of + 4 }.mcse()).flatten()
        };
        match self.measured {
            Measured::Power => share(own.rejected),
            Measured::AdjustedPower => share(own.rejected_adjusted),
            Measured::Coverage => share(own.covered),
            measured => own.measure(measured, None)?.mcse,
        }
    }
}

impl std::str::FromStr for Precision {
    type Err = PrecisionError;

    fn from_str(text: &str) -> Result<Self, PrecisionError> {
        let (name, error) = text.split_once('=').ok_or(PrecisionError::Form)?;
        let measured = Self::MEASURES.into_iter().find(|measured| measured.name() == name.trim());
        let measured = measured.ok_or_else(|| PrecisionError::Measure { name: name.trim().to_owned() })?;
        let mcse = error.trim().parse::<f64>().ok().filter(|mcse| *mcse > 0.0 && mcse.is_finite());
        Ok(Self { measured, mcse: mcse.ok_or_else(|| PrecisionError::Error(error.trim().to_owned()))? })
    }
}

//! True values that estimates are held against, laid out like an analysis.

use crate::analysis::Analysis;
use crate::operating_characteristics::truth::{Claimed, ClaimedTruth};

/// True values on the scale of the estimates; `None` where none is known. Laid out like an [`Analysis`].
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Against {
    /// By fit and contrast.
    pub fits: Vec<Vec<Option<f64>>>,
    /// By outcome and pair of visits, and contrast.
    pub between_visits: Vec<Vec<Option<f64>>>,
    /// By combination.
    pub combinations: Vec<Option<f64>>,
    /// By sensitivity analysis.
    pub sensitivity: Vec<Against>,
}

impl Against {
    /// No true value is known of anything in an analysis.
    pub fn nothing(analysis: &Analysis) -> Self {
        Self {
            fits: analysis.fits.iter().map(|fit| vec![None; fit.contrasts.len()]).collect(),
            between_visits: analysis.between_visits.iter().map(|pair| vec![None; pair.contrasts.len()]).collect(),
            combinations: vec![None; analysis.combinations.len()],
            sensitivity: analysis.sensitivity.iter().map(Self::nothing).collect(),
        }
    }
}

impl From<&ClaimedTruth> for Against {
    fn from(truth: &ClaimedTruth) -> Self {
        let values = |claimed: &Vec<Claimed>| claimed.iter().map(|own| own.value).collect();
        Self {
            fits: truth.fits.iter().map(values).collect(),
            between_visits: truth.between_visits.iter().map(values).collect(),
            combinations: values(&truth.combinations),
            sensitivity: truth.sensitivity.iter().map(Self::from).collect(),
        }
    }
}

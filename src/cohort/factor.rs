//! Factors of a simulated trial: covariates with levels, made once and filled in place for every replicate.

use crate::trial::{Covariate, CovariateValues};

/// A factor in which nobody has a level yet.
pub(super) fn empty_factor(name: &str, levels: Vec<String>, n_participants: usize) -> Covariate {
    let values = CovariateValues::Factor { levels, values: vec![None; n_participants] };
    Covariate { name: name.to_owned(), values }
}

/// Overwrites the levels of all participants of a factor.
pub(super) fn fill(factor: &mut Covariate, levels: impl Iterator<Item = Option<u8>>) {
    if let CovariateValues::Factor { values, .. } = &mut factor.values {
        values.iter_mut().zip(levels).for_each(|(value, level)| *value = level.map(u32::from));
    }
}

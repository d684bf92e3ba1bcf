//! Strata: the combinations of levels of some characteristics, each with blocks of its own.

use crate::scenario::Design;

/// Combinations of levels, numbered from 0.
#[derive(Debug, Clone)]
pub(super) struct Strata {
    /// Characteristics that decide, each with the number of levels it has.
    by: Vec<(usize, usize)>,
    number: usize,
}

impl Strata {
    /// Those of these characteristics (positions) of a design; without any, everybody is in one stratum.
    pub fn new(design: &Design, characteristics: &[usize]) -> Self {
        let n_levels = |&own: &usize| (own, design.characteristics[own].levels.len());
        let by: Vec<(usize, usize)> = characteristics.iter().map(n_levels).collect();
        Self { number: by.iter().map(|(_, n_levels)| n_levels).product(), by }
    }

    /// Number of strata, whether anybody is in them or not.
    pub fn number(&self) -> usize {
        self.number
    }

    /// The stratum of a participant: levels as digits, the last characteristic's counting ones.
    pub fn of(&self, levels: &[Vec<u8>], participant: usize) -> usize {
        let add = |stratum: usize, &(characteristic, n_levels): &(usize, usize)| {
            stratum * n_levels + usize::from(levels[characteristic][participant])
        };
        self.by.iter().fold(0, add)
    }
}

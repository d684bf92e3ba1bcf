//! Characteristics of those who entered: the level of each, drawn from its share, known before randomisation.
//!
//! Every participant takes one uniform from the stream of each characteristic, in the order of enrolment. So a further
//! characteristic, or other levels of one, leaves the levels of the others as they were; and as candidates have none,
//! neither does it decide who enters.
//!
//! # Checked against
//! `tests/it/independent/enrolment.rs`: frequencies, and levels from replayed draws.

use rand::RngExt;

use super::categories::Categories;
use super::draws::Purpose;
use super::factor::{empty_factor, fill};
use crate::scenario::{Characteristic, Design};
use crate::trial::Covariate;

/// The characteristics of a design, ready to be drawn.
#[derive(Debug, Clone)]
pub(super) struct Characteristics {
    levels: Vec<Categories>,
}

impl Characteristics {
    /// Prepares those of a design.
    pub fn new(design: &Design) -> Self {
        let shares =
            |characteristic: &Characteristic| Categories::new(characteristic.levels.iter().map(|level| level.share));
        Self { levels: design.characteristics.iter().map(shares).collect() }
    }

    /// Draws the level of everybody: compactly into `levels[characteristic][participant]`, and as factors into the first
    /// covariates.
    pub fn draw(&self, seed: u64, replicate: u64, levels: &mut [Vec<u8>], covariates: &mut [Covariate]) {
        let places = levels.iter_mut().zip(covariates);
        for (characteristic, (categories, (levels, covariate))) in self.levels.iter().zip(places).enumerate() {
            let mut stream = Purpose::Characteristic { characteristic }.stream(seed, replicate);
            levels.iter_mut().for_each(|level| *level = categories.of(stream.random()));
            fill(covariate, levels.iter().copied().map(Some));
        }
    }
}

/// The factors that [`Characteristics::draw`] fills.
pub(super) fn factors(design: &Design) -> impl Iterator<Item = Covariate> {
    let n_participants = design.n_participants();
    let factor = move |characteristic: &Characteristic| {
        let levels = characteristic.levels.iter().map(|level| level.name.clone()).collect();
        empty_factor(&characteristic.name, levels, n_participants)
    };
    design.characteristics.iter().map(factor)
}

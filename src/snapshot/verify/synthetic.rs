//! The three synthetic trials of `tests/reference/data`, as trials and as plain samples.

use std::sync::Arc;

use super::references::stored;
use super::{ReferenceError, References, Row, Stored, Table};
use crate::scenario::{Combination, CombinationTerm, CombinationVisit, MultiplicityRule, Plan};
use crate::trial::{
    Arm, Contrast, Covariate, CovariateValues, Direction, Layout, Outcome, OutcomeData, TrialData, Visit,
};

/// The data sets: complete, with monotone dropout, with gaps.
pub const DATA_SETS: [&str; 3] = ["trial_complete", "trial_monotone", "trial_intermittent"];

/// Their files.
pub static FILES: [Stored; 3] = [
    stored!("data/trial_complete.csv", 401),
    stored!("data/trial_monotone.csv", 401),
    stored!("data/trial_intermittent.csv", 401),
];

/// Arms in the order of the reference programs, the first being the reference.
pub const ARMS: [&str; 3] = ["usual", "relaxation", "structural"];

/// Columns of the visits and their weeks.
pub const VISITS: [(&str, f64); 4] = [("base", 0.0), ("y10", 10.0), ("y26", 26.0), ("y52", 52.0)];

/// Contrasts in the order of the reference programs.
pub const CONTRASTS: [Contrast; 3] =
    [Contrast { arm: 1, versus: 0 }, Contrast { arm: 2, versus: 0 }, Contrast { arm: 1, versus: 2 }];

/// Names of [`CONTRASTS`].
pub const CONTRAST_NAMES: [&str; 3] = ["relaxation - usual", "structural - usual", "relaxation - structural"];

/// The data sets, read.
#[derive(Debug)]
pub struct DataSets([Table; 3]);

impl DataSets {
    /// Reads the three files.
    ///
    /// # Errors
    /// A file that cannot be read.
    pub fn read(references: &References) -> Result<Self, ReferenceError> {
        let [complete, monotone, intermittent] = FILES.each_ref().map(|file| references.table(file));
        Ok(Self([complete?, monotone?, intermittent?]))
    }

    /// The table of a data set, by its position.
    pub fn table(&self, data_set: usize) -> &Table {
        &self.0[data_set]
    }

    /// A data set as a trial of one score; with `change`, the values after baseline are changes from it.
    ///
    /// # Errors
    /// A cell that cannot be read.
    pub fn trial(&self, data_set: usize, change: bool) -> Result<TrialData, ReferenceError> {
        let rows: Vec<Row> = self.0[data_set].rows().collect();
        let mut outcome = OutcomeData::empty(rows.len(), VISITS.len());
        let mut arms = Vec::with_capacity(rows.len());
        for (participant, row) in rows.iter().enumerate() {
            arms.push(row.one_of("arm", &ARMS)? as u8);
            for (visit, (name, _)) in VISITS.iter().enumerate() {
                let origin = if change && visit > 0 { row.number("base")? } else { 0.0 };
                outcome.set(participant, visit, row.maybe_number(name)?.map(|value| value - origin));
            }
        }
        Ok(TrialData {
            layout: Arc::new(layout()),
            identifiers: None,
            arm: arms,
            outcomes: vec![outcome],
            covariates: Vec::new(),
            screened: None,
            conduct: None,
        })
    }

    /// Age as a number, sex and therapist as factors with the levels that occur, in the order of the alphabet.
    ///
    /// # Errors
    /// A data set without them, or a cell that cannot be read.
    pub fn covariates(&self, data_set: usize) -> Result<Vec<Covariate>, ReferenceError> {
        let rows: Vec<Row> = self.0[data_set].rows().collect();
        let age = rows.iter().map(|row| row.maybe_number("age")).collect::<Result<_, _>>()?;
        let factor = |name: &str| {
            let own: Vec<&str> = rows.iter().map(|row| row.text(name)).collect::<Result<_, _>>()?;
            let mut levels: Vec<String> = own.iter().map(|&level| level.to_owned()).collect();
            levels.sort_unstable();
            levels.dedup();
            let position = |level: &&str| levels.iter().position(|own| own == level).map(|i| i as u32);
            Ok(CovariateValues::Factor { values: own.iter().map(position).collect(), levels: levels.clone() })
        };
        let named = |name: &str, values| Covariate { name: name.into(), values };
        Ok(vec![
            named("age", CovariateValues::Numeric(age)),
            named("sex", factor("sex")?),
            named("therapist", factor("therapist")?),
        ])
    }

    /// What a row of a stored table is about: the values at its `visit`, of every arm of its `dataset`; less the baseline where its
    /// `outcome` is `change`.
    ///
    /// # Errors
    /// A cell that cannot be read.
    pub fn samples(&self, row: Row) -> Result<[Vec<f64>; 3], ReferenceError> {
        let (data_set, visit) = (data_set(row)?, row.text("visit")?);
        let change = row.one_of("outcome", &["y", "change"])? == 1;
        let mut samples: [Vec<f64>; 3] = Default::default();
        for own in self.0[data_set].rows() {
            let origin = if change { own.number("base")? } else { 0.0 };
            let arm = own.one_of("arm", &ARMS)?;
            samples[arm].extend(own.maybe_number(visit)?.map(|value| value - origin));
        }
        Ok(samples)
    }

    /// The two samples that a row of a stored table contrasts, the first-named one first.
    ///
    /// # Errors
    /// A cell that cannot be read.
    pub fn contrasted(&self, row: Row) -> Result<[Vec<f64>; 2], ReferenceError> {
        let mut samples = self.samples(row)?;
        let Contrast { arm, versus } = CONTRASTS[contrast(row)?];
        Ok([arm, versus].map(|own| std::mem::take(&mut samples[own])))
    }
}

fn layout() -> Layout {
    let arm = |(i, name): (usize, &&str)| Arm {
        name: (*name).into(),
        label: (*name).into(),
        reference: i == 0,
        sessions: Vec::new(),
    };
    let score =
        Outcome { name: "score".into(), label: "Score".into(), better: Some(Direction::Lower), ..Outcome::default() };
    Layout {
        arms: ARMS.iter().enumerate().map(arm).collect(),
        visits: VISITS.iter().map(|&(_, week)| Visit { week }).collect(),
        outcomes: vec![score],
    }
}

/// The contrasts of the reference programs at 5 %, each by itself; by covariance at each visit.
pub fn plan() -> Plan {
    Plan {
        outcomes: vec![0],
        contrasts: CONTRASTS.to_vec(),
        alpha: 0.05,
        multiplicity: MultiplicityRule::None,
        ..Plan::default()
    }
}

/// Position of a row's `dataset`.
///
/// # Errors
/// Another word.
pub fn data_set(row: Row) -> Result<usize, ReferenceError> {
    row.one_of("dataset", &DATA_SETS)
}

/// Position of a row's `visit` among all visits, baseline being 0.
///
/// # Errors
/// Another word.
pub fn visit(row: Row) -> Result<usize, ReferenceError> {
    row.one_of("visit", &VISITS.map(|(name, _)| name))
}

/// Position of a row's `contrast`.
///
/// # Errors
/// Another word.
pub fn contrast(row: Row) -> Result<usize, ReferenceError> {
    row.one_of("contrast", &CONTRAST_NAMES)
}

/// Position of a row's `arm`.
///
/// # Errors
/// Another word.
pub fn arm(row: Row) -> Result<usize, ReferenceError> {
    row.one_of("arm", &ARMS)
}

/// The contrasts of [`CONTRASTS`] averaged over the visits, as combinations of adjusted means.
pub fn averages_over_visits() -> Vec<Combination> {
    let mean = |weight, arm| CombinationTerm { weight, arm, visit: CombinationVisit::All };
    let average = |(position, contrast): (usize, Contrast)| Combination {
        name: CONTRAST_NAMES[position].to_owned(),
        terms: vec![mean(1.0, contrast.arm), mean(-1.0, contrast.versus)],
    };
    CONTRASTS.into_iter().enumerate().map(average).collect()
}

/// Whether two names of coefficients mean the same product, whatever the order of its factors.
pub fn same_product(one: &str, other: &str) -> bool {
    let factors = |name: &str| {
        let mut factors: Vec<String> = name.split(':').map(str::to_owned).collect();
        factors.sort_unstable();
        factors
    };
    factors(one) == factors(other)
}

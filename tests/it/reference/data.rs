//! The trials of `tests/reference/data`, read as linger reads trials.

use std::sync::Arc;

use linger::scenario::{Combination, CombinationTerm, CombinationVisit};
use linger::trial::{Arm, Contrast, Covariate, CovariateValues, Layout, Outcome, TrialData, Visit};

use crate::table::Row;
use crate::trials;

/// The data sets: complete, with monotone dropout, with gaps.
pub const DATA_SETS: [&str; 3] = ["trial_complete", "trial_monotone", "trial_intermittent"];
/// Arms in the order of the reference programs, the first being the reference.
pub const ARMS: [&str; 3] = ["usual", "relaxation", "structural"];
/// Columns of the visits and their weeks.
pub const VISITS: [(&str, f64); 4] = [("base", 0.0), ("y10", 10.0), ("y26", 26.0), ("y52", 52.0)];
/// Contrasts in the order of the reference programs.
pub const CONTRASTS: [Contrast; 3] =
    [Contrast { arm: 1, versus: 0 }, Contrast { arm: 2, versus: 0 }, Contrast { arm: 1, versus: 2 }];

/// A data set as a trial; with `change`, the values after baseline are changes from it.
pub fn trial(rows: &[Row], change: bool) -> TrialData {
    let arm = |(i, name): (usize, &&str)| Arm {
        name: (*name).into(),
        label: (*name).into(),
        reference: i == 0,
        sessions: Vec::new(),
    };
    let layout = Layout {
        arms: ARMS.iter().enumerate().map(arm).collect(),
        visits: VISITS.iter().map(|&(_, week)| Visit { week }).collect(),
        outcomes: vec![Outcome { range: None, step: None, ..trials::score() }],
    };
    let position = |row: &Row| ARMS.iter().position(|arm| *arm == row.text("arm")).expect("an arm of the list") as u8;
    let values = |row: &Row| {
        let origin = |visit| if change && visit > 0 { row.number("base") } else { 0.0 };
        let value = |(visit, &(name, _)): (usize, &(&str, f64))| row.maybe_number(name).map(|y| y - origin(visit));
        VISITS.iter().enumerate().map(value).collect()
    };
    let arms: Vec<u8> = rows.iter().map(position).collect();
    let values: Vec<Vec<Option<f64>>> = rows.iter().map(values).collect();
    trials::trial(&Arc::new(layout), &arms, &values)
}

/// Age as a number, sex and therapist as factors with the levels that occur, in the order of the alphabet.
pub fn covariates(rows: &[Row]) -> Vec<Covariate> {
    let age = CovariateValues::Numeric(rows.iter().map(|row| row.maybe_number("age")).collect());
    let factor = |name: &str| {
        let mut levels: Vec<String> = rows.iter().map(|row| row.text(name).to_owned()).collect();
        levels.sort_unstable();
        levels.dedup();
        let position = |row: &Row| levels.iter().position(|level| level == row.text(name)).map(|i| i as u32);
        CovariateValues::Factor { values: rows.iter().map(position).collect(), levels }
    };
    let named = |name: &str, values| Covariate { name: name.into(), values };
    vec![named("age", age), named("sex", factor("sex")), named("therapist", factor("therapist"))]
}

/// The contrasts of [`CONTRASTS`] averaged over the visits, as combinations of adjusted means.
pub fn averages_over_visits() -> Vec<Combination> {
    let mean = |weight, arm| CombinationTerm { weight, arm, visit: CombinationVisit::All };
    let average = |contrast: Contrast| Combination {
        name: format!("{} - {}", ARMS[contrast.arm], ARMS[contrast.versus]),
        terms: vec![mean(1.0, contrast.arm), mean(-1.0, contrast.versus)],
    };
    CONTRASTS.map(average).to_vec()
}

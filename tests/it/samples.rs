//! Plain samples, one per arm, of the three synthetic trials.

use crate::table::{self, Row};

/// Arms of the synthetic trials.
pub const ARMS: [&str; 3] = ["usual", "relaxation", "structural"];

/// The recorded values at a visit of every arm of a data set; the outcome `change` is less the baseline.
pub fn samples(data_set: &str, visit: &str, outcome: &str) -> [Vec<f64>; 3] {
    let rows = table::reference(&format!("data/{data_set}.csv"));
    let value = |row: &Row| {
        let origin = if outcome == "change" { row.number("base") } else { 0.0 };
        row.maybe_number(visit).map(|value| value - origin)
    };
    ARMS.map(|arm| rows.iter().filter(|row| row.text("arm") == arm).filter_map(value).collect())
}

/// What a row of a stored table is about: the samples of its data set, visit and outcome.
pub fn samples_of(row: &Row) -> [Vec<f64>; 3] {
    samples(row.text("dataset"), row.text("visit"), row.text("outcome"))
}

/// The two samples that a row of a stored table contrasts, the first-named one first.
pub fn contrasted(row: &Row) -> (Vec<f64>, Vec<f64>) {
    let samples = samples_of(row);
    let (first, second) = row.text("contrast").split_once(" - ").expect("two arms");
    let sample = |name: &str| samples[ARMS.iter().position(|arm| *arm == name).expect("an arm of the list")].clone();
    (sample(first), sample(second))
}

/// Where a row of a stored table stands.
pub fn place(row: &Row) -> String {
    format!("{} {} {}", row.text("dataset"), row.text("visit"), row.text("outcome"))
}

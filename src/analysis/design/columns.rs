//! Filling a design with the values of one outcome of one trial.

use super::super::columns::{LANES, dot, lane_sum};
use super::{Design, Factor, NumberSource, Part};
use crate::scenario::Response;
use crate::trial::{CovariateValues, TrialData};

/// Below this share of its squares a number's spread is rounding, and the number a constant.
const NEGLIGIBLE: f64 = 1e-24;

impl Design {
    /// Fills in the participants' columns for one outcome. Allocates nothing once it has seen a trial of the size.
    pub fn fill(&mut self, trial: &TrialData, outcome: usize) {
        let n = trial.n_participants();
        self.n_participants = n;
        self.complete.clear();
        self.complete.resize(n, 1.0);
        if self.response == Response::Change {
            mark_baseline(&mut self.complete, trial, outcome);
        }
        self.fill_numbers(trial, outcome);
        self.fill_levels(trial);
        self.fill_columns(trial);
    }

    fn fill_numbers(&mut self, trial: &TrialData, outcome: usize) {
        let n = trial.n_participants();
        self.number_values.clear();
        for source in &self.numbers {
            match *source {
                NumberSource::Baseline => baseline(&mut self.number_values, &mut self.complete, trial, outcome),
                NumberSource::BaselineOf(other) => {
                    baseline(&mut self.number_values, &mut self.complete, trial, other);
                }
                NumberSource::Column(column) => {
                    if let CovariateValues::Numeric(values) = &trial.covariates[column].values {
                        for (value, complete) in values.iter().zip(&mut self.complete) {
                            *complete *= f64::from(u8::from(value.is_some()));
                            self.number_values.push(value.unwrap_or(0.0));
                        }
                    }
                }
            }
        }
        self.centres.clear();
        self.constant.clear();
        let n_complete = lane_sum(&self.complete);
        for number in 0..self.numbers.len() {
            let values = &mut self.number_values[number * n..(number + 1) * n];
            let centre = dot(values, &self.complete) / n_complete.max(1.0);
            let (spread, scale) = squares(values, &self.complete, centre);
            // Of squares that are no numbers, and of nobody, there are other things to say.
            self.constant.push(n_complete > 0.0 && scale.is_finite() && spread <= NEGLIGIBLE * scale);
            let centre = if self.hierarchical { centre } else { 0.0 };
            values.iter_mut().for_each(|value| *value -= centre);
            self.centres.push(centre);
        }
    }

    fn fill_levels(&mut self, trial: &TrialData) {
        self.level_values.clear();
        for &Factor { column, .. } in &self.factors {
            if let CovariateValues::Factor { values, .. } = &trial.covariates[column].values {
                for (value, complete) in values.iter().zip(&mut self.complete) {
                    *complete *= f64::from(u8::from(value.is_some()));
                    self.level_values.push(value.unwrap_or(0));
                }
            }
        }
    }

    /// Writes a participants' column as if everybody were in one arm: its value for each; where something is
    /// missing, any number.
    pub fn column_under(&self, z: usize, arm: usize, column: &mut Vec<f64>) {
        let n = self.n_participants;
        column.clear();
        column.resize(n, 1.0);
        for part in &self.z_parts[z] {
            match *part {
                Part::Arm(own) => {
                    if own != arm {
                        column.fill(0.0);
                    }
                }
                Part::Number(number) => times_number(column, &self.number_values[number * n..(number + 1) * n]),
                Part::Level { factor, level } => {
                    times_level(column, &self.level_values[factor * n..(factor + 1) * n], level);
                }
            }
        }
    }

    fn fill_columns(&mut self, trial: &TrialData) {
        let n = self.n_participants;
        self.z.clear();
        for parts in &self.z_parts {
            let start = self.z.len();
            self.z.extend_from_slice(&self.complete);
            let column = &mut self.z[start..];
            for part in parts {
                match *part {
                    Part::Arm(arm) => column
                        .iter_mut()
                        .zip(&trial.arm)
                        .for_each(|(z, &own)| *z *= f64::from(u8::from(usize::from(own) == arm))),
                    Part::Number(number) => times_number(column, &self.number_values[number * n..(number + 1) * n]),
                    Part::Level { factor, level } => {
                        times_level(column, &self.level_values[factor * n..(factor + 1) * n], level);
                    }
                }
            }
        }
    }
}

fn times_number(column: &mut [f64], values: &[f64]) {
    column.iter_mut().zip(values).for_each(|(z, value)| *z *= value);
}

fn times_level(column: &mut [f64], levels: &[u32], level: u32) {
    column.iter_mut().zip(levels).for_each(|(z, &own)| *z *= f64::from(u8::from(own == level)));
}

/// Sums of squares of known values about a centre and about 0, in a fixed order.
fn squares(values: &[f64], known: &[f64], centre: f64) -> (f64, f64) {
    let (mut about_centre, mut about_zero) = ([0.0; LANES], [0.0; LANES]);
    let ((values, values_rest), (known, known_rest)) = (values.as_chunks::<LANES>(), known.as_chunks::<LANES>());
    for (values, known) in values.iter().zip(known) {
        for lane in 0..LANES {
            about_centre[lane] += known[lane] * (values[lane] - centre) * (values[lane] - centre);
            about_zero[lane] += known[lane] * values[lane] * values[lane];
        }
    }
    for (lane, (value, known)) in values_rest.iter().zip(known_rest).enumerate() {
        about_centre[lane] += known * (value - centre) * (value - centre);
        about_zero[lane] += known * value * value;
    }
    (about_centre.iter().sum(), about_zero.iter().sum())
}

/// Adds the baseline of an outcome.
fn baseline(values: &mut Vec<f64>, complete: &mut [f64], trial: &TrialData, outcome: usize) {
    values.extend_from_slice(&trial.outcomes[outcome].values[..trial.n_participants()]);
    mark_baseline(complete, trial, outcome);
}

/// Those without a recorded baseline are incomplete.
fn mark_baseline(complete: &mut [f64], trial: &TrialData, outcome: usize) {
    for (complete, &observed) in complete.iter_mut().zip(&trial.outcomes[outcome].observed) {
        *complete *= f64::from(observed & 1);
    }
}

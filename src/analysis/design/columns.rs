//! Filling a design with the values of one outcome of one trial.

use super::super::columns::{LANES, dot, lane_sum};
use super::{Design, Factor, NumberSource, Part};
use crate::scenario::Response;
use crate::trial::{CovariateValues, TrialData};

/// Below this share of its scale a number's spread is rounding, and the number a constant.
const NEGLIGIBLE: f64 = 1e-12;

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
        for values in self.number_values.chunks_exact_mut(n.max(1)) {
            // Those who are not complete take no part in the sums, whatever stands in their places.
            let centre = dot(values, &self.complete) / n_complete.max(1.0);
            let spread = squares_about(centre, values, &self.complete);
            let scale = squares_about(0.0, values, &self.complete);
            self.constant.push(spread <= NEGLIGIBLE * scale);
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
                    Part::Number(number) => column
                        .iter_mut()
                        .zip(&self.number_values[number * n..(number + 1) * n])
                        .for_each(|(z, value)| *z *= value),
                    Part::Level { factor, level } => column
                        .iter_mut()
                        .zip(&self.level_values[factor * n..(factor + 1) * n])
                        .for_each(|(z, &own)| *z *= f64::from(u8::from(own == level))),
                }
            }
        }
    }
}

/// Sum of squares about a centre over those who count, in a fixed order of several running sums.
fn squares_about(centre: f64, values: &[f64], counts: &[f64]) -> f64 {
    let ((values, values_rest), (counts, counts_rest)) = (values.as_chunks::<LANES>(), counts.as_chunks::<LANES>());
    let mut lanes = [0.0; LANES];
    for (values, counts) in values.iter().zip(counts) {
        for (lane, (value, count)) in lanes.iter_mut().zip(values.iter().zip(counts)) {
            *lane += count * (value - centre) * (value - centre);
        }
    }
    let rest = values_rest.iter().zip(counts_rest).map(|(value, count)| count * (value - centre) * (value - centre));
    lanes.iter().sum::<f64>() + rest.sum::<f64>()
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

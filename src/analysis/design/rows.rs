//! Rows of a design: the combinations of coefficients that are adjusted means, and those that are R's coefficients.

use super::super::columns::{dot, lane_sum};
use super::{Design, Factor, Over, Part, over_at};
use crate::scenario::LevelWeights;
use crate::trial::{CovariateValues, TrialData};

/// Averages at which adjusted means are taken.
#[derive(Debug, Clone, Default)]
pub(in super::super) struct Averages {
    /// Average of each number, less its centre.
    numbers: Vec<f64>,
    /// Weight of each level, factor by factor.
    levels: Vec<f64>,
    /// Where each factor's levels begin.
    starts: Vec<usize>,
}

impl Design {
    /// Takes averages over the observations of a fit; `weight` is the number of observations of each participant in it, 0 for those
    /// who take no part. Allocates nothing once it has seen a design.
    pub fn average(&self, weight: &[f64], averages: &mut Averages) {
        let n = self.n_participants;
        let total = lane_sum(weight).max(f64::MIN_POSITIVE);
        averages.numbers.clear();
        for values in self.number_values.chunks_exact(n.max(1)) {
            averages.numbers.push(dot(values, weight) / total);
        }
        averages.levels.clear();
        averages.starts.clear();
        for (factor, &Factor { n_levels, .. }) in self.factors.iter().enumerate() {
            let start = averages.levels.len();
            averages.starts.push(start);
            averages.levels.resize(start + n_levels, 0.0);
            let shares = &mut averages.levels[start..];
            let own = self.level_values.iter().skip(factor * n).take(n);
            own.zip(weight).for_each(|(&level, w)| shares[level as usize] += w / total);
            if self.weights == LevelWeights::Equal {
                let n_present = shares.iter().filter(|share| **share > 0.0).count().max(1) as f64;
                shares.iter_mut().filter(|share| **share > 0.0).for_each(|share| *share = 1.0 / n_present);
            }
        }
    }

    /// Writes the combination of coefficients that is the adjusted mean of an arm at a modelled visit.
    pub fn mean_row(&self, averages: &Averages, visit: usize, arm: usize, row: &mut [f64]) {
        for (cell, column) in row.iter_mut().zip(&self.columns) {
            let part = |part: &Part| match *part {
                Part::Arm(own) => f64::from(u8::from(own == arm)),
                Part::Number(number) => averages.numbers[number],
                Part::Level { factor, level } => averages.levels[averages.starts[factor] + level as usize],
            };
            let over = over_at(column.over, visit, &self.weeks);
            *cell = if over == 0.0 { 0.0 } else { over * self.z_parts[column.z].iter().map(part).product::<f64>() };
        }
    }

    /// Writes the combination of this design's coefficients that is R's coefficient at a position in the order of the terms.
    ///
    /// With treatment contrasts a coefficient is a difference from the reference level in the factors of its term, a slope in its
    /// numbers, all else at the reference level and at 0.
    pub fn coefficient_row(&self, coefficient: usize, row: &mut [f64]) {
        let (wanted, wanted_over) = &self.written[coefficient];
        for (cell, column) in row.iter_mut().zip(&self.columns) {
            let own = &self.z_parts[column.z];
            let mut value = self.visit_coefficient(*wanted_over, column.over) * self.arm_coefficient(wanted, own);
            for number in 0..self.numbers.len() {
                let in_own = own.contains(&Part::Number(number));
                value *= match (wanted.contains(&Part::Number(number)), in_own) {
                    (true, true) | (false, false) => 1.0,
                    (true, false) => 0.0,
                    (false, true) => -self.centres[number],
                };
            }
            for factor in 0..self.factors.len() {
                value *= self.level_coefficient(factor, wanted, own);
            }
            *cell = value;
        }
    }

    fn visit_coefficient(&self, wanted: Over, own: Over) -> f64 {
        let at = |visit: usize| over_at(own, visit, &self.weeks);
        match (wanted, own) {
            (Over::Week, Over::Week) => 1.0,
            (Over::Week, _) | (_, Over::Week) => 0.0,
            (Over::Every, _) => at(0),
            (Over::At(visit), _) => at(visit) - at(0),
        }
    }

    fn arm_coefficient(&self, wanted: &[Part], own: &[Part]) -> f64 {
        let arm_of =
            |parts: &[Part]| parts.iter().find_map(|part| if let Part::Arm(arm) = part { Some(*arm) } else { None });
        let at = |arm: usize| arm_of(own).map_or(1.0, |own| f64::from(u8::from(own == arm)));
        match arm_of(wanted) {
            Some(arm) => at(arm) - at(self.reference_arm),
            None => at(self.reference_arm),
        }
    }

    fn level_coefficient(&self, factor: usize, wanted: &[Part], own: &[Part]) -> f64 {
        let level_of = |parts: &[Part]| {
            parts.iter().find_map(|part| match *part {
                Part::Level { factor: other, level } if other == factor => Some(level),
                _ => None,
            })
        };
        let at = |level: u32| level_of(own).map_or(1.0, |own| f64::from(u8::from(own == level)));
        let reference = self.factors[factor].reference;
        match level_of(wanted) {
            Some(level) => at(level) - at(reference),
            None => at(reference),
        }
    }

    /// R's coefficients by name, in the order of the terms: `(Intercept)`, `baseline`, `arm[relaxation]:visit[week 26]`.
    pub fn coefficient_names(&self, trial: &TrialData) -> Vec<String> {
        self.written.iter().map(|(parts, over)| self.name(trial, parts, *over)).collect()
    }

    /// The name of a column of this design.
    pub fn column_name(&self, trial: &TrialData, column: usize) -> String {
        let own = self.columns[column];
        self.name(trial, &self.z_parts[own.z], own.over)
    }

    fn name(&self, trial: &TrialData, parts: &[Part], over: Over) -> String {
        let layout = &trial.layout;
        let part = |part: &Part| match *part {
            Part::Arm(arm) => format!("arm[{}]", layout.arms[arm].name),
            Part::Number(number) => match self.numbers[number] {
                super::NumberSource::Baseline => "baseline".to_owned(),
                super::NumberSource::BaselineOf(outcome) => format!("baseline of {}", layout.outcomes[outcome].name),
                super::NumberSource::Column(column) => trial.covariates[column].name.clone(),
            },
            Part::Level { factor, level } => {
                let covariate = &trial.covariates[self.factors[factor].column];
                match &covariate.values {
                    CovariateValues::Factor { levels, .. } => {
                        format!("{}[{}]", covariate.name, levels.get(level as usize).map_or("", String::as_str))
                    }
                    CovariateValues::Numeric(_) => covariate.name.clone(),
                }
            }
        };
        let visit = match over {
            Over::Every => None,
            Over::At(visit) => Some(format!("visit[{}]", layout.visits[self.visits[visit]].label())),
            Over::Week => Some("week".to_owned()),
        };
        let names: Vec<String> = parts.iter().map(part).chain(visit).collect();
        if names.is_empty() { "(Intercept)".to_owned() } else { names.join(":") }
    }
}

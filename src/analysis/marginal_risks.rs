//! Marginal risks by arm from a logistic model, standardised over everybody in the fit, with their covariance by the delta method.

use super::columns::dot;
use super::single_visit::VisitData;
use crate::numeric::exponential::exp;
use crate::trial::Layout;

/// Marginal risks, in the coding of a model of the arm alone: the risk in the reference arm, and the differences of the others from it in
/// the arms' order.
#[derive(Debug, Clone)]
pub(super) struct MarginalRisks {
    pub coefficients: Vec<f64>,
    /// Their covariance, row by row.
    pub covariance: Vec<f64>,
    reference: usize,
    n_arms: usize,
    predictor: Vec<f64>,
    column: Vec<f64>,
    /// Derivatives of the risks by the model's coefficients, arm by arm; then of what [`Self::coefficients`] holds.
    gradient: Vec<f64>,
    risks: Vec<f64>,
    image: Vec<f64>,
}

impl MarginalRisks {
    /// Memory for trials with these arms.
    pub fn new(layout: &Layout) -> Self {
        let n_arms = layout.arms.len();
        Self {
            coefficients: vec![0.0; n_arms],
            covariance: vec![0.0; n_arms * n_arms],
            reference: layout.reference_arm(),
            n_arms,
            predictor: Vec::new(),
            column: Vec::new(),
            gradient: Vec::new(),
            risks: vec![0.0; n_arms],
            image: Vec::new(),
        }
    }

    /// Standardises a model with these coefficients and their covariance.
    pub fn standardise(&mut self, data: &VisitData<'_>, coefficients: &[f64], covariance: &[f64]) {
        let p = coefficients.len();
        self.gradient.resize(self.n_arms * p, 0.0);
        for arm in 0..self.n_arms {
            self.standardise_to(data, arm, coefficients);
        }
        self.subtract_reference(p);
        self.image.resize(p, 0.0);
        for (first, row) in self.gradient.chunks_exact(p).enumerate() {
            for (image, cells) in self.image.iter_mut().zip(covariance.chunks_exact(p)) {
                *image = dot(cells, row);
            }
            for (second, other) in self.gradient.chunks_exact(p).enumerate() {
                self.covariance[first * self.n_arms + second] = dot(&self.image, other);
            }
        }
    }

    /// The risk if everybody were in one arm, and its derivatives.
    fn standardise_to(&mut self, data: &VisitData<'_>, arm: usize, coefficients: &[f64]) {
        let (design, p) = (data.design, coefficients.len());
        self.predictor.clear();
        self.predictor.resize(design.n_participants, 0.0);
        for (column, &coefficient) in design.columns.iter().zip(coefficients) {
            design.column_under(column.z, arm, &mut self.column);
            let terms = self.predictor.iter_mut().zip(&self.column);
            terms.for_each(|(sum, x)| *sum += coefficient * x);
        }
        let share = 1.0 / data.rows.n as f64;
        let mut risk = 0.0;
        // The predictor makes place for the weights of its derivative.
        for (place, mask) in self.predictor.iter_mut().zip(data.mask) {
            let odds_against = exp(-*place);
            let probability = 1.0 / (1.0 + odds_against);
            risk += mask * share * probability;
            *place = mask * share * probability * probability * odds_against;
        }
        self.risks[arm] = risk;
        for (position, column) in design.columns.iter().enumerate() {
            design.column_under(column.z, arm, &mut self.column);
            self.gradient[arm * p + position] = dot(&self.predictor, &self.column);
        }
    }

    /// From risks to the reference arm's and differences from it, in the order of a design of the arm: the reference arm first.
    fn subtract_reference(&mut self, p: usize) {
        let reference = self.reference;
        self.coefficients.clear();
        self.coefficients.push(self.risks[reference]);
        let differences = self.risks.iter().enumerate().filter(|(arm, _)| *arm != reference);
        self.coefficients.extend(differences.map(|(_, risk)| risk - self.risks[reference]));
        // The reference arm's derivatives come first, those before it move up.
        self.gradient[..(reference + 1) * p].rotate_right(p);
        let (first, others) = self.gradient.split_at_mut(p);
        for own in others.chunks_exact_mut(p) {
            own.iter_mut().zip(&*first).for_each(|(cell, reference)| *cell -= reference);
        }
    }
}

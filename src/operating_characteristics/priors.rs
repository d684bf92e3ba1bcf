//! Draws from what is not known for certain: every draw a whole scenario in which the uncertain settings have values.
//!
//! # Method
//! Draw k takes one uniform number for each prior, from a stream that belongs to that prior's place in the file and to k, and the
//! prior's quantile at it ([`Prior::quantile`]). So the same seed gives the same draws, however many are taken, in whatever
//! order and on however many threads; a further prior at the end changes none of the others; and two priors that differ in
//! their parameters alone move together, draw by draw (common random numbers). The scenario is read anew with the values in
//! place, so that whatever else follows from them (an effect per session from its value at a week) follows in every draw.
//!
//! A draw that is no scenario is reported, never dropped and never drawn again: either would change the distribution.
//!
//! # Checked against
//! `tests/it/independent/priors.rs`: moments, quantiles, and draws one by one.

use rand::Rng;
use rayon::prelude::*;

use crate::numeric::streams::stream;
use crate::scenario::{Adjustable, Prior, Problem, Problems, Scenario, codes};

/// The first purpose of the streams of priors, far from those of cohorts.
const PURPOSE: u64 = 1 << 48;

/// A scenario of which not everything is known for certain.
#[derive(Debug, Clone)]
pub struct Uncertain {
    /// As it is written, without its priors.
    known: Adjustable,
    priors: Vec<Prior>,
    seed: u64,
    with_priors: Adjustable,
}

/// One draw.
#[derive(Debug, Clone, PartialEq)]
pub struct PriorDraw {
    /// Its number, from 0.
    pub number: u64,
    /// The value of each prior, in their order.
    pub values: Vec<f64>,
    /// The scenario with these values, for certain.
    pub scenario: Scenario,
}

impl Uncertain {
    /// A scenario with its text and priors.
    ///
    /// # Errors
    /// All problems of the scenario as it stands.
    pub fn of(base: &Adjustable) -> Result<Self, Problems> {
        let scenario = base.load()?.scenario;
        Ok(Self {
            known: base.without_priors(),
            with_priors: base.clone(),
            seed: scenario.simulation.seed,
            priors: scenario.priors,
        })
    }

    /// What is not known for certain, in the order of the file.
    pub fn priors(&self) -> &[Prior] {
        &self.priors
    }

    /// The values of a draw, one per prior.
    pub fn values(&self, number: u64) -> Vec<f64> {
        let value = |(position, prior): (u64, &Prior)| prior.quantile(uniform(self.seed, position, number));
        (0..).zip(&self.priors).map(value).collect()
    }

    /// A draw.
    ///
    /// # Errors
    /// That the values together are no scenario.
    pub fn draw(&self, number: u64) -> Result<PriorDraw, Problems> {
        let values = self.values(number);
        let mut scenario = self.known.clone();
        for (prior, &value) in self.priors.iter().zip(&values) {
            prior.settings.iter().for_each(|setting| scenario.set(setting, value));
        }
        match scenario.load() {
            Ok(loaded) => Ok(PriorDraw { number, values, scenario: loaded.scenario }),
            Err(problems) => Err(self.no_scenario(number, &values, &problems)),
        }
    }

    /// The first draws, in their order. Uses the current rayon thread pool; they do not depend on it.
    ///
    /// # Errors
    /// The first draw whose values together are no scenario.
    pub fn draws(&self, n: u64) -> Result<Vec<PriorDraw>, Problems> {
        let all: Vec<Result<PriorDraw, Problems>> = (0..n).into_par_iter().map(|number| self.draw(number)).collect();
        all.into_iter().collect()
    }

    fn no_scenario(&self, number: u64, values: &[f64], problems: &Problems) -> Problems {
        let drawn: Vec<String> =
            self.priors.iter().zip(values).map(|(prior, value)| format!("{} = {value:.4}", prior.about)).collect();
        let reason = problems.iter().next().map(|problem| problem.message.clone()).unwrap_or_default();
        let about = self.priors.first().map(|prior| prior.about.as_str()).unwrap_or_default();
        Problem::new(codes::DRAW, format!("draw {number} of the priors is no scenario: {reason}"))
            .at(self.with_priors.place_of_prior(about))
            .label(format!("drawn: {}", drawn.join(", ")))
            .help("cut priors off with at_least and at_most so that all their values fit together")
            .into()
    }
}

/// A number between 0 and 1, neither of them included: the middle of one of 2⁵² equal parts.
fn uniform(seed: u64, prior: u64, draw: u64) -> f64 {
    let part = stream(seed, PURPOSE | prior, draw).next_u64() >> 12;
    (part as f64 + 0.5) / (1_u64 << 52) as f64
}

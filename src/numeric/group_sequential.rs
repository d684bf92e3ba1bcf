//! Group sequential tests: a Brownian motion with drift is looked at a few times; how probable it is that it is beyond a
//! boundary at each look for the first time, and the boundaries that spend a given error.
//!
//! # Model
//! At information fraction t the statistic is Z(t) = B(t) / √t, B being a Brownian motion with B(t) ~ N(δ t, t): δ is the mean of
//! Z at full information, t = 1. Looks are at t₁ < t₂ < … Boundaries are two-sided and symmetric: the first look with
//! |Z(tₖ)| ≥ cₖ crosses.
//!
//! # Method
//! Recursive integration: the sub-density of B(tₖ) among paths that have stayed within all boundaries so far is
//!
//! fₖ(b) = ∫ fₖ₋₁(x) φ((b − x − δ Δ) / √Δ) / √Δ dx over |x| < cₖ₋₁ √tₖ₋₁, with Δ = tₖ − tₖ₋₁ and all of f₀ at 0,
//!
//! and P(first beyond at look k, above) = ∫ fₖ₋₁(x) (1 − Φ((cₖ √tₖ − x − δ Δ) / √Δ)) dx. All terms are positive, so that small
//! probabilities keep their digits. Integrals are Gauss-Legendre in panels as narrow as the smoother of both factors asks for.
//!
//! # Two-sided error
//! `alpha` is two-sided and each side spends a = alpha / 2 by its own function of t:
//! O'Brien-Fleming type a(t) = 2 − 2 Φ(z(a/2) / √t), Pocock type a(t) = a ln(1 + (e − 1) t), z(p) being exceeded with probability p.
//! Some programs apply the first formula to the two-sided alpha as a whole instead, which spends more of it early.
//!
//! # References
//! - Armitage P, McPherson CK, Rowe BC. Repeated significance tests on accumulating data. J R Stat Soc A 1969;132:235-244.
//!   doi:10.2307/2343787 (the recursion).
//! - Lan KKG, DeMets DL. Discrete sequential boundaries for clinical trials. Biometrika 1983;70:659-663. doi:10.1093/biomet/70.3.659.
//! - Pocock SJ. Biometrika 1977;64:191-199. doi:10.1093/biomet/64.2.191. O'Brien PC, Fleming TR. Biometrics 1979;35:549-556.
//!   doi:10.2307/2530245 (boundaries of one constant).
//! - Jennison C, Turnbull BW. Group Sequential Methods with Applications to Clinical Trials, 2000, chapters 2, 7, 19.
//! - Lan KKG, Wittes J. The B-value: a tool for monitoring data. Biometrics 1988;44:579-585. doi:10.2307/2531870 (conditional power).
//!
//! # Checked against
//! `tests/it/reference/group_sequential.rs`: two other programs. `tests/it/independent/group_sequential.rs`:
//! several correlated normal variables by averages over directions, and simulated paths.

use super::distributions::{
    normal_cdf, normal_density, normal_quantile, normal_two_sided_p, normal_two_sided_quantile,
};
use super::{legendre, root};
use crate::numeric::elementary::{ln, ln_1p};

/// How much of a two-sided error is spent by when.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Spending {
    /// Lan and DeMets' function that resembles O'Brien and Fleming's boundaries: hardly anything early.
    #[default]
    ObrienFleming,
    /// Lan and DeMets' function that resembles Pocock's boundaries: nearly evenly.
    Pocock,
}

impl Spending {
    /// The name used in scenarios and results.
    pub fn name(self) -> &'static str {
        match self {
            Self::ObrienFleming => "obrien_fleming",
            Self::Pocock => "pocock",
        }
    }

    /// The two-sided error spent by an information fraction from 0 to 1; `alpha` of it at 1. 0 < alpha < 1.
    pub fn spent(self, alpha: f64, information: f64) -> f64 {
        let t = information.clamp(0.0, 1.0);
        let side = 0.5 * alpha;
        let spent = match self {
            Self::ObrienFleming => normal_two_sided_p(normal_two_sided_quantile(side) / t.sqrt()),
            Self::Pocock => side * ln_1p((std::f64::consts::E - 1.0) * t),
        };
        2.0 * spent
    }
}

/// Boundaries of one constant C, as they were first proposed for looks that are planned once and for all.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shape {
    /// O'Brien and Fleming: cₖ = C √(t / tₖ), t being the last tₖ; the same on the scale of B.
    ObrienFleming,
    /// Pocock: cₖ = C.
    Pocock,
}

/// Probabilities of being beyond a boundary for the first time, by look.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Crossing {
    /// Above the upper boundary.
    pub above: Vec<f64>,
    /// Below the lower boundary.
    pub below: Vec<f64>,
}

impl Crossing {
    /// The probability of crossing on either side at any look.
    pub fn total(&self) -> f64 {
        self.above.iter().chain(&self.below).sum()
    }
}

/// Probabilities of first crossing `boundaries` at each look, `drift` being the mean of Z at full information. `information` is
/// ascending, from above 0 to at most 1.
pub fn crossing(information: &[f64], boundaries: &[f64], drift: f64) -> Crossing {
    let mut inside = Inside::start();
    let mut crossing = Crossing::default();
    for (look, (&time, &boundary)) in information.iter().zip(boundaries).enumerate() {
        let step = Step { drift, from: inside.time, to: time };
        let level = boundary * time.sqrt();
        crossing.above.push(inside.beyond(step, level));
        crossing.below.push(inside.below(step, -level));
        if let Some(&next) = information.get(look + 1) {
            inside = inside.after(step, boundary, next);
        }
    }
    crossing
}

/// The boundaries that spend a two-sided `alpha` by a function of information. 0 < alpha ≤ 0.5; `information` is ascending, from
/// above 0 to at most 1. A look at which nothing can be spent that a double could hold has an infinite boundary.
pub fn spending_boundaries(information: &[f64], alpha: f64, spending: Spending) -> Vec<f64> {
    let mut inside = Inside::start();
    let (mut boundaries, mut spent_before) = (Vec::with_capacity(information.len()), 0.0);
    for (look, &time) in information.iter().enumerate() {
        let spent = spending.spent(alpha, time);
        let step = Step { drift: 0.0, from: inside.time, to: time };
        let boundary = inside.boundary(step, 0.5 * (spent - spent_before));
        boundaries.push(boundary);
        spent_before = spent;
        if let Some(&next) = information.get(look + 1) {
            inside = inside.after(step, boundary, next);
        }
    }
    boundaries
}

/// The boundaries of one constant whose two-sided error at the looks is `alpha`. 0 < alpha ≤ 0.5; `information` is ascending, from
/// above 0 to at most 1.
pub fn constant_boundaries(information: &[f64], alpha: f64, shape: Shape) -> Vec<f64> {
    let last = information.last().copied().unwrap_or(1.0);
    let boundaries = |constant: f64| -> Vec<f64> {
        let own = |&time: &f64| match shape {
            Shape::ObrienFleming => constant * (last / time).sqrt(),
            Shape::Pocock => constant,
        };
        information.iter().map(own).collect()
    };
    let ln_error = |constant: f64| ln(crossing(information, &boundaries(constant), 0.0).total());
    // No sharper than a single look, no blunter than sharing alpha among the looks.
    let limits = [normal_two_sided_quantile(alpha), normal_two_sided_quantile(alpha / information.len().max(1) as f64)];
    let excess = |constant: f64| {
        // The slope need not be exact: it only says how far to go.
        const NEAR: f64 = 1e-4;
        let slope = (ln_error(constant - NEAR) - ln_error(constant + NEAR)) / (2.0 * NEAR);
        (ln(alpha) - ln_error(constant), slope)
    };
    boundaries(root::of_increasing(limits[0], 1.0, limits, excess))
}

/// Conditional power under the current trend: the probability that Z at full information is at least `boundary`, given `z` at an
/// information fraction below 1, if the drift is what has been seen so far, z / √t: Φ((z / √t − boundary) / √(1 − t)).
pub fn conditional_power(z: f64, information: f64, boundary: f64) -> f64 {
    normal_cdf((z / information.sqrt() - boundary) / (1.0 - information).sqrt())
}

/// From one look to the next.
#[derive(Debug, Clone, Copy)]
struct Step {
    drift: f64,
    from: f64,
    to: f64,
}

impl Step {
    fn mean(self) -> f64 {
        self.drift * (self.to - self.from)
    }

    fn sd(self) -> f64 {
        (self.to - self.from).sqrt()
    }
}

/// Paths that have stayed within all boundaries: where they are at the last look, as places with their probability.
#[derive(Debug, Clone)]
struct Inside {
    places: Vec<f64>,
    mass: Vec<f64>,
    time: f64,
}

/// A boundary further out than that is as good as none: the tail beyond it is the smallest that a double can hold.
const FURTHEST: f64 = 38.0;

/// Width of a panel in standard deviations of the product of two steps. At 2, ten nodes integrate a normal density to 3e-16; sub-densities
/// bend a little more.
const PANEL: f64 = 1.5;

impl Inside {
    /// Everything is at 0 before the first look.
    fn start() -> Self {
        Self { places: vec![0.0], mass: vec![1.0], time: 0.0 }
    }

    /// Sum over the places of their probability times a function of the way from there to a level, in standard deviations.
    fn sum(&self, step: Step, level: f64, function: impl Fn(f64) -> f64) -> f64 {
        let (mean, sd) = (step.mean(), step.sd());
        let term = |(place, mass): (&f64, &f64)| mass * function((level - place - mean) / sd);
        self.places.iter().zip(&self.mass).map(term).sum()
    }

    /// The probability of being inside until now and above a level after the step.
    fn beyond(&self, step: Step, level: f64) -> f64 {
        self.sum(step, level, |way| normal_cdf(-way))
    }

    /// The probability of being inside until now and below a level after the step.
    fn below(&self, step: Step, level: f64) -> f64 {
        self.sum(step, level, normal_cdf)
    }

    /// The sub-density of being inside until now and at a level after the step.
    fn density(&self, step: Step, level: f64) -> f64 {
        self.sum(step, level, normal_density) / step.sd()
    }

    /// Those who are still inside after the step, ready for a further look at `next`.
    fn after(&self, step: Step, boundary: f64, next: f64) -> Self {
        let limit = boundary.min(FURTHEST) * step.to.sqrt();
        let precision = 1.0 / (step.to - step.from) + 1.0 / (next - step.to);
        let nodes = legendre::panels([-limit, limit], PANEL / precision.sqrt(), []);
        let mass = nodes.iter().map(|node| node.weight * self.density(step, node.at)).collect();
        Self { places: nodes.iter().map(|node| node.at).collect(), mass, time: step.to }
    }

    /// The boundary beyond which an upper probability lies after the step, without drift.
    fn boundary(&self, step: Step, probability: f64) -> f64 {
        if probability.is_nan() || probability <= f64::MIN_POSITIVE {
            return f64::INFINITY;
        }
        let scale = step.to.sqrt();
        let excess = |boundary: f64| {
            let level = boundary * scale;
            let beyond = self.beyond(step, level);
            (ln(probability) - ln(beyond), self.density(step, level) * scale / beyond)
        };
        // Whoever has never crossed can only make the tail smaller: the boundary of a single look is the furthest it can be.
        let furthest = -normal_quantile(probability);
        root::of_increasing(furthest, 1.0, [0.0, furthest], excess)
    }
}

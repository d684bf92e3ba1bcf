//! Probabilities that vary between people: p = Φ(location + scale · z) with z standard normal, so that p has a mean and a standard deviation.
//!
//! # Formula
//! The mean is Φ(h) with h = location / √(1 + scale²). Two Bernoulli trials of one person are both successes with probability
//! E(p²) = Φ₂(h, h; ρ), ρ = scale² / (1 + scale²), so that by Plackett's identity, with ρ = sin θ,
//!
//! Var(p) = Φ₂(h, h; ρ) − Φ(h)² = 1/(2π) ∫₀^θ exp(−h² / (1 + sin t)) dt,
//!
//! which grows with θ from 0 to Φ(h) (1 − Φ(h)) at π/2 and is solved for θ by Newton steps held in a bracket.
//!
//! # References
//! Plackett RL. A reduction formula for normal multivariate integrals. Biometrika 1954;41:351-360.
//!
//! # Checked against
//! `tests/it/independent/quadrature.rs`: means and standard deviations of many z.

use std::f64::consts::{FRAC_PI_2, TAU};

use super::distributions::{normal_cdf, normal_density, normal_quantile};
use super::legendre::{Node, panels};
use super::normal_box::{PANEL, REACH};
use crate::numeric::elementary::{exp, sin};

/// A probability of its own for everybody.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct NormalOgive {
    /// Φ⁻¹(p) at z = 0.
    pub location: f64,
    /// How much Φ⁻¹(p) grows with z.
    pub scale: f64,
}

/// Steps after which a root is found: each at least halves the bracket, and near the end doubles the digits.
const MOST_STEPS: usize = 100;

impl NormalOgive {
    /// The one with this mean, 0 < mean < 1, and standard deviation, from 0 to below √(mean (1 − mean)).
    pub fn of(mean: f64, sd: f64) -> Self {
        let h = normal_quantile(mean);
        let slope = |angle: f64| exp(-h * h / (1.0 + sin(angle))) / TAU;
        let variance =
            |angle: f64| panels([0.0, angle], 0.4, []).iter().map(|node| node.weight * slope(node.at)).sum::<f64>();
        let (wanted, mut low, mut high) = (sd * sd, 0.0, FRAC_PI_2);
        let mut angle = 0.5 * FRAC_PI_2;
        for _ in 0..MOST_STEPS {
            let excess = variance(angle) - wanted;
            if excess > 0.0 {
                high = angle
            } else {
                low = angle
            }
            let newton = angle - excess / slope(angle);
            let next = if newton > low && newton < high { newton } else { 0.5 * (low + high) };
            let moved = (next - angle).abs();
            angle = next;
            if moved <= 1e-15 {
                break;
            }
        }
        // ρ = sin θ, scale² = ρ / (1 − ρ), 1 + scale² = 1 / (1 − ρ); 1 − sin θ without loss near π/2.
        let left = 2.0 * sin(0.5 * (FRAC_PI_2 - angle)).powi(2);
        Self { location: h / left.sqrt(), scale: (sin(angle) / left).sqrt() }
    }

    /// The probability of somebody with this z.
    pub fn at(&self, z: f64) -> f64 {
        normal_cdf(self.location + self.scale * z)
    }

    /// The distribution of the probability in many nodes: `at` is a probability, weights add up to 1.
    pub fn nodes(&self) -> Vec<Node> {
        let middle = -self.location / self.scale;
        let half = REACH / self.scale;
        // Beyond these ends the probability is 0 or 1; between them it changes over a distance of 1 / scale, and its powers faster.
        let changes = [(middle - half).clamp(-REACH, REACH), (middle + half).clamp(-REACH, REACH)];
        let width = 0.5 * PANEL * (1.0 / self.scale).min(1.0);
        let outside = [[-REACH, changes[0]], [changes[1], REACH]].map(|side| panels(side, 0.5 * PANEL, []));
        let all = outside.into_iter().flatten().chain(panels(changes, width, []));
        all.map(|node| Node { at: self.at(node.at), weight: node.weight * normal_density(node.at) }).collect()
    }
}

//! A random number that is added to something smooth: sums and mixtures of such numbers, and the few values that stand for all.
//!
//! # Method
//! A shift X is known by its mean and by its central moments up to order 24, kept as the power series
//! E exp(t (X − mean)) = Σ m_k tᵏ/k!. The series of a sum of independent shifts is the product of their series; that of a mixture
//! is the weighted sum of theirs after multiplication by exp(t (mean of the part − mean)). Both are exact, term by term.
//!
//! The average of a function over X is replaced by a weighted sum over n values, the Gauss rule with the same first 2n moments
//! (0 to 2n − 1): Chebyshev's algorithm turns standardised moments into the recurrence of the orthogonal polynomials, and the
//! eigenvalues of its matrix are the values. Where X has few values at all they are kept beside the series and used as they are.
//!
//! # Accuracy
//! For a function f the rule with n values is off by f⁽²ⁿ⁾(ξ) / (2n)! · σ²ⁿ · β₁ ⋯ β_n, β being the standardised recurrence
//! coefficients. If normal noise of standard deviation τ is added to X before anything is recorded, the probability to pass a
//! boundary has derivatives of at most 0.44 √((2n − 1)!) / τ²ⁿ (Cramér's inequality for Hermite functions), which bounds the error.
//! [`Shift::rule`] takes the smallest n for which this bound is below 1e-11. Up to shifts nearly half as spread as the noise 12
//! values are enough for that; beyond it all values are taken if there are at most 64 of them, else the rule with 12, whose
//! errors are still below 1e-5 where shifts are as spread as the noise, and far below that where they are not very skewed.
//!
//! # References
//! Gautschi W. Orthogonal Polynomials: Computation and Approximation. Oxford 2004, §§ 1.4.2, 2.1.7 (error term, Chebyshev's algorithm).
//!
//! # Checked against
//! `tests/it/independent/quadrature.rs`: all combinations of many parts, binomial and mixed distributions, moments.

use super::legendre::Node;
use super::tridiagonal::gauss_rule;

/// Most values of a rule.
const MOST_NODES: usize = 12;

/// Moments kept, from order 0: what the rule with most values and its error need.
const TERMS: usize = 2 * MOST_NODES + 1;

/// Most values that are kept one by one.
const MOST_VALUES: usize = 64;

/// Largest error of a probability that a rule with fewer values than possible may make.
const NEAR_ENOUGH: f64 = 1e-11;

/// A standardised recurrence coefficient below this is rounding: there are no more values.
const VANISHING: f64 = 1e-10;

/// A random number by its moments.
#[derive(Debug, Clone, PartialEq)]
pub struct Shift {
    mean: f64,
    /// E((X − mean)ᵏ) / k!.
    series: [f64; TERMS],
    /// Smallest and largest value.
    range: [f64; 2],
    /// All values, where there are few.
    values: Option<Vec<Node>>,
}

impl Shift {
    /// No randomness: always the same value.
    pub fn fixed(value: f64) -> Self {
        let mut series = [0.0; TERMS];
        series[0] = 1.0;
        Self { mean: value, series, range: [value; 2], values: Some(vec![Node { at: value, weight: 1.0 }]) }
    }

    /// Values with their probabilities, which add up to 1 (but for rounding). At least one has a weight above 0.
    pub fn of(values: &[Node]) -> Self {
        let mut parts = values.iter().filter(|value| value.weight > 0.0).map(|value| (value.weight, value.at));
        match (parts.next(), parts.next()) {
            (Some((_, only)), None) => Self::fixed(only),
            _ => Self::mixture(values.iter().map(|value| (value.weight, Self::fixed(value.at)))),
        }
    }

    /// A value with this probability, else 0.
    pub fn if_it_happens(value: f64, probability: f64) -> Self {
        let rest = 1.0 - probability;
        if probability <= 0.0 || rest <= 0.0 {
            return Self::fixed(if probability <= 0.0 { 0.0 } else { value });
        }
        let (mut without, mut with) = (1.0, 1.0);
        let mut series = std::array::from_fn(|order| {
            let per_order =
                if order == 0 { [1.0, 1.0] } else { [-probability, rest].map(|share| share * value / order as f64) };
            (without, with) = (without * per_order[0], with * per_order[1]);
            rest * without + probability * with
        });
        series[1] = 0.0;
        let values = vec![Node { at: 0.0, weight: rest }, Node { at: value, weight: probability }];
        Self { mean: probability * value, series, range: [value.min(0.0), value.max(0.0)], values: Some(values) }
    }

    /// One of several shifts, each with its probability. Probabilities are taken relative to their sum, which is above 0.
    pub fn mixture(parts: impl IntoIterator<Item = (f64, Self)>) -> Self {
        let parts: Vec<(f64, Self)> = parts.into_iter().filter(|(weight, _)| *weight > 0.0).collect();
        let total: f64 = parts.iter().map(|(weight, _)| weight).sum();
        let mean = parts.iter().map(|(weight, part)| weight * part.mean).sum::<f64>() / total;
        let mut mixed = Self { mean, series: [0.0; TERMS], range: [f64::INFINITY, f64::NEG_INFINITY], values: None };
        let n_values = parts.iter().try_fold(0, |n, (_, part)| Some(n + part.values.as_ref()?.len()));
        let mut values = n_values.filter(|&n| n <= MOST_VALUES).map(Vec::with_capacity);
        for (weight, part) in &parts {
            let share = weight / total;
            let moved = product(&part.series, &exponential(part.mean - mean));
            mixed.series.iter_mut().zip(moved).for_each(|(sum, term)| *sum += share * term);
            mixed.range = [mixed.range[0].min(part.range[0]), mixed.range[1].max(part.range[1])];
            if let Some(values) = &mut values {
                let own = part.values.iter().flatten();
                values.extend(own.map(|value| Node { at: value.at, weight: share * value.weight }));
            }
        }
        // The first central moment is 0 whatever rounding says.
        mixed.series[1] = 0.0;
        mixed.values = values;
        mixed
    }

    /// The sum of this and an independent shift.
    #[must_use]
    pub fn plus(&self, other: &Self) -> Self {
        let both = |(a, b): (&Vec<Node>, &Vec<Node>)| {
            let sum = |a: &Node, b: &Node| Node { at: a.at + b.at, weight: a.weight * b.weight };
            a.iter().flat_map(|a| b.iter().map(move |b| sum(a, b))).collect()
        };
        let few = |(a, b): &(&Vec<Node>, &Vec<Node>)| a.len() * b.len() <= MOST_VALUES;
        Self {
            mean: self.mean + other.mean,
            series: product(&self.series, &other.series),
            range: [self.range[0] + other.range[0], self.range[1] + other.range[1]],
            values: self.values.as_ref().zip(other.values.as_ref()).filter(few).map(both),
        }
    }

    /// This shift multiplied by a factor.
    #[must_use]
    pub fn times(&self, factor: f64) -> Self {
        let mut power = 1.0;
        let series = std::array::from_fn(|order| {
            power *= if order == 0 { 1.0 } else { factor };
            self.series[order] * power
        });
        let [low, high] = self.range.map(|end| end * factor);
        let times = |value: &Node| Node { at: value.at * factor, ..*value };
        let values = self.values.as_ref().map(|values| values.iter().map(times).collect());
        Self { mean: self.mean * factor, series, range: [low.min(high), low.max(high)], values }
    }

    /// The mean.
    pub fn mean(&self) -> f64 {
        self.mean
    }

    /// The variance.
    pub fn variance(&self) -> f64 {
        2.0 * self.series[2]
    }

    /// Values that stand for all, weights adding up to 1, where normal noise of standard deviation `noise` is added: to each
    /// probability as near as the head of this file says.
    pub fn rule(&self, noise: f64) -> Vec<Node> {
        self.rule_within(noise).unwrap_or_else(|most| self.values.clone().unwrap_or(most))
    }

    /// The same where few values are near enough; otherwise the rule with most values is the error.
    ///
    /// # Errors
    /// The rule with as many values as moments allow, whose error the bound does not vouch for.
    pub fn rule_within(&self, noise: f64) -> Result<Vec<Node>, Vec<Node>> {
        let sd = self.variance().max(0.0).sqrt();
        if sd == 0.0 {
            return Ok(vec![Node { at: self.mean, weight: 1.0 }]);
        }
        let recurrence = Recurrence::of(&self.series, sd);
        let enough = (1..=recurrence.n_nodes()).find(|&n| recurrence.error(n, sd / noise) <= NEAR_ENOUGH);
        let n = enough.unwrap_or(recurrence.n_nodes());
        if let Some(values) = self.values.as_ref().filter(|values| values.len() <= n) {
            return Ok(values.clone());
        }
        // Rounding may have put a value where there is none: fewer values then.
        let mut rules = (1..=n).rev().map(|n| (n, recurrence.rule(n, self.mean, sd)));
        match rules.find(|(_, rule)| self.holds(rule, sd)) {
            Some((found, rule)) if enough == Some(found) => Ok(rule),
            Some((_, rule)) => Err(rule),
            None => Err(vec![Node { at: self.mean, weight: 1.0 }]),
        }
    }

    /// Whether all values of a rule lie where this shift can.
    fn holds(&self, rule: &[Node], sd: f64) -> bool {
        let [low, high] = [self.range[0] - 1e-6 * sd, self.range[1] + 1e-6 * sd];
        rule.iter().all(|node| (low..=high).contains(&node.at))
    }
}

/// Coefficients of the three-term recurrence of the polynomials that are orthogonal for a standardised distribution.
struct Recurrence {
    alpha: Vec<f64>,
    /// β₁, β₂, …; the first that vanishes is not there any more.
    beta: Vec<f64>,
}

impl Recurrence {
    /// Chebyshev's algorithm on the moments of X / sd.
    fn of(series: &[f64; TERMS], sd: f64) -> Self {
        let mut factor = 1.0;
        let mut here: Vec<f64> = Vec::with_capacity(TERMS);
        for (order, term) in series.iter().enumerate() {
            factor *= if order == 0 { 1.0 } else { order as f64 / sd };
            here.push(term * factor);
        }
        let mut before = vec![0.0; TERMS];
        let (mut alpha, mut beta) = (vec![here[1] / here[0]], Vec::new());
        let mut last_beta = 0.0;
        for k in 1..=MOST_NODES {
            let last_alpha = alpha[k - 1];
            let mut next = vec![0.0; TERMS];
            for l in k..TERMS - k {
                next[l] = here[l + 1] - last_alpha * here[l] - last_beta * before[l];
            }
            last_beta = next[k] / here[k - 1];
            if last_beta.is_nan() || last_beta <= VANISHING {
                break;
            }
            beta.push(last_beta);
            if k < MOST_NODES {
                alpha.push(next[k + 1] / next[k] - here[k] / here[k - 1]);
            }
            (before, here) = (here, next);
        }
        Self { alpha, beta }
    }

    fn n_nodes(&self) -> usize {
        self.alpha.len()
    }

    /// Bound of the error of a probability by the rule with n values, `ratio` being the spread in units of the noise. Where
    /// there are no more than n values, there is none.
    fn error(&self, n: usize, ratio: f64) -> f64 {
        let Some(betas) = self.beta.get(..n) else { return 0.0 };
        // √((2n − 1)!) / (2n)! = 1 / (√(2n) √((2n)!)), one factor after the other so that nothing overflows.
        let factors = betas.iter().enumerate().map(|(i, beta)| {
            let i = (i + 1) as f64;
            beta * ratio * ratio / (2.0 * i * (2.0 * i - 1.0)).sqrt()
        });
        0.44 / (2.0 * n as f64).sqrt() * factors.product::<f64>()
    }

    fn rule(&self, n: usize, mean: f64, sd: f64) -> Vec<Node> {
        let beside: Vec<f64> = self.beta.iter().take(n - 1).map(|beta| beta.sqrt()).collect();
        let standard = gauss_rule(&self.alpha[..n], &beside);
        standard.into_iter().map(|node| Node { at: mean + sd * node.at, weight: node.weight }).collect()
    }
}

/// The product of two series, as far as they are kept.
fn product(a: &[f64; TERMS], b: &[f64; TERMS]) -> [f64; TERMS] {
    let mut product = [0.0; TERMS];
    for (i, &a) in a.iter().enumerate().filter(|(_, a)| **a != 0.0) {
        product[i..].iter_mut().zip(b).for_each(|(sum, b)| *sum += a * b);
    }
    product
}

/// The series of exp(t · by).
fn exponential(by: f64) -> [f64; TERMS] {
    let mut term = 1.0;
    std::array::from_fn(|order| {
        term *= if order == 0 { 1.0 } else { by / order as f64 };
        term
    })
}

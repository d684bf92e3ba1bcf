//! One quantity under two scenarios, replicate by replicate: both means, their paired difference, and what pairing gained.

use crate::numeric::elementary::hypot;
use crate::numeric::moments::Moments;

/// A quantity that every replicate gives twice, once under each scenario.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Paired {
    /// Under the first scenario.
    pub a: Moments,
    /// Under the second.
    pub b: Moments,
    /// Second minus first, replicate by replicate; its standard error is the Monte Carlo error of the paired difference.
    pub difference: Moments,
}

impl Paired {
    /// Takes one more replicate.
    pub(in crate::operating_characteristics) fn push(&mut self, a: f64, b: f64, difference: f64) {
        self.a.push(a);
        self.b.push(b);
        self.difference.push(difference);
    }

    /// Takes one more replicate in which something happened or not.
    pub(in crate::operating_characteristics) fn push_events(&mut self, a: bool, b: bool) {
        let [a, b] = [a, b].map(|event| f64::from(u8::from(event)));
        self.push(a, b, b - a);
    }

    /// Both together, `self` first.
    #[must_use]
    pub(in crate::operating_characteristics) fn merge(self, other: Self) -> Self {
        Self { a: self.a.merge(other.a), b: self.b.merge(other.b), difference: self.difference.merge(other.difference) }
    }

    /// Monte Carlo error that the difference would have if the two scenarios had been simulated independently, as often:
    /// √((Var(a) + Var(b)) / n). `None` with fewer than two replicates.
    pub fn unpaired_std_error(&self) -> Option<f64> {
        Some(hypot(self.a.std_error()?, self.b.std_error()?))
    }

    /// How many times as many replicates independent simulation would need for the same error: (Var(a) + Var(b)) / Var(difference).
    /// `None` with fewer than two replicates and where the difference is the same in every replicate.
    pub fn variance_ratio(&self) -> Option<f64> {
        let paired = self.difference.variance().filter(|&variance| variance > 0.0)?;
        Some((self.a.variance()? + self.b.variance()?) / paired)
    }

    /// Whether no replicate shows any difference at all.
    pub fn never_differs(&self) -> bool {
        self.difference.mean() == Some(0.0) && self.difference.variance().is_none_or(|variance| variance == 0.0)
    }
}

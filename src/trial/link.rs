//! From the scale on which a model is linear to the scale on which people read a mean.

use crate::numeric::elementary::{exp, ln, ln_1p};

/// How a model's linear predictor becomes a mean.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Link {
    /// It is the mean.
    Identity,
    /// Its exponential is the mean.
    Log,
    /// It is the log odds of the mean, a probability.
    Logit,
}

impl Link {
    /// The mean of a linear predictor.
    pub fn mean(self, predictor: f64) -> f64 {
        match self {
            Self::Identity => predictor,
            Self::Log => exp(predictor),
            Self::Logit if predictor >= 0.0 => 1.0 / (1.0 + exp(-predictor)),
            // Without the 1 that would swallow the digits of small probabilities.
            Self::Logit => exp(predictor) / (1.0 + exp(predictor)),
        }
    }

    /// The linear predictor of a mean, the inverse of [`Self::mean`]: infinite at the ends of what the link can say, NaN beyond.
    pub fn predictor(self, mean: f64) -> f64 {
        match self {
            Self::Identity => mean,
            Self::Log => ln(mean),
            Self::Logit => ln(mean) - ln_1p(-mean),
        }
    }

    /// What [`Self::predictor`] changes by per unit of the mean, its derivative.
    pub fn slope(self, mean: f64) -> f64 {
        match self {
            Self::Identity => 1.0,
            Self::Log => 1.0 / mean,
            Self::Logit => 1.0 / (mean * (1.0 - mean)),
        }
    }

    /// The name used in results.
    pub fn name(self) -> &'static str {
        match self {
            Self::Identity => "identity",
            Self::Log => "log",
            Self::Logit => "logit",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Link, ln};

    #[test]
    fn means_come_back() {
        for p in [1e-12, 0.2, 0.5, 0.9] {
            assert!((Link::Logit.mean(ln(p / (1.0_f64 - p))) / p - 1.0).abs() < 1e-13, "{p}");
            assert!((Link::Log.mean(ln(p)) / p - 1.0).abs() < 1e-14, "{p}");
            assert_eq!(Link::Identity.mean(p), p);
        }
        assert_eq!([-800.0, 800.0].map(|x| Link::Logit.mean(x)), [0.0, 1.0]);
    }

    #[test]
    fn predictors_are_what_means_come_from_and_slopes_their_differences() {
        for link in [Link::Identity, Link::Log, Link::Logit] {
            for p in [1e-9, 0.2, 0.5, 0.999] {
                assert!((link.mean(link.predictor(p)) / p - 1.0).abs() < 1e-13, "{link:?} {p}");
                // A central difference is off by the third derivative times h²/6, which is below h²/min(p, 1 − p)² of the slope.
                let h = 1e-4 * p.min(1.0 - p);
                let difference = (link.predictor(p + h) - link.predictor(p - h)) / (2.0 * h);
                assert!((difference / link.slope(p) - 1.0).abs() < 1e-7, "{link:?} {p}");
            }
        }
    }
}

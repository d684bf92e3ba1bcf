//! From the scale on which a model is linear to the scale on which people read a mean.

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
            Self::Log => predictor.exp(),
            Self::Logit if predictor >= 0.0 => 1.0 / (1.0 + (-predictor).exp()),
            // Without the 1 that would swallow the digits of small probabilities.
            Self::Logit => predictor.exp() / (1.0 + predictor.exp()),
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
    use super::Link;

    #[test]
    fn means_come_back() {
        for p in [1e-12, 0.2, 0.5, 0.9] {
            assert!((Link::Logit.mean((p / (1.0_f64 - p)).ln()) / p - 1.0).abs() < 1e-13, "{p}");
            assert!((Link::Log.mean(p.ln()) / p - 1.0).abs() < 1e-14, "{p}");
            assert_eq!(Link::Identity.mean(p), p);
        }
        assert_eq!([-800.0, 800.0].map(|x| Link::Logit.mean(x)), [0.0, 1.0]);
    }
}

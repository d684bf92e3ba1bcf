//! What is not known for certain, in words: of each prior the settings and where they lie.

use crate::numeric::elementary::log10;
use crate::scenario::{Prior, PriorDistribution};

/// A prior in words: `arms.*.effect.rdq.half_life_weeks: log-normal, median 12, 95% between 6 and 24`.
pub fn prior(prior: &Prior) -> String {
    format!("{}: {}", prior.about, distribution(prior))
}

/// Where its settings lie: `log-normal, median 12, 95% between 6 and 24`.
pub fn distribution(prior: &Prior) -> String {
    let [low, high] = [0.025, 0.975].map(|share| short(prior.quantile(share)));
    let cut_off = if is_cut_off(prior) { ", cut off" } else { "" };
    let about = match prior.distribution {
        PriorDistribution::Normal { mean, sd } => format!("normal, mean {}, sd {}", short(mean), short(sd)),
        PriorDistribution::LogNormal { median, .. } => format!("log-normal, median {}", short(median)),
        PriorDistribution::Beta { mean, sd } => format!("beta, mean {}, sd {}", short(mean), short(sd)),
        PriorDistribution::Uniform { from, to } => return format!("uniform from {} to {}", short(from), short(to)),
    };
    format!("{about}{cut_off}, 95% between {low} and {high}")
}

/// Whether anything that is noticed lies beyond the ends.
fn is_cut_off(prior: &Prior) -> bool {
    prior.share_within() < 1.0 - 1e-4
}

/// A number with three significant digits.
fn short(value: f64) -> String {
    if value == 0.0 || !value.is_finite() {
        return value.abs().to_string();
    }
    let decimals = (2.0 - log10(value.abs()).floor()).clamp(0.0, 9.0) as usize;
    let text = format!("{value:.decimals$}");
    if text.contains('.') { text.trim_end_matches('0').trim_end_matches('.').to_owned() } else { text }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_prior_says_where_its_setting_lies() {
        let of = |distribution, ends| Prior { about: "a.b".to_owned(), settings: Vec::new(), distribution, ends };
        let everywhere = [f64::NEG_INFINITY, f64::INFINITY];
        let half_life = of(PriorDistribution::LogNormal { median: 12.0, ratio_95: 2.0 }, everywhere);
        assert_eq!(prior(&half_life), "a.b: log-normal, median 12, 95% between 6 and 24");
        let effect = of(PriorDistribution::Normal { mean: -2.9, sd: 0.5 }, everywhere);
        assert_eq!(prior(&effect), "a.b: normal, mean -2.9, sd 0.5, 95% between -3.88 and -1.92");
        let cut = of(PriorDistribution::Normal { mean: 0.0, sd: 1.0 }, [0.0, f64::INFINITY]);
        assert_eq!(prior(&cut), "a.b: normal, mean 0, sd 1, cut off, 95% between 0.0313 and 2.24");
        let uniform = of(PriorDistribution::Uniform { from: 8.0, to: 20.5 }, [8.0, 20.5]);
        assert_eq!(prior(&uniform), "a.b: uniform from 8 to 20.5");
    }
}

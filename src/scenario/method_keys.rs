//! A plan's method in one line: the keys of its estimator and options, as plans write them.

use super::{
    Binary, BinaryMeasure, Covariance, DfMethod, Estimator, Family, Gee, GeeStdErrors, Imputation, ImputedScores,
    Likelihood, Mmrm, MmrmStdErrors, Plan, StdErrors, WorkingCorrelation,
};

impl Plan {
    /// The method in one line, e.g. `mmrm, us, reml, satterthwaite` or `ancova, hc3`.
    pub fn method_keys(&self) -> String {
        let mut keys = self.estimator.keys();
        keys.extend((!self.responders.is_empty()).then_some("responders"));
        let mut keys: Vec<String> = keys.into_iter().map(str::to_owned).collect();
        keys.extend(self.imputation.iter().flat_map(Imputation::keys));
        keys.join(", ")
    }
}

impl Imputation {
    /// What is drawn, what is assumed and what is added, in the words of plans.
    pub fn keys(&self) -> Vec<String> {
        let number = self.how.number().map(|number| format!(" {number}")).unwrap_or_default();
        let mut keys = vec![format!("{}{number}", self.how.key())];
        keys.extend(self.by_arm.then(|| "covariance_by_arm".to_owned()));
        let mut strategies: Vec<&str> = Vec::new();
        for rule in &self.rules {
            let name = rule.strategy.name();
            if !strategies.contains(&name) {
                strategies.push(name);
            }
        }
        keys.push(if strategies.is_empty() { "mar".to_owned() } else { strategies.join(" + ") });
        keys.extend((!self.deltas.is_empty()).then(|| "delta".to_owned()));
        keys.extend((!self.given.is_empty()).then(|| "given".to_owned()));
        keys.extend((self.scores != ImputedScores::AsDrawn).then(|| self.scores.key().to_owned()));
        keys
    }
}

impl Estimator {
    /// Its name and its options; options of little consequence only where they are not the usual ones.
    pub fn keys(self) -> Vec<&'static str> {
        let mut keys = vec![self.name()];
        match self {
            Self::Ancova(std_errors) => keys.extend(std_errors.key()),
            Self::Mmrm(Mmrm { covariance, by_arm, likelihood, df, std_errors }) => {
                keys.push(covariance.key());
                keys.extend(by_arm.then_some("covariance_by_arm"));
                keys.extend([likelihood.key(), df.key()]);
                keys.extend(std_errors.key());
            }
            Self::Gee(Gee { family, correlation, std_errors, t_reference }) => {
                let reference = if t_reference { "t" } else { "z" };
                keys.extend([family.key(), correlation.key(), std_errors.key(), reference]);
            }
            Self::MixedModel(model) => {
                keys.push(model.df.key());
                keys.extend(model.therapist.map(|_| "therapist"));
            }
            Self::Binary(Binary { measure, std_errors }) => {
                let usual = (measure == BinaryMeasure::RiskRatio).then_some(StdErrors::Hc0);
                keys.extend(std_errors.or(usual).and_then(StdErrors::key));
            }
            Self::NegativeBinomial | Self::ProportionalOdds | Self::TTest(_) | Self::Wilcoxon => {}
        }
        keys
    }
}

impl StdErrors {
    /// What plans call it; `None` for the usual ones.
    pub fn key(self) -> Option<&'static str> {
        match self {
            Self::Constant => None,
            Self::Hc0 => Some("hc0"),
            Self::Hc1 => Some("hc1"),
            Self::Hc2 => Some("hc2"),
            Self::Hc3 => Some("hc3"),
        }
    }
}

impl MmrmStdErrors {
    /// What plans call it; `None` for the usual ones.
    pub fn key(self) -> Option<&'static str> {
        match self {
            Self::Model => None,
            Self::Cr0 => Some("cr0"),
            Self::Cr2 => Some("cr2"),
            Self::Cr3 => Some("cr3"),
        }
    }
}

impl Covariance {
    /// What plans call it.
    pub fn key(self) -> &'static str {
        match self {
            Self::Us => "us",
            Self::Cs => "cs",
            Self::Csh => "csh",
            Self::Ar1 => "ar1",
            Self::Ar1h => "ar1h",
            Self::Toep => "toep",
            Self::Toeph => "toeph",
            Self::Ad => "ad",
            Self::Adh => "adh",
        }
    }
}

impl Likelihood {
    /// What plans call it.
    pub fn key(self) -> &'static str {
        match self {
            Self::Reml => "reml",
            Self::Ml => "ml",
        }
    }
}

impl DfMethod {
    /// What plans call it.
    pub fn key(self) -> &'static str {
        match self {
            Self::Satterthwaite => "satterthwaite",
            Self::KenwardRoger => "kenward_roger",
            Self::KenwardRogerLinear => "kenward_roger_linear",
            Self::BetweenWithin => "between_within",
            Self::Residual => "residual",
        }
    }
}

impl Family {
    /// What plans call it.
    pub fn key(self) -> &'static str {
        match self {
            Self::Gaussian => "gaussian",
            Self::Binomial => "binomial",
            Self::Poisson => "poisson",
        }
    }
}

impl WorkingCorrelation {
    /// What plans call it.
    pub fn key(self) -> &'static str {
        match self {
            Self::Independence => "independence",
            Self::Exchangeable => "exchangeable",
            Self::Ar1 => "ar1",
            Self::Unstructured => "unstructured",
        }
    }
}

impl GeeStdErrors {
    /// What plans call it.
    pub fn key(self) -> &'static str {
        match self {
            Self::Sandwich => "sandwich",
            Self::Naive => "naive",
            Self::ManclDeRouen => "mancl_derouen",
            Self::KauermannCarroll => "kauermann_carroll",
            Self::FayGraubard => "fay_graubard",
        }
    }
}

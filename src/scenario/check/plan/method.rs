//! The method of a plan: the estimator with its options, the mean model, and whether the outcomes suit it.

use super::super::super::tree::KeyPath;
use super::super::super::{
    Binary, BinaryMeasure, Covariance, DfMethod, Estimand, Estimator, Family, Gee, GeeStdErrors, LevelWeights,
    Likelihood, MeanModel, MixedModel, Mmrm, MmrmStdErrors, Plan, Response, StdErrors, Strategy, TTest, Variable,
    WorkingCorrelation, WrittenCovariance, WrittenDf, WrittenEstimand, WrittenFamily, WrittenLikelihood, WrittenModel,
    WrittenPlan, WrittenReference, WrittenStdErrors, WrittenStrategy, WrittenWeights, WrittenWorkingCorrelation, codes,
};
use super::super::Check;
use super::PlanNames;
use crate::trial::OutcomeKind;

/// Options that only some models have.
const OPTIONS: [&str; 13] = [
    "formula",
    "covariates",
    "reference_levels",
    "weights",
    "std_errors",
    "covariance",
    "covariance_by_arm",
    "likelihood",
    "df",
    "family",
    "correlation",
    "refer_to",
    "therapist",
];

/// The options that a model has.
fn options(model: WrittenModel) -> &'static [&'static str] {
    match model {
        WrittenModel::Ancova | WrittenModel::ModifiedPoisson | WrittenModel::Logistic => {
            &["formula", "covariates", "reference_levels", "weights", "std_errors"]
        }
        WrittenModel::Mmrm => &[
            "formula",
            "covariates",
            "reference_levels",
            "weights",
            "std_errors",
            "covariance",
            "covariance_by_arm",
            "likelihood",
            "df",
        ],
        WrittenModel::Gee => {
            &["formula", "covariates", "reference_levels", "weights", "std_errors", "family", "correlation", "refer_to"]
        }
        WrittenModel::MixedModel => &["formula", "covariates", "reference_levels", "weights", "df", "therapist"],
        WrittenModel::RiskDifference | WrittenModel::NegativeBinomial | WrittenModel::ProportionalOdds => {
            &["formula", "covariates", "reference_levels", "weights"]
        }
        WrittenModel::TTest | WrittenModel::Welch | WrittenModel::Wilcoxon => &[],
    }
}

/// The name of a model in a plan.
fn name(model: WrittenModel) -> &'static str {
    match model {
        WrittenModel::Ancova => "ancova",
        WrittenModel::Mmrm => "mmrm",
        WrittenModel::Gee => "gee",
        WrittenModel::MixedModel => "mixed_model",
        WrittenModel::ModifiedPoisson => "modified_poisson",
        WrittenModel::Logistic => "logistic",
        WrittenModel::RiskDifference => "risk_difference",
        WrittenModel::NegativeBinomial => "negative_binomial",
        WrittenModel::ProportionalOdds => "proportional_odds",
        WrittenModel::TTest => "t_test",
        WrittenModel::Welch => "welch",
        WrittenModel::Wilcoxon => "wilcoxon",
    }
}

impl Check<'_> {
    /// Estimator, mean model, outcomes, covariates, responders and estimand of a plan.
    pub(super) fn method(&mut self, written: &WrittenPlan, path: &KeyPath, names: &PlanNames<'_>) -> Plan {
        let model = written.model.unwrap_or_default();
        self.options_of(model, path);
        let usual = self.usual_outcomes(written, model, path, names);
        let outcomes = self.plan_outcomes(written, path, names, usual);
        let formula = self.formula(written, path, names);
        let covariates = self.covariates(written, path, names, &outcomes);
        if formula.is_some() && written.covariates.is_some() {
            let message = "`covariates` and `formula` both say what the model is adjusted for";
            self.report_key(codes::FORMULA, &path.key("covariates"), message, |problem| {
                problem.help("add the covariates to the formula and take this key out")
            });
        }
        let responders = self.responders(written, path, names, &outcomes);
        let estimator = self.estimator(written, model, path, names);
        if let Estimator::Mmrm(mmrm) = estimator {
            self.kenward_roger_fits(mmrm, path);
        }
        self.outcomes_suit(estimator, formula.as_ref(), (&outcomes, !responders.is_empty()), path, names);
        let mut plan = Plan {
            estimator,
            model: formula,
            references: self.references(written, path, names),
            weights: match written.weights.unwrap_or_default() {
                WrittenWeights::Proportional => LevelWeights::Proportional,
                WrittenWeights::Equal => LevelWeights::Equal,
            },
            covariates,
            responders,
            outcomes,
            estimand: written.estimand.as_ref().map(estimand),
            ..Plan::default()
        };
        self.imputation(written, path, names, &mut plan);
        plan
    }

    /// Refuses options that the model has no use for.
    fn options_of(&mut self, model: WrittenModel, path: &KeyPath) {
        let own = options(model);
        for option in OPTIONS {
            let here = path.key(option);
            if self.tree.has(&here) && !own.contains(&option) {
                let message = format!("`{option}` is no option of the model `{}`", name(model));
                self.report_key(codes::OTHER_MODEL, &here, message, |problem| {
                    if own.is_empty() {
                        problem.help("this model has no options")
                    } else {
                        problem.help(format!("its options are {}", own.join(", ")))
                    }
                });
            }
        }
    }

    /// The outcomes that are analysed where none are listed: those of which responders are defined, or those of the model's kind.
    fn usual_outcomes(
        &mut self,
        written: &WrittenPlan,
        model: WrittenModel,
        path: &KeyPath,
        names: &PlanNames<'_>,
    ) -> Vec<usize> {
        if let Some(responders) = &written.responders {
            let defined = |&outcome: &usize| responders.contains_key(&names.outcomes[outcome]);
            return (0..names.outcomes.len()).filter(defined).collect();
        }
        let of_kind = |kind: &dyn Fn(&OutcomeKind) -> bool| -> Vec<usize> {
            let suits = |&outcome: &usize| names.about[outcome].kind.as_ref().is_some_and(kind);
            (0..names.outcomes.len()).filter(suits).collect()
        };
        let own = match model {
            WrittenModel::ModifiedPoisson | WrittenModel::Logistic | WrittenModel::RiskDifference => {
                of_kind(&|kind| *kind == OutcomeKind::Binary)
            }
            WrittenModel::NegativeBinomial => of_kind(&|kind| *kind == OutcomeKind::Count),
            WrittenModel::ProportionalOdds => of_kind(&|kind| matches!(kind, OutcomeKind::Ordinal { .. })),
            _ => Vec::new(),
        };
        let usual = if own.is_empty() { names.usual_outcomes.clone() } else { own };
        if written.outcomes.is_none()
            && usual.is_empty()
            && !names.outcomes.is_empty()
            && self.tree.lacks(&path.key("outcomes"))
        {
            let message = "there is nothing to analyse: no outcome is recorded at baseline";
            self.report_key(codes::NO_BASELINE, &path.key("outcomes"), message, |problem| {
                problem.help(
                    "analysis of covariance adjusts each outcome for its own baseline: add an outcome that has one",
                )
            });
        }
        usual
    }

    fn estimator(
        &mut self,
        written: &WrittenPlan,
        model: WrittenModel,
        path: &KeyPath,
        names: &PlanNames<'_>,
    ) -> Estimator {
        let binary = |measure, std_errors| Estimator::Binary(Binary { measure, std_errors });
        match model {
            WrittenModel::Ancova => {
                Estimator::Ancova(self.std_errors(written, path, &ANCOVA_STD_ERRORS).unwrap_or(StdErrors::Constant))
            }
            WrittenModel::Mmrm => Estimator::Mmrm(Mmrm {
                covariance: covariance(written.covariance.unwrap_or_default()),
                by_arm: written.covariance_by_arm.unwrap_or(false),
                likelihood: match written.likelihood.unwrap_or_default() {
                    WrittenLikelihood::Reml => Likelihood::Reml,
                    WrittenLikelihood::Ml => Likelihood::Ml,
                },
                df: df(written.df.unwrap_or_default()),
                std_errors: self.std_errors(written, path, &MMRM_STD_ERRORS).unwrap_or_default(),
            }),
            WrittenModel::Gee => Estimator::Gee(Gee {
                family: family(written),
                correlation: correlation(written.correlation.unwrap_or_default()),
                std_errors: self.std_errors(written, path, &GEE_STD_ERRORS).unwrap_or_default(),
                t_reference: written.refer_to == Some(WrittenReference::T),
            }),
            WrittenModel::MixedModel => Estimator::MixedModel(MixedModel {
                therapist: self.therapist(written, path, names),
                df: self.mixed_model_df(written, path),
            }),
            WrittenModel::ModifiedPoisson => {
                binary(BinaryMeasure::RiskRatio, self.std_errors(written, path, &POISSON_STD_ERRORS).flatten())
            }
            WrittenModel::Logistic => {
                binary(BinaryMeasure::OddsRatio, self.std_errors(written, path, &LOGISTIC_STD_ERRORS).flatten())
            }
            WrittenModel::RiskDifference => binary(BinaryMeasure::RiskDifference, None),
            WrittenModel::NegativeBinomial => Estimator::NegativeBinomial,
            WrittenModel::ProportionalOdds => Estimator::ProportionalOdds,
            WrittenModel::TTest => Estimator::TTest(TTest::Student),
            WrittenModel::Welch => Estimator::TTest(TTest::Welch),
            WrittenModel::Wilcoxon => Estimator::Wilcoxon,
        }
    }

    /// The standard errors that are asked for, if the model has them.
    fn std_errors<T: Copy>(
        &mut self,
        written: &WrittenPlan,
        path: &KeyPath,
        known: &[(WrittenStdErrors, &str, T)],
    ) -> Option<T> {
        let wanted = written.std_errors?;
        let found = known.iter().find(|(own, ..)| *own == wanted).map(|(_, _, own)| *own);
        if found.is_none() {
            let here = path.key("std_errors");
            let words: Vec<&str> = known.iter().map(|(_, word, _)| *word).collect();
            self.report(codes::OTHER_MODEL, &here, "the model has no such standard errors", |problem| {
                problem.help(format!("it has {}", words.join(", ")))
            });
        }
        found
    }

    /// Kenward and Roger's adjustment belongs to the restricted likelihood and to standard errors from the model.
    fn kenward_roger_fits(&mut self, mmrm: Mmrm, path: &KeyPath) {
        let adjusted = matches!(mmrm.df, DfMethod::KenwardRoger | DfMethod::KenwardRogerLinear);
        let message = match (mmrm.std_errors, mmrm.likelihood) {
            (MmrmStdErrors::Model, Likelihood::Reml) => return,
            (MmrmStdErrors::Model, Likelihood::Ml) => "Kenward and Roger's method needs `likelihood = \"reml\"`",
            _ => "Kenward and Roger's method has standard errors of its own, from the model",
        };
        if adjusted {
            self.report(codes::OTHER_MODEL, &path.key("df"), message, |problem| {
                problem.help("df = \"satterthwaite\" goes with every likelihood and all standard errors")
            });
        }
    }

    fn therapist(&mut self, written: &WrittenPlan, path: &KeyPath, names: &PlanNames<'_>) -> Option<usize> {
        let name = written.therapist.as_ref()?;
        let here = path.key("therapist");
        if names.covariates.is_empty() {
            let message = format!("there is no covariate `{name}`: the data have no covariates");
            self.report(codes::UNKNOWN_NAME, &here, message, |problem| problem);
            return None;
        }
        let place = self.tree.place_within(&here, 0..name.len());
        let position = self.position(name, names.covariates, "a covariate of this name", place)?;
        if names.levels[position].is_none() {
            self.report(codes::UNKNOWN_NAME, &here, format!("`{name}` is a number, not a factor"), |problem| {
                problem
                    .help("therapists are told apart by a covariate of names: say `kind = \"factor\"` in columns.toml")
            });
        }
        Some(position)
    }

    fn mixed_model_df(&mut self, written: &WrittenPlan, path: &KeyPath) -> DfMethod {
        let method = df(written.df.unwrap_or_default());
        if !matches!(method, DfMethod::Satterthwaite | DfMethod::KenwardRoger | DfMethod::Residual) {
            self.report(
                codes::OTHER_MODEL,
                &path.key("df"),
                "`mixed_model` has no such degrees of freedom",
                |problem| problem.help("it has satterthwaite, kenward_roger, residual"),
            );
        }
        method
    }

    /// The reference levels of factors.
    fn references(&mut self, written: &WrittenPlan, path: &KeyPath, names: &PlanNames<'_>) -> Vec<(usize, String)> {
        let path = path.key("reference_levels");
        let mut references = Vec::new();
        for (name, level) in written.reference_levels.iter().flatten() {
            let here = path.key(name);
            let place = self.tree.key_place(&here);
            if names.covariates.is_empty() {
                let message = format!("there is no covariate `{name}`: the data have no covariates");
                self.report_key(codes::UNKNOWN_NAME, &here, message, |problem| problem);
            }
            let Some(position) = self.position(name, names.covariates, "a covariate of this name", place) else {
                continue;
            };
            match &names.levels[position] {
                Some(levels) => {
                    let place = self.tree.place_within(&here, 0..level.len());
                    self.position(level, levels, "a level of this name", place);
                }
                None => self.report(
                    codes::UNKNOWN_NAME,
                    &here,
                    format!("`{name}` is a number: it has no levels"),
                    |problem| problem,
                ),
            }
            references.push((position, level.clone()));
        }
        references
    }

    /// Whether the outcomes are of a kind that the estimator takes, and have the baseline that its model needs.
    fn outcomes_suit(
        &mut self,
        estimator: Estimator,
        formula: Option<&MeanModel>,
        (outcomes, responders): (&[usize], bool),
        path: &KeyPath,
        names: &PlanNames<'_>,
    ) {
        let needs_baseline = match (estimator, formula) {
            (Estimator::TTest(_) | Estimator::Wilcoxon, _) => false,
            // Without a formula these leave out the baseline of an outcome that has none.
            (Estimator::Binary(_) | Estimator::NegativeBinomial | Estimator::ProportionalOdds, None) => responders,
            (_, None) => true,
            (_, Some(model)) => {
                model.response == Response::Change || model.terms.iter().flatten().any(|&own| own == Variable::Baseline)
            }
        };
        for (position, &outcome) in outcomes.iter().enumerate() {
            let about = &names.about[outcome];
            let listed = path.key("outcomes").index(position);
            let here = if self.tree.has(&listed) { listed } else { path.key("model") };
            let name = &names.outcomes[outcome];
            if needs_baseline && !about.at_baseline {
                let method = estimator.name();
                let message = format!("`{name}` cannot be analysed by {method}: it is not recorded at baseline");
                self.report(codes::NO_BASELINE, &here, message, |problem| {
                    problem.help("the model adjusts each outcome for its own baseline: leave this one out, or write a `formula` without `baseline`")
                });
            }
            let (suits, wanted) = match estimator {
                _ if responders => (true, ""),
                Estimator::Binary(_) | Estimator::Gee(Gee { family: Family::Binomial, .. }) => (
                    about.kind.as_ref().is_none_or(|kind| *kind == OutcomeKind::Binary),
                    "an outcome of yes or no, or `responders`",
                ),
                Estimator::Gee(Gee { family: Family::Poisson, .. }) => (
                    about.kind.as_ref().is_none_or(|kind| matches!(kind, OutcomeKind::Binary | OutcomeKind::Count)),
                    "a count, or an outcome of yes or no",
                ),
                Estimator::NegativeBinomial => {
                    (about.kind.as_ref().is_none_or(|kind| *kind == OutcomeKind::Count), "a count")
                }
                Estimator::ProportionalOdds => {
                    (about.kind.as_ref().is_none_or(|kind| matches!(kind, OutcomeKind::Ordinal { .. })), "a rating")
                }
                _ => (true, ""),
            };
            if !suits {
                let message = format!("`{name}` is no outcome for {}", estimator.name());
                self.report(codes::OUTCOME_OF_MODEL, &here, message, |problem| {
                    problem.help(format!("it takes {wanted}"))
                });
            }
        }
    }
}

const ANCOVA_STD_ERRORS: [(WrittenStdErrors, &str, StdErrors); 5] = [
    (WrittenStdErrors::Constant, "constant", StdErrors::Constant),
    (WrittenStdErrors::Hc0, "hc0", StdErrors::Hc0),
    (WrittenStdErrors::Hc1, "hc1", StdErrors::Hc1),
    (WrittenStdErrors::Hc2, "hc2", StdErrors::Hc2),
    (WrittenStdErrors::Hc3, "hc3", StdErrors::Hc3),
];

const MMRM_STD_ERRORS: [(WrittenStdErrors, &str, MmrmStdErrors); 4] = [
    (WrittenStdErrors::Model, "model", MmrmStdErrors::Model),
    (WrittenStdErrors::Cr0, "cr0", MmrmStdErrors::Cr0),
    (WrittenStdErrors::Cr2, "cr2", MmrmStdErrors::Cr2),
    (WrittenStdErrors::Cr3, "cr3", MmrmStdErrors::Cr3),
];

const GEE_STD_ERRORS: [(WrittenStdErrors, &str, GeeStdErrors); 5] = [
    (WrittenStdErrors::Sandwich, "sandwich", GeeStdErrors::Sandwich),
    (WrittenStdErrors::Naive, "naive", GeeStdErrors::Naive),
    (WrittenStdErrors::ManclDerouen, "mancl_derouen", GeeStdErrors::ManclDeRouen),
    (WrittenStdErrors::KauermannCarroll, "kauermann_carroll", GeeStdErrors::KauermannCarroll),
    (WrittenStdErrors::FayGraubard, "fay_graubard", GeeStdErrors::FayGraubard),
];

const POISSON_STD_ERRORS: [(WrittenStdErrors, &str, Option<StdErrors>); 3] = [
    (WrittenStdErrors::Hc0, "hc0", Some(StdErrors::Hc0)),
    (WrittenStdErrors::Hc1, "hc1", Some(StdErrors::Hc1)),
    (WrittenStdErrors::Hc3, "hc3", Some(StdErrors::Hc3)),
];

const LOGISTIC_STD_ERRORS: [(WrittenStdErrors, &str, Option<StdErrors>); 4] = [
    (WrittenStdErrors::Model, "model", None),
    (WrittenStdErrors::Hc0, "hc0", Some(StdErrors::Hc0)),
    (WrittenStdErrors::Hc1, "hc1", Some(StdErrors::Hc1)),
    (WrittenStdErrors::Hc3, "hc3", Some(StdErrors::Hc3)),
];

fn covariance(written: WrittenCovariance) -> Covariance {
    match written {
        WrittenCovariance::Us => Covariance::Us,
        WrittenCovariance::Cs => Covariance::Cs,
        WrittenCovariance::Csh => Covariance::Csh,
        WrittenCovariance::Ar1 => Covariance::Ar1,
        WrittenCovariance::Ar1h => Covariance::Ar1h,
        WrittenCovariance::Toep => Covariance::Toep,
        WrittenCovariance::Toeph => Covariance::Toeph,
        WrittenCovariance::Ad => Covariance::Ad,
        WrittenCovariance::Adh => Covariance::Adh,
    }
}

fn df(written: WrittenDf) -> DfMethod {
    match written {
        WrittenDf::Satterthwaite => DfMethod::Satterthwaite,
        WrittenDf::KenwardRoger => DfMethod::KenwardRoger,
        WrittenDf::KenwardRogerLinear => DfMethod::KenwardRogerLinear,
        WrittenDf::BetweenWithin => DfMethod::BetweenWithin,
        WrittenDf::Residual => DfMethod::Residual,
    }
}

fn family(written: &WrittenPlan) -> Family {
    let usual = if written.responders.is_some() { WrittenFamily::Binomial } else { WrittenFamily::Gaussian };
    match written.family.unwrap_or(usual) {
        WrittenFamily::Gaussian => Family::Gaussian,
        WrittenFamily::Binomial => Family::Binomial,
        WrittenFamily::Poisson => Family::Poisson,
    }
}

fn correlation(written: WrittenWorkingCorrelation) -> WorkingCorrelation {
    match written {
        WrittenWorkingCorrelation::Independence => WorkingCorrelation::Independence,
        WrittenWorkingCorrelation::Exchangeable => WorkingCorrelation::Exchangeable,
        WrittenWorkingCorrelation::Ar1 => WorkingCorrelation::Ar1,
        WrittenWorkingCorrelation::Unstructured => WorkingCorrelation::Unstructured,
    }
}

fn estimand(written: &WrittenEstimand) -> Estimand {
    let strategy = written.strategy.map(|strategy| match strategy {
        WrittenStrategy::TreatmentPolicy => Strategy::TreatmentPolicy,
        WrittenStrategy::Hypothetical => Strategy::Hypothetical,
        WrittenStrategy::WhileOnTreatment => Strategy::WhileOnTreatment,
    });
    let text = |text: &Option<String>| text.clone().unwrap_or_default();
    let name = match (&written.name, strategy) {
        (Some(name), _) => name.clone(),
        (None, Some(strategy)) => strategy.label().to_owned(),
        (None, None) => String::new(),
    };
    Estimand { name, strategy, population: text(&written.population), summary: text(&written.summary) }
}

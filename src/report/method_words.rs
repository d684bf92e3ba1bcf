//! A plan's method in plain words: what is modelled and how, who counts as a responder, what the multiplicity rule does.

use super::numbers::{amount, level};
use super::words::{capital, join};
use crate::analysis::covariate_names;
use crate::scenario::{
    Binary, BinaryMeasure, Covariance, CovariateSource, DfMethod, Estimand, Estimator, Family, Gee, GeeStdErrors,
    ImprovedBy, LevelWeights, Likelihood, MixedModel, Mmrm, MmrmStdErrors, MultiplicityRule, Plan, Response, StdErrors,
    TTest, Variable, WorkingCorrelation,
};
use crate::trial::{Layout, Link, Measure, Outcome, TrialData};

/// What a method is called in a sentence.
pub fn name(estimator: Estimator) -> &'static str {
    match estimator {
        Estimator::Ancova(_) => "ANCOVA",
        Estimator::Mmrm(_) => "Mixed model for repeated measures",
        Estimator::Gee(_) => "Generalised estimating equations",
        Estimator::MixedModel(_) => "Linear mixed model",
        Estimator::Binary(binary) => match binary.measure {
            BinaryMeasure::RiskRatio => "Modified Poisson regression",
            BinaryMeasure::OddsRatio | BinaryMeasure::RiskDifference => "Logistic regression",
        },
        Estimator::NegativeBinomial => "Negative binomial regression",
        Estimator::ProportionalOdds => "Proportional odds model",
        Estimator::TTest(TTest::Student) => "Student's t test",
        Estimator::TTest(TTest::Welch) => "Welch's t test",
        Estimator::Wilcoxon => "Wilcoxon's rank sum test",
    }
}

/// What contrasts measure, as a heading: `difference`, `risk ratio`.
pub fn measure(measure: Measure) -> &'static str {
    match measure {
        Measure::Difference => "difference",
        Measure::Shift => "shift",
        Measure::RiskDifference => "risk difference",
        Measure::RiskRatio => "risk ratio",
        Measure::OddsRatio => "odds ratio",
        Measure::RateRatio => "rate ratio",
    }
}

/// The method for one outcome in lines of sentences: the model, its options, what is counted.
pub fn method(plan: &Plan, data: &TrialData, outcome: usize) -> Vec<String> {
    let options = options(plan, data).join(" ");
    let mut sentences = vec![modelled(plan, data, outcome)];
    sentences.extend((!options.is_empty()).then_some(options));
    if let Some(own) = &plan.imputation {
        let strategy = plan.estimand.as_ref().and_then(|estimand| estimand.strategy);
        sentences.extend(super::imputation_words::imputation(
            own,
            (strategy, data.conduct.is_some()),
            &data.layout,
            outcome,
            Told::Now,
        ));
    }
    sentences.extend(responders(plan, &data.layout, outcome, Told::Now).map(|text| capital(&text)));
    if plan.weights == LevelWeights::Equal {
        sentences.push("Adjusted means weight the levels of factors alike.".to_owned());
    }
    sentences
}

/// The question in the plan's own words; empty where it says nothing.
pub fn estimand(estimand: &Estimand) -> String {
    let Estimand { name, population, summary, strategy } = estimand;
    let strategy =
        strategy.map(|own| own.label()).filter(|own| own != name).map(|own| format!("intercurrent events by {own}"));
    let parts = [Some(name.clone()), strategy, Some(summary.clone()), Some(population.clone())];
    let parts: Vec<String> = parts.into_iter().flatten().filter(|part| !part.is_empty()).collect();
    if parts.is_empty() { String::new() } else { format!("Estimand: {}.", parts.join("; ")) }
}

/// The mean model as a formula, `value ~ baseline*visit + arm*visit + sex`.
pub fn formula(plan: &Plan, data: &TrialData, outcome: usize) -> String {
    let model = plan.mean_model(plan.estimator.is_longitudinal());
    let without_baseline = plan.model.is_none() && !data.layout.outcomes[outcome].at_baseline;
    let mut terms: Vec<Vec<Variable>> = Vec::new();
    for mut term in model.terms {
        if !plan.estimator.is_longitudinal() {
            // At one visit, visits say nothing.
            term.retain(|variable| !matches!(variable, Variable::Visit | Variable::Week));
        }
        let left_out = term.is_empty() || without_baseline && term.contains(&Variable::Baseline);
        if !left_out && !terms.contains(&term) {
            terms.push(term);
        }
    }
    let named = |variable: &Variable| match *variable {
        Variable::Arm => "arm".to_owned(),
        Variable::Visit => "visit".to_owned(),
        Variable::Week => "week".to_owned(),
        Variable::Baseline => "baseline".to_owned(),
        Variable::Covariate(CovariateSource::BaselineOf(other)) => data.layout.outcomes[other].name.clone(),
        Variable::Covariate(CovariateSource::Column(column)) => data.covariates[column].name.clone(),
    };
    // A product of two whose terms of one are in the model is written with an asterisk, in their place.
    let crossed = |term: &[Variable]| matches!(term, [a, b] if [a, b].iter().all(|own| terms.iter().any(|other| other.as_slice() == [**own])));
    let covered =
        |term: &[Variable]| matches!(term, [own] if terms.iter().any(|other| crossed(other) && other.contains(own)));
    let products = terms.iter().filter(|term| crossed(term)).map(|term| (term, "*"));
    let others = terms.iter().filter(|term| !crossed(term) && !covered(term)).map(|term| (term, ":"));
    let written: Vec<String> =
        products.chain(others).map(|(term, sign)| term.iter().map(named).collect::<Vec<_>>().join(sign)).collect();
    let response = match (plan.responder(outcome), model.response) {
        (Some(_), _) => "responder",
        (None, Response::Value) => "value",
        (None, Response::Change) => "change",
    };
    let right = if written.is_empty() { "1".to_owned() } else { written.join(" + ") };
    format!("{response} ~ {right}")
}

/// The model and when it is about: `ANCOVA at each visit, adjusted for the baseline of rdq.`
fn modelled(plan: &Plan, data: &TrialData, outcome: usize) -> String {
    let name = name(plan.estimator);
    if plan.estimator.is_longitudinal() {
        return format!("{name}, all visits together: {}.", formula(plan, data, outcome));
    }
    if !plan.estimator.has_mean_model() {
        return format!("{name} of each pair of arms at each visit, not adjusted for anything.");
    }
    if plan.model.is_some() {
        return format!("{name} at each visit: {}.", formula(plan, data, outcome));
    }
    match covariate_names(plan, data, outcome).join(", ") {
        covariates if covariates.is_empty() => format!("{name} at each visit, not adjusted for anything."),
        covariates => format!("{name} at each visit, adjusted for {covariates}."),
    }
}

/// How the model is fitted, and where standard errors and degrees of freedom come from.
fn options(plan: &Plan, data: &TrialData) -> Vec<String> {
    match plan.estimator {
        Estimator::Ancova(std_errors) => sandwich(std_errors).into_iter().collect(),
        Estimator::Mmrm(mmrm) => mmrm_options(mmrm),
        Estimator::Gee(gee) => {
            let mut options = gee_options(gee);
            if !plan.responders.is_empty() {
                // What is modelled is then yes or no, whatever the family.
                let first = options[0].replacen("Counts,", "Responses,", 1).replacen("Scores,", "Responses,", 1);
                options[0] = first;
            }
            options
        }
        Estimator::MixedModel(MixedModel { therapist, df }) => {
            let therapist = therapist.map(|column| format!(" and of {}", data.covariates[column].name));
            vec![
                format!("Random intercepts of participants{}; REML.", therapist.unwrap_or_default()),
                format!("{}.", degrees(df)),
            ]
        }
        Estimator::Binary(Binary { measure, std_errors }) => match (measure, std_errors) {
            (BinaryMeasure::RiskRatio, own) => sandwich(own.unwrap_or(StdErrors::Hc0)).into_iter().collect(),
            (BinaryMeasure::OddsRatio, Some(own)) => sandwich(own).into_iter().collect(),
            (BinaryMeasure::OddsRatio, None) => vec!["Standard errors from the model.".to_owned()],
            (BinaryMeasure::RiskDifference, _) => vec!["Risks are averages over everybody in the fit, as if all were in one arm; standard errors by the delta method.".to_owned()],
        },
        Estimator::NegativeBinomial => vec!["Its dispersion is estimated; standard errors from the model.".to_owned()],
        Estimator::ProportionalOdds => vec!["Odds of a higher level, one ratio for all levels.".to_owned()],
        Estimator::TTest(TTest::Student) => vec!["All arms: analysis of variance.".to_owned()],
        Estimator::TTest(TTest::Welch) => vec!["All arms: Welch's analysis of variance.".to_owned()],
        Estimator::Wilcoxon => vec![
            "Shifts and their intervals: Hodges and Lehmann; standard errors from the width of the intervals.".to_owned(),
            "All arms: Kruskal and Wallis.".to_owned(),
        ],
    }
}

fn sandwich(std_errors: StdErrors) -> Option<String> {
    Some(format!("Standard errors: sandwich, {}.", std_errors.key()?.to_uppercase()))
}

fn mmrm_options(Mmrm { covariance, by_arm, likelihood, df, std_errors }: Mmrm) -> Vec<String> {
    let arms = if by_arm { "each arm its own" } else { "the same in every arm" };
    let likelihood = match likelihood {
        Likelihood::Reml => "REML",
        Likelihood::Ml => "ML",
    };
    let std_errors = match std_errors {
        MmrmStdErrors::Model => "from the model",
        MmrmStdErrors::Cr0 => "sandwich over participants (CR0)",
        MmrmStdErrors::Cr2 => "sandwich over participants, corrected for bias (CR2)",
        MmrmStdErrors::Cr3 => "sandwich over participants, jackknife (CR3)",
    };
    vec![
        format!("Covariance within participants {}, {arms}; {likelihood}.", structure(covariance)),
        match df {
            DfMethod::KenwardRoger => "Degrees of freedom and standard errors by Kenward and Roger.".to_owned(),
            DfMethod::KenwardRogerLinear => {
                "Degrees of freedom and standard errors by Kenward and Roger, without second derivatives.".to_owned()
            }
            _ => format!("{}; standard errors {std_errors}.", degrees(df)),
        },
    ]
}

fn structure(covariance: Covariance) -> &'static str {
    match covariance {
        Covariance::Us => "unstructured",
        Covariance::Cs => "of compound symmetry",
        Covariance::Csh => "of compound symmetry with a variance per visit",
        Covariance::Ar1 => "autoregressive",
        Covariance::Ar1h => "autoregressive with a variance per visit",
        Covariance::Toep => "Toeplitz",
        Covariance::Toeph => "Toeplitz with a variance per visit",
        Covariance::Ad => "ante-dependent",
        Covariance::Adh => "ante-dependent with a variance per visit",
    }
}

fn degrees(df: DfMethod) -> &'static str {
    match df {
        DfMethod::Satterthwaite => "Degrees of freedom by Satterthwaite",
        DfMethod::KenwardRoger => "Degrees of freedom by Kenward and Roger",
        DfMethod::KenwardRogerLinear => "Degrees of freedom by Kenward and Roger without second derivatives",
        DfMethod::BetweenWithin => "Degrees of freedom between and within participants",
        DfMethod::Residual => "Degrees of freedom: observations less coefficients",
    }
}

fn gee_options(Gee { family, correlation, std_errors, t_reference }: Gee) -> Vec<String> {
    let family = match family {
        Family::Gaussian => "Scores, identity link",
        Family::Binomial => "Yes or no, logit link",
        Family::Poisson => "Counts, log link",
    };
    let correlation = match correlation {
        WorkingCorrelation::Independence => "independence",
        WorkingCorrelation::Exchangeable => "exchangeable",
        WorkingCorrelation::Ar1 => "autoregressive",
        WorkingCorrelation::Unstructured => "unstructured",
    };
    let std_errors = match std_errors {
        GeeStdErrors::Sandwich => "sandwich over participants",
        GeeStdErrors::Naive => "from the working correlation",
        GeeStdErrors::ManclDeRouen => "sandwich corrected by Mancl and DeRouen",
        GeeStdErrors::KauermannCarroll => "sandwich corrected by Kauermann and Carroll",
        GeeStdErrors::FayGraubard => "sandwich corrected by Fay and Graubard",
    };
    let tests = if t_reference { "t distribution" } else { "normal distribution" };
    vec![
        format!("{family}; working correlation within participants: {correlation}."),
        format!("Standard errors: {std_errors}; tests by the {tests}."),
    ]
}

/// When a method is told of: as a plan has it, or as it was carried out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Told {
    /// What is done.
    Now,
    /// What was done.
    Then,
}

/// Who counts as a responder; `None` where the outcome is analysed as recorded.
pub fn responders(plan: &Plan, layout: &Layout, outcome: usize, told: Told) -> Option<String> {
    let responder = plan.responder(outcome)?;
    let by = improvement(responder.improved_by, &layout.outcomes[outcome]);
    let (missing, likewise) = match (responder.missing_is_no, told) {
        (true, Told::Now) => ("counts as no responder", "does"),
        (true, Told::Then) => ("counted as no responder", "did"),
        (false, Told::Now) => ("is left out", "is"),
        (false, Told::Then) => ("was left out", "was"),
    };
    let of_nothing = match responder.improved_by {
        ImprovedBy::Points(_) => String::new(),
        ImprovedBy::Share(_) => format!(", as {likewise} whoever had 0 at baseline"),
    };
    Some(format!("responders improved by at least {by}; who was not seen {missing}{of_nothing}."))
}

fn improvement(by: ImprovedBy, outcome: &Outcome) -> String {
    match by {
        ImprovedBy::Points(points) => amount(&points.to_string(), outcome),
        ImprovedBy::Share(share) => format!("{}% of the baseline", super::numbers::fixed(100.0 * share, 0)),
    }
}

/// What the multiplicity rule does, in a sentence.
pub fn multiplicity(plan: &Plan, n_arms: usize) -> String {
    let m = plan.contrasts.len();
    let all = if m == 1 { "one contrast a visit".to_owned() } else { format!("over the {m} contrasts of a visit") };
    let adjusted = |how: &str| format!("Adjusted p: {how}, {all}.");
    match plan.multiplicity {
        MultiplicityRule::None => "p-values are not adjusted for several comparisons.".to_owned(),
        MultiplicityRule::FisherLsd => {
            let few = if n_arms > 3 {
                " With more than three arms this holds the error rate only if no arm differs."
            } else {
                ""
            };
            format!("Pairs count only where that is below {} (Fisher's LSD); else the gate is closed.{few}", plan.alpha)
        }
        MultiplicityRule::Bonferroni => adjusted("Bonferroni"),
        MultiplicityRule::Sidak => adjusted("Šidák"),
        MultiplicityRule::Holm => adjusted("Holm's step-down procedure"),
        MultiplicityRule::HolmSidak => adjusted("Holm's step-down procedure with Šidák's levels"),
        MultiplicityRule::Hochberg => adjusted("Hochberg's step-up procedure"),
        MultiplicityRule::Hommel => adjusted("Hommel's procedure"),
        MultiplicityRule::BenjaminiHochberg => adjusted("false discovery rate of Benjamini and Hochberg"),
        MultiplicityRule::BenjaminiYekutieli => adjusted("false discovery rate of Benjamini and Yekutieli"),
        MultiplicityRule::FixedSequence => {
            "Adjusted p: in the order of the contrasts, each counts only if those before it do.".to_owned()
        }
        MultiplicityRule::MaxT => adjusted("by the largest of the correlated t statistics (max-t)"),
        MultiplicityRule::TukeyKramer => adjusted("Tukey and Kramer's studentised range"),
        MultiplicityRule::Scheffe => {
            "Adjusted p: Scheffé's, for every comparison of the arms that could be thought of.".to_owned()
        }
        MultiplicityRule::Graph => graph(plan),
    }
}

fn graph(plan: &Plan) -> String {
    let names: Vec<String> =
        plan.graph.iter().flat_map(|graph| &graph.hypotheses).map(|hypothesis| hypothesis.name.clone()).collect();
    format!("Adjusted p: graphical procedure over the hypotheses {}; other contrasts are not tested.", join(&names))
}

/// What the adjusted means of a plan are, as a heading; `None` where it has none.
pub fn means(plan: &Plan, data: &TrialData, outcome: usize) -> Option<String> {
    let level = level(plan.alpha);
    let share = plan.is_share(&data.layout, outcome);
    let what = match plan.estimator.link()? {
        _ if plan.responder(outcome).is_some() => "Adjusted probability of responding",
        _ if share => "Adjusted probability of yes",
        Link::Log => "Adjusted mean count",
        _ if !plan.estimator.has_mean_model() => "Mean",
        _ => "Adjusted mean",
    };
    Some(format!("{what} ({level} interval), by arm"))
}

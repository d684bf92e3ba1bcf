//! The methods in a paragraph that a paper could use, generated from the plan, with the references of what it names.

use super::parts::{Block, ListItem, Piece, Section};
use super::references::{self as of, Reference};
use super::{Evaluated, Subject};
use crate::analysis::covariate_names;
use crate::report::imputation_words;
use crate::report::method_words::{self, Told};
use crate::report::numbers::level;
use crate::report::words::{in_sentence, join};
use crate::scenario::{
    BinaryMeasure, DfMethod, Estimator, GeeStdErrors, Imputation, Imputing, MultiplicityRule, Plan, StdErrors, TTest,
};
use crate::trial::Layout;

/// A paragraph with what it points to.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Methods {
    sentences: Vec<(String, Vec<Reference>)>,
}

impl Methods {
    fn say(&mut self, sentence: impl Into<String>, references: &[Reference]) {
        self.sentences.push((sentence.into(), references.to_vec()));
    }

    /// The references in the order of their numbers.
    pub fn references(&self) -> Vec<Reference> {
        let mut all: Vec<Reference> = Vec::new();
        for reference in self.sentences.iter().flat_map(|(_, references)| references) {
            if !all.contains(reference) {
                all.push(*reference);
            }
        }
        all
    }

    /// The paragraph as plain text, the numbers of the references in brackets.
    pub fn text(&self) -> String {
        let all = self.references();
        let number =
            |own: &Reference| all.iter().position(|other| other == own).map_or(0, |place| place + 1).to_string();
        let sentence = |(text, references): &(String, Vec<Reference>)| match references.as_slice() {
            [] => text.clone(),
            some => format!("{text} [{}]", some.iter().map(number).collect::<Vec<_>>().join(",")),
        };
        self.sentences.iter().map(sentence).collect::<Vec<_>>().join(" ")
    }

    /// The section of the page.
    pub(super) fn section(&self) -> Option<Section> {
        let all = self.references();
        let number = |own: &Reference| all.iter().position(|other| other == own).map_or(0, |place| place + 1);
        let pieces = self.sentences.iter().map(|(text, references)| Piece {
            text: text.clone(),
            references: references.iter().map(number).collect(),
        });
        let items = all.iter().enumerate().map(|(place, own)| ListItem {
            id: format!("reference-{}", place + 1),
            text: own.text.to_owned(),
            doi: own.doi.to_owned(),
        });
        let blocks = vec![
            Block::Cited { pieces: pieces.collect() },
            Block::heading("References"),
            Block::List { items: items.collect(), numbered: true },
            Block::Links {
                links: vec![crate::page::download(
                    "methods.txt",
                    "text/plain",
                    &self.plain(),
                    "Paragraph and references (text)",
                )],
            },
        ];
        Some(Section { id: "methods", heading: "Methods, for a paper".to_owned(), blocks })
    }

    /// Paragraph and references as a text file.
    fn plain(&self) -> String {
        let mut text = format!("{}\n\n", self.text());
        for (place, own) in self.references().iter().enumerate() {
            let doi = if own.doi.is_empty() { String::new() } else { format!(" doi:{}", own.doi) };
            text.push_str(&format!("{}. {}{doi}\n", place + 1, own.text));
        }
        text
    }
}

/// The methods of a subject.
pub fn methods(subject: Subject<'_>) -> Methods {
    let trial = subject.trial;
    let (plan, layout) = (trial.plan, &*trial.data.layout);
    let mut methods = Methods::default();
    design(&mut methods, layout);
    let writer = Writer { subject, plan };
    writer.estimand(&mut methods);
    writer.model(&mut methods);
    writer.responders(&mut methods);
    writer.multiplicity(&mut methods);
    writer.margins(&mut methods);
    writer.missing(&mut methods);
    writer.imputation(&mut methods);
    writer.sensitivity(&mut methods);
    if let Some(own) = subject.evaluated {
        simulation(&mut methods, own);
    }
    methods.say(format!("Analyses were done with linger {}.", env!("CARGO_PKG_VERSION")), &[]);
    methods
}

fn design(methods: &mut Methods, layout: &Layout) {
    let arms: Vec<String> = layout.arms.iter().map(|arm| in_sentence(&arm.label)).collect();
    let visits: Vec<String> = layout.visits.iter().map(|visit| visit.label()).collect();
    methods.say(format!("Participants randomised to {} were assessed at {}.", join(&arms), join(&visits)), &[]);
}

struct Writer<'a> {
    subject: Subject<'a>,
    plan: &'a Plan,
}

impl Writer<'_> {
    fn layout(&self) -> &Layout {
        &self.subject.trial.data.layout
    }

    fn outcomes(&self) -> String {
        let labels: Vec<String> =
            self.plan.outcomes.iter().map(|&own| self.layout().outcomes[own].label.clone()).collect();
        join(&labels)
    }

    fn estimand(&self, methods: &mut Methods) {
        let Some(own) = &self.plan.estimand else { return };
        let words = method_words::estimand(own);
        if !words.is_empty() {
            methods.say(words, &[]);
        }
    }

    /// `, adjusted for …`: what is the same for all outcomes said once, and each outcome's own baseline as such.
    fn adjusted(&self) -> String {
        let data = self.subject.trial.data;
        let names: Vec<Vec<String>> =
            self.plan.outcomes.iter().map(|&outcome| covariate_names(self.plan, data, outcome)).collect();
        let sorted = |own: &Vec<String>| {
            let mut own = own.clone();
            own.sort();
            own
        };
        let Some(first) = names.first().filter(|_| self.plan.estimator.has_mean_model()) else { return String::new() };
        if names.iter().all(Vec::is_empty) {
            return String::new();
        }
        if names.iter().all(|own| sorted(own) == sorted(first)) {
            return format!(", adjusted for {}", join(first));
        }
        let has_own = |(own, &outcome): (&Vec<String>, &usize)| {
            own.first().is_some_and(|name| name.ends_with(&self.layout().outcomes[outcome].name))
        };
        if names.iter().zip(&self.plan.outcomes).all(has_own) && names.iter().all(|own| own[1..] == first[1..]) {
            let mut all = vec!["the baseline value of the outcome".to_owned()];
            all.extend_from_slice(&first[1..]);
            return format!(", adjusted for {}", join(&all));
        }
        let of_each = self.plan.outcomes.iter().zip(&names).map(|(&outcome, own)| {
            let what = if own.is_empty() { "not adjusted".to_owned() } else { format!("adjusted for {}", join(own)) };
            format!("{} {what}", self.layout().outcomes[outcome].label)
        });
        format!(" ({})", of_each.collect::<Vec<_>>().join("; "))
    }

    /// What was compared by which model, adjusted for what, with which standard errors.
    fn model(&self, methods: &mut Methods) {
        let (name, references) = named(self.plan.estimator);
        let data = self.subject.trial.data;
        let first = self.plan.outcomes.first().copied().unwrap_or(0);
        let adjusted = self.adjusted();
        let when = if self.plan.estimator.is_longitudinal() {
            "with all visits in one model"
        } else {
            "separately at each visit"
        };
        methods.say(format!("Arms were compared in {} by {name}, {when}{adjusted}.", self.outcomes()), &references);
        if self.plan.estimator.is_longitudinal() {
            let formula = method_words::formula(self.plan, data, first);
            methods.say(format!("The mean model was {formula}."), &[]);
        }
        for (sentence, references) in self.options() {
            methods.say(sentence, &references);
        }
        methods.say(
            format!(
                "Results are {}s with two-sided {} confidence intervals; p-values are two-sided and compared with {}.",
                method_words::measure(self.plan.measure()),
                level(self.plan.alpha),
                self.plan.alpha
            ),
            &[],
        );
    }

    /// Options of the model, as the tables say them.
    fn options(&self) -> Vec<(String, Vec<Reference>)> {
        let first = self.plan.outcomes.first().copied().unwrap_or(0);
        // Imputation has sentences and references of its own.
        let plan = &Plan { imputation: None, ..self.plan.clone() };
        let said = method_words::method(plan, self.subject.trial.data, first);
        let references: Vec<Reference> = match self.plan.estimator {
            Estimator::Ancova(own) if own != StdErrors::Constant => vec![of::HETEROSCEDASTIC],
            Estimator::Mmrm(own) => degrees(own.df),
            Estimator::MixedModel(own) => degrees(own.df),
            Estimator::Gee(own) => match own.std_errors {
                GeeStdErrors::Sandwich | GeeStdErrors::Naive => Vec::new(),
                GeeStdErrors::ManclDeRouen => vec![of::MANCL_DEROUEN],
                GeeStdErrors::KauermannCarroll => vec![of::KAUERMANN_CARROLL],
                GeeStdErrors::FayGraubard => vec![of::FAY_GRAUBARD],
            },
            _ => Vec::new(),
        };
        // The first says what is modelled, which stands before; the last may be that of responders, which follows.
        let is_of_responders = |text: &String| text.starts_with("Responders");
        said.into_iter().skip(1).filter(|text| !is_of_responders(text)).map(|text| (text, references.clone())).collect()
    }

    fn responders(&self, methods: &mut Methods) {
        let layout = self.layout();
        for &outcome in &self.plan.outcomes {
            if let Some(said) = method_words::responders(self.plan, layout, outcome, Told::Then) {
                methods.say(format!("In {} {said}", layout.outcomes[outcome].label), &[of::RESPONDERS]);
            }
        }
    }

    fn multiplicity(&self, methods: &mut Methods) {
        let m = self.plan.contrasts.len();
        let rule = |name: &str| format!("Several comparisons at a visit ({m}) were allowed for by {name}.");
        let (sentence, references): (String, &[Reference]) = match self.plan.multiplicity {
            MultiplicityRule::None => ("p-values were not adjusted for several comparisons.".to_owned(), &[]),
            MultiplicityRule::FisherLsd => (
                format!(
                    "Pairs of arms were tested only where the test that all arms are equal had p below {} (Fisher's protected least significant difference).",
                    self.plan.alpha
                ),
                &[of::FISHER_LSD],
            ),
            MultiplicityRule::Bonferroni => (rule("Bonferroni's correction"), &[]),
            MultiplicityRule::Sidak => (rule("Šidák's correction"), &[of::SIDAK]),
            MultiplicityRule::Holm => (rule("Holm's step-down procedure"), &[of::HOLM]),
            MultiplicityRule::HolmSidak => (rule("Holm's step-down procedure with Šidák's levels"), &[of::HOLM_SIDAK]),
            MultiplicityRule::Hochberg => (rule("Hochberg's step-up procedure"), &[of::HOCHBERG]),
            MultiplicityRule::Hommel => (rule("Hommel's procedure"), &[of::HOMMEL]),
            MultiplicityRule::BenjaminiHochberg => {
                (rule("the false discovery rate of Benjamini and Hochberg"), &[of::BENJAMINI_HOCHBERG])
            }
            MultiplicityRule::BenjaminiYekutieli => {
                (rule("the false discovery rate of Benjamini and Yekutieli"), &[of::BENJAMINI_YEKUTIELI])
            }
            MultiplicityRule::FixedSequence => (
                rule("testing in the order of the plan, each only if those before it were significant"),
                &[of::FIXED_SEQUENCE],
            ),
            MultiplicityRule::MaxT => {
                (rule("the distribution of the largest of the correlated t statistics"), &[of::MAX_T])
            }
            MultiplicityRule::TukeyKramer => (rule("Tukey and Kramer's procedure"), &[of::TUKEY_KRAMER]),
            MultiplicityRule::Scheffe => (rule("Scheffé's procedure"), &[of::SCHEFFE]),
            MultiplicityRule::Graph => (method_words::multiplicity(self.plan, self.layout().arms.len()), &[of::GRAPH]),
        };
        methods.say(sentence, references);
        if self.plan.multiplicity != MultiplicityRule::None {
            methods.say("Confidence intervals are those of single comparisons.", &[]);
        }
    }

    fn margins(&self, methods: &mut Methods) {
        let said: Vec<String> = self
            .plan
            .margins
            .iter()
            .map(|own| {
                let kind = if own.non_inferiority { "non-inferiority" } else { "equivalence" };
                let contrast = self.plan.contrasts[own.contrast];
                let [arm, versus] =
                    [contrast.arm, contrast.versus].map(|arm| in_sentence(&self.layout().arms[arm].label));
                format!("{kind} of {arm} to {versus} by a margin of {}", own.margin)
            })
            .collect();
        if !said.is_empty() {
            methods.say(format!("Further questions were {}.", join(&said)), &[of::MARGINS]);
        }
    }

    /// Who is in the analysis, and what became of missing values.
    fn missing(&self, methods: &mut Methods) {
        let sentence = match self.plan.estimator {
            _ if self.plan.imputation.is_some() => {
                "All randomised participants whose baseline values are known were analysed in the arm they were randomised to."
            }
            Estimator::Mmrm(_) | Estimator::MixedModel(_) => {
                "All randomised participants with a value after baseline were analysed in the arm they were randomised to; missing values were not imputed, and the model is valid if they are missing at random."
            }
            Estimator::Gee(_) => {
                "All randomised participants with a value after baseline were analysed in the arm they were randomised to; missing values were not imputed, and the estimates are valid if they are missing completely at random."
            }
            _ => {
                "Participants seen at a visit, with all values the model needs, were analysed in the arm they were randomised to; missing values were not imputed."
            }
        };
        methods.say(sentence, &[]);
    }

    /// How missing values were imputed, what was assumed of them, and how answers were pooled.
    fn imputation(&self, methods: &mut Methods) {
        let Some(own) = &self.plan.imputation else { return };
        let strategy = self.plan.estimand.as_ref().and_then(|estimand| estimand.strategy);
        let knows_events = self.subject.trial.data.conduct.is_some();
        let mut before: Vec<String> = Vec::new();
        for &outcome in &self.plan.outcomes {
            let said = imputation_words::imputation(own, (strategy, knows_events), self.layout(), outcome, Told::Then);
            for (place, sentence) in said.into_iter().enumerate() {
                // Outcomes of one kind are imputed alike, which is said once.
                if !before.contains(&sentence) {
                    let references = if place == 0 { of_imputation(own) } else { Vec::new() };
                    before.push(sentence.clone());
                    methods.say(sentence, &references);
                }
            }
        }
    }

    /// The same questions by other methods, or under other assumptions.
    fn sensitivity(&self, methods: &mut Methods) {
        let first = self.plan.outcomes.first().copied().unwrap_or(0);
        for own in &self.plan.sensitivity {
            let (name, references) = named(own.estimator);
            let main = self.plan.imputation.as_ref();
            let otherwise = imputation_words::otherwise(own.imputation.as_ref(), main, self.layout(), first);
            let strategy = |plan: &Plan| plan.estimand.as_ref().and_then(|estimand| estimand.strategy);
            let question = strategy(own).filter(|strategy_of_own| Some(*strategy_of_own) != strategy(self.plan));
            let question = question.map(|own| format!("intercurrent events were handled by {}", own.label()));
            let parts: Vec<String> = [question, otherwise].into_iter().flatten().collect();
            let otherwise = (!parts.is_empty()).then(|| parts.join("; "));
            let of_other =
                own.imputation.as_ref().filter(|_| otherwise.is_some()).map(of_imputation).unwrap_or_default();
            match otherwise {
                Some(said) if own.estimator == self.plan.estimator => {
                    methods.say(format!("In a sensitivity analysis ({}) {said}.", own.name), &of_other);
                }
                Some(said) => {
                    let references: Vec<Reference> = references.into_iter().chain(of_other).collect();
                    methods.say(format!("A sensitivity analysis ({}) used {name}; {said}.", own.name), &references);
                }
                None => methods.say(format!("A sensitivity analysis ({}) used {name}.", own.name), &references),
            }
        }
    }
}

/// Where an imputation comes from: how answers are pooled, what is assumed, what is added.
fn of_imputation(own: &Imputation) -> Vec<Reference> {
    let mut references = vec![match own.how {
        Imputing::Posterior(_) | Imputing::Bootstrap(_) => of::RUBINS_RULES,
        Imputing::Jackknife | Imputing::Resampled(_) => of::CONDITIONAL_MEANS,
    }];
    references.extend((!own.rules.is_empty()).then_some(of::REFERENCE_BASED));
    references.extend((!own.deltas.is_empty()).then_some(of::DELTA));
    references
}

fn degrees(df: DfMethod) -> Vec<Reference> {
    match df {
        DfMethod::Satterthwaite => vec![of::SATTERTHWAITE],
        DfMethod::KenwardRoger | DfMethod::KenwardRogerLinear => vec![of::KENWARD_ROGER],
        DfMethod::BetweenWithin => vec![of::BETWEEN_WITHIN],
        DfMethod::Residual => Vec::new(),
    }
}

/// A method inside a sentence, with where it comes from.
fn named(estimator: Estimator) -> (&'static str, Vec<Reference>) {
    match estimator {
        Estimator::Ancova(_) => ("analysis of covariance", vec![of::ANCOVA]),
        Estimator::Mmrm(_) => ("a mixed model for repeated measures", vec![of::MMRM]),
        Estimator::Gee(_) => ("generalised estimating equations", vec![of::GEE]),
        Estimator::MixedModel(own) if own.therapist.is_some() => {
            ("a linear mixed model with random participants and therapists", vec![of::MIXED_MODEL, of::THERAPISTS])
        }
        Estimator::MixedModel(_) => ("a linear mixed model with random participants", vec![of::MIXED_MODEL]),
        Estimator::Binary(binary) => match binary.measure {
            BinaryMeasure::RiskRatio => ("modified Poisson regression", vec![of::MODIFIED_POISSON]),
            BinaryMeasure::OddsRatio => ("logistic regression", Vec::new()),
            BinaryMeasure::RiskDifference => {
                ("logistic regression standardised over all participants", vec![of::RISK_DIFFERENCE])
            }
        },
        Estimator::NegativeBinomial => ("negative binomial regression", vec![of::NEGATIVE_BINOMIAL]),
        Estimator::ProportionalOdds => ("the proportional odds model", vec![of::PROPORTIONAL_ODDS]),
        Estimator::TTest(TTest::Student) => ("Student's t test", Vec::new()),
        Estimator::TTest(TTest::Welch) => ("Welch's t test", vec![of::WELCH]),
        Estimator::Wilcoxon => (
            "Wilcoxon's rank sum test with the shift of Hodges and Lehmann",
            vec![of::HODGES_LEHMANN, of::KRUSKAL_WALLIS],
        ),
    }
}

fn simulation(methods: &mut Methods, own: Evaluated<'_>) {
    let scenario = own.scenario();
    let n = own.performance().n_replicates;
    methods.say(
        format!(
            "Operating characteristics were estimated from {n} simulated trials of {} participants (seed {}, scenario {}) and are reported with Monte Carlo standard errors.",
            scenario.design.n_participants(),
            scenario.simulation.seed,
            scenario.hash
        ),
        &[of::SIMULATION],
    );
    let by = if own.evaluation.truth.n_participants > 0 {
        format!(
            "numerical integration and a cohort of {} simulated participants under every arm",
            own.evaluation.truth.n_participants
        )
    } else {
        "numerical integration of the simulation model".to_owned()
    };
    methods.say(
        format!("True values were obtained by {by}; trials without an estimate were counted and not replaced."),
        &[],
    );
}

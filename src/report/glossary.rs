//! A small glossary: the terms that results and scenarios use, two or three sentences each, with a reference.

/// One term.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Term {
    /// Its name, with hyphens.
    pub name: &'static str,
    /// Other words for it.
    pub also: &'static [&'static str],
    /// What it means.
    pub text: &'static str,
    /// Where to read more.
    pub reference: &'static str,
}

/// The term of a name or of another word for it, whatever its case, hyphens and underscores.
pub fn term(word: &str) -> Option<&'static Term> {
    let wanted = plain(word);
    GLOSSARY.iter().find(|term| plain(term.name) == wanted || term.also.iter().any(|also| plain(also) == wanted))
}

fn plain(word: &str) -> String {
    word.trim().to_lowercase().replace(['_', ' '], "-")
}

/// Every term, in alphabetical order.
pub const GLOSSARY: &[Term] = &[
    Term {
        name: "adjusted-mean",
        also: &["adjusted-means", "emmeans", "least-squares-mean"],
        text: "The mean that an arm would have at a visit, by the fitted model, if its participants had the average baseline and \
               covariates of everybody in the analysis. Differences of adjusted means are the contrasts of the analysis of covariance.",
        reference: "Searle SR, Speed FM, Milliken GA. Population marginal means in the linear model. Am Stat 1980;34:216-221",
    },
    Term {
        name: "ancova",
        also: &["analysis-of-covariance"],
        text: "Analysis of covariance: a linear model of the score at one visit on the arm and the score at baseline. Randomisation \
               makes the arms' baselines alike on average, so this and the analysis of changes estimate the same difference; adjusting \
               for the baseline takes away the imbalance that chance has left, and usually makes the intervals narrower.",
        reference: "Vickers AJ, Altman DG. Analysing controlled trials with baseline and follow up measurements. BMJ 2001;323:1123-1124, doi 10.1136/bmj.323.7321.1123",
    },
    Term {
        name: "assurance",
        also: &["expected-power"],
        text: "The probability that a trial succeeds, averaged over what is not known for certain of its effects and conduct. Power is a                probability too, but only if the assumed effect is the true one. As a trial grows, assurance comes no nearer to 1 than                the probability that the effect is in the better direction at all.",
        reference: "O'Hagan A, Stevens JW, Campbell MJ. Assurance in clinical trial design. Pharm Stat 2005;4:187-201, doi 10.1002/pst.175",
    },
    Term {
        name: "bias",
        also: &["average-error", "relative-bias"],
        text: "By how much estimates lie above the true value on average. The true value is that of the estimand that the analysis claims: what the contrast would be among everybody who enters, with nobody lost. `linger evaluate` shows it with its Monte Carlo error, and as a share of the true value.",
        reference: "Morris TP, White IR, Crowther MJ. Using simulation studies to evaluate statistical methods. Stat Med 2019;38:2074-2102",
    },
    Term {
        name: "booster",
        also: &["boosters", "booster-session"],
        text: "A session after the first course, meant to keep up a benefit that fades. In a scenario boosters have the same effect per \
               session as the first course, and what is left of them adds to what is left of it.",
        reference: "Cook AJ and others. Randomized clinical trial assessing whether additional massage treatments for chronic neck pain improve 12- and 26-week outcomes. Spine J 2015;15:2206-2215",
    },
    Term {
        name: "common-random-numbers",
        also: &["paired-differences"],
        text: "Two scenarios, methods or settings tried on the same random draws: participant 1 of replicate 0 is the same \
               person under both. What they differ in is then not blurred by chance that both share, and the Monte Carlo error \
               of their difference is mostly far smaller than that of two runs of their own.",
        reference: "Glasserman P, Yao DD. Some guidelines and guarantees for common random numbers. Manage Sci 1992;38:884-908",
    },
    Term {
        name: "conditional-mean",
        also: &["conditional-mean-imputation", "jackknife"],
        text: "Imputation without chance: every missing score is its expected value given what was recorded. The estimate is that of infinitely many random imputations; its standard error comes from repeating everything without each participant in turn (the jackknife), and is that over repeated trials.",
        reference: "Wolbers M, et al. Standard and reference-based conditional mean imputation. Pharm Stat 2022;21:1246-1257, doi 10.1002/pst.2234",
    },
    Term {
        name: "conditional-power",
        also: &["futility", "stochastic-curtailment"],
        text: "The chance that a contrast will be significant at the end, given what a look has shown and an assumption on how it goes on; \
               here, that the difference seen so far is the true one. An arm whose conditional power is low can be dropped. Where nobody is \
               bound to drop it, the significance level is kept whether it is dropped or not.",
        reference: "Lachin JM. A review of methods for futility stopping based on conditional power. Stat Med 2005;24:2747-2764, doi 10.1002/sim.2151",
    },
    Term {
        name: "confidence-interval",
        also: &["interval", "intervals", "width", "average-width"],
        text: "A range computed so that, over many repetitions of the trial, 95% of such ranges contain the true difference (1 - alpha in \
               general). It shows which differences the data are compatible with. An interval that contains 0 does not show that there \
               is no difference: absence of evidence is not evidence of absence.",
        reference: "Altman DG, Bland JM. Absence of evidence is not evidence of absence. BMJ 1995;311:485",
    },
    Term {
        name: "convergence",
        also: &["no-estimate"],
        text: "The share of replicates in which a method gives an estimate. Those without one are counted by their reason and \
               never drawn again: they are seldom a random part of all, so that measures of the others alone can look better \
               than the method is. `linger replay` shows one of them whole.",
        reference: "Morris TP, White IR, Crowther MJ. Using simulation studies to evaluate statistical methods. Stat Med 2019;38:2074-2102, doi 10.1002/sim.8086",
    },
    Term {
        name: "copy-increments",
        also: &["copy-increments-in-reference", "cir"],
        text: "Imputation for those who stop: from then on their mean changes as that of the reference arm does, from where it was. What was gained until then is kept, and nothing more is gained.",
        reference: "Carpenter JR, Roger JH, Kenward MG. Analysis of longitudinal trials with protocol deviation. J Biopharm Stat 2013;23:1352-1371, doi 10.1080/10543406.2013.834911",
    },
    Term {
        name: "copy-reference",
        also: &["cr"],
        text: "Imputation for those who stop: their mean is taken to have been that of the reference arm all along, so that a good score before counts as a chance deviation and fades as such deviations do.",
        reference: "Carpenter JR, Roger JH, Kenward MG. Analysis of longitudinal trials with protocol deviation. J Biopharm Stat 2013;23:1352-1371, doi 10.1080/10543406.2013.834911",
    },
    Term {
        name: "coverage",
        also: &["coverage-probability", "bias-eliminated-coverage"],
        text: "The share of trials whose interval holds the true value: 95% for a 95% interval that does what it says. Bias-eliminated coverage counts the intervals that hold the average estimate instead; where the two differ, bias is the cause, and where both are low, standard errors are too small.",
        reference: "Morris TP, White IR, Crowther MJ. Using simulation studies to evaluate statistical methods. Stat Med 2019;38:2074-2102",
    },
    Term {
        name: "d1",
        also: &["pooled-wald-test"],
        text: "The test that several estimates are all 0, pooled over imputations: one relative increase in variance stands for all directions, and F has Reiter's degrees of freedom. It is the omnibus test of a plan that imputes.",
        reference: "Reiter JP. Small-sample degrees of freedom for multi-component significance tests with multiple imputation for missing data. Biometrika 2007;94:502-508, doi 10.1093/biomet/asm028",
    },
    Term {
        name: "delta-adjustment",
        also: &["delta"],
        text: "Imputed scores are made worse by an amount, the delta, in points or as a share of the imputed change, by arm, visit and reason, to see how far the conclusion depends on what was not seen.",
        reference: "Cro S, Morris TP, Kenward MG, Carpenter JR. Sensitivity analysis for clinical trials with missing continuous outcome data using controlled multiple imputation. Stat Med 2020;39:2815-2842, doi 10.1002/sim.8569",
    },
    Term {
        name: "disjunctive-power",
        also: &["conjunctive-power", "any-contrast", "all-contrasts"],
        text: "Of several contrasts, the probability to find at least one (disjunctive power) or all of them (conjunctive power), after the multiplicity rule. Which of them a sample size should be planned for depends on when the trial counts as a success.",
        reference: "Senn S, Bretz F. Power and sample size when multiple endpoints are considered. Pharm Stat 2007;6:161-170",
    },
    Term {
        name: "dropout",
        also: &["missing-completely-at-random", "mcar"],
        text: "Participants who are not seen any more. Data are missing completely at random if who drops out has nothing to do with \
               any outcome, seen or unseen: the rest is then smaller, but no different. Dropout that follows the outcomes can bias \
               an analysis of those who remain.",
        reference: "Rubin DB. Inference and missing data. Biometrika 1976;63:581-592",
    },
    Term {
        name: "effect-size",
        also: &["cohen-d", "hedges-g", "glass-delta", "describe"],
        text: "A difference of means in units of a standard deviation: Cohen's d uses the pooled one, Hedges' g corrects it for small \
               samples, Glass's delta uses that of the second arm. It depends on how varied the participants are, so points of the \
               scale say more to those who know it.",
        reference: "Cumming G, Finch S. Educ Psychol Meas 2001;61:532-574, doi 10.1177/0013164401614002",
    },
    Term {
        name: "empirical-se",
        also: &[
            "empirical-standard-error",
            "model-se",
            "model-standard-error",
            "relative-error",
            "relative-error-of-the-model-se",
        ],
        text: "The standard deviation of the estimates over many simulated trials: what the standard error of one trial is an estimate of. The model SE is the root of the average squared standard error that the trials report; its relative error says by how much they exaggerate, or understate, how certain they are.",
        reference: "Morris TP, White IR, Crowther MJ. Using simulation studies to evaluate statistical methods. Stat Med 2019;38:2074-2102",
    },
    Term {
        name: "equivalence",
        also: &["tost", "two-one-sided-tests", "non-inferiority", "margin", "margins"],
        text: "Showing that a difference is smaller than a margin either way, by two one-sided tests: equivalence is shown at 5% \
               where the 90% interval lies within the margins. Non-inferiority looks towards harm only. A test of no difference that \
               is not significant shows neither.",
        reference: "Piaggio G and others. Reporting of noninferiority and equivalence randomized trials. JAMA 2012;308:2594-2604, doi 10.1001/jama.2012.87802",
    },
    Term {
        name: "estimand",
        also: &["estimands"],
        text: "Exactly what a trial sets out to estimate: treatments, population, outcome, how events after randomisation (such as \
               stopping the sessions) are dealt with, and the summary that compares the arms. The same data answer different questions \
               under different estimands, so it is fixed before the method is.",
        reference: "ICH E9(R1). Addendum on estimands and sensitivity analysis in clinical trials. 2019",
    },
    Term {
        name: "false-discovery-rate",
        also: &["fdr", "benjamini-hochberg", "benjamini-yekutieli"],
        text: "The share of false findings among all findings that a rule accepts on average. Rules that hold it, such as Benjamini \
               and Hochberg's, find more than those that hold the chance of any false finding, and are for screening rather than for \
               confirming.",
        reference: "Benjamini Y, Hochberg Y. Controlling the false discovery rate. J R Stat Soc B 1995;57:289-300",
    },
    Term {
        name: "family-wise-error",
        also: &["fwer", "type-i-error"],
        text: "The probability to reject at least one contrast whose true value is 0. Multiplicity rules are made to keep it below alpha.",
        reference: "Dmitrienko A, D'Agostino R. Traditional multiplicity adjustment methods in clinical trials. Stat Med 2013;32:5172-5218",
    },
    Term {
        name: "fisher-lsd",
        also: &["lsd", "least-significant-difference", "protected-lsd", "gate", "gate-open"],
        text: "Fisher's protected least significant difference: pairs of arms are tested at the full level, but count only if the \
               omnibus test of all arms is significant. With three arms it is a closed test and the chance of any false finding is at \
               most alpha; with more arms that holds only if all arms are equal.",
        reference: "Meier U. A note on the power of Fisher's least significant difference procedure. Pharm Stat 2006;5:253-263, doi 10.1002/pst.210",
    },
    Term {
        name: "fraction-of-missing-information",
        also: &["fmi", "missing-information"],
        text: "The share of what complete data would have told of an estimate that is lost with the missing scores, as far as the model cannot make up for it. It says how many imputations are enough: the standard error would vary by some 5 % from one set of imputations to another with 1 + 200 fmi².",
        reference: "von Hippel PT. How many imputations do you need? Sociol Methods Res 2020;49:699-718, doi 10.1177/0049124117747303",
    },
    Term {
        name: "gain-in-precision",
        also: &["precision", "relative-precision"],
        text: "By how many per cent the variance of one method's estimates exceeds that of another's over the same replicates: \
               (empirical SE of the main analysis / that of the other) squared, less 1. A gain of 10% is worth as much as 10% \
               more participants. It says nothing about bias. A precision asked for with `--until` is another thing: a Monte \
               Carlo error that is small enough.",
        reference: "Morris TP, White IR, Crowther MJ. Using simulation studies to evaluate statistical methods. Stat Med 2019;38:2074-2102, doi 10.1002/sim.8086",
    },
    Term {
        name: "gee",
        also: &["generalised-estimating-equations", "generalized-estimating-equations", "working-correlation"],
        text: "Generalised estimating equations: a model of the mean at all visits together, with a working correlation between the \
               visits of one person that need not be right. With sandwich standard errors the differences between arms are consistent \
               all the same, if data are missing completely at random.",
        reference: "Liang KY, Zeger SL. Longitudinal data analysis using generalized linear models. Biometrika 1986;73:13-22, doi 10.1093/biomet/73.1.13",
    },
    Term {
        name: "graphical-procedure",
        also: &["graph"],
        text: "A multiplicity rule drawn as a graph: every hypothesis begins with a share of alpha, and passes it on along arrows \
               once it is rejected. With shares of at most 1 the chance of any false finding is at most alpha, whatever the \
               dependence of the tests.",
        reference: "Bretz F and others. A graphical approach to sequentially rejective multiple test procedures. Stat Med 2009;28:586-604, doi 10.1002/sim.3495",
    },
    Term {
        name: "group-sequential",
        also: &["interim-look", "interim-looks", "alpha-spending", "obrien-fleming", "pocock"],
        text: "A trial that is looked at several times before its end, each time against a boundary that is further out than that of a single \
               look, so that all looks together find something where nothing is no more often than alpha says. Alpha is spent look by look: \
               in the likeness of O'Brien and Fleming's boundaries hardly any of it early, of Pocock's nearly evenly. Trials that stop early \
               overestimate what they stopped for.",
        reference: "Lan KKG, DeMets DL. Discrete sequential boundaries for clinical trials. Biometrika 1983;70:659-663, doi 10.1093/biomet/70.3.659; Jennison C, Turnbull BW. Group Sequential Methods with Applications to Clinical Trials, 2000",
    },
    Term {
        name: "half-life",
        also: &["half-life-weeks", "halflife"],
        text: "The weeks after which half of the fading part of a session's effect is gone, and half of what is left after as many again: \
               the share left after t weeks is 2^(-t / half-life). Of a natural course, the weeks after which half of the final \
               improvement has happened. `inf` means that nothing fades.",
        reference: "The model of this program, scenario::SessionEffect and scenario::NaturalCourse in its documentation",
    },
    Term {
        name: "imputation",
        also: &["multiple-imputation"],
        text: "Missing values (scores, yes or no, counts) are filled in many times over by draws from what a model says of them given everything recorded; each completed set is analysed and the answers are pooled by Rubin's rules. What is assumed of the missing is the strategy: missing at random, or by reference to another arm.",
        reference: "Rubin DB. Multiple Imputation for Nonresponse in Surveys. Wiley 1987, doi 10.1002/9780470316696",
    },
    Term {
        name: "information-anchored",
        also: &["frequentist-variance", "which-variance"],
        text: "Imputation by reference borrows scores from another arm that the analysis then takes for data, so that over repeated trials the estimate varies less than Rubin's variance says. Rubin's is information-anchored: as much is lost with the missing as under missing at random. That of the jackknife is frequentist: intervals cover what the procedure estimates as often as they say, but the more are lost the shorter they are. A plan can have both.",
        reference: "Cro S, Carpenter JR, Kenward MG. Information-anchored sensitivity analysis: theory and application. JRSS A 2019;182:623-645, doi 10.1111/rssa.12423; Bartlett JW. Reference-based multiple imputation: what is the right variance and how to estimate it. Stat Biopharm Res 2023;15:178-186, doi 10.1080/19466315.2021.1983455",
    },
    Term {
        name: "jump-to-reference",
        also: &["j2r"],
        text: "Imputation for those who stop: from then on their mean is that of the reference arm, as if all benefit ended at once.",
        reference: "Carpenter JR, Roger JH, Kenward MG. Analysis of longitudinal trials with protocol deviation. J Biopharm Stat 2013;23:1352-1371, doi 10.1080/10543406.2013.834911",
    },
    Term {
        name: "kenward-roger",
        also: &["kenward-roger-linear"],
        text: "Degrees of freedom and standard errors for mixed models in small samples: standard errors are made larger for not \
               knowing the covariance exactly, and degrees of freedom are chosen so that the test is nearly exact. In large trials it \
               changes nothing.",
        reference: "Kenward MG, Roger JH. Small sample inference for fixed effects from restricted maximum likelihood. Biometrics 1997;53:983-997",
    },
    Term {
        name: "last-mean",
        also: &["last-mean-carried-forward", "lmcf"],
        text: "Imputation for those who stop: their mean stays what it was at the last visit, and neither wears off nor grows. Unlike the last observation carried forward it leaves scores their spread.",
        reference: "Carpenter JR, Roger JH, Kenward MG. Analysis of longitudinal trials with protocol deviation. J Biopharm Stat 2013;23:1352-1371, doi 10.1080/10543406.2013.834911",
    },
    Term {
        name: "lasting-share",
        also: &["lasting"],
        text: "The share of each session's effect that stays for good, from 0 to 1; the rest fades with the half-life. A session's \
               effect is therefore down to lasting share + (1 - lasting share) x 2^(-t / half-life) of its size after t weeks.",
        reference: "The model of this program, scenario::SessionEffect in its documentation",
    },
    Term {
        name: "max-t",
        also: &["dunnett", "simultaneous", "single-step"],
        text: "A multiplicity rule that compares every t statistic with the distribution of the largest of them, correlated as they \
               are. For comparisons with one arm it is Dunnett's test. Its simultaneous intervals contain all true differences at \
               once with 95%.",
        reference: "Hothorn T, Bretz F, Westfall P. Simultaneous inference in general parametric models. Biom J 2008;50:346-363, doi 10.1002/bimj.200810425",
    },
    Term {
        name: "mean-squared-error",
        also: &["mse"],
        text: "The average squared distance of the estimates from the true value: bias squared plus the variance of the \
               estimates. A method with a little bias can have a smaller one than a method without; how the two weigh depends \
               on the size of the trial.",
        reference: "Morris TP, White IR, Crowther MJ. Using simulation studies to evaluate statistical methods. Stat Med 2019;38:2074-2102, doi 10.1002/sim.8086",
    },
    Term {
        name: "meaningful-difference",
        also: &["meaningful", "mcid", "minimal-important-difference"],
        text: "The smallest difference between arms that would matter to participants, set beforehand and drawn as a band. It says nothing \
               about chance: a difference can be beyond doubt and too small to matter, or large and uncertain. A threshold for the change \
               within one person is another quantity.",
        reference: "Jaeschke R, Singer J, Guyatt GH. Measurement of health status: ascertaining the minimal clinically important difference. Control Clin Trials 1989;10:407-415",
    },
    Term {
        name: "missing-at-random",
        also: &["mar"],
        text: "Whether a score is missing depends on what was recorded, and given that not on the score itself: whoever is lost goes on like others of the arm who had the same scores before. Data cannot show it; other assumptions beside it show what depends on it.",
        reference: "Rubin DB. Inference and missing data. Biometrika 1976;63:581-592, doi 10.1093/biomet/63.3.581",
    },
    Term {
        name: "mixed-model",
        also: &["random-intercept", "random-intercepts"],
        text: "A linear model of all visits in which every participant, and where there are some every therapist, has a level of \
               their own drawn from a normal distribution. Visits of one person are then equally correlated; participants of one \
               therapist are a little alike.",
        reference: "Laird NM, Ware JH. Random-effects models for longitudinal data. Biometrics 1982;38:963-974",
    },
    Term {
        name: "mmrm",
        also: &["mixed-model-for-repeated-measures", "repeated-measures"],
        text: "Mixed model for repeated measures: the mean at every visit by arm, all visits together, with a covariance between the \
               visits of one person that is estimated. Everybody with at least one visit contributes, and it remains right if who \
               drops out depends on scores that were seen (missing at random).",
        reference: "Mallinckrodt CH and others. Recommendations for the primary analysis of continuous endpoints in longitudinal clinical trials. Drug Inf J 2008;42:303-319, doi 10.1177/009286150804200402",
    },
    Term {
        name: "monte-carlo-error",
        also: &["monte-carlo-standard-error", "mcse"],
        text: "The standard error that a simulated quantity has because the number of replicates is finite; it falls with the square root \
               of that number. For a proportion p from n replicates it is the square root of p (1 - p) / n. It says nothing about \
               whether the scenario is true.",
        reference: "Morris TP, White IR, Crowther MJ. Using simulation studies to evaluate statistical methods. Stat Med 2019;38:2074-2102, doi 10.1002/sim.8086",
    },
    Term {
        name: "multiplicity",
        also: &[
            "multiple-testing",
            "multiple-comparisons",
            "bonferroni",
            "sidak",
            "holm",
            "holm-sidak",
            "hochberg",
            "hommel",
            "fixed-sequence",
            "familywise-error",
            "scheffe",
        ],
        text: "With several comparisons the chance that at least one is falsely significant grows. Bonferroni, Holm, Hochberg, Hommel \
               and a fixed sequence keep that chance at alpha over the contrasts of an outcome and visit; adjusted p-values are \
               compared with alpha directly. Holm is never worse than Bonferroni; Hochberg and Hommel assume tests that do not go \
               against each other.",
        reference: "Bretz F, Hothorn T, Westfall P. Multiple Comparisons Using R. CRC Press 2010",
    },
    Term {
        name: "natural-course",
        also: &["natural-history"],
        text: "How severity moves without any session, in every arm alike: it approaches its final improvement exponentially. Every arm of \
               a trial of back pain improves, so a change from before to after is no evidence of an effect; the difference between \
               randomised arms is.",
        reference: "Artus M and others. Low back pain symptoms show a similar pattern of improvement following a wide range of primary care treatments. Rheumatology 2010;49:2346-2356",
    },
    Term {
        name: "number-needed-to-treat",
        also: &["nnt"],
        text: "How many must be treated for one more to benefit: 1 over the risk difference. Where no difference is possible too, its \
               interval runs from a benefit through infinity to a harm.",
        reference: "Altman DG. Confidence intervals for the number needed to treat. BMJ 1998;317:1309-1312, doi 10.1136/bmj.317.7168.1309",
    },
    Term {
        name: "odds-ratio",
        also: &["logistic", "proportional-odds"],
        text: "The odds of yes in one arm over those in another, the odds being p / (1 - p). Unless yes is rare it lies further from \
               1 than the ratio of risks, and is easily read as one. The proportional odds model has one such ratio for every cut of \
               a rating into lower and higher levels.",
        reference: "Holcomb WL Jr and others. An odd measure of risk: use and misuse of the odds ratio. Obstet Gynecol 2001;98:685-688",
    },
    Term {
        name: "omnibus-test",
        also: &["omnibus", "f-test"],
        text: "One F test of whether all arms have the same adjusted mean at a visit. It does not say which arms differ; Fisher's protected \
               least significant difference uses it as a gate for the pairs.",
        reference: "Searle SR. Linear Models. Wiley 1971",
    },
    Term {
        name: "permuted-blocks",
        also: &["block", "blocks", "block-size", "permuted-block"],
        text: "Randomisation in which every block of consecutive participants holds the arms in the planned proportions, as nearly as \
               whole participants allow, in random order. The arms then cannot drift far from those proportions while the trial is \
               filling.",
        reference: "Schulz KF, Grimes DA. Generation of allocation sequences in randomised trials: chance, not choice. Lancet 2002;359:515-519",
    },
    Term {
        name: "power",
        also: &["sample-size"],
        text: "The probability that a trial shows a difference that is truly there. linger power counts a trial whose p is below alpha and \
               whose estimate favours the better arm; linger evaluate counts every p below alpha, in either direction, so that its share \
               under no difference is the type I error. Where power is of any use both are nearly the same. It rises with the number of \
               participants. A trial large enough to find any difference also finds those too small to matter, so that a size belongs to \
               the smallest difference worth finding.",
        reference: "Cook JA and others. DELTA2 guidance on choosing the target difference and undertaking and reporting the sample size calculation for a randomised controlled trial. BMJ 2018;363:k3750, doi 10.1136/bmj.k3750",
    },
    Term {
        name: "prior",
        also: &["priors", "prior-distribution"],
        text: "A distribution that says what is known, and not known, of a setting before the trial. In a scenario `[priors]` \
               holds them: assurance averages over draws from them, and plans of sessions are judged in the same draws. Without \
               them everything in the scenario is taken as certain.",
        reference: "O'Hagan A and others. Uncertain Judgements: Eliciting Experts' Probabilities. Wiley 2006",
    },
    Term {
        name: "rate-ratio",
        also: &["negative-binomial"],
        text: "The average count in one arm over that in another. Counts of days or events vary more than independent events would; \
               the negative binomial model estimates by how much.",
        reference: "Lawless JF. Negative binomial and mixed Poisson regression. Can J Stat 1987;15:209-225",
    },
    Term {
        name: "recorded-score",
        also: &["latent-severity", "ceiling", "floor"],
        text: "What stands on the form: severity held within the range of the scale and rounded to its step. Whoever is at an end of the \
               scale cannot be recorded beyond it, so a recorded difference between arms is usually a little smaller than the latent one.",
        reference: "Terwee CB and others. Quality criteria were proposed for measurement properties of health status questionnaires. J Clin Epidemiol 2007;60:34-42",
    },
    Term {
        name: "reference-based",
        also: &["reference-based-imputation"],
        text: "Imputation for those who stop by what a reference arm does: jump-to-reference, copy-reference, copy-increments; of yes or no and of counts on the scale of log odds or log rates. Each is an assumption that a reader can picture; information-anchored says which variance goes with it.",
        reference: "Carpenter JR, Roger JH, Kenward MG. Analysis of longitudinal trials with protocol deviation. J Biopharm Stat 2013;23:1352-1371, doi 10.1080/10543406.2013.834911",
    },
    Term {
        name: "regression-to-the-mean",
        also: &["regression", "rtm"],
        text: "People chosen because a varying score was high are, on average, less far from the mean at the next measurement, without \
               any treatment. The expected fall is the distance of those selected from the mean times 1 minus the correlation of the \
               two measurements (for normal scores of equal spread), and it is the same in every randomised arm.",
        reference: "Barnett AG, van der Pols JC, Dobson AJ. Regression to the mean: what it is and how to deal with it. Int J Epidemiol 2005;34:215-220, doi 10.1093/ije/dyh299",
    },
    Term {
        name: "replicate",
        also: &["replicates"],
        text: "One simulated trial of a scenario, known by its number: replicate 417 is the same trial alone, among ten thousand, on any number of threads. `linger replay SCENARIO 417` shows it whole.",
        reference: "Morris TP, White IR, Crowther MJ. Using simulation studies to evaluate statistical methods. Stat Med 2019;38:2074-2102",
    },
    Term {
        name: "responder",
        also: &["responders", "responder-analysis"],
        text: "Somebody who improved from baseline by at least so many points, or such a share of the baseline. Shares of responders \
               are easily told, but throw away what lies to both sides of the threshold; state how those not seen are counted.",
        reference: "Dworkin RH and others. Interpreting the clinical importance of treatment outcomes in chronic pain clinical trials: IMMPACT recommendations. J Pain 2008;9:105-121, doi 10.1016/j.jpain.2007.09.005",
    },
    Term {
        name: "risk-difference",
        also: &["standardisation", "g-computation"],
        text: "The probability of yes in one arm less that in another. From a logistic model it is the average of predicted risks \
               over everybody in the fit, as if all were in the one arm and then all in the other; it means the same with and without \
               adjustment.",
        reference: "Ge M and others. Covariate-adjusted difference in proportions from clinical trials using logistic regression and weighted risk differences. Drug Inf J 2011;45:481-493",
    },
    Term {
        name: "risk-ratio",
        also: &["relative-risk", "modified-poisson"],
        text: "The probability of yes in one arm over that in another. Poisson regression with sandwich standard errors estimates it \
               with adjustment for covariates.",
        reference: "Zou G. A modified Poisson regression approach to prospective studies with binary data. Am J Epidemiol 2004;159:702-706, doi 10.1093/aje/kwh090",
    },
    Term {
        name: "rubins-rules",
        also: &["barnard-rubin", "rubin", "pooling"],
        text: "The estimate is the average over imputations; its variance the average variance, plus the variance between imputations times 1 + 1/m. Degrees of freedom are Barnard and Rubin's, which are never more than complete data would have.",
        reference: "Barnard J, Rubin DB. Small-sample degrees of freedom with multiple imputation. Biometrika 1999;86:948-955, doi 10.1093/biomet/86.4.948",
    },
    Term {
        name: "sandwich",
        also: &["robust-standard-errors", "hc0", "hc3", "cr0", "cr2", "cr3", "mancl-derouen"],
        text: "Standard errors that take the spread from the residuals themselves, so that they hold even if the model's variances or \
               correlations are wrong. With few participants they are too small; HC3, CR2 and Mancl and DeRouen's are corrections.",
        reference: "MacKinnon JG, White H. Some heteroskedasticity-consistent covariance matrix estimators with improved finite sample properties. J Econom 1985;29:305-325",
    },
    Term {
        name: "satterthwaite",
        also: &["degrees-of-freedom", "df"],
        text: "Degrees of freedom that make up for variances that are estimated: a t distribution is chosen whose spread matches the \
               uncertainty of the standard error. They need not be whole.",
        reference: "Satterthwaite FE. An approximate distribution of estimates of variance components. Biometrics 1946;2:110-114",
    },
    Term {
        name: "shard",
        also: &["shards"],
        text: "A part of the replicates of a run, such as 3/8, simulated by a process or machine of its own: `linger evaluate \
               --shard 3/8 -o FOLDER`. A replicate is the same wherever it is simulated, so that `linger merge` joins all \
               shards to the very bytes of a run in one go.",
        reference: "The model of this program, operating_characteristics::Shard in its documentation",
    },
    Term {
        name: "sweep",
        also: &["grid", "grids", "cells", "factorial-design"],
        text: "One scenario evaluated at several values of some of its settings, each combination of them being a cell of the \
               grid. Cells share the seed, so that neighbours differ by their settings and hardly by chance; which cells look \
               best among many is partly luck all the same.",
        reference: "Morris TP, White IR, Crowther MJ. Using simulation studies to evaluate statistical methods. Stat Med 2019;38:2074-2102, doi 10.1002/sim.8086",
    },
    Term {
        name: "tipping-point",
        also: &["tipping", "tip"],
        text: "The delta at which a conclusion changes, for one arm or over a surface of deltas in two. Whether so much is plausible is for the reader to judge: linger tip draws the surface.",
        reference: "Cro S, Morris TP, Kenward MG, Carpenter JR. Sensitivity analysis for clinical trials with missing continuous outcome data using controlled multiple imputation. Stat Med 2020;39:2815-2842, doi 10.1002/sim.8569",
    },
    Term {
        name: "treatment-policy",
        also: &["hypothetical", "while-on-treatment", "intercurrent-event", "intercurrent-events"],
        text: "A strategy for what happens after randomisation, such as stopping the sessions: the outcome counts as it is, \
               whether that happened or not. The hypothetical strategy asks for the outcome had it not happened, and while on \
               treatment takes the last visit before it. Being lost to follow-up is no such event: it hides a value and changes \
               nothing.",
        reference: "ICH E9(R1). Addendum on estimands and sensitivity analysis in clinical trials. 2019",
    },
    Term {
        name: "true-value",
        also: &["true-values", "truth", "integration", "by-integration"],
        text: "What an analysis of the scenario would give if everybody who could ever enter were in it and nobody lost, under \
               the estimand that it claims. Where it can be it is computed from the model by numerical integration, without \
               chance; else from a large simulated cohort. Bias, coverage and mean squared error are held against it.",
        reference: "The model of this program, operating_characteristics::claimed_truth in its documentation",
    },
    Term {
        name: "tukey-kramer",
        also: &["tukey", "tukey-hsd", "studentised-range"],
        text: "A multiplicity rule for all pairs of arms by the distribution of the range of their means; exact for arms of one size, \
               and a little cautious otherwise.",
        reference: "Kramer CY. Extension of multiple range tests to group means with unequal numbers of replications. Biometrics 1956;12:307-310",
    },
    Term {
        name: "wilcoxon",
        also: &["mann-whitney", "rank-sum", "hodges-lehmann", "kruskal-wallis", "shift"],
        text: "A test of whether values in one arm tend to be higher than in another, by ranks alone. Its estimate, Hodges and \
               Lehmann's shift, is the median of all differences between a person of one arm and a person of the other.",
        reference: "Hollander M, Wolfe DA, Chicken E. Nonparametric Statistical Methods. Wiley 2014",
    },
];

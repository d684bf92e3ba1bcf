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
        name: "booster",
        also: &["boosters", "booster-session"],
        text: "A session after the first course, meant to keep up a benefit that fades. In a scenario boosters have the same effect per \
               session as the first course, and what is left of them adds to what is left of it.",
        reference: "Cook AJ and others. Randomized clinical trial assessing whether additional massage treatments for chronic neck pain improve 12- and 26-week outcomes. Spine J 2015;15:2206-2215",
    },
    Term {
        name: "confidence-interval",
        also: &["interval", "intervals"],
        text: "A range computed so that, over many repetitions of the trial, 95% of such ranges contain the true difference (1 - alpha in \
               general). It shows which differences the data are compatible with. An interval that contains 0 does not show that there \
               is no difference: absence of evidence is not evidence of absence.",
        reference: "Altman DG, Bland JM. Absence of evidence is not evidence of absence. BMJ 1995;311:485",
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
        name: "estimand",
        also: &["estimands"],
        text: "Exactly what a trial sets out to estimate: treatments, population, outcome, how events after randomisation (such as \
               stopping the sessions) are dealt with, and the summary that compares the arms. The same data answer different questions \
               under different estimands, so it is fixed before the method is.",
        reference: "ICH E9(R1). Addendum on estimands and sensitivity analysis in clinical trials. 2019",
    },
    Term {
        name: "fisher-lsd",
        also: &["lsd", "least-significant-difference", "protected-lsd", "gate"],
        text: "Fisher's protected least significant difference: pairs of arms are tested at the full level, but count only if the \
               omnibus test of all arms is significant. With three arms it is a closed test and the chance of any false finding is at \
               most alpha; with more arms that holds only if all arms are equal.",
        reference: "Meier U. A note on the power of Fisher's least significant difference procedure. Pharm Stat 2006;5:253-263, doi 10.1002/pst.210",
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
        name: "lasting-share",
        also: &["lasting"],
        text: "The share of each session's effect that stays for good, from 0 to 1; the rest fades with the half-life. A session's \
               effect is therefore down to lasting share + (1 - lasting share) x 2^(-t / half-life) of its size after t weeks.",
        reference: "The model of this program, scenario::SessionEffect in its documentation",
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
        name: "monte-carlo-error",
        also: &["monte-carlo-standard-error", "mcse"],
        text: "The standard error that a simulated quantity has because the number of replicates is finite; it falls with the square root \
               of that number. For a proportion p from n replicates it is the square root of p (1 - p) / n. It says nothing about \
               whether the scenario is true.",
        reference: "Morris TP, White IR, Crowther MJ. Using simulation studies to evaluate statistical methods. Stat Med 2019;38:2074-2102, doi 10.1002/sim.8086",
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
        name: "recorded-score",
        also: &["latent-severity", "ceiling", "floor"],
        text: "What stands on the form: severity held within the range of the scale and rounded to its step. Whoever is at an end of the \
               scale cannot be recorded beyond it, so a recorded difference between arms is usually a little smaller than the latent one.",
        reference: "Terwee CB and others. Quality criteria were proposed for measurement properties of health status questionnaires. J Clin Epidemiol 2007;60:34-42",
    },
    Term {
        name: "regression-to-the-mean",
        also: &["regression", "rtm"],
        text: "People chosen because a varying score was high are, on average, less far from the mean at the next measurement, without \
               any treatment. The expected fall is the distance of those selected from the mean times 1 minus the correlation of the \
               two measurements (for normal scores of equal spread), and it is the same in every randomised arm.",
        reference: "Barnett AG, van der Pols JC, Dobson AJ. Regression to the mean: what it is and how to deal with it. Int J Epidemiol 2005;34:215-220, doi 10.1093/ije/dyh299",
    },
];

//! Seeded mistakes in analysis plans beyond the plainest: options, formulas, pairs of visits, multiplicity, margins, responders.

use super::mistakes::{Mistake, mistake};

const MODEL: &str = "model = \"ancova\"";
const RULE: &str = "multiplicity = \"fisher_lsd\"";
const COVARIATES: &str = "covariates = [\"bothersomeness\"]";

/// Each in the scenario of the mistakes in general.
pub const MISTAKES_IN_PLANS: &[Mistake] = &[
    // Options of another model.
    mistake(MODEL, "model = «\"mmmrm\"»", "L013", Some("mmrm"), "choices"),
    mistake(MODEL, "model = \"ancova\"\n«likelihood» = \"ml\"", "L064", None, "no option of the model `ancova`"),
    mistake(MODEL, "model = \"mmrm\"\n«family» = \"gaussian\"", "L064", None, "its options are formula, covariates"),
    mistake(MODEL, "model = \"ancova\"\nstd_errors = «\"cr2\"»", "L064", None, "it has constant, hc0, hc1, hc2, hc3"),
    mistake(MODEL, "model = \"gee\"\nstd_errors = «\"hc3\"»", "L064", None, "it has sandwich, naive"),
    mistake(
        MODEL,
        "model = \"mixed_model\"\ndf = «\"between_within\"»",
        "L064",
        None,
        "satterthwaite, kenward_roger, residual",
    ),
    mistake(MODEL, "model = \"mixed_model\"\ntherapist = «\"healer\"»", "L020", None, "the data have no covariates"),
    // Formulas.
    mistake(COVARIATES, "formula = \"value ~ arm «+»\"", "L063", None, "a name is missing here"),
    mistake(COVARIATES, "formula = \"value ~ arm + «agee»\"", "L020", None, "names that exist: baseline, arm, visit"),
    mistake(COVARIATES, "formula = \"«valu» ~ arm + baseline\"", "L063", Some("value"), "cannot be modelled"),
    mistake(COVARIATES, "formula = \"«value ~ baseline»\"", "L063", None, "there is nothing to compare"),
    mistake(COVARIATES, "formula = \"value ~ arm «-» baseline\"", "L063", None, "cannot be taken out"),
    mistake(
        COVARIATES,
        "«covariates» = [\"bothersomeness\"]\nformula = \"value ~ arm\"",
        "L063",
        None,
        "both say what the model is adjusted for",
    ),
    // Pairs of visits.
    mistake(RULE, "«between_visits» = [\"52 - 10\"]", "L065", None, "models of all visits together are mmrm, gee"),
    mistake(
        MODEL,
        "model = \"mmrm\"\nbetween_visits = [«\"52 - 12\"»]",
        "L065",
        None,
        "visits are at weeks 10, 26, 52",
    ),
    mistake(MODEL, "model = \"mmrm\"\nbetween_visits = [«\"26 - 26\"»]", "L065", None, "two different weeks"),
    // Multiplicity.
    mistake(RULE, "multiplicity = «\"tukey_kramer\"»", "L066", None, "rules that fit any plan"),
    mistake(
        RULE,
        "multiplicity = \"graph\"\n[analysis.«graph»]\na = { contrast = \"relaxation - usual_care\", outcome = \"rdq\", weight = 0.7 }\nb = { contrast = \"structural - usual_care\", outcome = \"rdq\", weight = 0.7 }",
        "L066",
        None,
        "which is more than 1",
    ),
    mistake(
        RULE,
        "multiplicity = \"graph\"\n[analysis.graph]\na = { contrast = \"relaxation - usual_care\", outcome = \"rdq\", weight = 1, passes_to = { «c» = 1 } }",
        "L020",
        None,
        "a hypothesis of this name",
    ),
    mistake(
        RULE,
        "multiplicity = \"graph\"\n[analysis.graph]\na = { contrast = \"relaxation - usual_care\", outcome = \"rdq\", week = «12», weight = 1 }",
        "L066",
        None,
        "visits are at weeks 10, 26, 52",
    ),
    mistake(
        RULE,
        "multiplicity = \"graph\"\n[analysis.«graph»]\na = { contrast = \"relaxation - usual_care\", outcome = \"rdq\", weight = 0.5 }\nb = { contrast = \"structural - usual_care\", outcome = \"rdq\", weight = 0.5000000001 }",
        "L066",
        None,
        "which is more than 1",
    ),
    // What has no meaning beside the model.
    mistake(
        "model = \"ancova\"\noutcomes = [\"rdq\", \"bothersomeness\"]",
        "model = \"logistic\"\noutcomes = [«\"rdq\"»]",
        "L069",
        None,
        "or `responders`",
    ),
    mistake(
        MODEL,
        "model = \"mmrm\"\nlikelihood = \"ml\"\ndf = «\"kenward_roger\"»",
        "L064",
        None,
        "goes with every likelihood",
    ),
    mistake(
        RULE,
        "multiplicity = \"none\"\n[[analysis.sensitivity]]\n«name» = \"main\"",
        "L062",
        None,
        "a `name` of its own",
    ),
    // Combinations.
    mistake(
        RULE,
        "multiplicity = \"none\"\n[analysis.combinations]\nboth = \"0.5 «relaxatio» + 0.5 structural\"",
        "L020",
        Some("relaxation"),
        "names that exist",
    ),
    mistake(
        RULE,
        "multiplicity = \"none\"\n[analysis.combinations]\nboth = \"relaxation - «usual_care»@52\"",
        "L074",
        None,
        "leave `@` out",
    ),
    mistake(
        RULE,
        "multiplicity = \"none\"\n[analysis.combinations]\nboth = \"relaxation «s»tructural\"",
        "L074",
        None,
        "for example",
    ),
    mistake(
        MODEL,
        "model = \"mmrm\"\ncombinations = { late = \"relaxation@52 - «usual_care»\" }",
        "L074",
        None,
        "leave `@` out everywhere",
    ),
    // Margins.
    mistake(
        RULE,
        "[analysis.margins.«\"relaxation - structural\"»]\nmargin = 1.5",
        "L067",
        None,
        "the plan has no contrast",
    ),
    mistake(RULE, "[analysis.margins.\"relaxation - usual_care\"]\nmargin = «-1»", "L067", None, "a margin of -1"),
    // Responders.
    mistake(
        MODEL,
        "model = \"modified_poisson\"\nresponders = { rdq = { points = 3 }, «bothersomeness» = { share = 30 } }",
        "L068",
        None,
        "not both",
    ),
    mistake(MODEL, "model = \"logistic\"\n«responders» = { rdq = { points = 3 } }", "L068", None, "leave it out of"),
    mistake(
        MODEL,
        "model = \"ancova\"\n«responders» = { rdq = { points = 3 }, bothersomeness = { points = 2 } }",
        "L064",
        None,
        "no use for responders",
    ),
    // Imputation of outcomes of every kind.
    mistake(RULE, "[analysis.imputation]\ngiven = [\"«rqd»\"]", "L020", Some("rdq"), "an outcome of this name"),
    mistake(RULE, "[analysis.imputation]\n«given» = [\"rdq\"]", "L076", None, "for outcomes of yes or no, and counts"),
    mistake(
        RULE,
        "[analysis.imputation]\ndelta = [{ points = 1, unit = «\"log_odds\"» }]",
        "L076",
        None,
        "what is added to it counts as `points`",
    ),
    mistake(
        RULE,
        "[analysis.imputation]\ndelta = [{ share = 0.5, «unit» = \"points\" }]",
        "L076",
        None,
        "a share has no unit",
    ),
    // Sensitivity analyses.
    mistake(
        RULE,
        "[[analysis.sensitivity]]\nmodel = \"welch\"\n«df» = \"residual\"",
        "L064",
        None,
        "no option of the model `welch`",
    ),
];

//! The stable code of every problem a user can cause: its number, its meaning in one line, and what to do about it.

/// One code.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Code {
    /// The code as it is printed, e.g. `L012`. Never given to another meaning.
    pub code: &'static str,
    /// What it means, in one line.
    pub meaning: &'static str,
    /// Why it is an error and how it is put right.
    pub explanation: &'static str,
}

/// The meaning of a code, whichever case it is written in.
pub fn code(name: &str) -> Option<&'static Code> {
    CODES.iter().find(|code| code.code.eq_ignore_ascii_case(name))
}

macro_rules! codes {
    ($($name:ident = $code:literal, $meaning:literal, $explanation:literal;)*) => {
        $(#[doc = concat!("`", $code, "`: ", $meaning, ".")] pub const $name: &str = $code;)*
        /// Every code, in order.
        pub const CODES: &[Code] = &[$(Code { code: $code, meaning: $meaning, explanation: $explanation }),*];
    };
}

codes! {
    SYNTAX = "L001", "the text is not valid TOML",
        "The file cannot be read as TOML from this place on. Usual causes are a missing quote, bracket or comma, words without \
         quotes, or the same key twice in one table. Until it is mended, only keys and types are checked, not their meaning.";
    UNREADABLE_FILE = "L002", "the file cannot be read",
        "The file does not exist, may not be opened, or is not UTF-8 text. Check the path as seen from the current directory.";
    SCHEMA_VERSION = "L003", "a format version this program does not know",
        "`schema_version` says which version of the format a file is written in. This program reads version 1.";
    BAD_OVERRIDE = "L004", "a --set that is not of the form path=value",
        "An override names a key by its path in the file and gives it a value: --set arms.relaxation.sessions=20. The value is \
         TOML; words need no quotes. `*` stands for every name that has the key: --set 'arms.*.sessions=20'.";
    BAD_GRID = "L005", "a --grid that is not of the form path=a,b,c, or grids that do not go together",
        "A grid gives one key several values, each as in --set: --grid arms.relaxation.sessions=5,10,20. A range is written \
         4..24:4, with its step. Several grids are crossed; with --zip they are gone through side by side and are of one length. \
         Every setting is varied once.";
    MISSING = "L010", "a key that is needed is missing",
        "Some settings have no sensible default, such as the visits or the spread of an outcome. `linger generate schema` and \
         the examples of `linger init --list` show every key with its unit and default.";
    WRONG_TYPE = "L011", "a value of the wrong kind",
        "A number stands where text belongs, or a single value where a list belongs, and the like.";
    UNKNOWN_KEY = "L012", "a key or path that does not exist",
        "Keys are never ignored: a misspelt key would silently leave a default in place. The message lists the keys allowed at \
         the place and the one that is nearest.";
    UNKNOWN_WORD = "L013", "a word that is not among the choices",
        "The setting takes one of a few words, which the message lists.";
    NOT_A_USABLE_NUMBER = "L014", "a number outside what its setting allows",
        "Counts are whole and not negative, and numbers are finite. Only the half-life of a session's benefit may be `inf`, for \
         a benefit that never fades.";
    WRONG_LENGTH = "L015", "a list of the wrong length",
        "Lists by visit have one number for each visit after baseline, in the order of `trial.visits_weeks`.";
    SHARE = "L016", "a share that cannot be, or shares that do not add up to 1",
        "Shares and chances lie between 0 and 1, and 5 % is written 0.05. Some cannot be 0 or 1: the message says so. Shares of a \
         whole (levels, reasons) add up to 1 within a billionth.";
    TOO_MANY = "L017", "more entries than there may be",
        "Levels and reasons are kept in a byte per participant, and every exclusion, co-intervention and event has random numbers \
         of its own. The limits are far beyond what one trial tells apart.";
    UNKNOWN_NAME = "L020", "a name of an arm, outcome, characteristic or covariate that does not exist",
        "Arms are named in `trial.per_arm`, outcomes by the tables under `[outcomes]`, characteristics by those under \
         `[characteristics]`. Everywhere else these names must be written the same way.";
    UNUSABLE_NAME = "L021", "a name that cannot be used",
        "Short names stand in contrasts (`relaxation - usual_care`), in columns of data and in paths. They must not be empty, begin \
         or end with a space, be `*`, or contain ` - ` or control characters. A characteristic cannot have the name of an outcome or \
         of a column of its own in written data.";
    ARMS = "L022", "too few or too many arms, or an arm without its table",
        "A trial has 2 to 255 arms. Every arm in `trial.per_arm` has its table `[arms.<name>]`, if only with a label.";
    PER_ARM = "L023", "a number of participants that cannot be",
        "Each arm needs at least 2 participants, or there is no spread within the arm to judge a difference by.";
    BLOCK_SIZE = "L024", "a block size that cannot be",
        "In a permuted block every arm occurs equally often, so the block size is a multiple of the number of arms.";
    REFERENCE = "L025", "more than one reference arm, or none",
        "The reference is the one arm that the others are compared with. If no arm says `reference = true`, it is the last.";
    ALLOCATION = "L026", "an allocation that cannot be",
        "`trial.allocation` allocates by ratio in blocks whose lengths are multiples of the ratio's sum, so it takes the place of \
         `block_size`. Strata are combinations of characteristics. A second stage within therapists needs therapists who treat in \
         two arms or more.";
    CHARACTERISTIC = "L027", "a characteristic that cannot be",
        "A characteristic has 2 to 255 levels with the share of participants of each.";
    THERAPISTS = "L028", "therapists that cannot be",
        "There are 1 to 250 therapists, who treat in arms with sessions. Caseloads vary by at most 3 times their mean, and among n \
         therapists by less than sqrt(n - 1), which would mean that one of them treats everybody.";
    EXCLUSION = "L029", "exclusions that leave nobody or almost nobody",
        "Each exclusion applies to its share of candidates, whatever else is true of them. At least one candidate in a thousand \
         must be left.";
    VISITS = "L030", "visits that cannot be",
        "`trial.visits_weeks` lists 2 to 32 visits in weeks since randomisation. The first is the baseline at week 0 and each \
         is later than the one before.";
    RANGE = "L031", "a range or a step that cannot be",
        "`range` gives the lowest and then the highest score that can be recorded. The step divides it into whole steps; with \
         a step of 0, scores are not rounded. A count goes from 0 to a whole number of at most 1000.";
    MEANINGFUL = "L032", "a meaningful difference that cannot be",
        "`meaningful` is the size of a difference between arms that matters to participants: above 0, whichever way is \
         better, and less than the width of the range.";
    SPREAD = "L033", "a standard deviation that cannot be",
        "A standard deviation is above 0. It is given once for all visits after baseline (`sd`) or once per visit \
         (`sd_by_visit`), not both.";
    CORRELATION = "L034", "a correlation that cannot be",
        "A correlation is given in exactly one form: `exchangeable`, `ar1` or `matrix`. Together the correlations must be \
         possible, that is, the matrix positive definite: with n visits, an exchangeable one lies between -1/(n-1) and 1.";
    NATURAL_COURSE = "L035", "a natural course that cannot be",
        "The natural course approaches `improves` points and has gone half the way after `half_life_weeks`, which is above 0. Its \
         standard deviation between participants is not negative.";
    ENTRY = "L036", "an entry rule that nobody or almost nobody meets",
        "Simulated candidates are screened until the trial is full. If fewer than one candidate in a thousand meets a rule, \
         the rule or the distribution at baseline is hardly what was meant. Of several rules each looks at another outcome.";
    KIND = "L037", "a setting that does not belong to the kind of the outcome",
        "A score has a range, a step, and mean and sd at baseline. A binary outcome has the share of yes. A count has a range from 0, \
         and mean and sd of the recorded number. An ordinal outcome has levels and their shares, and it alone can do without a \
         baseline.";
    DISTRIBUTION = "L038", "a distribution at baseline that cannot be",
        "A number of days from 0 to n with mean m has a standard deviation above that of n independent days and below that of people \
         who have either 0 or n: with p = m/n, the variance lies between n p (1 - p) and n^2 p (1 - p). Ordinal outcomes have 2 to 20 \
         levels.";
    NO_BASELINE = "L039", "something that needs a baseline which is not recorded",
        "An outcome with at_baseline = false, such as a rating of change, has no value before randomisation: nobody can enter by \
         it, be adjusted for it or be lost because of its last value, and analysis of covariance cannot be applied to it.";
    EFFECT_TWICE = "L040", "an effect that is given twice",
        "An effect is given per session, or by the change reached at a week, or as means by visit. Two of these could \
         contradict each other, so only one may be given; the message shows what each implies.";
    EFFECT_INCOMPLETE = "L041", "an effect that is given only in part",
        "`at_week` and `value` belong together, and an effect of sessions needs `half_life_weeks` unless `lasting_share` is 1.";
    FADE = "L042", "a half-life or lasting share that cannot be",
        "`half_life_weeks` is above 0 and may be `inf`; `lasting_share` lies between 0 and 1.";
    EFFECT_WITHOUT_SESSIONS = "L043", "an effect without a session that could bring it",
        "An effect of sessions needs at least one session, and a change reached at a week needs a session up to that week.";
    VISIT_MEANS = "L044", "means by visit that do not fit the rest",
        "If one arm has `visit_means` for an outcome, every arm has, and the outcome has no natural course beside them.";
    SCHEDULE = "L045", "a schedule of sessions that cannot be",
        "Sessions are in weeks after randomisation, with time between them. Boosters come after the last session of a first \
         course.";
    EFFECT_LIMITS = "L046", "a ceiling, spread or unit of an effect that cannot be",
        "A ceiling is above 0 and more than the change that is to be reached under it; a spread is not negative. With unit = \"share\" \
         sessions take away a share of the severity of a score, and never all of it.";
    ATTENDANCE = "L047", "an attendance that cannot be",
        "Attendance and adverse events are about sessions, of which there is at least one and at most 128. A chance with mean m \
         varies between participants by less than sqrt(m (1 - m)).";
    ADVERSE_EVENTS = "L048", "adverse events that cannot be",
        "At most one adverse event happens in a session, so the chances of an arm add up to at most 1. Every arm names the \
         severities in the same order, mildest first.";
    CO_INTERVENTION = "L049", "a co-intervention that cannot be",
        "A co-intervention changes outcomes from a week after randomisation on, and until a later one.";
    DROPOUT = "L050", "a dropout that cannot be",
        "Dropout is the cumulative share no longer seen: between 0 and 1, and never lower at a later visit, since those who \
         have left do not come back.";
    MISSINGNESS = "L051", "a dependence of dropout that cannot be",
        "`dropout.depends_on` changes the chance to be lost that the shares in `every_arm` or `by_arm` give, so there must be some.";
    EVENT = "L052", "an event that cannot be",
        "The share to whom an event has happened is cumulative: between 0 and 1, and never lower at a later visit.";
    CONTRAST = "L060", "a contrast that cannot be",
        "A contrast is written `relaxation - usual_care`, with spaces around the hyphen, and compares two different arms. No \
         two contrasts compare the same arms.";
    ALPHA = "L061", "a significance level that cannot be",
        "`alpha` is the two-sided level, above 0 and at most 0.5; 0.05 gives intervals of 95 %.";
    LISTED_TWICE = "L062", "an entry that is listed twice, or a list without entries",
        "Each outcome, covariate, level, arm or block size of a list is listed once. To analyse all outcomes, leave the list out.";
    FORMULA = "L063", "a formula that cannot be",
        "A formula is written `value ~ baseline*visit + arm*visit + sex`: what is modelled (`value` or `change`), `~`, and terms of \
         `baseline`, `arm`, `visit`, `week`, covariates and other outcomes (for their baselines), joined by `+`, `:` for a product and \
         `*` for both with their product. A formula has the arm in it, since arms are what is compared.";
    OTHER_MODEL = "L064", "an option that belongs to another model",
        "Options say how one kind of model is fitted. Where the plan's model has no use for one, it is refused rather than ignored.";
    BETWEEN_VISITS = "L065", "a pair of visits that cannot be compared",
        "A pair is written in weeks, `52 - 10`, both after baseline, and needs a model that holds all visits together.";
    MULTIPLICITY = "L066", "a multiplicity rule that does not fit the plan",
        "Some rules ask for something of the plan: `graph` for the table of hypotheses, whose weights and shares add up to at most 1; \
         `tukey_kramer` for every pair of arms; `max_t` for at most four arms; `fisher_lsd` for a test of all arms together.";
    MARGIN = "L067", "a margin that cannot be",
        "A margin is above 0 in points (and below 1 for differences of risks), or above 1 for ratios, and belongs to a contrast of \
         the plan.";
    RESPONDER = "L068", "a definition of responders that cannot be",
        "A responder has improved from baseline by at least so many `points`, or by at least such a `share` of the baseline value, not \
         both. The outcome must say which way is better and be recorded at baseline.";
    OUTCOME_OF_MODEL = "L069", "an outcome that the model cannot take",
        "Relative risks, odds ratios and differences of risks are about outcomes of yes or no, or about responders; rate ratios about \
         counts; proportional odds about ratings.";
    COLUMNS = "L070", "a mapping of columns that contradicts itself",
        "In a `columns.toml` every heading has one role and every text of the file one meaning. All outcomes stand in the file in \
         the same way: `in_file` with one row per outcome, `column` with one row per visit, `columns` with one row per participant.";
    SEPARATOR = "L071", "a separator or decimal mark that cannot be",
        "`separator` is one character such as a comma, semicolon, tab or bar; `decimal_mark` is a point or a comma, and never the \
         same as the separator.";
    WEEKS = "L072", "weeks in a mapping of columns that cannot be",
        "Visits are given in weeks since randomisation: from 0, which is the baseline, with at most 32 different weeks.";
    COVARIATE = "L073", "a covariate in a mapping of columns that cannot be",
        "A covariate is numeric or a factor. Only a factor has levels, each named once, and its reference is one of them. Its name \
         is not that of an outcome.";
    COMBINATION = "L074", "a combination of adjusted means that cannot be",
        "A combination is a sum of arms with weights, `0.5 relaxation + 0.5 structural - usual_care`, at each visit; `@` and a week, or \
         `@all`, takes a mean of one visit or of all, in models that hold all visits together.";
    INTERIM = "L075", "a look before the end that cannot be",
        "`interim.looks` are shares of all participants, ascending and at least 0.01 apart, from 2 to 20, of which the last is 1. A look \
         is at an outcome that the plan analyses, at a visit after baseline. Only an arm that the plan compares with the reference \
         arm can be dropped.";
    IMPUTATION = "L076", "an imputation that contradicts itself",
        "An imputation goes with a method that has standard errors, and imputes scores, yes or no, and counts. `variance` belongs to conditional \
         means, which only scores have, `number` to whatever is drawn; a departure is exactly one of a reason, an event and stopping the \
         sessions; a delta has either a share or points, whose `unit` is log_odds for yes or no and log_rate for counts; `given` names scores.";
    TARGET = "L080", "a target of a calibration that cannot be",
        "A target is exactly one of a `contrast`, or the `mean`, `sd` or `retention` of an arm, at a week between baseline and the \
         last visit; retention at the week of a visit, and only where dropout does not depend on a score. A standard deviation and a \
         tolerance are above 0, a share is at most 1.";
    FREE_SETTING = "L081", "a setting that cannot be free in a calibration",
        "Free settings are numbers of the truth (distributions, effects, fading, dropout), written in the base with the value to \
         start from, which lies within their bounds. The design, the scales and the analysis are never free, nor are shares that must \
         add up to 1.";
    UNIDENTIFIED = "L082", "free settings that the targets do not determine",
        "There are at most as many free settings as targets, each moves at least one of them, and no two move them in the same \
         way: otherwise many scenarios would meet the targets, and which one is written would be chance. Leave such a setting as \
         an assumption, or add a target that tells them apart.";
    INFEASIBLE = "L083", "a target that cannot be met",
        "No values of the free settings within their bounds bring the expected recorded quantity near enough. Scores held between \
         the ends of their scale show less than the latent change, and targets may contradict each other. Widen bounds, free a \
         setting that moves the target, or change the target.";
    WORDS = "L085", "a text of the lesson whose places cannot be filled",
        "Texts of the lesson have places such as {half_life}, into which numbers of the scenario are put. A misspelt place would \
         stand in the lesson as it is, and a sentence that has lost its place would say nothing about the scenario at hand. \
         `linger lesson --write-words FILE` writes the words that come with the program.";
    PRIOR = "L090", "a prior that cannot be",
        "A prior is exactly one of `normal` (mean, sd), `lognormal` (median, ratio_95: 95 % lie between the median divided and \
         multiplied by it), `beta` (mean, sd) and `uniform` (from, to). It gives no values that its setting cannot have: \
         `at_least` and `at_most` cut it off.";
    UNCERTAIN_SETTING = "L091", "a setting that no prior can be about",
        "Priors are about numbers of the truth (distributions, effects, fading, attendance, dropout) that the file writes, by the \
         path of `--set`. The design, the scales and the analysis are decided, not uncertain; shares that must add up to 1 cannot \
         change alone; and no setting has two priors.";
    DRAW = "L092", "priors that together give no scenario",
        "Every prior keeps within what its own setting can be, but some settings must fit each other: a standard deviation of \
         attendance its mean, shares lost at one visit those at the next, correlations one another. Cut the priors off with \
         `at_least` and `at_most` so that all their values do.";
    TEST_CASE = "L180", "a case of linger-tests.toml that cannot be",
        "A case has a scenario or a data file, not both, and compares something: `checks` of what was computed, or numbers that it \
         expects between bounds. What is about many simulated trials belongs to scenarios. Kept numbers belong to a seed and a number \
         of replicates, so neither is a setting that can be laid over.";
    TOLERANCE = "L181", "a tolerance that cannot be, or has no reason",
        "`rtol` is a share of the kept number and `atol` a distance in its unit; neither is negative. Whatever is not the usual tolerance says why: \
         a tolerance without a reason is a test that was loosened until it passed. Monte Carlo comparisons warn from `z_warn` standard \
         errors on and fail from `z_error` on.";
    EXPECTATION = "L182", "an expectation that cannot be, or has no reason",
        "An expectation names a quantity, the lowest and the highest value it may have, and why.";
    SNAPSHOT = "L183", "a file of kept results that cannot be",
        "Kept results are written by `linger snapshot`, not by hand. A block has exactly one of `value`, `count` and `nothing`. Make the file \
         anew: linger snapshot new CASE --reason \"…\".";
}

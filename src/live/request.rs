//! What may be asked: the JSON of a request, typed.

use serde::Deserialize;

use super::replicates::Sums;

/// A scenario with changes, and questions about it.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Request {
    /// The text of a scenario in TOML.
    pub scenario: Option<String>,
    /// Name under which problems point into that text.
    pub name: Option<String>,
    /// A scenario that is compiled in, by name; the first of them where neither is given.
    pub shipped: Option<String>,
    /// Settings laid over it, as `--set` takes them.
    #[serde(default)]
    pub set: Vec<String>,
    /// What to answer, in this order.
    #[serde(default)]
    pub ask: Vec<Ask>,
}

/// One question. Outcomes and arms are meant by their short names; without an outcome the first of the plan is meant.
#[derive(Debug, Clone, Deserialize)]
#[serde(tag = "what", rename_all = "snake_case", deny_unknown_fields)]
pub(super) enum Ask {
    /// Names, design, and the settings that can be changed.
    About {},
    /// The scenario with its changes as a file.
    Toml {},
    /// Expected recorded scores over the weeks.
    Courses {
        outcome: Option<String>,
        /// Weeks since randomisation, by default an even grid with the days of sessions.
        weeks: Option<Vec<f64>>,
    },
    /// What is left of every session of an arm over the weeks.
    BuildUp { outcome: Option<String>, arm: Option<String>, weeks: Option<Vec<f64>> },
    /// What share of one session's effect is left some weeks after it.
    Fade { outcome: Option<String>, arm: Option<String>, weeks: Vec<f64> },
    /// What every arm's expected score at a week is made of.
    Parts {
        outcome: Option<String>,
        /// By default that of the last visit.
        week: Option<f64>,
    },
    /// One simulated trial, analysed.
    Trial {
        #[serde(default)]
        replicate: u64,
        outcome: Option<String>,
        /// So many participants of each arm with their scores.
        #[serde(default)]
        participants: usize,
    },
    /// The settings that give the arms so many participants on average.
    Sizes { n: u64 },
    /// Power and precision by formula.
    Power {
        outcome: Option<String>,
        /// Participants per arm.
        #[serde(default)]
        n: Vec<u64>,
        /// Power for which the smallest number is looked for.
        target: Option<f64>,
    },
    /// Some simulated trials, summarised, onto those before.
    Replicates {
        outcome: Option<String>,
        #[serde(default)]
        from: u64,
        count: u64,
        /// What the answer before gave as `sums`.
        sums: Option<Sums>,
    },
}

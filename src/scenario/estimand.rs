//! Strategies for intercurrent events: what a contrast is meant to say about people to whom something happened on the way.
//!
//! # References
//! ICH E9(R1) addendum on estimands and sensitivity analysis in clinical trials, 2019, A.3.2.

/// A strategy for intercurrent events, stopping the sessions among them. Being lost to follow-up is none: it hides a value, and
/// changes neither the outcome nor its meaning.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Strategy {
    /// The outcome as it is, whether the event happened or not.
    TreatmentPolicy,
    /// The outcome as it would have been had no event happened and nobody stopped the sessions early.
    Hypothetical,
    /// The outcome at the last visit before the first event; at the visit itself if there was none by then.
    WhileOnTreatment,
}

impl Strategy {
    /// Every strategy, in the order of tables.
    pub const ALL: [Self; 3] = [Self::TreatmentPolicy, Self::Hypothetical, Self::WhileOnTreatment];

    /// The name used in files and results.
    pub fn name(self) -> &'static str {
        match self {
            Self::TreatmentPolicy => "treatment_policy",
            Self::Hypothetical => "hypothetical",
            Self::WhileOnTreatment => "while_on_treatment",
        }
    }

    /// What a reader sees.
    pub fn label(self) -> &'static str {
        match self {
            Self::TreatmentPolicy => "treatment policy",
            Self::Hypothetical => "hypothetical",
            Self::WhileOnTreatment => "while on treatment",
        }
    }
}

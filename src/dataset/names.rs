//! The only copy of the two sets of column names in which participants' data are written and recognised.

use std::fmt;

use serde::{Deserialize, Serialize};

/// A set of column names.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Names {
    /// Plain words: `participant, arm, outcome, visit_week, value, baseline, change`.
    #[default]
    Tidy,
    /// Names borrowed from the clinical standard ADaM (`USUBJID, TRT01P, PARAMCD, …`); conformance is not claimed.
    Adam,
}

impl Names {
    /// Both sets.
    pub const ALL: [Self; 2] = [Self::Tidy, Self::Adam];

    /// The name of the set in commands.
    pub fn name(self) -> &'static str {
        match self {
            Self::Tidy => "tidy",
            Self::Adam => "adam",
        }
    }
}

impl fmt::Display for Names {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.name())
    }
}

/// What a column of the table of participants holds beside what the long table has too.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SubjectRole {
    /// Sessions attended.
    SessionsAttended,
    /// Week of the first visit by which the sessions had been stopped.
    SessionsStopped,
    /// Whether the participant was seen at the last visit.
    EndOfStudy,
    /// Why the participant was lost.
    Reason,
}

impl SubjectRole {
    /// The heading in a set of names. ADaM has names for two of them; the others keep theirs.
    pub fn heading(self, names: Names) -> &'static str {
        match (self, names) {
            (Self::SessionsAttended, _) => "sessions_attended",
            (Self::SessionsStopped, _) => "sessions_stopped_week",
            (Self::EndOfStudy, Names::Tidy) => "end_of_study",
            (Self::EndOfStudy, Names::Adam) => "EOSSTT",
            (Self::Reason, Names::Tidy) => "reason",
            (Self::Reason, Names::Adam) => "DCSREAS",
        }
    }
}

/// What a column of the long table holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    /// The trial; recognised, never needed.
    Study,
    /// Identifier of the participant.
    Participant,
    /// Arm the participant was randomised to.
    Arm,
    /// Short name of the outcome.
    Outcome,
    /// The visit in words.
    Visit,
    /// Weeks of the visit since randomisation.
    VisitWeek,
    /// Recorded value.
    Value,
    /// Value at the baseline visit.
    Baseline,
    /// Value less baseline.
    Change,
    /// Whether the row can enter an analysis: a value and a baseline were recorded.
    Analysed,
}

impl Role {
    /// Every role, in the order of columns.
    pub const ALL: [Self; 10] = [
        Self::Study,
        Self::Participant,
        Self::Arm,
        Self::Outcome,
        Self::Visit,
        Self::VisitWeek,
        Self::Value,
        Self::Baseline,
        Self::Change,
        Self::Analysed,
    ];

    /// The heading in a set of names.
    pub fn heading(self, names: Names) -> &'static str {
        let (tidy, adam) = match self {
            Self::Study => ("study", "STUDYID"),
            Self::Participant => ("participant", "USUBJID"),
            Self::Arm => ("arm", "TRT01P"),
            Self::Outcome => ("outcome", "PARAMCD"),
            Self::Visit => ("visit", "AVISIT"),
            Self::VisitWeek => ("visit_week", "AVISITN"),
            Self::Value => ("value", "AVAL"),
            Self::Baseline => ("baseline", "BASE"),
            Self::Change => ("change", "CHG"),
            Self::Analysed => ("analysed", "ANL01FL"),
        };
        match names {
            Names::Tidy => tidy,
            Names::Adam => adam,
        }
    }

    /// The roles that are written, in the order of columns. ADaM-style files also carry the visit in words and the analysis flag,
    /// which their readers expect.
    pub fn written(names: Names) -> &'static [Self] {
        match names {
            Names::Tidy => &[
                Self::Participant,
                Self::Arm,
                Self::Outcome,
                Self::VisitWeek,
                Self::Value,
                Self::Baseline,
                Self::Change,
            ],
            Names::Adam => &[
                Self::Participant,
                Self::Arm,
                Self::Outcome,
                Self::Visit,
                Self::VisitWeek,
                Self::Value,
                Self::Baseline,
                Self::Change,
                Self::Analysed,
            ],
        }
    }
}

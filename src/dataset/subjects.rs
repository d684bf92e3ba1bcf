//! The table of participants, one row each: arm, covariates, and how they went through the trial.

use polars::prelude::{Column, DataFrame, PolarsResult};

use super::dictionary::{DictionaryColumn, covariate_column, role_column};
use super::names::{Names, Role, SubjectRole};
use crate::trial::{Conduct, CovariateValues, TrialData};

/// A column with what it means.
pub(super) struct Field {
    /// Heading, meaning, allowed values.
    pub about: DictionaryColumn,
    cells: Cells,
}

enum Cells {
    Texts(Vec<Option<String>>),
    Numbers(Vec<Option<f64>>),
}

/// The table in a set of names.
///
/// # Errors
/// Two columns of the same name.
pub(super) fn frame(data: &TrialData, names: Names) -> PolarsResult<DataFrame> {
    let column = |field: Field| {
        let heading = field.about.name.into();
        match field.cells {
            Cells::Texts(texts) => Column::new(heading, texts),
            Cells::Numbers(numbers) => Column::new(heading, numbers),
        }
    };
    DataFrame::new(data.n_participants(), fields(data, names).into_iter().map(column).collect())
}

/// Every column that the data have something for.
pub(super) fn fields(data: &TrialData, names: Names) -> Vec<Field> {
    let table = Table { data, names };
    let mut fields = vec![table.participant(), table.arm()];
    fields.extend((0..data.covariates.len()).map(|covariate| table.covariate(covariate)));
    if let Some(conduct) = &data.conduct {
        fields.extend(table.sessions(conduct));
        fields.extend(table.adverse_events(conduct));
        fields.extend(table.events(conduct));
    }
    fields.push(table.end_of_study());
    fields.extend(data.conduct.as_ref().and_then(|conduct| table.reason(conduct)));
    fields
}

struct Table<'a> {
    data: &'a TrialData,
    names: Names,
}

impl Table<'_> {
    fn texts(&self, of: impl Fn(usize) -> Option<String>) -> Cells {
        Cells::Texts((0..self.data.n_participants()).map(of).collect())
    }

    fn numbers(&self, of: impl Fn(usize) -> Option<f64>) -> Cells {
        Cells::Numbers((0..self.data.n_participants()).map(of).collect())
    }

    /// Weeks of the first visits by which something had happened.
    fn weeks(&self, first: &[u8]) -> Cells {
        let visit = |participant: usize| self.data.layout.visits.get(usize::from(*first.get(participant)?));
        self.numbers(|participant| visit(participant).map(|visit| visit.week))
    }

    fn participant(&self) -> Field {
        let mut about = role_column(&self.data.layout, Role::Participant, self.names);
        about.allowed_values = "any, as in the table of recorded values".to_owned();
        Field { about, cells: self.texts(|participant| Some(self.data.identifier(participant))) }
    }

    fn arm(&self) -> Field {
        let arm = |participant: usize| self.data.layout.arms[usize::from(self.data.arm[participant])].name.clone();
        let about = role_column(&self.data.layout, Role::Arm, self.names);
        Field { about, cells: self.texts(|participant| Some(arm(participant))) }
    }

    fn covariate(&self, position: usize) -> Field {
        let covariate = &self.data.covariates[position];
        let cells = match &covariate.values {
            CovariateValues::Numeric(values) => Cells::Numbers(values.clone()),
            CovariateValues::Factor { levels, values } => {
                self.texts(|participant| values[participant].map(|level| levels[level as usize].clone()))
            }
        };
        Field { about: covariate_column(covariate), cells }
    }

    /// Sessions attended and when they were stopped; empty cells in arms without sessions.
    fn sessions(&self, conduct: &Conduct) -> Vec<Field> {
        let planned = |participant: usize| self.data.layout.arms[usize::from(self.data.arm[participant])].n_sessions();
        let most = self.data.layout.arms.iter().map(|arm| arm.n_sessions()).max().unwrap_or(0);
        let mut fields = Vec::new();
        if most > 0 && !conduct.sessions_attended.is_empty() {
            let attended = |participant: usize| conduct.sessions_attended.get(participant).map(|&n| f64::from(n));
            fields.push(Field {
                about: DictionaryColumn {
                    name: SubjectRole::SessionsAttended.heading(self.names).to_owned(),
                    label: "sessions attended; empty in arms without sessions".to_owned(),
                    unit: Some("sessions".to_owned()),
                    kind: "number",
                    allowed_values: format!("0 to {most}"),
                },
                cells: self.numbers(|participant| attended(participant).filter(|_| planned(participant) > 0)),
            });
        }
        if most > 0 && !conduct.stopped.is_empty() {
            let label =
                "first visit by which the sessions had been stopped before their planned end; empty if they were not";
            let about = self.week_column(SubjectRole::SessionsStopped.heading(self.names).to_owned(), label.to_owned());
            fields.push(Field { about, cells: self.weeks(&conduct.stopped) });
        }
        fields
    }

    fn adverse_events(&self, conduct: &Conduct) -> Vec<Field> {
        let field = |(severity, counts): (&String, &Vec<u16>)| Field {
            about: DictionaryColumn {
                name: format!("adverse_events_{severity}"),
                label: format!("number of adverse events: {severity}"),
                unit: Some("events".to_owned()),
                kind: "number",
                allowed_values: "0 and more".to_owned(),
            },
            cells: self.numbers(|participant| counts.get(participant).map(|&n| f64::from(n))),
        };
        conduct.names.severities.iter().zip(&conduct.adverse_events).map(field).collect()
    }

    fn events(&self, conduct: &Conduct) -> Vec<Field> {
        let names = conduct.names.events.iter().zip(&conduct.events);
        let field = |(event, first): (&crate::trial::EventName, &Vec<u8>)| {
            let label = format!("{}: first visit by which it had happened; empty if it did not", event.label);
            Field { about: self.week_column(format!("{}_week", event.name), label), cells: self.weeks(first) }
        };
        names.map(field).collect()
    }

    fn week_column(&self, name: String, label: String) -> DictionaryColumn {
        let weeks: Vec<String> = self.data.layout.visits.iter().skip(1).map(|visit| visit.week.to_string()).collect();
        let unit = Some("weeks since randomisation".to_owned());
        DictionaryColumn { name, label, unit, kind: "number", allowed_values: weeks.join(", ") }
    }

    fn end_of_study(&self) -> Field {
        let [completed, discontinued] = match self.names {
            Names::Tidy => ["completed", "discontinued"],
            Names::Adam => ["COMPLETED", "DISCONTINUED"],
        };
        let end = |participant| if self.data.lost_at(participant).is_none() { completed } else { discontinued };
        let about = DictionaryColumn {
            name: SubjectRole::EndOfStudy.heading(self.names).to_owned(),
            label: "whether a value was recorded at the last visit".to_owned(),
            unit: None,
            kind: "text",
            allowed_values: format!("{completed}, {discontinued}"),
        };
        Field { about, cells: self.texts(|participant| Some(end(participant).to_owned())) }
    }

    fn reason(&self, conduct: &Conduct) -> Option<Field> {
        let reasons = &conduct.names.reasons;
        let reason = |participant: usize| reasons.get(usize::from(*conduct.reason.get(participant)?)).cloned();
        let about = DictionaryColumn {
            name: SubjectRole::Reason.heading(self.names).to_owned(),
            label: "why the participant was lost; empty for who was not, or where it is not known".to_owned(),
            unit: None,
            kind: "text",
            allowed_values: reasons.join(", "),
        };
        (!reasons.is_empty()).then(|| Field { about, cells: self.texts(reason) })
    }
}

//! A trial as a table in a user's own headings, words and shape: the way back from what `intake` reads.

use polars::prelude::{Column, DataFrame, PolarsError, PolarsResult};

use super::names::{Names, Role};
use crate::scenario::{Columns, OutcomeInFile, OutcomeSource};
use crate::trial::{CovariateValues, TrialData};

/// The table that a mapping describes: one row per participant where an outcome has a column per visit, else one row per
/// visit where an outcome has a column, else one row per outcome. Visits at which nothing was recorded have no row, but
/// every participant has a first one. Outcomes of the trial that the mapping does not name are left out.
///
/// # Errors
/// An arm, a visit or an outcome that the trial and the mapping do not share, or two columns of one name.
pub(super) fn frame(data: &TrialData, columns: &Columns) -> PolarsResult<DataFrame> {
    let outcomes = mapped_outcomes(data, columns)?;
    let by_participant = outcomes.iter().any(|(_, mapped)| matches!(mapped.source, OutcomeSource::ByVisit(_)));
    let by_visit = outcomes.iter().any(|(_, mapped)| matches!(mapped.source, OutcomeSource::Column(_)));
    let table = Table { data, columns, outcomes };
    let (rows, mut found) = if by_participant {
        table.row_per_participant()?
    } else if by_visit {
        table.row_per_visit()?
    } else {
        table.row_per_outcome()?
    };
    let mut all = vec![table.participant(&rows), table.arm(&rows)?];
    all.append(&mut found);
    all.extend(columns.covariates.iter().filter_map(|mapped| table.covariate(&rows, &mapped.name, &mapped.column)));
    DataFrame::new(rows.len(), all)
}

/// One row: a participant, and where the shape has them a visit and an outcome.
#[derive(Debug, Clone, Copy)]
struct Row {
    participant: usize,
    visit: usize,
    outcome: usize,
}

struct Table<'a> {
    data: &'a TrialData,
    columns: &'a Columns,
    /// Positions of the trial's outcomes with their mapping, in the order of the mapping.
    outcomes: Vec<(usize, &'a OutcomeInFile)>,
}

/// Rows and the columns of visits, outcomes and values.
type Shaped = (Vec<Row>, Vec<Column>);

impl Table<'_> {
    fn row_per_participant(&self) -> PolarsResult<Shaped> {
        let rows: Vec<Row> =
            (0..self.data.n_participants()).map(|participant| Row { participant, visit: 0, outcome: 0 }).collect();
        let mut columns = Vec::new();
        for (outcome, mapped) in &self.outcomes {
            let OutcomeSource::ByVisit(headings) = &mapped.source else {
                return Err(refusal(format!("`{}` needs `columns`, a heading per visit", mapped.outcome.name)));
            };
            for (heading, week) in headings {
                let visit = self.visit_at(*week)?;
                columns.push(self.numbers(heading, &rows, |row| Row { visit, outcome: *outcome, ..row }));
            }
        }
        Ok((rows, columns))
    }

    fn row_per_visit(&self) -> PolarsResult<Shaped> {
        let rows =
            self.rows(|row| self.outcomes.iter().any(|&(outcome, _)| self.value(Row { outcome, ..row }).is_some()));
        let mut columns = vec![self.visit(&rows)?];
        for (outcome, mapped) in &self.outcomes {
            let heading = match &mapped.source {
                OutcomeSource::Column(heading) => heading,
                _ => &mapped.outcome.name,
            };
            columns.push(self.numbers(heading, &rows, |row| Row { outcome: *outcome, ..row }));
            if let Some(heading) = &mapped.baseline_column {
                columns.push(self.numbers(heading, &rows, |row| Row { outcome: *outcome, visit: 0, ..row }));
            }
        }
        Ok((rows, columns))
    }

    fn row_per_outcome(&self) -> PolarsResult<Shaped> {
        let per_visit = self.rows(|_| true);
        let all =
            per_visit.into_iter().flat_map(|row| self.outcomes.iter().map(move |&(outcome, _)| Row { outcome, ..row }));
        let rows: Vec<Row> = all.filter(|&row| row.visit == 0 || self.value(row).is_some()).collect();
        let text = |row: &Row| {
            let mapped = self.outcomes.iter().find(|(outcome, _)| *outcome == row.outcome).map(|(_, mapped)| mapped);
            mapped.map(|mapped| match &mapped.source {
                OutcomeSource::Texts(texts) => texts.first().unwrap_or(&mapped.outcome.name).clone(),
                _ => mapped.outcome.name.clone(),
            })
        };
        let outcomes: Vec<Option<String>> = rows.iter().map(text).collect();
        let columns = vec![
            self.visit(&rows)?,
            Column::new(heading(self.columns.outcome.as_ref(), Role::Outcome).into(), outcomes),
            self.numbers(&heading(self.columns.value.as_ref(), Role::Value), &rows, |row| row),
        ];
        Ok((rows, columns))
    }

    /// One row per participant and visit, the first visit always, the others where `kept` says so.
    fn rows(&self, kept: impl Fn(Row) -> bool) -> Vec<Row> {
        let n_visits = self.data.layout.visits.len();
        (0..self.data.n_participants())
            .flat_map(|participant| (0..n_visits).map(move |visit| Row { participant, visit, outcome: 0 }))
            .filter(|&row| row.visit == 0 || kept(row))
            .collect()
    }

    fn value(&self, row: Row) -> Option<f64> {
        self.data.outcomes[row.outcome].value(row.participant, row.visit)
    }

    fn numbers(&self, heading: &str, rows: &[Row], place: impl Fn(Row) -> Row) -> Column {
        let cells: Vec<Option<f64>> = rows.iter().map(|&row| self.value(place(row))).collect();
        Column::new(heading.into(), cells)
    }

    fn participant(&self, rows: &[Row]) -> Column {
        let cells: Vec<String> = rows.iter().map(|row| self.data.identifier(row.participant)).collect();
        Column::new(heading(self.columns.participant.as_ref(), Role::Participant).into(), cells)
    }

    fn arm(&self, rows: &[Row]) -> PolarsResult<Column> {
        let texts = self.data.layout.arms.iter().map(|arm| {
            if self.columns.arms.is_empty() {
                return Ok(arm.name.as_str());
            }
            let mapped = self.columns.arms.iter().find(|mapped| mapped.arm.name == arm.name);
            let mapped = mapped.ok_or_else(|| refusal(format!("the mapping has no arm `{}`", arm.name)))?;
            Ok(mapped.texts.first().unwrap_or(&mapped.arm.name).as_str())
        });
        let texts: Vec<&str> = texts.collect::<PolarsResult<_>>()?;
        let cells: Vec<&str> = rows.iter().map(|row| texts[usize::from(self.data.arm[row.participant])]).collect();
        Ok(Column::new(heading(self.columns.arm.as_ref(), Role::Arm).into(), cells))
    }

    fn visit(&self, rows: &[Row]) -> PolarsResult<Column> {
        let texts = self.data.layout.visits.iter().map(|visit| {
            if self.columns.visits.is_empty() {
                return Ok(visit.week.to_string());
            }
            let mapped = self.columns.visits.iter().find(|(_, week)| *week == visit.week);
            mapped
                .map(|(text, _)| text.clone())
                .ok_or_else(|| refusal(format!("the mapping has no visit at week {}", visit.week)))
        });
        let texts: Vec<String> = texts.collect::<PolarsResult<_>>()?;
        let cells: Vec<&str> = rows.iter().map(|row| texts[row.visit].as_str()).collect();
        Ok(Column::new(heading(self.columns.visit.as_ref(), Role::VisitWeek).into(), cells))
    }

    /// Position of the visit at a week.
    fn visit_at(&self, week: f64) -> PolarsResult<usize> {
        let position = self.data.layout.visits.iter().position(|visit| visit.week == week);
        position.ok_or_else(|| refusal(format!("the trial has no visit at week {week}")))
    }

    /// A covariate under its heading; `None` where the trial does not have it.
    fn covariate(&self, rows: &[Row], name: &str, heading: &str) -> Option<Column> {
        let covariate = self.data.covariates.iter().find(|covariate| covariate.name == name)?;
        Some(match &covariate.values {
            CovariateValues::Numeric(values) => {
                Column::new(heading.into(), rows.iter().map(|row| values[row.participant]).collect::<Vec<_>>())
            }
            CovariateValues::Factor { levels, values } => {
                let level = |row: &Row| values[row.participant].map(|level| levels[level as usize].as_str());
                Column::new(heading.into(), rows.iter().map(level).collect::<Vec<Option<&str>>>())
            }
        })
    }
}

/// The trial's outcomes that the mapping names, in its order; all of them under their short names if it names none.
fn mapped_outcomes<'a>(data: &TrialData, columns: &'a Columns) -> PolarsResult<Vec<(usize, &'a OutcomeInFile)>> {
    if columns.outcomes.is_empty() {
        return Err(refusal("the mapping names no outcomes".to_owned()));
    }
    let position = |mapped: &'a OutcomeInFile| {
        let found = data.layout.outcomes.iter().position(|outcome| outcome.name == mapped.outcome.name);
        let missing = || refusal(format!("the trial has no outcome `{}`", mapped.outcome.name));
        found.map(|outcome| (outcome, mapped)).ok_or_else(missing)
    };
    columns.outcomes.iter().map(position).collect()
}

/// A heading of the mapping, or the tidy one.
fn heading(mapped: Option<&String>, role: Role) -> String {
    mapped.cloned().unwrap_or_else(|| role.heading(Names::Tidy).to_owned())
}

fn refusal(message: String) -> PolarsError {
    PolarsError::ComputeError(message.into())
}

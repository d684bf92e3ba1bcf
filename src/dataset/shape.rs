//! Which of the three shapes a data file has, and in which column everything stands.

use super::cells::Cells;
use super::checks::{Findings, listed};
use super::names::{Names, Role};
use super::problems::{IntakeCode, IntakeProblem};
use crate::scenario::{Columns, OutcomeInFile, OutcomeSource, nearest};

/// Where everything stands, as positions of columns.
#[derive(Debug, Clone)]
pub(super) struct Places {
    pub participant: usize,
    pub arm: usize,
    pub shape: RowPer,
    /// One per covariate of the mapping.
    pub covariates: Vec<usize>,
}

/// How outcomes and visits are spread over rows and columns.
#[derive(Debug, Clone)]
pub(super) enum RowPer {
    /// One row per participant, outcome and visit.
    Outcome { visit: usize, outcome: usize, value: usize, baseline: Option<usize> },
    /// One row per participant and visit; per outcome of the mapping a column, and perhaps one that repeats the baseline.
    Visit { visit: usize, outcomes: Vec<(usize, Option<usize>)> },
    /// One row per participant; per outcome of the mapping its columns and their weeks.
    Participant { outcomes: Vec<Vec<(usize, f64)>> },
}

/// Finds every column, or adds every reason why not.
pub(super) fn find(cells: &Cells, columns: &Columns, findings: &mut Findings) -> Option<Places> {
    let mut search = Search { cells, used: Vec::new(), problems: Vec::new() };
    let participant = search.role(Role::Participant, columns.participant.as_deref(), "participant");
    let arm = search.role(Role::Arm, columns.arm.as_deref(), "arm");
    let shape = search.shape(columns);
    let covariates: Vec<Option<usize>> = columns
        .covariates
        .iter()
        .map(|covariate| search.heading(&covariate.column, &format!("the covariate `{}`", covariate.name)))
        .collect();
    if search.problems.is_empty() {
        search.note_unread(columns, findings);
    } else if search.reads_like_data() {
        let message = "the first line reads like data, not like headings";
        let help = "put a line with the names of the columns on top";
        search.problems = vec![IntakeProblem::new(IntakeCode::NoHeader, message).row(1).help(help)];
    }
    findings.problems.append(&mut search.problems);
    Some(Places {
        participant: participant?,
        arm: arm?,
        shape: shape?,
        covariates: covariates.into_iter().collect::<Option<_>>()?,
    })
}

struct Search<'a> {
    cells: &'a Cells,
    used: Vec<usize>,
    problems: Vec<IntakeProblem>,
}

impl Search<'_> {
    fn position(&self, heading: &str) -> Option<usize> {
        self.cells.columns.iter().position(|column| column.heading == heading.trim())
    }

    fn headings(&self) -> impl Iterator<Item = &str> {
        self.cells.columns.iter().map(|column| column.heading.as_str()).filter(|heading| !heading.is_empty())
    }

    /// The column of a heading that the mapping names.
    fn heading(&mut self, heading: &str, of: &str) -> Option<usize> {
        match self.position(heading) {
            Some(position) => self.use_column(position),
            None if self.is_left_aside(heading) => None,
            None => {
                let problem =
                    IntakeProblem::new(IntakeCode::ColumnMissing, format!("there is no column `{heading}` for {of}"))
                        .column(heading)
                        .suggest(nearest(heading, self.headings()))
                        .help(format!("columns of the file: {}", listed(self.headings())));
                self.problems.push(problem);
                None
            }
        }
    }

    /// Whether a column exists, but is of a type that is not read; that is a problem where the column is needed.
    fn is_left_aside(&mut self, heading: &str) -> bool {
        let Some(column) = self.cells.left_aside.iter().find(|column| column.heading == heading) else { return false };
        let message = format!("the column `{heading}` is of the type {}, which is not read", column.kind);
        let help = "write it as text, as a whole number of 32 or 64 bits, or as a floating-point number";
        self.problems.push(IntakeProblem::new(IntakeCode::Damaged, message).column(heading).help(help));
        true
    }

    fn use_column(&mut self, position: usize) -> Option<usize> {
        let heading = &self.cells.columns[position].heading;
        let twice = self.cells.columns.iter().filter(|column| column.heading == *heading).count() > 1;
        if twice && !self.used.contains(&position) {
            let message = format!("two columns have the heading `{heading}`");
            let problem = IntakeProblem::new(IntakeCode::HeadingTwice, message).column(heading.as_str());
            self.problems.push(problem.help("rename or remove one of them"));
        }
        self.used.push(position);
        Some(position)
    }

    /// The column of a role: as the mapping says, or by the names linger itself writes.
    fn recognised(&self, role: Role) -> Option<usize> {
        Names::ALL.into_iter().find_map(|names| self.position(role.heading(names)))
    }

    fn role(&mut self, role: Role, given: Option<&str>, key: &str) -> Option<usize> {
        if let Some(heading) = given {
            return self.heading(heading, &format!("the {key}"));
        }
        if let Some(position) = self.recognised(role) {
            return self.use_column(position);
        }
        let [tidy, adam] = Names::ALL.map(|names| role.heading(names));
        if self.is_left_aside(tidy) || self.is_left_aside(adam) {
            return None;
        }
        let message = format!("no column holds the {key}: neither `{tidy}` nor `{adam}` is among the headings");
        let suggestion = nearest(tidy, self.headings()).or_else(|| nearest(adam, self.headings()));
        let which = suggestion.unwrap_or("its heading");
        let help = format!(
            "say which one does, by `{key} = {which:?}` in columns.toml; columns of the file: {}",
            listed(self.headings())
        );
        self.problems
            .push(IntakeProblem::new(IntakeCode::ColumnMissing, message).column(tidy).suggest(suggestion).help(help));
        None
    }

    fn shape(&mut self, columns: &Columns) -> Option<RowPer> {
        let sources = || columns.outcomes.iter().map(|outcome| &outcome.source);
        if sources().any(|source| matches!(source, OutcomeSource::ByVisit(_))) {
            return self.row_per_participant(&columns.outcomes);
        }
        let exists = |heading: &str| self.cells.left_aside.iter().any(|column| column.heading == heading);
        let left_aside = |role: Role| Names::ALL.iter().any(|&names| exists(role.heading(names)));
        let tidy =
            |given: &Option<String>, role: Role| given.is_some() || self.recognised(role).is_some() || left_aside(role);
        let has_outcome = tidy(&columns.outcome, Role::Outcome);
        let has_value = tidy(&columns.value, Role::Value);
        let by_column = sources().any(|source| matches!(source, OutcomeSource::Column(_)));
        let by_text = sources().any(|source| matches!(source, OutcomeSource::Texts(_)));
        // Outcomes under their short names are texts of an outcome column where there is one, else headings.
        let by_short_name = !by_text && !columns.outcomes.is_empty();
        let by_heading = by_short_name && !(has_outcome && has_value);
        if by_column || by_heading {
            return self.row_per_visit(columns);
        }
        self.row_per_outcome(columns, has_outcome || has_value || by_text)
    }

    fn row_per_outcome(&mut self, columns: &Columns, meant: bool) -> Option<RowPer> {
        if !meant {
            let message = "no outcome is named, and there are no columns `outcome` and `value` to find them in";
            let help = format!(
                "name the outcomes in columns.toml, e.g. `[outcomes.rdq]` with `column = \"…\"` (one row per visit) or \
                 `columns = {{ … = 0, … = 10 }}` (one row per participant); columns of the file: {}",
                listed(self.headings())
            );
            self.problems.push(IntakeProblem::new(IntakeCode::ColumnMissing, message).column("outcome").help(help));
            return None;
        }
        let visit = self.role(Role::VisitWeek, columns.visit.as_deref(), "visit");
        let outcome = self.role(Role::Outcome, columns.outcome.as_deref(), "outcome");
        let value = self.role(Role::Value, columns.value.as_deref(), "value");
        let baseline = match columns.baseline.as_deref() {
            Some(heading) => Some(self.heading(heading, "the baseline")?),
            None => self.recognised(Role::Baseline).and_then(|position| self.use_column(position)),
        };
        Some(RowPer::Outcome { visit: visit?, outcome: outcome?, value: value?, baseline })
    }

    fn row_per_visit(&mut self, columns: &Columns) -> Option<RowPer> {
        let visit = self.role(Role::VisitWeek, columns.visit.as_deref(), "visit");
        let outcomes: Vec<Option<(usize, Option<usize>)>> = columns
            .outcomes
            .iter()
            .map(|outcome| {
                let name = &outcome.outcome.name;
                let heading = match &outcome.source {
                    OutcomeSource::Column(heading) => heading,
                    _ => name,
                };
                let column = self.heading(heading, &format!("the outcome `{name}`"));
                let of = format!("the baseline of `{name}`");
                let baseline = outcome.baseline_column.as_deref().map(|heading| self.heading(heading, &of));
                match baseline {
                    Some(position) => Some((column?, Some(position?))),
                    None => Some((column?, None)),
                }
            })
            .collect();
        Some(RowPer::Visit { visit: visit?, outcomes: outcomes.into_iter().collect::<Option<_>>()? })
    }

    fn row_per_participant(&mut self, outcomes: &[OutcomeInFile]) -> Option<RowPer> {
        let found: Vec<Option<Vec<(usize, f64)>>> = outcomes
            .iter()
            .map(|outcome| {
                let OutcomeSource::ByVisit(columns) = &outcome.source else { return None };
                let name = &outcome.outcome.name;
                let positions: Vec<Option<(usize, f64)>> = columns
                    .iter()
                    .map(|(heading, week)| Some((self.heading(heading, &format!("`{name}` at week {week}"))?, *week)))
                    .collect();
                positions.into_iter().collect()
            })
            .collect();
        Some(RowPer::Participant { outcomes: found.into_iter().collect::<Option<_>>()? })
    }

    /// Columns that carry a name linger writes but computes itself on reading need no mention.
    fn note_unread(&self, columns: &Columns, findings: &mut Findings) {
        let written =
            |heading: &str| Role::ALL.iter().any(|role| Names::ALL.iter().any(|&names| role.heading(names) == heading));
        let foreign = self.cells.left_aside.iter().map(|column| column.heading.as_str());
        let unread: Vec<&str> = self
            .cells
            .columns
            .iter()
            .enumerate()
            .filter(|(position, column)| {
                !self.used.contains(position) && !column.heading.is_empty() && !written(&column.heading)
            })
            .map(|(_, column)| column.heading.as_str())
            .chain(foreign)
            .collect();
        if !unread.is_empty() {
            let hint = if columns.covariates.is_empty() { "; name covariates in columns.toml to use them" } else { "" };
            findings.note(format!("columns that are not read: {}{hint}", listed(unread)));
        }
    }

    fn reads_like_data(&self) -> bool {
        self.headings().any(|heading| heading.parse::<f64>().is_ok())
    }
}

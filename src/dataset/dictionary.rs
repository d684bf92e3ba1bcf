//! The data dictionary that goes with the written tables: every column's meaning, unit, type and allowed values.

use serde::Serialize;

use super::names::{Names, Role};
use super::subjects;
use super::table::visit_in_words;
use crate::trial::{Covariate, CovariateValues, Layout, Outcome, TrialData};

/// What the columns of the written tables mean.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Dictionary {
    /// Set of names the tables are written in.
    pub names: Names,
    /// What one row of the table of recorded values is.
    pub one_row: &'static str,
    /// Its columns in their order.
    pub columns: Vec<DictionaryColumn>,
    /// What each outcome's short name stands for.
    pub outcomes: Vec<DictionaryOutcome>,
    /// The table of participants, where the conduct of the trial is known and it is written.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub subjects: Option<DictionaryTable>,
}

/// One further table.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct DictionaryTable {
    /// What one row is.
    pub one_row: &'static str,
    /// The columns in their order.
    pub columns: Vec<DictionaryColumn>,
}

/// One column.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct DictionaryColumn {
    /// Heading.
    pub name: String,
    /// What it means.
    pub label: String,
    /// Unit, where it has one.
    pub unit: Option<String>,
    /// Type of the cells: `text` or `number`.
    #[serde(rename = "type")]
    pub kind: &'static str,
    /// Allowed values in words.
    pub allowed_values: String,
}

/// One outcome.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct DictionaryOutcome {
    /// Short name as in the outcome column.
    pub name: String,
    /// What a reader sees.
    pub label: String,
    /// What kind of number is recorded: `score`, `binary`, `count` or `ordinal`.
    pub kind: &'static str,
    /// What the numbers count, where they have a unit.
    pub unit: Option<String>,
    /// What each number stands for, where they stand for words.
    pub levels: Vec<DictionaryLevel>,
    /// Whether it is recorded at baseline too.
    pub at_baseline: bool,
    /// Lowest and highest score.
    pub range: Option<[f64; 2]>,
    /// Distance between neighbouring scores.
    pub step: Option<f64>,
    /// Which way is better: `lower` or `higher`, where known.
    pub better: Option<crate::trial::Direction>,
    /// Smallest difference between arms that matters to participants.
    pub meaningful: Option<f64>,
}

/// What a recorded number stands for.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct DictionaryLevel {
    /// The number.
    pub value: f64,
    /// What a reader sees.
    pub label: String,
}

/// The dictionary of the tables that [`super::write`] and [`super::write_subjects`] make of these data; of the second only where
/// the conduct of the trial is known.
pub fn dictionary(data: &TrialData, names: Names) -> Dictionary {
    let layout = &data.layout;
    let roles = Role::written(names).iter().map(|&role| role_column(layout, role, names));
    let subjects = data.conduct.as_ref().map(|_| DictionaryTable {
        one_row: "one participant",
        columns: subjects::fields(data, names).into_iter().map(|field| field.about).collect(),
    });
    Dictionary {
        names,
        one_row: "one participant, outcome and visit",
        columns: roles.chain(data.covariates.iter().map(covariate_column)).collect(),
        outcomes: layout.outcomes.iter().map(outcome_entry).collect(),
        subjects,
    }
}

fn outcome_entry(outcome: &Outcome) -> DictionaryOutcome {
    let levels = outcome.kind.levels().into_iter();
    DictionaryOutcome {
        name: outcome.name.clone(),
        label: outcome.label.clone(),
        kind: outcome.kind.name(),
        unit: unit_of(outcome),
        levels: levels.map(|(value, label)| DictionaryLevel { value, label: label.to_owned() }).collect(),
        at_baseline: outcome.at_baseline,
        range: outcome.range,
        step: outcome.step,
        better: outcome.better,
        meaningful: outcome.meaningful,
    }
}

/// The unit of an outcome, unless it is blank.
fn unit_of(outcome: &Outcome) -> Option<String> {
    Some(outcome.unit.trim()).filter(|unit| !unit.is_empty()).map(str::to_owned)
}

/// A column of the long table.
pub(super) fn role_column(layout: &Layout, role: Role, names: Names) -> DictionaryColumn {
    let list = |texts: Vec<String>| texts.join(", ");
    let week = layout.visits.iter().map(|visit| visit.week.to_string()).collect();
    let points = common_unit(&layout.outcomes);
    let points = points.as_deref();
    let (label, unit, kind, allowed_values) = match role {
        Role::Study => ("the trial", None, "text", "any".to_owned()),
        Role::Participant => {
            ("identifier of the participant", None, "text", "any, the same on all rows of a participant".to_owned())
        }
        Role::Arm => {
            let arms = layout.arms.iter().map(|arm| named(&arm.name, &arm.label)).collect();
            ("arm the participant was randomised to", None, "text", list(arms))
        }
        Role::Outcome => {
            let outcomes = layout.outcomes.iter().map(|outcome| named(&outcome.name, &outcome.label)).collect();
            ("short name of the outcome", None, "text", list(outcomes))
        }
        Role::Visit => (
            "the visit in words",
            None,
            "text",
            list(layout.visits.iter().map(|&visit| visit_in_words(visit)).collect()),
        ),
        Role::VisitWeek => {
            ("the visit; the baseline is week 0", Some("weeks since randomisation"), "number", list(week))
        }
        Role::Value => ("recorded value; empty where missing", points, "number", scores(layout.outcomes.iter())),
        Role::Baseline => {
            let at_baseline = layout.outcomes.iter().filter(|outcome| outcome.at_baseline);
            ("value at the baseline visit; empty where missing", points, "number", scores(at_baseline))
        }
        Role::Change => ("value less baseline; empty where either is missing", points, "number", "any".to_owned()),
        Role::Analysed => ("whether value and baseline were recorded", None, "text", "Y, or empty".to_owned()),
    };
    let unit = unit.map(str::to_owned);
    DictionaryColumn { name: role.heading(names).to_owned(), label: label.to_owned(), unit, kind, allowed_values }
}

/// A covariate's column.
pub(super) fn covariate_column(covariate: &Covariate) -> DictionaryColumn {
    let (kind, allowed_values) = match &covariate.values {
        CovariateValues::Numeric(_) => ("number", "any".to_owned()),
        CovariateValues::Factor { levels, .. } => ("text", levels.join(", ")),
    };
    DictionaryColumn {
        name: covariate.name.clone(),
        label: "covariate measured before randomisation".to_owned(),
        unit: None,
        kind,
        allowed_values,
    }
}

/// A short name and, if it says more, its label.
fn named(name: &str, label: &str) -> String {
    if name == label { name.to_owned() } else { format!("{name} ({label})") }
}

/// The unit of recorded values: that of all outcomes, or a word on where theirs stand.
fn common_unit(outcomes: &[Outcome]) -> Option<String> {
    let mut units = outcomes.iter().map(unit_of);
    let first = units.next().flatten();
    if units.all(|unit| unit == first) { first } else { Some("that of the outcome".to_owned()) }
}

/// The values that outcomes can have: `rdq: 0 to 23 in steps of 1; works: 0 (no) or 1 (yes)`.
fn scores<'a>(outcomes: impl Iterator<Item = &'a Outcome>) -> String {
    let one = |outcome: &Outcome| {
        let levels = outcome.kind.levels();
        if !levels.is_empty() {
            let levels: Vec<String> = levels.iter().map(|(number, level)| format!("{number} ({level})")).collect();
            return format!("{}: {}", outcome.name, levels.join(", "));
        }
        let range = outcome.range.map_or_else(|| "any number".to_owned(), |[low, high]| format!("{low} to {high}"));
        let step = outcome.step.map_or_else(String::new, |step| format!(" in steps of {step}"));
        format!("{}: {range}{step}", outcome.name)
    };
    outcomes.map(one).collect::<Vec<_>>().join("; ")
}

impl Dictionary {
    /// As a Markdown page.
    pub fn to_markdown(&self) -> String {
        let mut page = format!("# Data dictionary\n\nOne row: {}. Missing values are empty cells.\n\n", self.one_row);
        page.push_str(&column_rows(&self.columns));
        page.push_str("\n| outcome | meaning | kind | unit | range | step | better | meaningful difference |\n");
        page.push_str("| --- | --- | --- | --- | --- | --- | --- | --- |\n");
        page.extend(self.outcomes.iter().map(outcome_row));
        if let Some(subjects) = &self.subjects {
            page.push_str(&format!(
                "\n## Participants\n\nOne row of the table of participants: {}.\n\n",
                subjects.one_row
            ));
            page.push_str(&column_rows(&subjects.columns));
        }
        page
    }

    /// As JSON.
    pub fn to_json(&self) -> String {
        // Plain structs of texts and finite numbers always serialise.
        serde_json::to_string_pretty(self).unwrap_or_default()
    }
}

/// Columns as a Markdown table.
fn column_rows(columns: &[DictionaryColumn]) -> String {
    let row = |column: &DictionaryColumn| {
        format!(
            "| {} | {} | {} | {} | {} |\n",
            code(&column.name),
            cell(&column.label),
            cell(column.unit.as_deref().unwrap_or_default()),
            column.kind,
            cell(&column.allowed_values)
        )
    };
    let rows: String = columns.iter().map(row).collect();
    format!("| column | meaning | unit | type | allowed values |\n| --- | --- | --- | --- | --- |\n{rows}")
}

/// An outcome as a row of a Markdown table.
fn outcome_row(outcome: &DictionaryOutcome) -> String {
    let number = |number: Option<f64>| number.map_or_else(String::new, |number| number.to_string());
    let range = outcome.range.map_or_else(String::new, |[low, high]| format!("{low} to {high}"));
    let better = match outcome.better {
        Some(crate::trial::Direction::Lower) => "lower",
        Some(crate::trial::Direction::Higher) => "higher",
        None => "",
    };
    let baseline = if outcome.at_baseline { "" } else { ", not recorded at baseline" };
    format!(
        "| {} | {} | {}{baseline} | {} | {range} | {} | {better} | {} |\n",
        code(&outcome.name),
        cell(&outcome.label),
        outcome.kind,
        cell(outcome.unit.as_deref().unwrap_or_default()),
        number(outcome.step),
        number(outcome.meaningful)
    )
}

/// A text inside a cell of a Markdown table.
fn cell(text: &str) -> String {
    text.replace('|', "\\|").replace('\n', " ")
}

fn code(name: &str) -> String {
    format!("`{}`", cell(name))
}

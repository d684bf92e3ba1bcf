//! The data dictionary that goes with a written table: every column's meaning, unit, type and allowed values.

use std::fmt::Write;

use serde::Serialize;

use super::names::{Names, Role};
use super::table::visit_in_words;
use crate::trial::{Covariate, CovariateValues, Layout, Outcome, TrialData};

/// What the columns of a written table mean.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Dictionary {
    /// Set of names the table is written in.
    pub names: Names,
    /// What one row is.
    pub one_row: &'static str,
    /// The columns in their order.
    pub columns: Vec<DictionaryColumn>,
    /// What each outcome's short name stands for.
    pub outcomes: Vec<DictionaryOutcome>,
}

/// One column.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct DictionaryColumn {
    /// Heading.
    pub name: String,
    /// What it means.
    pub label: String,
    /// Unit, where it has one.
    pub unit: Option<&'static str>,
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
    /// Lowest and highest score.
    pub range: Option<[f64; 2]>,
    /// Distance between neighbouring scores.
    pub step: Option<f64>,
    /// Which way is better: `lower` or `higher`, where known.
    pub better: Option<crate::trial::Direction>,
    /// Smallest difference between arms that matters to participants.
    pub meaningful: Option<f64>,
}

/// The dictionary of the table that [`super::write`] makes of these data.
pub fn dictionary(data: &TrialData, names: Names) -> Dictionary {
    let layout = &data.layout;
    let roles = Role::written(names).iter().map(|&role| role_column(layout, role, names));
    let columns = roles.chain(data.covariates.iter().map(covariate_column)).collect();
    let outcomes = layout.outcomes.iter().map(|outcome| DictionaryOutcome {
        name: outcome.name.clone(),
        label: outcome.label.clone(),
        range: outcome.range,
        step: outcome.step,
        better: outcome.better,
        meaningful: outcome.meaningful,
    });
    Dictionary { names, one_row: "one participant, outcome and visit", columns, outcomes: outcomes.collect() }
}

fn role_column(layout: &Layout, role: Role, names: Names) -> DictionaryColumn {
    let list = |texts: Vec<String>| texts.join(", ");
    let week = layout.visits.iter().map(|visit| visit.week.to_string()).collect();
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
        Role::Value => ("recorded score; empty where missing", Some("points"), "number", scores(&layout.outcomes)),
        Role::Baseline => {
            ("score at the baseline visit; empty where missing", Some("points"), "number", scores(&layout.outcomes))
        }
        Role::Change => {
            ("value less baseline; empty where either is missing", Some("points"), "number", "any".to_owned())
        }
        Role::Analysed => ("whether value and baseline were recorded", None, "text", "Y, or empty".to_owned()),
    };
    DictionaryColumn { name: role.heading(names).to_owned(), label: label.to_owned(), unit, kind, allowed_values }
}

fn covariate_column(covariate: &Covariate) -> DictionaryColumn {
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

fn scores(outcomes: &[Outcome]) -> String {
    let one = |outcome: &Outcome| {
        let range = outcome.range.map_or_else(|| "any number".to_owned(), |[low, high]| format!("{low} to {high}"));
        let step = outcome.step.map_or_else(String::new, |step| format!(" in steps of {step}"));
        format!("{}: {range}{step}", outcome.name)
    };
    outcomes.iter().map(one).collect::<Vec<_>>().join("; ")
}

impl Dictionary {
    /// As a Markdown page.
    pub fn to_markdown(&self) -> String {
        let mut page = format!("# Data dictionary\n\nOne row: {}. Missing values are empty cells.\n\n", self.one_row);
        page.push_str("| column | meaning | unit | type | allowed values |\n| --- | --- | --- | --- | --- |\n");
        for column in &self.columns {
            // Writing to a text cannot fail.
            let _ = writeln!(
                page,
                "| {} | {} | {} | {} | {} |",
                code(&column.name),
                cell(&column.label),
                column.unit.unwrap_or_default(),
                column.kind,
                cell(&column.allowed_values)
            );
        }
        page.push_str("\n| outcome | meaning | range | step | better | meaningful difference |\n| --- | --- | --- | --- | --- | --- |\n");
        for outcome in &self.outcomes {
            let number = |number: Option<f64>| number.map_or_else(String::new, |number| number.to_string());
            let range = outcome.range.map_or_else(String::new, |[low, high]| format!("{low} to {high}"));
            let better = match outcome.better {
                Some(crate::trial::Direction::Lower) => "lower",
                Some(crate::trial::Direction::Higher) => "higher",
                None => "",
            };
            let _ = writeln!(
                page,
                "| {} | {} | {range} | {} | {better} | {} |",
                code(&outcome.name),
                cell(&outcome.label),
                number(outcome.step),
                number(outcome.meaningful)
            );
        }
        page
    }

    /// As JSON.
    pub fn to_json(&self) -> String {
        // Plain structs of texts and finite numbers always serialise.
        serde_json::to_string_pretty(self).unwrap_or_default()
    }
}

/// A text inside a cell of a Markdown table.
fn cell(text: &str) -> String {
    text.replace('|', "\\|").replace('\n', " ")
}

fn code(name: &str) -> String {
    format!("`{}`", cell(name))
}

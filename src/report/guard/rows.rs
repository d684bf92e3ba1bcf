//! Comparisons as flat rows: what CSV and JSON show.

use serde::Serialize;

use super::GuardReport;
use super::words::described;
use crate::snapshot::{Basis, Comparison};

/// One comparison. Numbers are `None` where there are none.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct GuardRow {
    /// Name of the case.
    pub case: String,
    /// Id of the quantity.
    pub id: String,
    /// What it was compared with: `kept`, `target` or `bounds`.
    pub compared_with: &'static str,
    /// The verdict in words.
    pub verdict: &'static str,
    /// `fine`, `warning` or `failure`.
    pub severity: &'static str,
    /// The number now.
    pub now: Option<f64>,
    /// Its Monte Carlo standard error.
    pub mcse: Option<f64>,
    /// The kept number.
    pub kept: Option<f64>,
    /// Now less kept.
    pub difference: Option<f64>,
    /// How far from the kept number it may be.
    pub allowed: Option<f64>,
    /// The target.
    pub target: Option<f64>,
    /// How many Monte Carlo errors from the target it is.
    pub z: Option<f64>,
    /// The lowest value it may have.
    pub at_least: Option<f64>,
    /// The highest value it may have.
    pub at_most: Option<f64>,
    /// All that in words.
    pub in_words: String,
}

/// Every comparison of every case.
pub fn rows(report: &GuardReport) -> Vec<GuardRow> {
    let of = |case: &super::CaseReport| {
        let name = case.name.clone();
        case.comparisons().iter().map(move |own| row(&name, own)).collect::<Vec<_>>()
    };
    report.cases.iter().flat_map(of).collect()
}

fn row(case: &str, own: &Comparison) -> GuardRow {
    let (compared_with, target, z, bounds) = match &own.basis {
        Basis::Kept { .. } => ("kept", None, None, None),
        Basis::Target { target, z, .. } => ("target", *target, *z, None),
        Basis::Bounds(expected) => ("bounds", None, None, Some(expected.between)),
    };
    let finite = |number: Option<f64>| number.filter(|own| own.is_finite());
    GuardRow {
        case: case.to_owned(),
        id: own.id.clone(),
        compared_with,
        verdict: own.verdict.words(),
        severity: own.severity.word(),
        now: finite(own.now.as_ref().and_then(crate::snapshot::Value::as_number)),
        mcse: finite(own.mcse),
        kept: finite(own.kept().and_then(crate::snapshot::Value::as_number)),
        difference: own.difference(),
        allowed: own.allowed(),
        target: target.map(|target| target.value),
        z: finite(z),
        at_least: bounds.map(|own| own[0]),
        at_most: bounds.map(|own| own[1]),
        in_words: described(own),
    }
}

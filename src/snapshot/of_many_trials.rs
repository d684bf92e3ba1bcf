//! The quantities of an evaluation over many simulated trials: performance measures, those with a target held against it.

use super::ids::Place;
use super::quantity::{Quantity, Target, Value};
use crate::operating_characteristics::{Evaluation, PerformanceRow, performance_rows};
use crate::scenario::{MultiplicityRule, Plan, Scenario, TestCheck};

/// A true value this near 0 is none: contrasts of arms that do the same differ from 0 by rounding alone.
const NO_DIFFERENCE: f64 = 1e-9;

/// All of them.
pub fn quantities(scenario: &Scenario, evaluation: &Evaluation) -> Vec<Quantity> {
    let mut all = Vec::new();
    let mut true_value = None;
    for row in performance_rows(scenario, evaluation) {
        let plan = plan(scenario, &row.analysis);
        if row.measure == "true_value" {
            true_value = row.value;
        }
        all.extend(measure(&row, plan));
        if row.measure == "power" && true_value.is_some_and(|truth| truth.abs() < NO_DIFFERENCE) {
            all.extend(type_one_error(&row, plan.alpha));
        }
    }
    all
}

/// The plan of an analysis.
fn plan<'a>(scenario: &'a Scenario, analysis: &str) -> &'a Plan {
    let main = &scenario.plan;
    main.sensitivity.iter().find(|own| own.name == analysis).unwrap_or(main)
}

/// One row as a quantity; a number that is not defined, such as the bias where no true value is known, is none.
fn measure(row: &PerformanceRow, plan: &Plan) -> Option<Quantity> {
    // A rule protects the family of contrasts of an outcome at a visit. Nobody promises anything of all families together, or without a rule.
    let is_promised = row.outcome.is_some() && plan.multiplicity != MultiplicityRule::None;
    let check = check(&row.measure).filter(|own| *own != TestCheck::TypeOneError || is_promised);
    let value = match (row.value, row.replicates) {
        (Some(value), _) => Value::number(value),
        (None, 0) if check == Some(TestCheck::MeanEstimates) => {
            Value::Nothing("no replicate has an estimate".to_owned())
        }
        (None, _) => return None,
    };
    let target = match check {
        Some(TestCheck::Coverage) => share(1.0 - plan.alpha, row.replicates, false),
        Some(TestCheck::TypeOneError) => share(plan.alpha, row.replicates, true),
        Some(TestCheck::Bias | TestCheck::ModelSe) => {
            row.mcse.map(|mcse| Target { value: 0.0, std_error: mcse, at_most: false })
        }
        _ => None,
    };
    Some(Quantity { id: place(row).id(&row.measure), value, check, mcse: row.mcse, target })
}

/// A share of rejections that are all errors.
fn type_one_error(row: &PerformanceRow, alpha: f64) -> Option<Quantity> {
    Some(Quantity {
        id: place(row).id("type_one_error"),
        value: Value::number(row.value?),
        check: Some(TestCheck::TypeOneError),
        mcse: row.mcse,
        target: share(alpha, row.replicates, false),
    })
}

/// The target of a share, with the error that the share has where it is on target: that of the share itself would be 0 where all
/// replicates agree.
fn share(value: f64, replicates: u64, at_most: bool) -> Option<Target> {
    (replicates > 0).then(|| Target { value, std_error: (value * (1.0 - value) / replicates as f64).sqrt(), at_most })
}

fn place(row: &PerformanceRow) -> Place<'_> {
    Place {
        analysis: &row.analysis,
        outcome: row.outcome.as_deref(),
        week: row.visit_week,
        versus: row.versus_week,
        of: &row.contrast,
    }
}

/// The check a measure belongs to.
fn check(measure: &str) -> Option<TestCheck> {
    Some(match measure {
        "mean_estimate" | "empirical_se" | "model_se" => TestCheck::MeanEstimates,
        "power" | "adjusted_power" | "rejection" | "gate_open" | "margin_shown" => TestCheck::Power,
        "convergence" => TestCheck::Convergence,
        "coverage" => TestCheck::Coverage,
        "family_wise_error" => TestCheck::TypeOneError,
        "bias" => TestCheck::Bias,
        "model_se_error" => TestCheck::ModelSe,
        _ if measure.starts_with("failed_") => TestCheck::Convergence,
        _ => return None,
    })
}

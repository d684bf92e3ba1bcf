//! What is known of a model over all visits: how much went into it, and the spread and correlations it found within participants.

use super::Look;
use crate::analysis::ModelFit;
use crate::report::figures::Analysed;
use crate::report::numbers::{fixed, p_value, two_digits};
use crate::scenario::{Estimator, Likelihood};

/// The fitted model of one outcome; nothing for methods that go visit by visit, or where nothing was fitted.
pub fn model(look: Look, trial: Analysed, outcome: usize) -> Option<String> {
    let model = trial.analysis.models.iter().find(|model| model.outcome == outcome)?;
    if model.n_coefficients == 0 {
        return None;
    }
    let mut text = match trial.plan.estimator {
        Estimator::MixedModel(_) => String::new(),
        _ => covariances(look, trial, model),
    };
    text.push_str(&look.foot(&facts(trial, model)));
    Some(text)
}

/// One line of counts.
fn facts(trial: Analysed, model: &ModelFit) -> String {
    let mut facts = vec![
        format!("{} participants", model.n_participants),
        format!("{} observations", model.n_observations),
        format!("{} coefficients", model.n_coefficients),
    ];
    match trial.plan.estimator {
        Estimator::Gee(_) => facts.extend(model.variances.first().map(|own| format!("dispersion {}", fixed(*own, 2)))),
        _ => facts.push(format!("{} covariance parameters", model.n_covariance_parameters)),
    }
    let restricted = match trial.plan.estimator {
        Estimator::Mmrm(mmrm) => mmrm.likelihood == Likelihood::Reml,
        _ => true,
    };
    let name = if restricted { "restricted log-likelihood" } else { "log-likelihood" };
    facts.extend(model.log_likelihood.map(|own| format!("{name} {}", fixed(own, 2))));
    let tests = [("arm by visit", &model.arm_by_visit), ("arm at all visits", &model.arm_at_all_visits)];
    let tests: Vec<String> = tests
        .iter()
        .filter_map(|(name, test)| Some(format!("{name} {}", p_value(test.as_ref().ok()?.p_value))))
        .collect();
    let tests = if tests.is_empty() { String::new() } else { format!(" Over all visits, p: {}.\n", tests.join(", ")) };
    format!(" The model: {}.\n{tests}{}", facts.join(", "), random_intercepts(trial, model))
}

/// The standard deviations of a model with random intercepts.
fn random_intercepts(trial: Analysed, model: &ModelFit) -> String {
    let Estimator::MixedModel(mixed) = trial.plan.estimator else { return String::new() };
    let [participant, therapist, residual] = model.variances[..] else { return String::new() };
    let sd = |variance: f64| {
        let sd = variance.sqrt();
        fixed(sd, two_digits(sd).max(1))
    };
    let of_therapists = mixed.therapist.map(|_| format!(", between therapists {}", sd(therapist)));
    let within = participant + therapist + residual;
    let share = if within > 0.0 { participant / within } else { 0.0 };
    format!(
        " Standard deviations: between participants {}{}, residual {}; {}% of the variance is between participants.\n",
        sd(participant),
        of_therapists.unwrap_or_default(),
        sd(residual),
        fixed(100.0 * share, 0)
    )
}

/// Standard deviations and correlations over visits, for each arm where arms have their own.
fn covariances(look: Look, trial: Analysed, model: &ModelFit) -> String {
    let layout = &trial.data.layout;
    let n_visits = layout.visits.len() - 1;
    let size = n_visits * n_visits;
    let gee = matches!(trial.plan.estimator, Estimator::Gee(_));
    if n_visits < 2 || model.covariance.is_empty() || !model.covariance.len().is_multiple_of(size) {
        return String::new();
    }
    let label = |visit: usize| layout.visits[visit + 1].label();
    let mut heading = vec!["Visit".to_owned()];
    heading.extend((!gee).then(|| "SD".to_owned()));
    heading.extend((0..n_visits).map(label));
    let by_arm = model.covariance.len() > size;
    let mut sheet = if by_arm { look.grouped_table("Arm", heading, 1) } else { look.table(heading, 1) };
    for (arm, covariance) in model.covariance.chunks_exact(size).enumerate() {
        if by_arm {
            sheet.group(layout.arms.get(arm).map_or("", |arm| &arm.label));
        }
        let sd = |visit: usize| covariance[visit * n_visits + visit].sqrt();
        for row in 0..n_visits {
            // A visit without data has no variance.
            let known = |visit: usize| sd(visit) > 0.0;
            let mut cells = vec![label(row)];
            let spread = || if known(row) { fixed(sd(row), two_digits(sd(row))) } else { "-".to_owned() };
            cells.extend((!gee).then(spread));
            cells.extend((0..n_visits).map(|column| match column {
                _ if column > row => String::new(),
                _ if !known(row) || !known(column) => "-".to_owned(),
                _ => fixed(covariance[row * n_visits + column] / sd(row) / sd(column), 2),
            }));
            sheet.row(cells);
        }
    }
    let title = if gee {
        "Working correlation within participants"
    } else {
        "Standard deviations and correlations within participants, given the model"
    };
    format!("{}{}", look.heading(title), sheet.text())
}

//! Facts that must hold whatever the numbers are, one file per kind.

// What several of them lean on: every estimator, two analyses side by side, shares of replicates.
mod alike;
pub mod every_estimator;
mod rates;
mod soundness;

mod adjusted_p_values;
mod any_trial;
mod common_random_numbers;
mod coverage;
mod decisions;
mod error_rates;
mod false_alarms;
mod family_wise_error;
mod hostile_numbers;
mod imputation;
mod imputation_of_kinds;
mod interim_looks;
mod invariances;
mod mixed_model;
mod no_number;
mod nothing_to_estimate;
mod power;
mod published;
mod rounds;
mod same_answers;
mod same_bytes;
mod same_model;
mod shipped_plans;
mod small_trials;
mod therapists_ignored;
mod visit_models;
mod worlds;

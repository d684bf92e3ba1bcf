//! Facts that must hold whatever the numbers are, one file per kind.

mod adjusted_p_values;
mod common_random_numbers;
mod error_rates;
mod invariances;
mod mixed_model;
mod no_number;
mod power;
mod published;
mod same_bytes;
mod therapists_ignored;
mod visit_models;
mod worlds;

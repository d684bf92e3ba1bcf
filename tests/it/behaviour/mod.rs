//! Facts that must hold whatever the numbers are, one file per kind.

mod common_random_numbers;
mod error_rates;
mod invariances;
mod no_number;
mod power;
mod published;
mod same_bytes;
mod visit_models;
mod worlds;

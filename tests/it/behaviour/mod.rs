//! Facts that must hold whatever the numbers are, one file per kind.

mod common_random_numbers;
mod invariances;
mod no_number;
mod same_bytes;

//! What results say to a reader: sentences, the contents of figures, and the page built from them.
//!
//! Never here: a new statistic. What a report says already stands in a table.

pub mod build_up;
pub mod calibration;
pub mod ci;
pub mod cluster;
pub mod figures;
pub mod gallery;
pub mod glossary;
pub mod guard;
pub mod html;
mod imputation_words;
pub mod interim_words;
pub mod method_words;
pub mod numbers;
pub mod performance_words;
pub mod power_words;
pub mod prior_words;
pub mod qualification;
pub mod schedule;
pub mod twin_words;
pub mod words;

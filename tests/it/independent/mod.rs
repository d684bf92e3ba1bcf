//! The same number by another road: closed forms, brute force, other algorithms; one file per method.

mod ancova;
mod calibration;
mod cholesky;
mod cohort;
mod dropout;
mod expected;
mod least_squares;
mod measurement;
mod moments;
mod multiplicity;
mod participant_flow;
mod performance;
mod randomisation;
mod sessions;
mod truth;

//! The same number by another road: closed forms, brute force, other algorithms; one file per method.

mod ancova;
mod calibration;
mod cholesky;
mod cohort;
mod dropout;
pub mod enrolment;
mod expected;
mod least_squares;
mod measurement;
mod moments;
mod multiplicity;
mod performance;
mod randomisation;
mod screening;
mod sessions;
mod streams;

//! The same number by another road: closed forms, brute force, other algorithms; one file per method.

mod ancova;
mod calibration;
mod cholesky;
mod cohort;
mod dropout;
mod expected;
mod expected_mixtures;
mod least_squares;
mod measurement;
mod moments;
mod multiplicity;
mod performance;
mod quadrature;
mod randomisation;
mod sessions;

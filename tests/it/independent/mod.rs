//! The same number by another road: closed forms, brute force, other algorithms; one file per method.

mod ancova;
mod attendance;
mod bivariate_normal;
mod calibration;
mod cholesky;
mod cohort;
mod counts;
mod dropout;
pub mod enrolment;
mod events;
mod expected;
mod exponential;
mod least_squares;
mod measurement;
mod moments;
mod multiplicity;
mod participant_flow;
mod performance;
mod randomisation;
mod replay;
mod screening;
mod sessions;
mod streams;
mod subset_sums;
mod therapists;
mod truth;
mod within_person;

//! Mathematics that has never heard of a trial: random streams, small dense linear algebra, distributions, running moments.
//!
//! Never here: the words of a trial, files, printing.

pub mod beta_binomial;
pub mod cholesky;
pub mod cuts;
pub mod dependent_columns;
pub mod distributions;
pub mod incomplete_beta;
pub mod least_squares;
pub mod moments;
pub mod round_numbers;
pub mod streams;
pub mod unequal_shares;

//! Mathematics that has never heard of a trial: random streams, small dense linear algebra, distributions,
//! quadrature, running moments.
//!
//! Never here: the words of a trial, files, printing.

pub mod cholesky;
pub mod dependent_columns;
pub mod distributions;
pub mod incomplete_beta;
pub mod least_squares;
pub mod legendre;
pub mod moments;
pub mod normal_box;
pub mod normal_ogive;
pub mod round_numbers;
pub mod shift;
pub mod streams;
pub mod tridiagonal;

//! Mathematics that has never heard of a trial: random streams, small dense linear algebra, distributions,
//! quadrature, running moments, sums over subsets.
//!
//! Never here: the words of a trial, files, printing.

pub mod beta_binomial;
pub mod bivariate_normal;
pub mod cholesky;
pub mod cuts;
pub mod dependent_columns;
pub mod distributions;
pub mod eigen;
pub mod exponential;
pub mod incomplete_beta;
pub mod inverse;
pub mod joint_moments;
pub mod least_squares;
pub mod legendre;
pub mod moments;
pub mod normal_box;
pub mod normal_ogive;
pub mod round_numbers;
pub mod shift;
pub mod streams;
pub mod subset_sums;
pub mod tridiagonal;
pub mod unequal_shares;

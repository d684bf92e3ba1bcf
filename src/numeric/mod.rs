//! Mathematics that has never heard of a trial: random streams, small dense linear algebra, distributions,
//! quadrature, running moments, sums over subsets.
//!
//! Never here: the words of a trial, files, printing.

pub mod beta_binomial;
pub mod bivariate_normal;
pub mod chi_squared;
pub mod cholesky;
pub mod count_distributions;
pub mod cuts;
pub mod dependent_columns;
pub mod distributions;
pub mod eigen;
pub mod elementary;
pub mod exponential;
pub mod fnv;
pub mod group_sequential;
pub mod incomplete_beta;
pub mod inverse;
pub mod joint_moments;
pub mod least_squares;
pub mod legendre;
pub mod max_t;
pub mod midranks;
pub mod moments;
pub mod noncentral_f;
pub mod noncentral_t;
pub mod normal_box;
pub mod normal_ogive;
pub mod ordered_differences;
pub mod polynomial;
pub mod power;
pub mod probit_line;
pub mod rank_sum_counts;
pub mod root;
pub mod round_numbers;
pub mod scale;
pub mod shift;
pub mod streams;
pub mod studentised_range;
pub mod subset_sums;
pub mod tridiagonal;
pub mod unequal_shares;

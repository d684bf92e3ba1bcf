//! Numbers that another program computed, one file per method.

mod ancova;
mod binary;
mod binomial_intervals;
mod correlations;
pub mod data;
mod distributions;
mod effect_sizes;
mod equivalence;
mod gee;
mod graph;
mod group_sequential;
mod imputation;
mod max_t;
mod mixed_model;
mod mmrm;
mod multiplicity;
mod p_adjust;
mod power;
mod rank_and_oneway;
mod rank_sum;
mod streams;
mod t_tests;

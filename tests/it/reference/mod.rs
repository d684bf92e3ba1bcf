//! Numbers that another program computed, one file per method.

mod ancova;
mod correlations;
mod distributions;
mod effect_sizes;
mod equivalence;
mod max_t;
mod rank_and_oneway;
mod rank_sum;
mod streams;
mod t_tests;

//! Numbers that another program computed, one file per method.

mod ancova;
mod distributions;
mod max_t;
mod streams;

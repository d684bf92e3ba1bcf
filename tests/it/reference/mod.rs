//! Numbers that another program computed, one file per method.

mod ancova;
mod data;
mod distributions;
mod mmrm;
mod streams;

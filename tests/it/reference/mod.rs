//! Numbers that another program computed, one file per method.

mod ancova;
mod binary;
mod data;
mod distributions;
mod streams;

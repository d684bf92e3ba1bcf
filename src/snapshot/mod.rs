//! Comparing results with kept ones, quantity by quantity, each with its tolerance, and saying which moved.
//!
//! Never here: deciding the exit code, or overwriting what was kept unasked.

pub mod verify;

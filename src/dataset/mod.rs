//! The only home of polars: participants' data from and to CSV and Parquet, the checks of real files, descriptive summaries.
//!
//! Never here: simulation, models.

mod cells;
mod csv;
mod file;
mod guard;
mod names;
mod parquet;
mod problems;
mod records;
mod table;

pub use file::{WriteError, to_csv_string, write};
pub use names::{Names, Role};
pub use problems::{Counting, IntakeCode, IntakeProblem, IntakeProblems};

//! The only home of polars: participants' data from and to CSV and Parquet, the checks of real files, descriptive summaries.
//!
//! Never here: simulation, models.

mod baselines;
mod cells;
mod checks;
mod covariates;
mod csv;
mod describe;
mod dictionary;
mod explanations;
mod file;
mod footer;
mod formulas;
mod guard;
mod intake;
mod mapped;
mod mapping;
mod names;
mod pages;
mod parquet;
mod people;
mod problems;
mod records;
mod replicate_table;
mod results;
mod shape;
mod subjects;
mod table;
mod values;
mod visits;

pub use describe::{
    BaselineTable, BaselineValues, BaselineVariable, Count, DescribeError, Descriptive, LevelCount, LevelCounts,
    Summary, baseline_table, descriptives,
};
pub use dictionary::{Dictionary, DictionaryColumn, DictionaryLevel, DictionaryOutcome, DictionaryTable, dictionary};
pub use file::{
    WriteError, put_in_place, subjects_to_csv_string, to_csv_string, to_mapped_csv_string, write, write_mapped,
    write_subjects,
};
pub use intake::{Intake, read};
pub use mapping::columns_of;
pub use names::{Names, Role};
pub use problems::{Counting, IntakeCode, IntakeProblem, IntakeProblems};
pub use replicate_table::{ReplicateTableError, owner_in_parquet, rows_from_parquet, rows_to_parquet};
pub use results::{rows_from_file, rows_to_csv};

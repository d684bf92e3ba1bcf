//! The mapping of a data file's columns: its contradictions at the places where they are written.

use super::super::columns_resolve::resolve;
use super::super::tree::KeyPath;
use super::super::{Columns, WrittenColumns};
use super::Check;

impl Check<'_> {
    /// Checks a mapping of columns. Where something is reported, the default stands in for it.
    pub fn columns(&mut self, written: &WrittenColumns) -> Columns {
        for (table, sort) in [("arms", "an arm"), ("outcomes", "an outcome"), ("covariates", "a covariate")] {
            self.usable_names(&KeyPath::of(&[table]), sort);
        }
        resolve(written).unwrap_or_else(|problems| {
            for problem in problems {
                let keys: Vec<&str> = problem.path.iter().map(String::as_str).collect();
                self.report(problem.code, &KeyPath::of(&keys), problem.message, |report| {
                    report.suggest(problem.suggestion).help(problem.help)
                });
            }
            Columns::default()
        })
    }
}

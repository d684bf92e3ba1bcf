//! Holding numbers against stored ones: how far each may differ and why, the worst of each quantity, and those that are too far.

use std::collections::BTreeSet;
use std::fmt::Display;

use super::{ReferenceError, Row};

/// How far a number may lie from the stored one.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Tolerance {
    /// The largest difference that holds; 0 for numbers that must be the same.
    pub limit: f64,
    /// What the difference is counted in.
    pub unit: &'static str,
    /// Why it may differ so far.
    pub reason: &'static str,
}

impl Tolerance {
    /// A tolerance relative to the stored number; absolute where that is 0.
    pub const fn relative(limit: f64, reason: &'static str) -> Self {
        Self { limit, unit: "relative", reason }
    }

    /// A tolerance counted in another unit.
    pub const fn in_units(limit: f64, unit: &'static str, reason: &'static str) -> Self {
        Self { limit, unit, reason }
    }
}

/// Counts, words and whatever is arithmetic without rounding.
pub const EXACT: Tolerance =
    Tolerance { limit: 0.0, unit: "exact", reason: "counts, words and bits are the same or they are not" };

/// One number beside the stored one.
#[derive(Debug, Clone, PartialEq)]
pub struct Difference {
    /// The difference, in the unit of its tolerance; infinite where there is no number.
    pub size: f64,
    /// Line of the file, the heading being the first.
    pub line: usize,
    /// Column of the stored number.
    pub column: String,
    /// What the line is about: its words.
    pub about: String,
    /// The number computed here, with all its digits; or why there is none.
    pub ours: String,
    /// The stored number, as it stands in the file.
    pub reference: String,
}

/// All comparisons of one quantity of a file to one tolerance.
#[derive(Debug, Clone, PartialEq)]
pub struct Quantity {
    /// The file.
    pub file: &'static str,
    /// What was compared.
    pub name: String,
    /// How far it may differ.
    pub tolerance: Tolerance,
    /// Numbers compared.
    pub n: usize,
    /// Those that differ by more.
    pub n_failed: usize,
    /// The largest difference.
    pub worst: Option<Difference>,
    /// The first of those that differ by more.
    pub failures: Vec<Difference>,
}

impl Quantity {
    /// Failures that are kept with both their numbers; the others are counted.
    const KEPT: usize = 5;

    /// Whether all its numbers hold.
    pub fn holds(&self) -> bool {
        self.n_failed == 0
    }

    /// The largest difference as a share of the tolerance: above 1 it does not hold. Exact comparisons are 0 or infinite.
    pub fn strain(&self) -> f64 {
        self.worst.as_ref().map_or(0.0, |worst| strain(worst.size, self.tolerance.limit))
    }
}

/// A number with as many digits as give it back; very small and very large ones with an exponent.
fn written(number: f64) -> String {
    let is_plain = number == 0.0 || (1e-5..1e16).contains(&number.abs()) || !number.is_finite();
    if is_plain { number.to_string() } else { format!("{number:e}") }
}

fn strain(size: f64, limit: f64) -> f64 {
    if size == 0.0 { 0.0 } else { size / limit }
}

/// The comparisons of one file.
#[derive(Debug)]
pub struct Comparisons {
    file: &'static str,
    quantities: Vec<Quantity>,
    lines: BTreeSet<usize>,
}

impl Comparisons {
    /// No comparison yet.
    pub fn new(file: &'static str) -> Self {
        Self { file, quantities: Vec::new(), lines: BTreeSet::new() }
    }

    /// Holds a number against a cell, the difference counted relative to the cell, absolute where that is 0.
    ///
    /// # Errors
    /// A cell that is no number.
    pub fn near(&mut self, tolerance: Tolerance, row: Row, quantity: &str, column: &str, ours: f64) -> Read {
        let reference = row.number(column)?;
        let scale = if reference == 0.0 { 1.0 } else { reference.abs() };
        self.near_on(tolerance, row, quantity, column, ours, scale)
    }

    /// The same with the difference counted in units of `scale`.
    ///
    /// # Errors
    /// A cell that is no number.
    pub fn near_on(
        &mut self,
        tolerance: Tolerance,
        row: Row,
        quantity: &str,
        column: &str,
        ours: f64,
        scale: f64,
    ) -> Read {
        let reference = row.number(column)?;
        let difference = (ours - reference).abs() / scale;
        // A number that is none is as far as can be.
        let size = if difference.is_finite() { difference } else { f64::INFINITY };
        self.add(tolerance, row, quantity, column, size, || written(ours))
    }

    /// Holds a number against one that follows from cells of the row, the difference counted in units of `scale`.
    ///
    /// # Errors
    /// No such column.
    pub fn near_derived(&mut self, tolerance: Tolerance, row: Row, names: [&str; 2], ours: f64, derived: f64) -> Read {
        let difference = (ours - derived).abs();
        let size = if difference.is_finite() { difference } else { f64::INFINITY };
        self.add(tolerance, row, names[0], names[1], size, || written(ours))
    }

    /// Holds a number against a cell that must be the same; infinity is a number here.
    ///
    /// # Errors
    /// A cell that is no number.
    pub fn same(&mut self, row: Row, quantity: &str, column: &str, ours: f64) -> Read {
        let size = if row.number(column)? == ours { 0.0 } else { f64::INFINITY };
        self.add(EXACT, row, quantity, column, size, || written(ours))
    }

    /// Holds 64 bits against a cell.
    ///
    /// # Errors
    /// A cell that is no whole number.
    pub fn same_bits(&mut self, row: Row, quantity: &str, column: &str, ours: u64) -> Read {
        let size = if row.word(column)? == ours { 0.0 } else { f64::INFINITY };
        self.add(EXACT, row, quantity, column, size, || format!("{ours:#018x}"))
    }

    /// Holds a word against a cell.
    ///
    /// # Errors
    /// No such column.
    pub fn same_word(&mut self, row: Row, quantity: &str, column: &str, ours: &str) -> Read {
        let size = if row.text(column)? == ours { 0.0 } else { f64::INFINITY };
        self.add(EXACT, row, quantity, column, size, || ours.to_owned())
    }

    /// What a result holds, if anything; where it holds nothing, the number of that column is one that failed.
    ///
    /// # Errors
    /// No such column.
    pub fn given<T, E: Display>(
        &mut self,
        row: Row,
        column: &str,
        result: Result<T, E>,
    ) -> Result<Option<T>, ReferenceError> {
        match result {
            Ok(value) => Ok(Some(value)),
            Err(reason) => {
                self.add(EXACT, row, column, column, f64::INFINITY, || format!("no number: {reason}"))?;
                Ok(None)
            }
        }
    }

    fn add(
        &mut self,
        tolerance: Tolerance,
        row: Row,
        name: &str,
        column: &str,
        size: f64,
        ours: impl FnOnce() -> String,
    ) -> Read {
        let cell = row.text(column)?;
        if row.file() == self.file {
            self.lines.insert(row.line());
        }
        let quantity = self.quantity(tolerance, name);
        quantity.n += 1;
        let failed = size > tolerance.limit;
        quantity.n_failed += usize::from(failed);
        let is_worst = quantity.worst.as_ref().is_none_or(|worst| size > worst.size);
        let is_kept = failed && quantity.failures.len() < Quantity::KEPT;
        if is_worst || is_kept {
            let difference = Difference {
                size,
                line: row.line(),
                column: column.to_owned(),
                about: row.about(),
                ours: ours(),
                reference: cell.to_owned(),
            };
            if is_kept {
                quantity.failures.push(difference.clone());
            }
            if is_worst {
                quantity.worst = Some(difference);
            }
        }
        Ok(())
    }

    fn quantity(&mut self, tolerance: Tolerance, name: &str) -> &mut Quantity {
        let known = self.quantities.iter().position(|own| own.name == name && own.tolerance == tolerance);
        let position = known.unwrap_or_else(|| {
            let (n, n_failed, worst, failures) = (0, 0, None, Vec::new());
            self.quantities.push(Quantity {
                file: self.file,
                name: name.to_owned(),
                tolerance,
                n,
                n_failed,
                worst,
                failures,
            });
            self.quantities.len() - 1
        });
        &mut self.quantities[position]
    }

    /// Lines of the file of which at least one number was compared.
    pub fn lines(&self) -> usize {
        self.lines.len()
    }

    /// What was compared.
    pub fn into_quantities(self) -> Vec<Quantity> {
        self.quantities
    }
}

/// A comparison was made, or a cell could not be read.
pub type Read = Result<(), ReferenceError>;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::snapshot::verify::Table;

    const CLOSE: Tolerance = Tolerance::relative(1e-6, "for a test");

    #[test]
    fn the_worst_difference_is_kept_with_both_numbers_and_its_line() {
        let table = Table::read("f.csv", "arm,x\na,2\nb,4\nc,8\n", 3).unwrap();
        let mut comparisons = Comparisons::new("f.csv");
        for (row, ours) in table.rows().zip([2.0, 4.00001, f64::NAN]) {
            comparisons.near(CLOSE, row, "estimate", "x", ours).unwrap();
        }
        assert_eq!(comparisons.lines(), 3);
        let quantities = comparisons.into_quantities();
        let quantity = &quantities[0];
        assert_eq!((quantities.len(), quantity.n, quantity.n_failed), (1, 3, 2));
        assert_eq!(quantity.strain(), f64::INFINITY);
        let first = &quantity.failures[0];
        assert_eq!((first.line, first.about.as_str(), first.ours.as_str()), (3, "b", "4.00001"));
        assert!((first.size - 2.5e-6).abs() < 1e-12);
        assert_eq!(quantity.worst.as_ref().unwrap().reference, "8");
    }

    #[test]
    fn what_must_be_the_same_is_or_is_not() {
        let table = Table::read("f.csv", "n,df,w,b\n3,Inf,yes,0x0f\n", 1).unwrap();
        let row = table.rows().next().unwrap();
        let mut comparisons = Comparisons::new("f.csv");
        comparisons.same(row, "n", "n", 3.0).unwrap();
        comparisons.same(row, "df", "df", f64::INFINITY).unwrap();
        comparisons.same_word(row, "word", "w", "yes").unwrap();
        comparisons.same_bits(row, "bits", "b", 15).unwrap();
        assert!(comparisons.quantities.iter().all(|own| own.holds() && own.strain() == 0.0));
        comparisons.same_bits(row, "bits", "b", 14).unwrap();
        assert_eq!(comparisons.given(row, "n", Err::<f64, _>("empty arm")), Ok(None));
        let failed: Vec<&str> =
            comparisons.quantities.iter().filter(|own| !own.holds()).map(|own| own.name.as_str()).collect();
        assert_eq!(failed, ["n", "bits"]);
    }
}

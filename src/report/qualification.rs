//! What `linger verify` says to a reader: the verdict in words, what it means and what it does not, and the page to print and sign.

mod page;

use crate::plots;
use crate::snapshot::verify::{
    CheckResult, Difference, Installation, MethodResult, Quantity, ReferenceError, References, Tolerance,
};

/// Recomputed reference numbers with what they were recomputed by.
#[derive(Debug)]
pub struct Qualification<'a> {
    /// The program and its machine.
    pub installation: &'a Installation,
    /// The date and time in UTC as ISO 8601 has them, e.g. `2025-06-15T15:06:40Z`.
    pub date: String,
    /// Where the stored numbers were.
    pub references: &'a References,
    /// What came of every method asked for.
    pub results: &'a [MethodResult],
    /// Methods there are.
    pub n_methods: usize,
}

/// What the report means, for readers.
pub const MEANS: &str = "The program identified above, on this machine, computes the numbers that the other programs named here computed \
     from the same data, each within the tolerance stated. This is an installation qualification: evidence that what is installed \
     works as it did where it was made.";

/// What it does not mean.
pub const DOES_NOT_MEAN: &str = "It does not say that a model, a plan or a scenario of yours is right, that data were entered rightly, \
     or that numbers no other program has computed are right. Qualifying operation and performance for your own use remains with you.";

impl Qualification<'_> {
    /// Whether everything holds.
    pub fn holds(&self) -> bool {
        self.results.iter().all(MethodResult::holds)
    }

    /// Numbers compared.
    pub fn n(&self) -> usize {
        self.results.iter().map(MethodResult::n).sum()
    }

    /// Numbers that differ by more than their tolerance.
    pub fn n_failed(&self) -> usize {
        self.results.iter().map(n_failed).sum()
    }

    /// The quantities that do not hold, with the method's name.
    pub fn failures(&self) -> impl Iterator<Item = &Quantity> {
        self.results.iter().flat_map(MethodResult::quantities).filter(|quantity| !quantity.holds())
    }

    /// What could not be read or compared.
    pub fn problems(&self) -> impl Iterator<Item = &ReferenceError> {
        self.results.iter().flat_map(|result| &result.checks).filter_map(|check| check.problem.as_ref())
    }

    /// The verdict in a sentence.
    pub fn sentence(&self) -> String {
        let (n, n_failed, n_problems) = (thousands(self.n()), self.n_failed(), self.problems().count());
        let among = match self.results {
            [only] => format!("of {}", only.method.title.to_lowercase_first()),
            all if all.len() == self.n_methods => format!("of all {} methods", all.len()),
            some => format!("of {} of {} methods", some.len(), self.n_methods),
        };
        if self.holds() {
            return format!("All {n} comparisons {among} are within their tolerance.");
        }
        let mut parts = Vec::new();
        if n_failed > 0 {
            let verb = if n_failed == 1 { "is" } else { "are" };
            parts.push(format!("{} of {n} comparisons {among} {verb} beyond tolerance", thousands(n_failed)));
        }
        if n_problems > 0 {
            let files = if n_problems == 1 { "1 file".to_owned() } else { format!("{n_problems} files") };
            parts.push(format!("{files} of reference numbers could not be compared"));
        }
        format!("{}.", parts.join("; "))
    }

    /// Where the stored numbers were, in words.
    pub fn source_of_references(&self) -> String {
        match self.references.folder() {
            None => "compiled into the program".to_owned(),
            Some(folder) => format!("read from {}", folder.display()),
        }
    }

    /// The date and time as people write them.
    pub fn date_in_words(&self) -> String {
        let (day, time) = self.date.split_once('T').unwrap_or((&self.date, ""));
        format!("{day} {} UTC", time.get(..5).unwrap_or(time))
    }
}

/// Numbers of a method that differ by more than their tolerance.
pub fn n_failed(result: &MethodResult) -> usize {
    result.quantities().map(|quantity| quantity.n_failed).sum()
}

/// The verdict on a method: `holds`, or how much does not.
pub fn verdict(result: &MethodResult) -> String {
    match (result.holds(), n_failed(result)) {
        (true, _) => "holds".to_owned(),
        (false, 0) => "not compared".to_owned(),
        (false, n) => format!("{} fail", thousands(n)),
    }
}

/// Programs and versions without the functions in brackets.
pub fn programs(source: &str) -> String {
    let mut depth = 0;
    let outside = source.chars().filter(|letter| {
        depth += i32::from(*letter == '(');
        let keep = depth == 0;
        depth -= i32::from(*letter == ')');
        keep
    });
    outside.collect::<String>().replace(" ,", ",").trim().to_owned()
}

/// A difference with two digits.
pub fn size(size: f64) -> String {
    match size {
        0.0 => "0".to_owned(),
        size if size.is_infinite() => "-".to_owned(),
        size if (0.01..1000.0).contains(&size) => format!("{size:.2}"),
        size => format!("{size:.1e}"),
    }
}

/// A tolerance's number: `1e-10`, `3`, `exact`.
pub fn limit(tolerance: &Tolerance) -> String {
    match tolerance.limit {
        0.0 => "exact".to_owned(),
        // The one that is no power of ten: the precision of a double.
        limit if limit == f64::EPSILON => "2.2e-16".to_owned(),
        limit if limit >= 0.01 => limit.to_string(),
        limit => format!("{limit:e}"),
    }
}

/// A tolerance with its unit.
pub fn tolerance(tolerance: &Tolerance) -> String {
    match tolerance.limit {
        0.0 => "exact".to_owned(),
        _ => format!("{} {}", limit(tolerance), tolerance.unit),
    }
}

/// Both numbers of a difference.
pub fn both_numbers(difference: &Difference) -> String {
    format!("here {}, reference {}", difference.ours, difference.reference)
}

/// Where the stored number of a difference is.
pub fn place(quantity: &Quantity, difference: &Difference) -> String {
    format!("{}:{}", quantity.file, difference.line)
}

/// A difference that is too large, in one line: where, what, both numbers, how far.
pub fn failure(quantity: &Quantity, difference: &Difference) -> String {
    let about = if difference.about.is_empty() { String::new() } else { format!(" of {}", difference.about) };
    let far = match (difference.size.is_finite(), quantity.tolerance.limit) {
        (true, limit) if limit > 0.0 => {
            format!(": {} where {} is tolerated", size(difference.size), tolerance(&quantity.tolerance))
        }
        _ => String::new(),
    };
    format!(
        "{}: {} (column {}){about}: {}{far}",
        place(quantity, difference),
        quantity.name,
        difference.column,
        both_numbers(difference)
    )
}

/// All that does not hold in a file, in lines.
pub fn failures_of(check: &CheckResult) -> Vec<String> {
    let mut lines: Vec<String> = check.problem.iter().map(ToString::to_string).collect();
    for quantity in &check.quantities {
        lines.extend(quantity.failures.iter().map(|difference| failure(quantity, difference)));
        let more = quantity.n_failed - quantity.failures.len();
        if more > 0 {
            lines.push(format!("{}: {} and {} more", quantity.file, quantity.name, thousands(more)));
        }
    }
    lines
}

/// A count with a comma between thousands.
pub fn thousands(n: usize) -> String {
    plots::thousands(n as u64)
}

/// A title inside a sentence.
trait InSentence {
    fn to_lowercase_first(&self) -> String;
}

impl InSentence for str {
    /// With a small first letter, unless the first word is a name or a sign.
    fn to_lowercase_first(&self) -> String {
        let first = self.split(' ').next().unwrap_or_default();
        let is_name = first.contains('\'') || first.chars().skip(1).any(char::is_uppercase);
        let mut letters = self.chars();
        match letters.next() {
            Some(letter) if !is_name => format!("{}{}", letter.to_lowercase(), letters.as_str()),
            _ => self.to_owned(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_said_briefly() {
        assert_eq!([0.0, 4.23e-13, 0.014, 2.519, f64::INFINITY].map(size), ["0", "4.2e-13", "0.01", "2.52", "-"]);
        assert_eq!([1, 999, 1000, 1_234_567].map(thousands), ["1", "999", "1,000", "1,234,567"]);
        assert_eq!(programs("R 4.2.2 (lm), emmeans 1.8.4.1"), "R 4.2.2, emmeans 1.8.4.1");
        assert_eq!(limit(&Tolerance::relative(3e-8, "")), "3e-8");
        assert_eq!(limit(&Tolerance::relative(3.0, "")), "3");
    }

    #[test]
    fn titles_begin_small_inside_a_sentence_unless_they_are_names() {
        assert_eq!("Random streams".to_lowercase_first(), "random streams");
        assert_eq!("Wilcoxon's rank sum test".to_lowercase_first(), "Wilcoxon's rank sum test");
    }
}

//! What can be wrong with a data file: the one table of codes, a problem with its place, and all problems together.

use std::fmt;
use std::path::{Path, PathBuf};

use crate::scenario::{Place, Problem, Problems};

/// The kinds of problem. Codes never change their meaning; new ones are added.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum IntakeCode {
    /// The file cannot be opened.
    NotReadable,
    /// The file is empty.
    Empty,
    /// There are headings, but no rows.
    NoRows,
    /// The first line holds data, not headings.
    NoHeader,
    /// The text is not UTF-8.
    NotUtf8,
    /// The file is of a kind that is not read.
    OtherFormat,
    /// The table is damaged or of a kind that polars cannot read.
    Damaged,
    /// A row has more or fewer cells than the header.
    Ragged,
    /// A quotation mark is not closed, or stands where it does not enclose a whole cell.
    OpenQuote,
    /// Two columns have the same heading.
    HeadingTwice,
    /// A column is missing.
    ColumnMissing,
    /// The separator of the cells is another one.
    Separator,
    /// The table is larger than what is read.
    TooLarge,
    /// A row names no participant.
    NoParticipant,
    /// The arm is unknown or missing.
    UnknownArm,
    /// A participant is in two arms.
    TwoArms,
    /// The arms found in the file cannot be those of a trial.
    ArmsFound,
    /// The visit is unknown, missing or not a week.
    UnknownVisit,
    /// No visit is the baseline.
    NoBaselineVisit,
    /// There are more visits than can be kept.
    TooManyVisits,
    /// The outcome is unknown or missing.
    UnknownOutcome,
    /// The outcomes found in the file cannot be those of a trial.
    OutcomesFound,
    /// A cell is not a number.
    NotANumber,
    /// A number has a decimal comma.
    DecimalComma,
    /// A value is out of range.
    OutOfRange,
    /// A participant's visit stands in the file twice.
    Duplicate,
    /// A participant has no baseline value.
    NoBaseline,
    /// A participant has two different baseline values.
    TwoBaselines,
    /// A covariate changes within a participant.
    CovariateChanges,
    /// A level of a factor is unknown.
    UnknownLevel,
}

impl IntakeCode {
    /// Every kind with its code and what it means.
    pub const TABLE: [(Self, &'static str, &'static str); 30] = [
        (Self::NotReadable, "L101", "the file cannot be opened"),
        (Self::Empty, "L102", "the file is empty"),
        (Self::NoRows, "L103", "there are headings, but no rows"),
        (Self::NoHeader, "L104", "the first line holds data, not headings"),
        (Self::NotUtf8, "L105", "the text is not UTF-8"),
        (Self::OtherFormat, "L106", "the file is neither CSV nor Parquet"),
        (Self::Damaged, "L107", "the table cannot be read"),
        (Self::Ragged, "L108", "a row has more or fewer cells than the header"),
        (Self::OpenQuote, "L109", "a quotation mark is not closed or misplaced"),
        (Self::HeadingTwice, "L110", "two columns have the same heading"),
        (Self::ColumnMissing, "L111", "a column is missing"),
        (Self::Separator, "L112", "the cells are separated by another character"),
        (Self::TooLarge, "L113", "the table is larger than what is read"),
        (Self::NoParticipant, "L120", "a row names no participant"),
        (Self::UnknownArm, "L121", "the arm is unknown or missing"),
        (Self::TwoArms, "L122", "a participant is in two arms"),
        (Self::ArmsFound, "L123", "the arms found cannot be those of a trial"),
        (Self::UnknownVisit, "L130", "the visit is unknown, missing or not a week"),
        (Self::NoBaselineVisit, "L131", "no visit is the baseline"),
        (Self::TooManyVisits, "L132", "there are more visits than can be kept"),
        (Self::UnknownOutcome, "L140", "the outcome is unknown or missing"),
        (Self::OutcomesFound, "L141", "the outcomes found cannot be those of a trial"),
        (Self::NotANumber, "L150", "a cell is not a number"),
        (Self::DecimalComma, "L151", "a number has a decimal comma"),
        (Self::OutOfRange, "L152", "a value is out of range"),
        (Self::Duplicate, "L160", "a participant's visit stands in the file twice"),
        (Self::NoBaseline, "L161", "a participant has no baseline value"),
        (Self::TwoBaselines, "L162", "a participant has two different baseline values"),
        (Self::CovariateChanges, "L170", "a covariate changes within a participant"),
        (Self::UnknownLevel, "L171", "a level of a factor is unknown"),
    ];

    /// The stable code, e.g. `L152`.
    pub fn code(self) -> &'static str {
        self.entry().1
    }

    /// What the code means, in a few words.
    pub fn meaning(self) -> &'static str {
        self.entry().2
    }

    fn entry(self) -> (Self, &'static str, &'static str) {
        // The table lists the kinds in the order in which they are declared; a test walks through it.
        Self::TABLE[self as usize]
    }
}

/// Something wrong with a data file that its owner can put right.
#[derive(Debug, Clone, PartialEq)]
pub struct IntakeProblem {
    /// The kind.
    pub kind: IntakeCode,
    /// Line of a CSV file (the header is line 1) or row of a Parquet file (the first is row 1).
    pub row: Option<usize>,
    /// Heading of the column.
    pub column: Option<String>,
    /// What is wrong, in one sentence without a full stop.
    pub message: String,
    /// The word that was probably meant.
    pub suggestion: Option<String>,
    /// What to do.
    pub help: Option<String>,
}

impl IntakeProblem {
    /// A problem without a place yet.
    pub(super) fn new(kind: IntakeCode, message: impl Into<String>) -> Self {
        let message = brief(&message.into());
        Self { kind, row: None, column: None, message, suggestion: None, help: None }
    }

    /// The same in a row.
    pub(super) fn row(mut self, row: usize) -> Self {
        self.row = Some(row);
        self
    }

    /// The same in a column.
    pub(super) fn column(mut self, heading: impl Into<String>) -> Self {
        self.column = Some(brief(&heading.into()));
        self
    }

    /// The same with the word that was probably meant, if there is one.
    pub(super) fn suggest(mut self, word: Option<&str>) -> Self {
        self.suggestion = word.map(brief);
        self
    }

    /// The same with what to do.
    pub(super) fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(brief(&help.into()));
        self
    }

    /// The stable code, e.g. `L152`.
    pub fn code(&self) -> &'static str {
        self.kind.code()
    }

    /// The place in words, e.g. ``line 5, column `rdq` ``; empty if the file as a whole is meant.
    fn place(&self, rows_are: Counting) -> String {
        let row = self.row.map(|row| format!("{} {row}", rows_are.word()));
        let column = self.column.as_ref().map(|column| format!("column `{column}`"));
        [row, column].into_iter().flatten().collect::<Vec<_>>().join(", ")
    }
}

/// Longest stretch without a blank that a message repeats of a file, in characters.
const LONGEST: usize = 100;

/// A message with words of the file in it that are not longer than anybody reads.
pub(super) fn brief(message: &str) -> String {
    if message.len() <= LONGEST {
        return message.to_owned();
    }
    let word = |word: &str| {
        let length = word.chars().count();
        if length <= LONGEST {
            return word.to_owned();
        }
        let [start, end]: [String; 2] =
            [word.chars().take(LONGEST / 2).collect(), word.chars().skip(length - LONGEST / 10).collect()];
        format!("{start}…{end}")
    };
    message.split(' ').map(word).collect::<Vec<_>>().join(" ")
}

/// How rows of a file are counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Counting {
    /// By the lines of a text file; the header is line 1.
    Lines,
    /// By the rows of a table without lines; the first is row 1.
    Rows,
}

impl Counting {
    /// What one of them is called.
    pub fn word(self) -> &'static str {
        match self {
            Self::Lines => "line",
            Self::Rows => "row",
        }
    }
}

/// Everything wrong with a data file: nothing of it was taken in.
#[derive(Debug, Clone, PartialEq)]
pub struct IntakeProblems {
    /// The file.
    pub path: PathBuf,
    /// How its rows are counted.
    pub counting: Counting,
    /// The problems, from the top of the file to its end; those of the file as a whole come first. At most 10,000 are kept.
    pub problems: Vec<IntakeProblem>,
    /// How many more there are.
    pub more: usize,
}

/// Number of problems that are shown; the rest is counted.
const SHOWN: usize = 50;
/// Number of problems that are kept: more take more memory than the file.
pub(super) const KEPT: usize = 10_000;

impl IntakeProblems {
    pub(super) fn new(path: &Path, counting: Counting, mut problems: Vec<IntakeProblem>, more: usize) -> Self {
        problems.sort_by_key(|problem| problem.row);
        Self { path: path.to_owned(), counting, problems, more }
    }

    /// The problems that are shown, and how many more there are.
    pub fn shown(&self) -> (&[IntakeProblem], usize) {
        let shown = self.problems.len().min(SHOWN);
        (&self.problems[..shown], self.problems.len() - shown + self.more)
    }

    /// The same as problems of any text of ours, so that they can be drawn or written as JSON with others.
    pub fn to_problems(&self) -> Problems {
        let file = self.path.display().to_string();
        let mut problems = Problems::new();
        for found in &self.problems {
            let (place, message) = match (found.row, &found.column) {
                (Some(row), Some(column)) => {
                    (Place::Cell { file: file.clone(), row, column: column.clone() }, found.message.clone())
                }
                _ => {
                    let place = found.place(self.counting);
                    let colon = if place.is_empty() { "" } else { ": " };
                    (Place::File { file: file.clone() }, format!("{place}{colon}{}", found.message))
                }
            };
            let problem = Problem::new(found.code(), message).at(place).suggest(found.suggestion.clone());
            problems.push(match &found.help {
                Some(help) => problem.help(help.as_str()),
                None => problem,
            });
        }
        problems
    }
}

impl fmt::Display for IntakeProblems {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let file = self.path.display();
        let (shown, more) = self.shown();
        for problem in shown {
            let place = problem.place(self.counting);
            let colon = if place.is_empty() { "" } else { ": " };
            write!(formatter, "{file}: {place}{colon}error[{}]: {}", problem.code(), problem.message)?;
            if let Some(word) = &problem.suggestion {
                write!(formatter, ": did you mean `{word}`?")?;
            }
            writeln!(formatter)?;
            if let Some(help) = &problem.help {
                writeln!(formatter, "  help: {help}")?;
            }
        }
        if more > 0 {
            writeln!(formatter, "and {more} more")?;
        }
        let number = self.problems.len() + self.more;
        let errors = if number == 1 { "1 error".to_owned() } else { format!("{number} errors") };
        write!(formatter, "{errors} · nothing was read")
    }
}

impl std::error::Error for IntakeProblems {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_code_stands_in_the_table_once_and_in_order() {
        for (position, (kind, code, meaning)) in IntakeCode::TABLE.iter().enumerate() {
            assert_eq!(*kind as usize, position);
            assert_eq!((kind.code(), kind.meaning()), (*code, *meaning));
        }
        assert!(IntakeCode::TABLE.windows(2).all(|pair| pair[0].1 < pair[1].1));
    }
}

//! Where the stored numbers are: compiled in, or in a folder that is read in their place; and what can be wrong with them.

use std::fs;
use std::path::{Path, PathBuf};

use super::Table;

/// A file of `tests/reference`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stored {
    /// Its name from `tests/reference`, with `/`.
    pub name: &'static str,
    /// Its lines of numbers, the heading not counted.
    pub lines: usize,
    /// Its text, as it was when the program was compiled.
    pub text: &'static str,
}

/// A file of `tests/reference` with the number of its lines, compiled in.
macro_rules! stored {
    ($name:literal, $lines:literal) => {
        $crate::snapshot::verify::Stored {
            name: $name,
            lines: $lines,
            text: include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/reference/", $name)),
        }
    };
}
pub(super) use stored;

/// Why a stored number could not be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ReferenceError {
    /// A file of the table is not there, or cannot be read.
    #[error("{}: cannot be read: {why}", path.display())]
    NotRead {
        /// The file.
        path: PathBuf,
        /// What the system says.
        why: String,
    },
    /// The file ends early.
    #[error(
        "{file}: {found} lines of numbers where {expected} are expected: the file is truncated or not the right one"
    )]
    Lines {
        /// The file.
        file: String,
        /// Lines there are.
        found: usize,
        /// Lines there should be.
        expected: usize,
    },
    /// The last line does not end.
    #[error("{file}:{line}: the last line does not end: the file is truncated")]
    NoEnd {
        /// The file.
        file: String,
        /// The line, the heading being the first.
        line: usize,
    },
    /// A line has more or fewer cells than the heading.
    #[error("{file}:{line}: {found} cells where the heading has {expected}")]
    Cells {
        /// The file.
        file: String,
        /// The line.
        line: usize,
        /// Cells there are.
        found: usize,
        /// Cells there should be.
        expected: usize,
    },
    /// A column is not there.
    #[error("{file}:1: there is no column `{column}`")]
    NoColumn {
        /// The file.
        file: String,
        /// The column.
        column: String,
    },
    /// A cell is not what its column holds.
    #[error("{file}:{line}: {column} is `{cell}`, {expected}")]
    Cell {
        /// The file.
        file: String,
        /// The line.
        line: usize,
        /// The column.
        column: String,
        /// What stands there.
        cell: String,
        /// What is wrong with it.
        expected: String,
    },
    /// Not every line took part.
    #[error("{file}: {compared} lines were compared where {expected} are expected")]
    NotCompared {
        /// The file.
        file: &'static str,
        /// Lines of which a number was compared.
        compared: usize,
        /// Lines there are to compare.
        expected: usize,
    },
}

/// The stored numbers.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct References {
    folder: Option<PathBuf>,
}

impl References {
    /// Those that are compiled in.
    pub fn compiled_in() -> Self {
        Self::default()
    }

    /// Those of a folder laid out like `tests/reference`.
    pub fn of_folder(folder: &Path) -> Self {
        Self { folder: Some(folder.to_owned()) }
    }

    /// The folder that is read, if not the compiled-in copy.
    pub fn folder(&self) -> Option<&Path> {
        self.folder.as_deref()
    }

    /// A file as text.
    ///
    /// # Errors
    /// A file that is not there, or is not text.
    pub fn text(&self, stored: &Stored) -> Result<String, ReferenceError> {
        let Some(folder) = &self.folder else { return Ok(stored.text.to_owned()) };
        let path = folder.join(stored.name);
        fs::read_to_string(&path).map_err(|error| ReferenceError::NotRead { path, why: error.to_string() })
    }

    /// A file as a table.
    ///
    /// # Errors
    /// A file that is not there, or has not the lines and cells it should have.
    pub fn table(&self, stored: &Stored) -> Result<Table, ReferenceError> {
        Table::read(stored.name, &self.text(stored)?, stored.lines)
    }
}

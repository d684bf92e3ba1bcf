//! `--grid path=a,b,c`: settings varied over several values, and the scenario of every cell, valid before anything runs.

mod cells;
mod range;
mod values;

pub use cells::{Cell, GridSetting, MOST_CELLS, Pairing, cells};

use super::overrides::{Segment, path_segments};
use super::tree::toml_key;
use super::{Override, Problem, Problems, codes};

/// One `--grid path=a,b,c` as the user typed it, with at least one value.
///
/// The path is that of a `--set`, and so is every value: TOML, or a bare word. Values are separated by commas outside quotes and
/// brackets. `4..24:4` stands for 4, 8, … up to 24: from the first number to at most the last, in steps.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Grid {
    path: String,
    shown: Vec<String>,
    overrides: Vec<Override>,
}

impl Grid {
    /// From the argument, e.g. `arms.relaxation.sessions=5,10,20`. Whether the path exists and takes such values is found when the
    /// cells are read.
    ///
    /// # Errors
    /// All problems of its form: no path, no values, a value twice, a range that leads nowhere.
    pub fn new(argument: impl Into<String>) -> Result<Self, Problems> {
        let whole = Override::of_grid(argument);
        let (segments, equals) = path_segments(&whole).map_err(|problem| *problem)?;
        let mut problems = Problems::new();
        let values = values::values(&whole, equals + 1, &mut problems);
        let path = typed_path(&segments);
        let mut grid = Self { path, shown: Vec::new(), overrides: Vec::new() };
        for value in values {
            let shown = values::without_quotes(&value.written).to_owned();
            if grid.shown.contains(&shown) {
                problems.push(whole.problem(codes::BAD_GRID, format!("the value {shown} is listed twice"), value.span));
                continue;
            }
            grid.shown.push(shown);
            grid.overrides.push(whole.with_value(value));
        }
        problems.or(grid)
    }

    /// The path of the setting, e.g. `arms.relaxation.sessions`.
    pub fn path(&self) -> &str {
        &self.path
    }

    /// The values as typed, without quotes around text.
    pub fn values(&self) -> &[String] {
        &self.shown
    }

    /// A problem of the argument as a whole.
    fn problem(&self, message: String) -> Option<Problem> {
        let first = self.overrides.first()?;
        Some(first.problem(codes::BAD_GRID, message, 0..first.text().len()))
    }
}

/// A path as it is typed, names in quotes only where they need them.
fn typed_path(segments: &[Segment]) -> String {
    let name = |segment: &Segment| if segment.name == "*" { "*".to_owned() } else { toml_key(&segment.name) };
    segments.iter().map(name).collect::<Vec<_>>().join(".")
}

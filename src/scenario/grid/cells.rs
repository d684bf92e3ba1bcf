//! The cells of a sweep: every combination of the grids' values with its scenario, or all problems of all cells.

use super::{Grid, typed_path};
use crate::scenario::overrides::path_segments;
use crate::scenario::{Loaded, Override, Place, Problem, Problems, Source, codes, read};

/// Cells that one sweep may have.
pub const MOST_CELLS: usize = 2_000;

/// How several grids go together.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Pairing {
    /// Every value of one with every value of the others; the last grid varies fastest.
    Crossed,
    /// The first values together, then the second ones, and so on.
    Zipped,
}

/// One setting of a cell.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GridSetting {
    /// Its path, e.g. `arms.relaxation.sessions`.
    pub path: String,
    /// Its value as typed, without quotes around text.
    pub value: String,
}

/// One cell of a sweep.
#[derive(Debug, Clone, PartialEq)]
pub struct Cell {
    /// Its number, counted from 1.
    pub number: usize,
    /// What the grids set in it, in their order.
    pub settings: Vec<GridSetting>,
    /// Its scenario.
    pub loaded: Loaded,
}

/// The scenarios of all cells: the source with the overrides and then the grids' values laid over it. All keep the scenario's
/// seed, so that they share their random numbers, unless a grid varies it.
///
/// # Errors
/// That the grids do not go together, or all problems of all cells, each once, with the cells that have it.
pub fn cells(source: &Source, overrides: &[Override], grids: &[Grid], pairing: Pairing) -> Result<Vec<Cell>, Problems> {
    varied_once(overrides, grids)?;
    let combinations = combinations(grids, pairing)?;
    let n_cells = combinations.len();
    let mut found = Found::default();
    let mut cells = Vec::with_capacity(n_cells);
    for (position, combination) in combinations.iter().enumerate() {
        let varied = grids.iter().zip(combination).map(|(grid, &value)| grid.overrides[value].clone());
        let overrides: Vec<Override> = overrides.iter().cloned().chain(varied).collect();
        let number = position + 1;
        let settings = settings(grids, combination);
        match read(source.clone(), &overrides) {
            Ok(loaded) => cells.push(Cell { number, settings, loaded }),
            Err(problems) => found.take(number, &settings, &problems),
        }
    }
    found.problems(n_cells, grids.len()).or(cells)
}

/// Refuses a path that two grids vary, or a grid and an override set: one of them would do nothing.
fn varied_once(overrides: &[Override], grids: &[Grid]) -> Result<(), Problems> {
    let mut problems = Problems::new();
    for (position, grid) in grids.iter().enumerate() {
        let again = grids[..position].iter().any(|other| other.path == grid.path);
        let set = overrides.iter().find(|set| path(set).as_ref() == Some(&grid.path));
        let message = match set {
            _ if again => Some(format!("{} is varied by two grids", grid.path)),
            Some(set) => Some(format!("{} is varied here and set by {}", grid.path, set.text())),
            None => None,
        };
        message.and_then(|message| grid.problem(message)).into_iter().for_each(|problem| problems.push(problem));
    }
    problems.or(())
}

/// The path an override sets, as a grid has it.
fn path(set: &Override) -> Option<String> {
    let (segments, _) = path_segments(set).ok()?;
    Some(typed_path(&segments))
}

fn settings(grids: &[Grid], combination: &[usize]) -> Vec<GridSetting> {
    let setting =
        |(grid, &value): (&Grid, &usize)| GridSetting { path: grid.path.clone(), value: grid.shown[value].clone() };
    grids.iter().zip(combination).map(setting).collect()
}

/// For every cell the position of each grid's value.
fn combinations(grids: &[Grid], pairing: Pairing) -> Result<Vec<Vec<usize>>, Problems> {
    let lengths: Vec<usize> = grids.iter().map(|grid| grid.shown.len()).collect();
    match pairing {
        Pairing::Crossed => {
            let n = lengths.iter().try_fold(1_usize, |n, &length| n.checked_mul(length).filter(|&n| n <= MOST_CELLS));
            let n = n.ok_or_else(|| {
                let many: Vec<String> = lengths.iter().map(ToString::to_string).collect();
                let message = format!("{} cells: a sweep has at most {MOST_CELLS}", many.join(" x "));
                Problem::new(codes::BAD_GRID, message).help("leave out values, or sweep one part after the other")
            })?;
            Ok((0..n).map(|position| digits(position, &lengths)).collect())
        }
        Pairing::Zipped => {
            let n = lengths.first().copied().unwrap_or(0);
            if lengths.iter().any(|&length| length != n) {
                let many: Vec<String> =
                    grids.iter().map(|grid| format!("{}: {}", grid.path, grid.shown.len())).collect();
                let message = "grids that are gone through side by side must have as many values each";
                return Err(Problem::new(codes::BAD_GRID, message)
                    .help(format!("values of {}", many.join(", ")))
                    .into());
            }
            Ok((0..n).map(|position| vec![position; lengths.len()]).collect())
        }
    }
}

/// A position in mixed radix, the last digit running fastest.
fn digits(mut position: usize, lengths: &[usize]) -> Vec<usize> {
    let mut digits = vec![0; lengths.len()];
    for (digit, &length) in digits.iter_mut().zip(lengths).rev() {
        *digit = position % length;
        position /= length;
    }
    digits
}

/// Problems of cells, each once, with the cells that have it.
#[derive(Default)]
struct Found {
    list: Vec<(Problem, Vec<usize>, String)>,
}

impl Found {
    fn take(&mut self, number: usize, settings: &[GridSetting], problems: &Problems) {
        for problem in problems {
            match self.list.iter_mut().find(|(known, ..)| known == problem) {
                Some((_, numbers, _)) => numbers.push(number),
                None => {
                    let said: Vec<String> = settings.iter().map(|own| format!("{}={}", own.path, own.value)).collect();
                    self.list.push((problem.clone(), vec![number], said.join(", ")));
                }
            }
        }
    }

    /// All of them in the order of reading. Which cells it concerns is said where that does not show: not for what is wrong in
    /// all of them, nor for a value of the only grid.
    fn problems(self, n_cells: usize, n_grids: usize) -> Problems {
        let mut problems = Problems::new();
        for (mut problem, numbers, first) in self.list {
            let is_value = matches!(&problem.place, Some(Place::Text { source, .. }) if source.name() == "--grid");
            if numbers.len() < n_cells && !(is_value && n_grids == 1) {
                let more = match numbers.len() - 1 {
                    0 => String::new(),
                    1 => " and one more cell".to_owned(),
                    n => format!(" and {n} more cells"),
                };
                let cells = format!("in cell {} ({first}){more}", numbers[0]);
                problem.help = Some(problem.help.map_or_else(|| cells.clone(), |help| format!("{help}\n{cells}")));
            }
            problems.push(problem);
        }
        problems.sorted()
    }
}

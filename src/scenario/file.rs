//! The front door: a scenario or a plan from a file, from a text or from those compiled in, with every `--set` laid over it.

use std::fs::File;
use std::io::{Error, ErrorKind, Read};
use std::path::Path;

use super::check::{Check, PlanNames};
use super::resolve::resolve;
use super::settings::{Setting, settings};
use super::{
    Adjustable, Columns, Override, Place, Plan, Problem, Problems, Scenario, Source, Targets, Tree, WrittenColumns,
    WrittenPlan, WrittenScenario, WrittenTargets, codes, document, hash,
};
#[cfg(feature = "program")]
use super::{Tests, WrittenTests};
use crate::trial::{Covariate, CovariateValues, Layout};

/// A scenario that was read, and what was said to get it.
#[derive(Debug, Clone, PartialEq)]
pub struct Loaded {
    /// The scenario.
    pub scenario: Scenario,
    /// Every setting, defaults included, with its origin.
    pub settings: Vec<Setting>,
    /// What a user should know though nothing is wrong: which paths a `*` in a `--set` has changed.
    pub notes: Vec<String>,
}

/// A scenario that is compiled into the program.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BuiltIn {
    /// Its name, e.g. `no-effect`.
    pub name: &'static str,
    /// Its text.
    pub text: &'static str,
}

macro_rules! built_in {
    ($($name:literal),*) => {
        &[$(BuiltIn { name: $name, text: include_str!(concat!("../../scenarios/", $name, ".toml")) }),*]
    };
}

/// The scenarios of the folder `scenarios`; the first is the one used where no other is named.
pub fn built_in_list() -> &'static [BuiltIn] {
    built_in![
        "chronic-low-back-pain",
        "plain",
        "no-effect",
        "no-fade",
        "boosters-monthly",
        "maintenance",
        "only-regression-to-the-mean",
        "four-arms",
        "share-of-severity",
        "outside-sessions",
        "therapists",
        "stratified-allocation",
        "differential-dropout",
        "mnar-dropout",
        "self-care-arm",
        "neck-pain",
        "small-pilot",
        "interim-looks",
        "reference-job"
    ]
}

/// The text of a scenario that is compiled in, under the name of its file.
pub fn built_in(name: &str) -> Option<Source> {
    built_in_list().iter().find(|scenario| scenario.name == name).map(BuiltIn::source)
}

impl BuiltIn {
    /// Its text under the name of its file.
    pub fn source(&self) -> Source {
        Source::new(format!("{}.toml", self.name), self.text)
    }
}

/// Reads a scenario from a file.
///
/// # Errors
/// All problems of the file and the overrides, or that the file cannot be read.
pub fn load(path: &Path, overrides: &[Override]) -> Result<Loaded, Problems> {
    read(source(path)?, overrides)
}

/// Largest size of a text of ours, a hundred times that of any: what a path names can be without end, or a file of data.
const MOST_BYTES: u64 = 10_000_000;

/// Reads the text of a file of at most 10 MB.
///
/// # Errors
/// That the file does not exist, may not be read, is no text or too large.
pub fn source(path: &Path) -> Result<Source, Problems> {
    let file = path.display().to_string();
    match bytes_of(path).and_then(|bytes| String::from_utf8(bytes).map_err(Error::other)) {
        Ok(text) => Ok(Source::new(file, text)),
        Err(error) => {
            let message = format!("the file cannot be read: {error}");
            Err(Problem::new(codes::UNREADABLE_FILE, message).at(Place::File { file }).into())
        }
    }
}

/// The bytes of a file that should be a text of ours.
///
/// # Errors
/// What the system says, and that they are more than 10 MB.
pub fn bytes_of(path: &Path) -> std::io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    File::open(path)?.take(MOST_BYTES + 1).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > MOST_BYTES {
        let message =
            format!("it has more than {MOST_BYTES} bytes, and no scenario, plan or other text of settings has");
        return Err(Error::new(ErrorKind::FileTooLarge, message));
    }
    Ok(bytes)
}

/// Reads a scenario from its text.
///
/// # Errors
/// All problems of the text and the overrides.
pub fn read(source: Source, overrides: &[Override]) -> Result<Loaded, Problems> {
    let (written, mut tree, problems) = document::read::<WrittenScenario>(&source, overrides);
    check_scenario(&written, &mut tree, problems)
}

/// The scenario of a typed document, in which problems may have been found already.
pub(super) fn check_scenario(
    written: &WrittenScenario,
    tree: &mut Tree,
    mut problems: Problems,
) -> Result<Loaded, Problems> {
    if problems.iter().any(|problem| problem.code == codes::SYNTAX && is_in_file(problem)) {
        // Without a whole document, everything would seem to be missing.
        return Err(problems.sorted());
    }
    let mut scenario = Check::new(tree, &mut problems).scenario(written);
    problems.or(())?;
    let settings = settings(&resolve(written, &scenario), tree);
    scenario.hash = hash::of_settings(&settings);
    Ok(Loaded { scenario, settings, notes: tree.notes().to_vec() })
}

/// Reads an analysis plan on its own against the arms, outcomes and covariates of some data.
///
/// # Errors
/// All problems of the text and the overrides.
pub fn read_plan(
    source: Source,
    overrides: &[Override],
    layout: &Layout,
    covariates: &[Covariate],
) -> Result<Plan, Problems> {
    let (written, mut tree, mut problems) = document::read::<WrittenPlan>(&source, overrides);
    problems.explain(codes::UNKNOWN_KEY, "unknown key `analysis`", || {
        "plan.toml holds the keys of [analysis] on their own: take the heading out".to_owned()
    });
    let arms: Vec<String> = layout.arms.iter().map(|arm| arm.name.clone()).collect();
    let outcomes: Vec<String> = layout.outcomes.iter().map(|outcome| outcome.name.clone()).collect();
    let covariate_names: Vec<String> = covariates.iter().map(|covariate| covariate.name.clone()).collect();
    let levels = covariates.iter().map(|covariate| match &covariate.values {
        CovariateValues::Numeric(_) => None,
        CovariateValues::Factor { levels, .. } => Some(levels.clone()),
    });
    let names = PlanNames::of_layout((&arms, &outcomes, &covariate_names), levels.collect(), layout);
    let plan = Check::new(&mut tree, &mut problems).plan_alone(&written, &names);
    problems.or(plan)
}

/// Reads the mapping of a data file's columns, a `columns.toml`, from its text.
///
/// # Errors
/// All problems of the text and the overrides.
pub fn read_columns(source: Source, overrides: &[Override]) -> Result<Columns, Problems> {
    let (written, mut tree, mut problems) = document::read::<WrittenColumns>(&source, overrides);
    if problems.iter().any(|problem| problem.code == codes::SYNTAX && is_in_file(problem)) {
        // Without a whole document, the rest would seem to contradict itself.
        return Err(problems.sorted());
    }
    let columns = Check::new(&mut tree, &mut problems).columns(&written);
    problems.or(columns)
}

/// Reads the targets of a calibration, a `targets.toml`, from its text. Its base is a file, looked for from a folder, or built
/// in; the overrides are laid over the base.
///
/// # Errors
/// All problems of the text, of the base and the overrides.
pub fn read_targets(source: Source, folder: &Path, overrides: &[Override]) -> Result<Targets, Problems> {
    let (written, mut tree, mut problems) = document::read::<WrittenTargets>(&source, &[]);
    if problems.iter().any(|problem| problem.code == codes::SYNTAX) {
        return Err(problems.sorted());
    }
    let mut check = Check::new(&mut tree, &mut problems);
    check.base_is_named();
    let Some(name) = &written.base else { return Err(problems.sorted()) };
    let Some(base) = base_source(name, folder)? else {
        let names: Vec<&str> = built_in_list().iter().map(|built_in| built_in.name).collect();
        check.unknown_base(name, &names);
        return Err(problems.sorted());
    };
    let base = Adjustable::read(base, overrides)?;
    let scenario = base.load()?.scenario;
    let targets = check.targets(&written, base, &scenario);
    problems.or(targets)
}

/// Reads what is to be compared, a `linger-tests.toml`, from its text. Files that it names are looked for from a folder, and must be there;
/// what is in them is not read yet.
///
/// # Errors
/// All problems of the text.
#[cfg(feature = "program")]
pub fn read_tests(source: Source, folder: &Path) -> Result<Tests, Problems> {
    let (written, mut tree, mut problems) = document::read::<WrittenTests>(&source, &[]);
    if problems.iter().any(|problem| problem.code == codes::SYNTAX) {
        return Err(problems.sorted());
    }
    let names: Vec<&str> = built_in_list().iter().map(|built_in| built_in.name).collect();
    let tests = Check::new(&mut tree, &mut problems).tests(&written, folder, &names);
    problems.or(tests)
}

/// The text of a base: a file, else a built-in scenario; `None` if it is neither.
fn base_source(name: &str, folder: &Path) -> Result<Option<Source>, Problems> {
    let path = folder.join(name);
    if path.is_file() { source(&path).map(Some) } else { Ok(built_in(name)) }
}

fn is_in_file(problem: &Problem) -> bool {
    matches!(&problem.place, Some(Place::Text { source, .. }) if !source.is_override())
}

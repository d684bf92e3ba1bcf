//! Finding what a verb works on: a scenario file, a built-in scenario, a data file with its columns and plan.

use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result, bail};

use super::arguments::Shared;
use super::output::Console;
use crate::dataset::{self, Intake};
use crate::scenario::{self, Columns, Loaded, Override, Plan, Source};

/// The built-in scenario that is used when none is named.
pub const DEFAULT_SCENARIO: &str = "chronic-low-back-pain";

/// Changes to what is read: `--set` and `--seed`.
#[derive(Debug, Clone)]
pub struct Settings {
    set: Vec<String>,
    seed: Option<u64>,
}

impl Settings {
    /// Takes them from the shared options.
    pub fn new(shared: &Shared) -> Self {
        Self { set: shared.set.clone(), seed: shared.seed }
    }

    /// Refuses `--set` and `--seed` where nothing is read that they could change.
    pub fn none(&self, what: &str) -> Result<()> {
        if !self.set.is_empty() || self.seed.is_some() {
            bail!("--set and --seed do not apply here: {what}");
        }
        Ok(())
    }

    /// Refuses `--set` where what is read says its settings itself.
    pub fn no_set(&self, what: &str) -> Result<()> {
        if !self.set.is_empty() {
            bail!("--set does not apply here: {what}");
        }
        Ok(())
    }

    /// The seed, where one was given.
    pub fn seed(&self) -> Option<u64> {
        self.seed
    }

    /// Refuses `--seed` where nothing is drawn.
    pub fn no_seed(&self, what: &str) -> Result<()> {
        if self.seed.is_some() {
            bail!("--seed does not apply here: {what}");
        }
        Ok(())
    }

    /// Gives the imputations of a data file's plan the seed of `--seed`, and refuses it where nothing is drawn.
    pub fn seed_plan(&self, plan: &mut Plan) -> Result<()> {
        match self.seed {
            Some(seed) if !plan.reseed(seed) => self.no_seed("a data file is analysed, nothing is drawn"),
            _ => Ok(()),
        }
    }

    /// The same as arguments, for commands that are suggested next: each with a blank in front, quoted where a shell needs it.
    pub fn as_arguments(&self) -> String {
        let set: String = self.set.iter().map(|set| format!(" -s {}", quoted(set))).collect();
        let seed = self.seed.map(|seed| format!(" --seed {seed}")).unwrap_or_default();
        format!("{set}{seed}")
    }

    /// The overrides for a scenario. The seed comes last, so that it wins over a `--set seed=…`.
    pub fn for_scenario(&self) -> Vec<Override> {
        let seed = self.seed.map(|seed| Override::new(format!("seed={seed}")));
        self.set.iter().map(Override::new).chain(seed).collect()
    }

    /// The same as texts, as `--set` takes them.
    pub fn texts(&self) -> Vec<String> {
        let seed = self.seed.map(|seed| format!("seed={seed}"));
        self.set.iter().cloned().chain(seed).collect()
    }

    /// The overrides for the plan in a scenario, and for nothing else of it, whose keys may be given with or without `analysis.`.
    pub fn for_analysis(&self) -> Vec<Override> {
        let key = |set: &String| Override::new(format!("analysis.{}", set.strip_prefix("analysis.").unwrap_or(set)));
        self.set.iter().map(key).collect()
    }

    /// The overrides for a plan, whose keys may be given with or without the `analysis.` they have in a scenario.
    pub fn for_plan(&self) -> Vec<Override> {
        let key = |set: &String| Override::new(set.strip_prefix("analysis.").unwrap_or(set));
        self.set.iter().map(key).collect()
    }
}

/// A word as a shell takes it: quoted where it has other letters than plain ones.
pub fn quoted(text: &str) -> String {
    let plain = |c: char| c.is_alphanumeric() || "._-=+,:/".contains(c);
    if text.chars().all(plain) { text.to_owned() } else { format!("'{}'", text.replace('\'', "'\\''")) }
}

/// The text of a scenario: a file of that name, else a built-in scenario of that name, else the default one.
pub fn scenario_source(name: Option<&str>) -> Result<Source> {
    let name = name.unwrap_or(DEFAULT_SCENARIO);
    let path = Path::new(name);
    if path.is_file() {
        return read_source(path);
    }
    if path.is_dir() {
        bail!("{name} is a folder; name a scenario file or a built-in scenario");
    }
    if let Some(source) = scenario::built_in(name) {
        return Ok(source);
    }
    let names: Vec<&str> = scenario::built_in_list().iter().map(|built_in| built_in.name).collect();
    let meant = scenario::nearest(name, names.iter().copied())
        .map(|near| format!("; did you mean {near}?"))
        .unwrap_or_default();
    bail!(
        "{name}: there is no such file and no built-in scenario of that name{meant}\n  built-in scenarios: {}",
        names.join(", ")
    )
}

/// Reads and checks a scenario with the user's changes, and says which one it is if none was named.
pub fn load_scenario(name: Option<&str>, settings: &Settings, console: &Console) -> Result<Loaded> {
    let loaded = read_scenario(name, settings)?;
    say_which(&loaded, name, console);
    Ok(loaded)
}

/// Reads and checks a scenario with the user's changes, and says nothing.
pub fn read_scenario(name: Option<&str>, settings: &Settings) -> Result<Loaded> {
    Ok(scenario::read(scenario_source(name)?, &settings.for_scenario())?)
}

/// Says which scenario was read if none was named, and what a user should know of it.
pub fn say_which(loaded: &Loaded, name: Option<&str>, console: &Console) {
    if name.is_none() {
        let seed = loaded.scenario.simulation.seed;
        console.note(&format!("No scenario given: using the built-in example {DEFAULT_SCENARIO} (seed {seed}).\n"));
    }
    for note in &loaded.notes {
        console.note(&format!("note: {note}"));
    }
}

/// A text file as a source of problems.
pub fn read_source(path: &Path) -> Result<Source> {
    let text = scenario::bytes_of(path).with_context(|| format!("cannot read {}", path.display()))?;
    let text = String::from_utf8(text).map_err(|error| {
        let line =
            1 + error.as_bytes()[..error.utf8_error().valid_up_to()].iter().filter(|&&byte| byte == b'\n').count();
        anyhow::anyhow!("{}:{line}: the file is not UTF-8 text; save it as UTF-8", path.display())
    })?;
    Ok(Source::new(path.display().to_string(), text))
}

/// The mapping of a columns.toml.
pub fn load_columns(path: &Path) -> Result<Columns> {
    Ok(scenario::read_columns(read_source(path)?, &[])?)
}

/// Whether a source is data rather than a scenario: its name says so.
pub fn is_data_file(source: Option<&str>) -> bool {
    let extension = source.and_then(|source| Path::new(source).extension()?.to_str());
    extension
        .is_some_and(|extension| ["csv", "parquet", "tsv", "txt"].contains(&extension.to_ascii_lowercase().as_str()))
}

/// A data file with its plan.
pub struct DataFile {
    /// The data and what was noticed while reading them.
    pub intake: Intake,
    /// The plan: the user's, or every outcome and pair with the defaults.
    pub plan: Plan,
}

/// Reads a data file, its columns and its plan.
pub fn load_data(
    data: &Path,
    columns: Option<&PathBuf>,
    plan: Option<&PathBuf>,
    settings: &Settings,
) -> Result<DataFile> {
    let columns = columns.map(|path| load_columns(path)).transpose()?;
    if data.is_dir() {
        bail!("{} is a folder; name a CSV or Parquet file", data.display());
    }
    if !data.exists() {
        bail!("cannot read {}: there is no such file", data.display());
    }
    let intake = dataset::read(data, columns.as_ref())?;
    let source = match plan {
        Some(path) => read_source(path)?,
        None => Source::new("(default plan)", ""),
    };
    let plan = scenario::read_plan(source, &settings.for_plan(), &intake.data.layout, &intake.data.covariates)?;
    Ok(DataFile { intake, plan })
}

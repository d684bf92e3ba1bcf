//! True values kept in a folder by the hash of their scenario, so that the large cohort is drawn once.

use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};
use thiserror::Error;

use super::{TrueRow, true_rows, true_values};
use crate::dataset::put_in_place;
use crate::scenario::Scenario;

/// Why true values could not be kept.
#[derive(Debug, Error)]
pub enum KeepError {
    /// The folder or a file in it.
    #[error("{path}: {source}")]
    File {
        /// Which one.
        path: PathBuf,
        /// What went wrong.
        source: std::io::Error,
    },
    /// The rows have no form in TOML.
    #[error("cannot write true values as TOML: {0}")]
    Toml(#[from] toml::ser::Error),
}

/// A file of true values.
#[derive(Debug, Serialize, Deserialize)]
struct KeptFile {
    schema: String,
    version: String,
    scenario_hash: String,
    participants: u64,
    results: Vec<TrueRow>,
}

const SCHEMA: &str = "linger.true-values/1";

/// Rows of true values from a cohort of at least so many participants, and their number: those kept in the folder for this scenario by this
/// version of the program, if they come from enough participants, else drawn now and put there. A file that cannot be
/// read, or is of another version or scenario, is written anew.
///
/// # Errors
/// [`KeepError`] if the folder or the file cannot be written.
pub fn kept_true_values(
    scenario: &Scenario,
    n_participants: u64,
    folder: &Path,
) -> Result<(Vec<TrueRow>, u64), KeepError> {
    let path = folder.join(format!("truth-{}.toml", scenario.hash));
    if let Some(kept) = read(&path, scenario).filter(|kept| kept.participants >= n_participants) {
        return Ok((kept.results, kept.participants));
    }
    let values = true_values(scenario, n_participants);
    let kept = KeptFile {
        schema: SCHEMA.to_owned(),
        version: env!("CARGO_PKG_VERSION").to_owned(),
        scenario_hash: scenario.hash.clone(),
        participants: values.n_participants,
        results: true_rows(scenario, &values),
    };
    // TOML, since its numbers are read back to the last bit.
    let text = toml::to_string(&kept)?;
    let failed = |path: &Path| {
        let path = path.to_owned();
        move |source| KeepError::File { path, source }
    };
    std::fs::create_dir_all(folder).map_err(failed(folder))?;
    put_in_place(&path, text.as_bytes()).map_err(failed(&path))?;
    Ok((kept.results, kept.participants))
}

/// A kept file of this scenario and version, if there is one.
fn read(path: &Path, scenario: &Scenario) -> Option<KeptFile> {
    let kept: KeptFile = toml::from_str(&std::fs::read_to_string(path).ok()?).ok()?;
    let ours = kept.schema == SCHEMA
        && kept.version == env!("CARGO_PKG_VERSION")
        && kept.scenario_hash == scenario.hash
        // The contrasts are those of the plan, which is part of the hash; the rows must be whole all the same.
        && !kept.results.is_empty();
    ours.then_some(kept)
}

//! A store as a reader sees it: what it holds, and its records chunk by chunk.

use std::io::ErrorKind;
use std::ops::Range;
use std::path::{Path, PathBuf};

use super::chunk::Chunk;
use super::lock;
use super::manifest::Manifest;
use super::refusal::StoreError;
use super::run::Run;
use super::shard::Shard;
use crate::scenario::{self, Loaded, Source};
use crate::trial::{RecordColumn, Rows};

/// Name of the kept scenario.
pub(super) const SCENARIO: &str = "scenario.toml";

/// The records of a run, or of a part of it, in a folder.
#[derive(Debug, Clone)]
pub struct Store {
    folder: PathBuf,
    manifest: Manifest,
}

impl Store {
    /// Opens a store in which nothing is missing. Chunks are checked when they are read.
    ///
    /// # Errors
    /// As [`Self::look`]; [`StoreError::Incomplete`], or [`StoreError::Growing`] while somebody is adding to it.
    pub fn read(folder: &Path) -> Result<Self, StoreError> {
        let store = Self::look(folder)?;
        match store.check_complete() {
            Err(StoreError::Incomplete { folder, missing, of }) if store.is_being_written() => {
                let missing = missing.iter().map(|range| range.end - range.start).sum();
                Err(StoreError::Growing { folder, missing, of })
            }
            checked => checked.map(|()| store),
        }
    }

    /// Opens a store as far as it goes.
    ///
    /// # Errors
    /// That there is none, that its manifest cannot be used, or that a chunk has not the size it should have.
    pub fn look(folder: &Path) -> Result<Self, StoreError> {
        let manifest = Manifest::read(folder)?.ok_or_else(|| StoreError::NoRun { folder: folder.to_owned() })?;
        Self::of_manifest(folder, manifest)
    }

    /// A store of which only chunks are counted whose files are there.
    pub(super) fn of_manifest(folder: &Path, mut manifest: Manifest) -> Result<Self, StoreError> {
        let mut there = manifest
            .chunks()
            .iter()
            .map(|chunk| chunk.is_there(folder, manifest.form()))
            .collect::<Result<Vec<_>, _>>()?;
        there.reverse();
        manifest.retain(|_| there.pop().unwrap_or(false));
        Ok(Self { folder: folder.to_owned(), manifest })
    }

    /// Whether a process, this one or another, is adding to it.
    pub(super) fn is_being_written(&self) -> bool {
        lock::is_held(&self.folder)
    }

    /// Where it is.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// Hash of the scenario.
    pub fn scenario_hash(&self) -> &str {
        &self.manifest.scenario_hash
    }

    /// Seed of the random numbers.
    pub fn seed(&self) -> u64 {
        self.manifest.seed
    }

    /// Version of the program that made the records.
    pub fn version(&self) -> &str {
        &self.manifest.version
    }

    /// Number of replicates of the whole run.
    pub fn n_replicates(&self) -> u64 {
        self.manifest.n_replicates
    }

    /// The part of the run that this is; `None` for all of it.
    pub fn shard(&self) -> Option<Shard> {
        self.manifest.shard
    }

    /// The replicates that belong here.
    pub fn replicates(&self) -> Range<u64> {
        self.manifest.replicates()
    }

    /// What the numbers of a record are.
    pub fn columns(&self) -> &[RecordColumn] {
        &self.manifest.columns
    }

    /// The replicates that belong here and are not there, ascending.
    pub fn missing(&self) -> Vec<Range<u64>> {
        self.manifest.missing()
    }

    /// Refuses a store in which replicates are missing.
    ///
    /// # Errors
    /// [`StoreError::Incomplete`].
    pub fn check_complete(&self) -> Result<(), StoreError> {
        let missing = self.missing();
        if missing.is_empty() { Ok(()) } else { Err(self.incomplete(missing)) }
    }

    fn incomplete(&self, missing: Vec<Range<u64>>) -> StoreError {
        let own = self.replicates();
        StoreError::Incomplete { folder: self.folder.clone(), missing, of: own.end - own.start }
    }

    /// The records in the order of the replicates, chunk by chunk, each checked as it is read.
    pub fn chunks(&self) -> impl Iterator<Item = Result<Rows, StoreError>> {
        self.manifest.chunks().iter().map(|chunk| self.rows(chunk))
    }

    /// The records of replicates before a number, as [`Self::chunks`] gives them; the last chunk is cut.
    pub fn chunks_before(&self, end: u64) -> impl Iterator<Item = Result<Rows, StoreError>> {
        let chunks = self.manifest.chunks().iter().take_while(move |chunk| chunk.first < end);
        chunks.map(move |chunk| {
            let mut rows = self.rows(chunk)?;
            let n_rows = usize::try_from(end - rows.first).unwrap_or(usize::MAX);
            rows.values.truncate(n_rows.saturating_mul(rows.n_columns));
            Ok(rows)
        })
    }

    /// The rows of one chunk.
    pub(super) fn rows(&self, chunk: &Chunk) -> Result<Rows, StoreError> {
        let rows = chunk.read(&self.folder, self.manifest.form())?;
        rows.ok_or_else(|| self.incomplete(vec![chunk.replicates()]))
    }

    /// The kept scenario.
    ///
    /// # Errors
    /// [`StoreError::Scenario`] if it is not there, or not that of the run any more.
    pub fn scenario(&self) -> Result<Loaded, StoreError> {
        let path = self.folder.join(SCENARIO);
        let refuse = |why: &str| StoreError::Scenario { path: path.clone(), why: why.to_owned() };
        let text = std::fs::read_to_string(&path).map_err(|error| match error.kind() {
            ErrorKind::NotFound => refuse("the scenario of this run is missing"),
            _ => StoreError::file(&path, "read")(error),
        })?;
        let loaded = scenario::read(Source::new(path.display().to_string(), text), &[]);
        let loaded = loaded.map_err(|_| refuse("is no valid scenario any more"))?;
        if loaded.scenario.hash != self.manifest.scenario_hash {
            return Err(refuse("was changed: it is not the scenario of this run any more"));
        }
        Ok(loaded)
    }

    /// The whole run that this is a part of.
    pub(super) fn whole_run(&self) -> Result<Run, StoreError> {
        let run = Run::new(&self.scenario()?, self.columns().to_vec(), self.n_replicates(), None);
        Ok(Run { chunk_length: self.manifest.chunk_length, ..run })
    }

    /// What is in it by its manifest.
    pub(super) fn manifest(&self) -> &Manifest {
        &self.manifest
    }

    /// Takes what has been written.
    pub(super) fn set_manifest(&mut self, manifest: Manifest) {
        self.manifest = manifest;
    }
}

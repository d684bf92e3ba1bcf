//! One file of consecutive replicates: its name, its checksum, its rows.

use std::ops::Range;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::refusal::StoreError;
use crate::dataset::{owner_in_parquet, put_in_place, rows_from_parquet, rows_to_parquet};
use crate::numeric::fnv::fnv_1a;
use crate::trial::{RecordColumn, Rows};

/// The folder of the chunks.
pub(super) const FOLDER: &str = "chunks";

/// A chunk as the manifest names it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Chunk {
    /// First replicate.
    pub(super) first: u64,
    /// The replicate after the last.
    pub(super) end: u64,
    /// Size of the file.
    pub(super) bytes: u64,
    /// Checksum of the file: 64-bit FNV-1a in hexadecimal digits.
    pub(super) checksum: String,
}

impl Chunk {
    /// Its replicates.
    pub(super) fn replicates(&self) -> Range<u64> {
        self.first..self.end
    }

    /// Its file in a store.
    pub(super) fn path(&self, store: &Path) -> PathBuf {
        store.join(FOLDER).join(name(&self.replicates()))
    }

    /// Writes rows as a chunk.
    pub(super) fn write(store: &Path, rows: &Rows, form: Form<'_>) -> Result<Self, StoreError> {
        let misfit = |error: crate::dataset::ReplicateTableError| StoreError::Misfit(error.to_string());
        let bytes = rows_to_parquet(rows, form.columns, form.belongs_to).map_err(misfit)?;
        let Range { start: first, end } = rows.replicates();
        let chunk = Self { first, end, bytes: bytes.len() as u64, checksum: checksum(&bytes) };
        let path = chunk.path(store);
        put_in_place(&path, &bytes).map_err(StoreError::file(&path, "written"))?;
        Ok(chunk)
    }

    /// Reads the rows, after everything about the file has been checked; `None` if there is no such file.
    pub(super) fn read(&self, store: &Path, form: Form<'_>) -> Result<Option<Rows>, StoreError> {
        let path = self.path(store);
        let bytes = match std::fs::read(&path) {
            Ok(bytes) => bytes,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(StoreError::file(&path, "read")(error)),
        };
        if bytes.len() as u64 != self.bytes {
            return Err(self.wrong_size(store, bytes, form));
        }
        let damaged = |why: String| StoreError::Chunk { path: path.clone(), why };
        if checksum(&bytes) != self.checksum {
            let other = || "is damaged, or another file: its checksum is not the one in manifest.toml".to_owned();
            return Err(damaged(foreign(bytes, form, OTHER_TEXT).unwrap_or_else(other)));
        }
        let rows = rows_from_parquet(bytes, form.columns, form.belongs_to, self.replicates());
        rows.map(Some).map_err(|error| damaged(format!("cannot be used: {error}")))
    }

    /// Whether the file is there.
    ///
    /// # Errors
    /// That it has not the size it should have.
    pub(super) fn is_there(&self, store: &Path, form: Form<'_>) -> Result<bool, StoreError> {
        let path = self.path(store);
        match std::fs::metadata(&path) {
            Ok(about) if about.len() == self.bytes => Ok(true),
            Ok(_) => {
                let bytes = std::fs::read(&path).map_err(StoreError::file(&path, "read"))?;
                Err(self.wrong_size(store, bytes, form))
            }
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(false),
            Err(error) => Err(StoreError::file(&path, "read")(error)),
        }
    }

    /// What a file of another size is: of another run, or torn.
    fn wrong_size(&self, store: &Path, bytes: Vec<u8>, form: Form<'_>) -> StoreError {
        let torn = format!("is torn: it has {} bytes, and {} in manifest.toml", bytes.len(), self.bytes);
        StoreError::Chunk { path: self.path(store), why: foreign(bytes, form, 1).unwrap_or(torn) }
    }
}

/// In a file of the right size, texts with fewer other characters than this are taken for damage: two hashes differ in nearly all.
const OTHER_TEXT: usize = 4;

/// What a whole file of another run belongs to, and what it should; `None` if fewer characters of that differ than `least`.
fn foreign(bytes: Vec<u8>, form: Form<'_>, least: usize) -> Option<String> {
    let keys: Vec<&str> = form.belongs_to.iter().map(|(key, _)| key.as_str()).collect();
    let there = owner_in_parquet(bytes, &keys)?;
    let (mut n_characters, mut differences) = (0, Vec::new());
    for ((key, here), there) in form.belongs_to.iter().zip(&there).filter(|((_, here), there)| here != *there) {
        let other = here.bytes().zip(there.bytes()).filter(|(here, there)| here != there).count();
        n_characters += other.max(here.len().abs_diff(there.len()));
        let name = key.trim_start_matches("linger.").replace('_', " ");
        differences.push(format!("{name}: {there} there, {here} here"));
    }
    (n_characters >= least.max(1)).then(|| format!("is a chunk of another run ({})", differences.join("; ")))
}

/// What all chunks of a run have in common.
#[derive(Debug, Clone, Copy)]
pub(super) struct Form<'a> {
    /// The columns.
    pub(super) columns: &'a [RecordColumn],
    /// Texts in the file that say what it belongs to.
    pub(super) belongs_to: &'a [(String, String)],
}

/// `000000000000-000000016384.parquet`.
fn name(replicates: &Range<u64>) -> String {
    format!("{:012}-{:012}.parquet", replicates.start, replicates.end)
}

/// Whether a file among the chunks is named like one.
pub(super) fn is_name(name: &str) -> bool {
    let digits = |text: &str| text.len() >= 12 && text.bytes().all(|byte| byte.is_ascii_digit());
    let numbers = name.strip_suffix(".parquet").and_then(|numbers| numbers.split_once('-'));
    numbers.is_some_and(|(first, end)| digits(first) && digits(end))
}

fn checksum(bytes: &[u8]) -> String {
    format!("{:016x}", fnv_1a(bytes))
}

//! `manifest.toml`: what the run is, which part of it the folder is for, and which chunks are there.

use std::ops::Range;
use std::path::Path;

use serde::{Deserialize, Serialize};

use super::chunk::{Chunk, Form};
use super::refusal::StoreError;
use super::run::{CHUNK_LENGTH, Run};
use super::shard::Shard;
use crate::dataset::put_in_place;
use crate::operating_characteristics::BLOCK;
use crate::trial::{ColumnKind, RecordColumn};

/// Replicates of the longest chunk that is read.
const LONGEST_CHUNK: u64 = 4 * CHUNK_LENGTH;
/// Name of the file.
const FILE: &str = "manifest.toml";
/// Name and version of the layout.
const SCHEMA: &str = "linger.store/1";
/// The program that reads and writes here.
pub(super) const VERSION: &str = env!("CARGO_PKG_VERSION");

/// The manifest, valid.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Manifest {
    /// Version of the program that made the records.
    pub(super) version: String,
    pub(super) scenario_hash: String,
    pub(super) seed: u64,
    /// Of the whole run.
    pub(super) n_replicates: u64,
    pub(super) shard: Option<Shard>,
    pub(super) chunk_length: u64,
    pub(super) columns: Vec<RecordColumn>,
    /// Ascending, each beginning where a cell of the run begins, none longer than that.
    chunks: Vec<Chunk>,
    belongs_to: Vec<(String, String)>,
}

/// The manifest as it is written.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    schema: String,
    version: String,
    scenario_hash: String,
    seed: u64,
    /// Replicates of the whole run.
    replicates: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    shard: Option<String>,
    /// First replicate of this part.
    first: u64,
    /// The replicate after its last.
    end: u64,
    chunk_length: u64,
    #[serde(default)]
    columns: Vec<WrittenColumn>,
    #[serde(default)]
    chunks: Vec<Chunk>,
}

#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct WrittenColumn {
    name: String,
    kind: WrittenKind,
}

#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum WrittenKind {
    Number,
    Code,
}

impl Manifest {
    /// That of a run without chunks, by this version of the program.
    pub(super) fn new(run: &Run) -> Self {
        let mut manifest = Self {
            version: VERSION.to_owned(),
            scenario_hash: run.scenario_hash.clone(),
            seed: run.seed,
            n_replicates: run.n_replicates,
            shard: run.shard,
            chunk_length: run.chunk_length,
            columns: run.columns.clone(),
            chunks: Vec::new(),
            belongs_to: Vec::new(),
        };
        manifest.belongs_to = manifest.owner();
        manifest
    }

    /// What stands in every chunk.
    fn owner(&self) -> Vec<(String, String)> {
        let texts = [
            ("linger.store", SCHEMA.to_owned()),
            ("linger.version", self.version.clone()),
            ("linger.scenario_hash", self.scenario_hash.clone()),
            ("linger.seed", self.seed.to_string()),
        ];
        texts.into_iter().map(|(key, text)| (key.to_owned(), text)).collect()
    }

    /// Reads the manifest of a folder; `None` if it has none.
    pub(super) fn read(folder: &Path) -> Result<Option<Self>, StoreError> {
        let path = folder.join(FILE);
        let text = match std::fs::read_to_string(&path) {
            Ok(text) => text,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(StoreError::file(&path, "read")(error)),
        };
        Self::of_text(&text).map(Some).map_err(|why| StoreError::Manifest { path, why })
    }

    fn of_text(text: &str) -> Result<Self, String> {
        let table: toml::Table =
            text.parse().map_err(|error: toml::de::Error| format!("is damaged: {}", error.message()))?;
        match table.get("schema").and_then(toml::Value::as_str) {
            Some(SCHEMA) => {}
            Some(other) => {
                return Err(format!("is of a layout that this linger does not know ({other}, not {SCHEMA})"));
            }
            None => return Err("is no manifest of a run".to_owned()),
        }
        let written: Written =
            table.try_into().map_err(|error: toml::de::Error| format!("is damaged: {}", error.message()))?;
        let shard = written.shard.as_deref().map(str::parse).transpose();
        let shard: Option<Shard> = shard.map_err(|error: super::ShardError| format!("is damaged: {error}"))?;
        let mut manifest = Self {
            version: written.version,
            scenario_hash: written.scenario_hash,
            seed: written.seed,
            n_replicates: written.replicates,
            shard,
            chunk_length: written.chunk_length,
            columns: written.columns.into_iter().map(RecordColumn::from).collect(),
            chunks: written.chunks,
            belongs_to: Vec::new(),
        };
        manifest.belongs_to = manifest.owner();
        if !is_chunk_length(manifest.chunk_length) || manifest.replicates() != (written.first..written.end) {
            return Err("is damaged: its numbers do not go together".to_owned());
        }
        if !manifest.has_possible_chunks() {
            return Err("is damaged: its chunks cannot be".to_owned());
        }
        Ok(manifest)
    }

    fn has_possible_chunks(&self) -> bool {
        let fits = |chunk: &Chunk| {
            let cell = self.cell(chunk.first);
            chunk.first == cell.start && chunk.first < chunk.end && chunk.end <= cell.end
        };
        let ascending = self.chunks.windows(2).all(|pair| pair[0].end <= pair[1].first);
        let within = self.chunks.iter().all(|chunk| self.replicates().contains(&chunk.first));
        ascending && within && self.chunks.iter().all(fits)
    }

    /// Writes it in its place.
    pub(super) fn write(&self, folder: &Path) -> Result<(), StoreError> {
        let Range { start: first, end } = self.replicates();
        let written = Written {
            schema: SCHEMA.to_owned(),
            version: self.version.clone(),
            scenario_hash: self.scenario_hash.clone(),
            seed: self.seed,
            replicates: self.n_replicates,
            shard: self.shard.map(|shard| shard.to_string()),
            first,
            end,
            chunk_length: self.chunk_length,
            columns: self.columns.iter().map(WrittenColumn::from).collect(),
            chunks: self.chunks.clone(),
        };
        let path = folder.join(FILE);
        // What TOML cannot hold are whole numbers of more than 63 bits.
        let text = toml::to_string(&written).map_err(|error| StoreError::Misfit(error.to_string()))?;
        put_in_place(&path, text.as_bytes()).map_err(StoreError::file(&path, "written"))
    }

    /// The replicates this folder is for.
    pub(super) fn replicates(&self) -> Range<u64> {
        self.shard.map_or(0..self.n_replicates, |shard| shard.replicates(self.n_replicates))
    }

    /// The replicates that belong in one chunk with a replicate: cells are counted from the first replicate of the whole run.
    pub(super) fn cell(&self, replicate: u64) -> Range<u64> {
        let own = self.replicates();
        let start = replicate - replicate % self.chunk_length;
        start.max(own.start)..start.saturating_add(self.chunk_length).min(own.end)
    }

    /// The chunks, ascending.
    pub(super) fn chunks(&self) -> &[Chunk] {
        &self.chunks
    }

    /// The chunk that a replicate is in, or will be joined to.
    pub(super) fn chunk_of_cell(&self, replicate: u64) -> Option<&Chunk> {
        let start = self.cell(replicate).start;
        self.chunks.iter().find(|chunk| chunk.first == start)
    }

    /// Names a chunk, instead of the one that begins at the same replicate.
    pub(super) fn put(&mut self, chunk: Chunk) {
        self.chunks.retain(|other| other.first != chunk.first);
        let position = self.chunks.partition_point(|other| other.first < chunk.first);
        self.chunks.insert(position, chunk);
    }

    /// Keeps only some of the chunks.
    pub(super) fn retain(&mut self, keep: impl FnMut(&Chunk) -> bool) {
        self.chunks.retain(keep);
    }

    /// The replicates that are in no chunk, ascending.
    pub(super) fn missing(&self) -> Vec<Range<u64>> {
        let own = self.replicates();
        let starts = std::iter::once(own.start).chain(self.chunks.iter().map(|chunk| chunk.end));
        let ends = self.chunks.iter().map(|chunk| chunk.first).chain(std::iter::once(own.end));
        starts.zip(ends).map(|(start, end)| start..end).filter(|gap| !gap.is_empty()).collect()
    }

    /// What its chunks look like.
    pub(super) fn form(&self) -> Form<'_> {
        Form { columns: &self.columns, belongs_to: &self.belongs_to }
    }

    /// How this run and another differ, apart from the settings of their scenarios, the number of replicates and the part.
    pub(super) fn differences(&self, other: &Self) -> Vec<String> {
        let mut differences = Vec::new();
        let mut compare = |what: &str, there: String, here: String| {
            if there != here {
                differences.push(format!("{what}: {there} there, {here} here"));
            }
        };
        compare("version of linger", self.version.clone(), other.version.clone());
        compare("chunk length", self.chunk_length.to_string(), other.chunk_length.to_string());
        if self.scenario_hash == other.scenario_hash && self.columns != other.columns {
            let (there, here) = (&self.columns, &other.columns);
            match there.iter().zip(here).find(|(there, here)| there != here) {
                Some((there, here)) => compare("columns of the records", described(there), described(here)),
                None => compare("number of columns", there.len().to_string(), here.len().to_string()),
            }
        }
        differences
    }
}

/// Whether chunks can be so long: whole blocks, and no more than fit in memory, since a chunk is read at once.
pub(super) fn is_chunk_length(length: u64) -> bool {
    (1..=LONGEST_CHUNK).contains(&length) && length.is_multiple_of(BLOCK)
}

/// `rdq.week_10.relaxation - usual_care.estimate (number)`.
fn described(column: &RecordColumn) -> String {
    let kind = match column.kind {
        ColumnKind::Number => "number",
        ColumnKind::Code => "code",
    };
    format!("{} ({kind})", column.name)
}

impl From<WrittenColumn> for RecordColumn {
    fn from(written: WrittenColumn) -> Self {
        let kind = match written.kind {
            WrittenKind::Number => ColumnKind::Number,
            WrittenKind::Code => ColumnKind::Code,
        };
        Self { name: written.name, kind }
    }
}

impl From<&RecordColumn> for WrittenColumn {
    fn from(column: &RecordColumn) -> Self {
        let kind = match column.kind {
            ColumnKind::Number => WrittenKind::Number,
            ColumnKind::Code => WrittenKind::Code,
        };
        Self { name: column.name.clone(), kind }
    }
}

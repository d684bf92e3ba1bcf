//! A store as the one process sees it that adds to it: opened under a lock, tidied, written in an order that survives being killed.

use std::io::ErrorKind;
use std::ops::Range;
use std::path::Path;
use std::time::{Duration, Instant};

use super::chunk::{self, Chunk};
use super::lock::{LOCK, Lock, lock};
use super::manifest::{Manifest, is_chunk_length};
use super::reader::{SCENARIO, Store};
use super::refusal::StoreError;
use super::run::Run;
use crate::dataset::put_in_place;
use crate::scenario::{self, Change, Setting, changes};
use crate::trial::Rows;

/// Longest time for which records wait in memory.
const SAVED_EVERY: Duration = Duration::from_secs(30);

/// A store that records are added to. Nobody else can add to it until this is dropped.
#[derive(Debug)]
pub struct StoreWriter {
    store: Store,
    /// Records that are not in a file yet: none, or those that come next in a cell.
    waiting: Rows,
    /// Since when they wait.
    since: Instant,
    _lock: Lock,
}

impl StoreWriter {
    /// Opens the store of a run to add what is missing, and makes one where there is none. If the store holds fewer replicates of
    /// the same run, it is to grow.
    ///
    /// # Errors
    /// See [`StoreError`]. Then the folder is as it was.
    pub fn open_or_create(folder: &Path, run: &Run) -> Result<Self, StoreError> {
        if !is_chunk_length(run.chunk_length) || run.columns.is_empty() {
            return Err(StoreError::Misfit("no columns, or chunks that are no whole blocks of replicates".to_owned()));
        }
        let asked = Manifest::new(run);
        let found = Manifest::read(folder)?;
        match &found {
            Some(found) => check_same(folder, found, &asked, run)?,
            None => refuse_other_files(folder, run)?,
        }
        let chunks = folder.join(chunk::FOLDER);
        std::fs::create_dir_all(&chunks).map_err(StoreError::file(&chunks, "made"))?;
        let lock = lock(folder)?;
        // Only now nobody else can change it any more.
        let found = Manifest::read(folder)?;
        let manifest = match found {
            Some(mut found) => {
                check_same(folder, &found, &asked, run)?;
                keep_scenario(folder, run)?;
                let shorter = run.n_replicates < found.n_replicates;
                found.n_replicates = run.n_replicates;
                if shorter {
                    // Longer, it is written with the first chunk: until then the shorter run is still complete.
                    found.write(folder)?;
                }
                found
            }
            None => {
                keep_scenario(folder, run)?;
                asked.write(folder)?;
                asked
            }
        };
        let store = Store::of_manifest(folder, manifest)?;
        remove_leftovers(&store)?;
        let waiting = Rows::empty(0, store.columns().len());
        Ok(Self { store, waiting, since: Instant::now(), _lock: lock })
    }

    /// The store as its files stand, without what was added and not saved.
    pub fn store(&self) -> &Store {
        &self.store
    }

    /// The replicates that are still to be added, ascending.
    pub fn missing(&self) -> Vec<Range<u64>> {
        let waiting = self.waiting.replicates();
        let mut missing = self.store.missing();
        missing.iter_mut().filter(|gap| gap.start == waiting.start).for_each(|gap| gap.start = waiting.end);
        missing.retain(|gap| !gap.is_empty());
        missing
    }

    /// The first stretch of replicates that are still to be added and belong in one chunk.
    pub fn next_missing(&self) -> Option<Range<u64>> {
        let gap = self.missing().into_iter().next()?;
        let cell = self.store.manifest().cell(gap.start);
        Some(gap.start..gap.end.min(cell.end))
    }

    /// Adds records as [`Self::push`] does, and saves them at once.
    ///
    /// # Errors
    /// As there and for [`Self::save`].
    pub fn add(&mut self, rows: Rows) -> Result<(), StoreError> {
        self.push(rows.first, &rows.values)?;
        self.save()
    }

    /// Adds the records of consecutive replicates, `values` row by row. They must begin where replicates are missing, or with such as
    /// are there already: those are left out. Whenever a chunk is whole, and at least every half a minute, they are saved.
    ///
    /// # Errors
    /// See [`StoreError`]. What was saved before stays.
    pub fn push(&mut self, first: u64, values: &[f64]) -> Result<(), StoreError> {
        let n_columns = self.store.columns().len();
        let end = first + (values.len() / n_columns) as u64;
        let own = self.store.replicates();
        if !values.len().is_multiple_of(n_columns) || first < own.start || own.end < end {
            let (n, start) = (values.len(), own.start);
            let message = format!("{n} values from replicate {first} on, for replicates {start}..{}", own.end);
            return Err(StoreError::Misfit(message));
        }
        let mut at = first;
        while at < end {
            let missing = self.missing();
            let Some(gap) = missing.iter().find(|gap| at < gap.end).filter(|gap| gap.start < end) else {
                return Ok(());
            };
            if at > gap.start {
                return Err(StoreError::Misfit(format!("replicate {at} before replicate {}", gap.start)));
            }
            at = gap.start;
            let until = gap.end.min(self.store.manifest().cell(at).end);
            let rows = at - first..end.min(until) - first;
            let [from, to] = [rows.start, rows.end].map(|row| row as usize * n_columns);
            self.wait(at, &values[from..to])?;
            at = first + rows.end;
            if at == until || self.since.elapsed() > SAVED_EVERY {
                self.save()?;
            }
        }
        Ok(())
    }

    /// Lets records wait behind those that do.
    fn wait(&mut self, first: u64, values: &[f64]) -> Result<(), StoreError> {
        if self.waiting.replicates().end != first {
            self.save()?;
        }
        if self.waiting.values.is_empty() {
            (self.waiting.first, self.since) = (first, Instant::now());
        }
        self.waiting.values.extend_from_slice(values);
        Ok(())
    }

    /// Saves what was added: to be called before a run is broken off.
    ///
    /// # Errors
    /// See [`StoreError`]. Then the store is as it was.
    pub fn save(&mut self) -> Result<(), StoreError> {
        if self.waiting.values.is_empty() {
            return Ok(());
        }
        let folder = self.store.folder().to_owned();
        let before = self.store.manifest().chunk_of_cell(self.waiting.first).cloned();
        let joined = before.as_ref().map(|before| self.store.rows(before)).transpose()?.map(|mut rows| {
            rows.values.extend_from_slice(&self.waiting.values);
            rows
        });
        let rows = joined.as_ref().unwrap_or(&self.waiting);
        let chunk = Chunk::write(&folder, rows, self.store.manifest().form())?;
        let mut manifest = self.store.manifest().clone();
        manifest.put(chunk);
        manifest.write(&folder)?;
        self.store.set_manifest(manifest);
        self.waiting.values.clear();
        before.map_or(Ok(()), |before| remove(&before.path(&folder)))
    }

    /// Lets the run end before the first replicate that is missing: the store is then that of a run of which no more was asked for.
    ///
    /// # Errors
    /// See [`StoreError`]; [`StoreError::Misfit`] for a shard, whose replicates depend on the length of the run.
    pub fn settle(&mut self) -> Result<(), StoreError> {
        self.save()?;
        let missing = self.missing();
        let Some(gap) = missing.first() else { return Ok(()) };
        let mut manifest = self.store.manifest().clone();
        if manifest.shard.is_some() {
            return Err(StoreError::Misfit("a shard does not end before its end".to_owned()));
        }
        manifest.n_replicates = gap.start;
        manifest.retain(|chunk| chunk.first < gap.start);
        manifest.write(self.store.folder())?;
        self.store.set_manifest(manifest);
        remove_leftovers(&self.store)
    }

    /// Saves and closes a store to which everything has been added.
    ///
    /// # Errors
    /// [`StoreError::Incomplete`].
    pub fn finish(mut self) -> Result<Store, StoreError> {
        self.save()?;
        self.store.check_complete()?;
        Ok(self.store)
    }
}

/// Refuses a folder of another run, of another part of it, or of more replicates than are asked for.
fn check_same(folder: &Path, found: &Manifest, asked: &Manifest, run: &Run) -> Result<(), StoreError> {
    let mut differences = found.differences(asked);
    if found.scenario_hash != asked.scenario_hash {
        differences.extend(changed_settings(folder, run));
        if differences.is_empty() {
            let (there, here) = (&found.scenario_hash, &asked.scenario_hash);
            differences.push(format!("hash of the scenario: {there} there, {here} here"));
        }
    }
    let part = |manifest: &Manifest| match manifest.shard {
        Some(shard) => format!("shard {shard} of {} replicates", manifest.n_replicates),
        None => "the whole run".to_owned(),
    };
    // A shard has other replicates where the run has more, so that only whole runs grow.
    if part(found) != part(asked) {
        differences.push(format!("part: {} there, {} here", part(found), part(asked)));
    }
    if !differences.is_empty() {
        return Err(StoreError::OtherRun { folder: folder.to_owned(), differences });
    }
    // A run that was to be longer and was broken off before may become shorter: nothing in it is lost.
    let there = found.chunks().iter().map(|chunk| chunk.replicates().end).max().unwrap_or(0);
    if there > asked.n_replicates {
        return Err(StoreError::Fewer { folder: folder.to_owned(), there, asked: asked.n_replicates });
    }
    Ok(())
}

/// How the scenario that is kept in a folder differs from another; at most the first few settings. Nothing if it cannot be read.
fn changed_settings(folder: &Path, run: &Run) -> Vec<String> {
    const SHOWN: usize = 6;
    let Ok(kept) = scenario::load(&folder.join(SCENARIO), &[]) else { return Vec::new() };
    let value = |setting: Option<Setting>| setting.map_or_else(|| "nothing".to_owned(), |setting| setting.value);
    let changes = changes(&kept.settings, &run.settings).into_iter().filter(Change::matters);
    let mut lines: Vec<String> =
        changes.map(|change| format!("{}: {} there, {} here", change.path, value(change.a), value(change.b))).collect();
    if lines.len() > SHOWN {
        let more = lines.split_off(SHOWN).len();
        lines.push(format!("and {more} more settings"));
    }
    lines
}

/// Refuses a folder without a run that holds anything but what a run that was killed at its start may have left.
fn refuse_other_files(folder: &Path, run: &Run) -> Result<(), StoreError> {
    if !folder.exists() {
        return Ok(());
    }
    let same_scenario = || std::fs::read_to_string(folder.join(SCENARIO)).is_ok_and(|text| text == run.scenario_text());
    let is_ours = |name: &str| match name {
        LOCK => true,
        SCENARIO => same_scenario(),
        _ => is_temporary(name),
    };
    let mut found: Vec<String> =
        names(folder)?.into_iter().filter(|name| name != chunk::FOLDER && !is_ours(name)).collect();
    let chunks = folder.join(chunk::FOLDER);
    if chunks.exists() {
        let chunks = names(&chunks)?.into_iter().filter(|name| !is_temporary(name));
        found.extend(chunks.map(|name| format!("{}/{name}", chunk::FOLDER)));
    }
    if found.is_empty() {
        return Ok(());
    }
    found.sort();
    found.truncate(3);
    Err(StoreError::Occupied { folder: folder.to_owned(), found })
}

/// Names of what is in a folder.
fn names(folder: &Path) -> Result<Vec<String>, StoreError> {
    let name = |entry: std::io::Result<std::fs::DirEntry>| Ok(entry?.file_name().to_string_lossy().into_owned());
    let entries = std::fs::read_dir(folder).and_then(|entries| entries.map(name).collect());
    entries.map_err(StoreError::file(folder, "read"))
}

/// Whether a name is one that files have while they are being written.
fn is_temporary(name: &str) -> bool {
    name.starts_with(".linger-") && name.ends_with(".tmp")
}

/// Writes the scenario unless it is there. A title may have changed since: that is no other run.
fn keep_scenario(folder: &Path, run: &Run) -> Result<(), StoreError> {
    let path = folder.join(SCENARIO);
    if std::fs::read_to_string(&path).is_ok_and(|text| text == run.scenario_text()) {
        return Ok(());
    }
    put_in_place(&path, run.scenario_text().as_bytes()).map_err(StoreError::file(&path, "written"))
}

/// Removes what a run that was killed has left: files half written, and chunks that the manifest does not name.
fn remove_leftovers(store: &Store) -> Result<(), StoreError> {
    let folder = store.folder();
    let chunks = folder.join(chunk::FOLDER);
    let named: Vec<_> = store.manifest().chunks().iter().map(|chunk| chunk.path(folder)).collect();
    let temporary = names(folder)?.into_iter().filter(|name| is_temporary(name)).map(|name| folder.join(name));
    let unnamed = names(&chunks)?.into_iter().filter(|name| is_temporary(name) || chunk::is_name(name));
    let unnamed = unnamed.map(|name| chunks.join(name)).filter(|path| !named.contains(path));
    temporary.chain(unnamed).try_for_each(|path| remove(&path))
}

/// Removes a file if it is there.
fn remove(path: &Path) -> Result<(), StoreError> {
    match std::fs::remove_file(path) {
        Err(error) if error.kind() != ErrorKind::NotFound => Err(StoreError::file(path, "removed")(error)),
        _ => Ok(()),
    }
}

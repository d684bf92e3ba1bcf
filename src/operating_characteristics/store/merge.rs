//! Shards of a run joined into the store that computing it in one go would have made.

use std::ops::Range;
use std::path::{Path, PathBuf};

use super::manifest::VERSION;
use super::reader::Store;
use super::refusal::{StoreError, numbers};
use super::shard::Shard;
use super::writer::StoreWriter;
use crate::trial::Rows;

/// A merged run.
#[derive(Debug)]
pub struct Merged {
    /// The run.
    pub store: Store,
    /// Folders whose replicates are all in others as well, with the same records.
    pub repeated: Vec<Repeated>,
}

/// A folder that added nothing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Repeated {
    /// The folder.
    pub folder: PathBuf,
    /// The replicates that others have as well.
    pub replicates: Range<u64>,
}

/// Joins stores of one run, in any order, in a new store: equal, byte for byte, to the one that computing everything at once makes.
/// A merge that was interrupted is continued. Records that are there twice must be the same. `progress` is told how many
/// replicates are done.
///
/// # Errors
/// Everything that is wrong with the folders: those of other runs ([`StoreError::NotOneRun`]), parts that are missing
/// ([`StoreError::Gaps`]); see [`StoreError`] for the rest.
pub fn merge(folders: &[PathBuf], target: &Path, mut progress: impl FnMut(u64)) -> Result<Merged, StoreError> {
    let mut stores = folders.iter().map(|folder| Store::look(folder)).collect::<Result<Vec<_>, _>>()?;
    check_target(folders, target)?;
    check_one_run(&stores)?;
    stores.sort_by_key(|store| (store.replicates().start, store.replicates().end));
    let Some(first) = stores.first() else {
        return Err(StoreError::NotOneRun { problems: vec!["no folders were named".to_owned()] });
    };
    check_gaps(&stores)?;
    let mut writer = StoreWriter::open_or_create(target, &first.whole_run()?)?;
    while let Some(replicates) = writer.next_missing() {
        let done = replicates.end;
        writer.add(gather(&stores, replicates)?)?;
        progress(done);
    }
    Ok(Merged { store: writer.finish()?, repeated: repeated(&stores) })
}

/// Refuses to write into one of the folders that are read.
fn check_target(folders: &[PathBuf], target: &Path) -> Result<(), StoreError> {
    let Ok(place) = target.canonicalize() else { return Ok(()) };
    if folders.iter().any(|folder| folder.canonicalize().is_ok_and(|folder| folder == place)) {
        let problem = format!("{}: is to be merged and written at once; name a new folder", target.display());
        return Err(StoreError::NotOneRun { problems: vec![problem] });
    }
    Ok(())
}

/// Refuses stores that are not of the run of the first.
fn check_one_run(stores: &[Store]) -> Result<(), StoreError> {
    let Some((first, others)) = stores.split_first() else { return Ok(()) };
    let mut problems = Vec::new();
    if first.version() != VERSION {
        let (folder, version) = (first.folder().display(), first.version());
        problems
            .push(format!("{folder} is of linger {version}, this is {VERSION}: merge with the version that made it"));
    }
    for other in others {
        let (a, b) = (first.manifest(), other.manifest());
        let mut differences = b.differences(a);
        let mut compare = |what: &str, there: String, here: String| {
            if there != here {
                differences.push(format!("{what}: {there} there, {here} here"));
            }
        };
        compare("seed", b.seed.to_string(), a.seed.to_string());
        compare("hash of the scenario", b.scenario_hash.clone(), a.scenario_hash.clone());
        compare("replicates of the whole run", b.n_replicates.to_string(), a.n_replicates.to_string());
        if !differences.is_empty() {
            let (there, here) = (other.folder().display(), first.folder().display());
            problems.push(format!("{there} is not of the run of {here}: {}", differences.join("; ")));
        }
    }
    if problems.is_empty() { Ok(()) } else { Err(StoreError::NotOneRun { problems }) }
}

/// Refuses stores, in order, that do not cover the whole run; says which of them is incomplete, and which shard is not there.
fn check_gaps(stores: &[Store]) -> Result<(), StoreError> {
    let n_replicates = stores.first().map_or(0, Store::n_replicates);
    let covered = |of: &dyn Fn(&Store) -> Vec<Range<u64>>| -> Vec<Range<u64>> { stores.iter().flat_map(of).collect() };
    let there = covered(&|store| store.manifest().chunks().iter().map(|chunk| chunk.replicates()).collect());
    let missing = gaps(there, n_replicates);
    if missing.is_empty() {
        return Ok(());
    }
    let mut problems = Vec::new();
    for store in stores {
        let own = common(&store.missing(), &missing);
        if !own.is_empty() {
            let numbers = numbers(&own);
            let folder = store.folder().display();
            let remedy = match store.is_being_written() {
                true => "another process is adding to it, wait for that to end",
                false => "run the command that made it again",
            };
            problems.push(format!("{folder} is incomplete (replicates {numbers}): {remedy}"));
        }
    }
    let promised = gaps(covered(&|store| vec![store.replicates()]), n_replicates);
    problems.extend(promised.iter().map(|gap| absent(stores, gap, n_replicates)));
    Err(StoreError::Gaps { gaps: problems })
}

/// Says what is missing where no folder is for it: shards, if the folders are such.
fn absent(stores: &[Store], gap: &Range<u64>, n_replicates: u64) -> String {
    let replicates = numbers(std::slice::from_ref(gap));
    let own = |shard: &Shard| shard.replicates(n_replicates);
    let within = |shard: &Shard| {
        let own = own(shard);
        !own.is_empty() && gap.start <= own.start && own.end <= gap.end
    };
    // Folders may be of several divisions; that of any whose shards fill the gap will do.
    let of_division = |shard: Shard| Shard::all(shard.of()).filter(within).collect::<Vec<_>>();
    let fills = |shards: &Vec<Shard>| {
        shards.first().map(own).is_some_and(|first| first.start == gap.start)
            && shards.last().map(own).is_some_and(|last| last.end == gap.end)
    };
    let shards = stores.iter().filter_map(Store::shard).map(of_division).find(fills).unwrap_or_default();
    let shards: Vec<String> = shards.iter().map(Shard::to_string).collect();
    match shards.as_slice() {
        [] => format!("replicates {replicates} are in none of the folders"),
        [shard] => format!("shard {shard} (replicates {replicates}) is in none of the folders"),
        _ => format!("shards {} (replicates {replicates}) are in none of the folders", shards.join(", ")),
    }
}

/// What of 0 … n − 1 is in none of the ranges.
fn gaps(mut ranges: Vec<Range<u64>>, n: u64) -> Vec<Range<u64>> {
    ranges.retain(|range| !range.is_empty());
    ranges.sort_by_key(|range| range.start);
    let (mut gaps, mut end) = (Vec::new(), 0);
    for range in ranges {
        if range.start > end {
            gaps.push(end..range.start);
        }
        end = end.max(range.end);
    }
    if end < n {
        gaps.push(end..n);
    }
    gaps
}

/// What is in a range of both lists.
fn common(a: &[Range<u64>], b: &[Range<u64>]) -> Vec<Range<u64>> {
    let both = |a: &Range<u64>, b: &Range<u64>| a.start.max(b.start)..a.end.min(b.end);
    a.iter().flat_map(|a| b.iter().map(move |b| both(a, b))).filter(|range| !range.is_empty()).collect()
}

/// The records of a stretch of replicates from all stores that have some of them.
fn gather(stores: &[Store], replicates: Range<u64>) -> Result<Rows, StoreError> {
    let n_columns = stores.first().map_or(0, |store| store.columns().len());
    let cells = usize::try_from(replicates.end - replicates.start).unwrap_or(0) * n_columns;
    let mut rows = Rows { first: replicates.start, n_columns, values: vec![f64::NAN; cells] };
    let mut from: Vec<Option<&Store>> = vec![None; cells.checked_div(n_columns).unwrap_or(0)];
    for store in stores {
        let chunks = store.manifest().chunks().iter();
        let overlaps = |chunk: &Range<u64>| chunk.start < replicates.end && replicates.start < chunk.end;
        for chunk in chunks.filter(|chunk| overlaps(&chunk.replicates())) {
            let part = store.rows(chunk)?;
            for (replicate, record) in part.replicates().zip(part.iter()).filter(|(own, _)| replicates.contains(own)) {
                let row = usize::try_from(replicate - replicates.start).unwrap_or(0);
                let place = &mut rows.values[row * n_columns..(row + 1) * n_columns];
                match from[row] {
                    Some(other) if !same(place, record) => return Err(contradiction(other, store, replicate)),
                    Some(_) => {}
                    None => place.copy_from_slice(record),
                }
                from[row].get_or_insert(store);
            }
        }
    }
    Ok(rows)
}

/// Whether two records are the same bit by bit; no number is like no number.
fn same(a: &[f64], b: &[f64]) -> bool {
    a.iter().zip(b).all(|(a, b)| a.to_bits() == b.to_bits() || (a.is_nan() && b.is_nan()))
}

fn contradiction(a: &Store, b: &Store, replicate: u64) -> StoreError {
    let (a, b) = (a.folder().display(), b.folder().display());
    let problem =
        format!("{a} and {b} both have replicate {replicate}, and not the same record; one of them is damaged");
    StoreError::NotOneRun { problems: vec![problem] }
}

/// The stores, in order, that have nothing which those before and after have not.
fn repeated(stores: &[Store]) -> Vec<Repeated> {
    let mut end = 0;
    let mut repeated = Vec::new();
    for store in stores {
        let own = store.replicates();
        if !own.is_empty() && own.end <= end {
            repeated.push(Repeated { folder: store.folder().to_owned(), replicates: own.clone() });
        }
        end = end.max(own.end);
    }
    repeated
}

//! Records of many replicates in a folder: every way to a run gives the same bytes, and they read back as what was put in.

mod full_disk;
mod killed;
mod refusals;
mod shards;

use std::collections::BTreeMap;
use std::ops::{ControlFlow, Range};
use std::path::{Path, PathBuf};

use linger::operating_characteristics::{Filled, Run, Shard, Store, StoreWriter, fill};
use linger::scenario::{self, Loaded, Override, Source};
use linger::trial::{ColumnKind, RecordColumn, Rows};

/// Replicates of a chunk in these tests.
const CHUNK: u64 = 512;

/// A scenario with changes.
fn loaded(overrides: &[&str]) -> Loaded {
    let overrides: Vec<Override> = overrides.iter().map(|&text| Override::new(text)).collect();
    scenario::read(scenario::built_in("plain").unwrap(), &overrides).unwrap_or_else(|problems| panic!("{problems}"))
}

/// Columns as records have them: an estimate, degrees of freedom that never change, the code of a reason.
fn columns() -> Vec<RecordColumn> {
    let column = |name: &str, kind| RecordColumn { name: format!("rdq.week_10.a - b.{name}"), kind };
    vec![column("estimate", ColumnKind::Number), column("df", ColumnKind::Number), column("failure", ColumnKind::Code)]
}

fn run(n_replicates: u64, shard: Option<&str>) -> Run {
    let shard = shard.map(|text| text.parse::<Shard>().unwrap());
    Run { chunk_length: CHUNK, ..Run::new(&loaded(&[]), columns(), n_replicates, shard) }
}

/// A record that depends on its number alone: now and then there is no number, infinity, or zero with a sign.
fn record(replicate: u64) -> [f64; 3] {
    let scrambled = replicate.wrapping_add(1).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    match replicate % 101 {
        7 => [f64::NAN, f64::NAN, 3.0],
        8 => [f64::INFINITY, 397.0, 0.0],
        9 => [-0.0, 397.0, 0.0],
        _ => [scrambled as f64 / 2f64.powi(64) - 0.5, 397.0, 0.0],
    }
}

fn records(replicates: Range<u64>) -> Rows {
    Rows { first: replicates.start, n_columns: 3, values: replicates.flat_map(record).collect() }
}

/// Opens a store and computes what is missing.
fn fill_up(folder: &Path, run: &Run) -> Store {
    let mut writer = StoreWriter::open_or_create(folder, run).unwrap_or_else(|error| panic!("{error}"));
    assert_eq!(fill(&mut writer, records, |_| ControlFlow::Continue(())).unwrap(), Filled::Complete);
    writer.finish().unwrap()
}

/// Opens a store and computes until so many replicates are done, in the smallest pieces.
fn fill_until(folder: &Path, run: &Run, done: u64) {
    let mut writer = StoreWriter::open_or_create(folder, run).unwrap();
    let stop = |now| if now >= done { ControlFlow::Break(()) } else { ControlFlow::Continue(()) };
    let pool = rayon::ThreadPoolBuilder::new().num_threads(1).build().unwrap();
    assert_eq!(pool.install(|| fill(&mut writer, records, stop)).unwrap(), Filled::Interrupted);
}

/// Adds one stretch of so many records at most.
fn add_stretch(folder: &Path, run: &Run, at_most: u64) {
    let mut writer = StoreWriter::open_or_create(folder, run).unwrap();
    let next = writer.next_missing().unwrap();
    writer.add(records(next.start..next.end.min(next.start + at_most))).unwrap();
}

/// Everything below a folder with its bytes.
fn contents(folder: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
    let mut all = BTreeMap::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(next) = folders.pop() {
        for entry in std::fs::read_dir(&next).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else {
                all.insert(path.strip_prefix(folder).unwrap().to_owned(), std::fs::read(&path).unwrap());
            }
        }
    }
    all
}

/// Puts files into a folder that were there another time.
fn put_back(folder: &Path, files: &BTreeMap<PathBuf, Vec<u8>>) {
    for (name, bytes) in files {
        std::fs::create_dir_all(folder.join(name).parent().unwrap()).unwrap();
        std::fs::write(folder.join(name), bytes).unwrap();
    }
}

#[track_caller]
fn assert_same(found: &BTreeMap<PathBuf, Vec<u8>>, expected: &BTreeMap<PathBuf, Vec<u8>>) {
    assert_eq!(found.keys().collect::<Vec<_>>(), expected.keys().collect::<Vec<_>>());
    let differ: Vec<_> = found.keys().filter(|name| found[*name] != expected[*name]).collect();
    assert!(differ.is_empty(), "not the same bytes: {differ:?}");
}

fn folder() -> tempfile::TempDir {
    tempfile::tempdir().unwrap()
}

/// What computing everything at once puts into a folder.
fn at_once(n_replicates: u64) -> BTreeMap<PathBuf, Vec<u8>> {
    let folder = folder();
    fill_up(folder.path(), &run(n_replicates, None));
    contents(folder.path())
}

#[test]
fn records_read_back_as_they_were_put_in() {
    let folder = folder();
    fill_up(folder.path(), &run(1300, None));
    let store = Store::read(folder.path()).unwrap();
    assert_eq!((store.n_replicates(), store.replicates(), store.shard()), (1300, 0..1300, None));
    assert_eq!((store.columns(), store.missing()), (columns().as_slice(), Vec::new()));
    let mut expected = (0..1300).map(record);
    for rows in store.chunks() {
        let rows = rows.unwrap();
        assert!(rows.n_rows() as u64 <= CHUNK);
        for row in rows.iter() {
            let bits = |row: &[f64]| row.iter().map(|x| if x.is_nan() { 0 } else { x.to_bits() }).collect::<Vec<_>>();
            assert_eq!(bits(row), bits(&expected.next().unwrap()));
        }
    }
    assert!(expected.next().is_none());
    let names: Vec<String> = contents(folder.path()).keys().map(|path| path.display().to_string()).collect();
    let chunks = [(0, 512), (512, 1024), (1024, 1300)].map(|(a, b)| format!("chunks/{a:012}-{b:012}.parquet"));
    assert_eq!(
        names,
        [&[".lock".to_owned()], chunks.as_slice(), &["manifest.toml".into(), "scenario.toml".into()]].concat()
    );
}

#[test]
fn the_kept_scenario_is_that_of_the_run_wherever_it_came_from() {
    let (folder, other) = (folder(), folder());
    let own = loaded(&["seed=7", "title=first"]);
    let elsewhere =
        std::fs::read_to_string("scenarios/plain.toml").unwrap().replace("seed = ", "# of another file\nseed = ");
    let elsewhere = Source::new("some/other/name.toml", elsewhere);
    let elsewhere = scenario::read(elsewhere, &[Override::new("seed=7"), Override::new("title=second")]).unwrap();
    let run = |loaded: &Loaded| Run::new(loaded, columns(), 600, None);
    let store = fill_up(folder.path(), &run(&own));
    let kept = store.scenario().unwrap();
    assert_eq!(kept.scenario, own.scenario);
    assert_eq!((store.scenario_hash(), store.seed()), (own.scenario.hash.as_str(), 7));
    // Another title is no other run; the folder has the one that was used last, as if it had been used alone.
    fill_up(folder.path(), &run(&elsewhere));
    fill_up(other.path(), &run(&elsewhere));
    assert_eq!(store.scenario().unwrap().scenario.title, "second");
    assert_same(&contents(folder.path()), &contents(other.path()));
}

#[test]
fn growing_gives_the_bytes_of_all_at_once() {
    let folder = folder();
    for n in [1, 300, 300, 512, 513, 2000, 5000] {
        let store = fill_up(folder.path(), &run(n, None));
        assert_eq!(store.n_replicates(), n);
        assert_same(&contents(folder.path()), &at_once(n));
    }
}

#[test]
fn a_run_that_asks_for_nothing_new_writes_nothing() {
    let folder = folder();
    fill_up(folder.path(), &run(700, None));
    let times = || {
        let paths = contents(folder.path()).into_keys();
        paths.map(|path| folder.path().join(path).metadata().unwrap().modified().unwrap()).collect::<Vec<_>>()
    };
    let before = times();
    let mut writer = StoreWriter::open_or_create(folder.path(), &run(700, None)).unwrap();
    let mut told = Vec::new();
    let filled = fill(
        &mut writer,
        |_| unreachable!(),
        |done| {
            told.push(done);
            ControlFlow::Break(())
        },
    );
    assert_eq!((filled.unwrap(), told), (Filled::Complete, vec![700]));
    assert_eq!(times(), before);
}

#[test]
fn interrupting_loses_nothing_that_was_computed_and_changes_no_byte() {
    let folder = folder();
    let run = run(6000, None);
    for done in [1, 400, 1100, 2500] {
        fill_until(folder.path(), &run, done);
        let there: u64 =
            6000 - Store::look(folder.path()).unwrap().missing().iter().map(|gap| gap.end - gap.start).sum::<u64>();
        assert!(there >= done);
    }
    let mut computed = 0;
    let mut writer = StoreWriter::open_or_create(folder.path(), &run).unwrap();
    let missing: u64 = writer.missing().iter().map(|gap| gap.end - gap.start).sum();
    let counted = |replicates: Range<u64>| {
        computed += replicates.end - replicates.start;
        records(replicates)
    };
    fill(&mut writer, counted, |_| ControlFlow::Continue(())).unwrap();
    drop(writer);
    assert_eq!(computed, missing);
    assert_same(&contents(folder.path()), &at_once(6000));
}

#[test]
fn records_may_come_in_any_portions_with_some_that_are_there_already() {
    let folder = folder();
    let run = run(3000, None);
    let mut writer = StoreWriter::open_or_create(folder.path(), &run).unwrap();
    let mut add = |replicates: Range<u64>| {
        writer.push(replicates.start, &records(replicates).values).unwrap();
        writer.missing().first().map_or(3000, |gap| gap.start)
    };
    assert_eq!(add(0..1), 1);
    assert_eq!(add(0..300), 300);
    assert_eq!(add(100..100), 300);
    assert_eq!(add(256..1700), 1700);
    assert_eq!(add(0..1000), 1700);
    // Only whole chunks are saved unasked.
    assert_eq!(writer.store().missing().as_slice(), std::slice::from_ref(&(1536..3000)));
    writer.save().unwrap();
    assert_eq!(writer.store().missing().as_slice(), std::slice::from_ref(&(1700..3000)));
    drop(writer);
    // A chunk in the middle is lost; everything is simulated again from there, or from the start.
    for start in [512, 0] {
        std::fs::remove_file(folder.path().join("chunks/000000000512-000000001024.parquet")).unwrap();
        let mut writer = StoreWriter::open_or_create(folder.path(), &run).unwrap();
        assert_eq!(writer.missing()[0], 512..1024);
        writer.push(start, &records(start..3000).values).unwrap();
        writer.finish().unwrap();
        assert_same(&contents(folder.path()), &at_once(3000));
    }
}

#[test]
fn what_is_there_reads_back_up_to_a_replicate() {
    let folder = folder();
    fill_up(folder.path(), &run(1300, None));
    let store = Store::read(folder.path()).unwrap();
    for end in [0, 1, 512, 768, 1300, 5000] {
        let rows = store.chunks_before(end).collect::<Result<Vec<_>, _>>().unwrap();
        let read: Vec<u64> = rows.iter().flat_map(Rows::replicates).collect();
        assert_eq!(read, (0..end.min(1300)).collect::<Vec<u64>>());
        assert!(rows.iter().all(|rows| rows.n_rows() > 0 && rows.n_rows() * 3 == rows.values.len()));
    }
}

#[test]
fn a_run_that_ends_early_is_one_of_which_no_more_was_asked_for() {
    let folder = folder();
    for (asked, made) in [(100_000, 700), (700, 700), (50_000, 700), (100_000, 2100)] {
        let mut writer = StoreWriter::open_or_create(folder.path(), &run(asked, None)).unwrap();
        writer.push(0, &records(0..made).values).unwrap();
        writer.settle().unwrap();
        assert_eq!(writer.finish().unwrap().n_replicates(), made);
        assert_same(&contents(folder.path()), &at_once(made));
    }
    // What is behind a chunk that is lost goes as well.
    std::fs::remove_file(folder.path().join("chunks/000000000512-000000001024.parquet")).unwrap();
    StoreWriter::open_or_create(folder.path(), &run(2100, None)).unwrap().settle().unwrap();
    assert_same(&contents(folder.path()), &at_once(512));
}

#[test]
fn a_run_that_was_broken_off_may_become_shorter() {
    for shorter in [700, 800, 1024, 1100] {
        let folder = folder();
        let mut writer = StoreWriter::open_or_create(folder.path(), &run(5000, None)).unwrap();
        writer.add(records(0..700)).unwrap();
        drop(writer);
        fill_up(folder.path(), &run(shorter, None));
        assert_same(&contents(folder.path()), &at_once(shorter));
    }
}

#[test]
fn progress_counts_up_to_the_whole() {
    let folder = folder();
    fill_until(folder.path(), &run(2000, None), 100);
    let mut told = Vec::new();
    let mut writer = StoreWriter::open_or_create(folder.path(), &run(2000, None)).unwrap();
    let before = 2000 - writer.missing().iter().map(|gap| gap.end - gap.start).sum::<u64>();
    fill(&mut writer, records, |done| {
        told.push(done);
        ControlFlow::Continue(())
    })
    .unwrap();
    assert_eq!((told.first(), told.last()), (Some(&before), Some(&2000)));
    assert!(told.is_sorted());
}

#[test]
fn threads_change_no_byte() {
    for threads in [1, 5] {
        let folder = folder();
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        pool.install(|| fill_up(folder.path(), &run(1500, None)));
        assert_same(&contents(folder.path()), &at_once(1500));
    }
}

/// Every state in which a killed writer can leave a folder: between any two of the files that it writes, and within one.
#[test]
fn whatever_a_killed_run_leaves_is_continued_to_the_same_bytes() {
    let (folder, run) = (folder(), run(1400, None));
    let expected = at_once(1400);
    let mut states = Vec::new();
    // Nothing but the lock; the scenario without a manifest.
    let of =
        |names: &[&str]| names.iter().map(|name| (PathBuf::from(name), expected[Path::new(name)].clone())).collect();
    states.push(of(&[".lock"]));
    states.push(of(&[".lock", "scenario.toml"]));
    let mut before = contents({
        drop(StoreWriter::open_or_create(folder.path(), &run).unwrap());
        folder.path()
    });
    // Chunks that are begun, extended, begun, extended twice, begun.
    for at_most in [200, 1000, 100, 100, 1000, 1000] {
        add_stretch(folder.path(), &run, at_most);
        let after = contents(folder.path());
        let new_chunks = after.iter().filter(|(name, _)| name.starts_with("chunks") && !before.contains_key(*name));
        let mut chunk_without_manifest = before.clone();
        chunk_without_manifest.extend(new_chunks.map(|(name, bytes)| (name.clone(), bytes.clone())));
        let mut old_not_removed = before.clone();
        old_not_removed.extend(after.clone());
        states.extend([before, chunk_without_manifest, old_not_removed]);
        before = after;
    }
    states.push(before.clone());
    assert_same(&before, &expected);
    // The same with files half written.
    let torn = |state: &BTreeMap<PathBuf, Vec<u8>>| {
        let mut state = state.clone();
        state.insert(PathBuf::from(".linger-a1B2c3.tmp"), b"schema".to_vec());
        state.insert(PathBuf::from("chunks/.linger-Zz.tmp"), b"PAR1".to_vec());
        state
    };
    let half: Vec<BTreeMap<PathBuf, Vec<u8>>> = states.iter().map(torn).collect();
    assert_eq!(states.len() + half.len(), 2 * (2 + 6 * 3 + 1));
    for state in states.iter().chain(&half) {
        let other = crate::store::folder();
        put_back(other.path(), state);
        fill_up(other.path(), &run);
        assert_same(&contents(other.path()), &expected);
    }
}

#[test]
fn a_missing_chunk_is_computed_again_and_nothing_else() {
    let folder = folder();
    fill_up(folder.path(), &run(2000, None));
    let before = contents(folder.path());
    std::fs::remove_file(folder.path().join("chunks/000000000512-000000001024.parquet")).unwrap();
    let mut asked = Vec::new();
    let mut writer = StoreWriter::open_or_create(folder.path(), &run(2000, None)).unwrap();
    assert_eq!(writer.missing().as_slice(), std::slice::from_ref(&(512..1024)));
    fill(
        &mut writer,
        |replicates| {
            asked.push(replicates.clone());
            records(replicates)
        },
        |_| ControlFlow::Continue(()),
    )
    .unwrap();
    assert_eq!((asked.first().unwrap().start, asked.last().unwrap().end), (512, 1024));
    assert_same(&contents(folder.path()), &before);
}

#[test]
fn files_of_others_are_left_alone() {
    let folder = folder();
    fill_until(folder.path(), &run(2000, None), 600);
    for name in ["performance.csv", "chunks/notes.txt", "chunks/1-2.parquet"] {
        std::fs::write(folder.path().join(name), "mine").unwrap();
    }
    fill_up(folder.path(), &run(2000, None));
    let mut found = contents(folder.path());
    for name in ["performance.csv", "chunks/notes.txt", "chunks/1-2.parquet"] {
        assert_eq!(found.remove(Path::new(name)).unwrap(), b"mine");
    }
    assert_same(&found, &at_once(2000));
}

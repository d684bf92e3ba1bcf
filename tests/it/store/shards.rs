//! Shards of a run: every replicate once, and merged to the bytes of the whole run, whatever the order.

use std::path::PathBuf;

use linger::operating_characteristics::{BLOCK, Run, Shard, Store, StoreError, StoreWriter, merge};

use super::{assert_same, at_once, columns, contents, fill_until, fill_up, folder, loaded, records, run};
use crate::program::Desk;

/// Folders of all shards of a run, filled.
fn shards(desk: &tempfile::TempDir, n_replicates: u64, of: u64) -> Vec<PathBuf> {
    let fill = |shard: Shard| {
        let folder = desk.path().join(format!("s{}", shard.index()));
        fill_up(&folder, &run(n_replicates, Some(&shard.to_string())));
        folder
    };
    Shard::all(of).map(fill).collect()
}

fn problems(folders: &[PathBuf], desk: &tempfile::TempDir) -> (bool, String) {
    let target = desk.path().join("target");
    let error = merge(folders, &target, |_| {}).unwrap_err();
    assert!(!target.exists() || contents(&target).is_empty(), "a merge that is refused writes nothing");
    (error.is_incomplete(), error.to_string().replace(&format!("{}/", desk.path().display()), ""))
}

#[test]
fn shards_have_every_replicate_once_in_whole_blocks() {
    for n in [0, 1, 255, 256, 257, 1000, 16_384, 1_000_000, u64::from(u32::MAX)] {
        for of in [1, 2, 3, 7, 8, 100] {
            let mut end = 0;
            for shard in Shard::all(of) {
                let own = shard.replicates(n);
                assert_eq!(own.start, end);
                assert!(own.start.is_multiple_of(BLOCK) || own.start == n);
                end = own.end;
            }
            assert_eq!(end, n);
            let sizes = Shard::all(of).map(|shard| shard.replicates(n).count() as u64);
            if n < 1 << 20 {
                let (least, most) = sizes.fold((u64::MAX, 0), |(a, b), size| (a.min(size), b.max(size)));
                assert!(most - least <= 2 * BLOCK, "{n} in {of}: {least} to {most}");
            }
        }
    }
}

#[test]
fn a_shard_is_read_as_it_is_written() {
    for text in ["1/1", "2/8", "8/8"] {
        assert_eq!(text.parse::<Shard>().unwrap().to_string(), text);
    }
    for text in ["", "1", "0/3", "4/3", "1/0", "-1/3", "1/3/5", "a/b", "1.5/2"] {
        let said = text.parse::<Shard>().unwrap_err().to_string();
        assert_eq!(said, format!("{text}: expected a shard such as 2/8, the second of eight parts"));
    }
}

#[test]
fn shards_in_any_order_merge_to_the_bytes_of_the_whole_run() {
    // Borders of shards within chunks, on them, and more shards than blocks.
    for (n_replicates, of) in [(1, 1), (600, 2), (2048, 4), (3000, 3), (3000, 5), (1000, 9)] {
        let desk = folder();
        let mut folders = shards(&desk, n_replicates, of);
        folders.rotate_left(of as usize / 2);
        folders.reverse();
        let mut told = Vec::new();
        let merged = merge(&folders, &desk.path().join("all"), |done| told.push(done)).unwrap();
        assert_eq!((merged.store.n_replicates(), merged.store.shard(), merged.repeated), (n_replicates, None, vec![]));
        assert_eq!(told.last(), Some(&n_replicates));
        assert_same(&contents(&desk.path().join("all")), &at_once(n_replicates));
    }
}

#[test]
fn a_merged_run_grows() {
    let desk = folder();
    let all = desk.path().join("all");
    merge(&shards(&desk, 1000, 3), &all, |_| {}).unwrap();
    fill_up(&all, &run(2500, None));
    assert_same(&contents(&all), &at_once(2500));
}

#[test]
fn a_merge_that_was_killed_is_continued() {
    let desk = folder();
    let (folders, all) = (shards(&desk, 3000, 3), desk.path().join("all"));
    let mut writer = StoreWriter::open_or_create(&all, &run(3000, None)).unwrap();
    writer.add(records(0..700)).unwrap();
    drop(writer);
    std::fs::write(all.join("chunks/.linger-x.tmp"), "half").unwrap();
    merge(&folders, &all, |_| {}).unwrap();
    assert_same(&contents(&all), &at_once(3000));
}

#[test]
fn a_shard_twice_is_fine_if_both_are_the_same() {
    let desk = folder();
    let mut folders = shards(&desk, 2048, 4);
    let again = desk.path().join("again");
    fill_up(&again, &run(2048, Some("2/4")));
    folders.push(again.clone());
    // An overlap of another division, and one folder by two names.
    let half = desk.path().join("half");
    fill_up(&half, &run(2048, Some("1/2")));
    folders.extend([half, folders[3].join("../s4")]);
    let merged = merge(&folders, &desk.path().join("all"), |_| {}).unwrap();
    assert_eq!(merged.repeated.iter().filter(|repeated| repeated.replicates == (512..1024)).count(), 2);
    assert_eq!(merged.repeated.iter().filter(|repeated| repeated.replicates == (1536..2048)).count(), 1);
    assert_same(&contents(&desk.path().join("all")), &at_once(2048));
}

#[test]
fn a_shard_twice_with_other_records_is_refused() {
    let desk = folder();
    let mut folders = shards(&desk, 2048, 4);
    let again = desk.path().join("again");
    let mut writer = StoreWriter::open_or_create(&again, &run(2048, Some("2/4"))).unwrap();
    let mut rows = records(512..1024);
    rows.values[3 * 100] += 1e-12;
    writer.add(rows).unwrap();
    drop(writer);
    folders.push(again);
    let error = merge(&folders, &desk.path().join("target"), |_| {}).unwrap_err();
    assert!(matches!(error, StoreError::NotOneRun { .. }));
    let said = error.to_string().replace(&format!("{}/", desk.path().display()), "");
    let expected = ["again", "s2"].map(|a| {
        let b = if a == "again" { "s2" } else { "again" };
        format!("  {a} and {b} both have replicate 612, and not the same record; one of them is damaged\n")
    });
    assert!(expected.iter().any(|line| said.ends_with(line)), "{said}");
}

#[test]
fn what_is_missing_is_named() {
    let desk = folder();
    let folders = shards(&desk, 2048, 8);
    let without = |missing: &[usize]| -> Vec<PathBuf> {
        let kept = (1..=8).filter(|index| !missing.contains(index));
        kept.map(|index| folders[index - 1].clone()).collect()
    };
    let said = |missing: &[usize]| problems(&without(missing), &desk);
    assert_eq!(
        said(&[3]),
        (
            true,
            "incomplete run: parts of it are missing\n  shard 3/8 (replicates 512 to 767) is in none of the folders\n"
                .to_owned()
        )
    );
    assert_eq!(
        said(&[1, 5, 6, 8]).1,
        "incomplete run: parts of it are missing\n  shard 1/8 (replicates 0 to 255) is in none of the folders\n  \
         shards 5/8, 6/8 (replicates 1024 to 1535) are in none of the folders\n  \
         shard 8/8 (replicates 1792 to 2047) is in none of the folders\n"
    );
    // One that was interrupted, one that lost a chunk, one that is not there.
    let interrupted = desk.path().join("interrupted");
    fill_until(&interrupted, &run(2048, Some("1/2")), 1);
    let end = Store::look(&interrupted).unwrap().missing()[0].start;
    std::fs::remove_file(folders[7].join("chunks/000000001792-000000002048.parquet")).unwrap();
    let both = [vec![interrupted], without(&[1, 2, 3, 4, 6])].concat();
    assert_eq!(
        problems(&both, &desk),
        (
            true,
            format!(
                "incomplete run: parts of it are missing\n  \
                 interrupted is incomplete (replicates {end} to 1023): run the command that made it again\n  \
                 s8 is incomplete (replicates 1792 to 2047): run the command that made it again\n  \
                 shard 6/8 (replicates 1280 to 1535) is in none of the folders\n"
            )
        )
    );
}

#[test]
fn folders_of_other_runs_are_refused_all_at_once() {
    let desk = folder();
    let mut folders = shards(&desk, 1024, 2);
    let other = |name: &str, run: &Run| {
        let folder = desk.path().join(name);
        fill_up(&folder, run);
        folder
    };
    let of_seed = Run { chunk_length: 512, ..Run::new(&loaded(&["seed=7"]), columns(), 1024, None) };
    folders.push(other("seed", &of_seed));
    folders.push(other("longer", &run(2048, Some("2/2"))));
    folders.push(other("chunks", &Run { chunk_length: 256, ..run(1024, None) }));
    let (incomplete, said) = problems(&folders, &desk);
    let seed = loaded(&[]).scenario.simulation.seed;
    assert!(!incomplete);
    assert!(
        said.starts_with("these folders cannot be merged\n  seed is not of the run of s1: seed: 7 there, "),
        "{said}"
    );
    assert!(said.contains(&format!("{seed} here; hash of the scenario: ")), "{said}");
    assert!(
        said.contains("  longer is not of the run of s1: replicates of the whole run: 2048 there, 1024 here\n"),
        "{said}"
    );
    assert!(said.contains("  chunks is not of the run of s1: chunk length: 256 there, 512 here\n"), "{said}");
    let target = merge(&folders[..2], &folders[0], |_| {}).unwrap_err().to_string();
    assert!(target.contains("is to be merged and written at once; name a new folder"), "{target}");
    let nothing = merge(&[desk.path().join("nothing")], &desk.path().join("target"), |_| {}).unwrap_err();
    assert!(matches!(nothing, StoreError::NoRun { .. }));
}

#[test]
fn a_torn_shard_is_named() {
    let desk = folder();
    let folders = shards(&desk, 1024, 2);
    let chunk = folders[1].join("chunks/000000000512-000000001024.parquet");
    let mut bytes = std::fs::read(&chunk).unwrap();
    bytes[100] ^= 1;
    std::fs::write(&chunk, bytes).unwrap();
    let error = merge(&folders, &desk.path().join("all"), |_| {}).unwrap_err();
    assert!(matches!(&error, StoreError::Chunk { path, .. } if *path == chunk), "{error}");
}

#[test]
fn the_command_merges_and_says_what_is_missing() {
    let desk = Desk::new();
    for shard in Shard::all(3) {
        fill_up(&desk.path(&format!("s{}", shard.index())), &run(1500, Some(&shard.to_string())));
    }
    let said = desk.linger("merge s3 s1 -o all");
    assert_eq!(
        (said.code, said.stdout.as_str(), said.stderr.as_str()),
        (
            5,
            "",
            "error: incomplete run: parts of it are missing\n  shard 2/3 (replicates 512 to 1023) is in none of the folders\n"
        )
    );
    let said = desk.linger("merge s3 s1 s2 s1 -o all");
    assert_eq!(
        (said.code, said.stdout.as_str(), said.stderr.as_str()),
        (
            0,
            "",
            "note: s1: replicates 0 to 511 were there already, the same\nwritten to all: 1500 replicates from 4 folders\nNext\n  linger analyse all\n"
        )
    );
    assert_same(&contents(&desk.path("all")), &at_once(1500));
    for (arguments, code, words) in [
        ("merge s1", 2, "name a new folder: linger merge FOLDERS -o FOLDER"),
        ("merge -o all", 2, "FOLDER"),
        ("merge s1 s2 s3 -o all --seed 3", 2, "--set and --seed do not apply here"),
        ("merge s1 s2 s3 -o all --format json", 2, "--format does not apply here"),
        ("merge s1 nowhere -o new", 2, "nowhere: there is no run here"),
        ("merge s1 s2 s3 -o s2", 2, "name a new folder"),
    ] {
        let said = desk.linger(arguments);
        assert_eq!(said.code, code, "{arguments}");
        assert!(said.stderr.contains(words), "{}", said.stderr);
    }
}

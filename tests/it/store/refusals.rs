//! What a store refuses, and what it says: other runs, damaged files, folders that cannot be written.

use std::ops::ControlFlow;
use std::path::Path;

use linger::operating_characteristics::{Run, Store, StoreError, StoreWriter, fill, merge};
use linger::trial::{ColumnKind, Rows};

use super::{assert_same, columns, contents, fill_until, fill_up, folder, loaded, record, records, run};

/// What opening a folder for a run says, with the folder's name taken out; the folder must be as it was.
fn refused(folder: &Path, run: &Run) -> String {
    let before = contents(folder);
    let error = StoreWriter::open_or_create(folder, run).unwrap_err();
    assert!(!error.is_incomplete());
    assert_same(&contents(folder), &before);
    error.to_string().replace(&folder.display().to_string(), "FOLDER")
}

/// Why a store cannot be read.
fn unreadable(folder: &Path) -> String {
    let error = Store::read(folder).and_then(|store| store.chunks().collect::<Result<Vec<Rows>, _>>()).unwrap_err();
    error.to_string().replace(&folder.display().to_string(), "FOLDER")
}

#[test]
fn another_run_is_refused_and_what_differs_is_named() {
    let folder = folder();
    fill_until(folder.path(), &run(2000, None), 600);
    let with = |overrides: &[&str]| Run { chunk_length: 512, ..Run::new(&loaded(overrides), columns(), 2000, None) };
    assert_eq!(
        refused(folder.path(), &with(&["seed=7", "analysis.alpha=0.01", "title=no matter"])),
        format!(
            "FOLDER: holds another run\n  seed: {} there, 7 here\n  analysis.alpha: 0.05 there, 0.01 here\n  use another folder, or remove this one",
            loaded(&[]).scenario.simulation.seed
        )
    );
    let mut other = run(2000, None);
    other.columns[1].name = "other".to_owned();
    assert!(
        refused(folder.path(), &other)
            .contains("columns of the records: rdq.week_10.a - b.df (number) there, other (number) here\n")
    );
    other = run(2000, None);
    other.columns[2].kind = ColumnKind::Number;
    assert!(refused(folder.path(), &other).contains("failure (code) there, rdq.week_10.a - b.failure (number) here\n"));
    other.columns.pop();
    assert!(refused(folder.path(), &other).contains("number of columns: 3 there, 2 here\n"));
    let chunks = Run { chunk_length: 1024, ..run(2000, None) };
    assert!(refused(folder.path(), &chunks).contains("chunk length: 512 there, 1024 here\n"));
    let part = refused(folder.path(), &run(2000, Some("2/4")));
    assert!(part.contains("part: the whole run there, shard 2/4 of 2000 replicates here\n"), "{part}");
    let there = 2000 - Store::look(folder.path()).unwrap().missing()[0].clone().count() as u64;
    assert_eq!(
        refused(folder.path(), &run(there - 1, None)),
        format!(
            "FOLDER: holds {there} replicates, and {} were asked for; a run only grows: ask for {there} or more, or use another folder",
            there - 1
        )
    );
    let manifest = folder.path().join("manifest.toml");
    let text = std::fs::read_to_string(&manifest).unwrap();
    let version = format!("version = \"{}\"", env!("CARGO_PKG_VERSION"));
    std::fs::write(&manifest, text.replace(&version, "version = \"0.0.1\"")).unwrap();
    let newer = refused(folder.path(), &run(2000, None));
    assert!(
        newer.contains(&format!("version of linger: 0.0.1 there, {} here\n", env!("CARGO_PKG_VERSION"))),
        "{newer}"
    );
}

#[test]
fn a_shard_does_not_grow() {
    let folder = folder();
    fill_up(folder.path(), &run(2000, Some("2/4")));
    let text = refused(folder.path(), &run(4000, Some("2/4")));
    assert!(text.contains("part: shard 2/4 of 2000 replicates there, shard 2/4 of 4000 replicates here\n"), "{text}");
    assert!(
        refused(folder.path(), &run(2000, None))
            .contains("part: shard 2/4 of 2000 replicates there, the whole run here\n")
    );
}

#[test]
fn two_processes_do_not_write_at_once() {
    let folder = folder();
    let writer = StoreWriter::open_or_create(folder.path(), &run(600, None)).unwrap();
    assert_eq!(
        refused(folder.path(), &run(600, None)),
        "FOLDER: another process is adding to this folder; wait for it to end, or use another folder"
    );
    drop(writer);
    fill_up(folder.path(), &run(600, None));
}

#[test]
fn a_folder_of_something_else_is_left_alone() {
    let folder = folder();
    for (name, text) in [("a.csv", "1"), ("scenario.toml", "title = \"another\"\n"), (".lock", "")] {
        std::fs::write(folder.path().join(name), text).unwrap();
    }
    let said = "FOLDER: holds other files (a.csv, scenario.toml) and no run; use a new folder";
    assert_eq!(refused(folder.path(), &run(600, None)), said);
    assert_eq!(unreadable(folder.path()), "FOLDER: there is no run here (no manifest.toml)");
    let nowhere = folder.path().join("nowhere");
    assert!(unreadable(&nowhere).ends_with("there is no run here (no manifest.toml); there is no such folder"));
    // Chunks whose manifest is lost are not thrown away.
    let lost = crate::store::folder();
    fill_up(lost.path(), &run(600, None));
    std::fs::remove_file(lost.path().join("manifest.toml")).unwrap();
    let said = refused(lost.path(), &run(600, None));
    assert!(said.starts_with("FOLDER: holds other files (chunks/000000000000-000000000512.parquet, "), "{said}");
}

#[test]
fn a_path_below_a_file_is_no_folder() {
    let folder = folder();
    std::fs::write(folder.path().join("file"), "mine").unwrap();
    for name in ["file", "file/run"] {
        let path = folder.path().join(name);
        let said = StoreWriter::open_or_create(&path, &run(600, None)).unwrap_err().to_string();
        assert!(said.contains("/file") && said.contains("cannot be") && said.ends_with("use another folder"), "{said}");
    }
    assert_eq!(std::fs::read(folder.path().join("file")).unwrap(), b"mine");
}

#[test]
fn a_torn_chunk_is_named() {
    let folder = folder();
    fill_up(folder.path(), &run(1300, None));
    let chunk = folder.path().join("chunks/000000000512-000000001024.parquet");
    let bytes = std::fs::read(&chunk).unwrap();
    std::fs::write(&chunk, &bytes[..bytes.len() / 2]).unwrap();
    let said = format!(
        "FOLDER/chunks/000000000512-000000001024.parquet: is torn: it has {} bytes, and {} in manifest.toml; remove this file and run again: only its replicates are computed again",
        bytes.len() / 2,
        bytes.len()
    );
    assert_eq!(unreadable(folder.path()), said);
    assert_eq!(refused(folder.path(), &run(1300, None)), said);
    std::fs::remove_file(&chunk).unwrap();
    fill_up(folder.path(), &run(1300, None));
    assert_eq!(std::fs::read(&chunk).unwrap(), bytes);
}

#[test]
fn a_chunk_copied_from_another_run_is_named_with_what_it_belongs_to() {
    let (folder, other) = (folder(), crate::store::folder());
    fill_up(folder.path(), &run(1300, None));
    let of_seed = Run { chunk_length: 512, ..Run::new(&loaded(&["seed=7"]), columns(), 900, None) };
    fill_up(other.path(), &of_seed);
    let seed = loaded(&[]).scenario.simulation.seed;
    // A chunk of fewer replicates is of another size; that of as many may be of the same.
    for (from, to) in [
        ("000000000512-000000000900", "000000000512-000000001024"),
        ("000000000000-000000000512", "000000000000-000000000512"),
    ] {
        let path = |folder: &Path, name: &str| folder.join(format!("chunks/{name}.parquet"));
        let before = std::fs::read(path(folder.path(), to)).unwrap();
        std::fs::copy(path(other.path(), from), path(folder.path(), to)).unwrap();
        let said = unreadable(folder.path());
        assert!(
            said.starts_with(&format!("FOLDER/chunks/{to}.parquet: is a chunk of another run (scenario hash: ")),
            "{said}"
        );
        assert!(said.contains(&format!("; seed: 7 there, {seed} here); remove this file and run again")), "{said}");
        std::fs::write(path(folder.path(), to), before).unwrap();
    }
}

#[test]
fn every_changed_byte_of_a_chunk_is_noticed() {
    let folder = folder();
    fill_up(folder.path(), &run(600, None));
    let chunk = folder.path().join("chunks/000000000512-000000000600.parquet");
    let bytes = std::fs::read(&chunk).unwrap();
    for position in (0..bytes.len()).step_by(37) {
        let mut changed = bytes.clone();
        changed[position] ^= 0x10;
        std::fs::write(&chunk, &changed).unwrap();
        assert_eq!(
            unreadable(folder.path()),
            "FOLDER/chunks/000000000512-000000000600.parquet: is damaged, or another file: its checksum is not the one in manifest.toml; remove this file and run again: only its replicates are computed again"
        );
    }
}

/// Chunks that the manifest has been made to name, so that size and checksum are right.
#[test]
fn a_chunk_of_something_else_is_named_even_where_the_manifest_agrees() {
    let stranger = |run: &Run, first: u64| {
        let folder = folder();
        fill_up(folder.path(), run);
        let chunk = folder.path().join(format!("chunks/{first:012}-{:012}.parquet", first + 512));
        let bytes = std::fs::read(chunk).unwrap();
        let manifest: toml::Table =
            std::fs::read_to_string(folder.path().join("manifest.toml")).unwrap().parse().unwrap();
        let chunks = manifest["chunks"].as_array().unwrap();
        let named = chunks.iter().find(|chunk| chunk["first"].as_integer() == Some(first as i64)).unwrap().clone();
        (bytes, named["bytes"].as_integer().unwrap(), named["checksum"].as_str().unwrap().to_owned())
    };
    let of_seed = Run { chunk_length: 512, ..Run::new(&loaded(&["seed=7"]), columns(), 1024, None) };
    let mut other_columns = run(1024, None);
    other_columns.columns[0].name = "other".to_owned();
    let seed = loaded(&[]).scenario.simulation.seed;
    for ((bytes, size, checksum), why) in [
        (stranger(&run(1024, None), 512), "it holds other replicates".to_owned()),
        (stranger(&other_columns, 0), "it has other columns".to_owned()),
        (stranger(&of_seed, 0), format!("it belongs to another run: linger.seed 7, not {seed}")),
    ] {
        let folder = folder();
        fill_up(folder.path(), &run(1024, None));
        std::fs::write(folder.path().join("chunks/000000000000-000000000512.parquet"), &bytes).unwrap();
        let path = folder.path().join("manifest.toml");
        let mut manifest: toml::Table = std::fs::read_to_string(&path).unwrap().parse().unwrap();
        let first = manifest["chunks"].as_array_mut().unwrap()[0].as_table_mut().unwrap();
        first.insert("bytes".to_owned(), size.into());
        first.insert("checksum".to_owned(), checksum.into());
        std::fs::write(&path, toml::to_string(&manifest).unwrap()).unwrap();
        let said = unreadable(folder.path());
        // What another seed changes first is the hash of the scenario.
        let why =
            if why.contains("seed") { "it belongs to another run: linger.scenario_hash ".to_owned() } else { why };
        assert!(said.contains("000000000000-000000000512.parquet: cannot be used: ") && said.contains(&why), "{said}");
    }
}

#[test]
fn a_missing_chunk_makes_an_incomplete_run() {
    let folder = folder();
    fill_up(folder.path(), &run(1300, None));
    let store = Store::read(folder.path()).unwrap();
    std::fs::remove_file(folder.path().join("chunks/000000000512-000000001024.parquet")).unwrap();
    let said =
        "FOLDER: incomplete run: 512 of 1300 replicates are missing (512 to 1023); run again to have them computed";
    assert_eq!(unreadable(folder.path()), said);
    assert!(Store::read(folder.path()).unwrap_err().is_incomplete());
    // Also where it goes while the others are being read.
    let rows: Vec<_> = store.chunks().collect();
    assert!(rows[0].is_ok() && rows[2].is_ok());
    assert!(matches!(&rows[1], Err(error @ StoreError::Incomplete { .. }) if error.is_incomplete()));
}

#[test]
fn an_interrupted_run_is_incomplete() {
    let folder = folder();
    drop(StoreWriter::open_or_create(folder.path(), &run(1300, None)).unwrap());
    assert!(unreadable(folder.path()).contains("1300 of 1300 replicates are missing (0 to 1299)"));
    fill_until(folder.path(), &run(1300, None), 100);
    assert!(unreadable(folder.path()).contains(" to 1299)"));
}

#[test]
fn a_run_that_another_process_is_adding_to_is_incomplete_for_that_reason() {
    let folder = folder();
    fill_until(folder.path(), &run(1300, None), 100);
    let missing = Store::look(folder.path()).unwrap().missing()[0].clone().count();
    let writer = StoreWriter::open_or_create(folder.path(), &run(1300, None)).unwrap();
    let said = format!(
        "FOLDER: incomplete run: {missing} of 1300 replicates are still missing, and another process is adding to this folder; wait for it to end"
    );
    assert_eq!(unreadable(folder.path()), said);
    assert!(Store::read(folder.path()).unwrap_err().is_incomplete());
    let target = crate::store::folder();
    let merged = merge(&[folder.path().to_owned()], &target.path().join("all"), |_| {}).unwrap_err().to_string();
    assert!(merged.contains("): another process is adding to it, wait for that to end"), "{merged}");
    drop(writer);
    // Asking holds nobody up.
    assert!(unreadable(folder.path()).ends_with("run again to have them computed"));
    fill_up(folder.path(), &run(1300, None));
    Store::read(folder.path()).unwrap();
}

#[test]
fn growing_that_has_not_begun_leaves_a_complete_run() {
    let folder = folder();
    fill_up(folder.path(), &run(600, None));
    let before = contents(folder.path());
    let writer = StoreWriter::open_or_create(folder.path(), &run(1300, None)).unwrap();
    assert_eq!(writer.missing().as_slice(), std::slice::from_ref(&(600..1300)));
    assert!(writer.finish().unwrap_err().is_incomplete());
    assert_same(&contents(folder.path()), &before);
    assert_eq!(Store::read(folder.path()).unwrap().n_replicates(), 600);
}

#[test]
fn a_changed_manifest_or_scenario_is_named() {
    let folder = folder();
    fill_up(folder.path(), &run(1300, None));
    let manifest = folder.path().join("manifest.toml");
    let text = std::fs::read_to_string(&manifest).unwrap();
    let said = |changed: &str| {
        std::fs::write(&manifest, changed).unwrap();
        let said = unreadable(folder.path());
        assert!(said.starts_with("FOLDER/manifest.toml: is ") && said.ends_with("remove the folder and run again"));
        assert_eq!(refused(folder.path(), &run(1300, None)), said);
        said
    };
    assert!(said(&text[..text.len() / 2]).contains("is damaged"));
    assert!(said("").contains("is no manifest of a run"));
    assert!(
        said(&text.replace("store/1", "store/2"))
            .contains("that this linger does not know (linger.store/2, not linger.store/1)")
    );
    for (from, to) in [
        ("end = 1024", "end = 1025"),
        ("first = 512", "first = 513"),
        ("end = 1300", "end = 1400"),
        ("replicates = 1300", "replicates = 1000"),
        ("chunk_length = 512", "chunk_length = 0"),
        ("chunk_length = 512", "chunk_length = 500"),
        ("chunk_length = 512", "chunk_length = 1000000000"),
        ("seed = ", "sed = "),
        ("kind = \"code\"", "kind = \"text\""),
        ("replicates = 1300", "shard = \"3/2\"\nreplicates = 1300"),
    ] {
        assert!(text.contains(from));
        assert!(said(&text.replace(from, to)).contains("is damaged"), "{to}");
    }
    std::fs::write(&manifest, &text).unwrap();
    let store = Store::read(folder.path()).unwrap();
    let scenario = folder.path().join("scenario.toml");
    let kept = std::fs::read_to_string(&scenario).unwrap();
    std::fs::write(&scenario, kept.replace("analysis.alpha = 0.05", "analysis.alpha = 0.01")).unwrap();
    let error = store.scenario().unwrap_err().to_string();
    assert!(error.ends_with(
        "scenario.toml: was changed: it is not the scenario of this run any more; evaluate into this folder again to have it written anew"
    ));
    std::fs::remove_file(&scenario).unwrap();
    let error = store.scenario().unwrap_err().to_string();
    assert!(
        error.ends_with("scenario.toml: the scenario of this run is missing; evaluate into this folder again to have it written anew"),
        "{error}"
    );
    fill_up(folder.path(), &run(1300, None));
    assert_eq!(std::fs::read_to_string(&scenario).unwrap(), kept);
}

#[test]
fn a_failure_of_the_system_is_told_once() {
    let folder = folder();
    std::fs::create_dir_all(folder.path().join("manifest.toml")).unwrap();
    let error = anyhow::Error::from(Store::read(folder.path()).unwrap_err());
    let (said, cause) = (format!("{error:#}"), "Is a directory");
    assert_eq!(said.matches(cause).count(), 1, "{said}");
}

#[test]
fn records_without_a_place_are_refused() {
    let folder = folder();
    let mut writer = StoreWriter::open_or_create(folder.path(), &run(1300, None)).unwrap();
    let before = contents(folder.path());
    let mut refuse = |first: u64, values: &[f64]| {
        assert!(matches!(writer.push(first, values), Err(StoreError::Misfit(_))), "{first}");
        assert_eq!(writer.missing().as_slice(), std::slice::from_ref(&(0..1300)));
    };
    refuse(1, &records(1..100).values);
    refuse(600, &records(600..700).values);
    refuse(0, &records(0..1301).values);
    refuse(0, &records(0..10).values[1..]);
    refuse(1300, &records(1300..1301).values);
    for code in [-1.0, 0.5, 5e9, f64::INFINITY] {
        let mut values = record(0).to_vec();
        values[2] = code;
        let mut writer = StoreWriter::open_or_create(&folder.path().join("new"), &run(1, None)).unwrap();
        assert!(matches!(writer.push(0, &values), Err(StoreError::Misfit(_))), "{code}");
    }
    std::fs::remove_dir_all(folder.path().join("new")).unwrap();
    assert_same(&contents(folder.path()), &before);
    let none = Run { columns: Vec::new(), ..run(10, None) };
    assert!(matches!(StoreWriter::open_or_create(&folder.path().join("none"), &none), Err(StoreError::Misfit(_))));
    let asked_for = |rows: Rows| {
        let mut writer = StoreWriter::open_or_create(folder.path(), &run(1300, None)).unwrap();
        fill(&mut writer, |_| rows.clone(), |_| ControlFlow::Continue(()))
    };
    drop(writer);
    for rows in [records(0..1300), records(1..256), Rows { n_columns: 1, ..records(0..256) }] {
        assert!(matches!(asked_for(rows), Err(StoreError::Misfit(_))));
    }
}

#[test]
fn a_shard_ends_where_it_ends() {
    let folder = folder();
    let mut writer = StoreWriter::open_or_create(folder.path(), &run(2000, Some("1/2"))).unwrap();
    writer.push(0, &records(0..300).values).unwrap();
    assert!(matches!(writer.settle(), Err(StoreError::Misfit(_))));
}

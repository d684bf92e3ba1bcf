//! Any bytes as a Parquet file of participants. `SEEDS=FOLDER` writes small files to start from there, and ends.
#![no_main]

use std::path::Path;
use std::sync::LazyLock;

use libfuzzer_sys::fuzz_target;
use linger::cohort::generate;
use linger::dataset::{Names, read, write, write_subjects};
use linger::scenario::{Override, built_in};
use polars::prelude::{Column, DataFrame, ParquetCompression, ParquetWriter};

static FOLDER: LazyLock<tempfile::TempDir> = LazyLock::new(|| tempfile::tempdir().unwrap());

/// Tables of a small trial as linger writes them, and a table of every type that is read, compressed in every way there is.
fn seeds(folder: &Path) {
    let few = ["trial.per_arm={ relaxation = 4, structural = 4, usual_care = 4 }"].map(Override::new);
    let loaded = linger::scenario::read(built_in("reference-job").unwrap(), &few);
    let data = generate(&loaded.unwrap_or_else(|problems| panic!("{problems:?}")).scenario, 0);
    write(&folder.join("long.parquet"), &data, Names::Tidy).unwrap();
    write_subjects(&folder.join("subjects.parquet"), &data, Names::Tidy).unwrap();
    let ways = [
        ("plain", ParquetCompression::Uncompressed),
        ("snappy", ParquetCompression::Snappy),
        ("gzip", ParquetCompression::Gzip(None)),
        ("brotli", ParquetCompression::Brotli(None)),
        ("lz4", ParquetCompression::Lz4Raw),
        ("zstd", ParquetCompression::Zstd(None)),
    ];
    for (name, compression) in ways {
        let mut bytes = Vec::new();
        let writer = ParquetWriter::new(&mut bytes).with_compression(compression);
        if writer.finish(&mut table()).is_ok() {
            std::fs::write(folder.join(format!("{name}.parquet")), bytes).unwrap();
        }
    }
}

fn table() -> DataFrame {
    let columns = vec![
        Column::new("participant".into(), ["a", "a", "b", "b"]),
        Column::new("arm".into(), ["one", "one", "two", "two"]),
        Column::new("visit_week".into(), [0_u32, 10, 0, 10]),
        Column::new("outcome".into(), ["rdq"; 4]),
        Column::new("value".into(), [Some(12.0), Some(7.5), Some(13.0), None]),
        Column::new("whole".into(), [Some(-1_i64), None, Some(3), Some(4)]),
        Column::new("single".into(), [0.5_f32; 4]),
        Column::new("yes".into(), [Some(true), Some(false), None, Some(true)]),
    ];
    DataFrame::new(4, columns).unwrap()
}

fuzz_target!(
    init: {
        if let Some(folder) = std::env::var_os("SEEDS") {
            seeds(Path::new(&folder));
            std::process::exit(0);
        }
    },
    |bytes: &[u8]| {
        let path = FOLDER.path().join("data.parquet");
        std::fs::write(&path, bytes).unwrap();
        if let Err(problems) = read(&path, None) {
            assert!(!problems.to_string().is_empty(), "refused without a reason");
        }
    }
);

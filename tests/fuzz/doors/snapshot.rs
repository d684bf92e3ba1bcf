//! Any text as a file of kept results: all problems or the results, and the results as text read back to the same ones.
#![no_main]

mod told;

use libfuzzer_sys::fuzz_target;
use linger::scenario::Source;
use linger::snapshot::{Snapshot, read_snapshot};

/// Without the lines of the file, which writing it anew may move.
fn plain(mut kept: Snapshot) -> Snapshot {
    kept.quantities.values_mut().for_each(|own| own.line = None);
    kept
}

fuzz_target!(|text: &str| {
    match read_snapshot(Source::new("snapshot.toml", text)) {
        Ok(kept) => {
            let again = kept.text();
            let read_back = read_snapshot(Source::new("again.toml", again.as_str()));
            let read_back = read_back.unwrap_or_else(|problems| panic!("{problems:?}\n{again}"));
            assert_eq!(format!("{:?}", plain(read_back)), format!("{:?}", plain(kept)));
        }
        Err(problems) => told::check(&problems),
    }
});

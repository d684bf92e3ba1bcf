//! Any text as a scenario: all problems or a scenario, and the scenario's settings as text read back to the same hash.
#![no_main]

mod told;

use libfuzzer_sys::fuzz_target;
use linger::scenario::{Source, plain_settings_text, read};

fuzz_target!(|text: &str| {
    match read(Source::new("fuzz.toml", text), &[]) {
        Ok(loaded) => {
            let again = plain_settings_text(&loaded.settings);
            let read_back = read(Source::new("again.toml", again.as_str()), &[]);
            let read_back = read_back.unwrap_or_else(|problems| panic!("{problems:?}\n{again}"));
            assert_eq!(read_back.scenario.hash, loaded.scenario.hash);
        }
        Err(problems) => told::check(&problems),
    }
});

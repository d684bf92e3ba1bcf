//! Any text as a file of stored reference numbers, read by every kind of cell: `linger verify` reads those of a folder.
#![no_main]

use libfuzzer_sys::fuzz_target;
use linger::snapshot::verify::Table;

fuzz_target!(|text: &str| {
    let lines = text.lines().count().saturating_sub(1);
    let Ok(table) = Table::read("fuzz.csv", text, lines) else { return };
    let headings: Vec<&str> = text.lines().next().unwrap_or_default().split(',').collect();
    for row in table.rows() {
        assert!(!row.about().is_empty() || row.line() > 1);
        for heading in &headings {
            let cell = row.text(heading);
            assert!(cell.is_ok(), "{cell:?}");
            let _ = (row.number(heading), row.maybe_number(heading), row.word(heading), row.numbers(heading));
        }
    }
    for group in table.grouped(&headings) {
        assert!(!group.is_empty());
    }
});

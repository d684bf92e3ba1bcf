//! Pages that the program writes, used in a real browser with mouse and keyboard.
//!
//! A Chromium is found on the path and spoken to over pipes (`chromium.rs`); without one every test says that it was skipped, or
//! fails where `LINGER_BROWSER=required` asks for one. `page.rs` is a tab, `checks.rs` holds what every page must be:
//! readable at 1280 and at 400 pixels, usable by keyboard and screen reader, silent towards any network.

mod checks;
mod chromium;
mod explorer;
mod lesson;
mod page;
mod report;

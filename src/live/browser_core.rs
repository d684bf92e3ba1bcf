//! The core as a page carries it: its compiled bytes, and the script that starts them.

/// The core compiled to WebAssembly by `.ci/browser-core`, packed by gzip. A page has it as text in an element `linger-core`.
pub const CORE: &[u8] = include_bytes!("core.wasm.gz");

/// The script that starts the core: after it a script has `const core = await lingerCore()`.
pub const LOADER: &str = include_str!("core.js");

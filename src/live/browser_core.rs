//! The core as a page carries it: its compiled bytes, and the script that starts them.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

/// The core compiled to WebAssembly by `.ci/browser-core`, packed by gzip.
pub const CORE: &[u8] = include_bytes!("core.wasm.gz");

/// The script that starts the core: `lingerCore` and nothing else.
pub const LOADER: &str = include_str!("core.js");

/// The elements that a page needs before its own script: the bytes as text in an element `linger-core`, and the loader. A script
/// then has `const core = await lingerCore()`.
pub fn core_elements() -> String {
    let bytes = STANDARD.encode(CORE);
    format!("<script type=\"application/gzip\" id=\"linger-core\">{bytes}</script>\n<script>\n{LOADER}</script>\n")
}

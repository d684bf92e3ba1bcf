//! What is installed and where: version, target, build, the program's bytes, operating system.

use std::fs::{self, File};
use std::io::{self, Read};
use std::path::PathBuf;

use sha2::{Digest, Sha256};

/// The program and the machine on which numbers were recomputed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Installation {
    /// Version of linger.
    pub version: &'static str,
    /// The target that the program was compiled for, as Rust names it, e.g. `x86_64-unknown-linux-gnu`.
    pub target: String,
    /// `release` or `debug`.
    pub build: &'static str,
    /// The operating system, by the name it gives itself where it has one.
    pub operating_system: String,
    /// The processor's architecture, e.g. `x86_64`.
    pub architecture: &'static str,
    /// The file that runs; `None` where the system does not tell, or it cannot be read.
    pub program: Option<ProgramFile>,
}

/// The file of a program.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProgramFile {
    /// Where it is.
    pub path: PathBuf,
    /// Its size in bytes.
    pub bytes: usize,
    /// SHA-256 of its bytes, in hexadecimal digits: the same as `sha256sum` gives.
    pub sha256: String,
}

impl Installation {
    /// This program on this machine.
    pub fn here() -> Self {
        Self {
            version: env!("CARGO_PKG_VERSION"),
            target: target(),
            build: if cfg!(debug_assertions) { "debug" } else { "release" },
            operating_system: operating_system(),
            architecture: std::env::consts::ARCH,
            program: program(),
        }
    }
}

fn program() -> Option<ProgramFile> {
    let path = std::env::current_exe().ok()?;
    let (sha256, bytes) = sha256(File::open(&path).ok()?).ok()?;
    Some(ProgramFile { sha256, bytes, path })
}

/// The SHA-256 of everything that can be read, and how many bytes that was. A program is large and memory may be little: it is never held whole.
fn sha256(mut source: impl Read) -> io::Result<(String, usize)> {
    let (mut digest, mut bytes, mut room) = (Sha256::new(), 0, [0; 16_384]);
    loop {
        match source.read(&mut room)? {
            0 => return Ok((digest.finalize().iter().map(|byte| format!("{byte:02x}")).collect(), bytes)),
            read => {
                digest.update(&room[..read]);
                bytes += read;
            }
        }
    }
}

/// The target's name from its parts, as far as a program knows them.
fn target() -> String {
    let vendor = match () {
        () if cfg!(target_vendor = "apple") => "apple",
        () if cfg!(target_vendor = "pc") => "pc",
        () => "unknown",
    };
    let system = match std::env::consts::OS {
        "macos" => "darwin",
        "" => "unknown",
        other => other,
    };
    let environment = match () {
        () if cfg!(target_env = "gnu") => "-gnu",
        () if cfg!(target_env = "musl") => "-musl",
        () if cfg!(target_env = "msvc") => "-msvc",
        () => "",
    };
    format!("{}-{vendor}-{system}{environment}", std::env::consts::ARCH)
}

fn operating_system() -> String {
    let text = fs::read_to_string("/etc/os-release").unwrap_or_default();
    let name = text.lines().find_map(|line| line.strip_prefix("PRETTY_NAME="));
    let name = name.map(|name| name.trim_matches('"').to_owned()).filter(|name| !name.is_empty());
    let system = std::env::consts::OS;
    name.map_or_else(|| system.to_owned(), |name| format!("{name} ({system})"))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The first of the examples in the standard, FIPS 180-4.
    #[test]
    fn bytes_are_identified_as_the_standard_says() {
        let known = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
        assert_eq!(sha256(&b"abc"[..]).unwrap(), (known.to_owned(), 3));
    }
}

//! Why a store cannot be written, read or merged: what is wrong, where, and what to do.

use std::io::ErrorKind;
use std::ops::Range;
use std::path::{Path, PathBuf};

use thiserror::Error;

/// Why a store cannot be used. What was in the folder before is still there, and is used when the cause is gone.
#[derive(Debug, Error)]
pub enum StoreError {
    /// A file or folder.
    #[error("{}: cannot be {doing}: {cause}{}", path.display(), remedy(cause.kind(), doing))]
    File {
        /// Which one.
        path: PathBuf,
        /// What was to be done with it: `read`, `written`.
        doing: &'static str,
        /// What the system says. No `source`: the message has it already, and would be printed with it twice.
        cause: std::io::Error,
    },
    /// Somebody else is adding to the folder.
    #[error("{}: another process is adding to this folder; wait for it to end, or use another folder", folder.display())]
    Busy {
        /// The folder.
        folder: PathBuf,
    },
    /// There is no run in the folder.
    #[error("{}: there is no run here (no manifest.toml){}", folder.display(), if folder.is_dir() { "" } else { "; there is no such folder" })]
    NoRun {
        /// The folder.
        folder: PathBuf,
    },
    /// The folder holds something else.
    #[error("{}: holds other files ({}) and no run; use a new folder", folder.display(), found.join(", "))]
    Occupied {
        /// The folder.
        folder: PathBuf,
        /// Names of some of them.
        found: Vec<String>,
    },
    /// The manifest says what cannot be.
    #[error("{}: {why}; if it cannot be restored, remove the folder and run again", path.display())]
    Manifest {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        why: String,
    },
    /// The folder holds another run.
    #[error("{}: holds another run\n{}  use another folder, or remove this one", folder.display(), lines(differences))]
    OtherRun {
        /// The folder.
        folder: PathBuf,
        /// What differs.
        differences: Vec<String>,
    },
    /// The folder has more replicates than are asked for.
    #[error(
        "{}: holds {there} replicates, and {asked} were asked for; a run only grows: ask for {there} or more, or use another folder",
        folder.display()
    )]
    Fewer {
        /// The folder.
        folder: PathBuf,
        /// Replicates that are there.
        there: u64,
        /// Replicates that were asked for.
        asked: u64,
    },
    /// A chunk is torn, or not the one that the manifest names.
    #[error("{}: {why}; remove this file and run again: only its replicates are computed again", path.display())]
    Chunk {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        why: String,
    },
    /// The kept scenario is not there, or not that of the run.
    #[error("{}: {why}; evaluate into this folder again to have it written anew", path.display())]
    Scenario {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        why: String,
    },
    /// Replicates are missing.
    #[error(
        "{}: incomplete run: {} of {of} replicates are missing ({}); run again to have them computed",
        folder.display(), missing.iter().map(|range| range.end - range.start).sum::<u64>(), numbers(missing)
    )]
    Incomplete {
        /// The folder.
        folder: PathBuf,
        /// Which are missing, ascending.
        missing: Vec<Range<u64>>,
        /// How many there should be.
        of: u64,
    },
    /// Replicates are missing, and somebody is adding them.
    #[error(
        "{}: incomplete run: {missing} of {of} replicates are still missing, and another process is adding to this folder; wait for it to end",
        folder.display()
    )]
    Growing {
        /// The folder.
        folder: PathBuf,
        /// How many are missing.
        missing: u64,
        /// How many there should be.
        of: u64,
    },
    /// Records that the store has no place for.
    #[error("records that do not fit the store: {0}")]
    Misfit(String),
    /// Folders that are no parts of one run.
    #[error("these folders cannot be merged\n{}", lines(problems))]
    NotOneRun {
        /// What is wrong, folder by folder.
        problems: Vec<String>,
    },
    /// Parts of the run are missing.
    #[error("incomplete run: parts of it are missing\n{}", lines(gaps))]
    Gaps {
        /// Which.
        gaps: Vec<String>,
    },
}

impl StoreError {
    /// Whether nothing is wrong but that a part of the run is still missing.
    pub fn is_incomplete(&self) -> bool {
        matches!(self, Self::Incomplete { .. } | Self::Growing { .. } | Self::Gaps { .. })
    }

    /// A failure of the system on a file or folder.
    pub(super) fn file(path: &Path, doing: &'static str) -> impl FnOnce(std::io::Error) -> Self {
        let path = path.to_owned();
        move |cause| Self::File { path, doing, cause }
    }
}

/// What to do about a failure of the system, where there is something to say.
fn remedy(kind: ErrorKind, doing: &str) -> &'static str {
    match (kind, doing) {
        (ErrorKind::StorageFull | ErrorKind::QuotaExceeded, _) => {
            "; make room and run again: what is in the folder is kept and not computed again"
        }
        (ErrorKind::PermissionDenied, "read") => "; ask its owner for permission to read it",
        // What cannot be made is not there yet.
        (ErrorKind::ReadOnlyFilesystem | ErrorKind::PermissionDenied, "made") => {
            "; use a folder in a place where you may write"
        }
        (ErrorKind::ReadOnlyFilesystem | ErrorKind::PermissionDenied, _) => {
            "; make it writable, or use another folder: what is in it is as it was"
        }
        (ErrorKind::NotADirectory | ErrorKind::AlreadyExists, _) => "; use another folder",
        _ => "",
    }
}

/// One indented line each.
fn lines(all: &[String]) -> String {
    all.iter().map(|line| format!("  {line}\n")).collect()
}

/// `0 to 255, 512 to 767`, at most the first few.
pub(super) fn numbers(ranges: &[Range<u64>]) -> String {
    const SHOWN: usize = 4;
    let one = |range: &Range<u64>| match range.end - range.start {
        1 => range.start.to_string(),
        _ => format!("{} to {}", range.start, range.end - 1),
    };
    let mut all: Vec<String> = ranges.iter().take(SHOWN).map(one).collect();
    if ranges.len() > SHOWN {
        all.push(format!("and {} more stretches", ranges.len() - SHOWN));
    }
    all.join(", ")
}

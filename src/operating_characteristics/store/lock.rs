//! The lock of a folder: one process at a time adds to it, and others can ask whether one does.

use std::fs::{File, TryLockError};
use std::io::ErrorKind;
use std::path::Path;

use super::refusal::StoreError;

/// The file that is locked while somebody adds to the folder. It is empty and stays: removing it would let two processes lock two files.
pub(super) const LOCK: &str = ".lock";

/// The lock of a folder, given back when dropped.
#[derive(Debug)]
pub(super) struct Lock(File);

impl Drop for Lock {
    fn drop(&mut self) {
        // Closing the file would do, were it not for processes that are being started meanwhile and still share it.
        let _ = self.0.unlock();
    }
}

/// Locks a folder. Where the file system knows no locks there is none: chunks and manifest are still written whole.
pub(super) fn lock(folder: &Path) -> Result<Lock, StoreError> {
    let path = folder.join(LOCK);
    let file = File::options().create(true).truncate(false).write(true).open(&path);
    let file = file.map_err(StoreError::file(&path, "written"))?;
    match file.try_lock() {
        Ok(()) => Ok(Lock(file)),
        Err(TryLockError::WouldBlock) => Err(StoreError::Busy { folder: folder.to_owned() }),
        Err(TryLockError::Error(error)) if error.kind() == ErrorKind::Unsupported => Ok(Lock(file)),
        Err(TryLockError::Error(error)) => Err(StoreError::file(&path, "locked")(error)),
    }
}

/// Whether a process is adding to a folder.
///
/// The lock is asked for as readers share it, and given back at once: askers do not take each other for writers, and one that opens
/// the folder in that very moment is refused as if there were another, and may try again.
pub(super) fn is_held(folder: &Path) -> bool {
    let Ok(file) = File::open(folder.join(LOCK)) else { return false };
    match file.try_lock_shared() {
        Ok(()) => {
            drop(Lock(file));
            false
        }
        Err(TryLockError::WouldBlock) => true,
        Err(TryLockError::Error(_)) => false,
    }
}

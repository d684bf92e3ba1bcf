//! A disk that is full or read-only: the message says so, and the store is as it was and goes on when there is room.
//!
//! Such a disk is made by mounting one in memory, which needs the rights of the administrator; elsewhere the tests say that
//! they have not run.

use std::ops::ControlFlow;
use std::path::Path;
use std::process::Command;

use linger::operating_characteristics::{Run, Store, StoreError, StoreWriter, fill, merge};

use super::{assert_same, at_once, contents, fill_until, fill_up, folder, records, run};

/// A small disk in memory, unmounted when dropped.
struct Disk {
    folder: tempfile::TempDir,
}

impl Disk {
    /// A disk of so many bytes; `None` where none can be mounted.
    fn new(bytes: u64) -> Option<Self> {
        let folder = folder();
        let mounted = Self::mount(&["-t", "tmpfs", "-o", &format!("size={bytes}"), "tmpfs"], folder.path());
        if !mounted {
            use std::io::Write;
            // Past the capture of output, so that it is seen although the test passes.
            let _ = writeln!(std::io::stderr().lock(), "not run: no disk can be mounted here");
        }
        mounted.then(|| Self { folder })
    }

    fn mount(arguments: &[&str], at: &Path) -> bool {
        let mount = Command::new("mount").args(arguments).arg(at).stderr(std::process::Stdio::null()).status();
        mount.is_ok_and(|status| status.success())
    }

    fn change(&self, option: &str) {
        let remount = || Self::mount(&["-o", &format!("remount,{option}")], self.folder.path());
        // Processes that other tests are just starting share open files for a moment, and with them the disk.
        let done = (0..100).any(|_| {
            let done = remount();
            if !done {
                std::thread::sleep(std::time::Duration::from_millis(50));
            }
            done
        });
        assert!(done, "cannot remount: {option}");
    }
}

impl Drop for Disk {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg(self.folder.path()).status();
    }
}

/// Computes until it fails.
fn failure(folder: &Path, run: &Run) -> StoreError {
    let filled = StoreWriter::open_or_create(folder, run)
        .and_then(|mut writer| fill(&mut writer, records, |_| ControlFlow::Continue(())));
    filled.unwrap_err()
}

#[test]
fn a_full_disk_is_named_and_the_run_goes_on_when_there_is_room() {
    let Some(disk) = Disk::new(100 << 10) else { return };
    let (folder, run) = (disk.folder.path().join("run"), run(20_000, None));
    let error = failure(&folder, &run);
    let said = error.to_string();
    assert!(matches!(error, StoreError::File { .. }), "{said}");
    assert!(said.contains("cannot be written: ") && said.contains("No space left"), "{said}");
    assert!(said.ends_with("make room and run again: what is in the folder is kept and not computed again"), "{said}");
    let there = Store::look(&folder).unwrap();
    assert!(there.missing()[0].start >= 2000);
    there.chunks().for_each(|rows| assert!(rows.is_ok()));
    let before = contents(&folder);
    assert!(before.keys().all(|path| !path.display().to_string().ends_with(".tmp")));
    // Trying again changes nothing, not even the first chunk that does not fit.
    failure(&folder, &run);
    assert_same(&contents(&folder), &before);
    disk.change("size=8m");
    fill_up(&folder, &run);
    assert_same(&contents(&folder), &at_once(20_000));
}

#[test]
fn a_disk_that_is_full_at_once_is_named() {
    let Some(disk) = Disk::new(4 << 10) else { return };
    let said = failure(&disk.folder.path().join("run"), &run(2000, None)).to_string();
    assert!(said.contains("No space left") && said.contains("make room and run again"), "{said}");
    disk.change("size=8m");
    fill_up(&disk.folder.path().join("run"), &run(2000, None));
}

#[test]
fn a_read_only_folder_is_named_and_can_be_read() {
    let Some(disk) = Disk::new(8 << 20) else { return };
    let folder = disk.folder.path().join("run");
    fill_until(&folder, &run(2000, None), 600);
    let before = contents(&folder);
    disk.change("ro");
    let said = failure(&folder, &run(2000, None)).to_string();
    assert!(said.contains("/run/.lock: cannot be written: Read-only file system"), "{said}");
    assert!(said.ends_with("make it writable, or use another folder: what is in it is as it was"), "{said}");
    let new = failure(&disk.folder.path().join("new"), &run(2000, None)).to_string();
    assert!(new.contains("/new/chunks: cannot be made: Read-only file system"), "{new}");
    assert!(new.ends_with("; use a folder in a place where you may write"), "{new}");
    assert_same(&contents(&folder), &before);
    disk.change("rw");
    fill_up(&folder, &run(2000, None));
    disk.change("ro");
    assert_eq!(Store::read(&folder).unwrap().chunks().count(), 4);
    let all = crate::store::folder();
    merge(&[folder], &all.path().join("all"), |_| {}).unwrap();
    assert_same(&contents(&all.path().join("all")), &at_once(2000));
    disk.change("rw");
}

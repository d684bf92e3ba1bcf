//! Running the program in a folder of its own, and comparing what it says, whole, with what is kept in `tests/snapshots`.

use std::path::{Path, PathBuf};
use std::process::Command;

/// What one run of the program said.
pub struct Said {
    /// Exit code.
    pub code: i32,
    /// Standard output.
    pub stdout: String,
    /// Standard error.
    pub stderr: String,
}

/// A temporary folder in which the program runs.
pub struct Desk {
    folder: tempfile::TempDir,
}

impl Desk {
    /// An empty folder.
    pub fn new() -> Self {
        Self { folder: tempfile::tempdir().unwrap() }
    }

    /// A path in the folder.
    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Writes a file into the folder.
    pub fn write(&self, name: &str, text: &str) -> &Self {
        std::fs::write(self.path(name), text).unwrap();
        self
    }

    /// The text of a file in the folder.
    pub fn read(&self, name: &str) -> String {
        std::fs::read_to_string(self.path(name)).unwrap()
    }

    /// Names of everything in the folder, sorted.
    pub fn files(&self, below: &str) -> Vec<String> {
        let entries = std::fs::read_dir(self.path(below)).unwrap();
        let mut names: Vec<String> =
            entries.map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned()).collect();
        names.sort();
        names
    }

    /// Runs the program with arguments separated by blanks; `'…'` keeps blanks together.
    pub fn linger(&self, arguments: &str) -> Said {
        self.linger_with(arguments, &[])
    }

    /// The same with environment variables.
    pub fn linger_with(&self, arguments: &str, environment: &[(&str, &str)]) -> Said {
        let output = Command::new(env!("CARGO_BIN_EXE_linger"))
            .args(words(arguments))
            .current_dir(self.folder.path())
            .env_remove("NO_COLOR")
            .env_remove("CLICOLOR_FORCE")
            .envs(environment.iter().copied())
            .output()
            .unwrap();
        Said {
            code: output.status.code().unwrap_or(-1),
            stdout: String::from_utf8(output.stdout).unwrap(),
            stderr: String::from_utf8(output.stderr).unwrap(),
        }
    }
}

impl Said {
    /// Fails unless the run went well; returns standard output.
    pub fn fine(self) -> String {
        assert_eq!(self.code, 0, "{}", self.stderr);
        self.stdout
    }

    /// Everything in one text.
    pub fn whole(&self) -> String {
        format!("exit code {}\n--- standard output\n{}--- standard error\n{}", self.code, self.stdout, self.stderr)
    }
}

/// Splits arguments at blanks outside quotes.
fn words(arguments: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    let mut quoted = false;
    for letter in arguments.chars() {
        match letter {
            '\'' => quoted = !quoted,
            ' ' if !quoted => words.push(String::new()),
            _ => words.last_mut().unwrap().push(letter),
        }
    }
    words.retain(|word| !word.is_empty());
    words
}

/// Compares a text with the one kept under a name. `LINGER_KEEP=1` keeps the new text instead, except where `CI` is set.
pub fn assert_kept(name: &str, text: &str) {
    let path = Path::new("tests/snapshots").join(format!("{name}.txt"));
    let keep = std::env::var_os("LINGER_KEEP").is_some() && std::env::var_os("CI").is_none();
    if keep {
        std::fs::write(&path, text).unwrap();
        return;
    }
    let kept = std::fs::read_to_string(&path)
        .unwrap_or_else(|_| panic!("{} is missing; LINGER_KEEP=1 writes it. New text:\n{text}", path.display()));
    assert!(
        kept == text,
        "{} differs; LINGER_KEEP=1 keeps the new text.\n--- kept\n{kept}\n--- now\n{text}",
        path.display()
    );
}

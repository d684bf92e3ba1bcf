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

/// Whether two texts are the same but for the last digits of numbers written in full: those differ where another compiler or
/// mathematics library rounds another way. Numbers agree to 1e-9 of their size; everything else to the letter.
fn alike(kept: &str, text: &str) -> bool {
    let (kept, text) = (pieces(kept), pieces(text));
    kept.len() == text.len()
        && kept.iter().zip(&text).all(|(kept, text)| match (kept.parse::<f64>(), text.parse::<f64>()) {
            (Ok(a), Ok(b)) if kept.len().max(text.len()) > 12 => (a - b).abs() <= 1e-9 * a.abs().max(b.abs()).max(1e-6),
            _ => kept == text,
        })
}

/// A text cut into numbers and what stands between them.
fn pieces(text: &str) -> Vec<&str> {
    let is_digit = |c: char| c.is_ascii_digit();
    let mut pieces = Vec::new();
    let mut rest = text;
    while !rest.is_empty() {
        let words = rest.find(is_digit).unwrap_or(rest.len());
        let (before, from) = rest.split_at(words);
        let digits = |text: &str| text.find(|c| !is_digit(c)).unwrap_or(text.len());
        let mut end = digits(from);
        if from[end..].starts_with('.') && from[end + 1..].starts_with(is_digit) {
            end += 1 + digits(&from[end + 1..]);
        }
        let exponent = from[end..].strip_prefix("e-").or_else(|| from[end..].strip_prefix('e'));
        if let Some(exponent) = exponent.filter(|exponent| end > 0 && exponent.starts_with(is_digit)) {
            end = from.len() - exponent.len() + digits(exponent);
        }
        pieces.extend([before, &from[..end]].into_iter().filter(|piece| !piece.is_empty()));
        rest = &from[end..];
    }
    pieces
}

#[test]
fn kept_texts_forgive_last_digits_and_nothing_else() {
    assert_eq!(pieces("a 1.5e-3, -2 week10."), ["a ", "1.5e-3", ", -", "2", " week", "10", "."]);
    assert!(alike("p 0.12345678901234", "p 0.12345678901239"));
    assert!(!alike("p 0.12345678901234", "p 0.12345779901234"));
    assert!(!alike("n 12", "n 13") && !alike("a 1", "b 1") && !alike("-1.0", "1.0") && !alike("0.031", "0.032"));
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
        alike(&kept, text),
        "{} differs; LINGER_KEEP=1 keeps the new text.\n--- kept\n{kept}\n--- now\n{text}",
        path.display()
    );
}

//! Where results go: standard output or files, written whole or not at all; and the one place that notes go to standard error.

use std::borrow::Cow;
use std::io::{ErrorKind, IsTerminal, Write};
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result, bail};

use super::arguments::{Colour, Format, Shared};
use super::ascii;
use super::diagnostics::Drawing;
use crate::dataset::put_in_place;

/// Width of messages in columns.
const MESSAGE_WIDTH: usize = 100;

/// Writes text to a file, whole or not at all.
pub fn write_file(path: &Path, text: &[u8]) -> Result<()> {
    put_in_place(path, text).with_context(|| format!("cannot write {}", path.display()))
}

/// A text as a terminal may show it: control characters that a label, a cell or the name of a file has brought along are spelt
/// out, so that none moves the cursor or turns what is read round. Line ends, tabs and our own colours stay.
pub fn harmless(text: &str) -> Cow<'_, str> {
    let is_harmful = |letter: char| {
        (letter.is_control() && !matches!(letter, '\n' | '\t'))
            || matches!(letter, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
    };
    if !text.contains(is_harmful) {
        return Cow::Borrowed(text);
    }
    let mut shown = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find(is_harmful) {
        shown.push_str(&rest[..at]);
        rest = &rest[at..];
        let length = colour_length(rest).unwrap_or(0);
        shown.push_str(&rest[..length]);
        rest = &rest[length..];
        if length == 0 {
            let mut letters = rest.chars();
            letters.next().into_iter().for_each(|letter| shown.extend(letter.escape_unicode()));
            rest = letters.as_str();
        }
    }
    shown.push_str(rest);
    Cow::Owned(shown)
}

/// Length of the sequence that begins a text, where it sets a colour or a weight and does nothing else.
fn colour_length(text: &str) -> Option<usize> {
    let numbers = text.strip_prefix("\u{1b}[")?;
    let end = numbers.find(|letter: char| !letter.is_ascii_digit() && letter != ';')?;
    numbers[end..].starts_with('m').then_some(2 + end + 1)
}

/// Writes text to standard output. A reader that has gone away (`linger … | head`) is no error.
pub fn write_stdout(text: &str) -> Result<()> {
    let mut stdout = std::io::stdout().lock();
    match stdout.write_all(text.as_bytes()).and_then(|()| stdout.flush()) {
        Err(error) if error.kind() == ErrorKind::BrokenPipe => Ok(()),
        other => other.context("cannot write to standard output"),
    }
}

/// Writes a message to standard error; where that fails there is nobody left to tell.
pub fn write_stderr(text: &str) {
    let _ = writeln!(std::io::stderr().lock(), "{}", harmless(text.trim_end()));
}

/// Width of the terminal that standard output goes to, if it is one.
pub fn screen_width() -> Option<usize> {
    terminal_size::terminal_size_of(std::io::stdout()).map(|(width, _)| usize::from(width.0))
}

/// Prose that breaks between words where standard output is a terminal; as it is everywhere else.
pub fn prose(text: &str) -> String {
    match screen_width() {
        Some(width) => broken(text, width),
        None => text.to_owned(),
    }
}

/// Lines that are too long broken between words, further lines indented like the first. Suggested commands stay whole.
fn broken(text: &str, width: usize) -> String {
    let line = |line: &str| {
        let indent = &line[..line.len() - line.trim_start().len()];
        if line.trim_start().starts_with("linger ") {
            return format!("{line}\n");
        }
        let options = textwrap::Options::new(width).subsequent_indent(indent);
        format!("{}\n", textwrap::fill(line, options))
    };
    text.lines().map(line).collect()
}

/// The shared options, resolved.
#[derive(Debug, Clone)]
pub struct Console {
    format: Option<Format>,
    output: Option<PathBuf>,
    /// Whether `-o -` was given.
    to_stdout: bool,
    quiet: bool,
    color: Colour,
    ascii: bool,
}

impl Console {
    /// Resolves the options.
    pub fn new(shared: &Shared) -> Self {
        Self {
            format: shared.format,
            output: shared.output.clone().filter(|path| path.as_os_str() != "-"),
            to_stdout: shared.output.as_ref().is_some_and(|path| path.as_os_str() == "-"),
            quiet: shared.quiet,
            color: shared.color,
            ascii: shared.ascii,
        }
    }

    /// The form of the result, from `--format` or the name of the file.
    pub fn format(&self) -> Result<Format> {
        if let Some(format) = self.format {
            return Ok(format);
        }
        let Some(path) = &self.output else { return Ok(Format::Table) };
        match path.extension().and_then(|extension| extension.to_str()) {
            Some("json") => Ok(Format::Json),
            Some("csv") => Ok(Format::Csv),
            Some("md") => Ok(Format::Md),
            Some("txt") => Ok(Format::Table),
            _ => bail!(
                "{}: the name does not say which format is wanted; end it in .json, .csv, .md or .txt, or add --format",
                path.display()
            ),
        }
    }

    /// Whether `--format` was given.
    pub fn has_format(&self) -> bool {
        self.format.is_some()
    }

    /// Refuses `--format` where a verb has one form only.
    pub fn no_format(&self, what: &str) -> Result<()> {
        if self.format.is_some() {
            bail!("--format does not apply here: {what}");
        }
        Ok(())
    }

    /// Whether standard output is a terminal that nobody asked for by `-o -`: no place for what only a program can read.
    pub fn is_screen(&self) -> bool {
        self.output.is_none() && !self.to_stdout && std::io::stdout().is_terminal()
    }

    /// The file named by `-o`, if any.
    pub fn file(&self) -> Option<&Path> {
        self.output.as_deref()
    }

    /// The folder named by `-o`: a name that ends in a slash, is a folder already, or has no extension and is no file.
    pub fn folder(&self) -> Option<&Path> {
        let path = self.output.as_deref()?;
        let ends_in_slash = path.to_string_lossy().ends_with(['/', std::path::MAIN_SEPARATOR]);
        (ends_in_slash || path.is_dir() || (path.extension().is_none() && !path.exists())).then_some(path)
    }

    /// Writes the result to the file or to standard output.
    pub fn result(&self, text: &str) -> Result<()> {
        match &self.output {
            Some(path) => {
                write_file(path, self.spelled(text).as_bytes())?;
                self.note(&format!("written: {}", path.display()));
                Ok(())
            }
            None => self.show(text),
        }
    }

    /// Writes a result to standard output, whatever else goes to a file.
    pub fn show(&self, text: &str) -> Result<()> {
        write_stdout(&self.spelled(text))
    }

    /// A result that a terminal may show, with ASCII characters only where that is wanted; data keep their letters.
    fn spelled<'a>(&self, text: &'a str) -> Cow<'a, str> {
        match self.format() {
            Ok(Format::Csv) => Cow::Borrowed(text),
            Ok(Format::Json) if self.ascii => Cow::Owned(ascii::json(text)),
            Ok(Format::Json) => Cow::Borrowed(text),
            _ if self.ascii => Cow::Owned(ascii::spelled(&harmless(text))),
            _ => harmless(text),
        }
    }

    /// Whether only the result and errors are wanted.
    pub fn is_quiet(&self) -> bool {
        self.quiet
    }

    /// Says something that is not part of the result, unless quiet.
    pub fn note(&self, text: &str) {
        if !self.quiet {
            let screen = terminal_size::terminal_size_of(std::io::stderr());
            self.tell(&screen.map_or_else(|| text.to_owned(), |(width, _)| broken(text, usize::from(width.0))));
        }
    }

    /// Says what must be said, quiet or not.
    pub fn tell(&self, text: &str) {
        if self.ascii { write_stderr(&ascii::spelled(text)) } else { write_stderr(text) }
    }

    /// Whether only ASCII characters are wanted.
    pub fn is_ascii(&self) -> bool {
        self.ascii
    }

    /// How problems are drawn. Piped messages keep the same width, so that they are the same text everywhere.
    pub fn drawing(&self) -> Drawing {
        Drawing { colour: self.colour(), unicode: !self.ascii, width: MESSAGE_WIDTH }
    }

    /// Whether messages may be coloured.
    pub fn colour(&self) -> bool {
        self.colours(std::io::stderr().is_terminal())
    }

    /// Whether results may be coloured: never those that go to a file.
    pub fn colours_results(&self) -> bool {
        self.output.is_none() && self.colours(std::io::stdout().is_terminal())
    }

    fn colours(&self, is_terminal: bool) -> bool {
        match self.color {
            Colour::Always => true,
            Colour::Never => false,
            Colour::Auto => {
                let refused = std::env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty());
                !refused && !is_dumb() && is_terminal
            }
        }
    }
}

/// Whether the terminal can do no more than write line after line.
pub fn is_dumb() -> bool {
    std::env::var_os("TERM").is_some_and(|term| term == "dumb")
}

/// Makes a folder and those above it.
pub fn make_folder(path: &Path) -> Result<()> {
    std::fs::create_dir_all(path).with_context(|| format!("cannot make the folder {}", path.display()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_but_colours_reaches_a_terminal() {
        assert!(matches!(harmless("Größe\t1\n"), Cow::Borrowed(_)));
        assert_eq!(harmless("\u{1b}[1;31mred\u{1b}[0m"), "\u{1b}[1;31mred\u{1b}[0m");
        assert_eq!(harmless("a\u{1b}[2Jb\u{7}\0\u{9b}1m\r"), "a\\u{1b}[2Jb\\u{7}\\u{0}\\u{9b}1m\\u{d}");
        assert_eq!(harmless("\u{1b}]0;title\u{202e}\u{1b}["), "\\u{1b}]0;title\\u{202e}\\u{1b}[");
    }
}

//! What `linger test` and `linger snapshot` share: the file with the cases, which of them are meant, running one, the day, and whether this
//! is continuous integration.

use std::path::{Path, PathBuf};
use std::time::Instant;

use anyhow::{Context as _, Result, bail};

use super::arguments::TESTS_FILE;
use super::output::Console;
use super::progress::Bar;
use super::source::{quoted, read_source};
use crate::operating_characteristics::Progress;
use crate::scenario::{self, EXAMPLE_OF_TESTS, TestCase, Tests, nearest};
use crate::snapshot::{CaseError, Computed, Kept, Run, Snapshot, compute, fits, read_snapshot};

/// Folder that results are written to, where no other is named.
pub const OUT: &str = "linger-out";

/// The file with the cases, read.
pub struct Guard {
    /// Its path, as it was named.
    pub file: PathBuf,
    /// What is in it.
    pub tests: Tests,
    /// Folder of the results.
    pub out: PathBuf,
}

impl Guard {
    /// Reads the file with the cases.
    pub fn read(file: &Path, console: &Console) -> Result<Self> {
        if !file.exists() {
            bail!(
                "there is no {}: name another with --file, or begin with one like this\n\n{EXAMPLE_OF_TESTS}",
                file.display()
            );
        }
        let folder = file.parent().unwrap_or(Path::new(""));
        let tests = scenario::read_tests(read_source(file)?, folder)?;
        let out = console.file().map_or_else(|| PathBuf::from(OUT), Path::to_owned);
        let is_file_name =
            |extension: &std::ffi::OsStr| ["json", "csv", "md", "txt"].iter().any(|own| extension == *own);
        if out.extension().is_some_and(is_file_name) && !out.is_dir() {
            bail!(
                "{}: -o names the folder of the results; the result in another form goes to standard output: --format json > FILE",
                out.display()
            );
        }
        if out.exists() && !out.is_dir() {
            bail!("{}: is a file, and -o names the folder of the results", out.display());
        }
        Ok(Self { file: file.to_owned(), tests, out })
    }

    /// What follows the verb in commands that go on from here.
    pub fn arguments(&self) -> String {
        let other = |option: &str, path: &Path, usual: &str| {
            if path == Path::new(usual) {
                String::new()
            } else {
                format!(" {option} {}", quoted(&path.display().to_string()))
            }
        };
        format!("{}{}", other("--file", &self.file, TESTS_FILE), other("-o", &self.out, OUT))
    }

    /// The file of the kept results of a case.
    pub fn snapshot_file(&self, case: &str) -> PathBuf {
        self.tests.snapshots.join(format!("{case}.toml"))
    }

    /// The file of what waits to be accepted.
    pub fn proposal_file(&self, case: &str) -> PathBuf {
        self.out.join("new").join(format!("{case}.toml"))
    }

    /// What is kept of a case.
    pub fn kept(&self, case: &str) -> Result<Kept> {
        Ok(match self.snapshot(&self.snapshot_file(case), case)? {
            Some(snapshot) => Kept::Snapshot(Box::new(snapshot)),
            None => Kept::Nothing,
        })
    }

    /// What waits to be accepted of a case.
    pub fn proposal(&self, case: &str) -> Result<Option<Snapshot>> {
        self.snapshot(&self.proposal_file(case), case)
    }

    fn snapshot(&self, file: &Path, case: &str) -> Result<Option<Snapshot>> {
        if !file.exists() {
            return Ok(None);
        }
        let snapshot = read_snapshot(read_source(file)?)?;
        if snapshot.case != case {
            bail!("{}: holds the results of the case `{}`, not of `{case}`", file.display(), snapshot.case);
        }
        Ok(Some(snapshot))
    }

    /// The cases whose names fit any of some patterns; all for none. A pattern that fits none is an error that names the nearest.
    pub fn cases(&self, patterns: &[String]) -> Result<Vec<&TestCase>> {
        let names = || self.tests.cases.iter().map(|case| case.name.as_str());
        for pattern in patterns {
            if !names().any(|name| fits(pattern, name)) {
                let meant = nearest(pattern, names()).map(|near| format!("; did you mean {near}?")).unwrap_or_default();
                let all: Vec<&str> = names().collect();
                bail!("no case is named {pattern}{meant}\n  cases of {}: {}", self.file.display(), all.join(", "));
            }
        }
        let chosen = |case: &&TestCase| patterns.is_empty() || patterns.iter().any(|own| fits(own, &case.name));
        Ok(self.tests.cases.iter().filter(chosen).collect())
    }
}

/// Computes a case, with a bar where somebody is watching; how many seconds it took comes with it.
pub fn run_case(case: &TestCase, run: Run, console: &Console) -> (Result<Computed, CaseError>, f64) {
    let bar = Bar::new(console, run.replicates.or(case.replicates).unwrap_or_default());
    let begun = Instant::now();
    let hear = |progress: Progress| {
        bar.tell(progress, || case.name.clone());
        bar.go_on()
    };
    let computed = compute(case, run, hear);
    bar.finish();
    (computed, begun.elapsed().as_secs_f64())
}

/// The day in UTC; `SOURCE_DATE_EPOCH` stands for the clock where it is set.
pub fn today() -> Result<String> {
    let stamp = match std::env::var("SOURCE_DATE_EPOCH") {
        Ok(text) => {
            let seconds = text.trim().parse::<i64>().ok();
            let stamp = seconds.and_then(|seconds| jiff::Timestamp::from_second(seconds).ok());
            stamp.with_context(|| format!("SOURCE_DATE_EPOCH is not a number of seconds since 1970: {text}"))?
        }
        Err(_) => jiff::Timestamp::now(),
    };
    Ok(jiff::tz::Offset::UTC.to_datetime(stamp).date().to_string())
}

/// Whether this is continuous integration: `CI` is set and does not say no.
pub fn is_ci() -> bool {
    std::env::var("CI")
        .is_ok_and(|value| !matches!(value.trim().to_ascii_lowercase().as_str(), "" | "0" | "false" | "no"))
}

/// Refuses to change what is kept in continuous integration.
pub fn only_by_hand(what: &str) -> Result<()> {
    if is_ci() {
        bail!(
            "CI is set, and kept results are never changed there: run `linger snapshot {what}` where somebody looks at the numbers, and \
             commit the files; nothing was written"
        );
    }
    Ok(())
}

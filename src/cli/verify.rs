//! `linger verify`: the stored numbers of other programs, recomputed on this machine.

mod documents;
mod tables;

use std::path::Path;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use jiff::Timestamp;

use super::NotMet;
use super::arguments::{Format, Verify};
use super::output::Console;
use super::progress::Steps;
use super::source::{Settings, quoted};
use super::tables::Look;
use crate::report::qualification::Qualification;
use crate::scenario;
use crate::snapshot::verify::{self, Installation, METHODS, Method, References};

/// After so long it is said how far it is.
const PATIENCE: Duration = Duration::from_secs(1);

/// Recomputes the methods that were named, or all, and reports; what does not hold is the exit code's to say.
pub fn run(verb: Verify, settings: &Settings, console: &Console) -> Result<()> {
    settings.none("the reference numbers are what they are")?;
    let methods = methods(&verb.methods)?;
    if verb.list {
        return list(&methods, console);
    }
    let format = format(console)?;
    let references = references(verb.references.as_deref())?;
    let date = date(std::env::var("SOURCE_DATE_EPOCH").ok().as_deref())?.to_string();
    let results = recompute(&references, &methods, console);
    let installation = Installation::here();
    let n_methods = METHODS.len();
    let report =
        Qualification { installation: &installation, date, references: &references, results: &results, n_methods };
    let is_whole = verb.methods.is_empty();
    console.result(&match format {
        Wanted::Html => report.html()?,
        Wanted::Format(Format::Json) => documents::json(&report)?,
        Wanted::Format(Format::Csv) => documents::csv(&report),
        Wanted::Format(Format::Table) => tables::text(&report, Look::Terminal, is_whole),
        Wanted::Format(Format::Md) => tables::text(&report, Look::Markdown, is_whole),
    })?;
    if !report.holds() {
        return Err(NotMet(report.sentence()).into());
    }
    console.note(&afterwords(&verb));
    Ok(())
}

/// The form that was asked for; a page has no name of its own.
enum Wanted {
    Html,
    Format(Format),
}

fn format(console: &Console) -> Result<Wanted> {
    let is_page = console.file().and_then(Path::extension).is_some_and(|extension| extension == "html");
    if is_page && !console.has_format() { Ok(Wanted::Html) } else { Ok(Wanted::Format(console.format()?)) }
}

/// The methods of these names, in the order of the table; all without a name.
fn methods(names: &[String]) -> Result<Vec<&'static Method>> {
    if let Some(name) = names.iter().find(|name| verify::method(name).is_none()) {
        let known: Vec<&str> = METHODS.iter().map(|method| method.name).collect();
        let meant = scenario::nearest(name, known.iter().copied());
        let meant = meant.map(|near| format!("; did you mean {near}?")).unwrap_or_default();
        bail!("{name}: there is no method of that name{meant}\n  methods: {}", known.join(", "))
    }
    let wanted = |method: &&'static Method| names.is_empty() || names.iter().any(|name| name == method.name);
    Ok(METHODS.into_iter().filter(wanted).collect())
}

fn references(folder: Option<&Path>) -> Result<References> {
    let Some(folder) = folder else { return Ok(References::compiled_in()) };
    if !folder.is_dir() {
        bail!(
            "{}: there is no such folder; --references wants a copy of the project's tests/reference",
            folder.display()
        );
    }
    Ok(References::of_folder(folder))
}

/// Recomputes everything; what takes longer than a moment says how far it is.
fn recompute(references: &References, methods: &[&'static Method], console: &Console) -> Vec<verify::MethodResult> {
    let n_files: usize = methods.iter().map(|method| method.checks.len()).sum();
    let (begun, steps, done) = (Instant::now(), OnceLock::new(), AtomicU64::new(0));
    let results = verify::verify(references, methods, |_| {
        let done = done.fetch_add(1, Ordering::Relaxed) + 1;
        if begun.elapsed() > PATIENCE {
            steps.get_or_init(|| Steps::new(console, n_files as u64, "files of reference numbers")).tell(done);
        }
    });
    if let Some(steps) = steps.get() {
        steps.finish();
    }
    results
}

fn list(methods: &[&'static Method], console: &Console) -> Result<()> {
    console.result(&match console.format()? {
        Format::Json => documents::list_json(methods)?,
        Format::Csv => documents::list_csv(methods),
        Format::Table => tables::list(methods, Look::Terminal),
        Format::Md => tables::list(methods, Look::Markdown),
    })
}

/// The date and time in UTC: of `SOURCE_DATE_EPOCH` where that is given, so that the same run gives the same bytes, else now.
fn date(source_date_epoch: Option<&str>) -> Result<Timestamp> {
    let Some(text) = source_date_epoch else { return Ok(Timestamp::now()) };
    let given = text.trim().parse().ok().and_then(|seconds| Timestamp::from_second(seconds).ok());
    given.with_context(|| {
        format!("SOURCE_DATE_EPOCH is `{text}`; it must be a number of seconds since 1970, such as 1750000000")
    })
}

/// What to do next.
fn afterwords(verb: &Verify) -> String {
    let names: String = verb.methods.iter().map(|name| format!(" {}", quoted(name))).collect();
    let folder = verb.references.as_ref().map(|own| format!(" --references {}", quoted(&own.display().to_string())));
    let again = format!("linger verify{names}{}", folder.unwrap_or_default());
    let details = match verb.methods.is_empty() {
        true => "linger verify mmrm   every quantity of a method, with both numbers\n".to_owned(),
        false => "linger verify   all methods\n".to_owned(),
    };
    format!("\nNext\n  {again} -o qualification.html   to print and sign\n  {details}")
}

#[cfg(test)]
mod tests {
    use super::date;

    #[test]
    fn the_date_can_be_given() {
        assert_eq!(date(Some("0")).unwrap().to_string(), "1970-01-01T00:00:00Z");
        assert!(date(Some("yesterday")).unwrap_err().to_string().contains("`yesterday`"));
        assert!(date(Some("99999999999999999")).is_err());
        assert!(date(None).unwrap() > date(Some("1750000000")).unwrap());
    }
}

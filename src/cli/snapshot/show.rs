//! `linger snapshot show` and `linger snapshot list`: what is kept, why, since when.

use anyhow::{Result, bail};
use serde::Serialize;
use serde_json::json;

use super::pending::Pending;
use crate::cli::arguments::Format;
use crate::cli::envelope;
use crate::cli::guard::Guard;
use crate::cli::output::{Console, write_stdout};
use crate::cli::tables::Look;
use crate::dataset;
use crate::snapshot::{Kept, Snapshot, fits};

/// One kept value.
#[derive(Debug, Serialize)]
struct ValueRow {
    case: String,
    id: String,
    value: Option<f64>,
    in_words: String,
    reason: String,
    tool_version: String,
    date: String,
}

/// What is kept of one case.
#[derive(Debug, Serialize)]
struct CaseRow {
    case: String,
    file: String,
    values: Option<usize>,
    waiting: usize,
    hash: Option<String>,
    seed: Option<u64>,
    replicates: Option<u64>,
    generator: Option<String>,
    tool_version: Option<String>,
    date: Option<String>,
    reason: Option<String>,
}

/// Shows values by the patterns of their cases, or of `CASE/ID`.
pub fn show(guard: &Guard, patterns: &[String], console: &Console) -> Result<u8> {
    let mut rows = Vec::new();
    let mut heads = Vec::new();
    for pattern in patterns {
        let before = rows.len();
        let (cases, ids) = pattern.split_once('/').unwrap_or((pattern.as_str(), "*"));
        for case in guard.cases(&[cases.to_owned()])? {
            let Kept::Snapshot(kept) = guard.kept(&case.name)? else {
                console.note(&format!("{}: nothing is kept", case.name));
                continue;
            };
            heads.push(head(&kept));
            rows.extend(kept.quantities.keys().filter(|id| fits(ids, id)).map(|id| value_row(&kept, id)));
        }
        if rows.len() == before && pattern.contains('/') {
            bail!("no kept value is named {pattern}");
        }
    }
    let text = match console.format().unwrap_or(Format::Table) {
        Format::Table => format!("{}{}", heads.concat(), value_table(Look::Terminal, &rows)),
        Format::Md => value_table(Look::Markdown, &rows),
        Format::Csv => dataset::rows_to_csv(&rows)?,
        Format::Json => document("snapshot", json!(rows))?,
    };
    // -o is the folder in which the last test has left what waits.
    write_stdout(&text)?;
    Ok(0)
}

/// Lists the cases.
pub fn list(guard: &Guard, console: &Console) -> Result<u8> {
    let pending = Pending::read(guard)?;
    let mut rows = Vec::new();
    for case in &guard.tests.cases {
        let kept = match guard.kept(&case.name)? {
            Kept::Snapshot(kept) => Some(*kept),
            Kept::Nothing => None,
        };
        let of = |text: fn(&Snapshot) -> String| kept.as_ref().map(text);
        rows.push(CaseRow {
            case: case.name.clone(),
            file: guard.snapshot_file(&case.name).display().to_string(),
            values: kept.as_ref().map(|own| own.quantities.len()),
            waiting: pending.iter().find(|own| own.case.name == case.name).map_or(0, |own| own.ids().count()),
            hash: of(|own| own.subject.hash.clone()),
            seed: kept.as_ref().and_then(|own| own.subject.seed),
            replicates: kept.as_ref().and_then(|own| own.subject.replicates),
            generator: kept.as_ref().and_then(|own| own.subject.generator.clone()),
            tool_version: of(|own| own.made.tool_version.clone()),
            date: of(|own| own.made.date.clone()),
            reason: of(|own| own.made.reason.clone()),
        });
    }
    let text = match console.format().unwrap_or(Format::Table) {
        Format::Table => case_table(Look::Terminal, &rows),
        Format::Md => case_table(Look::Markdown, &rows),
        Format::Csv => dataset::rows_to_csv(&rows)?,
        Format::Json => document("snapshots", json!(rows))?,
    };
    write_stdout(&text)?;
    Ok(0)
}

fn document(what: &str, rows: serde_json::Value) -> Result<String> {
    let mut document = envelope::head(what);
    document.insert("results".to_owned(), rows);
    Ok(envelope::text(document)?)
}

/// What all values of a case have in common.
fn head(kept: &Snapshot) -> String {
    let subject = &kept.subject;
    let seed = subject.seed.map(|seed| format!(", seed {seed}")).unwrap_or_default();
    let replicates = subject.replicates.map(|n| format!(", {n} replicates")).unwrap_or_default();
    let generator = subject.generator.as_ref().map(|own| format!(", {own}")).unwrap_or_default();
    format!(
        "{}: {} {}{seed}{replicates}{generator}\n  kept {} with linger {}: {}\n",
        kept.case,
        subject.kind.noun(),
        subject.hash,
        kept.made.date,
        kept.made.tool_version,
        kept.made.reason
    )
}

fn value_row(kept: &Snapshot, id: &str) -> ValueRow {
    let own = &kept.quantities[id];
    let accepted = kept.acceptance(id);
    ValueRow {
        case: kept.case.clone(),
        id: id.to_owned(),
        value: own.value.as_number().filter(|number| number.is_finite()),
        in_words: own.value.to_string(),
        reason: accepted.reason.clone(),
        tool_version: accepted.tool_version.clone(),
        date: accepted.date.clone(),
    }
}

fn value_table(look: Look, rows: &[ValueRow]) -> String {
    let mut sheet = look.table(vec!["Quantity", "Value", "Kept", "Version", "Reason"], 5);
    for own in rows {
        let id = format!("{}/{}", own.case, own.id);
        sheet.row(vec![id, own.in_words.clone(), own.date.clone(), own.tool_version.clone(), own.reason.clone()]);
    }
    sheet.text()
}

fn case_table(look: Look, rows: &[CaseRow]) -> String {
    let mut sheet = look.table(vec!["Case", "Values", "Waiting", "Kept", "Version", "Hash", "Reason"], 7);
    for own in rows {
        let text = |text: &Option<String>| text.clone().unwrap_or_else(|| "-".to_owned());
        let values = own.values.map_or_else(|| "nothing".to_owned(), |n| n.to_string());
        let waiting = if own.waiting == 0 { String::new() } else { own.waiting.to_string() };
        let cells = vec![
            own.case.clone(),
            values,
            waiting,
            text(&own.date),
            text(&own.tool_version),
            text(&own.hash),
            text(&own.reason),
        ];
        sheet.row(cells);
    }
    sheet.text()
}

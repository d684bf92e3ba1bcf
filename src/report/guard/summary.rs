//! The summary of a run in Markdown: a line per case, a table of what changed, details that open on a click.

use super::words::{counts, described, failed_of, side_by_side};
use super::{CaseReport, GuardReport};
use crate::snapshot::{Comparison, Severity, Value};

/// Largest summary; GitHub takes at most 1 MiB a step.
pub const MOST_BYTES: usize = 1_000_000;

/// Values of a case that the summary lists at most in its tables.
const MOST_ROWS: usize = 200;

/// The summary, at most [`MOST_BYTES`] long: what does not fit is counted.
pub fn summary(report: &GuardReport) -> String {
    let mut text = head(report);
    let mut left_out = 0;
    for case in &report.cases {
        let section = section(report, case);
        if section.is_empty() {
            continue;
        }
        if text.len() + section.len() > MOST_BYTES - 500 {
            left_out += 1;
        } else {
            text.push_str(&section);
        }
    }
    if left_out > 0 {
        text.push_str(&format!("\n{left_out} more cases have something to say and no room here: see `junit.xml`.\n"));
    }
    text
}

fn head(report: &GuardReport) -> String {
    let n = report.cases.len();
    let verdict = if report.is_fine() { "✅" } else { "❌" };
    let cases = if n == 1 { "1 case".to_owned() } else { format!("{n} cases") };
    let mut text =
        format!("## {verdict} linger test: {}, {cases}\n\n", failed_of(report.n_failed(), report.n_comparisons()));
    text.push_str(&format!("linger {}, profile `{}`", report.version, report.profile));
    if let Some(seed) = report.seed {
        text.push_str(&format!(", seed {seed} instead of those of the scenarios"));
    }
    text.push_str(".\n\n| | Case | Comparisons |\n| --- | --- | --- |\n");
    for case in &report.cases {
        let (sign, said) = match &case.judged {
            Err(reason) => ("❌", format!("could not be run: {}", cell(reason.lines().next().unwrap_or_default()))),
            Ok(judged) => {
                let refused = judged
                    .refusal
                    .as_ref()
                    .map(|own| format!("kept results not compared: {}; ", cell(&own.to_string())));
                let sign = match (judged.failed() > 0 || refused.is_some(), judged.warnings() > 0) {
                    (true, _) => "❌",
                    (false, true) => "⚠️",
                    (false, false) => "✅",
                };
                (sign, format!("{}{}", refused.unwrap_or_default(), counts(judged)))
            }
        };
        text.push_str(&format!("| {sign} | {} | {said} |\n", cell(&case.name)));
    }
    text
}

/// What a case has to say; nothing where all is fine.
fn section(report: &GuardReport, case: &CaseReport) -> String {
    let notable = case.notable();
    let refused = case.refused(report);
    if notable.is_empty() && refused.is_none() && case.judged.is_ok() {
        return String::new();
    }
    let mut text = format!("\n### {}\n\n", cell(&case.name));
    if let Err(reason) = &case.judged {
        text.push_str(&format!("Could not be run:\n\n```text\n{}\n```\n", reason.replace("```", "'''")));
    }
    if let Some(refused) = &refused {
        text.push_str(&format!("{}.\n\n", cell(refused)));
    }
    let changed: Vec<&Comparison> = notable.iter().copied().filter(|own| own.is_exact()).collect();
    let others: Vec<&Comparison> = notable.iter().copied().filter(|own| !own.is_exact()).collect();
    if !others.is_empty() {
        text.push_str("| | Quantity | What was found |\n| --- | --- | --- |\n");
        for own in &others {
            let sign = if own.severity == Severity::Warning { "⚠️" } else { "❌" };
            text.push_str(&format!("| {sign} | `{}` | {} |\n", own.id, cell(&described(own))));
        }
        text.push('\n');
    }
    if !changed.is_empty() {
        text.push_str(&changes(report, case, &changed));
    }
    text
}

fn changes(report: &GuardReport, case: &CaseReport, changed: &[&Comparison]) -> String {
    let mut text = String::new();
    if let Some(suspect) = case.judged.as_ref().ok().and_then(|judged| judged.suspect.as_ref()) {
        text.push_str(&format!("First suspect: {}.\n\n", cell(suspect)));
    }
    text.push_str(
        "| Quantity | Verdict | Kept | Now | Difference | Allowed |\n| --- | --- | ---: | ---: | ---: | ---: |\n",
    );
    for own in changed.iter().take(MOST_ROWS) {
        let nothing = Value::Nothing(String::new());
        let [kept, now] = side_by_side(own.kept().unwrap_or(&nothing), own.now.as_ref().unwrap_or(&nothing));
        let shown = |there: bool, text: String| if there { cell(&text) } else { "–".to_owned() };
        let number = |number: Option<f64>| number.map_or_else(|| "–".to_owned(), |number| format!("{number:.3e}"));
        text.push_str(&format!(
            "| `{}` | {} | {} | {} | {} | {} |\n",
            own.id,
            own.verdict.words(),
            shown(own.kept().is_some(), kept),
            shown(own.now.is_some(), now),
            number(own.difference()),
            number(own.allowed()),
        ));
    }
    let more = changed.len().saturating_sub(MOST_ROWS);
    if more > 0 {
        text.push_str(&format!("\nand {more} more: see `junit.xml`.\n"));
    }
    text.push_str("\n<details><summary>In full, with the commands that accept a value</summary>\n\n```text\n");
    for own in changed.iter().take(MOST_ROWS) {
        let Comparison { id, verdict, .. } = own;
        text.push_str(&format!("{id}: {}\n  {}\n", verdict.words(), described(own).replace("```", "'''")));
        if case.refused(report).is_none() {
            text.push_str(&format!("  {}\n", report.accept_command(&case.name, id)));
        }
    }
    text.push_str("```\n\n</details>\n");
    text
}

/// A text as a cell of a table, or within a line.
fn cell(text: &str) -> String {
    text.replace('|', "\\|").replace(['\n', '\r'], " ").replace('<', "&lt;")
}

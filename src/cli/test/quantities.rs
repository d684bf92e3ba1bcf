//! `linger test --quantities`: every quantity of the chosen cases, whether a check asks for it or not.

use anyhow::{Result, bail};
use serde::Serialize;
use serde_json::json;

use crate::cli::arguments::Format;
use crate::cli::envelope;
use crate::cli::guard::run_case;
use crate::cli::output::{Console, write_stdout};
use crate::cli::tables::Look;
use crate::dataset;
use crate::scenario::{TestCase, TestCheck};
use crate::snapshot::{Quantity, Run};

/// One quantity.
#[derive(Debug, Serialize)]
struct Row {
    case: String,
    id: String,
    check: Option<&'static str>,
    value: Option<f64>,
    mcse: Option<f64>,
    in_words: String,
}

/// Shows them; a case that cannot be run is an error here.
pub fn show(cases: &[&TestCase], run: Run, format: Format, console: &Console) -> Result<u8> {
    let mut rows = Vec::new();
    for case in cases {
        // Everything there is: a case that compares nothing of many trials may come to expect something of them.
        let whole = TestCase { checks: checks_of(case), ..(*case).clone() };
        let (computed, _) = run_case(&whole, run, console);
        match computed {
            Ok(computed) => rows.extend(computed.quantities.iter().map(|own| row(&case.name, own))),
            Err(error) => bail!("{}: {error}", case.name),
        }
    }
    let text = match format {
        Format::Table => table(Look::Terminal, &rows),
        Format::Md => table(Look::Markdown, &rows),
        Format::Csv => dataset::rows_to_csv(&rows)?,
        Format::Json => {
            let mut document = envelope::head("quantities");
            document.insert("results".to_owned(), json!(rows));
            envelope::text(document)?
        }
    };
    write_stdout(&text)?;
    Ok(0)
}

fn checks_of(case: &TestCase) -> Vec<TestCheck> {
    let fits = |check: &TestCheck| case.subject.is_scenario() || !check.needs_replicates();
    TestCheck::ALL.into_iter().filter(fits).collect()
}

fn row(case: &str, own: &Quantity) -> Row {
    let finite = |number: Option<f64>| number.filter(|own| own.is_finite());
    Row {
        case: case.to_owned(),
        id: own.id.clone(),
        check: own.check.map(TestCheck::name),
        value: finite(own.value.as_number()),
        mcse: finite(own.mcse),
        in_words: own.value.to_string(),
    }
}

fn table(look: Look, rows: &[Row]) -> String {
    let mut sheet = look.table(vec!["Case", "Quantity", "Check", "Value", "MC error"], 3);
    for own in rows {
        let mcse = own.mcse.map(|mcse| format!("{mcse:.2e}")).unwrap_or_default();
        let check = own.check.unwrap_or("").to_owned();
        sheet.row(vec![own.case.clone(), own.id.clone(), check, own.in_words.clone(), mcse]);
    }
    sheet.text()
}

//! What `linger verify` gives to programs: JSON and CSV.

use serde_json::{Value, json};

use crate::cli::envelope;
use crate::page::{Cell, Sheet};
use crate::report::qualification::{DOES_NOT_MEAN, MEANS, Qualification, n_failed};
use crate::snapshot::verify::{Check, CheckResult, Difference, Method, MethodResult, Quantity, Tolerance};

/// The whole report.
pub fn json(report: &Qualification) -> serde_json::Result<String> {
    let own = report.installation;
    let program = own.program.as_ref().map(|program| {
        json!({ "file": program.path.display().to_string(), "bytes": program.bytes, "sha256": program.sha256 })
    });
    let mut document = envelope::head("verify");
    let entries = [
        ("verdict", json!(if report.holds() { "holds" } else { "fails" })),
        ("date", json!(report.date)),
        (
            "installation",
            json!({
                "target": own.target,
                "build": own.build,
                "operating_system": own.operating_system,
                "architecture": own.architecture,
                "program": program,
            }),
        ),
        ("references", json!(report.references.folder().map(|folder| folder.display().to_string()))),
        ("methods", json!({ "verified": report.results.len(), "of": report.n_methods })),
        ("comparisons", json!(report.n())),
        ("failed", json!(report.n_failed())),
        ("in_words", json!([report.sentence(), MEANS, DOES_NOT_MEAN])),
        ("results", report.results.iter().map(method).collect()),
    ];
    document.extend(entries.map(|(key, value)| (key.to_owned(), value)));
    envelope::text(document)
}

fn method(result: &MethodResult) -> Value {
    json!({
        "method": result.method.name,
        "title": result.method.title,
        "source": result.method.source,
        "ledger_rows": result.method.covers,
        "verdict": if result.holds() { "holds" } else { "fails" },
        "comparisons": result.n(),
        "failed": n_failed(result),
        "worst": result.worst().map(quantity),
        "files": result.checks.iter().map(file).collect::<Vec<_>>(),
    })
}

fn file(result: &CheckResult) -> Value {
    json!({
        "file": result.check.file.name,
        "recomputed": result.check.recomputed,
        "lines": result.lines,
        "problem": result.problem.as_ref().map(ToString::to_string),
        "quantities": result.quantities.iter().map(quantity).collect::<Vec<_>>(),
    })
}

fn quantity(own: &Quantity) -> Value {
    json!({
        "file": own.file,
        "quantity": own.name,
        "comparisons": own.n,
        "failed": own.n_failed,
        "tolerance": tolerance(&own.tolerance),
        "worst": own.worst.as_ref().map(difference),
        "failures": own.failures.iter().map(difference).collect::<Vec<_>>(),
    })
}

fn tolerance(own: &Tolerance) -> Value {
    json!({ "limit": own.limit, "unit": own.unit, "reason": own.reason })
}

/// Numbers as text, with all their digits and those of the file; a difference without a number is null.
fn difference(own: &Difference) -> Value {
    json!({
        "line": own.line,
        "column": own.column,
        "about": own.about,
        "here": own.ours,
        "reference": own.reference,
        "difference": own.size.is_finite().then_some(own.size),
    })
}

/// A row per quantity.
pub fn csv(report: &Qualification) -> String {
    let mut sheet = Sheet::new([
        "method",
        "source",
        "file",
        "quantity",
        "comparisons",
        "failed",
        "worst_difference",
        "tolerance",
        "unit",
        "reason",
        "line",
        "here",
        "reference",
        "verdict",
    ]);
    for result in report.results {
        for check in &result.checks {
            for own in &check.quantities {
                let worst = own.worst.as_ref();
                sheet.row([
                    result.method.name.into(),
                    result.method.source.into(),
                    own.file.into(),
                    own.name.as_str().into(),
                    own.n.into(),
                    own.n_failed.into(),
                    Cell::from(worst.map(|worst| worst.size).filter(|size| size.is_finite())),
                    own.tolerance.limit.into(),
                    own.tolerance.unit.into(),
                    own.tolerance.reason.into(),
                    Cell::from(worst.map(|worst| worst.line)),
                    number(worst.map(|worst| worst.ours.as_str())),
                    number(worst.map(|worst| worst.reference.as_str())),
                    if own.holds() { "holds" } else { "fails" }.into(),
                ]);
            }
            if let Some(problem) = &check.problem {
                let mut cells = vec![Cell::Missing; 14];
                cells[0] = result.method.name.into();
                cells[1] = result.method.source.into();
                cells[2] = check.check.file.name.into();
                cells[9] = problem.to_string().into();
                cells[13] = "fails".into();
                sheet.row(cells);
            }
        }
    }
    sheet.to_csv()
}

/// A number that is kept as text stays a number in a table.
fn number(text: Option<&str>) -> Cell {
    let parsed = text.and_then(|text| text.parse::<f64>().ok()).filter(|number| number.is_finite());
    parsed.map_or_else(|| Cell::from(text), Cell::from)
}

/// What can be verified.
pub fn list_json(methods: &[&'static Method]) -> serde_json::Result<String> {
    let check = |check: &Check| {
        json!({
            "file": check.file.name,
            "lines": check.file.lines,
            "recomputed": check.recomputed,
            "tolerances": check.tolerances.iter().map(tolerance).collect::<Vec<_>>(),
        })
    };
    let method = |method: &&'static Method| {
        json!({
            "method": method.name,
            "title": method.title,
            "source": method.source,
            "ledger_rows": method.covers,
            "files": method.checks.iter().map(check).collect::<Vec<_>>(),
        })
    };
    let mut document = envelope::head("verify");
    document.insert("results".to_owned(), methods.iter().map(method).collect());
    envelope::text(document)
}

/// The same, a row per file.
pub fn list_csv(methods: &[&'static Method]) -> String {
    let mut sheet = Sheet::new(["method", "title", "source", "file", "lines", "recomputed"]);
    for method in methods {
        for check in method.checks {
            sheet.row([
                method.name.into(),
                method.title.into(),
                method.source.into(),
                check.file.name.into(),
                check.file.lines.into(),
                check.recomputed.into(),
            ]);
        }
    }
    sheet.to_csv()
}

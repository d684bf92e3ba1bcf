//! The tables of `linger verify`: methods, the quantities of a method, and what does not hold.

use crate::cli::tables::Look;
use crate::report::qualification::{
    DOES_NOT_MEAN, MEANS, Qualification, both_numbers, failures_of, limit, place, programs, size, thousands, tolerance,
    verdict,
};
use crate::snapshot::verify::{Check, Method, MethodResult, Quantity, Tolerance};

/// The whole report: identity, methods or their quantities, failures, what it means.
pub fn text(report: &Qualification, look: Look, is_whole: bool) -> String {
    let mut text = head(report, look);
    if is_whole {
        text.push_str(&methods(report, look));
    } else {
        report.results.iter().for_each(|result| text.push_str(&quantities(result, look)));
    }
    text.push_str(&failures(report, look));
    let verdict = if report.holds() { "HOLDS" } else { "FAILS" };
    let gap = look.gap();
    text.push_str(&format!("\n{}{gap}", look.foot(&format!("Verdict: {verdict}. {}\n", report.sentence()))));
    text.push_str(&look.foot(&format!("{MEANS}\n{gap}{DOES_NOT_MEAN}\n")));
    text
}

fn head(report: &Qualification, look: Look) -> String {
    let own = report.installation;
    let mut text = look.title(&format!("Installation qualification of linger {}", own.version));
    let mut lines = vec![
        format!("{} · {} build · {} · {}", own.target, own.build, own.operating_system, report.date_in_words()),
        format!(
            "{} comparisons in {} of {} methods · reference numbers {}",
            thousands(report.n()),
            report.results.len(),
            report.n_methods,
            report.source_of_references()
        ),
    ];
    if let Some(program) = &own.program {
        lines.insert(1, format!("SHA-256 of the program {}", program.sha256));
    }
    let line = |line: &String| match look {
        Look::Terminal => look.foot(&format!("{line}\n")),
        Look::Markdown => format!("- {line}\n"),
    };
    lines.iter().for_each(|own| text.push_str(&line(own)));
    text.push('\n');
    text
}

fn methods(report: &Qualification, look: Look) -> String {
    let heading = ["Method", "What it is", "Reference numbers by", "Compared", "Worst", "Tolerance", "Verdict"];
    let mut sheet = look.table(heading.to_vec(), 3);
    for result in report.results {
        let worst = result.worst();
        let difference = worst.and_then(|worst| worst.worst.as_ref());
        sheet.row(vec![
            result.method.name.to_owned(),
            result.method.title.to_owned(),
            programs(result.method.source),
            thousands(result.n()),
            difference.map(|own| size(own.size)).unwrap_or_default(),
            worst.map(|own| limit(&own.tolerance)).unwrap_or_default(),
            verdict(result),
        ]);
    }
    sheet.drop_where_narrow(&[1, 2]);
    let note = "Worst: of every method the comparison that comes nearest to its tolerance, relative to the reference number; \
                linger verify METHOD names other units, reasons and both numbers.\n";
    format!("{}{}{}", sheet.text(), look.gap(), look.foot(note))
}

/// One method in full.
fn quantities(result: &MethodResult, look: Look) -> String {
    let method = result.method;
    let mut text = look.title(&format!("{}: {}", method.title, method.source));
    let mut sheet = look.grouped_table(
        "File",
        ["Quantity", "Compared", "Worst", "Tolerance", "Verdict"].map(str::to_owned).to_vec(),
        1,
    );
    for check in &result.checks {
        sheet.group(&format!("{}: {}", check.check.file.name, check.check.recomputed));
        for quantity in &check.quantities {
            sheet.row(vec![
                quantity.name.clone(),
                thousands(quantity.n),
                quantity.worst.as_ref().map(|own| size(own.size)).unwrap_or_default(),
                tolerance(&quantity.tolerance),
                if quantity.holds() { "holds".to_owned() } else { format!("{} fail", thousands(quantity.n_failed)) },
            ]);
        }
    }
    text.push_str(&sheet.text());
    text.push_str(look.gap());
    if let Some(worst) = result.worst() {
        text.push_str(&look.foot(&format!("Nearest to its tolerance: {}\n", nearest(worst))));
    }
    for tolerance in tolerances(result.quantities().map(|quantity| quantity.tolerance)) {
        text.push_str(&listed(look, &tolerance));
    }
    text.push('\n');
    text
}

fn nearest(quantity: &Quantity) -> String {
    quantity
        .worst
        .as_ref()
        .map_or_else(String::new, |own| format!("{}, {}: {}", place(quantity, own), quantity.name, both_numbers(own)))
}

/// Tolerances, each once.
fn tolerances(all: impl Iterator<Item = Tolerance>) -> Vec<Tolerance> {
    let mut once: Vec<Tolerance> = Vec::new();
    for tolerance in all {
        if !once.contains(&tolerance) {
            once.push(tolerance);
        }
    }
    once
}

fn listed(look: Look, own: &Tolerance) -> String {
    let line = format!("{}: {}", tolerance(own), own.reason);
    match look {
        Look::Terminal => look.foot(&format!("  {line}\n")),
        Look::Markdown => format!("- {line}\n"),
    }
}

fn failures(report: &Qualification, look: Look) -> String {
    let mut text = String::new();
    for result in report.results.iter().filter(|result| !result.holds()) {
        text.push_str(&format!("\n{}", look.heading(&format!("{} does not hold", result.method.title))));
        for line in result.checks.iter().flat_map(failures_of) {
            text.push_str(&match look {
                Look::Terminal => look.foot(&format!("  {line}\n")),
                Look::Markdown => format!("- {line}\n"),
            });
        }
    }
    text
}

/// What can be verified, without doing it.
pub fn list(methods: &[&'static Method], look: Look) -> String {
    let mut sheet = look.table(vec!["Method", "What it is", "Reference numbers by", "Files", "Lines"], 3);
    for method in methods {
        let lines: usize = method.checks.iter().map(|check| check.file.lines - check.left_out).sum();
        let title = method.title.to_owned();
        let (files, lines) = (thousands(method.checks.len()), thousands(lines));
        sheet.row(vec![method.name.to_owned(), title, programs(method.source), files, lines]);
    }
    sheet.drop_where_narrow(&[1, 4, 3]);
    let mut text = sheet.text();
    // One method in full, where it was named.
    if let [method] = methods {
        text.push_str(&format!("\n{}", look.heading(&format!("{}: {}", method.title, method.source))));
        method.checks.iter().for_each(|check| text.push_str(&in_full(check, look)));
    }
    text
}

fn in_full(check: &Check, look: Look) -> String {
    let mut text = match look {
        Look::Terminal => look.foot(&format!("{}: {}\n", check.file.name, check.recomputed)),
        Look::Markdown => format!("\n`{}`: {}\n\n", check.file.name, check.recomputed),
    };
    check.tolerances.iter().for_each(|own| text.push_str(&listed(look, own)));
    text
}

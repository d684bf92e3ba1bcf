//! What a calibrated scenario file says of itself: the block of comments at its head, with targets, settings and assumptions.

use crate::operating_characteristics::{Calibration, SIGNIFICANT_DIGITS};
use crate::scenario::Targets;

/// How the first line of the block begins.
const BEGINNING: &str = "# Calibrated by: ";

/// The last line of the block.
const END: &str = "# End of the calibration. Comments below are those of the base and speak of its values.";

/// The calibrated scenario as a file: the text of the base with the values that were found, headed by a block of comments
/// that says what was met, how, and what was assumed. A block from an earlier calibration is replaced.
pub fn scenario_file(targets: &Targets, calibration: &Calibration, command: &str) -> String {
    let (directive, text) = split_directive(&calibration.text);
    format!("{directive}{}\n{}", block(targets, calibration, command), without_block(text))
}

/// A first line for editors, which must stay the first, and the rest.
fn split_directive(text: &str) -> (&str, &str) {
    if !text.starts_with("#:") {
        return ("", text);
    }
    text.split_at(text.find('\n').map_or(text.len(), |newline| newline + 1))
}

/// The text after the block that an earlier calibration has left.
fn without_block(text: &str) -> &str {
    let end = text.find(END).filter(|_| text.starts_with(BEGINNING));
    end.map_or(text, |end| text[end + END.len()..].trim_start_matches(['\r', '\n']))
}

fn block(targets: &Targets, calibration: &Calibration, command: &str) -> String {
    let mut lines = vec![format!("{BEGINNING}{command}")];
    if !targets.title.is_empty() {
        lines.push(format!("# {}", targets.title));
    }
    lines.push("#".to_owned());
    lines.push(format!(
        "# Found from the base {} by numerical integration of expected recorded scores.",
        targets.base_name
    ));
    lines.push(format!(
        "# Nothing was simulated. Values are rounded to {SIGNIFICANT_DIGITS} significant digits and were checked after that."
    ));
    lines.push("#".to_owned());
    lines.push("# Free settings, and what they were in the base:".to_owned());
    let settings = calibration.settings.iter().map(|setting| {
        vec![
            setting.key.clone(),
            format!("= {}", setting.value),
            format!("({}){}", setting.start, bounds(setting.bounds)),
        ]
    });
    lines.extend(aligned(settings.collect()));
    lines.push("#".to_owned());
    lines.push("# Targets, all met:".to_owned());
    let met = calibration.targets.iter().map(|target| {
        let source = target.source.as_ref().map(|source| format!("; {source}")).unwrap_or_default();
        vec![
            target.name.clone(),
            format!("{}", target.target),
            format!("reached {}", reached(target.reached)),
            format!("(tolerance {}){source}", target.tolerance),
        ]
    });
    lines.extend(aligned(met.collect()));
    lines.push("#".to_owned());
    lines.push("# Assumptions, kept from the base, which no target determines:".to_owned());
    let assumed = calibration.assumptions.iter().map(|(key, value)| vec![key.clone(), format!("= {value}")]);
    lines.extend(aligned(assumed.collect()));
    lines.push(END.to_owned());
    lines.iter().map(|line| format!("{}\n", one_line(line))).collect()
}

/// An expected number with as many decimals as a tolerance can need.
pub fn reached(value: f64) -> String {
    super::numbers::fixed(value, 5)
}

/// `, between -6 and 0`; nothing where there are no bounds.
fn bounds([low, high]: [f64; 2]) -> String {
    match (low.is_finite(), high.is_finite()) {
        (true, true) => format!(", between {low} and {high}"),
        (true, false) => format!(", at least {low}"),
        (false, true) => format!(", at most {high}"),
        (false, false) => String::new(),
    }
}

/// Rows as comments with their columns one below the other.
fn aligned(rows: Vec<Vec<String>>) -> Vec<String> {
    let n_columns = rows.iter().map(Vec::len).max().unwrap_or(0);
    let width = |column: usize| {
        rows.iter().filter_map(|row| row.get(column)).map(|cell| cell.chars().count()).max().unwrap_or(0)
    };
    let widths: Vec<usize> = (0..n_columns).map(width).collect();
    let line = |row: &Vec<String>| {
        let cells: String = row.iter().zip(&widths).map(|(cell, width)| format!("  {cell:<width$}")).collect();
        format!("# {}", cells.trim_end())
    };
    rows.iter().map(line).collect()
}

/// A comment must not leave its line.
fn one_line(text: &str) -> String {
    text.chars().map(|letter| if letter.is_control() { ' ' } else { letter }).collect()
}

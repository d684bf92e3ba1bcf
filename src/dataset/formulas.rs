//! Cells of CSV that a spreadsheet would run as formulas: marked where they are written, and read back as they were.

/// Signs with which a spreadsheet begins a formula.
const SIGNS: [char; 6] = ['=', '+', '-', '@', '\t', '\r'];

/// A text as a cell of CSV: with an apostrophe in front where a spreadsheet would take it for a formula (OWASP, "CSV injection").
/// Numbers stay numbers, with either decimal mark.
pub(super) fn marked(text: String) -> String {
    if is_formula(&text) && !is_number(&text) { format!("'{text}") } else { text }
}

/// What a cell said before it was [marked].
pub(super) fn unmarked(cell: &str) -> &str {
    match cell.strip_prefix('\'') {
        Some(rest) if is_formula(rest) => rest,
        _ => cell,
    }
}

/// Whether a formula begins here, perhaps after marks: so that a text with a mark of its own is read back with it.
fn is_formula(text: &str) -> bool {
    text.trim_start_matches('\'').starts_with(SIGNS)
}

fn is_number(text: &str) -> bool {
    text.replacen(',', ".", 1).parse::<f64>().is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn formulas_are_marked_numbers_are_not_and_all_are_read_back() {
        for (text, cell) in [
            ("=1+1", "'=1+1"),
            ("@SUM(A1)", "'@SUM(A1)"),
            ("+cmd", "'+cmd"),
            ("-2 weeks", "'-2 weeks"),
            ("\tx", "'\tx"),
            ("'=1", "''=1"),
            ("-2.5", "-2.5"),
            ("-2,5", "-2,5"),
            ("+3", "+3"),
            ("-inf", "-inf"),
            ("'s-Gravenhage", "'s-Gravenhage"),
            ("relaxation - usual_care", "relaxation - usual_care"),
            ("", ""),
        ] {
            assert_eq!(marked(text.to_owned()), cell);
            assert_eq!(unmarked(cell), text);
        }
    }
}

//! Where the records of a CSV text begin and how many cells they have: what is needed to name lines and to find ragged ones.

/// One record, which may span lines inside quotation marks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Record<'a> {
    /// Line on which it begins, counted from 1.
    pub line: usize,
    /// Its text without the end of the line.
    pub text: &'a str,
}

/// The records of a text, blank lines left out; or the line on which a quotation mark was opened and never closed.
///
/// As polars does, every quotation mark opens or closes a quotation, wherever it stands.
pub(super) fn split(text: &str) -> Result<Vec<Record<'_>>, usize> {
    let mut records = Vec::new();
    let mut start = 0;
    let mut line = 1;
    let mut starts_on = 1;
    let mut opened_on = None;
    for (at, byte) in text.bytes().enumerate() {
        match byte {
            b'"' => opened_on = if opened_on.is_none() { Some(line) } else { None },
            b'\n' => {
                line += 1;
                if opened_on.is_none() {
                    push(&mut records, starts_on, &text[start..at]);
                    start = at + 1;
                    starts_on = line;
                }
            }
            _ => {}
        }
    }
    if let Some(line) = opened_on {
        return Err(line);
    }
    push(&mut records, starts_on, &text[start..]);
    Ok(records)
}

fn push<'a>(records: &mut Vec<Record<'a>>, line: usize, text: &'a str) {
    let text = text.strip_suffix('\r').unwrap_or(text);
    if !text.trim().is_empty() {
        records.push(Record { line, text });
    }
}

/// Number of cells of a record, or `None` if a quotation mark stands where polars would read something else than is meant:
/// a cell that opens with one must close with one, and a line may end only inside such a cell.
pub(super) fn count_cells(record: &str, separator: char) -> Option<usize> {
    let mut rest = record;
    let mut cells = 1;
    loop {
        let end = cell_end(rest, separator);
        let cell = &rest[..end.unwrap_or(rest.len())];
        if cell.starts_with('"') && (cell.len() < 2 || !cell.ends_with('"')) {
            return None;
        }
        let Some(end) = end else { return Some(cells) };
        if rest[end..].starts_with('\n') {
            return None;
        }
        cells += 1;
        rest = &rest[end + separator.len_utf8()..];
    }
}

/// Where the first cell ends: at a separator or line feed outside quotation marks, which count only if they open the cell.
fn cell_end(rest: &str, separator: char) -> Option<usize> {
    let is_enclosed = rest.starts_with('"');
    let mut inside = false;
    rest.char_indices().find_map(|(at, character)| {
        inside ^= is_enclosed && character == '"';
        (!inside && (character == separator || character == '\n')).then_some(at)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn records_keep_their_lines_across_blank_lines_and_quoted_line_ends() {
        let records = split("a,b\r\n\n1,\"x\ny\"\n2,z").unwrap();
        let found: Vec<(usize, &str)> = records.iter().map(|record| (record.line, record.text)).collect();
        assert_eq!(found, [(1, "a,b"), (3, "1,\"x\ny\""), (5, "2,z")]);
    }

    #[test]
    fn an_open_quotation_is_named_by_its_line() {
        assert_eq!(split("a,b\n1,\"x\n2,y\n"), Err(2));
    }

    #[test]
    fn separators_inside_quotations_do_not_count() {
        assert_eq!(count_cells(r#"1,"a,b",2"#, ','), Some(3));
        assert_eq!(count_cells(r#"1,"a ""b"", c","#, ','), Some(3));
        assert_eq!(count_cells("1,\"a\nb\",2", ','), Some(3));
        assert_eq!(count_cells(r#"1,say "hi" now,2"#, ','), Some(3));
        assert_eq!(count_cells("", ','), Some(1));
    }

    #[test]
    fn misplaced_quotation_marks_are_noticed() {
        assert_eq!(count_cells(r#"1,"a" ,2"#, ','), None);
        assert_eq!(count_cells("1,5\" tall\n2,6\" tall", ','), None);
    }
}

//! Reading CSV: what stands between bytes and text cells, so that every fault has a line and polars sees a clean table.

use std::borrow::Cow;
use std::io::Cursor;
use std::sync::Arc;

use polars::prelude::{CsvParseOptions, CsvReadOptions, DataFrame, DataType, Field, Schema, SerReader};

use super::cells::{Cells, TextColumn, Unreadable, check_size};
use super::formulas::unmarked;
use super::guard::guarded;
use super::problems::{Counting, IntakeCode, IntakeProblem, KEPT};
use super::records::{Record, count_cells, split};
use crate::scenario::Columns;

const BYTE_ORDER_MARK: &str = "\u{feff}";

/// Reads a CSV file whose rows all have as many cells as its header.
pub(super) fn read(bytes: &[u8], columns: &Columns) -> Result<Cells, Unreadable> {
    let one = |problem: IntakeProblem| Unreadable::lines(vec![problem]);
    let text = text(bytes).map_err(one)?;
    let records = split(&text).map_err(|line| one(open_quote(line)))?;
    let Some(header) = records.first() else {
        return Err(one(IntakeProblem::new(IntakeCode::Empty, "the file is empty")));
    };
    let mut notes = Vec::new();
    let separator = separator(header.text, columns.separator, &mut notes).map_err(one)?;
    if records.len() == 1 {
        let problem = IntakeProblem::new(IntakeCode::NoRows, "there is a header, but no row below it");
        return Err(one(problem.row(header.line)));
    }
    let mut ragged = ragged(&records, separator);
    let problems: Vec<IntakeProblem> = ragged.by_ref().take(KEPT).collect();
    if !problems.is_empty() {
        return Err(Unreadable { more: ragged.count(), ..Unreadable::lines(problems) });
    }
    check_size(records.len(), count_cells(header.text, separator).unwrap_or(1)).map_err(one)?;
    let frame = parse(&records, separator).map_err(one)?;
    let columns: Vec<TextColumn> = text_columns(&frame);
    let rows: Vec<usize> = records[1..].iter().map(|record| record.line).collect();
    if columns.iter().any(|column| column.cells.len() != rows.len()) {
        let message = "its rows and cells cannot be told apart";
        let help = "look for quotation marks that do not enclose a whole cell";
        return Err(one(IntakeProblem::new(IntakeCode::Damaged, message).help(help)));
    }
    Ok(Cells { counting: Counting::Lines, rows, columns, left_aside: Vec::new(), notes })
}

/// The text of the file, without a byte order mark and with line feeds for the carriage returns of old programs.
fn text(bytes: &[u8]) -> Result<Cow<'_, str>, IntakeProblem> {
    let save_as = "save the file as \"CSV UTF-8\"";
    if bytes.starts_with(&[0xff, 0xfe])
        || bytes.starts_with(&[0xfe, 0xff])
        || bytes.iter().take(200).any(|&byte| byte == 0)
    {
        return Err(IntakeProblem::new(IntakeCode::NotUtf8, "the text is UTF-16 or not text at all").help(save_as));
    }
    let text = std::str::from_utf8(bytes).map_err(|error| {
        let before = &bytes[..error.valid_up_to()];
        let line = 1 + before.iter().filter(|&&byte| byte == b'\n').count();
        let byte = bytes[error.valid_up_to()];
        IntakeProblem::new(IntakeCode::NotUtf8, format!("the byte 0x{byte:02X} is not UTF-8")).row(line).help(save_as)
    })?;
    let text = text.strip_prefix(BYTE_ORDER_MARK).unwrap_or(text);
    let is_old = text.contains('\r') && !text.contains('\n');
    Ok(if is_old { text.replace('\r', "\n").into() } else { text.into() })
}

fn open_quote(line: usize) -> IntakeProblem {
    IntakeProblem::new(IntakeCode::OpenQuote, "a quotation mark is opened here and never closed")
        .row(line)
        .help("close it, or double it if it belongs to the text")
}

/// The separator that was given or that the header shows.
fn separator(header: &str, given: Option<char>, notes: &mut Vec<String>) -> Result<char, IntakeProblem> {
    let cells = |candidate: char| count_cells(header, candidate).unwrap_or(1);
    let candidates = [',', ';', '\t', '|'];
    let shown = candidates.into_iter().max_by_key(|&candidate| (cells(candidate), candidate == ','));
    let shown = shown.filter(|&candidate| cells(candidate) > 1);
    match (given, shown) {
        (Some(given), Some(shown)) if cells(given) == 1 => {
            let message = format!("the header has no {} in it, but {}", spelt(given), spelt(shown));
            let help = format!("set `separator = {shown:?}`, or leave it out");
            Err(IntakeProblem::new(IntakeCode::Separator, message).row(1).help(help))
        }
        (Some(given), _) => Ok(given),
        (None, _) if cells(',') > 1 => Ok(','),
        (None, Some(shown)) => {
            notes.push(format!("cells are taken to be separated by {}s, as in the header", spelt(shown)));
            Ok(shown)
        }
        (None, None) => Ok(','),
    }
}

/// A separator in words.
fn spelt(separator: char) -> String {
    match separator {
        ',' => "comma".to_owned(),
        ';' => "semicolon".to_owned(),
        '\t' => "tab".to_owned(),
        '|' => "vertical bar".to_owned(),
        other => format!("`{other}`"),
    }
}

/// Rows that do not have as many cells as the header, and those whose cells cannot be told apart.
fn ragged(records: &[Record<'_>], separator: char) -> impl Iterator<Item = IntakeProblem> {
    let wanted = count_cells(records[0].text, separator);
    let cells = |n: usize| if n == 1 { "1 cell".to_owned() } else { format!("{n} cells") };
    let problem = move |record: &Record<'_>| match (count_cells(record.text, separator), wanted) {
        (None, _) => {
            let message = "a quotation mark in this row neither opens nor closes a whole cell";
            let help =
                "enclose the whole cell in quotation marks, without blanks around them, and double those inside it";
            Some(IntakeProblem::new(IntakeCode::OpenQuote, message).row(record.line).help(help))
        }
        (Some(found), Some(wanted)) if found != wanted => {
            let message = format!("this row has {}, but the header has {}", cells(found), cells(wanted));
            let help = if found > wanted {
                "a cell that holds the separator (such as a decimal comma) must be in quotation marks"
            } else {
                "empty cells need their separators too"
            };
            Some(IntakeProblem::new(IntakeCode::Ragged, message).row(record.line).help(help))
        }
        _ => None,
    };
    records.iter().filter_map(problem)
}

/// The cells of all records, header included, every column as text.
fn parse(records: &[Record<'_>], separator: char) -> Result<DataFrame, IntakeProblem> {
    let n_columns = count_cells(records[0].text, separator).unwrap_or(1);
    let mut clean = String::with_capacity(records.iter().map(|record| record.text.len() + 1).sum());
    for record in records {
        clean.push_str(record.text);
        clean.push('\n');
    }
    let fields = (0..n_columns).map(|column| Field::new(format!("{column}").into(), DataType::String));
    let schema = Schema::from_iter(fields);
    // A separator is ASCII, as the mapping of columns makes sure.
    let parse_options = CsvParseOptions::default().with_separator(separator as u8);
    let options = CsvReadOptions::default()
        .with_has_header(false)
        .with_schema(Some(Arc::new(schema)))
        .with_infer_schema_length(Some(0))
        .with_parse_options(parse_options);
    guarded(|| options.into_reader_with_file_handle(Cursor::new(clean.as_bytes())).finish())
        .map_err(|message| IntakeProblem::new(IntakeCode::Damaged, format!("the table cannot be read: {message}")))
}

/// The first row as headings, the others as cells.
fn text_columns(frame: &DataFrame) -> Vec<TextColumn> {
    let clean =
        |cell: Option<&str>| cell.map(str::trim).filter(|cell| !cell.is_empty()).map(|cell| unmarked(cell).to_owned());
    frame
        .columns()
        .iter()
        .filter_map(|column| {
            let mut cells = column.str().ok()?.iter().map(clean);
            let heading = cells.next().flatten().unwrap_or_default();
            Some(TextColumn { heading, is_numeric: false, cells: cells.collect() })
        })
        .collect()
}

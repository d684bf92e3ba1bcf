//! The values of a grid told apart: commas outside quotes and brackets separate them, and a range stands for several.

use std::ops::Range;

use super::cells::MOST_CELLS;
use super::range;
use crate::scenario::overrides::OneOfMany;
use crate::scenario::{Override, Problems, codes};

/// The values of an argument from a byte on, in their order.
pub(super) fn values(whole: &Override, start: usize, problems: &mut Problems) -> Vec<OneOfMany> {
    let text = whole.text();
    let mut values = Vec::new();
    for span in items(text, start) {
        if values.len() > MOST_CELLS {
            let message = format!("`{text}` has more than {MOST_CELLS} values, and a sweep at most as many cells");
            problems.push(whole.problem(codes::BAD_GRID, message, start..text.len()));
            break;
        }
        let written = &text[span.clone()];
        if written.is_empty() {
            // A comma too many, or nothing at all.
            let before = text[..span.start].char_indices().next_back().map_or(0, |(at, _)| at);
            let at = before..span.start;
            let message = format!("a value is missing in `{text}`");
            problems.push(whole.problem(codes::BAD_GRID, message, at).label("a value must follow"));
            continue;
        }
        match range::numbers(written) {
            None => values.push(OneOfMany { written: written.to_owned(), span }),
            Some(Ok(numbers)) => {
                values.extend(numbers.into_iter().map(|written| OneOfMany { written, span: span.clone() }));
            }
            Some(Err(reason)) => {
                let help = "a range is written first..last:step, e.g. 4..24:4";
                problems.push(whole.problem(codes::BAD_GRID, reason, span).help(help));
            }
        }
    }
    values
}

/// Where the items of a list stand that begins at a byte, without blanks around them.
fn items(text: &str, start: usize) -> Vec<Range<usize>> {
    let mut items = Vec::new();
    let (mut from, mut depth) = (start, 0_usize);
    let (mut quote, mut escaped): (Option<char>, bool) = (None, false);
    for (at, letter) in text.char_indices().skip_while(|&(at, _)| at < start) {
        match (quote, letter) {
            _ if escaped => escaped = false,
            (Some('"'), '\\') => escaped = true,
            (Some(open), letter) if letter == open => quote = None,
            (None, '"' | '\'') => quote = Some(letter),
            (None, '[' | '{') => depth += 1,
            (None, ']' | '}') => depth = depth.saturating_sub(1),
            (None, ',') if depth == 0 => {
                items.push(trimmed(text, from..at));
                from = at + 1;
            }
            _ => {}
        }
    }
    items.push(trimmed(text, from..text.len()));
    items
}

fn trimmed(text: &str, span: Range<usize>) -> Range<usize> {
    let written = &text[span.clone()];
    let start = span.start + (written.len() - written.trim_start().len());
    start..start + written.trim().len()
}

/// A plain text in quotes without them; anything else as it is.
pub(super) fn without_quotes(written: &str) -> &str {
    let inner = ['"', '\''].iter().find_map(|&quote| written.strip_prefix(quote)?.strip_suffix(quote));
    inner.filter(|inner| !inner.contains(['"', '\'', '\\'])).unwrap_or(written)
}

#[cfg(test)]
mod tests {
    use super::{items, without_quotes};

    fn split(text: &str) -> Vec<&str> {
        items(text, 2).into_iter().map(|span| &text[span]).collect()
    }

    #[test]
    fn commas_separate_outside_quotes_and_brackets() {
        assert_eq!(split("p=1, 2 ,3"), ["1", "2", "3"]);
        assert_eq!(split("p=[1, 2],[3]"), ["[1, 2]", "[3]"]);
        assert_eq!(split("p={ a = [1, 2], b = \"}\" },x"), ["{ a = [1, 2], b = \"}\" }", "x"]);
        assert_eq!(split(r#"p="a,b",'c,"d',"e\",f""#), [r#""a,b""#, r#"'c,"d'"#, r#""e\",f""#]);
        assert_eq!(split("p="), [""]);
        assert_eq!(split("p=1,,é"), ["1", "", "é"]);
    }

    #[test]
    fn quotes_around_plain_text_are_not_shown() {
        assert_eq!(without_quotes("\"a b\""), "a b");
        assert_eq!(without_quotes("'a b'"), "a b");
        assert_eq!(without_quotes(r#""a\"b""#), r#""a\"b""#);
        assert_eq!(without_quotes("[\"a\", \"b\"]"), "[\"a\", \"b\"]");
        assert_eq!(without_quotes("12"), "12");
    }
}

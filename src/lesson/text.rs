//! How a text of the lesson is written: places in braces, strong words between two stars, paragraphs at empty lines.

use std::ops::Range;

use serde::Serialize;

/// Words of one look.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Span {
    /// Whether they are strong.
    pub strong: bool,
    /// The words.
    pub text: String,
}

/// A paragraph of words.
pub type Paragraph = Vec<Span>;

/// A piece of a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Piece<'a> {
    /// Words as they are.
    Words(&'a str),
    /// A place, by its name.
    Place(&'a str),
    /// Strong words begin or end.
    Star,
    /// A new paragraph.
    Break,
}

/// What is wrong with a text, and the bytes of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Slip {
    pub what: &'static str,
    pub at: Range<usize>,
}

/// The pieces of a text, or the first slip in it.
pub(super) fn pieces(text: &str) -> Result<Vec<Piece<'_>>, Slip> {
    let (mut pieces, mut from, mut at, mut strong) = (Vec::new(), 0, 0, None);
    let bytes = text.as_bytes();
    while at < bytes.len() {
        let (piece, length) = match &bytes[at..] {
            [b'{', rest @ ..] => {
                let Some(length) =
                    rest.iter().position(|byte| matches!(byte, b'{' | b'}')).filter(|&end| rest[end] == b'}')
                else {
                    return Err(Slip { what: "this brace is never closed", at: at..at + 1 });
                };
                (Piece::Place(&text[at + 1..at + 1 + length]), length + 2)
            }
            [b'}', ..] => return Err(Slip { what: "this brace was never opened", at: at..at + 1 }),
            [b'*', b'*', ..] => {
                strong = if strong.is_none() { Some(at) } else { None };
                (Piece::Star, 2)
            }
            [b'\n', b'\n', ..] => (Piece::Break, 2),
            _ => {
                at += 1;
                continue;
            }
        };
        pieces.extend(words(text, from..at));
        pieces.push(piece);
        at += length;
        from = at;
    }
    pieces.extend(words(text, from..at));
    match strong {
        Some(at) => Err(Slip { what: "these stars are never closed", at: at..at + 2 }),
        None => Ok(pieces),
    }
}

fn words(text: &str, at: Range<usize>) -> Option<Piece<'_>> {
    (!at.is_empty()).then(|| Piece::Words(&text[at]))
}

/// The text in paragraphs, each place filled by a function.
pub(super) fn paragraphs<E>(
    pieces: &[Piece<'_>],
    mut fill: impl FnMut(&str) -> Result<String, E>,
) -> Result<Vec<Paragraph>, E> {
    let (mut paragraphs, mut strong) = (vec![Paragraph::new()], false);
    for piece in pieces {
        let words = match piece {
            Piece::Words(words) => (*words).to_owned(),
            Piece::Place(name) => fill(name)?,
            Piece::Star => {
                strong = !strong;
                continue;
            }
            Piece::Break => {
                paragraphs.push(Paragraph::new());
                continue;
            }
        };
        let Some(own) = paragraphs.last_mut() else { continue };
        match own.last_mut().filter(|span| span.strong == strong) {
            Some(span) => span.text.push_str(&words),
            None => own.push(Span { strong, text: words }),
        }
    }
    paragraphs.retain(|own| !own.is_empty());
    Ok(paragraphs)
}

/// The same as one text without any look.
pub(super) fn plain(paragraphs: &[Paragraph]) -> String {
    let paragraph = |own: &Paragraph| own.iter().map(|span| span.text.as_str()).collect::<String>();
    paragraphs.iter().map(paragraph).collect::<Vec<_>>().join("\n\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_strong_words_and_paragraphs() {
        let pieces = pieces("**{a} is** b\n\nc{d}").unwrap();
        let filled = paragraphs(&pieces, |name| Ok::<_, ()>(name.to_uppercase() + "**{x}")).unwrap();
        let span = |strong, text: &str| Span { strong, text: text.to_owned() };
        // What is filled in has no look of its own.
        assert_eq!(filled, [vec![span(true, "A**{x} is"), span(false, " b")], vec![span(false, "cD**{x}")]]);
        assert_eq!(plain(&filled), "A**{x} is b\n\ncD**{x}");
    }

    #[test]
    fn slips_are_told_with_their_place() {
        for (text, at) in [("a {b", 2..3), ("a {b{c}", 2..3), ("a} b", 1..2), ("a **b", 2..4)] {
            assert_eq!(pieces(text).unwrap_err().at, at, "{text}");
        }
    }
}

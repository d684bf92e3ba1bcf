//! Text in pure ASCII, for `--ascii`: every character of a drawing becomes one of the same width, every letter its nearest spelling.

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// The text with ASCII characters only.
pub fn spelled(text: &str) -> String {
    let mut spelled = String::with_capacity(text.len());
    for letter in text.chars() {
        if letter.is_ascii() {
            spelled.push(letter);
        } else if let Some(letter) = dots(letter) {
            spelled.push(letter);
        } else if let Some(text) = own(letter) {
            spelled.push_str(text);
        } else if !is_combining_mark(letter) {
            spelled.push_str(&decomposed(letter));
        }
    }
    spelled
}

/// JSON with `\u` in place of characters beyond ASCII: they stand inside strings alone, and mean the same.
pub fn json(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for letter in text.chars() {
        if letter.is_ascii() {
            escaped.push(letter);
        } else {
            letter.encode_utf16(&mut [0; 2]).iter().for_each(|unit| escaped.push_str(&format!("\\u{unit:04x}")));
        }
    }
    escaped
}

/// A letter of Braille by where its dots are: above, below, both.
fn dots(letter: char) -> Option<char> {
    let bits = u32::from(letter).checked_sub(0x2800).filter(|bits| *bits < 0x100)?;
    Some(match (bits & 0x1b != 0, bits & 0xe4 != 0) {
        (true, true) => ':',
        (true, false) => '\'',
        (false, true) => '.',
        (false, false) => ' ',
    })
}

/// What the program itself draws and writes.
fn own(letter: char) -> Option<&'static str> {
    Some(match letter {
        '─' | '━' | '╌' | '╴' | '╶' | '–' | '—' | '−' => "-",
        '│' | '┃' | '├' | '┤' | '▮' => "|",
        '┼' | '┬' | '┴' | '└' | '┌' | '┐' | '┘' | '✚' => "+",
        '╭' | '╮' | '┈' | '░' => ".",
        '╰' | '╯' => "`",
        '╲' => "\\",
        '╱' => "/",
        '┊' | '▒' => ":",
        '●' => "o",
        '▲' => "^",
        '◆' => "*",
        '▼' => "v",
        '■' | '█' | '▌' => "#",
        '○' => "O",
        '△' => "A",
        '◇' => "%",
        '✛' => "x",
        '▽' => "V",
        '▯' => "i",
        '▚' => "%",
        '◉' => "@",
        '◀' => "<",
        '▶' => ">",
        '·' => ";",
        '✓' => "v",
        '✗' => "x",
        '×' => "x",
        '±' => "+/-",
        '≤' => "<=",
        '≥' => ">=",
        '→' => "->",
        '∞' => "inf",
        '√' => "sqrt",
        'χ' => "X",
        'α' => "alpha",
        'β' => "beta",
        'δ' => "delta",
        'Δ' => "Delta",
        'θ' => "theta",
        'λ' => "lambda",
        'μ' => "mu",
        'ρ' => "rho",
        'σ' => "sigma",
        'τ' => "tau",
        'φ' => "phi",
        'Σ' => "sum",
        'Φ' => "Phi",
        '‘' | '’' => "'",
        '“' | '”' | '«' | '»' => "\"",
        '§' => "section",
        '¹' => "1",
        '²' => "2",
        '³' => "3",
        'ß' => "ss",
        'æ' => "ae",
        'Æ' => "AE",
        'ø' => "o",
        'Ø' => "O",
        'ł' => "l",
        'Ł' => "L",
        _ => return None,
    })
}

/// A letter without its accent, a ligature as its letters; `?` for what has no such spelling.
fn decomposed(letter: char) -> String {
    let spelled: String = letter.nfkd().filter(char::is_ascii).collect();
    if spelled.is_empty() { "?".to_owned() } else { spelled }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn drawings_keep_their_places_and_letters_their_nearest_spelling() {
        assert_eq!(spelled("├──●──┤ ┊ ▲ ■ ◀ better"), "|--o--| : ^ # < better");
        assert_eq!(spelled("⠉⣀⡇\u{2800}"), "'.: ");
        assert_eq!(spelled("Müller · naïve e\u{301} x² − 1… 日"), "Muller ; naive e x2 - 1... ?");
    }

    #[test]
    fn json_says_the_same_in_ascii() {
        let text = "{\"label\":\"Rücken 😀 −1\"}";
        let escaped = json(text);
        assert!(escaped.is_ascii());
        let read = |text: &str| serde_json::from_str::<serde_json::Value>(text).unwrap();
        assert_eq!(read(&escaped), read(text));
    }
}

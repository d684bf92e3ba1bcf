//! Texts as a shell and as YAML take them, whatever letters are in them.

/// A text as one word of a POSIX shell. A NUL, which no shell can hold, is left out.
pub(in crate::report) fn shell_word(text: &str) -> String {
    format!("'{}'", text.replace('\0', "").replace('\'', "'\\''"))
}

/// A text for a comment: on one line, and without signs that move the cursor.
pub(super) fn comment(text: &str) -> String {
    text.chars().map(|letter| if is_printable(letter) { letter } else { ' ' }).collect()
}

/// A text as a YAML scalar in double quotes.
pub(in crate::report) fn yaml_text(text: &str) -> String {
    let mut quoted = String::with_capacity(text.len() + 2);
    quoted.push('"');
    for letter in text.chars() {
        match letter {
            '"' | '\\' => quoted.extend(['\\', letter]),
            '\n' => quoted.push_str("\\n"),
            '\t' => quoted.push_str("\\t"),
            letter if is_printable(letter) => quoted.push(letter),
            letter => quoted.push_str(&format!("\\U{:08X}", u32::from(letter))),
        }
    }
    quoted.push('"');
    quoted
}

/// A text of several lines as a YAML scalar for a key that stands at an indent: as it is, in a block, where YAML keeps every letter of
/// it; in double quotes otherwise.
pub(super) fn yaml_block(text: &str, indent: usize) -> String {
    let kept = text.chars().all(|letter| matches!(letter, '\n' | '\t') || is_printable(letter));
    // A block begins with a letter, or its indent would have to be told, and ends with one line break.
    let begins = text.starts_with(|letter: char| !letter.is_whitespace());
    let ends = text.ends_with('\n') && !text.ends_with("\n\n");
    if !(kept && begins && ends) {
        return yaml_text(text);
    }
    let blanks = " ".repeat(indent + 2);
    let line = |line: &str| if line.is_empty() { String::new() } else { format!("{blanks}{line}") };
    format!("|\n{}", text.lines().map(line).collect::<Vec<_>>().join("\n"))
}

/// Whether a letter is shown as it is by every reader of YAML, old and new, and is no break between lines.
fn is_printable(letter: char) -> bool {
    match letter {
        '\u{2028}' | '\u{2029}' | '\u{feff}' => false,
        ' '..='~' | '\u{a0}'..='\u{d7ff}' | '\u{e000}'..='\u{fffd}' | '\u{10000}'..='\u{10ffff}' => true,
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::{comment, shell_word, yaml_block, yaml_text};

    #[test]
    fn texts_are_quoted() {
        assert_eq!(shell_word("it's $(x) \"`\\"), "'it'\\''s $(x) \"`\\'");
        assert_eq!(comment("a\nrm -rf\u{2028}b\u{7f}"), "a rm -rf b ");
        assert_eq!(yaml_text("a: \"b\" \\ \n\t\u{7f}\u{85}é"), r#""a: \"b\" \\ \n\t\U0000007F\U00000085é""#);
    }

    #[test]
    fn blocks_hold_what_yaml_keeps() {
        assert_eq!(yaml_block("a = 1\n\n\tb = \"#: x\"\n", 2), "|\n    a = 1\n\n    \tb = \"#: x\"");
        for quoted in ["a", " a\n", "a\n\n", "a\r\n", "a\u{85}b\n", ""] {
            assert!(yaml_block(quoted, 2).starts_with('"'), "{quoted:?}");
        }
    }
}

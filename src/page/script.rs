//! Scripts and their data inside a page, such that no text in them can end them.

use serde::Serialize;

use super::Markup;
use super::dense::dense;

/// A script of ours as an element. What HTML would take for the end of the element, or for a comment, is written with an escape that
/// means the same inside a string or a pattern.
pub fn script(source: &str) -> Markup {
    Markup::trusted(format!("<script>\n{}\n</script>", guarded(source).trim()))
}

/// Bytes for scripts as an element, in the shortest text that a page takes as it is; `lingerBytes` of the core's loader reads it.
///
/// `id` and `media_type` are ours.
pub fn bytes(id: &str, media_type: &str, bytes: &[u8]) -> Markup {
    let text = dense(bytes);
    Markup::trusted(format!("<script type=\"{media_type}\" id=\"{id}\">{text}</script>"))
}

/// Data for scripts as an element: `JSON.parse(document.getElementById(id).textContent)`. `None` where a value cannot be JSON, such as a
/// map whose keys are not texts.
///
/// `id` is one of ours: letters, digits and hyphens.
pub fn data(id: &str, value: &impl Serialize) -> Option<Markup> {
    debug_assert!(id.chars().all(|letter| letter.is_ascii_alphanumeric() || letter == '-'));
    let json = serde_json::to_string(value).ok()?;
    // Outside of its strings JSON has none of these.
    let json = json.replace('<', "\\u003c").replace('>', "\\u003e").replace('&', "\\u0026");
    Some(Markup::trusted(format!("<script type=\"application/json\" id=\"{id}\">{json}</script>")))
}

/// A source without `</script`, `<script` and `<!--`, whatever the case of their letters.
fn guarded(source: &str) -> String {
    let mut guarded = String::with_capacity(source.len());
    for (at, letter) in source.char_indices() {
        let rest = &source.as_bytes()[at..];
        let begins = |word: &[u8]| rest.len() >= word.len() && rest[..word.len()].eq_ignore_ascii_case(word);
        match letter == '<' && (begins(b"</script") || begins(b"<script") || begins(b"<!--")) {
            true => guarded.push_str("\\x3c"),
            false => guarded.push(letter),
        }
    }
    guarded
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_script_cannot_be_ended_from_inside() {
        let markup = script("let a = '</SCRIPT><!-- <script>'; if (1 <2) {}").into_string();
        assert_eq!(markup, "<script>\nlet a = '\\x3c/SCRIPT>\\x3c!-- \\x3cscript>'; if (1 <2) {}\n</script>");
    }

    #[test]
    fn data_cannot_end_their_element_and_are_the_same_when_read() {
        let text = "</script><!-- & é \u{2028}";
        let markup = data("a-1", &[text]).unwrap().into_string();
        let json = markup.strip_prefix("<script type=\"application/json\" id=\"a-1\">").unwrap();
        let json = json.strip_suffix("</script>").unwrap();
        assert!(!json.contains(['<', '>', '&']));
        assert_eq!(serde_json::from_str::<Vec<String>>(json).unwrap(), [text]);
    }
}

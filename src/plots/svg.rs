//! A finished picture as SVG text.

use std::fmt;

/// A complete SVG document: text stays text, `role="img"`, with a title and a description for those who cannot see it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Svg {
    text: String,
    size: (u32, u32),
    title: String,
    description: String,
}

impl Svg {
    /// The document as text.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// The document as an owned text.
    pub fn into_string(self) -> String {
        self.text
    }

    /// Width and height in which it is meant to be shown, in pixels of which 96 are an inch.
    pub fn size(&self) -> (u32, u32) {
        self.size
    }

    /// One sentence that says what is to be seen.
    pub fn title(&self) -> &str {
        &self.title
    }

    /// The picture in words, with its numbers.
    pub fn description(&self) -> &str {
        &self.description
    }

    /// Puts our own opening tag, title and description in the place of the drawing backend's opening tag.
    ///
    /// `size` is the size in which the picture is meant to be shown, `units` the larger size in which it was drawn.
    pub(super) fn complete(drawn: &str, size: (u32, u32), units: (u32, u32), title: &str, description: &str) -> Self {
        let body = drawn.split_once('>').map_or("</svg>\n", |(_, rest)| rest.trim_start_matches('\n'));
        let text = format!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" role=\"img\" width=\"{}\" height=\"{}\" viewBox=\"0 0 {} {}\">\n\
             <title>{}</title>\n<desc>{}</desc>\n{body}",
            size.0,
            size.1,
            units.0,
            units.1,
            escape(title),
            escape(description),
        );
        Self { text, size, title: printable(title), description: printable(description) }
    }
}

impl fmt::Display for Svg {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.text)
    }
}

/// Text as it may stand in XML: markup characters escaped, characters that XML forbids replaced by a space.
fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for character in printable(text).chars() {
        match character {
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '&' => escaped.push_str("&amp;"),
            '"' => escaped.push_str("&quot;"),
            '\'' => escaped.push_str("&apos;"),
            other => escaped.push(other),
        }
    }
    escaped
}

/// The text on one line, without characters that XML 1.0 forbids.
pub(super) fn printable(text: &str) -> String {
    text.chars().map(|c| if c.is_control() || matches!(c, '\u{FFFE}' | '\u{FFFF}') { ' ' } else { c }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn markup_in_a_title_is_escaped_and_control_characters_are_gone() {
        let svg = Svg::complete("<svg a=\"b\">\n<text/>\n</svg>\n", (8, 5), (32, 20), "a<b & \"c\"\u{1}", "it's\nfine");
        assert!(svg.as_str().contains("<title>a&lt;b &amp; &quot;c&quot; </title>"));
        assert!(svg.as_str().contains("<desc>it&apos;s fine</desc>\n<text/>\n</svg>"));
        assert!(svg.as_str().contains("width=\"8\" height=\"5\" viewBox=\"0 0 32 20\""));
    }
}

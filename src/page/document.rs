//! The document around every page: head, style sheet, switch between light and dark, scripts.

use serde::Serialize;

use super::{Markup, TemplateError, Templates, script};

const DOCUMENT: &str = include_str!("document.html");
const STYLE: &str = include_str!("style.css");
const SWITCH: &str = include_str!("switch.js");

/// How a page looks before anybody touches its switch.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Look {
    /// As the reader's system is set.
    #[default]
    System,
    /// Dark on white.
    Light,
    /// Light on near-black.
    Dark,
}

/// A page to be written.
#[derive(Debug, Clone)]
pub struct Document<'a> {
    /// Title of the window, one line.
    pub title: &'a str,
    /// What the page is, for those who have only a list of pages; empty for nothing.
    pub description: &'a str,
    /// Language of its words, as BCP 47 names it.
    pub language: &'a str,
    /// The look it opens with.
    pub look: Look,
    /// Rules of its own after the shared style sheet: those of its pictures, those of its parts.
    pub style: String,
    /// Everything between the switch and the scripts; the part for `main` has the id `main`, to which the skip link leads.
    pub body: Markup,
    /// Scripts and data in their order, after the body.
    pub scripts: Vec<Markup>,
}

impl Default for Document<'_> {
    fn default() -> Self {
        Self {
            title: "",
            description: "",
            language: "en-GB",
            look: Look::System,
            style: String::new(),
            body: Markup::default(),
            scripts: Vec::new(),
        }
    }
}

impl Document<'_> {
    /// The whole page as one text.
    ///
    /// # Errors
    /// None that an input brings about.
    pub fn html(&self) -> Result<String, TemplateError> {
        #[derive(Serialize)]
        struct Values<'a> {
            title: &'a str,
            description: &'a str,
            language: &'a str,
            look: Look,
            version: &'static str,
            style: Markup,
            body: &'a Markup,
            switch: Markup,
            scripts: &'a [Markup],
        }
        let values = Values {
            title: self.title,
            description: self.description,
            language: self.language,
            look: self.look,
            version: env!("CARGO_PKG_VERSION"),
            style: style(&format!("{STYLE}\n{}", self.style)),
            body: &self.body,
            switch: script(SWITCH),
            scripts: &self.scripts,
        };
        let page = Templates::html(&[("document.html", DOCUMENT)])?.render("document.html", &values)?;
        Ok(without_control_characters(page.into_string()))
    }
}

/// A page without the control characters that HTML does not know, for which the sign for an unreadable character stands.
fn without_control_characters(page: String) -> String {
    let is_unknown = |letter: char| letter.is_control() && !matches!(letter, '\n' | '\t' | '\r');
    if page.contains(is_unknown) { page.replace(is_unknown, "\u{fffd}") } else { page }
}

/// Rules as an element: none of them can end it.
fn style(rules: &str) -> Markup {
    Markup::trusted(format!("<style>\n{}\n</style>", rules.replace("</", "<\\/").trim()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::numeric::elementary::powf;

    #[test]
    fn a_page_is_one_file_that_fetches_nothing() {
        let page = Document { title: "</title><script>alert(1)</script>", ..Document::default() }.html().unwrap();
        assert!(page.contains("default-src 'none'"));
        assert!(page.contains("<title>&lt;&#x2f;title&gt;&lt;script&gt;"));
        for fetched in [" src=", "@import", "url(http", "<link "] {
            assert!(!page.contains(fetched), "{fetched}");
        }
        assert_eq!(page.matches("<script").count(), page.matches("</script>").count());
    }

    #[test]
    fn a_page_has_no_control_characters() {
        let page = Document { title: "a\u{1b}[31m\0b", ..Document::default() }.html().unwrap();
        assert!(page.contains("<title>a\u{fffd}[31m\u{fffd}b"));
    }

    #[test]
    fn rules_cannot_end_the_style_sheet() {
        let style = style("a::after { content: '</style><script>' }").into_string();
        assert_eq!(style.matches("</style").count(), 1);
    }

    /// The tokens of `:root…{…}` blocks whose selector holds a text.
    fn tokens(rules: &str, selector: &str) -> Vec<(String, String)> {
        let block = rules.split_once(selector).unwrap().1.split_once('{').unwrap().1.split_once('}').unwrap().0;
        let declarations = block.split(';').filter_map(|own| own.split_once(':'));
        declarations.map(|(name, value)| (name.trim().to_owned(), value.trim().to_owned())).collect()
    }

    #[test]
    fn the_switch_and_the_system_give_the_same_dark() {
        let by_system = tokens(STYLE, ":root:not([data-look=\"light\"])");
        assert_eq!(by_system, tokens(STYLE, ":root[data-look=\"dark\"]"));
        assert!(by_system.len() > 10);
    }

    #[test]
    fn words_stand_out_from_every_ground_in_both_looks() {
        let light = tokens(STYLE, ":root {");
        let dark = tokens(STYLE, ":root[data-look=\"dark\"]");
        let of = |own: &[(String, String)], name: &str| {
            let value = own.iter().find(|(token, _)| token == name).or(light.iter().find(|(token, _)| token == name));
            luminance(&value.unwrap().1)
        };
        for look in [&light, &dark] {
            let contrast = |a: &str, b: &str| {
                let (a, b) = (of(look, a), of(look, b));
                (a.max(b) + 0.05) / (a.min(b) + 0.05)
            };
            for ground in ["--ground", "--raised", "--shade", "--good-ground", "--warn-ground", "--bad-ground"] {
                assert!(contrast("--ink", ground) >= 7.0 && contrast("--quiet", ground) >= 4.5, "{ground}");
            }
            for (word, ground) in [("--good", "--good-ground"), ("--warn", "--warn-ground"), ("--bad", "--bad-ground")]
            {
                assert!(contrast(word, ground) >= 4.5 && contrast(word, "--ground") >= 4.5, "{word}");
            }
            for ground in ["--ground", "--raised", "--shade"] {
                assert!(contrast("--link", ground) >= 4.5 && contrast("--focus", ground) >= 3.0, "{ground}");
            }
            assert!(contrast("--on-link", "--link") >= 4.5);
        }
    }

    /// Relative luminance of `#rrggbb`.
    fn luminance(colour: &str) -> f64 {
        let channel = |at: usize| {
            let share = f64::from(u8::from_str_radix(&colour[at..at + 2], 16).unwrap()) / 255.0;
            if share <= 0.04045 { share / 12.92 } else { powf((share + 0.055) / 1.055, 2.4) }
        };
        0.2126 * channel(1) + 0.7152 * channel(3) + 0.0722 * channel(5)
    }
}

//! Files inside a page: links that hold what they give.

use super::{Markup, Templates};

const LINK: &str = "<a class=\"download\" download=\"{{ name }}\" href=\"{{ address }}\">{{ words }}</a>";

/// A link that saves a text as a file of that name, which is made [plain](plain_name).
pub fn download(name: &str, media_type: &str, text: &str, words: &str) -> Markup {
    #[derive(serde::Serialize)]
    struct Link<'a> {
        name: String,
        address: Markup,
        words: &'a str,
    }
    // An address has no sign that HTML knows.
    let address = Markup::trusted(data_url(media_type, text));
    let link = Link { name: plain_name(name), address, words };
    let rendered = Templates::html(&[("link", LINK)]).and_then(|templates| templates.render("link", &link));
    // The template is a constant and all its values are there.
    rendered.unwrap_or_default()
}

/// A text as an address that holds it: `data:text/csv;charset=utf-8,…`. The media type is one of ours.
pub fn data_url(media_type: &str, text: &str) -> String {
    let mut url = format!("data:{media_type};charset=utf-8,");
    for byte in text.bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' => url.push(char::from(byte)),
            b'-' | b'.' | b'_' | b'~' | b',' | b';' | b':' | b'/' | b'(' | b')' => url.push(char::from(byte)),
            other => url.push_str(&format!("%{other:02X}")),
        }
    }
    url
}

/// A name as every file system takes it: letters, digits, `.`, `-` and `_`, and no dot at its start.
pub fn plain_name(name: &str) -> String {
    let letter = |letter: char| if letter.is_ascii_alphanumeric() || "._-".contains(letter) { letter } else { '-' };
    let plain: String = name.chars().map(letter).collect();
    match plain.trim_start_matches('.') {
        "" => "file".to_owned(),
        plain => plain.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_link_holds_its_file_and_nothing_in_it_ends_the_link() {
        let link = download("a\"b/../c.csv", "text/csv", "a,b\n\"<é>\",-1\n", "data <CSV>").into_string();
        assert_eq!(
            link,
            "<a class=\"download\" download=\"a-b-..-c.csv\" href=\"data:text/csv;charset=utf-8,a,b%0A%22%3C%C3%A9%3E%22,-1%0A\">data &lt;CSV&gt;</a>"
        );
    }

    #[test]
    fn names_are_plain() {
        assert_eq!(plain_name("../é.csv"), "--.csv");
        assert_eq!(plain_name(""), "file");
    }
}

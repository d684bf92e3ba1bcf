//! Pictures inside a page: their ids do not clash, their dark colours follow the page's look, nothing in them acts or is fetched.

use std::fmt::Write as _;

use roxmltree::{Document as Tree, Node};
use thiserror::Error;

use super::Markup;

/// Why a picture cannot be put into a page.
#[derive(Debug, Error, PartialEq, Eq)]
pub enum PictureError {
    /// The text is no SVG.
    #[error("the picture is not SVG: {0}")]
    NotSvg(String),
    /// It has parts that act or load something.
    #[error("the picture has {0}, which a page does not take")]
    NotPlain(String),
    /// The light and the dark picture are not the same but for their colours.
    #[error("the dark picture is not the light one in other colours")]
    AnotherPicture,
}

/// A picture that stands in a page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Embedded {
    /// The picture.
    pub svg: Markup,
    /// What it shows, in a sentence (its `<title>`); also what a screen reader calls it.
    pub title: String,
    /// The same in full (its `<desc>`): the text alternative, to be put beside it in an element with the id of [`Embedded::about`].
    pub description: String,
    /// The id of the element that holds the description.
    pub about: String,
}

/// The pictures of one page: told apart by their number, with the colours that differ between the looks.
#[derive(Debug, Clone, Default)]
pub struct Pictures {
    embedded: usize,
    colours: Vec<Colour>,
}

/// A colour that is another one in the dark.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Colour {
    property: &'static str,
    light: String,
    dark: String,
}

/// Properties that hold colours.
const COLOURED: [&str; 3] = ["fill", "stroke", "stop-color"];

impl Pictures {
    /// Makes a picture part of a page. The dark one is the same picture in other colours; their titles and descriptions are those of the
    /// light one.
    ///
    /// # Errors
    /// What is no SVG, what acts or loads, two pictures that are not the same.
    pub fn embed(&mut self, light: &str, dark: &str) -> Result<Embedded, PictureError> {
        let about = format!("picture-{}-about", self.embedded + 1);
        let (svg, title, description) = self.put(light, dark, |title, _| {
            vec![("role", "img".to_owned()), ("aria-label", title.to_owned()), ("aria-describedby", about.clone())]
        })?;
        Ok(Embedded { svg, title, description, about })
    }

    /// The same for a small picture that stands in a line or a table: its title and its description are what a screen reader calls it.
    ///
    /// # Errors
    /// As [`Pictures::embed`].
    pub fn embed_small(&mut self, light: &str, dark: &str) -> Result<Markup, PictureError> {
        let called = |title: &str, description: &str| {
            vec![("role", "img".to_owned()), ("aria-label", format!("{title}: {description}"))]
        };
        Ok(self.put(light, dark, called)?.0)
    }

    /// Writes a picture with attributes of its own; returns it with its title and its description.
    fn put(
        &mut self,
        light: &str,
        dark: &str,
        called: impl Fn(&str, &str) -> Vec<(&'static str, String)>,
    ) -> Result<(Markup, String, String), PictureError> {
        let tree = |text| Tree::parse(text).map_err(|error| PictureError::NotSvg(error.to_string()));
        let (light, dark) = (tree(light)?, tree(dark)?);
        let root = light.root_element();
        if root.tag_name().name() != "svg" {
            return Err(PictureError::NotSvg(format!("its root is <{}>", root.tag_name().name())));
        }
        let said = |name: &str| {
            let own = root.children().find(|child| child.has_tag_name((SVG, name)) || child.has_tag_name(name));
            own.and_then(|own| own.text()).unwrap_or_default().trim().to_owned()
        };
        let (title, description) = (said("title"), said("desc"));
        self.embedded += 1;
        let prefix = format!("picture-{}-", self.embedded);
        let font = root.descendants().find_map(|node| node.attribute("font-family")).map(str::to_owned);
        let mut writer =
            Writer { colours: &mut self.colours, prefix: &prefix, font: font.as_deref(), svg: String::new() };
        let mut own = called(&title, &description);
        own.extend(font.clone().map(|font| ("font-family", font)));
        writer.element(root, dark.root_element(), &own)?;
        Ok((Markup::trusted(writer.svg), title, description))
    }

    /// The rules that give all pictures so far their dark colours, for the page's own style.
    pub fn style(&self) -> String {
        let rules = |scope: &str| -> String {
            let rule = |(place, own): (usize, &Colour)| format!("{scope} .k{place}{{{}:{}}}\n", own.property, own.dark);
            self.colours.iter().enumerate().map(rule).collect()
        };
        if self.colours.is_empty() {
            return String::new();
        }
        format!(
            "@media screen and (prefers-color-scheme: dark) {{\n{}}}\n@media screen {{\n{}}}\n",
            rules(":root:not([data-look=light])"),
            rules(":root[data-look=dark]")
        )
    }
}

/// The namespace of SVG.
const SVG: &str = "http://www.w3.org/2000/svg";

/// Writes a picture anew.
struct Writer<'a> {
    colours: &'a mut Vec<Colour>,
    prefix: &'a str,
    font: Option<&'a str>,
    svg: String,
}

impl Writer<'_> {
    /// An element with all that is in it; `own` are attributes in place of the picture's.
    fn element(&mut self, light: Node, dark: Node, own: &[(&str, String)]) -> Result<(), PictureError> {
        let name = light.tag_name().name();
        if name != dark.tag_name().name() {
            return Err(PictureError::AnotherPicture);
        }
        if !PLAIN.contains(&name) {
            return Err(PictureError::NotPlain(format!("an element <{name}>")));
        }
        self.svg.push('<');
        self.svg.push_str(name);
        if own.iter().any(|(name, _)| *name == "role") {
            let _ = write!(self.svg, " xmlns=\"{SVG}\"");
        }
        for (name, value) in own {
            self.attribute(name, value);
        }
        self.attributes(light, dark, own)?;
        let (own, others) = (drawn(light), drawn(dark));
        if own.len() != others.len() {
            return Err(PictureError::AnotherPicture);
        }
        if own.is_empty() {
            self.svg.push_str("/>");
            return Ok(());
        }
        self.svg.push('>');
        let mut pairs = own.into_iter().zip(others).peekable();
        while let Some((child, other)) = pairs.next() {
            if !child.is_element() {
                self.svg.push_str(&escaped(child.text().unwrap_or_default().trim_matches('\n')));
                continue;
            }
            let (line, dark_line) = (Line::of(child), Line::of(other));
            let mut lines = vec![child];
            while let Some((next, _)) =
                pairs.next_if(|(next, dark)| Line::of(*next).is_alike(&line) && Line::of(*dark).is_alike(&dark_line))
            {
                lines.push(next);
            }
            if lines.len() > 1 { self.lines(&lines, other)? } else { self.element(child, other, &[])? }
        }
        let _ = write!(self.svg, "</{name}>");
        if matches!(name, "svg" | "g" | "text" | "polyline" | "path") {
            self.svg.push('\n');
        }
        Ok(())
    }

    /// Lines that differ in their points alone, as one path: a picture of many dashes becomes a third as long.
    fn lines(&mut self, lines: &[Node], dark: Node) -> Result<(), PictureError> {
        let points = lines.iter().map(|line| line.attribute("points").unwrap_or_default().trim().replace(' ', "L"));
        let path: String = points.map(|points| format!("M{points}")).collect();
        self.svg.push_str("<path");
        self.attribute("d", &path);
        self.attributes(lines[0], dark, &[("points", String::new())])?;
        self.svg.push_str("/>\n");
        Ok(())
    }

    /// The attributes of an element, with a class for every colour that is another one in the dark.
    fn attributes(&mut self, light: Node, dark: Node, own: &[(&str, String)]) -> Result<(), PictureError> {
        let mut classes: Vec<String> = light.attribute("class").map(str::to_owned).into_iter().collect();
        for attribute in light.attributes() {
            let (name, value) = (attribute.name(), attribute.value());
            if own.iter().any(|(own, _)| *own == name) || name == "class" || self.is_idle(name, value) {
                continue;
            }
            let acts = name.starts_with("on") || value.contains("javascript:");
            let loads = name == "href" && !value.starts_with('#') || value.contains("url(") && !value.contains("url(#");
            if acts || loads {
                return Err(PictureError::NotPlain(format!("{name}=\"{value}\"")));
            }
            if let Some(&property) = COLOURED.iter().find(|own| **own == name) {
                let other = dark.attribute(name).ok_or(PictureError::AnotherPicture)?;
                if other != value {
                    classes.push(self.class(property, value, other));
                }
            }
            let value = self.told_apart(name, value);
            self.attribute(name, &value);
        }
        if !classes.is_empty() {
            self.attribute("class", &classes.join(" "));
        }
        Ok(())
    }

    /// Whether an attribute says what is so without it.
    fn is_idle(&self, name: &str, value: &str) -> bool {
        matches!((name, value), ("opacity", "1") | ("stroke", "none"))
            || name == "font-family" && Some(value) == self.font
    }

    /// The class of a colour.
    fn class(&mut self, property: &'static str, light: &str, dark: &str) -> String {
        let colour = Colour { property, light: light.to_owned(), dark: dark.to_owned() };
        let place = self.colours.iter().position(|own| *own == colour).unwrap_or_else(|| {
            self.colours.push(colour);
            self.colours.len() - 1
        });
        format!("k{place}")
    }

    /// A value whose ids, and what points to them, are those of this picture alone.
    fn told_apart(&self, name: &str, value: &str) -> String {
        let prefix = self.prefix;
        match name {
            "id" => format!("{prefix}{value}"),
            "href" => value.replacen('#', &format!("#{prefix}"), 1),
            "aria-labelledby" | "aria-describedby" => {
                value.split_whitespace().map(|id| format!("{prefix}{id}")).collect::<Vec<_>>().join(" ")
            }
            _ => value.replace("url(#", &format!("url(#{prefix}")),
        }
    }

    fn attribute(&mut self, name: &str, value: &str) {
        let _ = write!(self.svg, " {name}=\"{}\"", escaped(value));
    }
}

/// What two lines have in common where they can be one.
struct Line<'a>(Option<Vec<(&'a str, &'a str)>>);

impl<'a> Line<'a> {
    /// Of a node that is one: an unfilled polyline.
    fn of(node: Node<'a, '_>) -> Self {
        let is_line = node.has_tag_name("polyline") || node.has_tag_name((SVG, "polyline"));
        let is_plain = node.attribute("fill") == Some("none") && node.attribute("id").is_none();
        let others = node.attributes().filter(|own| own.name() != "points").map(|own| (own.name(), own.value()));
        Self((is_line && is_plain).then(|| others.collect()))
    }

    /// Whether drawing both at once gives the same: opaque lines of one colour and width.
    fn is_alike(&self, other: &Self) -> bool {
        let is_opaque =
            |own: &Vec<(&str, &str)>| own.iter().all(|(name, value)| !name.ends_with("opacity") || *value == "1");
        matches!((&self.0, &other.0), (Some(a), Some(b)) if a == b && is_opaque(a))
    }
}

/// Elements that only draw.
const PLAIN: [&str; 22] = [
    "svg",
    "g",
    "defs",
    "rect",
    "circle",
    "ellipse",
    "line",
    "polyline",
    "polygon",
    "path",
    "text",
    "tspan",
    "marker",
    "clipPath",
    "mask",
    "pattern",
    "linearGradient",
    "radialGradient",
    "stop",
    "use",
    "symbol",
    "switch",
];

/// What is drawn of a node: elements other than a title and a description, text that is no blank between elements.
fn drawn<'a, 'i>(node: Node<'a, 'i>) -> Vec<Node<'a, 'i>> {
    let is_drawn = |node: &Node| match node.is_element() {
        true => !matches!(node.tag_name().name(), "title" | "desc" | "metadata"),
        false => node.is_text() && node.text().is_some_and(|text| !text.trim().is_empty()),
    };
    node.children().filter(is_drawn).collect()
}

/// A text as it stands in HTML, between tags and in double quotes.
fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            other => escaped.push(other),
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;

    fn picture(fill: &str) -> String {
        format!(
            "<svg xmlns=\"{SVG}\" role=\"img\" width=\"8\" height=\"5\" viewBox=\"0 0 32 20\">\n<title>A &lt; B</title>\n<desc>In full.</desc>\n\
             <defs><clipPath id=\"c\"><rect width=\"1\" height=\"1\"/></clipPath></defs>\n\
             <g clip-path=\"url(#c)\"><use href=\"#c\"/><text opacity=\"1\" font-family=\"A\" fill=\"{fill}\">\n]]&gt; &lt;b>\n</text></g></svg>"
        )
    }

    #[test]
    fn ids_are_told_apart_and_colours_follow_the_look() {
        let mut pictures = Pictures::default();
        let first = pictures.embed(&picture("#000"), &picture("#FFF")).unwrap();
        let second = pictures.embed(&picture("#000"), &picture("#FFF")).unwrap();
        assert_eq!((first.title.as_str(), first.description.as_str()), ("A < B", "In full."));
        assert_eq!(
            second.svg.as_str(),
            "<svg xmlns=\"http://www.w3.org/2000/svg\" role=\"img\" aria-label=\"A &lt; B\" aria-describedby=\"picture-2-about\" \
             font-family=\"A\" width=\"8\" height=\"5\" viewBox=\"0 0 32 20\"><defs><clipPath id=\"picture-2-c\"><rect width=\"1\" \
             height=\"1\"/></clipPath></defs><g clip-path=\"url(#picture-2-c)\"><use href=\"#picture-2-c\"/><text fill=\"#000\" \
             class=\"k0\">]]&gt; &lt;b&gt;</text>\n</g>\n</svg>\n"
        );
        assert_eq!(pictures.style().matches(".k0{fill:#FFF}").count(), 2);
        assert!(!pictures.style().contains("k1"));
    }

    #[test]
    fn lines_that_differ_in_their_points_alone_are_one_path() {
        let line = |colour: &str, points: &str| {
            format!("<polyline fill=\"none\" opacity=\"1\" stroke=\"{colour}\" points=\"{points} \"/>")
        };
        let faint = "<polyline fill=\"none\" opacity=\"0.5\" stroke=\"#000\" points=\"7,7 8,8\"/>".repeat(2);
        let picture = |a: &str, b: &str| {
            let lines = [line(a, "0,0 1,1"), line(a, "2,2 3,3 4,4"), line(b, "5,5 6,6"), faint.clone()].concat();
            format!("<svg xmlns=\"{SVG}\">{lines}</svg>")
        };
        let svg = Pictures::default().embed(&picture("#111", "#222"), &picture("#eee", "#ddd")).unwrap().svg;
        assert!(
            svg.as_str().contains("<path d=\"M0,0L1,1M2,2L3,3L4,4\" fill=\"none\" stroke=\"#111\" class=\"k0\"/>"),
            "{svg}"
        );
        assert_eq!(svg.as_str().matches("<polyline").count(), 3);
        // Two that look alike in the light and not in the dark stay two.
        let svg = Pictures::default().embed(&picture("#111", "#111"), &picture("#eee", "#ddd")).unwrap().svg;
        assert!(
            svg.as_str().contains("<path d=\"M0,0L1,1M2,2L3,3L4,4\"") && svg.as_str().matches("<polyline").count() == 3
        );
    }

    #[test]
    fn what_acts_or_loads_or_is_another_picture_is_refused() {
        let refused = |part: &str| {
            let picture = format!("<svg xmlns=\"{SVG}\" xmlns:xlink=\"http://www.w3.org/1999/xlink\">{part}</svg>");
            Pictures::default().embed(&picture, &picture).unwrap_err()
        };
        for part in [
            "<script>alert(1)</script>",
            "<foreignObject/>",
            "<style>*{}</style>",
            "<rect onclick=\"alert(1)\"/>",
            "<use href=\"https://example.org/a.svg#b\"/>",
            "<use xlink:href=\"a.svg#b\"/>",
            "<rect fill=\"url(https://example.org)\"/>",
            "<image href=\"a.png\"/>",
        ] {
            assert!(matches!(refused(part), PictureError::NotPlain(_)), "{part}");
        }
        let mut pictures = Pictures::default();
        let other = picture("#FFF").replace("<use href=\"#c\"/>", "");
        assert_eq!(pictures.embed(&picture("#000"), &other), Err(PictureError::AnotherPicture));
        assert!(matches!(pictures.embed("<svg", "<svg"), Err(PictureError::NotSvg(_))));
        assert!(matches!(pictures.embed("<html/>", "<html/>"), Err(PictureError::NotSvg(_))));
    }
}

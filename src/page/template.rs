//! Filling in templates: every value is escaped or quoted for the language of its file.

use minijinja::syntax::SyntaxConfig;
use minijinja::value::{Serde, Value};
use minijinja::{AutoEscape, Environment, Output, State, UndefinedBehavior};
use serde::Serialize;
use thiserror::Error;

use super::Markup;

/// A template that could not be filled in, which no input brings about.
#[derive(Debug, Error)]
#[error("a template could not be filled in: {0:#}")]
pub struct TemplateError(#[from] minijinja::Error);

/// A filter of templates: a text and the number in the filter's brackets (0 without one) to what is written as it is.
pub type Filter = fn(&str, usize) -> String;

/// Templates that may include each other.
#[derive(Debug)]
pub struct Templates(Environment<'static>);

impl Templates {
    /// Templates of HTML by their names. Every value is escaped, for text and for attributes in double quotes; only [`Markup`] is not.
    ///
    /// # Errors
    /// A template that is not one.
    pub fn html(texts: &[(&'static str, &'static str)]) -> Result<Self, TemplateError> {
        let mut environment = environment(texts, AutoEscape::Html)?;
        // What is written as it is comes as markup; a template cannot ask for it.
        environment.remove_filter("safe");
        Ok(Self(environment))
    }

    /// Templates of another language by their names. Texts are written as `quote` gives them, told the name of the template; numbers as
    /// they are, and so is what a filter returns.
    ///
    /// # Errors
    /// A template that is not one.
    pub fn quoted(
        texts: &[(&'static str, &'static str)],
        quote: fn(template: &str, text: &str) -> String,
        filters: &[(&'static str, Filter)],
    ) -> Result<Self, TemplateError> {
        let mut environment = environment(texts, AutoEscape::None)?;
        environment.set_formatter(move |output: &mut Output, state: &mut State, value: &Value| {
            let text = value.as_str().filter(|_| !value.is_safe());
            let written = text.map_or_else(|| value.to_string(), |text| quote(state.name(), text));
            output.write_str(&written).map_err(minijinja::Error::from)
        });
        for &(name, filter) in filters {
            environment.add_filter(name, move |text: &str, number: Option<usize>| {
                Value::from_safe_string(filter(text, number.unwrap_or(0)))
            });
        }
        Ok(Self(environment))
    }

    /// A template with its values filled in.
    ///
    /// # Errors
    /// A name without a template, or a value that a template asks for and is not given.
    pub fn render(&self, name: &str, values: &impl Serialize) -> Result<Markup, TemplateError> {
        let text = self.0.get_template(name)?.render(Serde(values))?;
        Ok(Markup::trusted(text))
    }
}

fn environment(
    texts: &[(&'static str, &'static str)],
    escape: AutoEscape,
) -> Result<Environment<'static>, TemplateError> {
    let mut environment = Environment::new();
    environment.set_undefined_behavior(UndefinedBehavior::Strict);
    // Asked when a template is added, not when it is filled in.
    environment.set_auto_escape_callback(move |_| escape.clone());
    // Lines with nothing but a block leave no line, and files end with a line break.
    let syntax = SyntaxConfig::builder().trim_blocks(true).lstrip_blocks(true).keep_trailing_newline(true).build()?;
    environment.set_syntax(syntax);
    for &(name, text) in texts {
        environment.add_template(name, text)?;
    }
    Ok(environment)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Serialize)]
    struct Values {
        text: &'static str,
        markup: Markup,
        list: Vec<&'static str>,
    }

    fn values() -> Values {
        Values {
            text: "</style><script>\"'&]]>",
            markup: Markup::trusted("<b>bold</b>".to_owned()),
            list: vec!["<i>", "b"],
        }
    }

    #[test]
    fn texts_are_escaped_and_markup_is_not_wherever_it_stands_in_the_values() {
        let templates = Templates::html(&[
            ("a", "<p title=\"{{ text }}\">{{ markup }}{% include 'b' %}</p>\n"),
            ("b", "{% for item in list %}{{ item }}{% endfor %}"),
        ]);
        let html = templates.unwrap().render("a", &values()).unwrap();
        let text = "&lt;&#x2f;style&gt;&lt;script&gt;&quot;&#x27;&amp;]]&gt;";
        assert_eq!(html.as_str(), format!("<p title=\"{text}\"><b>bold</b>&lt;i&gt;b</p>\n"));
    }

    #[test]
    fn a_template_cannot_ask_for_a_text_as_it_is() {
        let asked = Templates::html(&[("a", "{{ text|safe }}")]).and_then(|own| own.render("a", &values()));
        assert!(asked.is_err());
    }

    #[test]
    fn a_value_that_is_missing_is_an_error() {
        let templates = Templates::html(&[("a", "{{ nothing }}")]).unwrap();
        assert!(templates.render("a", &values()).is_err());
    }

    #[test]
    fn another_language_quotes_by_the_name_of_the_template() {
        let quote = |template: &str, text: &str| format!("{template}:{text}");
        let upper: Filter = |text, number| format!("{}{number}", text.to_uppercase());
        let texts = [("a.sh", "{{ list[1] }} {{ list[1]|upper }} {{ list[1]|upper(2) }} {{ 7 }}")];
        let filled = Templates::quoted(&texts, quote, &[("upper", upper)]).unwrap().render("a.sh", &values()).unwrap();
        assert_eq!(filled.as_str(), "a.sh:b B0 B2 7");
    }
}

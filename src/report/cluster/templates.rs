//! Filling in the templates of this folder: every value is quoted for the language of its file, which its name tells.

use std::borrow::Cow;

use minijinja::syntax::SyntaxConfig;
use minijinja::value::Value;
use minijinja::{AutoEscape, Environment, Error, Output, State};

use super::quoting::{comment, shell_word, yaml_block, yaml_text};

const SHELL: AutoEscape = AutoEscape::Custom(Cow::Borrowed("shell"));
const YAML: AutoEscape = AutoEscape::Custom(Cow::Borrowed("yaml"));

macro_rules! templates {
    ($($name:literal),*) => { [$(($name, include_str!(concat!("templates/", $name)))),*] };
}

/// The templates by their names: folder and file.
const TEMPLATES: [(&str, &str); 6] = templates![
    "slurm/array.sbatch",
    "slurm/merge.sbatch",
    "slurm/submit.sh",
    "kubernetes/shards.yaml",
    "kubernetes/merge.yaml",
    "kubernetes/submit.sh"
];

/// A template with its values filled in.
pub(super) fn filled(name: &str, values: &Value) -> Result<String, Error> {
    let mut environment = Environment::new();
    environment.set_undefined_behavior(minijinja::UndefinedBehavior::Strict);
    // Lines with nothing but a block leave no line, and files end with a line break.
    let syntax = SyntaxConfig::builder().trim_blocks(true).lstrip_blocks(true).keep_trailing_newline(true).build()?;
    environment.set_syntax(syntax);
    environment.set_auto_escape_callback(|name| if name.ends_with(".yaml") { YAML } else { SHELL });
    environment.set_formatter(quoted);
    environment.add_filter("comment", |text: &str| Value::from_safe_string(comment(text)));
    environment.add_filter("block", |text: &str, indent: usize| Value::from_safe_string(yaml_block(text, indent)));
    for (name, text) in TEMPLATES {
        environment.add_template(name, text)?;
    }
    environment.get_template(name)?.render(values)
}

/// Writes a value: numbers and what a filter has made safe as they are, texts in quotes.
fn quoted(output: &mut Output, state: &mut State, value: &Value) -> Result<(), Error> {
    let text = value.as_str().filter(|_| !value.is_safe());
    let written = match text {
        Some(text) if *state.auto_escape() == YAML => yaml_text(text),
        Some(text) => shell_word(text),
        None => value.to_string(),
    };
    output.write_str(&written).map_err(Error::from)
}

//! Filling in the templates of this folder: every value is quoted for the language of its file, which its name tells.

use serde::Serialize;

use super::quoting::{comment, shell_word, yaml_block, yaml_text};
use crate::page::{Filter, TemplateError, Templates};

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

/// What the templates do with a text besides quoting it.
const FILTERS: [(&str, Filter); 2] = [("comment", |text, _| comment(text)), ("block", yaml_block)];

/// A template with its values filled in.
pub(super) fn filled(name: &str, values: &impl Serialize) -> Result<String, TemplateError> {
    let quote =
        |template: &str, text: &str| if template.ends_with(".yaml") { yaml_text(text) } else { shell_word(text) };
    Ok(Templates::quoted(&TEMPLATES, quote, &FILTERS)?.render(name, values)?.into_string())
}

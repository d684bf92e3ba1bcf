//! Workflows that run `linger test` on every change, and nightly with a fresh seed.

use serde::Serialize;

use super::cluster::{shell_word, yaml_text};
use crate::page::{TemplateError, Templates};

/// A service that runs checks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Service {
    /// GitHub Actions.
    Github,
    /// GitLab CI/CD.
    Gitlab,
}

impl Service {
    /// Where its file belongs in a repository.
    pub fn file(self) -> &'static str {
        match self {
            Self::Github => ".github/workflows/linger.yml",
            Self::Gitlab => ".gitlab-ci.yml",
        }
    }
}

const TEMPLATES: [(&str, &str); 2] =
    [("github.yaml", include_str!("ci/github.yaml")), ("gitlab.yaml", include_str!("ci/gitlab.yaml"))];

#[derive(Serialize)]
struct Values<'a> {
    install: &'a str,
    test: String,
    nightly: String,
}

/// The workflow for the cases in a file; `install` is the command that puts linger on the path, and `usual_file` the file that needs no naming.
///
/// # Errors
/// None that an input brings about.
pub fn workflow(service: Service, file: &str, usual_file: &str, install: &str) -> Result<String, TemplateError> {
    let name = match service {
        Service::Github => "github.yaml",
        Service::Gitlab => "gitlab.yaml",
    };
    let plain = |letter: char| letter.is_ascii_alphanumeric() || "._-/".contains(letter);
    let word = if file.chars().all(plain) { file.to_owned() } else { shell_word(file) };
    let option = if file == usual_file { String::new() } else { format!(" --file {word}") };
    let values = Values {
        install,
        test: format!("linger test --profile ci{option}"),
        nightly: format!("linger test --profile nightly{option}"),
    };
    let quote = |_: &str, text: &str| yaml_text(text);
    Ok(Templates::quoted(&TEMPLATES, quote, &[])?.render(name, &values)?.into_string())
}

//! Names of arms, outcomes and covariates: whether they can be used, and whether what is named exists.

use super::super::suggest::nearest;
use super::super::tree::{KeyPath, toml_key};
use super::super::{Place, Problem, codes};
use super::Check;

impl Check<'_> {
    /// Position of a name; a name that does not exist is reported at the place with its nearest neighbour.
    ///
    /// Without any names to choose from nothing is reported: that there are none has been.
    pub(super) fn position(&mut self, name: &str, among: &[String], what: &str, place: Place) -> Option<usize> {
        let position = among.iter().position(|known| known == name);
        if position.is_none() && !among.is_empty() {
            let suggestion = nearest(name, among.iter().map(String::as_str));
            let problem = Problem::new(codes::UNKNOWN_NAME, format!("{what} does not exist: `{name}`"))
                .at(place)
                .suggest(suggestion)
                .help(format!("names that exist: {}", among.join(", ")));
            self.problems.push(problem);
        }
        position
    }

    /// Reports keys of a table that are not among some names, and excuses what they probably meant.
    pub(super) fn keys_among(&mut self, table: &KeyPath, among: &[String], what: &str) {
        for key in self.tree.keys(table) {
            let place = self.tree.key_place(&table.key(&key));
            if self.position(&key, among, what, place).is_none()
                && let Some(meant) = nearest(&key, among.iter().map(String::as_str))
            {
                self.tree.excuse(table.key(meant));
            }
        }
    }

    /// Reports names that could not be told apart in contrasts, paths or columns.
    pub(super) fn usable_names(&mut self, table: &KeyPath, sort: &str) {
        let separator =
            |name: &str| name.contains(" - ").then_some("contains ` - `, which separates the arms of a contrast");
        for name in self.tree.keys(table) {
            if let Some(wrong) = unusable(&name).or_else(|| separator(&name)) {
                self.report_name(
                    table,
                    &name,
                    (sort, wrong),
                    "give a short name without spaces here, and the full one as `label`",
                );
            }
        }
    }

    /// Reports names that readers see as they are, where they could not be written or read back.
    pub(super) fn usable_words(&mut self, table: &KeyPath, sort: &str) {
        for name in self.tree.keys(table) {
            if let Some(wrong) = unusable(&name) {
                self.report_name(table, &name, (sort, wrong), "write what readers are to see");
            }
        }
    }

    fn report_name(&mut self, table: &KeyPath, name: &str, (sort, wrong): (&str, &str), help: &str) {
        let message = format!("the name of {sort} {} cannot be used: it {wrong}", toml_key(name));
        self.report_key(codes::UNUSABLE_NAME, &table.key(name), message, |problem| problem.help(help));
    }

    /// Reports a table with too many entries.
    pub(super) fn at_most(&mut self, most: usize, table: &KeyPath, sort: &str) {
        let n = self.tree.keys(table).len();
        if n > most {
            let message = format!("`{table}` names {n} {sort}, but there may be at most {most}");
            self.report_key(codes::TOO_MANY, table, message, |problem| problem);
        }
    }
}

/// What is wrong with a name, wherever it stands.
fn unusable(name: &str) -> Option<&'static str> {
    if name.is_empty() {
        Some("is empty")
    } else if name == "*" {
        Some("stands for every name")
    } else if name.trim() != name {
        Some("begins or ends with a space")
    } else if name.chars().any(char::is_control) {
        Some("contains a control character")
    } else {
        None
    }
}

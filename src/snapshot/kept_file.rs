//! Reading a file of kept results, with all that is wrong with it at once.

use std::collections::BTreeMap;
use std::sync::OnceLock;

use indexmap::IndexMap;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::kept::{Acceptance, FORMAT, KeptQuantity, Snapshot};
use super::quantity::Value;
use super::subject::{Kind, Subject};
use crate::scenario::{KeyPath, Problem, Problems, ReadFrom, Source, Tree, codes, document, schema_of_type};

/// A file of kept results as it is written.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct WrittenSnapshot {
    /// Name of the case.
    pub case: Option<String>,
    /// The day on which the file was made.
    pub date: Option<String>,
    /// Hash of the data with their columns and plan.
    pub data_hash: Option<String>,
    /// Version of the format, 1.
    pub format: Option<u64>,
    /// The generator of random numbers.
    pub generator: Option<String>,
    /// Why the file was made.
    pub reason: Option<String>,
    /// Number of replicates.
    pub replicates: Option<u64>,
    /// Hash of the scenario.
    pub scenario_hash: Option<String>,
    /// Seed of the random numbers.
    pub seed: Option<u64>,
    /// Version of linger that computed the values.
    pub tool_version: Option<String>,
    /// Every setting that can change a value.
    #[schemars(extend("x-names" = "setting"))]
    pub settings: Option<IndexMap<String, String>>,
    /// The values by their ids.
    #[schemars(extend("x-names" = "quantity"))]
    pub quantity: Option<IndexMap<String, WrittenQuantity>>,
}

impl ReadFrom for WrittenSnapshot {
    fn schema() -> &'static serde_json::Value {
        static KEPT: OnceLock<serde_json::Value> = OnceLock::new();
        KEPT.get_or_init(schema_of_type::<Self>)
    }
}

/// One value.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct WrittenQuantity {
    /// A number.
    #[schemars(extend("x-infinite" = true))]
    pub value: Option<f64>,
    /// A count.
    pub count: Option<u64>,
    /// Why there is no number.
    pub nothing: Option<String>,
    /// The day on which it was accepted, where that is not said for the file.
    pub date: Option<String>,
    /// Why it was accepted, where that is not said for the file.
    pub reason: Option<String>,
    /// Version of linger that computed it, where that is not said for the file.
    pub tool_version: Option<String>,
}

/// Reads a file of kept results from its text.
///
/// # Errors
/// All problems of the text.
pub fn read_snapshot(source: Source) -> Result<Snapshot, Problems> {
    let (written, tree, mut problems) = document::read::<WrittenSnapshot>(&source, &[]);
    if problems.iter().any(|problem| problem.code == codes::SYNTAX) {
        return Err(problems.sorted());
    }
    let snapshot = Reading { tree: &tree, problems: &mut problems }.snapshot(&written);
    let snapshot = snapshot.ok_or_else(|| problems.clone());
    problems.or(())?;
    snapshot
}

struct Reading<'a> {
    tree: &'a Tree,
    problems: &'a mut Problems,
}

impl Reading<'_> {
    fn report(&mut self, path: &KeyPath, message: String) {
        let problem = Problem::new(codes::SNAPSHOT, message).at(self.tree.key_place(path));
        self.problems
            .push(problem.help("files of kept results are written by linger snapshot new and linger snapshot accept"));
    }

    /// A key that is needed.
    fn needed<T: Clone>(&mut self, key: &str, value: &Option<T>) -> Option<T> {
        let path = KeyPath::of(&[key]);
        if value.is_none() && self.tree.lacks(&path) {
            self.report(&path, format!("`{key}` is missing"));
        }
        value.clone()
    }

    fn snapshot(&mut self, written: &WrittenSnapshot) -> Option<Snapshot> {
        let format = self.needed("format", &written.format);
        if let Some(format) = format.filter(|format| *format != FORMAT) {
            let message = format!("this is format {format} of kept results, and this program reads {FORMAT}");
            self.report(&KeyPath::of(&["format"]), message);
        }
        let case = self.needed("case", &written.case);
        let made = Acceptance {
            reason: self.needed("reason", &written.reason).unwrap_or_default(),
            tool_version: self.needed("tool_version", &written.tool_version).unwrap_or_default(),
            date: self.needed("date", &written.date).unwrap_or_default(),
        };
        let subject = self.subject(written);
        let quantities: BTreeMap<String, KeptQuantity> = written
            .quantity
            .iter()
            .flatten()
            .filter_map(|(id, own)| Some((id.clone(), self.quantity(id, own, &made)?)))
            .collect();
        Some(Snapshot { case: case?, subject: subject?, made, quantities })
    }

    fn subject(&mut self, written: &WrittenSnapshot) -> Option<Subject> {
        let (kind, hash) = match (&written.scenario_hash, &written.data_hash) {
            (Some(hash), None) => (Kind::Scenario, hash.clone()),
            (None, Some(hash)) => (Kind::Data, hash.clone()),
            _ => {
                let message = "the file has exactly one of `scenario_hash` and `data_hash`".to_owned();
                self.report(&KeyPath::of(&["case"]), message);
                return None;
            }
        };
        Some(Subject {
            kind,
            hash,
            seed: written.seed,
            replicates: written.replicates,
            generator: written.generator.clone(),
            settings: written.settings.clone().unwrap_or_default().into_iter().collect(),
        })
    }

    fn quantity(&mut self, id: &str, written: &WrittenQuantity, made: &Acceptance) -> Option<KeptQuantity> {
        let path = KeyPath::of(&["quantity", id]);
        let value = match (written.value, written.count, &written.nothing) {
            (Some(number), None, None) => Value::Number(number),
            (None, Some(count), None) => Value::Count(count),
            (None, None, Some(reason)) => Value::Nothing(reason.clone()),
            _ if self.has_any(&path) => return None,
            _ => {
                self.report(&path, format!("`{id}` has not exactly one of `value`, `count` and `nothing`"));
                return None;
            }
        };
        let own = written.date.is_some() || written.reason.is_some() || written.tool_version.is_some();
        let accepted = own.then(|| Acceptance {
            reason: written.reason.clone().unwrap_or_else(|| made.reason.clone()),
            tool_version: written.tool_version.clone().unwrap_or_else(|| made.tool_version.clone()),
            date: written.date.clone().unwrap_or_else(|| made.date.clone()),
        });
        let line = self.tree.key_place(&path).line_and_column().map(|(line, _)| line);
        Some(KeptQuantity { value, accepted, line })
    }

    /// Whether a value is written and was reported as unreadable.
    fn has_any(&self, path: &KeyPath) -> bool {
        let written = ["value", "count", "nothing"].iter().filter(|key| self.tree.has(&path.key(key))).count();
        written == 1
    }
}

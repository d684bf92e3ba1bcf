//! Which paths an override can set: by the schema, and by the names and lists in the document.

use super::overrides::{Override, Segment};
use super::schema::{Part, Shape};
use super::suggest::nearest;
use super::tree::{Data, KeyPath, Node, Step, Tree, toml_key};
use super::{Problem, codes};

/// What paths exist: by the schema, and by the names in the document.
pub(super) struct Known<'a> {
    pub tree: &'a Tree,
    pub schema: Part<'a>,
}

impl Known<'_> {
    /// The paths an override sets: one, or with `*` every one that is written already.
    pub fn targets(&self, setting: &Override, segments: &[Segment]) -> Result<Vec<KeyPath>, Box<Problem>> {
        let mut targets = vec![(KeyPath::top(), self.schema)];
        for segment in segments {
            let mut below = Vec::new();
            for (path, part) in targets {
                below.extend(
                    self.step(&path, part, &segment.name)
                        .ok_or_else(|| self.unknown(setting, segments, segment, &path, part))?,
                );
            }
            targets = below;
        }
        let every = segments.iter().any(|segment| segment.name == "*");
        let paths: Vec<KeyPath> =
            targets.into_iter().map(|(path, _)| path).filter(|path| !every || self.tree.has(path)).collect();
        if paths.is_empty() {
            let span = 0..segments.last().map_or(0, |last| last.span.end);
            let written = &setting.text()[span.clone()];
            let message = format!("nothing in the file is at {written}");
            return Err(setting
                .problem(codes::UNKNOWN_KEY, message, span)
                .help("`*` changes a key where it is written; name the arm or outcome to add it")
                .into());
        }
        Ok(paths)
    }

    /// The part that a value at a path is checked against: of one thing or a list of them, the one that is written.
    fn fitting<'p>(&self, path: &KeyPath, part: Part<'p>) -> Part<'p> {
        part.one_or_list(matches!(self.tree.node(path), Some(Node { data: Data::List(_), .. })))
    }

    /// Number of entries of the list at a path.
    fn length(&self, path: &KeyPath) -> usize {
        match self.tree.node(path) {
            Some(Node { data: Data::List(list), .. }) => list.len(),
            _ => 0,
        }
    }

    /// One step down; `None` if there is nothing of that name.
    fn step<'p>(&self, path: &KeyPath, part: Part<'p>, name: &str) -> Option<Vec<(KeyPath, Part<'p>)>> {
        let fitting = self.fitting(path, part);
        match fitting.shape() {
            // One thing where there could be a list is the first of one.
            Shape::Table { .. } if part.is_one_or_list() && matches!(name, "0" | "*") => {
                Some(vec![(path.clone(), part)])
            }
            Shape::Table { properties, .. } => {
                properties.get(name).map(|property| vec![(path.key(name), fitting.below(property))])
            }
            Shape::Names { entry, .. } if name == "*" => {
                Some(self.tree.keys(path).iter().map(|key| (path.key(key), entry)).collect())
            }
            Shape::Names { entry, names } => {
                self.names(path, names).iter().any(|known| known == name).then(|| vec![(path.key(name), entry)])
            }
            Shape::List { item: Some(item), .. } if item.is_table() => {
                let all = 0..self.length(path);
                let one = name.parse().ok().filter(|index| all.contains(index)).map(|index| index..index + 1);
                let wanted = if name == "*" { all } else { one? };
                Some(wanted.map(|index| (path.index(index), item)).collect())
            }
            _ => None,
        }
    }

    /// The names that exist for a table of names: all of their sort in the document, or those in the table.
    fn names(&self, path: &KeyPath, sort: Option<&str>) -> Vec<String> {
        match sort {
            Some(sort) => {
                let mut names = Vec::new();
                collect_names(&self.tree.root, self.schema, sort, &mut names);
                names
            }
            None => self.tree.keys(path),
        }
    }

    fn unknown(
        &self,
        setting: &Override,
        segments: &[Segment],
        wrong: &Segment,
        path: &KeyPath,
        part: Part<'_>,
    ) -> Problem {
        let meant = self.corrected(segments).or_else(|| self.completed(segments));
        let question = meant.as_ref().map(|meant| format!("; did you mean {meant}?")).unwrap_or_default();
        let part = self.fitting(path, part);
        let (message, help) = match part.shape() {
            Shape::Table { .. } => (
                format!("unknown key `{}` {}", wrong.name, path.within()),
                format!("keys allowed there: {}", part.keys().join(", ")),
            ),
            Shape::Names { names, .. } => {
                let sort = names.unwrap_or("entry");
                let plural = sort.strip_suffix('y').map_or_else(|| format!("{sort}s"), |stem| format!("{stem}ies"));
                let known = self.names(path, names);
                let help = if known.is_empty() {
                    format!("the file names no {plural}; give all of them at once: {}={{ ... }}", as_typed(path))
                } else {
                    format!("{plural} are {}", known.join(", "))
                };
                (format!("no {sort} `{}`", wrong.name), help)
            }
            Shape::List { item: Some(item), .. } if item.is_table() && self.length(path) > 0 => {
                let n = self.length(path);
                let entries: Vec<String> = (0..n).map(|index| as_typed(&path.index(index))).collect();
                (
                    format!("no entry `{}` in the list `{path}`", wrong.name),
                    format!("entries are {}", entries.join(", ")),
                )
            }
            Shape::List { .. } => (
                format!("`{path}` is a list and is set as a whole"),
                format!("write {path}=[...] with all its entries"),
            ),
            _ => (format!("`{path}` has nothing below it"), format!("set it by {path}=...")),
        };
        let mut problem =
            setting.problem(codes::UNKNOWN_KEY, format!("{message}{question}"), wrong.span.clone()).help(help);
        problem.suggestion = meant;
        problem
    }

    /// The path with every wrong part replaced by its nearest neighbour.
    fn corrected(&self, segments: &[Segment]) -> Option<String> {
        let (mut path, mut part) = (KeyPath::top(), self.schema);
        for segment in segments {
            let fitting = self.fitting(&path, part);
            let choices: Vec<String> = match fitting.shape() {
                Shape::Table { .. } => fitting.keys().into_iter().map(str::to_owned).collect(),
                Shape::Names { names, .. } => self.names(&path, names),
                Shape::List { item: Some(item), .. } if item.is_table() => {
                    (0..self.length(&path)).map(|index| index.to_string()).collect()
                }
                _ => return None,
            };
            let name = if choices.contains(&segment.name) {
                &segment.name
            } else {
                nearest(&segment.name, choices.iter().map(String::as_str))?
            };
            (path, part) = self.step(&path, part, name)?.into_iter().next()?;
        }
        Some(as_typed(&path))
    }

    /// The first path that ends in what was written, e.g. `arms.relaxation.sessions` for `relaxation.sessions`.
    fn completed(&self, segments: &[Segment]) -> Option<String> {
        let tail: String = segments.iter().map(|segment| format!(".{}", toml_key(&segment.name))).collect();
        self.all(&KeyPath::top(), self.schema)
            .into_iter()
            .map(|path| as_typed(&path))
            .find(|path| path.ends_with(&tail))
    }

    /// Every path that can be set.
    fn all(&self, path: &KeyPath, part: Part<'_>) -> Vec<KeyPath> {
        let part = self.fitting(path, part);
        let below: Vec<(KeyPath, Part<'_>)> = match part.shape() {
            Shape::List { item: Some(item), .. } if item.is_table() => {
                (0..self.length(path)).map(|index| (path.index(index), item)).collect()
            }
            Shape::Table { properties, .. } => {
                properties.iter().map(|(key, property)| (path.key(key), part.below(property))).collect()
            }
            Shape::Names { entry, names } => {
                self.names(path, names).iter().map(|name| (path.key(name), entry)).collect()
            }
            _ => Vec::new(),
        };
        below.into_iter().flat_map(|(path, part)| std::iter::once(path.clone()).chain(self.all(&path, part))).collect()
    }
}

/// All names of one sort that are written anywhere in a document.
fn collect_names(node: &Node, part: Part<'_>, sort: &str, names: &mut Vec<String>) {
    let Some(table) = node.table() else { return };
    match part.shape() {
        Shape::Table { properties, .. } => {
            for (key, below) in table {
                if let Some(property) = properties.get(key) {
                    collect_names(below, part.below(property), sort, names);
                }
            }
        }
        Shape::Names { entry, names: of } => {
            for (name, below) in table {
                if of == Some(sort) && !names.contains(name) {
                    names.push(name.clone());
                }
                collect_names(below, entry, sort, names);
            }
        }
        _ => {}
    }
}

/// A path as it is typed in an override: positions in lists are steps like any other.
pub fn as_typed(path: &KeyPath) -> String {
    let step = |step: &Step| match step {
        Step::Key(key) => toml_key(key),
        Step::Index(index) => index.to_string(),
    };
    path.steps().iter().map(step).collect::<Vec<_>>().join(".")
}

//! What results belong to: which scenario or data, which seed, how many replicates, which generator of random numbers.

use std::collections::BTreeMap;

/// What was simulated or analysed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// A scenario.
    Scenario,
    /// A data file.
    Data,
}

impl Kind {
    /// The key of its hash in files.
    pub fn hash_key(self) -> &'static str {
        match self {
            Self::Scenario => "scenario_hash",
            Self::Data => "data_hash",
        }
    }

    /// What a reader calls it.
    pub fn noun(self) -> &'static str {
        match self {
            Self::Scenario => "scenario",
            Self::Data => "data",
        }
    }
}

/// What results belong to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Subject {
    /// A scenario or data.
    pub kind: Kind,
    /// 16 hexadecimal digits that change with every setting that can change a result: of a scenario with its own seed, so that another
    /// seed of a run is told apart from another scenario.
    pub hash: String,
    /// Seed of the run; `None` for data.
    pub seed: Option<u64>,
    /// Number of replicates; `None` where nothing is about many of them.
    pub replicates: Option<u64>,
    /// The generator of random numbers; `None` for data.
    pub generator: Option<String>,
    /// Every setting that can change a result, by its path, as TOML writes it.
    pub settings: BTreeMap<String, String>,
}

impl Subject {
    /// How the settings differ from those of other results: `path: before → after`, in the order of the paths.
    pub fn changes_since(&self, before: &Self) -> Vec<String> {
        let shown = |value: Option<&String>| value.map_or("not there", String::as_str).to_owned();
        let paths =
            before.settings.keys().chain(self.settings.keys().filter(|path| !before.settings.contains_key(*path)));
        let mut changed: Vec<&String> =
            paths.filter(|path| before.settings.get(*path) != self.settings.get(*path)).collect();
        changed.sort();
        let change = |path: &String| {
            format!("{path}: {} → {}", shown(before.settings.get(path)), shown(self.settings.get(path)))
        };
        changed.into_iter().map(change).collect()
    }
}

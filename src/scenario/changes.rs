//! How the settings of two scenarios differ: path, both values, both origins.

use super::hash::is_left_out;
use super::settings::Setting;
use super::tree::KeyPath;

/// A setting that two scenarios do not share.
#[derive(Debug, Clone, PartialEq)]
pub struct Change {
    /// Its path.
    pub path: KeyPath,
    /// The setting of the first scenario, if it has it.
    pub a: Option<Setting>,
    /// The setting of the second scenario, if it has it.
    pub b: Option<Setting>,
}

impl Change {
    /// Whether it can change a simulated trial: title, story, the published trial, priors and the number of replicates
    /// cannot.
    pub fn matters(&self) -> bool {
        !is_left_out(&self.path)
    }
}

/// Every setting, defaults included, whose value differs or that only one of two scenarios has: in the order of the first,
/// what only the second has standing where the second has it.
pub fn changes(a: &[Setting], b: &[Setting]) -> Vec<Change> {
    let find = |settings: &[Setting], path: &KeyPath| settings.iter().find(|setting| setting.path == *path).cloned();
    let mut all: Vec<Change> = a
        .iter()
        .map(|setting| Change { path: setting.path.clone(), a: Some(setting.clone()), b: find(b, &setting.path) })
        .collect();
    let mut after = 0;
    for setting in b {
        match all.iter().position(|change| change.path == setting.path) {
            Some(position) => after = position + 1,
            None => {
                all.insert(after, Change { path: setting.path.clone(), a: None, b: Some(setting.clone()) });
                after += 1;
            }
        }
    }
    let value = |setting: &Option<Setting>| setting.as_ref().map(|setting| setting.value.clone());
    all.retain(|change| value(&change.a) != value(&change.b));
    all
}

//! The settings that somebody may want to move: each with its value and its limits, by the path that `--set` takes.

use serde::Serialize;

use crate::scenario::{KeyPath, Loaded, Setting, as_typed, limits};

/// One number of a scenario that can be changed alone.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub(super) struct Control {
    /// Its path, as `--set` takes it; an entry of a list of numbers is one step more, which only a whole list can be set with.
    pub path: String,
    /// Its value; `None` where it is infinite.
    pub value: Option<f64>,
    /// The value as TOML.
    pub written: String,
    /// Lowest value; `None` where there is none.
    pub least: Option<f64>,
    /// Highest value; `None` where there is none.
    pub most: Option<f64>,
    /// Whether only whole numbers will do.
    pub whole: bool,
}

/// The controls of a scenario, in the order of its settings.
pub(super) fn controls(loaded: &Loaded) -> Vec<Control> {
    loaded.settings.iter().filter(|setting| is_wanted(&setting.path)).flat_map(of_setting).collect()
}

/// Sizes, sessions, what they do, the course without them, entry, dropout, level.
fn is_wanted(path: &KeyPath) -> bool {
    matches!(
        path.key_names()[..],
        ["trial", "per_arm" | "entry", ..]
            | ["outcomes", _, "natural_course" | "baseline" | "follow_up", ..]
            | ["arms", _, "sessions" | "every_weeks" | "first_week" | "effect" | "boosters" | "attendance", ..]
            | ["dropout", "every_arm" | "by_arm", ..]
            | ["therapists", "variance_share"]
            | ["analysis", "alpha"]
    )
}

/// The numbers of a setting: itself, or those of a list or of tables in a list.
fn of_setting(setting: &Setting) -> Vec<Control> {
    let mut controls = Vec::new();
    if let Ok(value) = setting.value.parse::<toml::Value>() {
        collect(&setting.path, &value, &mut controls);
    }
    controls
}

fn collect(path: &KeyPath, value: &toml::Value, controls: &mut Vec<Control>) {
    let (number, whole) = match value {
        toml::Value::Integer(whole) => (*whole as f64, true),
        toml::Value::Float(number) => (*number, false),
        toml::Value::Array(list) => {
            return list.iter().enumerate().for_each(|(index, own)| collect(&path.index(index), own, controls));
        }
        toml::Value::Table(table) => {
            return table.iter().for_each(|(key, own)| collect(&path.key(key), own, controls));
        }
        _ => return,
    };
    let finite = |number: f64| number.is_finite().then_some(number);
    let [least, most] = limits(path);
    controls.push(Control {
        path: as_typed(path),
        value: finite(number),
        written: value.to_string(),
        least: finite(least),
        most: finite(most),
        whole,
    });
}

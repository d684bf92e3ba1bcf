//! Which settings belong to the truth: those that a calibration may change, and those that it takes for granted.

use super::tree::KeyPath;
use super::{Origin, Setting};

/// Whether a setting belongs to the data-generating mechanism rather than to design, recording, analysis or running.
pub(super) fn is_of_the_truth(path: &KeyPath) -> bool {
    let keys = path.key_names();
    match keys[..] {
        [] | [_] | ["trial" | "analysis" | "interim" | "priors" | "simulation", ..] => false,
        ["characteristics" | "co_interventions" | "events", _, "label"] => false,
        ["co_interventions", _, "from_week" | "until_week"] | ["therapists", "number" | "arms"] => false,
        ["dropout", "depends_on", "outcome" | "value"] => false,
        ["outcomes", _, setting, ..] => !RECORDING.contains(&setting),
        ["arms", _, "effect", .., last] => !["at_week", "unit"].contains(&last),
        ["arms", _, setting, ..] => {
            !["label", "reference", "sessions", "every_weeks", "first_week", "boosters"].contains(&setting)
        }
        _ => true,
    }
}

/// The settings of an outcome that say how it is recorded.
const RECORDING: [&str; 10] =
    ["label", "kind", "unit", "range", "step", "levels", "at_baseline", "better", "meaningful", "meaningful_source"];

/// Whether a number of the truth can change alone: shares that add up to 1 cannot.
pub(super) fn can_change_alone(path: &KeyPath) -> bool {
    let keys = path.key_names();
    !matches!(
        keys[..],
        ["characteristics", _, "levels", _] | ["outcomes", _, "baseline", "shares"] | ["dropout", "reasons", _]
    )
}

/// Whether a setting only says that there is none of something nobody has mentioned: no ceiling, no differences in response.
fn says_none(setting: &Setting) -> bool {
    const NONE: [(&str, &str); 8] = [
        ("ceiling", "inf"),
        ("spread", "0.0"),
        ("sd", "0.0"),
        ("stops", "0.0"),
        ("uptake", "0.0"),
        ("variance_share", "0.0"),
        ("caseload_variation", "0.0"),
        ("per_point", "0.0"),
    ];
    let none = |(key, value): &(&str, &str)| setting.path.last_key() == Some(key) && setting.value == *value;
    setting.origin == Origin::Default && NONE.iter().any(none)
}

/// The settings of the truth that hold numbers and are not among some paths: what a calibration takes for granted.
pub(super) fn taken_for_granted(settings: &[Setting], free: &[KeyPath]) -> Vec<(String, String)> {
    let is_number = |value: &str| value.starts_with(|first: char| first.is_ascii_digit() || "+-[in".contains(first));
    let mut granted = Vec::new();
    let is_granted =
        |setting: &&Setting| is_of_the_truth(&setting.path) && is_number(&setting.value) && !says_none(setting);
    for setting in settings.iter().filter(is_granted) {
        let entries: Vec<&KeyPath> = free.iter().filter(|path| path.parent() == setting.path).collect();
        if entries.is_empty() && !free.contains(&setting.path) {
            granted.push((setting.path.to_string(), setting.shown.clone()));
        } else if !entries.is_empty()
            && let Ok(toml::Value::Array(list)) = setting.value.parse::<toml::Value>()
        {
            let rest = list.iter().enumerate().map(|(index, value)| (setting.path.index(index), value.to_string()));
            let rest = rest.filter(|(path, _)| !free.contains(path));
            granted.extend(rest.map(|(path, value)| (path.to_string(), value)));
        }
    }
    granted
}

//! The name of a resolved scenario in 16 hexadecimal digits, so that results can say what they belong to.

use super::settings::Setting;
use crate::numeric::fnv::fnv_1a;

/// Settings that say nothing about one simulated trial.
pub(super) const LEFT_OUT: [&str; 4] = ["title", "story", "published", "simulation.replicates"];

/// The hash of a resolved scenario: 64-bit FNV-1a over one line `path = value` per setting, defaults included, in their
/// order, with values as TOML writes them; title, story, the published trial and the number of replicates are left out.
pub(super) fn of_settings(settings: &[Setting]) -> String {
    let mut text = String::new();
    for setting in settings {
        let path = setting.path.to_string();
        if !LEFT_OUT.contains(&path.as_str()) {
            text.push_str(&format!("{path} = {}\n", setting.value));
        }
    }
    format!("{:016x}", fnv_1a(text.as_bytes()))
}

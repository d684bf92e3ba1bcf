//! The name of a resolved scenario in 16 hexadecimal digits, so that results can say what they belong to.

use super::settings::Setting;
use super::tree::KeyPath;
use crate::numeric::fnv::fnv_1a;

/// Whether a setting says nothing about one simulated trial: title, story, the published trial, what is not known for certain,
/// and the number of replicates.
pub(super) fn is_left_out(path: &KeyPath) -> bool {
    matches!(path.key_names()[..], ["title" | "story" | "published"] | ["priors", ..] | ["simulation", "replicates"])
}

/// The hash of a resolved scenario: 64-bit FNV-1a over one line `path = value` per setting, defaults included, in their
/// order, with values as TOML writes them; title, story, the published trial, priors and the number of replicates are left out.
pub(super) fn of_settings(settings: &[Setting]) -> String {
    let mut text = String::new();
    for setting in settings {
        if !is_left_out(&setting.path) {
            text.push_str(&format!("{} = {}\n", setting.path, setting.value));
        }
    }
    format!("{:016x}", fnv_1a(text.as_bytes()))
}

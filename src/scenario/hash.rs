//! The name of a resolved scenario in 16 hexadecimal digits, so that results can say what they belong to.

use super::settings::Setting;
use super::tree::KeyPath;

/// Whether a setting says nothing about one simulated trial: title, story, the published trial, what is not known for certain,
/// and the number of replicates.
pub(super) fn is_left_out(path: &KeyPath) -> bool {
    matches!(path.key_names()[..], ["title" | "story" | "published"] | ["priors", ..] | ["simulation", "replicates"])
}

/// The hash of a resolved scenario: 64-bit FNV-1a over one line `path = value` per setting, defaults included, in their
/// order, with values as TOML writes them; title, story, the published trial, priors and the number of replicates are left out.
///
/// # References
/// Fowler, Noll, Vo, Eastlake, Hansen. The FNV Non-Cryptographic Hash Algorithm. IETF RFC 9923.
pub(super) fn of_settings(settings: &[Setting]) -> String {
    let mut text = String::new();
    for setting in settings {
        if !is_left_out(&setting.path) {
            text.push_str(&format!("{} = {}\n", setting.path, setting.value));
        }
    }
    format!("{:016x}", fnv_1a(text.as_bytes()))
}

fn fnv_1a(bytes: &[u8]) -> u64 {
    bytes.iter().fold(0xcbf2_9ce4_8422_2325, |hash, &byte| (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3))
}

#[cfg(test)]
mod tests {
    use super::fnv_1a;

    #[test]
    fn fnv_1a_gives_the_values_of_its_authors() {
        assert_eq!(fnv_1a(b""), 0xcbf2_9ce4_8422_2325);
        assert_eq!(fnv_1a(b"a"), 0xaf63_dc4c_8601_ec8c);
        assert_eq!(fnv_1a(b"foobar"), 0x8594_4171_f739_67e8);
    }
}

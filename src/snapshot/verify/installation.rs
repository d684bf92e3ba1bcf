//! What is installed and where: version, target, build, operating system, and the date.

use std::fs;

use jiff::Timestamp;

/// The program and the machine on which numbers were recomputed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Installation {
    /// Version of linger.
    pub version: &'static str,
    /// The target that the program was compiled for, as Rust names it, e.g. `x86_64-unknown-linux-gnu`.
    pub target: String,
    /// `release` or `debug`.
    pub build: &'static str,
    /// The operating system, by the name it gives itself where it has one.
    pub operating_system: String,
    /// The processor's architecture, e.g. `x86_64`.
    pub architecture: &'static str,
}

impl Installation {
    /// This program on this machine.
    pub fn here() -> Self {
        Self {
            version: env!("CARGO_PKG_VERSION"),
            target: target(),
            build: if cfg!(debug_assertions) { "debug" } else { "release" },
            operating_system: operating_system(),
            architecture: std::env::consts::ARCH,
        }
    }
}

/// The target's name from its parts, as far as a program knows them.
fn target() -> String {
    let vendor = match () {
        () if cfg!(target_vendor = "apple") => "apple",
        () if cfg!(target_vendor = "pc") => "pc",
        () => "unknown",
    };
    let system = match std::env::consts::OS {
        "macos" => "darwin",
        "" => "unknown",
        other => other,
    };
    let environment = match () {
        () if cfg!(target_env = "gnu") => "-gnu",
        () if cfg!(target_env = "musl") => "-musl",
        () if cfg!(target_env = "msvc") => "-msvc",
        () => "",
    };
    format!("{}-{vendor}-{system}{environment}", std::env::consts::ARCH)
}

fn operating_system() -> String {
    let text = fs::read_to_string("/etc/os-release").unwrap_or_default();
    let name = text.lines().find_map(|line| line.strip_prefix("PRETTY_NAME="));
    let name = name.map(|name| name.trim_matches('"').to_owned()).filter(|name| !name.is_empty());
    let system = std::env::consts::OS;
    name.map_or_else(|| system.to_owned(), |name| format!("{name} ({system})"))
}

/// Why a date could not be told.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("SOURCE_DATE_EPOCH is `{0}`; it must be a number of seconds since 1970, such as 1750000000")]
pub struct WrongDate(String);

/// The date and time in UTC: of `SOURCE_DATE_EPOCH` where that is given, so that the same run gives the same bytes, else now.
///
/// # Errors
/// A text that is not a number of seconds.
pub fn date(source_date_epoch: Option<&str>) -> Result<Timestamp, WrongDate> {
    let Some(text) = source_date_epoch else { return Ok(Timestamp::now()) };
    let wrong = || WrongDate(text.to_owned());
    let seconds = text.trim().parse().map_err(|_| wrong())?;
    Timestamp::from_second(seconds).map_err(|_| wrong())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_date_can_be_given() {
        assert_eq!(date(Some("0")).unwrap().to_string(), "1970-01-01T00:00:00Z");
        assert!(date(Some("yesterday")).unwrap_err().to_string().contains("`yesterday`"));
        assert!(date(Some("99999999999999999")).is_err());
        assert!(date(None).unwrap() > date(Some("1750000000")).unwrap());
    }
}

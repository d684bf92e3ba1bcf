//! What the program is linked from: licences, duplicate versions, no client of a network, the oldest compiler, no unsafe code of ours.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::process::Command;

use serde::Deserialize;

/// The parts of `.ci/deny.toml` that are checked here too.
#[derive(Deserialize)]
struct Deny {
    licenses: Licences,
    bans: Bans,
}

#[derive(Deserialize)]
struct Licences {
    allow: Vec<String>,
}

#[derive(Deserialize)]
struct Bans {
    deny: Vec<String>,
    skip: Vec<String>,
}

fn deny() -> Deny {
    toml::from_str(&fs::read_to_string(".ci/deny.toml").unwrap()).unwrap()
}

/// Every package that is linked into the program, with its version and the expression of its licences.
fn packages() -> BTreeSet<(String, String, String)> {
    let mut cargo = Command::new(env!("CARGO"));
    let said =
        cargo.args(["tree", "--offline", "--edges", "normal", "--prefix", "none", "--format", "{p}|{l}"]).output();
    let said = said.unwrap();
    assert!(said.status.success(), "{}", String::from_utf8_lossy(&said.stderr));
    let text = String::from_utf8(said.stdout).unwrap();
    let package = |line: &str| {
        let (package, licence) = line.trim_end_matches(" (*)").split_once('|')?;
        let mut words = package.split(' ');
        Some((words.next()?.to_owned(), words.next()?.to_owned(), licence.to_owned()))
    };
    text.lines().filter_map(package).collect()
}

/// Whether an expression such as `(MIT OR Apache-2.0) AND Unicode-3.0` is met by licences that are allowed.
fn is_met(expression: &str, allowed: &[String]) -> bool {
    let plain = expression.replace('/', " OR ");
    // Brackets from the inside out, each for the verdict on what they hold.
    if let Some(close) = plain.find(')') {
        let open = plain[..close].rfind('(').expect("a bracket that opens");
        let inside = if is_met(&plain[open + 1..close], allowed) { "yes" } else { "no" };
        return is_met(&format!("{}{inside}{}", &plain[..open], &plain[close + 1..]), allowed);
    }
    let is_allowed = |licence: &str| licence == "yes" || allowed.iter().any(|own| own == licence);
    plain.split(" OR ").any(|either| either.split(" AND ").all(|licence| is_allowed(licence.trim())))
}

#[test]
fn every_package_has_a_licence_that_is_allowed() {
    let deny = deny();
    let packages = packages();
    assert!(packages.len() > 100, "{}", packages.len());
    for (name, version, licence) in &packages {
        assert!(is_met(licence, &deny.licenses.allow), "{name} {version}: {licence}");
    }
    assert!(is_met("(MIT OR GPL-3.0) AND Unicode-3.0", &deny.licenses.allow));
    for refused in ["GPL-3.0", "MIT AND GPL-3.0", "", "(GPL-3.0 OR AGPL-3.0) AND MIT"] {
        assert!(!is_met(refused, &deny.licenses.allow), "{refused}");
    }
}

#[test]
fn no_package_is_there_twice_but_those_that_are_known() {
    let mut versions: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for (name, version, _) in packages() {
        versions.entry(name).or_default().insert(version);
    }
    let skip = deny().bans.skip;
    for (name, versions) in versions.iter().filter(|(_, versions)| versions.len() > 1) {
        assert!(skip.contains(name), "{name}: {versions:?}");
    }
}

#[test]
fn nothing_that_is_linked_opens_a_connection() {
    let refused = deny().bans.deny;
    assert!(refused.contains(&"reqwest".to_owned()));
    for (name, version, _) in packages() {
        assert!(!refused.contains(&name), "{name} {version}");
    }
}

#[test]
fn the_oldest_compiler_is_the_one_that_the_readme_names() {
    let cargo: toml::Table = toml::from_str(&fs::read_to_string("Cargo.toml").unwrap()).unwrap();
    let oldest = cargo["package"]["rust-version"].as_str().unwrap().to_owned();
    assert!(fs::read_to_string("README.md").unwrap().contains(&format!("Rust {oldest}")), "{oldest}");
}

#[test]
fn the_program_itself_forbids_unsafe_code() {
    for file in ["src/lib.rs", "src/main.rs"] {
        assert!(fs::read_to_string(file).unwrap().contains("forbid(unsafe_code)"), "{file}");
    }
}

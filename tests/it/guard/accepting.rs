//! Kept results changed by hand and with a reason: accepted, kept anew, shown, listed; and never in continuous integration.

use serde_json::Value;

use linger::scenario::Source;
use linger::snapshot::read_snapshot;

use super::{ESTIMATE, kept, linger, number, put_fault};
use crate::program::assert_kept;

#[test]
fn a_kept_file_is_sorted_and_holds_numbers_to_the_last_bit() {
    let desk = kept();
    for name in ["neck", "data"] {
        let text = desk.read(&format!("snapshots/{name}.toml"));
        let snapshot = read_snapshot(Source::new("a.toml", text.clone())).unwrap();
        assert_eq!(snapshot.text(), text);
        let ids: Vec<&str> = text.lines().filter(|line| line.starts_with("[quantity.")).collect();
        assert!(ids.len() > 30 && ids.is_sorted(), "{ids:?}");
        let table: toml::Table = text.parse().unwrap();
        assert_eq!(table["date"].as_str(), Some("2025-11-26"));
        assert_eq!(table["reason"].as_str(), Some("first kept"));
        assert_eq!(table["tool_version"].as_str(), Some(env!("CARGO_PKG_VERSION")));
        assert_eq!(table.contains_key("generator"), name == "neck");
        assert_eq!(table.get("seed").and_then(toml::Value::as_integer), (name == "neck").then_some(20_110_705));
    }
    // The numbers are those that any other command gives for the scenario.
    let document = linger(&desk, "trial neck.toml -q --format json").fine();
    let document: Value = serde_json::from_str(&document).unwrap();
    let rows = document["results"].as_array().unwrap();
    let row = rows.iter().find(|row| row["outcome"] == "bothersomeness" && row["visit_week"] == 10.0).unwrap();
    assert_eq!(Some(number(&desk, "snapshots/neck.toml", ESTIMATE)), row["estimate"].as_f64());
    let hash = document["scenario_hash"].as_str().unwrap();
    assert!(desk.read("snapshots/neck.toml").contains(&format!("scenario_hash = \"{hash}\"")));
    let document = linger(&desk, "evaluate neck.toml --replicates 200 -q --format json").fine();
    let document: Value = serde_json::from_str(&document).unwrap();
    let rows = document["results"].as_array().unwrap();
    let is_power = |row: &&Value| row["outcome"] == "ndi" && row["visit_week"] == 4.0 && row["measure"] == "power";
    let power = rows.iter().find(is_power).unwrap()["value"].as_f64();
    assert_eq!(Some(number(&desk, "snapshots/neck.toml", "ndi.wk4.massage-book.power")), power);
}

#[test]
fn a_value_is_accepted_with_its_reason_and_nothing_else_changes() {
    let desk = kept();
    let before = desk.read("snapshots/neck.toml");
    put_fault(&desk, "snapshots/neck.toml", ESTIMATE, 1e-3);
    put_fault(&desk, "snapshots/neck.toml", "ndi.wk4.massage-book.estimate", 1e-3);
    let said = linger(&desk, &format!("snapshot accept {ESTIMATE} --reason 'x'"));
    assert_eq!(said.code, 2);
    assert!(
        said.stderr.contains("nothing waits to be accepted in linger-out/new: run linger test first"),
        "{}",
        said.stderr
    );
    assert_eq!(linger(&desk, "test").code, 1);
    let said = linger(&desk, &format!("snapshot accept {ESTIMATE} --reason 'another root finder'"));
    assert_eq!(said.code, 0, "{}", said.stderr);
    let after = desk.read("snapshots/neck.toml");
    let head = format!("[quantity.\"{ESTIMATE}\"]\n");
    let block = after.split_once(&head).unwrap().1.split_once("\n\n").unwrap().0;
    assert!(block.starts_with("date = \"2025-11-26\"\nreason = \"another root finder\"\ntool_version = \""), "{block}");
    let original = before.split_once(&head).unwrap().1.lines().next().unwrap();
    assert!(block.ends_with(original), "{block}");
    // The other waits still.
    assert_eq!(linger(&desk, "test").code, 1);
    let said = linger(&desk, "snapshot accept 'neck/ndi.*' --reason 'the same'");
    assert_eq!(said.code, 0, "{}", said.stderr);
    assert_eq!(linger(&desk, "test").code, 0);
    assert!(!desk.path("linger-out/new").exists());
    let shown = linger(&desk, &format!("snapshot show neck/{ESTIMATE}"));
    assert_kept("guard-show", &shown.whole());
}

#[test]
fn a_reason_is_needed_and_an_id_that_does_not_wait_is_named() {
    let desk = kept();
    put_fault(&desk, "snapshots/neck.toml", ESTIMATE, 1e-3);
    linger(&desk, "test");
    for arguments in ["snapshot accept x", "snapshot accept x --reason ' '", "snapshot new --reason ''", "snapshot new"]
    {
        assert_eq!(linger(&desk, arguments).code, 2, "{arguments}");
    }
    let said = linger(&desk, "snapshot accept bothersomeness.wk10.massage-book.estimat --reason x");
    assert_eq!(said.code, 2);
    assert!(said.stderr.contains(&format!("did you mean {ESTIMATE}?")), "{}", said.stderr);
    // An end of the answers, or no terminal to answer in, accepts nothing.
    let said = linger(&desk, "snapshot review");
    assert_eq!((said.code, said.stderr.contains("a review needs a terminal")), (2, true), "{}", said.stderr);
}

#[test]
fn what_is_kept_is_never_changed_in_continuous_integration() {
    let desk = kept();
    put_fault(&desk, "snapshots/neck.toml", ESTIMATE, 1e-3);
    linger(&desk, "test");
    let before = desk.read("snapshots/neck.toml");
    for what in ["new neck --reason x", "accept '*' --reason x", "review"] {
        for ci in ["true", "1", "yes"] {
            let said = desk.linger_with(&format!("snapshot {what}"), &[("CI", ci)]);
            assert_eq!(said.code, 2, "{what}");
            assert!(
                said.stderr.contains("CI is set") && said.stderr.contains("nothing was written"),
                "{}",
                said.stderr
            );
        }
    }
    assert_eq!(desk.linger_with("test", &[("CI", "true")]).code, 1);
    assert_eq!(desk.read("snapshots/neck.toml"), before);
    // Looking is allowed.
    assert_eq!(desk.linger_with("snapshot list", &[("CI", "true")]).code, 0);
}

#[test]
fn cases_that_are_kept_are_left_alone_unless_they_are_named() {
    let desk = kept();
    put_fault(&desk, "snapshots/neck.toml", ESTIMATE, 1e-3);
    let before = desk.read("snapshots/neck.toml");
    let said = linger(&desk, "snapshot new --reason 'again'");
    assert_eq!((said.code, said.stderr.contains("nothing to do")), (0, true), "{}", said.stderr);
    assert_eq!(desk.read("snapshots/neck.toml"), before);
    assert_eq!(linger(&desk, "snapshot new neck --reason 'again'").code, 0);
    assert!(desk.read("snapshots/neck.toml").contains("reason = \"again\""));
    assert_eq!(linger(&desk, "test").code, 0);
}

#[test]
fn cases_are_listed_with_what_is_kept_of_them() {
    let desk = kept();
    std::fs::remove_file(desk.path("snapshots/data.toml")).unwrap();
    put_fault(&desk, "snapshots/neck.toml", ESTIMATE, 1e-3);
    linger(&desk, "test");
    assert_kept("guard-list", &linger(&desk, "snapshot list").whole());
    let document: Value = serde_json::from_str(&linger(&desk, "snapshot list -q --format json").fine()).unwrap();
    assert_eq!(document["results"][0]["waiting"], 1);
    assert_eq!(document["results"][1]["values"], Value::Null);
}

#[test]
fn a_day_that_is_none_is_refused() {
    let desk = kept();
    let said = desk.linger_with("snapshot new neck --reason x", &[("CI", ""), ("SOURCE_DATE_EPOCH", "yesterday")]);
    assert_eq!(
        (said.code, said.stderr.contains("SOURCE_DATE_EPOCH is not a number of seconds")),
        (2, true),
        "{}",
        said.stderr
    );
}

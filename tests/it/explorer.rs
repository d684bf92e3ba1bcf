//! The explorer: one offline page, its words, what it starts from, and the verb that writes it.

use linger::lesson::{EXPLORER_WORDS_FILE, Explored, ExplorerWords, explorer};
use linger::scenario::{Override, Source, built_in, built_in_list, read};
use serde_json::Value;

use super::program::{Desk, assert_kept};

fn page_of(source: &Source, set: &[&str], name: &str, built_in: bool) -> String {
    let overrides: Vec<Override> = set.iter().map(|own| Override::new(*own)).collect();
    let loaded = read(source.clone(), &overrides).unwrap();
    let set = set.iter().map(|own| (*own).to_owned()).collect();
    let explored = Explored { loaded: &loaded, source, set, name, built_in };
    explorer(&explored, &ExplorerWords::built_in()).unwrap()
}

fn data(page: &str) -> Value {
    let (_, rest) = page.split_once("<script type=\"application/json\" id=\"explorer-data\">").unwrap();
    serde_json::from_str(rest.split_once("</script>").unwrap().0).unwrap()
}

/// The explorer's scripts, as they are written.
fn scripts() -> String {
    let folder = "src/lesson/explorer";
    let mut text = String::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_some_and(|own| own == "js") {
            text.push_str(&std::fs::read_to_string(path).unwrap());
        }
    }
    text
}

#[test]
fn the_page_is_one_file_under_a_megabyte_that_fetches_nothing() {
    let page = page_of(&built_in("chronic-low-back-pain").unwrap(), &[], "chronic-low-back-pain", true);
    assert!(page.len() < 1_000_000, "{} bytes", page.len());
    assert!(page.contains("default-src 'none'"));
    for fetched in [" src=", "@import", "url(http", "<link ", "fetch(", "XMLHttpRequest", "https://"] {
        assert!(!page.contains(fetched), "{fetched}");
    }
    assert_eq!(page.matches("<script").count(), page.matches("</script>").count());
}

#[test]
fn it_starts_from_what_was_named_and_offers_every_built_in_scenario() {
    let of_built_in = data(&page_of(&built_in("no-fade").unwrap(), &[], "no-fade", true));
    let starts = of_built_in["starts"].as_array().unwrap();
    assert_eq!(starts.len(), built_in_list().len());
    assert_eq!(starts[0]["shipped"], "no-fade");

    let set = ["arms.relaxation.sessions=6"];
    let of_changed = data(&page_of(&built_in("plain").unwrap(), &set, "plain", true));
    assert_eq!(of_changed["starts"][0]["id"], "own");
    assert_eq!(of_changed["starts"][0]["shipped"], "plain");
    assert_eq!(of_changed["starts"][0]["set"][0], set[0]);

    let mine = built_in("plain").unwrap().text().replace("title = \"", "title = \"</script> & ");
    let of_file = page_of(&Source::new("mine.toml", mine.clone()), &[], "mine.toml", false);
    let start = data(&of_file)["starts"][0].clone();
    assert_eq!((start["scenario"].as_str(), start["name"].as_str()), (Some(mine.as_str()), Some("mine.toml")));
    assert!(of_file.contains("&lt;&#x2f;script&gt; &amp;"));
}

#[test]
fn every_word_that_a_script_names_is_there_and_every_word_is_named() {
    let words = ExplorerWords::built_in();
    let scripts = scripts();
    let mut named: Vec<&str> = Vec::new();
    for quote in ["word(\"", "word(`"] {
        let after = scripts.split(quote).skip(1);
        named.extend(after.filter_map(|rest| rest.split(['"', '`']).next()).filter(|key| !key.contains('$')));
    }
    assert!(named.len() > 40);
    for key in named {
        assert!(!words.get(key).is_empty(), "no word {key}");
    }
    let template = std::fs::read_to_string("src/lesson/explorer/explorer.html").unwrap();
    let page = std::fs::read_to_string("src/lesson/explorer/mod.rs").unwrap();
    for line in EXPLORER_WORDS_FILE.lines().filter(|line| !line.starts_with('#')) {
        let Some((key, _)) = line.split_once(" = \"") else { continue };
        assert!([&scripts, &template, &page].iter().any(|text| text.contains(key)), "nothing uses {key}");
    }
}

#[test]
fn words_of_ones_own_keep_keys_and_places() {
    let own = EXPLORER_WORDS_FILE.replace("heading = \"What if?\"", "heading = \"Was wäre, wenn?\"");
    let words = ExplorerWords::read(&Source::new("de.toml", own)).unwrap();
    assert_eq!(words.get("page.heading"), "Was wäre, wenn?");
    let broken = EXPLORER_WORDS_FILE
        .replace("heading = ", "headng = ")
        .replace("{n} sessions, {every} apart", "{n} sessions, {evry} apart");
    let problems = ExplorerWords::read(&Source::new("de.toml", broken)).unwrap_err();
    let texts: Vec<String> = problems.iter().map(|own| own.message.clone()).collect();
    assert_eq!(
        texts,
        [
            "`page.heading` is missing",
            "unknown key `page.headng`",
            "there is no place `{evry}` in `say.n_sessions`",
            "`say.n_sessions` has lost its place {every}",
        ]
    );
}

#[test]
fn the_verb_writes_the_page_or_the_words_or_says_why_not() {
    let desk = Desk::new();
    let said = desk.linger("explore plain -s arms.relaxation.sessions=6 -o explore.html");
    assert_eq!(said.code, 0, "{}", said.stderr);
    assert_eq!(data(&desk.read("explore.html"))["starts"][0]["id"], "own");
    let words = desk.linger("explore --write-words my.toml");
    assert_eq!((words.code, desk.read("my.toml").as_str()), (0, EXPLORER_WORDS_FILE));
    assert_eq!(desk.linger("explore --words my.toml -o b.html").code, 0);
    for (name, arguments) in [
        ("explore-refused", "explore plain -o explore.txt"),
        ("explore-words-refused", "explore plain --write-words other.toml"),
        ("explore-problem", "explore plain -s arms.relaxtion.sessions=6 -o c.html"),
    ] {
        assert_kept(name, &desk.linger(arguments).whole());
    }
    assert_eq!(desk.files(".").len(), 3);
}

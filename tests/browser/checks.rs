//! What every page must be: readable at any width in both looks, well built, with a name for every control, and silent towards networks.

use std::path::Path;

use serde_json::{Value, json};

use super::page::Page;

/// The checks that run in the page.
const CHECKS: &str = include_str!("checks.js");
/// axe-core 4.14.1 by Deque Systems, under the Mozilla Public License 2.0 (`axe/LICENSE`), as it was published.
const AXE: &str = include_str!("axe/axe.min.js");

/// Roles of what a reader acts upon or must be told of: each needs a name.
const NAMED: [&str; 15] = [
    "button",
    "link",
    "slider",
    "textbox",
    "searchbox",
    "checkbox",
    "radio",
    "combobox",
    "spinbutton",
    "switch",
    "tab",
    "menuitem",
    "img",
    "image",
    "listbox",
];

/// Fails with everything that is wrong with a file's page, in wide and narrow windows, light and dark, once an expression is true.
/// Returns the page, wide and light, for what else is to be tried; `None` where there is no browser.
pub fn sound(file: &Path, ready: &str) -> Option<Page> {
    let mut page = Page::open(file, 1280)?;
    page.until(ready);
    let mut wrong = Vec::new();
    for scheme in ["light", "dark"] {
        page.prefer(scheme);
        for width in [1280, 400] {
            page.resize(width);
            wrong.extend(problems(&mut page).into_iter().map(|problem| format!("{scheme}, {width}: {problem}")));
        }
    }
    page.prefer("light");
    page.resize(1280);
    wrong.extend(page.complaints());
    if let Some(folder) = std::env::var_os("LINGER_PHOTOGRAPHS") {
        let name = file.file_stem().unwrap().to_string_lossy().into_owned();
        page.photograph(&Path::new(&folder).join(format!("{name}-1280.png")));
        page.resize(400);
        page.photograph(&Path::new(&folder).join(format!("{name}-400.png")));
        page.prefer("dark");
        page.photograph(&Path::new(&folder).join(format!("{name}-dark.png")));
        page.prefer("light");
        page.resize(1280);
    }
    assert!(wrong.is_empty(), "{}:\n{}", file.display(), wrong.join("\n"));
    Some(page)
}

/// What is wrong with a page as it stands now.
pub fn problems(page: &mut Page) -> Vec<String> {
    let mut wrong = readable(page);
    wrong.extend(without_a_name(page));
    wrong.extend(by_axe(page));
    wrong
}

/// What is wrong with a page by our own checks, the quick ones.
pub fn readable(page: &mut Page) -> Vec<String> {
    page.rest();
    page.value(CHECKS);
    let mut wrong = Vec::new();
    for check in ["overlaps", "cut", "contrast", "tiny", "structure"] {
        let found = page.value(&format!("__checks.{check}()"));
        let found = found.as_array().cloned().unwrap_or_default();
        wrong.extend(found.iter().take(12).map(|problem| format!("{check}: {}", problem.as_str().unwrap_or_default())));
        if found.len() > 12 {
            wrong.push(format!("{check}: and {} more", found.len() - 12));
        }
    }
    wrong
}

/// Controls and pictures that a screen reader could not name.
fn without_a_name(page: &mut Page) -> Vec<String> {
    let tree = page.call("Accessibility.getFullAXTree", json!({}));
    let nodes = tree["nodes"].as_array().cloned().unwrap_or_default();
    let is_nameless = |node: &&Value| {
        let role = node["role"]["value"].as_str().unwrap_or_default();
        let name = node["name"]["value"].as_str().unwrap_or_default();
        node["ignored"] != json!(true) && NAMED.contains(&role) && name.trim().is_empty()
    };
    nodes.iter().filter(is_nameless).map(|node| format!("a {} has no name", node["role"]["value"])).collect()
}

/// What axe-core finds.
fn by_axe(page: &mut Page) -> Vec<String> {
    page.value(&format!("if (!window.axe) {{ {AXE} }}; true"));
    let found = page.value(
        "axe.run(document, { resultTypes: ['violations'] }).then(result => result.violations.map(own => \
         `axe ${own.id}: ${own.help}: ${own.nodes.slice(0, 3).map(node => node.target.join(' ') + ' ' + (node.failureSummary ?? '').replace(/\\s+/g, ' ').slice(0, 160)).join('; ')}`))",
    );
    found.as_array().into_iter().flatten().filter_map(|own| own.as_str().map(str::to_owned)).collect()
}

/// The checks catch what they are for: a page with every fault.
#[test]
fn the_checks_find_every_fault() {
    if !super::chromium::is_there() {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("faults.html");
    let faults = "<!doctype html><title></title><body style='margin:0'>\
        <h1>One</h1><h3 id=a>Three</h3><p id=a style='color:#aaa'>pale</p>\
        <div style='position:absolute;top:200px'>first words</div><div style='position:absolute;top:202px'>other words</div>\
        <div style='width:2000px'>wide</div><button></button><img src='https://example.org/x.png'>\
        <svg width=100 height=40><text y=20 style='font-size:5px'>tiny</text></svg><a href='#nowhere'>link</a>\
        <script>console.error('a word'); undefinedThing();</script>";
    std::fs::write(&file, faults).unwrap();
    let Some(mut page) = Page::open(&file, 400) else { return };
    let mut found = problems(&mut page);
    found.extend(page.complaints());
    let found = found.join("\n");
    for fault in [
        "overlaps: \"first words\" and \"other words\"",
        "cut: the page is",
        "contrast: \"pale\"",
        "tiny: \"tiny\"",
        "the id a stands there twice",
        "#nowhere",
        "does not say its language",
        "has no title",
        "0 main parts",
        "is of level 3 after one of level 1",
        "fetched from https://example.org",
        "a \"button\" has no name",
        "axe ",
        "console: ",
        "exception: ",
        "asked a network for https://example.org/x.png",
    ] {
        assert!(found.contains(fault), "{fault} was not found among\n{found}");
    }
}

//! The explorer: sliders by mouse and keyboard, presets, a link that brings everything back, and a command with the same numbers.

use std::path::PathBuf;
use std::process::Command;
use std::sync::OnceLock;

use serde_json::{Value, json};

use super::checks::{problems, readable, sound};
use super::page::Page;
use super::report::written;

/// The file of the explorer, written once; `None` where there is no browser to open it.
fn file() -> Option<&'static PathBuf> {
    static WRITTEN: OnceLock<(tempfile::TempDir, PathBuf)> = OnceLock::new();
    if !super::chromium::is_there() {
        return None;
    }
    let (_, file) = WRITTEN.get_or_init(|| {
        let folder = tempfile::tempdir().unwrap();
        let file = written(folder.path(), "explorer.html", &["explore", "chronic-low-back-pain"]);
        (folder, file)
    });
    Some(file)
}

fn opened() -> Option<Page> {
    let mut page = Page::open(file()?, 1280)?;
    page.prefer("light");
    ready(&mut page);
    Some(page)
}

/// Whether the page has answered all that was asked of it.
const READY: &str = "!document.getElementById('explorer').hidden && document.querySelector('#sessions .scroll td') \
    && !document.getElementById('main').hasAttribute('aria-busy')";

/// Waits until the page has answered.
fn ready(page: &mut Page) {
    page.until(READY);
    page.settle();
}

/// What the page says in words, and the numbers behind its first figure.
fn said(page: &mut Page) -> String {
    page.text("document.getElementById('say').textContent + document.querySelector('#difference .scroll').textContent")
}

/// Waits for other words than before.
fn otherwise(page: &mut Page, before: &str) {
    let now = "document.getElementById('say').textContent + document.querySelector('#difference .scroll').textContent";
    page.until(&format!("{now} !== {}", json!(before)));
    // The last answer of several.
    std::thread::sleep(std::time::Duration::from_millis(600));
    page.settle();
}

/// What the page says of settings that the program refuses, if it does.
fn refusal(page: &mut Page) -> Option<String> {
    let said =
        page.text("document.getElementById('problems').hidden ? '' : document.getElementById('problems').textContent");
    let said = said.split_whitespace().collect::<Vec<_>>().join(" ");
    (!said.is_empty()).then_some(said)
}

#[test]
fn the_explorer_is_sound_as_it_opens_and_with_everything_in_it() {
    let Some(file) = file() else { return };
    let Some(mut page) = sound(file, READY) else { return };
    // One trial and several are simulated; every table is open.
    for (button, result) in [("trial", "difference"), ("replicates", "power")] {
        page.click(&format!("[data-do={button}]"));
        page.until(&format!("document.querySelector('#{result} .result').textContent"));
    }
    page.value("document.querySelectorAll('details').forEach(own => { own.open = true; })");
    let mut wrong = Vec::new();
    for width in [1280, 400] {
        page.resize(width);
        wrong.extend(problems(&mut page).into_iter().map(|own| format!("{width}: {own}")));
    }
    wrong.extend(page.complaints());
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn both_ends_of_every_slider_are_answered() {
    let Some(mut page) = opened() else { return };
    let sliders = page.value("[...document.querySelectorAll('#controls input[type=range]')].map(own => own.id)");
    let sliders: Vec<&str> = sliders.as_array().unwrap().iter().filter_map(Value::as_str).collect();
    assert!(sliders.len() > 8, "{sliders:?}");
    let mut wrong = Vec::new();
    for slider in sliders {
        for key in ["Home", "End"] {
            page.focus(&format!("#{slider}"));
            page.press(key);
            page.until("!document.getElementById('main').hasAttribute('aria-busy')");
            wrong.extend(refusal(&mut page).map(|own| format!("{slider}, {key}: {own}")));
        }
        page.click(&format!(".control:has(#{slider}) .dot"));
        page.until("!document.getElementById('main').hasAttribute('aria-busy')");
    }
    wrong.extend(page.complaints());
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn sliders_move_by_mouse_and_by_keyboard_and_the_link_brings_them_back() {
    let Some(mut page) = opened() else { return };
    let values = "[...document.querySelectorAll('#controls input')].map(e => e.value).join(' | ')";
    let begin = page.text(values);
    let slider = "#controls input[type=range]";
    for way in ["ArrowRight", "PageUp", "Home", "mouse"] {
        let before = said(&mut page);
        match way {
            "mouse" => page.drag(slider, (30.0, 0.0)),
            key => {
                page.focus(slider);
                page.press(key);
            }
        }
        otherwise(&mut page, &before);
    }
    // An exact number is typed.
    let before = said(&mut page);
    page.fill("#controls .box", "7");
    otherwise(&mut page, &before);
    let moved = page.text(values);
    assert_ne!(begin, moved);
    let (words, address) = (said(&mut page), page.text("location.href"));
    page.go("about:blank");
    page.go(&address);
    ready(&mut page);
    assert_eq!(page.text(values), moved);
    assert_eq!(said(&mut page), words);
    page.click("#reset-all");
    otherwise(&mut page, &words);
    assert_eq!(page.text(values), begin);
    assert_eq!(page.complaints(), [""; 0]);
}

#[test]
fn presets_are_chosen_by_keyboard() {
    let Some(mut page) = opened() else { return };
    let title = "document.getElementById('title').textContent";
    let before = page.text(title);
    page.focus("#from");
    page.press("ArrowDown");
    page.until(&format!("{title} !== {}", json!(before)));
    ready(&mut page);
    assert_eq!(page.complaints(), [""; 0]);
}

#[test]
fn every_preset_is_answered_and_readable() {
    let Some(mut page) = opened() else { return };
    let starts = page.value("[...document.querySelectorAll('#from option')].map(own => own.value)");
    let starts: Vec<&str> = starts.as_array().unwrap().iter().filter_map(Value::as_str).collect();
    assert!(starts.len() > 5, "{starts:?}");
    let mut wrong = Vec::new();
    for start in starts {
        page.value(&format!(
            "(() => {{ const from = document.getElementById('from'); from.value = {}; from.dispatchEvent(new Event('change')); }})()",
            json!(start)
        ));
        page.until("!document.getElementById('main').hasAttribute('aria-busy')");
        wrong.extend(refusal(&mut page).map(|own| format!("{start}: {own}")));
        for width in [1280, 400] {
            page.resize(width);
            let found = readable(&mut page);
            wrong.extend(found.into_iter().map(|own| format!("{start}, {width}: {own}")));
        }
    }
    wrong.extend(page.complaints());
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn the_command_gives_the_numbers_of_the_page() {
    let Some(mut page) = opened() else { return };
    let before = said(&mut page);
    page.focus("#controls input[type=range]");
    page.press("PageUp");
    otherwise(&mut page, &before);
    page.value("navigator.clipboard.writeText = text => { window.copied = text; return Promise.resolve(); }");
    page.click("[data-do=command]");
    page.until("window.copied");
    let command = page.text("window.copied");
    let settings = command.strip_prefix("linger trial ").unwrap_or_else(|| panic!("{command}"));
    // The command runs as it stands, in a shell.
    let run = |arguments: &str| {
        let program = env!("CARGO_BIN_EXE_linger");
        let output = Command::new("sh").arg("-c").arg(format!("'{program}' {arguments}")).output().unwrap();
        assert!(output.status.success(), "{arguments}: {}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).unwrap()
    };
    assert!(!run(&format!("trial {settings} -q")).is_empty());
    // Differences of the first figure: week, arm and amount.
    let rows = page.value(
        "[...document.querySelectorAll('#difference .scroll tr')].slice(1).map(row => [...row.cells].map(cell => cell.textContent))",
    );
    let labels = run(&format!("trial {settings} -q --format csv"));
    assert!(labels.contains("relaxation - usual_care"), "{labels}");
    let mut compared = 0;
    for row in rows.as_array().unwrap() {
        let cell = |place: usize| row[place].as_str().unwrap_or_default().to_owned();
        let Some(week) = cell(0).strip_prefix("week ").map(str::to_owned) else { continue };
        let arm = if cell(1).starts_with("Relaxation") { "relaxation" } else { "structural" };
        let (scenario, sets) = settings.split_once(' ').unwrap();
        let told = run(&format!("explain {arm} --scenario {scenario} {sets} --week {week} -q --format json"));
        let told: Value = serde_json::from_str(&told).unwrap();
        let told = told["difference"].as_f64().unwrap();
        let shown: f64 = cell(2).replace('\u{2212}', "-").trim_start_matches('+').parse().unwrap();
        let decimals = cell(2).split('.').nth(1).map_or(0, str::len);
        let half = 0.5 * 10f64.powi(-(decimals as i32)) + 1e-9;
        // A benefit is shown with its sign or without it.
        let apart = (told - shown).abs().min((told + shown).abs());
        assert!(apart <= half, "{arm}, week {week}: the page shows {shown}, the program says {told}");
        compared += 1;
    }
    assert!(compared >= 4, "{rows}");
    assert_eq!(page.complaints(), [""; 0]);
}

//! The report of `linger report`: sound, its tables there to be taken as CSV, its look switched by mouse and by keyboard.

use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::json;

use super::checks::sound;

/// Writes a page with the program, into a folder.
pub fn written(folder: &Path, name: &str, arguments: &[&str]) -> PathBuf {
    let file = folder.join(name);
    let said =
        Command::new(env!("CARGO_BIN_EXE_linger")).args(arguments).arg("-q").arg("-o").arg(&file).output().unwrap();
    assert!(said.status.success(), "{}", String::from_utf8_lossy(&said.stderr));
    file
}

/// What the program answers as CSV: the heading and the rows.
pub fn rows(text: &str) -> Vec<Vec<String>> {
    let row = |line: &str| {
        let (mut cells, mut is_quoted) = (vec![String::new()], false);
        for letter in line.chars() {
            match letter {
                '"' => is_quoted = !is_quoted,
                ',' if !is_quoted => cells.push(String::new()),
                other => cells.last_mut().unwrap().push(other),
            }
        }
        cells
    };
    text.lines().map(row).collect()
}

#[test]
fn the_report_is_sound_and_its_tables_can_be_taken() {
    if !super::chromium::is_there() {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let file = written(folder.path(), "report.html", &["report", "small-pilot", "--replicates", "0"]);
    let Some(mut page) = sound(&file, "document.readyState === 'complete'") else { return };
    // Every link that saves a file holds a table: a heading, rows as long as it.
    // The page may not fetch even these (its Content-Security-Policy), so that they are read as text.
    let links = page.value(
        "[...document.querySelectorAll('a[download]')].map(link => [link.download, link.href.startsWith('data:'), \
         decodeURIComponent(link.href.slice(link.href.indexOf(',') + 1))])",
    );
    let links = links.as_array().unwrap().clone();
    assert!(links.len() > 3, "{links:?}");
    let mut n_tables = 0;
    for link in &links {
        assert_eq!(link[1], json!(true), "{}", link[0]);
        let (name, text) = (link[0].as_str().unwrap(), link[2].as_str().unwrap());
        if name.ends_with(".csv") {
            n_tables += 1;
            let rows = rows(text);
            assert!(rows.len() > 1 && rows[0].len() > 1, "{name}: {text}");
            assert!(rows.iter().all(|row| row.len() == rows[0].len()), "{name}: {text}");
        }
    }
    assert!(n_tables > 2, "{links:?}");
    // The contrasts on the page are those of the program, to the seven significant digits that files in the page have.
    let trial = Command::new(env!("CARGO_BIN_EXE_linger"))
        .args(["trial", "small-pilot", "-q", "--format", "csv"])
        .output()
        .unwrap();
    let trial = rows(&String::from_utf8(trial.stdout).unwrap());
    let estimate = trial[0].iter().position(|heading| heading == "estimate").unwrap();
    let forest = links.iter().find(|link| link[0] == "forest.csv").and_then(|link| link[2].as_str());
    let forest = rows(forest.unwrap_or_else(|| panic!("{links:?}")));
    let column = forest[0].iter().position(|heading| heading == "estimate").unwrap();
    let rounded = |text: &str| text.parse::<f64>().map(|number| format!("{number:.6e}"));
    let shown: Vec<_> = forest[1..].iter().filter_map(|row| rounded(&row[column]).ok()).collect();
    for row in &trial[1..] {
        let told = rounded(&row[estimate]).unwrap();
        assert!(shown.contains(&told), "{told} is not among {shown:?}");
    }
}

#[test]
fn the_look_of_the_report_is_switched_by_mouse_and_by_keyboard() {
    if !super::chromium::is_there() {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let file = written(folder.path(), "report.html", &["report", "small-pilot", "--replicates", "0"]);
    let Some(mut page) = super::page::Page::open(&file, 1280) else { return };
    page.prefer("light");
    let ground = |page: &mut super::page::Page| page.text("getComputedStyle(document.body).backgroundColor");
    let light = ground(&mut page);
    page.click("button.look");
    let dark = ground(&mut page);
    assert_ne!(light, dark);
    page.focus("button.look");
    page.press("Enter");
    assert_eq!(ground(&mut page), light);
    page.press(" ");
    assert_eq!(ground(&mut page), dark);
    // The keyboard reaches the switch and every link.
    let stops = page.tab_stops(80);
    assert!(stops.iter().any(|stop| stop.contains("look")) && stops.len() > 5, "{stops:?}");
    assert_eq!(page.complaints(), [""; 0]);
}

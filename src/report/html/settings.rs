//! The settings that differ from a scenario that is shipped: from the one that is nearest.

use super::Subject;
use super::parts::{Block, Cell, Section, Table};
use crate::scenario::{Change, Setting, built_in_list, changes, read, settings_text};

/// The scenario that others are held against where they are themselves shipped.
const EXAMPLE: &str = "chronic-low-back-pain";
/// So many settings are shown at once; more are shown when asked for.
const FEW: usize = 25;

/// The section; none for real data.
pub(super) fn section(subject: Subject<'_>) -> Option<Section> {
    if subject.settings.is_empty() {
        return None;
    }
    let mut blocks = Vec::new();
    match nearest(subject.settings) {
        Some((name, changed)) if changed.is_empty() => {
            blocks.push(Block::text(format!("None: this is the shipped scenario {name} as it is.")));
        }
        Some((name, changed)) => {
            let n = changed.len();
            let plural = if n == 1 { " differs" } else { "s differ" };
            blocks.push(Block::text(format!("{n} setting{plural} from the shipped scenario {name}.")));
            let table = Block::Table(table(name, &changed));
            blocks.push(if n > FEW { Block::more(format!("All {n}"), vec![table]) } else { table });
        }
        None => {}
    }
    let text = settings_text(subject.settings);
    blocks.push(Block::more("Every setting", vec![Block::Code { text: text.clone() }]));
    blocks.push(Block::Links {
        links: vec![crate::page::download("scenario.toml", "application/toml", &text, "Scenario (TOML)")],
    });
    Some(Section { id: "settings", heading: "Settings that differ from the example".to_owned(), blocks })
}

/// The shipped scenario from which the fewest settings differ, and which. A shipped one is held against the example.
fn nearest(settings: &[Setting]) -> Option<(&'static str, Vec<Change>)> {
    let differ = |name: &'static str, text: crate::scenario::Source| {
        let loaded = read(text, &[]).ok()?;
        let changed = changes(&loaded.settings, settings).into_iter().filter(Change::matters).collect::<Vec<_>>();
        Some((name, changed))
    };
    let all: Vec<(&str, Vec<Change>)> =
        built_in_list().iter().filter_map(|own| differ(own.name, own.source())).collect();
    let nearest = all.iter().min_by_key(|(_, changed)| changed.len())?;
    if nearest.1.is_empty() {
        return all.iter().find(|(name, _)| *name == EXAMPLE).cloned();
    }
    Some(nearest.clone())
}

fn table(name: &str, changed: &[Change]) -> Table {
    let columns = ["Setting".to_owned(), name.to_owned(), "here".to_owned()];
    let mut table = Table::new("Settings that differ", columns, 3);
    let value = |own: &Option<Setting>| own.as_ref().map_or_else(|| "not set".to_owned(), |own| own.shown.clone());
    for change in changed {
        table.row(vec![
            Cell::head(change.path.to_string()),
            Cell::words(value(&change.a)),
            Cell::words(value(&change.b)),
        ]);
    }
    table
}

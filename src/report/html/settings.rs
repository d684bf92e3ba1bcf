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
    let (own, nearest) = nearest(subject.settings);
    match nearest {
        Some((name, changed)) if changed.is_empty() => {
            blocks.push(Block::text(format!("None: this is the shipped scenario {name} as it is.")));
        }
        Some((name, changed)) => {
            let n = changed.len();
            let plural = if n == 1 { " differs" } else { "s differ" };
            let itself = own.map_or_else(String::new, |own| format!("This is the shipped scenario {own} as it is. "));
            blocks.push(Block::text(format!("{itself}{n} setting{plural} from the shipped scenario {name}.")));
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

/// A shipped scenario with what differs from it.
type FromShipped = (&'static str, Vec<Change>);

/// The shipped scenario that this is, if it is one, and the one to hold it against: the example for a shipped one, else the one from
/// which the fewest settings differ.
fn nearest(settings: &[Setting]) -> (Option<&'static str>, Option<FromShipped>) {
    let differ = |name: &'static str, text: crate::scenario::Source| {
        let loaded = read(text, &[]).ok()?;
        let changed = changes(&loaded.settings, settings).into_iter().filter(Change::matters).collect::<Vec<_>>();
        Some((name, changed))
    };
    let all: Vec<FromShipped> = built_in_list().iter().filter_map(|own| differ(own.name, own.source())).collect();
    match all.iter().min_by_key(|(_, changed)| changed.len()) {
        Some((own, changed)) if changed.is_empty() => {
            (Some(*own), all.iter().find(|(name, _)| *name == EXAMPLE).cloned())
        }
        fewest => (None, fewest.cloned()),
    }
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

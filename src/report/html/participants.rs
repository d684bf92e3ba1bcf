//! Who took part: the flow diagram with its counts, and the baseline table.

use super::figure_sheets;
use super::parts::{Block, Cell, Section, Table};
use super::pictures::Gallery;
use super::{ReportError, Subject};
use crate::dataset::{self, BaselineTable, BaselineValues, BaselineVariable, Summary};
use crate::plots;
use crate::report::figures;
use crate::report::numbers::{fixed, two_digits};
use crate::trial::{Layout, ParticipantFlow};

/// The section.
pub(super) fn section(subject: Subject<'_>, gallery: &mut Gallery) -> Result<Option<Section>, ReportError> {
    let trial = subject.trial;
    let layout = &*trial.data.layout;
    let flow = figures::flow(trial);
    let mut blocks = Vec::new();
    if let Some(replicate) = subject.replicate {
        blocks.push(Block::small(match subject.evaluated {
            Some(own) => format!(
                "From here to the responders: one of the {} simulated trials, replicate {replicate}, shown whole.",
                own.performance().n_replicates
            ),
            None => format!("One simulated trial, replicate {replicate}."),
        }));
    }
    let sheet = figure_sheets::flow(&flow);
    let words =
        "From top to bottom the stages of the trial; one column for each arm; numbers are participants.".to_owned();
    blocks.push(gallery.figure(&flow, plots::flow::draw, words, ("flow", &sheet))?);
    blocks.push(Block::more("The same in a table", vec![Block::Table(flow_table(layout, &flow.flow))]));
    blocks.push(Block::heading("Baseline"));
    let table = dataset::baseline_table(trial.data)?;
    blocks.push(Block::Table(baseline(
        layout,
        &table,
        "Baseline by arm: mean (SD), or number (per cent)",
        has_few_levels,
    )));
    let many: Vec<String> =
        table.variables.iter().filter(|own| !has_few_levels(own)).map(|own| own.label.clone()).collect();
    if !many.is_empty() {
        let rest = baseline(layout, &table, "Baseline by arm: number (per cent)", |own| !has_few_levels(own));
        blocks.push(Block::more(
            format!("Characteristics with many levels: {}", many.join(", ")),
            vec![Block::Table(rest)],
        ));
    }
    Ok(Some(Section { id: "participants", heading: "Who took part".to_owned(), blocks }))
}

fn flow_table(layout: &Layout, flow: &ParticipantFlow) -> Table {
    let visits = layout.visits.iter().map(|visit| format!("seen, {}", visit.label()));
    let columns = ["Arm".to_owned(), "randomised".to_owned()].into_iter().chain(visits);
    let mut table = Table::new("Participants by arm", columns, 1);
    for (arm, counts) in layout.arms.iter().zip(&flow.arms) {
        let mut row =
            vec![Cell::head(&arm.label), Cell::count(counts.randomised, format!("flow|{}|randomised", arm.name))];
        let seen = layout.visits.iter().zip(&counts.seen);
        row.extend(seen.map(|(visit, &n)| Cell::count(n, format!("flow|{}|seen|{}", arm.name, visit.week))));
        table.row(row);
    }
    table
}

/// A factor of more levels than these is shown when asked for.
const FEW_LEVELS: usize = 8;

fn has_few_levels(variable: &BaselineVariable) -> bool {
    match &variable.values {
        BaselineValues::Numeric { .. } => true,
        BaselineValues::Factor { levels, .. } => levels.len() <= FEW_LEVELS,
    }
}

/// What was measured before randomisation by arm. Nothing is tested: arms differ there by chance alone.
fn baseline(layout: &Layout, own: &BaselineTable, caption: &str, shown: fn(&BaselineVariable) -> bool) -> Table {
    let all: usize = own.n_participants.iter().sum();
    let arms = layout.arms.iter().zip(&own.n_participants).map(|(arm, n)| format!("{} (n\u{a0}=\u{a0}{n})", arm.label));
    let columns = ["Measured before randomisation".to_owned()]
        .into_iter()
        .chain(arms)
        .chain([format!("All (n\u{a0}=\u{a0}{all})")]);
    let mut table = Table::new(caption, columns, 1);
    let names: Vec<&str> = own.arms.iter().map(String::as_str).chain(["all"]).collect();
    for variable in own.variables.iter().filter(|own| shown(own)) {
        match &variable.values {
            BaselineValues::Numeric { by_arm, all } => {
                let decimals = all.sd.map_or(1, two_digits);
                let mut row = vec![Cell::head(&variable.label)];
                row.extend(by_arm.iter().chain([all]).zip(&names).map(|(summary, arm)| {
                    Cell::number(mean_and_sd(summary, decimals), format!("baseline|{}|{arm}|mean_sd", variable.name))
                }));
                table.row(row);
            }
            BaselineValues::Factor { levels, .. } => {
                for level in levels {
                    let mut row = vec![Cell::head(format!("{}: {}", variable.label, level.level))];
                    row.extend(level.by_arm.iter().chain([&level.all]).zip(&names).map(|(count, arm)| {
                        let text = match count.percent {
                            Some(percent) => format!("{} ({}%)", count.n, fixed(percent, 0)),
                            None => count.n.to_string(),
                        };
                        Cell::number(text, format!("baseline|{}|{arm}|n_percent|{}", variable.name, level.level))
                    }));
                    table.row(row);
                }
            }
        }
    }
    table
}

/// `10.6 (5.1)`; a dash where nobody was measured.
fn mean_and_sd(summary: &Summary, decimals: usize) -> String {
    match (summary.mean, summary.sd) {
        (Some(mean), Some(sd)) => format!("{} ({})", fixed(mean, decimals), fixed(sd, decimals)),
        (Some(mean), None) => fixed(mean, decimals),
        _ => "\u{2013}".to_owned(),
    }
}

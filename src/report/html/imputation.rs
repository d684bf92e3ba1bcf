//! What the missing scores could hide: how much is missing, the answers under other assumptions, and where conclusions change.

use super::differences::{contrast_words, key, p_cell, visit_words};
use super::parts::{Block, Cell, Section, Table};
use super::pictures::Gallery;
use super::{ReportError, Subject, figure_sheets, figure_words};
use crate::analysis::tipping::{TippingGrid, tipping};
use crate::analysis::{PooledRow, ResultRow, STEADY, pooled_rows, result_rows};
use crate::plots;
use crate::report::figures;
use crate::report::imputation_words;
use crate::report::method_words::Told;
use crate::report::numbers::{decimals, fixed, interval, level};
use crate::trial::OutcomeKind;

/// Deltas along each axis of the surface of a score, and of yes or no and counts, which are fitted by iteration at every point.
const N_DELTAS: [u16; 2] = [13, 7];

/// Everything about imputation; nothing of a plan that does not impute.
pub(super) fn section(subject: Subject<'_>, gallery: &mut Gallery) -> Result<Option<Section>, ReportError> {
    let trial = subject.trial;
    let Some(own) = &trial.plan.imputation else { return Ok(None) };
    let layout = &*trial.data.layout;
    let strategy = trial.plan.estimand.as_ref().and_then(|estimand| estimand.strategy);
    let mut blocks: Vec<Block> = Vec::new();
    for &outcome in &trial.plan.outcomes {
        let said =
            imputation_words::imputation(own, (strategy, trial.data.conduct.is_some()), layout, outcome, Told::Now)
                .join(" ");
        // Outcomes of one kind are imputed alike, which is said once.
        if !blocks.contains(&Block::text(said.as_str())) {
            blocks.push(Block::text(said));
        }
    }
    let results = result_rows(trial.plan, trial.data, trial.analysis);
    let pooled = pooled_rows(trial.plan, trial.data, trial.analysis);
    for &outcome in &trial.plan.outcomes {
        blocks.extend(assumptions(subject, &results, outcome).map(Block::Table));
    }
    if let Some(&outcome) = trial.plan.outcomes.first() {
        blocks.extend(surface(subject, gallery, outcome)?);
    }
    let tables: Vec<Block> = trial
        .plan
        .outcomes
        .iter()
        .filter_map(|&outcome| precision(subject, &pooled, outcome))
        .map(Block::Table)
        .collect();
    if !tables.is_empty() {
        blocks.push(Block::more("How much is missing, and whether there are enough imputations", tables));
    }
    Ok(Some(Section { id: "imputation", heading: "What the missing scores could hide".to_owned(), blocks }))
}

/// The contrasts at the last visit under the assumption of the plan and those of its sensitivity analyses.
fn assumptions(subject: Subject<'_>, results: &[ResultRow], outcome: usize) -> Option<Table> {
    let trial = subject.trial;
    let layout = &*trial.data.layout;
    let about = &layout.outcomes[outcome];
    let week = layout.visits.last()?.week;
    if trial.plan.sensitivity.is_empty() {
        return None;
    }
    let caption =
        format!("{}, {}: one question under other assumptions", about.label, visit_words(layout, Some(week), None));
    let level = level(trial.plan.alpha);
    let se = if trial.plan.measure().is_ratio() { "SE (log)" } else { "SE" };
    let columns = ["Assumption", "estimate", &format!("{level} CI"), se, "p", "adjusted p"].map(str::to_owned);
    let mut table = Table::new(caption, columns, 1);
    for &contrast in &trial.plan.contrasts {
        let name = layout.contrast_name(contrast);
        table.group(contrast_words(layout, &name));
        let is_own = |row: &&ResultRow| {
            row.outcome == about.name
                && row.contrast == name
                && row.visit_week == Some(week)
                && row.versus_week.is_none()
        };
        for row in results.iter().filter(is_own) {
            let plan = trial.plan.sensitivity.iter().find(|own| own.name == row.analysis).unwrap_or(trial.plan);
            let decimals = if plan.estimator.answers_in_ratios_or_shares() {
                2
            } else {
                decimals(trial.plan, layout, trial.analysis, outcome)
            };
            let label = if row.analysis == "main" { "main analysis".to_owned() } else { row.analysis.clone() };
            let ends = match (row.lower, row.upper) {
                (Some(low), Some(high)) => Cell::number(interval(low, high, decimals), key(row, "lower,upper")),
                _ => Cell::nothing(),
            };
            table.row(vec![
                Cell::head(label),
                Cell::fixed(row.estimate, decimals, key(row, "estimate")),
                ends,
                Cell::fixed(row.std_error, decimals + 1, key(row, "std_error")),
                p_cell(row.p_value, key(row, "p_value")),
                p_cell(row.adjusted_p_value, key(row, "adjusted_p_value")),
            ]);
        }
    }
    table.foot =
        "Adjusted p is that after the multiplicity rule of each analysis, by which conclusions are drawn.".to_owned();
    Some(table)
}

/// The tipping surface of an outcome at the last visit.
fn surface(subject: Subject<'_>, gallery: &mut Gallery, outcome: usize) -> Result<Vec<Block>, ReportError> {
    let trial = subject.trial;
    let layout = &*trial.data.layout;
    if matches!(layout.outcomes[outcome].kind, OutcomeKind::Ordinal { .. }) || trial.plan.contrasts.is_empty() {
        return Ok(Vec::new());
    }
    let n_deltas = N_DELTAS[usize::from(layout.outcomes[outcome].kind != OutcomeKind::Score)];
    let grid = TippingGrid::usual(trial.data, outcome, layout.visits.len() - 1, n_deltas);
    let found = tipping(trial.plan, trial.data, grid);
    let numbers = figures::tipping(trial.plan, layout, &found);
    let (words, sheet) = (figure_words::tipping(&numbers), figure_sheets::tipping(&numbers));
    let figure = gallery.figure(&numbers, plots::tipping::draw, words, ("tipping", &sheet))?;
    let sentences = figures::tipping_sentences(trial.plan, layout, &found);
    Ok(vec![
        figure,
        Block::more("Where conclusions change, in words", sentences.into_iter().map(Block::text).collect()),
    ])
}

/// What pooling over imputations found of each contrast.
fn precision(subject: Subject<'_>, pooled: &[PooledRow], outcome: usize) -> Option<Table> {
    let trial = subject.trial;
    let layout = &*trial.data.layout;
    let about = &layout.outcomes[outcome];
    let decimals = decimals(trial.plan, layout, trial.analysis, outcome);
    let columns =
        ["Comparison", "missing information", "Monte Carlo error", "relative efficiency", "enough imputations"];
    let caption = format!("{}: pooling over imputations", about.label);
    let mut table = Table::new(caption, columns.map(str::to_owned), 1);
    let mut last = None;
    let mut imputations = 0;
    for row in pooled.iter().filter(|row| row.outcome == about.name && row.analysis == "main") {
        imputations = row.imputations;
        if last.replace(row.visit_week) != Some(row.visit_week) {
            table.group(visit_words(layout, Some(row.visit_week), None));
        }
        let of =
            |what: &str| format!("pooled|{}|{}|{}|{}|{what}", row.analysis, row.outcome, row.visit_week, row.contrast);
        table.row(vec![
            Cell::head(contrast_words(layout, &row.contrast)),
            Cell::number(format!("{}%", fixed(100.0 * row.fraction_missing, 1)), of("fraction_missing")),
            Cell::fixed(Some(row.monte_carlo_error), decimals + 2, of("monte_carlo_error")),
            Cell::fixed(Some(row.relative_efficiency), 3, of("relative_efficiency")),
            Cell::fixed(Some(row.enough_imputations), 0, of("enough_imputations")),
        ]);
    }
    table.foot = format!(
        "{imputations} imputations. Monte Carlo error: by how much another set of imputations would move the estimate. Enough: so many that \
         it would move the standard error by some {} %.",
        fixed(100.0 * STEADY, 0)
    );
    (!table.groups.is_empty()).then_some(table)
}

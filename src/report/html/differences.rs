//! What was seen of one trial: means over time, differences between arms and how they fade, who responds.

use super::parts::{Block, Cell, Section, Table};
use super::pictures::Gallery;
use super::{ReportError, Subject, figure_sheets, figure_words};
use crate::analysis::{ResultRow, result_rows};
use crate::page::plain_name;
use crate::plots;
use crate::report::figures::{self, Drawn, cannot_draw};
use crate::report::method_words;
use crate::report::numbers::{decimals, fixed, interval, level, p_value};
use crate::report::words::{capital, sentence};
use crate::scenario::MultiplicityRule;
use crate::trial::{Layout, Measure};

/// Pictures are drawn of so many outcomes at most; tables of all.
const MOST_DRAWN: usize = 3;

/// Means of the arms over time.
pub(super) fn trajectories(subject: Subject<'_>, gallery: &mut Gallery) -> Result<Option<Section>, ReportError> {
    let trial = subject.trial;
    let layout = &*trial.data.layout;
    let mut blocks = Vec::new();
    if let Some(reason) = cannot_draw(trial.plan, Drawn::Means) {
        blocks.push(Block::small(format!("No picture of means: {reason}.")));
    } else {
        for &outcome in trial.plan.outcomes.iter().take(MOST_DRAWN) {
            let numbers = figures::trajectories(trial, outcome);
            let name = format!("means-{}", plain_name(&layout.outcomes[outcome].name));
            let words = figure_words::trajectories(&numbers);
            let sheet = figure_sheets::trajectories(&numbers);
            blocks.push(gallery.figure(&numbers, plots::trajectories::draw, words, (&name, &sheet))?);
        }
        blocks.extend(not_drawn(subject));
    }
    let tables: Vec<Block> =
        trial.plan.outcomes.iter().filter_map(|&outcome| adjusted_means(subject, outcome)).map(Block::Table).collect();
    if !tables.is_empty() {
        blocks.push(Block::more("Adjusted means in a table", tables));
    }
    Ok((!blocks.is_empty()).then(|| Section { id: "trajectories", heading: "How the arms fared".to_owned(), blocks }))
}

/// Which outcomes have tables alone.
fn not_drawn(subject: Subject<'_>) -> Option<Block> {
    let layout = &subject.trial.data.layout;
    let others: Vec<String> =
        subject.trial.plan.outcomes.iter().skip(MOST_DRAWN).map(|&own| layout.outcomes[own].label.clone()).collect();
    (!others.is_empty()).then(|| Block::small(format!("Not drawn here, and in the tables: {}.", others.join("; "))))
}

fn adjusted_means(subject: Subject<'_>, outcome: usize) -> Option<Table> {
    let trial = subject.trial;
    let layout = &*trial.data.layout;
    let about = &layout.outcomes[outcome];
    let heading = method_words::means(trial.plan, trial.data, outcome)?;
    let link = trial.plan.estimator.link()?;
    let decimals = decimals(trial.plan, layout, trial.analysis, outcome);
    let columns = ["Visit".to_owned()].into_iter().chain(layout.arms.iter().map(|arm| arm.label.clone()));
    let mut table = Table::new(format!("{}: {}", about.label, lower(&heading)), columns, 1);
    for fit in trial.analysis.fits.iter().filter(|fit| fit.outcome == outcome) {
        let week = layout.visits[fit.visit].week;
        let mut row = vec![Cell::head(layout.visits[fit.visit].label())];
        for (arm, mean) in layout.arms.iter().zip(&fit.adjusted_means) {
            row.push(match mean {
                Ok(own) => {
                    let [value, low, high] = [own.value, own.lower, own.upper].map(|end| link.mean(end));
                    let text = format!("{} ({})", fixed(value, decimals), interval(low, high, decimals));
                    Cell::number(text, format!("adjusted_means|{}|{week}|{}", about.name, arm.name))
                }
                Err(_) => Cell::nothing(),
            });
        }
        table.row(row);
    }
    (!table.groups.is_empty()).then_some(table)
}

fn lower(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map(|first| first.to_lowercase().chain(letters).collect()).unwrap_or_default()
}

/// Differences between arms, how they fade, and what they are made of.
pub(super) fn fade(subject: Subject<'_>, gallery: &mut Gallery) -> Result<Option<Section>, ReportError> {
    let trial = subject.trial;
    let layout = &*trial.data.layout;
    let rows = result_rows(trial.plan, trial.data, trial.analysis);
    let can_draw = cannot_draw(trial.plan, Drawn::Fade);
    let mut blocks = Vec::new();
    for (place, &outcome) in trial.plan.outcomes.iter().enumerate() {
        let about = &layout.outcomes[outcome];
        let name = plain_name(&about.name);
        blocks.push(Block::heading(&about.label));
        blocks.extend(sentence(trial.plan, layout, trial.analysis, outcome).map(Block::text));
        if can_draw.is_none() && place < MOST_DRAWN {
            let numbers = figures::fade(trial, outcome);
            let words = figure_words::fade(&numbers);
            let sheet = figure_sheets::fade(&numbers);
            blocks.push(gallery.figure(&numbers, plots::fade::draw, words, (&format!("fade-{name}"), &sheet))?);
        }
        blocks.push(Block::Table(contrasts(subject, &rows, outcome)));
        // What the scenario expects is explained once, by the first outcome: these are the largest pictures.
        if place == 0 {
            blocks.extend(expected(subject, gallery, outcome, &name)?);
        }
    }
    if let Some(reason) = can_draw {
        blocks.push(Block::small(format!("No picture of the fade: {reason}.")));
    }
    blocks.extend(sensitivity(subject, &rows));
    let outcomes: Vec<usize> = trial.plan.outcomes.iter().copied().take(MOST_DRAWN).collect();
    let forest = figures::forest(trial, &outcomes);
    let words = figure_words::forest(&forest);
    let sheet = figure_sheets::forest(&forest);
    let figure = gallery.figure(&forest, plots::forest::draw, words, ("forest", &sheet))?;
    blocks.push(Block::more("Every comparison in one picture", vec![figure]));
    Ok(Some(Section { id: "differences", heading: "Differences between arms, and how they fade".to_owned(), blocks }))
}

/// How the benefit builds up session by session, and why everybody improves: expected by the scenario.
fn expected(
    subject: Subject<'_>,
    gallery: &mut Gallery,
    outcome: usize,
    name: &str,
) -> Result<Option<Block>, ReportError> {
    let mut figures = Vec::new();
    if let Ok(numbers) = figures::dose(subject.trial, outcome) {
        let sheet = figure_sheets::dose(&numbers);
        let words = figure_words::dose(&numbers);
        figures.push(gallery.figure(&numbers, plots::dose::draw, words, (&format!("dose-{name}"), &sheet))?);
    }
    if let Ok(numbers) = figures::improve(subject.trial, outcome) {
        let sheet = figure_sheets::improve(&numbers);
        let words = figure_words::improve(&numbers);
        figures.push(gallery.figure(&numbers, plots::improve::draw, words, (&format!("improve-{name}"), &sheet))?);
    }
    let label = &subject.trial.data.layout.outcomes[outcome].label;
    let summary = format!("{label}: how the benefit builds up, and why everybody improves");
    Ok((!figures.is_empty()).then(|| Block::more(summary, figures)))
}

/// The key of a number of a result row.
pub(super) fn key(row: &ResultRow, what: &str) -> String {
    let week = |own: Option<f64>| own.map(|week| week.to_string()).unwrap_or_default();
    let (visit, versus) = (week(row.visit_week), week(row.versus_week));
    format!("results|{}|{}|{visit}|{versus}|{}|{what}", row.analysis, row.outcome, row.contrast)
}

/// Contrasts of the main analysis: at each visit, then between visits, then combinations.
fn contrasts(subject: Subject<'_>, rows: &[ResultRow], outcome: usize) -> Table {
    let trial = subject.trial;
    let layout = &*trial.data.layout;
    let plan = trial.plan;
    let about = &layout.outcomes[outcome];
    let measure = method_words::measure(plan.measure());
    let has_rule = plan.multiplicity != MultiplicityRule::None;
    let own = |row: &&ResultRow| row.analysis == "main" && row.outcome == about.name;
    let has_simultaneous = rows.iter().filter(own).any(|row| row.simultaneous_lower.is_some());
    let level = level(plan.alpha);
    let mut columns = vec!["Comparison".to_owned(), measure.to_owned(), format!("{level} CI")];
    columns.extend(has_simultaneous.then(|| format!("simultaneous {level} CI")));
    columns.extend(["SE", "p"].map(str::to_owned));
    columns.extend(has_rule.then(|| "adjusted\u{a0}p".to_owned()));
    columns.push("n".to_owned());
    let has_published = plan.responder(outcome).is_none() && plan.measure() == Measure::Difference;
    let published = |row: &ResultRow| {
        let found = trial.published.iter().find(|own| {
            own.outcome == row.outcome && Some(own.visit_week) == row.visit_week && own.contrast == row.contrast
        });
        found.filter(|_| has_published && row.versus_week.is_none())
    };
    let any_published = rows.iter().filter(own).any(|row| published(row).is_some());
    columns.extend(any_published.then(|| "published".to_owned()));
    let decimals = decimals(plan, layout, trial.analysis, outcome);
    let mut table = Table::new(format!("{}: every contrast of the plan", about.label), columns, 1);
    let mut last = None;
    for row in rows.iter().filter(own) {
        let place = (row.visit_week, row.versus_week);
        if last.replace(place) != Some(place) {
            table.group(visit_words(layout, row.visit_week, row.versus_week));
        }
        let mut cells = vec![Cell::head(contrast_words(layout, &row.contrast))];
        if let Some(reason) = &row.reason {
            cells.push(Cell::words(format!("none: {reason}")));
            cells.resize_with(table.columns.len(), Cell::default);
            table.row(cells);
            continue;
        }
        let ends = |low: Option<f64>, high: Option<f64>, of: &str| match (low, high) {
            (Some(low), Some(high)) => Cell::number(interval(low, high, decimals), key(row, of)),
            _ => Cell::nothing(),
        };
        cells.push(Cell::fixed(row.estimate, decimals, key(row, "estimate")));
        cells.push(ends(row.lower, row.upper, "lower,upper"));
        if has_simultaneous {
            cells.push(ends(row.simultaneous_lower, row.simultaneous_upper, "simultaneous_lower,simultaneous_upper"));
        }
        cells.push(Cell::fixed(row.std_error, decimals + 1, key(row, "std_error")));
        cells.push(p_cell(row.p_value, key(row, "p_value")));
        if has_rule {
            cells.push(p_cell(row.adjusted_p_value, key(row, "adjusted_p_value")));
        }
        cells.push(Cell::count(row.n, key(row, "n")));
        if any_published {
            let said =
                published(row).map(|own| format!("{} ({})", fixed(own.estimate, 1), interval(own.lower, own.upper, 1)));
            cells.push(said.map_or_else(Cell::nothing, |said| Cell::number(said, "")));
        }
        table.row(cells);
    }
    table.foot = match plan.multiplicity {
        MultiplicityRule::FisherLsd => format!(
            "Pairs count only where the test that all arms are equal has p below {} (Fisher's LSD); adjusted p says so in one number.",
            plan.alpha
        ),
        _ => method_words::multiplicity(plan, layout.arms.len()),
    };
    if plan.measure().is_ratio() {
        table.foot.push_str(" Standard errors are those of the logarithms.");
    }
    table
}

/// The same contrasts by the sensitivity analyses.
fn sensitivity(subject: Subject<'_>, rows: &[ResultRow]) -> Option<Block> {
    let trial = subject.trial;
    let layout = &*trial.data.layout;
    let mut tables = Vec::new();
    for plan in &trial.plan.sensitivity {
        let level = level(plan.alpha);
        let columns = [
            "Comparison".to_owned(),
            method_words::measure(plan.measure()).to_owned(),
            format!("{level} CI"),
            "p".to_owned(),
        ];
        let mut table = Table::new(
            format!("Sensitivity analysis: {} ({})", plan.name, method_words::name(plan.estimator)),
            columns,
            1,
        );
        let mut last = None;
        for row in rows.iter().filter(|row| row.analysis == plan.name) {
            let place = (row.outcome.as_str(), row.visit_week, row.versus_week);
            let outcome = layout.outcomes.iter().position(|own| own.name == row.outcome).unwrap_or(0);
            if last.replace(place) != Some(place) {
                table.group(format!(
                    "{}, {}",
                    layout.outcomes[outcome].label,
                    visit_words(layout, row.visit_week, row.versus_week)
                ));
            }
            let decimals = if plan.estimator.answers_in_ratios_or_shares() {
                2
            } else {
                decimals(trial.plan, layout, trial.analysis, outcome)
            };
            let ends = match (row.lower, row.upper) {
                (Some(low), Some(high)) => Cell::number(interval(low, high, decimals), key(row, "lower,upper")),
                _ => Cell::nothing(),
            };
            table.row(vec![
                Cell::head(contrast_words(layout, &row.contrast)),
                Cell::fixed(row.estimate, decimals, key(row, "estimate")),
                ends,
                p_cell(row.p_value, key(row, "p_value")),
            ]);
        }
        tables.push(Block::Table(table));
    }
    (!tables.is_empty()).then(|| Block::more("The same questions by other methods (sensitivity analyses)", tables))
}

pub(super) fn p_cell(p: Option<f64>, of: String) -> Cell {
    p.map_or_else(Cell::nothing, |p| Cell::number(p_value(p), of))
}

/// When something is about: at a visit, between two, over all; told in weeks.
pub(super) fn visit_words(layout: &Layout, visit: Option<f64>, versus: Option<f64>) -> String {
    let label = |week: f64| {
        let found = layout.visits.iter().find(|visit| visit.week == week);
        found.map_or_else(|| format!("week {week}"), |visit| visit.label())
    };
    match (visit, versus) {
        (Some(later), Some(earlier)) => format!("Change from {} to {}", label(earlier), label(later)),
        (Some(week), None) => capital(&label(week)),
        _ => "All visits".to_owned(),
    }
}

/// A contrast by the labels of its arms; a combination by its name.
pub(super) fn contrast_words(layout: &Layout, name: &str) -> String {
    let label = |name: &str| layout.arms.iter().find(|arm| arm.name == name).map(|arm| arm.label.clone());
    let pair = name.split_once(" - ").and_then(|(arm, versus)| Some((label(arm)?, label(versus)?)));
    pair.map_or_else(|| name.to_owned(), |(arm, versus)| format!("{arm} \u{2212} {versus}"))
}

/// Who responds.
pub(super) fn responders(subject: Subject<'_>, gallery: &mut Gallery) -> Result<Option<Section>, ReportError> {
    let trial = subject.trial;
    let layout = &*trial.data.layout;
    let visits: Vec<usize> = (1..layout.visits.len()).collect();
    let mut blocks = Vec::new();
    for &outcome in trial.plan.outcomes.iter().take(MOST_DRAWN) {
        let Ok(numbers) = figures::responders(trial, outcome, &visits) else { continue };
        let sheet = figure_sheets::responders(&numbers);
        let words = figure_words::responders(&numbers);
        let name = format!("responders-{}", plain_name(&layout.outcomes[outcome].name));
        blocks.push(gallery.figure(&numbers, plots::responders::draw, words, (&name, &sheet))?);
    }
    Ok((!blocks.is_empty()).then(|| Section { id: "responders", heading: "Who responds".to_owned(), blocks }))
}

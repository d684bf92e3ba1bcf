//! Tables for the terminal and for Markdown: how they look; contrasts, adjusted means, baseline.

use comfy_table::{Cell, CellAlignment, ColumnConstraint, ContentArrangement, LineStyle, Table, TableStyle, presets};
use unicode_width::UnicodeWidthStr;

use super::output::{prose, screen_width};

use crate::analysis::{self, Analysis, FitError, VisitFit};
use crate::dataset::{BaselineTable, BaselineValues, Summary};
use crate::report::figures::Analysed;
use crate::report::numbers::{decimals, fixed, interval, level, p_value, two_digits, unit};
use crate::scenario::{MultiplicityRule, Plan, PublishedContrast};
use crate::trial::{Contrast, Direction, Layout, Outcome, OutcomeKind, Visit};

/// What a table is drawn for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Look {
    /// A terminal or a text file.
    Terminal,
    /// A Markdown page.
    Markdown,
}

impl Look {
    /// An empty table with a heading; every column but the first `n_texts` is aligned to the right.
    pub fn table<T: Into<String>>(self, heading: Vec<T>, n_texts: usize) -> Sheet {
        let mut table = Table::new();
        match self {
            Self::Terminal => table.load_style(RULED),
            Self::Markdown => table.load_style(presets::ASCII_MARKDOWN),
        };
        table.set_content_arrangement(ContentArrangement::Disabled);
        let heading: Vec<String> = heading.into_iter().map(Into::into).collect();
        table.set_header(heading.iter().map(Cell::new));
        for column in table.column_iter_mut().skip(n_texts) {
            column.set_cell_alignment(CellAlignment::Right);
        }
        Sheet { table, look: self, droppable: Vec::new(), groups: Vec::new() }
    }

    /// An empty table whose rows come in groups (see [`Sheet::group`]); `of` says what a group is.
    pub fn grouped_table(self, of: &str, heading: Vec<String>, n_texts: usize) -> Sheet {
        match self {
            Self::Terminal => self.table(heading, n_texts),
            Self::Markdown => self.table([of.to_owned()].into_iter().chain(heading).collect(), n_texts + 1),
        }
    }

    /// A line above a table.
    pub fn title(self, text: &str) -> String {
        match self {
            Self::Terminal => prose(&format!("{text}\n")),
            Self::Markdown => format!("### {text}\n\n"),
        }
    }
}

/// A table being filled.
pub struct Sheet {
    table: Table,
    look: Look,
    /// Columns that a narrow terminal goes without, the first to go first.
    droppable: Vec<usize>,
    /// Groups with the number of rows above them.
    groups: Vec<(usize, String)>,
}

impl Sheet {
    /// Adds a row.
    pub fn row(&mut self, cells: Vec<String>) {
        match self.look {
            Look::Terminal => {
                let indent = if self.groups.is_empty() { "" } else { "  " };
                let line = cells.iter().map(|cell| cell.replace('\n', " ")).enumerate();
                self.table.add_row(line.map(|(i, cell)| if i == 0 { format!("{indent}{cell}") } else { cell }));
            }
            Look::Markdown => {
                let group = self.groups.last().map(|(_, group)| group.clone());
                let cells = group.into_iter().chain(cells);
                self.table.add_row(cells.map(|cell| cell.replace('|', "\\|").replace('\n', " ")));
            }
        }
    }

    /// Begins a group of rows: in a terminal a line above them, in Markdown the first cell of each.
    pub fn group(&mut self, name: &str) {
        self.groups.push((self.table.row_count(), name.to_owned()));
    }

    /// Names the columns that a narrow terminal goes without, the first to go first. Files and pipes get them all.
    pub fn drop_where_narrow(&mut self, columns: &[usize]) {
        self.droppable = columns.to_vec();
    }

    /// The table as text, ending in a line break.
    pub fn text(&self) -> String {
        self.shown().0
    }

    /// The table as text, and the columns it went without.
    fn shown(&self) -> (String, Vec<usize>) {
        let screen = (self.look == Look::Terminal).then(screen_width).flatten().unwrap_or(usize::MAX);
        let mut table = self.table.clone();
        let mut dropped = Vec::new();
        for &position in &self.droppable {
            if table.to_string().lines().all(|line| line.width() <= screen) {
                break;
            }
            if let Some(column) = table.column_mut(position) {
                column.set_constraint(ColumnConstraint::Hidden);
                dropped.push(position);
            }
        }
        (self.with_groups(&table.to_string()), dropped)
    }

    /// The lines of a drawn table; in a terminal with the names of groups between its rows.
    fn with_groups(&self, drawn: &str) -> String {
        let groups: &[(usize, String)] = if self.look == Look::Terminal { &self.groups } else { &[] };
        let mut text = String::new();
        for (position, line) in drawn.lines().enumerate() {
            let above = groups.iter().filter(|(rows, _)| rows + LINES_ABOVE == position);
            above.for_each(|(_, name)| text.push_str(&prose(&format!(" {name}\n"))));
            text.push_str(&format!("{}\n", line.trim_end()));
        }
        text
    }
}

/// Lines of a drawn table above its first row: rule, heading, rule.
const LINES_ABOVE: usize = 3;

/// Rules above, below and under the heading only.
const RULED: TableStyle = TableStyle::new()
    .top_border(LineStyle::none().fill('─').junction('─'))
    .header_separator(LineStyle::none().fill('─').junction('─'))
    .bottom_border(LineStyle::none().fill('─').junction('─'));

/// What an outcome is, for the line above its tables.
pub fn outcome_title(layout: &Layout, outcome: usize) -> String {
    let outcome = &layout.outcomes[outcome];
    let range = match &outcome.kind {
        OutcomeKind::Binary => Some("share of yes".to_owned()),
        OutcomeKind::Ordinal { levels } => Some(format!("{} levels", levels.len())),
        _ => outcome.range.map(|[low, high]| {
            let unit = Some(unit(outcome)).filter(|&unit| unit != "points" && !unit.is_empty());
            format!("{low} to {high}{}", unit.map(|unit| format!(" {unit}")).unwrap_or_default())
        }),
    };
    let better = outcome.better.map(|better| match better {
        Direction::Lower => "lower is better".to_owned(),
        Direction::Higher => "higher is better".to_owned(),
    });
    let about: Vec<String> = [range, better].into_iter().flatten().collect();
    if about.is_empty() { outcome.label.clone() } else { format!("{} ({})", outcome.label, about.join(", ")) }
}

/// Contrasts of one outcome, with the published ones beside them where there are any.
pub fn contrasts(look: Look, trial: Analysed, outcome: usize) -> String {
    let Analysed { plan, data, analysis, published, .. } = trial;
    let layout = &data.layout;
    let published_of = |visit: usize, contrast: Contrast| {
        let (outcome, week) = (&layout.outcomes[outcome], layout.visits[visit].week);
        let of = |contrast: Contrast| {
            let name = layout.contrast_name(contrast);
            published.iter().find(|row| row.outcome == outcome.name && row.visit_week == week && row.contrast == name)
        };
        let decimals = published_decimals(outcome);
        let cell = |row: &PublishedContrast| difference(row.estimate, row.lower, row.upper, decimals);
        let turned = |row: &PublishedContrast| difference(-row.estimate, -row.upper, -row.lower, decimals);
        of(contrast).map(cell).or_else(|| of(contrast.reversed()).map(turned))
    };
    let decimals = decimals(&layout.outcomes[outcome], analysis, outcome);
    let fits = || analysis.fits.iter().filter(|fit| fit.outcome == outcome);
    let any_published =
        fits().any(|fit| plan.contrasts.iter().any(|&contrast| published_of(fit.visit, contrast).is_some()));
    let mut heading = vec!["Visit".to_owned(), "Contrast".to_owned(), format!("difference ({} CI)", level(plan.alpha))];
    heading.extend(["SE", "p", "adjusted p", "n"].map(str::to_owned));
    if any_published {
        heading.push("published".to_owned());
    }
    let mut sheet = look.table(heading, 2);
    // n, SE, p (the adjusted one stays), then what was published.
    sheet.drop_where_narrow(&[6, 3, 4, PUBLISHED]);
    for fit in fits() {
        for (position, &contrast) in plan.contrasts.iter().enumerate() {
            let visit =
                if position == 0 || look == Look::Markdown { layout.visits[fit.visit].label() } else { String::new() };
            let mut row = vec![visit, layout.contrast_name(contrast)];
            row.extend(contrast_cells(trial, fit, position, decimals));
            if any_published {
                row.push(published_of(fit.visit, contrast).unwrap_or_default());
            }
            sheet.row(row);
        }
    }
    let (text, dropped) = sheet.shown();
    // A narrow terminal has no room for the column, but what was published is said all the same.
    let published =
        if dropped.contains(&PUBLISHED) { published_line(published, layout, outcome) } else { String::new() };
    let foot = format!("{published}{}", method(trial, outcome));
    format!("{text}{}", if look == Look::Terminal { prose(&foot) } else { foot })
}

/// Position of the column of published contrasts.
const PUBLISHED: usize = 7;

/// Decimals in which papers give differences of an outcome.
fn published_decimals(outcome: &Outcome) -> usize {
    if outcome.kind == OutcomeKind::Binary { 2 } else { 1 }
}

/// The published contrasts of an outcome in one line.
fn published_line(published: &[PublishedContrast], layout: &Layout, outcome: usize) -> String {
    let outcome = &layout.outcomes[outcome];
    let own = published.iter().filter(|row| row.outcome == outcome.name);
    let decimals = published_decimals(outcome);
    let text: Vec<String> = own
        .map(|row| {
            let at = Visit { week: row.visit_week }.label();
            format!("{at} {} {}", row.contrast, difference(row.estimate, row.lower, row.upper, decimals))
        })
        .collect();
    format!(" Published: {}.\n", text.join("; "))
}

/// One line on how the contrasts of an outcome were made, and what the test of all arms says at each visit.
fn method(trial: Analysed, outcome: usize) -> String {
    let Analysed { plan, data, analysis, .. } = trial;
    let layout = &data.layout;
    let omnibus = |fit: &VisitFit| {
        let test = fit.omnibus.as_ref().ok()?;
        Some(format!("{} {}", layout.visits[fit.visit].label(), p_value(test.p_value)))
    };
    let tests: Vec<String> = analysis.fits.iter().filter(|fit| fit.outcome == outcome).filter_map(omnibus).collect();
    let covariates = analysis::covariate_names(plan, data, outcome).join(", ");
    let mut text = format!(" ANCOVA at each visit, adjusted for {covariates}.");
    if !tests.is_empty() {
        text.push_str(&format!(" All arms equal, p: {}.", tests.join(", ")));
    }
    text.push('\n');
    if plan.multiplicity == MultiplicityRule::FisherLsd {
        let alpha = plan.alpha;
        text.push_str(&format!(
            " Pairs count only where that is below {alpha} (Fisher's LSD); else the gate is closed."
        ));
        if layout.arms.len() > 3 {
            text.push_str(" With more than three arms this holds the error rate only if no arm differs.");
        }
        text.push('\n');
    }
    text
}

/// Difference, standard error, p, adjusted p and n of one contrast, or the reason why there are none.
fn contrast_cells(trial: Analysed, fit: &VisitFit, position: usize, decimals: usize) -> Vec<String> {
    match &fit.contrasts[position] {
        Ok(estimate) => {
            let gated = trial.plan.multiplicity == MultiplicityRule::FisherLsd && !fit.gate_open;
            let note = if gated { " (gate closed)" } else { "" };
            vec![
                difference(estimate.value, estimate.lower, estimate.upper, decimals),
                fixed(estimate.std_error, decimals + 1),
                p_value(estimate.p_value),
                format!("{}{note}", p_value(estimate.adjusted_p_value)),
                fit.n.to_string(),
            ]
        }
        Err(error) => {
            let reason = analysis::reason(trial.plan, trial.data, fit.outcome, *error);
            vec![format!("none: {reason}"), String::new(), String::new(), String::new(), fit.n.to_string()]
        }
    }
}

/// `-2.9 (-4.0 to -1.8)`.
fn difference(value: f64, lower: f64, upper: f64, decimals: usize) -> String {
    format!("{} ({})", fixed(value, decimals), interval(lower, upper, decimals))
}

/// Adjusted means of one outcome by visit and arm, with the omnibus test.
pub fn adjusted_means(look: Look, plan: &Plan, layout: &Layout, analysis: &Analysis, outcome: usize) -> String {
    let mut heading = vec!["Visit".to_owned()];
    heading.extend(layout.arms.iter().map(|arm| arm.label.clone()));
    heading.extend(["all arms equal: F".to_owned(), "p".to_owned()]);
    let decimals = decimals(&layout.outcomes[outcome], analysis, outcome);
    let mut sheet = look.table(heading, 1);
    for fit in analysis.fits.iter().filter(|fit| fit.outcome == outcome) {
        let mut row = vec![layout.visits[fit.visit].label()];
        row.extend(fit.adjusted_means.iter().map(|mean| match mean {
            Ok(mean) => difference(mean.value, mean.lower, mean.upper, decimals),
            Err(FitError::EmptyArm) => "nobody".to_owned(),
            Err(_) => "-".to_owned(),
        }));
        match &fit.omnibus {
            Ok(omnibus) => row.extend([
                format!("F({}, {}) = {}", omnibus.df_arms, omnibus.df_residual, fixed(omnibus.f, 2)),
                p_value(omnibus.p_value),
            ]),
            Err(_) => row.extend(["-".to_owned(), "-".to_owned()]),
        }
        sheet.row(row);
    }
    let note = format!("Adjusted mean ({} interval), by arm\n", level(plan.alpha));
    format!("{note}{}{}", if look == Look::Markdown { "\n" } else { "" }, sheet.text())
}

/// Baseline table: one column per arm and one for all.
pub fn baseline(look: Look, layout: &Layout, table: &BaselineTable) -> String {
    let n_all: usize = table.n_participants.iter().sum();
    let mut heading = vec!["Measured before randomisation".to_owned()];
    heading.extend(layout.arms.iter().zip(&table.n_participants).map(|(arm, n)| format!("{} (n = {n})", arm.label)));
    heading.push(format!("All (n = {n_all})"));
    let mut sheet = look.table(heading, 1);
    for variable in &table.variables {
        match &variable.values {
            BaselineValues::Numeric { by_arm, all } => {
                let mut row = vec![format!("{}, mean (SD)", variable.label)];
                let decimals = all.sd.map_or(1, two_digits);
                row.extend(by_arm.iter().chain([all]).map(|summary| mean_and_sd(summary, decimals)));
                sheet.row(row);
            }
            BaselineValues::Factor { levels, .. } => {
                for level in levels {
                    let mut row = vec![format!("{}: {}, n (%)", variable.label, level.level)];
                    row.extend(level.by_arm.iter().chain([&level.all]).map(|count| match count.percent {
                        Some(percent) => format!("{} ({}%)", count.n, fixed(percent, 0)),
                        None => count.n.to_string(),
                    }));
                    sheet.row(row);
                }
            }
        }
    }
    sheet.text()
}

/// `10.6 (5.1)`, or `-` where nobody was measured.
pub(super) fn mean_and_sd(summary: &Summary, decimals: usize) -> String {
    match (summary.mean, summary.sd) {
        (Some(mean), Some(sd)) => format!("{} ({})", fixed(mean, decimals), fixed(sd, decimals)),
        (Some(mean), None) => fixed(mean, decimals),
        _ => "-".to_owned(),
    }
}

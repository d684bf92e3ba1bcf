//! Tables of what a plan describes beside its estimates: effect sizes, checks, correlations.

use super::Look;
use super::contrasts::difference;
use crate::analysis::{CheckRow, CorrelationRow, Described};
use crate::report::figures::Analysed;
use crate::report::numbers::{degrees, fixed, level, p_value, two_digits};
use crate::trial::{Layout, Visit};

/// What is described of one outcome; nothing where the plan does not ask.
pub fn described(look: Look, trial: Analysed, rows: &Described, outcome: usize) -> Option<String> {
    if !trial.plan.describe {
        return None;
    }
    let layout = &trial.data.layout;
    let name = &layout.outcomes[outcome].name;
    let parts = [
        effect_sizes(look, trial, rows, name),
        checks(look, rows, name),
        between_visits(look, layout, &rows.correlations, outcome),
        between_outcomes(look, layout, &rows.correlations, outcome),
    ];
    let parts: Vec<String> = parts.into_iter().flatten().collect();
    (!parts.is_empty()).then(|| parts.join("\n"))
}

fn at(week: f64) -> String {
    Visit { week }.label()
}

fn effect_sizes(look: Look, trial: Analysed, rows: &Described, name: &str) -> Option<String> {
    let own: Vec<_> = rows.effect_sizes.iter().filter(|row| row.outcome == name).collect();
    let g = format!("Hedges' g ({} CI)", level(trial.plan.alpha));
    let heading = ["Visit", "Contrast", "Cohen's d", &g, "Glass's delta", "pooled SD", "n"].map(str::to_owned).to_vec();
    let mut sheet = look.table(heading, 2);
    let mut above = None;
    for row in &own {
        let again = above == Some(row.visit_week) && look == Look::Terminal;
        above = Some(row.visit_week);
        let mut cells = vec![if again { String::new() } else { at(row.visit_week) }, row.contrast.clone()];
        cells.extend(match (row.cohen_d, row.hedges_g, row.lower, row.upper) {
            (Some(d), Some(g), Some(lower), Some(upper)) => vec![
                fixed(d, 2),
                difference(g, lower, upper, 2),
                row.glass_delta.map_or_else(|| "-".to_owned(), |delta| fixed(delta, 2)),
                row.pooled_sd.map(|sd| fixed(sd, two_digits(sd))).unwrap_or_default(),
            ],
            _ => {
                let reason = format!("none: {}", row.reason.clone().unwrap_or_default());
                vec![String::new(), reason, String::new(), String::new()]
            }
        });
        cells.push(row.n.to_string());
        sheet.row(cells);
    }
    let change = trial.plan.model.as_ref().is_some_and(|model| model.response == crate::scenario::Response::Change);
    let what = if change { "changes from baseline" } else { "recorded values" };
    let foot = format!(" Of {what}, without a model; the interval is exact for normal values of one variance.\n");
    let title = look.heading("Effect sizes: differences in standard deviations");
    (!own.is_empty()).then(|| format!("{title}{}{}", sheet.text(), look.foot(&foot)))
}

fn checks(look: Look, rows: &Described, name: &str) -> Option<String> {
    let own: Vec<&CheckRow> = rows.checks.iter().filter(|row| row.outcome == name).collect();
    let heading = ["Visit", "means: Welch", "p", "variances: Bartlett", "p", "variances: Levene", "p"];
    let mut sheet = look.table(heading.to_vec(), 1);
    for visit in own.chunk_by(|one, other| one.visit_week == other.visit_week) {
        let mut cells = vec![at(visit[0].visit_week)];
        for test in ["welch_anova", "bartlett", "levene"] {
            let row = visit.iter().find(|row| row.test == test);
            let found = row.and_then(|row| Some((statistic(row)?, p_value(row.p_value?))));
            let (statistic, p) = found.unwrap_or_else(|| ("-".to_owned(), "-".to_owned()));
            cells.extend([statistic, p]);
        }
        sheet.row(cells);
    }
    let foot = " All arms together, without a model. Welch's test lets variances differ; Bartlett's is for normal values; Levene's is about medians.\n";
    let title = look.heading("Checks: are means and variances equal in all arms?");
    (!own.is_empty()).then(|| format!("{title}{}{}", sheet.text(), look.foot(foot)))
}

fn statistic(row: &CheckRow) -> Option<String> {
    let (statistic, df) = (row.statistic?, row.df?);
    Some(match row.df_denominator {
        Some(other) => format!("F({}, {}) = {}", degrees(df), degrees(other), fixed(statistic, 2)),
        None => format!("χ²({}) = {}", degrees(df), fixed(statistic, 2)),
    })
}

/// Correlations between the visits of an outcome: Pearson's below the diagonal, Spearman's above.
fn between_visits(look: Look, layout: &Layout, rows: &[CorrelationRow], outcome: usize) -> Option<String> {
    let about = &layout.outcomes[outcome];
    let weeks: Vec<f64> = layout.visits.iter().skip(usize::from(!about.at_baseline)).map(|visit| visit.week).collect();
    let mut heading = vec!["Visit".to_owned()];
    heading.extend(weeks.iter().map(|&week| at(week)));
    let mut sheet = look.table(heading, 1);
    let of = |first: f64, second: f64| {
        let same = |row: &&CorrelationRow| {
            row.outcome == about.name
                && row.with_outcome == about.name
                && (row.visit_week, row.with_week) == (first, second)
        };
        rows.iter().find(same)
    };
    let cell = |row: f64, column: f64| {
        let number = if column < row {
            of(column, row).and_then(|own| own.pearson)
        } else {
            of(row, column).and_then(|own| own.spearman)
        };
        match number {
            Some(number) => fixed(number, 2),
            None if row == column => String::new(),
            None => "-".to_owned(),
        }
    };
    for &row in &weeks {
        sheet.row([at(row)].into_iter().chain(weeks.iter().map(|&column| cell(row, column))).collect());
    }
    let title = look.heading("Correlations between visits: Pearson below the diagonal, Spearman above");
    (weeks.len() > 1).then(|| format!("{title}{}", sheet.text()))
}

/// Correlations with the plan's further outcomes at each visit, said where the first of both is shown.
fn between_outcomes(look: Look, layout: &Layout, rows: &[CorrelationRow], outcome: usize) -> Option<String> {
    let about = &layout.outcomes[outcome];
    let own: Vec<&CorrelationRow> =
        rows.iter().filter(|row| row.outcome == about.name && row.with_outcome != about.name).collect();
    let heading = ["With", "Visit", "Pearson", "Spearman", "n"].to_vec();
    let mut sheet = look.table(heading, 2);
    for row in &own {
        let other = layout.outcomes.iter().find(|other| other.name == row.with_outcome);
        let number = |number: Option<f64>| number.map_or_else(|| "-".to_owned(), |number| fixed(number, 2));
        sheet.row(vec![
            other.map_or_else(|| row.with_outcome.clone(), |other| other.label.clone()),
            at(row.visit_week),
            number(row.pearson),
            number(row.spearman),
            row.n.to_string(),
        ]);
    }
    let title = look.heading("Correlations with other outcomes at the same visit");
    (!own.is_empty()).then(|| format!("{title}{}", sheet.text()))
}

//! Contrasts against the plan's margins: equivalence and non-inferiority, with the verdict in words.

use super::Look;
use super::contrasts::difference;
use crate::analysis::MarginRow;
use crate::report::figures::Analysed;
use crate::report::numbers::{amount, decimals, fixed, interval, level, p_value};
use crate::trial::Measure;

/// Verdicts of one outcome; nothing for plans without margins.
pub fn margins(look: Look, trial: Analysed, rows: &[MarginRow], outcome: usize) -> Option<String> {
    let Analysed { plan, data, analysis, .. } = trial;
    let layout = &data.layout;
    let measure = plan.measure();
    let own = rows.iter().filter(|row| row.outcome == layout.outcomes[outcome].name);
    let own: Vec<&MarginRow> = own.collect();
    let first = own.first()?;
    let decimals = decimals(plan, layout, analysis, outcome);
    let one_level = own.iter().all(|row| row.one_sided_alpha == first.one_sided_alpha);
    let heading = if one_level { format!("{} CI", level(2.0 * first.one_sided_alpha)) } else { "CI".to_owned() };
    let estimate = format!("{} ({heading})", crate::report::method_words::measure(measure));
    let heading = ["Visit", "Contrast", &estimate, "p above", "p below", "verdict"].map(str::to_owned).to_vec();
    let mut sheet = look.table(heading, 2);
    let visit = |week: f64| crate::trial::Visit { week }.label();
    let mut above = None;
    for row in &own {
        let again = above == Some(row.visit_week) && look == Look::Terminal;
        above = Some(row.visit_week);
        let mut cells = vec![if again { String::new() } else { visit(row.visit_week) }, row.contrast.clone()];
        cells.extend(match (row.estimate, row.lower, row.upper, row.shown) {
            (Some(estimate), Some(lower), Some(upper), Some(shown)) => vec![
                if one_level {
                    difference(estimate, lower, upper, decimals)
                } else {
                    let interval = interval(lower, upper, decimals);
                    format!("{} ({}: {interval})", fixed(estimate, decimals), level(2.0 * row.one_sided_alpha))
                },
                row.p_lower.map(p_value).unwrap_or_default(),
                row.p_upper.map(p_value).unwrap_or_default(),
                verdict(trial, outcome, row, shown),
            ],
            _ => vec![
                format!("none: {}", row.reason.clone().unwrap_or_default()),
                String::new(),
                String::new(),
                "nothing can be said".to_owned(),
            ],
        });
        sheet.row(cells);
    }
    let text = format!("{}{}", look.heading("Against margins"), sheet.text());
    Some(format!("{text}{}", look.foot(&foot(plan.alpha, &own, measure))))
}

/// `equivalent within 1.5 points: shown`.
fn verdict(trial: Analysed, outcome: usize, row: &MarginRow, shown: bool) -> String {
    let plan = trial.plan;
    let size = match plan.measure() {
        Measure::Difference | Measure::Shift => amount(&row.margin.to_string(), &trial.data.layout.outcomes[outcome]),
        measure if measure.is_ratio() => format!("a factor of {}", short(row.margin)),
        _ => short(row.margin),
    };
    let what = match row.kind {
        "equivalence" => format!("equivalent within {size}"),
        _ => format!("not inferior by {size}"),
    };
    format!("{what}: {}", if shown { "shown" } else { "not shown" })
}

/// A ratio that went through its logarithm, without the last digits.
fn short(value: f64) -> String {
    let text = fixed(value, 6);
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

fn foot(alpha: f64, rows: &[&MarginRow], measure: Measure) -> String {
    let below = if measure.is_ratio() { "1 / margin" } else { "-margin" };
    let mut text =
        format!(" p above: the contrast is above {below}; p below: it is below the margin; each one-sided.\n");
    if rows.iter().any(|row| row.kind == "equivalence") {
        text.push_str(&format!(
            " Equivalence is shown where both are below {alpha}, that is, where the {} interval lies within the margins.\n",
            level(2.0 * alpha)
        ));
    }
    if rows.iter().any(|row| row.kind != "equivalence") {
        text.push_str(&format!(
            " Non-inferiority looks towards harm only and is tested at {} (one-sided): p is that of the margin on that side, and the {} interval does not reach it.\n",
            0.5 * alpha,
            level(alpha)
        ));
    }
    text.push_str(" Where it is not shown, the trial cannot tell; that is no evidence of a difference. Not adjusted for several comparisons.\n");
    text
}

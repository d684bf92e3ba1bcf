//! How the contrasts change between visits: the fade itself.

use super::Look;
use super::contrasts::{estimate_cell, std_error_heading};
use crate::analysis::{self, BetweenVisits};
use crate::report::figures::Analysed;
use crate::report::numbers::{decimals, fixed, level, p_value};

/// Contrasts of one outcome compared between the plan's pairs of visits; nothing where there are none.
pub fn between_visits(look: Look, trial: Analysed, outcome: usize) -> Option<String> {
    let Analysed { plan, data, analysis, .. } = trial;
    let layout = &data.layout;
    let measure = plan.measure();
    let decimals = decimals(plan, layout, analysis, outcome);
    let pairs: Vec<&BetweenVisits> = analysis.between_visits.iter().filter(|own| own.outcome == outcome).collect();
    let label = |visit: usize| layout.visits[visit].label();
    let of = if measure.is_ratio() { "ratios" } else { "differences" };
    let mut text = String::new();
    for between in pairs {
        let (earlier, later) = (label(between.visits.earlier), label(between.visits.later));
        let change = if measure.is_ratio() { "ratio of the ratios" } else { "change" };
        let change = format!("{change} ({} CI)", level(plan.alpha));
        let heading = ["Contrast", &change, std_error_heading(measure), "p"].map(str::to_owned).to_vec();
        let mut sheet = look.table(heading, 1);
        for (&contrast, result) in plan.contrasts.iter().zip(&between.contrasts) {
            let mut row = vec![layout.contrast_name(contrast)];
            match result {
                Ok(estimate) => row.extend([
                    estimate_cell(measure, estimate, decimals),
                    fixed(estimate.std_error, decimals + 1),
                    p_value(estimate.p_value),
                ]),
                Err(error) => {
                    let reason = analysis::reason(plan, data, outcome, *error);
                    row.extend([format!("none: {reason}"), String::new(), String::new()]);
                }
            }
            sheet.row(row);
        }
        let gap = if text.is_empty() { "" } else { "\n" };
        text.push_str(&format!("{gap}{}", look.heading(&format!("Change of the {of} from {earlier} to {later}"))));
        text.push_str(&sheet.text());
        let omnibus =
            between.omnibus.as_ref().ok().map(|test| format!(" All arms changed alike, p: {}.", p_value(test.p_value)));
        let what = if measure.is_ratio() {
            format!("The ratio at {later} over that at {earlier}.")
        } else {
            format!("The difference at {later} less that at {earlier}.")
        };
        text.push_str(
            &look.foot(&format!(" {what}{} Not adjusted for several comparisons.\n", omnibus.unwrap_or_default())),
        );
    }
    (!text.is_empty()).then_some(text)
}

//! The plan's combinations of adjusted means.

use super::Look;
use super::contrasts::{estimate_cell, std_error_heading};
use crate::analysis;
use crate::report::figures::Analysed;
use crate::report::numbers::{decimals, fixed, level, p_value};

/// Combinations of one outcome, at each visit or over visits; nothing where the plan has none.
pub fn combinations(look: Look, trial: Analysed, outcome: usize) -> Option<String> {
    let Analysed { plan, data, analysis, .. } = trial;
    let layout = &data.layout;
    let measure = plan.measure();
    let decimals = decimals(plan, layout, analysis, outcome);
    let estimate = format!("{} ({} CI)", if measure.is_ratio() { "ratio" } else { "estimate" }, level(plan.alpha));
    let heading = ["Combination", "Visit", &estimate, std_error_heading(measure), "p"].map(str::to_owned).to_vec();
    let mut sheet = look.table(heading, 2);
    let mut own = analysis.combinations.iter().filter(|own| own.outcome == outcome).peekable();
    own.peek()?;
    for combination in own {
        let visit = combination.visit.map_or_else(|| "over visits".to_owned(), |visit| layout.visits[visit].label());
        let mut row = vec![plan.combinations[combination.combination].name.clone(), visit];
        match &combination.estimate {
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
    let foot = " p: that the combination is 0 (for ratios 1). Not adjusted for several comparisons.\n";
    Some(format!("{}{}{}", look.heading("Combinations of adjusted means"), sheet.text(), look.foot(foot)))
}

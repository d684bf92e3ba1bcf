//! What pooling over imputations found: how much is missing, how far chance in the imputations reaches, and how many would be enough.

use super::Look;
use crate::analysis::{PooledRow, STEADY};
use crate::report::figures::Analysed;
use crate::report::numbers::{decimals, fixed};
use crate::trial::Visit;

/// One row per visit and contrast of one outcome; nothing without random imputations.
pub fn imputation(look: Look, trial: Analysed, rows: &[PooledRow], outcome: usize) -> Option<String> {
    let Analysed { plan, data, analysis, .. } = trial;
    let name = &data.layout.outcomes[outcome].name;
    let own: Vec<&PooledRow> = rows.iter().filter(|row| row.outcome == *name && row.analysis == "main").collect();
    let first = own.first()?;
    let decimals = decimals(plan, &data.layout, analysis, outcome);
    let heading = ["Visit", "Contrast", "missing information", "Monte Carlo error", "efficiency", "enough imputations"];
    let mut sheet = look.table(heading.map(str::to_owned).to_vec(), 2);
    let mut above = None;
    for row in &own {
        let again = above == Some(row.visit_week) && look == Look::Terminal;
        above = Some(row.visit_week);
        sheet.row(vec![
            if again { String::new() } else { Visit { week: row.visit_week }.label() },
            row.contrast.clone(),
            format!("{}%", fixed(100.0 * row.fraction_missing, 1)),
            fixed(row.monte_carlo_error, decimals + 2),
            fixed(row.relative_efficiency, 3),
            fixed(row.enough_imputations, 0),
        ]);
    }
    let foot = format!(
        " {} imputations. Monte Carlo error: by how much another set of imputations would move the estimate. Enough: so many that it would \
         move the standard error by some {} %.\n",
        first.imputations,
        fixed(100.0 * STEADY, 0)
    );
    Some(format!("{}{}{}", look.heading("Imputation"), sheet.text(), look.foot(&foot)))
}

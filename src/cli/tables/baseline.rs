//! The baseline table: one column per arm and one for all.

use super::Look;
use crate::dataset::{BaselineTable, BaselineValues, Summary};
use crate::report::numbers::{fixed, two_digits};
use crate::trial::Layout;

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
pub fn mean_and_sd(summary: &Summary, decimals: usize) -> String {
    match (summary.mean, summary.sd) {
        (Some(mean), Some(sd)) => format!("{} ({})", fixed(mean, decimals), fixed(sd, decimals)),
        (Some(mean), None) => fixed(mean, decimals),
        _ => "-".to_owned(),
    }
}

//! Adjusted means by visit and arm, on the scale on which people read them, with the test of all arms.

use super::Look;
use super::contrasts::difference;
use crate::analysis::{Analysis, FitError};
use crate::report::method_words;
use crate::report::numbers::{decimals, omnibus, p_value};
use crate::scenario::Plan;
use crate::trial::TrialData;

/// Adjusted means of one outcome by visit and arm, with the omnibus test; nothing for methods without means.
pub fn adjusted_means(
    look: Look,
    plan: &Plan,
    data: &TrialData,
    analysis: &Analysis,
    outcome: usize,
) -> Option<String> {
    let layout = &data.layout;
    let link = plan.estimator.link()?;
    let fits = || analysis.fits.iter().filter(|fit| fit.outcome == outcome);
    // A test that is referred to the normal distribution is shown as chi-squared.
    let chi_squared = fits().flat_map(|fit| &fit.omnibus).any(|test| test.df_residual.is_infinite());
    let mut heading = vec!["Visit".to_owned()];
    heading.extend(layout.arms.iter().map(|arm| arm.label.clone()));
    heading.extend([if chi_squared { "all arms equal: χ²" } else { "all arms equal: F" }.to_owned(), "p".to_owned()]);
    let decimals = decimals(plan, layout, analysis, outcome);
    let mut sheet = look.table(heading, 1);
    for fit in fits() {
        let mut row = vec![layout.visits[fit.visit].label()];
        row.extend(fit.adjusted_means.iter().map(|mean| match mean {
            Ok(mean) => difference(link.mean(mean.value), link.mean(mean.lower), link.mean(mean.upper), decimals),
            Err(FitError::EmptyArm) => "nobody".to_owned(),
            Err(_) => "-".to_owned(),
        }));
        match &fit.omnibus {
            Ok(test) => row.extend([omnibus(test), p_value(test.p_value)]),
            Err(_) => row.extend(["-".to_owned(), "-".to_owned()]),
        }
        sheet.row(row);
    }
    let note = method_words::means(plan, data, outcome)?;
    Some(format!("{}{}", look.heading(&note), sheet.text()))
}

//! Sensitivity analyses beside the main one: the same comparison, answered by each method.

use super::Look;
use super::contrasts::{adjusted_p, estimate_cell};
use crate::analysis::{self, Analysis};
use crate::report::figures::Analysed;
use crate::report::method_words;
use crate::report::numbers::{decimals, fixed, level, p_value};
use crate::scenario::{MultiplicityRule, Plan};

/// One row per visit, contrast and analysis, the main one first; nothing for plans without sensitivity analyses.
pub fn sensitivity(look: Look, trial: Analysed, outcome: usize) -> Option<String> {
    let Analysed { plan, data, analysis, .. } = trial;
    if plan.sensitivity.is_empty() {
        return None;
    }
    let layout = &data.layout;
    let all: Vec<One> = one_by_one(plan, analysis).filter(|one| one.plan.outcomes.contains(&outcome)).collect();
    let same = all.iter().all(|one| one.plan.measure() == plan.measure());
    let adjusted = plan.multiplicity != MultiplicityRule::None;
    let estimate = if same { method_words::measure(plan.measure()).to_owned() } else { "estimate".to_owned() };
    let mut heading = vec!["Analysis".to_owned()];
    heading.extend((!same).then(|| "measure".to_owned()));
    heading.extend([format!("{estimate} ({} CI)", level(plan.alpha)), "SE".to_owned(), "p".to_owned()]);
    heading.extend(adjusted.then(|| "adjusted p".to_owned()));
    heading.push("n".to_owned());
    let mut sheet = look.grouped_table("Comparison", heading, if same { 1 } else { 2 });
    for fit in analysis.fits.iter().filter(|fit| fit.outcome == outcome) {
        for (position, &contrast) in plan.contrasts.iter().enumerate() {
            sheet.group(&format!("{}: {}", layout.visits[fit.visit].label(), layout.contrast_name(contrast)));
            for one in &all {
                let mut row = vec![one.name.to_owned()];
                let measure = one.plan.measure();
                row.extend((!same).then(|| method_words::measure(measure).to_owned()));
                let Some(own) = one.analysis.fit(outcome, fit.visit) else { continue };
                match &own.contrasts[position] {
                    Ok(estimate) => {
                        let decimals = decimals(one.plan, layout, one.analysis, outcome);
                        row.extend([
                            estimate_cell(measure, estimate, decimals),
                            fixed(estimate.std_error, decimals + 1),
                            p_value(estimate.p_value),
                        ]);
                        row.extend(adjusted.then(|| adjusted_p(one.plan, own, estimate)));
                    }
                    Err(error) => {
                        row.push(format!("none: {}", analysis::reason(one.plan, data, outcome, *error)));
                        row.extend(vec![String::new(); if adjusted { 3 } else { 2 }]);
                    }
                }
                row.push(own.n.to_string());
                sheet.row(row);
            }
        }
    }
    let mut foot = String::new();
    for one in all.iter().skip(1) {
        foot.push_str(&format!(" {}: {}\n", one.name, method_words::method(one.plan, data, outcome).join(" ")));
    }
    if all.iter().any(|one| one.plan.measure().is_ratio()) {
        foot.push_str(" Standard errors of ratios are those of their logarithms.\n");
    }
    Some(format!("{}{}{}", look.heading("Sensitivity analyses"), sheet.text(), look.foot(&foot)))
}

/// One analysis of a plan.
struct One<'a> {
    name: &'a str,
    plan: &'a Plan,
    analysis: &'a Analysis,
}

fn one_by_one<'a>(plan: &'a Plan, analysis: &'a Analysis) -> impl Iterator<Item = One<'a>> {
    let others = plan.sensitivity.iter().zip(&analysis.sensitivity);
    let others = others.map(|(plan, analysis)| One { name: &plan.name, plan, analysis });
    [One { name: "main", plan, analysis }].into_iter().chain(others)
}

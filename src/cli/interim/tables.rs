//! The tables of `linger interim`: the looks, what is rejected by each, arms and their participants, estimates.

use super::Shown;
use crate::cli::tables::Look;
use crate::numeric::group_sequential::Spending;
use crate::numeric::moments::Moments;
use crate::operating_characteristics::{InterimPerformance, Proportion};
use crate::report::numbers::fixed;
use crate::scenario::Sharing;

impl Shown<'_> {
    /// Everything for a reader: the plan, then what comes of it as the scenario has it and without differences.
    pub(super) fn tables(&self, look: Look) -> String {
        let (scenario, found) = (self.scenario, self.found);
        let title = scenario.title.lines().collect::<Vec<_>>().join(" ");
        let n = found.as_written.n_replicates;
        let of = format!("{n} simulated trial{}", if n == 1 { "" } else { "s" });
        let mut text = look.title(&format!("{title} · interim looks, {of}, seed {}", scenario.simulation.seed));
        if look == Look::Terminal {
            text.push('\n');
        }
        text.push_str(&self.looks(look));
        let truths = [
            ("As the scenario has it", &found.as_written),
            ("Were there no difference between arms", &found.without_differences),
        ];
        for (name, performance) in truths {
            text.push_str(&format!("\n{}", look.title(&format!("{name}: share of trials that reject"))));
            text.push_str(&self.rejected(look, performance));
            text.push_str(&format!("\n{}", look.title(&format!("{name}: participants"))));
            text.push_str(&self.arms(look, performance));
        }
        text.push_str(&format!("\n{}", look.title("As the scenario has it: average estimates")));
        text.push_str(&self.estimates(look));
        text.push_str(&look.foot(&format!("\n{}", self.notes())));
        text
    }

    /// The boundaries.
    fn looks(&self, look: Look) -> String {
        let layout = &*self.scenario.design.layout;
        let (outcome, visit) = (&layout.outcomes[self.plan.outcome].label, layout.visits[self.plan.visit].label());
        let heading = ["Look", "participants", "share", "boundary of z", "nominal alpha", "alpha spent"];
        let mut sheet = look.table(heading.to_vec(), 1);
        for (number, own) in (1..).zip(&self.found.looks) {
            sheet.row(vec![
                format!("{number}"),
                own.participants.to_string(),
                format!("{}%", fixed(100.0 * own.information, 1)),
                if own.boundary.is_finite() { fixed(own.boundary, 3) } else { "-".to_owned() },
                alpha(own.nominal_alpha),
                alpha(own.alpha_spent),
            ]);
        }
        format!("{}{}", look.title(&format!("Looks at {outcome} at {visit}")), sheet.text())
    }

    /// What is rejected by each look, and without looks.
    fn rejected(&self, look: Look, performance: &InterimPerformance) -> String {
        let layout = &*self.scenario.design.layout;
        let n_looks = self.found.looks.len();
        let by = (1..=n_looks).map(|number| format!("by look {number}"));
        let heading = ["Contrast".to_owned()].into_iter().chain(by).chain(["without looks".to_owned()]);
        let mut sheet = look.table(heading.collect(), 1);
        sheet.drop_where_narrow(&(2..n_looks).rev().collect::<Vec<_>>());
        let row = |name: String, by_look: &[Proportion], once: Proportion| -> Vec<String> {
            [name].into_iter().chain(by_look.iter().chain([&once]).map(|&own| share(own))).collect()
        };
        for (&contrast, own) in self.scenario.plan.contrasts.iter().zip(&performance.contrasts) {
            sheet.row(row(layout.contrast_name(contrast), &own.rejected, own.rejected_once));
        }
        if performance.contrasts.len() > 1 {
            sheet.row(row("any of them".to_owned(), &performance.any_rejected, performance.any_rejected_once));
        }
        sheet.text()
    }

    /// Who is recruited, and which arm is dropped by which look.
    fn arms(&self, look: Look, performance: &InterimPerformance) -> String {
        let layout = &*self.scenario.design.layout;
        let design = &self.scenario.design;
        // Nothing is dropped at the last look.
        let n_dropping = if self.plan.drop_below.is_some() { self.found.looks.len() - 1 } else { 0 };
        let dropped = (1..=n_dropping).map(|number| format!("dropped by look {number}"));
        let heading = ["Arm", "planned", "randomised"].map(str::to_owned).into_iter().chain(dropped);
        let mut sheet = look.table(heading.collect(), 1);
        sheet.drop_where_narrow(&(3..2 + n_dropping).collect::<Vec<_>>());
        for ((arm, planned), own) in layout.arms.iter().zip(&design.per_arm).zip(&performance.arms) {
            let mut cells = vec![arm.label.clone(), planned.to_string(), mean(&own.participants, 1)];
            cells.extend(own.dropped.iter().take(n_dropping).map(|&own| share(own)));
            sheet.row(cells);
        }
        let mut all = vec!["All".to_owned(), design.n_participants().to_string(), mean(&performance.participants, 1)];
        all.extend((0..n_dropping).map(|_| String::new()));
        sheet.row(all);
        sheet.text()
    }

    /// How far off estimates are where a contrast is stopped.
    fn estimates(&self, look: Look) -> String {
        let layout = &*self.scenario.design.layout;
        let heading = ["Contrast", "without looks", "at its last look", "difference", "rejected early", "trials"];
        let mut sheet = look.table(heading.to_vec(), 1);
        for (&contrast, own) in self.scenario.plan.contrasts.iter().zip(&self.found.as_written.contrasts) {
            let early = own.stopped_early.count();
            sheet.row(vec![
                layout.contrast_name(contrast),
                mean(&own.once, 3),
                mean(&own.at_stop, 3),
                mean(&own.bias, 3),
                mean(&own.stopped_early, 3),
                early.to_string(),
            ]);
        }
        sheet.text()
    }

    /// What the tables mean.
    fn notes(&self) -> String {
        let plan = &self.scenario.plan;
        let spent = match self.plan.spending {
            Spending::ObrienFleming => "O'Brien and Fleming's",
            Spending::Pocock => "Pocock's",
        };
        let own = alpha(self.plan.alpha(plan));
        let shared = match (self.plan.sharing, plan.contrasts.len()) {
            (_, 1) => format!("alpha {own}, two-sided,"),
            (Sharing::Bonferroni, n) => {
                format!("alpha {}, two-sided, in equal parts of {own} to {n} contrasts,", alpha(plan.alpha))
            }
            (Sharing::None, n) => format!("alpha {own}, two-sided, to each of {n} contrasts"),
        };
        let mut notes = format!(
            "In brackets: Monte Carlo standard errors. {shared} spent as Lan and DeMets do in the likeness of {spent} boundaries.\n\
             Without looks: everybody analysed once, each contrast at alpha {own}.\n"
        );
        if let Some(below) = self.plan.drop_below {
            notes.push_str(&format!(
                "An arm is dropped where its chance to be significantly better than the reference at the last look, the trend going on, is below {below}.\n"
            ));
        }
        if plan.measure().is_ratio() {
            notes.push_str("Estimates are logarithms of ratios.\n");
        }
        let failed: u64 = self.found.as_written.contrasts.iter().flat_map(|own| &own.failed).map(|own| own.hits).sum();
        if failed > 0 {
            notes.push_str(&format!("At {failed} looks at a contrast there was no estimate: it was left open.\n"));
        }
        notes
    }
}

/// `0.976 (0.003)`.
fn share(proportion: Proportion) -> String {
    match (proportion.share(), proportion.mcse()) {
        (Some(share), Some(error)) => format!("{} ({})", fixed(share, 3), fixed(error, 3)),
        _ => "-".to_owned(),
    }
}

/// `-2.91 (0.01)`.
fn mean(moments: &Moments, decimals: usize) -> String {
    match (moments.mean(), moments.std_error()) {
        (Some(mean), Some(error)) => format!("{} ({})", fixed(mean, decimals), fixed(error, decimals)),
        (Some(mean), None) => fixed(mean, decimals),
        _ => "-".to_owned(),
    }
}

/// A level with four decimals at most, or in powers of ten where that would be nothing.
fn alpha(level: f64) -> String {
    if level > 0.0 && level < 0.000_05 {
        return format!("{level:.0e}");
    }
    let text = fixed(level, 5);
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

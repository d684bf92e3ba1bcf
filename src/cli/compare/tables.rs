//! The tables of `linger compare`: changed settings, recorded scores, contrasts with their power.

use super::Twins;
use crate::cli::tables::{Look, Sheet, outcome_title};
use crate::operating_characteristics::{Paired, TwinContrast, TwinScores};
use crate::report::numbers::fixed;
use crate::scenario::{Change, Setting};
use crate::trial::Layout;

impl Twins {
    /// Everything for a reader: what was changed, what is not compared, what became of it.
    pub(super) fn tables(&self, look: Look) -> String {
        let layout = &*self.a.scenario.design.layout;
        let mut text = look.title(&self.title());
        text.push_str(&format!("A  {}: {}\n", self.names[0], self.a.scenario.title));
        text.push_str(look.gap());
        text.push_str(&format!("B  {}: {}\n\n", self.names[1], self.b.scenario.title));
        text.push_str(&self.settings(look));
        if !self.comparison.left_out.is_empty() {
            text.push_str(&format!("\n{}", look.title("Not compared")));
            self.comparison.left_out.iter().for_each(|left_out| text.push_str(&format!("- {left_out}\n")));
        }
        for outcome in 0..layout.outcomes.len() {
            let scores: Vec<&TwinScores> = self.comparison.scores.iter().filter(|row| row.outcome == outcome).collect();
            let contrasts: Vec<&TwinContrast> =
                self.comparison.contrasts.iter().filter(|row| row.outcome == outcome).collect();
            if scores.is_empty() {
                continue;
            }
            text.push_str(&format!("\n{}", look.title(&outcome_title(layout, outcome))));
            text.push_str(&self.score_table(look, &scores));
            if !contrasts.is_empty() {
                text.push_str(&format!("\n{}", self.contrast_table(look, &contrasts)));
            }
        }
        text
    }

    fn title(&self) -> String {
        let scenario = &self.a.scenario;
        let n = self.comparison.n_replicates;
        format!(
            "The same participants under two scenarios · {n} replicate{} of {}, seed {}",
            if n == 1 { "" } else { "s" },
            scenario.design.n_participants(),
            scenario.simulation.seed
        )
    }

    /// Changed settings; where there are none, what differs without any consequence.
    fn settings(&self, look: Look) -> String {
        if !self.changed.is_empty() {
            return format!("{}{}", look.title("Changed settings"), change_table(look, &self.changed));
        }
        if self.others.is_empty() {
            return "No setting differs.\n".to_owned();
        }
        let title = look.title("No setting differs but these, which change nothing here");
        format!("{title}{}", change_table(look, &self.others))
    }

    /// Recorded scores by visit and arm. The baseline has a place only where it differs.
    fn score_table(&self, look: Look, rows: &[&TwinScores]) -> String {
        let layout = &*self.a.scenario.design.layout;
        let n_replicates = self.comparison.n_replicates as f64;
        let heading =
            ["Visit", "Mean score of", "A", "B", "B - A (MC error)", "unpaired error", "variance ratio", "pairs"];
        let mut sheet = look.table(heading.to_vec(), 2);
        let baseline_differs = rows.iter().any(|row| row.visit == 0 && !row.means.never_differs());
        for row in rows.iter().filter(|row| row.visit > 0 || baseline_differs) {
            let paired = &row.means;
            let mut cells = vec![visit(look, layout, row.visit, row.arm == 0), layout.arms[row.arm].label.clone()];
            cells.extend([number(paired.a.mean(), 2), number(paired.b.mean(), 2), difference(paired)]);
            cells.extend([number(paired.unpaired_std_error(), 3), ratio(paired)]);
            cells.push(number((n_replicates > 0.0).then(|| row.pairs as f64 / n_replicates), 1));
            sheet.row(cells);
        }
        with_note(look, &sheet, baseline_differs)
    }

    /// Average estimates and power by visit and contrast.
    fn contrast_table(&self, look: Look, rows: &[&TwinContrast]) -> String {
        let layout = &*self.a.scenario.design.layout;
        let heading = [
            "Visit",
            "Estimate of",
            "A",
            "B",
            "B - A (MC error)",
            "variance ratio",
            "power A",
            "power B",
            "B - A (MC error)",
        ];
        let mut sheet = look.table(heading.to_vec(), 2);
        let mut last = None;
        for row in rows {
            let (estimate, power) = (&row.estimate, &row.rejected_adjusted);
            let first = last.replace(row.visit) != Some(row.visit);
            let mut cells = vec![visit(look, layout, row.visit, first), layout.contrast_name(row.contrast)];
            cells.extend([number(estimate.a.mean(), 2), number(estimate.b.mean(), 2)]);
            cells.extend([difference(estimate), ratio(estimate)]);
            cells.extend([number(power.a.mean(), 3), number(power.b.mean(), 3), difference(power)]);
            sheet.row(cells);
        }
        let note = "power: share of replicates with p below alpha after the plan's multiplicity rule\n";
        let n = self.comparison.n_replicates;
        let fewest = rows.iter().map(|row| row.estimate.difference.count()).min().unwrap_or(n);
        let failed = match fewest < n {
            true => {
                format!("{}only {fewest} of {n} replicates have an estimate under both, where fewest do\n", look.gap())
            }
            false => String::new(),
        };
        format!("{}{}{note}{failed}", sheet.text(), look.gap())
    }
}

fn change_table(look: Look, changes: &[Change]) -> String {
    let mut sheet = look.table(vec!["Setting", "A", "B", "origin in A", "origin in B"], 5);
    let value =
        |setting: &Option<Setting>| setting.as_ref().map_or_else(|| "-".to_owned(), |setting| setting.shown.clone());
    let origin = |setting: &Option<Setting>| {
        let text = setting.as_ref().map(|setting| setting.origin.to_string()).unwrap_or_default();
        text.trim_start_matches('(').trim_end_matches(')').to_owned()
    };
    for change in changes {
        sheet.row(vec![
            change.path.to_string(),
            value(&change.a),
            value(&change.b),
            origin(&change.a),
            origin(&change.b),
        ]);
    }
    sheet.text()
}

/// The table with a word on the baseline where it is not shown.
fn with_note(look: Look, sheet: &Sheet, baseline_differs: bool) -> String {
    let note = if baseline_differs { "" } else { "baseline: the same scores under A and B\n" };
    format!("{}{}{note}", sheet.text(), if note.is_empty() { "" } else { look.gap() })
}

/// A visit where it is new, or in every row of a table for programs.
fn visit(look: Look, layout: &Layout, visit: usize, first: bool) -> String {
    if first || look == Look::Markdown { layout.visits[visit].label() } else { String::new() }
}

/// `-1.743 (0.006)`, or `0` where no replicate differs at all.
fn difference(paired: &Paired) -> String {
    match (paired.difference.mean(), paired.difference.std_error()) {
        (Some(_), _) if paired.never_differs() => "0".to_owned(),
        (Some(mean), Some(error)) => format!("{} ({})", fixed(mean, 3), fixed(error, 3)),
        (Some(mean), None) => fixed(mean, 3),
        _ => "-".to_owned(),
    }
}

fn ratio(paired: &Paired) -> String {
    number(paired.variance_ratio(), 1)
}

fn number(value: Option<f64>, decimals: usize) -> String {
    value.map_or_else(|| "-".to_owned(), |value| fixed(value, decimals))
}

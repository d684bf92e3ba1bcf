//! The terminal forest: contrasts of one outcome as intervals on one line each, with zero and the meaningful difference.

use unicode_width::UnicodeWidthStr;

use crate::analysis::Analysis;
use crate::report::numbers::{fixed, interval};
use crate::scenario::Plan;
use crate::trial::{Contrast, Estimate, Layout};

/// Columns of the drawing between label and numbers.
const WIDTH: usize = 48;

/// Draws the contrasts against the reference arm (all contrasts where the plan has none such), or nothing without any estimate.
pub fn draw(plan: &Plan, layout: &Layout, analysis: &Analysis, outcome: usize) -> Option<String> {
    let rows = rows(plan, layout, analysis, outcome);
    let scale = Scale::around(&rows, layout.outcomes[outcome].meaningful)?;
    let label_width = rows.iter().map(|row| row.label.width()).max().unwrap_or(0);
    let better = if layout.outcomes[outcome].better.favours(-1.0) { ["better", "worse"] } else { ["worse", "better"] };
    let mut text =
        format!("{:label_width$}  ◀ {}{:>fill$} ▶\n", "", better[0], better[1], fill = WIDTH - 4 - better[0].len());
    let mut heading = String::new();
    for row in &rows {
        if row.heading != heading {
            heading.clone_from(&row.heading);
            text.push_str(&format!("{heading}\n"));
        }
        let padding = label_width - row.label.width();
        text.push_str(&format!("{}{:padding$}  {}  {}\n", row.label, "", scale.line(&row.estimate), row.numbers));
    }
    text.push_str(&format!("{:label_width$}  {}\n", "", scale.axis()));
    if let Some(meaningful) = layout.outcomes[outcome].meaningful {
        text.push_str(&format!("{:label_width$}  ┊ {meaningful} points: the difference that matters\n", ""));
    }
    Some(text)
}

/// One line of the forest.
struct Row {
    heading: String,
    label: String,
    estimate: Estimate,
    numbers: String,
}

fn rows(plan: &Plan, layout: &Layout, analysis: &Analysis, outcome: usize) -> Vec<Row> {
    let reference = layout.reference_arm();
    let has_reference = plan.contrasts.iter().any(|contrast| contrast.versus == reference);
    let shown = |contrast: &&(usize, Contrast)| !has_reference || contrast.1.versus == reference;
    let contrasts: Vec<(usize, Contrast)> = plan.contrasts.iter().copied().enumerate().collect();
    let mut rows = Vec::new();
    for &(position, contrast) in contrasts.iter().filter(shown) {
        for fit in analysis.fits.iter().filter(|fit| fit.outcome == outcome) {
            let Ok(estimate) = fit.contrasts[position] else { continue };
            rows.push(Row {
                heading: format!("{} - {}", layout.arms[contrast.arm].label, layout.arms[contrast.versus].label),
                label: format!("  {}", layout.visits[fit.visit].label()),
                estimate,
                numbers: format!("{} ({})", fixed(estimate.value, 1), interval(estimate.lower, estimate.upper, 1)),
            });
        }
    }
    rows
}

/// From points to columns.
struct Scale {
    low: f64,
    high: f64,
    meaningful: Option<f64>,
}

impl Scale {
    fn around(rows: &[Row], meaningful: Option<f64>) -> Option<Self> {
        let reach = meaningful.unwrap_or(0.0);
        let low = rows.iter().map(|row| row.estimate.lower).fold(-reach, f64::min);
        let high = rows.iter().map(|row| row.estimate.upper).fold(reach, f64::max);
        (!rows.is_empty() && high > low).then_some(Self { low, high, meaningful })
    }

    fn column(&self, points: f64) -> usize {
        (((points - self.low) / (self.high - self.low)) * (WIDTH - 1) as f64).round() as usize
    }

    fn line(&self, estimate: &Estimate) -> String {
        let mut cells = vec![' '; WIDTH];
        for threshold in self.meaningful.into_iter().flat_map(|m| [-m, m]) {
            cells[self.column(threshold)] = '┊';
        }
        cells[self.column(0.0)] = '│';
        let (lower, upper) = (self.column(estimate.lower), self.column(estimate.upper));
        cells[lower..=upper].fill('─');
        cells[lower] = '├';
        cells[upper] = '┤';
        cells[self.column(estimate.value)] = '●';
        cells.into_iter().collect::<String>()
    }

    /// Whole numbers under the drawing, as many as fit.
    fn axis(&self) -> String {
        let span = self.high - self.low;
        let steps = [0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 10.0, 20.0, 50.0, 100.0];
        let step = steps.into_iter().find(|step| span / step <= 8.0).unwrap_or(span / 4.0);
        let decimals = usize::from(step < 1.0);
        let mut text = vec![' '; WIDTH + 6];
        let mut tick = (self.low / step).ceil();
        while tick * step <= self.high {
            let label = fixed(tick * step, decimals);
            let start = self.column(tick * step).saturating_sub(label.len() / 2);
            for (place, letter) in label.chars().enumerate() {
                text[start + place] = letter;
            }
            tick += 1.0;
        }
        text.into_iter().collect::<String>().trim_end().to_owned()
    }
}

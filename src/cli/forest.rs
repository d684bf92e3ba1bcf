//! The terminal forest: contrasts of one outcome as intervals on one line each, with no difference and the meaningful one; ratios on a
//! logarithmic axis.

use unicode_width::UnicodeWidthStr;

use crate::numeric::round_numbers::{round_numbers, round_step};
use crate::report::figures::Analysed;
use crate::report::numbers::{amount, decimals, fixed, interval, two_digits};
use crate::trial::{Estimate, Measure};

/// Columns of the drawing between label and numbers.
const WIDTH: usize = 46;

/// Draws the contrasts with the reference arm (all contrasts where the plan has none such), or nothing without any estimate.
pub fn draw(trial: Analysed, outcome: usize) -> Option<String> {
    let layout = &trial.data.layout;
    let about = &layout.outcomes[outcome];
    let rows = rows(trial, outcome);
    let meaningful = trial.plan.meaningful(layout, outcome);
    let scale = Scale::around(&rows, meaningful, trial.plan.measure())?;
    let label_width = rows.iter().map(|row| row.label.width()).max().unwrap_or(0);
    let mut text = String::new();
    if let Some(better) = trial.plan.better(layout, outcome) {
        let [left, right] = if better.favours(-1.0) { ["better", "worse"] } else { ["worse", "better"] };
        let fill = WIDTH - 4 - left.len();
        text.push_str(&format!("{:label_width$}  ◀ {left}{right:>fill$} ▶\n", ""));
    }
    let mut heading = "";
    for row in &rows {
        if row.heading != heading {
            heading = &row.heading;
            text.push_str(&format!("{heading}\n"));
        }
        let padding = label_width - row.label.width();
        text.push_str(&format!("{}{:padding$}  {}  {}\n", row.label, "", scale.line(&row.estimate), row.numbers));
    }
    text.push_str(&format!("{:label_width$}  {}\n", "", scale.axis()));
    if let Some(meaningful) = meaningful {
        let amount = amount(&meaningful.to_string(), about);
        text.push_str(&format!("{:label_width$}  ┊ {amount}: the difference that matters\n", ""));
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

fn rows(trial: Analysed, outcome: usize) -> Vec<Row> {
    let Analysed { plan, data, analysis, .. } = trial;
    let layout = &data.layout;
    let decimals = decimals(plan, layout, analysis, outcome);
    let measure = plan.measure();
    let mut rows = Vec::new();
    for contrast in plan.contrasts_with(layout.reference_arm()) {
        for fit in analysis.fits.iter().filter(|fit| fit.outcome == outcome) {
            let Some(Ok(estimate)) = fit.estimate_of(plan, contrast) else { continue };
            let [value, lower, upper] =
                [estimate.value, estimate.lower, estimate.upper].map(|own| measure.reported(own));
            rows.push(Row {
                heading: format!("{} - {}", layout.arms[contrast.arm].label, layout.arms[contrast.versus].label),
                label: format!("  {}", layout.visits[fit.visit].label()),
                estimate,
                numbers: format!("{} ({})", fixed(value, decimals), interval(lower, upper, decimals)),
            });
        }
    }
    rows
}

/// From points, or logarithms of ratios, to columns.
struct Scale {
    low: f64,
    high: f64,
    meaningful: Option<f64>,
    measure: Measure,
}

impl Scale {
    fn around(rows: &[Row], meaningful: Option<f64>, measure: Measure) -> Option<Self> {
        let reach = meaningful.unwrap_or(0.0);
        let low = rows.iter().map(|row| row.estimate.lower).fold(-reach, f64::min);
        let high = rows.iter().map(|row| row.estimate.upper).fold(reach, f64::max);
        (!rows.is_empty() && high > low).then_some(Self { low, high, meaningful, measure })
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

    /// Round numbers under the drawing, as many as fit without touching.
    fn axis(&self) -> String {
        let mut text = String::new();
        for (at, label) in if self.measure.is_ratio() { self.ratios() } else { self.differences() } {
            let start = self.column(at).saturating_sub(label.len() / 2);
            let room = start.checked_sub(text.len());
            match room {
                Some(room) if room > 0 || text.is_empty() => text.push_str(&format!("{:room$}{label}", "")),
                _ => {}
            }
        }
        text
    }

    fn differences(&self) -> Vec<(f64, String)> {
        let step = round_step(self.high - self.low, 8);
        let decimals = two_digits(step).saturating_sub(1);
        round_numbers(self.low, self.high, step).into_iter().map(|tick| (tick, fixed(tick, decimals))).collect()
    }

    /// Ratios such as 0.5, 1 and 2, or where the axis is too short for those, round ones at equal steps.
    fn ratios(&self) -> Vec<(f64, String)> {
        let within = |ratio: &f64| (self.low..=self.high).contains(&ratio.ln());
        let decades = (-6..=6).flat_map(|power| [1.0, 2.0, 5.0].map(|first| first * 10f64.powi(power)));
        let few: Vec<f64> = decades.filter(within).collect();
        let ratios = if few.len() > 2 {
            few
        } else {
            let (low, high) = (self.low.exp(), self.high.exp());
            round_numbers(low, high, round_step(high - low, 6)).into_iter().collect()
        };
        let label = |ratio: f64| {
            let text = fixed(ratio, 6);
            text.trim_end_matches('0').trim_end_matches('.').to_owned()
        };
        ratios.into_iter().map(|ratio| (ratio.ln(), label(ratio))).collect()
    }
}

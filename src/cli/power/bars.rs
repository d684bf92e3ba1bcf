//! The power curve in a terminal: a line for each number that was tried, a bar from 0, its interval, and the target.

use unicode_width::UnicodeWidthStr;

use crate::numeric::distributions::normal_two_sided_quantile;
use crate::operating_characteristics::sample_size::{PowerPoint, Search};
use crate::report::numbers::{fixed, interval};

/// Columns from 0 to 1.
const WIDTH: usize = 50;

/// Draws the points of a search; `heading` says what their numbers are, `own` is that of the scenario.
pub fn draw(found: &Search, heading: &str, own: u64) -> String {
    let label = |point: &PowerPoint| point.value.to_string();
    let width = found.points.iter().map(|point| label(point).width()).max().unwrap_or(0).max(heading.width());
    let mut text = format!(" {heading:>width$}  {}  power (95% interval)   trials\n", axis());
    for point in &found.points {
        let [low, high] = point.interval(normal_two_sided_quantile(0.05));
        let mark = if point.fitted.is_some() { "" } else { " ·" };
        let own = if point.value == own { " as it is" } else { "" };
        text.push_str(&format!(
            " {:>width$}  {}  {} ({})  {:>7}{mark}{own}\n",
            label(point),
            bar(point.power(), [low, high], found.goal.target),
            fixed(point.power(), 3),
            interval(low, high, 3),
            point.tally.successes.of,
        ));
    }
    text.push_str(&format!(
        " {:width$}  ┊ {}: the target\n",
        "",
        crate::report::power_words::percent(found.goal.target)
    ));
    if found.line.is_some() && found.points.iter().any(|point| point.fitted.is_none()) {
        text.push_str(&format!(" {:width$}  · too far from the target to have a say in the answer\n", ""));
    }
    text
}

/// Round numbers above the bars.
fn axis() -> String {
    let mut text = String::new();
    for tick in ["0", "0.2", "0.4", "0.6", "0.8"] {
        text.push_str(&format!("{tick:<width$}", width = WIDTH / 5));
    }
    text.push('1');
    text
}

/// A bar up to the lower end of the interval, the interval, and the target.
fn bar(power: f64, [low, high]: [f64; 2], target: f64) -> String {
    let column = |share: f64| ((share * WIDTH as f64).round() as usize).min(WIDTH);
    let mut cells = vec![' '; WIDTH + 1];
    cells[..column(power)].fill('█');
    cells[column(low)..=column(high)].fill('▒');
    cells[column(target)] = '┊';
    cells.into_iter().collect()
}

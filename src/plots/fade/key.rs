//! The key of the fade: what its marks mean.

use super::super::canvas::{Canvas, TextLook};
use super::super::frame::{LEADING, MARGIN, SMALL};
use super::super::marks::{self, MARKER, SAMPLE};
use super::super::text_width::{widest, wrap};
use super::super::theme::{ArmStyle, Theme};
use super::{FadeNumbers, FadePanel, amount};

/// Width and opacity of the expected curve.
pub(super) const EXPECTED: (f64, f64) = (4.0, 0.4);

/// How published differences look: hollow and grey, with the arm's marker.
pub(super) fn published_style(theme: &Theme, style: ArmStyle) -> ArmStyle {
    ArmStyle { colour: theme.quiet, hollow: true, ..style }
}

/// What the marks mean, in rows that break where the picture ends; returns where the next may begin.
pub(super) fn draw(canvas: &mut Canvas, theme: &Theme, numbers: &FadeNumbers, width: f64, top: f64) -> f64 {
    let any = |has: fn(&FadePanel) -> bool| numbers.panels.iter().any(has);
    let interval = if numbers.interval.trim().is_empty() { "interval" } else { numbers.interval.trim() };
    let mut entries = vec![(KeyMark::Estimate, format!("estimate, {interval}"))];
    if any(|panel| !panel.expected.is_empty()) {
        entries.push((KeyMark::Expected, "expected".to_owned()));
    }
    if any(|panel| !panel.published.is_empty()) {
        entries.push((KeyMark::Published, "published".to_owned()));
    }
    if let Some(band) = &numbers.meaningful {
        entries
            .push((KeyMark::Band, format!("less than {} either way", amount(band.points.abs(), &numbers.score.unit))));
    }
    if numbers.panels.iter().all(|panel| panel.points.is_empty()) {
        entries.remove(0);
    }
    let (mut x, mut y) = (MARGIN, top + SMALL);
    for (mark, words) in entries {
        let lines = wrap(&words, SMALL, false, width - 2.0 * MARGIN - SAMPLE - 8.0);
        let room = SAMPLE + 8.0 + widest(&lines, SMALL, false);
        if x > MARGIN && x + room > width - MARGIN {
            (x, y) = (MARGIN, y + SMALL * LEADING + 4.0);
        }
        key_mark(canvas, theme, mark, (x, y - 0.36 * SMALL));
        canvas.text_lines((x + SAMPLE + 8.0, y), &lines, SMALL * LEADING, TextLook::new(SMALL, theme.quiet));
        x += room + 24.0;
        y += (lines.len() - 1) as f64 * SMALL * LEADING;
    }
    y + 12.0
}

enum KeyMark {
    Estimate,
    Expected,
    Published,
    Band,
}

fn key_mark(canvas: &mut Canvas, theme: &Theme, mark: KeyMark, (left, y): (f64, f64)) {
    let middle = left + SAMPLE / 2.0;
    let style = ArmStyle { colour: theme.ink, ..theme.arm(0) };
    match mark {
        KeyMark::Estimate => {
            marks::whiskers(canvas, middle, (y - 1.9 * MARKER, y + 1.9 * MARKER), style.colour);
            marks::marker(canvas, (middle, y), style, theme.background);
        }
        KeyMark::Published => {
            marks::whiskers(canvas, middle, (y - 1.9 * MARKER, y + 1.9 * MARKER), theme.quiet);
            marks::marker(canvas, (middle, y), published_style(theme, style), theme.background);
        }
        KeyMark::Expected => {
            canvas.faint_line(&[(left, y), (left + SAMPLE, y)], EXPECTED.0, theme.ink, EXPECTED.1);
        }
        KeyMark::Band => canvas.rectangle((left, y - 8.0), (left + SAMPLE, y + 8.0), theme.band),
    }
}

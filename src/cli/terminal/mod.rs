//! Pictures for a terminal: the numbers of the pictures drawn with characters, one file per picture.
//!
//! Every picture has the same shape, `draw(&numbers, &Screen) -> String`, and takes the numbers that are drawn as SVG elsewhere
//! (`crate::plots`): nothing is computed twice. What several need stands in [`chart`] (lines over a horizontal axis) and
//! [`intervals`] (estimates with intervals, one to a row). Nothing here prints.
//!
//! Characters are those of Unicode's box drawing, block and Braille sets; `--ascii` replaces them one by one where text leaves the
//! program (`cli/ascii.rs`).

mod braille;
mod cells;
pub mod chart;
pub mod ink;
pub mod intervals;

pub mod cdf;
pub mod dose;
pub mod fade;
pub mod flow;
pub mod forest;
pub mod improve;
pub mod means;
pub mod power;
pub mod thumbnails;
pub mod zip;

use super::output::{Console, screen_width};

/// Columns a picture has at least: a narrower terminal breaks its lines.
const NARROWEST: usize = 40;
/// Columns a picture has at most: wider ones read no better.
const WIDEST: usize = 110;
/// Columns where there is no terminal to ask.
const USUAL: usize = 80;

/// What a picture is drawn on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Screen {
    /// Columns that may be written on.
    pub width: usize,
    /// Whether colours may be used.
    pub colour: bool,
}

impl Screen {
    /// The terminal that results go to, or a page of the usual width.
    pub fn of(console: &Console) -> Self {
        Self { colour: console.colours_results(), ..Self::plain() }
    }

    /// The same without colours.
    pub fn plain() -> Self {
        // The last column stays free: some terminals begin a new line behind it.
        let width = screen_width().map_or(USUAL, |width| width.saturating_sub(1).clamp(NARROWEST, WIDEST));
        Self { width, colour: false }
    }

    /// Prose broken between words, each line ending in a line break.
    pub fn prose(&self, text: &str) -> String {
        textwrap::wrap(text, self.width).iter().map(|line| format!("{line}\n")).collect()
    }
}

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
pub mod grid;
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
        let own = Self { colour: console.colours_results(), ..Self::plain() };
        // A file is the same whatever terminal it was written from.
        if console.file().is_some() { Self { width: USUAL, ..own } } else { own }
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

#[cfg(test)]
mod tests {
    use unicode_width::UnicodeWidthStr;

    use super::*;
    use crate::analysis::analyse;
    use crate::cli::ascii;
    use crate::cohort;
    use crate::report::figures::{self, Analysed};
    use crate::scenario;

    /// The pictures of one trial of a built-in scenario.
    fn pictures(name: &str, screen: &Screen) -> Vec<(&'static str, String)> {
        let loaded = scenario::read(scenario::built_in(name).unwrap(), &[]).unwrap();
        let own = &loaded.scenario;
        let data = cohort::generate(own, 0);
        let analysis = analyse(&own.plan, &data);
        let trial = Analysed { plan: &own.plan, data: &data, analysis: &analysis, scenario: Some(own), published: &[] };
        let visits: Vec<usize> = (1..data.layout.visits.len()).collect();
        vec![
            ("flow", flow::draw(&figures::flow(trial), screen)),
            ("means", means::draw(&figures::trajectories(trial, 0), screen)),
            ("fade", fade::draw(&figures::fade(trial, 0), screen)),
            ("dose", figures::dose(trial, 0).map(|numbers| dose::draw(&numbers, screen)).unwrap_or_default()),
            ("forest", forest::draw(&figures::forest(trial, &own.plan.outcomes), screen)),
            ("improve", figures::improve(trial, 0).map(|numbers| improve::draw(&numbers, screen)).unwrap_or_default()),
            ("cdf", cdf::draw(&figures::responders(trial, 0, &visits).unwrap(), screen)),
        ]
    }

    #[test]
    fn pictures_keep_to_the_width_of_the_terminal() {
        for width in [NARROWEST, 60, 79, WIDEST] {
            for name in ["chronic-low-back-pain", "boosters-monthly", "four-arms"] {
                for (picture, text) in pictures(name, &Screen { width, colour: false }) {
                    for line in text.lines() {
                        assert!(line.width() <= width, "{name}, {picture} at {width}: {line}");
                    }
                }
            }
        }
    }

    #[test]
    fn in_ascii_every_character_keeps_its_place() {
        for (picture, text) in pictures("four-arms", &Screen { width: 79, colour: false }) {
            let spelled = ascii::spelled(&text);
            assert!(spelled.is_ascii(), "{picture}");
            for (line, spelled) in text.lines().zip(spelled.lines()) {
                assert_eq!(line.width(), spelled.len(), "{picture}: {line}");
            }
        }
    }

    #[test]
    fn colour_adds_nothing_but_colour() {
        let with = pictures("chronic-low-back-pain", &Screen { width: 79, colour: true });
        let without = pictures("chronic-low-back-pain", &Screen { width: 79, colour: false });
        for ((picture, with), (_, without)) in with.iter().zip(&without) {
            assert!(with.contains("\u{1b}[38;5;"), "{picture}");
            let mut plain = String::new();
            for part in with.split('\u{1b}') {
                plain.push_str(part.strip_prefix('[').and_then(|rest| Some(rest.split_once('m')?.1)).unwrap_or(part));
            }
            assert_eq!(&plain, without, "{picture}");
        }
    }
}

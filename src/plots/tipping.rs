//! Tipping: how much worse than imputed the missing scores of two arms would have to be before what a trial concludes changes, one panel per
//! contrast.

use super::canvas::{Anchor, Canvas, Place, TextLook};
use super::figures::plain;
use super::frame::{self, LABEL, LEADING, MARGIN, SMALL};
use super::scale::Scale;
use super::svg::Svg;
use super::text_width::{estimate, wrap};
use super::theme::{Colour, Room, Theme};
use crate::numeric::round_numbers::{round_numbers, round_step};

/// Everything the picture shows.
#[derive(Debug, Clone, PartialEq)]
pub struct TippingNumbers {
    /// One sentence that says what is to be seen.
    pub title: String,
    /// What is compared, and when.
    pub subject: String,
    /// What the deltas count, e.g. `points`.
    pub unit: String,
    /// What readers call the arm along the lower axis.
    pub across: String,
    /// What readers call the arm along the upright axis; `None` where there is one arm only.
    pub up: Option<String>,
    /// Deltas along both axes.
    pub deltas: Vec<f64>,
    /// One panel per contrast.
    pub panels: Vec<TippingPanel>,
    /// Further captions.
    pub captions: Vec<String>,
}

/// The surface of one contrast.
#[derive(Debug, Clone, PartialEq)]
pub struct TippingPanel {
    /// The contrast, as a reader sees it.
    pub label: String,
    /// What is concluded at each point: the delta of the upright axis changes fastest.
    pub regions: Vec<Region>,
    /// The p-value at each point less alpha, counted below 0 where something is concluded: the boundary is where it is 0.
    pub above_alpha: Vec<f64>,
}

/// What is concluded at a point.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Region {
    /// The first arm is better.
    Better,
    /// Nothing.
    Neither,
    /// The first arm is worse.
    Worse,
}

impl Region {
    /// The conclusion in a word or two.
    pub fn words(self) -> &'static str {
        match self {
            Self::Better => "better",
            Self::Neither => "cannot tell",
            Self::Worse => "worse",
        }
    }
}

/// Room to the left of a panel for its ticks.
const LEFT: f64 = 34.0;
/// Room between two panels.
const BETWEEN: f64 = 30.0;
/// A panel is at most so wide, and so high.
const MOST: f64 = 380.0;
/// Height of a panel of one arm.
const STRIP: f64 = 46.0;
/// Width of the line where a conclusion changes.
const BOUNDARY: f64 = 2.4;
/// Of two areas of one colour beside each other the outlines cover the seam.
const SEAM: f64 = 0.8;

/// Draws the picture.
pub fn draw(numbers: &TippingNumbers, theme: &Theme) -> Svg {
    let mut canvas = Canvas::new(theme.background);
    let room = theme.width();
    let mut top = frame::head(&mut canvas, theme, &numbers.title, false, room);
    let lines = wrap(&numbers.subject, LABEL, false, room - 2.0 * MARGIN);
    canvas.text_lines((MARGIN, top + LABEL), &lines, LABEL * LEADING, TextLook::new(LABEL, theme.ink));
    top += lines.len() as f64 * LABEL * LEADING + 16.0;
    let is_square = numbers.up.is_some();
    let per_row = if is_square && theme.room == Room::Page { numbers.panels.len().clamp(1, 2) } else { 1 };
    let width = (room - 2.0 * MARGIN - (per_row - 1) as f64 * BETWEEN) / per_row as f64 - LEFT;
    let width = if is_square { width.min(MOST) } else { width };
    for row in numbers.panels.chunks(per_row) {
        let lines = row.iter().map(|panel| heading(numbers, panel, width).len()).max().unwrap_or(0);
        let below = top + lines as f64 * SMALL * LEADING + 10.0;
        let mut bottom: f64 = below;
        for (place, panel) in row.iter().enumerate() {
            let left = MARGIN + LEFT + place as f64 * (width + LEFT + BETWEEN);
            let panel = Panel { numbers, panel, axes: Axes::new(numbers, (left, below, width)) };
            panel.head(&mut canvas, theme, (top, width));
            panel.draw(&mut canvas, theme);
            bottom = bottom.max(panel.ticks(&mut canvas, theme));
        }
        top = bottom + 20.0;
    }
    let height = frame::foot(&mut canvas, theme, &numbers.captions, top, room);
    canvas.finish(room, height, &numbers.title, &description(numbers))
}

/// What stands above a panel: the contrast in bold, then what the upright axis counts, and regions too narrow for their words; whether each
/// line is bold.
fn heading(numbers: &TippingNumbers, panel: &TippingPanel, width: f64) -> Vec<(String, bool)> {
    let mut lines: Vec<_> = wrap(&panel.label, LABEL, true, width).into_iter().map(|line| (line, true)).collect();
    if let Some(up) = &numbers.up {
        let words = wrap(&format!("Upward: {} worse in {up}", numbers.unit), SMALL, false, width);
        lines.extend(words.into_iter().map(|line| (line, false)));
    }
    // Words fit or not wherever the panel is.
    let drawn = Panel { numbers, panel, axes: Axes::new(numbers, (0.0, 0.0, width)) };
    for (region, _) in drawn.words().into_iter().filter(|(_, place)| place.is_none()) {
        let strip = if region == Region::Neither { "The white strip" } else { "The filled strip" };
        let words = wrap(&format!("{strip}: {}", region.words()), SMALL, false, width);
        lines.extend(words.into_iter().map(|line| (line, false)));
    }
    lines
}

/// Where deltas are on a panel.
struct Axes {
    x: Scale,
    y: Scale,
    /// Left, top, width and height of the panel.
    frame: (f64, f64, f64, f64),
}

impl Axes {
    fn new(numbers: &TippingNumbers, (left, top, width): (f64, f64, f64)) -> Self {
        let range = (numbers.deltas.first().copied().unwrap_or(0.0), numbers.deltas.last().copied().unwrap_or(1.0));
        let height = if numbers.up.is_some() { width } else { STRIP };
        Self {
            x: Scale::new(range, (left, left + width)),
            y: Scale::new(range, (top + height, top)),
            frame: (left, top, width, height),
        }
    }
}

/// One panel while it is drawn.
struct Panel<'a> {
    numbers: &'a TippingNumbers,
    panel: &'a TippingPanel,
    axes: Axes,
}

/// A corner of a square of the surface: its place, and how far it is from being concluded, below 0 where it is.
type Corner = (Place, f64);

impl Panel<'_> {
    fn head(&self, canvas: &mut Canvas, theme: &Theme, (top, width): (f64, f64)) {
        let lines = heading(self.numbers, self.panel, width);
        for (place, (line, is_bold)) in lines.iter().enumerate() {
            let look =
                if *is_bold { TextLook::new(LABEL, theme.ink).bold() } else { TextLook::new(SMALL, theme.quiet) };
            let baseline = top + LABEL + place as f64 * SMALL * LEADING;
            canvas.text((self.axes.frame.0, baseline), line, look);
        }
    }

    fn draw(&self, canvas: &mut Canvas, theme: &Theme) {
        let (left, top, width, height) = self.axes.frame;
        for region in [Region::Better, Region::Worse] {
            self.squares(region).iter().for_each(|corners| {
                let mut area = inside(corners);
                if area.len() > 2 {
                    canvas.area(&area, colour(theme, region));
                    area.push(area[0]);
                    canvas.line(&area, SEAM, colour(theme, region));
                }
            });
        }
        for region in [Region::Better, Region::Worse] {
            for corners in self.squares(region) {
                crossed(&corners).chunks_exact(2).for_each(|pair| canvas.line(pair, BOUNDARY, theme.ink));
            }
        }
        let outline = [(left, top), (left + width, top), (left + width, top + height), (left, top + height)];
        frame::frame_line(canvas, &outline, theme.line);
        self.name_regions(canvas, theme);
        let up = if self.numbers.up.is_some() { self.axes.y.place(0.0) } else { top + 0.5 * height };
        canvas.disc((self.axes.x.place(0.0), up), 6.5, theme.background);
        canvas.disc((self.axes.x.place(0.0), up), 5.0, theme.ink);
    }

    /// The squares between neighbouring points, or for one arm the pieces of the strip between two, for one region.
    fn squares(&self, region: Region) -> Vec<Vec<Corner>> {
        let n = self.numbers.deltas.len();
        let rows = if self.numbers.up.is_some() { n } else { 1 };
        let away = |a: usize, b: usize| {
            let cell = a * rows + b;
            let away = self.panel.above_alpha.get(cell).copied().unwrap_or(f64::NAN);
            // Where another arm is better, this region is as far away as that one is certain.
            if self.panel.regions.get(cell) == Some(&region) { away } else { away.abs().max(f64::MIN_POSITIVE) }
        };
        let (_, top, _, height) = self.axes.frame;
        let x = |a: usize| self.axes.x.place(self.numbers.deltas[a]);
        let mut squares = Vec::new();
        for a in 0..n.saturating_sub(1) {
            if rows == 1 {
                let corner = |a: usize, y: f64| ((x(a), y), away(a, 0));
                let bottom = top + height;
                squares.push(vec![corner(a, top), corner(a + 1, top), corner(a + 1, bottom), corner(a, bottom)]);
                continue;
            }
            for b in 0..n - 1 {
                let corner = |a: usize, b: usize| ((x(a), self.axes.y.place(self.numbers.deltas[b])), away(a, b));
                squares.push(vec![corner(a, b), corner(a + 1, b), corner(a + 1, b + 1), corner(a, b + 1)]);
            }
        }
        squares
    }

    /// A word in each region, where it is widest; one that fits nowhere stands in the heading.
    fn name_regions(&self, canvas: &mut Canvas, theme: &Theme) {
        for (region, place) in self.words() {
            if let Some((x, y)) = place {
                let look = TextLook::new(SMALL, theme.ink).anchored(Anchor::Middle);
                canvas.text((x, y + 0.36 * SMALL), region.words(), look);
            }
        }
    }

    /// The regions that there are, and where the word of each fits, if anywhere.
    fn words(&self) -> Vec<(Region, Option<Place>)> {
        let n = self.numbers.deltas.len();
        let rows = if self.numbers.up.is_some() { n } else { 1 };
        let (left, top, width, height) = self.axes.frame;
        let place = |cell: usize| {
            let y = if rows > 1 { self.axes.y.place(self.numbers.deltas[cell % rows]) } else { top + 0.5 * height };
            (self.axes.x.place(self.numbers.deltas[cell / rows]), y)
        };
        let middle = |(a, b): (Place, Place)| (0.5 * (a.0 + b.0), 0.5 * (a.1 + b.1));
        let boundary: Vec<Place> = [Region::Better, Region::Worse]
            .into_iter()
            .flat_map(|region| self.squares(region))
            .flat_map(|corners| {
                let ends = crossed(&corners);
                let middles: Vec<Place> = ends.chunks_exact(2).map(|pair| middle((pair[0], pair[1]))).collect();
                ends.into_iter().chain(middles)
            })
            .collect();
        let mut words = Vec::new();
        for region in [Region::Better, Region::Neither, Region::Worse] {
            let half = (0.5 * estimate(region.words(), SMALL, false) + 4.0, 0.7 * SMALL);
            let is_own = |cell: &usize| self.panel.regions.get(*cell) == Some(&region);
            let mut own: Vec<Place> = (0..n * rows).filter(is_own).map(place).collect();
            if own.is_empty() {
                continue;
            }
            if region != Region::Neither {
                let areas = self.squares(region);
                let areas = areas.iter().map(|corners| inside(corners)).filter(|area| area.len() > 2);
                own.extend(areas.map(|area| {
                    let sum = area.iter().fold((0.0, 0.0), |sum, place| (sum.0 + place.0, sum.1 + place.1));
                    (sum.0 / area.len() as f64, sum.1 / area.len() as f64)
                }));
            }
            let others = (0..n * rows).filter(|cell| !is_own(cell)).map(place).chain(boundary.iter().copied());
            let others: Vec<Place> = others.collect();
            // How often the word fits between a place and the nearest that is not of the region, the boundary, an edge or the dot.
            let air = |(x, y): Place| {
                let from = |other: &Place| ((other.0 - x).abs() / half.0).max((other.1 - y).abs() / half.1);
                let edges = ((x - left) / half.0).min((left + width - x) / half.0);
                let edges =
                    if rows > 1 { edges.min((y - top) / half.1).min((top + height - y) / half.1) } else { edges };
                others.iter().map(from).fold(edges, f64::min)
            };
            let best = own.into_iter().map(|place| (place, air(place))).max_by(|a, b| a.1.total_cmp(&b.1));
            words.push((region, best.filter(|(_, air)| *air >= 1.0).map(|(place, _)| place)));
        }
        words
    }

    /// Ticks of both axes and the name of the lower one; returns where the panel ends.
    fn ticks(&self, canvas: &mut Canvas, theme: &Theme) -> f64 {
        let (left, top, width, height) = self.axes.frame;
        let (low, high) = self.axes.x.values();
        let bottom = top + height;
        let middle = TextLook::new(SMALL, theme.quiet).anchored(Anchor::Middle);
        for tick in round_numbers(low, high, round_step(high - low, 5)) {
            let x = self.axes.x.place(tick);
            canvas.line(&[(x, bottom), (x, bottom + 5.0)], 1.2, theme.line);
            canvas.text((x, bottom + 8.0 + SMALL), &plain(tick), middle);
            if self.numbers.up.is_some() {
                let y = self.axes.y.place(tick);
                canvas.line(&[(left - 5.0, y), (left, y)], 1.2, theme.line);
                let look = TextLook::new(SMALL, theme.quiet).anchored(Anchor::End);
                canvas.text((left - 9.0, y + 0.36 * SMALL), &plain(tick), look);
            }
        }
        let way = if self.numbers.up.is_some() { "To the right: " } else { "" };
        let words = format!("{way}{} worse in {}", self.numbers.unit, self.numbers.across);
        let words = wrap(&words, SMALL, false, width);
        let baseline = bottom + 8.0 + SMALL + SMALL * LEADING + 4.0;
        canvas.text_lines((left, baseline), &words, SMALL * LEADING, TextLook::new(SMALL, theme.quiet));
        baseline + (words.len() as f64 - 1.0) * SMALL * LEADING
    }
}

fn colour(theme: &Theme, region: Region) -> Colour {
    match region {
        Region::Better => theme.arms[0].colour.toward(theme.background, 0.6),
        Region::Neither => theme.background,
        Region::Worse => theme.arms[1].colour.toward(theme.background, 0.45),
    }
}

/// The part of a square where something is concluded.
fn inside(corners: &[Corner]) -> Vec<Place> {
    let mut area = Vec::new();
    for (side, &(place, away)) in corners.iter().enumerate() {
        let (next, next_away) = corners[(side + 1) % corners.len()];
        if away < 0.0 {
            area.push(place);
        }
        area.extend(crossing((place, away), (next, next_away)));
    }
    area
}

/// Where the boundary comes into a square and leaves it.
fn crossed(corners: &[Corner]) -> Vec<Place> {
    let sides = (0..corners.len()).map(|side| (corners[side], corners[(side + 1) % corners.len()]));
    sides.filter_map(|(from, to)| crossing(from, to)).collect()
}

/// Where on the way from one corner to another the boundary is, if it is.
fn crossing((from, a): Corner, (to, b): Corner) -> Option<Place> {
    let is_crossed = (a < 0.0) != (b < 0.0) && a.is_finite() && b.is_finite();
    let share = a / (a - b);
    is_crossed.then_some((from.0 + share * (to.0 - from.0), from.1 + share * (to.1 - from.1)))
}

/// The picture in words.
fn description(numbers: &TippingNumbers) -> String {
    let mut text = format!("{}.", numbers.subject);
    for panel in &numbers.panels {
        let count = |region: Region| panel.regions.iter().filter(|&&own| own == region).count();
        let total = panel.regions.len().max(1);
        let shares: Vec<String> = [Region::Better, Region::Neither, Region::Worse]
            .into_iter()
            .filter(|&region| count(region) > 0)
            .map(|region| format!("{} at {} of {total} points", region.words(), count(region)))
            .collect();
        text.push_str(&format!(" {}: {}.", panel.label, shares.join(", ")));
    }
    numbers.captions.iter().for_each(|caption| text.push_str(&format!(" {caption}")));
    text
}

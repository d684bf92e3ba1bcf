//! Tipping: how much worse than imputed the missing scores of two arms would have to be before what a trial concludes changes, one panel per
//! contrast.

use super::canvas::{Anchor, Canvas, Place, TextLook};
use super::figures::plain;
use super::frame::{self, LABEL, LEADING, MARGIN, SMALL, WIDTH};
use super::scale::Scale;
use super::svg::Svg;
use super::text_width::wrap;
use super::theme::{Colour, Theme};
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
    fn words(self) -> &'static str {
        match self {
            Self::Better => "better",
            Self::Neither => "cannot tell",
            Self::Worse => "worse",
        }
    }
}

/// Room to the left of a panel for ticks and the name of the axis.
const LEFT: f64 = 66.0;
/// Room between two panels.
const BETWEEN: f64 = 26.0;
/// Height of a panel of one arm.
const STRIP: f64 = 46.0;

/// Draws the picture.
pub fn draw(numbers: &TippingNumbers, theme: &Theme) -> Svg {
    let mut canvas = Canvas::new(theme.background);
    let mut top = frame::head(&mut canvas, theme, &numbers.title, false, WIDTH);
    let lines = wrap(&numbers.subject, LABEL, false, WIDTH - 2.0 * MARGIN);
    canvas.text_lines((MARGIN, top + LABEL), &lines, LABEL * LEADING, TextLook::new(LABEL, theme.ink));
    top += lines.len() as f64 * LABEL * LEADING + 16.0;
    let per_row = if numbers.up.is_some() { numbers.panels.len().clamp(1, 2) } else { 1 };
    let width = (WIDTH - 2.0 * MARGIN - (per_row - 1) as f64 * BETWEEN) / per_row as f64 - LEFT;
    let width = if numbers.up.is_some() { width.min(380.0) } else { width };
    for row in numbers.panels.chunks(per_row) {
        let mut bottom: f64 = top;
        for (place, panel) in row.iter().enumerate() {
            let left = MARGIN + LEFT + place as f64 * (width + LEFT + BETWEEN);
            bottom = bottom.max(draw_panel(&mut canvas, theme, numbers, panel, (left, top, width)));
        }
        top = bottom + 18.0;
    }
    let height = frame::foot(&mut canvas, theme, &numbers.captions, top, WIDTH);
    canvas.finish(WIDTH, height, &numbers.title, &description(numbers))
}

fn draw_panel(
    canvas: &mut Canvas,
    theme: &Theme,
    numbers: &TippingNumbers,
    panel: &TippingPanel,
    (left, top, width): (f64, f64, f64),
) -> f64 {
    let names = wrap(&panel.label, LABEL, true, width);
    canvas.text_lines((left, top + LABEL), &names, LABEL * LEADING, TextLook::new(LABEL, theme.ink).bold());
    let top = top + names.len() as f64 * LABEL * LEADING + 8.0;
    let height = if numbers.up.is_some() { width } else { STRIP };
    let n = numbers.deltas.len();
    let (Some(&first), Some(&last)) = (numbers.deltas.first(), numbers.deltas.last()) else { return top };
    let half = if n > 1 { 0.5 * (last - first) / (n - 1) as f64 } else { 0.5 };
    let range = (first - half, last + half);
    let axes = Axes {
        x: Scale::new(range, (left, left + width)),
        y: Scale::new(range, (top + height, top)),
        strip: numbers.up.is_none().then_some((top, top + height)),
    };
    let rows = if numbers.up.is_some() { n } else { 1 };
    for (position, &region) in panel.regions.iter().enumerate() {
        let (a, b) = (numbers.deltas[position / rows], numbers.deltas[position % rows]);
        let from = (axes.x.place(a - half), axes.up(b + half, true));
        let to = (axes.x.place(a + half), axes.up(b - half, false));
        canvas.rectangle(from, to, colour(theme, region));
    }
    boundary(canvas, theme, numbers, panel, &axes);
    let outline = [(left, top), (left + width, top), (left + width, top + height), (left, top + height)];
    frame::frame_line(canvas, &outline, theme.line);
    name_regions(canvas, theme, numbers, panel, &axes);
    let origin = (axes.x.place(0.0), axes.up(0.0, false).min(top + height));
    let origin = if rows > 1 { (origin.0, axes.y.place(0.0)) } else { (origin.0, top + 0.5 * height) };
    canvas.disc(origin, 6.0, theme.background);
    canvas.disc(origin, 4.5, theme.ink);
    ticks(canvas, theme, numbers, &axes, (left, top, width, height))
}

/// Where deltas are on a panel.
struct Axes {
    x: Scale,
    y: Scale,
    /// Top and bottom of a panel of one arm.
    strip: Option<(f64, f64)>,
}

impl Axes {
    /// The height of a delta of the upright axis; of a strip its top or bottom.
    fn up(&self, delta: f64, is_top: bool) -> f64 {
        match self.strip {
            Some((top, bottom)) => {
                if is_top {
                    top
                } else {
                    bottom
                }
            }
            None => self.y.place(delta),
        }
    }
}

fn colour(theme: &Theme, region: Region) -> Colour {
    match region {
        Region::Better => theme.arms[0].colour.toward(theme.background, 0.55),
        Region::Neither => theme.background,
        Region::Worse => theme.arms[1].colour.toward(theme.background, 0.35),
    }
}

/// The line along which the p-value is alpha, square by square between four points.
fn boundary(canvas: &mut Canvas, theme: &Theme, numbers: &TippingNumbers, panel: &TippingPanel, axes: &Axes) {
    let n = numbers.deltas.len();
    let at = |a: usize, b: usize| panel.above_alpha.get(a * n + b).copied().unwrap_or(f64::NAN);
    if numbers.up.is_none() {
        for a in 0..n.saturating_sub(1) {
            let [from, to] = [a, a + 1].map(|a| panel.above_alpha.get(a).copied().unwrap_or(f64::NAN));
            if let Some(share) = crossing(from, to) {
                let x = axes.x.place(numbers.deltas[a] + share * (numbers.deltas[a + 1] - numbers.deltas[a]));
                let (top, bottom) = axes.strip.unwrap_or_default();
                canvas.line(&[(x, top), (x, bottom)], 2.4, theme.ink);
            }
        }
        return;
    }
    for a in 0..n.saturating_sub(1) {
        for b in 0..n - 1 {
            let corners = [(a, b), (a + 1, b), (a + 1, b + 1), (a, b + 1)];
            let mut crossed: Vec<Place> = Vec::new();
            for side in 0..4 {
                let (from, to) = (corners[side], corners[(side + 1) % 4]);
                let Some(share) = crossing(at(from.0, from.1), at(to.0, to.1)) else { continue };
                let along =
                    |from: usize, to: usize| numbers.deltas[from] + share * (numbers.deltas[to] - numbers.deltas[from]);
                crossed.push((axes.x.place(along(from.0, to.0)), axes.y.place(along(from.1, to.1))));
            }
            for pair in crossed.chunks_exact(2) {
                canvas.line(pair, 2.4, theme.ink);
            }
        }
    }
}

/// Which share of the way from one number to another it is to 0.
fn crossing(from: f64, to: f64) -> Option<f64> {
    ((from < 0.0) != (to < 0.0) && from.is_finite() && to.is_finite()).then(|| from / (from - to))
}

/// A word in the middle of each region.
fn name_regions(canvas: &mut Canvas, theme: &Theme, numbers: &TippingNumbers, panel: &TippingPanel, axes: &Axes) {
    let n = numbers.deltas.len();
    let rows = if numbers.up.is_some() { n } else { 1 };
    for region in [Region::Better, Region::Neither, Region::Worse] {
        let own: Vec<usize> = (0..panel.regions.len()).filter(|&place| panel.regions[place] == region).collect();
        if own.len() < (panel.regions.len() / 12).max(2) {
            continue;
        }
        let mean = |of: &dyn Fn(usize) -> f64| own.iter().map(|&place| of(place)).sum::<f64>() / own.len() as f64;
        let x = axes.x.place(mean(&|place| numbers.deltas[place / rows]));
        let y = match axes.strip {
            Some((top, bottom)) => 0.5 * (top + bottom),
            None => axes.y.place(mean(&|place| numbers.deltas[place % rows])),
        };
        let look = TextLook::new(SMALL, theme.ink).anchored(Anchor::Middle);
        canvas.text((x, y + 0.36 * SMALL), region.words(), look);
    }
}

/// Ticks and names of both axes; returns where the panel ends.
fn ticks(
    canvas: &mut Canvas,
    theme: &Theme,
    numbers: &TippingNumbers,
    axes: &Axes,
    (left, top, width, height): (f64, f64, f64, f64),
) -> f64 {
    let (low, high) = (numbers.deltas.first().copied().unwrap_or(0.0), numbers.deltas.last().copied().unwrap_or(1.0));
    let bottom = top + height;
    let middle = TextLook::new(SMALL, theme.quiet).anchored(Anchor::Middle);
    for tick in round_numbers(low, high, round_step(high - low, 5)) {
        let x = axes.x.place(tick);
        canvas.line(&[(x, bottom), (x, bottom + 5.0)], 1.2, theme.line);
        canvas.text((x, bottom + 7.0 + SMALL), &plain(tick), middle);
        if numbers.up.is_some() {
            let y = axes.y.place(tick);
            canvas.line(&[(left - 5.0, y), (left, y)], 1.2, theme.line);
            let look = TextLook::new(SMALL, theme.quiet).anchored(Anchor::End);
            canvas.text((left - 9.0, y + 0.36 * SMALL), &plain(tick), look);
        }
    }
    let across = wrap(&format!("{} worse in {}", numbers.unit, numbers.across), SMALL, false, width);
    let baseline = bottom + 7.0 + SMALL + SMALL * LEADING + 3.0;
    canvas.text_lines((left + 0.5 * width, baseline), &across, SMALL * LEADING, middle);
    if let Some(up) = &numbers.up {
        // Upright text is not for everybody: the name stands above the axis, where it ends.
        let look = TextLook::new(SMALL, theme.quiet);
        let words = wrap(&format!("Upwards: {} worse in {up}", numbers.unit), SMALL, false, width);
        let below = baseline + across.len() as f64 * SMALL * LEADING;
        canvas.text_lines((left + 0.5 * width, below), &words, SMALL * LEADING, look.anchored(Anchor::Middle));
        return below + words.len() as f64 * SMALL * LEADING;
    }
    baseline + across.len() as f64 * SMALL * LEADING
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

//! Scenario grid: the measures of every cell of a sweep beside their targets, as lollies, as a nested loop, or as a heat map.

mod heat;
mod lolly;
mod nested_loop;
mod viridis;

use super::canvas::{Canvas, TextLook};
use super::figures::{decimals_for, figure, interval, plain};
use super::frame::{self, LABEL, LEADING, MARGIN, SMALL};
use super::marks::{self, LINE, SAMPLE};
use super::scale::extent;
use super::svg::Svg;
use super::text_width::{widest, wrap, wrap_evenly};
use super::theme::{ArmStyle, Theme};
use crate::numeric::round_numbers::round_step;

/// Everything the picture shows.
#[derive(Debug, Clone, PartialEq)]
pub struct GridNumbers {
    /// One sentence that says what is to be seen.
    pub title: String,
    /// What the measures are of, for the line under the title.
    pub subject: String,
    /// How it is drawn.
    pub form: GridForm,
    /// What is varied.
    pub factors: Vec<GridFactor>,
    /// The cells in their order.
    pub cells: Vec<GridCell>,
    /// The analyses, the main one first.
    pub methods: Vec<String>,
    /// One panel each.
    pub measures: Vec<GridMeasure>,
    /// A further caption.
    pub footnote: Option<String>,
}

/// A way of drawing the cells.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum GridForm {
    /// A row per cell, with a stem from the target to a dot.
    Lolly,
    /// Cells side by side, measures as steps, and what is varied as step lines below.
    Loop,
    /// A coloured field per cell with its number in it.
    Heat,
}

/// A setting that is varied.
#[derive(Debug, Clone, PartialEq)]
pub struct GridFactor {
    /// Its short name.
    pub name: String,
    /// Its values, as typed.
    pub levels: Vec<String>,
}

/// A cell.
#[derive(Debug, Clone, PartialEq)]
pub struct GridCell {
    /// Its number, from 1.
    pub number: usize,
    /// Per factor the place of its value among the levels.
    pub levels: Vec<usize>,
}

/// A measure of all cells.
#[derive(Debug, Clone, PartialEq)]
pub struct GridMeasure {
    /// Its name, e.g. `Bias`.
    pub name: String,
    /// Its unit; empty for none.
    pub unit: String,
    /// Whether it is a share from 0 to 1, written in per cent.
    pub is_share: bool,
    /// What is aimed at.
    pub target: GridTarget,
    /// The numbers, per cell and analysis.
    pub values: Vec<Vec<Option<GridValue>>>,
    /// Where the main analysis is nearest to the target.
    pub best: Option<GridPlace>,
    /// Where it is farthest from it.
    pub worst: Option<GridPlace>,
}

/// What is aimed at.
#[derive(Debug, Clone, PartialEq)]
pub struct GridTarget {
    /// The number from which stems begin.
    pub value: f64,
    /// The same in words.
    pub label: String,
    /// Whether it is a target in the proper sense, with a line and its number.
    pub is_drawn: bool,
}

/// A number with its Monte Carlo interval.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct GridValue {
    /// The number.
    pub value: f64,
    /// Ends of its interval.
    pub interval: Option<[f64; 2]>,
}

/// An analysis in a cell.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct GridPlace {
    /// Position of the cell.
    pub cell: usize,
    /// Position of the analysis.
    pub method: usize,
}

impl GridMeasure {
    /// A number as it is drawn: shares in per cent.
    fn shown(&self, value: f64) -> f64 {
        if self.is_share { 100.0 * value } else { value }
    }

    /// All numbers with their intervals as they are drawn, and the target.
    fn extent(&self) -> (f64, f64) {
        let values = self.values.iter().flatten().flatten();
        let all = values.flat_map(|own| own.interval.into_iter().flatten().chain([own.value]));
        extent(all.chain([self.target.value]).map(|value| self.shown(value))).unwrap_or((0.0, 1.0))
    }

    /// Decimals that tell numbers apart, in the unit of the picture.
    pub fn decimals(&self) -> usize {
        let (low, high) = self.extent();
        if self.is_share { 1 } else { decimals_for(round_step((high - low).max(1e-9), 5)).clamp(2, 4) }
    }

    /// A number in words, `0.012` or `94.8%`.
    fn written(&self, value: f64) -> String {
        let sign = if self.is_share { "%" } else { "" };
        format!("{}{sign}", figure(self.shown(value), self.decimals()))
    }

    /// `Bias (points)`.
    fn heading(&self) -> String {
        if self.unit.trim().is_empty() { self.name.clone() } else { format!("{} ({})", self.name, self.unit) }
    }

    /// `target 95%`; nothing without one.
    fn target_in_words(&self) -> Option<String> {
        self.target.is_drawn.then(|| format!("target {}", self.target.label))
    }

    /// Places with a name of their own.
    fn named(&self) -> impl Iterator<Item = (GridPlace, &'static str)> {
        [(self.best, "best"), (self.worst, "worst")].into_iter().filter_map(|(place, name)| Some((place?, name)))
    }

    fn value(&self, place: GridPlace) -> Option<GridValue> {
        *self.values.get(place.cell)?.get(place.method)?
    }
}

/// Draws the picture.
pub fn draw(numbers: &GridNumbers, theme: &Theme) -> Svg {
    let mut canvas = Canvas::new(theme.background);
    let width = match numbers.form {
        GridForm::Lolly => lolly::width(numbers, theme.width()),
        GridForm::Loop => nested_loop::width(numbers, theme.width()),
        GridForm::Heat => heat::width(numbers, theme.width()),
    };
    let mut top = frame::head(&mut canvas, theme, &numbers.title, true, width);
    let lines = wrap_evenly(&numbers.subject, LABEL, false, width - 2.0 * MARGIN);
    canvas.text_lines((MARGIN, top + LABEL), &lines, LABEL * LEADING, TextLook::new(LABEL, theme.ink));
    top += lines.len() as f64 * LABEL * LEADING + 14.0;
    if numbers.cells.is_empty() || numbers.measures.is_empty() {
        canvas.text((MARGIN, top + LABEL), "no cells to draw", TextLook::new(LABEL, theme.quiet));
        top += 2.0 * LABEL;
    } else {
        top = match numbers.form {
            GridForm::Lolly => lolly::draw(&mut canvas, theme, numbers, width, top),
            GridForm::Loop => nested_loop::draw(&mut canvas, theme, numbers, width, top),
            GridForm::Heat => heat::draw(&mut canvas, theme, numbers, width, top),
        };
    }
    let height = frame::foot(&mut canvas, theme, &captions(numbers), top, width);
    canvas.finish(width, height, &numbers.title, &description(numbers))
}

/// How an analysis looks.
fn style(theme: &Theme, method: usize) -> ArmStyle {
    theme.arm(method)
}

/// What the lines of several analyses mean, with their markers where these are drawn; returns where the next may begin.
fn key(canvas: &mut Canvas, theme: &Theme, numbers: &GridNumbers, markers: bool, width: f64, top: f64) -> f64 {
    if numbers.methods.len() < 2 {
        return top;
    }
    let (mut x, mut y) = (MARGIN, top + SMALL);
    for (method, name) in numbers.methods.iter().enumerate() {
        let lines = wrap(analysis(name), SMALL, false, width - 2.0 * MARGIN - SAMPLE - 8.0);
        let room = SAMPLE + 8.0 + widest(&lines, SMALL, false);
        if x > MARGIN && x + room > width - MARGIN {
            (x, y) = (MARGIN, y + SMALL * LEADING + 4.0);
        }
        let (style, left) = (style(theme, method), (x, y - 0.36 * SMALL));
        if markers {
            marks::sample(canvas, left, style, theme.background);
        } else {
            marks::arm_line(canvas, &[left, (x + SAMPLE, left.1)], LINE, style);
        }
        canvas.text_lines((x + SAMPLE + 8.0, y), &lines, SMALL * LEADING, TextLook::new(SMALL, theme.ink));
        y += (lines.len() - 1) as f64 * SMALL * LEADING;
        x += room + 24.0;
    }
    y + 16.0
}

/// A method as readers see it: `main` is the plan's own analysis.
pub fn analysis(name: &str) -> &str {
    if name == "main" { "main analysis" } else { name }
}

fn captions(numbers: &GridNumbers) -> Vec<String> {
    let own = match numbers.form {
        GridForm::Lolly => "Stems lead from the target to the dot, bars are 95% Monte Carlo intervals.",
        GridForm::Loop => {
            "Each step is a cell; bands are 95% Monte Carlo intervals. Below, a line per setting rises through its values in the order given."
        }
        GridForm::Heat => {
            "Colours go from the lowest number of a measure (dark) to its highest (light). Framed: best (unbroken) and worst (broken) cell."
        }
    };
    let power = numbers.measures.iter().any(|measure| measure.name == "Power");
    let best =
        if power { " Best is nearest to the target, of power the highest." } else { " Best is nearest to the target." };
    let several = match numbers.form {
        GridForm::Heat if numbers.methods.len() > 1 => " Shown is the main analysis.",
        _ if numbers.methods.len() > 1 => " Best and worst are those of the main analysis.",
        _ => "",
    };
    [Some(format!("{own}{best}{several}")), numbers.footnote.clone()].into_iter().flatten().collect()
}

/// Cells up to which all are described.
const ALL_DESCRIBED: usize = 24;

/// The settings of a cell, `half life weeks 4, per arm 50`.
fn settings(numbers: &GridNumbers, cell: usize) -> String {
    let levels = numbers.cells.get(cell).map_or(&[][..], |cell| &cell.levels);
    let one = |(factor, &level): (&GridFactor, &usize)| {
        format!("{} {}", factor.name, factor.levels.get(level).map_or("", String::as_str))
    };
    numbers.factors.iter().zip(levels).map(one).collect::<Vec<_>>().join(", ")
}

/// The picture in words.
fn description(numbers: &GridNumbers) -> String {
    let mut text = format!("{}.", numbers.subject);
    let all = numbers.cells.len() <= ALL_DESCRIBED;
    for measure in &numbers.measures {
        let target = measure.target_in_words().map_or(String::new(), |target| format!(", {target}"));
        let mut said: Vec<String> = Vec::new();
        let write = |place: GridPlace, own: GridValue, name: &str| {
            let decimals = measure.decimals();
            let ends = own.interval.map(|ends| ends.map(|end| measure.shown(end)));
            let ends = ends.map_or(String::new(), |[low, high]| format!(" ({})", interval(low, high, decimals)));
            let method = match numbers.methods.len() {
                0 | 1 => String::new(),
                _ => format!(", {}", analysis(&numbers.methods[place.method])),
            };
            let number = numbers.cells[place.cell].number;
            format!(
                "{name}cell {number} ({}){method}: {}{ends}",
                settings(numbers, place.cell),
                measure.written(own.value)
            )
        };
        if all {
            for cell in 0..numbers.cells.len() {
                for method in 0..numbers.methods.len() {
                    let place = GridPlace { cell, method };
                    said.extend(measure.value(place).map(|own| write(place, own, "")));
                }
            }
        }
        for (place, name) in measure.named() {
            match measure.value(place) {
                Some(_) if all => said.push(format!("{name} in cell {}", numbers.cells[place.cell].number)),
                Some(own) => said.push(write(place, own, &format!("{name} in "))),
                None => {}
            }
        }
        text.push_str(&format!(" {}{target}: {}.", measure.heading(), said.join("; ")));
    }
    let levels = numbers.factors.iter().map(|factor| format!("{}: {}", factor.name, factor.levels.join(", ")));
    text.push_str(&format!(" {} cells: {}.", plain(numbers.cells.len() as f64), levels.collect::<Vec<_>>().join("; ")));
    captions(numbers).iter().for_each(|caption| text.push_str(&format!(" {caption}")));
    text
}

//! What a flow diagram is made of: columns, boxes, arrows, and stages with a box per arm.

use super::canvas::{Anchor, Canvas, Place, TextLook};
use super::frame::{LABEL, LEADING, MARGIN, SMALL, frame_line, rounded};
use super::text_width::{estimate, wrap, wrap_evenly};
use super::theme::{ArmStyle, Theme};

/// Width of the column that names the stages.
const STAGE: f64 = 112.0;
/// Widest column made for the sake of one long word: on a page, and in a narrow picture.
const LONGEST_WORD: [f64; 2] = [200.0, 120.0];
/// Pictures with less room are narrow.
const NARROW: f64 = 700.0;
const GAP: f64 = 14.0;
/// Space between a box and its text.
pub(super) const PADDING: f64 = 9.0;
/// Length of the arrow between two boxes.
pub(super) const ARROW: f64 = 24.0;
const LINE: f64 = 1.4;

/// Columns of the diagram: stages at the left, then one column per arm.
pub(super) struct Plan {
    pub(super) width: f64,
    left: f64,
    column: f64,
    n_arms: usize,
}

impl Plan {
    /// Columns for arms with these names, at least `least` wide and, within reason, as wide as the longest word of a name.
    pub(super) fn new(names: &[&str], least: f64, room: f64) -> Self {
        let n_arms = names.len().max(1);
        let left = MARGIN + STAGE + GAP;
        let gaps = (n_arms as f64 - 1.0) * GAP;
        let even = (room - MARGIN - left - gaps) / n_arms as f64;
        let words = names.iter().flat_map(|name| name.split_whitespace());
        let longest = words.map(|word| estimate(word, LABEL, true) + 2.0 * PADDING + 1.0).fold(0.0, f64::max);
        let column = even.max(least).max(longest.min(LONGEST_WORD[usize::from(room < NARROW)]));
        Self { width: left + n_arms as f64 * column + gaps + MARGIN, left, column, n_arms }
    }

    /// Middle of an arm's column.
    pub(super) fn middle(&self, arm: usize) -> f64 {
        self.left + arm as f64 * (self.column + GAP) + self.column / 2.0
    }

    /// Middle of all arms' columns.
    pub(super) fn centre(&self) -> f64 {
        (self.middle(0) + self.middle(self.n_arms - 1)) / 2.0
    }

    /// Width of text in an arm's box.
    pub(super) fn text_room(&self) -> f64 {
        self.column - 2.0 * PADDING
    }

    fn arm_frame(&self, arm: usize, top: f64, height: f64) -> Frame {
        Frame { corner: (self.middle(arm) - self.column / 2.0, top), width: self.column, height }
    }
}

/// A line of text in a box.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Line {
    text: String,
    size: f64,
    bold: bool,
    quiet: bool,
    /// Whether it begins at the left of its box, whatever the others do.
    at_left: bool,
    indent: f64,
}

impl Line {
    /// A line with a count or a remark.
    pub(super) fn small(text: impl Into<String>) -> Self {
        Self { text: text.into(), size: SMALL, bold: false, quiet: false, at_left: false, indent: 0.0 }
    }

    /// A line with a detail of the line above.
    fn quiet(text: impl Into<String>) -> Self {
        Self { quiet: true, ..Self::small(text) }
    }

    /// A line that heads a box.
    pub(super) fn bold(text: impl Into<String>) -> Self {
        Self { text: text.into(), size: LABEL, bold: true, quiet: false, at_left: false, indent: 0.0 }
    }

    /// The line beginning at the left of its box.
    pub(super) fn at_left(self) -> Self {
        Self { at_left: true, ..self }
    }

    /// The line broken into as many as a width asks for.
    pub(super) fn broken(&self, width: f64) -> Vec<Self> {
        let lines = wrap_evenly(&self.text, self.size, self.bold, width - self.indent);
        lines.into_iter().map(|text| Self { text, ..self.clone() }).collect()
    }

    fn width(&self) -> f64 {
        self.indent + estimate(&self.text, self.size, self.bold)
    }
}

/// A point of a list, broken into lines that keep the indent.
pub(super) fn bullet(text: &str, width: f64) -> Vec<Line> {
    point(&Line::small(text), width)
}

/// A point of a list of details.
pub(super) fn quiet_bullet(text: &str, width: f64) -> Vec<Line> {
    point(&Line::quiet(text), width)
}

fn point(line: &Line, width: f64) -> Vec<Line> {
    let mark = "\u{2022} ";
    let indent = estimate(mark, line.size, line.bold);
    let lines = wrap(&line.text, line.size, line.bold, width - indent);
    let line = Line { at_left: true, ..line.clone() };
    let marked = lines.into_iter().enumerate().map(|(i, text)| match i {
        0 => Line { text: format!("{mark}{text}"), ..line.clone() },
        _ => Line { text, indent, ..line.clone() },
    });
    marked.collect()
}

/// The upper left corner and the size of a box.
#[derive(Debug, Clone, Copy)]
pub(super) struct Frame {
    pub(super) corner: Place,
    pub(super) width: f64,
    pub(super) height: f64,
}

impl Frame {
    /// A box around lines, with its upper side at `top` and its middle at `middle`.
    pub(super) fn around(lines: &[Line], middle: f64, top: f64) -> Self {
        let width = widest(lines) + 4.0 * PADDING;
        Self { corner: (middle - width / 2.0, top), width, height: height(lines) }
    }

    /// A box around lines, with its upper left corner at a place.
    pub(super) fn beside(lines: &[Line], corner: Place) -> Self {
        Self { corner, width: widest(lines) + 2.0 * PADDING, height: height(lines) }
    }

    /// Height at which the box ends.
    pub(super) fn bottom(&self) -> f64 {
        self.corner.1 + self.height
    }
}

fn widest(lines: &[Line]) -> f64 {
    lines.iter().map(Line::width).fold(0.0, f64::max)
}

fn text_height(lines: &[Line]) -> f64 {
    lines.iter().map(|line| line.size * LEADING).sum()
}

/// Height of a box around lines.
pub(super) fn height(lines: &[Line]) -> f64 {
    text_height(lines) + 2.0 * PADDING
}

/// A box with lines in its middle or from its left; along its top the arm's colour, where it is an arm's.
pub(super) fn draw_box(
    canvas: &mut Canvas,
    theme: &Theme,
    frame: Frame,
    lines: &[Line],
    style: Option<ArmStyle>,
    anchor: Anchor,
) {
    let Frame { corner: (left, top), width, height } = frame;
    let outline = rounded((left, top), (left + width, top + height), 4.0);
    canvas.area(&outline, theme.background);
    frame_line(canvas, &outline, theme.line);
    if let Some(style) = style {
        canvas.rectangle((left, top), (left + width, top + 4.0), style.colour);
    }
    let mut y = top + PADDING;
    for line in lines {
        let anchor = if line.at_left { Anchor::Start } else { anchor };
        let x = if anchor == Anchor::Middle { left + width / 2.0 } else { left + PADDING };
        let colour = match line {
            Line { bold: true, .. } => style.map_or(theme.ink, |style| style.words),
            Line { quiet: true, .. } => theme.quiet,
            _ => theme.ink,
        };
        let look = TextLook { size: line.size, bold: line.bold, colour, anchor };
        canvas.text((x + line.indent, baseline(y, line.size)), &line.text, look);
        y += line.size * LEADING;
    }
}

/// Baseline of a line of text whose room begins at `top`.
fn baseline(top: f64, size: f64) -> f64 {
    top + 0.95 * size
}

/// An arrow straight down or to the right.
pub(super) fn arrow(canvas: &mut Canvas, theme: &Theme, from: Place, to: Place) {
    let down = to.1 > from.1;
    let back = |far: f64, aside: f64| if down { (to.0 + aside, to.1 - far) } else { (to.0 - far, to.1 + aside) };
    canvas.line(&[from, back(7.0, 0.0)], LINE, theme.line);
    canvas.area(&[to, back(9.0, -4.5), back(9.0, 4.5)], theme.line);
}

/// The line from a box to every arm; returns where the arms begin.
pub(super) fn split(canvas: &mut Canvas, theme: &Theme, plan: &Plan, from: f64) -> f64 {
    let (bar, top) = (from + 16.0, from + 16.0 + ARROW);
    let (first, last) = (plan.middle(0), plan.middle(plan.n_arms - 1));
    canvas.line(&[(plan.centre(), from), (plan.centre(), bar)], LINE, theme.line);
    canvas.line(&[(first, bar), (last, bar)], LINE, theme.line);
    for arm in 0..plan.n_arms {
        arrow(canvas, theme, (plan.middle(arm), bar), (plan.middle(arm), top));
    }
    top
}

/// The name of a stage at the left of a row between `top` and `top + height`.
pub(super) fn badge(canvas: &mut Canvas, theme: &Theme, words: &[String], (top, height): (f64, f64)) {
    let lines: Vec<String> = words.iter().flat_map(|words| wrap(words, SMALL, false, STAGE - 2.0 * PADDING)).collect();
    let needed = lines.len() as f64 * SMALL * LEADING + PADDING;
    let top = top + (height - needed) / 2.0;
    canvas.area(&rounded((MARGIN, top), (MARGIN + STAGE, top + needed), 8.0), theme.shade);
    let look = TextLook::new(SMALL, theme.ink).anchored(Anchor::Middle);
    canvas.text_lines((MARGIN + STAGE / 2.0, baseline(top + PADDING / 2.0, SMALL)), &lines, SMALL * LEADING, look);
}

/// One row of the diagram: its name, and a box per arm.
pub(super) struct Stage {
    pub(super) names: Vec<String>,
    pub(super) content: Content,
}

/// What the boxes of a stage hold.
pub(super) enum Content {
    /// The arms themselves, with their colours.
    Arms(Vec<Vec<Line>>),
    /// Lines per arm.
    Lines(Vec<Vec<Line>>),
    /// A small table per arm, the rows named once at the left.
    Table { heads: Vec<String>, rows: Vec<TableRow> },
}

/// A row of the small tables: its name, and per arm one cell under each head.
pub(super) struct TableRow {
    pub(super) name: String,
    pub(super) cells: Vec<Vec<String>>,
}

impl Stage {
    /// Draws the stage with its upper side at `top`; returns where it ends.
    pub(super) fn draw(&self, canvas: &mut Canvas, theme: &Theme, plan: &Plan, styles: &[ArmStyle], top: f64) -> f64 {
        match &self.content {
            Content::Arms(arms) => self.draw_lines(canvas, theme, plan, (arms, Some(styles)), top),
            Content::Lines(arms) => self.draw_lines(canvas, theme, plan, (arms, None), top),
            Content::Table { heads, rows } => self.draw_table(canvas, theme, plan, (heads, rows), top),
        }
    }

    fn draw_lines(
        &self,
        canvas: &mut Canvas,
        theme: &Theme,
        plan: &Plan,
        (arms, styles): (&[Vec<Line>], Option<&[ArmStyle]>),
        top: f64,
    ) -> f64 {
        let room = plan.text_room();
        let broken = |lines: &Vec<Line>| lines.iter().flat_map(|line| line.broken(room)).collect();
        let arms: Vec<Vec<Line>> = arms.iter().map(broken).collect();
        let height = arms.iter().map(|lines| height(lines)).fold(0.0, f64::max);
        for (arm, lines) in arms.iter().enumerate() {
            let style = styles.and_then(|styles| styles.get(arm).copied());
            draw_box(canvas, theme, plan.arm_frame(arm, top, height), lines, style, Anchor::Middle);
        }
        badge(canvas, theme, &self.names, (top, height));
        top + height
    }

    fn draw_table(
        &self,
        canvas: &mut Canvas,
        theme: &Theme,
        plan: &Plan,
        (heads, rows): (&[String], &[TableRow]),
        top: f64,
    ) -> f64 {
        let leading = SMALL * LEADING;
        let names: Vec<Vec<String>> = rows.iter().map(|row| wrap(&row.name, SMALL, false, STAGE)).collect();
        let head_height = leading + PADDING;
        let height = head_height + names.iter().map(Vec::len).sum::<usize>() as f64 * leading + 2.0 * PADDING;
        let column = |arm: usize, cell: usize| {
            plan.middle(arm) + ((cell as f64 + 0.5) / heads.len() as f64 - 0.5) * plan.text_room()
        };
        let quiet = TextLook::new(SMALL, theme.quiet);
        for arm in 0..plan.n_arms {
            draw_box(canvas, theme, plan.arm_frame(arm, top, height), &[], None, Anchor::Middle);
            for (cell, head) in heads.iter().enumerate() {
                let look = quiet.anchored(Anchor::Middle);
                canvas.text((column(arm, cell), baseline(top + PADDING, SMALL)), head, look);
            }
        }
        badge(canvas, theme, &self.names, (top, leading + 2.0 * PADDING));
        let mut y = top + PADDING + head_height;
        for (row, name) in rows.iter().zip(&names) {
            canvas.text_lines((MARGIN + STAGE, baseline(y, SMALL)), name, leading, quiet.anchored(Anchor::End));
            for (arm, cells) in row.cells.iter().enumerate() {
                for (cell, text) in cells.iter().enumerate() {
                    let look = TextLook::new(SMALL, theme.ink).anchored(Anchor::Middle);
                    canvas.text((column(arm, cell), baseline(y, SMALL)), text, look);
                }
            }
            y += name.len() as f64 * leading;
        }
        top + height
    }
}

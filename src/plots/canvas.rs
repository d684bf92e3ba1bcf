//! The drawing surface: shapes are collected in the size in which they will be shown, then drawn by plotters.
//!
//! The SVG backend knows whole units only, so that everything is drawn [`UNITS`] times larger and the `viewBox` scales
//! it back; curves stay smooth.

use plotters::prelude::*;
use plotters::style::text_anchor::{HPos, Pos, VPos};

use super::svg::{Svg, printable};
use super::theme::Colour;

/// Drawn units per shown pixel.
const UNITS: f64 = 4.0;

/// Fonts in order of preference. Widths are those of the first; none of the others is wider by much.
const FONTS: &str = "DejaVu Sans, Verdana, Arial, Helvetica, sans-serif";

/// The backend divides font sizes by this number and puts the baseline of text anchored at its top [`TOP_TO_BASELINE`] em lower.
const BACKEND_FONT_SCALE: f64 = 1.24;
const TOP_TO_BASELINE: f64 = 0.76;

/// A place on the canvas in shown pixels, from the upper left corner.
pub(super) type Place = (f64, f64);

/// Which part of a text stands at its place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Anchor {
    Start,
    Middle,
    End,
}

/// How a text looks.
#[derive(Debug, Clone, Copy)]
pub(super) struct TextLook {
    pub(super) size: f64,
    pub(super) bold: bool,
    pub(super) colour: Colour,
    pub(super) anchor: Anchor,
}

impl TextLook {
    /// Plain text that starts at its place.
    pub(super) fn new(size: f64, colour: Colour) -> Self {
        Self { size, bold: false, colour, anchor: Anchor::Start }
    }

    /// The same text in bold.
    pub(super) fn bold(self) -> Self {
        Self { bold: true, ..self }
    }

    /// The same text with another part at its place.
    pub(super) fn anchored(self, anchor: Anchor) -> Self {
        Self { anchor, ..self }
    }
}

enum Shape {
    Line { points: Vec<Place>, width: f64, colour: Colour, opacity: f64 },
    Area { points: Vec<Place>, colour: Colour },
    Disc { middle: Place, radius: f64, colour: Colour },
    Text { baseline: Place, text: String, look: TextLook },
}

/// Shapes in the order in which they cover each other.
pub(super) struct Canvas {
    background: Colour,
    shapes: Vec<Shape>,
}

impl Canvas {
    /// An empty canvas; its size is told when it is finished.
    pub(super) fn new(background: Colour) -> Self {
        Self { background, shapes: Vec::new() }
    }

    /// An unbroken line through points.
    pub(super) fn line(&mut self, points: &[Place], width: f64, colour: Colour) {
        self.faint_line(points, width, colour, 1.0);
    }

    /// An unbroken line that lets the ground shine through.
    pub(super) fn faint_line(&mut self, points: &[Place], width: f64, colour: Colour, opacity: f64) {
        self.shapes.push(Shape::Line { points: points.to_vec(), width, colour, opacity });
    }

    /// A filled area.
    pub(super) fn area(&mut self, points: &[Place], colour: Colour) {
        self.shapes.push(Shape::Area { points: points.to_vec(), colour });
    }

    /// A filled rectangle between two corners.
    pub(super) fn rectangle(&mut self, from: Place, to: Place, colour: Colour) {
        self.area(&[from, (to.0, from.1), to, (from.0, to.1)], colour);
    }

    /// A filled circle.
    pub(super) fn disc(&mut self, middle: Place, radius: f64, colour: Colour) {
        self.shapes.push(Shape::Disc { middle, radius, colour });
    }

    /// A line of text with its baseline at a place.
    pub(super) fn text(&mut self, baseline: Place, text: &str, look: TextLook) {
        let text = printable(text).trim().to_owned();
        if !text.is_empty() {
            self.shapes.push(Shape::Text { baseline, text, look });
        }
    }

    /// Lines of text below each other, `leading` apart.
    pub(super) fn text_lines(&mut self, baseline: Place, lines: &[String], leading: f64, look: TextLook) {
        for (i, line) in lines.iter().enumerate() {
            self.text((baseline.0, baseline.1 + i as f64 * leading), line, look);
        }
    }

    /// Draws everything on a ground of this size and adds the title and the description for those who cannot see it.
    pub(super) fn finish(self, width: f64, height: f64, title: &str, description: &str) -> Svg {
        let size = (width.ceil() as u32, height.ceil() as u32);
        let units = (size.0 * UNITS as u32, size.1 * UNITS as u32);
        let mut drawn = String::new();
        // Writing into a text cannot fail; should the backend ever refuse a shape, the words remain.
        if self.draw(&mut drawn, units).is_err() {
            drawn.clear();
        }
        Svg::complete(&drawn, size, units, title, description)
    }

    fn draw(&self, drawn: &mut String, units: (u32, u32)) -> Result<(), DrawingAreaErrorKind<std::io::Error>> {
        let root = SVGBackend::with_string(drawn, units).into_drawing_area();
        root.fill(&rgb(self.background))?;
        for shape in &self.shapes {
            match shape {
                Shape::Line { points, width, colour, opacity } => {
                    let points: Vec<_> = points.iter().copied().map(whole).collect();
                    let style = rgb(*colour).mix(*opacity).stroke_width(length(*width));
                    root.draw(&PathElement::new(points, style))?;
                }
                Shape::Area { points, colour } => {
                    let points: Vec<_> = points.iter().copied().map(whole).collect();
                    root.draw(&Polygon::new(points, rgb(*colour)))?;
                }
                Shape::Disc { middle, radius, colour } => {
                    root.draw(&Circle::new(whole(*middle), length(*radius), rgb(*colour).filled()))?;
                }
                Shape::Text { baseline, text, look } => {
                    let top = (baseline.0, baseline.1 - TOP_TO_BASELINE * look.size);
                    root.draw(&Text::new(text.as_str(), whole(top), font(look)))?;
                }
            }
        }
        root.present()
    }
}

fn rgb(Colour(red, green, blue): Colour) -> RGBColor {
    RGBColor(red, green, blue)
}

fn whole((x, y): Place) -> (i32, i32) {
    ((x * UNITS).round() as i32, (y * UNITS).round() as i32)
}

fn length(pixels: f64) -> u32 {
    (pixels * UNITS).round().max(1.0) as u32
}

fn font(look: &TextLook) -> TextStyle<'static> {
    let weight = if look.bold { FontStyle::Bold } else { FontStyle::Normal };
    let horizontal = match look.anchor {
        Anchor::Start => HPos::Left,
        Anchor::Middle => HPos::Center,
        Anchor::End => HPos::Right,
    };
    (FONTS, look.size * UNITS * BACKEND_FONT_SCALE, weight)
        .into_font()
        .color(&rgb(look.colour))
        .pos(Pos::new(horizontal, VPos::Top))
}

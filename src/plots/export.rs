//! PNG and PDF from a finished picture: the same SVG, drawn with the font that is compiled in and no other.
//!
//! The same picture gives the same bytes: nothing is read from the system, and no date is written. Title and description go with it.

use krilla::geom::Size;
use krilla::metadata::Metadata;
use krilla::page::PageSettings;
use krilla::tagging::{ContentTag, Node, Tag, TagGroup, TagTree};
use krilla::{Document, SerializeSettings};
use krilla_svg::{SurfaceExt, SvgSettings};
use resvg::tiny_skia::{Pixmap, Transform};
use resvg::usvg::{Group, Node as Drawn, Options, Text, Tree};

use super::fonts;
use super::svg::Svg;
use crate::guard::guarded;

/// Shown pixels per inch: what a length in SVG means.
const PER_INCH: f64 = 96.0;
/// Points of a PDF per shown pixel.
const POINTS: f64 = 72.0 / PER_INCH;
/// Pixels of a PNG at most: four bytes each while it is drawn.
const MOST_PIXELS: f64 = 1e8;

/// Pixels per shown pixel at which a PNG has 300 to the inch, as journals ask for.
pub const PRINT: f64 = 300.0 / PER_INCH;

/// Why a picture could not be drawn in another form.
#[derive(Debug, thiserror::Error)]
pub enum ExportError {
    /// So many pixels are no picture, or more than a program should hold.
    #[error("a PNG of {width:.0} by {height:.0} pixels cannot be drawn: ask for 1 to 100 million pixels in all")]
    Size {
        /// Pixels from left to right.
        width: f64,
        /// Pixels from top to bottom.
        height: f64,
    },
    /// The picture's own text could not be read back.
    #[error("the picture cannot be read as SVG: {0}")]
    Svg(#[from] resvg::usvg::Error),
    /// The PNG could not be encoded.
    #[error("the picture cannot be written as PNG: {0}")]
    Png(#[from] png::EncodingError),
    /// The PDF could not be put together.
    #[error("the picture cannot be written as PDF: {0}")]
    Pdf(String),
}

/// The picture as PNG, with `scale` pixels for every shown pixel.
///
/// # Errors
/// Where there would be no pixel or too many; see [`ExportError`].
pub fn png(svg: &Svg, scale: f64) -> Result<Vec<u8>, ExportError> {
    let (width, height) = svg.size();
    let (width, height) = ((f64::from(width) * scale).round(), (f64::from(height) * scale).round());
    let size = || ExportError::Size { width, height };
    if !(width >= 1.0 && height >= 1.0 && width * height <= MOST_PIXELS) {
        return Err(size());
    }
    let tree = tree(svg)?;
    let mut pixels = Pixmap::new(width as u32, height as u32).ok_or_else(size)?;
    let fill = Transform::from_scale(width as f32 / tree.size().width(), height as f32 / tree.size().height());
    resvg::render(&tree, fill, &mut pixels.as_mut());
    encoded(svg, &pixels, scale)
}

/// The pixels as a file, with its resolution, title and description.
fn encoded(svg: &Svg, pixels: &Pixmap, scale: f64) -> Result<Vec<u8>, ExportError> {
    let mut file = Vec::new();
    let mut encoder = png::Encoder::new(&mut file, pixels.width(), pixels.height());
    // The ground covers everything, so that nothing shines through.
    encoder.set_color(png::ColorType::Rgb);
    encoder.set_depth(png::BitDepth::Eight);
    let per_metre = (scale * PER_INCH / 0.0254).round() as u32;
    encoder.set_pixel_dims(Some(png::PixelDimensions { xppu: per_metre, yppu: per_metre, unit: png::Unit::Meter }));
    encoder.add_itxt_chunk("Title".to_owned(), svg.title().to_owned())?;
    encoder.add_itxt_chunk("Description".to_owned(), svg.description().to_owned())?;
    let colours: Vec<u8> = pixels.data().chunks_exact(4).flat_map(|pixel| [pixel[0], pixel[1], pixel[2]]).collect();
    let mut writer = encoder.write_header()?;
    writer.write_image_data(&colours)?;
    writer.finish()?;
    Ok(file)
}

/// The picture as a PDF of one page of its size, its text as text, and its description as the alternative to the figure.
///
/// # Errors
/// See [`ExportError`].
pub fn pdf(svg: &Svg) -> Result<Vec<u8>, ExportError> {
    let tree = tree(svg)?;
    let (width, height) = svg.size();
    let points = |pixels: u32| (f64::from(pixels) * POINTS) as f32;
    let size =
        Size::from_wh(points(width), points(height)).ok_or_else(|| ExportError::Pdf("it is empty".to_owned()))?;
    let mut document = Document::new_with(SerializeSettings { enable_tagging: true, ..SerializeSettings::default() });
    let about = Metadata::new()
        .title(svg.title().to_owned())
        .description(svg.description().to_owned())
        .language("en".to_owned())
        .creator(format!("linger {}", env!("CARGO_PKG_VERSION")));
    document.set_metadata(about);
    let mut page = document.start_page_with(PageSettings::new(size));
    let mut surface = page.surface();
    let drawn = surface.start_tagged(ContentTag::Other);
    surface.draw_svg(&tree, size, SvgSettings::default());
    surface.end_tagged();
    surface.finish();
    page.finish();
    let mut figure = TagGroup::new(Tag::Figure(Some(svg.description().to_owned())));
    figure.push(drawn);
    document.set_tag_tree(TagTree::from(vec![Node::Group(figure)]));
    // What packs it panics where there is no memory.
    guarded(|| document.finish().map_err(|error| format!("{error:?}"))).map_err(ExportError::Pdf)
}

/// Characters drawn in the picture that the compiled-in font has no glyph for, each once, in the order in which they come.
///
/// PNG and PDF have an empty box in their place; the SVG holds them as text.
///
/// # Errors
/// See [`ExportError::Svg`].
pub fn without_glyph(svg: &Svg) -> Result<Vec<char>, ExportError> {
    let mut found = Vec::new();
    each_text(tree(svg)?.root(), &mut |text| {
        for chunk in text.chunks() {
            for span in chunk.spans() {
                let is_bold = span.font().weight() >= 600;
                let own = chunk.text().get(span.start()..span.end()).unwrap_or_default();
                let missing = own.chars().filter(|&c| fonts::advance(c, is_bold).is_none() && !c.is_whitespace());
                for character in missing {
                    if !found.contains(&character) {
                        found.push(character);
                    }
                }
            }
        }
    });
    Ok(found)
}

/// A text as it is drawn with the compiled-in font.
#[derive(Debug, Clone, PartialEq)]
pub struct DrawnText {
    /// What is written.
    pub text: String,
    /// The ink of its glyphs in shown pixels: left, top, right, bottom.
    pub ink: [f64; 4],
    /// Its font size in shown pixels.
    pub size: f64,
    /// Its colour as red, green and blue.
    pub colour: [u8; 3],
}

/// Every text of the picture with the room that its glyphs take.
///
/// # Errors
/// See [`ExportError::Svg`].
pub fn drawn_texts(svg: &Svg) -> Result<Vec<DrawnText>, ExportError> {
    let tree = tree(svg)?;
    let mut found = Vec::new();
    each_text(tree.root(), &mut |text| {
        let outlines = text.flattened().bounding_box();
        let ink = outlines.transform(text.abs_transform()).unwrap_or(outlines);
        let whole: String = text.chunks().iter().map(|chunk| chunk.text()).collect();
        let span = text.chunks().iter().flat_map(|chunk| chunk.spans()).next();
        let scale = f64::from(text.abs_transform().get_scale().0);
        found.push(DrawnText {
            text: whole,
            ink: [ink.left(), ink.top(), ink.right(), ink.bottom()].map(f64::from),
            size: span.map_or(0.0, |span| f64::from(span.font_size().get()) * scale),
            colour: span.and_then(|span| span.fill()).map_or([0; 3], |fill| match fill.paint() {
                resvg::usvg::Paint::Color(colour) => [colour.red, colour.green, colour.blue],
                _ => [0; 3],
            }),
        });
    });
    Ok(found)
}

fn tree(svg: &Svg) -> Result<Tree, ExportError> {
    let options = Options { fontdb: fonts::fonts(), font_family: fonts::FAMILY.to_owned(), ..Options::default() };
    Ok(Tree::from_str(svg.as_str(), &options)?)
}

fn each_text(group: &Group, heard: &mut impl FnMut(&Text)) {
    for child in group.children() {
        match child {
            Drawn::Group(group) => each_text(group, heard),
            Drawn::Text(text) => heard(text),
            Drawn::Path(_) | Drawn::Image(_) => {}
        }
    }
}

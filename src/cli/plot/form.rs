//! The form in which a picture is written: SVG, PNG or PDF, as the name of the file says.

use std::path::Path;

use anyhow::{Result, bail};

use crate::cli::arguments::Looks;
use crate::cli::output::{Console, write_file, write_stdout};
use crate::plots::{Svg, export};

/// The form of a picture.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Form {
    /// SVG.
    Svg,
    /// PNG.
    Png(Fineness),
    /// PDF.
    Pdf,
}

/// How fine a PNG is.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Fineness {
    /// So many pixels for each of the picture's own.
    Scale(f64),
    /// So many pixels from side to side.
    Width(u32),
}

impl Form {
    /// The form that a file's name asks for; standard output gets SVG.
    pub fn of(file: Option<&Path>, looks: &Looks) -> Result<Self> {
        let form = match file {
            None => Self::Svg,
            Some(file) => match extension(file).as_str() {
                "svg" => Self::Svg,
                "png" => Self::Png(match looks.width {
                    Some(width) => Fineness::Width(width),
                    None => Fineness::Scale(looks.scale.unwrap_or(export::PRINT)),
                }),
                "pdf" => Self::Pdf,
                _ => bail!(
                    "{}: pictures are written as SVG, PNG or PDF, or with characters; end the name in .svg, .png, .pdf or .txt",
                    file.display()
                ),
            },
        };
        let option = looks.scale.map(|_| "--scale").or(looks.width.map(|_| "--width"));
        if let (Some(option), Self::Svg | Self::Pdf) = (option, form) {
            bail!("{option} does not apply here: it says how fine a PNG is, and SVG and PDF are sharp at any size");
        }
        Ok(form)
    }

    /// Writes a picture to the file or to standard output.
    pub fn write(self, svg: &Svg, console: &Console) -> Result<()> {
        let Some(file) = console.file() else { return write_stdout(svg.as_str()) };
        write_file(file, &self.bytes(svg)?)?;
        console.note(&format!("written: {}", file.display()));
        if self != Self::Svg {
            say_what_is_missing(svg, console)?;
        }
        Ok(())
    }

    fn bytes(self, svg: &Svg) -> Result<Vec<u8>> {
        Ok(match self {
            Self::Svg => svg.as_str().as_bytes().to_vec(),
            Self::Png(Fineness::Scale(scale)) => export::png(svg, scale)?,
            Self::Png(Fineness::Width(width)) => export::png(svg, f64::from(width) / f64::from(svg.size().0.max(1)))?,
            Self::Pdf => export::pdf(svg)?,
        })
    }
}

/// The end of a file's name, in small letters.
fn extension(file: &Path) -> String {
    file.extension().map(|own| own.to_string_lossy().to_ascii_lowercase()).unwrap_or_default()
}

/// Says which characters are drawn as empty boxes.
fn say_what_is_missing(svg: &Svg, console: &Console) -> Result<()> {
    let missing = export::without_glyph(svg)?;
    if missing.is_empty() {
        return Ok(());
    }
    let shown: Vec<String> = missing.iter().take(12).map(char::to_string).collect();
    let more =
        if missing.len() > shown.len() { format!(" and {} more", missing.len() - shown.len()) } else { String::new() };
    console.note(&format!(
        "note: the font that is compiled in (DejaVu Sans) has no {}{more}: an empty box is drawn there. The SVG holds the words as text, \
         which a browser shows with the fonts of its own machine.",
        shown.join(" ")
    ));
    Ok(())
}

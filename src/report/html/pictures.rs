//! Pictures put into the page: each drawn light and dark by the same function, with its words and its data.

use super::csv;
use super::parts::{Block, Figure};
use crate::page::{Markup, PictureError, Pictures, Sheet};
use crate::plots::{Svg, Theme};

/// The pictures of the page so far.
#[derive(Debug, Default)]
pub(super) struct Gallery(Pictures);

impl Gallery {
    /// A figure: drawn, described, its data beside it in a file of that name.
    pub fn figure<N>(
        &mut self,
        numbers: &N,
        draw: fn(&N, &Theme) -> Svg,
        axes: String,
        (name, sheet): (&str, &Sheet),
    ) -> Result<Block, PictureError> {
        let (light, dark) = (draw(numbers, &Theme::light()), draw(numbers, &Theme::dark()));
        let embedded = self.0.embed(light.as_str(), dark.as_str())?;
        Ok(Block::Figure(Figure {
            svg: embedded.svg,
            title: embedded.title,
            axes,
            description: embedded.description,
            about: embedded.about,
            data: csv(name, sheet),
        }))
    }

    /// A small picture inside a table, where its words are those of its label.
    pub fn small<N>(&mut self, numbers: &N, draw: fn(&N, &Theme) -> Svg) -> Result<Markup, PictureError> {
        let (light, dark) = (draw(numbers, &Theme::light()), draw(numbers, &Theme::dark()));
        self.0.embed_small(light.as_str(), dark.as_str())
    }

    /// The rules of their dark colours.
    pub fn style(&self) -> String {
        self.0.style()
    }
}

//! The font of all pictures: DejaVu Sans, compiled in, so that widths of text, PNG and PDF are the same on every machine.

use std::sync::{Arc, LazyLock};

use resvg::usvg::fontdb::{Database, Source};
use ttf_parser::Face;

/// The family's name, as pictures ask for it.
pub(super) const FAMILY: &str = "DejaVu Sans";

static REGULAR: &[u8] = include_bytes!("fonts/DejaVuSans.ttf");
static BOLD: &[u8] = include_bytes!("fonts/DejaVuSans-Bold.ttf");

static FACES: LazyLock<[Option<Face<'static>>; 2]> =
    LazyLock::new(|| [REGULAR, BOLD].map(|bytes| Face::parse(bytes, 0).ok()));

static FONTS: LazyLock<Arc<Database>> = LazyLock::new(|| {
    let mut fonts = Database::new();
    for bytes in [REGULAR, BOLD] {
        fonts.load_font_source(Source::Binary(Arc::new(bytes)));
    }
    // Whatever a picture asks for, it gets this family: no other is ever looked for.
    fonts.set_sans_serif_family(FAMILY);
    fonts.set_serif_family(FAMILY);
    Arc::new(fonts)
});

/// Both faces and nothing else, for drawing text.
pub(super) fn fonts() -> Arc<Database> {
    FONTS.clone()
}

/// Advance width of a character in ems; `None` where the font has no such character.
pub(super) fn advance(character: char, bold: bool) -> Option<f64> {
    let face = FACES[usize::from(bold)].as_ref()?;
    let glyph = face.glyph_index(character)?;
    Some(f64::from(face.glyph_hor_advance(glyph)?) / f64::from(face.units_per_em()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use resvg::usvg::fontdb::{Family, Query, Weight};

    #[test]
    fn no_font_of_the_machine_is_ever_read() {
        let fonts = fonts();
        let compiled_in: Vec<bool> = fonts
            .faces()
            .map(|face| matches!(face.source, Source::Binary(_)) && face.families[0].0 == FAMILY)
            .collect();
        assert_eq!(compiled_in, [true, true]);
    }

    #[test]
    fn both_faces_are_compiled_in_and_found_by_name() {
        let named = |weight| Query { families: &[Family::Name(FAMILY)], weight, ..Query::default() };
        let found = [Weight::NORMAL, Weight::BOLD].map(|weight| fonts().query(&named(weight)));
        assert!(found[0].is_some() && found[1].is_some() && found[0] != found[1]);
        assert!(FACES.iter().all(Option::is_some));
        // 1303 of 2048 units, as the font's own table of widths has it.
        assert_eq!(advance('0', false), Some(1303.0 / 2048.0));
        assert_eq!((advance('\u{6309}', false), advance('\u{6309}', true)), (None, None));
    }
}

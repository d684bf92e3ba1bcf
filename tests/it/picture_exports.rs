//! PNG and PDF: the same bytes everywhere, words as text in a PDF, glyphs that are really drawn, and a note about what the font lacks.

use std::collections::BTreeMap;
use std::io::Read;

use linger::plots::{Room, Svg, Theme, export, fade, text_width, trajectories};
use resvg::tiny_skia::{Pixmap, Transform};
use resvg::usvg::{Options, Tree};

use super::pictures::{SHORT, YEAR, fade_of, names, tags, trajectories_of, unescape};
use super::program::Desk;

fn means(theme: &Theme) -> Svg {
    trajectories::draw(&trajectories_of(&names(3, &SHORT), &YEAR), theme)
}

/// The pixels of a PNG, three bytes each, with its size.
fn decoded(png: &[u8]) -> (u32, u32, Vec<u8>, png::Info<'static>) {
    let mut reader = png::Decoder::new(std::io::Cursor::new(png)).read_info().unwrap();
    let mut pixels = vec![0; reader.output_buffer_size().unwrap()];
    let frame = reader.next_frame(&mut pixels).unwrap();
    assert_eq!((frame.color_type, frame.bit_depth), (png::ColorType::Rgb, png::BitDepth::Eight));
    (frame.width, frame.height, pixels, reader.info().clone())
}

/// The document without its words, drawn by itself at a scale.
pub fn wordless(svg: &str, scale: f32) -> Pixmap {
    let mut without = String::new();
    let mut rest = svg;
    while let Some(from) = rest.find("<text ") {
        without.push_str(&rest[..from]);
        let to = rest[from..].find("</text>").expect("a text that ends") + "</text>".len();
        rest = &rest[from + to..];
    }
    without.push_str(rest);
    let tree = Tree::from_str(&without, &Options::default()).unwrap();
    let size = tree.size().to_int_size().scale_by(scale).unwrap();
    let mut pixels = Pixmap::new(size.width(), size.height()).unwrap();
    resvg::render(&tree, Transform::from_scale(scale, scale), &mut pixels.as_mut());
    pixels
}

#[test]
fn a_png_is_the_picture_at_the_resolution_that_was_asked_for() {
    let svg = means(&Theme::light());
    let (width, height) = svg.size();
    for (scale, per_metre) in [(1.0, 3780), (2.0, 7559), (export::PRINT, 11_811)] {
        let (w, h, _, info) = decoded(&export::png(&svg, scale).unwrap());
        let scaled = |own: u32| (f64::from(own) * scale).round() as u32;
        assert_eq!((w, h), (scaled(width), scaled(height)));
        let dims = info.pixel_dims.unwrap();
        assert_eq!((dims.xppu, dims.yppu, dims.unit), (per_metre, per_metre, png::Unit::Meter));
        let said: Vec<String> = info.utf8_text.iter().map(|own| own.get_text().unwrap()).collect();
        assert_eq!(said, [svg.title(), svg.description()]);
    }
    for scale in [0.0, f64::NAN, 1e6] {
        assert!(matches!(export::png(&svg, scale), Err(export::ExportError::Size { .. })));
    }
}

#[test]
fn the_words_of_a_png_are_drawn_where_the_layout_expects_them() {
    for theme in [Theme::light(), Theme::dark()] {
        let svg = means(&theme);
        let (width, _, pixels, _) = decoded(&export::png(&svg, 2.0).unwrap());
        let without = wordless(svg.as_str(), 2.0);
        let texts = export::drawn_texts(&svg).unwrap();
        assert!(texts.len() > 30);
        for text in &texts {
            let [left, top, right, bottom] = text.ink.map(|own| own * 2.0);
            let mut inked = 0;
            for y in top.floor() as u32..bottom.ceil() as u32 {
                for x in left.floor() as u32..right.ceil() as u32 {
                    let at = (y * width + x) as usize;
                    let bare = without.pixels()[at];
                    let with = &pixels[3 * at..3 * at + 3];
                    inked += u32::from(with != [bare.red(), bare.green(), bare.blue()]);
                }
            }
            // A letter covers more than a twentieth of its box.
            let room = (right - left) * (bottom - top);
            assert!(f64::from(inked) > 0.05 * room, "{}: {inked} of {room} pixels", text.text);
        }
    }
}

#[test]
fn widths_that_layouts_reckon_with_are_those_of_the_glyphs() {
    let svg = fade::draw(&fade_of(&names(4, &super::pictures::LONG), &YEAR), &Theme::light());
    let bold: Vec<bool> = tags(svg.as_str())
        .iter()
        .filter(|(tag, _)| tag.starts_with("text "))
        .map(|(tag, _)| tag.contains("font-weight=\"bold\""))
        .collect();
    let texts = export::drawn_texts(&svg).unwrap();
    assert_eq!(texts.len(), bold.len());
    for (text, bold) in texts.iter().zip(bold) {
        let estimated = text_width::estimate(&text.text, text.size, bold);
        let drawn = text.ink[2] - text.ink[0];
        // Ink ends before the advance of the last letter does, and kerning moves letters closer.
        assert!(drawn <= estimated + 0.5 && drawn > 0.9 * estimated - 4.0, "{}: {drawn} and {estimated}", text.text);
    }
}

/// The streams of a PDF, inflated where they are deflated.
fn streams(pdf: &[u8]) -> Vec<Vec<u8>> {
    let find =
        |from: usize, what: &[u8]| pdf[from..].windows(what.len()).position(|own| own == what).map(|at| from + at);
    let (mut streams, mut from) = (Vec::new(), 0);
    while let Some(at) = find(from, b">>\nstream\n") {
        let begins = at + b">>\nstream\n".len();
        let ends = find(begins, b"\nendstream").unwrap();
        let mut inflated = Vec::new();
        match flate2::read::ZlibDecoder::new(&pdf[begins..ends]).read_to_end(&mut inflated) {
            Ok(_) => streams.push(inflated),
            Err(_) => streams.push(pdf[begins..ends].to_vec()),
        }
        from = ends;
    }
    streams
}

/// Characters by code, of every font in the order of the file.
fn character_maps(streams: &[Vec<u8>]) -> Vec<BTreeMap<u16, String>> {
    let texts = streams.iter().map(|own| String::from_utf8_lossy(own)).filter(|own| own.contains("beginbfchar"));
    let code = |hex: &str| u16::from_str_radix(hex, 16).unwrap();
    let one = |line: &str| {
        let mut parts = line.split(['<', '>']).filter(|own| !own.trim().is_empty());
        let (from, to) = (parts.next()?, parts.next()?);
        let units: Vec<u16> = (0..to.len() / 4).map(|place| code(&to[4 * place..4 * place + 4])).collect();
        Some((code(from), String::from_utf16(&units).unwrap()))
    };
    texts
        .map(|text| {
            let blocks = text.split("beginbfchar").skip(1).map(|own| own.split("endbfchar").next().unwrap().to_owned());
            blocks.flat_map(|block| block.lines().filter_map(one).collect::<Vec<_>>()).collect()
        })
        .collect()
}

/// Everything that a content stream shows, by the fonts' own character maps.
fn shown(content: &[u8], maps: &[BTreeMap<u16, String>]) -> String {
    let mut text = String::new();
    let (mut font, mut at) = (0, 0);
    while at < content.len() {
        if content[at..].starts_with(b"/f") {
            font = usize::from(content[at + 2] - b'0');
        }
        if content[at] == b'(' {
            let (mut bytes, mut place) = (Vec::new(), at + 1);
            while content[place] != b')' {
                if content[place] != b'\\' {
                    bytes.push(content[place]);
                    place += 1;
                    continue;
                }
                let escaped = content[place + 1];
                if escaped.is_ascii_digit() {
                    let digits = std::str::from_utf8(&content[place + 1..place + 4]).unwrap();
                    bytes.push(u8::from_str_radix(digits, 8).unwrap());
                    place += 4;
                } else {
                    bytes.push(match escaped {
                        b'n' => b'\n',
                        b'r' => b'\r',
                        b't' => b'\t',
                        b'b' => 8,
                        b'f' => 12,
                        other => other,
                    });
                    place += 2;
                }
            }
            for pair in bytes.chunks_exact(2) {
                text.push_str(&maps[font][&u16::from_be_bytes([pair[0], pair[1]])]);
            }
            at = place;
        }
        at += 1;
    }
    text
}

#[test]
fn a_pdf_holds_every_word_as_text_and_the_outlines_of_its_letters() {
    for svg in [
        means(&Theme::light()),
        means(&Theme::dark().with_room(Room::Narrow)),
        fade::draw(&fade_of(&names(3, &super::pictures::LONG), &YEAR), &Theme::light()),
    ] {
        let pdf = export::pdf(&svg).unwrap();
        assert!(pdf.starts_with(b"%PDF-1.7"));
        let streams = streams(&pdf);
        let maps = character_maps(&streams);
        let content: Vec<u8> =
            streams.iter().filter(|own| own.windows(8).any(|own| own == b"\nBT 0 Tr")).flatten().copied().collect();
        let written: String = tags(svg.as_str())
            .iter()
            .filter(|(tag, _)| tag.starts_with("text "))
            .map(|(_, text)| unescape(text.trim()))
            .collect();
        assert_eq!(shown(&content, &maps), written);
        // No letter is drawn invisibly: text rendering mode 0 fills.
        let content = String::from_utf8_lossy(&content);
        assert_eq!(content.matches(" Tr").count(), content.matches("0 Tr").count());
        let fonts: Vec<ttf_parser::Face> =
            streams.iter().filter_map(|own| ttf_parser::Face::parse(own, 0).ok()).collect();
        assert_eq!((fonts.len(), maps.len()), (2, 2));
        for (face, map) in fonts.iter().zip(&maps) {
            for (&glyph, character) in map.iter().filter(|(_, own)| !own.trim().is_empty()) {
                assert!(face.glyph_bounding_box(ttf_parser::GlyphId(glyph)).is_some(), "{character} has no outline");
            }
        }
    }
}

#[test]
fn a_pdf_says_what_it_shows_and_nothing_of_where_and_when_it_was_made() {
    let svg = means(&Theme::light());
    let pdf = export::pdf(&svg).unwrap();
    let text = String::from_utf8_lossy(&pdf);
    assert!(text.contains("/S/Figure") && text.contains("/Alt") && text.contains("/Lang(en)"));
    assert!(!text.contains("CreationDate") && !text.contains("ModDate") && !text.contains("CreateDate"));
    assert_eq!(pdf, export::pdf(&svg).unwrap());
    assert_eq!(export::png(&svg, 1.5).unwrap(), export::png(&svg, 1.5).unwrap());
}

#[test]
fn the_program_writes_the_form_that_the_name_says_whatever_fonts_the_machine_has() {
    let desk = Desk::new();
    for (file, start) in [("fade.svg", &b"<svg "[..]), ("fade.PNG", b"\x89PNG"), ("fade.pdf", b"%PDF")] {
        desk.linger(&format!("plot fade plain -q -o {file}")).fine();
        let bytes = std::fs::read(desk.path(file)).unwrap();
        assert!(bytes.starts_with(start), "{file}");
        let elsewhere = [("FONTCONFIG_FILE", "/nowhere"), ("HOME", "/nowhere"), ("LANG", "C")];
        desk.linger_with(&format!("plot fade plain -q -o again.{}", &file[5..]), &elsewhere).fine();
        assert_eq!(bytes, std::fs::read(desk.path(&format!("again.{}", &file[5..]))).unwrap(), "{file}");
    }
    desk.linger("plot fade plain -q -o wide.png --width 1234").fine();
    assert_eq!(decoded(&std::fs::read(desk.path("wide.png")).unwrap()).0, 1234);
    desk.linger("plot fade plain -q -o small.png --scale 0.5").fine();
    assert_eq!(decoded(&std::fs::read(desk.path("small.png")).unwrap()).0, 400);
    desk.linger("plot fade plain -q -o narrow.svg --narrow").fine();
    assert!(desk.read("narrow.svg").contains("width=\"480\""));
    desk.linger("schedule -q --sessions 4..6 -o plan.pdf").fine();
    assert!(std::fs::read(desk.path("plan.pdf")).unwrap().starts_with(b"%PDF"));
    for (arguments, reason) in [
        ("plot fade -o fade.jpg", "end the name in .svg, .png, .pdf or .txt"),
        ("plot fade -o fade", "end the name in .svg, .png, .pdf or .txt"),
        ("plot fade -o fade.pdf --scale 2", "--scale does not apply here"),
        ("plot fade -o fade.svg --width 900", "--width does not apply here"),
        ("plot fade -o fade.png --scale 2 --width 900", "cannot be used with"),
        ("plot fade -o fade.png --scale 0", "a number above 0"),
        ("plot fade -o fade.png --width 4000000", "cannot be drawn"),
    ] {
        let said = desk.linger(arguments);
        assert_eq!(said.code, 2, "{arguments}: {}", said.whole());
        assert!(said.stderr.contains(reason), "{arguments}: {}", said.stderr);
    }
    assert!(!desk.files("").contains(&"fade.jpg".to_owned()));
}

#[test]
fn characters_that_the_font_lacks_are_named_in_a_note() {
    let desk = Desk::new();
    let text = std::fs::read_to_string("scenarios/plain.toml").unwrap();
    desk.write("plain.toml", &text.replace("Relaxation massage", "放松按摩 Ελλάδα Массаж"));
    let said = desk.linger("plot fade plain.toml -o fade.png");
    assert_eq!(said.code, 0, "{}", said.stderr);
    assert!(said.stderr.contains("has no 放 松 按 摩: an empty box is drawn there"), "{}", said.stderr);
    let said = desk.linger("plot fade plain.toml -o fade.svg");
    assert!(!said.stderr.contains("empty box") && desk.read("fade.svg").contains("放松按摩 Ελλάδα Массаж"));
}

#[test]
fn the_gallery_shows_what_the_program_draws_today() {
    let desk = Desk::new();
    desk.linger("generate gallery here -q").fine();
    let kept = |name: &str| std::fs::read_to_string(format!("scenarios/gallery/{name}")).unwrap_or_default();
    let files = desk.files("here");
    let mut there: Vec<String> = std::fs::read_dir("scenarios/gallery")
        .unwrap()
        .map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned())
        .collect();
    there.sort();
    assert_eq!(files, there);
    for name in &files {
        let differs = desk.read(&format!("here/{name}")) != kept(name);
        assert!(!differs, "scenarios/gallery/{name}: draw it again with `linger generate gallery scenarios/gallery`");
    }
    let page = kept("README.md");
    for name in files.iter().filter(|name| name.ends_with(".svg")) {
        assert!(page.contains(&format!("]({name})")) && page.contains(&format!("-o {name}\n")), "{name}");
    }
    let [said, refused] =
        ["generate gallery here -o there", "generate gallery here -s seed=3"].map(|own| desk.linger(own));
    assert!(said.code == 2 && refused.code == 2, "{}{}", said.whole(), refused.whole());
}

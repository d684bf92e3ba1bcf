//! Every picture in every shape: words where they fit and can be read, nothing over another, arms that are told apart without colour.

use std::collections::HashMap;

use linger::plots::grid::GridForm;
use linger::plots::theme::{ArmStyle, Colour};
use linger::plots::{
    Room, Svg, Theme, dose, export, fade, flow, forest, grid, improve, power, responders, schedule, tipping,
    trajectories, zip,
};

use super::picture_exports::wordless;
use super::picture_of_a_grid::grid_of;
use super::pictures::{
    LONG, SHORT, YEAR, conducted_flow_of, fade_of, flow_of, names, schedule_of, tags, trajectories_of, unescape,
};
use super::pictures_of_imputation::tipping_of;
use super::pictures_of_replicates::{power_of, responders_of, zip_of};
use super::pictures_of_scenarios::{dose_of, forest_of, improve_of};

/// Every picture of a trial with so many arms; the first arm has no data at week 52.
fn pictures(n_arms: usize, kind: &[&str; 6], theme: &Theme) -> Vec<(String, Svg)> {
    let labels = names(n_arms, kind);
    let borrowed: Vec<&str> = labels.iter().map(String::as_str).collect();
    let mut fade = fade_of(&labels, &YEAR);
    if let Some(first) = fade.panels.first_mut() {
        first.points.pop();
    }
    let required = linger::plots::power::Required { n: 107, interval: Some((103, Some(111))) };
    let mut all = vec![
        ("flow", flow::draw(&flow_of(&labels, &YEAR), theme)),
        ("flow with conduct", flow::draw(&conducted_flow_of(&labels, &YEAR), theme)),
        ("means", trajectories::draw(&trajectories_of(&labels, &YEAR), theme)),
        ("fade", fade::draw(&fade, theme)),
        ("dose", dose::draw(&dose_of(&labels, &YEAR), theme)),
        ("forest", forest::draw(&forest_of(&labels, &YEAR, false), theme)),
        ("forest of ratios", forest::draw(&forest_of(&labels, &YEAR, true), theme)),
        ("improve", improve::draw(&improve_of(&labels, &YEAR), theme)),
        ("cdf", responders::draw(&responders_of(&borrowed, 3), theme)),
        ("power", power::draw(&power_of(136, Some(required), &[60, 90, 107, 120, 180], 0.9), theme)),
        ("zip", zip::draw(&zip_of(&borrowed, 0.02), theme)),
        ("tip of one arm", tipping::draw(&tipping_of(&labels, false), theme)),
    ];
    for (name, form) in [("lolly", GridForm::Lolly), ("loop", GridForm::Loop), ("heat", GridForm::Heat)] {
        all.push((name, grid::draw(&grid_of(&labels, (3, 4), form), theme)));
    }
    all.push(("loop of many", grid::draw(&grid_of(&labels, (8, 12), GridForm::Loop), theme)));
    if n_arms > 1 {
        for with_priors in [false, true] {
            all.push(("schedule", schedule::draw(&schedule_of(&labels, 33, with_priors, Some(13)), theme)));
        }
        all.push(("tip", tipping::draw(&tipping_of(&labels, true), theme)));
    }
    all.into_iter()
        .map(|(name, svg)| (format!("{name}, {n_arms} arms, {:?}, {:?}", kind[0], theme.room), svg))
        .collect()
}

fn themes() -> [Theme; 4] {
    let narrow = |theme: Theme| theme.with_room(Room::Narrow);
    [Theme::light(), Theme::dark(), narrow(Theme::light()), narrow(Theme::dark())]
}

/// Widths at which pictures are looked at: a page's, and that of a telephone.
const PAGE: f64 = 800.0;
const PHONE: f64 = 400.0;

#[test]
fn no_word_is_clipped_or_over_another_at_either_width() {
    let mut broken = Vec::new();
    for theme in themes() {
        // Places do not depend on colours; dark pictures of three arms stand for all.
        let is_dark = theme.background == Theme::dark().background;
        for n_arms in if is_dark { &[3][..] } else { &[1, 2, 3, 4, 6] } {
            for kind in [&SHORT, &LONG] {
                for (about, svg) in pictures(*n_arms, kind, &theme) {
                    broken.extend(faults(&svg).into_iter().map(|fault| format!("{about}: {fault}")));
                }
            }
        }
    }
    assert!(broken.is_empty(), "{} faults:\n{}", broken.len(), broken.join("\n"));
}

/// Words that leave the picture or cover others, by the ink of their glyphs in the font that is compiled in. The picture is shown as wide as
/// its room asks for, and half a pixel of that is left between words.
fn faults(svg: &Svg) -> Vec<String> {
    let (width, height) = svg.size();
    let shown = if width < 700 { PHONE } else { PAGE };
    let between = 0.5 * (f64::from(width) / shown).max(1.0);
    let texts = export::drawn_texts(svg).unwrap();
    let mut faults = Vec::new();
    for (place, one) in texts.iter().enumerate() {
        let [left, top, right, bottom] = one.ink;
        if left < 0.0 || top < 0.0 || right > f64::from(width) || bottom > f64::from(height) {
            faults.push(format!("{:?} is clipped", one.text));
        }
        for other in &texts[place + 1..] {
            let [l, t, r, b] = other.ink;
            let apart = right + between <= l || r + between <= left || bottom + between <= t || b + between <= top;
            if !apart {
                faults.push(format!("{:?} and {:?} overlap", one.text, other.text));
            }
        }
    }
    faults
}

#[test]
fn words_are_legible_on_a_page_and_on_a_telephone() {
    let mut broken = Vec::new();
    for (theme, shown, least) in [
        (Theme::light(), PAGE, [(4, 11.0), (6, 8.0)]),
        (Theme::light().with_room(Room::Narrow), PHONE, [(3, 8.0), (6, 5.0)]),
    ] {
        for n_arms in [1, 2, 3, 4, 6] {
            let (_, least) = least.into_iter().find(|(most, _)| n_arms <= *most).unwrap();
            for kind in [&SHORT, &LONG] {
                for (about, svg) in pictures(n_arms, kind, &theme) {
                    let scale = (shown / f64::from(svg.size().0)).min(1.0);
                    let sizes = export::drawn_texts(&svg).unwrap().into_iter().map(|own| own.size * scale);
                    let smallest = sizes.fold(f64::INFINITY, f64::min);
                    if smallest < least {
                        broken.push(format!("{about}: {smallest:.1} pixels, {} wide", svg.size().0));
                    }
                }
            }
        }
    }
    assert!(broken.is_empty(), "{}", broken.join("\n"));
}

#[test]
fn words_stand_out_from_whatever_is_behind_them() {
    let mut broken = Vec::new();
    for theme in [Theme::light(), Theme::dark()] {
        for (about, svg) in [3, 6].into_iter().flat_map(|n_arms| pictures(n_arms, &SHORT, &theme)) {
            let ground = wordless(svg.as_str(), 1.0);
            for text in export::drawn_texts(&svg).unwrap() {
                let [left, top, right, bottom] = text.ink;
                let mut counts: HashMap<[u8; 3], usize> = HashMap::new();
                for y in top as u32..(bottom as u32).min(ground.height() - 1) {
                    for x in left as u32..(right as u32).min(ground.width() - 1) {
                        let own = ground.pixel(x, y).unwrap();
                        *counts.entry([own.red(), own.green(), own.blue()]).or_default() += 1;
                    }
                }
                let Some(([r, g, b], _)) = counts.into_iter().max_by_key(|(colour, n)| (*n, *colour)) else { continue };
                let [red, green, blue] = text.colour;
                let contrast = Colour(red, green, blue).contrast(Colour(r, g, b));
                if contrast < 4.5 {
                    broken.push(format!("{about}: {:?} has {contrast:.2}", text.text));
                }
            }
        }
    }
    assert!(broken.is_empty(), "{}", broken.join("\n"));
}

/// Lightness from 0 to 100 as the eye has it (CIE 1976).
fn lightness(colour: Colour) -> f64 {
    let y = colour.luminance();
    if y > 216.0 / 24_389.0 { 116.0 * y.cbrt() - 16.0 } else { y * 24_389.0 / 27.0 }
}

#[test]
fn arms_are_told_apart_without_colour() {
    for theme in [Theme::light(), Theme::dark()] {
        for n_arms in 1..=6 {
            let styles: Vec<ArmStyle> = theme.arm_styles((0..n_arms).map(|arm| arm + 1 == n_arms));
            for (place, one) in styles.iter().enumerate() {
                for other in &styles[..place] {
                    assert!(one.marker != other.marker && one.dash != other.dash, "{one:?} and {other:?}");
                    let apart = (lightness(one.colour) - lightness(other.colour)).abs();
                    // On a dark ground sky and orange are nearly as light as each other, as Okabe and Ito chose them.
                    let are_alike = [one.colour, other.colour] == [theme.arms[1].colour, theme.arms[0].colour];
                    let least = if are_alike && theme == Theme::dark() { 0.5 } else { 3.5 };
                    assert!(apart >= least, "{one:?} and {other:?}: {apart:.1}");
                }
            }
        }
    }
}

#[test]
fn marks_stand_out_from_every_ground_on_which_they_are_drawn() {
    for theme in [Theme::light(), Theme::dark()] {
        for arm in theme.arms.iter().chain([&theme.reference]) {
            for ground in [theme.background, theme.shade, theme.band] {
                assert!(arm.colour.contrast(ground) >= 3.0, "{arm:?} on {ground:?}: {}", arm.colour.contrast(ground));
            }
            assert!(arm.words.contrast(theme.background) >= 4.5, "{arm:?}");
        }
        // Frames and axes, and the intervals of the zip that hold the true value.
        assert!(theme.line.contrast(theme.background) >= 3.0 && theme.ink.contrast(theme.band) >= 7.0);
        assert!(theme.quiet.contrast(theme.band) >= 4.5 && theme.quiet.contrast(theme.shade) >= 4.5);
    }
}

#[test]
fn every_picture_says_in_words_what_it_shows() {
    for theme in [Theme::light(), Theme::light().with_room(Room::Narrow)] {
        for (about, svg) in pictures(3, &LONG, &theme) {
            let tags = tags(svg.as_str());
            assert_eq!((tags[1].0.as_str(), tags[3].0.as_str()), ("title", "desc"), "{about}");
            assert_eq!(
                (unescape(&tags[1].1), unescape(&tags[3].1)),
                (svg.title().to_owned(), svg.description().to_owned())
            );
            assert!(svg.title().len() > 10 && svg.description().len() > 60, "{about}");
            assert!(svg.as_str().starts_with("<svg ") && svg.as_str().contains("role=\"img\""), "{about}");
        }
    }
}

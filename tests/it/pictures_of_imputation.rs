//! Pictures of what missing scores could hide: numbers of surfaces, and what is drawn of them.

use linger::plots::tipping::{Region, TippingNumbers, TippingPanel, draw};
use linger::plots::{Room, Theme, export};

use super::pictures::{SHORT, names};

/// Surfaces over deltas from 0 to 12 in two arms or one; each arm is contrasted with the last, and further along with the others.
pub fn tipping_of(labels: &[String], is_surface: bool) -> TippingNumbers {
    let deltas: Vec<f64> = (0..13).map(f64::from).collect();
    let n = deltas.len();
    let last = labels.len() - 1;
    let panel = |position: usize| {
        let cell = |cell: usize| {
            let (a, b) = if is_surface { (deltas[cell / n], deltas[cell % n]) } else { (deltas[cell], 0.0) };
            // Where only the first arm is adjusted it is better up to 1.6 points, and worse from 9.6 on.
            let z = 2.8 + 0.2 * position as f64 - 0.5 * (a + 0.4 * b);
            let region = if z > 2.0 {
                Region::Better
            } else if z < -2.0 {
                Region::Worse
            } else {
                Region::Neither
            };
            (region, 2.0 - z.abs())
        };
        let cells: Vec<_> = (0..if is_surface { n * n } else { n }).map(cell).collect();
        TippingPanel {
            label: format!("{} - {}", labels[position], labels[last]),
            regions: cells.iter().map(|own| own.0).collect(),
            above_alpha: cells.iter().map(|own| own.1).collect(),
        }
    };
    TippingNumbers {
        title: "The first conclusion changes if missing scores are 2.7 points worse than imputed".into(),
        subject: "Roland disability at Week 10: what is concluded if missing scores were worse than imputed".into(),
        unit: "points".into(),
        across: labels[0].clone(),
        up: is_surface.then(|| labels[1.min(last)].clone()),
        deltas: deltas.clone(),
        panels: (0..last.max(1)).map(panel).collect(),
        captions: vec!["The dot is what was imputed; the line is where the conclusion changes.".into()],
    }
}

#[test]
fn regions_are_named_and_told_in_words() {
    for (is_surface, points) in [(true, 169), (false, 13)] {
        for room in [Room::Page, Room::Narrow] {
            let numbers = tipping_of(&names(3, &SHORT), is_surface);
            let svg = draw(&numbers, &Theme::light().with_room(room));
            let texts = export::drawn_texts(&svg).unwrap();
            for word in ["better", "cannot tell", "worse"] {
                // In the region, or above the panel where it is too narrow for the word.
                let names = |text: &str| text == word || text.ends_with(&format!(" strip: {word}"));
                let count = texts.iter().filter(|own| names(&own.text)).count();
                assert_eq!(count, 2, "{word} {is_surface} {room:?}");
            }
            assert!(svg.as_str().contains(&format!("of {points} points")));
        }
    }
}

#[test]
fn the_boundary_is_drawn_where_the_conclusion_changes() {
    let mut numbers = tipping_of(&names(2, &SHORT), false);
    numbers.panels.truncate(1);
    let svg = draw(&numbers, &Theme::light());
    // z is 2 at 1.6 points and -2 at 9.6, straight lines between whole points; a panel goes from 58 to 776, in quarters of a pixel.
    for tips in [1.6, 9.6] {
        let x = (4.0 * (58.0 + tips / 12.0 * (776.0 - 58.0))) as i32;
        let is_there = (x - 1..=x + 1).any(|x| svg.as_str().contains(&format!("points=\"{x},")));
        assert!(is_there, "no line at {x}");
    }
}

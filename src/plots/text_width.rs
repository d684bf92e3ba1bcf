//! How wide a text will be without asking a font: advance widths of DejaVu Sans, and line breaking with them.

/// Advance widths of DejaVu Sans for U+0020 to U+007E, in thousandths of the font size.
const REGULAR: [u16; 95] = [
    318, 401, 460, 838, 636, 950, 780, 275, 390, 390, 500, 838, 318, 361, 318, 337, 636, 636, 636, 636, 636, 636, 636,
    636, 636, 636, 337, 337, 838, 838, 838, 531, 1000, 684, 686, 698, 770, 632, 575, 775, 752, 295, 295, 656, 557, 863,
    748, 787, 603, 787, 695, 635, 611, 732, 684, 989, 685, 611, 685, 390, 337, 390, 838, 500, 500, 613, 635, 550, 635,
    615, 352, 635, 634, 278, 278, 579, 278, 974, 634, 612, 635, 635, 411, 521, 392, 634, 592, 818, 592, 592, 525, 636,
    337, 636, 838,
];

/// Advance widths of DejaVu Sans Bold for the same characters.
const BOLD: [u16; 95] = [
    348, 456, 521, 838, 696, 1002, 872, 306, 457, 457, 523, 838, 380, 415, 380, 365, 696, 696, 696, 696, 696, 696, 696,
    696, 696, 696, 400, 400, 838, 838, 838, 580, 1000, 774, 762, 734, 830, 683, 683, 821, 837, 372, 372, 775, 637, 995,
    837, 850, 733, 850, 770, 720, 682, 812, 774, 1103, 771, 724, 725, 457, 365, 457, 838, 500, 500, 675, 716, 593, 716,
    678, 435, 716, 712, 343, 343, 665, 343, 1042, 712, 687, 716, 716, 493, 595, 478, 712, 652, 924, 645, 652, 582, 712,
    365, 712, 838,
];

/// Characters after which a word too long for its line is broken by preference.
const BREAK_AFTER: [char; 5] = ['_', '-', '/', '.', ','];

/// Estimated width of a text at a font size, in the unit of the size.
///
/// Exact for ASCII in DejaVu Sans, on the wide side for other scripts; Verdana is about as wide, Arial narrower.
pub fn estimate(text: &str, size: f64, bold: bool) -> f64 {
    let thousandths: u32 = text.chars().map(|character| advance(character, bold)).sum();
    f64::from(thousandths) / 1000.0 * size
}

fn advance(character: char, bold: bool) -> u32 {
    let code = u32::from(character);
    let wider = if bold { 80 } else { 0 };
    match code {
        0x20..=0x7e => u32::from(if bold { BOLD } else { REGULAR }[(code - 0x20) as usize]),
        0x2013 => 500,
        0x2022 => 590 + wider / 2,
        0xa0 => 318 + wider / 2,
        0x2212 | 0x2264 | 0x2265 => 838,
        0x300..=0x36f => 0,
        0xa1..=0x24f => {
            if code == 0xb1 || code == 0xd7 {
                838
            } else {
                680 + wider
            }
        }
        0x370..=0x52f => 900 + 2 * wider,
        _ => 1050,
    }
}

/// Breaks a text into lines no wider than `width`, at spaces but not at no-break ones, or inside a word that is wider by itself.
///
/// There is always at least one line; only a single character wider than `width` may stick out.
pub fn wrap(text: &str, size: f64, bold: bool, width: f64) -> Vec<String> {
    let fits = |line: &str| estimate(line, size, bold) <= width;
    let mut lines = Vec::new();
    let mut line = String::new();
    for word in words(text) {
        let joined = if line.is_empty() { word.to_owned() } else { format!("{line} {word}") };
        if fits(&joined) {
            line = joined;
            continue;
        }
        if !line.is_empty() {
            lines.push(std::mem::take(&mut line));
        }
        line = word.to_owned();
        while !fits(&line) {
            let at = break_inside(&line, &fits);
            if at == line.len() {
                break;
            }
            let rest = line.split_off(at);
            lines.push(std::mem::replace(&mut line, rest));
        }
    }
    if !line.is_empty() || lines.is_empty() {
        lines.push(line);
    }
    lines
}

/// What stands between spaces at which a line may end.
fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| c.is_whitespace() && c != NO_BREAK_SPACE).filter(|word| !word.is_empty())
}

/// A space at which no line ends.
pub const NO_BREAK_SPACE: char = '\u{a0}';

/// Breaks a text into as few lines as [`wrap`] does, but of more even length; no word is broken for that.
pub fn wrap_evenly(text: &str, size: f64, bold: bool, width: f64) -> Vec<String> {
    let lines = wrap(text, size, bold, width);
    let longest = words(text).map(|word| estimate(word, size, bold)).fold(0.0, f64::max);
    let shares = (10..20).map(|twentieths| f64::from(twentieths) / 20.0);
    shares
        .filter(|share| longest > width || share * width >= longest)
        .map(|share| wrap(text, size, bold, share * width))
        .find(|narrower| narrower.len() == lines.len())
        .unwrap_or(lines)
}

/// Byte position at which a word is broken: after its last joining character that fits, else after the last character that does.
fn break_inside(word: &str, fits: &impl Fn(&str) -> bool) -> usize {
    let ends: Vec<(usize, char)> = word
        .char_indices()
        .map(|(start, character)| (start + character.len_utf8(), character))
        .take_while(|&(end, _)| fits(&word[..end]))
        .collect();
    let joint = ends.iter().rev().find(|(_, character)| BREAK_AFTER.contains(character));
    let first = word.chars().next().map_or(0, char::len_utf8);
    joint.or(ends.last()).map_or(first, |&(end, _)| end)
}

/// Width of the widest of some lines.
pub(super) fn widest<'a>(lines: impl IntoIterator<Item = &'a String>, size: f64, bold: bool) -> f64 {
    lines.into_iter().map(|line| estimate(line, size, bold)).fold(0.0, f64::max)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_are_as_wide_as_in_the_font() {
        assert!((estimate("1050", 1000.0, false) - 4.0 * 636.0).abs() < 1e-9);
        assert!(estimate("week", 16.0, true) > estimate("week", 16.0, false));
    }

    #[test]
    fn wrapping_keeps_every_word_and_the_width() {
        let lines = wrap("Structural massage of the lower back", 16.0, false, 120.0);
        assert_eq!(lines.join(" "), "Structural massage of the lower back");
        assert_eq!(wrap_evenly("one two three six", 16.0, false, 120.0), ["one two", "three six"]);
        assert_eq!(wrap_evenly("symptoms better: 2", 15.0, false, 120.0), ["symptoms", "better: 2"]);
        assert_eq!(wrap("pregnancy (n\u{a0}= 6)", 16.0, false, 110.0), ["pregnancy", "(n\u{a0}= 6)"]);
        assert!(lines.len() > 1 && lines.iter().all(|line| estimate(line, 16.0, false) <= 120.0));
    }

    #[test]
    fn a_word_wider_than_the_line_is_broken_after_its_joints() {
        let lines = wrap("structural_massage_home", 16.0, false, 100.0);
        assert_eq!(lines, ["structural_", "massage_", "home"]);
        assert_eq!(wrap("", 16.0, false, 10.0), [""]);
        assert_eq!(wrap("WW", 16.0, false, 1.0), ["W", "W"]);
    }
}

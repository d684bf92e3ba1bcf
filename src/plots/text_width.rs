//! How wide a text will be: advance widths of the font that is compiled in, and line breaking with them.

use super::fonts;

/// Characters after which a word too long for its line is broken by preference.
const BREAK_AFTER: [char; 5] = ['_', '-', '/', '.', ','];

/// Width in ems that a character which the font lacks is taken to have: that of a full-width one.
const UNKNOWN: f64 = 1.05;

/// Width of a text at a font size, in the unit of the size: the sum of its characters' advances in DejaVu Sans.
///
/// Kerning moves few letters, nearly all of them closer. Other fonts of the list that pictures ask for are narrower or about as wide.
pub fn estimate(text: &str, size: f64, bold: bool) -> f64 {
    text.chars().map(|character| advance(character, bold)).sum::<f64>() * size
}

fn advance(character: char, bold: bool) -> f64 {
    // A combining mark stands over the character before it, whatever the font says of it alone.
    if matches!(character, '\u{300}'..='\u{36f}') { 0.0 } else { fonts::advance(character, bold).unwrap_or(UNKNOWN) }
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
        assert!((estimate("1050", 2048.0, false) - 4.0 * 1303.0).abs() < 1e-9);
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

//! The list of pictures: each with a thumbnail of how it looks and a line on what it shows.

use unicode_width::UnicodeWidthStr;

use super::Screen;

/// Columns of a thumbnail.
const WIDTH: usize = 14;

/// The thumbnail of a picture, by its name; three lines.
fn thumbnail(name: &str) -> [&'static str; 3] {
    match name {
        "flow" => ["     ┌─┴─┐", "   ┌─┼───┤", "   ▯ ▯   ▯"],
        "means" => ["●╌╌■╌╌╌╌■╌╌╌■", " ╲     ╭─●", "  ╰─●──╯"],
        "fade" => ["┈┈┈┈┈┈┈┈┈┈┈┈┈", " ╲      ╭──●", "  ╰●──●─╯"],
        "dose" => ["  ⢀⠎⡆", " ⡔⠁ ⠈⠒⠤⣀⣀⣀⣀⣀", " ▮▮▮"],
        "forest" => ["├───●──┤  │", "   ├──●───┤", "      ├───●──┤"],
        "improve" => ["■ ░░░▒▒", "▲ ░░░▒▒████", "● ░░░▒▒█████"],
        "cdf" => ["⠉⠉⠒⢄⡀", "    ⠈⠢⡀", "      ⠈⠒⠤⣀⣀⣀"],
        "power" => ["     ⢀⡠⠔⠒⠊⠉⠉", "┈┈┈⢀⠔⠁┈┈┈┈┈┈", "⣀⠤⠔⠁"],
        "zip" => ["━━━━━ │", "  ╶───┼──╴", "   ╶──┼───╴"],
        "grid" => ["│──────●", "│───●", "●─│"],
        _ => ["", "", ""],
    }
}

/// The pictures, given as names with what each shows.
pub fn list(pictures: &[(String, String)], screen: &Screen) -> String {
    let name_width = pictures.iter().map(|(name, _)| name.width()).max().unwrap_or(0);
    let start = WIDTH + 2 + name_width + 2;
    let mut blocks = Vec::new();
    for (name, about) in pictures {
        let words = textwrap::wrap(about, screen.width.saturating_sub(start).max(16));
        // A line of words stands in the middle, beside the name.
        let above = usize::from(words.len() < 3);
        let n_lines = (words.len() + above).max(3);
        let art = thumbnail(name);
        let line = |line: usize| {
            let art = art.get(line).copied().unwrap_or_default();
            let name = if line == above { name.as_str() } else { "" };
            let words = line.checked_sub(above).and_then(|line| words.get(line)).map_or("", |words| words);
            let padding = WIDTH.saturating_sub(art.width()) + 2;
            let text = format!("{art}{:padding$}{name:<name_width$}  {words}", "");
            format!("{}\n", text.trim_end())
        };
        blocks.push((0..n_lines).map(line).collect::<String>());
    }
    blocks.join("\n")
}

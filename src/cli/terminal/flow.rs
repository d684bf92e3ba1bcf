//! Participant flow as an indented tree of counts.

use super::Screen;
use super::cells::Cells;
use super::ink::Ink;
use crate::plots::flow::{FlowArm, FlowNumbers};
use crate::report::numbers::fixed;
use crate::trial::ArmFlow;

/// Draws the picture.
pub fn draw(numbers: &FlowNumbers, screen: &Screen) -> String {
    let mut tree = Tree { sheet: Cells::new(screen.width), width: screen.width };
    let flow = &numbers.flow;
    let excluded = flow.excluded().filter(|n| *n > 0);
    if let Some(screened) = flow.screened {
        tree.branch("", None, &format!("screened {screened}"));
    }
    let (stem, last) = if flow.screened.is_some() { ("├─ ", "└─ ") } else { ("", "") };
    if let Some(n) = excluded {
        let rule = numbers.entry_rule.as_ref().filter(|_| flow.exclusions().next().is_none());
        let rule = rule.map(|rule| format!(" (entry: {rule})")).unwrap_or_default();
        tree.branch(stem, None, &format!("excluded {n}{rule}"));
        let under = if flow.screened.is_some() { "│  " } else { "   " };
        let reasons: Vec<(&str, usize)> = flow.exclusions().collect();
        let widest = reasons.iter().map(|(_, n)| n.to_string().len()).max().unwrap_or(0);
        for (reason, n) in reasons {
            tree.branch(&format!("{under}  "), None, &format!("{n:>widest$}  {reason}"));
        }
    }
    tree.branch(last, None, &format!("randomised {}", flow.randomised()));
    let under = if flow.screened.is_some() { "   " } else { "" };
    let inks = Ink::of_arms(numbers.arms.iter().map(|arm| arm.reference));
    for (place, (about, counts)) in numbers.arms.iter().zip(&flow.arms).enumerate() {
        let is_last = place + 1 == numbers.arms.len();
        let (stem, below) = if is_last { ("└─ ", "     ") } else { ("├─ ", "│    ") };
        arm(
            &mut tree,
            [&format!("{under}{stem}"), &format!("{under}{below}")],
            (about, inks[place]),
            numbers,
            counts,
            place,
        );
    }
    let mut text = format!("{}\n{}", screen.prose(&numbers.title), tree.sheet.text(screen.colour));
    if let Some(note) = &numbers.footnote {
        text.push_str(&screen.prose(note));
    }
    text
}

/// An arm: how many got it, how many sessions they kept, who was seen, who was lost and why, who is analysed.
fn arm(
    tree: &mut Tree,
    [stem, below]: [&str; 2],
    (about, ink): (&FlowArm, Ink),
    numbers: &FlowNumbers,
    counts: &ArmFlow,
    place: usize,
) {
    tree.branch(stem, Some(ink), &format!("{} {}", about.label, counts.randomised));
    let mean = counts.attended.as_ref().and_then(|attended| attended.mean());
    if let Some(planned) = counts.sessions_planned {
        let kept = mean.map(|mean| format!("{} of ", fixed(mean, 1))).unwrap_or_default();
        let average = if mean.is_some() { " attended on average" } else { " planned" };
        tree.branch(below, None, &format!("sessions {kept}{planned}{average}"));
    }
    let reasons = &numbers.flow.names.reasons;
    for visit in 1..numbers.visits.len() {
        let lost = counts.discontinued.get(visit).copied().unwrap_or(0);
        let known = counts.discontinued_for.get(visit).into_iter().flatten().zip(reasons);
        let known: Vec<String> = known.filter(|(n, _)| **n > 0).map(|(n, reason)| format!("{reason} {n}")).collect();
        let why = if known.is_empty() { String::new() } else { format!(": {}", known.join(", ")) };
        let lost = if lost == 0 { String::new() } else { format!(" · lost {lost}{why}") };
        let seen = counts.seen.get(visit).copied().unwrap_or(0);
        tree.branch(below, None, &format!("{}: seen {seen}{lost}", numbers.visits[visit]));
    }
    let analysed: Vec<String> = (numbers.analysed.iter())
        .filter_map(|own| Some(format!("{} {}", own.label, own.per_arm.get(place)?).trim().to_owned()))
        .collect();
    if !analysed.is_empty() {
        tree.branch(below, None, &format!("analysed: {}", analysed.join(" · ")));
    }
}

/// Lines with stems before them.
struct Tree {
    sheet: Cells,
    width: usize,
}

impl Tree {
    /// Writes a text behind a stem, broken between words; further lines are indented under it.
    fn branch(&mut self, stem: &str, ink: Option<Ink>, text: &str) {
        let indent: String = stem.chars().map(|letter| if matches!(letter, '│' | '├') { '│' } else { ' ' }).collect();
        let start = stem.chars().count();
        let marked = start + if ink.is_some() { 2 } else { 0 };
        let lines = textwrap::wrap(text, self.width.saturating_sub(marked + 2).max(10));
        for (turn, words) in lines.iter().enumerate() {
            let line = self.sheet.n_lines();
            self.sheet.put(line, 0, if turn == 0 { stem } else { &indent }, Ink::Quiet);
            if let Some(ink) = ink.filter(|_| turn == 0) {
                self.sheet.put(line, start, &ink.marker().to_string(), ink);
            }
            self.sheet.put(line, marked + if turn == 0 { 0 } else { 2 }, words, Ink::Plain);
        }
    }
}

//! The walk through the lesson: bets that are asked for in a terminal, the whole text where there is none.

use std::io::{BufRead, IsTerminal, Write};

use anyhow::Result;

use super::pictures;
use crate::cli::output::{Console, write_words};
use crate::cli::terminal::Screen;
use crate::lesson::{Lesson, Paragraph, Picture, Stop, walk};

/// Walks through all stops.
pub fn run(lesson: &Lesson<'_>, console: &Console) -> Result<()> {
    let stops = walk(lesson)?;
    let screen = Screen::of(console);
    let walker = Walker { lesson, screen, asks: std::io::stdin().is_terminal() && std::io::stdout().is_terminal() };
    walker.opening()?;
    for (position, stop) in stops.iter().enumerate() {
        walker.stop(stop)?;
        let is_last = position + 1 == stops.len();
        if !is_last && walker.ask(&lesson.line("terminal.next")?)?.is_some_and(|said| said.eq_ignore_ascii_case("q")) {
            return Ok(());
        }
    }
    walker.say(&lesson.line("terminal.end")?)
}

struct Walker<'a> {
    lesson: &'a Lesson<'a>,
    screen: Screen,
    /// Whether somebody is there to answer.
    asks: bool,
}

impl Walker<'_> {
    fn say(&self, text: &str) -> Result<()> {
        let paragraphs: Vec<String> = text.split("\n\n").map(|own| self.screen.prose(own)).collect();
        write_words(&format!("{}\n", paragraphs.join("\n")))
    }

    /// Asks and waits; `None` where nobody is there, or the answer is empty or at its end.
    fn ask(&self, question: &str) -> Result<Option<String>> {
        if !self.asks {
            return Ok(None);
        }
        write_words(question)?;
        std::io::stdout().flush()?;
        let mut said = String::new();
        std::io::stdin().lock().read_line(&mut said)?;
        write_words("\n")?;
        let said = said.trim();
        Ok((!said.is_empty()).then(|| said.to_owned()))
    }

    fn opening(&self) -> Result<()> {
        let title = self.lesson.line("lesson.title")?;
        write_words(&format!("{title}\n{}\n\n", "═".repeat(title.chars().count())))?;
        self.say(&self.lesson.line("lesson.about")?)?;
        self.say(&self.lesson.about_scenario()?)
    }

    fn stop(&self, stop: &Stop) -> Result<()> {
        let heading = format!("{} · {}", stop.over, stop.title);
        write_words(&format!("{heading}\n{}\n\n", "─".repeat(heading.chars().count())))?;
        self.say(&stop.bet)?;
        let answer = self.bet(stop)?;
        if let Some(picture) = &stop.picture {
            write_words(&format!("{}\n", pictures::draw(picture, self.lesson, &self.screen)))?;
        }
        if let Some(answer) = answer {
            self.say(&answer)?;
        }
        self.reveal(stop)
    }

    /// The answers to choose from, the bet, and what becomes of it.
    fn bet(&self, stop: &Stop) -> Result<Option<String>> {
        for (position, choice) in stop.choices.iter().enumerate() {
            write_words(&format!("  {}  {}\n", position + 1, choice.says))?;
        }
        if !stop.choices.is_empty() {
            write_words("\n")?;
        }
        let of_trial = matches!(stop.picture, Some(Picture::Intervals { .. }));
        let label = |key: &str| self.lesson.line(&format!("labels.{key}{}", if of_trial { "_trial" } else { "" }));
        if stop.asks_for_a_number {
            let said = self.ask(&self.lesson.line("terminal.guess")?)?;
            let number = said.and_then(|said| said.replace(',', ".").parse::<f64>().ok()).filter(|own| own.is_finite());
            return Ok(number.map(|number| self.lesson.compared(number)));
        }
        let right = stop.choices.iter().position(|choice| choice.right);
        let the_answer = |position: usize| {
            Ok::<_, anyhow::Error>(format!("{} {}", label("the_answer")?, stop.choices[position].says))
        };
        let question = self.lesson.line("terminal.choose")?.replace("{number}", &stop.choices.len().to_string());
        let said = if stop.choices.is_empty() { None } else { self.ask(&question)? };
        let chosen =
            said.and_then(|said| said.parse::<usize>().ok()?.checked_sub(1)).filter(|&own| own < stop.choices.len());
        match (chosen, right) {
            (Some(chosen), Some(right)) if chosen == right => Ok(Some(format!("✓ {}", label("right")?))),
            (Some(_), Some(right)) => Ok(Some(format!("✗ {}\n\n{}", label("wrong")?, the_answer(right)?))),
            (_, Some(right)) => Ok(Some(the_answer(right)?)),
            (_, None) => Ok(None),
        }
    }

    fn reveal(&self, stop: &Stop) -> Result<()> {
        for paragraph in &stop.reveal {
            self.say(&with_stars(paragraph))?;
        }
        self.say(&stop.footnote)?;
        let Some([title, text, source]) = &stop.card else { return Ok(()) };
        let text =
            [title, text, source].into_iter().filter(|own| !own.is_empty()).cloned().collect::<Vec<_>>().join("\n\n");
        let paragraphs: Vec<String> = text.split("\n\n").map(|own| indented(&self.screen, own)).collect();
        write_words(&format!("{}\n", paragraphs.join("  │\n")))
    }
}

/// A paragraph of a card, with a line beside it.
fn indented(screen: &Screen, text: &str) -> String {
    let narrower = Screen { width: screen.width.saturating_sub(4), ..*screen };
    narrower.prose(text).lines().map(|line| format!("  │ {line}\n")).collect()
}

/// A paragraph in one line; strong words are as plain as the others in a terminal.
fn with_stars(paragraph: &Paragraph) -> String {
    paragraph.iter().map(|span| span.text.as_str()).collect()
}

//! `linger snapshot review`: every value that waits, one after the other, accepted, rejected or skipped by a letter.

use std::io::{BufRead, IsTerminal, Write};

use anyhow::{Result, bail};

use super::pending::Pending;
use super::{keep, settle};
use crate::cli::guard::Guard;
use crate::cli::output::Console;
use crate::report::guard::lines;
use crate::snapshot::{Comparison, Snapshot, accept, reject};

/// What is done with a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Answer {
    Accept,
    Reject,
    Skip,
}

/// What was answered to all questions.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Answered {
    accepted: usize,
    rejected: usize,
    skipped: usize,
}

/// Runs the verb in a terminal.
pub fn run(guard: &Guard, console: &Console) -> Result<u8> {
    let mut pending = Pending::read(guard)?;
    if pending.is_empty() {
        console.note(&format!("nothing waits to be accepted; linger test{} finds what has changed", guard.arguments()));
        return Ok(0);
    }
    if !std::io::stdin().is_terminal() {
        bail!(
            "a review needs a terminal to answer in; elsewhere accept values by name: linger snapshot accept ID…{} --reason \"…\"",
            guard.arguments()
        );
    }
    let (mut answers, mut screen) = (std::io::stdin().lock(), std::io::stdout().lock());
    let before: Vec<Snapshot> = pending.iter().map(|own| own.kept.clone()).collect();
    let answered = ask(&mut pending, &mut answers, &mut screen)?;
    for (own, before) in pending.iter().zip(&before) {
        if own.kept != *before {
            keep(guard, &own.kept)?;
        }
        settle(guard, own)?;
    }
    let Answered { accepted, rejected, skipped } = answered;
    writeln!(screen, "{accepted} accepted, {rejected} rejected, {skipped} skipped")?;
    Ok(0)
}

/// Asks about every value that waits. Nothing is written here; an end of the answers skips the rest.
fn ask(pending: &mut [Pending], answers: &mut impl BufRead, screen: &mut impl Write) -> Result<Answered> {
    let mut answered = Answered::default();
    let mut for_the_rest = None;
    let mut reason = String::new();
    let n: usize = pending.iter().map(|own| own.changes().len()).sum();
    let mut position = 0;
    for own in pending {
        for change in own.changes() {
            position += 1;
            let answer = match for_the_rest {
                Some(answer) => answer,
                None => {
                    show(screen, own, &change, position, n)?;
                    let (answer, rest) = question(answers, screen)?;
                    for_the_rest = rest.then_some(answer);
                    answer
                }
            };
            match answer {
                Answer::Accept => {
                    if reason.is_empty() || for_the_rest.is_none() {
                        match why(answers, screen, &reason)? {
                            Some(text) => reason = text,
                            None => {
                                answered.skipped += 1;
                                for_the_rest = Some(Answer::Skip);
                                continue;
                            }
                        }
                    }
                    accept(&mut own.kept, &own.now, &change.id, &reason);
                    answered.accepted += 1;
                }
                Answer::Reject => {
                    reject(&own.kept, &mut own.now, &change.id);
                    answered.rejected += 1;
                }
                Answer::Skip => answered.skipped += 1,
            }
        }
    }
    Ok(answered)
}

fn show(screen: &mut impl Write, own: &Pending, change: &Comparison, position: usize, n: usize) -> Result<()> {
    writeln!(screen, "\n{} ({position} of {n}): {}", own.case.name, change.verdict.words())?;
    for line in lines(change, None) {
        writeln!(screen, "{line}")?;
    }
    let before = own.kept.acceptance(&change.id);
    if change.kept().is_some() {
        writeln!(screen, "      kept {} with linger {}: {}", before.date, before.tool_version, before.reason)?;
    }
    Ok(())
}

/// Asks until there is an answer; whether it holds for all that follow comes with it.
fn question(answers: &mut impl BufRead, screen: &mut impl Write) -> Result<(Answer, bool)> {
    loop {
        write!(screen, "  [a]ccept  [r]eject  [s]kip  (A, R, S: this and all that follow) > ")?;
        screen.flush()?;
        let mut line = String::new();
        if answers.read_line(&mut line)? == 0 {
            writeln!(screen)?;
            return Ok((Answer::Skip, true));
        }
        match line.trim() {
            "a" => return Ok((Answer::Accept, false)),
            "r" => return Ok((Answer::Reject, false)),
            "s" => return Ok((Answer::Skip, false)),
            "A" => return Ok((Answer::Accept, true)),
            "R" => return Ok((Answer::Reject, true)),
            "S" => return Ok((Answer::Skip, true)),
            _ => writeln!(screen, "  answer with one of the letters, then Enter")?,
        }
    }
}

/// Asks for the reason, which is needed; Enter alone takes the one given before. `None` at the end of the answers.
fn why(answers: &mut impl BufRead, screen: &mut impl Write, before: &str) -> Result<Option<String>> {
    loop {
        let usual = if before.is_empty() { String::new() } else { format!(" [{before}]") };
        write!(screen, "  reason{usual}: ")?;
        screen.flush()?;
        let mut line = String::new();
        if answers.read_line(&mut line)? == 0 {
            writeln!(screen)?;
            return Ok(None);
        }
        match (line.trim(), before) {
            ("", "") => writeln!(screen, "  a reason is kept with every value: say why it has changed")?,
            ("", before) => return Ok(Some(before.to_owned())),
            (text, _) => return Ok(Some(text.to_owned())),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scenario::{MonteCarloBand, Place, TestCase, TestSubject, Tolerance};
    use crate::snapshot::subject::{Kind, Subject};
    use crate::snapshot::{Quantity, Value};

    /// A case of which `a`, `b` and `c` have changed from 1 to 2, and `d` is as it was.
    fn pending() -> Vec<Pending> {
        let case = TestCase {
            name: "case".to_owned(),
            subject: TestSubject::Data { data: "data.csv".into(), columns: None, plan: None },
            replicates: None,
            checks: Vec::new(),
            exact: Tolerance::default(),
            tolerances: Vec::new(),
            monte_carlo: MonteCarloBand::default(),
            expect: Vec::new(),
            place: Place::File { file: "linger-tests.toml".to_owned() },
        };
        let subject = Subject {
            kind: Kind::Data,
            hash: String::new(),
            seed: None,
            replicates: None,
            generator: None,
            settings: std::collections::BTreeMap::new(),
        };
        let quantity = |id: &str, value: f64| {
            Quantity::new(id.to_owned(), crate::scenario::TestCheck::Estimates, Value::Number(value))
        };
        let kept = ["a", "b", "c", "d"].map(|id| quantity(id, 1.0));
        let now = [quantity("a", 2.0), quantity("b", 2.0), quantity("c", 2.0), quantity("d", 1.0)];
        let snapshot = |all: &[Quantity], day: &str| Snapshot::of("case", &subject, all, "0.1.0", day);
        vec![Pending { case, kept: snapshot(&kept, "2025-01-01"), now: snapshot(&now, "2025-02-02") }]
    }

    /// The kept values after some answers, those that still wait, and what was said.
    fn answered(answers: &str) -> (String, Vec<String>, String) {
        let mut pending = pending();
        let mut screen = Vec::new();
        ask(&mut pending, &mut answers.as_bytes(), &mut screen).unwrap();
        let kept = pending[0].kept.quantities.values().map(|own| own.value.to_string()).collect::<Vec<_>>().join(" ");
        let waiting = pending[0].ids().map(str::to_owned).collect();
        (kept, waiting, String::from_utf8(screen).unwrap())
    }

    #[test]
    fn values_are_accepted_rejected_and_skipped_one_by_one() {
        let (kept, waiting, screen) = answered("a\nbecause\nr\ns\n");
        assert_eq!((kept.as_str(), waiting), ("2.0 1.0 1.0 1.0", vec!["c".to_owned()]));
        assert!(screen.contains("case (1 of 3): changed") && screen.contains("case (3 of 3)"), "{screen}");
        assert!(!screen.contains(" d"), "{screen}");
    }

    #[test]
    fn a_capital_answers_for_all_that_follow() {
        assert_eq!(answered("A\nbecause\n").0, "2.0 2.0 2.0 1.0");
        assert!(answered("R\n").1.is_empty());
        assert_eq!(answered("S\n").1, ["a", "b", "c"]);
    }

    #[test]
    fn nothing_is_accepted_without_a_reason_or_after_the_end_of_the_answers() {
        for answers in ["", "a\n", "a\n\n", "x\n", "A\n\n\n"] {
            let (kept, waiting, _) = answered(answers);
            assert_eq!((kept.as_str(), waiting.len()), ("1.0 1.0 1.0 1.0", 3), "{answers:?}");
        }
        // Enter takes the reason that was given before.
        let (kept, _, screen) = answered("a\nbecause\na\n\ns\n");
        assert_eq!(kept, "2.0 2.0 1.0 1.0");
        assert!(screen.contains("reason [because]: "), "{screen}");
    }
}

//! Participants and their arms, from the rows of a data file.

use std::collections::HashMap;

use super::cells::Cells;
use super::checks::{Findings, Grouped, also_on, distinct, listed, numbered, spelt_twice};
use super::problems::{IntakeCode, IntakeProblem};
use super::shape::Places;
use crate::scenario::{Columns, nearest};
use crate::trial::Arm;

/// Largest number of arms that are taken as found.
const MANY_ARMS: usize = 20;

/// Words by which the arm that others are compared with is recognised where no mapping says it.
const REFERENCE_WORDS: [&str; 7] = ["usual", "control", "placebo", "standard", "waiting", "waitlist", "sham"];

/// Participants in the order of first appearance.
#[derive(Debug)]
pub(super) struct People {
    pub identifiers: Vec<String>,
    /// Position of the first row of each participant.
    pub first_row: Vec<usize>,
    /// Participant of each row; `None` where the row names none.
    pub of_row: Vec<Option<usize>>,
    /// Arms of the trial.
    pub arms: Vec<Arm>,
    /// Arm of each participant; `None` where a problem stands in the way.
    pub arm: Vec<Option<usize>>,
}

/// Reads identifiers and arms.
pub(super) fn read(cells: &Cells, places: &Places, columns: &Columns, findings: &mut Findings) -> People {
    let mut people = People {
        identifiers: Vec::new(),
        first_row: Vec::new(),
        of_row: Vec::new(),
        arms: Vec::new(),
        arm: Vec::new(),
    };
    people.read_identifiers(cells, places.participant, findings);
    let arm_of_text = if columns.arms.is_empty() {
        let Some(found) = people.arms_found(cells, places.arm, findings) else {
            people.arm = vec![None; people.identifiers.len()];
            return people;
        };
        found
    } else {
        people.arms_given(columns)
    };
    let arm_of_row = arms_of_rows(cells, places.arm, &people.arms, &arm_of_text, findings);
    people.allocate(cells, places.arm, &arm_of_row, findings);
    people.check_sizes(cells, places.arm, columns, findings);
    people
}

impl People {
    fn read_identifiers(&mut self, cells: &Cells, column: usize, findings: &mut Findings) {
        let mut known: HashMap<&str, usize> = HashMap::new();
        let column = &cells.columns[column];
        for (position, cell) in column.cells.iter().enumerate() {
            let Some(identifier) = cell else {
                let problem = IntakeProblem::new(IntakeCode::NoParticipant, "this row names no participant")
                    .row(cells.rows[position])
                    .column(column.heading.as_str())
                    .help("write the participant's identifier on every row");
                findings.problem(problem);
                self.of_row.push(None);
                continue;
            };
            let next = self.identifiers.len();
            let participant = *known.entry(identifier).or_insert(next);
            if participant == next {
                self.identifiers.push(identifier.clone());
                self.first_row.push(position);
            }
            self.of_row.push(Some(participant));
        }
    }

    fn arms_given(&mut self, columns: &Columns) -> HashMap<String, usize> {
        self.arms = columns.arms.iter().map(|arm| arm.arm.clone()).collect();
        let texts = columns.arms.iter().enumerate();
        texts.flat_map(|(position, arm)| arm.texts.iter().map(move |text| (text.clone(), position))).collect()
    }

    /// The arms in the order of first appearance, and what each text means; `None` where there are too many to be arms.
    fn arms_found(&mut self, cells: &Cells, column: usize, findings: &mut Findings) -> Option<HashMap<String, usize>> {
        let column = &cells.columns[column];
        let found = distinct(column);
        let texts: Vec<&str> = found.keys().copied().collect();
        let problem =
            |message: String| IntakeProblem::new(IntakeCode::ArmsFound, message).column(column.heading.as_str());
        if texts.len() > MANY_ARMS {
            let message = format!("there are {} different arms: {}", texts.len(), listed(texts.iter().copied()));
            findings.problem(
                problem(message).help("set `arm` in columns.toml to the column of the arm, or name the arms there"),
            );
            return None;
        } else if texts.len() == 1 {
            let message = format!("there is only one arm, `{}`", texts[0]);
            findings.problem(
                problem(message).help("a trial has at least two arms; set `arm` in columns.toml to their column"),
            );
        }
        for (text, earlier) in spelt_twice(&texts) {
            let rows = numbered(cells, &found[text]);
            let message = format!("`{text}` and `{earlier}` differ only in spelling{}", also_on(&rows, cells.counting));
            let help = "spell each arm in one way, or list both spellings under `in_file` of the arm in columns.toml";
            findings.problem(problem(message).row(rows[0]).suggest(Some(earlier)).help(help));
        }
        let names = short_names(&texts);
        let hints: Vec<usize> = (0..texts.len()).filter(|&arm| looks_like_reference(texts[arm])).collect();
        let reference = if let [only] = hints[..] { only } else { texts.len().saturating_sub(1) };
        self.arms = texts
            .iter()
            .zip(&names)
            .enumerate()
            .map(|(position, (&text, name))| Arm {
                name: name.clone(),
                label: text.to_owned(),
                reference: position == reference,
                sessions: Vec::new(),
            })
            .collect();
        if let Some(reference) = self.arms.get(reference) {
            findings.note(format!(
                "arms as found, in the order of first appearance: {}; the others are compared with `{}` \
                 (columns.toml can name another reference)",
                listed(names.iter().map(String::as_str)),
                reference.name
            ));
        }
        Some(texts.iter().enumerate().map(|(position, &text)| (text.to_owned(), position)).collect())
    }

    /// One arm per participant: that of the first row on which it is known.
    fn allocate(&mut self, cells: &Cells, column: usize, arm_of_row: &[Option<usize>], findings: &mut Findings) {
        let mut first: Vec<Option<(usize, usize)>> = vec![None; self.identifiers.len()];
        let mut reported = vec![false; self.identifiers.len()];
        for (position, (participant, arm)) in self.of_row.iter().zip(arm_of_row).enumerate() {
            let (Some(participant), Some(arm)) = (*participant, *arm) else { continue };
            match first[participant] {
                None => first[participant] = Some((arm, position)),
                Some((other, at)) if other != arm && !reported[participant] => {
                    reported[participant] = true;
                    let message = format!(
                        "participant `{}` is in `{}` here, but in `{}` on {} {}",
                        self.identifiers[participant],
                        self.arms[arm].name,
                        self.arms[other].name,
                        cells.counting.word(),
                        cells.rows[at]
                    );
                    let problem = IntakeProblem::new(IntakeCode::TwoArms, message)
                        .row(cells.rows[position])
                        .column(cells.columns[column].heading.as_str())
                        .help("a participant belongs to the arm of the randomisation, on every row");
                    findings.problem(problem);
                }
                Some(_) => {}
            }
        }
        self.arm = first.into_iter().map(|found| found.map(|(arm, _)| arm)).collect();
    }

    /// Arms of nobody or of one participant are slips where arms are taken as found, and worth a note otherwise.
    fn check_sizes(&self, cells: &Cells, column: usize, columns: &Columns, findings: &mut Findings) {
        let mut sizes = vec![0_usize; self.arms.len()];
        self.arm.iter().flatten().for_each(|&arm| sizes[arm] += 1);
        for (position, arm) in self.arms.iter().enumerate().filter(|&(position, _)| sizes[position] < 2) {
            if !columns.arms.is_empty() {
                findings.note(format!("arm `{}` has {} participants in the file", arm.name, sizes[position]));
                continue;
            }
            let others = self.arms.iter().enumerate().filter(|&(other, _)| other != position && sizes[other] >= 2);
            let row = self
                .arm
                .iter()
                .position(|&found| found == Some(position))
                .map(|participant| self.first_row[participant]);
            let mut problem =
                IntakeProblem::new(IntakeCode::ArmsFound, format!("arm `{}` has only one participant", arm.label))
                    .column(cells.columns[column].heading.as_str())
                    .suggest(nearest(&arm.label, others.map(|(_, other)| other.label.as_str())))
                    .help("correct the spelling, or name the arms in columns.toml");
            problem.row = row.map(|row| cells.rows[row]);
            // Nobody: its rows belong to participants of another arm, which is reported there.
            if sizes[position] == 1 {
                findings.problem(problem);
            }
        }
    }
}

fn arms_of_rows(
    cells: &Cells,
    column: usize,
    arms: &[Arm],
    arm_of_text: &HashMap<String, usize>,
    findings: &mut Findings,
) -> Vec<Option<usize>> {
    let column = &cells.columns[column];
    let mut unknown = Grouped::default();
    let mut of_row = Vec::with_capacity(column.cells.len());
    for (position, cell) in column.cells.iter().enumerate() {
        let text = cell.as_deref().unwrap_or_default();
        let arm = arm_of_text.get(text).copied();
        if arm.is_none() {
            unknown.add(text, cells.rows[position]);
        }
        of_row.push(arm);
    }
    let texts: Vec<&str> = arm_of_text.keys().map(String::as_str).collect();
    for (text, rows) in unknown.iter() {
        let also = also_on(rows, cells.counting);
        let message = if text.is_empty() {
            format!("the arm is missing{also}")
        } else {
            format!("`{text}` is not an arm of this trial{also}")
        };
        let mut sorted = texts.clone();
        sorted.sort_unstable();
        let names = listed(arms.iter().map(|arm| arm.name.as_str()));
        let problem = IntakeProblem::new(IntakeCode::UnknownArm, message)
            .row(rows[0])
            .column(column.heading.as_str())
            .suggest(nearest(text, sorted).filter(|_| !text.is_empty()))
            .help(format!("arms: {names}; other spellings go under `in_file` of the arm in columns.toml"));
        findings.problem(problem);
    }
    of_row
}

fn looks_like_reference(text: &str) -> bool {
    let text = text.to_lowercase();
    REFERENCE_WORDS.iter().any(|word| text.contains(word))
}

/// Names fit for contrasts: the texts themselves if they are words, else the texts in lower case with underscores.
pub(super) fn short_names(texts: &[&str]) -> Vec<String> {
    let is_word = |text: &str| text.chars().all(|letter| letter.is_alphanumeric() || letter == '_');
    let slug = |text: &str| {
        let spaced: String =
            text.to_lowercase().chars().map(|letter| if letter.is_alphanumeric() { letter } else { ' ' }).collect();
        spaced.split_whitespace().collect::<Vec<_>>().join("_")
    };
    let mut names: Vec<String> = Vec::with_capacity(texts.len());
    for text in texts {
        let name = if is_word(text) { (*text).to_owned() } else { slug(text) };
        let taken = name.is_empty() || names.contains(&name) || texts.contains(&name.as_str()) && name != **text;
        names.push(if taken { (*text).to_owned() } else { name });
    }
    names
}

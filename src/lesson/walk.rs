//! The lesson as it is walked through in the terminal: what every stop says, and the numbers of its picture.

use super::step::{Choice, Lesson, StepKey};
use super::story::{BET_WEEKS, boosted_scenario};
use super::text::{Paragraph, plain};
use crate::cohort::{ChangeSource, build_up};
use crate::scenario::Problems;
use crate::trial::Estimate;

/// Points of a curve.
const POINTS: usize = 104;

/// Numbers to be drawn with characters.
#[derive(Debug, Clone, PartialEq)]
pub enum Picture {
    /// Curves over the weeks, the first in full and others for comparison.
    Curves {
        /// What is drawn upwards.
        up: String,
        /// Name and points of each.
        curves: Vec<(String, Vec<(f64, f64)>)>,
    },
    /// Bars of several parts, one bar per arm.
    Bars {
        /// What the bars count.
        unit: String,
        /// Name of a bar and its parts with their names.
        bars: Vec<(String, Vec<(String, f64)>)>,
    },
    /// Estimates with intervals.
    Intervals {
        /// Name of the difference.
        of: String,
        /// Visit, estimate.
        rows: Vec<(String, Estimate)>,
        /// Differences smaller than this are too small to matter.
        meaningful: Option<f64>,
    },
    /// Sizes that are needed.
    Sizes {
        /// Visit and participants per arm.
        rows: Vec<(String, String)>,
    },
}

/// One stop of the walk.
#[derive(Debug, Clone, PartialEq)]
pub struct Stop {
    /// `Step 2 of 7`.
    pub over: String,
    /// Its title.
    pub title: String,
    /// The question.
    pub bet: String,
    /// Answers to choose; none where nothing can be chosen.
    pub choices: Vec<Choice>,
    /// Whether the bet is a number, in the unit of the outcome.
    pub asks_for_a_number: bool,
    /// What is true.
    pub reveal: Vec<Paragraph>,
    /// The numbers of its picture.
    pub picture: Option<Picture>,
    /// Small print.
    pub footnote: String,
    /// A card: title, text, source.
    pub card: Option<[String; 3]>,
}

/// All stops in their order.
///
/// # Errors
/// Words that name a place without a value in this scenario.
pub fn walk(lesson: &Lesson<'_>) -> Result<Vec<Stop>, Problems> {
    let steps = lesson.steps()?;
    let n = steps.len().to_string();
    let over = |position: usize| {
        let text = lesson.words.get("labels.step");
        text.replace("{number}", &(position + 1).to_string()).replace("{steps}", &n)
    };
    let drawn = |step: &super::step::Step| step.key == StepKey::LastSession && !lesson.subject.sessions().is_empty();
    let asked = lesson.line("steps.last_session.terminal_bet")?;
    let stops = steps.into_iter().enumerate().map(|(position, step)| Stop {
        over: over(position),
        asks_for_a_number: drawn(&step),
        bet: if drawn(&step) { asked.clone() } else { plain(&step.bet) },
        title: step.title,
        choices: step.choices,
        picture: picture(lesson, step.key),
        reveal: step.reveal,
        footnote: plain(&step.footnote),
        card: step.card.map(|own| [own.title, plain(&own.text), own.source]),
    });
    Ok(stops.collect())
}

fn picture(lesson: &Lesson<'_>, key: StepKey) -> Option<Picture> {
    let subject = lesson.subject;
    let label = |key: &str| lesson.line(&format!("labels.{key}")).unwrap_or_default();
    let weeks = |to: f64| (0..=POINTS).map(move |point| to * point as f64 / POINTS as f64);
    let benefits = |scenario, to: f64| -> Vec<(f64, f64)> {
        weeks(to).filter_map(|week| Some((week, subject.benefit_under(scenario, week)?))).collect()
    };
    match key {
        StepKey::OneSession => {
            let effect = subject.effect()?;
            let points =
                weeks(subject.end().max(BET_WEEKS)).map(|week| (week, 100.0 * effect.share_left(week))).collect();
            Some(Picture::Curves {
                up: format!("{} (%)", label("share_left")),
                curves: vec![(label("the_model"), points)],
            })
        }
        StepKey::TenSessions | StepKey::LastSession => {
            let curve = (label("the_model"), benefits(subject.scenario(), subject.end()));
            Some(Picture::Curves { up: label("points_better"), curves: vec![curve] })
        }
        StepKey::EveryoneImproves => Some(Picture::Bars { unit: label("change"), bars: bars(lesson) }),
        StepKey::GapCloses => {
            let rows: Vec<(String, Estimate)> =
                lesson.story.estimates.iter().map(|(week, own)| (lesson.places().week(*week), *own)).collect();
            (!rows.is_empty()).then(|| Picture::Intervals {
                of: label("difference"),
                rows,
                meaningful: subject.about().meaningful,
            })
        }
        StepKey::Boosters => {
            let boosted = boosted_scenario(subject).ok()??;
            let with = (label("with_boosters"), benefits(&boosted, subject.end() + 26.0));
            let without = (label("without_boosters"), benefits(subject.scenario(), subject.end() + 26.0));
            Some(Picture::Curves { up: label("points_better"), curves: vec![with, without] })
        }
        StepKey::HowBig => {
            let sizes = lesson.story.sizes.as_ref()?;
            let said = |n: Option<u64>| n.map_or_else(|| label("no_number"), super::numbers::count);
            let mut rows: Vec<(String, String)> =
                sizes.at_visits.iter().map(|(week, n)| (lesson.places().week(*week), said(*n))).collect();
            if lesson.story.boosted.is_some() {
                rows.push((label("boosters_at"), said(sizes.with_boosters)));
            }
            Some(Picture::Sizes { rows })
        }
    }
}

impl Lesson<'_> {
    /// A number of the outcome as the lesson writes it.
    pub fn points(&self, value: f64) -> String {
        self.story.numbers.points(value)
    }

    /// Decimals of the outcome's numbers.
    pub fn decimals(&self) -> usize {
        self.story.numbers.decimals
    }

    /// What a reader bet on the last visit beside what the model says.
    pub fn compared(&self, yours: f64) -> String {
        let text = self.line("steps.last_session.live.compared").unwrap_or_default();
        let amount = |value| self.story.numbers.amount(value);
        text.replace("{yours_now}", &amount(yours)).replace("{at_end_now}", &amount(self.story.at_end()))
    }
}

/// Per arm what its change by the last visit is made of; positive is better.
fn bars(lesson: &Lesson<'_>) -> Vec<(String, Vec<(String, f64)>)> {
    let subject = lesson.subject;
    let scenario = subject.scenario();
    let sources = [
        (ChangeSource::Regression, "regression"),
        (ChangeSource::NaturalCourse, "natural"),
        (ChangeSource::Other, "other_part"),
        (ChangeSource::Sessions, lesson.story.sessions_part()),
    ];
    let arms = scenario.design.layout.arms.iter().enumerate();
    let bar = |(arm, about): (usize, &crate::trial::Arm)| {
        let built = build_up(scenario, subject.outcome, arm, subject.end())?;
        let exact = sources.map(|(source, _)| subject.sign() * built.change_from(source));
        let written = lesson.story.numbers.adding_up(&exact);
        let labels = sources.map(|(_, label)| lesson.words.get(&format!("labels.{label}")).to_owned());
        Some((about.label.clone(), labels.into_iter().zip(written).collect()))
    };
    arms.filter_map(bar).collect()
}

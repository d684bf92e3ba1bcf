//! Pictures that stand still, drawn by the same functions as those of the program: for readers without scripts.

use super::super::step::{Lesson, StepKey};
use crate::analysis::analyse;
use crate::cohort::generate;
use crate::page::{Embedded, Pictures};
use crate::plots::{self, Svg, Theme};
use crate::report::figures::{self, Analysed, Drawn};
use crate::scenario::Scenario;

/// The picture of a step, where the program has one of it that this scenario bears.
pub(super) fn still(lesson: &Lesson<'_>, key: StepKey, pictures: &mut Pictures) -> Option<Embedded> {
    let subject = lesson.subject;
    let draw: fn(Analysed, usize, &Theme) -> Option<Svg> = match key {
        StepKey::GapCloses => |trial, outcome, theme| {
            let cannot = figures::cannot_draw(trial.plan, Drawn::Fade);
            cannot.is_none().then(|| plots::fade::draw(&figures::fade(trial, outcome), theme))
        },
        // With more of them the page would not stay small.
        _ => return None,
    };
    let [light, dark] = pair(subject.scenario(), subject.outcome, draw)?;
    pictures.embed(light.as_str(), dark.as_str()).ok()
}

fn pair(scenario: &Scenario, outcome: usize, draw: fn(Analysed, usize, &Theme) -> Option<Svg>) -> Option<[Svg; 2]> {
    let data = generate(scenario, 0);
    let analysis = analyse(&scenario.plan, &data);
    let trial =
        Analysed { plan: &scenario.plan, data: &data, analysis: &analysis, scenario: Some(scenario), published: &[] };
    Some([draw(trial, outcome, &Theme::light())?, draw(trial, outcome, &Theme::dark())?])
}

//! What a search of session plans says: the plans in words, the sentence about the one that is enough, and its picture's numbers.

use super::numbers::{amount, fixed, unit};
use super::words::in_sentence;
use crate::numeric::elementary::log10;
use crate::operating_characteristics::{JudgedPlan, ScheduleSearch, SessionPlan};
use crate::plots::Score;
use crate::plots::schedule::{ChosenPlan, ScheduleNumbers, SchedulePoint, ScheduleSeries};
use crate::trial::{Layout, Visit};

/// Decimals of a benefit: two where 2 points are asked for, one for 20, three for 0.2.
pub fn decimals(search: &ScheduleSearch) -> usize {
    (2.0 - log10(search.asked.benefit.abs()).floor()).clamp(1.0, 4.0) as usize
}

/// Probabilities show what their Monte Carlo error leaves of them.
pub const PROBABILITY_DECIMALS: usize = 3;

/// A plan in a few words: `8 weekly, then 5 every 8 weeks to week 48`.
pub fn plan(plan: &SessionPlan) -> String {
    if plan.n_first == 0 {
        return "no sessions".to_owned();
    }
    let course = match plan.n_first {
        1 => format!("1 in week {}", plan.sessions[0].week),
        n => format!("{n} {}", rhythm(plan.every_weeks)),
    };
    let Some(boosters) = plan.boosters else { return course };
    let last = plan.last_week().unwrap_or_default();
    match boosters.n {
        1 => format!("{course}, then 1 in week {last}"),
        n => format!("{course}, then {n} {} to week {last}", rhythm(boosters.every_weeks)),
    }
}

fn rhythm(weeks: f64) -> String {
    if weeks == 1.0 { "weekly".to_owned() } else { format!("every {weeks} weeks") }
}

/// A plan in a sentence: `13 sessions (8 weekly, then 5 every 8 weeks to week 48)`.
fn plan_in_sentence(own: &SessionPlan) -> String {
    match own.n_sessions() {
        0 => "no sessions at all".to_owned(),
        1 => format!("1 session ({})", plan(own)),
        n => format!("{n} sessions ({})", plan(own)),
    }
}

/// What the search has found, in one or two sentences.
pub fn sentences(layout: &Layout, search: &ScheduleSearch) -> Vec<String> {
    let speaker = Speaker { layout, search };
    match search.chosen.map(|position| &search.plans[position]) {
        Some(chosen) => [Some(speaker.enough(chosen)), speaker.with_fewer(chosen)].into_iter().flatten().collect(),
        None => speaker.never().into_iter().collect(),
    }
}

/// What the sentences are about.
struct Speaker<'a> {
    layout: &'a Layout,
    search: &'a ScheduleSearch,
}

impl Speaker<'_> {
    fn enough(&self, chosen: &JudgedPlan) -> String {
        let plan = plan_in_sentence(&chosen.plan);
        let verb = if chosen.plan.n_sessions() == 1 { "is" } else { "are" };
        format!("{}: {plan} {verb} the fewest that keep {}; {}.", self.label(), self.asked(), self.found(chosen))
    }

    /// The best plan with fewer sessions, so that a reader sees how sharp the answer is.
    fn with_fewer(&self, chosen: &JudgedPlan) -> Option<String> {
        let fewer = self.search.best_with_fewer(chosen)?;
        let unsure = match self.search.mcse(fewer) {
            Some(error) if fewer.probability + 2.0 * error >= self.search.asked.probability => {
                "; that may be chance: take more draws"
            }
            _ => "",
        };
        Some(format!("With fewer, {} come nearest: {}{unsure}.", plan_in_sentence(&fewer.plan), self.found(fewer)))
    }

    fn never(&self) -> Option<String> {
        let nearest = self.search.nearest()?;
        let most = self.search.plans.iter().map(|judged| judged.plan.n_sessions()).max().unwrap_or(0);
        let of = self.search.plans.len();
        Some(format!(
            "{}: none of {of} plans of up to {most} sessions keeps {}. The nearest is {}; {}.",
            self.label(),
            self.asked(),
            plan_in_sentence(&nearest.plan),
            self.found(nearest)
        ))
    }

    fn label(&self) -> &str {
        &self.layout.outcomes[self.search.asked.outcome].label
    }

    /// `a benefit of 2 points against usual care at weeks 26 and 52 with probability 0.8`.
    fn asked(&self) -> String {
        let asked = &self.search.asked;
        let outcome = &self.layout.outcomes[asked.outcome];
        let reference = in_sentence(&self.layout.arms[self.layout.reference_arm()].label);
        let probability = match self.search.n_draws {
            0 => String::new(),
            _ => format!(" with a probability of at least {}", asked.probability),
        };
        let benefit = amount(&asked.benefit.to_string(), outcome);
        format!("a benefit of {benefit} against {reference} at {}{probability}", weeks(&asked.weeks))
    }

    /// `the benefit at week 52 is 2.31 points (80% of draws 1.62 to 3.05), enough with probability 0.83 (Monte Carlo error 0.012)`.
    fn found(&self, judged: &JudgedPlan) -> String {
        let decimals = decimals(self.search);
        let outcome = &self.layout.outcomes[self.search.asked.outcome];
        let at = Visit { week: self.search.asked.judged() }.label();
        let benefit = amount(&fixed(judged.benefit.mean, decimals), outcome);
        match self.search.mcse(judged) {
            None => format!("the benefit at {at} is {benefit}"),
            Some(error) => format!(
                "the benefit at {at} is {benefit} on average (80% of draws {} to {}) and enough with probability {} (Monte Carlo error {})",
                fixed(judged.benefit.p10, decimals),
                fixed(judged.benefit.p90, decimals),
                fixed(judged.probability, PROBABILITY_DECIMALS),
                fixed(error, 3)
            ),
        }
    }
}

/// `week 52`, `weeks 26 and 52`.
fn weeks(all: &[f64]) -> String {
    match all {
        [only] => Visit { week: *only }.label(),
        all => {
            let all: Vec<String> = all.iter().map(ToString::to_string).collect();
            format!("weeks {}", super::words::join(&all))
        }
    }
}

/// The numbers of the picture: of plans with as many sessions the best, without boosters and with them.
pub fn figure(layout: &Layout, search: &ScheduleSearch) -> ScheduleNumbers {
    let asked = &search.asked;
    let outcome = &layout.outcomes[asked.outcome];
    let is_drawn = search.n_draws > 0;
    let kinds = [("first course alone", false), ("with boosters", true)];
    let series: Vec<ScheduleSeries> = kinds
        .into_iter()
        .map(|(label, boosted)| ScheduleSeries { label: label.to_owned(), points: points(search, boosted) })
        .filter(|series| !series.points.is_empty())
        .collect();
    let chosen = search.chosen.map(|position| &search.plans[position].plan).map(|own| ChosenPlan {
        // Where there are no plans without boosters, those with them come first.
        series: usize::from(own.boosters.is_some()).min(series.len().saturating_sub(1)),
        sessions: own.n_sessions(),
        label: plan_in_sentence(own),
    });
    ScheduleNumbers {
        title: title(layout, search),
        score: Score {
            label: outcome.label.clone(),
            unit: unit(outcome).to_owned(),
            range: outcome.range,
            better: outcome.better,
        },
        arm: in_sentence(&layout.arms[asked.arm].label),
        reference: in_sentence(&layout.arms[layout.reference_arm()].label),
        week: asked.judged(),
        enough: asked.benefit,
        interval: is_drawn.then(|| "80% of draws".to_owned()),
        probability: is_drawn.then_some(asked.probability),
        series,
        chosen,
        footnote: match search.n_draws {
            0 => Some("Without priors everything in the scenario is taken as certain.".to_owned()),
            n => Some(format!(
                "Expected recorded scores in {n} draws from the priors of the scenario: nothing is simulated, and priors are assumptions."
            )),
        },
    }
}

fn title(layout: &Layout, search: &ScheduleSearch) -> String {
    let label = &layout.outcomes[search.asked.outcome].label;
    let at = weeks(&search.asked.weeks);
    let benefit = amount(&search.asked.benefit.to_string(), &layout.outcomes[search.asked.outcome]);
    match search.chosen.map(|position| search.plans[position].plan.n_sessions()) {
        Some(0) => format!("{label}: {benefit} are kept at {at} without a session"),
        Some(1) => format!("{label}: 1 session is enough to keep {benefit} at {at}"),
        Some(n) => format!("{label}: no fewer than {n} sessions keep {benefit} at {at}"),
        None => format!("{label}: no plan of sessions keeps {benefit} at {at}"),
    }
}

/// Of plans with as many sessions the one with the highest probability, then the largest mean benefit.
fn points(search: &ScheduleSearch, boosted: bool) -> Vec<SchedulePoint> {
    let is_of_kind = |judged: &&JudgedPlan| judged.plan.boosters.is_some() == boosted;
    let worth = |judged: &JudgedPlan| (judged.probability, judged.benefit.mean);
    let mut best: Vec<&JudgedPlan> = Vec::new();
    for judged in search.plans.iter().filter(is_of_kind) {
        match best.iter_mut().find(|other| other.plan.n_sessions() == judged.plan.n_sessions()) {
            Some(other) if worth(judged) > worth(other) => *other = judged,
            Some(_) => {}
            None => best.push(judged),
        }
    }
    best.sort_by_key(|judged| judged.plan.n_sessions());
    let point = |judged: &JudgedPlan| SchedulePoint {
        sessions: judged.plan.n_sessions(),
        benefit: judged.benefit.mean,
        interval: (search.n_draws > 0).then_some([judged.benefit.p10, judged.benefit.p90]),
        probability: judged.probability,
    };
    best.into_iter().map(point).collect()
}

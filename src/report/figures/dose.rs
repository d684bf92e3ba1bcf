//! What the picture of the session build-up shows: expected benefit over the weeks, and what is left of each session.

use super::super::numbers::{amount, fixed, two_digits};
use super::super::words::{in_sentence, join};
use super::Analysed;
use crate::cohort::{BuildUp, Component, Expectations, build_up};
use crate::plots::dose::{Band, DoseNumbers, DosePanel, HalfLifeMark, SessionTick, WeekBenefit};
use crate::scenario::{EffectModel, Scenario, SessionEffect};
use crate::trial::{Session, Visit};

/// Steps of the curve from baseline to the last visit.
const STEPS: usize = 104;
/// A gap between curve and bands that is told, as a share of the largest benefit.
const TOLD: f64 = 0.02;

/// Expected benefit of every arm against the reference arm, and what is left of each of its sessions.
///
/// # Errors
/// Why there is no such picture, and what to do.
pub fn dose(trial: Analysed, outcome: usize) -> Result<DoseNumbers, String> {
    let about = &trial.layout().outcomes[outcome];
    let Some(scenario) = trial.scenario else {
        return Err("the picture `dose` is of what sessions are expected to do, which data do not tell; name a scenario instead of a data file".to_owned());
    };
    let layout = &scenario.design.layout;
    let reference = layout.reference_arm();
    let EffectModel::Sessions { arms: effects, .. } = &scenario.truth.outcomes[outcome].effect else {
        return Err(format!(
            "the scenario states the mean change of `{}` at each visit, not what a session does; `dose` needs arms.ARM.effect.{}",
            about.name, about.name
        ));
    };
    let acts = |arm: usize| effects[arm].filter(|own| own.per_session != 0.0 && !layout.arms[arm].sessions.is_empty());
    let others: Vec<usize> = (0..layout.arms.len()).filter(|&arm| arm != reference).collect();
    if !others.iter().any(|&arm| acts(arm).is_some()) {
        return Err(format!(
            "no arm has sessions that do anything to `{}`, so that nothing builds up; give an arm `sessions` and `effect.{}`, or name another outcome with --outcome",
            about.name, about.name
        ));
    }
    let builder = Builder { scenario, outcome, reference };
    let panels: Vec<DosePanel> = others.iter().map(|&arm| builder.panel(arm, acts(arm))).collect();
    let footnote = builder.footnote(&others, &panels);
    Ok(DoseNumbers {
        title: builder.title(&others, &panels),
        score: super::recorded_score(about),
        reference: layout.arms[reference].label.clone(),
        panels,
        footnote,
    })
}

struct Builder<'a> {
    scenario: &'a Scenario,
    outcome: usize,
    reference: usize,
}

impl Builder<'_> {
    /// The sign that makes an improvement positive.
    fn sign(&self) -> f64 {
        self.scenario.design.layout.outcomes[self.outcome].better.unwrap_or_default().sign()
    }

    fn end(&self) -> f64 {
        self.scenario.design.layout.visits.last().map_or(0.0, |visit| visit.week)
    }

    fn panel(&self, arm: usize, effect: Option<SessionEffect>) -> DosePanel {
        let layout = &self.scenario.design.layout;
        let sessions: Vec<Session> =
            layout.arms[arm].sessions.iter().copied().filter(|session| session.week <= self.end()).collect();
        let built: Vec<BuildUp> = self.weeks(&sessions).iter().filter_map(|&week| self.build_up(arm, week)).collect();
        let benefit =
            |build_up: &BuildUp| WeekBenefit { week: build_up.week, benefit: self.sign() * build_up.difference() };
        let visits = layout.visits.iter().skip(1).filter_map(|visit| self.build_up(arm, visit.week));
        let plateau = effect.and_then(|_| {
            let expected = Expectations::of(self.scenario);
            let with = expected.plateau(self.outcome, arm, self.end())?;
            Some(self.sign() * (with - expected.mean(self.outcome, self.reference, self.end())?))
        });
        DosePanel {
            label: layout.arms[arm].label.clone(),
            facts: facts(&layout.arms[arm].sessions, effect),
            sessions: sessions.iter().map(|own| SessionTick { week: own.week, booster: own.booster }).collect(),
            curve: built.iter().map(benefit).collect(),
            bands: self.bands(&built, sessions.len()),
            visits: visits.map(|build_up| benefit(&build_up)).collect(),
            plateau,
            half_life: self.half_life(arm, &sessions, effect),
        }
    }

    fn build_up(&self, arm: usize, week: f64) -> Option<BuildUp> {
        build_up(self.scenario, self.outcome, arm, week)
    }

    /// A grid of weeks, with each session's day just before and just after it, so that its step is drawn upright.
    fn weeks(&self, sessions: &[Session]) -> Vec<f64> {
        let mut weeks: Vec<f64> = (0..=STEPS).map(|step| self.end() * step as f64 / STEPS as f64).collect();
        weeks.extend(sessions.iter().filter(|own| own.week > 0.0).flat_map(|own| [own.week.next_down(), own.week]));
        weeks.sort_by(f64::total_cmp);
        weeks.dedup();
        weeks
    }

    /// What is left of each session if all are kept, stacked on what was given before.
    fn bands(&self, built: &[BuildUp], n_sessions: usize) -> Vec<Band> {
        let mut bands: Vec<Band> = Vec::with_capacity(n_sessions);
        for build_up in built {
            let mut sum = 0.0;
            for part in &build_up.parts {
                let Component::Session { number, booster, week, share_left: Some(_) } = part.component else {
                    continue;
                };
                let below = sum;
                sum += self.sign() * part.points;
                if number > n_sessions {
                    continue;
                }
                if bands.len() < number {
                    bands.resize(number, Band { booster, points: Vec::new() });
                }
                if let Some(band) = bands.get_mut(number - 1).filter(|_| build_up.week >= week.next_down()) {
                    band.points.push([build_up.week, below, sum]);
                }
            }
        }
        bands
    }

    /// From the last session to when half of the part that fades is gone, if that is before the last visit.
    fn half_life(&self, arm: usize, sessions: &[Session], effect: Option<SessionEffect>) -> Option<HalfLifeMark> {
        let (last, effect) = (sessions.last()?, effect?);
        let to_week = last.week + effect.half_life.0;
        if !(to_week < self.end() && effect.lasting_share < 1.0) {
            return None;
        }
        let benefit = self.sign() * self.build_up(arm, to_week)?.difference();
        Some(HalfLifeMark { from_week: last.week, to_week, benefit })
    }

    /// The arm that is best at its last session: what it gains by then, and what is left at the last visit.
    fn title(&self, arms: &[usize], panels: &[DosePanel]) -> String {
        let layout = &self.scenario.design.layout;
        let about = &layout.outcomes[self.outcome];
        let at_last_session = |panel: &DosePanel| {
            let week = panel.sessions.last()?.week;
            panel.curve.iter().find(|own| own.week == week).copied()
        };
        let ends = arms
            .iter()
            .zip(panels)
            .filter_map(|(&arm, panel)| Some((arm, at_last_session(panel)?, panel.curve.last()?)));
        let best = ends.max_by(|(_, one, _), (_, other, _)| one.benefit.total_cmp(&other.benefit));
        let Some((arm, peak, end)) = best else { return format!("{}: how sessions build up", about.label) };
        let arm = in_sentence(&layout.arms[arm].label);
        let decimals = two_digits(peak.benefit.abs());
        let points = |value: f64| fixed(value.abs(), decimals);
        let (peak_at, end_at) = (Visit { week: peak.week }.label(), Visit { week: end.week }.label());
        let gains = if peak.benefit < 0.0 { "lose" } else { "gain" };
        let said = format!("{}: {arm} is expected to {gains} {}", about.label, amount(&points(peak.benefit), about));
        if peak.week == end.week {
            return format!("{said} by {end_at}");
        }
        let (said, left) = (format!("{said} by the last session ({peak_at})"), points(end.benefit));
        let is_turned = peak.benefit * end.benefit < 0.0 && left != points(0.0);
        match end.benefit < 0.0 {
            true if is_turned => format!("{said}, and to be {left} behind at {end_at}"),
            false if is_turned => format!("{said}, and to be {left} ahead at {end_at}"),
            _ => format!("{said}; {left} are left at {end_at}"),
        }
    }

    /// What the bands mean, and why the line may leave them.
    fn footnote(&self, arms: &[usize], panels: &[DosePanel]) -> Option<String> {
        let largest = panels.iter().flat_map(|panel| &panel.curve).map(|own| own.benefit.abs()).fold(0.0, f64::max);
        let gap = |panel: &DosePanel| {
            let top = |week: f64| {
                let mut here = panel.bands.iter().flat_map(|band| &band.points).filter(|[own, ..]| *own == week);
                here.next_back().map_or(0.0, |[_, _, upper]| *upper)
            };
            panel.curve.iter().map(|own| (own.benefit - top(own.week)).abs()).fold(0.0, f64::max)
        };
        if !panels.iter().any(|panel| gap(panel) > TOLD * largest) {
            return None;
        }
        let truth = &self.scenario.truth;
        let layout = &self.scenario.design.layout;
        let attendance = || arms.iter().filter_map(|&arm| truth.attendance[arm]);
        let reasons = [
            (attendance().any(|own| own.keeps < 1.0), "appointments missed".to_owned()),
            (attendance().any(|own| own.stops > 0.0), "stopping early".to_owned()),
            (!truth.co_interventions.is_empty(), "other care".to_owned()),
            (!truth.events.is_empty(), "events after randomisation".to_owned()),
            (
                !layout.arms[self.reference].sessions.is_empty(),
                format!("the sessions of {}", in_sentence(&layout.arms[self.reference].label)),
            ),
        ];
        let reasons: Vec<String> = reasons.into_iter().filter(|(is_so, _)| *is_so).map(|(_, reason)| reason).collect();
        let why = if reasons.is_empty() { "what else differs between the arms".to_owned() } else { join(&reasons) };
        Some(format!("The bands show sessions that everybody keeps; the line takes {why} into account."))
    }
}

/// Sessions, boosters and half-life in words.
fn facts(sessions: &[Session], effect: Option<SessionEffect>) -> String {
    let some = |booster: bool| {
        let weeks: Vec<f64> = sessions.iter().filter(|own| own.booster == booster).map(|own| own.week).collect();
        let name = if booster { "booster" } else { "session" };
        let (first, last) = (weeks.first()?, weeks.last()?);
        Some(match weeks.len() {
            1 => format!("1 {name} in week {first}"),
            n => format!("{n} {name}s, weeks {first} to {last}"),
        })
    };
    let mut facts: Vec<String> = [some(false), some(true)].into_iter().flatten().collect();
    match effect {
        _ if facts.is_empty() => facts.push("no sessions".to_owned()),
        None => facts.push("without effect on this outcome".to_owned()),
        Some(effect) => {
            let fades = effect.lasting_share < 1.0 && effect.half_life.0.is_finite();
            facts.push(match effect.half_life.0 {
                weeks if fades => format!("half-life {} weeks", fixed(weeks, if weeks.fract() == 0.0 { 0 } else { 1 })),
                _ => "nothing fades".to_owned(),
            });
            if fades && effect.lasting_share > 0.0 {
                facts.push(format!("{}% of each stays for good", fixed(100.0 * effect.lasting_share, 0)));
            }
        }
    }
    facts.join(" \u{b7} ")
}

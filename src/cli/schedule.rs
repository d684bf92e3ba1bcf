//! `linger schedule`: the fewest sessions that keep a benefit, over what is not known for certain.

mod tables;

use anyhow::{Result, bail};
use serde_json::{Value, json};

use super::arguments::{Format, Looks, Schedule};
use super::envelope;
use super::output::Console;
use super::plot::form::Form;
use super::source::{DEFAULT_SCENARIO, Settings, quoted, say_which, scenario_source};
use super::tables::Look;
use crate::dataset;
use crate::operating_characteristics::{
    Asked, NoSearch, PlanSpace, ScheduleSearch, Uncertain, schedule_rows, search_schedules,
};
use crate::plots::{self, Theme};
use crate::report::numbers::unit;
use crate::report::{prior_words, schedule};
use crate::scenario::{self, Adjustable, EffectModel, EffectUnit, Loaded, Origin, Prior, Scenario, SessionEffect};
use crate::trial::Layout;

/// Runs the verb.
pub fn run(verb: Schedule, settings: &Settings, console: &Console) -> Result<()> {
    let is_picture = console.file().is_some_and(names_picture);
    if is_picture {
        console.no_format("the name given to -o asks for a picture")?;
    }
    let format = if is_picture { None } else { Some(console.format()?) };
    let base = Adjustable::read(scenario_source(verb.scenario.as_deref())?, &settings.for_scenario())?;
    let loaded = base.load()?;
    say_which(&loaded, verb.scenario.as_deref(), console);
    let asked = asked(&loaded.scenario, &verb)?;
    let space = space(&loaded, &verb, &asked);
    let uncertain = Uncertain::of(&base)?;
    let search = match search_schedules(&uncertain, &space, asked) {
        Ok(search) => search,
        Err(NoSearch::Draws(problems)) => return Err(problems.into()),
        Err(other) => return Err(other.into()),
    };
    let searched = Searched { verb: &verb, settings, scenario: &loaded.scenario, search };
    let Some(format) = format else { return searched.picture(console) };
    console.result(&match format {
        Format::Table => searched.tables(Look::Terminal),
        Format::Md => searched.tables(Look::Markdown),
        Format::Csv => dataset::rows_to_csv(&schedule_rows(searched.layout(), &searched.search))?,
        Format::Json => searched.json()?,
    })?;
    if matches!(format, Format::Table | Format::Md) {
        console.note(&searched.afterwords());
    }
    Ok(())
}

/// Whether a file's name asks for a picture.
fn names_picture(file: &std::path::Path) -> bool {
    let is = |end: &str| file.extension().is_some_and(|own| own.eq_ignore_ascii_case(end));
    ["svg", "png", "pdf"].into_iter().any(is)
}

/// What is asked for, with its defaults from the scenario.
fn asked(scenario: &Scenario, verb: &Schedule) -> Result<Asked> {
    let layout = &*scenario.design.layout;
    let outcome = outcome(scenario, verb.outcome.as_deref())?;
    let arm = arm(scenario, outcome, verb.arm.as_deref())?;
    let last = layout.visits.last().map_or(0.0, |visit| visit.week);
    let week = verb.week.unwrap_or(last);
    if week <= 0.0 {
        bail!("--week {week}: nothing is better than before at randomisation; name a week after it");
    }
    let Some(benefit) = verb.benefit.or(layout.outcomes[outcome].meaningful) else {
        let name = &layout.outcomes[outcome].name;
        bail!("nothing says which benefit matters: give --benefit, or outcomes.{name}.meaningful in the scenario");
    };
    Ok(Asked {
        arm,
        outcome,
        weeks: weeks(layout, verb.from, week)?,
        benefit,
        probability: verb.probability,
        n_draws: verb.draws,
    })
}

/// Every visit from a week on, and the week by which plans are judged.
fn weeks(layout: &Layout, from: Option<f64>, week: f64) -> Result<Vec<f64>> {
    let Some(from) = from else { return Ok(vec![week]) };
    if from > week {
        bail!("--from {from} is after --week {week}, by which plans are judged");
    }
    let visits = layout.visits.iter().map(|visit| visit.week);
    Ok(visits.filter(|&visit| visit > 0.0 && visit >= from && visit < week).chain([week]).collect())
}

/// The outcome of that name, or the first of the plan.
fn outcome(scenario: &Scenario, name: Option<&str>) -> Result<usize> {
    let outcomes = &scenario.design.layout.outcomes;
    let Some(name) = name else { return Ok(scenario.plan.outcomes.first().copied().unwrap_or(0)) };
    let names: Vec<&str> = outcomes.iter().map(|outcome| outcome.name.as_str()).collect();
    position("--outcome", name, &names, "outcome")
}

/// The arm of that name, or the first one other than the reference whose sessions do something to the outcome.
fn arm(scenario: &Scenario, outcome: usize, name: Option<&str>) -> Result<usize> {
    let arms = &scenario.design.layout.arms;
    if let Some(name) = name {
        let names: Vec<&str> = arms.iter().map(|arm| arm.name.as_str()).collect();
        return position("--arm", name, &names, "arm");
    }
    let does_something = |arm: &usize| match &scenario.truth.outcomes[outcome].effect {
        EffectModel::Sessions { arms, .. } => arms[*arm].is_some(),
        EffectModel::VisitMeans { .. } => false,
    };
    let treated = (0..arms.len()).filter(|&arm| !arms[arm].reference);
    let name = &scenario.design.layout.outcomes[outcome].name;
    match treated.clone().find(does_something).or(treated.clone().next()) {
        Some(arm) => Ok(arm),
        None => bail!("there is no arm whose sessions do anything to `{name}`"),
    }
}

fn position(option: &str, name: &str, names: &[&str], what: &str) -> Result<usize> {
    if let Some(position) = names.iter().position(|own| *own == name) {
        return Ok(position);
    }
    let meant = scenario::nearest(name, names.iter().copied())
        .map(|near| format!("; did you mean {near}?"))
        .unwrap_or_default();
    bail!("{option} {name}: the scenario has no such {what}{meant}\n  {what}s: {}", names.join(", "))
}

/// The plans to look at. A first session that the scenario has put into a week stays there.
fn space(loaded: &Loaded, verb: &Schedule, asked: &Asked) -> PlanSpace {
    let arm = &loaded.scenario.design.layout.arms[asked.arm];
    let path = scenario::KeyPath::of(&["arms", &arm.name, "first_week"]);
    let written = loaded.settings.iter().find(|setting| setting.path == path && setting.origin != Origin::Default);
    let first_week = written.and_then(|_| arm.sessions.first()).map(|session| session.week);
    let (fewest, most) = verb.sessions;
    PlanSpace {
        n_first: fewest..=most,
        every_weeks: verb.every.clone(),
        first_week,
        boosters_every_weeks: if verb.no_boosters { Vec::new() } else { verb.boosters_every.clone() },
        boosters_until: verb.boosters_until.clone(),
    }
}

/// A search to be shown.
struct Searched<'a> {
    verb: &'a Schedule,
    settings: &'a Settings,
    scenario: &'a Scenario,
    search: ScheduleSearch,
}

impl Searched<'_> {
    fn layout(&self) -> &Layout {
        &self.scenario.design.layout
    }

    fn picture(&self, console: &Console) -> Result<()> {
        let theme = if self.verb.dark { Theme::dark() } else { Theme::light() };
        let numbers = schedule::figure(self.layout(), &self.search);
        let looks = Looks { dark: self.verb.dark, narrow: false, scale: None, width: None };
        Form::of(console.file(), &looks)?.write(&plots::schedule::draw(&numbers, &theme), console)
    }

    fn json(&self) -> Result<String> {
        let layout = self.layout();
        let asked = &self.search.asked;
        let rows = schedule_rows(layout, &self.search);
        let chosen = rows.iter().find(|row| row.chosen);
        let mut document = envelope::head("schedule");
        let entries = [
            ("title", json!(self.scenario.title)),
            ("scenario_hash", json!(self.scenario.hash)),
            ("seed", json!(self.scenario.simulation.seed)),
            ("arm", json!(layout.arms[asked.arm].name)),
            ("reference_arm", json!(layout.arms[layout.reference_arm()].name)),
            ("outcome", json!(layout.outcomes[asked.outcome].name)),
            ("unit", json!(unit(&layout.outcomes[asked.outcome]))),
            ("weeks", json!(asked.weeks)),
            ("benefit", json!(asked.benefit)),
            ("probability", json!(asked.probability)),
            ("draws", json!(self.search.n_draws)),
            ("priors", self.scenario.priors.iter().map(prior_value).collect()),
            ("chosen", serde_json::to_value(chosen)?),
            ("in_words", json!(schedule::sentences(layout, &self.search))),
            ("results", serde_json::to_value(&rows)?),
        ];
        document.extend(entries.map(|(key, value)| (key.to_owned(), value)));
        Ok(envelope::text(document)?)
    }

    /// What it says in words, and what to do next.
    fn afterwords(&self) -> String {
        let sentences = schedule::sentences(self.layout(), &self.search);
        let words: String = sentences.iter().map(|sentence| format!("  {sentence}\n")).collect();
        let again = format!("linger schedule{}{}{}", self.source(), self.options(), self.settings.as_arguments());
        let mut next = vec![format!("{again} -o schedule.svg")];
        if let Some(visit) = self.first_visit().filter(|_| self.verb.from.is_none()) {
            next.push(format!("{again} --from {visit}   the benefit at every visit from week {visit} on"));
        }
        if self.search.n_draws == 0 {
            next.push(format!("{again} -s {}   with a prior", quoted(&self.example_of_a_prior())));
        }
        next.extend(self.explain());
        let next: String = next.iter().map(|line| format!("  {line}\n")).collect();
        format!("\nIn words\n{words}Next\n{next}")
    }

    fn source(&self) -> String {
        self.verb.scenario.as_deref().map(|name| format!(" {}", quoted(name))).unwrap_or_default()
    }

    /// The options as they were given.
    fn options(&self) -> String {
        let verb = self.verb;
        let list = |all: &[f64]| all.iter().map(ToString::to_string).collect::<Vec<_>>().join(",");
        let text =
            |name: &str, value: Option<String>| value.map(|value| format!(" --{name} {value}")).unwrap_or_default();
        let number = |name: &str, value: Option<f64>| text(name, value.map(|value| value.to_string()));
        let unless = |name: &str, default: bool, value: String| text(name, (!default).then_some(value));
        [
            text("arm", verb.arm.as_deref().map(quoted)),
            text("outcome", verb.outcome.as_deref().map(quoted)),
            number("week", verb.week),
            number("from", verb.from),
            number("benefit", verb.benefit),
            unless("probability", verb.probability == 0.8, verb.probability.to_string()),
            unless("draws", verb.draws == 1000, verb.draws.to_string()),
            unless("sessions", verb.sessions == (0, 20), format!("{}..{}", verb.sessions.0, verb.sessions.1)),
            unless("every", verb.every == [1.0, 2.0], list(&verb.every)),
            unless("boosters-every", verb.boosters_every == [4.0, 8.0], list(&verb.boosters_every)),
            unless("boosters-until", verb.boosters_until.is_empty(), list(&verb.boosters_until)),
            if verb.no_boosters { " --no-boosters".to_owned() } else { String::new() },
        ]
        .concat()
    }

    /// The first visit after baseline, where it comes before the week that judges.
    fn first_visit(&self) -> Option<f64> {
        let first = self.layout().visits.get(1).map(|visit| visit.week);
        first.filter(|&week| week < self.search.asked.judged())
    }

    /// A prior on the half-life, about what the scenario has.
    fn example_of_a_prior(&self) -> String {
        let layout = self.layout();
        let asked = &self.search.asked;
        let (arm, outcome) = (&layout.arms[asked.arm].name, &layout.outcomes[asked.outcome].name);
        let weeks = self.effect().map(|effect| effect.half_life.0).filter(|weeks| weeks.is_finite()).unwrap_or(12.0);
        format!(
            "priors={{\"arms.{arm}.effect.{outcome}.half_life_weeks\"={{lognormal={{median={weeks}, ratio_95=2}}}}}}"
        )
    }

    fn effect(&self) -> Option<SessionEffect> {
        match &self.scenario.truth.outcomes[self.search.asked.outcome].effect {
            EffectModel::Sessions { arms, .. } => arms[self.search.asked.arm],
            EffectModel::VisitMeans { .. } => None,
        }
    }

    /// The build-up of the chosen plan's benefit: its sessions and, since an effect at a week goes with the sessions of the file, what
    /// one of them does.
    fn explain(&self) -> Option<String> {
        let plan = &self.search.plans[self.search.chosen?].plan;
        let effect = self.effect().filter(|_| plan.n_first > 0)?;
        let asked = &self.search.asked;
        let layout = self.layout();
        let (arm, outcome) = (&layout.arms[asked.arm].name, &layout.outcomes[asked.outcome].name);
        let boosters = match plan.boosters {
            Some(boosters) => format!("sessions={}, every_weeks={}", boosters.n, boosters.every_weeks),
            None => "sessions=0".to_owned(),
        };
        let of_arm = scenario::KeyPath::of(&["arms", arm]);
        let of_effect = of_arm.key("effect").key(outcome);
        let set = [
            format!("{}={}", of_arm.key("sessions"), plan.n_first),
            format!("{}={}", of_arm.key("every_weeks"), plan.every_weeks),
            format!("{}={{{boosters}}}", of_arm.key("boosters")),
            format!("{of_effect}={{{}}}", effect_in_toml(effect)),
        ];
        // A prior may be about what the effect at a week was written as.
        let without_priors = (!self.scenario.priors.is_empty()).then(|| "priors={}".to_owned());
        let set: String = set.into_iter().chain(without_priors).map(|set| format!(" -s {}", quoted(&set))).collect();
        let scenario = self.verb.scenario.as_deref().unwrap_or(DEFAULT_SCENARIO);
        Some(format!(
            "linger explain {} --week {} --outcome {} --scenario {}{}{set}",
            quoted(arm),
            asked.judged(),
            quoted(outcome),
            quoted(scenario),
            self.settings.as_arguments()
        ))
    }
}

/// An effect per session as TOML writes it, without what is default.
fn effect_in_toml(effect: SessionEffect) -> String {
    let number = |value: f64| {
        // Seven digits show in no score.
        let text = format!("{value:.6e}");
        text.parse::<f64>().unwrap_or(value).to_string()
    };
    let mut keys = vec![format!("per_session={}", number(effect.per_session))];
    keys.push(format!("half_life_weeks={}", number(effect.half_life.0)));
    let mut unless = |default: bool, key: String| keys.extend((!default).then_some(key));
    unless(effect.lasting_share == 0.0, format!("lasting_share={}", number(effect.lasting_share)));
    unless(effect.spread == 0.0, format!("spread={}", number(effect.spread)));
    unless(effect.ceiling.is_infinite(), format!("ceiling={}", number(effect.ceiling)));
    unless(effect.unit == EffectUnit::Points, "unit=\"share\"".to_owned());
    keys.join(", ")
}

/// A prior as a JSON object.
fn prior_value(prior: &Prior) -> Value {
    json!({
        "about": prior.about,
        "settings": prior.settings.iter().map(ToString::to_string).collect::<Vec<_>>(),
        "in_words": prior_words::prior(prior),
        "p2_5": prior.quantile(0.025),
        "p50": prior.quantile(0.5),
        "p97_5": prior.quantile(0.975),
    })
}

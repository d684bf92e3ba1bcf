//! `linger explain`: how the expected score of an arm comes about, or what a code, a key or a term means.

use anyhow::{Result, bail};
use serde::Serialize;
use serde_json::json;

use super::arguments::{Explain, Format};
use super::output::Console;
use super::source::{DEFAULT_SCENARIO, Settings, quoted, read_scenario, say_which};
use super::tables::{self, Look};
use super::{envelope, explain_word};
use crate::cohort::{BuildUp, Component, Part, build_up};
use crate::dataset;
use crate::report::build_up::{printed, sentence, session_sentence};
use crate::report::words::in_sentence;
use crate::scenario::{self, EffectModel, KeyPath, Loaded, Scenario, Setting};
use crate::trial::Visit;

/// Explains an arm of the scenario, or a word.
pub fn run(verb: Explain, settings: &Settings, console: &Console) -> Result<()> {
    let format = console.format()?;
    let name = verb.scenario.as_deref();
    let loaded = read_scenario(name, settings);
    let Some(word) = verb.word.as_deref() else {
        let loaded = loaded?;
        return console.result(&explain_word::overview(&loaded.scenario, name.unwrap_or(DEFAULT_SCENARIO), format)?);
    };
    let arm_of = |loaded: &Loaded| loaded.scenario.design.layout.arms.iter().position(|arm| arm.name == word);
    if let Ok(loaded) = &loaded
        && let Some(arm) = arm_of(loaded)
    {
        say_which(loaded, name, console);
        return explain_arm(loaded, arm, &verb, settings, console, format);
    }
    let entries = explain_word::entries(word);
    if entries.is_empty() {
        // Somebody may have meant an arm of the very scenario that has problems.
        let loaded = loaded?;
        bail!(explain_word::unknown(word, &loaded.scenario, name.unwrap_or(DEFAULT_SCENARIO)));
    }
    if verb.week.is_some() || verb.outcome.is_some() {
        let name = name.unwrap_or(DEFAULT_SCENARIO);
        bail!("--week and --outcome belong to an arm, and {name} has no arm `{word}`");
    }
    console.result(&explain_word::text(&entries, format)?)
}

/// The build-up of the expected score of an arm.
fn explain_arm(
    loaded: &Loaded,
    arm: usize,
    verb: &Explain,
    settings: &Settings,
    console: &Console,
    format: Format,
) -> Result<()> {
    let scenario = &loaded.scenario;
    let outcome = outcome(scenario, verb.outcome.as_deref())?;
    let layout = &scenario.design.layout;
    let last = layout.visits.last().map_or(0.0, |visit| visit.week);
    let week = verb.week.unwrap_or(last);
    let Some(build_up) = build_up(scenario, outcome, arm, week) else {
        let outcome = &layout.outcomes[outcome].name;
        bail!("{outcome} is not recorded at baseline: nothing is expected in week {week}");
    };
    let explained = Explained { scenario, build_up };
    console.result(&match format {
        Format::Table => explained.table(Look::Terminal),
        Format::Md => explained.table(Look::Markdown),
        Format::Csv => dataset::rows_to_csv(&explained.rows_with_totals())?,
        Format::Json => explained.json()?,
    })?;
    if week > last {
        console.note(&format!(
            "note: week {week} is after the last visit; spread, correlation and stated changes are taken as at week {last}"
        ));
    }
    if matches!(format, Format::Table | Format::Md) {
        console.note(&format!("\nIn words\n  {}", sentence(scenario, &explained.build_up)));
    }
    console.note(&format!("try: {}", explained.try_next(verb, settings, &loaded.settings)));
    Ok(())
}

/// The outcome of that name, or the first of the plan.
fn outcome(scenario: &Scenario, name: Option<&str>) -> Result<usize> {
    let outcomes = &scenario.design.layout.outcomes;
    let Some(name) = name else { return Ok(scenario.plan.outcomes.first().copied().unwrap_or(0)) };
    if let Some(position) = outcomes.iter().position(|outcome| outcome.name == name) {
        return Ok(position);
    }
    let names: Vec<&str> = outcomes.iter().map(|outcome| outcome.name.as_str()).collect();
    let meant = scenario::nearest(name, names.iter().copied())
        .map(|near| format!("; did you mean {near}?"))
        .unwrap_or_default();
    bail!("--outcome {name}: the scenario has no such outcome{meant}\n  outcomes: {}", names.join(", "))
}

/// One expected score, explained.
struct Explained<'a> {
    scenario: &'a Scenario,
    build_up: BuildUp,
}

/// A row of the build-up for programs.
#[derive(Debug, Serialize)]
struct Row<'a> {
    arm: &'a str,
    outcome: &'a str,
    at_week: f64,
    component: &'static str,
    name: Option<&'a str>,
    share: Option<f64>,
    session: Option<usize>,
    session_week: Option<f64>,
    weeks_ago: Option<f64>,
    share_left: Option<f64>,
    points: f64,
    so_far: Option<f64>,
}

impl Explained<'_> {
    fn names(&self) -> (&str, &str) {
        let layout = &self.scenario.design.layout;
        (&layout.arms[self.build_up.arm].name, &layout.outcomes[self.build_up.outcome].name)
    }

    /// A row with nothing but numbers.
    fn row(&self, component: &'static str, points: f64, so_far: Option<f64>) -> Row<'_> {
        let (arm, outcome) = self.names();
        let at_week = self.build_up.week;
        let (name, share) = (None, None);
        let (session, session_week, weeks_ago, share_left) = (None, None, None, None);
        Row {
            arm,
            outcome,
            at_week,
            component,
            name,
            share,
            session,
            session_week,
            weeks_ago,
            share_left,
            points,
            so_far,
        }
    }

    /// The parts.
    fn rows(&self) -> Vec<Row<'_>> {
        self.build_up.parts.iter().map(|part| self.row_of(part)).collect()
    }

    /// A part: its short name, the share of participants it concerns, its session.
    fn row_of(&self, part: &Part) -> Row<'_> {
        let row = self.row(part.component.name(), part.points, Some(part.so_far));
        let Scenario { design, truth, .. } = self.scenario;
        let about = |name, share| (Some(name), Some(share));
        let (name, share) = match part.component {
            Component::Session { number, week, share_left, .. } => {
                let weeks_ago = Some(self.build_up.week - week).filter(|&weeks| weeks >= 0.0);
                return Row { session: Some(number), session_week: Some(week), weeks_ago, share_left, ..row };
            }
            Component::Selection { rule: Some(rule) } => {
                (Some(design.layout.outcomes[design.entry[rule].outcome].name.as_str()), None)
            }
            Component::Characteristic { characteristic } => {
                (Some(design.characteristics[characteristic].name.as_str()), None)
            }
            Component::CoIntervention { co_intervention } => {
                let co_intervention = &truth.co_interventions[co_intervention];
                about(co_intervention.name.as_str(), co_intervention.uptake[self.build_up.arm])
            }
            Component::Event { event, share } => about(truth.events[event].name.as_str(), share),
            Component::Missed { keeps, .. } => (None, Some(1.0 - keeps)),
            Component::Stopped { stops } => (None, Some(stops)),
            _ => (None, None),
        };
        Row { name, share, ..row }
    }

    /// The parts, then what they add up to, the reference arm and the difference.
    fn rows_with_totals(&self) -> Vec<Row<'_>> {
        let mut rows = self.rows();
        rows.push(self.row("expected", self.build_up.expected(), None));
        rows.push(self.row("reference", self.build_up.reference, None));
        rows.push(self.row("difference", self.build_up.difference(), None));
        rows
    }

    fn json(&self) -> Result<String> {
        let mut document = envelope::head("explain");
        let layout = &self.scenario.design.layout;
        let (arm, outcome) = self.names();
        let entries = [
            ("title", json!(self.scenario.title)),
            ("scenario_hash", json!(self.scenario.hash)),
            ("seed", json!(self.scenario.simulation.seed)),
            ("arm", json!(arm)),
            ("outcome", json!(outcome)),
            ("week", json!(self.build_up.week)),
            ("unit", json!(layout.outcomes[self.build_up.outcome].unit)),
            ("expected", json!(self.build_up.expected())),
            ("reference_arm", json!(layout.arms[layout.reference_arm()].name)),
            ("reference", json!(self.build_up.reference)),
            ("difference", json!(self.build_up.difference())),
            ("in_words", json!(sentence(self.scenario, &self.build_up))),
            ("results", serde_json::to_value(self.rows())?),
        ];
        document.extend(entries.map(|(key, value)| (key.to_owned(), value)));
        Ok(envelope::text(document)?)
    }

    fn table(&self, look: Look) -> String {
        let layout = &self.scenario.design.layout;
        let (arm, reference) = (&layout.arms[self.build_up.arm], &layout.arms[layout.reference_arm()]);
        let at = Visit { week: self.build_up.week }.label();
        let title = tables::outcome_title(layout, self.build_up.outcome);
        let mut text = look.title(&format!("{title}: the score expected at {at} with {}", in_sentence(&arm.label)));
        let printed = printed(self.scenario, &self.build_up);
        let unit = if printed.unit.is_empty() { "change" } else { &printed.unit };
        let mut sheet = look.table(vec!["Component", "week", "weeks ago", "left", unit, "so far"], 1);
        for row in printed.rows {
            let [week, ago, left] = row.session.unwrap_or_default();
            sheet.row(vec![row.label, week, ago, left, row.points, row.so_far]);
        }
        let mut total = |label: String, points: String| {
            sheet.row(vec![label, String::new(), String::new(), String::new(), points, String::new()]);
        };
        total(format!("= expected at {at}"), printed.expected);
        if !arm.reference {
            total(format!("{} at {at}", reference.label), printed.reference);
            total("difference".to_owned(), printed.difference);
        }
        text.push_str(&sheet.text());
        text.push_str(if look == Look::Markdown { "\n" } else { "" });
        if let Some(session) = session_sentence(self.scenario, self.build_up.outcome, self.build_up.arm) {
            text.push_str(&format!("{session}\n"));
        }
        text.push_str(&self.note(unit));
        text
    }

    /// How the rows are to be read.
    fn note(&self, unit: &str) -> String {
        let mut note = format!(
            "Components are switched on in this order; {unit} are what each adds to the expected recorded score.\n\
             Scores so far are rounded and {unit} are the steps between them, so the rows add up exactly.\n"
        );
        let not_kept = |part: &Part| matches!(part.component, Component::Missed { .. } | Component::Stopped { .. });
        if self.build_up.parts.iter().any(not_kept) {
            note.push_str(
                "Sessions are added as if everybody kept all of them; what is not kept is taken off after them.\n",
            );
        }
        note
    }

    /// What to ask next: the same with boosters, without them, or another arm.
    fn try_next(&self, verb: &Explain, settings: &Settings, all: &[Setting]) -> String {
        let layout = &self.scenario.design.layout;
        let (arm, outcome) = (&layout.arms[self.build_up.arm], self.names().1);
        let scenario = verb.scenario.as_deref().map(|name| format!(" --scenario {}", quoted(name))).unwrap_or_default();
        let explain = |arm: &str| {
            let (arm, outcome, week) = (quoted(arm), quoted(outcome), self.build_up.week);
            format!("linger explain {arm} --week {week} --outcome {outcome}{scenario}{}", settings.as_arguments())
        };
        let has_effect = match &self.scenario.truth.outcomes[self.build_up.outcome].effect {
            EffectModel::Sessions { arms, .. } => arms[self.build_up.arm].is_some(),
            EffectModel::VisitMeans { .. } => false,
        };
        if has_effect {
            let n = if arm.sessions.iter().any(|session| session.booster) { 0 } else { 10 };
            let boosters = KeyPath::of(&["arms", &arm.name, "boosters"]);
            let path = boosters.key("sessions");
            // A list of blocks has no such key: one block takes its place.
            let is_one_block = all.iter().any(|setting| setting.path == path);
            let set = if is_one_block { format!("{path}={n}") } else { format!("{boosters}={{sessions={n}}}") };
            return format!("{} -s {}", explain(&arm.name), quoted(&set));
        }
        match layout.arms.iter().find(|other| other.name != arm.name) {
            Some(other) => explain(&other.name),
            None => explain(&arm.name),
        }
    }
}

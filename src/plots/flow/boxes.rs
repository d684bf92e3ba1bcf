//! What the boxes of a flow diagram say, line by line.

use std::ops::Range;

use super::super::diagram::{self, Line};
use super::super::figures::{count, listed};
use super::super::frame::SMALL;
use super::super::text_width::{NO_BREAK_SPACE, estimate};
use super::{AnalysedCounts, FlowArm, FlowNumbers, at};
use crate::trial::{ArmFlow, ConductNames};

/// The box at the side: who was excluded and why.
pub(super) fn exclusion(numbers: &FlowNumbers, room: f64) -> Vec<Line> {
    let excluded = excluded(numbers);
    let mut lines = Line::bold(format!("Excluded (n = {})", count(excluded))).broken(room);
    let counted =
        numbers.flow.exclusions().map(|(reason, n)| format!("{reason} {}", together(&format!("(n = {})", count(n)))));
    let mut reasons: Vec<String> = counted.collect();
    if reasons.is_empty() && excluded > 0 {
        reasons.push(entry_rule_not_met(numbers));
    }
    lines.extend(reasons.iter().flat_map(|reason| diagram::bullet(reason, room)));
    lines
}

/// The same in words.
pub(super) fn exclusion_in_words(numbers: &FlowNumbers) -> String {
    let n = count(excluded(numbers));
    let counted: Vec<String> = numbers.flow.exclusions().map(|(reason, n)| format!("{reason} {}", count(n))).collect();
    match counted.is_empty() {
        false => format!("excluded {n}: {}", listed(&counted)),
        true if excluded(numbers) > 0 => format!("excluded {n} ({})", entry_rule_not_met(numbers)),
        true => format!("excluded {n}"),
    }
}

/// Candidates who were not randomised.
fn excluded(numbers: &FlowNumbers) -> usize {
    numbers.flow.excluded().unwrap_or(0)
}

/// The only reason there is where exclusions were not counted by reason.
fn entry_rule_not_met(numbers: &FlowNumbers) -> String {
    let rule = numbers.entry_rule.as_deref().map(str::trim).filter(|rule| !rule.is_empty());
    rule.map_or("entry rule not met".to_owned(), |rule| format!("entry rule not met: {rule}"))
}

/// An arm: its participants, its sessions, what became of them. Several things that are known of the sessions make a list.
pub(super) fn allocation(arm: &FlowArm, flow: &ArmFlow, names: &ConductNames, room: f64) -> Vec<Line> {
    let mut lines = vec![Line::bold(arm.label.clone()), Line::small(format!("n = {}", count(flow.randomised)))];
    let treatment = treatment(flow, names);
    if treatment.len() > 1 {
        lines = lines.iter().flat_map(|line| line.broken(room)).collect();
        lines.extend(treatment.iter().flat_map(|said| diagram::bullet(said, room)));
    } else {
        lines.extend(treatment.into_iter().map(Line::small));
    }
    let without_baseline = flow.randomised.saturating_sub(at(&flow.seen, 0));
    if without_baseline > 0 {
        lines.push(Line::small(format!("no baseline value: {}", count(without_baseline))));
    }
    lines
}

/// What is known of the sessions of an arm and of adverse events, each in a few words.
fn treatment(flow: &ArmFlow, names: &ConductNames) -> Vec<String> {
    let mut said = Vec::new();
    if let Some(planned) = flow.sessions_planned {
        let sessions = if planned == 1 { "session" } else { "sessions" };
        let mean = flow.attended.as_ref().and_then(|attended| attended.mean());
        said.push(match mean {
            Some(mean) => format!("attended {mean:.1} of {} {sessions} on average", count(planned)),
            None => format!("{} {sessions} planned", count(planned)),
        });
    }
    let none = flow.attended.as_ref().map_or(0, |attended| attended.none());
    said.extend((none > 0).then(|| format!("{} attended none", count(none))));
    let stopped = flow.stopped_early().unwrap_or(0);
    said.extend((stopped > 0).then(|| format!("{} stopped early", count(stopped))));
    said.extend(adverse_events(flow, names));
    said
}

/// `adverse events: 12 mild, 2 severe, in 11 participants`; nothing where they are not known, or cannot be for want of sessions.
fn adverse_events(flow: &ArmFlow, names: &ConductNames) -> Option<String> {
    let events = flow.adverse_events.as_ref()?;
    if events.any.events == 0 {
        return flow.sessions_planned.map(|_| "no adverse event".to_owned());
    }
    let by_severity = names.severities.iter().zip(&events.by_severity).filter(|(_, counts)| counts.events > 0);
    let by_severity: Vec<String> =
        by_severity.map(|(severity, counts)| together(&format!("{} {severity}", count(counts.events)))).collect();
    let people = events.any.participants;
    let plural = if people == 1 { "" } else { "s" };
    Some(format!("adverse events: {}, in {} participant{plural}", by_severity.join(", "), count(people)))
}

/// Who was seen, lost and missing at a visit, in short words where the longer ones do not fit on a line; a list where reasons
/// are known.
pub(super) fn follow_up(flow: &ArmFlow, names: &ConductNames, visit: usize, room: f64) -> Vec<Line> {
    let line = |long: &str, short: &str, n: usize| {
        let text = format!("{long}: {}", count(n));
        let fits = estimate(&text, SMALL, false) <= room;
        Line::small(if fits { text } else { format!("{short}: {}", count(n)) })
    };
    let missed = missed(flow, visit);
    let lost = at(&flow.discontinued, visit);
    let mut lines = vec![line("seen", "seen", at(&flow.seen, visit)), line("lost to follow-up", "lost", lost)];
    lines.extend(details(flow, names, visit..visit + 1, room));
    lines.extend((missed > 0).then(|| line("missed this visit", "missed", missed)));
    aligned(flow, lines)
}

/// All who were lost at some visits, by reason.
pub(super) fn lost_in_all(flow: &ArmFlow, names: &ConductNames, visits: Range<usize>, room: f64) -> Vec<Line> {
    let lost: usize = visits.clone().map(|visit| at(&flow.discontinued, visit)).sum();
    let mut lines = vec![Line::small(format!("in all: {}", count(lost)))];
    lines.extend(details(flow, names, visits, room));
    aligned(flow, lines)
}

/// Lines of a box that may have lists in it begin at its left.
fn aligned(flow: &ArmFlow, lines: Vec<Line>) -> Vec<Line> {
    if flow.discontinued_for.is_empty() { lines } else { lines.into_iter().map(Line::at_left).collect() }
}

/// Reasons of those lost at some visits, as a list.
fn details(flow: &ArmFlow, names: &ConductNames, visits: Range<usize>, room: f64) -> Vec<Line> {
    reasons(flow, names, visits).iter().flat_map(|reason| diagram::quiet_bullet(reason, room)).collect()
}

/// Reasons of those lost at some visits, `moved away: 4`.
fn reasons(flow: &ArmFlow, names: &ConductNames, visits: Range<usize>) -> Vec<String> {
    let reasons = flow.reasons_for_loss(names, visits);
    reasons.into_iter().map(|(reason, n)| format!("{reason}:{NO_BREAK_SPACE}{}", count(n))).collect()
}

/// A few words that no line may end in.
fn together(text: &str) -> String {
    text.replace(' ', &NO_BREAK_SPACE.to_string())
}

/// Those who were not seen at a visit but came to a later one.
pub(super) fn missed(flow: &ArmFlow, visit: usize) -> usize {
    let lost: usize = (0..=visit).map(|earlier| at(&flow.discontinued, earlier)).sum();
    flow.randomised.saturating_sub(lost).saturating_sub(at(&flow.seen, visit))
}

/// Each analysis with the number of an arm's participants in it.
pub(super) fn analysed(numbers: &FlowNumbers, arm: usize) -> Vec<String> {
    let line = |analysis: &AnalysedCounts| {
        let n = count(at(&analysis.per_arm, arm));
        let label = analysis.label.trim();
        if label.is_empty() { format!("n = {n}") } else { format!("{label}: {n}") }
    };
    numbers.analysed.iter().map(line).collect()
}

/// An arm from randomisation to analysis in one sentence.
pub(super) fn arm_in_words(numbers: &FlowNumbers, arm: usize, flow: &ArmFlow) -> String {
    let names = &numbers.flow.names;
    let treatment: String = treatment(flow, names).iter().map(|words| format!(", {words}")).collect();
    let visit = |visit: usize| {
        let (seen, lost) = (at(&flow.seen, visit), at(&flow.discontinued, visit));
        let why = reasons(flow, names, visit..visit + 1);
        let why = if why.is_empty() { String::new() } else { format!(" ({})", listed(&why)) };
        format!("; {} seen {}, lost {}{why}", numbers.visits[visit], count(seen), count(lost))
    };
    let visits: String = (1..numbers.visits.len()).map(visit).collect();
    let analyses = analysed(numbers, arm);
    let analyses = if analyses.is_empty() { String::new() } else { format!("; analysed {}", listed(&analyses)) };
    let label = &numbers.arms[arm].label;
    let words = format!(" {label}: randomised {}{treatment}{visits}{analyses}.", count(flow.randomised));
    words.replace(NO_BREAK_SPACE, " ")
}

//! Tables of how a trial was conducted: sessions attended, adverse events, intercurrent events.

use super::output::prose;
use super::tables::Look;
use crate::report::numbers::fixed;
use crate::trial::{ArmFlow, EventCounts, Layout, ParticipantFlow, SessionsAttended};

/// Sessions attended and adverse events by arm; nothing where neither is known.
pub fn sessions(look: Look, layout: &Layout, flow: &ParticipantFlow) -> Option<String> {
    let attended = flow.arms.iter().any(|arm| arm.attended.is_some());
    let stopped = flow.arms.iter().any(|arm| arm.stopped_early().is_some());
    let n_severities =
        flow.arms.iter().filter_map(|arm| arm.adverse_events.as_ref()).map(|e| e.by_severity.len()).max();
    if !attended && n_severities.is_none() {
        return None;
    }
    let mut heading = vec!["Arm".to_owned()];
    let mut droppable = Vec::new();
    if attended {
        heading.extend(["attended", "none", "all"].map(str::to_owned));
        droppable = vec![3, 2];
    }
    if stopped {
        droppable.push(heading.len());
        heading.push("stopped".to_owned());
    }
    let severities = flow.names.severities.iter().take(n_severities.unwrap_or(0));
    heading.extend(severities.cloned());
    heading.extend(n_severities.filter(|&n| n > 1).map(|_| "any".to_owned()));
    let mut sheet = look.table(heading, 1);
    sheet.drop_where_narrow(&droppable);
    for (arm, counts) in layout.arms.iter().zip(&flow.arms) {
        let mut row = vec![arm.label.clone()];
        if attended {
            row.extend(attended_cells(counts.attended.as_ref()));
        }
        if stopped {
            row.push(counts.stopped_early().map_or_else(|| "-".to_owned(), |n| n.to_string()));
        }
        row.extend(n_severities.into_iter().flat_map(|n| event_cells(counts, n)));
        sheet.row(row);
    }
    let (title, notes) = match (attended, n_severities.is_some()) {
        (true, true) => ("Sessions attended and adverse events", [ATTENDED, ADVERSE].concat()),
        (true, false) => ("Sessions attended", ATTENDED.to_owned()),
        _ => ("Adverse events", ADVERSE.to_owned()),
    };
    let notes = if look == Look::Terminal { prose(&notes) } else { format!("\n{notes}") };
    Some(format!("{}{}{notes}", look.title(title), sheet.text()))
}

const ATTENDED: &str = " Attended: mean (SD) per participant; participants who attended none, or all.\n";
const ADVERSE: &str = " Adverse events: number (participants with at least one).\n";

/// Mean (SD), none, all.
fn attended_cells(attended: Option<&SessionsAttended>) -> [String; 3] {
    let Some(attended) = attended else { return ["-", "-", "-"].map(str::to_owned) };
    let mean = match (attended.mean(), attended.sd()) {
        (Some(mean), Some(sd)) => format!("{} ({})", fixed(mean, 1), fixed(sd, 1)),
        (Some(mean), None) => fixed(mean, 1),
        _ => "-".to_owned(),
    };
    [mean, attended.none().to_string(), attended.all().to_string()]
}

/// Events (participants) of each severity and, where there are several, of any; none to speak of in an arm without sessions.
fn event_cells(flow: &ArmFlow, n_severities: usize) -> Vec<String> {
    let n_cells = n_severities + usize::from(n_severities > 1);
    match &flow.adverse_events {
        Some(events) if events.any.events > 0 || flow.sessions_planned.is_some() => {
            let cell = |counts: &EventCounts| format!("{} ({})", counts.events, counts.participants);
            events.by_severity.iter().chain([&events.any]).take(n_cells).map(cell).collect()
        }
        _ => vec!["-".to_owned(); n_cells],
    }
}

/// Intercurrent events by arm and visit, the number of participants to whom they had happened by then; nothing where there are none.
pub fn intercurrent_events(look: Look, layout: &Layout, flow: &ParticipantFlow) -> Option<String> {
    let mut heading = vec!["Arm".to_owned()];
    heading.extend(layout.visits.iter().skip(1).map(|visit| visit.label()));
    let mut sheet = look.grouped_table("Event", heading, 1);
    // Counts are cumulative: the earliest can be done without first.
    sheet.drop_where_narrow(&(1..layout.visits.len().saturating_sub(1)).collect::<Vec<_>>());
    let any_stopped = flow.arms.iter().any(|arm| arm.stopped_early().is_some_and(|n| n > 0));
    let stopped = any_stopped.then_some(("Sessions stopped before their end", None));
    let events = flow.names.events.iter().enumerate().map(|(event, named)| (named.label.as_str(), Some(event)));
    let all: Vec<(&str, Option<usize>)> = stopped.into_iter().chain(events).collect();
    for &(label, event) in &all {
        sheet.group(label);
        for (arm, counts) in layout.arms.iter().zip(&flow.arms) {
            let by_visit = match event {
                None => Some(&counts.stopped).filter(|stopped| !stopped.is_empty()),
                Some(event) => counts.events.get(event),
            };
            let cell = |&n: &usize| format!("{n} ({}%)", fixed(100.0 * n as f64 / counts.randomised.max(1) as f64, 0));
            if let Some(by_visit) = by_visit {
                sheet.row([arm.label.clone()].into_iter().chain(by_visit.iter().skip(1).map(cell)).collect());
            }
        }
    }
    let title = "Intercurrent events: participants (%) to whom they had happened by the visit";
    (!all.is_empty()).then(|| format!("{}{}", look.title(title), sheet.text()))
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::trial::{AdverseEventCounts, Arm, ConductNames, EventName, Visit};

    fn layout() -> Layout {
        let arm = |label: &str| Arm {
            name: label.to_lowercase(),
            label: label.to_owned(),
            reference: label == "Usual care",
            sessions: Vec::new(),
        };
        Layout {
            arms: ["Massage", "Usual care"].map(arm).to_vec(),
            visits: [0.0, 10.0, 26.0].map(|week| Visit { week }).to_vec(),
            outcomes: Vec::new(),
        }
    }

    /// 40 with ten sessions, of whom 4 attended none, 16 nine and 20 all; 50 without.
    fn flow() -> ParticipantFlow {
        let count = |events, participants| EventCounts { events, participants };
        let names = ConductNames {
            severities: ["mild", "severe"].map(str::to_owned).to_vec(),
            events: vec![EventName { name: "rescue".to_owned(), label: "Rescue medication".to_owned() }],
            ..ConductNames::default()
        };
        let mut participants = vec![0; 11];
        (participants[0], participants[9], participants[10]) = (4, 16, 20);
        let massage = ArmFlow {
            randomised: 40,
            sessions_planned: Some(10),
            attended: Some(SessionsAttended { planned: 10, participants }),
            stopped: vec![0, 6, 6],
            adverse_events: Some(AdverseEventCounts {
                by_severity: vec![count(12, 9), count(1, 1)],
                any: count(13, 10),
            }),
            events: vec![vec![0, 2, 6]],
            ..ArmFlow::default()
        };
        let usual_care = ArmFlow {
            randomised: 50,
            adverse_events: Some(AdverseEventCounts { by_severity: vec![count(0, 0); 2], any: count(0, 0) }),
            events: vec![vec![0, 10, 13]],
            ..ArmFlow::default()
        };
        ParticipantFlow { names: Arc::new(names), arms: vec![massage, usual_care], ..ParticipantFlow::default() }
    }

    #[test]
    fn sessions_and_adverse_events_share_a_table() {
        // Mean (16 · 9 + 20 · 10) / 40 = 8.6; squares 4 · 8.6² + 16 · 0.4² + 20 · 1.4² = 337.6, over 39: 2.94².
        let expected = "\
Sessions attended and adverse events
───────────────────────────────────────────────────────────────────────────
 Arm           attended   none   all   stopped     mild   severe       any
───────────────────────────────────────────────────────────────────────────
 Massage      8.6 (2.9)      4    20         6   12 (9)    1 (1)   13 (10)
 Usual care           -      -     -         -        -        -         -
───────────────────────────────────────────────────────────────────────────
 Attended: mean (SD) per participant; participants who attended none, or all.
 Adverse events: number (participants with at least one).
";
        assert_eq!(sessions(Look::Terminal, &layout(), &flow()).unwrap(), expected);
    }

    #[test]
    fn one_severity_needs_no_sum_and_sessions_no_adverse_events() {
        let mut flow = flow();
        Arc::make_mut(&mut flow.names).severities.truncate(1);
        for events in flow.arms.iter_mut().filter_map(|arm| arm.adverse_events.as_mut()) {
            events.by_severity.truncate(1);
        }
        let table = sessions(Look::Markdown, &layout(), &flow).unwrap();
        assert!(table.contains("| Arm        |  attended | none | all | stopped |   mild |"), "{table}");
        flow.arms.iter_mut().for_each(|arm| (arm.adverse_events, arm.stopped) = (None, Vec::new()));
        let table = sessions(Look::Markdown, &layout(), &flow).unwrap();
        assert!(table.starts_with("### Sessions attended\n\n| Arm        |  attended | none | all |\n"), "{table}");
        assert!(!table.contains("Adverse"), "{table}");
        flow.arms.iter_mut().for_each(|arm| arm.attended = None);
        assert_eq!(sessions(Look::Terminal, &layout(), &flow), None);
    }

    #[test]
    fn intercurrent_events_are_grouped_by_event() {
        let expected = "\
Intercurrent events: participants (%) to whom they had happened by the visit
────────────────────────────────────
 Arm             week 10    week 26
────────────────────────────────────
 Sessions stopped before their end
   Massage       6 (15%)    6 (15%)
 Rescue medication
   Massage       2 ( 5%)    6 (15%)
   Usual care   10 (20%)   13 (26%)
────────────────────────────────────
";
        assert_eq!(intercurrent_events(Look::Terminal, &layout(), &flow()).unwrap(), expected);
        let table = intercurrent_events(Look::Markdown, &layout(), &flow()).unwrap();
        assert!(table.contains("| Rescue medication                 | Usual care | 10 (20%) | 13 (26%) |"), "{table}");
    }

    #[test]
    fn where_nothing_happened_nothing_is_shown() {
        let mut flow = flow();
        Arc::make_mut(&mut flow.names).events.clear();
        flow.arms[0].stopped = vec![0; 3];
        assert_eq!(intercurrent_events(Look::Terminal, &layout(), &flow), None);
    }
}

//! Participant flow as text: one line, the reasons, a table by arm.

use super::tables::Look;
use crate::report::numbers::fixed;
use crate::trial::{Layout, ParticipantFlow};

/// Participant flow by arm: randomised, sessions planned (and attended on average, where known), seen at each visit.
pub fn table(look: Look, layout: &Layout, flow: &ParticipantFlow) -> String {
    // Sessions are known of a design, not of a data file.
    let any_sessions = flow.arms.iter().any(|counts| counts.sessions_planned.is_some());
    let mut heading = vec!["Arm".to_owned(), "randomised".to_owned()];
    heading.extend(any_sessions.then(|| "sessions".to_owned()));
    heading.extend(layout.visits.iter().map(|visit| visit.label()));
    let mut sheet = look.table(heading, 1);
    // The baseline, where nobody has been lost yet, then the sessions.
    sheet.drop_where_narrow(if any_sessions { &[3, 2] } else { &[2] });
    for (arm, counts) in layout.arms.iter().zip(&flow.arms) {
        let sessions = match (counts.sessions_planned, counts.attended.as_ref().and_then(|attended| attended.mean())) {
            (None, _) => "-".to_owned(),
            (Some(planned), None) => planned.to_string(),
            (Some(planned), Some(mean)) => format!("{} of {planned}", fixed(mean, 1)),
        };
        let mut row = vec![arm.label.clone(), counts.randomised.to_string()];
        row.extend(any_sessions.then_some(sessions));
        row.extend(counts.seen.iter().map(ToString::to_string));
        sheet.row(row);
    }
    sheet.text()
}

/// One line on the whole flow: screened, randomised, seen.
pub fn line(layout: &Layout, flow: &ParticipantFlow) -> String {
    let mut parts = Vec::new();
    if let Some(screened) = flow.screened {
        parts.push(format!("screened {screened}"));
    }
    parts.push(format!("randomised {}", flow.randomised()));
    let seen = |visit: usize| format!("seen at {} {}", layout.visits[visit].label(), flow.seen(visit));
    parts.extend((1..layout.visits.len()).map(seen));
    parts.join(" · ")
}

/// Why candidates were excluded and participants lost, a line each, where it is known.
pub fn reasons(look: Look, layout: &Layout, flow: &ParticipantFlow) -> String {
    // In Markdown a line of its own is a paragraph of its own.
    let gap = if look == Look::Markdown { "\n" } else { "" };
    let told = |what: &str, n: usize, reasons: Vec<(&str, usize)>| {
        let reasons: Vec<String> = reasons.iter().map(|(reason, n)| format!("{reason} {n}")).collect();
        if reasons.is_empty() { String::new() } else { format!("{gap}{what} {n}: {}\n", reasons.join(", ")) }
    };
    let exclusions: Vec<(&str, usize)> = flow.exclusions().collect();
    let excluded = flow.excluded().unwrap_or_else(|| exclusions.iter().map(|(_, n)| n).sum());
    let visits = 1..layout.visits.len();
    let lost = flow.arms.iter().flat_map(|arm| visits.clone().map(|visit| arm.discontinued[visit])).sum();
    let text = told("excluded", excluded, exclusions);
    format!("{text}{}", told("lost", lost, flow.reasons_for_loss(visits)))
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::trial::{Arm, ArmFlow, ConductNames, SessionsAttended, Visit};

    fn layout() -> Layout {
        let arm = |label: &str| Arm {
            name: label.to_lowercase(),
            label: label.to_owned(),
            reference: label == "Usual care",
            sessions: Vec::new(),
        };
        Layout {
            arms: ["Massage", "Usual care"].map(arm).to_vec(),
            visits: [0.0, 10.0].map(|week| Visit { week }).to_vec(),
            outcomes: Vec::new(),
        }
    }

    fn flow() -> ParticipantFlow {
        let texts = |texts: &[&str]| texts.iter().map(|&text| text.to_owned()).collect();
        let names = ConductNames {
            exclusions: texts(&["pregnancy", "nobody had this", "no consent"]),
            reasons: texts(&["moved away", "no time"]),
            ..ConductNames::default()
        };
        let massage = ArmFlow {
            randomised: 8,
            sessions_planned: Some(4),
            attended: Some(SessionsAttended { planned: 4, participants: vec![1, 0, 0, 1, 6] }),
            seen: vec![8, 5],
            discontinued: vec![0, 3],
            discontinued_for: vec![vec![0, 0], vec![2, 0]],
            ..ArmFlow::default()
        };
        let usual_care = ArmFlow {
            randomised: 9,
            seen: vec![9, 8],
            discontinued: vec![0, 1],
            discontinued_for: vec![vec![0, 0], vec![0, 1]],
            ..ArmFlow::default()
        };
        let arms = vec![massage, usual_care];
        ParticipantFlow { screened: Some(30), names: Arc::new(names), excluded_for: vec![4, 0, 9], arms }
    }

    #[test]
    fn sessions_attended_stand_beside_those_planned() {
        // (3 + 6 · 4) / 8 = 3.375.
        let expected = "\
─────────────────────────────────────────────────────────
 Arm          randomised   sessions   baseline   week 10
─────────────────────────────────────────────────────────
 Massage               8   3.4 of 4          8         5
 Usual care            9          -          9         8
─────────────────────────────────────────────────────────
";
        assert_eq!(table(Look::Terminal, &layout(), &flow()), expected);
        let mut flow = flow();
        flow.arms[0].attended = None;
        assert!(table(Look::Markdown, &layout(), &flow).contains("| Massage    |          8 |        4 |"));
    }

    #[test]
    fn reasons_are_told_where_they_are_known() {
        let said = "excluded 13: pregnancy 4, no consent 9\nlost 4: moved away 2, no time 1, reason not known 1\n";
        assert_eq!(reasons(Look::Terminal, &layout(), &flow()), said);
        assert_eq!(reasons(Look::Markdown, &layout(), &flow()), format!("\n{}", said.replace("\nlost", "\n\nlost")));
        let mut flow = flow();
        flow.excluded_for.clear();
        flow.arms.iter_mut().for_each(|arm| arm.discontinued_for.clear());
        assert_eq!(reasons(Look::Terminal, &layout(), &flow), "");
        assert_eq!(line(&layout(), &flow), "screened 30 · randomised 17 · seen at week 10 13");
    }
}

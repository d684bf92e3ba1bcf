//! Tables of what was recorded, as it was: by visit and arm, without a model.

use super::tables::{Look, mean_and_sd};
use crate::dataset::Descriptive;
use crate::report::numbers::{fixed, two_digits, unit};
use crate::trial::{Layout, Outcome, OutcomeKind};

/// Recorded values of one outcome by visit and arm: mean, standard deviation, number; of an outcome in words the shares.
pub fn descriptives(look: Look, layout: &Layout, rows: &[Descriptive], outcome: usize) -> String {
    let outcome = &layout.outcomes[outcome];
    let mut heading = vec!["Visit".to_owned()];
    heading.extend(layout.arms.iter().map(|arm| arm.label.clone()));
    let recorded = Recorded::new(outcome, rows);
    let mut sheet = look.table(heading, 1);
    for visit in layout.visits.iter().skip(usize::from(!outcome.at_baseline)) {
        let cell = |arm: &str| {
            let row = recorded.at(visit.week, arm);
            row.map(|row| format!("{}, {}", recorded.cell(row), row.value.n)).unwrap_or_default()
        };
        let cells = layout.arms.iter().map(|arm| cell(&arm.name));
        sheet.row([visit.label()].into_iter().chain(cells).collect());
    }
    sheet.text()
}

/// What the cells of [`descriptives`] hold.
pub fn heading(outcome: &Outcome) -> String {
    match what(outcome) {
        Some(share) => format!("{share}, n"),
        None => "mean (SD), n".to_owned(),
    }
}

/// Outcomes that are recorded and not analysed, each by arm and visit; nothing where there are none.
pub fn others(look: Look, layout: &Layout, rows: &[Descriptive], outcomes: &[usize]) -> Option<String> {
    let mut heading = vec!["Arm".to_owned()];
    heading.extend(layout.visits.iter().map(|visit| visit.label()));
    let mut sheet = look.grouped_table("Outcome", heading, 1);
    sheet.drop_where_narrow(&(1..layout.visits.len()).collect::<Vec<_>>());
    for outcome in outcomes.iter().map(|&outcome| &layout.outcomes[outcome]) {
        let recorded = Recorded::new(outcome, rows);
        sheet.group(&format!("{}: {}", outcome.label, in_words(outcome)));
        for arm in &layout.arms {
            let cell =
                |week: f64| recorded.at(week, &arm.name).map_or_else(|| "-".to_owned(), |row| recorded.cell(row));
            let cells = layout.visits.iter().map(|visit| cell(visit.week));
            sheet.row([arm.label.clone()].into_iter().chain(cells).collect());
        }
    }
    (!outcomes.is_empty()).then(|| format!("{}{}", look.title("Other outcomes, as recorded"), sheet.text()))
}

/// What the cells of [`others`] hold.
fn in_words(outcome: &Outcome) -> String {
    let unit = unit(outcome);
    let unit = if unit.is_empty() { String::new() } else { format!(", {unit}") };
    what(outcome).unwrap_or_else(|| format!("mean (SD){unit}"))
}

/// Which share is shown of an outcome in words: `yes`, `much better or better`; `None` for scores and counts.
fn what(outcome: &Outcome) -> Option<String> {
    let levels = outcome.kind.levels();
    let shown: Vec<&str> =
        shown(outcome).into_iter().filter_map(|level| levels.get(level)).map(|level| level.1).collect();
    (!shown.is_empty()).then(|| shown.join(" or "))
}

/// The levels whose share is shown, as positions: yes, or the two best of three and more, the best of two.
fn shown(outcome: &Outcome) -> Vec<usize> {
    match &outcome.kind {
        OutcomeKind::Score | OutcomeKind::Count => Vec::new(),
        OutcomeKind::Binary => vec![1],
        OutcomeKind::Ordinal { levels } => {
            let best = if levels.len() > 2 { 2 } else { 1 };
            match outcome.better.unwrap_or_default() {
                crate::trial::Direction::Lower => (0..best.min(levels.len())).collect(),
                crate::trial::Direction::Higher => (levels.len().saturating_sub(best)..levels.len()).collect(),
            }
        }
    }
}

/// What was recorded of one outcome.
struct Recorded<'a> {
    outcome: &'a Outcome,
    rows: Vec<&'a Descriptive>,
    decimals: usize,
}

impl<'a> Recorded<'a> {
    fn new(outcome: &'a Outcome, rows: &'a [Descriptive]) -> Self {
        let rows: Vec<&Descriptive> = rows.iter().filter(|row| row.outcome == outcome.name).collect();
        let spreads = rows.iter().filter_map(|row| row.value.sd);
        let decimals = spreads.reduce(f64::min).map_or(1, two_digits);
        Self { outcome, rows, decimals }
    }

    fn at(&self, week: f64, arm: &str) -> Option<&'a Descriptive> {
        self.rows.iter().copied().find(|row| row.visit_week == week && row.arm.as_deref() == Some(arm))
    }

    /// Mean and standard deviation, or the share of the levels that are shown; `-` where nobody was recorded.
    fn cell(&self, row: &Descriptive) -> String {
        let shown = shown(self.outcome);
        if shown.is_empty() {
            return mean_and_sd(&row.value, self.decimals);
        }
        let n: usize = shown.iter().filter_map(|&level| row.levels.get(level)).map(|level| level.count.n).sum();
        match row.value.n {
            0 => "-".to_owned(),
            of => format!("{}%", fixed(100.0 * n as f64 / of as f64, 0)),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::dataset;
    use crate::trial::{Arm, Direction, OutcomeData, TrialData, Visit};

    fn outcome(label: &str, kind: OutcomeKind) -> Outcome {
        Outcome { name: label.to_lowercase(), label: label.to_owned(), kind, unit: String::new(), ..Outcome::default() }
    }

    /// Two arms of two at weeks 0 and 10: a share, a number of days, a rating of change that is not recorded at baseline.
    fn trial() -> TrialData {
        let arm = |label: &str| Arm {
            name: label.to_lowercase(),
            label: label.to_owned(),
            reference: label == "Usual care",
            sessions: Vec::new(),
        };
        let levels = ["worse", "same", "better", "much better"].map(str::to_owned).to_vec();
        let outcomes = vec![
            outcome("Takes medication", OutcomeKind::Binary),
            Outcome { unit: "days".to_owned(), ..outcome("Days off work", OutcomeKind::Count) },
            Outcome {
                better: Some(Direction::Higher),
                at_baseline: false,
                ..outcome("Global change", OutcomeKind::Ordinal { levels })
            },
        ];
        let visits = [0.0, 10.0].map(|week| Visit { week }).to_vec();
        let layout = Layout { arms: ["Massage", "Usual care"].map(arm).to_vec(), visits, outcomes };
        let mut data = vec![OutcomeData::empty(4, 2); 3];
        let recorded = [[[1.0, 1.0, 0.0, 1.0], [0.0, 1.0, 1.0, 1.0]], [[2.0, 4.0, 0.0, 8.0], [1.0, 1.0, 3.0, 5.0]]];
        for (values, by_visit) in data.iter_mut().zip(recorded) {
            for (visit, of_visit) in by_visit.into_iter().enumerate() {
                of_visit.into_iter().enumerate().for_each(|(i, value)| values.set(i, visit, Some(value)));
            }
        }
        [4.0, 3.0, 2.0].into_iter().enumerate().for_each(|(i, value)| data[2].set(i, 1, Some(value)));
        TrialData {
            layout: Arc::new(layout),
            identifiers: None,
            arm: vec![0, 0, 1, 1],
            outcomes: data,
            covariates: Vec::new(),
            screened: None,
            conduct: None,
        }
    }

    #[test]
    fn other_outcomes_are_shown_as_their_kind_asks() {
        let data = trial();
        let rows = dataset::descriptives(&data).unwrap();
        let expected = "\
Other outcomes, as recorded
──────────────────────────────────────
 Arm             baseline     week 10
──────────────────────────────────────
 Takes medication: yes
   Massage           100%         50%
   Usual care         50%        100%
 Days off work: mean (SD), days
   Massage      3.0 (1.4)   1.0 (0.0)
   Usual care   4.0 (5.7)   4.0 (1.4)
 Global change: better or much better
   Massage              -        100%
   Usual care           -          0%
──────────────────────────────────────
";
        assert_eq!(others(Look::Terminal, &data.layout, &rows, &[0, 1, 2]).unwrap(), expected);
        assert_eq!(others(Look::Terminal, &data.layout, &rows, &[]), None);
        let table = others(Look::Markdown, &data.layout, &rows, &[0]).unwrap();
        assert!(table.contains("| Takes medication: yes | Massage    |     100% |     50% |"), "{table}");
    }

    #[test]
    fn an_analysed_outcome_is_described_by_visit() {
        let data = trial();
        let rows = dataset::descriptives(&data).unwrap();
        assert_eq!(heading(&data.layout.outcomes[2]), "better or much better, n");
        let table = descriptives(Look::Markdown, &data.layout, &rows, 2);
        assert!(!table.contains("baseline") && table.contains("| week 10 | 100%, 2 |      0%, 1 |"), "{table}");
        assert_eq!(heading(&data.layout.outcomes[1]), "mean (SD), n");
    }

    #[test]
    fn of_two_levels_one_is_the_best() {
        let levels = ["better", "not better"].map(str::to_owned).to_vec();
        let two = Outcome { better: Some(Direction::Lower), ..outcome("Two", OutcomeKind::Ordinal { levels }) };
        assert_eq!(what(&two).as_deref(), Some("better"));
        assert_eq!(what(&outcome("None", OutcomeKind::Ordinal { levels: Vec::new() })), None);
    }
}

//! Single published facts beside contrasts: the design of the trial of 2011, and relative risks from related trials.

const DESIGN: &str = include_str!("../../data/cherkin-2011/design.csv");
const RELATED: &str = include_str!("../../data/cherkin-2011/related_evidence.csv");

/// A published number with its interval, where it has one.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct PublishedNumber {
    /// The number.
    pub value: f64,
    /// Lower and upper end of its interval.
    pub interval: Option<[f64; 2]>,
}

/// A fact of the design of the trial of 2011, of an arm or (with an empty name) of the whole trial. Only what was read in a source
/// counts, not what was inferred here.
pub fn design_fact(fact: &str, arm: &str) -> Option<f64> {
    let row = rows(DESIGN).find(|row| row.get(0) == fact && row.get(1) == arm && is_read(row.get(5)))?;
    row.get(2).parse().ok()
}

/// A quantity of a related study, of an outcome at a week (both may be left open by an empty name and `None`). Only what was read in a
/// source counts.
pub fn related_fact(study: &str, quantity: &str, outcome: &str, week: Option<f64>) -> Option<PublishedNumber> {
    let row = rows(RELATED).find(|row| {
        row.get(1) == study
            && row.get(2) == quantity
            && row.get(3) == outcome
            && row.get(6).parse().ok() == week
            && is_read(row.get(12))
    })?;
    let number = |column: usize| row.get(column).parse::<f64>().ok();
    Some(PublishedNumber { value: number(7)?, interval: number(8).zip(number(9)).map(|(lower, upper)| [lower, upper]) })
}

/// Whether a mark of confidence says that a fact was read in a source.
fn is_read(mark: &str) -> bool {
    matches!(mark, "P" | "S")
}

/// The cells of one row.
struct Row(Vec<String>);

impl Row {
    fn get(&self, column: usize) -> &str {
        self.0.get(column).map_or("", String::as_str)
    }
}

fn rows(csv: &'static str) -> impl Iterator<Item = Row> {
    csv.lines().skip(1).map(|line| Row(cells(line)))
}

/// The cells of a line; a quoted one may hold commas, and quotes written twice.
fn cells(line: &str) -> Vec<String> {
    let (mut cells, mut quoted) = (vec![String::new()], false);
    let mut letters = line.chars().peekable();
    while let Some(letter) = letters.next() {
        let Some(cell) = cells.last_mut() else { break };
        match letter {
            '"' if quoted && letters.peek() == Some(&'"') => {
                cell.push('"');
                letters.next();
            }
            '"' => quoted = !quoted,
            ',' if !quoted => cells.push(String::new()),
            other => cell.push(other),
        }
    }
    cells
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quoted_cells_may_hold_commas_and_quotes() {
        assert_eq!(cells("a,\"b, \"\"c\"\"\",,d"), ["a", "b, \"c\"", "", "d"]);
    }

    #[test]
    fn facts_are_found_by_name_arm_and_week() {
        assert_eq!(design_fact("randomised", ""), Some(401.0));
        assert_eq!(design_fact("randomised", "relaxation"), Some(136.0));
        assert_eq!(design_fact("massage_participants_per_therapist", ""), None, "inferred, not read");
        let number = related_fact("neck_booster", "risk_ratio", "ndi", Some(12.0));
        assert_eq!(number, Some(PublishedNumber { value: 1.56, interval: Some([1.08, 2.25]) }));
        assert_eq!(related_fact("neck_booster", "randomised", "", None).map(|own| own.value), Some(179.0));
    }
}

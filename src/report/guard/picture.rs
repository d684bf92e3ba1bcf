//! What the picture of a case shows: its estimates as they are kept, beside those of now.

use crate::plots::kept_and_now::{KeptAndNowNumbers, KeptAndNowRow, KeptAndNowSection, Marked};
use crate::snapshot::{Comparison, Value};

/// Rows of a picture; those that moved come before others where there is no room for all.
const MOST_ROWS: usize = 40;

/// The estimates of a case by outcome, those of outcomes in which something moved; `None` where no estimate did.
pub fn picture(case: &str, comparisons: &[Comparison]) -> Option<KeptAndNowNumbers> {
    let estimates: Vec<Estimate> = comparisons.iter().filter_map(|own| Estimate::of(own, comparisons)).collect();
    let moved = estimates.iter().filter(|own| own.row.moved).count();
    if moved == 0 {
        return None;
    }
    let mut sections: Vec<KeptAndNowSection> = Vec::new();
    let mut room = MOST_ROWS;
    for own in &estimates {
        let is_told = estimates.iter().any(|other| other.outcome == own.outcome && other.row.moved);
        let known = sections.iter().position(|section| section.label == own.outcome);
        if !is_told || room == 0 || (!own.row.moved && estimates.len() > MOST_ROWS) {
            continue;
        }
        room -= 1;
        match known {
            Some(position) => sections[position].rows.push(own.row.clone()),
            None => sections.push(KeptAndNowSection { label: own.outcome.clone(), rows: vec![own.row.clone()] }),
        }
    }
    let shown: usize = sections.iter().map(|own| own.rows.iter().filter(|row| row.moved).count()).sum();
    let title = match moved {
        1 => format!("{case}: one estimate has moved"),
        n => format!("{case}: {n} estimates have moved"),
    };
    let footnote = (shown < moved).then(|| format!("{} more are in the table.", moved - shown));
    Some(KeptAndNowNumbers { title, sections, footnote })
}

/// An estimate, kept and now.
struct Estimate {
    outcome: String,
    row: KeptAndNowRow,
}

impl Estimate {
    /// Of a comparison that is about one: of a trial, or on average over many.
    fn of(own: &Comparison, all: &[Comparison]) -> Option<Self> {
        let (name, what) = own.id.rsplit_once('.')?;
        let of_many = match what {
            "estimate" => false,
            "mean_estimate" => true,
            _ => return None,
        };
        if !own.is_exact() {
            return None;
        }
        let end = |end: &str| all.iter().find(|other| other.is_exact() && other.id == format!("{name}.{end}"));
        let ends = if of_many { None } else { end("lower").zip(end("upper")) };
        let marked = |value: Option<&Value>, interval: Option<[f64; 2]>| {
            value.and_then(Value::as_number).filter(|own| own.is_finite()).map(|value| Marked { value, interval })
        };
        let both =
            |of: &dyn Fn(&Comparison) -> Option<f64>| ends.and_then(|(lower, upper)| Some([of(lower)?, of(upper)?]));
        let kept = both(&|own| own.kept().and_then(Value::as_number));
        let now = both(&|own| own.now.as_ref().and_then(Value::as_number));
        let (outcome, place) = split(name);
        let outcome = if of_many { format!("{outcome}, average over the replicates") } else { outcome };
        Some(Self {
            outcome,
            row: KeptAndNowRow {
                label: place,
                kept: marked(own.kept(), kept),
                now: marked(own.now.as_ref(), now),
                moved: own.failed(),
            },
        })
    }
}

/// The outcome of an id, and what follows it: `rdq.wk10.a-b` are `rdq` and `week 10, a-b`.
fn split(name: &str) -> (String, String) {
    match name.split_once(".wk") {
        Some((outcome, rest)) => {
            let (weeks, of) = rest.split_once('.').unwrap_or((rest, ""));
            let weeks = weeks.replace("-wk", " less week ").replace('_', ".");
            (outcome.to_owned(), format!("week {weeks}, {of}"))
        }
        None => {
            let (outcome, of) = name.split_once('.').unwrap_or((name, ""));
            (outcome.to_owned(), of.to_owned())
        }
    }
}

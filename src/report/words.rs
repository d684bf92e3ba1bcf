//! One sentence that says what the contrasts of one outcome show, following from the numbers and nothing else.

use super::numbers::{amount, amount_that_matters, decimals, fixed, level};
use crate::analysis::{Analysis, VisitFit};
use crate::scenario::Plan;
use crate::trial::{Contrast, Estimate, Layout, Measure, OutcomeKind};

/// What the first and the last visit after baseline say about one outcome, or `None` where nothing was fitted.
///
/// A pair counts as different only if its adjusted p-value is below the plan's alpha; otherwise the sentence says that
/// the trial cannot tell, never that there is no difference.
pub fn sentence(plan: &Plan, layout: &Layout, analysis: &Analysis, outcome: usize) -> Option<String> {
    let decimals = decimals(plan, layout, analysis, outcome);
    let speaker = Speaker { plan, layout, outcome, decimals };
    let fits = analysis.fits.iter().filter(|fit| fit.outcome == outcome);
    let mut said = fits.filter_map(|fit| speaker.visit(fit));
    let first = said.next()?;
    let text = said.next_back().map_or(first.clone(), |last| format!("{first}; {last}"));
    let label = &layout.outcomes[outcome].label;
    Some(format!("{label}: {text}."))
}

/// What the words are about.
struct Speaker<'a> {
    plan: &'a Plan,
    layout: &'a Layout,
    outcome: usize,
    decimals: usize,
}

impl Speaker<'_> {
    /// What one visit says: who differs and by how much, who cannot be told apart, of whom nothing can be said.
    fn visit(&self, fit: &VisitFit) -> Option<String> {
        let at = self.layout.visits[fit.visit].label();
        let (mut differ, mut alike, mut silent) = (Vec::new(), Vec::new(), Vec::new());
        for contrast in self.plan.contrasts_with(self.layout.reference_arm()) {
            let position = self.plan.contrasts.iter().position(|&own| own == contrast || own == contrast.reversed());
            if position.is_some_and(|position| !self.plan.tests(self.outcome, fit.visit, position)) {
                continue;
            }
            match fit.estimate_of(self.plan, contrast) {
                Some(Ok(estimate)) if estimate.adjusted_p_value < self.plan.alpha => {
                    differ.push(self.difference(contrast, &estimate));
                }
                Some(Ok(_)) => alike.push(contrast),
                Some(Err(_)) | None => silent.push(contrast),
            }
        }
        if differ.is_empty() && alike.is_empty() {
            return None;
        }
        let mut clauses = differ;
        clauses
            .extend(self.by_comparator(&alike, |arms, versus| format!("this trial cannot tell {arms} from {versus}")));
        clauses.extend(
            self.by_comparator(&silent, |arms, versus| format!("nothing can be said of {arms} against {versus}")),
        );
        Some(format!("at {at} {}", join(&clauses)))
    }

    /// A difference: `relaxation massage was 2.9 points better than usual care (95% interval 1.8 to 4.0)`; of shares
    /// `relaxation massage had a 0.12 lower probability than usual care (95% interval 0.03 to 0.21)`; a ratio
    /// `relaxation massage had 1.35 times the odds of responding that usual care had (95% interval 1.10 to 1.66)`.
    fn difference(&self, contrast: Contrast, estimate: &Estimate) -> String {
        let (arm, versus, level) = (self.arm(contrast.arm), self.arm(contrast.versus), level(self.plan.alpha));
        let fixed = |value: f64| fixed(value, self.decimals);
        let measure = self.plan.measure();
        if let Some(what) = self.counted(measure) {
            let [value, lower, upper] =
                [estimate.value, estimate.lower, estimate.upper].map(|own| fixed(measure.reported(own)));
            return format!(
                "{arm} had {value} times the {what} that {versus} had ({level} interval {lower} to {upper})"
            );
        }
        let outcome = &self.layout.outcomes[self.outcome];
        let size = estimate.value.abs();
        // The interval is told in the direction of the words.
        let [low, high] =
            if estimate.value < 0.0 { [-estimate.upper, -estimate.lower] } else { [estimate.lower, estimate.upper] };
        let way = if estimate.value < 0.0 { "lower" } else { "higher" };
        let direction = match outcome.better {
            Some(better) if better.favours(estimate.value) => "better",
            Some(_) => "worse",
            None => way,
        };
        let number = fixed(size);
        let apart = if self.plan.is_share(self.layout, self.outcome) {
            format!("had a {number} {way} probability{}", self.of_responding())
        } else {
            format!("was {} {direction}", amount(&number, outcome))
        };
        let small = match self.plan.meaningful(self.layout, self.outcome) {
            Some(meaningful) if size < meaningful => {
                format!(", an estimate below the {}", amount_that_matters(meaningful, outcome))
            }
            _ => String::new(),
        };
        format!("{arm} {apart} than {versus} ({level} interval {} to {}){small}", fixed(low), fixed(high))
    }

    /// What a ratio is a ratio of; `None` for differences.
    fn counted(&self, measure: Measure) -> Option<String> {
        let ordinal = matches!(self.layout.outcomes[self.outcome].kind, OutcomeKind::Ordinal { .. });
        Some(match measure {
            Measure::RiskRatio => format!("probability{}", self.of_responding()),
            Measure::OddsRatio if ordinal && self.plan.responder(self.outcome).is_none() => {
                "odds of a higher level".to_owned()
            }
            Measure::OddsRatio => format!("odds{}", self.of_responding()),
            Measure::RateRatio => "rate".to_owned(),
            Measure::Difference | Measure::Shift | Measure::RiskDifference => return None,
        })
    }

    fn of_responding(&self) -> &'static str {
        if self.plan.responder(self.outcome).is_some() { " of responding" } else { "" }
    }

    /// One clause per arm compared with, naming all that are compared with it.
    fn by_comparator(&self, contrasts: &[Contrast], clause: impl Fn(String, String) -> String) -> Vec<String> {
        let mut versus: Vec<usize> = contrasts.iter().map(|contrast| contrast.versus).collect();
        versus.dedup();
        let arms = |versus: usize| -> Vec<String> {
            contrasts
                .iter()
                .filter(|contrast| contrast.versus == versus)
                .map(|contrast| self.arm(contrast.arm))
                .collect()
        };
        versus.into_iter().map(|versus| clause(any_of(&arms(versus)), self.arm(versus))).collect()
    }

    /// An arm's label inside a sentence.
    fn arm(&self, arm: usize) -> String {
        in_sentence(&self.layout.arms[arm].label)
    }
}

/// A label inside a sentence: a capital that only opens it becomes small (`Usual care` but not `TENS` or `A`).
pub fn in_sentence(label: &str) -> String {
    let mut letters = label.chars();
    match (letters.next(), letters.next()) {
        (Some(first), Some(second)) if second.is_lowercase() => {
            first.to_lowercase().chain(label.chars().skip(1)).collect()
        }
        _ => label.to_owned(),
    }
}

/// A text with a capital at its start.
pub fn capital(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

/// `a`, `a and b`, `a, b and c`.
pub(super) fn join(parts: &[String]) -> String {
    list(parts, "and")
}

/// `a`, `a or b`, `a, b or c`.
fn any_of(parts: &[String]) -> String {
    list(parts, "or")
}

fn list(parts: &[String], last: &str) -> String {
    match parts {
        [] => String::new(),
        [only] => only.clone(),
        [head @ .., tail] => format!("{} {last} {tail}", head.join(", ")),
    }
}

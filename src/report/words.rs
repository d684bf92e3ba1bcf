//! One sentence that says what the contrasts of one outcome show, following from the numbers and nothing else.

use super::numbers::{fixed, level};
use crate::analysis::{Analysis, VisitFit};
use crate::scenario::Plan;
use crate::trial::{Contrast, Estimate, Layout};

/// What the first and the last visit after baseline say about one outcome, or `None` where nothing was fitted.
///
/// A pair counts as different only if its adjusted p-value is below the plan's alpha; otherwise the sentence says that
/// the trial cannot tell, never that there is no difference.
pub fn sentence(plan: &Plan, layout: &Layout, analysis: &Analysis, outcome: usize) -> Option<String> {
    let mut fits = analysis.fits.iter().filter(|fit| fit.outcome == outcome);
    let first = fits.next()?;
    let speaker = Speaker { plan, layout, outcome };
    let mut text = speaker.visit(first)?;
    if let Some(last) = fits.next_back()
        && let Some(more) = speaker.visit(last)
    {
        text = format!("{text}; {more}");
    }
    let label = &layout.outcomes[outcome].label;
    Some(format!("{label}: {text}."))
}

/// What the words are about.
struct Speaker<'a> {
    plan: &'a Plan,
    layout: &'a Layout,
    outcome: usize,
}

impl Speaker<'_> {
    /// What one visit says: who differs and by how much, then who cannot be told apart.
    fn visit(&self, fit: &VisitFit) -> Option<String> {
        let at = self.layout.visits[fit.visit].label();
        let pairs: Vec<(Contrast, &Estimate)> = self.spoken(fit);
        if pairs.is_empty() {
            return None;
        }
        let (differ, same): (Vec<_>, Vec<_>) =
            pairs.into_iter().partition(|(_, estimate)| estimate.adjusted_p_value < self.plan.alpha);
        let mut clauses: Vec<String> =
            differ.iter().map(|(contrast, estimate)| self.difference(*contrast, estimate)).collect();
        clauses.extend(self.not_told_apart(&same));
        Some(format!("at {at} {}", join(&clauses)))
    }

    /// The contrasts that are put into words: those against the reference arm, or all if the plan has none.
    fn spoken<'b>(&self, fit: &'b VisitFit) -> Vec<(Contrast, &'b Estimate)> {
        let reference = self.layout.reference_arm();
        let fitted = || {
            let pairs = self.plan.contrasts.iter().zip(&fit.contrasts);
            pairs.filter_map(|(&contrast, estimate)| Some((contrast, estimate.as_ref().ok()?)))
        };
        let against_reference: Vec<_> = fitted().filter(|(contrast, _)| contrast.versus == reference).collect();
        if against_reference.is_empty() { fitted().collect() } else { against_reference }
    }

    /// A difference: `relaxation massage was 2.9 points better than usual care (95% interval 1.8 to 4.0)`.
    fn difference(&self, contrast: Contrast, estimate: &Estimate) -> String {
        let outcome = &self.layout.outcomes[self.outcome];
        let better = outcome.better.favours(estimate.value);
        let size = estimate.value.abs();
        // The interval is told in the direction of the words.
        let [low, high] =
            if estimate.value < 0.0 { [-estimate.upper, -estimate.lower] } else { [estimate.lower, estimate.upper] };
        let small = match outcome.meaningful {
            Some(meaningful) if size < meaningful => format!(", less than the {meaningful} points that matter"),
            _ => String::new(),
        };
        format!(
            "{} was {} points {} than {} ({} interval {} to {}{small})",
            self.arm(contrast.arm),
            fixed(size, 1),
            if better { "better" } else { "worse" },
            self.arm(contrast.versus),
            level(self.plan.alpha),
            fixed(low, 1),
            fixed(high, 1),
        )
    }

    /// `this trial cannot tell relaxation massage or structural massage from usual care`, one clause per arm compared with.
    fn not_told_apart(&self, pairs: &[(Contrast, &Estimate)]) -> Vec<String> {
        let mut versus: Vec<usize> = pairs.iter().map(|(contrast, _)| contrast.versus).collect();
        versus.dedup();
        let clause = |versus: usize| {
            let arms: Vec<String> = pairs
                .iter()
                .filter(|(contrast, _)| contrast.versus == versus)
                .map(|(contrast, _)| self.arm(contrast.arm))
                .collect();
            format!("this trial cannot tell {} from {}", any_of(&arms), self.arm(versus))
        };
        versus.into_iter().map(clause).collect()
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

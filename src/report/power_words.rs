//! Sentences on sample size and power: how many are needed, how sure that is, and whether the difference is worth finding.

use super::numbers::{amount, amount_that_matters, fixed};
use super::words::in_sentence;
use crate::numeric::distributions::normal_two_sided_quantile;
use crate::operating_characteristics::sample_size::{
    AllocationSearch, Answer, Assurance, Question, Recomputed, Search, Setting, ShareTried, Varied, true_difference,
};
use crate::scenario::Scenario;

/// A question that was put to a scenario.
#[derive(Debug, Clone, Copy)]
pub struct Asked<'a> {
    /// The scenario as it stands.
    pub scenario: &'a Scenario,
    /// The question.
    pub question: Question,
}

impl Asked<'_> {
    /// `relaxation massage better than usual care at week 52`.
    fn success(&self) -> String {
        let Question { visit, contrast, .. } = self.question;
        let visit = self.scenario.design.layout.visits[visit].label();
        format!("{} better than {} at {visit}", self.arm(contrast.arm), self.arm(contrast.versus))
    }

    /// A sentence that begins with what is measured.
    fn of_outcome(&self, sentence: &str) -> String {
        format!("{}: {sentence}", self.scenario.design.layout.outcomes[self.question.outcome].label)
    }

    fn arm(&self, arm: usize) -> String {
        in_sentence(&self.scenario.design.layout.arms[arm].label)
    }

    /// What makes a simulated trial a success, in one line.
    pub fn rule(&self) -> String {
        let alpha = self.scenario.plan.alpha;
        let p = if self.question.adjusted {
            format!("p after {} below {alpha}", self.scenario.plan.multiplicity.name())
        } else {
            format!("p below {alpha}")
        };
        format!("success: {p}, and {} is the better arm", self.arm(self.question.contrast.arm))
    }

    /// What is to be said of the true difference: that it favours the other arm, or is too small to matter; `None` where it is fine.
    pub fn warning(&self) -> Option<String> {
        let (plan, layout) = (&self.scenario.plan, &*self.scenario.design.layout);
        let Question { outcome, contrast, .. } = self.question;
        let about = &layout.outcomes[outcome];
        let difference = true_difference(self.scenario, self.question)?;
        let size = amount(&fixed(difference.abs(), 2), about);
        if !plan.better(layout, outcome)?.favours(difference) {
            return Some(format!(
                "The true difference, {size}, is not in favour of {}: hardly any trial can succeed, whatever its size.",
                self.arm(contrast.arm)
            ));
        }
        let meaningful = plan.meaningful(layout, outcome).filter(|&meaningful| difference.abs() < meaningful)?;
        Some(format!(
            "The true difference, {size}, is below the {}: a trial that finds it has found little.",
            amount_that_matters(meaningful, about)
        ))
    }
}

/// What a search found, in one sentence; `closed_form` is the answer of the formula where there is one.
pub fn found(asked: Asked<'_>, varied: &Varied, search: &Search, closed_form: Option<u64>, assured: bool) -> String {
    let (target, what) = (percent(search.goal.target), quantity(varied));
    let of_trials = if assured { "of trials, all uncertainty counted," } else { "of trials" };
    let shows = format!("{target} {of_trials} show {}", asked.success());
    let formula = closed_form.map(|value| format!(" The closed form, an approximation, says {value}."));
    let formula = formula.unwrap_or_default();
    asked.of_outcome(&match search.answer {
        Answer::Reached { value, interval: (low, high), is_precise, .. } => {
            let interval = match high {
                Some(high) => format!("95% interval {low} to {high}"),
                None => format!("95% interval from {low} on"),
            };
            let unsure = if is_precise { "" } else { "; more simulated trials would narrow that" };
            format!("with {} ({interval}{unsure}), {shows}.{formula}", what(value))
        }
        Answer::AtOnce { value } => {
            format!("with {}, the fewest there can be, more than {shows}.{formula}", what(value))
        }
        Answer::OutOfReach { value, is_certain } => {
            let power = search.point(value).map_or(0.0, |point| point.power());
            let name = if assured { "assurance" } else { "power" };
            let is = if is_certain { "is" } else { "may be" };
            let falls = higher_below(search, value).unwrap_or_default();
            format!(
                "{target} {is} out of reach up to {}, where {name} is {}.{falls}{formula}",
                what(value),
                fixed(power, 2)
            )
        }
        Answer::Unsettled { nearest } => {
            let name = if assured { "assurance" } else { "power" };
            let shown = search.point(nearest).map(|point| {
                let [low, high] = point.interval(normal_two_sided_quantile(0.05));
                let power = fixed(point.power(), 3);
                format!(" with {}, {name} is {power} (95% interval {} to {})", what(nearest), fixed(low, 3), fixed(high, 3))
            });
            format!(
                "{} simulated trials do not settle what reaches {target}:{}. More of them, by --replicates, may.{formula}",
                search.n_replicates,
                shown.unwrap_or_default()
            )
        }
    })
}

/// Whether a target is above what no size brings assurance beyond, chance counted.
pub fn exceeds_ceiling(assurance: &Assurance, target: f64) -> bool {
    assurance.ceiling.wilson(0.05).is_some_and(|[_, high]| target > high)
}

/// Why a target above the ceiling of assurance is not reached, in one sentence.
pub fn above_ceiling(asked: Asked<'_>, assurance: &Assurance, target: f64) -> String {
    asked.of_outcome(&format!(
        "{} exceeds the ceiling of {} (Monte Carlo error {}): no size reaches it, only another effect or surer priors.",
        percent(target),
        fixed(assurance.ceiling.share().unwrap_or(0.0), 3),
        fixed(assurance.ceiling.mcse().unwrap_or(0.0), 4)
    ))
}

/// Says so where some simulated trials had no estimate.
pub fn without_estimate(search: &Search) -> Option<String> {
    let none: u64 = search.points.iter().map(|point| point.tally.without_estimate).sum();
    (none > 0).then(|| {
        format!("{none} of {} simulated trials had no estimate; they count as no success.", search.n_replicates)
    })
}

/// Says so where power is higher at a smaller number than at the largest.
fn higher_below(search: &Search, largest: u64) -> Option<String> {
    let power = search.point(largest)?.power();
    let best = search.points.iter().max_by(|a, b| a.power().total_cmp(&b.power()))?;
    let falls = best.value < largest && best.power() > power + 3.0 * best.mcse();
    falls.then(|| format!(" It is higher with {}: {}.", best.value, fixed(best.power(), 2)))
}

/// What the numbers of a setting count, with the number: `107 participants per arm`.
fn quantity(varied: &Varied) -> impl Fn(u64) -> String {
    let equal = varied.base().scenario.design.per_arm.windows(2).all(|pair| pair[0] == pair[1]);
    let setting = varied.setting().clone();
    move |value| match &setting {
        Setting::PerArm if equal => format!("{value} participants per arm"),
        Setting::PerArm => format!("{value} participants per arm on average"),
        Setting::Total { .. } => format!("{value} participants"),
        Setting::Path(path) => format!("{path} = {value}"),
    }
}

/// What the share of the reference arm should be, in one sentence.
pub fn allocation(asked: Asked<'_>, found: &AllocationSearch) -> String {
    let reference = in_sentence(&asked.scenario.design.layout.arms[found.reference].label);
    let (Some(best), Some([low, high])) = (found.best(), found.nearly_best) else {
        let is_settled = !found.tried.iter().any(|tried| matches!(tried.search.answer, Answer::Unsettled { .. }));
        let more = if is_settled { "" } else { " More simulated trials, by --replicates, may tell." };
        return format!(
            "At the shares that were tried the target is not reached often enough to say which is best.{more}"
        );
    };
    let needed = |tried: &ShareTried| {
        let total = tried.search.answer.value().map(|total| total.to_string()).unwrap_or_default();
        format!(
            "{total} in all{}",
            interval(&tried.search).map(|own| format!(" (95% interval {own})")).unwrap_or_default()
        )
    };
    let own = match found.own() {
        Some(own) if own != best && own.search.answer.value().is_some() => {
            format!(", with the scenario's {} {},", percent(found.own_share), needed(own))
        }
        _ => String::new(),
    };
    asked.of_outcome(&format!(
        "with {} of the participants in {reference}, {}{own} are needed for {} of trials to show {}; any share from {} to {} needs at most 2% more than the best.",
        percent(best.share),
        needed(best),
        percent(best.search.goal.target),
        asked.success(),
        percent((100.0 * low).ceil() / 100.0),
        percent((100.0 * high).floor() / 100.0)
    ))
}

/// `103 to 108`; `None` where nothing was found that has two ends.
pub fn interval(search: &Search) -> Option<String> {
    match search.answer {
        Answer::Reached { interval: (low, Some(high)), .. } => Some(format!("{low} to {high}")),
        _ => None,
    }
}

/// What assurance is and why it is not more, in one sentence.
pub fn assurance(asked: Asked<'_>, assurance: &Assurance, as_written: f64) -> String {
    let ceiling = assurance.ceiling.share().unwrap_or(0.0);
    let most = if ceiling < 1.0 {
        format!(
            "No size brings it above {}, the chance that the effect is in that direction at all.",
            fixed(ceiling, 2)
        )
    } else {
        "In every draw the effect is in that direction, so that size alone limits it.".to_owned()
    };
    asked.of_outcome(&format!(
        "all uncertainty counted, the chance that the trial shows {} is {} (Monte Carlo error {}); were everything as it is written, {}. {most}",
        asked.success(),
        fixed(assurance.point.power(), 2),
        fixed(assurance.point.mcse(), 3),
        fixed(as_written, 2),
    ))
}

/// What became of a protocol's claims, in one sentence.
pub fn protocol(claims: &[Recomputed]) -> String {
    let stated: Vec<&Recomputed> = claims.iter().filter(|own| own.reproduces.is_some()).collect();
    let again = stated.iter().filter(|own| own.reproduces == Some(true)).count();
    let failing = stated.iter().filter(|own| own.reproduces == Some(false));
    let failing: Vec<String> = failing
        .map(|own| {
            format!(
                "the test of {} on {} gives {} where {} is stated",
                tested(own),
                own.claim.outcome,
                tenths(own.power),
                own.claim.claimed_as
            )
        })
        .collect();
    let rest = if failing.is_empty() { String::new() } else { format!("; {}", failing.join("; ")) };
    format!("{again} of the {} figures follow from the protocol's own assumptions{rest}.", stated.len())
}

/// Which test a claim is about.
pub fn tested(own: &Recomputed) -> &'static str {
    if own.claim.means.len() == 2 { "a pair of arms" } else { "all arms" }
}

/// A share in per cent with no more decimals than it has, two at most.
pub fn percent(share: f64) -> String {
    let number = fixed(100.0 * share, 2);
    format!("{}%", number.trim_end_matches('0').trim_end_matches('.'))
}

/// A share in tenths of a per cent.
pub fn tenths(share: f64) -> String {
    format!("{}%", fixed(100.0 * share, 1))
}

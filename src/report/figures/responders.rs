//! What the picture of responders shows: improvements counted participant by participant, with shares of everybody randomised.
//!
//! # Formula
//! The improvement of a participant is baseline − value where lower is better, value − baseline where higher is; its share is that over
//! |baseline|. The share of an arm at an improvement is the number of those with at least that much over the number randomised to the
//! arm, so that whoever has no improvement on record counts as no responder. Shares at the thresholds are counted by the rule of
//! responders ([`responds`]), with Wilson's interval.
//!
//! # References
//! Dworkin RH, et al. J Pain 2008;9:105-121. doi:10.1016/j.jpain.2007.09.005 (30 % as a moderate improvement). Wilson EB. JASA
//! 1927;22:209-212. doi:10.1080/01621459.1927.10502953.
//!
//! # Checked against
//! `tests/it/pictures_of_replicates.rs`: shares counted one by one.

use thiserror::Error;

use super::super::numbers::{amount, fixed, level, unit};
use super::super::words::{in_sentence, join};
use super::Analysed;
use crate::analysis::responds;
use crate::operating_characteristics::Proportion;
use crate::plots::Score;
use crate::plots::responders::{
    ArmResponses, ImprovementCurve, ImprovementScale, ResponderArm, RespondersAtVisit, RespondersNumbers,
    ShareWithInterval, Threshold,
};
use crate::scenario::{ImprovedBy, Responder};
use crate::trial::{Direction, OutcomeKind};

/// The share of the baseline that counts as a moderate improvement.
const MODERATE: f64 = 0.3;
/// Improvements in per cent of the baseline below this are not shown: worsening has no bound.
const LEAST_PERCENT: f64 = -100.0;
/// Improvements nearer to each other than this are the same, apart by rounding alone.
const ROUNDING: f64 = 1e-9;

/// Why an outcome has no improvements to be drawn.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum NoResponders {
    /// It is yes or no, or a level.
    #[error(
        "{0} is recorded in words; improvement in points is drawn of scores and counts: name one of them with --outcome"
    )]
    InWords(String),
    /// It has no baseline.
    #[error("{0} is not recorded at baseline, from which improvement is counted: name another outcome with --outcome")]
    NoBaseline(String),
    /// Nobody said which way is better.
    #[error("nobody said which way {0} is better: add better = \"lower\" or \"higher\" to it in the file of --columns")]
    NoDirection(String),
}

/// Shares of each arm over improvements of an outcome at visits (positions in the layout, after baseline).
///
/// # Errors
/// Why there are no improvements.
pub fn responders(trial: Analysed, outcome: usize, visits: &[usize]) -> Result<RespondersNumbers, NoResponders> {
    let layout = trial.layout();
    let about = &layout.outcomes[outcome];
    let label = || about.label.clone();
    if !matches!(about.kind, OutcomeKind::Score | OutcomeKind::Count) {
        return Err(NoResponders::InWords(label()));
    }
    if !about.at_baseline {
        return Err(NoResponders::NoBaseline(label()));
    }
    let better = about.better.ok_or_else(|| NoResponders::NoDirection(label()))?;
    let counted = Counted { trial, outcome, better };
    let mut at_visits: Vec<RespondersAtVisit> = Vec::new();
    for &visit in visits {
        let arms = (0..layout.arms.len()).map(|arm| counted.arm(arm, visit)).collect();
        at_visits.push(RespondersAtVisit { label: layout.visits[visit].label(), arms });
    }
    let scales = counted.scales(&at_visits);
    Ok(RespondersNumbers {
        title: title(trial, outcome, &scales, &at_visits),
        // Of the score as it was recorded, whatever the plan makes of it.
        score: Score { label: label(), unit: unit(about).to_owned(), range: about.range, better: about.better },
        arms: (layout.arms.iter())
            .map(|arm| ResponderArm { label: arm.label.clone(), reference: arm.reference })
            .collect(),
        interval: format!("{} intervals", level(trial.plan.alpha)),
        scales,
        visits: at_visits,
        footnote: counted.footnote(),
        simulated: trial.scenario.is_some(),
    })
}

/// Improvements of one outcome.
struct Counted<'a> {
    trial: Analysed<'a>,
    outcome: usize,
    better: Direction,
}

impl Counted<'_> {
    fn baseline_of_nothing(&self) -> usize {
        let outcome = &self.trial.data.outcomes[self.outcome];
        (0..self.trial.data.n_participants()).filter(|&person| outcome.value(person, 0) == Some(0.0)).count()
    }

    fn meaningful(&self) -> Option<f64> {
        self.trial.layout().outcomes[self.outcome].meaningful.map(f64::abs)
    }

    /// Baseline and value of those of an arm who have both.
    fn pairs(&self, arm: usize, visit: usize) -> Vec<(f64, f64)> {
        let data = self.trial.data;
        let outcome = &data.outcomes[self.outcome];
        let of_arm = (0..data.n_participants()).filter(|&person| usize::from(data.arm[person]) == arm);
        of_arm.filter_map(|person| Some((outcome.value(person, 0)?, outcome.value(person, visit)?))).collect()
    }

    fn arm(&self, arm: usize, visit: usize) -> ArmResponses {
        let n = self.trial.data.arm.iter().filter(|&&own| usize::from(own) == arm).count();
        let pairs = self.pairs(arm, visit);
        let improvement = |&(baseline, value): &(f64, f64)| (value - baseline) * self.better.sign();
        let of_baseline = |pair: &(f64, f64)| (pair.0 != 0.0).then(|| 100.0 * improvement(pair) / pair.0.abs());
        let at = |improved_by: ImprovedBy| self.share(&pairs, n, improved_by);
        let points = ImprovementCurve {
            steps: steps(pairs.iter().map(improvement).collect(), n),
            at_threshold: self.meaningful().and_then(|points| at(ImprovedBy::Points(points))),
        };
        let percent = ImprovementCurve {
            steps: steps(pairs.iter().filter_map(of_baseline).collect(), n),
            at_threshold: at(ImprovedBy::Share(MODERATE)),
        };
        ArmResponses { n, missing: n - pairs.len(), curves: vec![points, percent] }
    }

    /// The share of `n` who improved by at least so much.
    fn share(&self, pairs: &[(f64, f64)], n: usize, improved_by: ImprovedBy) -> Option<ShareWithInterval> {
        let rule = Responder { improved_by, missing_is_no: true };
        let hits = pairs.iter().filter(|(from, to)| responds(rule, self.better, *from, *to) == Some(true)).count();
        let own = Proportion { hits: hits as u64, of: n as u64 };
        let [lower, upper] = own.wilson(self.trial.plan.alpha)?;
        Some(ShareWithInterval { share: own.share()?, lower, upper })
    }

    fn scales(&self, visits: &[RespondersAtVisit]) -> Vec<ImprovementScale> {
        let about = &self.trial.layout().outcomes[self.outcome];
        let shown = |place: usize, threshold: Option<f64>| {
            let curves = visits.iter().flat_map(|visit| &visit.arms).filter_map(|arm| arm.curves.get(place));
            let improvements = curves.flat_map(|curve| &curve.steps).map(|(improvement, _)| *improvement);
            let all = improvements.chain(threshold).chain([0.0]);
            let (low, high) = all.fold((0.0, 0.0), |(low, high): (f64, f64), own| (low.min(own), high.max(own)));
            [low, if high > low { high } else { low + 1.0 }]
        };
        let meaningful = self.meaningful();
        let points = ImprovementScale {
            unit: unit(about).to_owned(),
            threshold: meaningful
                .map(|points| Threshold { improvement: points, label: amount(&points.to_string(), about) }),
            shown: shown(0, meaningful),
        };
        let [low, high] = shown(1, Some(100.0 * MODERATE));
        let percent = ImprovementScale {
            unit: "% of own baseline".to_owned(),
            threshold: Some(Threshold {
                improvement: 100.0 * MODERATE,
                label: format!("{}%", fixed(100.0 * MODERATE, 0)),
            }),
            shown: [low.max(LEAST_PERCENT), high],
        };
        vec![points, percent]
    }

    /// Where the threshold comes from, and who cannot improve by a share.
    fn footnote(&self) -> Option<String> {
        let about = &self.trial.layout().outcomes[self.outcome];
        let source = about.meaningful_source.as_ref().filter(|_| about.meaningful.is_some());
        let source = source.map(|source| {
            format!("{} matter: {source}.", {
                let points = about.meaningful.map(f64::abs).unwrap_or_default();
                amount(&points.to_string(), about)
            })
        });
        let nothing = self.baseline_of_nothing();
        let nothing = (nothing > 0).then(|| {
            format!(
                "{nothing} with a baseline of 0 have no share of it to improve by, and count as no responders there."
            )
        });
        let parts: Vec<String> = [source, nothing].into_iter().flatten().collect();
        (!parts.is_empty()).then(|| parts.join(" "))
    }
}

/// The share of `n` with at least each improvement that somebody had, ascending.
fn steps(mut improvements: Vec<f64>, n: usize) -> Vec<(f64, f64)> {
    improvements.sort_by(f64::total_cmp);
    let mut steps: Vec<(f64, f64)> = Vec::new();
    for (place, &improvement) in improvements.iter().enumerate() {
        if steps.last().is_some_and(|(before, _)| improvement - before <= ROUNDING * before.abs().max(1.0)) {
            continue;
        }
        steps.push((improvement, (improvements.len() - place) as f64 / n.max(1) as f64));
    }
    steps
}

/// The shares at the meaningful difference, else at 30 %, at the first visit; of many arms the least and the largest.
fn title(trial: Analysed, outcome: usize, scales: &[ImprovementScale], visits: &[RespondersAtVisit]) -> String {
    let layout = trial.layout();
    let label = &layout.outcomes[outcome].label;
    let scale = scales.iter().position(|scale| scale.threshold.is_some());
    let found = scale.zip(visits.first()).and_then(|(place, visit)| {
        let threshold = scales[place].threshold.as_ref()?;
        let share = |arm: &ArmResponses| Some(arm.curves.get(place)?.at_threshold?.share);
        let shares: Vec<(String, f64)> = (layout.arms.iter().zip(&visit.arms))
            .filter_map(|(arm, own)| Some((in_sentence(&arm.label), share(own)?)))
            .collect();
        Some((threshold, visit, shares))
    });
    let Some((threshold, visit, shares)) = found else { return format!("{label}: improvement by arm") };
    let percent = |share: f64| format!("{}%", fixed(100.0 * share, 0));
    let in_arm = |(arm, share): &(String, f64)| format!("{} ({arm})", percent(*share));
    let clause = match shares.as_slice() {
        [] => return format!("{label}: improvement by arm"),
        few if few.len() <= 3 => join(&few.iter().map(in_arm).collect::<Vec<_>>()),
        many => {
            let least = many.iter().min_by(|a, b| a.1.total_cmp(&b.1));
            let most = many.iter().max_by(|a, b| a.1.total_cmp(&b.1));
            let ends: Vec<String> = least.into_iter().chain(most).map(in_arm).collect();
            format!("from {}", ends.join(" to "))
        }
    };
    let verb = if shares.len() > 3 { "runs" } else { "is" };
    format!("{label}: at {} the share that improved by at least {} {verb} {clause}", visit.label, threshold.label)
}

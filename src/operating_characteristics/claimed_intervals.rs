//! The interval of every replicate beside the true value that it claims to hold: what coverage is counted from.
//!
//! # References
//! Morris TP, White IR, Crowther MJ. Using simulation studies to evaluate statistical methods. Stat Med 2019;38:2074-2102.
//! doi:10.1002/sim.8086 (coverage; zip plot).
//!
//! # Checked against
//! `tests/it/pictures_of_replicates.rs`: the coverage of an evaluation, and kept records beside simulated replicates.

use std::ops::Range;

use super::proportion::Proportion;
use super::record::RecordReader;
use super::replicates::run;
use super::store::{Store, StoreError};
use super::truth::ClaimedTruth;
use crate::analysis::Analysis;
use crate::scenario::{Plan, Scenario};
use crate::trial::{Contrast, Estimate, Layout};

/// The estimate of one replicate with its interval, on the scale of the estimates.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ReplicateInterval {
    /// The estimate.
    pub value: f64,
    /// Its standard error.
    pub std_error: f64,
    /// Lower end of its interval.
    pub lower: f64,
    /// Upper end of its interval.
    pub upper: f64,
}

impl From<Estimate> for ReplicateInterval {
    fn from(own: Estimate) -> Self {
        Self { value: own.value, std_error: own.std_error, lower: own.lower, upper: own.upper }
    }
}

impl ReplicateInterval {
    /// Whether it holds a value.
    pub fn covers(&self, value: f64) -> bool {
        self.lower <= value && value <= self.upper
    }

    /// How many standard errors the estimate is away from a value, either way; infinite without a standard error above 0.
    pub fn distance(&self, value: f64) -> f64 {
        let z = ((self.value - value) / self.std_error).abs();
        if z.is_nan() { f64::INFINITY } else { z }
    }
}

/// The intervals of one analysis of a plan about one contrast at one visit.
#[derive(Debug, Clone, PartialEq)]
pub struct ClaimedIntervals {
    /// Position among the plan's sensitivity analyses; `None` for the main analysis.
    pub sensitivity: Option<usize>,
    /// Position of the visit.
    pub visit: usize,
    /// The true value, on the scale of the estimates; `None` where none is known.
    pub truth: Option<f64>,
    /// One per replicate with an estimate, in their order.
    pub intervals: Vec<ReplicateInterval>,
    /// Replicates without one.
    pub without_estimate: u64,
}

impl ClaimedIntervals {
    /// How many of the intervals hold the true value; `None` where that is not known.
    pub fn coverage(&self) -> Option<Proportion> {
        let truth = self.truth?;
        let hits = self.intervals.iter().filter(|own| own.covers(truth)).count();
        Some(Proportion { hits: hits as u64, of: self.intervals.len() as u64 })
    }
}

/// Which intervals are wanted: one contrast of one outcome, either way round, at some visits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct IntervalsOf<'a> {
    /// Position of the outcome.
    pub outcome: usize,
    /// The contrast.
    pub contrast: Contrast,
    /// Positions of the visits.
    pub visits: &'a [usize],
}

/// The intervals in replicates of a scenario, of the main analysis and of each sensitivity analysis that has them, by analysis and visit.
pub fn claimed_intervals(
    scenario: &Scenario,
    truth: &ClaimedTruth,
    asked: IntervalsOf<'_>,
    replicates: Range<u64>,
) -> Vec<ClaimedIntervals> {
    let (plan, layout) = (&scenario.plan, &*scenario.design.layout);
    let places = places(plan, layout, truth, asked);
    let rows = run(
        scenario,
        replicates,
        |rows: &mut Vec<Option<ReplicateInterval>>, _, _, analysis| observe(&places, plan, asked, analysis, rows),
        |mut own, mut other| {
            own.append(&mut other);
            own
        },
    );
    sorted(&places, &rows)
}

/// The same from kept records; `scenario` is that of the records.
///
/// # Errors
/// See [`StoreError`].
pub fn kept_intervals(
    store: &Store,
    scenario: &Scenario,
    truth: &ClaimedTruth,
    asked: IntervalsOf<'_>,
) -> Result<Vec<ClaimedIntervals>, StoreError> {
    let (plan, layout) = (&scenario.plan, &*scenario.design.layout);
    let places = places(plan, layout, truth, asked);
    let mut reader = RecordReader::new(plan, layout);
    let mut rows = Vec::new();
    for chunk in store.chunks() {
        let chunk = chunk?;
        for record in chunk.values.chunks_exact(chunk.n_columns.max(1)) {
            observe(&places, plan, asked, reader.read(plan, record), &mut rows);
        }
    }
    Ok(sorted(&places, &rows))
}

/// Where intervals stand in an analysis.
struct Place {
    sensitivity: Option<usize>,
    visit: usize,
    truth: Option<f64>,
}

/// The places of what is asked for, with their true values.
fn places(plan: &Plan, layout: &Layout, truth: &ClaimedTruth, asked: IntervalsOf<'_>) -> Vec<Place> {
    let mut places = places_of(plan, layout, truth, asked, None);
    for (position, (own, truth)) in plan.sensitivity.iter().zip(&truth.sensitivity).enumerate() {
        places.extend(places_of(own, layout, truth, asked, Some(position)));
    }
    places
}

fn places_of(
    plan: &Plan,
    layout: &Layout,
    truth: &ClaimedTruth,
    asked: IntervalsOf<'_>,
    sensitivity: Option<usize>,
) -> Vec<Place> {
    let reversed = asked.contrast.reversed();
    let Some(position) = plan.contrasts.iter().position(|&own| own == asked.contrast || own == reversed) else {
        return Vec::new();
    };
    let sign = if plan.contrasts[position] == asked.contrast { 1.0 } else { -1.0 };
    let empty = Analysis::empty(plan, layout);
    let fits = empty.fits.iter().enumerate().filter(|(_, fit)| fit.outcome == asked.outcome);
    fits.filter(|(_, fit)| asked.visits.contains(&fit.visit))
        .map(|(fit, about)| {
            let claimed = truth.fits.get(fit).and_then(|fit| fit.get(position));
            let truth = claimed.and_then(|own| own.value).map(|value| sign * value);
            Place { sensitivity, visit: about.visit, truth }
        })
        .collect()
}

/// Appends one row: an entry per place.
fn observe(
    places: &[Place],
    plan: &Plan,
    asked: IntervalsOf<'_>,
    analysis: &Analysis,
    rows: &mut Vec<Option<ReplicateInterval>>,
) {
    for place in places {
        let of = place
            .sensitivity
            .map_or(Some((plan, analysis)), |own| Some((plan.sensitivity.get(own)?, analysis.sensitivity.get(own)?)));
        let estimate = of.and_then(|(plan, analysis)| {
            analysis.fit(asked.outcome, place.visit)?.estimate_of(plan, asked.contrast)?.ok()
        });
        rows.push(estimate.map(ReplicateInterval::from));
    }
}

/// The rows by place.
fn sorted(places: &[Place], rows: &[Option<ReplicateInterval>]) -> Vec<ClaimedIntervals> {
    let of = |(position, place): (usize, &Place)| {
        let own = || rows.iter().skip(position).step_by(places.len().max(1));
        let intervals: Vec<ReplicateInterval> = own().filter_map(|row| *row).collect();
        let without_estimate = own().filter(|row| row.is_none()).count() as u64;
        ClaimedIntervals {
            sensitivity: place.sensitivity,
            visit: place.visit,
            truth: place.truth,
            intervals,
            without_estimate,
        }
    };
    places.iter().enumerate().map(of).collect()
}

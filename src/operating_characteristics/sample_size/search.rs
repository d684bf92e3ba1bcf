//! The smallest whole number at which a share of simulated trials reaches a target, with an interval: a sequential search.
//!
//! # Method
//! Trials are simulated in batches, every batch with replicates of its own, so that all trials are independent. Where power is near
//! the target its Φ⁻¹ is nearly straight in the root of the number (for a normal estimate exactly so), and a probit line is fitted
//! by maximum likelihood to the counts there. The next batch goes to where the line crosses the target, or [`SPREAD`] of its
//! Φ⁻¹ to either side, whichever has had fewest trials; numbers are rounded so that batches meet again at the same places. It ends
//! when Fieller's interval of the crossing is as narrow as asked, or the trials are used up. The width is looked at seldom, after as
//! many trials as were missing at the last look: looking after every batch would end too often where it is narrow by chance.
//! Before there is a line, or where it leads far away, steps lead there by the curve that a normal estimate would have.
//!
//! Only places near the target count, nearer ones as there are more ([`NEAR`]), so that it does not matter how the curve runs elsewhere.
//! All trials of a place count, whenever they were simulated. In searches of curves that are known, intervals of 95 % hold the truth
//! in 94 to 95 % of searches, and more often where sizes are small and rounded up.
//!
//! # References
//! Finney DJ. Probit analysis, 3rd ed., Cambridge 1971. Wu CFJ. Efficient sequential designs with binary data. J Am Stat Assoc
//! 1985;80:974-984 (the next trials where the fitted curve crosses the target).
//!
//! # Checked against
//! `tests/it/independent/power.rs`: designs with a closed form, and how often intervals hold its answer.

use std::ops::{Range, RangeInclusive};

use crate::numeric::distributions::{normal_cdf, normal_quantile, normal_two_sided_quantile};
use crate::numeric::elementary::{log10, powf};
use crate::numeric::probit_line::{Counted, ProbitLine};

use super::Tally;

/// What a search is after, and how hard it tries.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Goal {
    /// The share of trials that succeed, above 0 and below 1.
    pub target: f64,
    /// Half the width of the interval at which the search is content, as a share of the number.
    pub precision: f64,
    /// Two-sided level of the interval is 1 − this.
    pub alpha: f64,
    /// Trials to be simulated at most.
    pub most_replicates: u64,
}

impl Goal {
    /// A target reached within an interval of 95 % that goes 2.5 % to either side, or 50,000 trials.
    pub fn reach(target: f64) -> Self {
        Self { target, precision: 0.025, alpha: 0.05, most_replicates: 50_000 }
    }

    fn height(&self) -> f64 {
        normal_quantile(self.target)
    }

    fn q(&self) -> f64 {
        normal_two_sided_quantile(self.alpha)
    }
}

/// All trials with one number.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct PowerPoint {
    /// The number.
    pub value: u64,
    /// The trials.
    pub tally: Tally,
    /// By how much the variance of the count is larger than that of independent trials.
    pub inflation: f64,
    /// Power by the fitted line, where the point is one of those it was fitted to.
    pub fitted: Option<f64>,
}

impl PowerPoint {
    /// Share of trials that succeed.
    pub fn power(&self) -> f64 {
        self.tally.successes.share().unwrap_or(0.0)
    }

    /// Monte Carlo standard error of that share.
    pub fn mcse(&self) -> f64 {
        self.tally.successes.mcse().unwrap_or(0.0) * self.inflation.sqrt()
    }

    /// Wilson's interval of the share, with `q` standard errors to each side.
    pub fn interval(&self, q: f64) -> [f64; 2] {
        let n = self.tally.successes.of as f64 / self.inflation;
        let (p, q2) = (self.power(), q * q / n);
        let middle = (p + 0.5 * q2) / (1.0 + q2);
        let half = (p * (1.0 - p) / n + 0.25 * q2 / n).sqrt() * q / (1.0 + q2);
        // At 0 and 1 rounding would leave an end just inside.
        [if p > 0.0 { middle - half } else { 0.0 }, if p < 1.0 { middle + half } else { 1.0 }]
    }

    /// How near its power can be said to be, in the scale of Φ⁻¹; a count of none or all is taken half a trial away from it.
    fn height(&self) -> f64 {
        let n = self.tally.successes.of as f64;
        normal_quantile((self.tally.successes.hits as f64).clamp(0.5, n - 0.5) / n)
    }

    fn x(&self) -> f64 {
        (self.value as f64).sqrt()
    }

    fn counted(&self) -> Counted {
        let successes = self.tally.successes;
        let part = |count: u64| count as f64 / self.inflation;
        Counted { x: self.x(), hits: part(successes.hits), of: part(successes.of) }
    }
}

/// What a search found.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Answer {
    /// The target is reached at a number.
    Reached {
        /// The smallest number at which it is, as far as simulation can tell.
        value: u64,
        /// Ends of its interval; no upper one where that lies beyond the numbers that were allowed, or is not known.
        interval: (u64, Option<u64>),
        /// Its Monte Carlo standard error, before rounding up.
        std_error: f64,
        /// Whether the interval is as narrow as asked.
        is_precise: bool,
    },
    /// The target is reached already at the smallest number that there can be.
    AtOnce {
        /// That number.
        value: u64,
    },
    /// The target is not reached at the largest number allowed, which was tried.
    OutOfReach {
        /// That number.
        value: u64,
        /// Whether the power there is below the target beyond chance, instead of too near to tell.
        is_certain: bool,
    },
    /// The trials were used up before anything could be said: more of them may find a number, or that there is none.
    Unsettled {
        /// The number tried whose power is nearest to the target.
        nearest: u64,
    },
}

impl Answer {
    /// The number, if one reaches the target.
    pub fn value(&self) -> Option<u64> {
        match *self {
            Self::Reached { value, .. } | Self::AtOnce { value } => Some(value),
            Self::OutOfReach { .. } | Self::Unsettled { .. } => None,
        }
    }
}

/// A search that has ended.
#[derive(Debug, Clone, PartialEq)]
pub struct Search {
    /// What it was after.
    pub goal: Goal,
    /// What it found.
    pub answer: Answer,
    /// Every number that was tried, ascending.
    pub points: Vec<PowerPoint>,
    /// The line through the points near the target, in the root of the number.
    pub line: Option<ProbitLine>,
    /// Trials simulated.
    pub n_replicates: u64,
}

impl Search {
    /// The point at a number, if it was tried.
    pub fn point(&self, value: u64) -> Option<&PowerPoint> {
        self.points.iter().find(|point| point.value == value)
    }
}

/// How far from the target, in the scale of Φ⁻¹, places count, if those within determine a line: nearer ones alone are better.
pub const NEAR: [f64; 3] = [1.5, 0.75, 0.3];

/// How far from the target trials are placed, in the scale of Φ⁻¹: near enough for a straight line, and far enough to know its slope.
pub const SPREAD: f64 = 0.15;

/// Where the curve is so flat that this would be far away in the root of the number, as a share of it: no further than this, and
/// twice as far for places to count.
const FLAT: f64 = 0.15;

/// How far from the target a place is looked for that together with one at the target gives a first line.
const FIRST_SPREAD: f64 = 0.6;

/// Trials of a batch: until there is a line, and later.
const FIRST_BATCH: u64 = 512;
const BATCH: u64 = 1024;

/// Trials between two looks at the interval: as a share of those that there are, at least; and at most.
const LEAST_MORE: f64 = 0.25;
const MOST_MORE: u64 = 6144;

/// Batches are whole blocks of replicates.
const UNIT: u64 = crate::operating_characteristics::BLOCK;

/// Finds the smallest number in a range at which the share of successes, rising with it, reaches the target. Starts at `start`; `run`
/// simulates a range of replicates with a number and says how much larger than that of independent trials the variance is.
///
/// # Errors
/// Those of `run`.
pub fn search<E>(
    goal: Goal,
    range: RangeInclusive<u64>,
    start: u64,
    run: impl FnMut(u64, Range<u64>) -> Result<(Tally, f64), E>,
) -> Result<Search, E> {
    let mut seeker = Seeker { goal, range, run, points: Vec::new(), n_replicates: 0, next_look: 0 };
    let mut next = Batch { value: start.clamp(*seeker.range.start(), *seeker.range.end()), replicates: FIRST_BATCH };
    loop {
        seeker.simulate(next)?;
        match seeker.judge() {
            Verdict::Go(batch) => next = batch,
            Verdict::Done(answer, near) => return Ok(seeker.finish(answer, near)),
        }
    }
}

/// Trials to be simulated next.
#[derive(Debug, Clone, Copy)]
struct Batch {
    value: u64,
    replicates: u64,
}

/// What to do after a batch.
enum Verdict {
    Go(Batch),
    Done(Answer, Option<Near>),
}

/// The line through the places near the target.
#[derive(Debug, Clone, Copy)]
struct Near {
    line: ProbitLine,
    /// How far from the target places count.
    within: f64,
}

struct Seeker<F> {
    goal: Goal,
    range: RangeInclusive<u64>,
    run: F,
    points: Vec<PowerPoint>,
    n_replicates: u64,
    /// Trials after which the width of the interval is looked at again.
    next_look: u64,
}

impl<E, F: FnMut(u64, Range<u64>) -> Result<(Tally, f64), E>> Seeker<F> {
    fn simulate(&mut self, batch: Batch) -> Result<(), E> {
        let first = self.n_replicates;
        let (tally, inflation) = (self.run)(batch.value, first..first + batch.replicates)?;
        self.n_replicates += batch.replicates;
        match self.points.binary_search_by_key(&batch.value, |point| point.value) {
            Ok(position) => {
                let point = &mut self.points[position];
                let [before, now] = [&point.tally, &tally].map(|tally| tally.successes.of as f64);
                point.inflation = (before * point.inflation + now * inflation) / (before + now);
                point.tally = point.tally.merge(tally);
            }
            Err(position) => {
                self.points.insert(position, PowerPoint { value: batch.value, tally, inflation, fitted: None });
            }
        }
        Ok(())
    }

    /// Trials that may still be simulated, in whole blocks.
    fn left(&self) -> u64 {
        self.goal.most_replicates.saturating_sub(self.n_replicates) / UNIT * UNIT
    }

    /// Looks at all that is known.
    fn judge(&mut self) -> Verdict {
        if let Some(answer) = self.without_a_line() {
            return Verdict::Done(answer, self.near());
        }
        let near = self.near();
        let left = self.left();
        let Some(known) = near else {
            if left == 0 {
                return Verdict::Done(self.unknown(), None);
            }
            return Verdict::Go(Batch { value: self.step(), replicates: FIRST_BATCH.min(left) });
        };
        let place = Place::of(&known.line, &self.goal);
        let is_known = self.is_within_what_was_tried(place.x) && place.interval.is_some();
        let looks = self.n_replicates >= self.next_look;
        let is_precise = is_known && looks && place.is_precise(&self.goal);
        let last = *self.range.end();
        let has_last_to_try = whole(place.x) > last && !self.was_tried(last);
        if is_precise && !has_last_to_try || left == 0 {
            return Verdict::Done(self.reached(&place, is_precise || is_known && place.is_precise(&self.goal)), near);
        }
        if is_precise {
            // Nothing is said to be out of reach before the last number was tried.
            return Verdict::Go(Batch { value: last, replicates: FIRST_BATCH.min(left) });
        }
        if !is_known {
            return Verdict::Go(Batch { value: self.towards(&place), replicates: FIRST_BATCH.min(left) });
        }
        if looks {
            self.next_look = self.n_replicates + self.missing(&known, &place);
        }
        let replicates = (self.next_look - self.n_replicates).min(BATCH).min(left);
        Verdict::Go(Batch { value: self.next_near(&known.line, &place), replicates })
    }

    /// The answer that needs no line: the range ends before power does what it should, or two neighbours are on either side.
    fn without_a_line(&self) -> Option<Answer> {
        let (least, most) = (*self.range.start(), *self.range.end());
        let point = |value: u64| self.points.iter().find(|point| point.value == value);
        if let Some(point) = point(most)
            && point.interval(CERTAIN)[1] < self.goal.target
        {
            return Some(Answer::OutOfReach { value: most, is_certain: true });
        }
        if let Some(point) = point(least)
            && point.interval(CERTAIN)[0] > self.goal.target
        {
            return Some(Answer::AtOnce { value: least });
        }
        match self.bracket() {
            // One number apart: nothing is left to be found.
            (Some(below), Some(above)) if above == below + 1 => {
                Some(Answer::Reached { value: above, interval: (above, Some(above)), std_error: 0.0, is_precise: true })
            }
            _ => None,
        }
    }

    /// What can be said where no line was found with all trials.
    fn unknown(&self) -> Answer {
        let (below, above) = self.bracket();
        match above {
            Some(above) => Answer::Reached {
                value: above,
                interval: (below.map_or(*self.range.start(), |below| below + 1), Some(above)),
                std_error: f64::INFINITY,
                is_precise: false,
            },
            None => self.unsettled(),
        }
    }

    /// The answer that there is none yet.
    fn unsettled(&self) -> Answer {
        Answer::Unsettled { nearest: self.nearest().map_or(*self.range.start(), |point| point.value) }
    }

    /// The point whose power is nearest to the target.
    fn nearest(&self) -> Option<&PowerPoint> {
        let height = self.goal.height();
        let distance = |point: &PowerPoint| (point.height() - height).abs();
        self.points.iter().min_by(|a, b| distance(a).total_cmp(&distance(b)))
    }

    /// The largest number with which power is below the target beyond doubt, and the smallest above that with which it is not below.
    fn bracket(&self) -> (Option<u64>, Option<u64>) {
        let below = self.points.iter().rfind(|point| point.interval(CERTAIN)[1] < self.goal.target);
        let below = below.map(|point| point.value);
        let is_above = |point: &&PowerPoint| point.interval(CERTAIN)[0] > self.goal.target && Some(point.value) > below;
        (below, self.points.iter().find(is_above).map(|point| point.value))
    }

    /// The line through the places near the target, by what they show and then by what the line says of them.
    fn near(&self) -> Option<Near> {
        let height = self.goal.height();
        let [far, nearer @ ..] = NEAR;
        let mut line = self.fit(|point| (point.height() - height).abs() <= far)?;
        let mut within = far;
        for narrower in nearer {
            let near = Near { line, within: narrower };
            let Some(narrow) = self.fit(|point| self.counts(&near, point)) else { break };
            (line, within) = (narrow, narrower);
        }
        Some(Near { line, within })
    }

    /// A line that certainly rises, through some of the points.
    fn fit(&self, is_in: impl Fn(&PowerPoint) -> bool) -> Option<ProbitLine> {
        let counted: Vec<Counted> = self.points.iter().filter(|point| is_in(point)).map(PowerPoint::counted).collect();
        if counted.len() < 2 {
            return None;
        }
        ProbitLine::fit(&counted).filter(|line| line.steepness() > STEEP)
    }

    /// Whether a place lies between numbers that were tried, or at an end of the range.
    fn is_within_what_was_tried(&self, x: f64) -> bool {
        let [Some(first), Some(last)] = [self.points.first(), self.points.last()] else { return false };
        let slack = 1.0 + 0.5 * SPREAD;
        first.x() <= x * slack && x <= last.x() * slack
    }

    /// Where to go while there is no line: inside what is known to hold the answer, or outwards from what was tried.
    fn step(&self) -> u64 {
        let (least, most) = (*self.range.start(), *self.range.end());
        let [Some(first), Some(last)] = [self.points.first(), self.points.last()] else { return least };
        let wanted = self.by_the_usual_curve();
        // Steps outwards are the longer the more were in vain.
        let growth = 1.0 + 0.25 * (self.points.len() - 1) as f64;
        let up = wanted.max(last.value as f64 * growth).ceil().min(most as f64) as u64;
        let down = wanted.min(first.value as f64 / growth).floor().max(least as f64) as u64;
        match self.bracket() {
            (Some(below), Some(above)) => {
                let is_inside = |value: u64| below < value && value < above;
                let middle = below + (above - below) / 2;
                let value = Some(wanted.round() as u64).filter(|&value| is_inside(value) && !self.was_tried(value));
                value.unwrap_or(middle)
            }
            (Some(_), None) => up,
            (None, Some(_)) => down,
            (None, None) if last.value < most && (self.points.len() % 2 == 1 || first.value == least) => up,
            (None, None) if first.value > least => down,
            // Everything was tried: more of the ends, between which the curve rises most.
            (None, None) => {
                if first.tally.successes.of < last.tally.successes.of {
                    least
                } else {
                    most
                }
            }
        }
    }

    /// A step from the point that is nearest to the target, by the curve of a normal estimate whose power at 0 is alpha / 2.
    fn by_the_usual_curve(&self) -> f64 {
        let height = self.goal.height();
        let Some(nearest) = self.nearest() else { return *self.range.start() as f64 };
        // From where the target is already, to the other side, so that there is a line between both.
        let beyond = if (nearest.height() - height).abs() <= FIRST_SPREAD { FIRST_SPREAD } else { 0.0 };
        let aim = if nearest.height() < height { height + beyond } else { height - beyond };
        let factor = (aim + NOTHING).max(0.1) / (nearest.height() + NOTHING).max(0.1);
        nearest.value as f64 * (factor * factor).clamp(1.0 / FARTHEST, FARTHEST)
    }

    fn was_tried(&self, value: u64) -> bool {
        self.points.iter().any(|point| point.value == value)
    }

    /// A number towards a place that lies outside what was tried, not too far at once.
    fn towards(&self, place: &Place) -> u64 {
        let [Some(first), Some(last)] = [self.points.first(), self.points.last()] else { return *self.range.start() };
        let wanted = place.x.max(0.0).powi(2).clamp(first.value as f64 / FARTHEST, last.value as f64 * FARTHEST);
        (wanted.round() as u64).clamp(*self.range.start(), *self.range.end())
    }

    /// Where the next batch tells most: the crossing or a place to either side, whichever has had fewest trials.
    fn next_near(&self, line: &ProbitLine, place: &Place) -> u64 {
        let (least, most) = (*self.range.start() as f64, *self.range.end() as f64);
        let step = round_step(place.x * place.x);
        let reach = (SPREAD / line.slope()).min(FLAT * place.x);
        let rounded = |x: f64| {
            let value = x.max(0.0).powi(2);
            (((value / step).round() * step).clamp(least, most)) as u64
        };
        let mut places = [place.x, place.x - reach, place.x + reach].map(rounded);
        if places.iter().all(|&value| value == places[0]) {
            places[1] = places[0].saturating_sub(1).max(*self.range.start());
            places[2] = (places[0] + 1).min(*self.range.end());
        }
        let tried =
            |value: u64| self.points.iter().find(|point| point.value == value).map_or(0, |p| p.tally.successes.of);
        places.into_iter().min_by_key(|&value| tried(value)).unwrap_or(places[0])
    }

    /// How many trials are missing by what the interval is now, before it is looked at again.
    fn missing(&self, known: &Near, place: &Place) -> u64 {
        let used = self.points.iter().filter(|point| self.counts(known, point)).map(|point| point.tally.successes.of);
        let used = used.sum::<u64>() as f64;
        let missing = used * ((place.half_width() / self.goal.precision).powi(2) - 1.0);
        let missing = missing.max(LEAST_MORE * used).max(FIRST_BATCH as f64).min(MOST_MORE as f64) as u64;
        missing.div_ceil(UNIT) * UNIT
    }

    /// Whether a point is near by a line.
    fn counts(&self, known: &Near, point: &PowerPoint) -> bool {
        let height = self.goal.height();
        let crossing = known.line.crossing(height);
        (known.line.at(point.x()) - height).abs() <= known.within
            && (point.x() - crossing).abs() <= 2.0 * FLAT * crossing
    }

    fn reached(&self, place: &Place, is_precise: bool) -> Answer {
        let (least, most) = (*self.range.start(), *self.range.end());
        let value = whole(place.x);
        if value > most {
            // By a line that is known well enough, or by the trials there; otherwise more trials may find it within the range.
            let is_below = |point: &PowerPoint| point.interval(self.goal.q())[1] < self.goal.target;
            let is_told = self.points.last().is_some_and(|last| last.value == most && (is_precise || is_below(last)));
            return if is_told { Answer::OutOfReach { value: most, is_certain: false } } else { self.unsettled() };
        }
        let [low, high] = place.interval.map_or([0.0, f64::INFINITY], |interval| interval);
        let high = Some(high).filter(|high| high.is_finite()).map(whole).filter(|&high| high <= most);
        Answer::Reached {
            value: value.max(least),
            interval: (whole(low).clamp(least, most), high.map(|high| high.max(least))),
            std_error: 2.0 * place.x * place.std_error,
            is_precise,
        }
    }

    fn finish(mut self, answer: Answer, near: Option<Near>) -> Search {
        if let Some(near) = near {
            let fitted = |point: &PowerPoint| self.counts(&near, point).then(|| normal_cdf(near.line.at(point.x())));
            let fitted: Vec<Option<f64>> = self.points.iter().map(fitted).collect();
            self.points.iter_mut().zip(fitted).for_each(|(point, fitted)| point.fitted = fitted);
        }
        Search {
            goal: self.goal,
            answer,
            points: self.points,
            line: near.map(|near| near.line),
            n_replicates: self.n_replicates,
        }
    }
}

/// So many standard errors from the target leave no doubt, looked at after every batch though it is.
const CERTAIN: f64 = 3.29;

/// A slope of so many standard errors is one.
const STEEP: f64 = 3.0;

/// Φ⁻¹ of what a trial of no effect or no participants succeeds with, turned round: the upper tail at the usual level.
const NOTHING: f64 = 1.96;

/// No step is longer than by this factor.
const FARTHEST: f64 = 4.0;

/// Where a line crosses the target, in the root of the number.
struct Place {
    x: f64,
    std_error: f64,
    interval: Option<[f64; 2]>,
}

impl Place {
    fn of(line: &ProbitLine, goal: &Goal) -> Self {
        let height = goal.height();
        Self {
            x: line.crossing(height),
            std_error: line.crossing_std_error(height),
            interval: line.crossing_interval(height, goal.q()),
        }
    }

    /// Half the width of the interval, as a share of the number.
    fn half_width(&self) -> f64 {
        let value = self.x * self.x;
        self.interval.map_or(1.0, |[low, high]| 0.5 * (high.max(0.0).powi(2) - low.max(0.0).powi(2)) / value)
    }

    /// Whether the interval is narrow enough, or holds one whole number alone.
    fn is_precise(&self, goal: &Goal) -> bool {
        let one = self.interval.is_some_and(|[low, high]| whole(low) == whole(high));
        one || self.half_width() <= goal.precision
    }
}

/// The smallest whole number whose root is not below x.
fn whole(x: f64) -> u64 {
    // A line through whole numbers may cross at one of them but for rounding.
    (x.max(0.0).powi(2) - 1e-9).ceil().max(0.0) as u64
}

/// 1, 2 or 5 times a power of ten, near a twentieth of a number and at least 1.
fn round_step(value: f64) -> f64 {
    let wanted = (value / 20.0).max(1.0);
    let decade = powf(10f64, log10(wanted).floor());
    let digit = [1.0, 2.0, 5.0, 10.0]
        .into_iter()
        .min_by(|a, b| (a * decade - wanted).abs().total_cmp(&(b * decade - wanted).abs()));
    digit.unwrap_or(1.0) * decade
}

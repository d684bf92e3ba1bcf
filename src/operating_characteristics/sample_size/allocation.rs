//! The share of participants to give to the reference arm so that fewest are needed in all.
//!
//! # Formula
//! With a share s in the reference arm and the rest in the other arms in their own proportions, the variance of a difference is
//! proportional to (A / s + B / (1 − s)) / N, and so is the total N that reaches a target: N(s) = A / s + B / (1 − s), least at
//! s = √A / (√A + √B), where it is (√A + √B)² (Neyman's allocation). A and B are found by weighted least squares from the
//! totals that searches give at a few shares; arms of unlike spread, loss or clustering, and arms beside the two compared, are
//! all in them. Where one arm's error does not shrink with its size (few therapists) this is an approximation near the shares tried.
//!
//! # References
//! Neyman J. On the two different aspects of the representative method. J R Stat Soc 1934;97:558-625. doi:10.2307/2342192.
//!
//! # Checked against
//! `tests/it/independent/power.rs`: two arms, where half is best, and three, where it is 1 / (1 + √2).

use std::ops::RangeInclusive;

use super::search::{Answer, Goal, Search, search};
use super::{CannotVary, Question, Setting, Trials, Varied};
use crate::scenario::{Override, Problems, Source};

/// The search at one share.
#[derive(Debug, Clone, PartialEq)]
pub struct ShareTried {
    /// Share of the reference arm.
    pub share: f64,
    /// Search for the total.
    pub search: Search,
    /// Participants of each arm at that total; empty where no total was found.
    pub sizes: Vec<usize>,
}

/// What a search over shares found.
#[derive(Debug, Clone, PartialEq)]
pub struct AllocationSearch {
    /// Position of the reference arm.
    pub reference: usize,
    /// The share of the scenario as it stands.
    pub own_share: f64,
    /// The share that needs fewest, in whole per cent; `None` where the target is out of reach or the totals do not say.
    pub best_share: Option<f64>,
    /// Shares that need at most 2 % more participants than the best one, by the fitted curve.
    pub nearly_best: Option<[f64; 2]>,
    /// A and B.
    pub curve: Option<[f64; 2]>,
    /// Every share that was tried, ascending.
    pub tried: Vec<ShareTried>,
}

/// Shares tried whatever the scenario.
const SHARES: [u64; 3] = [25, 50, 75];

/// How much more than the least is nearly the least.
const NEARLY: f64 = 1.02;

/// Searches the total at a few shares of the reference arm, and at the share that then seems best. Totals go up to `most_per_arm` times
/// the number of arms; the budget of trials in `goal` is that of each share.
///
/// # Errors
/// The problems of the scenario; that its blocks hold a ratio.
pub fn search_allocation(
    source: &Source,
    overrides: &[Override],
    question: Question,
    goal: Goal,
    most_per_arm: u64,
) -> Result<AllocationSearch, CannotVary> {
    let by_own = |weights| Varied::new(source.clone(), overrides.to_vec(), Setting::Total { weights });
    let base = by_own(Vec::new())?;
    let design = &base.base().scenario.design;
    let (reference, per_arm) = (design.layout.reference_arm(), design.per_arm.clone());
    let own_share = per_arm[reference] as f64 / design.n_participants() as f64;
    let most = most_per_arm.saturating_mul(per_arm.len() as u64);
    let mut found =
        AllocationSearch { reference, own_share, best_share: None, nearly_best: None, curve: None, tried: Vec::new() };
    let own = (100.0 * own_share).round() as u64;
    let mut start = base.own();
    let mut wanted: Vec<u64> = SHARES.into_iter().chain([own]).collect();
    while let Some(share) = wanted.pop() {
        if (1..100).contains(&share) && found.at(share).is_none() {
            let varied = by_own(weights(&per_arm, reference, share))?;
            let tried = try_share(&varied, share, question, goal, start, most)?;
            start = tried.search.answer.value().unwrap_or(start);
            found.tried.push(tried);
        }
        if wanted.is_empty() {
            found.fit();
            // The best share is tried itself, once.
            wanted.extend(
                found.best_share.map(|best| (100.0 * best).round() as u64).filter(|&best| found.at(best).is_none()),
            );
        }
    }
    found.tried.sort_by(|a, b| a.share.total_cmp(&b.share));
    Ok(found)
}

/// Weights of the arms with so many per cent in the reference arm.
fn weights(per_arm: &[usize], reference: usize, percent: u64) -> Vec<u64> {
    let others: u64 = per_arm.iter().enumerate().filter(|(arm, _)| *arm != reference).map(|(_, &n)| n as u64).sum();
    let weight =
        |(arm, &n): (usize, &usize)| if arm == reference { percent * others } else { (100 - percent) * n as u64 };
    per_arm.iter().enumerate().map(weight).collect()
}

fn try_share(
    varied: &Varied,
    percent: u64,
    question: Question,
    goal: Goal,
    start: u64,
    most: u64,
) -> Result<ShareTried, Problems> {
    let range: RangeInclusive<u64> = varied.range(most);
    let search = search(goal, range, start, |total, replicates| {
        Ok::<_, Problems>((Trials::new(varied.scenario(total)?, question).run(replicates), 1.0))
    })?;
    let sizes = search.answer.value().map(|total| varied.sizes(total)).unwrap_or_default();
    Ok(ShareTried { share: percent as f64 / 100.0, search, sizes })
}

impl AllocationSearch {
    /// The search at a share in per cent.
    fn at(&self, percent: u64) -> Option<&ShareTried> {
        self.tried.iter().find(|tried| (100.0 * tried.share).round() as u64 == percent)
    }

    /// The search at the best share.
    pub fn best(&self) -> Option<&ShareTried> {
        self.at((100.0 * self.best_share?).round() as u64)
    }

    /// The search at the share of the scenario as it stands, to a whole per cent.
    pub fn own(&self) -> Option<&ShareTried> {
        self.at((100.0 * self.own_share).round() as u64)
    }

    /// Fits the curve to the totals found so far.
    fn fit(&mut self) {
        let totals = self.tried.iter().filter_map(|tried| match tried.search.answer {
            Answer::Reached { value, std_error, .. } if std_error.is_finite() => {
                Some((tried.share, value as f64, std_error))
            }
            _ => None,
        });
        let Some([a, b]) = fit_curve(&totals.collect::<Vec<_>>()) else { return };
        let best = a.sqrt() / (a.sqrt() + b.sqrt());
        let most = NEARLY * (a.sqrt() + b.sqrt()).powi(2);
        // a / s + b / (1 − s) = most, a quadratic in s.
        let (middle, root) = (most + a - b, ((most + a - b).powi(2) - 4.0 * most * a).max(0.0).sqrt());
        self.curve = Some([a, b]);
        self.best_share = Some(((100.0 * best).round() / 100.0).clamp(0.01, 0.99));
        self.nearly_best = Some([(middle - root) / (2.0 * most), (middle + root) / (2.0 * most)]);
    }
}

/// A and B by least squares, each total weighted by its error; `None` unless both are above 0.
fn fit_curve(totals: &[(f64, f64, f64)]) -> Option<[f64; 2]> {
    let mut sums = [0.0; 5];
    for &(share, total, std_error) in totals {
        // No total is known better than to a participant.
        let weight = 1.0 / (std_error * std_error + 1.0);
        let [x, y] = [1.0 / share, 1.0 / (1.0 - share)];
        let terms = [x * x, x * y, y * y, x * total, y * total].map(|term| weight * term);
        sums.iter_mut().zip(terms).for_each(|(sum, term)| *sum += term);
    }
    let [xx, xy, yy, xt, yt] = sums;
    let determinant = xx * yy - xy * xy;
    let [a, b] = [(yy * xt - xy * yt) / determinant, (xx * yt - xy * xt) / determinant];
    (determinant > 1e-9 * xx * yy && a > 0.0 && b > 0.0).then_some([a, b])
}

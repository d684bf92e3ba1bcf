//! The built-in scenario, 20,000 replicates under its own seed, against the four contrasts the real trial published.

use linger::operating_characteristics::{ContrastPerformance, evaluate};
use linger::scenario::PublishedContrast;

use crate::trials;

const REPLICATES: u64 = 20_000;

/// Calls `check` with each published contrast and what the built-in scenario makes of it.
fn for_each_published_contrast(check: impl Fn(&PublishedContrast, &ContrastPerformance)) {
    let scenario = trials::built_in("chronic-low-back-pain");
    let performance = evaluate(&scenario, REPLICATES);
    let layout = &scenario.design.layout;
    let published = scenario.published.expect("the scenario names its trial").contrasts();
    assert_eq!(published.len(), 4);
    for published in &published {
        let outcome =
            layout.outcomes.iter().position(|outcome| outcome.name == published.outcome).expect("the outcome");
        let visit = layout.visits.iter().position(|visit| visit.week == published.visit_week).expect("the visit");
        let named = |&contrast: &_| layout.contrast_name(contrast) == published.contrast;
        let position = scenario.plan.contrasts.iter().position(named).expect("the contrast");
        check(published, &performance.visit(outcome, visit).expect("the visit").contrasts[position]);
    }
}

#[test]
fn the_average_estimate_meets_the_published_one() {
    for_each_published_contrast(|published, contrast| {
        assert_eq!((contrast.estimate.count(), contrast.failed), (REPLICATES, 0));
        let mean = contrast.estimate.mean().expect("replicates");
        let error = contrast.estimate.std_error().expect("replicates");
        let PublishedContrast { outcome, contrast, estimate, .. } = published;
        let distance = (mean - estimate).abs() / error;
        assert!(
            distance <= 3.0,
            "{outcome}, {contrast}: {mean} against {estimate}, {distance:.1} Monte Carlo errors apart"
        );
    });
}

#[test]
fn the_average_interval_is_about_as_wide_as_the_published_one() {
    for_each_published_contrast(|published, contrast| {
        let width = contrast.width.mean().expect("replicates");
        let ratio = width / (published.upper - published.lower);
        let PublishedContrast { outcome, contrast, .. } = published;
        assert!((ratio - 1.0).abs() <= 0.1, "{outcome}, {contrast}: width {width}, {ratio:.3} of the published");
    });
}

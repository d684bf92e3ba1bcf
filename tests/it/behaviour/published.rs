//! The built-in scenario, 20,000 replicates under its own seed, against the four contrasts the real trial published and against
//! the probabilities that its own file states.

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
        assert_eq!((contrast.estimate.count(), contrast.failed()), (REPLICATES, 0));
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

/// One line of the table in the scenario's comment: outcome, week, contrast, average estimate, and the two probabilities.
fn stated(text: &str) -> Vec<(String, f64, String, [f64; 3])> {
    let rows = text.lines().filter_map(|line| {
        let cells: Vec<&str> = line.strip_prefix("#   ")?.split_whitespace().collect();
        let [outcome, week, arm, "-", versus, average, own, gated] = cells[..] else { return None };
        let numbers = [average.parse().ok()?, own.parse().ok()?, gated.parse().ok()?];
        Some((outcome.to_owned(), week.parse().ok()?, format!("{arm} - {versus}"), numbers))
    });
    rows.collect()
}

#[test]
fn what_the_file_states_is_what_the_simulation_gives() {
    let text = linger::scenario::built_in("chronic-low-back-pain").expect("a built-in scenario").text().to_owned();
    let scenario = trials::built_in("chronic-low-back-pain");
    let layout = &scenario.design.layout;
    let stated = stated(&text);
    assert_eq!(stated.len(), 2 * 3 * 3, "every contrast of every outcome and visit is stated");
    let performance = evaluate(&scenario, REPLICATES);
    for place in &performance.visits {
        for (contrast, found) in scenario.plan.contrasts.iter().zip(&place.contrasts) {
            let (outcome, week) = (&layout.outcomes[place.outcome].name, layout.visits[place.visit].week);
            let name = layout.contrast_name(*contrast);
            let row = stated.iter().find(|row| row.0 == *outcome && row.1 == week && row.2 == name).expect("the row");
            let [average, own, gated] = row.3;
            let mean = found.estimate.mean().expect("replicates");
            let error = found.estimate.std_error().expect("replicates");
            // The stated numbers come from the first 100,000 replicates, which include these, and are rounded.
            assert!((mean - average).abs() <= 0.005 + 3.0 * error, "{outcome} {week} {name}: {mean} against {average}");
            for (probability, stated) in [(found.rejected, own), (found.rejected_adjusted, gated)] {
                let (share, error) =
                    (probability.share().expect("replicates"), probability.mcse().expect("replicates"));
                assert!(
                    (share - stated).abs() <= 0.0005 + 3.0 * error,
                    "{outcome} {week} {name}: {share} against {stated}"
                );
            }
        }
    }
}

#[test]
fn after_week_10_means_move_in_the_published_directions() {
    let scenario = trials::built_in("chronic-low-back-pain");
    let weeks = [10.0, 26.0, 52.0];
    let course = |outcome: usize, arm: usize| linger::cohort::mean_course(&scenario, outcome, arm, &weeks).scores;
    for outcome in 0..2 {
        let usual_care = course(outcome, 2);
        assert!(usual_care.windows(2).all(|pair| pair[1] < pair[0]), "usual care goes on improving: {usual_care:?}");
        for arm in 0..2 {
            let massage = course(outcome, arm);
            assert!(massage.iter().all(|score| (score - massage[0]).abs() < 1.25), "massage moves little: {massage:?}");
        }
    }
    let difference = |outcome, arm, visit: usize| course(outcome, arm)[visit] - course(outcome, 2)[visit];
    // Disability: still better at week 26 in both; at week 52 a small part is left of relaxation massage, next to none of structural.
    assert!(difference(0, 0, 1) < -1.0 && difference(0, 1, 1) < -1.0);
    assert!(difference(0, 0, 2) < -0.5 && difference(0, 0, 2) > -2.0 && difference(0, 1, 2).abs() < 0.5);
    // Bothersomeness: too close to tell apart from week 26 on.
    for (arm, visit) in [(0, 1), (0, 2), (1, 1), (1, 2)] {
        assert!(difference(1, arm, visit).abs() < 0.2);
    }
}

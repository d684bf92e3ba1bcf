//! Summaries over replicates against a table of replicates analysed one by one and summarised in two passes.

use linger::analysis::{Analysis, analyse};
use linger::cohort::generate;
use linger::operating_characteristics::{Performance, Proportion, evaluate};
use linger::scenario::{EffectModel, Scenario};
use linger::trial::Estimate;

use crate::closeness::Closeness;
use crate::trials;

const REPLICATES: u64 = 700;

/// Arms so small that some replicates have nobody left in one of them.
fn scenario() -> Scenario {
    let mut scenario = trials::scenario(&[5, 4, 4], &[0.0, 10.0, 26.0], 2);
    scenario.truth.dropout = vec![vec![0.1, 0.6]; 3];
    let change = vec![vec![-5.0, -4.0], vec![-4.0, 0.0], vec![0.0, 0.0]];
    scenario.truth.outcomes[0].effect = EffectModel::VisitMeans { change };
    scenario
}

fn table(scenario: &Scenario) -> Vec<Analysis> {
    (0..REPLICATES).map(|replicate| analyse(&scenario.plan, &generate(scenario, replicate))).collect()
}

/// Mean and standard deviation in two passes.
fn two_passes(numbers: &[f64]) -> (f64, f64) {
    let n = numbers.len() as f64;
    let mean = numbers.iter().sum::<f64>() / n;
    (mean, (numbers.iter().map(|number| (number - mean).powi(2)).sum::<f64>() / (n - 1.0)).sqrt())
}

fn share(proportion: Proportion) -> (f64, f64) {
    (proportion.share().expect("some replicates"), proportion.mcse().expect("some replicates"))
}

#[test]
fn every_summary_is_that_of_the_table_of_replicates() {
    let scenario = scenario();
    let (performance, table) = (evaluate(&scenario, REPLICATES), table(&scenario));
    let mut closeness = Closeness::default();
    assert_eq!(performance.n_replicates, REPLICATES);
    let mut failures = 0;
    for (place, visit) in performance.visits.iter().enumerate() {
        let fits: Vec<_> = table.iter().map(|analysis| &analysis.fits[place]).collect();
        assert_eq!((visit.outcome, visit.visit), (fits[0].outcome, fits[0].visit));
        let count = |hit: &dyn Fn(&Analysis) -> bool| table.iter().filter(|analysis| hit(analysis)).count() as f64;
        let any = |analysis: &Analysis| {
            analysis.fits[place].contrasts.iter().flatten().any(|estimate| estimate.adjusted_p_value < 0.05)
        };
        let all = REPLICATES as f64;
        for (name, proportion, hits) in [
            ("gate", visit.gate_open, count(&|analysis| analysis.fits[place].gate_open)),
            ("any", visit.any_rejected, count(&any)),
        ] {
            let (expected, (share, mcse)) = (hits / all, share(proportion));
            closeness.compare(name, place, share, expected);
            closeness.compare("its error", place, mcse, (expected * (1.0 - expected) / all).sqrt());
        }
        for (position, contrast) in visit.contrasts.iter().enumerate() {
            let estimates: Vec<Estimate> = fits.iter().filter_map(|fit| fit.contrasts[position].ok()).collect();
            let n = estimates.len() as f64;
            failures += contrast.failed;
            assert_eq!(contrast.failed, REPLICATES - estimates.len() as u64);
            for (name, moments, number) in [
                ("estimate", contrast.estimate, &(|e: &Estimate| e.value) as &dyn Fn(&Estimate) -> f64),
                ("standard error", contrast.std_error, &|e: &Estimate| e.std_error),
                ("width", contrast.width, &|e: &Estimate| e.upper - e.lower),
            ] {
                let (mean, sd) = two_passes(&estimates.iter().map(number).collect::<Vec<f64>>());
                closeness.compare_on(name, place, moments.mean().expect("many"), mean, sd);
                closeness.compare(name, place, moments.variance().expect("many").sqrt(), sd);
                closeness.compare(name, place, moments.std_error().expect("many"), sd / n.sqrt());
            }
            let rejected = |p: fn(&Estimate) -> f64| estimates.iter().filter(|e| p(e) < 0.05).count() as f64 / n;
            closeness.compare("rejected", place, share(contrast.rejected).0, rejected(|e| e.p_value));
            closeness.compare(
                "after the rule",
                place,
                share(contrast.rejected_adjusted).0,
                rejected(|e| e.adjusted_p_value),
            );
        }
    }
    assert!(failures > 20, "{failures} failures: the table should hold some");
    closeness.assert_within(1e-10);
}

#[test]
fn nothing_is_said_about_no_replicates() {
    let performance = evaluate(&scenario(), 0);
    assert_eq!(performance, Performance::default());
    assert_eq!((Proportion::default().share(), Proportion::default().mcse()), (None, None));
}

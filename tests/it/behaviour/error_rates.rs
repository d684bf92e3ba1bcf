//! How often an analysis finds something where nothing is: 20,000 replicates of `no-effect` under its own seed.

use linger::operating_characteristics::{Performance, Proportion, evaluate};

use crate::trials;

const REPLICATES: u64 = 20_000;
const ALPHA: f64 = 0.05;

/// Three Monte Carlo standard errors of a share of alpha: 0.0046.
fn three_errors() -> f64 {
    3.0 * (ALPHA * (1.0 - ALPHA) / REPLICATES as f64).sqrt()
}

fn share(proportion: Proportion) -> f64 {
    assert_eq!(proportion.of, REPLICATES, "no replicate is left out");
    proportion.share().expect("some replicates")
}

fn performance() -> Performance {
    let scenario = trials::built_in("no-effect");
    assert_eq!(scenario.plan.alpha, ALPHA);
    evaluate(&scenario, REPLICATES)
}

#[test]
fn without_an_effect_every_rate_is_what_the_plan_promises() {
    let performance = performance();
    assert_eq!(performance.visits.len(), 6, "two outcomes at three visits");
    for visit in &performance.visits {
        let place = format!("outcome {} at visit {}", visit.outcome, visit.visit);
        let gate = share(visit.gate_open);
        assert!((gate - ALPHA).abs() <= three_errors(), "{place}: the gate opens in {gate}");
        assert_eq!(visit.contrasts.len(), 3);
        for (position, contrast) in visit.contrasts.iter().enumerate() {
            let rate = share(contrast.rejected);
            assert!((rate - ALPHA).abs() <= three_errors(), "{place}: pair {position} rejects unprotected in {rate}");
            assert!(contrast.rejected_adjusted.hits <= contrast.rejected.hits);
            let (mean, error) = (contrast.estimate.mean(), contrast.estimate.std_error());
            assert!(mean.zip(error).is_some_and(|(mean, error)| mean.abs() <= 4.0 * error), "{place}: biased");
        }
        let any = share(visit.any_rejected);
        assert!(any <= ALPHA + three_errors(), "{place}: after the gate, some pair is rejected in {any}");
        assert!(any <= gate, "{place}: nothing is rejected behind a closed gate");
    }
}

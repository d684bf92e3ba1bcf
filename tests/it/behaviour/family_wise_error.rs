//! How often anything at all is found where nothing is, under the rules that promise to hold that rate; and whether the intervals that are
//! to hold together do.

use linger::analysis::VisitFit;
use linger::scenario::{EffectModel, MultiplicityRule, Plan, Scenario};
use linger::trial::Contrast;

use super::rates::rates_of_fits;
use crate::trials;

const ALPHA: f64 = 0.05;
const REPLICATES: u64 = 4_000;

/// Four small arms of different size, one visit; the means of the arms after baseline.
fn scenario(means: [f64; 4]) -> Scenario {
    let mut scenario = trials::scenario(&[10, 13, 16, 21], &[0.0, 10.0], 1);
    let outcome = &mut std::sync::Arc::make_mut(&mut scenario.design.layout).outcomes[0];
    (outcome.range, outcome.step) = (None, None);
    scenario.truth.outcomes[0].effect = EffectModel::VisitMeans { change: means.map(|mean| vec![mean]).to_vec() };
    scenario
}

fn under(scenario: &Scenario, multiplicity: MultiplicityRule) -> Plan {
    Plan { multiplicity, ..scenario.plan.clone() }
}

/// Whether something is found of contrasts that are 0.
fn finds(fit: &VisitFit, is_null: impl Fn(usize) -> bool) -> bool {
    let contrasts = fit.contrasts.iter().enumerate().filter(|(position, _)| is_null(*position));
    contrasts.flat_map(|(_, result)| result).any(|estimate| estimate.adjusted_p_value < ALPHA)
}

#[test]
fn without_an_effect_something_is_found_in_alpha_of_trials_or_less() {
    use MultiplicityRule::{Bonferroni, FisherLsd, Holm, MaxT, None, Scheffe, TukeyKramer};
    let scenario = scenario([0.0; 4]);
    let mut plans: Vec<Plan> =
        [MaxT, FisherLsd, TukeyKramer, Holm, Bonferroni, Scheffe, None].map(|rule| under(&scenario, rule)).to_vec();
    let with_the_last = (0..3).map(|arm| Contrast { arm, versus: 3 }).collect();
    plans.push(Plan { contrasts: with_the_last, ..under(&scenario, MaxT) });
    let rates = rates_of_fits(&scenario, &plans, REPLICATES, |_, fit| finds(fit, |_| true));
    rates[0].assert_near(ALPHA, "the largest of all t");
    rates[1].assert_near(ALPHA, "after a significant F test");
    rates[7].assert_near(ALPHA, "the largest t of comparisons with one arm");
    for (plan, rate) in plans[2..6].iter().zip(&rates[2..6]) {
        rate.assert_at_most(ALPHA, plan.multiplicity.name());
    }
    rates[6].assert_above(2.0 * ALPHA, "no rule at all");
    // Tukey and Kramer's is nearly exact, and sharper than the others.
    assert!(rates[2].share() > 0.04 && rates[2].share() >= rates[3].share(), "{}", rates[2]);
}

#[test]
fn beside_an_effect_only_the_rules_that_promise_it_hold_the_rate_of_what_is_not_there() {
    use MultiplicityRule::{FisherLsd, Holm, MaxT, TukeyKramer};
    // Three arms are alike, one is far away: Fisher's gate is always open.
    let scenario = scenario([0.0, 0.0, 0.0, 30.0]);
    let is_null = |position: usize| {
        let Contrast { arm, versus } = scenario.plan.contrasts[position];
        arm != 3 && versus != 3
    };
    let plans = [MaxT, TukeyKramer, Holm, FisherLsd].map(|rule| under(&scenario, rule));
    let rates = rates_of_fits(&scenario, &plans, REPLICATES, |_, fit| finds(fit, is_null));
    for (plan, rate) in plans.iter().zip(&rates).take(3) {
        rate.assert_at_most(ALPHA, plan.multiplicity.name());
    }
    rates[3].assert_above(1.5 * ALPHA, "the least significant difference among more than three arms");
}

#[test]
fn simultaneous_intervals_hold_all_contrasts_together() {
    use MultiplicityRule::{Bonferroni, MaxT, Scheffe, TukeyKramer};
    let means = [-3.0, 0.0, 1.5, 4.0];
    let scenario = scenario(means);
    let plans = [MaxT, TukeyKramer, Bonferroni, Scheffe].map(|rule| under(&scenario, rule));
    let rates = rates_of_fits(&scenario, &plans, REPLICATES, |_, fit| {
        let contrasts = scenario.plan.contrasts.iter().zip(&fit.contrasts);
        contrasts.into_iter().any(|(contrast, result)| {
            let ends = result.as_ref().ok().and_then(|estimate| estimate.simultaneous);
            let [lower, upper] = ends.expect("an interval under a rule that has one");
            let truth = means[contrast.arm] - means[contrast.versus];
            truth < lower || upper < truth
        })
    });
    rates[0].assert_near(ALPHA, "the largest of all t");
    for (plan, rate) in plans.iter().zip(&rates).skip(1) {
        rate.assert_at_most(ALPHA, plan.multiplicity.name());
    }
}

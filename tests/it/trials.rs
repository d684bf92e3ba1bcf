//! Hand-made layouts, scenarios and trials that several tests start from.

use std::sync::Arc;

use linger::scenario::{
    self, AdverseEvents, Design, EffectModel, Estimator, Missingness, MultiplicityRule, OutcomeTruth, Plan, Scenario,
    Simulation, Truth,
};
use linger::trial::{
    Arm, Conduct, ConductNames, Contrast, Direction, EventName, Layout, NEVER, Outcome, OutcomeData, OutcomeKind,
    Session, TrialData, Visit,
};

/// Arms called `arm 1`, `arm 2`, …; the last is the reference.
pub fn arms(n_arms: usize) -> Vec<Arm> {
    let arm = |i| Arm {
        name: format!("arm_{}", i + 1),
        label: format!("Arm {}", i + 1),
        reference: i + 1 == n_arms,
        sessions: Vec::new(),
    };
    (0..n_arms).map(arm).collect()
}

/// A score from 0 to 23 in steps of 1 of which less is better.
pub fn score() -> Outcome {
    Outcome {
        name: "score".into(),
        label: "Score".into(),
        range: Some([0.0, 23.0]),
        step: Some(1.0),
        better: Some(Direction::Lower),
        meaningful: None,
        meaningful_source: None,
        ..Outcome::default()
    }
}

/// Arms as in [`arms`], visits at the weeks, and so many outcomes.
pub fn layout(n_arms: usize, weeks: &[f64], n_outcomes: usize) -> Layout {
    let outcome = |i| Outcome { name: format!("score_{}", i + 1), ..score() };
    Layout {
        arms: arms(n_arms),
        visits: weeks.iter().map(|&week| Visit { week }).collect(),
        outcomes: (0..n_outcomes).map(outcome).collect(),
    }
}

/// ANCOVA of every outcome, every pair of arms, no further covariates, Fisher's protected least significant difference.
pub fn plan(layout: &Layout) -> Plan {
    Plan {
        estimator: Estimator::default(),
        outcomes: (0..layout.outcomes.len()).collect(),
        covariates: Vec::new(),
        contrasts: Contrast::all_pairs(layout.arms.len(), layout.reference_arm()),
        alpha: 0.05,
        multiplicity: MultiplicityRule::FisherLsd,
        ..Plan::default()
    }
}

/// A matrix with ones on the diagonal and `correlation` elsewhere.
pub fn exchangeable(order: usize, correlation: f64) -> Vec<Vec<f64>> {
    let element = |i, j| if i == j { 1.0 } else { correlation };
    (0..order).map(|i| (0..order).map(|j| element(i, j)).collect()).collect()
}

/// A scenario in which nothing happens after baseline: mean 10.5, standard deviation 5, correlation 0.6 over visits and none
/// between outcomes, nobody lost, no entry rule.
pub fn scenario(per_arm: &[usize], weeks: &[f64], n_outcomes: usize) -> Scenario {
    let n_arms = per_arm.len();
    let layout = layout(n_arms, weeks, n_outcomes);
    let outcome = OutcomeTruth {
        baseline_mean: 10.5,
        sd: vec![5.0; weeks.len()],
        correlation: exchangeable(weeks.len(), 0.6),
        effect: EffectModel::VisitMeans { change: vec![vec![0.0; weeks.len() - 1]; n_arms] },
        cuts: None,
    };
    Scenario {
        priors: Vec::new(),
        title: String::new(),
        story: String::new(),
        plan: plan(&layout),
        design: Design {
            layout: Arc::new(layout),
            per_arm: per_arm.to_vec(),
            entry: Vec::new(),
            exclusions: Vec::new(),
            characteristics: Vec::new(),
            block_size: 2 * n_arms,
            allocation: None,
        },
        truth: Truth {
            outcomes: vec![outcome; n_outcomes],
            between_outcomes: exchangeable(n_outcomes, 0.0),
            dropout: vec![vec![0.0; weeks.len() - 1]; n_arms],
            missingness: Missingness::default(),
            attendance: vec![None; n_arms],
            adverse_events: AdverseEvents::default(),
            therapists: None,
            co_interventions: Vec::new(),
            events: Vec::new(),
        },
        simulation: Simulation { seed: 1, replicates: 100 },
        interim: None,
        published: None,
        hash: String::new(),
    }
}

/// A trial of one outcome from its arms and values (`values[participant][visit]`).
pub fn trial(layout: &Arc<Layout>, arm: &[u8], values: &[Vec<Option<f64>>]) -> TrialData {
    let mut outcome = OutcomeData::empty(arm.len(), layout.visits.len());
    for (participant, row) in values.iter().enumerate() {
        row.iter().enumerate().for_each(|(visit, &value)| outcome.set(participant, visit, value));
    }
    TrialData {
        layout: Arc::clone(layout),
        identifiers: None,
        arm: arm.to_vec(),
        outcomes: vec![outcome],
        covariates: Vec::new(),
        screened: None,
        conduct: None,
    }
}

/// Weekly sessions from week 1 on.
pub fn sessions(n: usize) -> Vec<Session> {
    (1..=n).map(|week| Session { week: week as f64, booster: false }).collect()
}

/// A trial of seven participants whose conduct is known: four in an arm with three sessions, three in one without; visits at
/// weeks 0, 4 and 8. The sixth is lost without a reason, the last was never seen.
pub fn conducted() -> TrialData {
    let mut layout = layout(2, &[0.0, 4.0, 8.0], 1);
    layout.arms[0].sessions = sessions(3);
    let there = Some(5.0);
    let values = [
        [there, there, there],
        [there, there, None],
        [there, None, None],
        [there, None, there],
        [there, there, there],
        [there, there, None],
        [None, None, None],
    ];
    let mut data = trial(&Arc::new(layout), &[0, 0, 0, 0, 1, 1, 1], &values.map(|row| row.to_vec()));
    let texts = |texts: &[&str]| texts.iter().map(|&text| text.to_owned()).collect();
    data.screened = Some(61);
    data.conduct = Some(Conduct {
        names: Arc::new(ConductNames {
            exclusions: texts(&["score below 3", "pregnancy", "no consent"]),
            severities: texts(&["mild", "severe"]),
            events: vec![EventName { name: "rescue".into(), label: "Rescue medication".into() }],
            reasons: texts(&["moved away", "no time"]),
        }),
        excluded: vec![40, 0, 14],
        sessions_attended: vec![3, 2, 0, 3, 0, 0, 0],
        stopped: vec![NEVER, 2, 1, NEVER, NEVER, NEVER, NEVER],
        adverse_events: vec![vec![2, 0, 0, 1, 0, 0, 0], vec![0, 0, 0, 1, 0, 0, 0]],
        events: vec![vec![NEVER, 1, NEVER, 2, 1, NEVER, NEVER]],
        reason: vec![NEVER, 1, 0, NEVER, NEVER, NEVER, 1],
    });
    data
}

/// Outcomes of every kind: a score, a share, a number of days, and a rating of change that is not recorded at baseline.
pub fn every_kind() -> Vec<Outcome> {
    let named = |name: &str, label: &str| Outcome { name: name.into(), label: label.into(), ..score() };
    let bare = |name: &str, label: &str| Outcome { unit: String::new(), ..named(name, label) };
    let levels = ["much better", "better", "same", "worse"].map(str::to_owned).to_vec();
    vec![
        named("score", "Score"),
        Outcome { kind: OutcomeKind::Binary, range: Some([0.0, 1.0]), ..bare("drug", "Takes medication") },
        Outcome {
            kind: OutcomeKind::Count,
            unit: "days".into(),
            range: Some([0.0, 28.0]),
            ..named("absent", "Days off work")
        },
        Outcome {
            kind: OutcomeKind::Ordinal { levels },
            range: Some([1.0, 4.0]),
            at_baseline: false,
            ..bare("change", "Global change")
        },
    ]
}

/// Six participants in two arms with outcomes of [`every_kind`] at weeks 0 and 10; the last was not seen after baseline.
pub fn all_kinds() -> TrialData {
    let mut layout = layout(2, &[0.0, 10.0], 0);
    layout.outcomes = every_kind();
    let at_baseline =
        [[5.0, 1.0, 3.0], [6.0, 1.0, 0.0], [7.0, 0.0, 6.0], [5.0, 1.0, 2.0], [8.0, 0.0, 4.0], [6.0, 1.0, 9.0]];
    let at_week_10 =
        [[2.0, 0.0, 1.0, 1.0], [4.0, 1.0, 0.0, 2.0], [3.0, 0.0, 2.0, 3.0], [5.0, 1.0, 2.0, 3.0], [7.0, 1.0, 5.0, 4.0]];
    let mut outcomes = vec![OutcomeData::empty(6, 2); 4];
    for (participant, values) in at_baseline.iter().enumerate() {
        values.iter().zip(&mut outcomes).for_each(|(&value, outcome)| outcome.set(participant, 0, Some(value)));
    }
    for (participant, values) in at_week_10.iter().enumerate() {
        values.iter().zip(&mut outcomes).for_each(|(&value, outcome)| outcome.set(participant, 1, Some(value)));
    }
    let layout = Arc::new(layout);
    TrialData { layout: Arc::clone(&layout), outcomes, ..trial(&layout, &[0, 0, 0, 1, 1, 1], &[]) }
}

/// A scenario that is compiled in, by name.
pub fn built_in(name: &str) -> Scenario {
    let source = scenario::built_in(name).unwrap_or_else(|| panic!("no scenario is called {name}"));
    scenario::read(source, &[]).unwrap_or_else(|problems| panic!("{problems}")).scenario
}

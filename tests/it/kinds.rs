//! Outcomes of every kind as a reader meets them: units and shares in sentences, titles and axes.

use linger::analysis::{Analysis, analyse};
use linger::plots::{Theme, trajectories};
use linger::report::figures::{self, Analysed};
use linger::report::numbers::{amount, amount_that_matters, decimals};
use linger::report::words;
use linger::scenario::{MultiplicityRule, Plan};
use linger::trial::{Layout, Outcome, OutcomeData, OutcomeKind, TrialData};

use crate::trials;

/// Two arms of 40 with one outcome, the second of [`trials::every_kind`] as it is given: 10 of 40 with yes in the first arm at
/// week 10 and 30 of 40 in the second; at baseline half of either.
fn shares(outcome: Outcome) -> TrialData {
    let mut layout = trials::layout(2, &[0.0, 10.0], 0);
    layout.outcomes = vec![outcome];
    let mut values = OutcomeData::empty(80, 2);
    for participant in 0..80 {
        let (arm, place) = (participant % 2, participant / 2);
        values.set(participant, 0, Some(f64::from(u8::from(place % 4 < 2))));
        let yes = if arm == 0 { place % 4 == 0 } else { place % 4 < 3 };
        values.set(participant, 1, Some(f64::from(u8::from(yes))));
    }
    let arm: Vec<u8> = (0..80).map(|participant| participant % 2).collect();
    TrialData { outcomes: vec![values], ..trials::trial(&layout.into(), &arm, &[]) }
}

fn analysed(data: &TrialData) -> (Plan, Analysis) {
    let plan = Plan { multiplicity: MultiplicityRule::None, ..trials::plan(&data.layout) };
    let analysis = analyse(&plan, data);
    (plan, analysis)
}

fn sentence(data: &TrialData) -> String {
    let (plan, analysis) = analysed(data);
    words::sentence(&plan, &data.layout, &analysis, 0).unwrap()
}

fn drug() -> Outcome {
    trials::every_kind().swap_remove(1)
}

#[test]
fn a_share_is_told_as_a_probability() {
    let mut outcome = drug();
    let said = sentence(&shares(outcome.clone()));
    // Both arms have the same baselines: the adjusted difference is that of the shares, 0.25 - 0.75.
    assert!(
        said.starts_with("Takes medication: at week 10 arm 1 had a 0.50 lower probability than arm 2 (95% interval 0."),
        "{said}"
    );
    assert!(!said.contains("points") && !said.contains("better"), "{said}");
    outcome.meaningful = Some(0.6);
    let said = sentence(&shares(outcome));
    assert!(said.ends_with("), an estimate below the 0.6 that matters."), "{said}");
}

#[test]
fn other_outcomes_are_told_in_their_units() {
    let with = |outcome: Outcome| sentence(&shares(outcome));
    let [score, _, absent, change] = <[Outcome; 4]>::try_from(trials::every_kind()).unwrap();
    assert!(with(score.clone()).contains("arm 1 was 0.5 points better than arm 2 (95%"));
    assert!(with(absent.clone()).contains("arm 1 was 0.5 days better than arm 2 (95%"));
    assert!(with(change.clone()).contains("arm 1 was 0.5 levels better than arm 2 (95%"));
    let millimetres = Outcome { unit: "mm".into(), meaningful: Some(3.0), ..score.clone() };
    let said = with(millimetres);
    assert!(said.contains("0.5 mm better") && said.contains("below the 3 mm that matter."), "{said}");
    assert_eq!([amount("2.9", &score), amount("1.2", &absent)], ["2.9 points", "1.2 days"]);
    assert_eq!([amount("0.4", &change), amount("0.12", &drug())], ["0.4 levels", "0.12"]);
    assert_eq!(amount_that_matters(2.0, &score), "2 points that matter");
    assert_eq!(amount_that_matters(1.0, &score), "1 point that matters");
}

#[test]
fn a_share_has_two_decimals_whatever_its_steps() {
    let of = |outcome: Outcome| {
        let layout = Layout { outcomes: vec![outcome], ..trials::layout(2, &[0.0, 10.0], 0) };
        decimals(&Plan::default(), &layout, &Analysis::default(), 0)
    };
    assert_eq!(of(drug()), 2);
    assert_eq!(of(Outcome { kind: OutcomeKind::Score, ..drug() }), 1);
}

#[test]
fn titles_and_axes_name_the_unit() {
    let figures_of = |outcome: Outcome| {
        let data = shares(outcome);
        let (plan, analysis) = analysed(&data);
        let trial = Analysed { plan: &plan, data: &data, analysis: &analysis, scenario: None, published: &[] };
        (figures::trajectories(trial, 0), figures::fade(trial, 0))
    };
    let (means, fade) = figures_of(drug());
    assert_eq!(means.title, "Takes medication: the arms' shares lie up to 0.50 apart at week 10");
    assert_eq!((means.score.label.as_str(), means.score.unit.as_str()), ("Takes medication (share of yes)", ""));
    assert_eq!(fade.score, means.score);
    let drawn = trajectories::draw(&means, &Theme::light());
    assert!(drawn.as_str().contains("Takes medication (share of yes): adjusted mean (0 to 1, lower is better)"));
    let (means, _) = figures_of(trials::every_kind().swap_remove(2));
    assert_eq!(means.title, "Days off work: the arms' means lie up to 0.5 days apart at week 10");
    assert_eq!(means.score.unit, "days");
}

#[test]
fn what_is_not_recorded_at_baseline_has_no_point_there() {
    let data = trials::all_kinds();
    let (plan, analysis) = analysed(&data);
    let trial = Analysed { plan: &plan, data: &data, analysis: &analysis, scenario: None, published: &[] };
    let means = figures::trajectories(trial, 3);
    assert_eq!(means.weeks, [10.0]);
    assert!(means.arms.iter().all(|arm| arm.points.len() == 1));
    assert!(means.footnote.is_some_and(|note| note.starts_with("Not recorded at baseline.")));
    assert_eq!(figures::trajectories(trial, 0).weeks, [0.0, 10.0]);
}

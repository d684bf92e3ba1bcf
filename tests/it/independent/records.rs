//! Analyses read back from their records, and plans that follow from records against the same participants simulated again.

use linger::analysis::{Analysis, FitError, analyse, has_covariances};
use linger::operating_characteristics::{
    Evaluation, PerformanceRow, RecordReader, Store, StoredPlan, claimed_truth, evaluate_in_store, evaluate_store,
    evaluate_until, performance_rows, record_columns, write_record,
};
use linger::scenario::{self, Estimator, Loaded, Margin, Mmrm, MultiplicityRule, Plan, Scenario};
use linger::trial::{Contrast, Estimate, Omnibus, TrialData};
use std::ops::ControlFlow;

use crate::behaviour::every_estimator;
use crate::closeness::Closeness;

const RULES: [MultiplicityRule; 8] = [
    MultiplicityRule::FisherLsd,
    MultiplicityRule::MaxT,
    MultiplicityRule::Holm,
    MultiplicityRule::TukeyKramer,
    MultiplicityRule::None,
    MultiplicityRule::Scheffe,
    MultiplicityRule::Hommel,
    MultiplicityRule::FixedSequence,
];

/// The same bits, or the same reason.
fn same<T: PartialEq + std::fmt::Debug>(what: &str, a: &Result<T, FitError>, b: &Result<T, FitError>) {
    match (a, b) {
        (Ok(a), Ok(b)) => assert_eq!(a, b, "{what}"),
        (Err(a), Err(b)) => assert_eq!(a.reason(), b.reason(), "{what}"),
        _ => panic!("{what}: {a:?} against {b:?}"),
    }
}

fn assert_same(name: &str, a: &Analysis, b: &Analysis) -> [usize; 2] {
    let mut counts = [0, 0];
    let mut estimate = |what: &str, a: &Result<Estimate, FitError>, b: &Result<Estimate, FitError>| {
        same(&format!("{name}: {what}"), a, b);
        counts[usize::from(a.is_err())] += 1;
    };
    for (a, b) in a.fits.iter().zip(&b.fits) {
        a.contrasts.iter().zip(&b.contrasts).for_each(|(a, b)| estimate("contrast", a, b));
        same::<Omnibus>(&format!("{name}: omnibus"), &a.omnibus, &b.omnibus);
        assert_eq!((a.n, a.gate_open), (b.n, b.gate_open), "{name}");
        if a.contrasts.iter().all(Result::is_ok) {
            assert_eq!(a.covariance.len(), b.covariance.len(), "{name}");
            // One of both triangles is kept.
            let scale = a.covariance.iter().fold(0.0_f64, |most, own| most.max(own.abs()));
            let worst = a.covariance.iter().zip(&b.covariance).fold(0.0_f64, |worst, (a, b)| worst.max((a - b).abs()));
            assert!(worst <= 1e-10 * scale, "{name}: {worst:e} of {scale:e}");
        }
    }
    for (a, b) in a.between_visits.iter().zip(&b.between_visits) {
        a.contrasts.iter().zip(&b.contrasts).for_each(|(a, b)| estimate("between visits", a, b));
        same::<Omnibus>(&format!("{name}: omnibus between visits"), &a.omnibus, &b.omnibus);
    }
    for (a, b) in a.combinations.iter().zip(&b.combinations) {
        estimate("combination", &a.estimate, &b.estimate);
    }
    counts
}

#[test]
fn an_analysis_read_back_from_its_record_is_the_analysis() {
    let mut all = [0, 0];
    for (position, case) in every_estimator::all().iter().enumerate() {
        // The smaller trial fails here and there.
        for per_arm in [25, 4] {
            let trial: TrialData = every_estimator::trial(case.values, per_arm, position as u64);
            let mut plan = Plan { multiplicity: RULES[position % RULES.len()], ..case.plan(&trial.layout) };
            plan.covariances = has_covariances(&plan);
            plan.sensitivity = vec![Plan { name: "other".into(), alpha: 0.1, ..case.plan(&trial.layout) }];
            let analysis = analyse(&plan, &trial);
            let mut record = Vec::new();
            write_record(&plan, &analysis, &mut record);
            let columns = record_columns(&plan, &trial.layout);
            assert_eq!(record.len(), columns.len());
            let mut names: Vec<&str> = columns.iter().map(|column| column.name.as_str()).collect();
            names.sort_unstable();
            names.dedup();
            assert_eq!(names.len(), columns.len(), "names of columns are each other's");
            let mut reader = RecordReader::new(&plan, &trial.layout);
            // Twice, the second time over what the first has left.
            reader.read(&plan, &record);
            let again = reader.read(&plan, &record);
            let counts = assert_same(&case.name(), &analysis, again);
            assert_same(&case.name(), &analysis.sensitivity[0], &again.sensitivity[0]);
            all = [all[0] + counts[0], all[1] + counts[1]];
        }
    }
    assert!(all[0] > 1000 && all[1] > 50, "{all:?} estimates and failures");
}

const REPLICATES: u64 = 700;

fn loaded(change: impl Fn(&mut Plan)) -> Loaded {
    let mut loaded = scenario::read(scenario::built_in("small-pilot").unwrap(), &[]).unwrap();
    change(&mut loaded.scenario.plan);
    loaded
}

fn simulated(scenario: &Scenario) -> Evaluation {
    let truth = claimed_truth(scenario, 1000);
    evaluate_until(scenario, truth, REPLICATES, &[], |_, _| ControlFlow::Continue(())).unwrap()
}

/// Both roads to the performance of a plan: by arithmetic on records of `kept`, and by simulation.
fn both_roads(kept: impl Fn(&mut Plan), new: impl Fn(&mut Plan)) -> [Vec<PerformanceRow>; 2] {
    let folder = tempfile::tempdir().unwrap();
    let stored = StoredPlan::new(loaded(&kept));
    let truth = claimed_truth(&stored.loaded().scenario, 1000);
    let go_on = |_, _: &_| ControlFlow::Continue(());
    evaluate_in_store(&stored, truth, REPLICATES, &[], folder.path(), go_on).unwrap();
    let store = Store::read(folder.path()).unwrap();
    let mut wanted = loaded(&kept).scenario;
    new(&mut wanted.plan);
    let truth = claimed_truth(&wanted, 1000);
    let read = evaluate_store(&store, &stored, &wanted.plan, truth).unwrap().expect("it follows");
    [performance_rows(&wanted, &read), performance_rows(&wanted, &simulated(&wanted))]
}

fn assert_near([read, simulated]: [Vec<PerformanceRow>; 2], tolerance: f64) {
    assert_eq!(read.len(), simulated.len());
    let mut closeness = Closeness::default();
    for (read, simulated) in read.iter().zip(&simulated) {
        assert_eq!((&read.measure, &read.contrast), (&simulated.measure, &simulated.contrast));
        let place = format!("{} {:?} {}", read.contrast, read.visit_week, read.measure);
        for (a, b) in [(read.value, simulated.value), (read.mcse, simulated.mcse)] {
            assert_eq!(a.is_some(), b.is_some(), "{place}");
            if let (Some(a), Some(b)) = (a, b) {
                // Bias and differences are near 0: counted in absolute terms, on a scale of whole points.
                closeness.compare_on(&read.measure, &place, a, b, b.abs().max(1.0));
            }
        }
    }
    closeness.assert_within(tolerance);
}

fn two_contrasts(plan: &mut Plan) {
    plan.contrasts.truncate(2);
}

#[test]
fn another_level_and_rule_follow_bit_by_bit() {
    let new = |plan: &mut Plan| {
        plan.alpha = 0.01;
        plan.multiplicity = MultiplicityRule::Hommel;
        plan.margins = vec![Margin { contrast: 0, margin: 2.0, non_inferiority: true }];
    };
    assert_near(both_roads(|_| {}, new), 0.0);
    let mmrm = |plan: &mut Plan| plan.estimator = Estimator::Mmrm(Mmrm::default());
    assert_near(both_roads(mmrm, new), 0.0);
}

#[test]
fn a_contrast_along_two_others_follows_with_its_covariances() {
    let new = |plan: &mut Plan| {
        plan.contrasts = Contrast::all_pairs(3, 2);
        plan.contrasts[0] = plan.contrasts[0].reversed();
        plan.multiplicity = MultiplicityRule::MaxT;
    };
    // Sums of covariances in another order.
    assert_near(both_roads(two_contrasts, new), 1e-9);
    let gee = |plan: &mut Plan| {
        two_contrasts(plan);
        plan.estimator = Estimator::Gee(linger::scenario::Gee::default());
    };
    assert_near(both_roads(gee, new), 1e-9);
}

#[test]
fn what_does_not_follow_is_refused_with_its_reason() {
    let folder = tempfile::tempdir().unwrap();
    let kept = |plan: &mut Plan| {
        two_contrasts(plan);
        plan.estimator = Estimator::Mmrm(Mmrm::default());
    };
    let stored = StoredPlan::new(loaded(kept));
    let truth = claimed_truth(&stored.loaded().scenario, 1000);
    let go_on = |_, _: &_| ControlFlow::Continue(());
    evaluate_in_store(&stored, truth.clone(), 10, &[], folder.path(), go_on).unwrap();
    let store = Store::read(folder.path()).unwrap();
    let refusal = |change: &dyn Fn(&mut Plan)| {
        let mut plan = stored.loaded().scenario.plan.clone();
        change(&mut plan);
        evaluate_store(&store, &stored, &plan, truth.clone()).unwrap().map(|_| ()).unwrap_err().to_string()
    };
    let third = refusal(&|plan| plan.contrasts = Contrast::all_pairs(3, 2));
    assert_eq!(third, "main: relaxation - structural does not follow from the contrasts that were kept");
    let other = refusal(&|plan| plan.estimator = Estimator::default());
    assert_eq!(other, "main: no analysis by ancova was kept with the same model, covariates and responders");
}

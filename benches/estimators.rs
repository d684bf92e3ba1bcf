//! How long every estimator takes for one replicate of the reference job, beside the floor: three visits, two contrasts each, with
//! estimates, standard errors, degrees of freedom, intervals, p-values, adjusted means and omnibus tests.

mod floor;

use std::hint::black_box;

use criterion::{Criterion, criterion_group, criterion_main};
use linger::analysis::{AnalysisWorkspace, analyse_into};
use linger::scenario::{
    Binary, BinaryMeasure, Covariance, DfMethod, Estimator, Gee, GeeStdErrors, ImprovedBy, MixedModel, Mmrm,
    MmrmStdErrors, Plan, Responder, StdErrors, TTest,
};
use linger::trial::TrialData;

/// Different replicates in turn, so that nothing can be learnt from one of them.
const KEPT: usize = 64;

/// Whoever improved by at least three points responded.
const RESPONDER: Responder = Responder { improved_by: ImprovedBy::Points(3.0), missing_is_no: false };

/// Measures one plan.
fn measure(criterion: &mut Criterion, name: &str, change: impl Fn(&mut Plan)) {
    let mut scenario = floor::reference_job();
    change(&mut scenario.plan);
    let trials: Vec<TrialData> =
        (0..KEPT as u64).map(|replicate| linger::cohort::generate(&scenario, replicate)).collect();
    let mut workspace = AnalysisWorkspace::new(&scenario.plan, &trials[0]);
    for trial in &trials {
        let analysis = analyse_into(&scenario.plan, trial, &mut workspace);
        assert!(analysis.fits.iter().all(|fit| fit.contrasts.iter().all(Result::is_ok)), "{name}");
    }
    let mut turn = 0;
    criterion.bench_function(name, |bencher| {
        bencher.iter(|| {
            turn = (turn + 1) % KEPT;
            black_box(analyse_into(&scenario.plan, black_box(&trials[turn]), &mut workspace));
        });
    });
}

fn least_squares(criterion: &mut Criterion) {
    measure(criterion, "ancova", |_| {});
    measure(criterion, "ancova, HC3", |plan| plan.estimator = Estimator::Ancova(StdErrors::Hc3));
    measure(criterion, "Welch", |plan| plan.estimator = Estimator::TTest(TTest::Welch));
    measure(criterion, "Wilcoxon", |plan| plan.estimator = Estimator::Wilcoxon);
}

fn repeated_measures(criterion: &mut Criterion) {
    let mut of = |name: &str, options: Mmrm| {
        measure(criterion, name, |plan| plan.estimator = Estimator::Mmrm(options));
    };
    let satterthwaite = Mmrm::default();
    of("mmrm, us, Satterthwaite", satterthwaite);
    of("mmrm, us, Kenward-Roger-linear", Mmrm { df: DfMethod::KenwardRogerLinear, ..satterthwaite });
    of("mmrm, us, CR2", Mmrm { std_errors: MmrmStdErrors::Cr2, ..satterthwaite });
    of("mmrm, ar1h, Satterthwaite", Mmrm { covariance: Covariance::Ar1h, ..satterthwaite });
    let mixed = MixedModel::default();
    measure(criterion, "mixed model, Satterthwaite", |plan| plan.estimator = Estimator::MixedModel(mixed));
}

fn estimating_equations(criterion: &mut Criterion) {
    let mut of = |name: &str, options: Gee| {
        measure(criterion, name, |plan| plan.estimator = Estimator::Gee(options));
    };
    of("gee, exchangeable, sandwich", Gee::default());
    of("gee, exchangeable, Mancl-DeRouen", Gee { std_errors: GeeStdErrors::ManclDeRouen, ..Gee::default() });
}

fn responders(criterion: &mut Criterion) {
    let mut of = |name: &str, measure_of: BinaryMeasure| {
        measure(criterion, name, |plan| {
            plan.responders = vec![RESPONDER];
            plan.estimator = Estimator::Binary(Binary { measure: measure_of, std_errors: None });
        });
    };
    of("responders, modified Poisson", BinaryMeasure::RiskRatio);
    of("responders, logistic", BinaryMeasure::OddsRatio);
    of("responders, risk difference", BinaryMeasure::RiskDifference);
}

criterion_group!(benches, floor::floor, least_squares, repeated_measures, estimating_equations, responders);
criterion_main!(benches);

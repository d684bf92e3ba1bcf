//! The loop over replicates allocates nothing after its first replicate: counted by an allocator of its own, hence a binary of its own.

#[path = "it/everything.rs"]
mod everything;

use std::alloc::{GlobalAlloc, Layout, System};
use std::cell::Cell;

use linger::analysis::{AnalysisWorkspace, DecisionWorkspace, analyse_into, decide_into};
use linger::cohort::{Generator, World};
use linger::operating_characteristics::{BLOCK, ROUND, compare, evaluate, interim_looks};
use linger::scenario::{
    self, Binary, BinaryMeasure, BlockAllocation, Cause, Characteristic, Covariance, DfMethod, EntryRule, Estimator,
    Exclusion, Family, Gee, GeeStdErrors, GraphPlan, Hypothesis, ImprovedBy, Imputation, ImputationRule, ImputedScores,
    Imputing, Level, LevelWeights, Likelihood, MissingStrategy, MixedModel, Mmrm, MmrmStdErrors, MultiplicityRule,
    Plan, Responder, Scenario, StdErrors, TTest, Therapists, VisitPair, WorkingCorrelation,
};
use linger::trial::OutcomeKind;

/// The system's allocator, counting calls by thread: the one that runs the tests asks for memory at times of its own.
struct Counting;

thread_local! {
    static CALLS: Cell<u64> = const { Cell::new(0) };
    /// Bytes that are held, and the most that ever were.
    static HELD: Cell<i64> = const { Cell::new(0) };
    static MOST: Cell<i64> = const { Cell::new(0) };
}

fn count(bytes: i64) {
    // A thread that is ending has no counter any more, and nobody asks for it.
    let _ = CALLS.try_with(|calls| calls.set(calls.get() + 1));
    hold(bytes);
}

fn hold(bytes: i64) {
    let _ = HELD.try_with(|held| {
        held.set(held.get() + bytes);
        let _ = MOST.try_with(|most| most.set(most.get().max(held.get())));
    });
}

#[expect(unsafe_code, reason = "an allocator can only be written so; it hands everything on unchanged")]
// SAFETY: every call goes to the system's allocator with the arguments it came with.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        count(layout.size() as i64);
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, pointer: *mut u8, layout: Layout) {
        hold(-(layout.size() as i64));
        unsafe { System.dealloc(pointer, layout) }
    }

    unsafe fn realloc(&self, pointer: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        count(size as i64 - layout.size() as i64);
        unsafe { System.realloc(pointer, layout, size) }
    }
}

#[global_allocator]
static ALLOCATOR: Counting = Counting;

/// How often memory was asked for on this thread while something ran.
fn calls(work: impl FnOnce()) -> u64 {
    let before = CALLS.get();
    work();
    CALLS.get() - before
}

/// Bytes held on this thread at most while something ran, beyond those before it.
fn bytes(work: impl FnOnce()) -> i64 {
    let before = HELD.get();
    MOST.set(before);
    work();
    MOST.get() - before
}

fn scenario(name: &str) -> Scenario {
    let source = scenario::built_in(name).expect("a built-in scenario");
    scenario::read(source, &[]).unwrap_or_else(|problems| panic!("{problems}")).scenario
}

#[test]
fn generating_and_analysing_allocate_nothing_after_the_first_replicate() {
    assert!(calls(|| drop(std::hint::black_box(Vec::<u8>::with_capacity(10)))) > 0, "the allocator counts");
    let mut scenarios: Vec<(&str, Scenario)> =
        scenario::built_in_list().iter().map(|built_in| (built_in.name, scenario(built_in.name))).collect();
    scenarios.extend([("everything", everything::everything()), ("two-stages", two_stages())]);
    for (name, scenario) in scenarios {
        let generator = Generator::new(&scenario);
        let mut cohort = generator.workspace();
        let mut analysis = AnalysisWorkspace::new(&scenario.plan, generator.draw(0, &mut cohort));
        analyse_into(&scenario.plan, generator.draw(0, &mut cohort), &mut analysis);
        let calls = calls(|| {
            for replicate in 1..200 {
                analyse_into(&scenario.plan, generator.draw(replicate, &mut cohort), &mut analysis);
                for world in [World::AsItHappens, World::WithoutEvents] {
                    std::hint::black_box(generator.draw_under(replicate, 1, world, &mut cohort));
                }
            }
        });
        assert_eq!(calls, 0, "{name}");
    }
    twins_allocate_as_often_for_many_replicates_as_for_few();
    memory_does_not_grow_with_the_number_of_replicates();
    looks_allocate_as_often_for_many_replicates_as_for_few();
}

#[test]
fn models_that_are_fitted_visit_by_visit_allocate_nothing_after_the_first_replicate() {
    let scenario = scenario("reference-job");
    let generator = Generator::new(&scenario);
    let mut cohort = generator.workspace();
    let of = |estimator| Plan { estimator, weights: LevelWeights::Equal, ..scenario.plan.clone() };
    let responder = Responder { improved_by: ImprovedBy::Points(3.0), missing_is_no: false };
    let binary = |measure, std_errors| {
        let responders = vec![responder; scenario.plan.outcomes.len()];
        Plan { responders, ..of(Estimator::Binary(Binary { measure, std_errors: Some(std_errors) })) }
    };
    let plans = [
        of(Estimator::Ancova(StdErrors::Constant)),
        of(Estimator::Ancova(StdErrors::Hc3)),
        binary(BinaryMeasure::RiskRatio, StdErrors::Hc0),
        binary(BinaryMeasure::OddsRatio, StdErrors::Hc3),
        binary(BinaryMeasure::RiskDifference, StdErrors::Constant),
        of(Estimator::NegativeBinomial),
        of(Estimator::ProportionalOdds),
    ];
    for plan in plans {
        let mut analysis = AnalysisWorkspace::new(&plan, generator.draw(0, &mut cohort));
        analyse_into(&plan, generator.draw(0, &mut cohort), &mut analysis);
        let calls = calls(|| {
            for replicate in 1..40 {
                analyse_into(&plan, generator.draw(replicate, &mut cohort), &mut analysis);
            }
        });
        assert_eq!(calls, 0, "{:?}", plan.estimator);
    }
}

#[test]
fn deciding_allocates_nothing_after_the_first_replicate() {
    let scenario = scenario("reference-job");
    let generator = Generator::new(&scenario);
    let mut cohort = generator.workspace();
    for multiplicity in [MultiplicityRule::None, MultiplicityRule::FisherLsd, MultiplicityRule::Holm] {
        let plan = Plan { multiplicity, ..scenario.plan.clone() };
        let mut decisions = DecisionWorkspace::new(&plan, generator.draw(0, &mut cohort));
        decide_into(&plan, generator.draw(0, &mut cohort), &mut decisions);
        let calls = calls(|| {
            for replicate in 1..200 {
                decide_into(&plan, generator.draw(replicate, &mut cohort), &mut decisions);
            }
        });
        assert_eq!(calls, 0, "{}", multiplicity.name());
    }
}

/// What depends on who was seen when is made for any pattern of visits, not for those of the first replicate; searches and their
/// failures, simultaneous intervals, graphs and other analyses of the same question included.
#[test]
fn every_estimator_allocates_nothing_after_the_first_replicate() {
    let reference_job = scenario("reference-job");
    let plans = of_scores(&reference_job);
    assert_allocates_nothing(&reference_job, &plans, 60);
    // Participants who miss a visit and come back, therapists, outcomes of every kind; and twenty per arm, where fits fail now and then.
    for name in ["chronic-low-back-pain", "small-pilot"] {
        let scenario = scenario(name);
        let mut plans = of_scores(&scenario);
        plans.extend(of_kinds(&scenario));
        let imputes =
            |plan: &Plan| plan.imputation.is_some() || plan.sensitivity.iter().any(|own| own.imputation.is_some());
        let (imputing, mut others): (Vec<Plan>, Vec<Plan>) = plans.into_iter().partition(imputes);
        // The others beside a main analysis are held to it all the same.
        others.extend(imputing.iter().filter(|plan| plan.imputation.is_none()).map(|plan| Plan {
            sensitivity: plan.sensitivity.iter().filter(|own| own.imputation.is_none()).cloned().collect(),
            ..plan.clone()
        }));
        assert_allocates_nothing(&scenario, &others, 60);
        assert_allocates_nothing(&scenario, &imputing, 40);
    }
}

fn assert_allocates_nothing(scenario: &Scenario, plans: &[Plan], replicates: u64) {
    let generator = Generator::new(scenario);
    let mut cohort = generator.workspace();
    for plan in plans {
        let mut analysis = AnalysisWorkspace::new(plan, generator.draw(0, &mut cohort));
        analyse_into(plan, generator.draw(0, &mut cohort), &mut analysis);
        for replicate in 1..replicates {
            let trial = generator.draw(replicate, &mut cohort);
            let calls = calls(|| {
                analyse_into(plan, trial, &mut analysis);
            });
            let title = &scenario.title;
            assert_eq!(calls, 0, "{:?}, {:?}, {title}, replicate {replicate}", plan.estimator, plan.multiplicity);
        }
    }
}

/// Everything that is made for the first outcome, a score; contrasts compared between visits, all together by the largest t.
fn of_scores(scenario: &Scenario) -> Vec<Plan> {
    let pair = VisitPair { later: 3, earlier: 1 };
    let plan = |estimator| Plan {
        estimator,
        outcomes: vec![0],
        between_visits: vec![pair],
        multiplicity: MultiplicityRule::MaxT,
        ..scenario.plan.clone()
    };
    let mut plans: Vec<Plan> = score_estimators().into_iter().map(plan).collect();
    if scenario.truth.therapists.is_some() {
        // Therapists come after the characteristics.
        let therapist = Some(scenario.design.characteristics.len());
        let mixed = |df| plan(Estimator::MixedModel(MixedModel { df, therapist }));
        plans.extend([DfMethod::Satterthwaite, DfMethod::KenwardRoger].map(mixed));
    }
    let responder = Responder { improved_by: ImprovedBy::Share(0.3), missing_is_no: true };
    plans.extend(binaries().map(|estimator| Plan { responders: vec![responder], ..plan(estimator) }));
    let imputed = |how, strategy, scores| Plan {
        imputation: Some(Imputation {
            how,
            seed: 1,
            by_arm: false,
            rules: vec![ImputationRule { arms: Vec::new(), cause: Cause::Lost, strategy, reference: 0 }],
            deltas: Vec::new(),
            scores,
            given: Vec::new(),
        }),
        between_visits: Vec::new(),
        ..plan(Estimator::Ancova(StdErrors::Constant))
    };
    plans.extend([
        imputed(Imputing::Posterior(3), MissingStrategy::Mar, ImputedScores::AsDrawn),
        imputed(Imputing::Posterior(3), MissingStrategy::CopyIncrements, ImputedScores::Matched),
        imputed(Imputing::Bootstrap(3), MissingStrategy::JumpToReference, ImputedScores::Rounded),
        imputed(Imputing::Resampled(3), MissingStrategy::LastMean, ImputedScores::AsDrawn),
    ]);
    // A main analysis by a graph with the others beside it.
    let hypothesis = |visit| Hypothesis { name: format!("at visit {visit}"), outcome: 0, visit, contrast: 0 };
    plans.push(Plan {
        multiplicity: MultiplicityRule::Graph,
        graph: Some(GraphPlan {
            hypotheses: (1..4).map(hypothesis).collect(),
            weights: vec![0.5, 0.5, 0.0],
            transitions: vec![0.0, 0.5, 0.5, 0.5, 0.0, 0.5, 0.5, 0.5, 0.0],
        }),
        sensitivity: plans.iter().step_by(5).cloned().collect(),
        ..plan(Estimator::Mmrm(Mmrm::default()))
    });
    plans
}

fn score_estimators() -> Vec<Estimator> {
    use Covariance::{Ad, Adh, Ar1, Ar1h, Cs, Csh, Toep, Toeph, Us};
    use DfMethod::{BetweenWithin, KenwardRoger, KenwardRogerLinear, Residual, Satterthwaite};
    use WorkingCorrelation::{Ar1 as ByDistance, Exchangeable, Independence, Unstructured};
    let usual = Mmrm::default();
    let mut mmrms: Vec<Mmrm> =
        [Us, Cs, Csh, Ar1, Ar1h, Toep, Toeph, Ad, Adh].map(|covariance| Mmrm { covariance, ..usual }).to_vec();
    mmrms.extend([KenwardRoger, KenwardRogerLinear, BetweenWithin, Residual].map(|df| Mmrm { df, ..usual }));
    mmrms.extend(
        [MmrmStdErrors::Cr0, MmrmStdErrors::Cr2, MmrmStdErrors::Cr3].map(|own| Mmrm { std_errors: own, ..usual }),
    );
    mmrms.extend([Mmrm { by_arm: true, ..usual }, Mmrm { likelihood: Likelihood::Ml, ..usual }]);
    let mut all: Vec<Estimator> = mmrms.into_iter().map(Estimator::Mmrm).collect();
    let correlations = [Independence, Exchangeable, ByDistance, Unstructured];
    all.extend(correlations.map(|correlation| Estimator::Gee(Gee { correlation, ..Gee::default() })));
    all.extend(corrected(Family::Gaussian));
    let mixed = |df| Estimator::MixedModel(MixedModel { df, therapist: None });
    all.extend([Satterthwaite, KenwardRoger].map(mixed));
    all.extend([StdErrors::Constant, StdErrors::Hc0, StdErrors::Hc3].map(Estimator::Ancova));
    all.extend([Estimator::TTest(TTest::Student), Estimator::TTest(TTest::Welch), Estimator::Wilcoxon]);
    all
}

fn binaries() -> [Estimator; 3] {
    [BinaryMeasure::RiskRatio, BinaryMeasure::OddsRatio, BinaryMeasure::RiskDifference]
        .map(|measure| Estimator::Binary(Binary { measure, std_errors: None }))
}

fn corrected(family: Family) -> [Estimator; 5] {
    use GeeStdErrors::{FayGraubard, KauermannCarroll, ManclDeRouen, Naive, Sandwich};
    [Sandwich, Naive, ManclDeRouen, KauermannCarroll, FayGraubard]
        .map(|std_errors| Estimator::Gee(Gee { family, std_errors, t_reference: true, ..Gee::default() }))
}

/// Everything that is made for yes or no, counts and ratings, each for the outcomes of the kind.
fn of_kinds(scenario: &Scenario) -> Vec<Plan> {
    let mut plans = Vec::new();
    for (outcome, own) in scenario.design.layout.outcomes.iter().enumerate() {
        let estimators = match own.kind {
            OutcomeKind::Score => Vec::new(),
            OutcomeKind::Binary => [&binaries()[..], &corrected(Family::Binomial)[..]].concat(),
            OutcomeKind::Count => [&[Estimator::NegativeBinomial], &corrected(Family::Poisson)[..]].concat(),
            OutcomeKind::Ordinal { .. } => vec![Estimator::ProportionalOdds],
        };
        plans.extend(estimators.into_iter().map(|estimator| Plan {
            estimator,
            outcomes: vec![outcome],
            multiplicity: MultiplicityRule::TukeyKramer,
            ..scenario.plan.clone()
        }));
    }
    plans
}

/// Yes or no, and counts, imputed in every way, with gaps and without; and twenty per arm, where regressions are separated now and then.
#[test]
fn imputing_yes_or_no_and_counts_allocates_nothing_after_the_first_replicate() {
    for name in ["chronic-low-back-pain", "small-pilot"] {
        let scenario = scenario(name);
        assert_allocates_nothing(&scenario, &imputed_kinds(&scenario), 40);
    }
}

fn imputed_kinds(scenario: &Scenario) -> Vec<Plan> {
    let imputed = |how, strategy, given: &[usize]| Imputation {
        how,
        seed: 1,
        by_arm: false,
        rules: vec![ImputationRule { arms: Vec::new(), cause: Cause::Lost, strategy, reference: 0 }],
        deltas: Vec::new(),
        scores: ImputedScores::AsDrawn,
        given: given.to_vec(),
    };
    let mut plans = Vec::new();
    for (outcome, own) in scenario.design.layout.outcomes.iter().enumerate() {
        let estimator = match own.kind {
            OutcomeKind::Binary => Estimator::Binary(Binary { measure: BinaryMeasure::OddsRatio, std_errors: None }),
            OutcomeKind::Count => Estimator::NegativeBinomial,
            OutcomeKind::Score | OutcomeKind::Ordinal { .. } => continue,
        };
        let ways = [
            imputed(Imputing::Posterior(2), MissingStrategy::JumpToReference, &[0]),
            imputed(Imputing::Bootstrap(2), MissingStrategy::LastMean, &[]),
        ];
        plans.extend(ways.map(|own| Plan {
            estimator,
            outcomes: vec![outcome],
            imputation: Some(own),
            multiplicity: MultiplicityRule::None,
            ..scenario.plan.clone()
        }));
    }
    plans
}

/// The built-in trial with everything that enrolment knows: two entry rules, an exclusion, a characteristic, therapists, strata, and
/// two stages with blocks that have a table of orders and blocks that are shuffled.
fn two_stages() -> Scenario {
    let mut scenario = scenario("chronic-low-back-pain");
    let level = |name: &str, share| Level { name: name.into(), share };
    let n_outcomes = scenario.truth.outcomes.len();
    scenario.design.entry.push(EntryRule { outcome: 0, at_least: 7.0, at_most: 20.0 });
    scenario.design.exclusions =
        vec![Exclusion { name: "pregnancy".into(), label: "Pregnant".into(), prevalence: 0.05 }];
    scenario.design.characteristics = vec![Characteristic {
        name: "sex".into(),
        label: "Sex".into(),
        levels: vec![level("female", 0.64), level("male", 0.36)],
        change: vec![vec![0.0; 2]; n_outcomes],
    }];
    scenario.truth.therapists = Some(Therapists {
        number: 3,
        treats: vec![true, true, false],
        variance_share: 0.0,
        caseload: vec![0.5, 0.25, 0.25],
    });
    scenario.design.allocation = Some(BlockAllocation {
        ratio: vec![1; 3],
        block_sizes: vec![6, 18],
        strata: vec![0],
        within_therapist: Some(vec![2, 4]),
    });
    scenario
}

/// Memory is asked for by scenario, thread and block, never by replicate: 250 of them are still one block.
fn twins_allocate_as_often_for_many_replicates_as_for_few() {
    let [a, b] = ["chronic-low-back-pain", "boosters-monthly"].map(scenario);
    let pool = rayon::ThreadPoolBuilder::new().num_threads(1).build().expect("a pool of one thread");
    let [few, many] = pool.install(|| {
        [20, 250].map(|n_replicates| {
            calls(|| {
                let comparison = compare(&a, &b, n_replicates).expect("twins");
                assert_eq!(comparison.n_replicates, n_replicates);
            })
        })
    });
    assert!(few > 0 && few == many, "{few} calls for 20 replicates, {many} for 250");
}

/// Neither with blocks nor with rounds of them. On one thread, whose memory is all there is.
fn memory_does_not_grow_with_the_number_of_replicates() {
    let scenario = scenario("chronic-low-back-pain");
    let pool = rayon::ThreadPoolBuilder::new().num_threads(1).build().expect("a pool of one thread");
    let [few, many] = pool.install(|| [BLOCK + 1, 9 * ROUND + BLOCK].map(|n| bytes(|| drop(evaluate(&scenario, n)))));
    assert!(few > 0 && few == many, "{few} bytes for two blocks, {many} for nine rounds and more");
}

/// The same for looks before the end, of a method that goes visit by visit and of one that models all visits.
fn looks_allocate_as_often_for_many_replicates_as_for_few() {
    let by_visit = scenario("interim-looks");
    let mut mmrm = by_visit.clone();
    mmrm.plan.estimator = Estimator::Mmrm(Mmrm::default());
    mmrm.interim.as_mut().expect("looks").visit = 3;
    let pool = rayon::ThreadPoolBuilder::new().num_threads(1).build().expect("a pool of one thread");
    for scenario in [by_visit, mmrm] {
        let [few, many] = pool.install(|| [20, 250].map(|n| calls(|| drop(interim_looks(&scenario, n)))));
        assert!(few > 0 && few == many, "{few} calls for 20 replicates, {many} for 250");
    }
}

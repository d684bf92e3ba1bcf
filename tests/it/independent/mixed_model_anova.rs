//! Linear mixed models of balanced trials: variances, standard errors and degrees of freedom from mean squares of an analysis of
//! variance.

use std::sync::Arc;

use linger::analysis::{Analysis, analyse};
use linger::numeric::streams::{Stream, stream};
use linger::scenario::{
    DfMethod, Estimator, MeanModel, MixedModel, MultiplicityRule, Plan, Response, Variable, VisitPair,
};
use linger::trial::{Covariate, CovariateValues, TrialData};
use rand_distr::{Distribution, StandardNormal};

use crate::closeness::Closeness;
use crate::trials;

/// Newton's steps end within this of the closed form.
const TOLERANCE: f64 = 1e-9;

/// A balanced trial.
struct Balanced {
    n_visits: usize,
    /// Therapists of each arm; 0 for an arm without.
    therapists: Vec<usize>,
    /// Participants of each therapist, or of an arm without.
    members: Vec<usize>,
    trial: TrialData,
    /// Values by participant and visit.
    values: Vec<Vec<f64>>,
}

impl Balanced {
    fn new(n_visits: usize, therapists: &[usize], members: &[usize], stream: &mut Stream) -> Self {
        let weeks: Vec<f64> = (0..=n_visits).map(|visit| visit as f64).collect();
        let layout = Arc::new(trials::layout(therapists.len(), &weeks, 1));
        let normal = |stream: &mut Stream| -> f64 { StandardNormal.sample(stream) };
        let (mut arms, mut levels, mut values, mut level) = (Vec::new(), Vec::new(), Vec::new(), 0);
        for (arm, (&number, &size)) in therapists.iter().zip(members).enumerate() {
            for _ in 0..number.max(1) {
                let shared = if number > 0 { 4.0 * normal(stream) } else { 0.0 };
                for _ in 0..size {
                    let own = shared + 2.0 * normal(stream);
                    arms.push(arm as u8);
                    levels.push((number > 0).then_some(level));
                    values.push(
                        (0..n_visits).map(|visit| 20.0 + visit as f64 + own + normal(stream)).collect::<Vec<_>>(),
                    );
                }
                level += u32::from(number > 0);
            }
        }
        let recorded: Vec<Vec<Option<f64>>> = values
            .iter()
            .map(|row| std::iter::once(Some(1.0)).chain(row.iter().copied().map(Some)).collect())
            .collect();
        let names = (0..level).map(|level| level.to_string()).collect();
        let therapist = CovariateValues::Factor { levels: names, values: levels };
        let covariates = vec![Covariate { name: "therapist".into(), values: therapist }];
        let trial = TrialData { covariates, ..trials::trial(&layout, &arms, &recorded) };
        Self { n_visits, therapists: therapists.to_vec(), members: members.to_vec(), trial, values }
    }

    fn analyse(&self, therapist: Option<usize>, df: DfMethod) -> Analysis {
        let mut terms = vec![vec![Variable::Arm], vec![Variable::Visit], vec![Variable::Arm, Variable::Visit]];
        terms.truncate(if self.n_visits == 1 { 1 } else { 3 });
        let pair = VisitPair { later: self.n_visits, earlier: 1 };
        let plan = Plan {
            estimator: Estimator::MixedModel(MixedModel { therapist, df }),
            model: Some(MeanModel { response: Response::Value, terms }),
            multiplicity: MultiplicityRule::None,
            between_visits: if self.n_visits == 1 { Vec::new() } else { vec![pair] },
            ..trials::plan(&self.trial.layout)
        };
        analyse(&plan, &self.trial)
    }

    /// Values of the participants of an arm.
    fn of_arm(&self, arm: usize) -> Vec<&Vec<f64>> {
        let rows = self.values.iter().zip(&self.trial.arm);
        rows.filter(|(_, own)| usize::from(**own) == arm).map(|(row, _)| row).collect()
    }
}

fn mean(values: impl Iterator<Item = f64>) -> f64 {
    let (sum, n) = values.fold((0.0, 0.0), |(sum, n), value| (sum + value, n + 1.0));
    sum / n
}

/// Sums of squares of an arm: between therapists, between participants of a therapist, within participants.
fn sums_of_squares(rows: &[&Vec<f64>], size: usize, n_visits: usize) -> [f64; 3] {
    let by_visit: Vec<f64> = (0..n_visits).map(|visit| mean(rows.iter().map(|row| row[visit]))).collect();
    let all = mean(by_visit.iter().copied());
    let mut sums = [0.0; 3];
    for group in rows.chunks(size) {
        let shared = mean(group.iter().flat_map(|row| row.iter().copied()));
        sums[0] += (size * n_visits) as f64 * (shared - all).powi(2);
        for row in group {
            let own = mean(row.iter().copied());
            sums[1] += n_visits as f64 * (own - shared).powi(2);
            sums[2] += (0..n_visits).map(|visit| (row[visit] - own - by_visit[visit] + all).powi(2)).sum::<f64>();
        }
    }
    sums
}

/// Satterthwaite's degrees of freedom of a sum of independent mean squares, each with its factor and its degrees of freedom.
fn degrees_of_freedom(parts: &[(f64, f64)]) -> f64 {
    let total: f64 = parts.iter().map(|part| part.0).sum();
    total * total / parts.iter().map(|(part, df)| part * part / df).sum::<f64>()
}

#[test]
fn without_therapists_variances_are_those_of_a_split_plot() {
    let mut closeness = Closeness::default();
    let mut stream = stream(21, 3, 1);
    for _ in 0..3 {
        let trial = Balanced::new(3, &[0, 0], &[9, 9], &mut stream);
        let sums = [0, 1].map(|arm| sums_of_squares(&trial.of_arm(arm), 9, 3));
        let between = (sums[0][1] + sums[1][1]) / 16.0;
        let within = (sums[0][2] + sums[1][2]) / 32.0;
        let participant = (between - within) / 3.0;
        for df in [DfMethod::Satterthwaite, DfMethod::KenwardRoger] {
            let analysis = trial.analyse(None, df);
            let found = &analysis.models[0].variances;
            closeness.compare("participants", 0, found[0], participant);
            closeness.compare("residuals", 0, found[2], within);
            assert_eq!(found[1], 0.0);
            for (visit, fit) in analysis.fits.iter().enumerate() {
                let estimate = fit.contrasts[0].expect("an estimate");
                let means = [0, 1].map(|arm| mean(trial.of_arm(arm).iter().map(|row| row[visit])));
                closeness.compare("estimate", visit, estimate.value, means[0] - means[1]);
                let parts = [(between / 3.0, 16.0), (2.0 * within / 3.0, 32.0)];
                let variance: f64 = parts.iter().map(|part| part.0).sum::<f64>() * 2.0 / 9.0;
                closeness.compare("standard error", visit, estimate.std_error, variance.sqrt());
                closeness.compare("degrees of freedom", visit, estimate.df, degrees_of_freedom(&parts));
            }
            let change = analysis.between_visits[0].contrasts[0].expect("an estimate");
            closeness.compare("error of change", 0, change.std_error, (4.0 * within / 9.0).sqrt());
            closeness.compare("degrees of freedom of change", 0, change.df, 32.0);
        }
    }
    closeness.assert_within(TOLERANCE);
}

#[test]
fn with_therapists_in_every_arm_variances_are_those_of_a_nested_design() {
    let mut closeness = Closeness::default();
    let mut stream = stream(22, 3, 1);
    for n_visits in [1, 3] {
        let trial = Balanced::new(n_visits, &[6, 6], &[5, 5], &mut stream);
        let visits = n_visits as f64;
        let sums = [0, 1].map(|arm| sums_of_squares(&trial.of_arm(arm), 5, n_visits));
        let between = (sums[0][0] + sums[1][0]) / 10.0;
        let participants = (sums[0][1] + sums[1][1]) / 48.0;
        let within = (sums[0][2] + sums[1][2]) / (58.0 * (visits - 1.0)).max(1.0);
        assert!(between > participants && participants > within);
        for df in [DfMethod::Satterthwaite, DfMethod::KenwardRoger] {
            let analysis = trial.analyse(Some(0), df);
            let found = &analysis.models[0].variances;
            closeness.compare("therapists", n_visits, found[1], (between - participants) / (5.0 * visits));
            if n_visits == 1 {
                assert_eq!(found[0], 0.0, "participants seen once are part of the residuals");
                closeness.compare("residuals", 1, found[2], participants);
            } else {
                closeness.compare("participants", n_visits, found[0], (participants - within) / visits);
                closeness.compare("residuals", n_visits, found[2], within);
            }
            let estimate = analysis.fits[0].contrasts[0].expect("an estimate");
            let parts = [(between / visits, 10.0), (within * (visits - 1.0) / visits, 58.0 * (visits - 1.0))];
            let parts = &parts[..n_visits.min(2)];
            let variance: f64 = parts.iter().map(|part| part.0).sum::<f64>() * 2.0 / 30.0;
            closeness.compare("standard error", n_visits, estimate.std_error, variance.sqrt());
            closeness.compare("degrees of freedom", n_visits, estimate.df, degrees_of_freedom(parts));
        }
    }
    closeness.assert_within(TOLERANCE);
}

#[test]
fn with_therapists_in_one_arm_the_other_arm_adds_to_what_is_within_them() {
    let mut closeness = Closeness::default();
    let mut stream = stream(23, 3, 1);
    for _ in 0..3 {
        let trial = Balanced::new(1, &[6, 0], &[5, 30], &mut stream);
        assert_eq!((&trial.therapists[..], &trial.members[..]), (&[6, 0][..], &[5, 30][..]));
        let treated = sums_of_squares(&trial.of_arm(0), 5, 1);
        let [_, other, _] = sums_of_squares(&trial.of_arm(1), 30, 1);
        let (between, within) = (treated[0] / 5.0, (treated[1] + other) / 53.0);
        assert!(between > within);
        for df in [DfMethod::Satterthwaite, DfMethod::KenwardRoger] {
            let analysis = trial.analyse(Some(0), df);
            let found = &analysis.models[0].variances;
            closeness.compare("therapists", 0, found[1], (between - within) / 5.0);
            closeness.compare("residuals", 0, found[2], within);
            let estimate = analysis.fits[0].contrasts[0].expect("an estimate");
            closeness.compare("standard error", 0, estimate.std_error, ((between + within) / 30.0).sqrt());
            closeness.compare(
                "degrees of freedom",
                0,
                estimate.df,
                degrees_of_freedom(&[(between, 5.0), (within, 53.0)]),
            );
        }
    }
    closeness.assert_within(TOLERANCE);
}

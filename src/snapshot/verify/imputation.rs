//! Rubin's rules against R's mice, and conditional-mean imputation with the jackknife against R's rbmi.

use std::sync::Arc;

use super::references::stored;
use super::synthetic::{self, CONTRASTS, DATA_SETS, DataSets, VISITS};
use super::{Check, Comparisons, EXACT, Method, ReferenceError, References, Row, Stored, Tolerance};
use crate::analysis::imputation::pooling::{Pooled, pooled_joint_test};
use crate::analysis::{Analysis, analyse};
use crate::numeric::distributions;
use crate::scenario::{Cause, Imputation, ImputationRule, Imputing, MissingStrategy, Plan};
use crate::trial::{Contrast, Estimate, Layout, TrialData};

const CLOSED: Tolerance = Tolerance::relative(1e-10, "sums and closed formulas in doubles");
const ON_STD_ERROR: &str = "standard errors";
const CLOSED_LIMITS: Tolerance = Tolerance::in_units(1e-10, ON_STD_ERROR, CLOSED.reason);
const LOOSE: Tolerance =
    Tolerance::in_units(1e-4, ON_STD_ERROR, "rbmi's fits end at mmrm's default tolerance, which leaves some 1e-4");
const LOOSE_ERRORS: Tolerance = Tolerance::relative(1e-4, LOOSE.reason);

/// Twenty fixed imputations of what is missing in two of the trials of `tests/reference/data`.
pub static FILLED: Stored = stored!("imputation/filled.csv", 319);
static PER_IMPUTATION: Stored = stored!("imputation/per_imputation.csv", 360);
static POOLED: Stored = stored!("imputation/pooled.csv", 36);
static JOINT: Stored = stored!("imputation/joint.csv", 6);
static JACKKNIFE: Stored = stored!("imputation/conditional_mean_jackknife.csv", 36);

/// How many imputations are stored.
const N_IMPUTATIONS: usize = 20;

pub(super) static METHOD: Method = Method {
    name: "imputation",
    title: "Multiple imputation and conditional-mean imputation",
    source: "R 4.2.2, mice 3.15.0, rbmi 1.6.0.9000",
    covers: &["Rubin's rules, D1, how many imputations", "Reference-based imputation", "Conditional-mean imputation"],
    checks: &[
        Check {
            file: &PER_IMPUTATION,
            recomputed: "covariance at each visit of twenty fixed imputations of two trials",
            left_out: 0,
            tolerances: &[CLOSED],
            run: per_imputation,
        },
        Check {
            file: &POOLED,
            recomputed: "their pooling by Rubin's rules, with Barnard and Rubin's degrees of freedom and with Rubin's first ones",
            left_out: 0,
            tolerances: &[CLOSED, CLOSED_LIMITS, EXACT],
            run: pooled,
        },
        Check {
            file: &JOINT,
            recomputed: "the pooled Wald test that all arms are equal (D1)",
            left_out: 0,
            tolerances: &[CLOSED],
            run: joint,
        },
        Check {
            file: &JACKKNIFE,
            recomputed: "conditional means under four strategies, standard errors by the jackknife; p from the stored estimate",
            left_out: 0,
            tolerances: &[LOOSE, LOOSE_ERRORS, CLOSED],
            run: jackknife,
        },
    ],
};

/// The analyses of the fixed imputations of each data set.
struct Imputed([Vec<Analysis>; 3]);

impl Imputed {
    fn read(references: &References) -> Result<Self, ReferenceError> {
        let sets = DataSets::read(references)?;
        let filled = references.table(&FILLED)?;
        let plan = Plan { covariances: true, ..synthetic::plan() };
        let mut all: [Vec<Analysis>; 3] = Default::default();
        for (data_set, analyses) in all.iter_mut().enumerate() {
            let rows: Vec<Row> = filled.rows().filter(|row| row.text("dataset") == Ok(DATA_SETS[data_set])).collect();
            if rows.is_empty() {
                continue;
            }
            let trial = sets.trial(data_set, false)?;
            for imputation in 1..=N_IMPUTATIONS {
                let mut trial = trial.clone();
                for row in &rows {
                    // Participants are numbered from 1 in the order of the trial's file.
                    let participant = row.word("id")?.saturating_sub(1) as usize;
                    if participant >= trial.n_participants() {
                        return Err(row.wrong("id", "of which there is no participant"));
                    }
                    let value = row.number(&format!("imp{imputation}"))?;
                    trial.outcomes[0].set(participant, synthetic::visit(*row)?, Some(value));
                }
                analyses.push(analyse(&plan, &trial));
            }
        }
        Ok(Self(all))
    }

    /// The analyses of the data set of a row.
    fn of(&self, row: Row) -> Result<&[Analysis], ReferenceError> {
        Ok(&self.0[synthetic::data_set(row)?])
    }

    /// The estimates of the contrast of a row, imputation by imputation.
    fn estimates(&self, row: Row) -> Result<Vec<Estimate>, ReferenceError> {
        let (visit, contrast) = (synthetic::visit(row)?, synthetic::contrast(row)?);
        let of = |analysis: &Analysis| analysis.fit(0, visit)?.contrasts.get(contrast)?.ok();
        self.of(row)?.iter().map(|own| of(own).ok_or_else(|| row.wrong("contrast", "that has no estimate"))).collect()
    }
}

fn per_imputation(references: &References, out: &mut Comparisons) -> Result<(), ReferenceError> {
    let imputed = Imputed::read(references)?;
    for row in references.table(&PER_IMPUTATION)?.rows() {
        let own = imputed.estimates(row)?.get(row.word("imp")? as usize - 1).copied().ok_or("no such imputation");
        let Some(own) = out.given(row, "estimate", own)? else { continue };
        out.near(CLOSED, row, "estimate", "estimate", own.value)?;
        out.near(CLOSED, row, "standard error", "se", own.std_error)?;
    }
    Ok(())
}

fn pooled(references: &References, out: &mut Comparisons) -> Result<(), ReferenceError> {
    let imputed = Imputed::read(references)?;
    for row in references.table(&POOLED)?.rows() {
        let own = imputed.estimates(row)?;
        let answers = own.iter().map(|own| (own.value, own.std_error.powi(2)));
        let own = Pooled::of(answers, row.number("df_complete")?).ok_or("nothing to pool");
        let Some(own) = out.given(row, "qbar", own)? else { continue };
        out.same(row, "imputations", "m", own.n_imputations as f64)?;
        let t = own.value / own.std_error();
        let half_width = distributions::t_two_sided_quantile(0.05, own.df) * own.std_error();
        for (quantity, column, number) in [
            ("estimate", "qbar", own.value),
            ("variance within", "ubar", own.within),
            ("variance between", "b", own.between),
            ("total variance", "t_total", own.total),
            ("standard error", "se", own.std_error()),
            ("relative increase", "riv", own.increase),
            ("share of variance", "lambda", own.share),
            ("degrees of freedom", "df", own.df),
            ("missing information", "fmi", own.fmi),
            ("t", "t", t),
            ("p", "p", distributions::t_two_sided_p(t, own.df)),
        ] {
            out.near(CLOSED, row, quantity, column, number)?;
        }
        out.near_on(CLOSED_LIMITS, row, "limits", "lower", own.value - half_width, own.std_error())?;
        out.near_on(CLOSED_LIMITS, row, "limits", "upper", own.value + half_width, own.std_error())?;
    }
    Ok(())
}

fn joint(references: &References, out: &mut Comparisons) -> Result<(), ReferenceError> {
    let imputed = Imputed::read(references)?;
    for row in references.table(&JOINT)?.rows() {
        let visit = synthetic::visit(row)?;
        let (mut values, mut covariances, mut df) = (Vec::new(), Vec::new(), f64::NAN);
        for fit in imputed.of(row)?.iter().filter_map(|analysis| analysis.fit(0, visit)) {
            // The first two contrasts are those with the reference.
            values.extend(fit.contrasts[..2].iter().flatten().map(|own| own.value));
            covariances.extend([0, 1, 3, 4].iter().filter_map(|&cell| fit.covariance.get(cell)));
            df = fit.df;
        }
        let test = pooled_joint_test(2, &values, &covariances, df).ok_or("no test");
        let Some(test) = out.given(row, "F", test)? else { continue };
        out.near(CLOSED, row, "F", "F", test.f)?;
        out.near(CLOSED, row, "degrees of freedom", "df1", test.df_arms)?;
        out.near(CLOSED, row, "degrees of freedom", "df2", test.df_residual)?;
        out.near(CLOSED, row, "p", "p", test.p_value)?;
    }
    Ok(())
}

/// The changes from baseline in the trial with monotone dropout, its first two arms alone.
fn two_arms(references: &References) -> Result<TrialData, ReferenceError> {
    let all = DataSets::read(references)?.trial(1, true)?;
    let chosen: Vec<usize> = (0..all.n_participants()).filter(|&i| all.arm[i] < 2).collect();
    let mut outcome = crate::trial::OutcomeData::empty(chosen.len(), VISITS.len());
    for (i, &participant) in chosen.iter().enumerate() {
        (0..VISITS.len()).for_each(|visit| outcome.set(i, visit, all.outcomes[0].value(participant, visit)));
    }
    let layout = Layout { arms: all.layout.arms[..2].to_vec(), ..(*all.layout).clone() };
    let arm = chosen.iter().map(|&participant| all.arm[participant]).collect();
    Ok(TrialData { layout: Arc::new(layout), arm, outcomes: vec![outcome], ..all })
}

fn jackknife(references: &References, out: &mut Comparisons) -> Result<(), ReferenceError> {
    const STRATEGIES: [(&str, MissingStrategy); 4] = [
        ("MAR", MissingStrategy::Mar),
        ("JR", MissingStrategy::JumpToReference),
        ("CR", MissingStrategy::CopyReference),
        ("CIR", MissingStrategy::CopyIncrements),
    ];
    let trial = two_arms(references)?;
    let analysis = |strategy| {
        let rule = ImputationRule { arms: Vec::new(), cause: Cause::Lost, strategy, reference: 0 };
        let imputation = Imputation { rules: vec![rule], ..Imputation::at_random(Imputing::Jackknife) };
        let contrasts: Vec<Contrast> = CONTRASTS[..1].to_vec();
        analyse(&Plan { contrasts, imputation: Some(imputation), ..synthetic::plan() }, &trial)
    };
    for rows in references.table(&JACKKNIFE)?.grouped(&["strategy"]) {
        let analysis = analysis(rows[0].meaning("strategy", &STRATEGIES)?);
        for row in rows {
            let parameter = row.text("parameter")?;
            let visit = VISITS.iter().position(|(name, _)| parameter.ends_with(name));
            let fit = visit.and_then(|visit| analysis.fit(0, visit)).ok_or("no fit at the visit");
            let Some(fit) = out.given(row, "est", fit)? else { continue };
            let own = match parameter.split('_').nth(1) {
                Some("alt") => {
                    fit.adjusted_means[1].as_ref().map(|own| (own.value, own.std_error, own.lower, own.upper))
                }
                Some("ref") => {
                    fit.adjusted_means[0].as_ref().map(|own| (own.value, own.std_error, own.lower, own.upper))
                }
                _ => fit.contrasts[0].as_ref().map(|own| (own.value, own.std_error, own.lower, own.upper)),
            };
            let Some((value, std_error, lower, upper)) = out.given(row, "est", own)? else { continue };
            let (estimate, error) = (row.number("est")?, row.number("se")?);
            out.near_on(LOOSE, row, "estimate", "est", value, error)?;
            out.near(LOOSE_ERRORS, row, "standard error", "se", std_error)?;
            // Both ends of the interval follow from its middle, which is the estimate, and half its width.
            let half = 0.5 * (row.number("uci")? - row.number("lci")?);
            let width = ["half the interval", "uci"];
            out.near_derived(LOOSE_ERRORS, row, width, 0.5 * (upper - lower) / half, 1.0)?;
            let p = distributions::t_two_sided_p(estimate / error, f64::INFINITY);
            out.near(CLOSED, row, "p from the stored estimate", "pval", p)?;
        }
    }
    Ok(())
}

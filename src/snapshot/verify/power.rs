//! Power by formula against R, and by simulation against another program's simulation of the same design.

use super::references::stored;
use super::{Check, Comparisons, EXACT, Method, ReferenceError, References, Row, Stored, Tolerance};
use crate::operating_characteristics::evaluate;
use crate::operating_characteristics::sample_size::closed_form::{Tails, TwoArms, one_way, smallest_per_arm};
use crate::scenario;

const T: Tolerance = Tolerance::in_units(1e-10, "absolute", "R's noncentral t ends there");
const F: Tolerance = Tolerance::in_units(1e-8, "absolute", "R's noncentral F is good for 1e-9");
const SIZE: Tolerance =
    Tolerance::relative(1e-4, "power.t.test stops its search at the fourth root of the precision of a double");
const SIMULATED: Tolerance = Tolerance::in_units(
    3.0,
    "Monte Carlo standard errors",
    "two simulations of 20,000 trials each, with random numbers of their own",
);

static CLOSED_FORM: Stored = stored!("power/closed_form.csv", 340);
static REFERENCE_JOB: Stored = stored!("power/power.csv", 6);

/// The scenario that the other program simulated.
const SCENARIO: &str = "reference-job";
/// Simulated trials, as many as the other program's.
const REPLICATES: u64 = 20_000;

pub(super) static METHOD: Method = Method {
    name: "power",
    title: "Power: closed forms and simulation",
    source: "R 4.2.2 (pt, pf, power.t.test), NumPy 2.4.6, SciPy 1.17.1",
    covers: &[],
    checks: &[
        Check {
            file: &CLOSED_FORM,
            recomputed: "power of t tests, covariance, analysis of variance and equivalence, and sizes for a power",
            left_out: 0,
            tolerances: &[T, F, SIZE, EXACT],
            run: closed_form,
        },
        Check {
            file: &REFERENCE_JOB,
            recomputed: "20,000 trials of scenarios/reference-job.toml simulated and analysed here",
            left_out: 0,
            tolerances: &[SIMULATED],
            run: reference_job,
        },
    ],
};

fn closed_form(references: &References, out: &mut Comparisons) -> Result<(), ReferenceError> {
    for row in references.table(&CLOSED_FORM)?.rows() {
        let (difference, sd, alpha) = (row.number("difference")?, row.number("sd")?, row.number("alpha")?);
        let design = row.text("design")?;
        if design == "n_per_arm" {
            size(row, out, |n| TwoArms::equal(n, difference, sd).t_test(alpha, Tails::Both))?;
            continue;
        }
        let arms = TwoArms { n: [row.number("n1")?, row.number("n2")?], difference, sd };
        let (power, tolerance) = match design {
            "t_both_tails" => (arms.t_test(alpha, Tails::Both), T),
            "t_upper_of_both_tails" => (arms.t_test(alpha, Tails::UpperOfBoth), T),
            "t_one_sided" => (arms.t_test(alpha, Tails::One), T),
            "ancova" => (arms.ancova(row.number("correlation")?, alpha, Tails::Both), T),
            "normal" => (arms.normal(alpha, Tails::Both), T),
            "one_way" => {
                let means = [0.0, difference, 0.9 * difference];
                (one_way(&means.map(|mean| (arms.n[0], mean)), sd, alpha), F)
            }
            "equivalence" => (arms.equivalence(row.number("margin")?, alpha), T),
            _ => return Err(row.wrong("design", "which is not a design of the list")),
        };
        out.near_on(tolerance, row, design, "value", power, 1.0)?;
    }
    Ok(())
}

/// The size at which power rises through its target: not rounded, by halving, and the whole number of participants.
fn size(row: Row, out: &mut Comparisons, power: impl Fn(f64) -> f64) -> Result<(), ReferenceError> {
    let (target, value) = (row.number("target")?, row.number("value")?);
    let (mut low, mut high) = (0.5 * value, 2.0 * value);
    for _ in 0..60 {
        let middle = 0.5 * (low + high);
        if power(middle) < target { low = middle } else { high = middle }
    }
    out.near(SIZE, row, "n_per_arm", "value", 0.5 * (low + high))?;
    let whole = smallest_per_arm(target, power).map_or(f64::NAN, |n| n as f64);
    out.near_derived(EXACT, row, ["whole number per arm", "value"], whole, value.ceil())
}

fn reference_job(references: &References, out: &mut Comparisons) -> Result<(), ReferenceError> {
    let table = references.table(&REFERENCE_JOB)?;
    let source = scenario::built_in(SCENARIO).ok_or("no such scenario");
    let loaded = source.and_then(|source| scenario::read(source, &[]).map_err(|_| "the scenario is not valid"));
    let first = table.rows().next();
    let Some(first) = first else { return Ok(()) };
    let Some(loaded) = out.given(first, "rejected", loaded)? else { return Ok(()) };
    let scenario = loaded.scenario;
    let performance = evaluate(&scenario, REPLICATES);
    let layout = &scenario.design.layout;
    for row in table.rows() {
        let week = row.number("visit_week")?;
        let visit = layout.visits.iter().position(|visit| visit.week == week);
        let visit = visit.ok_or_else(|| row.wrong("visit_week", "at which there is no visit"))?;
        let name = row.text("contrast")?;
        let position = scenario.plan.contrasts.iter().position(|&own| layout.contrast_name(own) == name);
        let position = position.ok_or_else(|| row.wrong("contrast", "which the scenario's plan does not have"))?;
        let measured = performance.visit(0, visit).ok_or("no performance at the visit");
        let Some(measured) = out.given(row, "rejected", measured)? else { continue };
        let rejected = &measured.contrasts[position].rejected;
        let (ours, n) = (rejected.share().unwrap_or(f64::NAN), row.number("replicates")?);
        let together = 0.5 * (ours + row.number("rejected")? / n);
        let error = (together * (1.0 - together) * (1.0 / rejected.of as f64 + 1.0 / n)).sqrt();
        // Counted in rejections of as many trials.
        out.near_on(SIMULATED, row, "rejections", "rejected", ours * n, error * n)?;
    }
    Ok(())
}

//! Power of the reference job, 20,000 replicates under its own seed, against another program's simulation of the same design.

use linger::operating_characteristics::evaluate;

use crate::{table, trials};

const REPLICATES: u64 = 20_000;

#[test]
fn power_of_the_reference_job_is_that_of_another_programs_simulation() {
    let scenario = trials::built_in("reference-job");
    let performance = evaluate(&scenario, REPLICATES);
    let layout = &scenario.design.layout;
    let rows = table::reference("power/power.csv");
    assert_eq!(rows.len(), 6);
    for row in rows {
        let week = row.number("visit_week");
        let visit = layout.visits.iter().position(|visit| visit.week == week).expect("a visit at the week");
        let named = |&contrast: &_| layout.contrast_name(contrast) == row.text("contrast");
        let position = scenario.plan.contrasts.iter().position(named).expect("the contrast");
        let contrast = &performance.visit(0, visit).expect("the visit").contrasts[position];
        assert_eq!(contrast.rejected.of, REPLICATES);
        let ours = contrast.rejected.share().expect("replicates");
        let n = row.number("replicates");
        let theirs = row.number("rejected") / n;
        let together = 0.5 * (ours + theirs);
        let error = (together * (1.0 - together) * (1.0 / REPLICATES as f64 + 1.0 / n)).sqrt();
        assert!(
            (ours - theirs).abs() <= 3.0 * error,
            "{} at week {week}: {ours} against {theirs}, standard error {error}",
            row.text("contrast")
        );
    }
}

//! Power of the reference job, 20,000 replicates under its own seed, against another program's simulation of the same design: all of it is
//! in the table of references.

use linger::report::qualification::failures_of;
use linger::snapshot::verify::{References, method};

#[test]
fn power_of_the_reference_job_is_that_of_another_programs_simulation() {
    let method = method("power").expect("a method of the table");
    let check = method.checks.iter().find(|check| check.file.name == "power/power.csv").expect("the simulation");
    let result = check.result(&References::compiled_in());
    assert!(result.holds(), "{:?}", failures_of(&result));
    // Three weeks, two contrasts; three standard errors of the difference.
    assert_eq!((result.quantities[0].n, result.quantities[0].tolerance.limit), (6, 3.0));
}

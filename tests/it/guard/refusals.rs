//! Kept results that are missing or belong to something else, cases that cannot be run, cases that nobody chose: exit codes 2, 3 and 4.

use super::{change, desk, kept, linger, without_times};
use crate::program::assert_kept;

#[test]
fn without_kept_results_everything_else_is_compared_and_the_code_is_3() {
    let desk = desk();
    let said = linger(&desk, "test");
    assert_eq!(said.code, 3, "{}", said.stdout);
    assert_kept("guard-nothing-kept", &without_times(&said.whole()));
    assert!(
        said.stdout.contains("inside Monte Carlo band") && said.stdout.contains("1 within bounds"),
        "{}",
        said.stdout
    );
    assert_eq!(desk.files("linger-out"), ["junit.xml", "new", "report.html", "summary.md"]);
    assert_eq!(desk.files("linger-out/new"), ["data.toml", "neck.toml"]);
    assert!(!desk.path("snapshots").exists());
    let junit = desk.read("linger-out/junit.xml");
    assert!(
        junit.contains("errors=\"2\"") && junit.contains("failures=\"0\"") && junit.contains("<skipped"),
        "{junit}"
    );
}

#[test]
fn results_of_another_scenario_are_not_compared_and_the_changed_setting_is_named() {
    let desk = kept();
    change(&desk, "neck.toml", "value = -1.8", "value = -1.5");
    let said = linger(&desk, "test");
    assert_eq!(said.code, 3, "{}", said.stdout);
    assert!(said.stdout.contains("✗ what is kept belongs to another scenario (hash "), "{}", said.stdout);
    assert!(said.stdout.contains("changed: arms.massage.effect.bothersomeness.value: -1.8 → -1.5"), "{}", said.stdout);
    assert!(said.stdout.contains("linger snapshot new neck --reason"), "{}", said.stdout);
    // The other case is compared, and passes.
    assert!(said.stdout.contains("data ") && said.stdout.contains("same"), "{}", said.stdout);
    // Values of it cannot be accepted one by one.
    let said = linger(&desk, "snapshot accept 'neck/*' --reason x");
    assert_eq!(said.code, 2);
    assert!(said.stderr.contains("linger snapshot new neck --reason"), "{}", said.stderr);
    // Kept anew, all is well.
    assert_eq!(linger(&desk, "snapshot new --reason 'a smaller effect'").code, 0);
    assert_eq!(linger(&desk, "test").code, 0);
}

#[test]
fn results_of_another_generator_number_of_replicates_or_data_are_not_compared() {
    let desk = kept();
    change(&desk, "snapshots/neck.toml", "generator = \"xoshiro256++", "generator = \"mt19937");
    let said = linger(&desk, "test --case neck");
    assert_eq!(
        (said.code, said.stdout.contains("another generator of random numbers (mt19937")),
        (3, true),
        "{}",
        said.stdout
    );
    let desk = kept();
    change(&desk, "linger-tests.toml", "replicates = 200", "replicates = 201");
    let said = linger(&desk, "test --case neck");
    assert_eq!(
        (said.code, said.stdout.contains("another number of replicates (200, now 201)")),
        (3, true),
        "{}",
        said.stdout
    );
    change(&desk, "plan.toml", "alpha = 0.05", "alpha = 0.01");
    let said = linger(&desk, "test --case data");
    assert_eq!((said.code, said.stdout.contains("changed: plan.alpha: 0.05 → 0.01")), (3, true), "{}", said.stdout);
    change(&desk, "data.csv", "1,Relaxation massage,10 weeks,12,4", "1,Relaxation massage,10 weeks,11,4");
    let said = linger(&desk, "test --case data");
    assert_eq!((said.code, said.stdout.contains("belongs to other data")), (3, true), "{}", said.stdout);
}

#[test]
fn a_case_that_cannot_be_run_does_not_stop_the_others() {
    let desk = kept();
    change(&desk, "neck.toml", "baseline = { mean = 14, sd = 5 }", "baseline = { mean = 14, sd = -5, sdd = 1 }");
    let said = linger(&desk, "test");
    assert_eq!(said.code, 2, "{}", said.stdout);
    assert!(said.stdout.contains("neck   could not be run"), "{}", said.stdout);
    assert!(said.stdout.contains("error[L033]") && said.stdout.contains("error[L012]"), "{}", said.stdout);
    assert!(said.stdout.contains("same") && said.stdout.contains("1 case could not be run"), "{}", said.stdout);
    let junit = desk.read("linger-out/junit.xml");
    assert!(junit.contains("errors=\"1\"") && junit.contains("L033"), "{junit}");
    assert!(desk.read("linger-out/summary.md").contains("L033"));
    assert!(desk.read("linger-out/report.html").contains("L033"));
    // A kept file that is torn is such a case too.
    let desk = kept();
    let text = desk.read("snapshots/neck.toml");
    desk.write("snapshots/neck.toml", &text[..text.len() / 2]);
    let said = linger(&desk, "test");
    assert_eq!(said.code, 2);
    assert!(said.stdout.contains("neck   could not be run") && said.stdout.contains("error[L0"), "{}", said.stdout);
    // A bad cell is one that reads the file of data.
    let desk = kept();
    change(&desk, "data.csv", "1,Relaxation massage,10 weeks,12,4", "1,Relaxation massage,10 weeks,twelve,4");
    let said = linger(&desk, "test --case data");
    assert_eq!((said.code, said.stdout.contains("twelve")), (2, true), "{}", said.stdout);
}

#[test]
fn a_choice_of_no_case_is_4_and_names_the_cases() {
    let desk = desk();
    let said = linger(&desk, "test --case nekc");
    assert_eq!(said.code, 4);
    assert_eq!(
        said.stderr,
        "error: no case is named nekc; did you mean neck?\n  cases of linger-tests.toml: neck, data\n"
    );
    assert!(!desk.path("linger-out").exists());
    let tests = desk.read("linger-tests.toml");
    desk.write("linger-tests.toml", &format!("[profile.quick]\ncases = [\"d*\"]\n{tests}"));
    let said = linger(&desk, "test --profile quick --case neck");
    assert_eq!((said.code, said.stderr.contains("profile quick runs d* only")), (4, true), "{}", said.stderr);
    let said = linger(&desk, "test --profile quick");
    assert_eq!((said.code, said.stdout.contains("neck")), (3, false), "{}", said.stdout);
    let said = linger(&desk, "test --profile quik");
    assert_eq!((said.code, said.stderr.contains("did you mean quick?")), (2, true), "{}", said.stderr);
}

#[test]
fn several_cases_are_chosen_by_name_and_pattern() {
    let desk = kept();
    let both = linger(&desk, "test --case neck data").fine();
    assert!(both.contains("neck ") && both.contains("data "), "{both}");
    let one = linger(&desk, "test --case 'n*'").fine();
    assert!(one.contains("neck ") && !one.contains("data "), "{one}");
}

#[test]
fn without_a_file_the_error_shows_how_one_begins() {
    let said = linger(&crate::program::Desk::new(), "test");
    assert_eq!(said.code, 2);
    assert!(
        said.stderr.contains("there is no linger-tests.toml") && said.stderr.contains("[[case]]"),
        "{}",
        said.stderr
    );
    // What it shows is a file that works.
    let desk = crate::program::Desk::new();
    desk.write("linger-tests.toml", linger::scenario::EXAMPLE_OF_TESTS);
    assert_eq!(linger(&desk, "test -q").code, 3);
}

#[test]
fn settings_of_cases_are_not_laid_over() {
    let said = linger(&desk(), "test -s alpha=0.01");
    assert_eq!((said.code, said.stderr.contains("--set does not apply here")), (2, true), "{}", said.stderr);
}

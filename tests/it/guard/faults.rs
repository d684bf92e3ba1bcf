//! Numbers that moved, and numbers that did not.

use serde_json::Value;

use super::{ESTIMATE, change, desk, kept, linger, number, put_fault, without_times};
use crate::program::assert_kept;

#[test]
fn what_is_as_it_was_kept_passes_thirty_times_whatever_the_documentation_says() {
    let desk = kept();
    for round in 0..30 {
        // What a reader is told, and nothing that is computed.
        change(
            &desk,
            "neck.toml",
            "title = \"Massage for chronic neck pain",
            "title = \"Massage for chronic neck pain,",
        );
        let text = desk.read("neck.toml");
        desk.write("neck.toml", &format!("# Round {round}.\n{text}"));
        let plan = desk.read("plan.toml");
        desk.write("plan.toml", &format!("{plan}\n# Round {round}.\n"));
        let said = linger(&desk, "test");
        assert_eq!(said.code, 0, "round {round}\n{}{}", said.stdout, said.stderr);
        assert!(said.stdout.ends_with("comparisons fine\n"), "{}", said.stdout);
        assert!(!said.stdout.contains("changed"), "{}", said.stdout);
    }
    assert_eq!(desk.files("linger-out"), ["junit.xml", "report.html", "summary.md"]);
}

#[test]
fn a_change_of_a_millionth_in_one_estimate_is_found_and_named() {
    let desk = kept();
    put_fault(&desk, "snapshots/neck.toml", ESTIMATE, 1e-6);
    let said = linger(&desk, "test");
    assert_eq!(said.code, 1, "{}", said.stderr);
    assert_eq!(said.stdout.matches(" ✗ ").count(), 1, "{}", said.stdout);
    assert!(said.stdout.contains(&format!("  ✗ {ESTIMATE}\n")), "{}", said.stdout);
    assert!(said.stdout.contains("moved -1e-6"), "{}", said.stdout);
    assert!(said.stdout.contains("1 failed of "), "{}", said.stdout);
    assert_kept("guard-fault", &without_times(&said.whole()));
    // One in a data file as well: each is named, and neither hides the other.
    put_fault(&desk, "snapshots/data.toml", "rdq.wk26.structural-usual_care.std_error", -1e-6);
    let said = linger(&desk, "test");
    assert_eq!(said.code, 1);
    assert!(said.stdout.contains(ESTIMATE) && said.stdout.contains("2 failed of "), "{}", said.stdout);
    assert!(said.stdout.contains("rdq.wk26.structural-usual_care.std_error"), "{}", said.stdout);
}

#[test]
fn a_change_within_tolerance_passes_and_is_called_so() {
    let desk = kept();
    let size = number(&desk, "snapshots/neck.toml", ESTIMATE).abs();
    put_fault(&desk, "snapshots/neck.toml", ESTIMATE, 5e-10 * size);
    let said = linger(&desk, "test");
    assert_eq!(said.code, 0, "{}", said.stdout);
    assert!(said.stdout.contains("1 changed within tolerance"), "{}", said.stdout);
    // A tolerance of its own, with its reason, takes a larger one.
    put_fault(&desk, "snapshots/neck.toml", ESTIMATE, 1e-4);
    assert_eq!(linger(&desk, "test").code, 1);
    let row = "tolerance = [{ ids = \"*.estimate\", atol = 1e-3, why = \"read from a figure\" }]";
    change(&desk, "linger-tests.toml", "expect =", &format!("{row}\nexpect ="));
    assert_eq!(linger(&desk, "test").code, 0);
    put_fault(&desk, "snapshots/neck.toml", &ESTIMATE.replace("estimate", "std_error"), 1e-4);
    assert_eq!(linger(&desk, "test").code, 1);
}

#[test]
fn another_seed_passes_monte_carlo_comparisons_and_fails_exact_ones() {
    let desk = kept();
    let said = linger(&desk, "test --case neck --seed 7 --format json");
    assert_eq!(said.code, 1, "{}", said.stderr);
    let document: Value = serde_json::from_str(&said.stdout).unwrap();
    let rows = document["results"].as_array().unwrap();
    let of = |what: &str| rows.iter().filter(|row| row["compared_with"] == what).collect::<Vec<_>>();
    assert!(of("target").len() >= 18 && of("target").iter().all(|row| row["severity"] != "failure"));
    assert!(of("bounds").iter().all(|row| row["verdict"] == "within bounds") && of("bounds").len() == 1);
    let changed: Vec<_> = of("kept").into_iter().filter(|row| row["verdict"] == "changed").collect();
    assert!(changed.len() * 3 > of("kept").len(), "{} of {}", changed.len(), of("kept").len());
    for row in &changed {
        let words = row["in_words"].as_str().unwrap();
        assert!(words.contains("an exact comparison needs the seed of the kept numbers"), "{words}");
    }
    assert_eq!(document["cases"][0]["first_suspect"], "the seed: 7 instead of 20110705");
    // Numbers of another seed are never offered to be kept.
    assert_eq!(desk.files("linger-out"), ["junit.xml", "report.html", "summary.md"]);
    assert_eq!(linger(&desk, "test --case neck --seed 7 --only monte-carlo").code, 0);
    // The seed of the scenario, said, is no other seed.
    assert_eq!(linger(&desk, "test --case neck --seed 20110705").code, 0);
}

#[test]
fn a_fresh_seed_is_said_and_can_be_used_again() {
    let desk = kept();
    let said = linger(&desk, "test --profile nightly --case neck");
    assert_eq!(said.code, 0, "{}{}", said.stdout, said.stderr);
    assert!(!said.stdout.contains("same"), "{}", said.stdout);
    let seed = said.stderr.split_once("fresh seed ").unwrap().1.split_once(':').unwrap().0.to_owned();
    let again = linger(&desk, &format!("test --case neck --only monte-carlo --seed {seed}"));
    assert_eq!(without_times(&again.stdout), without_times(&said.stdout));
    let other = linger(&desk, "test --profile nightly --case neck").stderr;
    assert!(!other.contains(&seed), "{other}");
    // Asked for with exact comparisons, those fail and say why.
    let said = linger(&desk, "test --fresh-seed --case neck");
    assert_eq!(said.code, 1);
    assert!(said.stdout.contains("an exact comparison needs the seed of the kept numbers"), "{}", said.stdout);
}

#[test]
fn a_measure_off_its_target_fails_and_one_on_it_does_not() {
    let desk = desk();
    // People are lost because they are worse, and those who are left are taken for everybody.
    let case = "[[case]]\nname = \"lost\"\nscenario = \"mnar-dropout\"\nreplicates = 600\n\
                set = [\"dropout.every_arm=[0.3, 0.35, 0.4]\", \"dropout.depends_on.per_point=0.4\"]\nchecks = [\"bias\"]\n";
    desk.write("linger-tests.toml", case);
    let said = linger(&desk, "test");
    assert_eq!(said.code, 1, "{}", said.stdout);
    assert!(said.stdout.contains("outside Monte Carlo band"), "{}", said.stdout);
    assert!(said.stdout.contains(".bias  ") && said.stdout.contains("target 0"), "{}", said.stdout);
    desk.write(
        "linger-tests.toml",
        &case.replace("mnar-dropout", "no-effect").replace("set = ", "# ").replace("\"bias\"", "\"type_one_error\""),
    );
    let said = linger(&desk, "test");
    assert_eq!(said.code, 0, "{}", said.stdout);
    assert!(said.stdout.contains("inside Monte Carlo band"), "{}", said.stdout);
}

#[test]
fn a_check_that_finds_nothing_to_compare_fails_and_says_so() {
    let desk = desk();
    desk.write(
        "linger-tests.toml",
        "[[case]]\nname = \"neck\"\nscenario = \"plain\"\nreplicates = 64\nchecks = [\"type_one_error\"]\n",
    );
    let said = linger(&desk, "test");
    assert_eq!(said.code, 1);
    assert!(said.stdout.contains("no contrast of the plan has a true value of 0"), "{}", said.stdout);
}

#[test]
fn an_expectation_fails_outside_its_bounds_and_where_its_quantity_is_unknown() {
    let desk = kept();
    change(&desk, "linger-tests.toml", "between = [-2, -1]", "between = [-1, 0]");
    let said = linger(&desk, "test");
    assert_eq!(said.code, 1);
    assert!(said.stdout.contains("expected between -1 and 0 (relief while sessions last)"), "{}", said.stdout);
    assert!(said.stdout.contains("1 outside bounds"), "{}", said.stdout);
    change(&desk, "linger-tests.toml", "massage-book.mean_estimate\"", "masage-book.mean_estimate\"");
    let said = linger(&desk, "test");
    assert_eq!(said.code, 1);
    let meant = "did you mean bothersomeness.wk4.massage-book.mean_estimate?";
    assert!(said.stdout.contains(meant), "{}", said.stdout);
}

#[test]
fn a_fit_that_fails_is_a_failed_quantity_with_its_reason() {
    let desk = kept();
    // Nobody of one arm comes to the last visit.
    let text: String = desk
        .read("data.csv")
        .lines()
        .filter(|line| !line.contains("Structural massage,1 year"))
        .map(|line| format!("{line}\n"))
        .collect();
    desk.write("data.csv", &text);
    let said = linger(&desk, "snapshot new data --reason 'without the last visit of one arm'");
    assert_eq!(said.code, 0, "{}", said.stderr);
    let kept = desk.read("snapshots/data.toml");
    let block = kept.split_once("[quantity.\"rdq.wk52.structural-usual_care.estimate\"]\n").unwrap().1;
    assert!(block.starts_with("nothing = \""), "{block}");
    // As it was kept, it is the same; where a number was kept, it is missing, and the others are compared all the same.
    assert_eq!(linger(&desk, "test").code, 0);
    let reason = block.lines().next().unwrap();
    let head = "[quantity.\"rdq.wk52.structural-usual_care.estimate\"]\n";
    change(&desk, "snapshots/data.toml", &format!("{head}{reason}"), &format!("{head}value = -1.25"));
    let said = linger(&desk, "test");
    assert_eq!(said.code, 1);
    assert!(
        said.stdout.contains("1 missing") && said.stdout.contains("kept  -1.25      now  no number: "),
        "{}",
        said.stdout
    );
}

#[test]
fn what_is_new_and_what_is_missing_fails() {
    let desk = kept();
    // More is compared than was kept, and something else no longer.
    change(&desk, "linger-tests.toml", "\"p_values\", \"adjusted_means\", ", "");
    change(
        &desk,
        "linger-tests.toml",
        "\"mean_estimates\", \"power\"",
        "\"mean_estimates\", \"power\", \"convergence\"",
    );
    let said = linger(&desk, "test");
    assert_eq!(said.code, 1);
    assert!(said.stdout.contains(" 54 missing"), "{}", said.stdout);
    assert!(said.stdout.contains(" 6 new"), "{}", said.stdout);
    assert!(said.stdout.contains("and 34 more"), "{}", said.stdout);
}

//! Results compared with kept ones: faults put into kept files by hand are found, named and told in every form; what is no fault is not.

mod accepting;
mod faults;
mod files;
mod mistakes;
mod refusals;
mod workflows;

use linger::scenario::built_in;

use crate::program::{Desk, Said};

/// Two cases that take no time: a scenario of its own file, and the example of a data file.
pub const TESTS: &str = r#"[defaults]
replicates = 200

[[case]]
name = "neck"
scenario = "neck.toml"
checks = ["estimates", "standard_errors", "flow_counts", "mean_estimates", "power", "coverage", "bias", "model_se"]
expect = [{ id = "bothersomeness.wk4.massage-book.mean_estimate", between = [-2, -1], why = "relief while sessions last" }]

[[case]]
name = "data"
data = "data.csv"
columns = "columns.toml"
plan = "plan.toml"
checks = ["estimates", "standard_errors", "intervals", "p_values", "adjusted_means", "flow_counts"]
"#;

/// The estimate that faults are put into.
pub const ESTIMATE: &str = "bothersomeness.wk10.massage-book.estimate";

/// A desk with the cases, nothing kept yet.
pub fn desk() -> Desk {
    let desk = Desk::new();
    desk.write("linger-tests.toml", TESTS);
    desk.write("neck.toml", built_in("neck-pain").unwrap().text());
    for name in ["data.csv", "columns.toml", "plan.toml"] {
        let text = std::fs::read_to_string(format!("data/example-trial/{name}")).unwrap();
        desk.write(name, &text);
    }
    desk
}

/// A desk with the cases, all of it kept.
pub fn kept() -> Desk {
    let desk = desk();
    let said = linger(&desk, "snapshot new --reason 'first kept'");
    assert_eq!(said.code, 0, "{}", said.stderr);
    desk
}

/// Runs the program on the desk as it is in no continuous integration, on 26 November 2025.
pub fn linger(desk: &Desk, arguments: &str) -> Said {
    desk.linger_with(arguments, &[("CI", ""), ("GITHUB_ACTIONS", ""), ("SOURCE_DATE_EPOCH", "1764115200")])
}

/// Changes the text of a file on the desk; what is to be replaced is there.
pub fn change(desk: &Desk, file: &str, from: &str, to: &str) {
    let text = desk.read(file);
    assert!(text.contains(from), "{from} is not in {file}");
    desk.write(file, &text.replacen(from, to, 1));
}

/// The kept number of a quantity, as it is written.
pub fn number(desk: &Desk, file: &str, id: &str) -> f64 {
    let text = desk.read(file);
    let block = text.split_once(&format!("[quantity.\"{id}\"]\n")).unwrap_or_else(|| panic!("{id} is not in {file}")).1;
    let line = block.lines().find_map(|line| line.strip_prefix("value = ")).unwrap();
    line.parse().unwrap()
}

/// Moves a kept number by hand.
pub fn put_fault(desk: &Desk, file: &str, id: &str, by: f64) {
    let kept = number(desk, file, id);
    let head = format!("[quantity.\"{id}\"]\nvalue = ");
    change(desk, file, &format!("{head}{kept:?}\n"), &format!("{head}{:?}\n", kept + by));
}

/// What a run said, without how long it took.
pub fn without_times(text: &str) -> String {
    let line = |line: &str| match line.rsplit_once("   ") {
        Some((before, after)) if after.trim().ends_with(" s") => format!("{}   … s\n", before.trim_end()),
        _ => format!("{line}\n"),
    };
    text.lines().map(line).collect()
}

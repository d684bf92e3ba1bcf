//! Workflows for continuous integration: a YAML reader reads them, a shell runs their commands.

use std::process::Command;

use saphyr::{LoadableYamlNode, YamlOwned};

use super::{kept, linger};
use crate::program::Desk;

fn workflow(arguments: &str) -> YamlOwned {
    let text = linger(&Desk::new(), &format!("generate ci {arguments}")).fine();
    let mut documents = YamlOwned::load_from_str(&text).unwrap_or_else(|error| panic!("{error}\n{text}"));
    assert_eq!(documents.len(), 1);
    documents.remove(0)
}

fn text(node: &YamlOwned) -> String {
    node.as_str().unwrap_or_else(|| panic!("no text: {node:?}")).to_owned()
}

/// Runs a command of a workflow on a desk, with the program on the path.
fn run(desk: &Desk, command: &str) -> i32 {
    let folder = std::path::Path::new(env!("CARGO_BIN_EXE_linger")).parent().unwrap();
    let path = format!("{}:{}", folder.display(), std::env::var("PATH").unwrap());
    let mut shell = Command::new("sh");
    shell.args(["-c", command]).current_dir(desk.path("")).env("PATH", path).env("CI", "true");
    shell.env("INSTALL", "exit 9").env_remove("GITHUB_ACTIONS");
    shell.output().unwrap().status.code().unwrap()
}

#[test]
fn the_workflow_for_github_is_yaml_whose_commands_run() {
    let document = workflow("github");
    let steps = document["jobs"]["test"]["steps"].as_sequence().unwrap();
    assert_eq!(text(&document["jobs"]["test"]["runs-on"]), "ubuntu-latest");
    let uses: Vec<&str> = steps.iter().filter_map(|step| step.as_mapping_get("uses")?.as_str()).collect();
    assert_eq!(uses, ["actions/checkout@v4", "actions/cache@v4", "actions/upload-artifact@v4"]);
    // What was written is kept whatever came of it.
    let last = steps.last().unwrap();
    assert_eq!(text(&last["if"]), "${{ !cancelled() }}");
    assert_eq!(text(&last["with"]["path"]), "linger-out/");
    let commands: Vec<String> =
        steps.iter().filter_map(|step| Some(step.as_mapping_get("run")?.as_str()?.to_owned())).collect();
    assert_eq!(commands[1..], ["linger test --profile ci", "linger test --profile nightly"]);
    let desk = kept();
    assert_eq!(commands.iter().map(|command| run(&desk, command)).collect::<Vec<_>>(), [0, 0, 0]);
    assert_eq!(desk.files("linger-out"), ["junit.xml", "report.html", "summary.md"]);
}

#[test]
fn the_workflow_for_gitlab_is_yaml_that_hands_the_junit_file_over() {
    let document = workflow("gitlab");
    let base = &document[".linger"];
    assert_eq!(text(&base["artifacts"]["when"]), "always");
    assert_eq!(text(&base["artifacts"]["reports"]["junit"]), "linger-out/junit.xml");
    let desk = kept();
    for (job, command) in [("linger", "linger test --profile ci"), ("linger-nightly", "linger test --profile nightly")]
    {
        assert_eq!(text(&document[job]["extends"]), ".linger");
        assert_eq!(text(&document[job]["script"][0]), command);
        assert_eq!(run(&desk, command), 0);
    }
    let before: Vec<String> = base["before_script"].as_sequence().unwrap().iter().map(text).collect();
    assert_eq!(run(&desk, &before.join("\n")), 0);
}

#[test]
fn names_that_mean_something_to_a_shell_or_to_yaml_are_quoted() {
    let desk = Desk::new();
    let nasty = "a: b's \"$(touch pwned)\" # {{ x }}";
    std::fs::create_dir(desk.path(nasty)).unwrap();
    let command = Command::new(env!("CARGO_BIN_EXE_linger"))
        .args(["generate", "ci", "github", "-q", "--install", nasty, "--file"])
        .arg(format!("{nasty}/tests.toml"))
        .output()
        .unwrap();
    let written = String::from_utf8(command.stdout).unwrap();
    let document = YamlOwned::load_from_str(&written).unwrap().remove(0);
    let steps = document["jobs"]["test"]["steps"].as_sequence().unwrap();
    assert_eq!(text(&steps[2]["env"]["INSTALL"]), nasty);
    desk.write(
        &format!("{nasty}/tests.toml"),
        "[[case]]\nname = \"a\"\nscenario = \"neck-pain\"\nchecks = [\"estimates\"]\n",
    );
    assert_eq!(run(&desk, &text(&steps[3]["run"])), 3);
    assert!(!desk.path("pwned").exists());
}

#[test]
fn the_project_guards_itself_with_every_built_in_scenario() {
    let path = std::path::Path::new("tests/guard/linger-tests.toml");
    let source = linger::scenario::source(path).unwrap();
    let tests = linger::scenario::read_tests(source, path.parent().unwrap()).unwrap();
    for built_in in linger::scenario::built_in_list() {
        let named = format!("{}.toml", built_in.name);
        let case = tests.cases.iter().find(|case| case.subject.named().ends_with(&named));
        let case = case.unwrap_or_else(|| panic!("{named} has no case in {}", path.display()));
        assert!(tests.snapshots.join(format!("{}.toml", case.name)).is_file(), "nothing is kept for {}", case.name);
    }
}

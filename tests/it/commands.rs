//! The commands as a user meets them: whole texts, exit codes, files, and what goes to which stream.

use serde_json::Value;

use super::program::{Desk, assert_kept};

#[test]
fn help_is_short_and_starts_with_examples() {
    assert_kept("overview", &Desk::new().linger("").whole());
    let text = Desk::new().linger("--help").fine();
    assert_kept("help", &text);
    // Two lines for each verb would be too many.
    assert!(text.lines().count() <= 40, "{text}");
}

#[test]
fn trial_without_a_file_tells_the_whole_story() {
    assert_kept("trial", &Desk::new().linger("trial").whole());
}

#[test]
fn quiet_leaves_the_result_alone() {
    let said = Desk::new().linger("trial -q");
    assert_eq!(said.stderr, "");
    assert_eq!(said.stdout, Desk::new().linger("trial").fine());
}

#[test]
fn global_options_work_before_and_after_the_verb() {
    let desk = Desk::new();
    assert_eq!(desk.linger("-q --seed 7 trial").fine(), desk.linger("trial -q --seed 7").fine());
    assert_ne!(desk.linger("trial -q --seed 7").fine(), desk.linger("trial -q --seed 8").fine());
}

#[test]
fn every_format_of_a_trial_is_whole() {
    let desk = Desk::new();
    assert_kept("trial-csv", &desk.linger("trial -q --format csv").fine());
    assert_kept("trial-md", &desk.linger("trial -q --format md").fine());
    assert_kept("trial-json", &desk.linger("trial -q --format json").fine());
}

#[test]
fn json_results_carry_their_keys() {
    let document: Value = serde_json::from_str(&Desk::new().linger("trial -q --format json").fine()).unwrap();
    assert_eq!(document["schema"], "linger.trial/1");
    assert_eq!(document["tool"]["version"], env!("CARGO_PKG_VERSION"));
    assert_eq!(document["seed"], 20_110_705);
    assert_eq!(document["scenario_hash"].as_str().unwrap().len(), 16);
    let rows = document["results"].as_array().unwrap();
    assert_eq!(rows.len(), 2 * 3 * 3);
    let keys = [
        "outcome",
        "visit_week",
        "contrast",
        "estimator",
        "estimate",
        "std_error",
        "df",
        "lower",
        "upper",
        "p_value",
        "adjusted_p_value",
        "n",
    ];
    for row in rows {
        for key in keys {
            assert!(row.get(key).is_some(), "{key} is missing in {row}");
        }
    }
    assert_eq!(rows[0]["contrast"], "relaxation - usual_care");
}

#[test]
fn output_to_a_file_takes_its_form_from_the_name() {
    let desk = Desk::new();
    let table = desk.linger("trial -q").fine();
    desk.linger("trial -q -o result.txt").fine();
    assert_eq!(desk.read("result.txt"), table);
    desk.linger("trial -q -o result.json").fine();
    assert!(desk.read("result.json").starts_with("{\n  \"schema\": \"linger.trial/1\""));
    let said = desk.linger("trial -q -o result.docx");
    assert_eq!(said.code, 2);
    assert!(said.stderr.contains("end it in .json, .csv, .md or .txt"), "{}", said.stderr);
}

#[test]
fn output_to_a_folder_holds_everything_and_reads_back() {
    let desk = Desk::new();
    let said = desk.linger("trial -o out/");
    assert_eq!(said.code, 0, "{}", said.stderr);
    assert_eq!(
        desk.files("out"),
        [
            "columns.toml",
            "dictionary.json",
            "dictionary.md",
            "fade-bothersomeness.svg",
            "fade-rdq.svg",
            "flow.svg",
            "means-bothersomeness.svg",
            "means-rdq.svg",
            "participants.parquet",
            "result.json",
            "scenario.toml",
            "subjects.parquet",
        ]
    );
    // The written scenario is the scenario: it gives the same result.
    assert_eq!(
        desk.linger("trial out/scenario.toml -q --format csv").fine(),
        desk.linger("trial -q --format csv").fine()
    );
    // The written participants are the participants: analysing the file gives the same numbers.
    let trial: Value = serde_json::from_str(&desk.read("out/result.json")).unwrap();
    desk.write("plan.toml", "outcomes = [\"rdq\", \"bothersomeness\"]\ncontrasts = [\"relaxation - usual_care\", \"structural - usual_care\", \"relaxation - structural\"]\n");
    let again = desk
        .linger("analyse out/participants.parquet --columns out/columns.toml --plan plan.toml -q --format json")
        .fine();
    let again: Value = serde_json::from_str(&again).unwrap();
    assert_eq!(again["results"], trial["results"]);
}

#[test]
fn validate_says_what_is_there() {
    let desk = Desk::new();
    assert_kept("validate", &desk.linger("validate reference-job").whole());
    desk.write("trial.toml", "schema_version = 2\n[trial]\nper_arm = { a = 10, b = 1 }\nvisits_weeks = [0, 10]\n[outcomes.x]\nrange = [0, 10]\nbaseline = { mean = 5, sd = 2 }\n");
    assert_kept("validate-problems", &desk.linger("validate trial.toml").whole());
    let json: Value = serde_json::from_str(&desk.linger("validate trial.toml --format json").stdout).unwrap();
    assert_eq!(json["valid"], false);
    assert!(json["results"].as_array().unwrap().len() >= 2);
}

#[test]
fn a_typo_in_set_is_named_and_nothing_runs() {
    assert_kept("set-typo", &Desk::new().linger("trial -s arms.relaxtion.sessions=20").whole());
}

#[test]
fn an_unknown_scenario_is_named_with_the_nearest() {
    assert_kept("unknown-scenario", &Desk::new().linger("trial no-efect").whole());
}

#[test]
fn show_gives_every_setting_with_its_origin() {
    let desk = Desk::new();
    let text = desk.linger("show small-pilot -s arms.relaxation.sessions=20").fine();
    assert_kept("show", &text);
    assert!(text.lines().any(|line| line.contains("arms.relaxation.sessions = 20") && line.contains("(--set)")));
    desk.write("again.toml", &text);
    let first = desk.linger("trial small-pilot -s arms.relaxation.sessions=20 -q --format csv").fine();
    assert_eq!(first, desk.linger("trial again.toml -q --format csv").fine());
}

#[test]
fn init_writes_a_scenario_that_is_valid_and_spares_what_is_there() {
    let desk = Desk::new();
    assert_kept("init", &desk.linger("init boosters-monthly").whole());
    assert_eq!(desk.files(""), ["linger.schema.json", "trial.toml"]);
    desk.linger("validate trial.toml").fine();
    desk.write("trial.toml", "mine");
    let said = desk.linger("init");
    assert_eq!(said.code, 2);
    assert_eq!(desk.read("trial.toml"), "mine");
    desk.linger("init --force").fine();
    assert_ne!(desk.read("trial.toml"), "mine");
    // A run that was broken off has left the schema alone: the next one goes on.
    std::fs::remove_file(desk.path("trial.toml")).unwrap();
    desk.linger("init").fine();
    std::fs::remove_file(desk.path("trial.toml")).unwrap();
    desk.write("linger.schema.json", "mine");
    assert_eq!(desk.linger("init").code, 2);
    assert_eq!(desk.read("linger.schema.json"), "mine");
    assert_kept("init-list", &desk.linger("init --list").fine());
}

#[test]
fn generate_writes_completions_manual_and_schemas() {
    let desk = Desk::new();
    for shell in ["bash", "zsh", "fish", "elvish", "powershell"] {
        assert!(desk.linger(&format!("generate completions {shell}")).fine().contains("analyse"), "{shell}");
    }
    assert!(desk.linger("generate man").fine().starts_with(".ie"));
    desk.linger("generate man -o man/").fine();
    assert!(desk.files("man").contains(&"linger-trial.1".to_owned()));
    for kind in ["scenario", "plan", "columns"] {
        let schema: Value =
            serde_json::from_str(&desk.linger(&format!("generate schema --for {kind}")).fine()).unwrap();
        assert!(schema["properties"].as_object().unwrap().len() > 3, "{kind}");
    }
}

#[test]
fn plot_writes_svg_to_files_and_to_standard_output() {
    let desk = Desk::new();
    for picture in ["flow", "means", "fade"] {
        let text = desk.linger(&format!("plot {picture} -q")).fine();
        assert!(text.starts_with("<svg") && text.trim_end().ends_with("</svg>"), "{picture}");
        desk.linger(&format!("plot {picture} -o {picture}.svg")).fine();
        assert_eq!(desk.read(&format!("{picture}.svg")), text);
        assert_ne!(desk.linger(&format!("plot {picture} -q --dark")).fine(), text);
    }
    assert_kept("plot-list", &desk.linger("plot --list").fine());
    assert_eq!(desk.linger("plot fade -o fade.gif").code, 2);
    let said = desk.linger("plot fade --outcome rqd");
    assert!(said.code == 2 && said.stderr.contains("did you mean rdq?"), "{}", said.stderr);
}

#[test]
fn simulate_writes_the_same_participants_in_every_form() {
    let desk = Desk::new();
    let csv = desk.linger("simulate -q").fine();
    assert!(
        csv.starts_with("participant,arm,outcome,visit_week,value,baseline,change,sex,therapist\n"),
        "{}",
        &csv[..80]
    );
    desk.linger("simulate -o p.csv").fine();
    assert_eq!(desk.read("p.csv"), csv);
    desk.linger("simulate -o p.parquet --names adam").fine();
    assert!(desk.linger("simulate -q --names adam").fine().starts_with("USUBJID,TRT01P,PARAMCD,"));
    // Replicates and seeds are others; threads are not.
    assert_ne!(desk.linger("simulate -q --replicate 1").fine(), csv);
    for jobs in [1, 2, 8] {
        assert_eq!(desk.linger(&format!("simulate -q -j {jobs}")).fine(), csv);
    }
    let from_csv = desk.linger("analyse p.csv -q --format csv").fine();
    assert_eq!(desk.linger("analyse p.parquet -q --format csv").fine(), from_csv);
}

#[test]
fn piped_output_has_no_colour_and_always_has_some() {
    let desk = Desk::new();
    let escape = '\u{1b}';
    let plain = desk.linger("trial no-efect");
    assert!(!plain.stderr.contains(escape));
    desk.write("trial.toml", "seed = \"x\"\n");
    assert!(!desk.linger("validate trial.toml").stderr.contains(escape));
    assert!(desk.linger("validate trial.toml --color always").stderr.contains(escape));
    assert!(!desk.linger_with("validate trial.toml", &[("NO_COLOR", "1")]).stderr.contains(escape));
}

#[test]
fn usage_errors_exit_with_two() {
    let desk = Desk::new();
    for arguments in [
        "trail",
        "trial --frmat json",
        "trial -j 0",
        "analyse",
        "analyse missing.csv",
        "plot",
        "simulate --format json",
    ] {
        let said = desk.linger(arguments);
        assert_eq!(said.code, 2, "{arguments}: {}", said.whole());
        assert!(!said.stderr.is_empty(), "{arguments}");
        assert_eq!(said.stdout, "", "{arguments}");
    }
}

#[test]
fn a_result_is_written_whole_or_not_at_all() {
    let desk = Desk::new();
    desk.write("kept.json", "kept");
    let said = desk.linger("trial no-such-scenario -o kept.json");
    assert_eq!(said.code, 2);
    assert_eq!(desk.read("kept.json"), "kept");
    let said = desk.linger("trial -o missing/folder/x.json");
    assert_eq!(said.code, 2);
    assert!(said.stderr.contains("missing/folder/x.json"), "{}", said.stderr);
    assert_eq!(desk.files(""), ["kept.json"]);
}

#[test]
fn the_example_trial_is_made_by_its_documented_command_and_analysed() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/data/example-trial");
    let desk = Desk::new();
    desk.linger(&format!("simulate plain --seed 2026 --columns '{folder}/columns.toml' -o data.csv")).fine();
    assert!(desk.read("data.csv") == std::fs::read_to_string(format!("{folder}/data.csv")).unwrap());
    let mapped = format!("analyse data.csv --columns '{folder}/columns.toml' --plan '{folder}/plan.toml'");
    assert_kept("analyse", &desk.linger(&format!("{mapped} -q")).fine());
    assert_kept("analyse-json", &desk.linger(&format!("{mapped} -q --format json")).fine());
    // Data without a mapping are refused with what is missing, whole.
    assert_kept("analyse-without-columns", &desk.linger("analyse data.csv").whole());
    // The same participants in another shape give the same estimates.
    let wide = "participant = \"id\"\narm = \"group\"\n[arms]\nrelaxation = {}\nstructural = {}\nusual_care = { reference = true }\n[outcomes.rdq]\ncolumns = { rdq_0 = 0, rdq_10 = 10, rdq_26 = 26, rdq_52 = 52 }\n[outcomes.bothersomeness]\ncolumns = { b_0 = 0, b_10 = 10, b_26 = 26, b_52 = 52 }\n";
    desk.write("wide.toml", wide);
    desk.linger("simulate plain --seed 2026 --columns wide.toml -o wide.parquet").fine();
    let rows = desk.linger(&format!("{mapped} -q --format csv")).fine();
    assert_eq!(
        desk.linger(&format!("analyse wide.parquet --columns wide.toml --plan '{folder}/plan.toml' -q --format csv"))
            .fine(),
        rows
    );
}

#[test]
fn the_readme_shows_what_the_program_prints() {
    let readme = std::fs::read_to_string("README.md").unwrap();
    let sample = readme.split("```text\n").nth(1).and_then(|rest| rest.split("```").next()).expect("a sample");
    let printed = Desk::new().linger("trial -q").fine();
    for line in sample.lines().filter(|line| !line.is_empty() && *line != " …") {
        assert!(printed.lines().any(|printed| printed == line), "the program does not print:\n{line}");
    }
}

#[test]
fn options_without_anything_to_act_on_are_refused() {
    let desk = Desk::new();
    desk.linger("simulate -o data.csv").fine();
    for arguments in [
        "init -s foo=2",
        "generate man --seed 3",
        "generate schema --format csv",
        "analyse data.csv --seed 3",
        "plot fade --format json",
        "plot fade --columns nope.toml",
        "plot fade data.csv --replicate 3",
        "simulate --format json -o x.csv",
        "trial --seed 9223372036854775808",
    ] {
        let said = desk.linger(arguments);
        assert_eq!((said.code, said.stdout.as_str()), (2, ""), "{arguments}: {}", said.whole());
        assert!(!said.stderr.is_empty(), "{arguments}");
    }
    assert_eq!(desk.files(""), ["data.csv"]);
}

#[test]
fn numbers_of_any_size_are_written_and_drawn() {
    for scale in [1e-3, 1.0, 1e5, 1e17, 1e100] {
        let mut text = "participant,arm,outcome,visit_week,value\n".to_owned();
        for i in 0..30 {
            let (baseline, change) = (f64::from(i * 7 % 11), f64::from(i % 3 * 2 + i * 5 % 4));
            text.push_str(&format!("{i},{},x,0,{}\n", ["a", "b", "c"][i as usize % 3], baseline * scale));
            text.push_str(&format!("{i},{},x,10,{}\n", ["a", "b", "c"][i as usize % 3], (baseline + change) * scale));
        }
        let desk = Desk::new();
        desk.write("data.csv", &text);
        desk.linger("analyse data.csv -q").fine();
        for picture in ["flow", "means", "fade", "forest"] {
            desk.linger(&format!("plot {picture} data.csv -q")).fine();
        }
    }
}

#[test]
fn a_contrast_is_shown_whichever_way_round_the_plan_has_it() {
    let desk = Desk::new();
    let reversed = "-s 'analysis.contrasts=[\"usual_care - relaxation\", \"structural - usual_care\"]'";
    let (usual, turned) = (desk.linger("trial").stderr, desk.linger(&format!("trial {reversed}")).stderr);
    let words = |text: &str| text.split("Next").next().unwrap().to_owned();
    assert_eq!(words(&usual), words(&turned));
    let forest =
        |text: &str| text.lines().filter(|line| line.starts_with("  week")).map(str::to_owned).collect::<Vec<_>>();
    assert_eq!(forest(&desk.linger("trial -q").stdout), forest(&desk.linger(&format!("trial -q {reversed}")).stdout));
    assert_eq!(desk.linger("plot fade -q").fine(), desk.linger(&format!("plot fade -q {reversed}")).fine());
}

#[cfg(unix)]
#[test]
fn links_are_followed_and_pipes_written_to() {
    let desk = Desk::new();
    desk.write("target.json", "old");
    std::os::unix::fs::symlink("target.json", desk.path("link.json")).unwrap();
    desk.linger("trial -q -o link.json").fine();
    assert!(desk.path("link.json").is_symlink());
    assert!(desk.read("target.json").starts_with('{'));
    desk.linger("trial -q --format json -o /dev/null").fine();
    assert!(!std::fs::metadata("/dev/null").unwrap().is_file());
}

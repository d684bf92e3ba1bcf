//! Grids of settings: how arguments become cells, and everything that can be wrong with them.

use linger::scenario::{self, Cell, Grid, MOST_CELLS, Override, Pairing, Problems, cells, settings_text};

fn grids(arguments: &[&str]) -> Result<Vec<Grid>, Problems> {
    arguments.iter().map(|&argument| Grid::new(argument)).collect()
}

fn read(set: &[&str], arguments: &[&str], pairing: Pairing) -> Result<Vec<Cell>, Problems> {
    let source = scenario::built_in("chronic-low-back-pain").unwrap();
    let overrides: Vec<Override> = set.iter().map(|&argument| Override::new(argument)).collect();
    cells(&source, &overrides, &grids(arguments)?, pairing)
}

/// The cells of crossed grids.
fn crossed(arguments: &[&str]) -> Vec<Cell> {
    read(&[], arguments, Pairing::Crossed).unwrap_or_else(|problems| panic!("{problems}"))
}

/// What is wrong, one problem after the other.
fn refused(set: &[&str], arguments: &[&str], pairing: Pairing) -> Vec<String> {
    let problems = read(set, arguments, pairing).unwrap_err();
    problems.iter().map(ToString::to_string).collect()
}

fn values(cells: &[Cell]) -> Vec<Vec<&str>> {
    cells.iter().map(|cell| cell.settings.iter().map(|setting| setting.value.as_str()).collect()).collect()
}

#[test]
fn crossed_grids_give_every_combination_and_the_last_varies_fastest() {
    let cells = crossed(&["arms.relaxation.sessions=5,10", "trial.block_size=3..9:3"]);
    let expected =
        [["5", "3"], ["5", "6"], ["5", "9"], ["10", "3"], ["10", "6"], ["10", "9"]].map(|values| values.to_vec());
    assert_eq!(values(&cells), expected);
    assert_eq!(cells.iter().map(|cell| cell.number).collect::<Vec<_>>(), [1, 2, 3, 4, 5, 6]);
    for cell in &cells {
        let [sessions, block] = [0, 1].map(|position| cell.settings[position].value.parse::<usize>().unwrap());
        let design = &cell.loaded.scenario.design;
        assert_eq!(design.layout.arms[0].sessions.len(), sessions);
        assert_eq!(cell.settings[1].path, "trial.block_size");
        assert!(settings_text(&cell.loaded.settings).contains(&format!("trial.block_size = {block}")));
    }
}

#[test]
fn zipped_grids_go_side_by_side() {
    let arguments = ["arms.relaxation.sessions=5,10,20", "arms.structural.sessions=4..6:1"];
    let cells = read(&[], &arguments, Pairing::Zipped).unwrap();
    assert_eq!(values(&cells), [["5", "4"], ["10", "5"], ["20", "6"]]);
    let refused = refused(&[], &["arms.relaxation.sessions=5,10", "arms.structural.sessions=4,5,6"], Pairing::Zipped);
    let expected = "error[L005]: grids that are gone through side by side must have as many values each\n  \
                    help: values of arms.relaxation.sessions: 2, arms.structural.sessions: 3";
    assert_eq!(refused, [expected]);
}

#[test]
fn a_cell_is_the_scenario_that_set_gives() {
    let arguments = ["arms.*.effect.rdq.half_life_weeks=4,inf", "dropout.every_arm=[0.1, 0.2, 0.3],[0, 0, 0]"];
    let cells = read(&["title=Two ways"], &arguments, Pairing::Crossed).unwrap();
    let source = scenario::built_in("chronic-low-back-pain").unwrap();
    for cell in &cells {
        let mut set = vec![Override::new("title=Two ways")];
        set.extend(cell.settings.iter().map(|own| Override::new(format!("{}={}", own.path, own.value))));
        let alone = scenario::read(source.clone(), &set).unwrap();
        assert_eq!(cell.loaded.scenario, alone.scenario);
        assert_eq!(cell.loaded.scenario.simulation.seed, cells[0].loaded.scenario.simulation.seed);
        let notes = &cell.loaded.notes;
        assert_eq!(
            notes[..],
            ["--grid arms.*.effect.rdq.half_life_weeks=4,inf applies to arms.relaxation.effect.rdq.half_life_weeks, \
              arms.structural.effect.rdq.half_life_weeks"]
        );
    }
    let mut hashes: Vec<&str> = cells.iter().map(|cell| cell.loaded.scenario.hash.as_str()).collect();
    hashes.sort_unstable();
    hashes.dedup();
    assert_eq!(hashes.len(), 4);
}

#[test]
fn the_settings_of_a_cell_read_back_as_the_same_scenario() {
    for cell in crossed(&["analysis.multiplicity=none,\"holm\"", "arms.relaxation.label=\"A, \\\"B\\\"\",\"it's\""]) {
        let text = settings_text(&cell.loaded.settings);
        assert!(text.contains("# (--grid)"), "{text}");
        let again = scenario::read(scenario::Source::new("scenario.toml", text), &[]).unwrap();
        assert_eq!(again.scenario.hash, cell.loaded.scenario.hash);
        assert_eq!(again.scenario, cell.loaded.scenario);
    }
}

#[test]
fn words_need_no_quotes_and_are_shown_without() {
    let cells = crossed(&["analysis.multiplicity=none,\"holm\",'sidak'"]);
    assert_eq!(values(&cells), [["none"], ["holm"], ["sidak"]]);
    let rules: Vec<&str> = cells.iter().map(|cell| cell.loaded.scenario.plan.multiplicity.name()).collect();
    assert_eq!(rules, ["none", "holm", "sidak"]);
}

#[test]
fn an_unknown_path_names_the_grid_once() {
    let refused = refused(&[], &["arms.relaxtion.sessions=5,10,20"], Pairing::Crossed);
    let expected = "--grid 'arms.relaxtion.sessions=5,10,20': error[L012]: --grid: no arm `relaxtion`; did you mean \
                    arms.relaxation.sessions?\n  help: arms are relaxation, structural, usual_care";
    assert_eq!(refused, [expected]);
}

#[test]
fn problems_of_all_cells_are_named_together_with_their_cells() {
    // In every cell a misspelt key; in those with 0 no block of that length; in those with 200 too many sessions.
    let arguments = ["arms.relaxation.sessions=5,200", "trial.block_size=3,0"];
    let refused = refused(&["tilte=x"], &arguments, Pairing::Crossed);
    let all = refused.join("\n");
    assert_eq!(refused.len(), 3, "{all}");
    assert_eq!(all.matches("unknown key `tilte`").count(), 1, "{all}");
    let misspelt = refused.iter().find(|problem| problem.contains("tilte")).unwrap();
    assert!(!misspelt.contains("in cell"), "{misspelt}");
    let block = refused.iter().find(|problem| problem.contains("block_size=3,0'")).unwrap();
    assert!(block.ends_with("in cell 2 (arms.relaxation.sessions=5, trial.block_size=0) and one more cell"), "{block}");
    // This one points at a line of the file, and only the cell says which grid has brought it about.
    let sessions = refused.iter().find(|problem| problem.contains("has attendance and 200 sessions")).unwrap();
    assert!(
        sessions.ends_with("in cell 3 (arms.relaxation.sessions=200, trial.block_size=3) and one more cell"),
        "{sessions}"
    );
}

#[test]
fn a_problem_points_at_the_value_that_has_it() {
    let problems = read(&[], &["trial.block_size=3, 4 ,6..9:3"], Pairing::Crossed).unwrap_err();
    assert_eq!(problems.len(), 1, "{problems}");
    let place = problems.iter().next().unwrap().place.clone().unwrap();
    let linger::scenario::Place::Text { source, span } = place else { panic!("{place}") };
    assert_eq!(&source.text()[span], "4");
}

#[test]
fn grids_of_the_wrong_form_are_refused() {
    for (argument, message) in [
        ("arms.relaxation.sessions", "no `=` in `arms.relaxation.sessions`"),
        ("=5", "an empty name in the path `=5`"),
        ("seed=", "a value is missing in `seed=`"),
        ("seed=1,,2", "a value is missing in `seed=1,,2`"),
        ("seed=1,2,1", "the value 1 is listed twice"),
        ("seed=1,\"2\",2", "the value 2 is listed twice"),
        ("seed=1..3:1,2", "the value 2 is listed twice"),
        ("seed=1..3", "the range 1..3 does not say in which steps"),
        ("seed=3..1:1", "the range 3..1:1 ends before it begins"),
        ("seed=1..3:0", "the steps of the range 1..3:0 must be above 0"),
    ] {
        let problems = Grid::new(argument).unwrap_err();
        let said: Vec<&str> = problems.iter().map(|problem| problem.message.as_str()).collect();
        assert_eq!(said, [format!("--grid: {message}")], "{argument}");
        assert!(problems.iter().all(|problem| problem.code == "L005"), "{problems}");
    }
    let problems = Grid::new("seed=1,,1,5..1:1").unwrap_err();
    assert_eq!(problems.len(), 3, "{problems}");
}

#[test]
fn a_setting_is_varied_once() {
    let message = |set: &[&str], arguments: &[&str]| refused(set, arguments, Pairing::Crossed).join("\n");
    let twice = message(&[], &["arms.relaxation.sessions=5,10", "arms.\"relaxation\".sessions=7,8"]);
    assert!(twice.contains("error[L005]: --grid: arms.relaxation.sessions is varied by two grids"), "{twice}");
    let set = message(&["seed=3"], &["seed=1,2"]);
    assert!(set.contains("error[L005]: --grid: seed is varied here and set by seed=3"), "{set}");
    // A path with `*` and one of those it stands for are two settings: the later one wins, as with --set.
    let cells = crossed(&["arms.*.every_weeks=1,2", "arms.relaxation.every_weeks=3"]);
    assert_eq!(cells.len(), 2);
}

#[test]
fn a_sweep_has_a_largest_size() {
    let many = "seed=1..101:1";
    let refused = refused(&[], &[many, "trial.block_size=3..300:3"], Pairing::Crossed);
    assert_eq!(refused.len(), 1);
    assert!(refused[0].contains(&format!("101 x 100 cells: a sweep has at most {MOST_CELLS}")), "{}", refused[0]);
}

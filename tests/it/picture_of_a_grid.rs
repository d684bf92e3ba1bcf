//! The picture of a scenario grid: every number is one of the sweep's table, the best and the worst are named, and what is kept is drawn alike.

use std::ops::ControlFlow;

use linger::operating_characteristics::sample_size::Question;
use linger::operating_characteristics::{Effort, PerformanceRow, performance_rows, sweep};
use linger::plots::grid::{
    self, GridCell, GridFactor, GridForm, GridMeasure, GridNumbers, GridPlace, GridTarget, GridValue,
};
use linger::plots::{Svg, Theme};
use linger::report::figures::{self, GridAsked, MOST_LOLLIES, SweptCell, SweptRow};
use linger::scenario::{self, Cell, Grid, Pairing, Source, cells};

use super::pictures::{assert_well_formed, squeezed, tags, unescape};
use super::program::Desk;

/// A grid of two settings and so many analyses, in a form.
pub fn grid_of(methods: &[String], (across, down): (usize, usize), form: GridForm) -> GridNumbers {
    let n = across * down;
    let value = |cell: usize, method: usize, scale: f64| GridValue {
        value: scale * (0.31 * cell as f64 + 0.7 * method as f64).sin(),
        interval: Some([scale * (0.31 * cell as f64 + 0.7 * method as f64).sin() - 0.2 * scale.abs(), scale]),
    };
    // The last cell has nothing.
    let values = |scale: f64, level: f64| -> Vec<Vec<Option<GridValue>>> {
        let own = |cell: usize, method: usize| {
            let own = value(cell, method, scale);
            let interval = own.interval.map(|ends| ends.map(|end| end + level));
            (cell + 1 < n).then_some(GridValue { value: own.value + level, interval })
        };
        (0..n).map(|cell| (0..methods.len()).map(|method| own(cell, method)).collect()).collect()
    };
    let measure = |name: &str, unit: &str, scale: f64, level: f64| GridMeasure {
        name: name.into(),
        unit: unit.into(),
        is_share: unit == "%",
        target: GridTarget { value: level, label: "<95%>".into(), is_drawn: name != "RMSE" },
        values: values(scale, level),
        best: Some(GridPlace { cell: 0, method: 0 }),
        worst: Some(GridPlace { cell: (n - 1) / 2, method: methods.len() - 1 }),
    };
    GridNumbers {
        title: "Power goes from 20% (half-life 4) to 70% (half-life 26) & <more>".into(),
        subject: "Roland <disability> & \"pain\": relaxation massage compared with usual care at week 52, by cell"
            .into(),
        form,
        factors: vec![
            GridFactor {
                name: "half life weeks of <every> arm".into(),
                levels: (0..down).map(|own| format!("{own}")).collect(),
            },
            GridFactor {
                name: "dropout every arm".into(),
                levels: (0..across).map(|own| format!("[0.0{own}, 0.1, 0.1{own}]")).collect(),
            },
        ],
        cells: (0..n).map(|cell| GridCell { number: cell + 1, levels: vec![cell / across, cell % across] }).collect(),
        methods: methods.to_vec(),
        measures: vec![
            measure("Bias", "points", -0.04, 0.0),
            measure("Coverage", "%", 0.03, 0.95),
            measure("Power", "%", 0.3, 0.6),
            measure("RMSE", "points", 0.2, 0.8),
        ],
        footnote: Some("A <footnote>.".into()),
    }
}

fn swept(arguments: &[&str], replicates: u64) -> (Vec<Cell>, Vec<Vec<PerformanceRow>>) {
    swept_of(&scenario::built_in("plain").unwrap(), arguments, replicates)
}

fn swept_of(source: &Source, arguments: &[&str], replicates: u64) -> (Vec<Cell>, Vec<Vec<PerformanceRow>>) {
    let grids: Vec<Grid> = arguments.iter().map(|&argument| Grid::new(argument).unwrap()).collect();
    let cells = cells(source, &[], &grids, Pairing::Crossed).unwrap_or_else(|problems| panic!("{problems}"));
    let effort = Effort { replicates: Some(replicates), truth_participants: 2_000 };
    let evaluations = sweep(&cells, effort, |_| ControlFlow::Continue(())).unwrap();
    let rows = cells.iter().zip(evaluations).map(|(cell, own)| performance_rows(&cell.loaded.scenario, &own.unwrap()));
    let rows = rows.collect();
    (cells, rows)
}

fn numbers_of(cells: &[Cell], rows: &[Vec<PerformanceRow>], form: Option<GridForm>) -> GridNumbers {
    let swept: Vec<SweptCell> = cells
        .iter()
        .zip(rows)
        .map(|(cell, rows)| SweptCell {
            number: cell.number,
            settings: cell.settings.iter().map(|own| (own.path.clone(), own.value.clone())).collect(),
            rows: rows.iter().cloned().map(SweptRow::from).collect(),
        })
        .collect();
    let scenario = &cells[0].loaded.scenario;
    let question = Question::find(scenario, None, None, None, false).unwrap();
    figures::grid(&swept, GridAsked { scenario, question, target: 0.8, form }).expect("numbers")
}

#[test]
fn every_number_is_one_of_the_table_and_is_written() {
    let arguments = ["arms.*.effect.rdq.half_life_weeks=4,26", "trial.per_arm.*=40,90"];
    let (cells, rows) = swept(&arguments, 60);
    let numbers = numbers_of(&cells, &rows, None);
    assert_eq!((numbers.form, numbers.methods.as_slice()), (GridForm::Lolly, &["main".to_owned()][..]));
    let names: Vec<&str> = numbers.factors.iter().map(|own| own.name.as_str()).collect();
    assert_eq!(names, ["half life weeks", "per arm"]);
    let scenario = &cells[0].loaded.scenario;
    let contrast = scenario.design.layout.contrast_name(scenario.plan.contrasts[0]);
    let row = |cell: usize, measure: &str| {
        let is_it = |own: &&PerformanceRow| {
            let of_visit = own.visit_week == Some(52.0) && own.versus_week.is_none();
            own.analysis == "main"
                && of_visit
                && own.contrast == contrast
                && own.measure == measure
                && own.outcome.as_deref() == Some("rdq")
        };
        rows[cell].iter().find(is_it).unwrap_or_else(|| panic!("{measure} of cell {cell}"))
    };
    let svg = grid::draw(&numbers, &Theme::light());
    let words = unescape(&tags(svg.as_str())[3].1);
    for (measure, name) in numbers.measures.iter().zip(["bias", "coverage", "power", "mean_squared_error"]) {
        for (cell, own) in measure.values.iter().enumerate() {
            let (own, row) = (own[0].unwrap(), row(cell, name));
            let value = row.value.unwrap();
            let shown = if name == "mean_squared_error" { own.value * own.value } else { own.value };
            assert!((shown - value).abs() < 1e-12, "{name} of cell {cell}");
            let [low, high] = own.interval.unwrap();
            match (row.lower, row.upper) {
                (Some(lower), Some(upper)) => assert_eq!([low, high], [lower, upper]),
                // 1.959964 is the quantile of the normal distribution as tables print it.
                _ if name == "bias" => assert!((high - low - 2.0 * 1.959_964 * row.mcse.unwrap()).abs() < 1e-6),
                _ => assert!((high * high - value - 1.959_964 * row.mcse.unwrap()).abs() < 1e-6),
            }
            let (per_arm, half_life) = ([40, 90][cell % 2], [4, 26][cell / 2]);
            let place = format!("cell {} (half life weeks {half_life}, per arm {per_arm})", cell + 1);
            assert_described(&words, measure, &place, [own.value, low, high]);
        }
    }
    let power = &numbers.measures[2];
    let all: Vec<f64> = power.values.iter().map(|own| own[0].unwrap().value).collect();
    let (low, high) = (all.iter().copied().fold(1.0, f64::min), all.iter().copied().fold(0.0, f64::max));
    assert_eq!((all[power.worst.unwrap().cell], all[power.best.unwrap().cell]), (low, high));
    let drawn = squeezed(&svg);
    for said in ["best", "worst", "target95%", "target80%", "halflifeweeks", "Eachcell:60simulatedtrials"] {
        assert!(drawn.contains(said), "{said} in {drawn}");
    }
    // A heat map has every number in its field.
    let heat = squeezed(&grid::draw(&numbers_of(&cells, &rows, Some(GridForm::Heat)), &Theme::light()));
    for value in &all {
        assert!(heat.contains(&format!("{:.1}%", 100.0 * value)), "{value} in {heat}");
    }
}

/// What the description says of one measure: from its heading to that of the next.
fn part_of<'a>(words: &'a str, measure: &GridMeasure) -> &'a str {
    let headings = ["Bias (points)", "Coverage (%)", "Power (%)", "RMSE (points)"];
    let place = headings.iter().position(|own| own.starts_with(&measure.name)).expect("a measure");
    let after = words.split_once(&format!(" {}", headings[place])).expect("a heading").1;
    let next = headings.get(place + 1).and_then(|next| after.split_once(&format!(" {next}")));
    next.map_or_else(|| after.split_once(" cells: ").expect("the cells").0, |(own, _)| own)
}

/// The description has a cell's number with its interval: those of the table, correctly rounded to the decimals that are written.
fn assert_described(words: &str, measure: &GridMeasure, place: &str, numbers: [f64; 3]) {
    let part = part_of(words, measure);
    let found: Vec<&str> = part.split(&format!("{place}: ")).collect();
    let [_, own] = found[..] else { panic!("{place} once in {part}") };
    let (value, ends) = own.split_once(" (").expect("an interval");
    let (low, high) = ends.split_once(')').expect("an end").0.split_once(" to ").expect("two ends");
    assert_eq!(value.ends_with('%'), measure.is_share, "{own}");
    let factor = if measure.is_share { 100.0 } else { 1.0 };
    for (written, number) in [value.trim_end_matches('%'), low, high].into_iter().zip(numbers) {
        let decimals = written.split_once('.').map_or(0, |(_, decimals)| decimals.len());
        assert!(decimals >= if measure.is_share { 1 } else { 2 }, "{written}");
        let read: f64 = written.replace('\u{2212}', "-").parse().expect(written);
        let half = 0.5 * 10f64.powi(-(decimals as i32));
        assert!((read - factor * number).abs() <= half + 1e-9, "{place}: {written} for {number}");
    }
}

#[test]
fn analyses_on_the_main_ones_scale_are_drawn_and_the_main_one_has_the_ends() {
    let plain = scenario::built_in("plain")
        .unwrap()
        .text()
        .replace("model = \"ancova\"", "model = \"ancova\"\noutcomes = [\"rdq\"]");
    let others = "
[[analysis.sensitivity]]
name = \"unadjusted\"
model = \"welch\"
[[analysis.sensitivity]]
name = \"responders\"
model = \"modified_poisson\"
responders = { rdq = { points = 3, missing = \"no_response\" } }
";
    let source = Source::new("plain.toml", format!("{plain}{others}"));
    let (cells, rows) = swept_of(&source, &["trial.per_arm.*=30,60", "seed=1,2"], 40);
    let numbers = numbers_of(&cells, &rows, None);
    assert_eq!(numbers.methods, ["main", "unadjusted"]);
    let words = unescape(&tags(grid::draw(&numbers, &Theme::light()).as_str())[3].1);
    for (name, measure) in ["bias", "coverage", "power", "mean_squared_error"].into_iter().zip(&numbers.measures) {
        let mut distances = Vec::new();
        for (cell, values) in measure.values.iter().enumerate() {
            for (own, (analysis, said)) in values.iter().zip([("main", "main analysis"), ("unadjusted", "unadjusted")])
            {
                let (own, contrast) = (own.unwrap(), "relaxation - usual_care");
                let is_it = |row: &&PerformanceRow| {
                    (row.analysis.as_str(), row.measure.as_str(), row.contrast.as_str()) == (analysis, name, contrast)
                        && row.visit_week == Some(52.0)
                        && row.versus_week.is_none()
                };
                let value = rows[cell].iter().find(is_it).unwrap().value.unwrap();
                let value = if name == "mean_squared_error" { value.sqrt() } else { value };
                assert!((own.value - value).abs() < 1e-12, "{name}, {analysis}");
                let [low, high] = own.interval.unwrap();
                let (size, seed) = ([30, 60][cell / 2], [1, 2][cell % 2]);
                let settings = format!("per arm {size}, seed {seed}");
                assert_described(
                    &words,
                    measure,
                    &format!("cell {} ({settings}), {said}", cell + 1),
                    [value, low, high],
                );
                if analysis == "main" {
                    distances.push(if name == "power" { -value } else { (value - measure.target.value).abs() });
                }
            }
        }
        let ends = [f64::min, f64::max].map(|least| distances.iter().copied().reduce(least).unwrap());
        let places = [measure.best, measure.worst].map(Option::unwrap);
        assert_eq!(places.map(|own| (own.method, distances[own.cell])), ends.map(|end| (0, end)), "{name}");
    }
    for said in ["Best and worst are those of the main analysis", "another than that of the main analysis: responders."]
    {
        assert!(words.contains(said), "{said} in {words}");
    }
    assert!(!words.contains("same random numbers"), "{words}");
}

#[test]
fn many_cells_become_a_loop_and_an_effect_of_none_an_error() {
    let sizes: Vec<String> = (0..=MOST_LOLLIES).map(|own| (30 + own).to_string()).collect();
    let grid = format!("trial.per_arm.*={}", sizes.join(","));
    let (cells, rows) = swept(&[&grid], 10);
    assert_eq!(numbers_of(&cells, &rows, None).form, GridForm::Loop);
    let grids = [Grid::new("dropout.every_arm=[0, 0, 0],[0.1, 0.2, 0.3]").unwrap()];
    let source = scenario::built_in("no-effect").unwrap();
    let cells = cells_of(&source, &grids);
    let effort = Effort { replicates: Some(20), truth_participants: 2_000 };
    let evaluations = sweep(&cells, effort, |_| ControlFlow::Continue(())).unwrap();
    let rows: Vec<Vec<PerformanceRow>> = cells
        .iter()
        .zip(evaluations)
        .map(|(cell, own)| performance_rows(&cell.loaded.scenario, &own.unwrap()))
        .collect();
    let numbers = numbers_of(&cells, &rows, None);
    let measure = &numbers.measures[2];
    assert_eq!((measure.name.as_str(), measure.target.value), ("Type I error", 0.05));
    assert_eq!(numbers.factors[0].name, "dropout every arm");
}

fn cells_of(source: &scenario::Source, grids: &[Grid]) -> Vec<Cell> {
    cells(source, &[], grids, Pairing::Crossed).unwrap_or_else(|problems| panic!("{problems}"))
}

#[test]
fn every_form_names_settings_and_analyses() {
    let methods = ["main".to_owned(), "Welch & <Satterthwaite>".to_owned()];
    for form in [GridForm::Lolly, GridForm::Loop, GridForm::Heat] {
        let svg: Svg = grid::draw(&grid_of(&methods, (3, 4), form), &Theme::dark());
        assert_well_formed(&format!("{form:?}"), svg.as_str());
        let words = unescape(&tags(svg.as_str())[3].1);
        for said in
            ["half life weeks of <every> arm", "[0.01, 0.1, 0.11]", "best in cell 1", "worst in cell 6", "target <95%>"]
        {
            assert!(words.contains(said), "{form:?}: {said} in {words}");
        }
        let drawn = squeezed(&svg);
        let method = if form == GridForm::Heat { "Shownisthemainanalysis" } else { "Welch&<Satterthwaite>" };
        assert!(drawn.contains(method) && drawn.contains("RMSE(points)"), "{form:?}: {drawn}");
    }
    let mut nothing = grid_of(&methods, (3, 4), GridForm::Lolly);
    nothing.measures.clear();
    assert!(squeezed(&grid::draw(&nothing, &Theme::light())).contains("nocellstodraw"));
}

#[test]
fn a_kept_sweep_is_drawn_as_the_same_sweep_run_for_the_picture() {
    let desk = Desk::new();
    let grids = "--grid 'arms.*.effect.rdq.half_life_weeks=4,26' --grid 'trial.per_arm.*=40,90' --replicates 30";
    desk.linger(&format!("sweep plain {grids} -o kept/ -q")).fine();
    desk.linger("plot grid kept -q -o kept.svg").fine();
    desk.linger(&format!("plot grid plain {grids} -q -o own.svg")).fine();
    assert_eq!(desk.read("kept.svg"), desk.read("own.svg"));
    desk.linger("plot grid kept --as heat --week 10 --target 0.8 -q -o heat.pdf").fine();
    for (arguments, reason) in [
        ("plot grid plain -o g.svg", "--grid KEY=A,B,C"),
        ("plot grid . -o g.svg", "is no folder of a sweep"),
        ("plot grid kept --replicates 4 -o g.svg", "do not apply here"),
        ("plot grid kept --week 11 -o g.svg", "week"),
        ("plot flow plain --grid a=1,2 -o g.svg", "--grid does not apply to flow: it is for grid"),
        ("plot zip plain --as heat -o g.svg", "--as does not apply to zip: it is for grid"),
    ] {
        let said = desk.linger(arguments);
        assert_eq!(said.code, 2, "{arguments}: {}", said.whole());
        assert!(said.stderr.contains(reason), "{arguments}: {}", said.stderr);
    }
}

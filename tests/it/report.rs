//! The report page: its numbers beside those of the machine formats, answers and alerts of opposite scenarios, texts full of markup.

use std::collections::HashMap;
use std::os::unix::fs::PermissionsExt;

use linger::operating_characteristics::{Store, StoredPlan, claimed_truth, evaluate_in_store, evaluate_until, running};
use linger::scenario;
use serde_json::Value;

use crate::program::Desk;

/// Whatever a label, a title or the name of a file may hold that could end a text, an attribute, a script or a style sheet.
const NASTY: &str = "\"><img src=x onerror=alert(1)>]]></style></title></script><script>alert(1)</script>&amp;";

/// A cell of the page: which number it is, and what is shown.
struct Shown {
    of: Vec<String>,
    text: String,
}

/// A text of HTML as it is read.
fn read(html: &str) -> String {
    let mut text = String::new();
    let mut inside = true;
    for letter in html.chars() {
        match letter {
            '<' => inside = false,
            '>' => inside = true,
            letter if inside => text.push(letter),
            _ => {}
        }
    }
    let entities = [("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\""), ("&#x27;", "'"), ("&#x2f;", "/"), ("&amp;", "&")];
    entities.iter().fold(text, |text, (entity, letter)| text.replace(entity, letter))
}

/// Every cell that says which number it is.
fn cells(page: &str) -> Vec<Shown> {
    let cell = |rest: &str| {
        let (of, rest) = rest.split_once('"').unwrap();
        let (_, rest) = rest.split_once('>').unwrap();
        let (text, _) = rest.split_once("</td>").unwrap();
        // The words of a small picture are no text of the cell.
        let text = text.split("<span class=\"spark\">").next().unwrap();
        Shown { of: read(of).split('|').map(str::to_owned).collect(), text: read(text).replace('\u{2212}', "-") }
    };
    page.split(" data-of=\"").skip(1).map(cell).collect()
}

/// The sentence under the title.
fn answer(page: &str) -> String {
    read(page.split("<p class=\"lead\">").nth(1).unwrap().split("</p>").next().unwrap())
}

/// What the alerts are about, with their severity.
fn alerts(page: &str) -> Vec<(String, String)> {
    let alert = |rest: &str| {
        let (severity, rest) = rest.split_once("\" data-alert=\"").unwrap();
        (rest.split('"').next().unwrap().to_owned(), severity.to_owned())
    };
    page.split("<li class=\"alert ").skip(1).map(alert).collect()
}

/// The numbers in a text with the decimals they are shown with.
fn numbers(text: &str) -> Vec<(f64, usize)> {
    let is_part = |letter: char| letter.is_ascii_digit() || letter == '.' || letter == '-';
    let words = text.split(|letter: char| !is_part(letter)).filter(|word| word.chars().any(|own| own.is_ascii_digit()));
    words.map(|word| (word.parse().unwrap(), word.split_once('.').map_or(0, |(_, decimals)| decimals.len()))).collect()
}

/// Fails unless a number is shown as it is, to the digits that are shown.
fn assert_shown((shown, decimals): (f64, usize), value: f64, cell: &Shown) {
    let half = 0.5 * 10f64.powi(-(decimals as i32));
    assert!((shown - value).abs() <= half * (1.0 + 1e-9), "{:?}: {} is {value}", cell.of, cell.text);
}

fn json(text: &str) -> Value {
    serde_json::from_str(text).unwrap()
}

/// Rows of a document by the parts that name them in a cell.
fn by_key(rows: &Value, name: impl Fn(&Value) -> Vec<String>) -> HashMap<Vec<String>, &Value> {
    rows.as_array().unwrap().iter().map(|row| (name(row), row)).collect()
}

fn word(value: &Value) -> String {
    value
        .as_str()
        .map_or_else(|| if value.is_null() { String::new() } else { number(value).to_string() }, str::to_owned)
}

fn number(value: &Value) -> f64 {
    value.as_f64().unwrap()
}

fn words(row: &Value, keys: &[&str]) -> Vec<String> {
    keys.iter().map(|&key| word(&row[key])).collect()
}

/// Compares every cell of a page with the documents of the other verbs; returns how many numbers were compared, by what they are.
fn compare(page: &str, trial: &Value, evaluated: Option<&Value>) -> HashMap<String, usize> {
    let names = ["analysis", "outcome", "visit_week", "versus_week", "contrast"];
    let results = by_key(&trial["results"], |row| words(row, &names));
    let performance = evaluated
        .map(|own| by_key(&own["results"], |row| words(row, &[&names[..], &["measure"]].concat())))
        .unwrap_or_default();
    let means = by_key(&trial["adjusted_means"], |row| words(row, &["outcome", "visit_week", "arm"]));
    let arms = by_key(&trial["flow"]["arms"], |row| words(row, &["arm"]));
    let mut compared: HashMap<String, usize> = HashMap::new();
    for cell in cells(page) {
        let kind = cell.of[0].as_str();
        let shown = numbers(&cell.text);
        match kind {
            "results" => {
                let row = results[&cell.of[1..6]];
                let values: Vec<f64> = cell.of[6].split(',').map(|key| number(&row[key])).collect();
                if cell.text == "<0.001" {
                    assert!(values[0] < 0.001);
                    continue;
                }
                // `-3.9 to -1.8`.
                assert_eq!(shown.len(), values.len(), "{:?} {}", cell.of, cell.text);
                shown.iter().zip(values).for_each(|(&shown, value)| assert_shown(shown, value, &cell));
            }
            "adjusted_means" => {
                let row = means[&cell.of[1..]];
                let values = ["adjusted_mean", "lower", "upper"].map(|key| number(&row[key]));
                assert_eq!(shown.len(), 3);
                shown.iter().zip(values).for_each(|(&shown, value)| assert_shown(shown, value, &cell));
            }
            "flow" => {
                let arm = arms[&cell.of[1..2]];
                let value = match cell.of[2].as_str() {
                    "seen" => {
                        let weeks = trial["flow"]["visits_weeks"].as_array().unwrap();
                        let visit = weeks.iter().position(|week| number(week).to_string() == cell.of[3]).unwrap();
                        number(&arm["seen"][visit])
                    }
                    key => number(&arm[key]),
                };
                assert_shown(shown[0], value, &cell);
            }
            "performance" => {
                let row = performance[&cell.of[1..]];
                let percent = if cell.text.contains('%') { 100.0 } else { 1.0 };
                assert_shown(shown[0], percent * number(&row["value"]), &cell);
                if cell.text.contains('±') {
                    assert_shown(shown[1], percent * number(&row["mcse"]), &cell);
                } else if cell.text.contains('<') {
                    assert_shown(shown[1], percent * number(&row["upper"]), &cell);
                } else if cell.text.contains('>') {
                    assert_shown(shown[1], percent * number(&row["lower"]), &cell);
                }
            }
            _ => continue,
        }
        *compared.entry(kind.to_owned()).or_default() += 1;
    }
    compared
}

#[test]
fn every_number_of_a_table_is_that_of_the_machine_formats() {
    let desk = Desk::new();
    let page = desk.linger("report reference-job --replicates 192 -q").fine();
    let trial = json(&desk.linger("trial reference-job -q --format json").fine());
    let evaluated = json(&desk.linger("evaluate reference-job --replicates 192 -q --format json").fine());
    let compared = compare(&page, &trial, Some(&evaluated));
    for (kind, least) in [("results", 27), ("adjusted_means", 9), ("flow", 15), ("performance", 99)] {
        assert!(compared.get(kind).is_some_and(|&n| n >= least), "{kind}: {compared:?}");
    }
    // No number of a table goes without saying which it is, but what was published and what is there in words.
    let silent = page.split("<td class=\"number\">").skip(1).map(|rest| read(rest.split("</td>").next().unwrap()));
    assert_eq!(
        silent.filter(|text| text != "–" && !text.contains("\u{a0}to\u{a0}")).collect::<Vec<_>>(),
        Vec::<String>::new()
    );
}

#[test]
fn the_baseline_of_a_data_file_is_that_of_analyse() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/data/example-trial");
    let desk = Desk::new();
    let data = format!("'{folder}/data.csv' --columns '{folder}/columns.toml' --plan '{folder}/plan.toml'");
    let page = desk.linger(&format!("report {data} -q")).fine();
    let document = json(&desk.linger(&format!("analyse {data} -q --format json")).fine());
    let compared = compare(&page, &document, None);
    assert!(compared["results"] > 30 && !compared.contains_key("performance"), "{compared:?}");
    let table = &document["baseline"];
    let arms: Vec<String> = table["arms"].as_array().unwrap().iter().map(word).chain(["all".to_owned()]).collect();
    let variables = by_key(&table["variables"], |row| words(row, &["name"]));
    let mut n = 0;
    for cell in cells(&page).iter().filter(|cell| cell.of[0] == "baseline") {
        let values = &variables[&cell.of[1..2]]["values"];
        let arm = arms.iter().position(|arm| *arm == cell.of[2]).unwrap();
        let of = |own: &Value| if arm + 1 == arms.len() { own["all"].clone() } else { own["by_arm"][arm].clone() };
        let shown = numbers(&cell.text);
        let expected = match cell.of[3].as_str() {
            "mean_sd" => {
                let own = of(&values["numeric"]);
                [number(&own["mean"]), number(&own["sd"])]
            }
            _ => {
                let levels = values["factor"]["levels"].as_array().unwrap();
                let own = of(levels.iter().find(|level| level["level"] == cell.of[4]).unwrap());
                [number(&own["n"]), number(&own["percent"])]
            }
        };
        shown.iter().zip(expected).for_each(|(&shown, value)| assert_shown(shown, value, cell));
        n += 1;
    }
    assert!(n >= 8, "{n}");
    assert_eq!(answer(&page), document["in_words"][0].as_str().unwrap());
}

#[test]
fn answers_and_alerts_of_opposite_scenarios_are_opposite() {
    let desk = Desk::new();
    let page = |scenario: &str| desk.linger(&format!("report {scenario} --replicates 320 -q")).fine();
    let has = |page: &str, about: &str, severity: &str| alerts(page).contains(&(about.to_owned(), severity.to_owned()));
    let is_silent = |page: &str, about: &str| !alerts(page).iter().any(|own| own.0 == about);

    let fades = page("chronic-low-back-pain");
    assert!(answer(&fades).contains("which fades to 0.9 points, 31% of it, at week 52"), "{}", answer(&fades));
    assert!(has(&fades, "power", "bad") && is_silent(&fades, "error_rate") && is_silent(&fades, "dropout"));

    let nothing = page("no-effect");
    assert!(answer(&nothing).contains("there is no difference to find"), "{}", answer(&nothing));
    assert!(has(&nothing, "error_rate", "note") && has(&nothing, "nothing", "good") && is_silent(&nothing, "power"));

    let lasts = page("no-fade");
    assert!(answer(&lasts).contains("which lasts: 2.7 points at week 52"), "{}", answer(&lasts));
    assert!(is_silent(&lasts, "power") && is_silent(&lasts, "dropout"));

    let lost = page("differential-dropout");
    for about in ["dropout", "loss"] {
        assert!(has(&lost, about, "warn"), "{:?}", alerts(&lost));
    }
    assert!(has(&lost, "coverage", "bad") && has(&lost, "bias", "bad"), "{:?}", alerts(&lost));
    assert!(
        lost.contains("the scenario loses 20% (relaxation massage), 20% (structural massage) and 30% (usual care)")
    );

    for page in [&fades, &nothing, &lasts, &lost] {
        whole(page);
    }
}

#[test]
fn real_data_that_lose_one_arm_are_told_of() {
    let desk = Desk::new();
    let csv = desk.linger("simulate plain -q").fine();
    let heading: Vec<&str> = csv.lines().next().unwrap().split(',').collect();
    let column = |name: &str| heading.iter().position(|own| *own == name).unwrap();
    let (participant, arm, week) = (column("participant"), column("arm"), column("visit_week"));
    // Every third of usual care is not seen at the last visit.
    let is_lost = |line: &str| {
        let cells: Vec<&str> = line.split(',').collect();
        let number: usize =
            cells[participant].chars().filter(char::is_ascii_digit).collect::<String>().parse().unwrap_or(0);
        cells[arm] == "usual_care" && cells[week] == "52" && number.is_multiple_of(3)
    };
    let kept: Vec<&str> = csv.lines().filter(|line| !is_lost(line)).collect();
    desk.write("whole.csv", &csv).write("lost.csv", &kept.join("\n"));
    let about = |file: &str| alerts(&desk.linger(&format!("report {file} -q")).fine());
    let dropout = ("dropout".to_owned(), "warn".to_owned());
    assert!(about("lost.csv").contains(&dropout), "{:?}", about("lost.csv"));
    assert!(!about("whole.csv").contains(&dropout));
}

#[test]
fn the_methods_are_those_of_the_plan_with_their_references() {
    let desk = Desk::new();
    let methods = |options: &str| {
        let page = desk.linger(&format!("report plain -q {options}")).fine();
        page.split("<section id=\"methods\"").nth(1).unwrap().split("</section>").next().unwrap().to_owned()
    };
    let mmrm =
        methods("--replicates 0 -s analysis.model=mmrm -s analysis.df=kenward_roger -s analysis.multiplicity=holm");
    for said in [
        "a mixed model for repeated measures",
        "Kenward and Roger",
        "Holm&#x27;s step-down procedure",
        "10.2307&#x2f;2533558",
    ] {
        assert!(mmrm.contains(said), "{said}: {mmrm}");
    }
    assert!(!mmrm.contains("simulated trials") && !mmrm.contains("10.1002&#x2f;sim.8086"));
    let ancova = methods("--replicates 64");
    for said in
        ["analysis of covariance", "64 simulated trials", "10.1002&#x2f;sim.8086", "10.1136&#x2f;bmj.323.7321.1123"]
    {
        assert!(ancova.contains(said), "{said}: {ancova}");
    }
    // References are numbered in the order in which they are pointed to, and every number leads somewhere.
    for text in [mmrm, ancova] {
        let cited: Vec<usize> = text
            .split("<a href=\"#reference-")
            .skip(1)
            .map(|rest| rest.split('"').next().unwrap().parse().unwrap())
            .collect();
        let mut seen = 0;
        for number in cited.iter().copied() {
            assert!(number <= seen + 1, "{cited:?}");
            seen = seen.max(number);
        }
        assert_eq!(cited.iter().max(), Some(&text.matches(" id=\"reference-").count()));
    }
}

#[test]
fn the_methods_say_how_missing_values_were_imputed_and_what_else_was_assumed() {
    let desk = Desk::new();
    let plan = std::fs::read_to_string("scenarios/plans/missing-values.toml").unwrap();
    desk.linger("simulate plain -o trial.csv -q").fine();
    desk.write("plan.toml", &plan.replace("number = 100", "number = 5"));
    let page = desk.linger("report trial.csv --plan plan.toml -q").fine();
    let section = |name: &str| {
        let rest = page.split(&format!("<section id=\"{name}\"")).nth(1).unwrap();
        rest.split("</section>").next().unwrap().replace("&#x2f;", "/").replace("&#x27;", "'")
    };
    let methods = section("methods");
    for said in [
        "Missing scores were imputed 5 times from a normal model over all visits",
        "They were taken to be missing at random.",
        "In a sensitivity analysis (jump to reference) it was assumed after being lost: jump to reference (usual_care).",
        "In a sensitivity analysis (jump to reference, jackknife) missing scores were their conditional means, with standard errors by the \
         jackknife; it was assumed after being lost: jump to reference (usual_care).",
        "In a sensitivity analysis (two points worse) a delta of 2 points was added to imputed scores in relaxation and structural.",
        "In a sensitivity analysis (recorded scores only) imputed scores were recorded ones",
        "In a sensitivity analysis (nobody imputed) missing values were not imputed.",
        "10.1093/biomet/86.4.948",
        "10.1080/10543406.2013.834911",
        "10.1002/pst.2234",
        "10.1002/sim.8569",
    ] {
        assert!(methods.contains(said), "{said}: {methods}");
    }
    assert_eq!(methods.matches("were not imputed").count(), 1, "{methods}");
    // What the main analysis does and another does not is said of the other.
    let more = plan.replace("seed = 20110705", "scores = \"rounded\"\ndelta = [{ points = 1 }]")
        + "\n[[sensitivity]]\nname = \"bare\"\nimputation = { delta = [], scores = \"as_drawn\" }\n";
    desk.write("more.toml", &more.replace("number = 100", "number = 5"));
    let other = desk.linger("report trial.csv --plan more.toml -q").fine();
    let bare = "In a sensitivity analysis (bare) nothing was added to imputed values; imputed scores were left as they were drawn.";
    assert!(other.contains(bare) && other.contains("A delta of 1 point was added to imputed scores."));
    let said = section("imputation");
    assert!(said.contains("They are taken to be missing at random."), "{said}");
    assert!(page.contains("missing values imputed (n)") && !page.contains("the shaded weeks"));
    // What is not imputed is said not to be.
    let plain = desk.linger("report trial.csv -q").fine();
    assert!(plain.contains("missing values were not imputed") && plain.contains("interval and participants with"));
}

#[test]
fn counts_have_their_surface_too() {
    let desk = Desk::new();
    desk.linger("simulate differential-dropout -o trial.csv -q").fine();
    desk.write("columns.toml", "[outcomes.days_restricted]\nkind = \"count\"\nbetter = \"lower\"\n");
    let plan = "model = \"negative_binomial\"\noutcomes = [\"days_restricted\"]\ncontrasts = [\"relaxation - usual_care\"]\n\
                multiplicity = \"none\"\n[imputation]\nnumber = 5\n";
    desk.write("plan.toml", plan);
    let page = desk.linger("report trial.csv --columns columns.toml --plan plan.toml -q").fine();
    assert!(page.contains("log rate worse in relaxation"));
}

/// A page that is one file, holds everything, and repeats no id.
fn whole(page: &str) {
    assert!(page.len() < 1_000_000, "{} bytes", page.len());
    for fetched in [" src=", "@import", "url(http", "<link ", "<iframe"] {
        assert!(!page.contains(fetched), "{fetched}");
    }
    let ids: Vec<&str> = page.split(" id=\"").skip(1).map(|rest| rest.split('"').next().unwrap()).collect();
    let mut once = ids.clone();
    once.sort_unstable();
    once.dedup();
    assert_eq!(once.len(), ids.len(), "an id stands twice");
    for target in page.split("href=\"#").skip(1).map(|rest| rest.split('"').next().unwrap()) {
        assert!(ids.contains(&target), "#{target} leads nowhere");
    }
    let figures: Vec<&str> = page.split("<figure").skip(1).collect();
    assert!(figures.len() > 5);
    for figure in figures {
        let figure = figure.split("</figure>").next().unwrap();
        for part in [
            "role=\"img\" aria-label=\"",
            "<figcaption>",
            "<summary>In words</summary>",
            "download=\"",
            "data:text/csv",
        ] {
            assert!(figure.contains(part), "{part}: {}", &figure[..300]);
        }
    }
}

#[test]
fn texts_of_a_user_stay_texts() {
    let desk = Desk::new();
    let toml = serde_json::to_string(NASTY).unwrap();
    let formula = "=HYPERLINK(\"x\",\"y\")";
    let settings = [
        ("title", toml.as_str()),
        ("story", toml.as_str()),
        ("outcomes.rdq.label", toml.as_str()),
        ("outcomes.rdq.meaningful_source", toml.as_str()),
        ("arms.relaxation.label", toml.as_str()),
        ("arms.structural.label", &serde_json::to_string(formula).unwrap()),
    ];
    let set: String = settings.iter().map(|(key, value)| format!(" -s '{key}={value}'")).collect();
    let page = desk.linger(&format!("report plain --replicates 64 -q{set}")).fine();
    harmless(&page);
    assert!(answer(&page).contains(NASTY), "{}", answer(&page));
    // In the data of a figure the label that looks like a formula is none.
    assert!(
        page.contains("%22%27%3DHYPERLINK")
            && !page.contains(",%22%3DHYPERLINK")
            && !page.contains("%0A%22%3DHYPERLINK")
    );

    let name = NASTY.replace('/', "-");
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/data/example-trial");
    let data = std::fs::read_to_string(format!("{folder}/data.csv")).unwrap();
    desk.write(&format!("{name}.csv"), &data);
    let page = desk.linger(&format!("report '{name}.csv' --columns '{folder}/columns.toml' -q")).fine();
    harmless(&page);
    assert!(read(page.split("<h1>").nth(1).unwrap().split("</h1>").next().unwrap()).contains(&name));
}

/// A page in which no text of a user is markup: one style sheet, one script of ours, nothing else that acts.
fn harmless(page: &str) {
    assert!(!page.contains("<img") && !page.contains("<script>alert"));
    for element in ["style", "script", "title"] {
        assert_eq!(page.matches(&format!("<{element}")).count(), 1, "{element}");
        assert_eq!(page.matches(&format!("</{element}")).count(), 1, "{element}");
    }
    // No tag has an attribute that acts.
    for tag in page.split('<').skip(1).filter_map(|rest| rest.split_once('>').map(|(tag, _)| tag)) {
        let outside: String = tag.split('"').step_by(2).collect();
        assert!(!outside.contains(" on"), "{tag}");
    }
}

#[test]
fn the_same_command_gives_the_same_bytes_and_a_folder_the_same_numbers() {
    let desk = Desk::new();
    let page = |options: &str| desk.linger(&format!("report small-pilot --replicates 128 -q {options}")).fine();
    let once = page("-j 1");
    assert_eq!(once, page("-j 4"));
    assert!(!once.contains("Run time"));
    desk.linger("evaluate small-pilot --replicates 128 -q -o run").fine();
    let kept = desk.linger("report run -q").fine();
    let tables = |page: &str| {
        page.split("<table>").skip(1).map(|rest| rest.split("</table>").next().unwrap().to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(tables(&once), tables(&kept));
    let stamped = desk.linger_with("report small-pilot --replicates 0 -q", &[("SOURCE_DATE_EPOCH", "86400")]).fine();
    assert!(stamped.contains("1970-01-02") && !stamped.contains("Run time"));
    assert!(!stamped.contains("id=\"characteristics\""), "one trial alone has no operating characteristics");
    assert!(desk.linger("report small-pilot --replicates 0 -q --stamp").fine().contains("Run time"));
}

#[test]
fn what_does_not_apply_is_refused() {
    let desk = Desk::new();
    desk.write("data.csv", "x\n").write("plan.toml", "");
    std::fs::create_dir(desk.path("empty")).unwrap();
    desk.linger("evaluate small-pilot --replicates 64 -q -o run").fine();
    for (arguments, said) in [
        ("report --format json", "--format does not apply here: a report is a page for people"),
        ("report -o report.pdf", "end the name in .html"),
        ("report --open", "--open needs a file"),
        ("report empty", "holds no kept run"),
        ("report run --replicates 5", "--replicates does not apply here"),
        ("report run --seed 1", "--set and --seed do not apply here"),
        ("report plain --plan plan.toml", "--columns and --plan do not apply here: they go with a data file"),
        ("report data.csv --replicates 5", "--replicates and --replicate do not apply here"),
        ("report data.csv --seed 5", "--seed does not apply here"),
        ("report no-efect", "did you mean no-effect?"),
    ] {
        let refused = desk.linger(arguments);
        assert_eq!(refused.code, 2, "{arguments}");
        assert!(refused.stderr.contains(said), "{arguments}: {}", refused.stderr);
        assert_eq!(refused.stdout, "", "{arguments}");
    }
    std::fs::remove_file(
        desk.path("run/chunks").join(desk.files("run/chunks").iter().find(|name| name.ends_with(".parquet")).unwrap()),
    )
    .unwrap();
    let incomplete = desk.linger("report run -o report.html");
    assert!(incomplete.code == 5 || incomplete.code == 2, "{}", incomplete.stderr);
    assert!(!desk.path("report.html").exists());
}

#[test]
fn the_page_is_opened_where_that_is_asked_for() {
    let desk = Desk::new();
    std::fs::create_dir(desk.path("bin")).unwrap();
    let path = desk.path("bin").join("xdg-open");
    std::fs::write(&path, "#!/bin/sh\necho \"$@\" > said.tmp && mv said.tmp said\n").unwrap();
    std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o755)).unwrap();
    let search = format!("{}:{}", desk.path("bin").display(), std::env::var("PATH").unwrap());
    let said = desk.linger_with("report small-pilot --replicates 0 -o report.html --open", &[("PATH", &search)]);
    assert_eq!(said.code, 0, "{}", said.stderr);
    assert!(said.stderr.contains("written: report.html (") && said.stderr.contains("kB"), "{}", said.stderr);
    if cfg!(target_os = "linux") {
        let opened = (0..200).any(|_| {
            std::thread::sleep(std::time::Duration::from_millis(50));
            desk.path("said").exists()
        });
        assert!(opened);
        assert_eq!(desk.read("said").trim(), "report.html");
    }
}

#[test]
fn running_estimates_are_evaluations_of_the_first_replicates() {
    let folder = tempfile::tempdir().unwrap();
    let source = scenario::built_in("small-pilot").unwrap();
    let loaded = scenario::read(source, &[]).unwrap();
    let truth = claimed_truth(&loaded.scenario, 10_000);
    let stored = StoredPlan::new(loaded.clone());
    let path = folder.path().join("run");
    let go_on = |_, _: &_| std::ops::ControlFlow::Continue(());
    let whole = evaluate_in_store(&stored, truth.clone(), 200, &[], &path, go_on).unwrap();
    let points = running(&Store::read(&path).unwrap(), &stored, &truth, 4).unwrap();
    let counts: Vec<u64> = points.iter().map(|own| own.n_replicates).collect();
    assert_eq!(counts, [50, 100, 150, 200]);
    let part = evaluate_until(&loaded.scenario, truth, 150, &[], go_on).unwrap();
    for (running, evaluated) in [(&points[3], &whole.performance), (&points[2], &part.performance)] {
        for (a, b) in running.visits.iter().zip(&evaluated.visits) {
            for (a, b) in a.contrasts.iter().zip(&b.contrasts) {
                assert_eq!((a.covered, a.rejected, a.rejected_adjusted), (b.covered, b.rejected, b.rejected_adjusted));
            }
        }
    }
}

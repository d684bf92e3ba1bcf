//! Inputs that once brought a door down or held it up: found by `tests/fuzz`, or by reading what a fuzzer's short inputs cannot reach.

use std::time::{Duration, Instant};

use linger::cohort;
use linger::dataset::{self, Names};
use linger::scenario::{Grid, Override, Place, Problems, Source, built_in, codes, nearest, read, read_columns, source};

/// Far less than what these inputs once took, far more than they take now.
const PATIENCE: Duration = Duration::from_secs(30);

fn refused(text: impl Into<String>) -> Problems {
    match read(Source::new("fuzz.toml", text), &[]) {
        Ok(_) => panic!("this is a scenario"),
        Err(problems) => problems,
    }
}

#[test]
fn two_long_words_are_not_compared_letter_by_letter() {
    // A table of 100,000 by 100,000 numbers has 80 GB.
    let [long, other] = ["a", "b"].map(|letter| letter.repeat(100_000));
    assert_eq!(nearest(&long, [other.as_str(), "arm"]), None);
    assert_eq!(nearest(&long.to_uppercase(), [long.as_str()]), Some(long.as_str()));
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("trial.csv");
    let row = |who: usize, outcome: &str| format!("{who},{},{outcome},0,1\n", ["x", "y"][who % 2]);
    let rows: String =
        (0..8).map(|who| row(who, &long) + &if who == 0 { row(0, &other) } else { String::new() }).collect();
    std::fs::write(&path, format!("participant,arm,outcome,visit_week,value\n{rows}")).unwrap();
    assert!(!dataset::read(&path, None).unwrap_err().problems.is_empty());
}

#[test]
fn a_long_file_that_is_no_toml_is_refused_at_once() {
    let started = Instant::now();
    let rows: String = (0..50_000).map(|row| format!("{row},massage,rdq,10,8\n")).collect();
    let problems = refused(format!("participant,arm,outcome,visit_week,value\n{rows}"));
    assert_eq!(problems.len(), 50);
    assert!(problems.iter().all(|problem| problem.code == codes::SYNTAX));
    let last = problems.iter().last().and_then(|problem| problem.label.clone()).unwrap_or_default();
    assert!(last.ends_with("(and 49951 more such lines below)"), "{last}");
    assert!(started.elapsed() < PATIENCE, "{:?}", started.elapsed());
}

#[test]
fn thousands_of_unknown_keys_are_all_named_and_soon() {
    let started = Instant::now();
    let keys: String = (0..20_000).map(|key| format!("zzz{key}qqq = 1\n")).collect();
    let problems = refused(keys.as_str());
    let unknown = problems.iter().filter(|problem| problem.code == codes::UNKNOWN_KEY).count();
    assert_eq!(unknown, 20_000);
    let columns = read_columns(Source::new("columns.toml", keys), &[]).unwrap_err();
    assert_eq!(columns.len(), 20_000);
    assert!(started.elapsed() < PATIENCE, "{:?}", started.elapsed());
}

#[test]
fn a_text_without_end_is_no_scenario() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("trial.toml");
    std::fs::File::create(&path).unwrap().set_len(10_000_001).unwrap();
    let endless = std::path::PathBuf::from("/dev/zero");
    for path in [path, endless].iter().filter(|path| path.exists()) {
        let problems = source(path).unwrap_err();
        assert_eq!(problems.iter().map(|problem| problem.code).collect::<Vec<_>>(), [codes::UNREADABLE_FILE]);
        assert!(problems.to_string().contains("more than 10000000 bytes"), "{problems}");
    }
}

#[test]
fn a_grid_of_many_ranges_is_refused_before_they_are_compared() {
    let started = Instant::now();
    let ranges: Vec<String> = (0..2_000).map(|range| format!("0.{range:04}..1999:1")).collect();
    let problems = Grid::new(format!("arms.relaxation.sessions={}", ranges.join(","))).unwrap_err();
    assert!(problems.to_string().contains("more than 2000 values"), "{problems}");
    assert!(started.elapsed() < PATIENCE, "{:?}", started.elapsed());
}

/// The places of all problems of a plan's formula or combination are whole letters.
#[test]
fn places_are_whole_letters_where_a_text_ends_with_a_wide_one() {
    let plain = built_in("plain").unwrap();
    for setting in
        ["analysis.formula=é", "analysis.combinations={ own = 'relaxation -\u{a0}' }", "seed=\u{3000}é\u{3000}"]
    {
        let problems = read(plain.clone(), &[linger::scenario::Override::new(setting)]).unwrap_err();
        check_places(&problems);
    }
    let problems = Grid::new("seed=1,\u{3000},\u{a0}").unwrap_err();
    check_places(&problems);
}

fn check_places(problems: &Problems) {
    for problem in problems {
        let Some(Place::Text { source, span }) = &problem.place else { continue };
        assert!(source.text().get(span.clone()).is_some(), "{problem}: {span:?}");
    }
}

#[test]
fn a_product_of_hundreds_of_names_is_refused() {
    let started = Instant::now();
    let sum: Vec<String> = (0..190).map(|term| format!("a{term}")).collect();
    let product: Vec<String> = (0..2_000).map(|name| format!("b{name}")).collect();
    let formula = format!("analysis.formula=value ~ ({}):{}", sum.join("+"), product.join(":"));
    let problems = read(built_in("plain").unwrap(), &[linger::scenario::Override::new(formula)]).unwrap_err();
    assert!(problems.to_string().contains("at most 20 names"), "{problems}");
    assert!(started.elapsed() < PATIENCE, "{:?}", started.elapsed());
}

#[test]
fn a_footer_of_millions_of_truth_values_does_not_hold_a_parquet_file_up() {
    // Lists of two thousand million elements, none of which takes a byte, in fields that polars passes over one element at a time.
    let list = |field: u8| [field, 0xf2, 0xff, 0xff, 0xff, 0xff, 0x07];
    let footer = [list(0x99), list(0x19), list(0x19)].concat();
    let length = u32::try_from(footer.len()).unwrap().to_le_bytes();
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("trial.parquet");
    std::fs::write(&path, [b"PAR1", footer.as_slice(), &length, b"PAR1"].concat()).unwrap();
    let started = Instant::now();
    let problems = dataset::read(&path, None).unwrap_err();
    assert!(problems.to_string().contains("error[L107]"), "{problems}");
    assert!(started.elapsed() < PATIENCE, "{:?}", started.elapsed());
}

#[test]
fn a_parquet_file_with_any_byte_changed_is_read_or_refused() {
    // The head of a page that claims less than no values asked for more memory than there is, which ends a program at once.
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("trial.parquet");
    let few = ["trial.per_arm={ relaxation = 4, structural = 4, usual_care = 4 }"].map(Override::new);
    let scenario =
        read(built_in("reference-job").unwrap(), &few).map_err(|problems| problems.to_string()).unwrap().scenario;
    let data = cohort::generate(&scenario, 0);
    dataset::write(&path, &data, Names::Tidy).unwrap();
    let whole = std::fs::read(&path).unwrap();
    let started = Instant::now();
    let mut refused = 0;
    for (place, &own) in whole.iter().enumerate() {
        for byte in [0x01, 0xff].into_iter().filter(|byte| *byte != own) {
            let mut damaged = whole.clone();
            damaged[place] = byte;
            std::fs::write(&path, &damaged).unwrap();
            refused += usize::from(dataset::read(&path, None).is_err());
        }
        assert!(started.elapsed() < 10 * PATIENCE, "{:?}", started.elapsed());
    }
    assert!(refused > 100, "{refused}");
}

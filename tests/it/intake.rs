//! The door for real files: the three shapes, the names recognised, and every kind of mistake with its code, place and remedy.

use std::fs;
use std::path::PathBuf;

use linger::dataset::{self, Counting, Intake, IntakeCode, IntakeProblems};
use linger::scenario::{self, Columns, Source};
use linger::trial::CovariateValues;
use proptest::prelude::*;

/// Text of a mapping, resolved.
fn mapping(text: &str) -> Columns {
    scenario::read_columns(Source::new("columns.toml", text), &[]).unwrap_or_else(|problems| panic!("{problems}"))
}

/// Reads some bytes as a file of this name.
fn read_bytes(name: &str, bytes: &[u8], columns: Option<&Columns>) -> Result<Intake, IntakeProblems> {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join(name);
    fs::write(&path, bytes).unwrap();
    dataset::read(&path, columns)
}

fn read(text: &str, columns: &str) -> Result<Intake, IntakeProblems> {
    read_bytes("trial.csv", text.as_bytes(), Some(&mapping(columns)))
}

/// Code, line, column and suggestion of each problem.
type Found = Vec<(&'static str, Option<usize>, Option<String>, Option<String>)>;

fn found(problems: &IntakeProblems) -> Found {
    let found = |problem: &dataset::IntakeProblem| {
        (problem.code(), problem.row, problem.column.clone(), problem.suggestion.clone())
    };
    problems.problems.iter().map(found).collect()
}

fn problem(
    code: &'static str,
    row: usize,
    column: &str,
) -> (&'static str, Option<usize>, Option<String>, Option<String>) {
    (code, Some(row), Some(column.to_owned()), None)
}

fn near(
    code: &'static str,
    row: usize,
    column: &str,
    word: &str,
) -> (&'static str, Option<usize>, Option<String>, Option<String>) {
    (code, Some(row), Some(column.to_owned()), Some(word.to_owned()))
}

const TIDY: &str = "participant,arm,outcome,visit_week,value\n\
    a,massage,rdq,0,12\n\
    a,massage,rdq,10,8\n\
    b,usual,rdq,0,11\n\
    b,usual,rdq,10,\n\
    c,massage,rdq,0,9\n\
    c,massage,rdq,10,7.5\n\
    d,usual,rdq,0,14\n\
    d,usual,rdq,10,13\n";

const TIDY_COLUMNS: &str = "[arms.massage]\n[arms.usual]\n[outcomes.rdq]\nrange = [0, 23]\nstep = 1\n";

/// The tidy file with one line (counted from 1, as in the file) put in another's place.
fn with_line(line: usize, text: &str) -> String {
    let mut lines: Vec<&str> = TIDY.lines().collect();
    lines[line - 1] = text;
    lines.join("\n") + "\n"
}

/// The problems of the tidy file with one other line.
fn problems_with_line(line: usize, text: &str) -> Found {
    found(&read(&with_line(line, text), TIDY_COLUMNS).unwrap_err())
}

#[test]
fn a_tidy_file_needs_no_mapping() {
    let intake = read_bytes("trial.csv", TIDY.as_bytes(), None).unwrap();
    let data = intake.data;
    assert_eq!(data.identifiers, Some(["a", "b", "c", "d"].map(str::to_owned).to_vec()));
    let arms: Vec<(&str, bool)> = data.layout.arms.iter().map(|arm| (arm.name.as_str(), arm.reference)).collect();
    assert_eq!(arms, [("massage", false), ("usual", true)]);
    assert_eq!(data.arm, [0, 1, 0, 1]);
    assert_eq!(data.layout.visits.iter().map(|visit| visit.week).collect::<Vec<_>>(), [0.0, 10.0]);
    assert_eq!(data.layout.outcomes[0].range, None);
    let values = |visit| (0..4).map(|participant| data.outcomes[0].value(participant, visit)).collect::<Vec<_>>();
    assert_eq!(values(0), [Some(12.0), Some(11.0), Some(9.0), Some(14.0)]);
    assert_eq!(values(1), [Some(8.0), None, Some(7.5), Some(13.0)]);
    assert!(
        intake.notes.iter().any(|note| note.contains("`usual`") && note.contains("first appearance")),
        "{:?}",
        intake.notes
    );
}

#[test]
fn adam_style_names_are_understood() {
    let adam = TIDY.replace("participant,arm,outcome,visit_week,value", "USUBJID,TRT01P,PARAMCD,AVISITN,AVAL");
    let tidy = read_bytes("trial.csv", TIDY.as_bytes(), None).unwrap();
    assert_eq!(read_bytes("trial.csv", adam.as_bytes(), None).unwrap(), tidy);
}

#[test]
fn the_three_shapes_say_the_same() {
    let mapping_start =
        "missing = [\"-\"]\nparticipant = \"id\"\narm = \"group\"\n[arms.massage]\n[arms.usual]\nreference = true\n";
    let by_visit =
        "id,group,week,rdq,pain,age\n7,massage,0,12,5,40\n7,massage,10,8,4,40\n3,usual,0,11,6,51\n3,usual,10,-,,51\n";
    let wide = "id,group,rdq0,rdq10,pain0,pain10,age\n7,massage,12,8,5,4,40\n3,usual,11,-,6,,51\n";
    let tidy = "id,group,outcome,visit_week,value,age\n\
        7,massage,RDQ,0,12,40\n7,massage,PAIN,0,5,40\n7,massage,RDQ,10,8,40\n7,massage,PAIN,10,4,40\n\
        3,usual,RDQ,0,11,51\n3,usual,PAIN,0,6,51\n";
    let by_visit = read(
        by_visit,
        &format!("visit = \"week\"\n{mapping_start}[outcomes.rdq]\n[outcomes.pain]\n[covariates.age]\n"),
    );
    let wide = read(
        wide,
        &format!(
            "{mapping_start}[outcomes.rdq]\ncolumns = {{ rdq0 = 0, rdq10 = 10 }}\n\
             [outcomes.pain]\ncolumns = {{ pain0 = 0, pain10 = 10 }}\n[covariates.age]\n"
        ),
    );
    let tidy = read(
        tidy,
        &format!(
            "{mapping_start}[outcomes.rdq]\nin_file = \"RDQ\"\n[outcomes.pain]\nin_file = [\"PAIN\"]\n[covariates.age]\n"
        ),
    );
    let [by_visit, wide, tidy] =
        [by_visit, wide, tidy].map(|intake| intake.unwrap_or_else(|problems| panic!("{problems}")).data);
    assert_eq!(by_visit, wide);
    assert_eq!(tidy, wide);
    assert_eq!(wide.identifiers, Some(vec!["7".to_owned(), "3".to_owned()]));
    assert_eq!(wide.outcomes[1].value(1, 0), Some(6.0));
    assert_eq!(wide.outcomes[1].value(1, 1), None);
    assert_eq!(wide.covariates[0].values, CovariateValues::Numeric(vec![Some(40.0), Some(51.0)]));
}

#[test]
fn the_example_trial_is_read() {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("data/example-trial");
    let columns = scenario::read_columns(scenario::source(&folder.join("columns.toml")).unwrap(), &[])
        .unwrap_or_else(|problems| panic!("{problems}"));
    let intake =
        dataset::read(&folder.join("data.csv"), Some(&columns)).unwrap_or_else(|problems| panic!("{problems}"));
    let flow = intake.data.participant_flow();
    assert_eq!(flow.randomised(), 401);
    assert_eq!(intake.data.layout.arms[2].name, "usual_care");
    assert!(flow.seen(3) < 401 && flow.seen(3) > 320);
    assert!(intake.notes.is_empty(), "{:?}", intake.notes);
    let plan = scenario::source(&folder.join("plan.toml")).unwrap();
    let plan = scenario::read_plan(plan, &[], &intake.data.layout, &[]);
    assert_eq!(plan.unwrap_or_else(|problems| panic!("{problems}")).contrasts.len(), 3);
}

#[test]
fn a_misspelt_arm_is_named_with_its_rows_and_what_was_meant() {
    assert_eq!(problems_with_line(4, "b,usaul,rdq,0,11"), [near("L121", 4, "arm", "usual")]);
    assert_eq!(problems_with_line(4, "b,,rdq,0,11"), [problem("L121", 4, "arm")]);
}

#[test]
fn a_participant_in_two_arms_is_named() {
    let problems = read(&with_line(5, "b,massage,rdq,10,"), TIDY_COLUMNS).unwrap_err();
    assert_eq!(found(&problems), [problem("L122", 5, "arm")]);
    assert!(
        problems.to_string().contains("participant `b` is in `massage` here, but in `usual` on line 4"),
        "{problems}"
    );
}

#[test]
fn a_visit_that_stands_twice_is_named_with_the_other_line() {
    let problems = read(&with_line(5, "b,usual,rdq,0,3"), TIDY_COLUMNS).unwrap_err();
    assert_eq!(found(&problems), [problem("L160", 5, "value")]);
    assert!(problems.to_string().contains("participant `b` has `rdq` at baseline on line 4 already"), "{problems}");
    let wide = "participant,arm,a,b\n1,x,1,2\n1,x,1,2\n2,y,1,2\n3,y,1,2\n";
    let problems = read(wide, "[outcomes.o]\ncolumns = { a = 0, b = 10 }\n[arms.x]\n[arms.y]\n").unwrap_err();
    assert_eq!(found(&problems), [problem("L160", 3, "a")]);
    let by_visit = "participant,arm,visit_week,p,q\n1,x,0,1,2\n1,x,0,1,2\n2,y,0,1,2\n3,y,0,1,2\n";
    let problems = read(by_visit, "[outcomes.p]\n[outcomes.q]\n[arms.x]\n[arms.y]\n").unwrap_err();
    assert_eq!(found(&problems), [problem("L160", 3, "visit_week")]);
}

#[test]
fn every_bad_cell_is_named() {
    let text = TIDY
        .replace("a,massage,rdq,10,8", "a,massage,rdq,10,n.d.")
        .replace("10,7.5", "10,99")
        .replace("rdq,0,14", "rdq,0,\"14,5\"");
    let problems = read(&text, TIDY_COLUMNS).unwrap_err();
    assert_eq!(
        found(&problems),
        [problem("L150", 3, "value"), problem("L152", 7, "value"), problem("L151", 8, "value")]
    );
    let message = problems.to_string();
    assert!(message.contains("trial.csv: line 3, column `value`: error[L150]: `n.d.` is not a number"), "{message}");
    assert!(message.contains("99 is outside the range 0 to 23 of `rdq`"), "{message}");
    assert!(message.contains("write 14.5"), "{message}");
    assert!(message.ends_with("3 errors · nothing was read"), "{message}");
}

#[test]
fn words_for_numbers_that_are_none_are_refused() {
    for word in ["inf", "-inf", "infinity", "nan", "0x10", "1e999", "1_000", "--3"] {
        assert_eq!(problems_with_line(3, &format!("a,massage,rdq,10,{word}")), [problem("L150", 3, "value")], "{word}");
    }
    assert!(read(&with_line(3, "a,massage,rdq,10, +8e0 "), TIDY_COLUMNS).is_ok());
    assert!(read(&with_line(3, "a,massage,rdq,10,NA"), TIDY_COLUMNS).is_ok());
}

#[test]
fn a_missing_baseline_is_named_by_participant_unless_the_mapping_accepts_it() {
    assert_eq!(problems_with_line(4, "b,usual,rdq,0,"), [problem("L161", 4, "value")]);
    assert_eq!(problems_with_line(4, "b,usual,rdq,0,x"), [problem("L150", 4, "value")], "one fault, one problem");
    let accepting = format!("baseline_may_be_missing = true\n{TIDY_COLUMNS}");
    let intake = read(&with_line(4, "b,usual,rdq,0,"), &accepting).unwrap();
    assert_eq!(intake.data.outcomes[0].value(1, 0), None);
    assert!(
        intake.notes.iter().any(|note| note.contains("without a baseline value of `rdq`: `b`")),
        "{:?}",
        intake.notes
    );
}

#[test]
fn baselines_in_a_column_of_their_own_are_used_where_week_0_has_no_row() {
    let text = "participant,arm,outcome,visit_week,value,baseline\n1,x,o,10,4,7\n1,x,o,26,5,7\n2,y,o,10,3,6\n3,x,o,10,3,5\n4,y,o,10,3,6\n";
    let data = read_bytes("trial.csv", text.as_bytes(), None).unwrap().data;
    assert_eq!(data.layout.visits.len(), 3);
    assert_eq!((0..4).map(|who| data.outcomes[0].value(who, 0)).collect::<Vec<_>>(), [7.0, 6.0, 5.0, 6.0].map(Some));
    let contradicting = text.replace("26,5,7", "26,5,8");
    assert_eq!(
        found(&read_bytes("trial.csv", contradicting.as_bytes(), None).unwrap_err()),
        [problem("L162", 3, "baseline")]
    );
}

#[test]
fn visits_are_weeks_or_named_in_the_mapping() {
    assert_eq!(problems_with_line(3, "a,massage,rdq,week 10,8"), [problem("L130", 3, "visit_week")]);
    assert_eq!(problems_with_line(3, "a,massage,rdq,-2,8"), [problem("L130", 3, "visit_week")]);
    let named = TIDY.replace(",0,", ",baseline,").replace(",10,", ",10 weeks,");
    let columns = format!("{TIDY_COLUMNS}[visits]\n\"baseline\" = 0\n\"10 weeks\" = 10\n");
    assert_eq!(read(&named, &columns).unwrap().data, read(TIDY, TIDY_COLUMNS).unwrap().data);
    let slip = named.replace("a,massage,rdq,10 weeks", "a,massage,rdq,10 weks");
    assert_eq!(found(&read(&slip, &columns).unwrap_err()), [near("L130", 3, "visit_week", "10 weeks")]);
    let late = TIDY.replace(",0,", ",1,");
    let problems = read(&late, TIDY_COLUMNS).unwrap_err();
    assert_eq!(found(&problems), [("L131", None, Some("visit_week".to_owned()), None)]);
}

#[test]
fn days_taken_for_weeks_are_too_many_visits() {
    let mut text = "participant,arm,outcome,visit_week,value\n".to_owned();
    for day in 0..40 {
        for who in 1..=4 {
            text += &format!("{who},{},o,{day},1\n", if who % 2 == 0 { "x" } else { "y" });
        }
    }
    let problems = read_bytes("trial.csv", text.as_bytes(), None).unwrap_err();
    assert_eq!(found(&problems), [("L132", None, Some("visit_week".to_owned()), None)]);
}

#[test]
fn a_misspelt_outcome_is_told_from_one_that_is_not_analysed() {
    let mut text = TIDY.replace("b,usual,rdq,10", "b,usual,rqd,10");
    assert_eq!(found(&read(&text, TIDY_COLUMNS).unwrap_err()), [near("L140", 5, "outcome", "rdq")]);
    text = TIDY.to_owned() + "a,massage,sf12,0,40\nb,usual,sf12,0,45\n";
    let intake = read(&text, TIDY_COLUMNS).unwrap();
    assert_eq!(intake.data, read(TIDY, TIDY_COLUMNS).unwrap().data);
    assert!(intake.notes.iter().any(|note| note.contains("`sf12 (2 rows)`")), "{:?}", intake.notes);
    // Near in spelling, but recorded beside the other at the same visits.
    text = TIDY.to_owned() + "a,massage,rdq2,0,40\nb,usual,rdq2,0,45\n";
    assert_eq!(read(&text, TIDY_COLUMNS).unwrap().data, read(TIDY, TIDY_COLUMNS).unwrap().data);
    let slip = TIDY.replace("b,usual,rdq,10", "b,usual,rqd,10");
    assert_eq!(
        found(&read_bytes("trial.csv", slip.as_bytes(), None).unwrap_err()),
        [near("L140", 5, "outcome", "rdq")]
    );
    assert_eq!(problems_with_line(5, "b,usual,,10,3"), [problem("L140", 5, "outcome")]);
}

#[test]
fn a_row_without_a_participant_is_named() {
    assert_eq!(problems_with_line(5, ",usual,rdq,10,3"), [problem("L120", 5, "participant")]);
}

#[test]
fn missing_columns_are_named_together_with_what_was_probably_meant() {
    let text = TIDY.replace("participant,arm,", "partcipant,armm,");
    let problems = read(&text, TIDY_COLUMNS).unwrap_err();
    let column = |name: &str, word: &str| ("L111", None, Some(name.to_owned()), Some(word.to_owned()));
    assert_eq!(found(&problems), [column("participant", "partcipant"), column("arm", "armm")]);
    let problems = read(TIDY, &format!("arm = \"amr\"\n{TIDY_COLUMNS}")).unwrap_err();
    assert_eq!(found(&problems), [column("amr", "arm")]);
    let no_outcomes = "participant,arm,visit_week,rdq\n1,x,0,3\n";
    let problems = read_bytes("trial.csv", no_outcomes.as_bytes(), None).unwrap_err();
    assert_eq!(found(&problems)[0].0, "L111");
    assert!(problems.to_string().contains("[outcomes.rdq]"), "{problems}");
}

#[test]
fn two_columns_of_the_same_heading_are_refused_where_they_matter() {
    let text = "participant,arm,outcome,visit_week,value,value\n1,x,o,0,1,1\n2,y,o,0,1,1\n3,x,o,0,1,1\n4,y,o,0,1,1\n";
    assert_eq!(
        found(&read_bytes("trial.csv", text.as_bytes(), None).unwrap_err()),
        [("L110", None, Some("value".to_owned()), None)]
    );
}

#[test]
fn files_that_are_no_tables_are_told_apart() {
    let code = |bytes: &[u8]| found(&read_bytes("trial.csv", bytes, None).unwrap_err())[0].clone();
    assert_eq!(code(b"").0, "L102");
    assert_eq!(code(b"\xef\xbb\xbf\r\n\n").0, "L102");
    assert_eq!(code(b"participant,arm,outcome,visit_week,value\n").0, "L103");
    assert_eq!(code(b"1,x,o,0,5\n2,y,o,0,6\n"), ("L104", Some(1), None, None));
    assert_eq!(code(b"participant,arm\n1,Kontrollgr\xfcppe\n"), ("L105", Some(2), None, None));
    assert_eq!(code(b"\xff\xfep\0a\0r\0").0, "L105");
    assert_eq!(code(b"PK\x03\x04xlsx").0, "L106");
    assert_eq!(code(b"\x1f\x8b\x08gz").0, "L106");
    assert_eq!(code(b"a,b\n1,\"x\n2,y\n"), ("L109", Some(2), None, None));
    let missing = dataset::read(&PathBuf::from("no/such/file.csv"), None).unwrap_err();
    assert_eq!(found(&missing)[0].0, "L101");
}

#[test]
fn a_misplaced_quotation_mark_never_swallows_a_line() {
    let text =
        TIDY.replace("a,massage,rdq,0,12", "a,5\" tall,rdq,0,12").replace("b,usual,rdq,0,11", "b,6\" tall,rdq,0,11");
    assert_eq!(found(&read(&text, TIDY_COLUMNS).unwrap_err()), [("L109", Some(2), None, None)]);
    assert_eq!(problems_with_line(5, "b,\"usual\" ,rdq,10,"), [("L109", Some(5), None, None)]);
    assert!(read(&with_line(5, "b,\"usual\",rdq,10,"), TIDY_COLUMNS).is_ok());
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(500))]

    #[test]
    fn no_text_makes_reading_panic(text in "[12ab,;\"\n\r\t .äNA-]{0,60}", headed in any::<bool>()) {
        let header = if headed { "participant,arm,outcome,visit_week,value\n1,x,o,0,1\n2,y,o,0,1\n" } else { "" };
        let _ = read_bytes("trial.csv", format!("{header}{text}").as_bytes(), None);
        let _ = read(&format!("{header}{text}"), TIDY_COLUMNS);
    }
}

#[test]
fn ragged_rows_are_all_named_by_their_lines() {
    let text = with_line(3, "a,massage,rdq,10,8,extra") + "e,usual,rdq\n";
    let problems = read(&text, TIDY_COLUMNS).unwrap_err();
    assert_eq!(found(&problems), [("L108", Some(3), None, None), ("L108", Some(10), None, None)]);
    assert!(problems.to_string().contains("this row has 6 cells, but the header has 5"), "{problems}");
}

#[test]
fn lines_are_counted_as_an_editor_counts_them() {
    let text =
        TIDY.replace("a,massage,rdq,10,8\n", "\n\"a\",massage,rdq,10,\"eight\nor so\"\n").replace("10,13", "10,x");
    let problems = read(&text, TIDY_COLUMNS).unwrap_err();
    assert_eq!(found(&problems), [problem("L150", 4, "value"), problem("L150", 11, "value")]);
}

#[test]
fn marks_and_line_ends_of_other_programs_make_no_difference() {
    let plain = read(TIDY, TIDY_COLUMNS).unwrap().data;
    let spellings = [
        format!("\u{feff}{TIDY}"),
        TIDY.replace('\n', "\r\n"),
        TIDY.replace('\n', "\r"),
        TIDY.trim_end().to_owned(),
        TIDY.replace('\n', "\n\n"),
        TIDY.replace(',', " , "),
        TIDY.replace("massage", "\"massage\""),
    ];
    for text in spellings {
        assert_eq!(read(&text, TIDY_COLUMNS).unwrap_or_else(|problems| panic!("{problems}")).data, plain, "{text:?}");
    }
}

#[test]
fn other_separators_and_decimal_commas_are_read_when_they_are_plain() {
    let plain = read(TIDY, TIDY_COLUMNS).unwrap().data;
    for separator in [";", "\t", "|"] {
        let intake = read(&TIDY.replace(',', separator), TIDY_COLUMNS).unwrap();
        assert_eq!(intake.data, plain);
        assert!(intake.notes.iter().any(|note| note.contains("separated by")), "{:?}", intake.notes);
    }
    let german = TIDY.replace(',', ";").replace("7.5", "7,5");
    assert_eq!(found(&read(&german, TIDY_COLUMNS).unwrap_err()), [problem("L151", 7, "value")]);
    let told = format!("separator = \";\"\ndecimal_mark = \",\"\n{TIDY_COLUMNS}");
    assert_eq!(read(&german, &told).unwrap().data, plain);
    assert_eq!(found(&read(TIDY, &told).unwrap_err())[0].0, "L112");
}

#[test]
fn covariates_are_one_value_per_participant() {
    let text = "participant,arm,outcome,visit_week,value,age,site\n\
        1,x,o,0,3,40,B\n1,x,o,10,2,41,B\n2,y,o,0,3,old,A\n3,x,o,0,1,,C\n4,y,o,0,1,52,A\n";
    let columns = "[covariates.age]\n[covariates.site]\nkind = \"factor\"\nlevels = [\"A\", \"B\"]\n";
    assert_eq!(
        found(&read(text, columns).unwrap_err()),
        [problem("L170", 3, "age"), problem("L150", 4, "age"), problem("L171", 5, "site")]
    );
    let clean = text.replace(",41,", ",40,").replace("old", "39");
    let data =
        read(&clean, "[covariates.age]\n[covariates.site]\nkind = \"factor\"\nreference = \"C\"\n").unwrap().data;
    assert_eq!(data.covariates[0].values, CovariateValues::Numeric(vec![Some(40.0), Some(39.0), None, Some(52.0)]));
    let levels = ["C", "A", "B"].map(str::to_owned).to_vec();
    assert_eq!(
        data.covariates[1].values,
        CovariateValues::Factor { levels, values: vec![Some(2), Some(1), Some(0), Some(1)] }
    );
    let problems = read(&clean, "[covariates.site]\nkind = \"factor\"\nreference = \"AA\"\n").unwrap_err();
    assert_eq!(found(&problems), [("L171", None, Some("site".to_owned()), Some("A".to_owned()))]);
}

#[test]
fn arms_as_found_must_look_like_arms() {
    let only = TIDY.replace("usual", "massage");
    assert_eq!(
        found(&read_bytes("t.csv", only.as_bytes(), None).unwrap_err()),
        [("L123", None, Some("arm".to_owned()), None)]
    );
    let spelt = TIDY.replace("d,usual", "d,Usual");
    let problems = read_bytes("t.csv", spelt.as_bytes(), None).unwrap_err();
    assert!(found(&problems).contains(&near("L123", 8, "arm", "usual")), "{problems}");
    let slip = TIDY.to_owned() + "e,masage,rdq,0,9\n";
    let problems = read_bytes("t.csv", slip.as_bytes(), None).unwrap_err();
    assert_eq!(found(&problems), [near("L123", 10, "arm", "massage")]);
}

#[test]
fn many_problems_are_counted_and_the_first_are_shown() {
    let mut text = "participant,arm,outcome,visit_week,value\n".to_owned();
    for who in 0..80 {
        text += &format!("{who},{},o,0,bad{who}\n", if who % 2 == 0 { "x" } else { "y" });
    }
    let problems = read_bytes("trial.csv", text.as_bytes(), None).unwrap_err();
    assert_eq!(problems.problems.len(), 80);
    let message = problems.to_string();
    assert!(message.contains("`bad49`") && !message.contains("`bad50`"), "{message}");
    assert!(message.contains("and 30 more\n80 errors · nothing was read"), "{message}");
}

/// Code of the first problem, and the message.
fn refused(name: &str, bytes: &[u8]) -> (&'static str, String) {
    let problems = read_bytes(name, bytes, None).unwrap_err();
    (problems.problems[0].code(), problems.to_string())
}

#[test]
fn no_more_problems_are_kept_than_anybody_reads_and_all_are_counted() {
    let rows = |cells: &str| format!("participant,arm,outcome,visit_week,value\n{}", cells.repeat(12_000));
    let ragged = read_bytes("trial.csv", rows("1,x,o,0\n").as_bytes(), None).unwrap_err();
    let numbers = read_bytes("trial.csv", rows("1,x,o,0,bad\n").as_bytes(), None).unwrap_err();
    for problems in [ragged, numbers] {
        assert_eq!(problems.problems.len(), 10_000);
        let message = problems.to_string();
        let (_, more) = problems.shown();
        assert!(message.contains(&format!("and {more} more\n{} errors", more + 50)), "{message}");
        assert!(more >= 11_950, "{message}");
    }
}

#[test]
fn a_table_of_too_many_cells_is_refused_before_they_take_memory() {
    let row = ",".repeat(9_999) + "\n";
    let (code, message) = refused("trial.csv", row.repeat(2_001).as_bytes());
    assert_eq!(code, "L113");
    assert!(message.contains("2001 rows of 10000 cells: 20010000 cells, more than the 20000000"), "{message}");
}

#[test]
fn a_few_bytes_of_parquet_that_stand_for_millions_of_cells_are_refused() {
    use polars::prelude::{Column, DataFrame, ParquetWriter};
    let mut wide = DataFrame::new(
        7_000_000,
        (0..3).map(|i| Column::new(format!("c{i}").into(), vec![1_u32; 7_000_000])).collect(),
    )
    .unwrap();
    let mut bytes = Vec::new();
    ParquetWriter::new(&mut bytes).finish(&mut wide).unwrap();
    assert!(bytes.len() < 1_000_000, "{}", bytes.len());
    let (code, message) = refused("trial.parquet", &bytes);
    assert_eq!(code, "L113");
    assert!(message.contains("7000000 rows of 3 cells"), "{message}");
    // One long text, once in the file and in every row of the table.
    let text = "x".repeat(1_000_000);
    let mut long = DataFrame::new(300, vec![Column::new("participant".into(), vec![text.as_str(); 300])]).unwrap();
    let mut bytes = Vec::new();
    ParquetWriter::new(&mut bytes).finish(&mut long).unwrap();
    assert!(bytes.len() < 10_000_000, "{}", bytes.len());
    let (code, message) = refused("trial.parquet", &bytes);
    assert_eq!(code, "L113");
    assert!(message.contains("more than the 256 MB"), "{message}");
}

#[test]
fn a_file_of_too_many_bytes_is_refused_and_so_is_one_without_end() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("trial.csv");
    fs::File::create(&path).unwrap().set_len(256_000_001).unwrap();
    let endless = PathBuf::from("/dev/zero");
    for path in [path, endless].iter().filter(|path| path.exists()) {
        let problems = dataset::read(path, None).unwrap_err();
        assert_eq!(found(&problems), [("L113", None, None, None)]);
        assert!(problems.to_string().contains("more than the 256 MB that are read"), "{problems}");
    }
}

#[test]
fn a_wrong_column_is_no_trial_of_thousands_of_arms_or_outcomes() {
    let header = "participant,arm,outcome,visit_week,value\n";
    let rows = |row: &dyn Fn(usize) -> String| header.to_owned() + &(0..60_000).map(row).collect::<String>();
    let started = std::time::Instant::now();
    let arms = read_bytes("t.csv", rows(&|i| format!("{i},arm{i},o,0,1\n")).as_bytes(), None).unwrap_err();
    assert_eq!(found(&arms), [("L123", None, Some("arm".to_owned()), None)]);
    let outcomes = rows(&|i| format!("{i},{},outcome{i},0,1\n", if i % 2 == 0 { "x" } else { "y" }));
    let outcomes = read_bytes("t.csv", outcomes.as_bytes(), None).unwrap_err();
    assert_eq!(found(&outcomes), [("L141", None, Some("outcome".to_owned()), None)]);
    assert!(outcomes.to_string().contains("60000 different outcomes"), "{outcomes}");
    // Comparing each with each would take minutes.
    assert!(started.elapsed().as_secs() < 60, "{:?}", started.elapsed());
}

#[test]
fn values_that_would_nearly_all_be_missing_are_no_trial() {
    let mut text = "participant,arm,outcome,visit_week,value\n".to_owned();
    for i in 0..40_000 {
        text += &format!("{i},{},o{},{},1\n", if i % 2 == 0 { "x" } else { "y" }, i % 50, i % 31);
    }
    let (code, message) = refused("trial.csv", text.as_bytes());
    assert_eq!(code, "L113");
    assert!(message.contains("40000 participants with 31 visits and 50 outcomes have 62000000 values"), "{message}");
}

#[test]
fn values_off_the_steps_are_noted_and_kept() {
    let intake = read(TIDY, TIDY_COLUMNS).unwrap();
    assert_eq!(intake.data.outcomes[0].value(2, 1), Some(7.5));
    assert!(
        intake.notes.iter().any(|note| note.contains("1 values of `rdq` are not on its steps of 1")),
        "{:?}",
        intake.notes
    );
}

#[test]
fn columns_that_are_not_read_are_noted() {
    let text = TIDY.replace("value\n", "value,weight\n").replace("12\n", "12,70\n");
    let text: String = text
        .lines()
        .map(|line| if line.matches(',').count() == 4 { format!("{line},\n") } else { format!("{line}\n") })
        .collect();
    let notes = read_bytes("trial.csv", text.as_bytes(), None).unwrap().notes;
    assert!(notes.iter().any(|note| note.contains("not read: `weight`")), "{notes:?}");
}

#[test]
fn a_parquet_file_that_breaks_off_is_a_problem_and_no_panic() {
    let intake = read_bytes("trial.csv", TIDY.as_bytes(), None).unwrap();
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("trial.parquet");
    dataset::write(&path, &intake.data, dataset::Names::Tidy).unwrap();
    let whole = fs::read(&path).unwrap();
    for length in (4..whole.len()).step_by(13).chain([whole.len() - 1]) {
        let problems = read_bytes("trial.parquet", &whole[..length], None).unwrap_err();
        assert_eq!((found(&problems)[0].0, problems.counting), ("L107", Counting::Rows));
    }
}

#[test]
fn rows_of_parquet_files_are_counted_from_1() {
    let mut data = read_bytes("trial.csv", TIDY.as_bytes(), None).unwrap().data;
    data.outcomes[0].set(1, 1, Some(99.0));
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("trial.parquet");
    dataset::write(&path, &data, dataset::Names::Adam).unwrap();
    let problems = dataset::read(&path, Some(&mapping(TIDY_COLUMNS))).unwrap_err();
    assert_eq!(found(&problems), [problem("L152", 4, "AVAL")]);
    assert!(problems.to_string().contains("row 4, column `AVAL`"), "{problems}");
}

#[test]
fn every_kind_of_problem_has_its_own_code() {
    let mut codes: Vec<&str> = IntakeCode::TABLE.iter().map(|(kind, ..)| kind.code()).collect();
    codes.dedup();
    assert_eq!(codes.len(), IntakeCode::TABLE.len());
}

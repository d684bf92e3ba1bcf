//! The lesson: its words, the numbers in them, the page and the walk.

use linger::cohort::mean_course;
use linger::lesson::{Audience, EffectCase, Lesson, NoLesson, StepKey, Subject, WORDS_FILE, Words, page};
use linger::operating_characteristics::sample_size::{Approximation, Question, sizes_per_arm};
use linger::scenario::{Source, built_in, built_in_list};
use serde_json::Value;

use super::program::{Desk, assert_kept};

/// A built-in scenario as the subject of a lesson.
fn subject(name: &str, set: &[&str]) -> Subject {
    let set: Vec<String> = set.iter().map(|own| (*own).to_owned()).collect();
    Subject::read(built_in(name).unwrap(), &set, None, None).unwrap()
}

/// Everything that the steps of a lesson say, in one text.
fn said(subject: &Subject, audience: Audience) -> String {
    let words = Words::built_in(audience);
    let lesson = Lesson::new(subject, &words).unwrap();
    let steps = lesson.steps().unwrap();
    assert_eq!(steps.len(), 7);
    let mut text = String::new();
    for step in steps {
        for paragraph in step.bet.iter().chain(&step.reveal).chain(&step.footnote).chain(&step.speaker) {
            text.extend(paragraph.iter().map(|span| span.text.as_str()));
            text.push('\n');
        }
        for choice in &step.choices {
            text.push_str(&format!("{}{}\n", choice.says, if choice.right { " (right)" } else { "" }));
        }
        if let Some(card) = step.card {
            text.push_str(&card.title);
            card.text.iter().flatten().for_each(|span| text.push_str(&span.text));
        }
    }
    text
}

/// The data that a page gives its scripts.
fn data(page: &str) -> Value {
    let (_, rest) = page.split_once("<script type=\"application/json\" id=\"lesson-data\">").unwrap();
    serde_json::from_str(rest.split_once("</script>").unwrap().0).unwrap()
}

/// Expected benefit of the lesson's arm at some weeks, by the courses of the library.
fn benefits(subject: &Subject, weeks: &[f64]) -> Vec<f64> {
    let scenario = subject.scenario();
    let own = mean_course(scenario, subject.outcome, subject.arm, weeks).scores;
    let other = mean_course(scenario, subject.outcome, subject.reference(), weeks).scores;
    own.iter().zip(&other).map(|(own, other)| subject.sign() * (own - other)).collect()
}

#[test]
fn every_shipped_scenario_has_a_lesson_for_every_audience() {
    for built_in in built_in_list() {
        let subject = subject(built_in.name, &[]);
        for audience in Audience::ALL {
            let text = said(&subject, audience);
            assert!(!text.contains(['{', '}', '*']), "{}: {text}", built_in.name);
        }
    }
}

#[test]
fn sentences_follow_the_scenario() {
    let effect = |subject: &Subject| {
        let words = Words::built_in(Audience::Students);
        Lesson::new(subject, &words).unwrap().story.effect
    };
    let fades = subject("chronic-low-back-pain", &[]);
    assert_eq!(effect(&fades), EffectCase::FadesInPart);
    let text = said(&fades, Audience::Students);
    assert!(text.contains("halves every 14\u{a0}weeks") || text.contains("halves every 14 weeks"), "{text}");
    assert!(text.contains("has faded below 2\u{a0}points"), "{text}");

    let lasts = subject("no-fade", &[]);
    assert_eq!(effect(&lasts), EffectCase::Lasts);
    let text = said(&lasts, Audience::Students);
    assert!(
        text.contains("nothing fades") && text.contains("100% is left") && text.contains("Nearly all of it (right)"),
        "{text}"
    );
    assert!(!text.contains("faded below"), "{text}");

    let nothing = subject("no-effect", &[]);
    assert_eq!(effect(&nothing), EffectCase::Nothing);
    let text = said(&nothing, Audience::Students);
    assert!(text.contains("10 times nothing is nothing") && text.contains("Hardly anything (right)"), "{text}");

    let boosters = subject("boosters-monthly", &[]);
    let text = said(&boosters, Audience::Students);
    assert!(
        text.contains("10 more sessions, one every 4 weeks") && text.contains("20 sessions per person instead of 10"),
        "{text}"
    );

    let four = said(&subject("four-arms", &[]), Audience::Students);
    // One minus two to the power of minus three.
    assert!(four.contains("in up to 87.5% of trials"), "{four}");
}

#[test]
fn what_comes_after_the_last_session_is_told_by_its_cause() {
    let words = Words::built_in(Audience::Students);
    let cases: Vec<(&str, &str)> = built_in_list()
        .iter()
        .map(|own| (own.name, Lesson::new(&subject(own.name, &[]), &words).unwrap().story.case(StepKey::LastSession)))
        .collect();
    let expected = [
        ("chronic-low-back-pain", "fades_below"),
        ("plain", "fades_below"),
        ("no-effect", "nothing"),
        ("no-fade", "shrinks_though_it_lasts"),
        ("boosters-monthly", "fades_below"),
        ("maintenance", "fades_below"),
        ("only-regression-to-the-mean", "nothing"),
        ("four-arms", "fades_below"),
        ("share-of-severity", "fades_below"),
        ("outside-sessions", "shrinks_not_by_fading_alone"),
        ("therapists", "fades_below"),
        ("stratified-allocation", "fades_below"),
        ("differential-dropout", "fades_below"),
        ("mnar-dropout", "fades_below"),
        ("self-care-arm", "shrinks_not_by_fading_alone"),
        ("neck-pain", "nothing"),
        ("small-pilot", "fades_below"),
        ("interim-looks", "fades_below"),
        ("reference-job", "unknown"),
    ];
    assert_eq!(cases, expected);
    let no_fade = said(&subject("no-fade", &[]), Audience::Students);
    assert!(!no_fade.contains("the topping up just stopped") && !no_fade.contains("fades again"), "{no_fade}");
    let outside = said(&subject("outside-sessions", &[]), Audience::Students);
    assert!(outside.contains("The line alone does not tell the two apart."), "{outside}");
}

#[test]
fn what_the_scenario_does_not_say_is_not_said() {
    let stated = said(&subject("reference-job", &[]), Audience::Students);
    for untrue in ["goes on fading", "points sessions. ", "Of each booster", "Part of that comes from sessions"] {
        assert!(!stated.contains(untrue), "{untrue}: {stated}");
    }
    assert!(stated.contains("the means that the scenario states"), "{stated}");
    // Usual care buys massage, but has no sessions of the trial.
    let outside = said(&subject("outside-sessions", &[]), Audience::Students);
    assert!(outside.contains("None of it comes from sessions given in the trial"), "{outside}");
    // Of each booster a part stays, or nothing.
    for (set, banks) in [(&[][..], true), (&["arms.*.effect.rdq.lasting_share=0"], false)] {
        let text = said(&subject("plain", set), Audience::Students);
        assert_eq!(text.contains("Of each booster 20% stays for good, which they bank"), banks, "{text}");
        assert_eq!(text.contains("Boosters hold a level, they do not bank it"), !banks, "{text}");
    }
}

#[test]
fn the_cards_say_no_more_than_the_files() {
    let read = |name: &str| std::fs::read_to_string(format!("data/cherkin-2011/{name}.csv")).unwrap();
    let (related, directions) = (read("related_evidence"), read("directions"));
    let text = said(&subject("chronic-low-back-pain", &[]), Audience::Students);
    let facts = [
        (&related, "\"6 more weekly 60-minute massages, re-randomised\"", "six more weekly massages or none"),
        (
            &related,
            "only those first given 60-minute visits gained",
            "Only those who had first been given visits of an hour",
        ),
        (
            &directions,
            "rdq,26,relaxation - usual_care,better",
            "both massages were still better than usual care on function",
        ),
        (
            &directions,
            "rdq,26,structural - usual_care,better",
            "both massages were still better than usual care on function",
        ),
    ];
    for (file, fact, told) in facts {
        assert!(file.contains(fact), "{fact}");
        assert!(text.contains(told), "{told}: {text}");
    }
    assert!(!text.contains("it fades as well") && !text.contains("into the noise"), "{text}");
}

#[test]
fn notes_and_cards_are_true_of_their_case() {
    let nothing = said(&subject("no-effect", &[]), Audience::Students);
    for untrue in ["has a half-life", "falling curve", "The slider shows", "Move it", "comes from elsewhere", "Drag"] {
        let place = nothing.find(untrue).map(|at| &nothing[at..]);
        // The threshold of entry can be dragged whatever sessions do.
        let other = place.filter(|text| !text.starts_with("Drag the entry threshold"));
        assert!(other.is_none(), "{untrue}: {nothing}");
    }
    let lasts = said(&subject("no-fade", &[]), Audience::Students);
    assert!(lasts.contains("The model lasts because it is built to") && !lasts.contains("falling curve"), "{lasts}");
    assert!(!lasts.contains("half-life of endless"), "{lasts}");
    let fades = said(&subject("chronic-low-back-pain", &[]), Audience::Students);
    assert!(fades.contains("The model fades because it is built to"), "{fades}");
    assert!(fades.contains("towards the part that stays"), "{fades}");
    // Whether anybody misses an appointment.
    for (name, missed) in [("plain", false), ("chronic-low-back-pain", true)] {
        let text = said(&subject(name, &[]), Audience::Students);
        assert_eq!(text.contains("missed appointments, the ends"), missed, "{name}: {text}");
    }
}

#[test]
fn boosters_of_the_scenario_are_said_to_be_taken_away() {
    let words = Words::built_in(Audience::Students);
    for (name, own, other) in [("boosters-monthly", true, false), ("maintenance", false, true), ("plain", false, false)]
    {
        let subject = subject(name, &[]);
        let about = Lesson::new(&subject, &words).unwrap().about_scenario().unwrap();
        assert_eq!(about.contains("step 6 puts 10 back, one every 4 weeks"), own, "{about}");
        assert_eq!(about.contains("step 6 looks at simpler ones instead: 10, one every 4 weeks"), other, "{about}");
        let text = said(&subject, Audience::Students);
        assert_eq!(text.contains("Without the boosters of the scenario, which come back in step 6."), own, "{text}");
        assert_eq!(text.contains("Without the boosters of the scenario; step 6 looks"), other, "{text}");
    }
}

#[test]
fn the_share_that_is_left_is_among_the_answers() {
    // After thirteen weeks of so long a half-life, in per cent: 93, 74, 64, 50, 33, 22, 11, 0.
    let cases = [
        (124, "Nearly all of it"),
        (30, "About three quarters"),
        (20, "About two thirds"),
        (13, "About half"),
        (8, "About a third"),
        (6, "About a quarter"),
        (4, "About a tenth"),
        (1, "Nothing"),
    ];
    for (weeks, answer) in cases {
        let set = format!("arms.relaxation.effect.rdq={{at_week=10, value=-3, half_life_weeks={weeks}}}");
        let text = said(&subject("plain", &[&set]), Audience::Students);
        assert!(text.contains(&format!("{answer} (right)")), "{weeks}: {text}");
    }
}

#[test]
fn the_gap_is_told_as_the_trial_has_it() {
    let words = Words::built_in(Audience::Students);
    for (set, case) in [
        (&["arms.relaxation.effect.rdq.lasting_share=1"][..], "never"),
        (
            &["arms.relaxation.effect.rdq.half_life_weeks=1", "arms.relaxation.effect.rdq.lasting_share=0"],
            "touches_later",
        ),
        (&["arms.relaxation.effect.rdq.value=-0.01"], "touches_at_once"),
    ] {
        let subject = Subject::read(
            built_in("chronic-low-back-pain").unwrap(),
            &set.iter().map(|own| (*own).to_owned()).collect::<Vec<_>>(),
            Some("rdq"),
            Some("relaxation"),
        );
        let subject = subject.unwrap();
        let lesson = Lesson::new(&subject, &words).unwrap();
        assert_eq!(lesson.story.case(StepKey::GapCloses), case, "{set:?}: {:?}", lesson.story.estimates);
    }
}

#[test]
fn numbers_in_sentences_are_those_of_the_library() {
    let words = Words::built_in(Audience::Students);
    for name in ["chronic-low-back-pain", "no-fade", "boosters-monthly", "four-arms", "neck-pain"] {
        let subject = subject(name, &[]);
        let lesson = Lesson::new(&subject, &words).unwrap();
        let places = lesson.places();
        let weeks: Vec<f64> = subject.scenario().design.layout.visits.iter().skip(1).map(|visit| visit.week).collect();
        let expected = benefits(&subject, &weeks);
        // Nothing has no sign.
        let amount = |value: f64| {
            format!("{:.1}\u{a0}points", if value.abs() < 0.05 { 0.0 } else { value }).replace('-', "\u{2212}")
        };
        assert_eq!(places.value("left_at_end").unwrap(), amount(*expected.last().unwrap()), "{name}");
        let listed = places.value("left_at_visits").unwrap();
        for (week, benefit) in weeks.iter().zip(&expected) {
            let said = places.value(&format!("left_at_week_{week}")).unwrap();
            assert_eq!(said, amount(*benefit), "{name}");
            assert!(listed.contains(&format!("{said} at week {week}")), "{name}: {listed}");
        }
    }
}

#[test]
fn half_of_what_fades_is_left_after_a_half_life() {
    let words = Words::built_in(Audience::Students);
    let set = ["arms.*.effect.rdq.half_life_weeks=13", "arms.*.effect.rdq.lasting_share=0"];
    let subject = subject("plain", &set);
    let lesson = Lesson::new(&subject, &words).unwrap();
    let value = |name: &str| lesson.places().value(name).unwrap();
    assert_eq!([value("share_left_at_13"), value("share_left_at_26")], ["50%", "25%"]);
    // Ten doses a week apart: the sum of a geometric series.
    let kept = (-1.0_f64 / 13.0).exp2();
    let times = (1.0 - kept.powi(10)) / (1.0 - kept);
    assert_eq!(value("times"), format!("{times:.1}").trim_end_matches(".0"));
}

#[test]
fn sizes_are_those_of_the_closed_form() {
    let words = Words::built_in(Audience::Students);
    let subject = subject("chronic-low-back-pain", &[]);
    let lesson = Lesson::new(&subject, &words).unwrap();
    let scenario = subject.scenario();
    let question = Question::find(scenario, Some("rdq"), Some(52.0), Some("relaxation - usual_care"), false).unwrap();
    let formula = Approximation::of(scenario, question).unwrap();
    let n = formula.smallest(0.8, [2, 1_000_000], |n| sizes_per_arm(&scenario.design, n)).unwrap();
    assert_eq!(lesson.places().value("n_at_end").unwrap(), n.to_string());
    let enough = |n: u64| formula.power(&sizes_per_arm(&scenario.design, n));
    assert!(enough(n) >= 0.8 && enough(n - 1) < 0.8);
}

#[test]
fn published_numbers_come_from_the_facts() {
    let words = Words::built_in(Audience::Students);
    let subject = subject("chronic-low-back-pain", &[]);
    let lesson = Lesson::new(&subject, &words).unwrap();
    let value = |name: &str| lesson.places().value(name).unwrap();
    assert_eq!(value("cherkin_rdq_relaxation"), "2.9 (1.8 to 4.0)");
    assert_eq!(value("cherkin_bothersomeness_structural"), "1.4 (0.8 to 1.9)");
    assert_eq!(
        [value("cherkin_randomised"), value("cherkin_sessions"), value("cook_randomised")],
        ["401", "10", "179"]
    );
    assert_eq!([value("cook_ndi_12"), value("cook_pain_26")], ["1.56 (1.08 to 2.25)", "1.09 (0.82 to 1.43)"]);
}

#[test]
fn the_page_is_one_small_file_with_the_numbers_of_the_library() {
    let words = Words::built_in(Audience::Students);
    for name in ["chronic-low-back-pain", "no-fade", "no-effect", "boosters-monthly", "four-arms"] {
        let subject = subject(name, &[]);
        let lesson = Lesson::new(&subject, &words).unwrap();
        let page = page(&lesson).unwrap();
        assert!(page.len() < 1_000_000, "{name}: {}", page.len());
        for fetched in [" src=\"", "@import", "url(http", "<link ", "fetch("] {
            assert!(!page.contains(fetched), "{name}: {fetched}");
        }
        let data = data(&page);
        let own = &data["start"]["ten_sessions"][0]["arms"][0];
        let numbers =
            |key: &str| -> Vec<f64> { own[key].as_array().unwrap().iter().map(|own| own.as_f64().unwrap()).collect() };
        let (weeks, differences) = (numbers("weeks"), numbers("difference"));
        let expected = benefits(&subject, &weeks);
        for (place, (week, benefit)) in weeks.iter().zip(expected).enumerate() {
            // Of two heights at a session the first is that before it.
            if weeks.get(place + 1) != Some(week) {
                let difference = subject.sign() * differences[place];
                assert!((difference - benefit).abs() < 1e-6, "{name}: week {week}: {difference} {benefit}");
            }
        }
        // What is true is in the page before any script runs.
        for step in lesson.steps().unwrap() {
            let first = &step.reveal[0][0].text;
            let escaped = first.replace('&', "&amp;").replace('\'', "&#x27;").replace('/', "&#x2f;");
            assert!(page.contains(&escaped), "{name}: {first}");
        }
    }
}

#[test]
fn labels_cannot_become_markup() {
    let hostile = "<script>alert(1)</script>\\\"'{half_life}**";
    let set =
        [format!("arms.relaxation.label=\"{hostile}\""), "title=\"</title><img src=x onerror=alert(1)>\"".to_owned()];
    let subject = Subject::read(built_in("plain").unwrap(), &set, None, None).unwrap();
    let words = Words::built_in(Audience::Students);
    let lesson = Lesson::new(&subject, &words).unwrap();
    let page = page(&lesson).unwrap();
    assert!(!page.contains("<script>alert") && !page.contains("<img"), "a label acts");
    // A label is no template either: what looks like a place stays as it is.
    assert!(page.contains("{half_life}**"));
}

#[test]
fn words_that_do_not_fit_are_told_with_line_and_remedy() {
    let changed = |from: &str, to: &str| {
        assert!(WORDS_FILE.contains(from), "{from}");
        let text = WORDS_FILE.replacen(from, to, 1);
        Words::read(&Source::new("my.toml", text), Audience::Students).unwrap_err().to_string()
    };
    let place = changed(
        "halves every {half_life}: after that time half is left",
        "halves every {half_live}: after that time half is left",
    );
    assert!(place.contains("my.toml:") && place.contains("error[L085]"), "{place}");
    assert!(place.contains("no place `{half_live}`: did you mean `half_life`?"), "{place}");

    let lost = changed(
        "**{times} times as much.** The sessions pile up, but the pile leaks: while the next one is added, the earlier ones fade. {sessions}",
        "**Many times as much.** The sessions pile up. {sessions}",
    );
    assert!(
        lost.contains("`steps.ten_sessions.reveal.pile_up` has lost its place {times}")
            && lost.contains("help: write {times}"),
        "{lost}"
    );

    let key = changed("\nlead = \"Seven bets", "\nleed = \"Seven bets");
    assert!(key.contains("unknown key `leed` in [lesson]: did you mean `lead`?"), "{key}");

    let open = changed("After the last session\"", "After the {last session\"");
    assert!(open.contains("this brace is never closed"), "{open}");

    let kind = changed("number = \"no number\"", "number = 7");
    assert!(kind.contains("error[L011]"), "{kind}");
}

#[test]
fn a_key_that_is_missing_is_told_with_its_table() {
    let text = WORDS_FILE.replacen("name = \"One session\"\n", "", 1);
    let problems = Words::read(&Source::new("my.toml", text), Audience::Students).unwrap_err().to_string();
    assert!(problems.contains("error[L010]: `name` is missing in [steps.one_session]"), "{problems}");
    assert!(problems.contains("name = \"One session\""), "{problems}");
}

#[test]
fn an_audience_changes_words_and_no_number() {
    let subject = subject("chronic-low-back-pain", &[]);
    let digits = |audience| said(&subject, audience).chars().filter(char::is_ascii_digit).count();
    let texts = Audience::ALL.map(|audience| said(&subject, audience));
    assert!(texts[0] != texts[1] && texts[1] != texts[2]);
    assert_eq!(digits(Audience::Students), digits(Audience::Clinicians));
    let right =
        |text: &str| text.lines().filter(|line| line.ends_with("(right)")).map(str::to_owned).collect::<Vec<_>>();
    assert_eq!(right(&texts[0]), right(&texts[1]));
}

#[test]
fn what_cannot_be_taught_is_refused() {
    let refused =
        |outcome: Option<&str>, arm: Option<&str>| match Subject::read(built_in("plain").unwrap(), &[], outcome, arm) {
            Err(NoLesson::Unfit(reason)) => reason,
            other => panic!("{other:?}"),
        };
    assert!(refused(Some("rqd"), None).contains("did you mean rdq?"));
    assert!(refused(None, Some("usual_care")).contains("arms: relaxation, structural"));
}

#[test]
fn the_walk_is_plain_text_where_nobody_answers() {
    assert_kept("lesson-terminal", &Desk::new().linger("lesson --terminal").whole());
}

#[test]
fn the_command_writes_the_page_and_its_words() {
    let desk = Desk::new();
    let written = desk.linger("lesson plain -o lesson.html");
    assert_eq!(written.code, 0, "{}", written.stderr);
    assert!(written.stderr.contains("written: lesson.html"), "{}", written.stderr);
    let page = desk.read("lesson.html");
    desk.linger("lesson --write-words my.toml").fine();
    assert_eq!(desk.read("my.toml"), WORDS_FILE);
    desk.linger("lesson plain --words my.toml -o again.html").fine();
    assert_eq!(page, desk.read("again.html"));
    let name = desk.linger("lesson -o lesson.txt");
    assert!(name.code == 2 && name.stderr.contains("end the name in .html"), "{}", name.stderr);
    let twice = desk.linger("lesson --write-words my.toml");
    assert!(twice.code == 2 && twice.stderr.contains("exists already"), "{}", twice.stderr);
}

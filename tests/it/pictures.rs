//! Pictures: well-formed, described, escaped, repeatable, with every text inside and none over another.

use std::sync::Arc;

use linger::plots::fade::{self, DifferenceChange, DifferencePoint, FadeNumbers, FadePanel, MeaningfulDifference};
use linger::plots::flow::{self, AnalysedCounts, FlowArm, FlowNumbers};
use linger::plots::schedule::{self, ChosenPlan, ScheduleNumbers, SchedulePoint, ScheduleSeries};
use linger::plots::trajectories::{self, ArmTrajectory, MeanPoint, Means, TrajectoriesNumbers, TreatmentPeriod};
use linger::plots::{Score, Svg, Theme, text_width};
use linger::trial::{
    AdverseEventCounts, ArmFlow, ConductNames, Direction, EventCounts, ParticipantFlow, SessionsAttended,
};

pub const SHORT: [&str; 6] = ["Relaxation", "Structural", "Exercise", "Education", "Yoga", "Usual care"];
pub const LONG: [&str; 6] = [
    "Relaxation massage by a trained & kind p",
    "Structural massage of the lower back \"A\"",
    "Exercise classes <two> led by physiother",
    "Education and self-care book with poster",
    "supervised_home_yoga_and_stretching_week",
    "Usual care from the general practitioner",
];
pub const YEAR: [f64; 4] = [0.0, 10.0, 26.0, 52.0];
pub const ONE: [f64; 2] = [0.0, 10.0];
pub const TWELVE: [f64; 13] = [0.0, 1.0, 2.0, 3.0, 4.0, 6.0, 8.0, 10.0, 13.0, 18.0, 26.0, 39.0, 52.0];

/// The last name is the reference arm's.
pub fn names(n_arms: usize, names: &[&str; 6]) -> Vec<String> {
    names[..n_arms - 1].iter().chain(names.last()).map(|&name| name.to_owned()).collect()
}

pub fn score() -> Score {
    Score {
        label: "Roland <disability> & \"pain\"".into(),
        unit: "points".into(),
        range: Some([0.0, 23.0]),
        better: Some(Direction::Lower),
    }
}

pub fn trajectories_of(labels: &[String], weeks: &[f64]) -> TrajectoriesNumbers {
    let point = |arm: usize, visit: usize| {
        let mean = 1.5 - 0.4 * arm as f64 - 0.3 * visit as f64;
        MeanPoint { mean, interval: Some([mean - 0.8, mean + 0.8]), n: 136 - arm - 3 * visit }
    };
    // The first arm has no data at the last visit.
    let kept = |arm: usize, visit: usize| !(arm == 0 && visit + 1 == weeks.len() && visit > 1);
    TrajectoriesNumbers {
        title: "Massage is ahead of usual care at week 10 & the gap closes <by> \"one\" year.".into(),
        score: score(),
        means: Means::Adjusted,
        interval: "95 % confidence interval".into(),
        weeks: weeks.to_vec(),
        treatment: Some(TreatmentPeriod { start_week: 1.0, end_week: 10.0 }),
        arms: labels
            .iter()
            .enumerate()
            .map(|(arm, label)| ArmTrajectory {
                label: label.clone(),
                reference: arm + 1 == labels.len(),
                points: (0..weeks.len()).map(|visit| kept(arm, visit).then(|| point(arm, visit))).collect(),
            })
            .collect(),
        imputed: false,
        footnote: Some("A <footnote>.".into()),
        simulated: true,
    }
}

pub fn fade_of(labels: &[String], weeks: &[f64]) -> FadeNumbers {
    let (reference, others) = labels.split_last().expect("a trial has arms");
    let difference = |arm: usize, week: f64| (0.4 * arm as f64 - 2.9) * (-week / 20.0).exp();
    let point = |arm: usize, week: f64| {
        let estimate = difference(arm, week);
        DifferencePoint { week, estimate, lower: estimate - 1.1, upper: estimate + 1.1, p_value: Some(0.0004 * week) }
    };
    FadeNumbers {
        title: "Relaxation is 3 points better at week 10 & the difference fades.".into(),
        score: score(),
        reference: reference.clone(),
        interval: "95 % confidence interval".into(),
        meaningful: Some(MeaningfulDifference { points: 2.0, source: Some("the trial's <protocol>".into()) }),
        panels: others
            .iter()
            .enumerate()
            .map(|(arm, label)| FadePanel {
                label: label.clone(),
                points: weeks[1..].iter().map(|&week| point(arm, week)).collect(),
                published: vec![point(arm, 10.0)],
                expected: (0..=52).map(|week| (f64::from(week), difference(arm, f64::from(week)))).collect(),
                change: Some(DifferenceChange {
                    from_week: 10.0,
                    to_week: 52.0,
                    estimate: 2.6,
                    lower: 1.6,
                    upper: 3.6,
                }),
            })
            .collect(),
        footnote: None,
        simulated: true,
    }
}

pub fn flow_of(labels: &[String], weeks: &[f64]) -> FlowNumbers {
    let arm = |arm: usize| {
        let lost: Vec<usize> = (0..weeks.len()).map(|visit| if visit == 0 { 0 } else { (arm + visit) % 5 }).collect();
        let gone = |visit: usize| lost[..=visit].iter().sum::<usize>();
        // One participant misses the first follow-up visit and comes back.
        let seen = (0..weeks.len()).map(|visit| 12_136 - gone(visit) - usize::from(visit == 1)).collect();
        ArmFlow { randomised: 12_136, sessions_planned: Some(10), seen, discontinued: lost, ..ArmFlow::default() }
    };
    let arms = (0..labels.len()).map(arm).collect::<Vec<ArmFlow>>();
    let flow = ParticipantFlow { screened: Some(1_234_567), arms, ..ParticipantFlow::default() };
    let visits: Vec<String> = weeks.iter().map(|week| format!("week {week}")).collect();
    let analysed = |visit: usize| AnalysedCounts {
        label: visits[visit].clone(),
        per_arm: flow.arms.iter().map(|arm| arm.seen[visit]).collect(),
    };
    FlowNumbers {
        title: "Who took part & who was lost.".into(),
        arms: (labels.iter().enumerate())
            .map(|(arm, label)| FlowArm { label: label.clone(), reference: arm + 1 == labels.len() })
            .collect(),
        analysed: (1..weeks.len()).map(analysed).collect(),
        visits,
        flow,
        entry_rule: Some("bothersomeness >= 3 & \"low back pain\" for at least three months".into()),
        footnote: None,
        simulated: true,
    }
}

/// The same trial with everything that can be known of its conduct; the last arm has no sessions.
pub fn conducted_flow_of(labels: &[String], weeks: &[f64]) -> FlowNumbers {
    let mut numbers = flow_of(labels, weeks);
    let texts = |texts: &[&str]| texts.iter().map(|&text| text.to_owned()).collect();
    numbers.flow.names = Arc::new(ConductNames {
        exclusions: texts(&[
            "bothersomeness below 3",
            "pregnancy",
            "nobody had this",
            "operation of the lumbar spine within the last three years, or one that is planned",
            "contraindicated_by_anticoagulants_or_skin_disease",
        ]),
        severities: texts(&["mild", "moderate", "severe & \"lasting\""]),
        events: Vec::new(),
        reasons: texts(&["moved away", "no longer willing to travel to the clinic", "<other>"]),
    });
    numbers.flow.excluded_for = vec![1_198_000, 100, 0, 50, 9];
    for (arm, flow) in numbers.flow.arms.iter_mut().enumerate() {
        let count = |events, participants| EventCounts { events, participants };
        let by_severity = vec![count(1_200 + arm, 1_000), count(0, 0), count(3, 2)];
        let any = count(1_203 + arm, 1_001);
        // 36 attended none, 100 six, 12,000 all ten: 9.9 on average.
        let participants = vec![36, 0, 0, 0, 0, 0, 100, 0, 0, 0, 12_000];
        flow.attended = Some(SessionsAttended { planned: 10, participants });
        flow.stopped = (0..weeks.len()).map(|visit| 12 * visit).collect();
        flow.adverse_events = Some(AdverseEventCounts { by_severity, any });
        // One of those lost at a visit has no known reason.
        flow.discontinued_for = flow.discontinued.iter().map(|&lost| vec![lost / 3, lost.min(1), 0]).collect();
    }
    if let Some(last) = numbers.flow.arms.last_mut() {
        let none = AdverseEventCounts { by_severity: vec![EventCounts::default(); 3], any: EventCounts::default() };
        *last = ArmFlow {
            sessions_planned: None,
            attended: None,
            stopped: Vec::new(),
            adverse_events: Some(none),
            ..last.clone()
        };
    }
    numbers
}

/// Plans of up to `most` sessions, judged with or without priors; the chosen one has `chosen` sessions.
pub fn schedule_of(labels: &[String], most: usize, with_priors: bool, chosen: Option<usize>) -> ScheduleNumbers {
    let series = |label: &str, from: usize, each: f64| ScheduleSeries {
        label: label.to_owned(),
        points: (from..=most)
            .map(|sessions| {
                let benefit = each * sessions as f64 - 0.2;
                let interval = with_priors.then_some([0.7 * benefit, 1.4 * benefit]);
                SchedulePoint { sessions, benefit, interval, probability: (benefit / 4.0).clamp(0.0, 1.0) }
            })
            .collect(),
    };
    ScheduleNumbers {
        title: "Roland <disability>: no fewer than 13 sessions keep 2 points at weeks 10, 26 & 52.".into(),
        score: score(),
        arm: labels[0].clone(),
        reference: labels[labels.len() - 1].clone(),
        week: 52.0,
        enough: 2.0,
        interval: with_priors.then(|| "80% of draws".to_owned()),
        probability: with_priors.then_some(0.8),
        series: vec![series("first course alone", 0, 0.11), series("with boosters", most / 3, 0.15)],
        chosen: chosen.map(|sessions| ChosenPlan {
            series: 1,
            sessions,
            label: format!("{sessions} sessions (6 every 2 weeks, then 7 every 4 weeks to week 50)"),
        }),
        footnote: Some("A <footnote>.".into()),
    }
}

/// Every picture for 2, 3, 4 and 6 arms, short and long names, and 1, 3 and 12 follow-up visits; the flow also with conduct.
fn gallery(theme: &Theme) -> Vec<(String, Svg, Vec<String>)> {
    let mut pictures = Vec::new();
    for n_arms in [2, 3, 4, 6] {
        for kind in [&SHORT, &LONG] {
            for weeks in [&ONE[..], &YEAR, &TWELVE] {
                let labels = names(n_arms, kind);
                let about = |picture| format!("{picture}, {n_arms} arms, {} visits, {:?}", weeks.len(), labels[0]);
                let trajectories = trajectories::draw(&trajectories_of(&labels, weeks), theme);
                let fade = fade::draw(&fade_of(&labels, weeks), theme);
                let flow = flow::draw(&flow_of(&labels, weeks), theme);
                pictures.push((about("trajectories"), trajectories, labels.clone()));
                pictures.push((about("fade"), fade, labels.clone()));
                pictures.push((about("flow"), flow, labels.clone()));
                let conducted = flow::draw(&conducted_flow_of(&labels, weeks), theme);
                pictures.push((about("flow with conduct"), conducted, labels));
            }
        }
    }
    for kind in [&SHORT, &LONG] {
        for (most, chosen) in [(33, Some(13)), (33, Some(33)), (12, None), (120, Some(40)), (2, Some(1))] {
            for with_priors in [true, false] {
                let labels = names(2, kind);
                let svg = schedule::draw(&schedule_of(&labels, most, with_priors, chosen), theme);
                pictures.push((format!("schedule, {most} sessions, {chosen:?}, {with_priors}"), svg, labels));
            }
        }
    }
    pictures
}

/// Tags of a document with their attributes, and the text that follows each.
pub fn tags(svg: &str) -> Vec<(String, String)> {
    let pieces = svg.split('<').skip(1);
    pieces
        .map(|piece| {
            let (tag, text) = piece.split_once('>').unwrap_or_else(|| panic!("an open tag: {piece}"));
            (tag.to_owned(), text.to_owned())
        })
        .collect()
}

pub fn attribute<'a>(tag: &'a str, name: &str) -> Option<&'a str> {
    let (_, rest) = tag.split_once(&format!(" {name}=\""))?;
    rest.split_once('"').map(|(value, _)| value)
}

pub fn number(tag: &str, name: &str) -> f64 {
    attribute(tag, name).and_then(|value| value.parse().ok()).unwrap_or_else(|| panic!("{name} of {tag}"))
}

pub fn unescape(text: &str) -> String {
    [("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\""), ("&apos;", "'"), ("&amp;", "&")]
        .iter()
        .fold(text.to_owned(), |text, (escaped, plain)| text.replace(escaped, plain))
}

pub fn assert_well_formed(about: &str, svg: &str) {
    let mut open: Vec<String> = Vec::new();
    for (tag, text) in tags(svg) {
        let name: String = tag.trim_matches('/').chars().take_while(|c| !c.is_whitespace()).collect();
        if tag.starts_with('/') {
            assert_eq!(open.pop().as_deref(), Some(name.as_str()), "{about}: a tag closes what is not open");
        } else {
            assert_eq!(tag.matches('"').count() % 2, 0, "{about}: {tag}");
            open.extend((!tag.ends_with('/')).then_some(name));
        }
        let entities = ["&lt;", "&gt;", "&quot;", "&apos;", "&amp;"];
        let bare = entities.iter().fold(format!("{tag} {text}"), |text, entity| text.replace(entity, ""));
        assert!(!bare.contains('&'), "{about}: a bare ampersand in {tag} {text}");
    }
    assert!(open.is_empty(), "{about}: {open:?} left open");
}

/// The room of each drawn text, by estimated width: left, top, right, bottom.
pub fn text_boxes(svg: &str) -> Vec<(String, [f64; 4])> {
    let texts = tags(svg).into_iter().filter(|(tag, _)| tag.starts_with("text "));
    texts
        .map(|(tag, text)| {
            let (x, top, size) = (number(&tag, "x"), number(&tag, "y"), number(&tag, "font-size"));
            let text = unescape(text.trim());
            let width = text_width::estimate(&text, size, tag.contains("font-weight=\"bold\""));
            let left = match attribute(&tag, "text-anchor") {
                Some("middle") => x - width / 2.0,
                Some("end") => x - width,
                _ => x,
            };
            (text, [left, top, left + width, top + size])
        })
        .collect()
}

#[test]
fn every_picture_is_well_formed_and_says_in_words_what_it_shows() {
    for (about, svg, labels) in gallery(&Theme::light()) {
        let svg = svg.as_str();
        assert_well_formed(&about, svg);
        assert!(svg.starts_with("<svg ") && svg.contains("role=\"img\""), "{about}");
        let tags = tags(svg);
        assert_eq!((tags[1].0.as_str(), tags[3].0.as_str()), ("title", "desc"), "{about}");
        let description = unescape(&tags[3].1);
        for label in &labels {
            assert!(description.contains(label.as_str()), "{about}: {label} is not described");
        }
        for word in ["NaN", "inf\"", "inf,", " inf"] {
            assert!(!svg.contains(word), "{about}: {word}");
        }
    }
}

#[test]
fn every_arm_is_named_in_drawn_text() {
    for (about, svg, labels) in gallery(&Theme::light()) {
        let drawn: String = text_boxes(svg.as_str()).into_iter().map(|(text, _)| text).collect();
        let squeezed = |text: &str| text.split_whitespace().collect::<String>();
        for label in &labels {
            assert!(squeezed(&drawn).contains(&squeezed(label)), "{about}: {label} is not drawn");
        }
    }
}

#[test]
fn all_text_is_inside_the_picture_and_none_covers_another() {
    for (about, svg, _) in gallery(&Theme::light()) {
        let svg = svg.as_str();
        let view: Vec<f64> =
            attribute(svg, "viewBox").unwrap_or("").split(' ').map(|n| n.parse().expect("a number")).collect();
        let boxes = text_boxes(svg);
        assert!(boxes.len() > 10, "{about}");
        for (i, (text, [left, top, right, bottom])) in boxes.iter().enumerate() {
            assert!(
                *left >= 0.0 && *top >= 0.0 && *right <= view[2] && *bottom <= view[3],
                "{about}: {text} is clipped"
            );
            for (other, [other_left, other_top, other_right, other_bottom]) in &boxes[i + 1..] {
                let apart = right.min(*other_right) <= left.max(*other_left) + 1.0
                    || bottom.min(*other_bottom) <= top.max(*other_top) + 1.0;
                assert!(apart, "{about}: {text:?} and {other:?} overlap");
            }
        }
    }
}

#[test]
fn no_text_is_too_small_at_half_the_width() {
    for (about, svg, _) in gallery(&Theme::light()).into_iter().filter(|(_, _, labels)| labels.len() <= 4) {
        let units: f64 = attribute(svg.as_str(), "viewBox").and_then(|v| v.split(' ').nth(2)?.parse().ok()).unwrap();
        for (tag, text) in tags(svg.as_str()).iter().filter(|(tag, _)| tag.starts_with("text ")) {
            let size = number(tag, "font-size") * 400.0 / units;
            assert!(size >= 6.0, "{about}: {text:?} has {size} pixels");
        }
    }
}

#[test]
fn negative_figures_carry_the_minus_sign() {
    let labels = names(3, &SHORT);
    for svg in [
        trajectories::draw(&trajectories_of(&labels, &YEAR), &Theme::light()),
        fade::draw(&fade_of(&labels, &YEAR), &Theme::light()),
    ] {
        let drawn = text_boxes(svg.as_str());
        assert!(drawn.iter().any(|(text, _)| text.contains('\u{2212}')));
        let ascii = |text: &str| text.as_bytes().windows(2).any(|pair| pair[0] == b'-' && pair[1].is_ascii_digit());
        assert!(drawn.iter().all(|(text, _)| !ascii(text)));
    }
}

#[test]
fn the_same_numbers_give_the_same_bytes() {
    let (one, other) = (gallery(&Theme::dark()), gallery(&Theme::dark()));
    assert_eq!(one, other);
}

#[test]
fn figures_are_shown_as_given() {
    let labels = names(3, &SHORT);
    let drawn = |svg: Svg| text_boxes(svg.as_str()).into_iter().map(|(text, _)| text).collect::<Vec<_>>();
    let fade = drawn(fade::draw(&fade_of(&labels, &YEAR), &Theme::light()));
    for figure in ["\u{2212}1.8", "\u{2212}2.9 to \u{2212}0.7", "p = 0.004", "change week 10 to 52: 2.6 (1.6 to 3.6)"] {
        assert!(fade.iter().any(|text| text == figure), "{figure} in {fade:?}");
    }
    let trajectories = drawn(trajectories::draw(&trajectories_of(&labels, &YEAR), &Theme::light()));
    for figure in ["1.5", "0.7\u{2013}2.3", "n = 136", "treatment, weeks 1 to 10"] {
        assert!(trajectories.iter().any(|text| text == figure), "{figure} in {trajectories:?}");
    }
    let flow = drawn(flow::draw(&flow_of(&labels, &YEAR), &Theme::light()));
    for figure in
        ["n = 1,234,567", "Excluded (n = 1,198,159)", "n = 36,408", "missed this visit: 1", "10 sessions planned"]
    {
        assert!(flow.iter().any(|text| text == figure), "{figure} in {flow:?}");
    }
}

/// All drawn texts in one, without the blanks at which lines end.
pub fn squeezed(svg: &Svg) -> String {
    let texts = text_boxes(svg.as_str()).into_iter();
    texts.flat_map(|(text, _)| text.split_whitespace().map(str::to_owned).collect::<Vec<_>>()).collect()
}

#[test]
fn the_flow_tells_who_was_excluded_treated_harmed_and_why_lost() {
    for labels in [names(3, &SHORT), names(5, &LONG)] {
        let drawn = squeezed(&flow::draw(&conducted_flow_of(&labels, &YEAR), &Theme::light()));
        for said in [
            "Excluded(n=1,1",
            "•bothersomenessbelow3(n=1,198,000)",
            "•pregnancy(n=100)",
            "•operationofthelumbarspinewithinthelastthreeyears,oronethatisplanned(n=50)",
            "•attended9.9of10sessionsonaverage",
            "•36attendednone",
            "•36stoppedearly",
            "•adverseevents:1200mild,3severe&\"lasting\",in1001participants",
            // Two were lost by the second arm at the first visit: one for the second reason, one for none that is known.
            "losttofollow-up:2•nolongerwillingtotraveltotheclinic:1•reasonnotknown:1",
            "•movedaway:1•nolongerwilling",
        ] {
            assert!(drawn.contains(said), "{said} in {drawn}");
        }
        for unsaid in ["nobodyhadthis", "moderate", "noadverseevent", "<other>", "sessionsplanned"] {
            assert!(!drawn.contains(unsaid), "{unsaid} in {drawn}");
        }
    }
    let svg = flow::draw(&conducted_flow_of(&names(3, &SHORT), &YEAR), &Theme::light());
    let description = unescape(&tags(svg.as_str())[3].1);
    for said in [
        "excluded 1,198,159: bothersomeness below 3 1,198,000, pregnancy 100,",
        "Relaxation: randomised 12,136, attended 9.9 of 10 sessions on average, 36 attended none, 36 stopped early, adverse events: 1200 mild, 3 severe & \"lasting\", in 1001 participants; week 10 seen",
        "lost 2 (no longer willing to travel to the clinic: 1 and reason not known: 1)",
        "Usual care: randomised 12,136; week 10 seen",
    ] {
        assert!(description.contains(said), "{said} in {description}");
    }
    // Many visits share a box, and so do their reasons.
    let drawn = squeezed(&flow::draw(&conducted_flow_of(&names(3, &SHORT), &TWELVE), &Theme::light()));
    let in_all = "inall:23•movedaway:4•nolongerwillingtotraveltotheclinic:10•reasonnotknown:9";
    assert!(drawn.contains(in_all) && drawn.contains("Losttofollow-up"), "{drawn}");
}

#[test]
fn an_arm_with_sessions_and_no_adverse_event_says_so() {
    let mut numbers = conducted_flow_of(&names(2, &SHORT), &YEAR);
    let flow = &mut numbers.flow.arms[0];
    flow.adverse_events = flow.adverse_events.take().map(|events| AdverseEventCounts {
        by_severity: vec![EventCounts::default(); events.by_severity.len()],
        any: EventCounts::default(),
    });
    flow.attended = Some(SessionsAttended { planned: 1, participants: vec![0, 12_136] });
    flow.sessions_planned = Some(1);
    flow.stopped = vec![0; 4];
    let drawn = squeezed(&flow::draw(&numbers, &Theme::light()));
    assert!(drawn.contains("•attended1.0of1sessiononaverage•noadverseevent"), "{drawn}");
    assert!(!drawn.contains("attendednone") && !drawn.contains("stoppedearly"), "{drawn}");
}

#[test]
fn odd_input_gives_a_sensible_picture() {
    let labels = names(3, &SHORT);
    let mut pictures = Vec::new();
    for weeks in [&[][..], &[0.0], &[52.0, 10.0], &[5.0, 5.0], &[0.0, 1e6]] {
        for (low, high) in [(3.0, 3.0), (-1e12, 1e12), (0.0, 1e-9)] {
            let mut numbers = trajectories_of(&labels, weeks);
            for point in numbers.arms.iter_mut().flat_map(|arm| arm.points.iter_mut().flatten()) {
                *point = MeanPoint { mean: low, interval: Some([low, high]), n: 0 };
            }
            numbers.score.range = Some([3.0, 3.0]);
            pictures.push(trajectories::draw(&numbers, &Theme::light()));
            let point = |&week: &f64| DifferencePoint { week, estimate: low, lower: low, upper: high, p_value: None };
            let mut numbers = fade_of(&labels, &YEAR);
            numbers.panels[0].points = weeks.iter().map(point).collect();
            numbers.panels[1] = FadePanel::default();
            numbers.meaningful = None;
            pictures.push(fade::draw(&numbers, &Theme::light()));
        }
    }
    let mut numbers = trajectories_of(&labels, &YEAR);
    numbers.arms[0].points.clear();
    numbers.arms[1].points = vec![Some(MeanPoint { mean: 99.0, interval: None, n: 1 })];
    numbers.arms[2].points = vec![None; 9];
    numbers.title = format!("{}\u{0}\n", "wide".repeat(100));
    pictures.push(trajectories::draw(&numbers, &Theme::light()));
    numbers.arms.clear();
    pictures.push(trajectories::draw(&numbers, &Theme::light()));

    let mut numbers = fade_of(&labels, &YEAR);
    numbers.panels.clear();
    pictures.push(fade::draw(&numbers, &Theme::light()));

    let mut numbers = flow_of(&labels, &YEAR);
    pictures.push(flow::draw(&conducted_flow_of(&labels, &[]), &Theme::light()));
    numbers.flow = ParticipantFlow::default();
    numbers.analysed.push(AnalysedCounts { label: String::new(), per_arm: Vec::new() });
    pictures.push(flow::draw(&numbers, &Theme::light()));
    numbers.arms.clear();
    numbers.visits.clear();
    pictures.push(flow::draw(&numbers, &Theme::light()));

    for (place, svg) in pictures.iter().enumerate() {
        let svg = svg.as_str();
        assert_well_formed(&place.to_string(), svg);
        assert!(!svg.contains("NaN") && !svg.contains("inf\"") && svg.contains("<text "), "{place}");
        let width = attribute(svg, "viewBox").and_then(|view| view.split(' ').nth(2)?.parse().ok()).unwrap_or(0.0);
        for (text, [left, _, right, _]) in text_boxes(svg) {
            assert!(left >= 0.0 && right <= width, "{place}: {text} is clipped");
        }
    }
}

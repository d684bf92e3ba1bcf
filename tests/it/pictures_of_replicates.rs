//! Pictures of responders, coverage and power: every plotted number is one of the source, in words too, and no label covers another.

use std::ops::ControlFlow;
use std::sync::Arc;

use linger::analysis::{Analysis, analyse};
use linger::cohort;
use linger::numeric::distributions::normal_cdf;
use linger::operating_characteristics::sample_size::{
    Answer, Approximation, Goal, Question, Search, Setting, Trials, Varied, search,
};
use linger::operating_characteristics::{
    ClaimedIntervals, IntervalsOf, ReplicateInterval, StoredPlan, claimed_intervals, claimed_truth, evaluate_until,
    fill_store, kept_intervals,
};
use linger::plots::power::{self, OtherVisit, PowerDot, PowerNumbers, Required};
use linger::plots::responders::{
    self, ArmResponses, ImprovementCurve, ImprovementScale, ResponderArm, RespondersAtVisit, RespondersNumbers,
    ShareWithInterval, Threshold,
};
use linger::plots::zip::{self, ZipInterval, ZipMethod, ZipNumbers, ZipPanel, ZipRow};
use linger::plots::{Score, Svg, Theme, text_width};
use linger::report::figures::{self, Analysed, MOST_DRAWN};
use linger::report::power_words::Asked;
use linger::scenario::{self, Problems};
use linger::trial::{Contrast, Direction};

use super::program::Desk;
use super::trials::{built_in, trial};

const LONG: [&str; 6] = [
    "Relaxation massage by a trained & kind p",
    "Structural massage of the lower back \"A\"",
    "Exercise classes <two> led by physiother",
    "Education and self-care book with poster",
    "supervised_home_yoga_and_stretching_week",
    "Usual care from the general practitioner",
];

/// Drawn texts with their room by estimated width: left, top, right, bottom.
fn text_boxes(svg: &Svg) -> Vec<(String, [f64; 4])> {
    let attribute = |tag: &str, name: &str| -> Option<String> {
        let (_, rest) = tag.split_once(&format!(" {name}=\""))?;
        Some(rest.split_once('"')?.0.to_owned())
    };
    let pieces = svg.as_str().split("<text ").skip(1);
    pieces
        .map(|piece| {
            let (tag, rest) = piece.split_once('>').unwrap();
            let tag = format!(" {tag}");
            let number = |name: &str| attribute(&tag, name).unwrap().parse::<f64>().unwrap();
            let text = unescaped(rest.split_once('<').unwrap().0.trim());
            let (x, top, size) = (number("x"), number("y"), number("font-size"));
            let width = text_width::estimate(&text, size, tag.contains("font-weight=\"bold\""));
            let left = match attribute(&tag, "text-anchor").as_deref() {
                Some("middle") => x - width / 2.0,
                Some("end") => x - width,
                _ => x,
            };
            (text, [left, top, left + width, top + size])
        })
        .collect()
}

fn unescaped(text: &str) -> String {
    [("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\""), ("&apos;", "'"), ("&amp;", "&")]
        .iter()
        .fold(text.to_owned(), |text, (escaped, plain)| text.replace(escaped, plain))
}

fn within(svg: &Svg, tag: &str) -> String {
    let (open, close) = (format!("<{tag}>"), format!("</{tag}>"));
    let text = svg.as_str().split_once(&open).and_then(|(_, rest)| rest.split_once(&close));
    unescaped(text.unwrap_or_else(|| panic!("no {tag}")).0)
}

/// All texts are inside and none covers another; title and description are there, and no number is none.
fn assert_sound(about: &str, svg: &Svg) {
    let view: Vec<f64> = svg
        .as_str()
        .split_once("viewBox=\"")
        .unwrap()
        .1
        .split_once('"')
        .unwrap()
        .0
        .split(' ')
        .map(|n| n.parse().unwrap())
        .collect();
    let boxes = text_boxes(svg);
    for (i, (text, [left, top, right, bottom])) in boxes.iter().enumerate() {
        assert!(*left >= 0.0 && *top >= 0.0 && *right <= view[2] && *bottom <= view[3], "{about}: {text} is clipped");
        for (other, [other_left, other_top, other_right, other_bottom]) in &boxes[i + 1..] {
            let apart = right.min(*other_right) <= left.max(*other_left) + 1.0
                || bottom.min(*other_bottom) <= top.max(*other_top) + 1.0;
            assert!(apart, "{about}: {text:?} and {other:?} overlap");
        }
    }
    assert!(!within(svg, "title").is_empty() && within(svg, "desc").len() > 20, "{about}");
    assert!(!svg.as_str().contains("NaN") && !svg.as_str().contains("inf\""), "{about}");
}

fn texts(svg: &Svg) -> Vec<String> {
    text_boxes(svg).into_iter().map(|(text, _)| text).collect()
}

fn assert_written(svg: &Svg, wanted: &str) {
    let texts = texts(svg);
    assert!(texts.iter().any(|text| text.contains(wanted)), "{wanted} in {texts:?}");
}

#[test]
fn shares_of_responders_are_those_counted_one_by_one() {
    for name in ["small-pilot", "four-arms"] {
        let scenario = built_in(name);
        let data = cohort::generate(&scenario, 0);
        let analysis = analyse(&scenario.plan, &data);
        let own = Analysed {
            plan: &scenario.plan,
            data: &data,
            analysis: &analysis,
            scenario: Some(&scenario),
            published: &[],
        };
        let (outcome, visits) = (scenario.plan.outcomes[0], [1, 2, 3]);
        let numbers = figures::responders(own, outcome, &visits).unwrap();
        let svg = responders::draw(&numbers, &Theme::light());
        assert_sound(name, &svg);
        for (place, &visit) in visits.iter().enumerate() {
            for arm in 0..data.layout.arms.len() {
                let about = format!("{name}, visit {visit}, arm {arm}");
                let of_arm = || (0..data.n_participants()).filter(|&person| usize::from(data.arm[person]) == arm);
                // Lower scores are better, and whole.
                let pairs: Vec<(f64, f64)> = of_arm()
                    .filter_map(|person| {
                        let own = &data.outcomes[outcome];
                        Some((own.value(person, 0)?, own.value(person, visit)?))
                    })
                    .collect();
                let n = of_arm().count();
                let shown = &numbers.visits[place].arms[arm];
                assert_eq!((shown.n, shown.missing), (n, n - pairs.len()), "{about}");
                let share = |count: usize| count as f64 / n as f64;
                for &(improvement, height) in &shown.curves[0].steps {
                    let count = pairs.iter().filter(|(from, to)| from - to >= improvement).count();
                    assert_eq!(height, share(count), "{about}: {improvement} points");
                }
                let two = share(pairs.iter().filter(|(from, to)| from - to >= 2.0).count());
                // 10 (from − to) ≥ 3 from, in whole numbers; nobody improves from 0 by a share.
                let third = pairs.iter().filter(|(from, to)| *from > 0.0 && 10.0 * (from - to) >= 3.0 * from).count();
                for (curve, wanted) in shown.curves.iter().zip([two, share(third)]) {
                    let own = curve.at_threshold.unwrap();
                    assert_eq!(own.share, wanted, "{about}");
                    assert!(own.lower <= own.share && own.share <= own.upper, "{about}");
                    let (share, lower, upper) = (100.0 * own.share, 100.0 * own.lower, 100.0 * own.upper);
                    let text = format!("{share:.0}% ({lower:.0} to {upper:.0})");
                    assert_written(&svg, &text);
                    assert!(within(&svg, "desc").contains(&text), "{about}: {text}");
                }
                assert_written(&svg, &format!("{} of {n}", n - pairs.len()));
            }
        }
        assert!(within(&svg, "desc").contains("who has no score counts as no responder"));
    }
}

#[test]
fn improvement_needs_a_score_with_a_baseline_and_a_direction() {
    let scenario = built_in("small-pilot");
    let refused = |change: fn(&mut linger::trial::Outcome)| {
        let mut layout = (*scenario.design.layout).clone();
        change(&mut layout.outcomes[0]);
        let data = trial(&Arc::new(layout), &[0, 1, 2], &[]);
        let analysis = Analysis::empty(&scenario.plan, &data.layout);
        let own = Analysed { plan: &scenario.plan, data: &data, analysis: &analysis, scenario: None, published: &[] };
        figures::responders(own, 0, &[1]).unwrap_err().to_string()
    };
    assert!(refused(|outcome| outcome.kind = linger::trial::OutcomeKind::Binary).contains("recorded in words"));
    assert!(refused(|outcome| outcome.at_baseline = false).contains("not recorded at baseline"));
    assert!(refused(|outcome| outcome.better = None).contains("which way"));
}

#[test]
fn the_zip_is_the_coverage_of_an_evaluation_simulated_or_kept() {
    let source = scenario::built_in("small-pilot").unwrap();
    let stored = StoredPlan::new(scenario::read(source, &[]).unwrap());
    let scenario = &stored.loaded().scenario;
    let n = 300;
    let truth = claimed_truth(scenario, 1_000);
    let contrast = scenario.plan.contrasts[0];
    let asked = IntervalsOf { outcome: scenario.plan.outcomes[0], contrast, visits: &[1, 3] };
    let simulated = claimed_intervals(scenario, &truth, asked, 0..n);
    let folder = tempfile::tempdir().unwrap();
    let (_, store) = fill_store(&stored, n, None, folder.path(), |_| ControlFlow::Continue(())).unwrap();
    assert_eq!(kept_intervals(&store, scenario, &truth, asked).unwrap(), simulated);

    let evaluation = evaluate_until(scenario, truth, n, &[], |_, _| ControlFlow::Continue(())).unwrap();
    let numbers = figures::zip(scenario, asked, &simulated, 70.0).unwrap();
    let svg = zip::draw(&numbers, &Theme::light());
    assert_sound("zip", &svg);
    for (own, row) in simulated.iter().zip(&numbers.rows) {
        let performance = evaluation.performance.visit(asked.outcome, own.visit).unwrap();
        let covered = performance.contrasts[0].covered;
        assert_eq!(own.coverage(), Some(covered));
        let panel = row.panels[0].as_ref().unwrap();
        assert_eq!((panel.coverage, panel.mcse), (covered.share().unwrap(), covered.mcse().unwrap()));
        assert_eq!((panel.n as u64, panel.intervals.len()), (n, 90));
        let truth = own.truth.unwrap();
        for drawn in &panel.intervals {
            let found = own.intervals.iter().find(|own| (own.lower, own.upper) == (drawn.lower, drawn.upper)).unwrap();
            let nearer = own.intervals.iter().filter(|own| own.distance(truth) <= found.distance(truth)).count();
            assert!((drawn.percentile - 100.0 * nearer as f64 / n as f64).abs() < 1e-9);
            assert_eq!(drawn.covers, found.lower <= truth && truth <= found.upper);
        }
        let text = format!("coverage {:.1}% \u{b1} {:.1}%", 100.0 * panel.coverage, 100.0 * panel.mcse);
        assert_written(&svg, &text);
        assert!(within(&svg, "desc").contains(text.trim_start_matches("coverage ")));
        assert_written(&svg, &format!("true value\u{a0}{truth:.2}").replace('-', "\u{2212}"));
    }
    // The other way round everything changes its sign.
    let reversed = IntervalsOf { contrast: contrast.reversed(), ..asked };
    let other = claimed_intervals(scenario, &claimed_truth(scenario, 1_000), reversed, 0..n);
    assert_eq!(other[0].truth.unwrap(), -simulated[0].truth.unwrap());
    assert_eq!(other[0].coverage(), simulated[0].coverage());
    assert_eq!(other[0].intervals[7].lower, -simulated[0].intervals[7].upper);
}

#[test]
fn many_intervals_are_thinned_evenly_and_said_so() {
    let scenario = built_in("small-pilot");
    let interval = |i: u32| {
        let value = f64::from(i) / 5_000.0;
        ReplicateInterval { value, std_error: 1.0, lower: value - 0.9, upper: value + 0.9 }
    };
    let own = ClaimedIntervals {
        sensitivity: None,
        visit: 1,
        truth: Some(0.0),
        intervals: (0..10_000).map(interval).collect(),
        without_estimate: 3,
    };
    let asked = IntervalsOf { outcome: 0, contrast: Contrast { arm: 0, versus: 2 }, visits: &[1] };
    let numbers = figures::zip(&scenario, asked, std::slice::from_ref(&own), 0.0).unwrap();
    let drawn = &numbers.rows[0].panels[0].as_ref().unwrap().intervals;
    assert_eq!((drawn.len(), drawn[MOST_DRAWN - 1].percentile), (MOST_DRAWN, 100.0));
    for pair in drawn.windows(2) {
        assert!((pair[1].percentile - pair[0].percentile - 0.05).abs() < 1e-9);
    }
    let words = within(&zip::draw(&numbers, &Theme::dark()), "desc");
    assert!(words.contains("Of 10000 intervals in a panel 2000 are drawn, evenly chosen"), "{words}");
    assert!(words.contains("Up to 3 simulated trials have no estimate"), "{words}");
    let unknown = ClaimedIntervals { truth: None, ..own.clone() };
    let footnote = figures::zip(&scenario, asked, &[own, unknown.clone()], 0.0).unwrap().footnote.unwrap();
    assert!(footnote.starts_with("Not drawn, since no true value is known: ANCOVA."), "{footnote}");
    assert_eq!(figures::zip(&scenario, asked, &[unknown], 0.0), None);
}

#[test]
fn the_picture_of_power_is_the_search() {
    let source = scenario::built_in("small-pilot").unwrap();
    let varied = Varied::new(source, Vec::new(), Setting::PerArm).unwrap();
    let question = Question::find(&varied.base().scenario, None, Some(10.0), None, false).unwrap();
    let goal = Goal { most_replicates: 3_072, precision: 0.1, ..Goal::reach(0.8) };
    let found = search(goal, varied.range(500), varied.own(), |value, replicates| {
        Ok::<_, Problems>((Trials::new(varied.scenario(value)?, question).run(replicates), 1.0))
    })
    .unwrap();
    let numbers = figures::power(Asked { scenario: &varied.base().scenario, question }, &varied, &found);
    assert_eq!(numbers.points.len(), found.points.len());
    for (dot, point) in numbers.points.iter().zip(&found.points) {
        assert_eq!((dot.n, dot.power, dot.trials), (point.value, point.power(), point.tally.successes.of));
        let [lower, upper] = point.tally.successes.wilson(0.05).unwrap();
        assert!((dot.lower - lower).abs() < 1e-12 && (dot.upper - upper).abs() < 1e-12);
    }
    assert_eq!((numbers.required.map(|own| own.n), numbers.planned, numbers.arms), (found.answer.value(), 20, 3));
    let line = found.line.expect("a line");
    for &(n, power) in &numbers.fitted {
        assert!((power - normal_cdf(line.at(n.sqrt()))).abs() < 1e-12);
    }
    // The curve crosses the target just below the whole number that reaches it.
    let needed = numbers.required.unwrap().n as f64;
    let below = |n: f64| numbers.fitted.iter().rev().find(|own| own.0 <= n).map(|own| own.1);
    assert!(below(needed - 1.0).is_none_or(|power| power <= 0.8 + 1e-9));
    // The closed form at another visit is that of its own question.
    let labels: Vec<&str> = numbers.others.iter().map(|own| own.label.as_str()).collect();
    assert_eq!(labels, ["week 26", "week 52"]);
    let other = Approximation::of(&varied.base().scenario, Question { visit: 3, ..question }).unwrap();
    for &(n, power) in &numbers.others[1].curve {
        assert_eq!(power, other.power(&varied.sizes(n as u64)));
    }
    assert!(numbers.formula.windows(2).all(|pair| pair[0].1 <= pair[1].1 && pair[0].0 < pair[1].0));

    let svg = power::draw(&numbers, &Theme::light());
    assert_sound("power", &svg);
    assert_written(&svg, &format!("needed: {needed} (95% interval "));
    assert_written(&svg, "planned: 20");
    let words = within(&svg, "desc");
    for dot in &numbers.points {
        let text =
            format!("{}: {:.1}% ({:.1} to {:.1})", dot.n, 100.0 * dot.power, 100.0 * dot.lower, 100.0 * dot.upper);
        assert!(words.contains(&text), "{text} in {words}");
    }
    assert!(words.contains(&format!("with {needed} participants per arm (95% interval ")), "{words}");
    // A search that does not settle it, or is unsure, is told with its reservations.
    let tried = found.points[0].value;
    for (answer, said, times) in [
        (Answer::Unsettled { nearest: tried }, "simulated trials do not settle what reaches 80%", 0),
        (Answer::OutOfReach { value: tried, is_certain: false }, "80% may be out of reach", 1),
        (Answer::OutOfReach { value: tried, is_certain: true }, "80% is out of reach", 1),
    ] {
        let other = Search { answer, ..found.clone() };
        let numbers = figures::power(Asked { scenario: &varied.base().scenario, question }, &varied, &other);
        let words = within(&power::draw(&numbers, &Theme::light()), "desc");
        assert!(words.contains(said), "{said} in {words}");
        assert_eq!(words.matches("out of reach").count(), times, "{words}");
    }
}

pub fn responders_of(labels: &[&str], n_visits: usize) -> RespondersNumbers {
    let curve = |arm: usize| ImprovementCurve {
        steps: (-20..=20).map(|i| (f64::from(i), (20.0 - f64::from(i)) / (44.0 + arm as f64))).collect(),
        at_threshold: Some(ShareWithInterval { share: 0.41, lower: 0.3, upper: 0.52 }),
    };
    let scale = |unit: &str, improvement: f64, label: &str| ImprovementScale {
        unit: unit.into(),
        threshold: Some(Threshold { improvement, label: label.into() }),
        shown: [-20.0, 20.0],
    };
    RespondersNumbers {
        title: "Four in ten improve & <more>.".into(),
        score: Score {
            label: "Roland <disability> & \"pain\"".into(),
            unit: "points".into(),
            range: None,
            better: Some(Direction::Lower),
        },
        arms: (labels.iter().enumerate())
            .map(|(arm, label)| ResponderArm { label: (*label).into(), reference: arm + 1 == labels.len() })
            .collect(),
        interval: "95% intervals".into(),
        // Thresholds at both ends of the axes, where their words have least room.
        scales: vec![scale("points", -20.0, "20 points"), scale("% of own baseline", 20.0, "30%")],
        visits: (0..n_visits)
            .map(|visit| RespondersAtVisit {
                label: format!("week {visit}"),
                arms: (0..labels.len())
                    .map(|arm| ArmResponses { n: 12_136, missing: 1_024, curves: vec![curve(arm), curve(arm)] })
                    .collect(),
            })
            .collect(),
        footnote: Some("A <footnote>.".into()),
        simulated: true,
    }
}

pub fn zip_of(labels: &[&str], reach: f64) -> ZipNumbers {
    let interval = |i: u32| ZipInterval {
        percentile: 70.0 + 0.3 * f64::from(i),
        lower: -reach * f64::from(i),
        upper: reach,
        covers: i < 80,
    };
    let panel = || ZipPanel {
        truth: -0.25,
        coverage: 0.943,
        mcse: 0.011,
        coverage_interval: [0.92, 0.96],
        n: 123_456,
        intervals: (1..=100).map(interval).collect(),
    };
    let method = |label: &&str| ZipMethod { label: (*label).into(), measure: "logarithm of the odds ratio".into() };
    ZipNumbers {
        title: "94.3% of 95% intervals hold the true value & <more>".into(),
        subject: "Roland <disability>: relaxation massage compared with usual care".into(),
        level: 0.95,
        from_percentile: 70.0,
        methods: labels.iter().map(method).collect(),
        rows: [10, 26]
            .map(|week| {
                let own = |place: usize| (place != 1 || week != 26).then(panel);
                ZipRow { label: format!("Week {week}"), panels: (0..labels.len()).map(own).collect() }
            })
            .into(),
        footnote: Some("A <footnote>.".into()),
        thinned: Some("Of 300 intervals in a panel 100 are drawn, evenly chosen; coverage counts all of them.".into()),
    }
}

pub fn power_of(planned: u64, required: Option<Required>, ns: &[u64], target: f64) -> PowerNumbers {
    let dot = |(i, &n): (usize, &u64)| {
        let power = 0.5 + 0.08 * i as f64;
        PowerDot { n, power, lower: power - 0.04, upper: power + 0.04, trials: 1_024, is_fitted: i > 0 }
    };
    PowerNumbers {
        title: "With 54 participants per arm 90% of trials succeed & <more>".into(),
        subject: "Power: share of simulated trials that succeed".into(),
        points: ns.iter().enumerate().map(dot).collect(),
        fitted: ns.iter().map(|&n| (n as f64, 0.8)).collect(),
        formula: ns.iter().map(|&n| (n as f64, 0.7)).collect(),
        others: ["week 10", "week 26"]
            .map(|label| OtherVisit { label: label.into(), curve: ns.iter().map(|&n| (n as f64, 0.4)).collect() })
            .into(),
        target,
        planned,
        required,
        arms: 3,
        footnote: Some("A <footnote>.".into()),
    }
}

/// Pictures of every shape in a theme.
fn gallery(theme: &Theme) -> Vec<(String, Svg)> {
    let mut all = Vec::new();
    for n in [1, 2, 3, 4, 6] {
        let labels: Vec<&str> = LONG[..n - 1].iter().chain(LONG.last()).copied().collect();
        for visits in [1, 3, 12] {
            let about = format!("responders, {n} arms, {visits} visits");
            all.push((about, responders::draw(&responders_of(&labels, visits), theme)));
        }
        for reach in [1e-3, 1.0, 400.0] {
            all.push((format!("zip, {n} methods, {reach}"), zip::draw(&zip_of(&labels, reach), theme)));
        }
    }
    let required = |n, high| Some(Required { n, interval: Some((n - 1, high)) });
    let everywhere = [2, 21, 54, 107, 4_999];
    for (place, numbers) in [
        power_of(20, required(54, Some(55)), &[20, 52, 54, 56, 58], 0.9),
        power_of(54, required(54, Some(55)), &[54], 0.85),
        power_of(60, required(54, None), &[20, 40, 54], 0.82),
        power_of(2, required(5_000, None), &everywhere, 0.5),
        power_of(4_999, Some(Required { n: 2, interval: None }), &everywhere, 0.999),
        power_of(5_000, None, &[1_000_000], 0.8),
        power_of(7, None, &[], 0.95),
    ]
    .iter()
    .enumerate()
    {
        all.push((format!("power {place}"), power::draw(numbers, theme)));
    }
    all
}

#[test]
fn no_label_of_any_picture_covers_another_and_all_are_described() {
    for (about, svg) in gallery(&Theme::light()) {
        assert_sound(&about, &svg);
    }
    assert_eq!(gallery(&Theme::dark()), gallery(&Theme::dark()));
    let labels = &LONG[..3];
    let words = within(&responders::draw(&responders_of(labels, 1), &Theme::light()), "desc");
    assert!(labels.iter().all(|label| words.contains(label)) && words.contains("1024 of 12136 missing"), "{words}");
    let words = within(&zip::draw(&zip_of(labels, 1.0), &Theme::light()), "desc");
    assert!(words.contains("94.3% \u{b1} 1.1% hold it (95% Monte Carlo interval 92.0 to 96.0)"), "{words}");
}

#[test]
fn nothing_to_draw_gives_a_sensible_picture() {
    let mut nobody = responders_of(&LONG[..2], 1);
    for arm in &mut nobody.visits[0].arms {
        *arm = ArmResponses { n: 0, missing: 0, curves: vec![ImprovementCurve::default(); 2] };
    }
    nobody.scales[0].shown = [3.0, 3.0];
    assert_sound("nobody", &responders::draw(&nobody, &Theme::light()));
    assert_sound("no visit", &responders::draw(&responders_of(&[], 0), &Theme::light()));
    let mut zip = zip_of(&LONG[..1], 1.0);
    let panel = zip.rows[0].panels[0].as_mut().unwrap();
    panel.intervals =
        vec![ZipInterval { percentile: 100.0, lower: f64::NEG_INFINITY, upper: f64::INFINITY, covers: true }];
    assert_sound("endless", &zip::draw(&zip, &Theme::light()));
    zip.rows.clear();
    assert_sound("no row", &zip::draw(&zip, &Theme::light()));
}

#[test]
fn a_source_or_an_option_that_gives_no_picture_is_refused_in_words() {
    let desk = Desk::new();
    desk.write("trial.csv", "participant,arm,visit_week,rdq\n1,a,0,3\n");
    for (arguments, reason) in [
        ("plot zip trial.csv -o zip.svg", "a data file holds one: name a scenario instead"),
        ("plot power small-pilot --replicate 3 --all -o p.svg", "--all does not apply to power: it is for zip"),
        ("plot power small-pilot --replicate 3 --all -o p.svg", "--replicate does not apply to power"),
        ("plot flow small-pilot --target 0.8 -o flow.svg", "--target does not apply to flow: it is for power"),
        ("plot cdf small-pilot --week 7 -o cdf.svg", "weeks: 10, 26, 52"),
        ("plot zip . -o zip.svg", "."),
        ("plot cdf . -o cdf.svg", "is a folder"),
        ("plot zip small-pilot --contrast a -o zip.svg", "contrast"),
    ] {
        let said = desk.linger(arguments);
        assert_eq!(said.code, 2, "{arguments}: {}", said.whole());
        assert!(said.stderr.contains(reason), "{arguments}: {}", said.stderr);
    }
    desk.linger("evaluate small-pilot --replicates 30 -o run/ -q").fine();
    desk.linger("plot zip run --week 10 -q -o kept.svg").fine();
    desk.linger("plot zip small-pilot --replicates 30 --week 10 -q -o own.svg").fine();
    assert_eq!(desk.read("kept.svg"), desk.read("own.svg"));
}

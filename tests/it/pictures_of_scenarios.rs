//! The pictures of session build-up, contrasts and improvement: their numbers are those of their sources, and nothing written covers another.

use std::sync::Arc;

use linger::analysis::{analyse, baselines_and_changes, result_rows};
use linger::cohort::{self, Component, Expectations, build_up};
use linger::plots::dose::{self, Band, DoseNumbers, DosePanel, HalfLifeMark, SessionTick, WeekBenefit};
use linger::plots::fade::MeaningfulDifference;
use linger::plots::forest::{self, ForestContrast, ForestEstimate, ForestNumbers, ForestRow, ForestSection};
use linger::plots::improve::{self, ChangeParts, ChangePoint, ImproveArm, ImproveLine, ImproveNumbers};
use linger::plots::{Svg, Theme};
use linger::report::figures::{self, Analysed};
use linger::scenario::{self, EffectModel, HalfLife, Scenario, SessionEffect};
use linger::trial::Session;

use super::pictures::{
    LONG, ONE, SHORT, TWELVE, YEAR, assert_well_formed, attribute, names, number, score, squeezed, tags, text_boxes,
    unescape,
};
use super::program::Desk;
use super::trials;

pub fn dose_of(labels: &[String], weeks: &[f64]) -> DoseNumbers {
    let end = weeks[weeks.len() - 1];
    let sessions: Vec<SessionTick> =
        (1..=5).map(|k| SessionTick { week: f64::from(k) * end / 10.0, booster: k == 5 }).collect();
    let left = |week: f64, session: &SessionTick| {
        if week < session.week { 0.0 } else { (-(week - session.week) / 12.0).exp2() }
    };
    let panel = |arm: usize, label: &String| {
        let sessions = if arm == 2 { Vec::new() } else { sessions.clone() };
        let all = |week: f64| WeekBenefit {
            week,
            benefit: sessions.iter().map(|session| 0.8 * left(week, session)).sum::<f64>() - 0.1 * arm as f64,
        };
        let grid: Vec<f64> = (0..=50).map(|step| end * f64::from(step) / 50.0).collect();
        let band = |(k, session): (usize, &SessionTick)| Band {
            booster: session.booster,
            points: grid.iter().map(|&week| [week, 0.8 * k as f64, 0.8 * (k as f64 + left(week, session))]).collect(),
        };
        DosePanel {
            label: label.clone(),
            facts: "4 sessions, weeks 5.2 to 20.8 \u{b7} 1 booster in week 26 \u{b7} half-life 12 weeks & <more> \u{b7} 20% stays".into(),
            curve: grid.iter().map(|&week| all(week)).collect(),
            bands: sessions.iter().enumerate().map(band).collect(),
            visits: weeks[1..].iter().map(|&week| all(week)).collect(),
            plateau: (arm == 0).then_some(4.4),
            half_life: (arm < 2).then_some(HalfLifeMark { from_week: end / 2.0, to_week: 0.7 * end, benefit: 1.0 }),
            sessions,
        }
    };
    let (reference, others) = labels.split_last().expect("a trial has arms");
    DoseNumbers {
        title: "Ten sessions build up & fade <away>.".into(),
        score: score(),
        reference: reference.clone(),
        panels: others.iter().enumerate().map(|(arm, label)| panel(arm, label)).collect(),
        footnote: Some("A <footnote>.".into()),
    }
}

pub fn forest_of(labels: &[String], weeks: &[f64], ratio: bool) -> ForestNumbers {
    let reference = labels.len() - 1;
    let row = |(arm, versus): (usize, usize), visit: usize| {
        let value = if ratio { 1.4 + 0.2 * arm as f64 } else { 0.4 * arm as f64 - 2.9 };
        let estimate =
            ForestEstimate { value, lower: value - 1.1, upper: value + 1.1, p_value: 0.0004, adjusted_p_value: 0.012 };
        // The first comparison has no data at the last visit.
        let missing = arm == 0 && visit + 1 == weeks.len() && visit > 1;
        ForestRow {
            visit: format!("week {}", weeks[visit]),
            n: [12_136 - visit, 133 - versus],
            means: if missing { [None, Some(7.5)] } else { [Some(4.6), Some(7.5)] },
            estimate: if missing { Err("nobody was seen in <an arm> & so on".into()) } else { Ok(estimate) },
        }
    };
    let contrast = |(arm, versus): (usize, usize)| ForestContrast {
        arm: labels[arm].clone(),
        versus: labels[versus].clone(),
        place: (versus == reference).then_some(arm),
        rows: (1..weeks.len()).map(|visit| row((arm, versus), visit)).collect(),
    };
    let mut pairs: Vec<(usize, usize)> = (0..reference).map(|arm| (arm, reference)).collect();
    pairs.extend((reference > 1).then_some((0, 1)));
    let section = ForestSection {
        score: score(),
        measure: if ratio { "risk ratio".into() } else { "difference".into() },
        ratio,
        decimals: 1,
        meaningful: (!ratio).then(|| MeaningfulDifference { points: 2.0, source: Some("<a protocol>".into()) }),
        contrasts: pairs.into_iter().map(contrast).collect(),
    };
    ForestNumbers {
        title: "Massage is ahead & <fades>.".into(),
        interval: "95% intervals".into(),
        adjusted: !ratio,
        sections: vec![section.clone(), section],
        footnote: Some("Pairs & <rules>.".into()),
        simulated: true,
    }
}

pub fn improve_of(labels: &[String], weeks: &[f64]) -> ImproveNumbers {
    let point = |k: usize| ChangePoint { baseline: (k % 23) as f64, change: (k % 7) as f64 - 5.0, n: 1 + k % 12 };
    let parts = |arm: usize| ChangeParts {
        regression: -0.7,
        natural: -1.54,
        sessions: -0.26 * arm as f64,
        other: if arm == 0 { 0.33 } else { -0.04 },
    };
    ImproveNumbers {
        title: "Everybody improves & most of it is <shared>.".into(),
        score: score(),
        reference: labels[labels.len() - 1].clone(),
        visit: format!("week {}", weeks[weeks.len() - 1]),
        points: (0..60).map(point).collect(),
        line: Some(ImproveLine { intercept: 2.0, slope: -0.45, mean_change: -2.1, n: 390 }),
        entry: vec![5.0, 6.0],
        of_sessions: "Sessions".into(),
        arms: (labels.iter().enumerate())
            .map(|(arm, label)| ImproveArm {
                label: label.clone(),
                reference: arm + 1 == labels.len(),
                parts: parts(labels.len() - 1 - arm),
            })
            .collect(),
        footnote: Some("Who entered: <everybody>.".into()),
        simulated: true,
    }
}

/// The three pictures for 2, 3, 4 and 6 arms, short and long names, 1, 3 and 12 visits after baseline.
fn gallery(theme: &Theme) -> Vec<(String, Svg, Vec<String>)> {
    let mut pictures = Vec::new();
    for n_arms in [2, 3, 4, 6] {
        for kind in [&SHORT, &LONG] {
            for weeks in [&ONE[..], &YEAR, &TWELVE] {
                let labels = names(n_arms, kind);
                let about = |picture| format!("{picture}, {n_arms} arms, {} visits, {:?}", weeks.len(), labels[0]);
                pictures.push((about("dose"), dose::draw(&dose_of(&labels, weeks), theme), labels.clone()));
                for ratio in [false, true] {
                    let forest = forest::draw(&forest_of(&labels, weeks, ratio), theme);
                    pictures.push((about("forest"), forest, labels.clone()));
                }
                pictures.push((about("improve"), improve::draw(&improve_of(&labels, weeks), theme), labels.clone()));
            }
        }
    }
    pictures
}

fn view(svg: &str) -> Vec<f64> {
    attribute(svg, "viewBox").unwrap_or("").split(' ').map(|n| n.parse().expect("a number")).collect()
}

fn description(svg: &Svg) -> String {
    unescape(&tags(svg.as_str())[3].1)
}

#[test]
fn every_picture_says_in_words_what_it_shows_and_names_every_arm() {
    for (about, svg, labels) in gallery(&Theme::light()) {
        assert_well_formed(&about, svg.as_str());
        assert_eq!((tags(svg.as_str())[1].0.as_str(), tags(svg.as_str())[3].0.as_str()), ("title", "desc"), "{about}");
        let drawn = squeezed(&svg);
        for label in &labels {
            assert!(description(&svg).contains(label.as_str()), "{about}: {label} is not described");
            let label: String = label.split_whitespace().collect();
            assert!(drawn.contains(&label), "{about}: {label} is not drawn");
        }
        for word in ["NaN", "inf\"", "inf,", " inf"] {
            assert!(!svg.as_str().contains(word), "{about}: {word}");
        }
    }
}

#[test]
fn no_text_is_clipped_covered_or_too_small() {
    for (about, svg, labels) in gallery(&Theme::dark()) {
        let view = view(svg.as_str());
        let boxes = text_boxes(svg.as_str());
        assert!(boxes.len() > 10, "{about}");
        for (i, (text, [left, top, right, bottom])) in boxes.iter().enumerate() {
            let inside = *left >= 0.0 && *top >= 0.0 && *right <= view[2] && *bottom <= view[3];
            assert!(inside, "{about}: {text} is clipped");
            for (other, [other_left, other_top, other_right, other_bottom]) in &boxes[i + 1..] {
                let apart = right.min(*other_right) <= left.max(*other_left) + 1.0
                    || bottom.min(*other_bottom) <= top.max(*other_top) + 1.0;
                assert!(apart, "{about}: {text:?} and {other:?} overlap");
            }
        }
        for (tag, text) in tags(svg.as_str()).iter().filter(|(tag, _)| tag.starts_with("text ") && labels.len() <= 4) {
            assert!(number(tag, "font-size") * 400.0 / view[2] >= 5.9, "{about}: {text:?} is too small");
        }
        let ascii = |text: &str| text.as_bytes().windows(2).any(|pair| pair[0] == b'-' && pair[1].is_ascii_digit());
        assert!(boxes.iter().all(|(text, _)| !ascii(text)), "{about}");
    }
}

#[test]
fn the_same_numbers_give_the_same_bytes_and_each_ground_its_own() {
    let (one, other) = (gallery(&Theme::dark()), gallery(&Theme::dark()));
    assert_eq!(one, other);
    assert!(one.iter().zip(gallery(&Theme::light())).all(|((_, dark, _), (_, light, _))| *dark != light));
}

#[test]
fn odd_numbers_give_a_sensible_picture() {
    let labels = names(3, &SHORT);
    let theme = Theme::light();
    let mut pictures = Vec::new();
    for value in [0.0, -1e12, 1e-9] {
        let mut dose = dose_of(&labels, &YEAR);
        for own in dose.panels.iter_mut().flat_map(|panel| panel.curve.iter_mut().chain(&mut panel.visits)) {
            own.benefit = value;
        }
        dose.panels[1] = DosePanel::default();
        pictures.push(dose::draw(&dose, &theme));
        for ratio in [false, true] {
            let mut forest = forest_of(&labels, &YEAR, ratio);
            for row in forest.sections.iter_mut().flat_map(|own| &mut own.contrasts).flat_map(|own| &mut own.rows) {
                let own = ForestEstimate { value, lower: value, upper: 1e3, p_value: f64::NAN, adjusted_p_value: 1.0 };
                *row = ForestRow { n: [0, 0], means: [None, None], estimate: Ok(own), ..row.clone() };
            }
            forest.sections[1].contrasts.clear();
            pictures.push(forest::draw(&forest, &theme));
        }
        let mut improve = improve_of(&labels, &YEAR);
        improve.points.iter_mut().for_each(|own| *own = ChangePoint { baseline: 3.0, change: value, n: 1 });
        improve.arms[0].parts = ChangeParts { regression: value, ..ChangeParts::default() };
        improve.arms[1].parts = ChangeParts::default();
        pictures.push(improve::draw(&improve, &theme));
    }
    let mut dose = dose_of(&labels, &YEAR);
    dose.panels.clear();
    pictures.push(dose::draw(&dose, &theme));
    let mut forest = forest_of(&labels, &YEAR, false);
    forest.sections.clear();
    pictures.push(forest::draw(&forest, &theme));
    let mut improve = improve_of(&labels, &YEAR);
    improve.points.clear();
    improve.line = None;
    improve.entry.clear();
    improve.arms.clear();
    pictures.push(improve::draw(&improve, &theme));
    for (place, svg) in pictures.iter().enumerate() {
        let svg = svg.as_str();
        assert_well_formed(&place.to_string(), svg);
        assert!(!svg.contains("NaN") && !svg.contains("inf\"") && svg.contains("<text "), "{place}");
        let width = view(svg)[2];
        for (text, [left, _, right, _]) in text_boxes(svg) {
            assert!(left >= 0.0 && right <= width, "{place}: {text} is clipped");
        }
    }
}

fn built_in(name: &str) -> Scenario {
    scenario::read(scenario::built_in(name).expect("a scenario"), &[]).expect("a valid scenario").scenario
}

/// A replicate of a scenario with its analysis, handed to a function.
fn with_trial<T>(scenario: &Scenario, draw: impl Fn(Analysed<'_>) -> T) -> T {
    let data = cohort::generate(scenario, 0);
    let analysis = analyse(&scenario.plan, &data);
    draw(Analysed { plan: &scenario.plan, data: &data, analysis: &analysis, scenario: Some(scenario), published: &[] })
}

#[test]
fn the_dose_shows_the_expected_difference_and_the_parts_of_its_build_up() {
    let scenario = built_in("boosters-monthly");
    let numbers = with_trial(&scenario, |trial| figures::dose(trial, 0).expect("sessions"));
    let layout = &scenario.design.layout;
    let expected = Expectations::of(&scenario);
    let reference = layout.reference_arm();
    let others = (0..layout.arms.len()).filter(|&arm| arm != reference);
    for (arm, panel) in others.zip(&numbers.panels) {
        assert_eq!(panel.label, layout.arms[arm].label);
        assert_eq!(panel.sessions.len(), layout.arms[arm].sessions.len());
        for own in panel.curve.iter().chain(&panel.visits) {
            // Lower scores are better. Two integrations of the same mean.
            let mean = |arm| expected.mean(0, arm, own.week).expect("recorded at baseline");
            assert!((own.benefit - (mean(reference) - mean(arm))).abs() < 1e-9, "{own:?}");
        }
        for visit in &layout.visits[1..] {
            let of_sessions = build_up(&scenario, 0, arm, visit.week).expect("recorded").parts;
            let is_session = |part: &&cohort::Part| matches!(part.component, Component::Session { .. });
            let points: Vec<f64> = of_sessions.iter().filter(is_session).map(|part| -part.points).collect();
            let mut sum = 0.0;
            for (band, own) in panel.bands.iter().zip(points) {
                sum += own;
                let here = band.points.iter().find(|[week, ..]| *week == visit.week);
                // Before its session a band is not drawn, and adds nothing.
                assert!(here.map_or(own.abs(), |[_, _, upper]| (upper - sum).abs()) < 1e-9);
            }
        }
    }
    let drawn = squeezed(&dose::draw(&numbers, &Theme::light()));
    for said in ["10sessions,weeks1to10·10boosters,weeks14to50·half-life14weeks", "lastbooster,week50", "plateau"] {
        assert!(drawn.contains(said), "{said} in {drawn}");
    }
}

/// Four sessions, two weeks apart, on a score without ends and steps.
fn open_scale(effect: SessionEffect) -> Scenario {
    let mut scenario = trials::scenario(&[50, 50], &[0.0, 10.0, 26.0], 1);
    let layout = Arc::make_mut(&mut scenario.design.layout);
    layout.outcomes[0].range = None;
    layout.outcomes[0].step = None;
    layout.arms[0].sessions = [1.0, 3.0, 5.0, 7.0].map(|week| Session { week, booster: false }).to_vec();
    scenario.truth.outcomes[0].effect = EffectModel::Sessions { natural_course: None, arms: vec![Some(effect), None] };
    scenario
}

#[test]
fn the_plateau_is_that_of_repeated_doses() {
    let effect = SessionEffect { per_session: -0.8, half_life: HalfLife(6.0), ..SessionEffect::default() };
    let scenario = open_scale(effect);
    let numbers = with_trial(&scenario, |trial| figures::dose(trial, 0).expect("sessions"));
    let plateau = numbers.panels[0].plateau.expect("all of it fades");
    // Sessions that leave less than a millionth are left out.
    assert!((plateau - 0.8 / (1.0 - (-2.0_f64 / 6.0).exp2())).abs() < 3e-6, "{plateau}");
    let mark = numbers.panels[0].half_life.expect("before the last visit");
    assert_eq!((mark.from_week, mark.to_week), (7.0, 13.0));
    let at = |week: f64| numbers.panels[0].curve.iter().find(|own| own.week == week).expect("a session").benefit;
    assert!((mark.benefit - 0.5 * at(7.0)).abs() < 1e-9);
    for effect in
        [SessionEffect { lasting_share: 0.2, ..effect }, SessionEffect { half_life: HalfLife(f64::INFINITY), ..effect }]
    {
        let scenario = open_scale(effect);
        let numbers = with_trial(&scenario, |trial| figures::dose(trial, 0).expect("sessions"));
        assert_eq!(numbers.panels[0].plateau, None);
    }
}

#[test]
fn the_forest_shows_every_row_of_the_results() {
    for name in ["chronic-low-back-pain", "four-arms", "small-pilot"] {
        let scenario = built_in(name);
        let (numbers, rows) = with_trial(&scenario, |trial| {
            (figures::forest(trial, &trial.plan.outcomes), result_rows(trial.plan, trial.data, trial.analysis))
        });
        let layout = &scenario.design.layout;
        let mut shown = 0;
        for (section, &outcome) in numbers.sections.iter().zip(&scenario.plan.outcomes) {
            for (contrast, planned) in section.contrasts.iter().zip(&scenario.plan.contrasts) {
                for (row, visit) in contrast.rows.iter().zip(&layout.visits[1..]) {
                    let is_it = |own: &&linger::analysis::ResultRow| {
                        own.analysis == "main"
                            && own.outcome == layout.outcomes[outcome].name
                            && own.contrast == layout.contrast_name(*planned)
                            && own.visit_week == Some(visit.week)
                            && own.versus_week.is_none()
                    };
                    let own = rows.iter().find(is_it).expect("a row");
                    let estimate = row.estimate.as_ref().expect("an estimate");
                    let ends = [estimate.value, estimate.lower, estimate.upper, estimate.p_value].map(Some);
                    assert_eq!(ends, [own.estimate, own.lower, own.upper, own.p_value]);
                    assert_eq!(Some(estimate.adjusted_p_value), own.adjusted_p_value);
                    // Without a covariate that arms could differ in, the difference of adjusted means is the estimate.
                    let [arm, versus] = row.means.map(|mean| mean.expect("a mean"));
                    assert!((arm - versus - estimate.value).abs() < 1e-9);
                    shown += 1;
                }
            }
        }
        assert_eq!(shown, rows.iter().filter(|own| own.analysis == "main" && own.versus_week.is_none()).count());
    }
}

#[test]
fn the_parts_of_an_improvement_add_up_and_the_line_is_that_of_the_participants() {
    for name in ["chronic-low-back-pain", "four-arms", "reference-job"] {
        let scenario = built_in(name);
        let layout = &scenario.design.layout;
        let (reference, last) = (layout.reference_arm(), layout.visits.len() - 1);
        let (numbers, pairs) = with_trial(&scenario, |trial| {
            let pairs: Vec<[f64; 2]> = baselines_and_changes(trial.data, 0, reference, last).collect();
            (figures::improve(trial, 0).expect("a scenario"), pairs)
        });
        for (arm, own) in numbers.arms.iter().enumerate() {
            let built = build_up(&scenario, 0, arm, layout.visits[last].week).expect("recorded");
            assert!((own.parts.total() - (built.expected() - built.at_entry())).abs() < 1e-9);
        }
        assert_eq!(numbers.points.iter().map(|own| own.n).sum::<usize>(), pairs.len());
        // r · s₂/s₁ − 1, from sums in two passes.
        let n = pairs.len() as f64;
        let mean = |of: &dyn Fn(&[f64; 2]) -> f64| pairs.iter().map(of).sum::<f64>() / n;
        let x: &dyn Fn(&[f64; 2]) -> f64 = &|own| own[0];
        let y: &dyn Fn(&[f64; 2]) -> f64 = &|own| own[0] + own[1];
        let (mean_x, mean_y) = (mean(x), mean(y));
        let of = |a: &dyn Fn(&[f64; 2]) -> f64, at: f64, b: &dyn Fn(&[f64; 2]) -> f64, bt: f64| {
            mean(&|own: &[f64; 2]| (a(own) - at) * (b(own) - bt))
        };
        let (xx, xy, yy) = (of(x, mean_x, x, mean_x), of(x, mean_x, y, mean_y), of(y, mean_y, y, mean_y));
        let r = xy / (xx * yy).sqrt();
        let line = numbers.line.expect("a line");
        assert!((line.slope - (r * (yy / xx).sqrt() - 1.0)).abs() < 1e-10, "{line:?}");
        assert!((line.mean_change - (mean_y - mean_x)).abs() < 1e-10);
        assert!((line.intercept + line.slope * mean_x - line.mean_change).abs() < 1e-10);
        assert_eq!(line.n, pairs.len());
    }
}

#[test]
fn printed_parts_add_up_to_the_printed_change() {
    let mut numbers = improve_of(&names(3, &SHORT), &YEAR);
    numbers.arms[0].parts = ChangeParts { regression: -0.44, natural: -0.44, sessions: -0.44, other: -0.44 };
    let described = description(&improve::draw(&numbers, &Theme::light()));
    let mut checked = 0;
    for sentence in described.split("in all: ").skip(1) {
        let before = described.split(sentence).next().unwrap_or_default();
        let total = before.trim_end_matches(" in all: ").rsplit(' ').next().unwrap_or_default();
        let read = |text: &str| text.replace('\u{2212}', "-").parse::<f64>().expect("a number");
        let parts = sentence.split(". ").next().unwrap_or_default().trim_end_matches('.').split(", ");
        let sum: f64 = parts.map(|part| read(part.rsplit(' ').next().unwrap_or_default())).sum();
        assert!((sum - read(total)).abs() < 1e-9, "{described}");
        checked += 1;
    }
    assert_eq!(checked, 3, "{described}");
}

#[test]
fn the_program_draws_them_and_says_why_it_cannot() {
    let desk = Desk::new();
    desk.linger("simulate -o data.csv").fine();
    for source in ["chronic-low-back-pain", "small-pilot", "four-arms"] {
        for picture in ["dose", "forest", "improve"] {
            let text = desk.linger(&format!("plot {picture} {source} -q")).fine();
            assert!(text.starts_with("<svg") && text.trim_end().ends_with("</svg>"), "{picture} {source}");
        }
    }
    assert!(desk.linger("plot forest data.csv -q").fine().starts_with("<svg"));
    for (arguments, reason) in [
        ("plot dose data.csv", "name a scenario"),
        ("plot improve data.csv", "name a scenario"),
        ("plot dose reference-job", "states the mean change"),
        ("plot dose no-effect", "nothing builds up"),
    ] {
        let said = desk.linger(arguments);
        assert_eq!((said.code, said.stdout.as_str()), (2, ""), "{arguments}: {}", said.whole());
        assert!(said.stderr.contains(reason), "{arguments}: {}", said.stderr);
    }
}

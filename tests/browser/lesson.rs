//! The lesson: bets by mouse and by keyboard, a line drawn, sliders moved, and numbers that are those of the program.

use std::path::PathBuf;
use std::process::Command;
use std::sync::OnceLock;

use serde_json::{Value, json};

use super::checks::{problems, readable};
use super::page::Page;
use super::report::written;

/// The trial that the lesson is about.
const SCENARIO: &str = "plain";
/// Steps of the lesson in their order.
const STEPS: [&str; 7] =
    ["one_session", "ten_sessions", "last_session", "everyone_improves", "gap_closes", "boosters", "how_big"];

/// The lesson, open at its beginning; `None` where there is no browser.
fn opened(width: u32) -> Option<Page> {
    /// Written once: every test opens the same page.
    static WRITTEN: OnceLock<(tempfile::TempDir, PathBuf)> = OnceLock::new();
    if !super::chromium::is_there() {
        return None;
    }
    let (_, file) = WRITTEN.get_or_init(|| {
        let folder = tempfile::tempdir().unwrap();
        let file = written(folder.path(), "lesson.html", &["lesson", SCENARIO]);
        (folder, file)
    });
    let mut page = Page::open(file, width)?;
    page.prefer("light");
    page.until("document.documentElement.classList.contains('scripted')");
    Some(page)
}

/// Goes to a slide by its link.
fn visit(page: &mut Page, slide: &str) {
    page.value(&format!("location.hash = {}", json!(slide)));
    page.until(&format!("document.getElementById({}).classList.contains('current')", json!(slide)));
    page.settle();
}

/// Waits until what was moved has been answered: what stands under the figure is other than before.
fn changed(page: &mut Page, selector: &str, before: &str) -> String {
    page.until(&format!("document.querySelector({}).textContent.trim() !== {}", json!(selector), json!(before.trim())));
    page.settle();
    page.text(&format!("document.querySelector({}).textContent.trim()", json!(selector)))
}

#[test]
fn every_step_of_the_lesson_is_sound_before_and_after_its_bet() {
    let Some(mut page) = opened(1280) else { return };
    let mut wrong = Vec::new();
    for slide in ["start"].iter().chain(&STEPS).chain(&["sandbox"]) {
        visit(&mut page, slide);
        let stages: &[bool] = if STEPS.contains(slide) { &[false, true] } else { &[false] };
        for &is_open in stages {
            if is_open {
                page.click(&format!("#{slide} [data-do=reveal]"));
                page.until(&format!("document.querySelector('#{slide}').classList.contains('open')"));
            }
            // With the bet open there is all that there is before, and more.
            let looks: &[(&str, u32)] = if is_open || stages.len() == 1 {
                &[("light", 1280), ("light", 400), ("dark", 1280)]
            } else {
                &[("light", 400)]
            };
            for &(scheme, width) in looks {
                page.prefer(scheme);
                page.resize(width);
                let found = problems(&mut page);
                wrong.extend(found.iter().map(|own| format!("{slide}, open {is_open}, {scheme}, {width}: {own}")));
            }
            if let Some(photos) = std::env::var_os("LINGER_PHOTOGRAPHS") {
                page.resize(400);
                page.photograph(&std::path::Path::new(&photos).join(format!("lesson-{slide}-{is_open}-400.png")));
                page.resize(1280);
                page.photograph(&std::path::Path::new(&photos).join(format!("lesson-{slide}-{is_open}.png")));
            }
            page.prefer("light");
            page.resize(1280);
        }
    }
    wrong.extend(page.complaints());
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn a_lesson_about_another_trial_is_readable_too() {
    if !super::chromium::is_there() {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let mut wrong = Vec::new();
    for scenario in ["chronic-low-back-pain", "four-arms"] {
        let file = written(folder.path(), &format!("{scenario}.html"), &["lesson", scenario]);
        let Some(mut page) = Page::open(&file, 1280) else { return };
        page.until("document.documentElement.classList.contains('scripted')");
        for step in STEPS {
            visit(&mut page, step);
            page.click(&format!("#{step} [data-do=reveal]"));
            page.until(&format!("document.querySelector('#{step} .figure-host svg')"));
            for width in [400, 1280] {
                page.resize(width);
                wrong.extend(readable(&mut page).iter().map(|own| format!("{scenario}, {step}, {width}: {own}")));
            }
        }
        wrong.extend(page.complaints());
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn bets_are_placed_by_mouse_and_by_keyboard() {
    let Some(mut page) = opened(1280) else { return };
    page.click("#start [data-do=next]");
    page.until("document.getElementById('one_session').classList.contains('current')");
    assert!(page.text("document.querySelector('#one_session .reveal').textContent").trim().is_empty());
    page.click("#one_session [data-choice='0']");
    assert!(!page.text("document.querySelector('#one_session .reveal').textContent").trim().is_empty());
    // What is right is said in words, beside what was bet.
    let verdicts =
        page.text("[...document.querySelectorAll('#one_session .verdict')].map(e => e.textContent).join('')");
    assert!(!verdicts.is_empty());
    // On with the keyboard alone: next step, the tabulator to a choice, Enter.
    page.value("document.activeElement.blur()");
    page.press("ArrowRight");
    page.until("document.getElementById('ten_sessions').classList.contains('current')");
    for _ in 0..30 {
        page.press("Tab");
        if page.value("Boolean(document.activeElement.closest('#ten_sessions [data-choice]'))") == json!(true) {
            break;
        }
    }
    page.press("Enter");
    assert_eq!(page.value("document.getElementById('ten_sessions').classList.contains('open')"), json!(true));
    assert_eq!(page.complaints(), [""; 0]);
}

#[test]
fn a_line_is_drawn_by_mouse_and_by_keyboard() {
    for by_mouse in [true, false] {
        let Some(mut page) = opened(1280) else { return };
        visit(&mut page, "last_session");
        let line = "document.querySelector('#last_session .sketch-line').getAttribute('d') ?? ''";
        assert_eq!(page.text(line), "");
        if by_mouse {
            let area = page.value(
                "(() => { const e = document.querySelector('#last_session .sketch-area'); e.scrollIntoView({ block: 'center', behavior: 'instant' }); \
                 const r = e.getBoundingClientRect(); return [r.left, r.top, r.width, r.height]; })()",
            );
            let at = |x: f64, y: f64| {
                let number = |n: usize| area[n].as_f64().unwrap();
                (number(0) + x * number(2), number(1) + y * number(3))
            };
            page.drag_from(at(0.08, 0.45), &[at(0.3, 0.6), at(0.6, 0.75), at(0.97, 0.85)]);
        } else {
            page.focus("#last_session .sketch [role=slider]");
            (0..5).for_each(|_| page.press("ArrowDown"));
        }
        assert!(page.text(line).len() > 20);
        page.click("#last_session [data-do=reveal]");
        let said = page.text("document.querySelector('#last_session .live').textContent");
        assert!(said.chars().any(|c| c.is_ascii_digit()), "{said}");
        assert_eq!(page.complaints(), [""; 0]);
    }
}

#[test]
fn numbers_of_the_lesson_are_those_of_the_program() {
    let Some(mut page) = opened(1280) else { return };
    visit(&mut page, "ten_sessions");
    page.click("#ten_sessions [data-do=reveal]");
    let live = "#ten_sessions .live";
    let mut said = page.text(&format!("document.querySelector('{live}').textContent.trim()"));
    let slider = "#ten_sessions input[type=range]";
    // By keyboard, by mouse, and a long way.
    for way in ["ArrowLeft", "PageUp", "mouse"] {
        if way == "mouse" {
            page.drag(slider, (40.0, 0.0));
        } else {
            page.focus(slider);
            page.press(way);
        }
        said = changed(&mut page, live, &said);
        let half_life = page.text(&format!("document.querySelector('{slider}').value"));
        for week in [10, 52] {
            let told = benefit(week, &half_life);
            assert!(
                said.contains(&format!("{told:.1}")),
                "half-life {half_life}, week {week}: {told} is not in: {said}"
            );
        }
    }
    assert_eq!(page.complaints(), [""; 0]);
}

/// The expected benefit of relaxation massage in a week, as `linger explain` has it.
fn benefit(week: u32, half_life: &str) -> f64 {
    let set = format!("arms.relaxation.effect.rdq.half_life_weeks={half_life}");
    let said = Command::new(env!("CARGO_BIN_EXE_linger"))
        .args(["explain", "relaxation", "--scenario", SCENARIO, "--week", &week.to_string()])
        .args(["-q", "--format", "json", "-s", &set])
        .output()
        .unwrap();
    let document: Value = serde_json::from_slice(&said.stdout).unwrap();
    -document["difference"].as_f64().unwrap_or_else(|| panic!("{}", String::from_utf8_lossy(&said.stderr)))
}

#[test]
fn the_sandbox_comes_back_from_its_link() {
    let Some(mut page) = opened(1280) else { return };
    visit(&mut page, "sandbox");
    page.until("document.querySelector('#sandbox input[type=range]')");
    let values = "[...document.querySelectorAll('#sandbox .controls input')].map(e => e.value).join(' ')";
    let begin = page.text(values);
    page.focus("#sandbox input[type=range]");
    (0..3).for_each(|_| page.press("ArrowLeft"));
    let moved = page.text(values);
    assert_ne!(begin, moved);
    page.click("#sandbox [data-do=share]");
    let address = page.text("location.href");
    assert!(address.contains("sandbox"), "{address}");
    page.go("about:blank");
    page.go(&address);
    page.until("document.querySelector('#sandbox input[type=range]')");
    assert_eq!(page.text(values), moved);
    page.click("#sandbox [data-do=reset]");
    assert_eq!(page.text(values), begin);
    assert_eq!(page.complaints(), [""; 0]);
}

#[test]
fn every_figure_of_the_handout_is_on_paper() {
    let Some(mut page) = opened(1280) else { return };
    page.until("'ready' in document.documentElement.dataset");
    // As a printer that asks, and as one that does not: the figures are there at once.
    for asks in [false, true] {
        page.call("Emulation.setEmulatedMedia", json!({ "media": "print" }));
        if asks {
            page.value("window.dispatchEvent(new Event('beforeprint'))");
        }
        let figures = page.value(
            "[...document.querySelectorAll('#handout .paper-figure')].map(figure => \
             [figure.getBoundingClientRect().height, ...[...figure.querySelectorAll('svg text')].map(own => own.textContent)])",
        );
        let figures = figures.as_array().unwrap();
        assert_eq!(figures.len(), 2 * STEPS.len());
        for (position, figure) in figures.iter().enumerate() {
            let (step, texts) = (STEPS[position % STEPS.len()], figure.as_array().unwrap());
            assert!(texts[0].as_f64().unwrap() > 100.0, "{step}, asked {asks}: {figure}");
            let says = |what: &str| texts[1..].iter().any(|own| own.as_str().unwrap().contains(what));
            let axis = match step {
                "one_session" | "ten_sessions" | "last_session" | "gap_closes" | "boosters" => "weeks since",
                "everyone_improves" => "better than at entry",
                _ => "randomised per arm",
            };
            assert!(says(axis), "{step}, asked {asks}: {figure}");
        }
    }
    assert_eq!(page.complaints(), [""; 0]);
}

#[test]
fn a_lesson_without_an_effect_has_nothing_to_complain_of() {
    if !super::chromium::is_there() {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let file = written(folder.path(), "lesson.html", &["lesson", "no-effect"]);
    for width in [400, 1280] {
        let Some(mut page) = Page::open(&file, width) else { return };
        page.until("document.documentElement.classList.contains('scripted')");
        for step in STEPS {
            visit(&mut page, step);
            page.click(&format!("#{step} [data-do=reveal]"));
            page.until(&format!("document.querySelector('#{step}').classList.contains('open')"));
        }
        // Nothing fades, so that there is nothing to mark and nothing to move.
        assert_eq!(page.value("document.querySelectorAll('#one_session .marker').length"), json!(0));
        assert_eq!(page.value("document.querySelectorAll('#last_session .control').length"), json!(0));
        assert_eq!(page.complaints(), [""; 0], "{width}");
    }
}

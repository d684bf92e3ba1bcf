//! The core as a page carries it, compiled for another platform, gives the numbers of this machine to 1e-12, under settings drawn at
//! random: recorded scores, which are whole, exactly.
//!
//! Requests and native answers go to a file, which `tests/browser/core.mjs` asks of the WebAssembly again: under Node where there is
//! one, and in a browser by whoever opens it there. Without Node the file is still written, and the test says so.

use std::fs;
use std::path::PathBuf;
use std::process::Command;

use linger::live::{CORE, answer};
use serde_json::{Value, json};

/// Settings that are tried.
const SETTINGS: usize = 200;

/// Numbers that look drawn: a linear congruential generator (Knuth's MMIX).
struct Draws(u64);

impl Draws {
    /// Evenly from 0 to below 1.
    fn share(&mut self) -> f64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 11) as f64 / (1_u64 << 53) as f64
    }

    fn between(&mut self, low: f64, high: f64) -> f64 {
        low + (high - low) * self.share()
    }

    /// A whole number, both ends included.
    fn whole(&mut self, low: u64, high: u64) -> u64 {
        low + (self.share() * (high - low + 1) as f64) as u64
    }
}

const SCENARIOS: [&str; 8] = [
    "plain",
    "chronic-low-back-pain",
    "boosters-monthly",
    "no-fade",
    "outside-sessions",
    "therapists",
    "mnar-dropout",
    "only-regression-to-the-mean",
];

/// Where effects are shares of severity that differ between people, a few values stand for many whose moments are all that is known of
/// them (see `src/numeric/shift.rs`): what rounding does most to.
const BY_MOMENTS: (&str, usize) = ("share-of-severity", 20);

/// Of itself, or of 1 where it is smaller. Elementary functions are the same on both sides (`numeric::elementary`); what is left is the
/// order in which compilers add.
const TOLERANCE: f64 = 1e-12;

/// A scenario with everything drawn that sliders change.
fn request(name: &str, number: usize, draws: &mut Draws) -> Value {
    let mut set = vec![
        format!("arms.relaxation.sessions={}", draws.whole(1, 24)),
        format!("arms.structural.every_weeks={:.3}", draws.between(0.3, 3.0)),
        format!(
            "outcomes.rdq.natural_course={{ improves = {:.3}, half_life_weeks = {:.2} }}",
            draws.between(0.0, 5.0),
            draws.between(1.0, 40.0)
        ),
        format!("trial.entry.at_least={}", draws.whole(0, 7)),
        format!("trial.per_arm.usual_care={}", draws.whole(20, 300)),
    ];
    let first = draws.between(0.0, 0.2);
    let rise = draws.between(0.0, 0.2);
    set.push(format!("dropout.every_arm=[{first:.3}, {:.3}, {:.3}]", first + rise, first + 2.0 * rise));
    if name != "only-regression-to-the-mean" {
        set.push(format!("arms.relaxation.effect.rdq.half_life_weeks={:.3}", draws.between(1.0, 60.0)));
    }
    if name != "only-regression-to-the-mean" && name != "no-fade" {
        set.push(format!("arms.structural.effect.rdq.lasting_share={:.3}", draws.share()));
    }
    let week = draws.between(0.0, 60.0);
    let n = draws.whole(10, 500);
    let mut asks = vec![
        json!({ "what": "courses", "outcome": "rdq", "weeks": [0, week, 52] }),
        json!({ "what": "build_up", "outcome": "rdq", "weeks": [10, week] }),
        json!({ "what": "parts", "outcome": "bothersomeness", "week": week }),
        json!({ "what": "power", "outcome": "rdq", "n": [n] }),
        json!({ "what": "trial", "outcome": "rdq", "replicate": draws.whole(0, 1000), "participants": 3 }),
    ];
    if number.is_multiple_of(10) {
        asks.push(json!({ "what": "replicates", "outcome": "rdq", "count": 8 }));
        asks.push(json!({ "what": "about" }));
    }
    json!({ "shipped": name, "set": set, "ask": asks })
}

#[test]
#[expect(clippy::print_stderr, reason = "a comparison that was not made is said")]
fn two_hundred_random_settings_give_the_same_numbers_in_a_page() {
    let mut draws = Draws(20_110_705);
    let (by_moments, n_by_moments) = BY_MOMENTS;
    let usual = (0..SETTINGS).map(|number| SCENARIOS[number % SCENARIOS.len()]);
    let all = usual.chain(std::iter::repeat_n(by_moments, n_by_moments));
    let pair = |(number, name): (usize, &str)| {
        let request = request(name, number, &mut draws);
        let reply: Value = serde_json::from_str(&answer(&request.to_string())).unwrap();
        assert!(reply.get("problems").is_none(), "{request}: {}", reply["problems"]);
        json!({ "request": request, "reply": reply, "tolerance": TOLERANCE })
    };
    let pairs: Vec<Value> = all.enumerate().map(pair).collect();
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR"));
    let (asked, core) = (folder.join("live-answers.json"), folder.join("core.wasm.gz"));
    fs::write(&asked, Value::Array(pairs).to_string()).unwrap();
    fs::write(&core, CORE).unwrap();
    let script = "tests/browser/core.mjs";
    match Command::new("node").arg(script).arg(&core).arg(&asked).output() {
        Ok(output) => {
            let said = String::from_utf8_lossy(&output.stdout).into_owned();
            assert!(output.status.success(), "{said}{}", String::from_utf8_lossy(&output.stderr));
            assert_eq!(said, format!("{} settings the same to {TOLERANCE:e}\n", SETTINGS + n_by_moments));
        }
        Err(error) => {
            eprintln!("not compared with the page's core: node cannot be run ({error}); written: {}", asked.display())
        }
    }
}

//! Comparisons in sentences and lines of text.

use crate::report::numbers::{fixed, two_digits};
use crate::snapshot::{Basis, Comparison, Judged, Severity, Target, Value, Verdict};

/// How many comparisons have which verdict: `118 same · 1 changed · 1 warning`.
pub fn counts(judged: &Judged) -> String {
    let counted = Verdict::ALL.into_iter().map(|verdict| (judged.count(verdict), verdict.words().to_owned()));
    let warnings = judged.warnings();
    let warning = if warnings == 1 { "warning" } else { "warnings" };
    let all: Vec<String> = counted
        .chain([(warnings, warning.to_owned())])
        .filter(|(n, _)| *n > 0)
        .map(|(n, words)| format!("{n} {words}"))
        .collect();
    if all.is_empty() { "nothing compared".to_owned() } else { all.join(" · ") }
}

/// How many failed out of how many, `1 failed of 120`; all are fine where none did.
pub fn failed_of(failed: usize, of: usize) -> String {
    match failed {
        0 => format!("all {of} comparisons fine"),
        _ => format!("{failed} failed of {of}"),
    }
}

/// Two numbers with as many decimals as tell them apart: ten, or all there are.
pub fn side_by_side(a: &Value, b: &Value) -> [String; 2] {
    match (a, b) {
        (Value::Number(x), Value::Number(y)) => {
            let short = [x, y].map(|own| format!("{own:.10}"));
            let plain = |own: &f64| *own == 0.0 || (1e-4..1e9).contains(&own.abs());
            let enough = (x - y).abs() > 1e-8 && plain(x) && plain(y);
            if enough { short } else { [a.to_string(), b.to_string()] }
        }
        _ => [a.to_string(), b.to_string()],
    }
}

/// A difference with two digits and its sign.
fn signed(difference: f64) -> String {
    let sign = if difference < 0.0 { "-" } else { "+" };
    format!("{sign}{}", short(difference.abs()))
}

/// A size with two digits.
fn short(size: f64) -> String {
    match size {
        0.0 => "0".to_owned(),
        _ if !(1e-3..1e6).contains(&size) => format!("{size:.1e}").replace(".0e", "e"),
        _ => fixed(size, two_digits(size).min(4)),
    }
}

/// How far a number moved: `moved +0.032 (12 %), allowed 1e-9`.
fn moved(own: &Comparison) -> Option<String> {
    let difference = own.difference()?;
    let kept = own.kept()?.as_number()?;
    let share = 100.0 * difference.abs() / kept.abs();
    let share =
        if share.is_finite() && share >= 0.1 { format!(" ({} %)", short_percent(share)) } else { String::new() };
    let allowed = own.allowed().map(|allowed| format!(", allowed {}", short(allowed))).unwrap_or_default();
    Some(format!("moved {}{share}{allowed}", signed(difference)))
}

fn short_percent(share: f64) -> String {
    if share >= 10.0 { fixed(share, 0) } else { fixed(share, 1) }
}

/// A measure with four decimals, and its target as it is.
fn against(now: Option<&Value>, target: Option<Target>) -> String {
    let number = now.map_or_else(String::new, |now| match now {
        Value::Number(number) => fixed(*number, 4),
        other => other.to_string(),
    });
    let target = target.map(|target| {
        let at_most = if target.at_most { "at most " } else { "" };
        format!(", target {at_most}{}", round(target.value))
    });
    format!("{number}{}", target.unwrap_or_default())
}

/// A target without the dust of its computation: `0.95`, not `0.9500000000000001`.
fn round(value: f64) -> String {
    let text = fixed(value, 6);
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

/// One comparison in one line, without its id.
pub fn described(own: &Comparison) -> String {
    let note = own.note.as_ref().map(|note| format!("; {note}")).unwrap_or_default();
    let text = match (&own.basis, &own.now) {
        (Basis::Kept { value: Some(kept), .. }, Some(now)) => {
            let [kept_text, now_text] = side_by_side(kept, now);
            let moved = moved(own).filter(|_| kept != now).map(|moved| format!(", {moved}")).unwrap_or_default();
            format!("kept {kept_text}, now {now_text}{moved}")
        }
        (Basis::Kept { value: Some(kept), .. }, None) => format!("kept {kept}, and not computed now"),
        (Basis::Kept { value: None, .. }, Some(now)) => format!("now {now}, and nothing is kept"),
        (Basis::Target { target, z: Some(z), band }, now) => {
            let z = if z.is_finite() { format!("{} SE", fixed(z.abs(), 1)) } else { "infinitely many SE".to_owned() };
            let band = format!("warning from {}, failure from {}", band.z_warn, band.z_error);
            format!("{}, {z}: {band}", against(now.as_ref(), *target))
        }
        (Basis::Bounds(expected), Some(now)) => {
            let [low, high] = expected.between;
            format!("{now}, expected between {low} and {high} ({})", expected.why)
        }
        (Basis::Bounds(expected), None) => {
            let [low, high] = expected.between;
            format!("expected between {low} and {high} ({})", expected.why)
        }
        (_, Some(now)) => now.to_string(),
        (_, None) => String::new(),
    };
    let text = format!("{text}{note}");
    text.trim_start_matches("; ").to_owned()
}

/// One comparison as a terminal shows it, with what belongs under it.
pub fn lines(own: &Comparison, suspect: Option<&str>) -> Vec<String> {
    let sign = if own.severity == Severity::Warning { "!" } else { "✗" };
    let id = &own.id;
    match (&own.basis, &own.now) {
        (Basis::Kept { value: Some(kept), .. }, Some(now)) => {
            let [kept_text, now_text] = side_by_side(kept, now);
            let moved = moved(own).filter(|_| kept != now).map(|moved| format!("     {moved}")).unwrap_or_default();
            let mut lines =
                vec![format!("  {sign} {id}"), format!("      kept  {kept_text}      now  {now_text}{moved}")];
            let why = own.note.clone().or_else(|| suspect.map(|suspect| format!("first suspect: {suspect}")));
            lines.extend(why.map(|why| format!("      {why}")));
            lines
        }
        (Basis::Target { .. }, _) => {
            vec![format!("  {sign} {id}  {}", described(own).replace(": warning", " — warning"))]
        }
        _ => vec![format!("  {sign} {id}"), format!("      {}", described(own))],
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scenario::{MonteCarloBand, Tolerance};

    fn kept(kept: f64, now: f64) -> Comparison {
        let basis = Basis::Kept { value: Some(Value::Number(kept)), tolerance: Tolerance::default(), line: Some(7) };
        Comparison {
            id: "rdq.wk52.relaxation-usual_care.estimate".to_owned(),
            now: Some(Value::Number(now)),
            mcse: None,
            basis,
            verdict: Verdict::Changed,
            severity: Severity::Failure,
            note: None,
        }
    }

    #[test]
    fn a_change_is_shown_with_how_far_it_moved() {
        let own = kept(-0.263_491_827_3, -0.231_105_441);
        let expected = "kept -0.2634918273, now -0.2311054410, moved +0.032 (12 %), allowed 2.6e-10";
        assert_eq!(described(&own), expected);
        let lines = lines(&own, Some("the seed"));
        assert_eq!(lines[0], "  ✗ rdq.wk52.relaxation-usual_care.estimate");
        assert!(lines[1].starts_with("      kept  -0.2634918273      now  -0.2311054410     moved +0.032 (12 %)"));
        assert_eq!(lines[2], "      first suspect: the seed");
        // A change that ten decimals do not show is shown in full.
        let described = described(&kept(1.5, 1.5 + 3e-9));
        assert!(described.starts_with("kept 1.5, now 1.500000003, moved +3e-9"), "{described}");
    }

    #[test]
    fn a_measure_is_shown_with_its_target() {
        let target = Target { value: 1.0 - 0.05, std_error: 0.005, at_most: false };
        let own = Comparison {
            id: "rdq.wk26.relaxation-usual_care.coverage".to_owned(),
            now: Some(Value::Number(0.935)),
            basis: Basis::Target { target: Some(target), z: Some(-3.1), band: MonteCarloBand::default() },
            verdict: Verdict::OutsideBand,
            severity: Severity::Warning,
            ..kept(0.0, 0.0)
        };
        let expected =
            "  ! rdq.wk26.relaxation-usual_care.coverage  0.9350, target 0.95, 3.1 SE — warning from 3, failure from 5";
        assert_eq!(lines(&own, None), [expected]);
    }
}

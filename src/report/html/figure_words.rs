//! The axis sentence of every figure: what goes across, what goes upwards, what marks and bars are.

use crate::plots::Score;
use crate::plots::dose::DoseNumbers;
use crate::plots::fade::FadeNumbers;
use crate::plots::forest::ForestNumbers;
use crate::plots::improve::ImproveNumbers;
use crate::plots::responders::RespondersNumbers;
use crate::plots::tipping::TippingNumbers;
use crate::plots::trajectories::TrajectoriesNumbers;
use crate::plots::zip::ZipNumbers;
use crate::report::numbers::level;
use crate::report::words::in_sentence;
use crate::trial::Direction;

/// Unit and direction of a score in brackets, ` (points, lower is better)`.
fn qualities(score: &Score) -> String {
    let better = score.better.map(|better| match better {
        Direction::Lower => "lower is better".to_owned(),
        Direction::Higher => "higher is better".to_owned(),
    });
    let unit = Some(score.unit.trim().to_owned()).filter(|unit| !unit.is_empty());
    let parts: Vec<String> = [unit, better].into_iter().flatten().collect();
    if parts.is_empty() { String::new() } else { format!(" ({})", parts.join(", ")) }
}

pub(super) fn trajectories(own: &TrajectoriesNumbers) -> String {
    let score = &own.score;
    format!(
        "Upwards: mean {}{}. Across: weeks since randomisation. Whiskers: {}{}.",
        score.label,
        qualities(score),
        own.interval,
        if own.treatment.is_some() { "; the shaded weeks are those of treatment" } else { "" }
    )
}

pub(super) fn fade(own: &FadeNumbers) -> String {
    let band = match &own.meaningful {
        Some(matters) => format!("; in the band differences are smaller than the {} that matter", matters.points),
        None => String::new(),
    };
    format!(
        "Upwards: difference from {} in {}{}. Across: weeks since randomisation. Whiskers: {}{band}.",
        in_sentence(&own.reference),
        own.score.label,
        qualities(&own.score),
        own.interval
    )
}

pub(super) fn tipping(own: &TippingNumbers) -> String {
    let across = format!("Across: {} by which missing values in {} are worse than imputed.", own.unit, own.across);
    match &own.up {
        Some(up) => format!("{across} Upwards: the same in {up}. One panel per comparison."),
        None => format!("{across} One strip per comparison."),
    }
}

pub(super) fn dose(own: &DoseNumbers) -> String {
    format!(
        "Upwards: expected benefit against {} in {}. Across: weeks since randomisation; ticks below are sessions, hollow ones boosters. Bands: what is left of each session.",
        in_sentence(&own.reference),
        own.score.label
    )
}

pub(super) fn improve(own: &ImproveNumbers) -> String {
    format!(
        "Left: across the baseline as measured, upwards the change by {}, participants of {}. Right: the expected change of each arm by what it comes from. The slope on the left is there without any treatment.",
        own.visit,
        in_sentence(&own.reference)
    )
}

pub(super) fn forest(own: &ForestNumbers) -> String {
    let measures: Vec<&str> = own.sections.iter().map(|section| section.measure.as_str()).collect();
    let measure = measures.first().copied().unwrap_or("difference");
    format!(
        "Across: {measure}, zero or one being no difference. Rows: comparisons at each visit. Whiskers: {}.",
        own.interval
    )
}

pub(super) fn responders(own: &RespondersNumbers) -> String {
    format!(
        "Upwards: share of everybody randomised who improved by at least so much. Across: improvement in {}. Whoever was not seen counts as no response; shares at the thresholds have {}.",
        own.score.label, own.interval
    )
}

pub(super) fn zip(own: &ZipNumbers) -> String {
    format!(
        "Across: {} intervals of simulated trials, the true value marked. Upwards: from the intervals nearest to the true value to those furthest, by percentile; those that miss it are coloured.",
        level(1.0 - own.level)
    )
}

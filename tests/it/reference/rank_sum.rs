//! Wilcoxon's rank sum test against R's `wilcox.test`, with ties by the normal distribution and without ties exactly.

use linger::analysis::{RankSum, RankSumScratch, rank_sum};

use crate::closeness::Closeness;
use crate::samples::{contrasted, place};
use crate::table;

/// Ranks and differences are exact; what is left are a square root and a tail of the normal distribution.
const TOLERANCE: f64 = 1e-10;

fn compared(first: &[f64], second: &[f64]) -> RankSum {
    rank_sum(first, second, 0.05, &mut RankSumScratch::default()).expect("a comparison")
}

#[test]
fn the_test_of_tied_scores_agrees_with_r() {
    let mut closeness = Closeness::default();
    let rows = table::reference("rank_sum/expected.csv");
    assert_eq!(rows.len(), 108);
    for row in rows {
        let (first, second) = contrasted(&row);
        let answer = compared(&first, &second);
        let place = format!("{} {}", place(&row), row.text("contrast"));
        assert_eq!((first.len() as f64, second.len() as f64), (row.number("n1"), row.number("n2")), "{place}");
        let continuity = row.text("continuity") == "true";
        let p = if continuity { answer.p_continuity } else { answer.p_normal };
        assert_eq!(answer.p_exact, None, "{place}: there are ties");
        closeness.compare("W", &place, answer.statistic, row.number("W"));
        closeness.compare(if continuity { "p with continuity" } else { "p" }, &place, p, row.number("p"));
        closeness.compare("shift", &place, answer.shift, row.number("hodges_lehmann"));
        closeness.compare("superiority", &place, answer.superiority, row.number("prob_superiority"));
    }
    closeness.assert_within(TOLERANCE);
}

#[test]
fn the_exact_test_agrees_with_r() {
    let mut closeness = Closeness::default();
    let values = table::reference("rank_sum/exact_values.csv");
    let rows = table::reference("rank_sum/exact.csv");
    assert_eq!(rows.len(), 3);
    for row in rows {
        let case = row.text("case");
        let own = |arm: &str| -> Vec<f64> {
            let wanted = values.iter().filter(|value| value.text("case") == case && value.text("arm") == arm);
            wanted.map(|value| value.number("value")).collect()
        };
        let answer = compared(&own("x"), &own("y"));
        closeness.compare("W", case, answer.statistic, row.number("W"));
        closeness.compare("exact p", case, answer.p_exact.expect("no ties"), row.number("p_exact"));
        closeness.compare("p with continuity", case, answer.p_continuity, row.number("p_continuity"));
        closeness.compare("p", case, answer.p_normal, row.number("p_normal"));
        closeness.compare("shift", case, answer.shift, row.number("hodges_lehmann"));
        assert_eq!(answer.p_value(), answer.p_exact.expect("no ties"));
    }
    closeness.assert_within(TOLERANCE);
}

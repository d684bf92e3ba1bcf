//! Group sequential boundaries and crossing probabilities against two other programs.

use linger::numeric::group_sequential::{Shape, Spending, constant_boundaries, crossing, spending_boundaries};

use crate::closeness::Closeness;
use crate::table::{self, Row};

fn numbers(row: &Row, column: &str) -> Vec<f64> {
    row.text(column).split(' ').map(|number| number.parse().expect("a number")).collect()
}

fn shape(row: &Row) -> Shape {
    if row.text("kind") == "pocock" { Shape::Pocock } else { Shape::ObrienFleming }
}

fn look(row: &Row) -> usize {
    row.number("look") as usize - 1
}

/// rpact writes eight digits, the boundaries among them, which it found to 1e-8 of alpha.
#[test]
fn spent_error_agrees_with_rpact() {
    let mut closeness = Closeness::default();
    let rows = table::reference("group_sequential/rpact.csv");
    for row in &rows {
        let group: Vec<&Row> = rows.iter().filter(|own| own.text("information") == row.text("information")).collect();
        let boundaries: Vec<f64> = group.iter().map(|own| own.number("critical_value")).collect();
        let crossed = crossing(&numbers(row, "information"), &boundaries, 0.0);
        let spent: f64 = crossed
            .above
            .iter()
            .chain(&crossed.below)
            .enumerate()
            .fold(0.0, |sum, (index, share)| if index % boundaries.len() <= look(row) { sum + share } else { sum });
        closeness.compare("alpha spent", row.text("information"), spent, row.number("alpha_spent"));
    }
    closeness.assert_within(1e-6);
}

/// Twelve digits are written. What is left is the other program's rule of Simpson, coarse in the far tail: 1e-11 where boundaries are
/// usual, 8e-10 at one of 8.4.
#[test]
fn boundaries_agree_with_gsdesign() {
    let mut closeness = Closeness::default();
    for row in table::reference("group_sequential/boundaries.csv") {
        let (information, alpha) = (numbers(&row, "information"), row.number("alpha"));
        let spending = if row.text("kind") == "pocock" { Spending::Pocock } else { Spending::ObrienFleming };
        let boundaries = match row.text("family") {
            "spending" => spending_boundaries(&information, alpha, spending),
            _ => constant_boundaries(&information, alpha, shape(&row)),
        };
        let place = format!("{} {alpha} {}", row.text("kind"), row.text("information"));
        closeness.compare(row.text("family"), place, boundaries[look(&row)], row.number("boundary"));
    }
    closeness.assert_within(1e-8);
}

#[test]
fn crossing_probabilities_under_drift_agree_with_gsdesign() {
    let mut closeness = Closeness::default();
    for row in table::reference("group_sequential/crossing.csv") {
        let crossed = crossing(&numbers(&row, "information"), &numbers(&row, "boundaries"), row.number("drift"));
        let place = format!("drift {} {}", row.text("drift"), row.text("information"));
        for (side, found) in [("above", &crossed.above), ("below", &crossed.below)] {
            closeness.compare_on(side, &place, found[look(&row)], row.number(side), 1.0);
        }
    }
    closeness.assert_within(1e-9);
}

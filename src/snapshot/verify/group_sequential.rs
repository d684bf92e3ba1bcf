//! Group sequential boundaries and crossing probabilities against two other programs.

use super::references::stored;
use super::{Check, Comparisons, Method, ReferenceError, References, Row, Stored, Tolerance};
use crate::numeric::group_sequential::{Shape, Spending, constant_boundaries, crossing, spending_boundaries};

const SPENT: Tolerance =
    Tolerance::relative(1e-6, "rpact's boundaries are printed with eight digits and were found to 1e-8 of alpha");
const BOUNDARY: Tolerance = Tolerance::relative(
    1e-8,
    "twelve digits are written; the other program's rule of Simpson is coarse in the far tail, 8e-10 at a boundary of 8.4",
);
const CROSSING: Tolerance =
    Tolerance::in_units(1e-9, "absolute", "the other program's grid leaves errors of some 1e-11 in probabilities");

static RPACT: Stored = stored!("group_sequential/rpact.csv", 7);
static BOUNDARIES: Stored = stored!("group_sequential/boundaries.csv", 384);
static CROSSED: Stored = stored!("group_sequential/crossing.csv", 160);

/// More looks than any file has.
const MOST_LOOKS: usize = 100;

pub(super) static METHOD: Method = Method {
    name: "group_sequential",
    title: "Looks before the end: boundaries, crossing",
    source: "rpact (April 2022, its unit tests), gsdesign 0.1.5, SciPy 1.17.1",
    covers: &[],
    checks: &[
        Check {
            file: &RPACT,
            recomputed: "two-sided error spent by each look at rpact's boundaries",
            left_out: 0,
            tolerances: &[SPENT],
            run: spent,
        },
        Check {
            file: &BOUNDARIES,
            recomputed: "boundaries of both spending functions and of both constants",
            left_out: 0,
            tolerances: &[BOUNDARY],
            run: boundaries,
        },
        Check {
            file: &CROSSED,
            recomputed: "probabilities of crossing at each look under drift",
            left_out: 0,
            tolerances: &[CROSSING],
            run: crossed,
        },
    ],
};

/// Information fractions of a row: increasing, above 0, 1 at most.
fn information(row: Row) -> Result<Vec<f64>, ReferenceError> {
    let information = row.numbers("information")?;
    let rises = information.windows(2).all(|pair| pair[0] < pair[1]);
    let within = information.iter().all(|&own| own > 0.0 && own <= 1.0) && information.len() <= MOST_LOOKS;
    if rises && within { Ok(information) } else { Err(row.wrong("information", "which is not a rising list up to 1")) }
}

/// Position of a row's look among so many.
fn look(row: Row, n_looks: usize) -> Result<usize, ReferenceError> {
    let look = row.word("look")? as usize;
    if (1..=n_looks).contains(&look) { Ok(look - 1) } else { Err(row.wrong("look", "which is not among its looks")) }
}

fn spent(references: &References, out: &mut Comparisons) -> Result<(), ReferenceError> {
    for rows in references.table(&RPACT)?.grouped(&["information"]) {
        let information = information(rows[0])?;
        let boundaries: Vec<f64> = rows.iter().map(|row| row.number("critical_value")).collect::<Result<_, _>>()?;
        if boundaries.len() != information.len() {
            return Err(rows[0].wrong("information", "which has not one line per look"));
        }
        let crossed = crossing(&information, &boundaries, 0.0);
        for row in rows {
            let last = look(row, information.len())?;
            let sides = crossed.above.iter().take(last + 1).chain(crossed.below.iter().take(last + 1));
            out.near(SPENT, row, "alpha spent", "alpha_spent", sides.sum())?;
        }
    }
    Ok(())
}

fn boundaries(references: &References, out: &mut Comparisons) -> Result<(), ReferenceError> {
    for rows in references.table(&BOUNDARIES)?.grouped(&["family", "kind", "alpha", "information"]) {
        let row = rows[0];
        let (information, alpha) = (information(row)?, row.number("alpha")?);
        if !(alpha > 0.0 && alpha < 1.0) {
            return Err(row.wrong("alpha", "which is not between 0 and 1"));
        }
        let kinds = [
            ("pocock", (Spending::Pocock, Shape::Pocock)),
            ("obrien_fleming", (Spending::ObrienFleming, Shape::ObrienFleming)),
        ];
        let (spending, shape) = row.meaning("kind", &kinds)?;
        let boundaries = match row.one_of("family", &["spending", "constant"])? {
            0 => spending_boundaries(&information, alpha, spending),
            _ => constant_boundaries(&information, alpha, shape),
        };
        for row in rows {
            out.near(BOUNDARY, row, row.text("family")?, "boundary", boundaries[look(row, boundaries.len())?])?;
        }
    }
    Ok(())
}

fn crossed(references: &References, out: &mut Comparisons) -> Result<(), ReferenceError> {
    for rows in references.table(&CROSSED)?.grouped(&["information", "boundaries", "drift"]) {
        let (information, boundaries) = (information(rows[0])?, rows[0].numbers("boundaries")?);
        if boundaries.len() != information.len() {
            return Err(rows[0].wrong("boundaries", "which are not as many as its looks"));
        }
        let crossed = crossing(&information, &boundaries, rows[0].number("drift")?);
        for row in rows {
            let look = look(row, information.len())?;
            out.near_on(CROSSING, row, "above", "above", crossed.above[look], 1.0)?;
            out.near_on(CROSSING, row, "below", "below", crossed.below[look], 1.0)?;
        }
    }
    Ok(())
}

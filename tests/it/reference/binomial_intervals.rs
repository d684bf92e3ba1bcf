//! Shares with their Monte Carlo errors and intervals against R.

use linger::operating_characteristics::Proportion;

use crate::closeness::Closeness;
use crate::table;

#[test]
fn shares_have_the_errors_and_intervals_that_r_gives_them() {
    let mut closeness = Closeness::default();
    for row in table::reference("binomial_intervals/intervals.csv") {
        let (hits, of) = (row.number("x") as u64, row.number("n") as u64);
        let own = Proportion { hits, of };
        let place = format!("{hits} of {of}");
        let mut compare = |name: &str, number: f64| closeness.compare(name, &place, number, row.number(name));
        compare("p", own.share().unwrap());
        compare("mcse", own.mcse().unwrap());
        let [lower, upper] = own.clopper_pearson(0.05).unwrap();
        compare("cp_lower", lower);
        compare("cp_upper", upper);
        let [lower, upper] = own.wilson(0.05).unwrap();
        // R's lower end of a share of 0 is rounding; both are counted from 0.
        compare("wilson_lower", lower);
        compare("wilson_upper", upper);
    }
    // R's quantile of the beta distribution is good to about 1e-12.
    closeness.assert_within(1e-11);
}

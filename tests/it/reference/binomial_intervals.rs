//! Shares with their Monte Carlo errors and intervals against R.

use super::holds;

#[test]
fn shares_have_the_errors_and_intervals_that_r_gives_them() {
    holds("binomial_intervals/intervals.csv", 30);
}

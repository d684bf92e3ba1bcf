//! Rubin's rules against R's mice, and conditional-mean imputation with the jackknife against R's rbmi.

use super::holds;

#[test]
fn analyses_of_fixed_imputations_agree_with_r() {
    holds("imputation/per_imputation.csv", 720);
}

#[test]
fn rubins_rules_agree_with_mice() {
    holds("imputation/pooled.csv", 36 * 14);
}

#[test]
fn the_pooled_wald_test_agrees_with_mice() {
    holds("imputation/joint.csv", 24);
}

#[test]
fn conditional_means_with_the_jackknife_agree_with_rbmi() {
    holds("imputation/conditional_mean_jackknife.csv", 144);
}

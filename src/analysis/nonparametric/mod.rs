//! Comparisons of arms that use nothing but the order of the values.

mod kruskal_wallis;
mod rank_sum;

pub use kruskal_wallis::kruskal_wallis;
pub use rank_sum::{RankSum, RankSumScratch, rank_sum};

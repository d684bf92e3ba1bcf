//! Random streams against NumPy's Philox, the Random123 known-answer vectors and a second xoshiro256++, word by word.

use std::collections::BTreeSet;

use super::holds;
use crate::table;

#[test]
fn philox_gives_the_known_answers() {
    holds("streams/known_answers.csv", 12);
}

#[test]
fn a_streams_state_is_a_block_of_numpys_philox_and_its_words_are_xoshiros() {
    holds("streams/streams.csv", 1350);
}

#[test]
fn no_two_addresses_share_a_first_word() {
    let rows = table::reference("streams/streams.csv");
    let firsts: BTreeSet<u64> = rows.iter().map(|row| row.word("word_0")).collect();
    assert_eq!(firsts.len(), rows.len());
}

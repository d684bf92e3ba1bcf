//! Random streams against NumPy's Philox, the Random123 known-answer vectors and a second xoshiro256++, word by word.

use std::collections::BTreeSet;

use linger::numeric::streams::{philox4x64_10, stream};
use rand::Rng;

use crate::table::{self, Row};

fn words<const N: usize>(row: &Row, name: &str) -> [u64; N] {
    std::array::from_fn(|i| row.word(&format!("{name}_{i}")))
}

#[test]
fn philox_gives_the_known_answers() {
    let rows = table::reference("streams/known_answers.csv");
    assert_eq!(rows.len(), 3);
    for row in rows {
        assert_eq!(philox4x64_10(words(&row, "counter"), words(&row, "key")), words(&row, "block"));
    }
}

#[test]
fn a_streams_state_is_a_block_of_numpys_philox_and_its_words_are_xoshiros() {
    let rows = table::reference("streams/streams.csv");
    assert_eq!(rows.len(), 150);
    for row in rows {
        let (seed, purpose, index) = (row.word("seed"), row.word("purpose"), row.word("index"));
        assert_eq!(philox4x64_10([index, 0, 0, 0], [seed, purpose]), words(&row, "state"));
        let mut stream = stream(seed, purpose, index);
        let drawn: [u64; 5] = std::array::from_fn(|_| stream.next_u64());
        assert_eq!(drawn, words(&row, "word"), "seed {seed}, purpose {purpose}, index {index}");
    }
}

#[test]
fn no_two_addresses_share_a_first_word() {
    let rows = table::reference("streams/streams.csv");
    let firsts: BTreeSet<u64> = rows.iter().map(|row| row.word("word_0")).collect();
    assert_eq!(firsts.len(), rows.len());
}

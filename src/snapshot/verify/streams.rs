//! Random streams against NumPy's Philox, the Random123 known-answer vectors and a second xoshiro256++, word by word.

use rand::Rng;

use super::references::stored;
use super::{Check, Comparisons, EXACT, Method, ReferenceError, References, Row, Stored};
use crate::numeric::streams::{philox4x64_10, stream};

static KNOWN_ANSWERS: Stored = stored!("streams/known_answers.csv", 3);
static STREAMS: Stored = stored!("streams/streams.csv", 150);

pub(super) static METHOD: Method = Method {
    name: "streams",
    title: "Random streams",
    source: "NumPy 2.4.6 (Philox), Random123 kat_vectors",
    covers: &[],
    checks: &[
        Check {
            file: &KNOWN_ANSWERS,
            recomputed: "blocks of Philox4x64 with ten rounds",
            left_out: 0,
            tolerances: &[EXACT],
            run: known_answers,
        },
        Check {
            file: &STREAMS,
            recomputed: "the state of 150 streams and their first five words",
            left_out: 0,
            tolerances: &[EXACT],
            run: streams,
        },
    ],
};

fn words<const N: usize>(row: Row, name: &str) -> Result<[u64; N], ReferenceError> {
    let mut words = [0; N];
    for (i, word) in words.iter_mut().enumerate() {
        *word = row.word(&format!("{name}_{i}"))?;
    }
    Ok(words)
}

fn known_answers(references: &References, out: &mut Comparisons) -> Result<(), ReferenceError> {
    for row in references.table(&KNOWN_ANSWERS)?.rows() {
        let block = philox4x64_10(words(row, "counter")?, words(row, "key")?);
        for (i, own) in block.into_iter().enumerate() {
            out.same_bits(row, "word of a block", &format!("block_{i}"), own)?;
        }
    }
    Ok(())
}

fn streams(references: &References, out: &mut Comparisons) -> Result<(), ReferenceError> {
    for row in references.table(&STREAMS)?.rows() {
        let (seed, purpose, index) = (row.word("seed")?, row.word("purpose")?, row.word("index")?);
        for (i, own) in philox4x64_10([index, 0, 0, 0], [seed, purpose]).into_iter().enumerate() {
            out.same_bits(row, "word of a state", &format!("state_{i}"), own)?;
        }
        let mut stream = stream(seed, purpose, index);
        for i in 0..5 {
            out.same_bits(row, "word of a stream", &format!("word_{i}"), stream.next_u64())?;
        }
    }
    Ok(())
}

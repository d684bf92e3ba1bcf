//! Independent random streams addressed by numbers: a seed, a purpose and an index, never by the order in which they are asked for.
//!
//! The 256-bit state of a xoshiro256++ generator is one block of the counter-based generator Philox4x64-10, keyed by
//! (seed, purpose) at counter (index, 0, 0, 0). Streams therefore need no bookkeeping, do not overlap in any way that can
//! be observed, and are the same on every thread. `numpy.random.Philox(counter=index - 1, key=seed + (purpose << 64))`
//! gives the same block (NumPy increments its counter before the first block), so a stream can be replayed elsewhere.
//!
//! # References
//! - Salmon JK, Moraes MA, Dror RO, Shaw DE. Parallel random numbers: as easy as 1, 2, 3. SC 2011. doi:10.1145/2063384.2063405.
//! - Blackman D, Vigna S. Scrambled linear pseudorandom number generators. ACM TOMS 2021;47:36. doi:10.1145/3460772.
//! - Lemire D. Fast random integer generation in an interval. ACM TOMACS 2019;29:3. doi:10.1145/3230636.
//!
//! # Checked against
//! `tests/it/reference/streams.rs`: blocks of NumPy's Philox, and the known-answer vectors of the Random123 distribution;
//! `tests/it/independent/streams.rs`: numbers below bounds at which an uneven rest would show.

use rand::{Rng, SeedableRng};
use rand_xoshiro::Xoshiro256PlusPlus;

/// The generator that every stream is.
pub type Stream = Xoshiro256PlusPlus;

/// What the generator is called where numbers are kept that come from it: numbers of another generator are no others' to compare with.
pub const GENERATOR: &str = "xoshiro256++ from Philox4x64-10";

/// The stream of a purpose and an index under a seed.
pub fn stream(seed: u64, purpose: u64, index: u64) -> Stream {
    let block = philox4x64_10([index, 0, 0, 0], [seed, purpose]);
    let mut state = [0; 32];
    for (bytes, word) in state.chunks_exact_mut(8).zip(block) {
        bytes.copy_from_slice(&word.to_le_bytes());
    }
    Stream::from_seed(state)
}

/// A whole number below `n` (at least 1), each exactly equally likely.
///
/// It is the upper half of word · n. Where 2⁶⁴ is no multiple of n, words whose lower half falls short of 2⁶⁴ mod n would make
/// some numbers likelier than others: they are drawn again, which happens with a chance below n / 2⁶⁴, so that in practice one
/// number takes one word.
#[inline(always)]
pub fn number_below(n: u64, stream: &mut Stream) -> u64 {
    let mut product = u128::from(stream.next_u64()) * u128::from(n);
    if low(product) < n {
        let rest = n.wrapping_neg() % n.max(1);
        while low(product) < rest {
            product = u128::from(stream.next_u64()) * u128::from(n);
        }
    }
    high(product)
}

/// One block of Philox4x64 with ten rounds: a bijection of the counter for every key.
pub fn philox4x64_10(mut counter: [u64; 4], mut key: [u64; 2]) -> [u64; 4] {
    /// Multipliers and Weyl constants of the paper, table 2.
    const MULTIPLIER: [u64; 2] = [0xD2E7_470E_E14C_6C93, 0xCA5A_8263_9512_1157];
    const WEYL: [u64; 2] = [0x9E37_79B9_7F4A_7C15, 0xBB67_AE85_84CA_A73B];
    for round in 0..10 {
        if round > 0 {
            key[0] = key[0].wrapping_add(WEYL[0]);
            key[1] = key[1].wrapping_add(WEYL[1]);
        }
        let first = u128::from(MULTIPLIER[0]) * u128::from(counter[0]);
        let second = u128::from(MULTIPLIER[1]) * u128::from(counter[2]);
        counter = [high(second) ^ counter[1] ^ key[0], low(second), high(first) ^ counter[3] ^ key[1], low(first)];
    }
    counter
}

/// Upper half of a product.
fn high(product: u128) -> u64 {
    (product >> 64) as u64
}

/// Lower half of a product.
fn low(product: u128) -> u64 {
    product as u64
}

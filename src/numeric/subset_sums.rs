//! Sums over subsets of some numbers, looked up by the bits of the subset a byte at a time.
//!
//! # Checked against
//! `tests/it/independent/subset_sums.rs`: sums written out.

/// The sums over the subsets of up to eight numbers, by the bits of the subset.
pub type ByteSums = [f64; 256];

/// Tables of the sums over all subsets of some numbers. Number j belongs to a subset if bit j mod 8 of its byte j div 8 is set.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct SubsetSums {
    tables: Vec<ByteSums>,
}

impl SubsetSums {
    /// Prepares some numbers. Bytes at the end whose numbers are all 0 are left out.
    pub fn new(numbers: &[f64]) -> Self {
        let needed = numbers.iter().rposition(|&number| number != 0.0).map_or(0, |last| last + 1);
        Self { tables: numbers[..needed].chunks(8).map(byte_sums).collect() }
    }

    /// Number of bytes that matter.
    pub fn n_bytes(&self) -> usize {
        self.tables.len()
    }

    /// The sums of each byte that matters: the sum over a subset is that of its bytes' sums, in their order.
    pub fn bytes(&self) -> &[ByteSums] {
        &self.tables
    }
}

/// The sums over the subsets of up to eight numbers, added in their order. Bits without a number add nothing.
fn byte_sums(numbers: &[f64]) -> ByteSums {
    let mut sums = [0.0; 256];
    for subset in 1..256_usize {
        // Without its last number a subset is a smaller one, whose sum is known already.
        let last = subset.ilog2() as usize;
        sums[subset] = sums[subset & !(1 << last)] + numbers.get(last).copied().unwrap_or(0.0);
    }
    sums
}

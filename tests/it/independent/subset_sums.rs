//! Sums over subsets against sums written out.

use linger::numeric::subset_sums::SubsetSums;

/// The sum over a subset by the tables, byte after byte.
fn looked_up(sums: &SubsetSums, subset: u32) -> f64 {
    let bytes = subset.to_le_bytes();
    sums.bytes().iter().zip(bytes).map(|(sums, byte)| sums[usize::from(byte)]).sum()
}

#[test]
fn every_subset_has_the_sum_of_its_numbers() {
    // Whole numbers, whose sums are exact in any order, in places of different digits.
    for n in [1, 7, 8, 9, 16, 20] {
        let numbers: Vec<f64> = (0..n).map(|k| f64::from(3_u32.pow(k % 15)) + f64::from(k)).collect();
        let sums = SubsetSums::new(&numbers);
        assert_eq!(sums.n_bytes(), n.div_ceil(8) as usize);
        for subset in (0..1 << n).step_by(if n > 12 { 97 } else { 1 }) {
            let members = (0..n).filter(|k| subset >> k & 1 == 1);
            let written_out: f64 = members.map(|k| numbers[k as usize]).sum();
            assert_eq!(looked_up(&sums, subset), written_out, "{subset:b} of {n}");
        }
    }
}

#[test]
fn bits_without_a_number_add_nothing_and_zeros_at_the_end_need_no_byte() {
    let sums = SubsetSums::new(&[1.0, -2.0]);
    assert_eq!([0b01, 0b10, 0b1111_1111].map(|subset| looked_up(&sums, subset)), [1.0, -2.0, -1.0]);
    let mut numbers = [0.0; 40];
    assert_eq!(SubsetSums::new(&numbers).n_bytes(), 0);
    numbers[8] = 5.0;
    assert_eq!(SubsetSums::new(&numbers).n_bytes(), 2);
}

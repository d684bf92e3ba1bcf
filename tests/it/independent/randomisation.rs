//! Permuted blocks counted block by block.

use std::collections::BTreeMap;

use linger::cohort::Allocation;
use linger::numeric::streams::stream;

/// The arms of one draw.
fn draw(per_arm: &[usize], block_size: usize, replicate: u64) -> Vec<u8> {
    let mut arm = vec![0; per_arm.iter().sum()];
    Allocation::new(per_arm, block_size).draw(&mut stream(41, 0, replicate), &mut arm);
    arm
}

fn counts(arm: &[u8], n_arms: usize) -> Vec<usize> {
    (0..n_arms).map(|a| arm.iter().filter(|&&arm| usize::from(arm) == a).count()).collect()
}

#[test]
fn with_equal_arms_every_block_holds_each_arm_equally_often() {
    for (n_arms, per_arm, block_size) in [(3, 134, 6), (2, 30, 4), (4, 21, 12), (6, 10, 6), (3, 7, 3)] {
        let arm = draw(&vec![per_arm; n_arms], block_size, 0);
        for block in arm.chunks(block_size) {
            let expected = block.len() / n_arms;
            assert_eq!(counts(block, n_arms), vec![expected; n_arms]);
        }
    }
}

#[test]
fn unequal_arms_end_exactly_as_planned_and_never_stray_a_whole_place() {
    for (per_arm, block_size) in [
        (vec![136, 132, 133], 6),
        (vec![200, 100], 6),
        (vec![50, 50, 100], 8),
        (vec![7, 5, 3, 2], 5),
        (vec![2, 90], 7),
        (vec![13, 1, 1], 1),
    ] {
        let total: usize = per_arm.iter().sum();
        let arm = draw(&per_arm, block_size, 3);
        assert_eq!(counts(&arm, per_arm.len()), per_arm);
        for end in (block_size..total).step_by(block_size) {
            for (a, count) in counts(&arm[..end], per_arm.len()).into_iter().enumerate() {
                let share = per_arm[a] as f64 * end as f64 / total as f64;
                assert!((count as f64 - share).abs() <= 1.0, "{per_arm:?}: {count} of arm {a} among {end}");
            }
        }
    }
}

#[test]
fn a_whole_share_in_every_block_is_kept() {
    for block in draw(&[200, 100], 6, 0).chunks(6) {
        assert_eq!(counts(block, 2), [4, 2]);
    }
}

#[test]
fn every_order_of_a_block_is_equally_likely() {
    let mut seen: BTreeMap<Vec<u8>, u32> = BTreeMap::new();
    let replicates = 12_000;
    for replicate in 0..replicates {
        *seen.entry(draw(&[1, 1, 1], 3, replicate)).or_default() += 1;
    }
    assert_eq!(seen.len(), 6);
    let expected = replicates as f64 / 6.0;
    let chi_square: f64 = seen.values().map(|&count| (f64::from(count) - expected).powi(2) / expected).sum();
    // The 0.999 quantile of chi-square with 5 degrees of freedom.
    assert!(chi_square < 20.5, "{seen:?}");
}

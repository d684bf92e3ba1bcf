//! Permuted blocks counted block by block: planned sizes, ratios, strata, two stages; and every order as likely as every other.

use std::collections::BTreeMap;

use linger::cohort::{Generator, generate};
use linger::numeric::streams::{Stream, stream};
use linger::scenario::{BlockAllocation, Scenario};
use linger::trial::TrialData;
use rand::Rng;

use super::enrolment::{characteristic, levels, therapists};
use crate::trials;

const SEED: u64 = 41;

fn scenario(per_arm: &[usize]) -> Scenario {
    let mut scenario = trials::scenario(per_arm, &[0.0, 10.0], 1);
    scenario.simulation.seed = SEED;
    scenario
}

/// The arms of one draw to planned sizes.
fn planned(per_arm: &[usize], block_size: usize, replicate: u64) -> Vec<u8> {
    let mut scenario = scenario(per_arm);
    scenario.design.block_size = block_size;
    generate(&scenario, replicate).arm
}

fn by_ratio(ratio: &[usize], block_sizes: &[usize], n_participants: usize) -> Scenario {
    let mut per_arm = vec![0; ratio.len()];
    per_arm[0] = n_participants;
    let mut scenario = scenario(&per_arm);
    scenario.design.allocation = Some(BlockAllocation {
        ratio: ratio.to_vec(),
        block_sizes: block_sizes.to_vec(),
        strata: Vec::new(),
        within_therapist: None,
    });
    scenario
}

fn allocation(scenario: &mut Scenario) -> &mut BlockAllocation {
    scenario.design.allocation.as_mut().expect("by ratio")
}

fn counts(arm: &[u8], n_arms: usize) -> Vec<usize> {
    (0..n_arms).map(|a| arm.iter().filter(|&&arm| usize::from(arm) == a).count()).collect()
}

#[test]
fn with_equal_arms_every_block_holds_each_arm_equally_often() {
    for (n_arms, per_arm, block_size) in [(3, 134, 6), (2, 30, 4), (4, 21, 12), (6, 10, 6), (3, 7, 3), (2, 60, 24)] {
        let arm = planned(&vec![per_arm; n_arms], block_size, 0);
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
        (vec![13, 3, 2], 1),
        (vec![300, 200], 40),
    ] {
        let total: usize = per_arm.iter().sum();
        let arm = planned(&per_arm, block_size, 3);
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
fn very_many_kinds_of_blocks_end_exactly_as_planned() {
    // Six arms in a block have 720 orders; of so many blocks not all can have a table.
    let per_arm: Vec<usize> = (2..150).collect();
    for replicate in 0..3 {
        assert_eq!(counts(&planned(&per_arm, 6, replicate), per_arm.len()), per_arm);
    }
}

#[test]
fn a_whole_share_in_every_block_is_kept() {
    for block in planned(&[200, 100], 6, 0).chunks(6) {
        assert_eq!(counts(block, 2), [4, 2]);
    }
}

/// Asserts that every one of `n_orders` orders is as likely as every other, by Pearson's chi-square.
fn assert_equally_likely(orders: impl Iterator<Item = Vec<u8>>, n_orders: usize) {
    let mut seen: BTreeMap<Vec<u8>, u32> = BTreeMap::new();
    orders.for_each(|order| *seen.entry(order).or_default() += 1);
    let n = f64::from(seen.values().sum::<u32>());
    assert!(n > 8.0 * n_orders as f64, "too few to tell: {n}");
    assert_eq!(seen.len(), n_orders);
    let expected = n / n_orders as f64;
    let chi_square: f64 = seen.values().map(|&count| (f64::from(count) - expected).powi(2) / expected).sum();
    // Mean and standard deviation of chi-square.
    let df = n_orders as f64 - 1.0;
    assert!((chi_square - df).abs() < 4.5 * (2.0 * df).sqrt(), "{chi_square} with {df} degrees of freedom");
}

/// All blocks of some replicates, cut into blocks of one length.
fn blocks(per_arm: &[usize], block_size: usize, replicates: u64) -> impl Iterator<Item = Vec<u8>> {
    let arms = (0..replicates).map(move |replicate| planned(per_arm, block_size, replicate));
    arms.flat_map(move |arm| arm.chunks(block_size).map(<[u8]>::to_vec).collect::<Vec<_>>())
}

#[test]
fn every_order_of_a_block_is_equally_likely() {
    // 3!, 6! / (2! 2! 2!), 16! / (12! 4!), 7!: the last is more than a table holds.
    for (per_arm, block_size, n_orders) in [
        (vec![1_000, 1_000, 1_000], 3, 6),
        (vec![2_000, 2_000, 2_000], 6, 90),
        (vec![12_000, 4_000], 16, 1_820),
        (vec![2_000; 7], 7, 5_040),
    ] {
        assert_equally_likely(blocks(&per_arm, block_size, 20 + n_orders as u64 / 200), n_orders);
    }
    // A long block has no table, however few its orders.
    assert_equally_likely(blocks(&[1_600, 100], 17, 20), 17);
}

#[test]
fn every_place_of_a_long_block_is_as_good_as_every_other() {
    let (mut first_arm, mut alike, mut n) = ([0.0; 20], [0.0; 20], 0.0);
    for block in blocks(&[2_000, 2_000], 20, 20) {
        n += 1.0;
        for place in 0..20 {
            first_arm[place] += f64::from(u8::from(block[place] == 0));
            alike[place] += f64::from(u8::from(block[place] == block[(place + 7) % 20]));
        }
    }
    for (counts, share) in [(first_arm, 0.5), (alike, 9.0 / 19.0)] {
        for (place, count) in counts.into_iter().enumerate() {
            let std_error: f64 = f64::sqrt(share * (1.0 - share) / n);
            assert!((count / n - share).abs() < 4.5 * std_error, "place {place}: {} against {share}", count / n);
        }
    }
}

/// A stream as blocks take numbers from it, replayed.
struct Replay(Stream);

impl Replay {
    fn of(purpose: u64, number: u64, replicate: u64) -> Self {
        Self(stream(SEED, purpose << 32 | number, replicate))
    }

    /// A number below a small bound, from one word.
    fn below(&mut self, bound: usize) -> usize {
        ((u128::from(self.0.next_u64()) * bound as u128) >> 64) as usize
    }

    /// The lengths of blocks until so many places are filled, passing over the numbers that decide their order: one where there
    /// is a table of orders, else one for each place but one.
    fn lengths(mut self, lengths: &[usize], has_table: impl Fn(usize) -> bool, n_places: usize) -> Vec<usize> {
        let mut own = Vec::new();
        while own.iter().sum::<usize>() < n_places {
            let length = if lengths.len() == 1 { lengths[0] } else { lengths[self.below(lengths.len())] };
            let numbers = if has_table(length) { 1 } else { length - 1 };
            (0..numbers).for_each(|_| {
                self.0.next_u64();
            });
            own.push(length);
        }
        own
    }
}

/// Asserts that arms stand in blocks of these lengths by ratio, of which the last may be cut off.
fn assert_in_blocks(arm: &[u8], lengths: &[usize], ratio: &[usize]) {
    let sum: usize = ratio.iter().sum();
    let mut rest = arm;
    for &length in lengths {
        let most: Vec<usize> = ratio.iter().map(|places| places * length / sum).collect();
        let (block, after) = rest.split_at(length.min(rest.len()));
        let held = counts(block, ratio.len());
        if block.len() == length {
            assert_eq!(held, most);
        } else {
            assert!(after.is_empty() && held.iter().zip(&most).all(|(held, most)| held <= most), "{held:?}");
        }
        rest = after;
    }
    assert!(rest.is_empty());
}

#[test]
fn blocks_by_ratio_hold_the_arms_by_ratio_and_the_last_is_cut_off() {
    for (ratio, block_sizes, n) in [
        (vec![2, 1], vec![3], 301),
        (vec![2, 1, 1], vec![4, 8, 12], 200),
        (vec![1, 1], vec![2, 20], 403),
        (vec![1, 2, 3], vec![18, 6], 100),
        (vec![1, 1, 1], vec![3, 6], 5),
    ] {
        for replicate in 0..20 {
            let arm = generate(&by_ratio(&ratio, &block_sizes, n), replicate).arm;
            // More than 4,096 orders, or more than 16 places: 20! / (10!)², 18! / (3! 6! 9!) and 12! / (6! 3! 3!).
            let lengths = Replay::of(1, 0, replicate).lengths(&block_sizes, |length| length < 12, n);
            assert_in_blocks(&arm, &lengths, &ratio);
        }
    }
}

#[test]
fn lengths_are_drawn_equally_often() {
    // Two arms in blocks of 2 or 4. The first two places hold both arms for certain in a block of 2, else in 4 of 6 orders.
    let scenario = by_ratio(&[1, 1], &[2, 4], 4);
    let generator = Generator::new(&scenario);
    let mut workspace = generator.workspace();
    let replicates = 40_000;
    let (mut both, mut even) = (0.0, 0.0);
    for replicate in 0..replicates {
        let arm = &generator.draw(replicate, &mut workspace).arm;
        both += f64::from(u8::from(arm[0] != arm[1]));
        even += f64::from(u8::from(counts(arm, 2) == [2, 2]));
    }
    // Four places are two of each after a block of 4, after two blocks of 2, and after one of 2 and 4 in 6 of those of 4.
    let n = replicates as f64;
    for (seen, share) in [(both / n, 0.5 + 0.5 * 4.0 / 6.0), (even / n, 0.5 + 0.25 + 0.25 * 4.0 / 6.0)] {
        let std_error = (share * (1.0 - share) / n).sqrt();
        assert!((seen - share).abs() < 4.5 * std_error, "{seen} against {share}");
    }
}

#[test]
fn the_mean_size_of_an_arm_is_its_share_by_ratio() {
    let scenario = by_ratio(&[2, 1, 1], &[4, 8], 102);
    let generator = Generator::new(&scenario);
    let mut workspace = generator.workspace();
    let replicates = 10_000;
    let mut sizes = [[0.0; 2]; 3];
    for replicate in 0..replicates {
        let held = counts(&generator.draw(replicate, &mut workspace).arm, 3);
        for (sums, held) in sizes.iter_mut().zip(held) {
            *sums = [sums[0] + held as f64, sums[1] + (held * held) as f64];
        }
    }
    let n = replicates as f64;
    for ([sum, squares], share) in sizes.into_iter().zip([0.5, 0.25, 0.25]) {
        let (mean, expected) = (sum / n, 102.0 * share);
        let std_error = ((squares / n - mean * mean) / n).sqrt();
        assert!(std_error > 0.0, "the last block is cut off, so that sizes are a matter of chance");
        assert!((mean - expected).abs() < 4.5 * std_error, "{mean} against {expected}");
    }
}

/// Two arms 2 : 1 in blocks of 3 and 6, by the strata of two characteristics out of three.
fn stratified() -> Scenario {
    let mut scenario = by_ratio(&[2, 1], &[3, 6], 400);
    scenario.design.characteristics = vec![
        characteristic("site", &[0.5, 0.2, 0.3], 1),
        characteristic("smoker", &[0.3, 0.7], 1),
        characteristic("sex", &[0.6, 0.4], 1),
    ];
    allocation(&mut scenario).strata = vec![2, 0];
    scenario
}

/// The arms of a stratum in the order of enrolment.
fn stratum(trial: &TrialData, sex: u32, site: u32) -> Vec<u8> {
    let level = |characteristic: usize, i: usize| levels(&trial.covariates[characteristic]).1[i];
    let own = (0..trial.n_participants()).filter(|&i| level(2, i) == Some(sex) && level(0, i) == Some(site));
    own.map(|i| trial.arm[i]).collect()
}

#[test]
fn every_stratum_has_blocks_of_its_own() {
    let scenario = stratified();
    for replicate in 0..20 {
        let trial = generate(&scenario, replicate);
        let mut n = 0;
        for (number, (sex, site)) in [(0, 0), (0, 1), (0, 2), (1, 0), (1, 1), (1, 2)].into_iter().enumerate() {
            let arm = stratum(&trial, sex, site);
            let lengths = Replay::of(1, number as u64, replicate).lengths(&[3, 6], |_| true, arm.len());
            assert_in_blocks(&arm, &lengths, &[2, 1]);
            n += arm.len();
        }
        assert_eq!(n, 400);
    }
}

#[test]
fn many_strata_and_few_participants() {
    let mut scenario = by_ratio(&[1, 1], &[2], 50);
    scenario.design.characteristics = vec![characteristic("site", &[0.04; 25], 1); 2];
    allocation(&mut scenario).strata = vec![0, 1];
    let mut seen = [0, 0];
    for replicate in 0..40 {
        let held = counts(&generate(&scenario, replicate).arm, 2);
        seen = [seen[0] + held[0], seen[1] + held[1]];
    }
    // Nearly everybody is the first of a block.
    let share = seen[0] as f64 / 2_000.0;
    assert!((share - 0.5).abs() < 4.5 * (0.25_f64 / 2_000.0).sqrt(), "{share}");
}

/// Two kinds of massage and usual care, one third each; the massages in blocks of their own for each of five therapists.
fn two_stages(therapist_block_sizes: &[usize]) -> Scenario {
    let mut scenario = by_ratio(&[1, 1, 1], &[3, 6], 401);
    scenario.truth.therapists = Some(therapists(&[0.4, 0.3, 0.1, 0.1, 0.1], &[true, false, true]));
    allocation(&mut scenario).within_therapist = Some(therapist_block_sizes.to_vec());
    scenario
}

#[test]
fn in_two_stages_a_third_gets_usual_care_in_every_block() {
    for replicate in 0..20 {
        let arm = generate(&two_stages(&[2, 4]), replicate).arm;
        let stage: Vec<u8> = arm.iter().map(|&arm| u8::from(arm == 1)).collect();
        let lengths = Replay::of(1, 0, replicate).lengths(&[3, 6], |_| true, 401);
        assert_in_blocks(&stage, &lengths, &[2, 1]);
    }
}

#[test]
fn in_two_stages_arms_are_balanced_within_every_therapist() {
    for block_sizes in [vec![2], vec![2, 4], vec![4, 6, 24]] {
        for replicate in 0..20 {
            let trial = generate(&two_stages(&block_sizes), replicate);
            let own = levels(&trial.covariates[0]).1;
            for therapist in 0..5 {
                let treated = (0..401).filter(|&i| own[i] == Some(therapist));
                // Arms 0 and 2 as 0 and 1.
                let arm: Vec<u8> = treated.map(|i| trial.arm[i] / 2).collect();
                let replay = Replay::of(8, u64::from(therapist), replicate);
                let lengths = replay.lengths(&block_sizes, |length| length <= 6, arm.len());
                assert_in_blocks(&arm, &lengths, &[1, 1]);
                if block_sizes == [2] {
                    assert!(arm.chunks_exact(2).all(|pair| pair[0] != pair[1]));
                }
            }
            assert!(own.iter().zip(&trial.arm).all(|(therapist, &arm)| therapist.is_some() == (arm != 1)));
        }
    }
}

#[test]
fn in_two_stages_the_arms_within_therapist_keep_their_ratio() {
    let mut scenario = by_ratio(&[1, 2, 3, 4], &[10], 500);
    scenario.truth.therapists = Some(therapists(&[0.5, 0.5], &[false, true, true, false]));
    allocation(&mut scenario).within_therapist = Some(vec![5, 10]);
    for replicate in 0..20 {
        let trial = generate(&scenario, replicate);
        for block in trial.arm.chunks(10) {
            let held = counts(block, 4);
            assert_eq!((held[0], held[1] + held[2], held[3]), (1, 5, 4));
        }
        let own = levels(&trial.covariates[0]).1;
        for therapist in 0..2 {
            let treated = (0..500).filter(|&i| own[i] == Some(therapist));
            let arm: Vec<u8> = treated.map(|i| trial.arm[i] - 1).collect();
            let lengths = Replay::of(8, u64::from(therapist), replicate).lengths(&[5, 10], |_| true, arm.len());
            assert_in_blocks(&arm, &lengths, &[2, 3]);
        }
    }
}

#[test]
fn two_stages_go_together_with_strata() {
    let mut scenario = two_stages(&[2]);
    scenario.design.characteristics = vec![characteristic("site", &[0.5, 0.5], 1)];
    allocation(&mut scenario).strata = vec![0];
    for replicate in 0..20 {
        let trial = generate(&scenario, replicate);
        let (site, own) = (levels(&trial.covariates[0]).1, levels(&trial.covariates[1]).1);
        for number in 0..2 {
            let members = (0..401).filter(|&i| site[i] == Some(number));
            let stage: Vec<u8> = members.map(|i| u8::from(trial.arm[i] == 1)).collect();
            let lengths = Replay::of(1, u64::from(number), replicate).lengths(&[3, 6], |_| true, stage.len());
            assert_in_blocks(&stage, &lengths, &[2, 1]);
        }
        for therapist in 0..5 {
            let treated = (0..401).filter(|&i| own[i] == Some(therapist));
            let arm: Vec<u8> = treated.map(|i| trial.arm[i]).collect();
            assert!(arm.chunks_exact(2).all(|pair| pair[0] != pair[1]), "replicate {replicate}: {arm:?}");
        }
    }
}

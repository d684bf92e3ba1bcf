//! Permuted-block randomisation to arms of given sizes.
//!
//! # Checked against
//! `tests/it/independent/randomisation.rs`: counts block by block, and the orders of small blocks.

use rand::seq::SliceRandom;

use crate::numeric::streams::Stream;

/// The blocks of a design: which arms stand in each block, before their order is drawn.
///
/// Block j of length b holds as many places of arm a as bring its running total closest to its share of the first
/// (j + 1) · b places, so that every block is as balanced as the arms' sizes allow and the
/// totals are exactly the planned ones. With equal arms and a block length that is a multiple of their number, every
/// block holds each arm equally often.
#[derive(Debug, Clone, PartialEq)]
pub struct Allocation {
    template: Vec<u8>,
    block_size: usize,
}

impl Allocation {
    /// Lays out the blocks. `per_arm` holds the planned sizes (at most 256 arms); `block_size` ≥ 1.
    pub fn new(per_arm: &[usize], block_size: usize) -> Self {
        let total: usize = per_arm.iter().sum();
        let block_size = block_size.max(1);
        let mut template = Vec::with_capacity(total);
        let mut placed = vec![0; per_arm.len()];
        while template.len() < total {
            let end = (template.len() + block_size).min(total);
            let targets = shares(per_arm, total, end, &placed);
            for (arm, (&target, placed)) in targets.iter().zip(&mut placed).enumerate() {
                template.resize(template.len() + target - *placed, arm as u8);
                *placed = target;
            }
        }
        Self { template, block_size }
    }

    /// Draws the order within each block into `arm`, which must have one place per participant.
    pub fn draw(&self, stream: &mut Stream, arm: &mut [u8]) {
        arm.copy_from_slice(&self.template);
        for block in arm.chunks_mut(self.block_size) {
            block.shuffle(stream);
        }
    }
}

/// Running totals per arm after `end` places: what is `placed` already, and each further place to the arm that is then
/// furthest behind its share (ties go to the arm named first).
fn shares(per_arm: &[usize], total: usize, end: usize, placed: &[usize]) -> Vec<usize> {
    let mut targets = placed.to_vec();
    for _ in placed.iter().sum::<usize>()..end {
        let behind = |arm: usize| (per_arm[arm] * end) as i128 - (targets[arm] * total) as i128;
        let open = (0..per_arm.len()).filter(|&arm| targets[arm] < per_arm[arm]);
        let Some(arm) = open.max_by_key(|&arm| (behind(arm), std::cmp::Reverse(arm))) else { break };
        targets[arm] += 1;
    }
    targets
}

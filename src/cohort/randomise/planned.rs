//! Blocks of one length that bring every arm to its planned size exactly.
//!
//! # Method
//! Block j of length b holds as many places of arm a as bring its running total closest to its share of the first (j + 1) · b
//! places. So every block is as balanced as the arms' sizes allow, and the totals are exactly the planned ones. With equal
//! arms and a length that is a multiple of their number, every block holds each arm equally often.
//!
//! # Checked against
//! `tests/it/independent/randomisation.rs`: running totals against shares, and counts block by block.

use std::collections::BTreeMap;

use super::blocks::Block;
use crate::numeric::streams::Stream;

/// Most rows of the tables of all kinds of blocks together, 1 MiB: kinds that come later are shuffled. Only with sizes of many
/// arms that have no common ratio are there so many kinds.
const MOST_ROWS: usize = 1 << 16;

/// The blocks of a design with planned sizes.
#[derive(Debug, Clone)]
pub(super) struct Planned {
    /// Kinds of blocks, by the arms they hold.
    kinds: Vec<Block>,
    /// Kind of each block.
    order: Vec<u32>,
}

impl Planned {
    /// Lays out the blocks for arms of these sizes (at most 256 arms).
    pub fn new(per_arm: &[usize], block_size: usize) -> Self {
        let total: usize = per_arm.iter().sum();
        let block_size = block_size.max(1);
        let mut placed = vec![0; per_arm.len()];
        let (mut kinds, mut order) = (Vec::new(), Vec::new());
        let (mut numbers, mut n_rows) = (BTreeMap::new(), 0);
        for start in (0..total).step_by(block_size) {
            let before = placed.clone();
            place(per_arm, total, (start + block_size).min(total), &mut placed);
            let own: Vec<usize> = placed.iter().zip(before).map(|(after, before)| after - before).collect();
            let kind = *numbers.entry(own).or_insert_with_key(|own| {
                let block = Block::new(own);
                let block = if n_rows + block.n_rows() > MOST_ROWS { block.without_table() } else { block };
                n_rows += block.n_rows();
                kinds.push(block);
                kinds.len() as u32 - 1
            });
            order.push(kind);
        }
        Self { kinds, order }
    }

    /// All kinds of blocks.
    pub fn kinds(&self) -> &[Block] {
        &self.kinds
    }

    /// Draws the order within each block into `places`.
    pub fn draw(&self, mut stream: Stream, places: &mut [u8]) {
        let mut filled = 0;
        for &kind in &self.order {
            let block = &self.kinds[kind as usize];
            block.draw(&mut stream, &mut places[filled..]);
            filled += block.len();
        }
    }
}

/// Raises the running totals per arm until `end` places are taken: each further place goes to the arm that is then furthest behind
/// its share of them (ties to the arm named first).
fn place(per_arm: &[usize], total: usize, end: usize, placed: &mut [usize]) {
    for _ in placed.iter().sum::<usize>()..end {
        let behind = |arm: usize| (per_arm[arm] * end) as i128 - (placed[arm] * total) as i128;
        let open = (0..per_arm.len()).filter(|&arm| placed[arm] < per_arm[arm]);
        let Some(arm) = open.max_by_key(|&arm| (behind(arm), std::cmp::Reverse(arm))) else { break };
        placed[arm] += 1;
    }
}

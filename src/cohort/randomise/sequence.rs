//! Blocks as they follow one another, drawn from one stream.
//!
//! # Checked against
//! `tests/it/independent/randomisation.rs`: blocks of replayed lengths, and frequencies of lengths.

use super::blocks::{Block, LONGEST_ROW};
use super::planned::Planned;
use crate::numeric::streams::{Stream, number_below};

/// Blocks as they follow one another.
#[derive(Debug, Clone)]
pub(super) enum Sequence {
    /// To the planned sizes.
    Planned(Planned),
    /// Each one of these, with equal chance.
    Drawn(Vec<Block>),
}

impl Sequence {
    /// Blocks of these lengths that hold the arms by ratio.
    pub fn drawn(ratio: &[usize], lengths: &[usize]) -> Self {
        let sum = ratio.iter().sum::<usize>().max(1);
        let block = |&length: &usize| {
            let places: Vec<usize> = ratio.iter().map(|places| places * (length / sum).max(1)).collect();
            Block::new(&places)
        };
        Self::Drawn(lengths.iter().map(block).collect())
    }

    /// Places that must be there behind the last one that is filled: those of the longest block, and of a row that is copied.
    pub fn overhang(&self) -> usize {
        let blocks = match self {
            Self::Planned(planned) => planned.kinds(),
            Self::Drawn(blocks) => blocks,
        };
        blocks.iter().map(Block::len).fold(LONGEST_ROW, usize::max)
    }

    /// Draws block after block into `places` until so many are filled (a planned sequence has a length of its own); the last block
    /// may reach beyond them.
    pub fn draw(&self, mut stream: Stream, n_places: usize, places: &mut [u8]) {
        match self {
            Self::Planned(planned) => planned.draw(stream, places),
            Self::Drawn(blocks) => {
                let mut filled = 0;
                while filled < n_places {
                    let block = match blocks.as_slice() {
                        [block] => block,
                        blocks => &blocks[number_below(blocks.len() as u64, &mut stream) as usize],
                    };
                    block.draw(&mut stream, &mut places[filled..]);
                    filled += block.len();
                }
            }
        }
    }
}

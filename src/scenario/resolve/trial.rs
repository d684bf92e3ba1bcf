//! The table `[trial]` with its defaults: labels of exclusions, blocks.

use super::super::{BlockAllocation, Design, WrittenAllocation, WrittenTrial};
use super::as_one;

/// Fills in the defaults of the design.
pub(super) fn trial(mut written: WrittenTrial, design: &Design) -> WrittenTrial {
    written.entry = as_one(written.entry);
    for (name, exclusion) in written.exclusions.iter_mut().flatten() {
        exclusion.label.get_or_insert_with(|| name.clone());
    }
    match &design.allocation {
        Some(blocks) => written.allocation = Some(allocation(blocks, design)),
        None => written.block_size = u32::try_from(design.block_size).ok(),
    }
    written
}

fn allocation(blocks: &BlockAllocation, design: &Design) -> WrittenAllocation {
    // Every number was read from one of 32 bits, or is small.
    let number = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
    let numbers = |list: &[usize]| list.iter().map(|&n| number(n)).collect();
    let arms = design.layout.arms.iter().map(|arm| arm.name.clone());
    let strata = blocks.strata.iter().map(|&position| design.characteristics[position].name.clone());
    WrittenAllocation {
        ratio: Some(arms.zip(blocks.ratio.iter().map(|&places| number(places))).collect()),
        block_sizes: Some(numbers(&blocks.block_sizes)),
        strata: Some(strata.collect()),
        within_therapist: Some(blocks.within_therapist.is_some()),
        therapist_block_sizes: blocks.within_therapist.as_deref().map(numbers),
    }
}

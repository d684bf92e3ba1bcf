//! The table `[trial.allocation]`: the ratio of the arms, lengths of blocks, strata, the second stage.

use indexmap::IndexMap;

use super::super::tree::{KeyPath, toml_key};
use super::super::{BlockAllocation, Characteristic, Therapists, WrittenAllocation, WrittenTrial, codes};
use super::{Check, count};

/// Largest sum of a ratio that is taken from the sizes of the arms unasked.
const MAX_SUM_OF_DEFAULT_RATIO: usize = 12;

/// Longest block.
const MAX_BLOCK: usize = 10_000;

/// Largest number of strata.
const MAX_STRATA: usize = 10_000;

impl Check<'_> {
    /// Allocation by ratio, if it is asked for.
    pub(super) fn allocation(
        &mut self,
        trial: &WrittenTrial,
        per_arm: &[(String, usize)],
        characteristics: &[Characteristic],
        therapists: Option<&Therapists>,
    ) -> Option<BlockAllocation> {
        let written = trial.allocation.as_ref()?;
        let path = KeyPath::of(&["trial", "allocation"]);
        let block_size = KeyPath::of(&["trial", "block_size"]);
        if self.tree.has(&block_size) {
            let message = "`block_size` and `allocation` are both given";
            self.report_key(codes::ALLOCATION, &block_size, message, |problem| {
                problem.label("take it out: allocation.block_sizes gives the lengths of blocks")
            });
        }
        let ratio = self.ratio(written.ratio.as_ref(), &path, per_arm);
        let sum = ratio.as_ref().map(|ratio| ratio.iter().sum());
        let block_sizes = self.block_sizes(written.block_sizes.as_deref(), &path.key("block_sizes"), sum);
        let treated = therapists.map(|therapists| therapists.treats.as_slice());
        Some(BlockAllocation {
            block_sizes,
            strata: self.strata(written, &path.key("strata"), characteristics),
            within_therapist: self.second_stage(written, &path, ratio.as_deref(), treated),
            ratio: ratio.unwrap_or_else(|| vec![1; per_arm.len()]),
        })
    }

    /// Places of each arm in the smallest block; `None` where that has been reported.
    fn ratio(
        &mut self,
        written: Option<&IndexMap<String, u32>>,
        path: &KeyPath,
        per_arm: &[(String, usize)],
    ) -> Option<Vec<usize>> {
        let path = path.key("ratio");
        let arms: Vec<String> = per_arm.iter().map(|(name, _)| name.clone()).collect();
        if self.tree.lacks(&path) {
            return self.ratio_of_sizes(per_arm, &path);
        }
        self.keys_among(&path, &arms, "an arm of this name");
        let mut fine = true;
        for arm in &arms {
            let here = path.key(arm);
            let places = written.and_then(|ratio| ratio.get(arm));
            if self.tree.has(&path) && self.tree.lacks(&here) {
                fine = false;
                let message = format!("`{path}` says nothing of arm `{arm}`");
                self.report_key(codes::ALLOCATION, &path, message, |problem| {
                    problem.help("every arm has at least one place in a block")
                });
            } else if places == Some(&0) {
                fine = false;
                let message = format!("arm `{arm}` has no place in a block");
                self.report(codes::ALLOCATION, &here, message, |problem| problem.label("must be at least 1"));
            }
        }
        let ratio: Option<Vec<usize>> = arms.iter().map(|arm| Some(*written?.get(arm)? as usize)).collect();
        let sum: usize = ratio.iter().flatten().sum();
        if sum > MAX_BLOCK {
            fine = false;
            let message = format!("the smallest block of this ratio has {sum} participants");
            self.report_key(codes::ALLOCATION, &path, message, |problem| problem.label(format!("at most {MAX_BLOCK}")));
        }
        ratio.filter(|_| fine)
    }

    /// The sizes of the arms divided by what divides them all, where that makes a ratio of small numbers.
    fn ratio_of_sizes(&mut self, per_arm: &[(String, usize)], path: &KeyPath) -> Option<Vec<usize>> {
        let common = per_arm.iter().fold(0, |divisor, &(_, size)| greatest_common_divisor(divisor, size));
        if common == 0 || per_arm.iter().any(|&(_, size)| size == 0) {
            return None;
        }
        let ratio: Vec<usize> = per_arm.iter().map(|(_, size)| size / common).collect();
        if ratio.iter().sum::<usize>() <= MAX_SUM_OF_DEFAULT_RATIO || ratio.iter().all(|&places| places == 1) {
            return Some(ratio);
        }
        let sizes: Vec<String> = per_arm.iter().map(|(_, size)| size.to_string()).collect();
        let equal: Vec<String> = per_arm.iter().map(|(name, _)| format!("{} = 1", toml_key(name))).collect();
        let message = format!("`ratio` is missing: the sizes {} are no ratio of small numbers", sizes.join(", "));
        self.report_key(codes::ALLOCATION, path, message, |problem| {
            problem.help(format!("for example: ratio = {{ {} }}", equal.join(", ")))
        });
        None
    }

    /// Lengths of blocks, each a multiple of the sum of a ratio; by default twice that sum.
    fn block_sizes(&mut self, written: Option<&[u32]>, path: &KeyPath, sum: Option<usize>) -> Vec<usize> {
        let Some(sizes) = written else { return vec![2 * sum.unwrap_or(1)] };
        let sizes: Vec<usize> = sizes.iter().map(|&size| size as usize).collect();
        if sizes.is_empty() {
            self.report(codes::ALLOCATION, path, "the list of block sizes is empty", |problem| {
                problem.help("leave it out for blocks of twice the sum of the ratio")
            });
        }
        for (index, &size) in sizes.iter().enumerate() {
            let here = path.index(index);
            if sizes[..index].contains(&size) {
                self.report(codes::LISTED_TWICE, &here, format!("a block of {size} is listed twice"), |problem| {
                    problem
                });
            } else if size > MAX_BLOCK {
                let message = format!("a block of {size} is too long");
                self.report(codes::ALLOCATION, &here, message, |problem| problem.label(format!("at most {MAX_BLOCK}")));
            } else if let Some(sum) = sum
                && (size == 0 || !size.is_multiple_of(sum))
            {
                let message = format!("a block of {size} cannot hold the ratio of the arms");
                self.report(codes::ALLOCATION, &here, message, |problem| {
                    problem.label(format!("a multiple of {sum}, e.g. {}", 2 * sum))
                });
            }
        }
        sizes
    }

    /// Positions of the characteristics whose combinations have blocks of their own.
    fn strata(&mut self, written: &WrittenAllocation, path: &KeyPath, all: &[Characteristic]) -> Vec<usize> {
        let names: Vec<String> = all.iter().map(|characteristic| characteristic.name.clone()).collect();
        let mut strata: Vec<usize> = Vec::new();
        for (index, name) in written.strata.iter().flatten().enumerate() {
            let here = path.index(index);
            if names.is_empty() && self.tree.lacks(&KeyPath::of(&["characteristics"])) {
                let message = format!("there is no characteristic `{name}`: the scenario has none");
                self.report(codes::UNKNOWN_NAME, &here, message, |problem| {
                    problem.help(format!("for example: [characteristics.{}] with levels", toml_key(name)))
                });
                continue;
            }
            let place = self.tree.place_within(&here, 0..name.len());
            let Some(position) = self.position(name, &names, "a characteristic of this name", place) else { continue };
            if strata.contains(&position) {
                self.report(codes::LISTED_TWICE, &here, format!("`{name}` is listed twice"), |problem| problem);
            }
            strata.push(position);
        }
        let n_strata = strata.iter().fold(1_usize, |n, &position| n.saturating_mul(all[position].levels.len().max(1)));
        if n_strata > MAX_STRATA {
            let message = format!("these characteristics make {n_strata} strata");
            self.report(codes::ALLOCATION, path, message, |problem| {
                problem.label(format!("at most {MAX_STRATA}")).help("stratify by fewer characteristics")
            });
        }
        strata
    }

    /// Lengths of blocks of the second stage, if there is one.
    fn second_stage(
        &mut self,
        written: &WrittenAllocation,
        path: &KeyPath,
        ratio: Option<&[usize]>,
        treated: Option<&[bool]>,
    ) -> Option<Vec<usize>> {
        let (stage, sizes) = (path.key("within_therapist"), path.key("therapist_block_sizes"));
        if written.within_therapist != Some(true) {
            if self.tree.has(&sizes) && (self.tree.lacks(&stage) || written.within_therapist == Some(false)) {
                let message = "`therapist_block_sizes` are for allocation in two stages";
                self.report_key(codes::ALLOCATION, &sizes, message, |problem| {
                    problem.help("write within_therapist = true, or take it out")
                });
            }
            return None;
        }
        let Some(treated) = treated else {
            if self.tree.lacks(&KeyPath::of(&["therapists"])) {
                self.report(codes::ALLOCATION, &stage, "there are no therapists to allocate within", |problem| {
                    problem.help("add [therapists] with their number")
                });
            }
            return None;
        };
        if treated.is_empty() {
            // Which arms are treated is in doubt, which has been reported.
            return None;
        }
        let n_treated = treated.iter().filter(|&&treated| treated).count();
        if n_treated < 2 {
            let message =
                format!("therapists treat in {}: there is nothing to allocate within them", count(n_treated, "arm"));
            self.report(codes::ALLOCATION, &stage, message, |problem| {
                problem.help("the second stage needs at least two arms with therapists")
            });
        }
        let of_treated =
            |ratio: &[usize]| ratio.iter().zip(treated).filter(|(_, treated)| **treated).map(|(n, _)| n).sum();
        Some(self.block_sizes(written.therapist_block_sizes.as_deref(), &sizes, ratio.map(of_treated)))
    }
}

/// The largest number that divides both; the other one where one of them is 0.
fn greatest_common_divisor(a: usize, b: usize) -> usize {
    if b == 0 { a } else { greatest_common_divisor(b, a % b) }
}

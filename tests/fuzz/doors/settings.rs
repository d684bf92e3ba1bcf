//! Any lines as the arguments of `--set` laid over the built-in scenario `plain`; lines that begin with `grid ` as those of `--grid`.
#![no_main]

mod told;

use libfuzzer_sys::fuzz_target;
use linger::scenario::{Grid, Override, Pairing, built_in, cells, read};

fuzz_target!(|text: &str| {
    let mut overrides = Vec::new();
    let mut grids = Vec::new();
    for line in text.lines().take(4) {
        match line.strip_prefix("grid ") {
            Some(grid) => match Grid::new(grid) {
                Ok(grid) => grids.push(grid),
                Err(problems) => told::check(&problems),
            },
            None => overrides.push(Override::new(line)),
        }
    }
    let source = built_in("plain").unwrap();
    if grids.is_empty() {
        if let Err(problems) = read(source, &overrides) {
            told::check(&problems);
        }
    } else if grids.iter().map(|grid| grid.values().len()).product::<usize>() <= 4 {
        if let Err(problems) = cells(&source, &overrides, &grids, Pairing::Crossed) {
            told::check(&problems);
        }
    }
});

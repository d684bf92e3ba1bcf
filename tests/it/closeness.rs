//! How far numbers lie from those they are held against: the worst relative difference of each quantity, and where it is.

use std::collections::BTreeMap;
use std::fmt::Display;

/// Worst relative differences by quantity.
#[derive(Default)]
pub struct Closeness {
    worst: BTreeMap<String, Difference>,
}

struct Difference {
    relative: f64,
    count: usize,
    place: String,
}

impl Closeness {
    /// Holds a number against the expected one. The difference is relative to the expected number, absolute where that is 0.
    #[track_caller]
    pub fn compare(&mut self, quantity: &str, place: impl Display, number: f64, expected: f64) {
        let scale = if expected == 0.0 { 1.0 } else { expected.abs() };
        self.compare_on(quantity, place, number, expected, scale);
    }

    /// Holds a number against the expected one, the difference counted in units of `scale`.
    #[track_caller]
    pub fn compare_on(&mut self, quantity: &str, place: impl Display, number: f64, expected: f64, scale: f64) {
        assert!(number.is_finite(), "{quantity} is {number} at {place}");
        let relative = (number - expected).abs() / scale;
        let worst = self.worst.entry(quantity.to_owned()).or_insert(Difference {
            relative: -1.0,
            count: 0,
            place: String::new(),
        });
        worst.count += 1;
        if relative > worst.relative {
            worst.relative = relative;
            worst.place = format!("{place}: {number:e} against {expected:e}");
        }
    }

    /// Asserts that something was compared and nothing differs by more than `tolerance`. The worst differences are printed, for those who
    /// run a test with `--nocapture`; the ledger of methods has them.
    #[track_caller]
    #[expect(clippy::print_stdout, reason = "tests keep what they print to themselves unless asked")]
    pub fn assert_within(&self, tolerance: f64) {
        assert!(!self.worst.is_empty(), "nothing was compared");
        let far = self.worst.values().any(|worst| worst.relative > tolerance);
        assert!(!far, "differences above {tolerance:e}:\n{self}");
        print!("{self}");
    }
}

impl Display for Closeness {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        for (quantity, worst) in &self.worst {
            writeln!(f, "{quantity}: {:.1e} at worst of {}, {}", worst.relative, worst.count, worst.place)?;
        }
        Ok(())
    }
}

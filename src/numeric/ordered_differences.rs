//! Order statistics of all differences between the members of two samples, without writing the differences down.
//!
//! # How
//! With one sample in ascending and the other in descending order the differences are a matrix that ascends along rows and columns,
//! also after rounding, since a rounded difference cannot fall where its first term rises. How many are below a number is
//! counted along the staircase that divides the matrix, in m + n steps. The wanted difference is searched for among those that
//! remain: a pivot is taken near it, from a sample of them, and what lies on the wrong side of its staircase is dropped, row by
//! row; the last few are selected from directly. Every step drops at least the pivot, most drop the larger part.
//!
//! # References
//! Johnson DB, Mizoguchi T. Selecting the K-th element in X + Y and X₁ + X₂ + … + Xₘ. SIAM J Comput 1978;7:147-153. doi:10.1137/0207013.
//!
//! # Checked against
//! `tests/it/independent/rank_sum.rs`: all differences sorted.

const GOLDEN_RATIO: f64 = 1.618_033_988_749_895;

/// How far from the wanted share of a sample the pivot is taken, in units of one over the root of the sample's size.
const MARGIN: f64 = 0.25;

/// Two samples in order, and memory for searching their differences.
#[derive(Debug, Clone, Default)]
pub struct OrderedDifferences {
    /// Ascending.
    first: Vec<f64>,
    /// Descending.
    second: Vec<f64>,
    /// The differences of each member of `first` that are still searched: positions in `second`.
    remaining: Vec<(usize, usize)>,
    /// Numbers to select from.
    selection: Vec<f64>,
}

impl OrderedDifferences {
    /// Memory for samples of at most so many members together.
    pub fn with_capacity(n: usize) -> Self {
        Self {
            first: Vec::with_capacity(n),
            second: Vec::with_capacity(n),
            remaining: Vec::with_capacity(n),
            selection: Vec::with_capacity(n),
        }
    }

    /// Takes two samples of numbers.
    pub fn fill(&mut self, first: &[f64], second: &[f64]) {
        self.first.clear();
        self.first.extend_from_slice(first);
        self.first.sort_unstable_by(f64::total_cmp);
        self.second.clear();
        self.second.extend_from_slice(second);
        self.second.sort_unstable_by(|a, b| b.total_cmp(a));
    }

    /// The first sample in ascending order.
    pub fn first_ascending(&self) -> &[f64] {
        &self.first
    }

    /// The second sample in descending order.
    pub fn second_descending(&self) -> &[f64] {
        &self.second
    }

    /// How many differences there are.
    pub fn count(&self) -> usize {
        self.first.len() * self.second.len()
    }

    /// How many differences are below a number, and how many are at most it.
    pub fn count_below(&self, bound: f64) -> (usize, usize) {
        self.staircase(bound)
            .fold((0, 0), |(below, at_most), (row_below, row_at_most)| (below + row_below, at_most + row_at_most))
    }

    /// The median of all differences, the average of the two middle ones where their number is even; `None` where there is none.
    pub fn median(&mut self) -> Option<f64> {
        let count = self.count();
        if count == 0 {
            return None;
        }
        let lower = self.nth((count - 1) / 2);
        let upper = if count % 2 == 1 { lower } else { self.next_after(lower, count / 2) };
        Some(0.5 * lower + 0.5 * upper)
    }

    /// The difference with `position` differences before it in ascending order; `position` < [`Self::count`].
    pub fn nth(&mut self, position: usize) -> f64 {
        let (m, n) = (self.first.len(), self.second.len());
        self.remaining.clear();
        self.remaining.resize(m, (0, n));
        loop {
            let (dropped_below, left) =
                self.remaining.iter().fold((0, 0), |(dropped, left), &(from, to)| (dropped + from, left + (to - from)));
            if left <= m + n {
                return self.select(position - dropped_below);
            }
            let pivot = self.pivot(position - dropped_below, left);
            let (below, at_most) = self.count_below(pivot);
            if (below..at_most).contains(&position) {
                return pivot;
            }
            self.narrow(pivot, position < below);
        }
    }

    /// The difference at `position`, given the one before it.
    fn next_after(&self, before: f64, position: usize) -> f64 {
        let (_, at_most) = self.count_below(before);
        if at_most > position {
            return before;
        }
        let rows = self.first.iter().zip(self.staircase(before));
        rows.filter_map(|(first, (_, at_most))| Some(first - self.second.get(at_most)?)).fold(f64::INFINITY, f64::min)
    }

    /// For every member of `first`, how many of its differences are below a number and how many are at most it.
    fn staircase(&self, bound: f64) -> impl Iterator<Item = (usize, usize)> {
        let (mut below, mut at_most) = (self.second.len(), self.second.len());
        self.first.iter().map(move |first| {
            // Differences rise with the member of `first`, so that fewer and fewer are below the number.
            while at_most > 0 && first - self.second[at_most - 1] > bound {
                at_most -= 1;
            }
            below = below.min(at_most);
            while below > 0 && first - self.second[below - 1] >= bound {
                below -= 1;
            }
            (below, at_most)
        })
    }

    /// A remaining difference a little nearer to the middle of the remaining ones than the wanted one, by a sample of them: most
    /// likely the larger part lies beyond it and can be dropped.
    fn pivot(&mut self, position: usize, left: usize) -> f64 {
        let Self { first, second, remaining, selection } = self;
        selection.clear();
        // Steps longer than a row by the golden ratio visit all columns alike.
        let step = (left as f64 * GOLDEN_RATIO / first.len() as f64).ceil() as usize;
        let mut ahead = 0;
        for (first, &(from, to)) in first.iter().zip(remaining.iter()) {
            let row = to - from;
            while ahead < row {
                selection.push(first - second[from + ahead]);
                ahead += step;
            }
            ahead -= row;
        }
        let (share, margin) = (position as f64 / left as f64, MARGIN / (selection.len() as f64).sqrt());
        let share = if share < 0.5 { share + margin } else { share - margin };
        let place = ((selection.len() as f64 * share) as usize).min(selection.len() - 1);
        *selection.select_nth_unstable_by(place, f64::total_cmp).1
    }

    /// Keeps what lies below the pivot, or what lies above it.
    fn narrow(&mut self, pivot: f64, keep_below: bool) {
        let mut remaining = std::mem::take(&mut self.remaining);
        for ((from, to), (below, at_most)) in remaining.iter_mut().zip(self.staircase(pivot)) {
            if keep_below {
                *to = (*to).min(below).max(*from);
            } else {
                *from = (*from).max(at_most).min(*to);
            }
        }
        self.remaining = remaining;
    }

    /// The difference at a position among the remaining ones.
    fn select(&mut self, position: usize) -> f64 {
        let Self { first, second, remaining, selection } = self;
        selection.clear();
        let rows = first.iter().zip(remaining.iter());
        selection
            .extend(rows.flat_map(|(first, &(from, to))| second[from..to].iter().map(move |second| first - second)));
        *selection.select_nth_unstable_by(position, f64::total_cmp).1
    }
}

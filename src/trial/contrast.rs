//! A comparison of two arms: the first minus the second.

/// A difference between two arms, `arm - versus`, each a position in [`super::Layout::arms`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Contrast {
    /// The arm counted with plus.
    pub arm: usize,
    /// The arm counted with minus.
    pub versus: usize,
}

impl Contrast {
    /// The same comparison the other way round.
    #[must_use]
    pub fn reversed(self) -> Self {
        Self { arm: self.versus, versus: self.arm }
    }

    /// Every pair of arms once: each other arm against the reference, then the rest, all in the arms' order.
    ///
    /// `reference` is the position of the reference arm among `n_arms`.
    pub fn all_pairs(n_arms: usize, reference: usize) -> Vec<Self> {
        let others: Vec<usize> = (0..n_arms).filter(|&arm| arm != reference).collect();
        let against_reference = others.iter().map(|&arm| Self { arm, versus: reference });
        let among_others = others
            .iter()
            .enumerate()
            .flat_map(|(i, &arm)| others[i + 1..].iter().map(move |&versus| Self { arm, versus }));
        against_reference.chain(among_others).collect()
    }
}

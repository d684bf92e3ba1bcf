//! The word that was probably meant instead of one that does not exist.

/// Letters of the longest words of which slips are counted.
const LONGEST: usize = 200;

/// The nearest of some words to one that is not among them, or `None` if none is near.
///
/// Near is: the same but for case, hyphens and underscores; else at most one slip (a letter more, less, wrong, or two swapped)
/// per three letters; else the beginning of a longer word, or the other way round. Of two words that are equally near, the one
/// that needs only letters added or taken away is meant: `ars` is `arms` with a letter lost rather than `arm` with a wrong one.
pub fn nearest<'a>(word: &str, among: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let wanted = plain(word);
    let mut best: Option<((usize, bool), &str)> = None;
    let mut begins: Option<&str> = None;
    for candidate in among {
        let other = plain(candidate);
        let (letters, others) = (wanted.chars().count(), other.chars().count());
        let longer = letters.max(others);
        let slips = match letters.abs_diff(others) <= (longer / 3).max(1) && longer <= LONGEST {
            true => strsim::damerau_levenshtein(&wanted, &other),
            // Too many slips, or texts to which counting them would take the square of their length in memory and time.
            false if wanted == other => 0,
            false => longer,
        };
        let distance = (slips, !within(&wanted, &other) && !within(&other, &wanted));
        // Of single letters each is one slip from every other: that is no likeness.
        let near = slips <= (longer / 3).max(1) && slips < longer.max(1);
        if near && best.is_none_or(|(least, _)| distance < least) {
            best = Some((distance, candidate));
        }
        let shorter = letters.min(others);
        if begins.is_none() && shorter >= 3 && (other.starts_with(&wanted) || wanted.starts_with(&other)) {
            begins = Some(candidate);
        }
    }
    best.map(|(_, candidate)| candidate).or(begins)
}

/// Whether all letters of a word occur in another in the same order.
fn within(word: &str, other: &str) -> bool {
    let mut letters = other.chars();
    word.chars().all(|letter| letters.any(|candidate| candidate == letter))
}

fn plain(word: &str) -> String {
    word.trim().to_lowercase().replace(['-', ' '], "_")
}

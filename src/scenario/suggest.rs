//! The word that was probably meant instead of one that does not exist.

/// The nearest of some words to one that is not among them, or `None` if none is near.
///
/// Near is: the same but for case, hyphens and underscores; else at most one slip (a letter more, less, wrong, or two swapped)
/// per three letters; else the beginning of a longer word, or the other way round.
pub fn nearest<'a>(word: &str, among: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let wanted = plain(word);
    let mut best: Option<(usize, &str)> = None;
    let mut begins: Option<&str> = None;
    for candidate in among {
        let other = plain(candidate);
        let slips = strsim::damerau_levenshtein(&wanted, &other);
        let longer = wanted.chars().count().max(other.chars().count());
        // Of single letters each is one slip from every other: that is no likeness.
        if slips <= (longer / 3).max(1) && slips < longer.max(1) && best.is_none_or(|(least, _)| slips < least) {
            best = Some((slips, candidate));
        }
        let shorter = wanted.chars().count().min(other.chars().count());
        if begins.is_none() && shorter >= 3 && (other.starts_with(&wanted) || wanted.starts_with(&other)) {
            begins = Some(candidate);
        }
    }
    best.map(|(_, candidate)| candidate).or(begins)
}

fn plain(word: &str) -> String {
    word.trim().to_lowercase().replace(['-', ' '], "_")
}

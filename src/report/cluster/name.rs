//! Names that every cluster accepts: small letters, digits and hyphens.

/// Longest name. Kubernetes makes host names of at most 63 letters of it, by adding the number of the shard or a word.
const LONGEST: usize = 40;
/// Digits of the hash that tell two scenarios of one name apart.
const HASH_DIGITS: usize = 8;

/// The name of a job: `linger`, what is left of a scenario's name, and the beginning of its hash.
pub fn job_name(scenario: &str, hash: &str) -> String {
    let plain = |letter: char| if letter.is_ascii_alphanumeric() { letter.to_ascii_lowercase() } else { ' ' };
    let words: String = scenario.chars().map(plain).collect();
    let words: Vec<&str> = words.split_whitespace().collect();
    let hash = &hash[..hash.len().min(HASH_DIGITS)];
    let room = LONGEST - "linger--".len() - HASH_DIGITS;
    let mut middle = words.join("-");
    middle.truncate(room);
    let middle = middle.trim_end_matches('-');
    let parts = ["linger", middle, hash];
    parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join("-")
}

#[cfg(test)]
mod tests {
    use super::job_name;

    #[test]
    fn names_are_plain_and_short() {
        assert_eq!(job_name("chronic-low-back-pain", "0123456789abcdef"), "linger-chronic-low-back-pain-01234567");
        assert_eq!(job_name("My trial (2).v1", "0123456789abcdef"), "linger-my-trial-2-v1-01234567");
        assert_eq!(job_name("…\n'\"$(rm)", "0123456789abcdef"), "linger-rm-01234567");
        assert_eq!(job_name("—", "0123456789abcdef"), "linger-01234567");
        let long = job_name(&"long-name-".repeat(9), "0123456789abcdef");
        assert_eq!(long, "linger-long-name-long-name-long-01234567");
        assert!(long.len() <= 40);
    }
}

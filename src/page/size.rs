//! The size of a file in words.

/// A number of bytes as people say it: `812 bytes`, `43 kB`, `1.2 MB` (thousands, as file managers and mail programs count).
pub fn size_in_words(bytes: usize) -> String {
    match bytes {
        0..1_000 => format!("{bytes} bytes"),
        1_000..999_500 => format!("{} kB", (bytes as f64 / 1e3).round()),
        _ => format!("{:.1} MB", bytes as f64 / 1e6),
    }
}

#[cfg(test)]
mod tests {
    use super::size_in_words;

    #[test]
    fn sizes_are_said_in_the_unit_that_fits() {
        let said = [812, 1_000, 43_210, 999_499, 999_500, 1_249_000].map(size_in_words);
        assert_eq!(said, ["812 bytes", "1 kB", "43 kB", "999 kB", "1.0 MB", "1.2 MB"]);
    }
}

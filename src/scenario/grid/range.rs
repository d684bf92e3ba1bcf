//! Ranges of numbers, `4..24:4`, in exact decimals.

use super::cells::MOST_CELLS;

/// A decimal number: `digits` × 10^−`places`.
struct Decimal {
    digits: i128,
    places: u32,
}

/// Digits before or after the point that a number of a range may have.
const MOST_DIGITS: usize = 15;

impl Decimal {
    /// Reads a plain number such as `-0.25`; `None` for anything else, also for exponents.
    fn read(text: &str) -> Option<Self> {
        let unsigned = text.strip_prefix(['-', '+']).unwrap_or(text);
        let (whole, fraction) = unsigned.split_once('.').unwrap_or((unsigned, ""));
        let is_plain = |part: &str| part.len() <= MOST_DIGITS && part.bytes().all(|byte| byte.is_ascii_digit());
        if !is_plain(whole) || !is_plain(fraction) || whole.len() + fraction.len() == 0 {
            return None;
        }
        let digits: i128 = format!("{whole}{fraction}").parse().ok()?;
        let signed = if text.starts_with('-') { -digits } else { digits };
        Some(Self { digits: signed, places: fraction.len() as u32 })
    }

    /// Its digits with more places after the point.
    fn with_places(&self, places: u32) -> i128 {
        self.digits * 10_i128.pow(places - self.places)
    }
}

/// The numbers of a range as one would write them, or why there are none; `None` if this is no range.
pub(super) fn numbers(written: &str) -> Option<Result<Vec<String>, String>> {
    let (first, rest) = written.split_once("..")?;
    let first = Decimal::read(first.trim())?;
    Some(between(written, &first, rest))
}

fn between(written: &str, first: &Decimal, rest: &str) -> Result<Vec<String>, String> {
    let (last, step) =
        rest.split_once(':').ok_or_else(|| format!("the range {written} does not say in which steps"))?;
    let number = |text: &str| Decimal::read(text.trim()).ok_or_else(|| format!("`{text}` is no plain number"));
    let (last, step) = (number(last)?, number(step)?);
    let places = first.places.max(last.places).max(step.places);
    let [from, to, by] = [first, &last, &step].map(|number| number.with_places(places));
    if by <= 0 {
        return Err(format!("the steps of the range {written} must be above 0"));
    }
    if to < from {
        return Err(format!("the range {written} ends before it begins"));
    }
    let n = (to - from) / by + 1;
    if n > MOST_CELLS as i128 {
        return Err(format!("the range {written} has {n} values, and a sweep at most {MOST_CELLS} cells"));
    }
    // As many decimals as the first number and the step have: those of the last only say where to stop.
    let shown = first.places.max(step.places);
    Ok((0..n).map(|k| text(from + k * by, places, shown)).collect())
}

/// `digits` × 10^−`places` with `shown` decimals, beyond which there are only zeros.
fn text(digits: i128, places: u32, shown: u32) -> String {
    let digits = digits / 10_i128.pow(places - shown);
    let scale = 10_i128.pow(shown);
    let sign = if digits < 0 { "-" } else { "" };
    let (whole, fraction) = (digits.abs() / scale, digits.abs() % scale);
    match shown {
        0 => format!("{sign}{whole}"),
        _ => format!("{sign}{whole}.{fraction:0width$}", width = shown as usize),
    }
}

#[cfg(test)]
mod tests {
    use super::numbers;

    fn expanded(written: &str) -> Vec<String> {
        numbers(written).unwrap().unwrap()
    }

    #[test]
    fn ranges_go_from_the_first_to_at_most_the_last() {
        assert_eq!(expanded("4..26:4"), ["4", "8", "12", "16", "20", "24"]);
        assert_eq!(expanded("4..24:4"), ["4", "8", "12", "16", "20", "24"]);
        assert_eq!(expanded("7..7:1"), ["7"]);
        assert_eq!(expanded(" 1 .. 2 : 0.5 "), ["1.0", "1.5", "2.0"]);
    }

    #[test]
    fn decimals_are_exact() {
        // In binary, 0.1 + 2 * 0.1 is not 0.3.
        assert_eq!(expanded("0.1..0.5:0.1"), ["0.1", "0.2", "0.3", "0.4", "0.5"]);
        assert_eq!(expanded("-0.5..0.5:0.25"), ["-0.50", "-0.25", "0.00", "0.25", "0.50"]);
        assert_eq!(expanded(".05...151:.05"), ["0.05", "0.10", "0.15"]);
    }

    #[test]
    fn what_begins_with_no_number_is_no_range() {
        assert!(numbers("a..b").is_none());
        assert!(numbers("12").is_none());
        assert!(numbers("\"1..2:1\"").is_none());
    }

    #[test]
    fn ranges_that_lead_nowhere_are_refused() {
        for (written, reason) in [
            ("4..26", "does not say in which steps"),
            ("4..26:0", "must be above 0"),
            ("4..26:-1", "must be above 0"),
            ("5..4:1", "ends before it begins"),
            ("0..1e9:1", "is no plain number"),
            ("0..:1", "is no plain number"),
            ("0..999999999:1", "has 1000000000 values"),
        ] {
            let error = numbers(written).unwrap().unwrap_err();
            assert!(error.contains(reason), "{written}: {error}");
        }
    }
}

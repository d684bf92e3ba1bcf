//! Linear combinations of adjusted means as they are written in plans: `0.5 relaxation + 0.5 structural - usual_care`, with `@` and a week
//! where a mean of one visit is meant and `@all` for its average over the visits.

use std::ops::Range;

use super::formula::FormulaError;

/// Which visit a mean is of.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum At {
    /// Each visit in its turn.
    Each,
    /// The average over all visits after baseline.
    All,
    /// The visit of this week.
    Week(f64),
}

/// One mean with its weight, as written.
#[derive(Debug, Clone, PartialEq)]
pub struct WrittenTerm {
    /// What the mean is multiplied with.
    pub weight: f64,
    /// Short name of the arm.
    pub arm: String,
    /// Which visit.
    pub at: At,
    /// Where the arm stands, in bytes.
    pub span: Range<usize>,
}

/// Reads a combination.
///
/// # Errors
/// The first place at which the text is none.
pub fn parse(text: &str) -> Result<Vec<WrittenTerm>, FormulaError> {
    let mut reader = Reader { text, next: 0 };
    let mut terms = Vec::new();
    loop {
        reader.skip_blanks();
        if reader.next == text.len() && !terms.is_empty() {
            return Ok(terms);
        }
        let sign = match reader.take_any(&['+', '-', '−']) {
            Some('+') => 1.0,
            Some(_) => -1.0,
            None if terms.is_empty() => 1.0,
            None => return Err(reader.error("`+` or `-` belongs between two means")),
        };
        terms.push(reader.term(sign)?);
        if terms.len() > MOST {
            return Err(reader.error("a combination has at most 200 means"));
        }
    }
}

/// Most means of a combination.
const MOST: usize = 200;

struct Reader<'a> {
    text: &'a str,
    next: usize,
}

impl Reader<'_> {
    fn rest(&self) -> &str {
        &self.text[self.next..]
    }

    fn skip_blanks(&mut self) {
        self.next = self.text.len() - self.rest().trim_start().len();
    }

    fn take_any(&mut self, signs: &[char]) -> Option<char> {
        self.skip_blanks();
        let found = self.rest().chars().next().filter(|letter| signs.contains(letter))?;
        self.next += found.len_utf8();
        Some(found)
    }

    fn take_while(&mut self, wanted: impl Fn(char) -> bool) -> Range<usize> {
        self.skip_blanks();
        let start = self.next;
        self.next += self.rest().find(|letter| !wanted(letter)).unwrap_or(self.rest().len());
        start..self.next
    }

    fn error(&self, message: &str) -> FormulaError {
        // The letter there, or at the end the one before.
        let next = self.rest().chars().next().map(|letter| self.next..self.next + letter.len_utf8());
        let before = || self.text[..self.next].char_indices().next_back().map_or(0, |(at, _)| at)..self.next;
        FormulaError { message: message.to_owned(), span: next.unwrap_or_else(before) }
    }

    /// `0.5 * relaxation @ 10`.
    fn term(&mut self, sign: f64) -> Result<WrittenTerm, FormulaError> {
        let mut weight = sign;
        if let Some(number) = self.number()? {
            weight *= number;
            if self.take_any(&['/']).is_some() {
                self.skip_blanks();
                let start = self.next;
                match self.number()? {
                    Some(divisor) if divisor != 0.0 => weight /= divisor,
                    Some(_) => {
                        let message = "a number other than 0 belongs behind `/`".to_owned();
                        return Err(FormulaError { message, span: start..self.next });
                    }
                    None => return Err(self.error("a number belongs behind `/`")),
                }
            }
            self.take_any(&['*']);
        }
        let span = self.take_while(|letter| letter.is_alphanumeric() || letter == '_');
        if span.is_empty() {
            return Err(self.error("the name of an arm is missing here"));
        }
        let arm = self.text[span.clone()].to_owned();
        let at = if self.take_any(&['@']).is_none() {
            At::Each
        } else if self.rest().trim_start().starts_with("all") {
            self.take_while(char::is_alphabetic);
            At::All
        } else {
            match self.number()? {
                Some(week) => At::Week(week),
                None => return Err(self.error("a week, or `all`, belongs behind `@`")),
            }
        };
        Ok(WrittenTerm { weight, arm, at, span })
    }

    /// A number, if one comes next. Names may begin with digits, numbers do not run into letters.
    fn number(&mut self) -> Result<Option<f64>, FormulaError> {
        let before = self.next;
        let span = self.take_while(|letter| letter.is_ascii_digit() || letter == '.');
        let runs_on = self.rest().starts_with(|letter: char| letter.is_alphanumeric() || letter == '_');
        if span.is_empty() || runs_on {
            self.next = before;
            return Ok(None);
        }
        match self.text[span.clone()].parse::<f64>() {
            Ok(number) if number.is_finite() => Ok(Some(number)),
            _ => Err(FormulaError { message: format!("`{}` is no number", &self.text[span.clone()]), span }),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Vec<(f64, String, At)> {
        let terms = parse(text).unwrap_or_else(|error| panic!("{text}: {error}"));
        terms.into_iter().map(|term| (term.weight, term.arm, term.at)).collect()
    }

    #[test]
    fn weights_signs_and_visits_are_read() {
        let term = |weight, arm: &str, at| (weight, arm.to_owned(), at);
        assert_eq!(
            read("0.5 relaxation + 1/2*structural - usual_care"),
            [term(0.5, "relaxation", At::Each), term(0.5, "structural", At::Each), term(-1.0, "usual_care", At::Each)]
        );
        assert_eq!(read("a @ 52 - a@10"), [term(1.0, "a", At::Week(52.0)), term(-1.0, "a", At::Week(10.0))]);
        assert_eq!(read("-a@all+2 2b"), [term(-1.0, "a", At::All), term(2.0, "2b", At::Each)]);
    }

    #[test]
    fn mistakes_are_found_where_they_are() {
        let place = |text: &str| parse(text).map_or_else(|error| error.span, |terms| panic!("{terms:?}"));
        assert_eq!(place(""), 0..0);
        assert_eq!(place("a b"), 2..3);
        assert_eq!(place("a - "), 3..4);
        assert_eq!(place("a -\u{a0}"), 3..5);
        assert_eq!(place("a@x"), 2..3);
        assert_eq!(place("1/0 a"), 2..3);
        assert_eq!(place("1/a"), 2..3);
        assert_eq!(place("1.2.3 a"), 0..5);
    }
}

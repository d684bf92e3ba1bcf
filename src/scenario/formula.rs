//! Formulas of mean models: from a text such as `value ~ baseline*visit + arm*visit + sex` to products of names with their places.
//!
//! # Grammar
//! `response ~ sum`; a sum is terms joined by `+`; `a:b` is the product of a and b; `a*b` is `a + b + a:b`; brackets group. Names are
//! letters, digits, `_` and `.`, or anything in backticks. The intercept is always there and may be written `1`.
//!
//! # References
//! Wilkinson GN, Rogers CE. Symbolic description of factorial models for analysis of variance. Appl Stat 1973;22:392-399.
//! doi:10.2307/2346786.

use std::ops::Range;

/// A name in a formula and where it stands, in bytes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Name {
    /// The name.
    pub text: String,
    /// Where it stands.
    pub span: Range<usize>,
}

/// A formula as it is written: names not yet looked up.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Formula {
    /// What is modelled.
    pub response: Name,
    /// Products of names, those of fewer names first, each once.
    pub terms: Vec<Vec<Name>>,
}

/// Why a text is no formula, and where.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct FormulaError {
    /// What is wrong.
    pub message: String,
    /// Where, in bytes.
    pub span: Range<usize>,
}

/// Reads a formula.
///
/// # Errors
/// The first place at which the text is not a formula.
pub fn parse(text: &str) -> Result<Formula, FormulaError> {
    let last = text.char_indices().next_back().map_or(0, |(at, _)| at);
    let mut reader = Reader { tokens: tokens(text)?, next: 0, last: last..text.len(), depth: 0 };
    let response = match reader.take() {
        Some(Token { kind: Kind::Name(text), span }) => Name { text, span },
        other => {
            return Err(
                reader.unexpected(other, "a formula begins with what is modelled, e.g. `value ~ baseline + arm`")
            );
        }
    };
    match reader.take() {
        Some(Token { kind: Kind::Sign('~'), .. }) => {}
        other => return Err(reader.unexpected(other, "`~` belongs between what is modelled and the terms")),
    }
    let mut terms = reader.sum()?;
    if let Some(token) = reader.take() {
        let message = match token.kind {
            Kind::Sign('-') => "terms cannot be taken out: write those that the model has",
            _ => "`+`, `*` or `:` belongs between two names",
        };
        return Err(reader.unexpected(Some(token), message));
    }
    // Products of one order stay as they were written.
    terms.sort_by_key(Vec::len);
    Ok(Formula { response, terms })
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Kind {
    Name(String),
    One,
    Sign(char),
}

#[derive(Debug, Clone)]
struct Token {
    kind: Kind,
    span: Range<usize>,
}

fn tokens(text: &str) -> Result<Vec<Token>, FormulaError> {
    let mut tokens = Vec::new();
    let mut letters = text.char_indices().peekable();
    while let Some((start, letter)) = letters.next() {
        let mut end = start + letter.len_utf8();
        if letter.is_whitespace() {
            continue;
        }
        let kind = if letter == '`' {
            let rest = &text[end..];
            let Some(length) = rest.find('`') else {
                return Err(FormulaError {
                    message: "the second backtick is missing".to_owned(),
                    span: start..text.len(),
                });
            };
            let name = rest[..length].to_owned();
            end += length + 1;
            while letters.next_if(|(at, _)| *at < end).is_some() {}
            Kind::Name(name)
        } else if letter.is_alphanumeric() || letter == '_' || letter == '.' {
            while let Some((at, next)) =
                letters.next_if(|(_, next)| next.is_alphanumeric() || *next == '_' || *next == '.')
            {
                end = at + next.len_utf8();
            }
            match &text[start..end] {
                "1" => Kind::One,
                name => Kind::Name(name.to_owned()),
            }
        } else {
            Kind::Sign(letter)
        };
        tokens.push(Token { kind, span: start..end });
    }
    Ok(tokens)
}

/// Deepest nesting of brackets.
const DEEPEST: usize = 16;
/// Most terms of a formula.
const MOST: usize = 200;
/// Most names in one of them.
const MOST_NAMES: usize = 20;

struct Reader {
    tokens: Vec<Token>,
    next: usize,
    /// The last letter of the text.
    last: Range<usize>,
    depth: usize,
}

impl Reader {
    fn take(&mut self) -> Option<Token> {
        let token = self.tokens.get(self.next).cloned();
        self.next += usize::from(token.is_some());
        token
    }

    fn take_sign(&mut self, sign: char) -> bool {
        let found = matches!(self.tokens.get(self.next), Some(Token { kind: Kind::Sign(own), .. }) if *own == sign);
        self.next += usize::from(found);
        found
    }

    fn unexpected(&self, token: Option<Token>, message: &str) -> FormulaError {
        let span = token.map_or(self.last.clone(), |token| token.span);
        FormulaError { message: message.to_owned(), span }
    }

    fn sum(&mut self) -> Result<Vec<Vec<Name>>, FormulaError> {
        let mut terms = self.crossing()?;
        while self.take_sign('+') {
            let more = self.crossing()?;
            self.add(&mut terms, more)?;
        }
        Ok(terms)
    }

    fn crossing(&mut self) -> Result<Vec<Vec<Name>>, FormulaError> {
        let mut terms = self.product()?;
        while self.take_sign('*') {
            let other = self.product()?;
            let both = self.products(&terms, &other)?;
            self.add(&mut terms, other)?;
            self.add(&mut terms, both)?;
        }
        Ok(terms)
    }

    fn product(&mut self) -> Result<Vec<Vec<Name>>, FormulaError> {
        let mut terms = self.atom()?;
        while self.take_sign(':') {
            let other = self.atom()?;
            terms = self.products(&terms, &other)?;
        }
        Ok(terms)
    }

    fn atom(&mut self) -> Result<Vec<Vec<Name>>, FormulaError> {
        match self.take() {
            Some(Token { kind: Kind::Name(text), span }) => {
                if text == "0" {
                    let message = "the intercept cannot be left out".to_owned();
                    return Err(FormulaError { message, span });
                }
                Ok(vec![vec![Name { text, span }]])
            }
            Some(Token { kind: Kind::One, .. }) => Ok(Vec::new()),
            Some(token @ Token { kind: Kind::Sign('('), .. }) => {
                self.depth += 1;
                if self.depth > DEEPEST {
                    return Err(self.unexpected(Some(token), "brackets are nested too deeply"));
                }
                let terms = self.sum()?;
                self.depth -= 1;
                if let Some(bar @ Token { kind: Kind::Sign('|'), .. }) = self.tokens.get(self.next).cloned() {
                    let message = "random intercepts belong to the model `mixed_model`, not to the formula";
                    return Err(self.unexpected(Some(bar), message));
                }
                if self.take_sign(')') {
                    Ok(terms)
                } else {
                    Err(self.unexpected(Some(token), "the bracket is not closed"))
                }
            }
            Some(token @ Token { kind: Kind::Sign('-'), .. }) => {
                Err(self.unexpected(Some(token), "terms cannot be taken out: write those that the model has"))
            }
            other => Err(self.unexpected(other, "a name is missing here")),
        }
    }

    fn products(&self, left: &[Vec<Name>], right: &[Vec<Name>]) -> Result<Vec<Vec<Name>>, FormulaError> {
        let mut all = Vec::new();
        for a in left {
            for b in right {
                let mut term = a.clone();
                term.extend(b.iter().filter(|name| !a.iter().any(|own| own.text == name.text)).cloned());
                if term.len() > MOST_NAMES {
                    let message = format!("a term of a formula has at most {MOST_NAMES} names");
                    return Err(FormulaError { message, span: 0..self.last.end });
                }
                self.add(&mut all, vec![term])?;
            }
        }
        Ok(all)
    }

    /// Adds terms that are not there yet, whatever the order of their names.
    fn add(&self, terms: &mut Vec<Vec<Name>>, more: Vec<Vec<Name>>) -> Result<(), FormulaError> {
        for term in more {
            let same = |own: &Vec<Name>| {
                own.len() == term.len() && term.iter().all(|name| own.iter().any(|other| other.text == name.text))
            };
            if !terms.iter().any(same) {
                terms.push(term);
            }
        }
        if terms.len() > MOST {
            return Err(FormulaError {
                message: format!("a formula has at most {MOST} terms"),
                span: 0..self.last.end,
            });
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn terms(text: &str) -> Vec<String> {
        let formula = parse(text).unwrap_or_else(|error| panic!("{text}: {error}"));
        let name = |term: &Vec<Name>| term.iter().map(|name| name.text.clone()).collect::<Vec<_>>().join(":");
        formula.terms.iter().map(name).collect()
    }

    #[test]
    fn crossings_are_written_out_and_main_effects_come_first() {
        assert_eq!(terms("value ~ 1"), Vec::<String>::new());
        assert_eq!(terms("y ~ a*b + c"), ["a", "b", "c", "a:b"]);
        assert_eq!(terms("y ~ (a + b)*v + v"), ["a", "b", "v", "a:v", "b:v"]);
        assert_eq!(terms("y~a:b+b:a+a:a"), ["a", "a:b"]);
        assert_eq!(terms("y ~ a*b*c"), ["a", "b", "c", "a:b", "a:c", "b:c", "a:b:c"]);
        assert_eq!(terms("y ~ `years of age` * x.y_1"), ["years of age", "x.y_1", "years of age:x.y_1"]);
    }

    #[test]
    fn mistakes_are_found_where_they_are() {
        let place = |text: &str| parse(text).map_or_else(|error| error.span, |formula| panic!("{formula:?}"));
        assert_eq!(place("value + a"), 6..7);
        assert_eq!(place("value ~ a +"), 10..11);
        assert_eq!(place("value ~ (a + b"), 8..9);
        assert_eq!(place("value ~ a b"), 10..11);
        assert_eq!(place("value ~ a - b"), 10..11);
        assert_eq!(place("value ~ 0 + a"), 8..9);
        assert_eq!(place("value ~ `a"), 8..10);
        assert_eq!(place(""), 0..0);
        assert_eq!(place("é"), 0..2);
        assert_eq!(place(&format!("y ~ {}a", "(".repeat(40))), 20..21);
    }
}

//! One thing that was computed and can be compared: its id, its value, and the target it may have.

use std::fmt;

use crate::scenario::TestCheck;

/// A value.
#[derive(Debug, Clone, PartialEq)]
pub enum Value {
    /// A number: finite, or infinite for degrees of freedom of the normal distribution.
    Number(f64),
    /// A count, compared to the last one.
    Count(u64),
    /// There is no number, for this reason.
    Nothing(String),
}

impl Value {
    /// A number; what no file could hold is no number.
    pub fn number(number: f64) -> Self {
        let usable = number.is_finite() || number == f64::INFINITY;
        if usable { Self::Number(number) } else { Self::Nothing("the number is not finite".to_owned()) }
    }

    /// The number, of counts as well.
    pub fn as_number(&self) -> Option<f64> {
        match self {
            Self::Number(number) => Some(*number),
            Self::Count(count) => Some(*count as f64),
            Self::Nothing(_) => None,
        }
    }
}

impl fmt::Display for Value {
    /// Numbers in full: read again, they are the same.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Number(number) => write!(formatter, "{number:?}"),
            Self::Count(count) => write!(formatter, "{count}"),
            Self::Nothing(reason) => write!(formatter, "no number: {reason}"),
        }
    }
}

/// What a measure should be, if nothing but chance sets it apart.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Target {
    /// The value it should have.
    pub value: f64,
    /// Monte Carlo standard error of the measure, of a share that which it has where it is on target.
    pub std_error: f64,
    /// Whether it should be at most that, and may be anything below.
    pub at_most: bool,
}

/// Something that was computed.
#[derive(Debug, Clone, PartialEq)]
pub struct Quantity {
    /// Its id.
    pub id: String,
    /// Its value.
    pub value: Value,
    /// The check it belongs to; `None` for what can only be expected between bounds.
    pub check: Option<TestCheck>,
    /// Its Monte Carlo standard error, where it has one.
    pub mcse: Option<f64>,
    /// What it is held against, where that is a target.
    pub target: Option<Target>,
}

impl Quantity {
    /// Something without Monte Carlo error and target.
    pub fn new(id: String, check: TestCheck, value: Value) -> Self {
        Self { id, value, check: Some(check), mcse: None, target: None }
    }

    /// A count.
    pub fn count(id: String, check: TestCheck, count: usize) -> Self {
        Self::new(id, check, Value::Count(count as u64))
    }
}

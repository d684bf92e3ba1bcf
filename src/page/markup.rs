//! Text that is HTML already: what templates write as it is.

use std::fmt;

use minijinja::value::Value;
use serde::{Serialize, Serializer};

/// A piece of HTML. Outside this room it comes from a template or from one of the functions here, never from a text as it is.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Markup(String);

impl Markup {
    /// Takes a text for HTML.
    pub(super) fn trusted(text: String) -> Self {
        Self(text)
    }

    /// The HTML as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The HTML as an owned text.
    pub fn into_string(self) -> String {
        self.0
    }
}

impl fmt::Display for Markup {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

impl Serialize for Markup {
    /// Into the values of a template, where it stays marked as HTML; into anything else as text.
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        Value::from_safe_string(self.0.clone()).serialize(serializer)
    }
}

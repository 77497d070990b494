//! What the program says to a person: a key into the message files and the values to fill in. The API has the words, in every
//! language.

use std::fmt;

use chrono::{NaiveDate, NaiveTime};

use crate::vocabulary::Vocabulary;

/// A sentence before it is put into words.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Message {
    /// Its key in the message files, such as `referral-consent-missing`.
    pub key: &'static str,
    /// The values to fill in, by name. Never anything that a client sent.
    pub arguments: Vec<(&'static str, Filling)>,
}

/// A value to fill in. Its type decides how a person reads it: codes by their captions, days and months in words, languages and
/// counties by their names. Each type says by `From` what it becomes. No text becomes a filling by itself, so nobody shows a code
/// by mistake.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Filling {
    /// A whole number. A language can tell singular from plural by it.
    Number(i64),
    /// A number with one digit after the point.
    Decimal(String),
    /// Codes of a vocabulary, which are shown by their captions.
    Codes(&'static str, Vec<&'static str>),
    /// A day in Kenya.
    Day(NaiveDate),
    /// The month in Kenya that has this day.
    Month(NaiveDate),
    /// A time of the day in Kenya, such as 14:05.
    Time(String),
    /// A county, by its name.
    County(&'static str),
    /// Languages, by their codes.
    Languages(Vec<String>),
    /// What an organisation calls itself.
    Name(String),
    /// Which of the sentence's variants is said. It isn't shown itself.
    Variant(&'static str),
    /// What a program has to send, letter by letter: names of the interface, for the program's developer.
    Interface(Vec<&'static str>),
}

impl Filling {
    /// A number with one digit after the point.
    pub fn decimal(number: f64) -> Self {
        Self::Decimal(format!("{number:.1}"))
    }

    /// Several codes of a vocabulary.
    pub fn codes<T: Vocabulary>(members: &[T]) -> Self {
        Self::Codes(T::NAME, members.iter().map(|member| member.code()).collect())
    }
}

impl<T: Vocabulary> From<T> for Filling {
    fn from(member: T) -> Self {
        Self::codes(&[member])
    }
}

impl From<i32> for Filling {
    fn from(number: i32) -> Self {
        Self::Number(i64::from(number))
    }
}

impl From<u32> for Filling {
    fn from(number: u32) -> Self {
        Self::Number(i64::from(number))
    }
}

impl From<i64> for Filling {
    fn from(number: i64) -> Self {
        Self::Number(number)
    }
}

impl From<u64> for Filling {
    fn from(number: u64) -> Self {
        Self::Number(i64::try_from(number).unwrap_or(i64::MAX))
    }
}

impl From<usize> for Filling {
    fn from(number: usize) -> Self {
        Self::Number(i64::try_from(number).unwrap_or(i64::MAX))
    }
}

impl From<NaiveDate> for Filling {
    fn from(day: NaiveDate) -> Self {
        Self::Day(day)
    }
}

impl From<NaiveTime> for Filling {
    fn from(time: NaiveTime) -> Self {
        Self::Time(time.format("%H:%M").to_string())
    }
}

impl Message {
    /// The message with this key and nothing to fill in.
    pub fn of(key: &'static str) -> Self {
        Self { key, arguments: Vec::new() }
    }

    /// Fills in a value.
    #[must_use]
    pub fn with(mut self, name: &'static str, value: impl Into<Filling>) -> Self {
        self.arguments.push((name, value.into()));
        self
    }
}

impl From<&'static str> for Message {
    fn from(key: &'static str) -> Self {
        Self::of(key)
    }
}

/// The key and the values, for logs and tests.
impl fmt::Display for Message {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.key)?;
        self.arguments.iter().try_for_each(|(name, value)| write!(formatter, " {name}={value}"))
    }
}

/// The value by its code, for logs and tests.
impl fmt::Display for Filling {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Number(number) => number.fmt(formatter),
            Self::Decimal(text) | Self::Time(text) | Self::Name(text) => formatter.write_str(text),
            Self::Codes(_, codes) => formatter.write_str(&codes.join(" ")),
            Self::Day(day) => day.fmt(formatter),
            Self::Month(month) => month.format("%Y-%m").fmt(formatter),
            Self::Languages(codes) => formatter.write_str(&codes.join(" ")),
            Self::County(text) | Self::Variant(text) => formatter.write_str(text),
            Self::Interface(names) => formatter.write_str(&names.join(", ")),
        }
    }
}

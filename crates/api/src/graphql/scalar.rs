//! The schema's scalars. They take any string. Malformed content becomes a UserError in a mutation, and BAD_REQUEST in a query.

use async_graphql::{InputValueError, InputValueResult, Scalar, ScalarType, Value};
use chrono::{NaiveDate, SecondsFormat, Utc};
use pamoja_domain::month;

macro_rules! text_scalar {
    ($($(#[doc = $doc:literal])+ $name:ident),+ $(,)?) => {$(
        $(#[doc = $doc])+
        #[derive(Clone, Debug, PartialEq, Eq)]
        pub(crate) struct $name(pub(crate) String);

        $(#[doc = $doc])+
        #[Scalar]
        impl ScalarType for $name {
            fn parse(value: Value) -> InputValueResult<Self> {
                match value {
                    Value::String(text) => Ok(Self(text)),
                    other => Err(InputValueError::expected_type(other)),
                }
            }

            fn to_value(&self) -> Value {
                Value::String(self.0.clone())
            }
        }
    )+};
}

text_scalar! {
    /// A moment in RFC 3339, in UTC, such as 2026-10-07T09:30:00Z.
    DateTime,
    /// A day, such as 2026-10-07.
    Date,
    /// A month, such as 2026-10.
    Month,
    /// The code printed on a client's slip, such as K7Q2-9FXM-3TG: ten Crockford base32 symbols (digits and letters) and a check
    /// symbol, which can also be one of * ~ $ = U. Case and dashes do not matter.
    SlipCode,
    /// A client's pseudonym: 26 characters of lower-case RFC 4648 base32 without padding. They hold 128 bits, made on the
    /// sender's own device.
    Pseudonym,
    /// A time of day, such as 09:30, as clocks in Kenya show it. 24:00 is the end of the day.
    TimeOfDay,
    /// A line of an organisation, never of a person: +254 and nine digits, a toll-free number such as 0800720000, or a short code
    /// of three to six digits. Spaces, dashes, dots and brackets make no difference in an input.
    PhoneLine,
    /// An ASCII-armoured age file (age-encryption.org/v1) of at most 24 KiB. The server can't read it.
    SealedText,
}

impl From<chrono::DateTime<Utc>> for DateTime {
    fn from(at: chrono::DateTime<Utc>) -> Self {
        Self(at.to_rfc3339_opts(SecondsFormat::AutoSi, true))
    }
}

impl DateTime {
    /// The moment, or nothing when the text isn't one.
    pub(crate) fn parse(&self) -> Option<chrono::DateTime<Utc>> {
        chrono::DateTime::parse_from_rfc3339(&self.0).ok().map(|at| at.with_timezone(&Utc))
    }
}

impl From<NaiveDate> for Date {
    fn from(day: NaiveDate) -> Self {
        Self(day.format("%Y-%m-%d").to_string())
    }
}

impl From<month::Month> for Month {
    fn from(month: month::Month) -> Self {
        Self(month.to_string())
    }
}

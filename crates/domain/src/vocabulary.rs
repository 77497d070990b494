//! Closed lists of codes. Every enum of the field is declared once here, for all layers.
//!
//! The code is what the database stores and what GraphQL shows. The doc comment of a variant is its description in
//! `schema.graphql`. Neither layer repeats the list.
//!
//! PostgreSQL has a DOMAIN for each vocabulary that it stores, named after it: `service_type` over `text` for [`ServiceType`],
//! and `service_types` over `text[]` for a list of them. If a DOMAIN's codes differ from its vocabulary's,
//! `tests/it/vocabulary.rs` fails and prints the statement for the next migration.
//!
//! [`ServiceType`]: crate::service::ServiceType

use std::fmt::Debug;
use std::hash::Hash;

/// A closed list of codes.
pub trait Vocabulary: Copy + Debug + Eq + Hash + Ord + Send + Sync + 'static {
    /// The list's name in GraphQL.
    const NAME: &'static str;
    /// What the list is about.
    const DESCRIPTION: &'static str;
    /// Every member, in the order in which they are declared.
    const ALL: &'static [Self];

    /// The member's code outside Rust.
    fn code(self) -> &'static str;

    /// What the member means, in a sentence for frontend developers.
    fn description(self) -> &'static str;

    /// The member with this code, or `None`.
    fn from_code(code: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|member| member.code() == code)
    }
}

/// Declares an enum of codes and implements [`Vocabulary`] and serde for it.
#[macro_export]
macro_rules! vocabulary {
    ($(#[doc = $doc:literal])+ pub enum $name:ident {
        $($(#[doc = $variant_doc:literal])+ $variant:ident = $code:literal,)+
    }) => {
        $(#[doc = $doc])+
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum $name {
            $($(#[doc = $variant_doc])+ $variant,)+
        }

        impl $crate::vocabulary::Vocabulary for $name {
            const NAME: &'static str = stringify!($name);
            const DESCRIPTION: &'static str = concat!($($doc, "\n"),+).trim_ascii();
            const ALL: &'static [Self] = &[$(Self::$variant),+];

            fn code(self) -> &'static str {
                match self {
                    $(Self::$variant => $code,)+
                }
            }

            fn description(self) -> &'static str {
                match self {
                    $(Self::$variant => const { concat!($($variant_doc, "\n"),+).trim_ascii() },)+
                }
            }
        }

        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str($crate::vocabulary::Vocabulary::code(*self))
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                formatter.write_str($crate::vocabulary::Vocabulary::code(*self))
            }
        }
    };
}

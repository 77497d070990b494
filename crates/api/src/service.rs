//! Services in the schema.

pub(crate) mod loader;
mod mutation;
mod object;
mod query;
pub mod suggestion;

use pamoja_domain::service::suggestion::SuggestionReasonCode;
use pamoja_domain::service::{Capacity, ServiceGroup, ServiceType};

use crate::i18n::Captioned;

pub(crate) use mutation::ServiceMutation;
pub use object::Service;
pub(crate) use query::ServiceQuery;
pub(crate) use query::{suggestion_cost, suggestions};

/// The vocabularies of this feature whose codes have captions.
pub(crate) const VOCABULARIES: &[Captioned] = &[
    Captioned::of::<Capacity>(),
    Captioned::of::<ServiceGroup>(),
    Captioned::of::<ServiceType>(),
    Captioned::of::<SuggestionReasonCode>(),
];

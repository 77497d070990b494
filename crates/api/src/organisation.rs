//! Organisations in the schema.

mod loader;
mod object;
mod query;

use pamoja_domain::organisation::{MembershipStatus, OrganisationKind, Population};

use crate::i18n::Captioned;

pub(crate) use object::{County, Organisation};
pub(crate) use query::OrganisationQuery;

/// The vocabularies of this feature whose codes have captions.
pub(crate) const VOCABULARIES: &[Captioned] =
    &[Captioned::of::<MembershipStatus>(), Captioned::of::<OrganisationKind>(), Captioned::of::<Population>()];

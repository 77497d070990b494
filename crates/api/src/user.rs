//! Accounts in the schema.

mod loader;
mod object;

use pamoja_domain::user::Role;

use crate::i18n::Captioned;

pub(crate) use object::User;

/// The vocabularies of this feature whose codes have captions.
pub(crate) const VOCABULARIES: &[Captioned] = &[Captioned::of::<Role>()];

//! Who is signed in, and what waits for them.

mod object;
mod query;

use pamoja_domain::access::Permission;

use crate::i18n::Captioned;

pub(crate) use object::Viewer;
pub(crate) use query::ViewerQuery;

/// The vocabularies of this feature whose codes have captions.
pub(crate) const VOCABULARIES: &[Captioned] = &[Captioned::of::<Permission>()];

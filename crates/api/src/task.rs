//! The viewer's tasks in the schema.

mod object;
mod query;

use pamoja_domain::task::TaskKind;

use crate::i18n::Captioned;

pub(crate) use object::{Task, TaskCount, TaskList};
pub(crate) use query::{counts, list};

/// The vocabularies of this feature whose codes have captions.
pub(crate) const VOCABULARIES: &[Captioned] = &[Captioned::of::<TaskKind>()];

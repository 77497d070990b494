//! The loaders of violations: each reads many ids in one statement.

use std::collections::HashMap;

use pamoja_domain::id::ViolationId;
use pamoja_persistence::violation::{self, Looked, Violation};

use super::looking::look_at;
use crate::graphql::loader::{LoadError, Loader, Loaders};

/// Loads the sealed note of a violation that somebody looked at.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct NoteOf(pub ViolationId, pub Looked);

/// A violation, with the proof that the audit says who looks.
impl Loader<ViolationId> for Loaders {
    type Value = (Looked, Violation);

    async fn load(&self, ids: &[ViolationId]) -> Result<HashMap<ViolationId, (Looked, Violation)>, LoadError> {
        let looked = look_at(&self.state, &self.tx, ids).await?;
        let found = violation::by_ids(&self.tx, looked, ids).await?;
        Ok(found.into_iter().map(|found| (found.id, (looked, found))).collect())
    }
}

impl Loader<NoteOf> for Loaders {
    type Value = String;

    async fn load(&self, keys: &[NoteOf]) -> Result<HashMap<NoteOf, String>, LoadError> {
        let Some(NoteOf(_, looked)) = keys.first().copied() else { return Ok(HashMap::new()) };
        let ids: Vec<ViolationId> = keys.iter().map(|key| key.0).collect();
        let notes = violation::notes(&self.tx, looked, &ids).await?;
        Ok(notes.into_iter().map(|(id, note)| (NoteOf(id, looked), note)).collect())
    }
}

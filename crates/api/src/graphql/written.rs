//! Parts of answers that never change, kept as the text that is sent.
//!
//! A published table has hundreds of cells and never changes: resolving and writing them takes six times as long as all else that its
//! request does. So such a part is resolved once for each selection, and its JSON is sent again. In an answer it is a `Value::Binary`, a
//! value that no field of the schema has otherwise; what writes the answer takes its bytes as they are.

use std::num::NonZeroUsize;
use std::sync::{Mutex, PoisonError};

use async_graphql::{Context, SelectionField, Value};
use lru::LruCache;
use sha2::{Digest, Sha256};

use crate::graphql::plain::Plain;

/// How many parts are kept.
const KEPT: NonZeroUsize = NonZeroUsize::new(128).unwrap();
/// The longest part that is kept, in bytes.
const LONGEST: usize = 64 * 1024;

/// What a part depends on.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct PartKey([u8; 32]);

impl PartKey {
    /// The key of a part of an answer: `what` says all that it depends on but its selection, which is that of the field being resolved. None
    /// where the part can't be text.
    pub(crate) fn of(context: &Context<'_>, what: &str) -> Option<Self> {
        if context.data_opt() != Some(&Plain(true)) {
            return None;
        }
        let mut text = what.to_owned();
        select(context.field(), &mut text).then(|| Self(Sha256::digest(text).into()))
    }
}

/// Writes what a field selects. False when it selects something with arguments.
fn select(field: SelectionField<'_>, text: &mut String) -> bool {
    text.push_str(" {");
    for inner in field.selection_set() {
        text.push(' ');
        text.push_str(inner.name());
        if let Some(alias) = inner.alias() {
            text.push(':');
            text.push_str(alias);
        }
        let plain = inner.arguments().is_ok_and(|arguments| arguments.is_empty());
        if !plain || (inner.selection_set().next().is_some() && !select(inner, text)) {
            return false;
        }
    }
    text.push_str(" }");
    true
}

/// The parts that are kept.
pub struct WrittenParts(Mutex<LruCache<PartKey, Value>>);

impl Default for WrittenParts {
    fn default() -> Self {
        Self(Mutex::new(LruCache::new(KEPT)))
    }
}

impl WrittenParts {
    /// The part under that key, if it is kept.
    pub(crate) fn get(&self, key: PartKey) -> Option<Value> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).get(&key).cloned()
    }

    /// Keeps a part that was resolved, as text. What can't be kept stays as it is.
    pub(crate) fn keep(&self, key: PartKey, resolved: Value) -> Value {
        match serde_json::to_vec(&resolved) {
            Ok(text) if text.len() <= LONGEST => {
                let written = Value::Binary(text.into());
                self.0.lock().unwrap_or_else(PoisonError::into_inner).put(key, written.clone());
                written
            }
            _ => resolved,
        }
    }
}

//! Documents that were found good. Partners' frontends send the same few again and again.

use std::num::NonZeroUsize;
use std::sync::{Arc, Mutex, PoisonError};

use lru::LruCache;
use sha2::{Digest, Sha256};

use crate::http::graphql::prepared::GoodDocument;

/// How many documents are kept.
const KEPT: NonZeroUsize = NonZeroUsize::new(500).unwrap();
/// The longest text, in bytes, whose document is kept: parsed, it takes ten times as much memory.
const LONGEST: usize = 8 * 1024;

/// The hash of a document's text.
type Hash = [u8; 32];

/// The documents that are within the limits and valid, parsed and rewritten, by the hashes of their texts. No document is kept that holds a
/// text of its own: it could be anything that was typed in. What depends on variables is looked at each time.
pub(crate) struct KnownDocuments(Mutex<LruCache<Hash, Arc<GoodDocument>>>);

impl Default for KnownDocuments {
    fn default() -> Self {
        Self(Mutex::new(LruCache::new(KEPT)))
    }
}

impl KnownDocuments {
    /// The document of that text, if it is known; or else what `prepare` makes of it, which is kept where it may be.
    ///
    /// # Errors
    /// As `prepare`.
    pub(crate) fn find<E>(&self, text: &str, prepare: impl FnOnce() -> Result<GoodDocument, E>) -> Result<Arc<GoodDocument>, E> {
        if text.len() > LONGEST || text.contains('"') {
            return prepare().map(Arc::new);
        }
        let hash: Hash = Sha256::digest(text).into();
        if let Some(known) = self.0.lock().unwrap_or_else(PoisonError::into_inner).get(&hash) {
            return Ok(Arc::clone(known));
        }
        let document = Arc::new(prepare()?);
        self.0.lock().unwrap_or_else(PoisonError::into_inner).put(hash, Arc::clone(&document));
        Ok(document)
    }
}

#[cfg(test)]
mod tests {
    use async_graphql::parser::{Error, parse_query};

    use super::*;
    use crate::graphql::plain::Plain;

    #[test]
    fn a_document_is_prepared_once_unless_it_holds_a_text_is_long_or_is_refused() {
        let long = format!("{{ viewer {{ {} }} }}", "id ".repeat(LONGEST / 3));
        for (text, times) in [("{ viewer { id } }", 1), ("{ node(id: \"a\") { id } }", 2), (&long, 2), ("{ viewer {", 2)] {
            let documents = KnownDocuments::default();
            let mut prepared = 0;
            for _ in 0..2 {
                let found: Result<_, Error> = documents.find(text, || {
                    prepared += 1;
                    parse_query(text).map(|document| GoodDocument { document, plain: Plain(true) })
                });
                assert_eq!(found.is_ok(), parse_query(text).is_ok());
            }
            assert_eq!(prepared, times, "{text:.40}");
        }
    }
}

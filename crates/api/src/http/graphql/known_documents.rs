//! Documents that were found good. Partners' frontends send the same few again and again.

use std::num::NonZeroUsize;
use std::sync::{Arc, Mutex, PoisonError};

use async_graphql::parser::types::{Directive, ExecutableDocument, Selection, SelectionSet, VariableDefinition};
use async_graphql::{Name, Positioned, Value};
use async_graphql_value::Value as Literal;
use lru::LruCache;
use sha2::{Digest, Sha256};

use crate::http::graphql::prepared::GoodDocument;

/// How many documents are kept.
const KEPT: NonZeroUsize = NonZeroUsize::new(200).unwrap();
/// The longest text, in bytes, whose document is kept.
const LONGEST: usize = 8 * 1024;
/// The most parts of a document that is kept. A part takes some 400 bytes, so all that is kept is below 40 MB whatever is sent; what frontends
/// send takes a tenth of it.
const LARGEST: usize = 500;

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
        if parts(&document.document) > LARGEST {
            return Ok(document);
        }
        self.0.lock().unwrap_or_else(PoisonError::into_inner).put(hash, Arc::clone(&document));
        Ok(document)
    }
}

/// How many parts a document has: selections, directives, variables and values.
fn parts(document: &ExecutableDocument) -> usize {
    let operations = document.operations.iter().map(|(_, operation)| {
        let operation = &operation.node;
        let variables = operation.variable_definitions.iter().map(|definition| {
            let VariableDefinition { directives, default_value, .. } = &definition.node;
            1 + parts_of_directives(directives) + default_value.as_ref().map_or(0, |value| parts_of_constant(&value.node))
        });
        variables.sum::<usize>() + parts_of_directives(&operation.directives) + parts_of(&operation.selection_set.node)
    });
    let fragments = document
        .fragments
        .values()
        .map(|fragment| 1 + parts_of_directives(&fragment.node.directives) + parts_of(&fragment.node.selection_set.node));
    operations.chain(fragments).sum()
}

fn parts_of_directives(directives: &[Positioned<Directive>]) -> usize {
    directives.iter().map(|directive| 1 + parts_of_arguments(&directive.node.arguments)).sum()
}

fn parts_of_arguments(arguments: &[(Positioned<Name>, Positioned<Literal>)]) -> usize {
    arguments.iter().map(|(_, value)| parts_of_value(&value.node)).sum()
}

fn parts_of_value(value: &Literal) -> usize {
    1 + match value {
        Literal::List(elements) => elements.iter().map(parts_of_value).sum(),
        Literal::Object(fields) => fields.values().map(parts_of_value).sum(),
        _ => 0,
    }
}

fn parts_of_constant(value: &Value) -> usize {
    1 + match value {
        Value::List(elements) => elements.iter().map(parts_of_constant).sum(),
        Value::Object(fields) => fields.values().map(parts_of_constant).sum(),
        _ => 0,
    }
}

fn parts_of(set: &SelectionSet) -> usize {
    let parts = set.items.iter().map(|item| {
        let inside = match &item.node {
            Selection::Field(field) => parts_of_arguments(&field.node.arguments) + parts_of(&field.node.selection_set.node),
            Selection::InlineFragment(fragment) => parts_of(&fragment.node.selection_set.node),
            Selection::FragmentSpread(_) => 0,
        };
        1 + parts_of_directives(item.node.directives()) + inside
    });
    parts.sum()
}

#[cfg(test)]
mod tests {
    use async_graphql::parser::{Error, parse_query};

    use super::*;
    use crate::graphql::plain::Plain;

    #[test]
    fn a_document_is_prepared_once_unless_it_holds_a_text_is_long_or_is_refused() {
        let long = format!("{{ viewer {{ {} }} }} #{}", "id ", "-".repeat(LONGEST));
        let large = |of: &str| format!("{{ viewer {{ {of} }} }} fragment F on Viewer {{ id }}");
        let (fields, spreads) = (large(&"id ".repeat(LARGEST)), large(&"...F ".repeat(LARGEST)));
        let (directives, arguments) = (large(&"a @skip(if: $a) ".repeat(LARGEST / 2)), large(&"a(b: $c) ".repeat(LARGEST / 2)));
        let values = large(&format!("a(b: [{}])", "1 ".repeat(LARGEST)));
        let defaults = format!("query ($a: [Int] = [{}]) {{ viewer {{ id }} }}", "1 ".repeat(LARGEST));
        let some = large(&"id ".repeat(LARGEST / 2));
        for (text, times) in [
            ("{ viewer { id } }", 1),
            (&some, 1),
            ("{ node(id: \"a\") { id } }", 2),
            (&long, 2),
            (&fields, 2),
            (&spreads, 2),
            (&directives, 2),
            (&arguments, 2),
            (&values, 2),
            (&defaults, 2),
            ("{ viewer {", 2),
        ] {
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

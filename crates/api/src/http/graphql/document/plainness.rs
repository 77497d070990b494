//! Whether what a document selects can be told from its fields' names alone.

use std::collections::HashMap;

use async_graphql::parser::types::{ExecutableDocument, Selection, SelectionSet};

/// Whether no fields with selections of their own share a response name at one place of an operation, directly or through fragments, and
/// nothing has a directive. The limits, which were checked before, bound the work.
pub(super) fn is_plain(document: &ExecutableDocument) -> bool {
    document.operations.iter().all(|(_, operation)| is_plain_at(document, &operation.node.selection_set.node))
}

/// Whether it is so in this selection set and below it.
fn is_plain_at(document: &ExecutableDocument, set: &SelectionSet) -> bool {
    let mut places = HashMap::new();
    collect(document, set, &mut places) && places.values().all(|set| is_plain_at(document, set))
}

/// Collects the selections of the fields of a set. False when a place is taken already, or something has a directive.
fn collect<'a>(document: &'a ExecutableDocument, set: &'a SelectionSet, places: &mut HashMap<&'a str, &'a SelectionSet>) -> bool {
    set.items.iter().all(|item| {
        let is_kept = item.node.directives().is_empty();
        is_kept
            && match &item.node {
                Selection::Field(field) => {
                    let inner = &field.node.selection_set.node;
                    inner.items.is_empty() || places.insert(field.node.response_key().node.as_str(), inner).is_none()
                }
                Selection::InlineFragment(fragment) => collect(document, &fragment.node.selection_set.node, places),
                Selection::FragmentSpread(spread) => match document.fragments.get(&spread.node.fragment_name.node) {
                    Some(fragment) => collect(document, &fragment.node.selection_set.node, places),
                    None => true,
                },
            }
    })
}

#[cfg(test)]
mod tests {
    use async_graphql::parser::parse_query;

    use super::*;

    #[test]
    fn what_is_selected_twice_at_one_place_or_has_a_directive_is_found() {
        let plain = |text: &str| is_plain(&parse_query(text).expect("a document"));
        for text in [
            "{ a { b c { d } e: c { d } } }",
            "{ a { b b } ... on Query { f { b } } }",
            "{ a { ...F } g { ...F } } fragment F on A { c { d } }",
        ] {
            assert!(plain(text), "{text}");
        }
        for text in [
            "{ a { b } a { c } }",
            "{ a { c { d } ...F } } fragment F on A { c { e } }",
            "{ ... on Query { a { b } } ... { a { c } } }",
            "{ x: a { b } x: a { c } }",
            "{ a { ...F ...F } } fragment F on A { c { d } }",
            "query ($x: Boolean!) { a { b @skip(if: $x) } }",
            "{ a { ... @include(if: false) { b } } }",
            "{ a { ...F @skip(if: true) } } fragment F on A { b }",
            "{ a { ...F } } fragment F on A { b @include(if: true) }",
        ] {
            assert!(!plain(text), "{text}");
        }
    }
}

//! Whether a document selects the same thing twice at one place.

use std::collections::HashMap;

use async_graphql::parser::types::{ExecutableDocument, Selection, SelectionSet};

/// Whether fields with selections of their own share a response name at one place of an operation, directly or through fragments. The
/// limits, which were checked before, bound the work.
pub(super) fn repeats(document: &ExecutableDocument) -> bool {
    document.operations.iter().any(|(_, operation)| at(document, &[&operation.node.selection_set.node]))
}

/// Whether it does at the place where these selection sets are merged, or below it.
fn at(document: &ExecutableDocument, sets: &[&SelectionSet]) -> bool {
    let mut places: HashMap<&str, Vec<&SelectionSet>> = HashMap::new();
    sets.iter().for_each(|set| collect(document, set, &mut places));
    places.values().any(|sets| sets.len() > 1 || at(document, sets))
}

fn collect<'a>(document: &'a ExecutableDocument, set: &'a SelectionSet, places: &mut HashMap<&'a str, Vec<&'a SelectionSet>>) {
    for item in &set.items {
        match &item.node {
            Selection::Field(field) => {
                let inner = &field.node.selection_set.node;
                if !inner.items.is_empty() {
                    places.entry(field.node.response_key().node.as_str()).or_default().push(inner);
                }
            }
            Selection::InlineFragment(fragment) => collect(document, &fragment.node.selection_set.node, places),
            Selection::FragmentSpread(spread) => {
                if let Some(fragment) = document.fragments.get(&spread.node.fragment_name.node) {
                    collect(document, &fragment.node.selection_set.node, places);
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use async_graphql::parser::parse_query;

    use super::*;

    #[test]
    fn what_is_selected_twice_at_one_place_is_found() {
        let repeat = |text: &str| repeats(&parse_query(text).expect("a document"));
        for once in [
            "{ a { b c { d } e: c { d } } }",
            "{ a { b b } ... on Query { f { b } } }",
            "{ a { ...F } g { ...F } } fragment F on A { c { d } }",
        ] {
            assert!(!repeat(once), "{once}");
        }
        for twice in [
            "{ a { b } a { c } }",
            "{ a { c { d } ...F } } fragment F on A { c { e } }",
            "{ ... on Query { a { b } } ... { a { c } } }",
            "{ x: a { b } x: a { c } }",
            "{ a { ...F ...F } } fragment F on A { c { d } }",
        ] {
            assert!(repeat(twice), "{twice}");
        }
    }
}

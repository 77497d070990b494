//! Rewrites a valid document into one that means the same and is executed as it should be.

use std::collections::{HashMap, HashSet};

use async_graphql::parser::types::{
    DocumentOperations, ExecutableDocument, Field, FragmentDefinition, InlineFragment, OperationDefinition, OperationType,
    Selection, SelectionSet, TypeCondition,
};
use async_graphql::{Name, Positioned};

/// Rewrites the document:
/// - Repeated `__typename`s, and repeated spreads of a fragment, become one, because each would be answered for each row.
/// - A fragment's name stands in an inline fragment of its type. Where the library counts complexity, it doesn't look up the type
///   of a named fragment: below an interface it would take the fragment's lists for plain fields.
/// - The root of a subscription becomes the one field that it means, because the library executes no other.
pub(super) fn rewrite(document: &mut ExecutableDocument) {
    let ExecutableDocument { operations, fragments } = document;
    let types = fragments.iter().map(|(name, fragment)| (name.clone(), fragment.node.type_condition.clone())).collect();
    for fragment in fragments.values_mut() {
        simplify(&mut fragment.node.selection_set.node, &types);
    }
    let operations: Vec<&mut Positioned<OperationDefinition>> = match operations {
        DocumentOperations::Single(operation) => vec![operation],
        DocumentOperations::Multiple(operations) => operations.values_mut().collect(),
    };
    for operation in operations {
        let set = &mut operation.node.selection_set.node;
        simplify(set, &types);
        if operation.node.ty == OperationType::Subscription {
            merge_root(set, fragments);
        }
    }
}

/// The types that the fragments are on.
type Types = HashMap<Name, Positioned<TypeCondition>>;

fn simplify(set: &mut SelectionSet, types: &Types) {
    let (mut named, mut spread) = (false, HashSet::new());
    set.items.retain_mut(|item| match &mut item.node {
        Selection::Field(field) if is_bare_type_name(&field.node) => !std::mem::replace(&mut named, true),
        Selection::Field(field) => {
            simplify(&mut field.node.selection_set.node, types);
            true
        }
        Selection::InlineFragment(fragment) => {
            simplify(&mut fragment.node.selection_set.node, types);
            true
        }
        Selection::FragmentSpread(other) if other.node.directives.is_empty() => {
            spread.insert(other.node.fragment_name.node.clone())
        }
        Selection::FragmentSpread(_) => true,
    });
    for item in &mut set.items {
        if let Selection::FragmentSpread(spread) = &item.node
            && let Some(on) = types.get(&spread.node.fragment_name.node)
        {
            let inside = SelectionSet { items: vec![item.clone()] };
            let fragment = InlineFragment {
                type_condition: Some(on.clone()),
                directives: Vec::new(),
                selection_set: Positioned { pos: item.pos, node: inside },
            };
            item.node = Selection::InlineFragment(Positioned { pos: item.pos, node: fragment });
        }
    }
}

fn is_bare_type_name(field: &Field) -> bool {
    field.name.node == "__typename" && field.alias.is_none() && field.directives.is_empty()
}

/// Replaces what the root selects by one field, which has the selections of all fields that were there. That they have the same
/// name, arguments and response name, and no condition, the validator has seen to.
fn merge_root(set: &mut SelectionSet, fragments: &HashMap<Name, Positioned<FragmentDefinition>>) {
    let mut merged: Option<Positioned<Field>> = None;
    let mut seen = HashSet::new();
    collect(set, fragments, &mut seen, &mut |field| match &mut merged {
        None => merged = Some(field.clone()),
        Some(merged) => {
            let more = field.node.selection_set.node.items.iter().cloned();
            merged.node.selection_set.node.items.extend(more);
        }
    });
    if let Some(field) = merged {
        set.items = vec![Positioned { pos: field.pos, node: Selection::Field(field) }];
    }
}

fn collect<'a>(
    set: &'a SelectionSet,
    fragments: &'a HashMap<Name, Positioned<FragmentDefinition>>,
    seen: &mut HashSet<&'a Name>,
    found: &mut impl FnMut(&'a Positioned<Field>),
) {
    for item in &set.items {
        match &item.node {
            Selection::Field(field) => found(field),
            Selection::InlineFragment(fragment) => collect(&fragment.node.selection_set.node, fragments, seen, found),
            Selection::FragmentSpread(spread) => {
                if let Some((name, fragment)) = fragments.get_key_value(&spread.node.fragment_name.node)
                    && seen.insert(name)
                {
                    collect(&fragment.node.selection_set.node, fragments, seen, found);
                }
            }
        }
    }
}

//! Rewrites a valid document into one that means the same and is executed as it should be.

use std::collections::{HashMap, HashSet};

use async_graphql::parser::types::{
    DocumentOperations, ExecutableDocument, Field, FragmentDefinition, InlineFragment, OperationDefinition, OperationType,
    Selection, SelectionSet, TypeCondition,
};
use async_graphql::{Name, Positioned, Value, Variables};
use async_graphql_value::Value as Literal;

/// Rewrites the document:
/// - Repeated `__typename`s become one, because each would be answered for each row.
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

/// Does what the variables decide:
/// - The arguments and the fields of input objects whose value is a variable that nobody gave are left out: their defaults count
///   then, as the specification's CoerceArgumentValues has it. The library would take them for null. In a list they are null.
/// - What is skipped is left out, so that it has no price; but where nothing would be left it stays, for a set can't be empty.
pub(super) fn apply(document: &mut ExecutableDocument, variables: &Variables) {
    let ExecutableDocument { operations, fragments } = document;
    let of_operations: Vec<&mut SelectionSet> = match operations {
        DocumentOperations::Single(operation) => vec![&mut operation.node.selection_set.node],
        DocumentOperations::Multiple(operations) => {
            operations.values_mut().map(|operation| &mut operation.node.selection_set.node).collect()
        }
    };
    let of_fragments = fragments.values_mut().map(|fragment| &mut fragment.node.selection_set.node);
    for set in of_operations.into_iter().chain(of_fragments) {
        apply_to(set, variables);
    }
}

fn apply_to(set: &mut SelectionSet, variables: &Variables) {
    if set.items.iter().any(|item| !is_skipped(&item.node, variables)) {
        set.items.retain(|item| !is_skipped(&item.node, variables));
    }
    for item in &mut set.items {
        match &mut item.node {
            Selection::Field(field) => {
                field.node.arguments.retain_mut(|(_, value)| is_given(&mut value.node, variables));
                apply_to(&mut field.node.selection_set.node, variables);
            }
            Selection::InlineFragment(fragment) => apply_to(&mut fragment.node.selection_set.node, variables),
            Selection::FragmentSpread(_) => {}
        }
    }
}

fn is_skipped(selection: &Selection, variables: &Variables) -> bool {
    selection.directives().iter().any(|directive| {
        let when = match directive.node.name.node.as_str() {
            "skip" => true,
            "include" => false,
            _ => return false,
        };
        match directive.node.get_argument("if").map(|value| &value.node) {
            Some(Literal::Boolean(given)) => *given == when,
            Some(Literal::Variable(name)) => variables.get(name) == Some(&Value::Boolean(when)),
            _ => false,
        }
    })
}

/// Whether it is anything else than a variable that nobody gave. Takes such variables out of what is inside it.
fn is_given(value: &mut Literal, variables: &Variables) -> bool {
    match value {
        Literal::Variable(name) => variables.contains_key(name),
        Literal::Object(fields) => {
            fields.retain(|_, value| is_given(value, variables));
            true
        }
        Literal::List(elements) => {
            for element in elements {
                if !is_given(element, variables) {
                    *element = Literal::Null;
                }
            }
            true
        }
        _ => true,
    }
}

/// The types that the fragments are on.
type Types = HashMap<Name, Positioned<TypeCondition>>;

fn simplify(set: &mut SelectionSet, types: &Types) {
    let mut named = false;
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

//! A request that was found good, and the library's request that is made of it.

use std::sync::Arc;

use async_graphql::parser::types::{DocumentOperations, ExecutableDocument, OperationType, Selection, SelectionSet};
use async_graphql::{Request, Value, Variables};
use async_graphql_value::Value as Literal;

use crate::graphql::plain::Plain;
use crate::graphql::session_activity::Initiative;

/// How a request is executed.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Manner {
    /// Who began it.
    pub initiative: Initiative,
    /// Whether one of its root fields counts the organisation's records.
    pub counts: bool,
}

/// A document within the limits and valid, rewritten so that it is executed as it should be.
pub(crate) struct GoodDocument {
    /// The document.
    pub document: ExecutableDocument,
    /// Whether what it selects can be answered with text.
    pub plain: Plain,
}

/// A request that may be executed.
pub(crate) struct Prepared {
    /// The document, as it was found good.
    pub document: Arc<GoodDocument>,
    /// The values of its variables.
    pub variables: Variables,
    /// Which of its operations is executed, where it has several.
    pub operation_name: Option<String>,
    /// What kind of operation it is.
    pub kind: OperationType,
    /// The names of its root fields that the schema knows, as many as a log line names.
    pub fields: Vec<String>,
    /// How it is executed.
    pub manner: Manner,
}

impl Prepared {
    /// The request for the engine, with its document parsed. It doesn't have the text, which nobody needs any more: what isn't kept can't be
    /// logged.
    pub(crate) fn request(&self) -> Request {
        let GoodDocument { document, plain } = &*self.document;
        let mut document = document.clone();
        apply(&mut document, &self.variables);
        let mut request = Request::new(String::new()).variables(self.variables.clone()).data(*plain);
        request.operation_name.clone_from(&self.operation_name);
        request.set_parsed_query(document);
        request
    }
}

/// Does what the variables decide:
/// - The arguments and the fields of input objects whose value is a variable that nobody gave are left out: their defaults count
///   then, as the specification's CoerceArgumentValues has it. The library would take them for null. In a list they are null.
/// - What is skipped is left out, so that it has no price; but where nothing would be left it stays, for a set can't be empty.
fn apply(document: &mut ExecutableDocument, variables: &Variables) {
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
        // Those that a directive lets stay are one, as those without a directive are.
        let mut named = false;
        set.items.retain(|item| !is_type_name(&item.node) || !std::mem::replace(&mut named, true));
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

/// Whether it is `__typename` under its own name.
fn is_type_name(selection: &Selection) -> bool {
    matches!(selection, Selection::Field(field) if field.node.name.node == "__typename" && field.node.alias.is_none())
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

#[cfg(test)]
mod tests {
    use async_graphql::parser::parse_query;
    use serde_json::json;

    use super::*;

    #[test]
    fn the_names_of_types_that_a_directive_lets_stay_are_one() {
        let named = "__typename @include(if: $yes) __typename @skip(if: $yes) ".repeat(20);
        for (query, left) in [
            (format!("query ($yes: Boolean!) {{ a {{ {named} __typename b t: __typename }} }}"), 3),
            (format!("query ($yes: Boolean!) {{ a {{ {named} }} }}"), 1),
        ] {
            let mut document = parse_query(query).expect("a document");
            apply(&mut document, &Variables::from_json(json!({ "yes": true })));
            let DocumentOperations::Single(operation) = &document.operations else { panic!("one operation") };
            let Selection::Field(field) = &operation.node.selection_set.node.items[0].node else { panic!("a field") };
            assert_eq!(field.node.selection_set.node.items.len(), left);
        }
    }
}

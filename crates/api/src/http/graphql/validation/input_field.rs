//! The specification's 5.6.3: an input object names each field once.

use std::collections::HashSet;

use apollo_compiler::Node;
use apollo_compiler::ast::Value;
use apollo_compiler::executable::{Directive, ExecutableDocument, Selection, SelectionSet};

use super::problem::{Problem, located};

/// Notes each field that an input object in the document names again.
pub(super) fn check(document: &ExecutableDocument, problems: &mut Vec<Problem>) {
    let mut values = Vec::new();
    for operation in document.operations.iter() {
        values.extend(operation.variables.iter().filter_map(|variable| variable.default_value.as_ref()));
        values.extend(of_directives(&operation.directives));
        collect(&operation.selection_set, &mut values);
    }
    for fragment in document.fragments.values() {
        values.extend(of_directives(&fragment.directives));
        collect(&fragment.selection_set, &mut values);
    }
    while let Some(value) = values.pop() {
        match &**value {
            Value::List(elements) => values.extend(elements),
            Value::Object(fields) => {
                let mut names = HashSet::new();
                for (name, field) in fields {
                    if !names.insert(name) {
                        let message = format!("the input field `{name}` is given several times");
                        problems.push(Problem { message, location: located(document, field) });
                    }
                    values.push(field);
                }
            }
            _ => {}
        }
    }
}

fn of_directives(directives: &[Node<Directive>]) -> impl Iterator<Item = &Node<Value>> {
    directives.iter().flat_map(|directive| &directive.arguments).map(|argument| &argument.value)
}

fn collect<'a>(set: &'a SelectionSet, values: &mut Vec<&'a Node<Value>>) {
    for selection in &set.selections {
        values.extend(of_directives(selection.directives()));
        match selection {
            Selection::Field(field) => {
                values.extend(field.arguments.iter().map(|argument| &argument.value));
                collect(&field.selection_set, values);
            }
            Selection::InlineFragment(fragment) => collect(&fragment.selection_set, values),
            Selection::FragmentSpread(_) => {}
        }
    }
}

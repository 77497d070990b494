//! The specification's 5.8.5: a variable stands only where its type fits. The library checks whole arguments; this also checks
//! what stands inside lists and input objects.

use std::collections::HashMap;

use apollo_compiler::ast::{Type, Value, VariableDefinition};
use apollo_compiler::executable::ExecutableDocument;
use apollo_compiler::{Name, Node, Schema};

use super::problem::{Problem, located};
use super::walk;

/// Notes each variable that stands where its type doesn't fit.
pub(super) fn check(schema: &Schema, document: &ExecutableDocument, problems: &mut Vec<Problem>) {
    for operation in document.operations.iter() {
        let variables = operation.variables.iter().map(|variable| (&variable.name, variable)).collect();
        let check = Check { schema, document, variables };
        for (argument, definition) in walk::arguments(schema, document, operation) {
            check.value(&argument.value, Place { ty: &definition.ty, has_default: has_default(definition) }, problems);
        }
    }
}

/// A place in which a value stands.
#[derive(Clone, Copy)]
struct Place<'a> {
    ty: &'a Type,
    /// Whether the place has a value of its own when none comes.
    has_default: bool,
}

fn has_default(definition: &apollo_compiler::ast::InputValueDefinition) -> bool {
    definition.default_value.as_ref().is_some_and(|default| !default.is_null())
}

struct Check<'a> {
    schema: &'a Schema,
    document: &'a ExecutableDocument,
    variables: HashMap<&'a Name, &'a Node<VariableDefinition>>,
}

impl Check<'_> {
    fn value(&self, value: &Node<Value>, place: Place<'_>, problems: &mut Vec<Problem>) {
        match &**value {
            Value::Variable(name) => {
                // A variable that isn't defined is the library's to tell.
                if let Some(variable) = self.variables.get(name)
                    && !fits(variable, place)
                {
                    let (from, to) = (&variable.ty, place.ty);
                    let message = format!("variable `${name}` of type `{from}` cannot be used where `{to}` is expected");
                    problems.push(Problem { message, location: located(self.document, value) });
                }
            }
            Value::List(elements) => {
                let place = Place { ty: place.ty.item_type(), has_default: false };
                elements.iter().for_each(|element| self.value(element, place, problems));
            }
            Value::Object(fields) => {
                let Some(object) = self.schema.get_input_object(place.ty.inner_named_type()) else { return };
                for (name, value) in fields {
                    if let Some(definition) = object.fields.get(name) {
                        let place = Place { ty: &definition.ty, has_default: has_default(definition) };
                        self.value(value, place, problems);
                    }
                }
            }
            _ => {}
        }
    }
}

/// The specification's IsVariableUsageAllowed.
fn fits(variable: &VariableDefinition, place: Place<'_>) -> bool {
    if place.ty.is_non_null() && !variable.ty.is_non_null() {
        let has_value = variable.default_value.as_ref().is_some_and(|default| !default.is_null());
        return (has_value || place.has_default) && variable.ty.is_assignable_to(&place.ty.clone().nullable());
    }
    variable.ty.is_assignable_to(place.ty)
}

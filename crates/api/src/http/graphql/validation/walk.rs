//! A walk over all arguments of an operation, its fragments' included, with the definitions that the schema has for them.

use std::collections::HashSet;

use apollo_compiler::ast::{Argument, InputValueDefinition};
use apollo_compiler::executable::{Directive, ExecutableDocument, Operation, Selection, SelectionSet};
use apollo_compiler::{Name, Node, Schema};

/// Each argument of the operation whose definition is known, with that. A fragment is walked once, however often it is spread.
pub(super) fn arguments<'a>(
    schema: &'a Schema,
    document: &'a ExecutableDocument,
    operation: &'a Operation,
) -> Vec<(&'a Node<Argument>, &'a InputValueDefinition)> {
    let mut walk = Walk { schema, document, seen: HashSet::new(), found: Vec::new() };
    walk.directives(&operation.directives);
    walk.selections(&operation.selection_set);
    walk.found
}

struct Walk<'a> {
    schema: &'a Schema,
    document: &'a ExecutableDocument,
    seen: HashSet<&'a Name>,
    found: Vec<(&'a Node<Argument>, &'a InputValueDefinition)>,
}

impl<'a> Walk<'a> {
    fn selections(&mut self, set: &'a SelectionSet) {
        for selection in &set.selections {
            self.directives(selection.directives());
            match selection {
                Selection::Field(field) => {
                    self.note(&field.arguments, &field.definition.arguments);
                    self.selections(&field.selection_set);
                }
                Selection::InlineFragment(fragment) => self.selections(&fragment.selection_set),
                Selection::FragmentSpread(spread) => {
                    if let Some((name, fragment)) = self.document.fragments.get_key_value(&spread.fragment_name)
                        && self.seen.insert(name)
                    {
                        self.directives(&fragment.directives);
                        self.selections(&fragment.selection_set);
                    }
                }
            }
        }
    }

    fn directives(&mut self, directives: &'a [Node<Directive>]) {
        for directive in directives {
            if let Some(definition) = self.schema.directive_definitions.get(&directive.name) {
                self.note(&directive.arguments, &definition.arguments);
            }
        }
    }

    fn note(&mut self, arguments: &'a [Node<Argument>], definitions: &'a [Node<InputValueDefinition>]) {
        for argument in arguments {
            if let Some(definition) = definitions.iter().find(|definition| definition.name == argument.name) {
                self.found.push((argument, definition));
            }
        }
    }
}

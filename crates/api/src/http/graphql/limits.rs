//! The limits on what one document may ask for, counted on the parsed document before it is validated or executed.
//!
//! What is written is counted as often as it is written: a fragment once, however often it is spread. What is done is counted as
//! often as it is done: depth, selections and the price of introspection, with fragments expanded. The schema's complexity, which
//! counts what is answered, is checked by the engine.

use std::collections::HashMap;

use async_graphql::parser::types::{Directive, ExecutableDocument, Field, OperationType, Selection, SelectionSet};
use async_graphql::{Name, Positioned, Variables};

use crate::error_code::ErrorCode;
use crate::http::code::Rejection;
use crate::http::limit;

mod lists;
mod price;
mod shape;

pub(crate) use price::Lengths;
use shape::Shape;

/// How deep the walk itself goes. No document that passes is half so deep, and a thread's stack holds it.
pub(crate) const WALK: usize = 128;

/// What the root fields of a document ask for.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Roots {
    /// Whether `__schema` or `__type` is among them.
    pub introspects: bool,
    /// Whether a field of ours is among them.
    pub reads: bool,
}

/// Checks the variables against the limits.
///
/// # Errors
/// TOO_COSTLY that names the limit.
pub(crate) fn check_variables(variables: &Variables) -> Result<(), Rejection> {
    limit::VARIABLES.check(variables.len())?;
    variables.iter().try_for_each(|(name, value)| lists::check_value(name, value))
}

/// Checks the document and the variables against the limits, and returns what the root fields ask for.
///
/// # Errors
/// TOO_COSTLY that names the limit; BAD_REQUEST when fragments spread each other in a circle.
pub(crate) fn check(document: &ExecutableDocument, variables: &Variables, lengths: &Lengths) -> Result<Roots, Rejection> {
    limit::OPERATIONS.check(document.operations.iter().count())?;
    limit::FRAGMENTS.check(document.fragments.len())?;
    check_variables(variables)?;
    let mut walk = Walk { document, lengths, fields: 0, aliases: 0, fragments: HashMap::new(), inside: Vec::new(), sets: 0 };
    let mut whole = Shape::default();
    for (_, operation) in document.operations.iter() {
        let operation = &operation.node;
        walk.directives(&operation.directives)?;
        limit::VARIABLES.check(operation.variable_definitions.len())?;
        for definition in &operation.variable_definitions {
            walk.directives(&definition.node.directives)?;
            if let Some(default) = &definition.node.default_value {
                lists::check_default(&default.node)?;
            }
        }
        let shape = walk.selections(&operation.selection_set.node)?;
        if operation.ty == OperationType::Mutation {
            limit::MUTATIONS.check(shape.roots_read)?;
        }
        whole = whole.beside(shape);
    }
    // Fragments that no operation uses are counted too: they are validated all the same.
    let mut unused = Shape::default();
    for (name, fragment) in &document.fragments {
        walk.directives(&fragment.node.directives)?;
        if !walk.fragments.contains_key(name) {
            unused = unused.beside(walk.fragment(name)?);
        }
    }
    let roots = Roots { introspects: whole.introspects, reads: whole.roots_read > 0 };
    let (depth, nesting) = if roots.introspects && !roots.reads {
        (limit::INTROSPECTION_DEPTH, limit::INTROSPECTION_NESTING)
    } else {
        (limit::DEPTH, limit::NESTING)
    };
    let all = whole.beside(unused);
    limit::FIELDS.check(walk.fields)?;
    limit::ALIASES.check(walk.aliases)?;
    depth.check(all.depth)?;
    nesting.check(all.nesting)?;
    limit::SELECTIONS.check(all.selections)?;
    limit::SCHEMA_LISTS.check(all.schema_lists)?;
    limit::INTROSPECTION.check(whole.price)?;
    Ok(roots)
}

/// Visits every selection set of the document once.
struct Walk<'a> {
    document: &'a ExecutableDocument,
    lengths: &'a Lengths,
    /// Fields, as often as they are written.
    fields: usize,
    /// Aliases, as often as they are written.
    aliases: usize,
    /// What the fragments that were visited do wherever they are spread.
    fragments: HashMap<&'a Name, Shape>,
    /// The fragments around the walk's position.
    inside: Vec<&'a Name>,
    /// How many selection sets are around the walk's position.
    sets: usize,
}

impl<'a> Walk<'a> {
    fn selections(&mut self, set: &'a SelectionSet) -> Result<Shape, Rejection> {
        self.sets += 1;
        if self.sets > WALK {
            return Err(limit::NESTING.exceeded(self.sets));
        }
        let mut whole = Shape::default();
        for item in &set.items {
            self.directives(item.node.directives())?;
            whole = whole.beside(match &item.node {
                Selection::Field(field) => self.field(&field.node)?,
                Selection::InlineFragment(fragment) => self.selections(&fragment.node.selection_set.node)?.spread(),
                Selection::FragmentSpread(spread) => self.fragment(&spread.node.fragment_name.node)?.spread(),
            });
        }
        self.sets -= 1;
        Ok(whole)
    }

    fn field(&mut self, field: &'a Field) -> Result<Shape, Rejection> {
        let name = field.name.node.as_str();
        // Clients add it to every selection, it answers nothing that they hadn't learnt, and all of a set are answered as one.
        if name == "__typename" && field.alias.is_none() && field.directives.is_empty() {
            return Ok(Shape::default());
        }
        self.fields += 1;
        self.aliases += usize::from(field.alias.is_some());
        field.arguments.iter().try_for_each(|(_, value)| lists::check_literal(&value.node))?;
        let set = &field.selection_set.node;
        let inside = if set.items.is_empty() { None } else { Some(self.selections(set)?) };
        Ok(Shape::of_field(name, inside, self.lengths))
    }

    /// Walks a fragment the first time. An unknown fragment is left to the validator.
    fn fragment(&mut self, name: &Name) -> Result<Shape, Rejection> {
        let Some((name, fragment)) = self.document.fragments.get_key_value(name) else { return Ok(Shape::default()) };
        if let Some(known) = self.fragments.get(name) {
            return Ok(*known);
        }
        if self.inside.contains(&name) {
            return Err(Rejection::new(ErrorCode::BadRequest, "Fragments of this document go round in a circle."));
        }
        self.inside.push(name);
        let shape = self.selections(&fragment.node.selection_set.node)?;
        self.inside.pop();
        self.fragments.insert(name, shape);
        Ok(shape)
    }

    fn directives(&self, directives: &[Positioned<Directive>]) -> Result<(), Rejection> {
        limit::DIRECTIVES.check(directives.len())?;
        let mut arguments = directives.iter().flat_map(|directive| &directive.node.arguments);
        arguments.try_for_each(|(_, value)| lists::check_literal(&value.node))
    }
}

#[cfg(test)]
mod tests;

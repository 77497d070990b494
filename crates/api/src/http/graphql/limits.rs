//! The limits on what one document may ask for, counted on the parsed document before it is validated or executed.
//!
//! The library limits neither aliases nor `__typename`, and its own checks walk a fragment as often as it is spread.

use std::collections::HashSet;

use async_graphql::parser::types::{Directive, ExecutableDocument, Field, OperationType, Selection, SelectionSet};
use async_graphql::{Name, Positioned, Value, Variables};
use async_graphql_value::Value as Literal;

use crate::error_code::ErrorCode;
use crate::http::code::Rejection;

/// The largest cost of a document: roughly the number of fields in its largest possible answer.
pub(crate) const MAXIMUM_COMPLEXITY: usize = 6_000;

/// How much one document may hold.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Budget {
    /// Aliases, with fragments expanded.
    pub aliases: usize,
    /// Fields, with fragments expanded.
    pub fields: usize,
    /// How deep fields nest.
    pub depth: usize,
    /// How deep selection sets nest inside the operation's own, fragments' included.
    pub nesting: usize,
}

/// The budget of documents that read or change something.
pub(crate) const ORDINARY: Budget = Budget { aliases: 30, fields: 100, depth: 12, nesting: 12 };
/// The budget of documents that only introspect: those of common tools go deeper, and they cost no statement.
pub(crate) const INTROSPECTION: Budget = Budget { aliases: 30, fields: 300, depth: 20, nesting: 24 };
/// The largest number of operations in a document.
pub(crate) const OPERATIONS: usize = 5;
/// The largest number of fragments in a document.
pub(crate) const FRAGMENTS: usize = 10;
/// The largest number of directives on one element.
pub(crate) const DIRECTIVES: usize = 4;
/// The largest number of elements in a list, in the document or in a variable.
pub(crate) const LIST: usize = 100;
/// Lists that may be longer: the input field or variable whose value they are, and their limit. The mutation itself has a lower
/// limit and names it in words for a person; to do so it must be able to read a longer list. A body has no room for more than
/// this.
const LONG_LISTS: [(&str, usize); 1] = [("rotations", 1_000)];
/// The same for lists of ids.
const LONG_LISTS_OF_IDS: [(&str, usize); 1] = [("referralIds", 1_000)];
/// The largest number of root fields in a mutation; each is a transaction.
pub(crate) const MUTATIONS: usize = 10;
/// The largest number of selections visited. It stops documents whose fragments only spread further fragments.
const STEPS: usize = 1_000;

/// What the root fields of a document ask for.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Roots {
    /// Whether `__schema` or `__type` is among them.
    pub introspects: bool,
    /// Whether a field of ours is among them.
    pub reads: bool,
}

/// Checks the document and the variables against the limits, and returns what the root fields ask for.
///
/// # Errors
/// TOO_COSTLY that names the limit; BAD_REQUEST when fragments spread each other in a circle.
pub(crate) fn check(document: &ExecutableDocument, variables: &Variables) -> Result<Roots, Rejection> {
    at_most("operations", document.operations.iter().count(), OPERATIONS)?;
    at_most("fragments", document.fragments.len(), FRAGMENTS)?;
    for (name, value) in variables.iter() {
        constant(value, Lists::of(name))?;
    }
    let mut walk = Walk::new(document, ORDINARY);
    for (_, operation) in document.operations.iter() {
        walk.roots(&operation.node.selection_set.node, &mut Vec::new())?;
    }
    let roots = walk.found;
    let budget = if roots.introspects && !roots.reads { INTROSPECTION } else { ORDINARY };
    walk = Walk::new(document, budget);
    for (_, operation) in document.operations.iter() {
        let operation = &operation.node;
        walk.directives(&operation.directives)?;
        for definition in &operation.variable_definitions {
            walk.directives(&definition.node.directives)?;
            if let Some(default) = &definition.node.default_value {
                constant(&default.node, Lists::COMMON)?;
            }
        }
        walk.root_fields = 0;
        walk.selections(&operation.selection_set.node, 1, 0)?;
        if operation.ty == OperationType::Mutation {
            at_most("root fields in a mutation", walk.root_fields, MUTATIONS)?;
        }
    }
    // The library validates fragments even if no operation uses them.
    for (name, fragment) in &document.fragments {
        walk.directives(&fragment.node.directives)?;
        if !walk.expanded.contains(name) {
            walk.fragment(name, 1, 0)?;
        }
    }
    Ok(roots)
}

/// The lists of introspection. Tools nest types, fields, arguments, and then a type's possible types or interfaces.
const SCHEMA_LISTS: [&str; 8] =
    ["types", "fields", "args", "inputFields", "enumValues", "interfaces", "possibleTypes", "directives"];
/// How deep these lists may nest.
const NESTED_SCHEMA_LISTS: usize = 3;

fn at_most(what: &str, count: usize, limit: usize) -> Result<(), Rejection> {
    if count <= limit {
        return Ok(());
    }
    Err(Rejection::new(ErrorCode::TooCostly, format!("This asks for too much at once: at most {limit} {what}.")))
}

/// How long the lists of one field or variable may be.
#[derive(Clone, Copy)]
struct Lists {
    of_objects: usize,
    of_ids: usize,
    of_others: usize,
}

impl Lists {
    const COMMON: Self = Self { of_objects: LIST, of_ids: LIST, of_others: LIST };

    /// The limits of a list that is the value of that input field or variable.
    fn of(field: &Name) -> Self {
        let longer =
            |lists: &[(&str, usize)]| lists.iter().find(|(name, _)| *name == field.as_str()).map_or(LIST, |(_, limit)| *limit);
        Self { of_objects: longer(&LONG_LISTS), of_ids: longer(&LONG_LISTS_OF_IDS), of_others: LIST }
    }

    /// The limit of a list whose elements are all objects, or all texts, or something else.
    fn limit(self, all_objects: bool, all_texts: bool) -> usize {
        match (all_objects, all_texts) {
            (true, _) => self.of_objects,
            (_, true) => self.of_ids,
            _ => self.of_others,
        }
    }
}

fn literal(value: &Literal, lists: Lists) -> Result<(), Rejection> {
    match value {
        Literal::List(elements) => {
            let objects = elements.iter().all(|element| matches!(element, Literal::Object(_)));
            let texts = elements.iter().all(|element| matches!(element, Literal::String(_)));
            at_most("elements in a list", elements.len(), lists.limit(objects, texts))?;
            elements.iter().try_for_each(|element| literal(element, Lists::COMMON))
        }
        Literal::Object(fields) => fields.iter().try_for_each(|(name, value)| literal(value, Lists::of(name))),
        _ => Ok(()),
    }
}

fn constant(value: &Value, lists: Lists) -> Result<(), Rejection> {
    match value {
        Value::List(elements) => {
            // What has the same name and other elements stays within the common limit.
            let objects = elements.iter().all(|element| matches!(element, Value::Object(_)));
            let texts = elements.iter().all(|element| matches!(element, Value::String(_)));
            at_most("elements in a list", elements.len(), lists.limit(objects, texts))?;
            elements.iter().try_for_each(|element| constant(element, Lists::COMMON))
        }
        Value::Object(fields) => fields.iter().try_for_each(|(name, value)| constant(value, Lists::of(name))),
        _ => Ok(()),
    }
}

struct Walk<'a> {
    document: &'a ExecutableDocument,
    budget: Budget,
    found: Roots,
    aliases: usize,
    fields: usize,
    root_fields: usize,
    steps: usize,
    /// The introspection lists around the walk's position: each multiplies the answer by its length.
    schema_lists: usize,
    inside: Vec<&'a Name>,
    expanded: HashSet<&'a Name>,
}

impl<'a> Walk<'a> {
    fn new(document: &'a ExecutableDocument, budget: Budget) -> Self {
        Self {
            document,
            budget,
            found: Roots::default(),
            aliases: 0,
            fields: 0,
            root_fields: 0,
            steps: 0,
            schema_lists: 0,
            inside: Vec::new(),
            expanded: HashSet::new(),
        }
    }

    fn step(&mut self) -> Result<(), Rejection> {
        self.steps += 1;
        at_most("selections, fragments expanded", self.steps, STEPS)
    }

    /// Looks only at the root fields, which decide the budget.
    fn roots(&mut self, set: &'a SelectionSet, inside: &mut Vec<&'a Name>) -> Result<(), Rejection> {
        for item in &set.items {
            self.step()?;
            match &item.node {
                Selection::Field(field) => match field.node.name.node.as_str() {
                    "__schema" | "__type" => self.found.introspects = true,
                    "__typename" => {}
                    _ => self.found.reads = true,
                },
                Selection::InlineFragment(fragment) => {
                    at_most("nested selections", inside.len(), ORDINARY.nesting)?;
                    self.roots(&fragment.node.selection_set.node, inside)?;
                }
                Selection::FragmentSpread(spread) => {
                    if let Some((name, fragment)) = self.document.fragments.get_key_value(&spread.node.fragment_name.node) {
                        enter(inside, name)?;
                        self.roots(&fragment.node.selection_set.node, inside)?;
                        inside.pop();
                    }
                }
            }
        }
        Ok(())
    }

    fn selections(&mut self, set: &'a SelectionSet, depth: usize, nesting: usize) -> Result<(), Rejection> {
        at_most("nested selections", nesting, self.budget.nesting)?;
        for item in &set.items {
            self.step()?;
            self.directives(item.node.directives())?;
            match &item.node {
                Selection::Field(field) => self.field(&field.node, depth, nesting)?,
                Selection::InlineFragment(fragment) => {
                    self.selections(&fragment.node.selection_set.node, depth, nesting + 1)?;
                }
                Selection::FragmentSpread(spread) => {
                    self.fragment(&spread.node.fragment_name.node, depth, nesting + 1)?;
                }
            }
        }
        Ok(())
    }

    fn field(&mut self, field: &'a Field, depth: usize, nesting: usize) -> Result<(), Rejection> {
        at_most("fields inside each other", depth, self.budget.depth)?;
        self.fields += 1;
        at_most("fields", self.fields, self.budget.fields)?;
        self.aliases += usize::from(field.alias.is_some());
        at_most("aliases", self.aliases, self.budget.aliases)?;
        self.root_fields += usize::from(depth == 1);
        field.arguments.iter().try_for_each(|(_, value)| literal(&value.node, Lists::COMMON))?;
        if field.selection_set.node.items.is_empty() {
            return Ok(());
        }
        let schema_list = SCHEMA_LISTS.contains(&field.name.node.as_str());
        self.schema_lists += usize::from(schema_list);
        at_most("lists of the schema inside each other", self.schema_lists, NESTED_SCHEMA_LISTS)?;
        let inside = self.selections(&field.selection_set.node, depth + 1, nesting + 1);
        self.schema_lists -= usize::from(schema_list);
        inside
    }

    /// Walks a fragment. An unknown fragment is left to the validator.
    fn fragment(&mut self, name: &Name, depth: usize, nesting: usize) -> Result<(), Rejection> {
        let Some((name, fragment)) = self.document.fragments.get_key_value(name) else { return Ok(()) };
        self.expanded.insert(name);
        enter(&mut self.inside, name)?;
        self.selections(&fragment.node.selection_set.node, depth, nesting)?;
        self.inside.pop();
        Ok(())
    }

    fn directives(&self, directives: &[Positioned<Directive>]) -> Result<(), Rejection> {
        at_most("directives on one element", directives.len(), DIRECTIVES)?;
        directives
            .iter()
            .flat_map(|directive| &directive.node.arguments)
            .try_for_each(|(_, value)| literal(&value.node, Lists::COMMON))
    }
}

fn enter<'a>(inside: &mut Vec<&'a Name>, name: &'a Name) -> Result<(), Rejection> {
    if inside.contains(&name) {
        return Err(Rejection::new(ErrorCode::BadRequest, "Fragments of this document go round in a circle."));
    }
    inside.push(name);
    Ok(())
}

#[cfg(test)]
mod tests;

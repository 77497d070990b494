//! How long lists may be, in the document and in variables.

use async_graphql::{Name, Value};
use async_graphql_value::Value as Literal;

use crate::http::code::Rejection;
use crate::http::limit::{self, Limit};

/// Lists that may be longer: the input field or variable whose value they are.
const LONG_LISTS_OF_OBJECTS: [&str; 1] = ["rotations"];
/// The same for lists of ids.
const LONG_LISTS_OF_IDS: [&str; 1] = ["referralIds"];

/// Checks the lists in a literal, which can hold variables.
pub(super) fn check_literal(value: &Literal) -> Result<(), Rejection> {
    literal(value, Lists::COMMON)
}

/// Checks the lists in a variable's default.
pub(super) fn check_default(value: &Value) -> Result<(), Rejection> {
    constant(value, Lists::COMMON)
}

/// Checks the lists in the value of the variable of that name.
pub(super) fn check_value(name: &Name, value: &Value) -> Result<(), Rejection> {
    constant(value, Lists::of(name))
}

/// How long the lists of one field or variable may be.
#[derive(Clone, Copy)]
struct Lists {
    of_objects: Limit,
    of_ids: Limit,
}

impl Lists {
    const COMMON: Self = Self { of_objects: limit::LIST, of_ids: limit::LIST };

    /// The limits of a list that is the value of that input field or variable.
    fn of(field: &Name) -> Self {
        let longer = |lists: &[&str]| if lists.contains(&field.as_str()) { limit::LONG_LIST } else { limit::LIST };
        Self { of_objects: longer(&LONG_LISTS_OF_OBJECTS), of_ids: longer(&LONG_LISTS_OF_IDS) }
    }

    /// The limit of a list whose elements are all objects, or all texts, or something else. What has the same name and other
    /// elements stays within the common limit.
    fn limit(self, all_objects: bool, all_texts: bool) -> Limit {
        match (all_objects, all_texts) {
            (true, _) => self.of_objects,
            (_, true) => self.of_ids,
            _ => limit::LIST,
        }
    }
}

fn literal(value: &Literal, lists: Lists) -> Result<(), Rejection> {
    match value {
        Literal::List(elements) => {
            let objects = elements.iter().all(|element| matches!(element, Literal::Object(_)));
            let texts = elements.iter().all(|element| matches!(element, Literal::String(_)));
            lists.limit(objects, texts).check(elements.len())?;
            elements.iter().try_for_each(|element| literal(element, Lists::COMMON))
        }
        Literal::Object(fields) => fields.iter().try_for_each(|(name, value)| literal(value, Lists::of(name))),
        _ => Ok(()),
    }
}

fn constant(value: &Value, lists: Lists) -> Result<(), Rejection> {
    match value {
        Value::List(elements) => {
            let objects = elements.iter().all(|element| matches!(element, Value::Object(_)));
            let texts = elements.iter().all(|element| matches!(element, Value::String(_)));
            lists.limit(objects, texts).check(elements.len())?;
            elements.iter().try_for_each(|element| constant(element, Lists::COMMON))
        }
        Value::Object(fields) => fields.iter().try_for_each(|(name, value)| constant(value, Lists::of(name))),
        _ => Ok(()),
    }
}

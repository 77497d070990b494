//! What is selected of an object.

use async_graphql::SelectionField;

/// The names of the fields that are selected of an object, also those of fragments on other types.
pub(crate) struct Selected<'a>(Vec<&'a str>);

impl<'a> Selected<'a> {
    /// What that field selects.
    pub(crate) fn of(field: SelectionField<'a>) -> Self {
        Self(field.selection_set().map(|field| field.name()).collect())
    }

    /// What these fields select, taken together.
    pub(crate) fn of_all(fields: impl Iterator<Item = SelectionField<'a>>) -> Self {
        Self(fields.flat_map(|field| Self::of(field).0).collect())
    }

    /// Whether that field is selected.
    pub(crate) fn has(&self, name: &str) -> bool {
        self.0.contains(&name)
    }

    /// Whether nothing is selected but some of these.
    pub(crate) fn is_within(&self, names: &[&str]) -> bool {
        self.0.iter().all(|name| names.contains(name))
    }
}

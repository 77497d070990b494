//! What a selection set does wherever it stands.

use super::price::{Lengths, Price};

/// What a selection set does, with its fragments expanded. Counts stop at the largest number there is: fragments that spread
/// fragments multiply beyond it.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Shape {
    /// Selections.
    pub selections: usize,
    /// How deep fields nest.
    pub depth: usize,
    /// How deep selection sets nest inside this one.
    pub nesting: usize,
    /// How deep lists of the schema's description nest, where this set stands at the root.
    pub schema_lists: usize,
    /// How many fields of ours this set has itself.
    pub roots_read: usize,
    /// Whether this set itself has a field that introspects.
    pub introspects: bool,
    /// The price of the introspection in this set, where it stands at the root.
    pub price: usize,
    /// The lists and the price, where this set stands within the schema's description.
    within: (usize, Price),
}

impl Shape {
    /// A field with what its selection set does, if it has one.
    pub(super) fn of_field(name: &str, inside: Option<Self>, lengths: &Lengths) -> Self {
        let introspects = matches!(name, "__schema" | "__type");
        let set = inside.unwrap_or_default();
        let (lists, price) = set.within;
        let (length, is_list) = (lengths.of(name), lengths.of(name).is_some());
        Self {
            selections: set.selections.saturating_add(1),
            depth: set.depth + 1,
            nesting: if inside.is_some() { set.nesting + 1 } else { 0 },
            schema_lists: if introspects { lists } else { 0 },
            roots_read: usize::from(!introspects && name != "__typename"),
            introspects,
            price: if introspects { price.outside_of_types() } else { 0 },
            within: (lists + usize::from(is_list), price.of_field(name, length)),
        }
    }

    /// What another selection of the same set does, added.
    pub(super) fn beside(self, other: Self) -> Self {
        Self {
            selections: self.selections.saturating_add(other.selections),
            depth: self.depth.max(other.depth),
            nesting: self.nesting.max(other.nesting),
            schema_lists: self.schema_lists.max(other.schema_lists),
            roots_read: self.roots_read.saturating_add(other.roots_read),
            introspects: self.introspects || other.introspects,
            price: self.price.saturating_add(other.price),
            within: (self.within.0.max(other.within.0), self.within.1.beside(other.within.1)),
        }
    }

    /// The set as a fragment, whether inline or by name.
    pub(super) fn spread(self) -> Self {
        Self { selections: self.selections.saturating_add(1), nesting: self.nesting + 1, ..self }
    }
}

//! The price of introspection: about how many fields the answer would have. Each list multiplies what is in it by its length, and
//! aliases repeat it.

use apollo_compiler::Schema;
use apollo_compiler::schema::ExtendedType;

/// A description is a sentence or several: it weighs as so many fields.
const DESCRIPTION: usize = 10;

/// How long a list is: on the average of all types, and at the longest.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Length {
    mean: usize,
    longest: usize,
}

/// How long the lists of a schema's description are.
#[derive(Clone, Debug, Default)]
pub(crate) struct Lengths {
    types: Length,
    directives: Length,
    fields: Length,
    arguments: Length,
    input_fields: Length,
    values: Length,
    interfaces: Length,
    possible_types: Length,
}

impl Lengths {
    /// Measures a schema.
    pub(crate) fn of_schema(schema: &Schema) -> Self {
        let types: Vec<&ExtendedType> = schema.types.values().collect();
        let each = |length: &dyn Fn(&ExtendedType) -> usize| Length::of(types.iter().map(|one| length(one)));
        let implementers = schema.implementers_map();
        let fields = types.iter().flat_map(|one| match one {
            ExtendedType::Object(object) => object.fields.values().collect(),
            ExtendedType::Interface(interface) => interface.fields.values().collect::<Vec<_>>(),
            _ => Vec::new(),
        });
        let all = |count: usize| Length { mean: count, longest: count };
        Self {
            types: all(types.len()),
            directives: all(schema.directive_definitions.len()),
            arguments: Length::of(fields.map(|field| field.arguments.len())),
            fields: each(&|one| match one {
                ExtendedType::Object(object) => object.fields.len(),
                ExtendedType::Interface(interface) => interface.fields.len(),
                _ => 0,
            }),
            input_fields: each(&|one| one.as_input_object().map_or(0, |object| object.fields.len())),
            values: each(&|one| one.as_enum().map_or(0, |one| one.values.len())),
            interfaces: each(&|one| one.as_object().map_or(0, |object| object.implements_interfaces.len())),
            possible_types: each(&|one| match one {
                ExtendedType::Interface(interface) => implementers.get(&interface.name).map_or(0, |all| all.objects.len()),
                ExtendedType::Union(union) => union.members.len(),
                _ => 0,
            }),
        }
    }

    /// The length of the list that the field of that name is; nothing when it is no list.
    pub(super) fn of(&self, field: &str) -> Option<Length> {
        match field {
            "types" => Some(self.types),
            "directives" => Some(self.directives),
            "fields" => Some(self.fields),
            "args" => Some(self.arguments),
            "inputFields" => Some(self.input_fields),
            "enumValues" => Some(self.values),
            "interfaces" => Some(self.interfaces),
            "possibleTypes" => Some(self.possible_types),
            _ => None,
        }
    }
}

impl Length {
    fn of(lengths: impl Iterator<Item = usize> + Clone) -> Self {
        let (count, sum) = lengths.clone().fold((0_usize, 0_usize), |(count, sum), length| (count + 1, sum + length));
        Self { mean: sum.div_ceil(count.max(1)), longest: lengths.max().unwrap_or(0) }
    }
}

/// About how many fields a part of an answer has: within a list of all types, where the average is what counts, and elsewhere,
/// where the client names the longest.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Price {
    within_types: usize,
    elsewhere: usize,
}

impl Price {
    /// The price of a field whose selection set has this price.
    pub(super) fn of_field(self, name: &str, list: Option<Length>) -> Self {
        // The field itself counts even where the list is empty.
        let (mean, longest) = list.map_or((1, 1), |length| (length.mean, length.longest));
        let itself = if name == "description" { DESCRIPTION } else { 1 };
        let times = |count: usize, price: usize| count.saturating_mul(price).saturating_add(itself);
        let elsewhere = if name == "types" { self.within_types } else { self.elsewhere };
        Self { within_types: times(mean, self.within_types), elsewhere: times(longest, elsewhere) }
    }

    /// Both prices together.
    pub(super) fn beside(self, other: Self) -> Self {
        Self {
            within_types: self.within_types.saturating_add(other.within_types),
            elsewhere: self.elsewhere.saturating_add(other.elsewhere),
        }
    }

    /// The price at the root.
    pub(super) fn outside_of_types(self) -> usize {
        self.elsewhere
    }
}

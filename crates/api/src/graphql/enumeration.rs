//! Vocabularies as GraphQL enums. Names and descriptions come from the domain, so no code is listed twice.

use std::borrow::Cow;

use async_graphql::indexmap::IndexMap;
use async_graphql::parser::types::Field;
use async_graphql::registry::{Deprecation, MetaEnumValue, MetaType, MetaTypeId, Registry};
use async_graphql::{
    ContextSelectionSet, InputType, InputValueError, InputValueResult, Name, OutputType, Positioned, ServerResult, Value,
};
use pamoja_domain::vocabulary::Vocabulary;

/// A member of a vocabulary, as GraphQL reads and writes it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Enumeration<T>(pub T);

impl<T> From<T> for Enumeration<T> {
    fn from(member: T) -> Self {
        Self(member)
    }
}

/// Wraps the members for output.
pub(crate) fn enumerated<T: Vocabulary>(members: &[T]) -> Vec<Enumeration<T>> {
    members.iter().copied().map(Enumeration).collect()
}

/// Unwraps the members from input. A list that was left out becomes empty.
pub(crate) fn decoded<T: Vocabulary>(members: Option<&Vec<Enumeration<T>>>) -> Vec<T> {
    members.into_iter().flatten().map(|member| member.0).collect()
}

fn value<T: Vocabulary>(member: T) -> Value {
    Value::Enum(Name::new(member.code()))
}

fn create_type_info<T: Vocabulary>(registry: &mut Registry) -> String {
    registry.create_input_type::<Enumeration<T>, _>(MetaTypeId::Enum, |_| MetaType::Enum {
        name: T::NAME.to_owned(),
        description: Some(unwrapped(T::DESCRIPTION)),
        enum_values: T::ALL
            .iter()
            .map(|member| {
                let meta = MetaEnumValue {
                    name: member.code().to_owned(),
                    description: Some(unwrapped(member.description())),
                    deprecation: Deprecation::NoDeprecated,
                    visible: None,
                    inaccessible: false,
                    tags: Vec::new(),
                    directive_invocations: Vec::new(),
                };
                (member.code().to_owned(), meta)
            })
            .collect::<IndexMap<_, _>>(),
        visible: None,
        inaccessible: false,
        tags: Vec::new(),
        rust_typename: Some(std::any::type_name::<Enumeration<T>>()),
        directive_invocations: Vec::new(),
        requires_scopes: Vec::new(),
    })
}

/// A doc comment without its line breaks.
fn unwrapped(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

impl<T: Vocabulary> InputType for Enumeration<T> {
    type RawValueType = Self;

    fn type_name() -> Cow<'static, str> {
        Cow::Borrowed(T::NAME)
    }

    fn create_type_info(registry: &mut Registry) -> String {
        create_type_info::<T>(registry)
    }

    fn parse(value: Option<Value>) -> InputValueResult<Self> {
        let code = match &value {
            Some(Value::Enum(name)) => name.as_str(),
            Some(Value::String(code)) => code.as_str(),
            _ => return Err(InputValueError::expected_type(value.unwrap_or_default())),
        };
        T::from_code(code).map(Self).ok_or_else(|| InputValueError::custom(format!("This is no {}.", T::NAME)))
    }

    fn to_value(&self) -> Value {
        value(self.0)
    }

    fn as_raw_value(&self) -> Option<&Self::RawValueType> {
        Some(self)
    }
}

impl<T: Vocabulary> OutputType for Enumeration<T> {
    fn type_name() -> Cow<'static, str> {
        Cow::Borrowed(T::NAME)
    }

    fn create_type_info(registry: &mut Registry) -> String {
        create_type_info::<T>(registry)
    }

    async fn resolve(&self, _: &ContextSelectionSet<'_>, _: &Positioned<Field>) -> ServerResult<Value> {
        Ok(value(self.0))
    }
}

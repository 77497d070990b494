//! The vocabularies whose codes have captions.

use async_graphql::registry::{MetaType, Registry};
use pamoja_domain::language::SPOKEN;
use pamoja_domain::moves::Party;
use pamoja_domain::service::ServiceGroup;
use pamoja_domain::statistic::{OtherKey, ResponseTime};
use pamoja_domain::vocabulary::Vocabulary;

/// A vocabulary whose codes have captions.
pub(super) struct Captioned {
    /// Its name.
    pub name: String,
    /// Its codes, in their order.
    pub codes: Vec<String>,
}

/// The name of the list of languages.
pub(super) const LANGUAGES: &str = "Language";

impl Captioned {
    fn of<T: Vocabulary>() -> Self {
        Self { name: T::NAME.to_owned(), codes: T::ALL.iter().map(|member| member.code().to_owned()).collect() }
    }
}

/// Every enum of the schema, and the vocabularies that sentences and tables name although the schema has no enum of them; by name.
pub(super) fn vocabularies(registry: &Registry) -> Vec<Captioned> {
    let mut all = vec![
        Captioned::of::<OtherKey>(),
        Captioned::of::<Party>(),
        Captioned::of::<ResponseTime>(),
        Captioned::of::<ServiceGroup>(),
        Captioned { name: LANGUAGES.to_owned(), codes: SPOKEN.iter().map(|code| (*code).to_owned()).collect() },
    ];
    for known in registry.types.values() {
        // Two underscores begin the names of introspection.
        if let MetaType::Enum { name, enum_values, .. } = known
            && !name.starts_with("__")
        {
            all.push(Captioned { name: name.clone(), codes: enum_values.keys().cloned().collect() });
        }
    }
    all.sort_unstable_by(|one, other| one.name.cmp(&other.name));
    all
}

//! The captions of codes, so that no frontend keeps a table of its own.

use async_graphql::registry::{MetaType, Registry};
use async_graphql::{Context, Object, SimpleObject};
use pamoja_domain::language::SPOKEN;
use pamoja_domain::moves::Party;
use pamoja_domain::service::ServiceGroup;
use pamoja_domain::statistic::{Measure, OtherKey, ResponseTime};
use pamoja_domain::vocabulary::Vocabulary;

use crate::i18n::{Language, caption};

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
        Captioned::of::<Measure>(),
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

/// At least as many as there are vocabularies. The estimate of a document's cost uses it.
pub(crate) const VOCABULARIES: usize = 50;

/// How many codes a vocabulary has on average. The estimate of a document's cost uses it.
pub(crate) const CODES: usize = 10;

/// An enum of this schema, or another list of codes that tables and sentences name, with a caption for each code.
pub(super) struct VocabularyCaptions {
    vocabulary: Captioned,
    language: Language,
}

/// A code and its caption.
#[derive(SimpleObject)]
pub(super) struct CodeCaption {
    /// The code, as the enum has it.
    pub(super) code: String,
    /// What to show in place of the code, in the language that the request asked for by Accept-Language: en or sw.
    pub(super) caption: String,
}

/// An enum of this schema, or another list of codes that tables and sentences name, with a caption for each code.
#[Object]
impl VocabularyCaptions {
    /// The enum's name in this schema, such as ServiceType. Measure, OtherKey, Party, ResponseTime and ServiceGroup are no enums here: their
    /// codes are texts in tables. Nor is Language: the codes of languages are texts.
    async fn name(&self) -> &str {
        &self.vocabulary.name
    }

    /// All codes, in their order.
    #[graphql(complexity = "CODES * child_complexity")]
    async fn members(&self) -> Vec<CodeCaption> {
        let Self { vocabulary, language } = self;
        let member = |code: &String| CodeCaption { code: code.clone(), caption: caption(*language, &vocabulary.name, code) };
        vocabulary.codes.iter().map(member).collect()
    }
}

/// The captions' part of Query.
#[derive(Default)]
pub(crate) struct CaptionQuery;

#[Object]
impl CaptionQuery {
    /// What to show in place of the codes of this schema's enums, in the language that the request asked for by Accept-Language:
    /// en or sw. The captions are the same for everybody: ask once for each language, and keep them.
    #[graphql(complexity = "VOCABULARIES * child_complexity")]
    async fn captions(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "Only enums with these names; a name that no enum has matches nothing. Left out, all.")] names: Option<
            Vec<String>,
        >,
    ) -> Vec<VocabularyCaptions> {
        let language = Language::of_request(context);
        let wanted = |vocabulary: &Captioned| names.as_ref().is_none_or(|names| names.contains(&vocabulary.name));
        let found = vocabularies(&context.schema_env.registry).into_iter().filter(wanted);
        found.map(|vocabulary| VocabularyCaptions { vocabulary, language }).collect()
    }
}

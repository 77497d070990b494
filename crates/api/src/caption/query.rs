//! The captions of codes, so that no frontend keeps a table of its own.

use async_graphql::{Context, Object, SimpleObject};

use super::version::captions_version;
use super::vocabulary::{Captioned, vocabularies};
use crate::i18n::{Language, caption};

/// At least as many as there are vocabularies. The estimate of a document's cost uses it.
pub(crate) const VOCABULARIES: usize = 70;

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
    /// The enum's name in this schema, such as ServiceType. OtherKey, Party, ResponseTime and ServiceGroup are no enums here: their
    /// codes are texts in tables. Nor is Language: the codes of languages are texts.
    async fn name(&self) -> &str {
        &self.vocabulary.name
    }

    /// The version of all captions, the same as captionsVersion: keep this list under it, and ask anew when it has changed.
    async fn version(&self, context: &Context<'_>) -> &str {
        captions_version(&context.schema_env.registry)
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

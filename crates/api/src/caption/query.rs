//! The captions of codes. A frontend asks for them and needs no table of its own.

use std::sync::LazyLock;

use async_graphql::{Context, Object, SimpleObject};

use crate::graphql::error;
use crate::i18n::{Captioned, Language, caption};
use crate::{client_report, organisation, referral, service, statistic, task, training, user, viewer};

/// Every enum of the schema, and every other vocabulary that sentences name, sorted by name. A feature adds its own here.
pub(crate) static VOCABULARIES: LazyLock<Vec<Captioned>> = LazyLock::new(|| {
    let features = [
        organisation::VOCABULARIES,
        service::VOCABULARIES,
        referral::VOCABULARIES,
        client_report::VOCABULARIES,
        training::VOCABULARIES,
        statistic::VOCABULARIES,
        user::VOCABULARIES,
        task::VOCABULARIES,
        viewer::VOCABULARIES,
        error::VOCABULARIES,
    ];
    let mut all = features.concat();
    all.sort_unstable_by_key(|vocabulary| vocabulary.name);
    all
});

/// How many codes a vocabulary has on average. The estimate of a document's cost uses it.
const CODES: usize = 10;

/// An enum of this schema, with a caption for each of its codes.
pub(super) struct VocabularyCaptions {
    vocabulary: Captioned,
    language: Language,
}

/// A code and its caption.
#[derive(SimpleObject)]
pub(super) struct CodeCaption {
    /// The code, as the enum has it.
    code: &'static str,
    /// What to show in place of the code, in the language that the request asked for by Accept-Language: en or sw.
    caption: String,
}

/// An enum of this schema, with a caption for each of its codes.
#[Object]
impl VocabularyCaptions {
    /// The enum's name in this schema, such as ServiceType.
    async fn name(&self) -> &'static str {
        self.vocabulary.name
    }

    /// All codes of the enum, in the enum's order.
    #[graphql(complexity = "CODES * child_complexity")]
    async fn members(&self) -> Vec<CodeCaption> {
        let Self { vocabulary, language } = self;
        let member = |code| CodeCaption { code, caption: caption(*language, vocabulary.name, code) };
        vocabulary.codes().into_iter().map(member).collect()
    }
}

/// The captions' part of Query.
#[derive(Default)]
pub(crate) struct CaptionQuery;

#[Object]
impl CaptionQuery {
    /// What to show in place of the codes of this schema's enums, in the language that the request asked for by Accept-Language:
    /// en or sw. The captions are the same for everybody: ask once for each language, and keep them.
    #[graphql(complexity = "VOCABULARIES.len() * child_complexity")]
    async fn captions(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "Only enums with these names; a name that no enum has matches nothing. Left out, all.")] names: Option<
            Vec<String>,
        >,
    ) -> Vec<VocabularyCaptions> {
        let language = Language::of_request(context);
        let wanted =
            |vocabulary: &&Captioned| names.as_ref().is_none_or(|names| names.iter().any(|name| name == vocabulary.name));
        let found = VOCABULARIES.iter().filter(wanted).map(|vocabulary| VocabularyCaptions { vocabulary: *vocabulary, language });
        found.collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_cost_of_all_captions_is_not_below_what_they_are() {
        let codes: usize = VOCABULARIES.iter().map(|vocabulary| vocabulary.codes().len()).sum();
        assert!(VOCABULARIES.len() * CODES >= codes, "{codes} codes of {} vocabularies", VOCABULARIES.len());
    }
}

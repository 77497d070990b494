//! What a form offers to choose from, beside the enums: counties and languages. And the version of all captions.

use async_graphql::{Context, Object};
use pamoja_domain::county::CountyCode;
use pamoja_domain::language::SPOKEN;

use super::query::CodeCaption;
use super::version::captions_version;
use super::vocabulary::LANGUAGES;
use crate::i18n::{Language, caption};
use crate::organisation::County;

/// The lists' part of Query.
#[derive(Default)]
pub(crate) struct ListQuery;

#[Object]
impl ListQuery {
    /// Kenya's 47 counties, by their codes.
    #[graphql(complexity = "CountyCode::ALL.len() * child_complexity")]
    async fn counties(&self) -> Vec<County> {
        CountyCode::ALL.iter().copied().map(County::from).collect()
    }

    /// The languages to choose from in a form: those that many people in Kenya and from its neighbours speak, with captions in the
    /// language that the request asked for by Accept-Language: en or sw. Inputs take other ISO 639-1 codes, too: show these as they
    /// are.
    #[graphql(complexity = "SPOKEN.len() * child_complexity")]
    async fn languages(&self, context: &Context<'_>) -> Vec<CodeCaption> {
        let language = Language::of_request(context);
        SPOKEN.iter().map(|code| CodeCaption { code: (*code).to_owned(), caption: caption(language, LANGUAGES, code) }).collect()
    }

    /// The version of what `captions`, `languages` and `counties` answer, in all languages: 16 characters that change exactly when
    /// one of their codes or captions does. Keep the answers under it, and ask for them anew when it has changed.
    async fn captions_version(&self, context: &Context<'_>) -> &str {
        captions_version(&context.schema_env.registry)
    }
}

//! Reading trainings.

use async_graphql::connection::Connection;
use async_graphql::{Context, ID, InputObject, Object, Result};
use pamoja_domain::access::Permission;
use pamoja_domain::language::LanguageCode;
use pamoja_domain::training::{
    TrainingDirection, TrainingFigureGrouping, TrainingMode, TrainingSide, TrainingStatus, TrainingTopic,
};
use pamoja_persistence::training::{self, OfferFilter, RequestFilter};

use super::figure::{self, TrainingFigures};
use super::matching::{self, OfferSuggestion, TrainingNeed};
use super::{TrainingOffer, TrainingRequest};
use crate::graphql::connection::{PageArguments, connection, page, page_by_moment};
use crate::graphql::enumeration::{Enumeration, decoded};
use crate::graphql::error::Fault;
use crate::graphql::filters;
use crate::graphql::scalar::{DateTime, Month};
use crate::graphql::scope::Scope;
use crate::service::suggestion_cost;

/// Which offers. Conditions are joined by "and"; a list means one of its members, and an empty one is no condition.
#[derive(InputObject, Default)]
pub(super) struct TrainingOfferFilter {
    /// On one of these topics.
    topics: Option<Vec<Enumeration<TrainingTopic>>>,
    /// Held in one of these counties, or everywhere.
    county_codes: Option<Vec<String>>,
    /// Held in one of these ways.
    modes: Option<Vec<Enumeration<TrainingMode>>>,
    /// Held in one of these languages, as ISO 639 codes.
    languages: Option<Vec<String>>,
    /// Of one of these organisations; ids of nobody match nothing.
    organisation_ids: Option<Vec<ID>>,
    /// Words of title and description, at most six; typing errors are forgiven.
    text: Option<String>,
}

/// Which requests. Conditions are joined by "and"; a list means one of its members, and an empty one is no condition.
#[derive(InputObject, Default)]
pub(super) struct TrainingRequestFilter {
    /// Changed then or later; also some that changed shortly before.
    updated_since: Option<DateTime>,
    /// In one of these states.
    statuses: Option<Vec<Enumeration<TrainingStatus>>>,
    /// On one of these topics.
    topics: Option<Vec<Enumeration<TrainingTopic>>>,
}

/// The trainings' part of Query.
#[derive(Default)]
pub(crate) struct TrainingQuery;

#[Object]
impl TrainingQuery {
    /// What active members offer and can be asked for now, by title.
    #[graphql(complexity = "crate::graphql::connection::page_cost(first, last) * child_complexity")]
    async fn training_offers(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "Which ones; left out, all.")] filter: Option<TrainingOfferFilter>,
        #[graphql(desc = "At most so many from the beginning, 1 to 100; 20 when nothing is said.")] first: Option<i32>,
        #[graphql(desc = "Only what comes after this cursor.")] after: Option<String>,
        #[graphql(desc = "At most so many from the end, 1 to 100.")] last: Option<i32>,
        #[graphql(desc = "Only what comes before this cursor.")] before: Option<String>,
    ) -> Result<Connection<String, TrainingOffer>> {
        let filter = filter.unwrap_or_default();
        let filter = OfferFilter {
            topics: decoded(filter.topics.as_ref()),
            counties: filters::counties(filter.county_codes.as_ref())?,
            modes: decoded(filter.modes.as_ref()),
            languages: languages(filter.languages.as_ref())?.iter().map(|language| language.as_str().to_owned()).collect(),
            organisations: filters::ids(filter.organisation_ids.as_ref()),
            words: filters::words(filter.text.as_ref())?,
        };
        let page = page("trainingOffers", PageArguments { first, after, last, before })?;
        let reading = Scope::of(context).read(Permission::ReadDirectory).await?;
        let found = training::page_of_offers(&reading.tx, &filter, &page).await.map_err(Fault::from)?;
        let key = |found: &training::TrainingOffer| (found.title.clone(), found.id.0);
        Ok(connection("trainingOffers", found, key, |found| TrainingOffer::new(found, &reading.tx))?)
    }

    /// Requests for trainings that your organisation sent or received, the newest first, or could take, the oldest first.
    #[graphql(complexity = "crate::graphql::connection::page_cost(first, last) * child_complexity")]
    #[expect(clippy::too_many_arguments, reason = "the arguments of a Relay connection")]
    async fn training_requests(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "Those that you received, those that you sent, or those that you could take.")] direction: Enumeration<
            TrainingDirection,
        >,
        #[graphql(desc = "Which ones; left out, all.")] filter: Option<TrainingRequestFilter>,
        #[graphql(desc = "At most so many from the beginning, 1 to 100; 20 when nothing is said.")] first: Option<i32>,
        #[graphql(desc = "Only what comes after this cursor.")] after: Option<String>,
        #[graphql(desc = "At most so many from the end, 1 to 100.")] last: Option<i32>,
        #[graphql(desc = "Only what comes before this cursor.")] before: Option<String>,
    ) -> Result<Connection<String, TrainingRequest>> {
        let filter = filter.unwrap_or_default();
        let filter = RequestFilter {
            statuses: decoded(filter.statuses.as_ref()),
            topics: decoded(filter.topics.as_ref()),
            updated_since: filters::moment(filter.updated_since.as_ref())?,
        };
        let list = format!("trainingRequests {}", direction.0);
        let page = page_by_moment(&list, PageArguments { first, after, last, before })?;
        let reading = Scope::of(context).read(Permission::ReadTraining).await?;
        let found = training::page_of_requests(&reading.tx, direction.0, &filter, &page).await.map_err(Fault::from)?;
        let key = |found: &training::TrainingRequest| (found.created_at, found.id.0);
        let actor = reading.tx.actor().map_err(Fault::from)?;
        Ok(connection(&list, found, key, |found| TrainingRequest::seen_by(found, actor))?)
    }

    /// What to ask for: offers of other active members that fit a request of your own, or a topic and a county, the best first, each with
    /// its reasons in words. The topic goes first, then the county, the language, the room, and how satisfied people were.
    #[graphql(complexity = "suggestion_cost(first) * child_complexity")]
    #[expect(clippy::too_many_arguments, reason = "what is needed is one question")]
    async fn suggested_offers(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "A request that your organisation sent; all else is then read off it.")] request_id: Option<ID>,
        #[graphql(desc = "What it is to be about; required without a request.")] topic: Option<Enumeration<TrainingTopic>>,
        #[graphql(desc = "Where the people are, from 001 (Mombasa) to 047 (Nairobi); required without a request.")]
        county_code: Option<String>,
        #[graphql(desc = "In which languages they can be trained, as ISO 639 codes; left out or empty, whichever.")]
        languages: Option<Vec<String>>,
        #[graphql(desc = "How many people are expected, if that is known.")] expected_participants: Option<i32>,
        #[graphql(desc = "At most so many, 1 to 20; 5 when nothing is said.")] first: Option<i32>,
    ) -> Result<Vec<OfferSuggestion>> {
        let asked = matching::Asked {
            request: request_id,
            topic: topic.map(|topic| topic.0),
            county_code,
            languages: self::languages(languages.as_ref())?,
            people: expected_participants,
        };
        Ok(matching::suggest_offers(Scope::of(context), asked, first).await?)
    }

    /// Requests that are open to all and that your organisation could serve, with its offers as they are now: those that fit best and have
    /// waited longest first, each with its reasons in words. For trainers and organisation admins.
    #[graphql(complexity = "suggestion_cost(first) * child_complexity")]
    async fn unmet_training_needs(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "At most so many, 1 to 20; 5 when nothing is said.")] first: Option<i32>,
    ) -> Result<Vec<TrainingNeed>> {
        Ok(matching::unmet_needs(Scope::of(context), first).await?)
    }

    /// Your own organisation's figures of trainings that were held, exact and live. What was called off counts nowhere.
    #[graphql(complexity = "figure::COST * child_complexity")]
    async fn own_training_figures(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "Those that you held for others, or those that others held for you.")] side: Enumeration<TrainingSide>,
        #[graphql(desc = "By what they are broken down.")] by: Enumeration<TrainingFigureGrouping>,
        #[graphql(desc = "From this month on: when they were held.")] from: Month,
        #[graphql(desc = "Through this month, at most 60 months.")] through: Month,
    ) -> Result<TrainingFigures> {
        Ok(figure::read(Scope::of(context), side.0, by.0, (&from, &through)).await?)
    }
}

fn languages(codes: Option<&Vec<String>>) -> Result<Vec<LanguageCode>, Fault> {
    Ok(LanguageCode::parse_all("languages", codes.map_or(&[], Vec::as_slice))?)
}

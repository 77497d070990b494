//! The trainings' queries.

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
use super::{TrainingOffer, TrainingRequest, search};
use crate::graphql::connection::{PageArguments, connection, page, page_by_moment};
use crate::graphql::enumeration::{Enumeration, decoded};
use crate::graphql::error::Fault;
use crate::graphql::filters;
use crate::graphql::scalar::{DateTime, Month};
use crate::graphql::scope::Scope;
use crate::service::suggestion_cost;

/// Selects offers. An offer must meet all conditions; a list is met by any one of its members, and an empty list is no condition.
#[derive(InputObject, Default)]
pub(super) struct TrainingOfferFilter {
    /// The offer is on one of these topics.
    topics: Option<Vec<Enumeration<TrainingTopic>>>,
    /// The training can be held in one of these counties, or everywhere.
    county_codes: Option<Vec<String>>,
    /// The training can be held in one of these modes.
    modes: Option<Vec<Enumeration<TrainingMode>>>,
    /// The training can be held in one of these languages, as ISO 639 codes.
    languages: Option<Vec<String>>,
    /// One of these organisations offers it. An id that no organisation has matches nothing.
    organisation_ids: Option<Vec<ID>>,
    /// Words of the title, the topic, the description or the organisation's name: at most six, and 100 characters. Every word must
    /// be found; typing errors are forgiven. The best come first.
    text: Option<String>,
}

/// Selects requests. A request must meet all conditions; a list is met by any one of its members, and an empty list is no
/// condition.
#[derive(InputObject, Default)]
pub(super) struct TrainingRequestFilter {
    /// The request changed at this moment or later. Some that changed shortly before are returned too: expect to see them again.
    updated_since: Option<DateTime>,
    /// The request is in one of these states.
    statuses: Option<Vec<Enumeration<TrainingStatus>>>,
    /// The request is on one of these topics.
    topics: Option<Vec<Enumeration<TrainingTopic>>>,
}

/// What the filter's search costs.
fn searching(filter: Option<&TrainingOfferFilter>) -> usize {
    crate::graphql::search::cost(filter.and_then(|filter| filter.text.as_ref()))
}

/// The trainings' part of Query.
#[derive(Default)]
pub(crate) struct TrainingQuery;

#[Object]
impl TrainingQuery {
    /// The trainings that active members offer and that you can ask for now, and those that are paused: with a text the best
    /// first, else sorted by title.
    #[graphql(complexity = "crate::graphql::connection::page_cost(first, last) * child_complexity + searching(filter.as_ref())")]
    async fn training_offers(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "Selects offers; leave it out for all.")] filter: Option<TrainingOfferFilter>,
        #[graphql(desc = "How many at most from the beginning, 1 to 100; 20 without first and last.")] first: Option<i32>,
        #[graphql(desc = "Only items after this cursor.")] after: Option<String>,
        #[graphql(desc = "How many at most from the end, 1 to 100.")] last: Option<i32>,
        #[graphql(desc = "Only items before this cursor.")] before: Option<String>,
    ) -> Result<Connection<String, TrainingOffer>> {
        let filter = filter.unwrap_or_default();
        let text = crate::graphql::search::text(filter.text.as_ref())?;
        let filter = OfferFilter {
            topics: decoded(filter.topics.as_ref()),
            counties: filters::counties(filter.county_codes.as_ref())?,
            modes: decoded(filter.modes.as_ref()),
            languages: languages(filter.languages.as_ref())?.iter().map(|language| language.as_str().to_owned()).collect(),
            organisations: filters::ids(filter.organisation_ids.as_ref()),
        };
        let arguments = PageArguments { first, after, last, before };
        if let Some(text) = text {
            return Ok(search::page(Scope::of(context), &filter, &text, arguments).await?);
        }
        let page = page("trainingOffers", arguments)?;
        let reading = Scope::of(context).read(Permission::ReadDirectory).await?;
        let found = training::page_of_offers(&reading.tx, &filter, &page).await.map_err(Fault::from)?;
        let key = |found: &training::TrainingOffer| (found.title.clone(), found.id.0);
        Ok(connection("trainingOffers", found, key, |found| TrainingOffer::new(found, &reading.tx))?)
    }

    /// Requests for trainings: those that your organisation sent or received, the newest first, or those that it could take, the
    /// oldest first.
    #[graphql(complexity = "crate::graphql::connection::page_cost(first, last) * child_complexity")]
    #[expect(clippy::too_many_arguments, reason = "the arguments of a Relay connection")]
    async fn training_requests(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "Requests that your organisation received, sent, or could take.")] direction: Enumeration<
            TrainingDirection,
        >,
        #[graphql(desc = "Selects requests; leave it out for all.")] filter: Option<TrainingRequestFilter>,
        #[graphql(desc = "How many at most from the beginning, 1 to 100; 20 without first and last.")] first: Option<i32>,
        #[graphql(desc = "Only items after this cursor.")] after: Option<String>,
        #[graphql(desc = "How many at most from the end, 1 to 100.")] last: Option<i32>,
        #[graphql(desc = "Only items before this cursor.")] before: Option<String>,
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

    /// Suggests offers of other active members that fit a request of your organisation, or a topic and a county. The best comes
    /// first, each with its reasons in words. The topic decides first, then the county, the language, the room, and how satisfied
    /// people were.
    #[graphql(complexity = "suggestion_cost(first) * child_complexity")]
    #[expect(clippy::too_many_arguments, reason = "what is needed is one question")]
    async fn suggested_offers(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "A request that your organisation sent; the other arguments about the need are then ignored.")]
        request_id: Option<ID>,
        #[graphql(desc = "What the training is to be about; required without a request.")] topic: Option<
            Enumeration<TrainingTopic>,
        >,
        #[graphql(desc = "The county where the people are, from 001 (Mombasa) to 047 (Nairobi); required without a request.")]
        county_code: Option<String>,
        #[graphql(desc = "The languages that the people can be trained in, as ISO 639 codes; left out or empty, any language.")]
        languages: Option<Vec<String>>,
        #[graphql(desc = "How many people are expected, if you know it.")] expected_participants: Option<i32>,
        #[graphql(desc = "How many at most, 1 to 20; 5 when left out.")] first: Option<i32>,
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

    /// Requests that are open to all and that your organisation could serve with its offers as they are now. Those that fit best
    /// and have waited longest come first, each with its reasons in words. For trainers and organisation admins.
    #[graphql(complexity = "suggestion_cost(first) * child_complexity")]
    async fn unmet_training_needs(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "How many at most, 1 to 20; 5 when left out.")] first: Option<i32>,
    ) -> Result<Vec<TrainingNeed>> {
        Ok(matching::unmet_needs(Scope::of(context), first).await?)
    }

    /// Your organisation's figures of the trainings that were held. They are exact and live. A training that was called off
    /// counts nowhere.
    #[graphql(complexity = "figure::COST * child_complexity")]
    async fn own_training_figures(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "Trainings that you held for others, or that others held for you.")] side: Enumeration<TrainingSide>,
        #[graphql(desc = "What the rows are: topics, months or cadres.")] by: Enumeration<TrainingFigureGrouping>,
        #[graphql(desc = "The first month in which the trainings were held.")] from: Month,
        #[graphql(desc = "The last month; `from` and `through` span at most 60 months.")] through: Month,
    ) -> Result<TrainingFigures> {
        Ok(figure::read(Scope::of(context), side.0, by.0, (&from, &through)).await?)
    }
}

fn languages(codes: Option<&Vec<String>>) -> Result<Vec<LanguageCode>, Fault> {
    Ok(LanguageCode::parse_all("languages", codes.map_or(&[], Vec::as_slice))?)
}

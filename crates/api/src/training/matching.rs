//! Suggestions, with their reasons in words: which offers to ask for, and which open requests the viewer's organisation could
//! serve.

use std::collections::HashMap;

use async_graphql::{Context, ID, Object, SimpleObject};
use pamoja_domain::access::Permission;
use pamoja_domain::id::{OrganisationId, TrainingOfferId, TrainingRequestId};
use pamoja_domain::language::LanguageCode;
use pamoja_domain::message::Message;
use pamoja_domain::ranking::{Ranked, Reason};
use pamoja_domain::training::{self as domain, MatchReasonCode, NeedCandidate, OfferCandidate, TrainingTopic, rank_needs};
use pamoja_persistence::training;
use pamoja_persistence::transaction::TenantTx;

use super::{TrainingOffer, TrainingRequest};
use crate::graphql::enumeration::Enumeration;
use crate::graphql::error::Fault;
use crate::graphql::filters;
use crate::graphql::global_id;
use crate::graphql::scope::Scope;
use crate::i18n::Language;
use crate::service::suggestions;

/// An offer that you could ask for, and why it has its place in the list.
#[derive(SimpleObject)]
pub(super) struct OfferSuggestion {
    /// The offer.
    offer: TrainingOffer,
    /// What speaks for and against it, the weightiest reason first. There is no score to show.
    reasons: Vec<MatchReason>,
}

/// A request that your organisation could serve, and why it has its place in the list.
#[derive(SimpleObject)]
pub(super) struct TrainingNeed {
    /// The request.
    request: TrainingRequest,
    /// What speaks for and against it, the weightiest reason first. There is no score to show.
    reasons: Vec<MatchReason>,
}

/// One thing that speaks for or against a suggestion.
pub(super) struct MatchReason(Reason<MatchReasonCode>);

/// One thing that speaks for or against a suggestion.
#[Object]
impl MatchReason {
    /// The code that a frontend can act on.
    async fn code(&self) -> Enumeration<MatchReasonCode> {
        Enumeration(self.0.code)
    }

    /// The sentence to show, in the language that the request asked for by Accept-Language: en or sw.
    async fn message(&self, context: &Context<'_>) -> String {
        Language::of_request(context).say(&self.0.message)
    }
}

/// The need that offers are sought for: a request, or a topic and a county.
pub(super) struct Asked {
    /// A request of the viewer's organisation.
    pub request: Option<ID>,
    /// What the training is to be about.
    pub topic: Option<TrainingTopic>,
    /// The county where the people are.
    pub county_code: Option<String>,
    /// The languages that the people can be trained in; empty for any.
    pub languages: Vec<LanguageCode>,
    /// How many people are expected.
    pub people: Option<i32>,
}

/// The offers that fit, the best first.
///
/// # Errors
/// [`Fault::BadRequest`] when neither a request is named nor both a topic and a county; [`Fault::Invalid`] when the viewer's
/// organisation has no such request, the county code is malformed, or `first` is out of bounds; [`Fault::Forbidden`] when the
/// viewer's roles lack [`Permission::ReadDirectory`], or [`Permission::ReadTraining`] where a request is named.
pub(super) async fn suggest_offers(scope: &Scope, asked: Asked, first: Option<i32>) -> Result<Vec<OfferSuggestion>, Fault> {
    let first = suggestions(first)?;
    let reading = scope.read(Permission::ReadDirectory).await?;
    let tx = &reading.tx;
    let need = need(tx, &asked).await?;
    let mut topics = need.topic.related();
    topics.push(need.topic);
    let offers = training::offers_on(tx, &topics).await?;
    let organisations: Vec<OrganisationId> = offers.iter().map(|offer| offer.organisation).collect();
    let satisfaction: HashMap<_, f64> = training::satisfaction(tx, &organisations).await?.into_iter().collect();
    let candidates = offers.iter().map(|offer| candidate(offer, &satisfaction)).collect();
    let mut offers: HashMap<TrainingOfferId, _> = offers.into_iter().map(|offer| (offer.id, offer)).collect();
    let suggested = need.suggest(candidates).into_iter().take(first);
    Ok(suggested
        .filter_map(|Ranked { candidate, reasons }| {
            let offer = offers.remove(&candidate.offer)?;
            Some(OfferSuggestion {
                offer: TrainingOffer::new(offer, tx),
                reasons: reasons.into_iter().map(MatchReason).collect(),
            })
        })
        .collect())
}

async fn need(tx: &TenantTx, asked: &Asked) -> Result<domain::TrainingNeed, Fault> {
    if let Some(id) = &asked.request {
        let not_found = || Fault::Invalid(Message::of("not-found"));
        // A viewer who may not read trainings may not read the request either.
        tx.actor()?.reach(Permission::ReadTraining).ok_or(Fault::Forbidden)?;
        let id: TrainingRequestId = global_id::decode(id).ok_or_else(not_found)?;
        let own = tx.organisation()?;
        let request = training::find(tx, id).await?.filter(|request| request.sender == own).ok_or_else(not_found)?;
        return Ok(domain::TrainingNeed {
            topic: request.topic,
            county: request.county,
            languages: request.languages,
            people: Some(request.expected_participants),
        });
    }
    let (Some(topic), Some(county_code)) = (asked.topic, &asked.county_code) else {
        return Err(Fault::BadRequest("Name a request, or both a topic and a county.".to_owned()));
    };
    let county = filters::county(county_code)?;
    Ok(domain::TrainingNeed { topic, county, languages: asked.languages.clone(), people: asked.people })
}

fn candidate(offer: &training::TrainingOffer, satisfaction: &HashMap<(OrganisationId, TrainingTopic), f64>) -> OfferCandidate {
    OfferCandidate {
        offer: offer.id,
        topic: offer.topic,
        modes: offer.modes.clone(),
        counties: offer.counties.clone(),
        languages: offer.languages.clone(),
        maximum_participants: offer.maximum_participants,
        satisfaction: satisfaction.get(&(offer.organisation, offer.topic)).copied(),
    }
}

/// The requests that are open to all and that the viewer's organisation could serve, the best first.
///
/// # Errors
/// [`Fault::Invalid`] when `first` is out of bounds; [`Fault::Forbidden`] when the viewer's roles lack
/// [`Permission::ManageTraining`].
pub(super) async fn unmet_needs(scope: &Scope, first: Option<i32>) -> Result<Vec<TrainingNeed>, Fault> {
    let first = suggestions(first)?;
    let reading = scope.read(Permission::ManageTraining).await?;
    let tx = &reading.tx;
    let (needs, offers) = training::open_needs(tx).await?;
    let candidates = needs.iter().map(|need| served(need, &offers)).collect();
    let mut needs: HashMap<TrainingRequestId, _> = needs.into_iter().map(|need| (need.id, need)).collect();
    let actor = tx.actor()?;
    let ranked = rank_needs(candidates, tx.at()).into_iter().take(first);
    Ok(ranked
        .filter_map(|Ranked { candidate, reasons }| {
            let request = TrainingRequest::seen_by(needs.remove(&candidate.request)?, actor);
            Some(TrainingNeed { request, reasons: reasons.into_iter().map(MatchReason).collect() })
        })
        .collect())
}

/// The need, with the languages and the room of the viewer's organisation's own offers on its topic in its county.
fn served(need: &training::TrainingRequest, offers: &[training::TrainingOffer]) -> NeedCandidate {
    let fitting = || {
        offers
            .iter()
            .filter(|offer| offer.topic == need.topic && (offer.counties.is_empty() || offer.counties.contains(&need.county)))
    };
    NeedCandidate {
        request: need.id,
        languages: need.languages.clone(),
        people: need.expected_participants,
        preferred_months: need.preferred_months.clone(),
        since: need.created_at,
        offered_languages: fitting().flat_map(|offer| offer.languages.clone()).collect(),
        offered_people: fitting().map(|offer| offer.maximum_participants).max().unwrap_or(0),
    }
}

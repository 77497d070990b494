//! What to ask for, and whom one could serve: suggestions with the reasons in words.

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

/// An offer to ask for, and why it stands where it stands in the list.
#[derive(SimpleObject)]
pub(super) struct OfferSuggestion {
    /// The offer.
    offer: TrainingOffer,
    /// What speaks for it and against it, the weightiest first. There is no score.
    reasons: Vec<MatchReason>,
}

/// A request that your organisation could serve, and why it stands where it stands in the list.
#[derive(SimpleObject)]
pub(super) struct TrainingNeed {
    /// The request.
    request: TrainingRequest,
    /// What speaks for it and against it, the weightiest first. There is no score.
    reasons: Vec<MatchReason>,
}

/// One thing that speaks for or against a suggestion.
pub(super) struct MatchReason(Reason<MatchReasonCode>);

/// One thing that speaks for or against a suggestion.
#[Object]
impl MatchReason {
    /// For the frontend to act on.
    async fn code(&self) -> Enumeration<MatchReasonCode> {
        Enumeration(self.0.code)
    }

    /// For the person.
    async fn message(&self, context: &Context<'_>) -> String {
        Language::of_request(context).say(&self.0.message)
    }
}

/// What offers are sought for.
pub(super) struct Asked {
    /// A request of the own organisation.
    pub request: Option<ID>,
    /// What it is to be about.
    pub topic: Option<TrainingTopic>,
    /// Where the people are.
    pub county_code: Option<String>,
    /// In which languages they can be trained.
    pub languages: Vec<LanguageCode>,
    /// How many are expected.
    pub people: Option<i32>,
}

/// The offers that fit, the best first.
///
/// # Errors
/// [`Fault::Invalid`] when it isn't said what is sought; [`Fault::Store`] when the database fails.
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
        // Who may read no trainings has no requests either.
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

/// The requests that are open to all and that the own organisation could serve, the best first.
///
/// # Errors
/// [`Fault::Forbidden`] when the viewer's roles don't let them answer requests; [`Fault::Store`] when the database fails.
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

/// The need together with what the own offers on its topic in its county have for it.
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

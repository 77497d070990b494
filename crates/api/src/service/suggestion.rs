//! Suggests services to choose from for a client, with the reasons in words.

use std::collections::HashMap;

use async_graphql::{Context, Object, SimpleObject};
use chrono::Utc;
use pamoja_domain::county::CountyCode;
use pamoja_domain::id::{OrganisationId, ServiceId};
use pamoja_domain::organisation::Population;
use pamoja_domain::ranking::{Ranked, Reason};
use pamoja_domain::referral::{MinorStatus, NewReferral};
use pamoja_domain::service::suggestion::{Candidate, Need, Site, SuggestionReasonCode};
use pamoja_domain::service::{ServiceType, without_repeats};
use pamoja_persistence::error::StoreError;
use pamoja_persistence::referral::Referral;
use pamoja_persistence::service::suggestion::{self, Offered};
use pamoja_persistence::transaction::TenantTx;

use super::Service;
use crate::graphql::enumeration::Enumeration;
use crate::graphql::loader::{LoadError, Loader, Loaders};
use crate::i18n::Language;

/// A service that you could choose, and why it has its place in the list.
#[derive(Clone, SimpleObject)]
pub struct ServiceSuggestion {
    /// The service.
    pub service: Service,
    /// What speaks for and against it, the weightiest reason first. There is no score to show.
    pub reasons: Vec<SuggestionReason>,
}

/// One thing that speaks for or against a suggestion.
#[derive(Clone)]
pub struct SuggestionReason(Reason<SuggestionReasonCode>);

/// One thing that speaks for or against a suggestion.
#[Object]
impl SuggestionReason {
    /// The code that a frontend can act on.
    async fn code(&self) -> Enumeration<SuggestionReasonCode> {
        Enumeration(self.0.code)
    }

    /// The sentence to show, in the language that the request asked for by Accept-Language: en or sw.
    async fn message(&self, context: &Context<'_>) -> String {
        Language::of_request(context).say(&self.0.message)
    }
}

/// What a client needs, and which services to leave out.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Request {
    /// What the client needs.
    pub service_type: ServiceType,
    /// Where the client is.
    pub county: CountyCode,
    /// The populations that the client counts themself to; empty finds services for any population.
    pub populations: Vec<Population>,
    /// Whether the client is under 18.
    pub under_18: MinorStatus,
    /// By when the client must be seen, if that matters.
    pub act_before: Option<chrono::DateTime<Utc>>,
    /// Whether to leave out the organisations that the client's open referral was offered to: they have already been asked.
    pub without_asked: bool,
    /// The organisation whose services are left out, such as the one that declined.
    pub without_organisation: Option<OrganisationId>,
    /// The service that is left out, such as the one that the client comes from.
    pub without_service: Option<ServiceId>,
    /// The most suggestions to return.
    pub first: usize,
}

/// Loads the suggestions for a request.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct SuggestedFor(pub Request);

/// The most alternatives that are shown for a referral.
pub(crate) const ALTERNATIVES: usize = 3;

impl Request {
    /// Asks for alternatives to what a referral is addressed to.
    pub(crate) fn instead_of(referral: &Referral) -> Self {
        Self {
            service_type: referral.service_type,
            county: referral.county,
            populations: referral.populations.clone(),
            under_18: referral.under_18,
            act_before: referral.act_before,
            without_asked: referral.receiver.is_none(),
            // The sender of an accompanied referral can go to another of its own services with the client just as well.
            without_organisation: referral.receiver.filter(|_| !referral.is_accompanied()),
            without_service: referral.service,
            first: ALTERNATIVES,
        }
    }

    /// Asks for what else there is for the client of a referral whose service takes nobody: also at the receiver itself.
    pub(crate) fn near(referral: &Referral) -> Self {
        Self { without_organisation: None, ..Self::instead_of(referral) }
    }

    /// Asks for alternatives to what a new referral is addressed to, where that can't take the client.
    pub(crate) fn instead_of_new(new: &NewReferral, at: chrono::DateTime<Utc>) -> Self {
        Self {
            service_type: new.service_type,
            county: new.county,
            populations: new.populations.clone(),
            under_18: new.under_18,
            act_before: new.exposure.map(|exposure| exposure.act_before(new.written_at.unwrap_or(at))),
            without_asked: false,
            without_organisation: None,
            without_service: new.service,
            first: ALTERNATIVES,
        }
    }
}

/// The services to choose from, the best first, as the tenant sees them, in at most two statements. It reads only the directory
/// and the tenant's own referrals, so it works in every transaction of a member, whether that reads or writes. The caller must
/// check that the viewer's roles allow the reading.
pub async fn suggest(tx: &TenantTx, request: &Request) -> Result<Vec<ServiceSuggestion>, StoreError> {
    let offered = suggestion::offered(tx, request.service_type, request.county).await?;
    let answer_hours = answer_hours(tx, &offered).await?;
    choose(tx, request, &offered, &answer_hours)
}

/// Does what [`suggest`] does for many requests, in their order, in two statements for all of them.
pub(crate) async fn suggest_all(tx: &TenantTx, requests: &[Request]) -> Result<Vec<Vec<ServiceSuggestion>>, StoreError> {
    let service_types: Vec<ServiceType> = requests.iter().map(|request| request.service_type).collect();
    let offered = suggestion::offered_of(tx, &without_repeats(&service_types)).await?;
    let answer_hours = answer_hours(tx, &offered).await?;
    requests.iter().map(|request| choose(tx, request, &offered, &answer_hours)).collect()
}

async fn answer_hours(tx: &TenantTx, offered: &[Offered]) -> Result<HashMap<OrganisationId, u32>, StoreError> {
    let viewer = tx.organisation()?;
    let organisations = offered.iter().map(|Offered { service, .. }| service.organisation);
    let mut receivers: Vec<OrganisationId> = organisations.filter(|organisation| *organisation != viewer).collect();
    receivers.sort_unstable();
    receivers.dedup();
    if receivers.is_empty() {
        return Ok(HashMap::new());
    }
    suggestion::answer_hours(tx, &receivers).await
}

fn choose(
    tx: &TenantTx,
    request: &Request,
    offered: &[Offered],
    answer_hours: &HashMap<OrganisationId, u32>,
) -> Result<Vec<ServiceSuggestion>, StoreError> {
    let need = Need {
        viewer: tx.organisation()?,
        county: request.county,
        populations: request.populations.clone(),
        under_18: request.under_18,
        act_before: request.act_before,
        at: tx.at(),
    };
    let eligible = offered.iter().filter(|Offered { service, .. }| {
        service.service_type == request.service_type
            && request.without_organisation != Some(service.organisation)
            && request.without_service != Some(service.id)
    });
    let services: HashMap<ServiceId, _> = eligible.clone().map(|offered| (offered.service.id, &offered.service)).collect();
    let candidates: Vec<Candidate> = eligible.map(|offered| candidate(offered, answer_hours)).collect();
    let candidates = if request.without_asked { need.without_asked(candidates) } else { candidates };
    let suggested = need.suggest(candidates).into_iter().take(request.first);
    Ok(suggested
        .filter_map(|Ranked { candidate, reasons }| {
            let service = services.get(&candidate.service)?;
            let reasons = reasons.into_iter().map(SuggestionReason).collect();
            Some(ServiceSuggestion { service: Service::new((*service).clone(), tx), reasons })
        })
        .collect())
}

fn candidate(Offered { service, organisation_name }: &Offered, answer_hours: &HashMap<OrganisationId, u32>) -> Candidate {
    Candidate {
        service: service.id,
        organisation: service.organisation,
        organisation_name: organisation_name.clone(),
        county: service.county,
        populations: service.populations.clone(),
        accepts_minors: service.accepts_minors,
        capacity: service.capacity,
        capacity_updated_at: service.capacity_updated_at,
        site: match (service.facility, service.unfriendly) {
            (None, _) => Site::Own,
            (Some(_), false) => Site::FriendlyFacility,
            (Some(_), true) => Site::Facility,
        },
        facility: service.facility,
        checked_at: service.checked_at,
        paused: service.paused,
        hours: service.contact.hours.clone(),
        facility_closed: service.facility_closed,
        answer_hours: answer_hours.get(&service.organisation).copied(),
    }
}

impl Loader<SuggestedFor> for Loaders {
    type Value = Vec<ServiceSuggestion>;

    async fn load(&self, keys: &[SuggestedFor]) -> Result<HashMap<SuggestedFor, Vec<ServiceSuggestion>>, LoadError> {
        let requests: Vec<Request> = keys.iter().map(|key| key.0.clone()).collect();
        let suggested = suggest_all(&self.tx, &requests).await?;
        Ok(requests.into_iter().map(SuggestedFor).zip(suggested).collect())
    }
}

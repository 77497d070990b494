//! The loaders of referrals: each reads many ids in one statement.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use pamoja_domain::client_report::ClientReport;
use pamoja_domain::id::{ReferralId, UserId};
use pamoja_domain::referral::Consent;
use pamoja_persistence::client_report;
use pamoja_persistence::referral::{self, Event, EventKey, Outline, Referral};

use super::check_in_elsewhere::CheckInElsewhere;
use crate::graphql::loader::{LoadError, Loader, Loaders, by_key};
use crate::service::suggestion::{self, ServiceSuggestion};

/// Loads the outline of a referral that the viewer's organisation is a party of.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct OutlineOf(pub ReferralId);

/// Loads the events of a referral.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct EventsOf(pub ReferralId);

/// Loads who of the viewer's organisation made the move of an event.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct UserOf(pub EventKey);

/// Loads the sealed note of a referral.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct NoteOf(pub ReferralId);

/// Loads what the client of a referral reported to the viewer's organisation.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct ReportOf(pub ReferralId);

/// Loads what the client of a referral agreed to.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct ConsentOf(pub ReferralId);

/// Loads the check-ins that the sender of a referral is asked about.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct CheckInsOf(pub ReferralId);

/// Loads which referral was made in the stead of a declined one.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct ReferredOnAs(pub ReferralId);

/// Loads since when another referral of the same client to the same place is open.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct AlreadyOpenBeside(pub ReferralId);

/// Loads the alternatives for the client of a referral.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct AlternativesTo(pub ReferralId);

impl Loader<ReferralId> for Loaders {
    type Value = Referral;

    async fn load(&self, ids: &[ReferralId]) -> Result<HashMap<ReferralId, Referral>, LoadError> {
        Ok(by_key(referral::by_ids(&self.tx, ids).await?, |found| found.id))
    }
}

impl Loader<OutlineOf> for Loaders {
    type Value = Outline;

    async fn load(&self, keys: &[OutlineOf]) -> Result<HashMap<OutlineOf, Outline>, LoadError> {
        let ids: Vec<ReferralId> = keys.iter().map(|key| key.0).collect();
        Ok(by_key(referral::outlines_by_ids(&self.tx, &ids).await?, |found| OutlineOf(found.id())))
    }
}

impl Loader<EventsOf> for Loaders {
    type Value = Vec<Event>;

    async fn load(&self, keys: &[EventsOf]) -> Result<HashMap<EventsOf, Vec<Event>>, LoadError> {
        let ids: Vec<ReferralId> = keys.iter().map(|key| key.0).collect();
        let mut events: HashMap<EventsOf, Vec<Event>> = HashMap::new();
        for event in referral::events(&self.tx, &ids).await? {
            events.entry(EventsOf(event.referral)).or_default().push(event);
        }
        Ok(events)
    }
}

impl Loader<UserOf> for Loaders {
    type Value = UserId;

    async fn load(&self, keys: &[UserOf]) -> Result<HashMap<UserOf, UserId>, LoadError> {
        let events: Vec<EventKey> = keys.iter().map(|key| key.0).collect();
        let users = referral::event_users(&self.tx, &events).await?;
        Ok(users.into_iter().map(|(event, user)| (UserOf(event), user)).collect())
    }
}

impl Loader<NoteOf> for Loaders {
    type Value = String;

    async fn load(&self, keys: &[NoteOf]) -> Result<HashMap<NoteOf, String>, LoadError> {
        let ids: Vec<ReferralId> = keys.iter().map(|key| key.0).collect();
        Ok(referral::notes(&self.tx, &ids).await?.into_iter().map(|(id, note)| (NoteOf(id), note)).collect())
    }
}

impl Loader<ReportOf> for Loaders {
    type Value = ClientReport;

    async fn load(&self, keys: &[ReportOf]) -> Result<HashMap<ReportOf, ClientReport>, LoadError> {
        let ids: Vec<ReferralId> = keys.iter().map(|key| key.0).collect();
        let reports = client_report::by_referrals(&self.tx, &ids).await?;
        Ok(reports.into_iter().map(|(id, report)| (ReportOf(id), report)).collect())
    }
}

impl Loader<ConsentOf> for Loaders {
    type Value = Consent;

    async fn load(&self, keys: &[ConsentOf]) -> Result<HashMap<ConsentOf, Consent>, LoadError> {
        let ids: Vec<ReferralId> = keys.iter().map(|key| key.0).collect();
        let consents = referral::consents(&self.tx, &ids).await?;
        Ok(consents.into_iter().map(|(id, consent)| (ConsentOf(id), consent)).collect())
    }
}

impl Loader<CheckInsOf> for Loaders {
    type Value = Vec<CheckInElsewhere>;

    async fn load(&self, keys: &[CheckInsOf]) -> Result<HashMap<CheckInsOf, Vec<CheckInElsewhere>>, LoadError> {
        let ids: Vec<ReferralId> = keys.iter().map(|key| key.0).collect();
        let mut asked: HashMap<CheckInsOf, Vec<CheckInElsewhere>> = HashMap::new();
        for question in referral::check_in::asked(&self.tx, &ids).await? {
            asked.entry(CheckInsOf(question.referral)).or_default().push(question.into());
        }
        Ok(asked)
    }
}

impl Loader<ReferredOnAs> for Loaders {
    type Value = ReferralId;

    async fn load(&self, keys: &[ReferredOnAs]) -> Result<HashMap<ReferredOnAs, ReferralId>, LoadError> {
        let ids: Vec<ReferralId> = keys.iter().map(|key| key.0).collect();
        let made = referral::referred_on_as(&self.tx, &ids).await?;
        Ok(made.into_iter().map(|(before, after)| (ReferredOnAs(before), after)).collect())
    }
}

impl Loader<AlreadyOpenBeside> for Loaders {
    type Value = DateTime<Utc>;

    async fn load(&self, keys: &[AlreadyOpenBeside]) -> Result<HashMap<AlreadyOpenBeside, DateTime<Utc>>, LoadError> {
        let ids: Vec<ReferralId> = keys.iter().map(|key| key.0).collect();
        let open = referral::already_open(&self.tx, &ids).await?;
        Ok(open.into_iter().map(|(id, since)| (AlreadyOpenBeside(id), since)).collect())
    }
}

impl Loader<AlternativesTo> for Loaders {
    type Value = Vec<ServiceSuggestion>;

    async fn load(&self, keys: &[AlternativesTo]) -> Result<HashMap<AlternativesTo, Vec<ServiceSuggestion>>, LoadError> {
        let ids: Vec<ReferralId> = keys.iter().map(|key| key.0).collect();
        let referrals = referral::by_ids(&self.tx, &ids).await?;
        let requests: Vec<suggestion::Request> = referrals.iter().map(suggestion::Request::instead_of).collect();
        let suggested = suggestion::suggest_all(&self.tx, &requests).await?;
        Ok(referrals.iter().map(|referral| AlternativesTo(referral.id)).zip(suggested).collect())
    }
}

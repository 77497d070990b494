//! The payloads of the referrals' mutations, with the advice to the client.

use async_graphql::{Context, Object, Result, SimpleObject};
use chrono::Utc;
use pamoja_domain::referral::{AdviceCode, Circumstance, advise};
use pamoja_domain::refusal::Refusal;
use pamoja_domain::service::Capacity;

use super::object::Referral;
use crate::graphql::enumeration::Enumeration;
use crate::graphql::error::{Fault, UserError, user_errors};
use crate::graphql::scalar::{DateTime, SlipCode};
use crate::graphql::scope::Scope;
use crate::i18n::Language;
use crate::referral::loader::{AlreadyOpenBeside, AlternativesTo};
use crate::service::loader::OfferedBy;
use crate::service::suggestion::{ALTERNATIVES, Request, ServiceSuggestion, SuggestedFor};

/// The referral after the change, or why it was refused.
#[derive(SimpleObject)]
pub(crate) struct ReferralPayload {
    /// The referral as it is now. Null when the change was refused, and while a check-in waits for its referral.
    referral: Option<Referral>,
    /// Since when a check-in has been waiting for its referral; null in every other case. The slip is genuine: the sender gave
    /// it to the client without a connection. Serve the client. Once the sender has sent the referral to you, you see it, and it
    /// is ARRIVED.
    pending_since: Option<DateTime>,
    /// What to put right; empty when it worked.
    user_errors: Vec<UserError>,
}

impl From<Result<Option<Referral>, Vec<Refusal>>> for ReferralPayload {
    fn from(done: Result<Option<Referral>, Vec<Refusal>>) -> Self {
        match done {
            Ok(referral) => Self { referral, pending_since: None, user_errors: Vec::new() },
            Err(refusals) => Self { referral: None, pending_since: None, user_errors: user_errors(refusals) },
        }
    }
}

/// The result of a check-in.
pub(crate) enum CheckedIn {
    /// The referral exists and has arrived; `None` when the viewer can no longer read it.
    Arrived(Option<Box<Referral>>),
    /// The client came at this moment, and the sender hasn't sent the referral yet.
    Waiting(chrono::DateTime<Utc>),
}

impl From<CheckedIn> for ReferralPayload {
    fn from(checked_in: CheckedIn) -> Self {
        match checked_in {
            CheckedIn::Arrived(referral) => {
                Self { referral: referral.map(|boxed| *boxed), pending_since: None, user_errors: Vec::new() }
            }
            CheckedIn::Waiting(since) => Self { referral: None, pending_since: Some(since.into()), user_errors: Vec::new() },
        }
    }
}

/// The referral with its slip, or why the mutation was refused.
pub(super) struct CreateReferralPayload {
    referral: Option<Referral>,
    slip_code: Option<SlipCode>,
    refusals: Vec<Refusal>,
    /// What the suggestions are sought for, when the organisation or service that the sender named can't take the client.
    elsewhere: Option<Request>,
}

impl CreateReferralPayload {
    /// A refusal, without suggestions.
    pub(super) fn refused(refusals: Vec<Refusal>) -> Self {
        Self::refused_with(refusals, None)
    }

    /// A refusal, with the request that suggests alternatives.
    pub(super) fn refused_with(refusals: Vec<Refusal>, elsewhere: Option<Request>) -> Self {
        Self { referral: None, slip_code: None, refusals, elsewhere }
    }

    async fn find_alternatives(&self, context: &Context<'_>) -> Result<Vec<ServiceSuggestion>> {
        let open = |referral: &&Referral| referral.circumstance().status.can_expire();
        let found = match (self.referral.as_ref().filter(open), &self.elsewhere) {
            (Some(referral), _) => {
                let reading = Scope::of(context).reading().await?;
                reading.load.load_one(AlternativesTo(referral.key())).await
            }
            (None, Some(request)) => {
                let reading = Scope::of(context).reading().await?;
                reading.load.load_one(SuggestedFor(request.clone())).await
            }
            (None, None) => return Ok(Vec::new()),
        };
        Ok(found.map_err(Fault::from)?.unwrap_or_default())
    }
}

/// A referral with its slip; neither when the viewer can no longer read the referral.
#[derive(Default)]
pub(super) struct WithSlip {
    /// The referral as it is now.
    pub referral: Option<Referral>,
    /// Its slip as it is now.
    pub slip_code: Option<SlipCode>,
}

impl From<Result<WithSlip, Vec<Refusal>>> for CreateReferralPayload {
    fn from(done: Result<WithSlip, Vec<Refusal>>) -> Self {
        match done {
            Ok(WithSlip { referral, slip_code }) => Self { referral, slip_code, refusals: Vec::new(), elsewhere: None },
            Err(refusals) => Self::refused(refusals),
        }
    }
}

/// The referral with its slip, or why the mutation was refused.
#[Object]
impl CreateReferralPayload {
    /// The referral as it is now; null when the mutation was refused.
    async fn referral(&self) -> Option<&Referral> {
        self.referral.as_ref()
    }

    /// The slip to give the client. Only this payload shows it: the server keeps nothing readable, but can make the code again
    /// for a repeat of this mutation. Null when the mutation was refused, and for a repeat after consent was withdrawn.
    async fn slip_code(&self) -> Option<&SlipCode> {
        self.slip_code.as_ref()
    }

    /// What to say to the client now, the most pressing first; empty when there is nothing to add.
    async fn advice(&self, context: &Context<'_>) -> Result<Vec<Advice>> {
        advice(self.referral.as_ref(), context).await
    }

    /// Up to three other services where the client could go, the best first, with the reasons. Offer them when this one is full,
    /// has a waitlist or is hard to reach in time. They also come when the mutation was refused because toOrganisationId or
    /// serviceId can't take the client. Empty once the client has arrived or the referral has ended.
    #[graphql(complexity = "ALTERNATIVES * child_complexity")]
    async fn alternatives(&self, context: &Context<'_>) -> Result<Vec<ServiceSuggestion>> {
        self.find_alternatives(context).await
    }

    /// What to put right; empty when it worked.
    async fn user_errors(&self) -> Vec<UserError> {
        user_errors(self.refusals.clone())
    }
}

/// The result for one of several referrals that were sent together: the same as the payload of createReferral.
pub(super) struct CreateReferralResult(pub CreateReferralPayload);

/// The result for one of several referrals that were sent together: the referral with its slip, or why it was refused.
#[Object]
impl CreateReferralResult {
    /// The referral as it is now; null when the mutation was refused.
    async fn referral(&self) -> Option<&Referral> {
        self.0.referral.as_ref()
    }

    /// The slip: the one in preissuedSlipCode, or a new one to give the client. Only this payload shows it. Null when the
    /// mutation was refused, and for a repeat after consent was withdrawn.
    async fn slip_code(&self) -> Option<&SlipCode> {
        self.0.slip_code.as_ref()
    }

    /// What to say to the client, the most pressing first; empty when there is nothing to add.
    async fn advice(&self, context: &Context<'_>) -> Result<Vec<Advice>> {
        advice(self.0.referral.as_ref(), context).await
    }

    /// Up to three other services where the client could go, the best first, with the reasons, as in the payload of
    /// createReferral.
    #[graphql(complexity = "ALTERNATIVES * child_complexity")]
    async fn alternatives(&self, context: &Context<'_>) -> Result<Vec<ServiceSuggestion>> {
        self.0.find_alternatives(context).await
    }

    /// What to put right; empty when it worked. Each `field` is a field of the item.
    async fn user_errors(&self) -> Vec<UserError> {
        user_errors(self.0.refusals.clone())
    }
}

async fn advice(referral: Option<&Referral>, context: &Context<'_>) -> Result<Vec<Advice>> {
    let Some(referral) = referral else { return Ok(Vec::new()) };
    let reading = Scope::of(context).reading().await?;
    let (capacity, facility_closed) = match referral.receiver() {
        Some(receiver) => {
            let sought = OfferedBy(receiver, referral.sought());
            let offered = reading.load.load_one(sought).await.map_err(Fault::from)?.unwrap_or_default();
            // A referral that is for no service in particular goes to one that isn't paused.
            let meant: Vec<_> = offered
                .iter()
                .filter(|service| referral.named_service().map_or(!service.paused, |id| id == service.id))
                .collect();
            let at = reading.tx.at();
            let room = meant.iter().map(|service| service.capacity.read_at(service.capacity_updated_at, at)).min();
            let facility_closed = !meant.is_empty() && meant.iter().all(|service| service.facility_closed);
            (Some(room.unwrap_or(Capacity::Unknown)), facility_closed)
        }
        None => (None, false),
    };
    let beside = AlreadyOpenBeside(referral.key());
    let already_open = reading.load.load_one(beside).await.map_err(Fault::from)?;
    let language = Language::of_request(context);
    let advice = advise(Circumstance { capacity, facility_closed, already_open, ..referral.circumstance() });
    Ok(advice
        .into_iter()
        .map(|advice| Advice { code: Enumeration(advice.code), message: language.say(&advice.message) })
        .collect())
}

/// Advice on what to say to the client, or to do at once.
#[derive(SimpleObject)]
pub(super) struct Advice {
    /// The code that a frontend can act on.
    code: Enumeration<AdviceCode>,
    /// The sentence for the caseworker, in the language that the request asked for by Accept-Language: en or sw.
    message: String,
}

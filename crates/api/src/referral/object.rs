//! A referral, as the schema shows it to one viewer at one moment.

use std::borrow::Cow;

use crate::graphql::global_id::{self, Identified};
use crate::graphql::node::NodeObject;
use crate::graphql::reading::Reading;
use crate::graphql::selected::Selected;
use async_graphql::{Context, ID, Object, Result, SimpleObject};
use chrono::Utc;
use futures_util::future::try_join;
use pamoja_domain::access::Actor;
use pamoja_domain::access::{Permission, Reach};
use pamoja_domain::client_report::ClientReportedOutcome;
use pamoja_domain::id::{OrganisationId, ReferralId, ServiceId};
use pamoja_domain::moves::Allowed;
use pamoja_domain::organisation::Population;
use pamoja_domain::referral::{
    AgeBand, Circumstance, Consent, ConsentGiver, ConsentManner, DeclineReason, MinorStatus, NonCompletionReason, ReferralAction,
    ReferralDirection, ReferralState, ReferralStatus, SharedField, Urgency, allowed_actions, hours_left, undoable_until,
};
use pamoja_domain::service::ServiceType;
use pamoja_persistence::error::StoreError;
use pamoja_persistence::referral::{self, Extent, Outline};
use pamoja_persistence::transaction::TenantTx;
use uuid::Uuid;

use crate::graphql::enumeration::{Enumeration, enumerated};
use crate::graphql::error::Fault;
use crate::graphql::in_place::InPlace;
use crate::graphql::live::note_personal;
use crate::graphql::scalar::{Date, DateTime, Pseudonym, SealedText};
use crate::graphql::scope::{Scope, nullable};
use crate::i18n::Language;
use crate::organisation::County;
use crate::referral::check_in_elsewhere::CheckInElsewhere;
use crate::referral::event::ReferralEvent;
use crate::referral::extent::extent;
use crate::referral::loader::{CheckInsOf, ConsentOf, EventsOf, NoteOf, OutlineOf, ReferredOnAs, ReportOf};
use crate::service::{Organisation, Service};
use crate::user::User;

/// A referral as one viewer sees it.
#[derive(Clone)]
pub(crate) struct Referral {
    outline: Outline,
    /// Known where all of it was read.
    allowed: Option<Allowed>,
    at: chrono::DateTime<Utc>,
}

impl Referral {
    /// The referral as the transaction's actor sees it now.
    ///
    /// # Errors
    /// [`StoreError::Inconsistent`] in a transaction that no signed-in user opened.
    pub(crate) fn new(referral: referral::Referral, tx: &TenantTx) -> Result<Self, StoreError> {
        Ok(Self::seen_by(referral.into(), tx.actor()?, tx.at()))
    }

    /// The referral as an actor sees it at a moment.
    pub(crate) fn seen_by(outline: Outline, actor: &Actor, at: chrono::DateTime<Utc>) -> Self {
        let allowed = outline.whole().map(|whole| whole.allowed(actor));
        Self { outline, allowed, at }
    }

    /// Whether the referral runs in that direction, seen from the organisation.
    pub(crate) fn runs(&self, direction: ReferralDirection, organisation: OrganisationId) -> bool {
        let sides = self.outline.sides();
        match direction {
            ReferralDirection::Incoming => sides.receiver == Some(organisation) && !self.outline.is_accompanied(),
            ReferralDirection::Outgoing => sides.sender == organisation,
            ReferralDirection::Open => sides.is_open_to(organisation),
        }
    }

    /// The receiver; `None` while the referral is open to all.
    pub(crate) fn receiver(&self) -> Option<OrganisationId> {
        self.outline.receiver()
    }

    /// All that the viewer may see of it. What a list left out is read now, for all referrals of the list together.
    async fn whole(&self, context: &Context<'_>) -> Result<Cow<'_, referral::Referral>> {
        if let Some(whole) = self.outline.whole() {
            return Ok(Cow::Borrowed(whole));
        }
        let read = async {
            let reading = Scope::of(context).reading().await?;
            let found = reading.load.load_one(self.outline.id()).await.map_err(Fault::from)?;
            let gone = || Fault::from(StoreError::Inconsistent("a referral of a list isn't there".to_owned()));
            Ok(Cow::Owned(found.ok_or_else(gone)?))
        };
        // Boxed: see `nullable`.
        Box::pin(read).await
    }

    async fn loaded(context: &Context<'_>, id: ReferralId) -> Result<Option<Self>> {
        let read = async {
            let reading = Scope::of(context).reading().await?;
            let found = reading.load.load_one(id).await.map_err(Fault::from)?;
            Ok(found.map(|found| Self::new(found, &reading.tx)).transpose().map_err(Fault::from)?)
        };
        Box::pin(read).await
    }

    /// The recorded state, and on which sides the viewer may act. It also says what the viewer may take back, which is what they did
    /// themself.
    async fn state(&self, context: &Context<'_>) -> Result<(ReferralState, Allowed)> {
        note_personal(context);
        let whole = self.whole(context).await?;
        let allowed = match self.allowed {
            Some(allowed) => allowed,
            None => whole.allowed(Scope::of(context).reading().await?.tx.actor().map_err(Fault::from)?),
        };
        Ok((whole.state, allowed))
    }

    fn event(&self, (status, at): (ReferralStatus, chrono::DateTime<Utc>), by: Option<OrganisationId>) -> referral::Event {
        referral::Event {
            referral: self.outline.id(),
            key: None,
            status,
            at,
            by,
            without_slip: false,
            takes_back: false,
            taken_back: false,
            amended: false,
        }
    }

    /// What the client needs.
    pub(crate) fn sought(&self) -> ServiceType {
        self.outline.service_type()
    }

    /// The service that the referral is meant for.
    pub(crate) fn named_service(&self) -> Option<ServiceId> {
        self.outline.service()
    }

    /// Its id.
    pub(crate) fn key(&self) -> ReferralId {
        self.outline.id()
    }

    /// What the advice to the client depends on, except for the service's capacity and other referrals, which the caller adds.
    pub(crate) fn circumstance(&self) -> Circumstance {
        Circumstance {
            status: self.outline.status(self.at).0,
            hours_left: self.outline.act_before().map(|act_before| hours_left(act_before, self.at)),
            capacity: None,
            facility_closed: false,
            open: self.outline.receiver().is_none(),
            accompanied: self.outline.is_accompanied(),
            already_open: None,
        }
    }
}

/// A referral that your organisation sent, received or could take.
#[Object]
impl Referral {
    /// Its global id.
    pub async fn id(&self) -> ID {
        global_id::encode(self.outline.id())
    }

    /// The sender. It is withheld from an organisation that could take the referral, because it would hint at the client's
    /// population. That organisation sees "A member of the coalition" in the request's language. The slug is then "member", the
    /// kind OTHER, populations and counties are empty, and `node` finds nothing for the id. The organisation that takes the
    /// referral then sees the sender.
    #[graphql(name = "fromOrganisation")]
    async fn sender(&self, context: &Context<'_>) -> Result<InPlace<Organisation>> {
        let Some(sender) = self.outline.visible_sender() else {
            return Ok(InPlace(Organisation::withheld(Language::of_request(context))));
        };
        let reading = Scope::of(context).reading().await?;
        Ok(InPlace(Organisation::new(reading.organisation(sender).await?)))
    }

    /// The receiver; null while the referral is open to every member that offers the service in the county.
    #[graphql(name = "toOrganisation")]
    async fn addressee(&self, context: &Context<'_>) -> Option<Result<InPlace<Organisation>>> {
        let id = self.outline.receiver()?;
        nullable(async {
            let reading = Scope::of(context).reading().await?;
            Ok(Some(InPlace(Organisation::new(reading.organisation(id).await?))))
        })
        .await
    }

    /// The service that the referral is meant for; null when the sender chose none.
    async fn service(&self, context: &Context<'_>) -> Option<Result<InPlace<Service>>> {
        let id = self.outline.service()?;
        nullable(async {
            let reading = Scope::of(context).reading().await?;
            Ok(reading.service(id).await?.map(|found| InPlace(Service::new(found, &reading.tx))))
        })
        .await
    }

    /// What the client needs.
    async fn service_type(&self) -> Enumeration<ServiceType> {
        Enumeration(self.outline.service_type())
    }

    /// The sender's pseudonym for the client. Null for every other organisation, and after consent was withdrawn.
    async fn client(&self, context: &Context<'_>) -> Option<Result<Pseudonym>> {
        nullable(async { Ok(self.whole(context).await?.client.clone().map(Pseudonym)) }).await
    }

    /// Which answers the client agreed to show the receiver. For the receiver the others read as empty or NOT_STATED.
    async fn shared_with_receiver(&self, context: &Context<'_>) -> Result<Vec<Enumeration<SharedField>>> {
        Ok(enumerated(&self.whole(context).await?.shared))
    }

    /// The populations that the client counts themself to. Empty when the client doesn't share them with you, and after consent
    /// was withdrawn.
    async fn populations(&self, context: &Context<'_>) -> Result<Vec<Enumeration<Population>>> {
        Ok(enumerated(&self.whole(context).await?.populations))
    }

    /// The client's age band. NOT_STATED when the client doesn't share it with you, and after consent was withdrawn.
    async fn age_band(&self, context: &Context<'_>) -> Result<Enumeration<AgeBand>> {
        Ok(Enumeration(self.whole(context).await?.age_band))
    }

    /// Whether the client is under 18; both parties must know this. NOT_STATED after consent was withdrawn.
    #[graphql(name = "under18")]
    async fn under_18(&self, context: &Context<'_>) -> Result<Enumeration<MinorStatus>> {
        Ok(Enumeration(self.whole(context).await?.under_18))
    }

    /// The county where the client is.
    async fn county(&self) -> County {
        self.outline.county().into()
    }

    /// How soon the client must be seen.
    async fn urgency(&self) -> Enumeration<Urgency> {
        Enumeration(self.outline.urgency())
    }

    /// By when the client must be seen: 72 hours after the exposure. When it passes, the referral becomes overdue, but the slip
    /// stays valid. Null when the referral has no such limit, for an organisation that could take the referral, and after
    /// consent was withdrawn.
    async fn act_before(&self) -> Option<DateTime> {
        self.outline.act_before().map(DateTime::from)
    }

    /// Whether actBefore has passed and the client hasn't arrived. Show that they should come all the same.
    async fn overdue(&self) -> bool {
        self.outline.is_overdue(self.at)
    }

    /// Whether this is an accompanied referral, to a facility outside the coalition that the sender vouches for. The sender goes
    /// along or follows up itself, and records how the referral ended.
    async fn accompanied(&self) -> bool {
        self.outline.is_accompanied()
    }

    /// How the client agreed. Null for everyone but the sender, and after the client was erased.
    async fn consent(&self, context: &Context<'_>) -> Option<Result<ReferralConsent>> {
        nullable(async {
            let reading = Scope::of(context).reading().await?;
            Ok(reading.load.load_one(ConsentOf(self.outline.id())).await.map_err(Fault::from)?.map(ReferralConsent::from))
        })
        .await
    }

    /// The agreed day; null while no day is agreed.
    async fn scheduled_on(&self) -> Option<Date> {
        self.outline.scheduled_on().map(Date::from)
    }

    /// The state that the referral is in now. It reads as EXPIRED from the very moment at which the referral expires.
    async fn status(&self) -> Enumeration<ReferralStatus> {
        Enumeration(self.outline.status(self.at).0)
    }

    /// Why the receiver declined; null unless status is DECLINED, and after eraseClient.
    async fn decline_reason(&self) -> Option<Enumeration<DeclineReason>> {
        self.outline.decline_reason().map(Enumeration)
    }

    /// The better place that the receiver named when it declined: a service of another member. Null where it named none, and once
    /// the referral is open again.
    async fn instead_service(&self, context: &Context<'_>) -> Option<Result<Service>> {
        let id = self.outline.instead_service()?;
        nullable(async {
            let reading = Scope::of(context).reading().await?;
            Ok(reading.service(id).await?.map(|found| Service::new(found, &reading.tx)))
        })
        .await
    }

    /// The declined referral in whose stead this one was made (referInstead). Null for every organisation but the sender's, and
    /// after consent to either was withdrawn.
    async fn referred_instead_of(&self, context: &Context<'_>) -> Option<Result<Referral>> {
        nullable(async {
            match self.whole(context).await?.instead_of {
                Some(id) => Self::loaded(context, id).await,
                None => Ok(None),
            }
        })
        .await
    }

    /// The newest referral that was made in this one's stead (referInstead). Null for the same reasons, and while there is none.
    async fn referred_on_as(&self, context: &Context<'_>) -> Option<Result<Referral>> {
        nullable(async {
            let reading = Scope::of(context).reading().await?;
            match reading.load.load_one(ReferredOnAs(self.outline.id())).await.map_err(Fault::from)? {
                Some(id) => Self::loaded(context, id).await,
                None => Ok(None),
            }
        })
        .await
    }

    /// Where somebody was checked in with the slip before the referral was sent, though you didn't name that organisation: answer
    /// each with answerCheckIn. Empty for every organisation but the sender's, and once the client has arrived.
    async fn check_ins_elsewhere(&self, context: &Context<'_>) -> Result<Vec<CheckInElsewhere>> {
        if !self.outline.status(self.at).0.can_expire() || !self.whole(context).await?.state.check_in_asked {
            return Ok(Vec::new());
        }
        let reading = Scope::of(context).reading().await?;
        Ok(Box::pin(reading.load.load_one(CheckInsOf(self.outline.id()))).await.map_err(Fault::from)?.unwrap_or_default())
    }

    /// Why the referral ended without the client being served; null unless status is NOT_COMPLETED, and after eraseClient. The receiver sees only a
    /// reason that it recorded itself: if only complaints were withheld, a null would give one away.
    async fn non_completion_reason(&self, context: &Context<'_>) -> Option<Result<Enumeration<NonCompletionReason>>> {
        nullable(async { Ok(self.whole(context).await?.non_completion_reason.map(Enumeration)) }).await
    }

    /// A note that only the receiver's device can open. Null when the sender wrote none, and after consent was withdrawn.
    #[graphql(complexity = "10")]
    async fn sealed_note(&self, context: &Context<'_>) -> Option<Result<SealedText>> {
        nullable(async {
            let reading = Scope::of(context).reading().await?;
            Ok(reading.load.load_one(NoteOf(self.outline.id())).await.map_err(Fault::from)?.map(SealedText))
        })
        .await
    }

    /// How it went, as the client told the sender. Always null for every organisation but the sender's. For the sender's, null
    /// while nothing is recorded and after consent was withdrawn. Recording it changes neither updatedAt nor the timeline.
    async fn client_reported_outcome(&self, context: &Context<'_>) -> Option<Result<Enumeration<ClientReportedOutcome>>> {
        nullable(async {
            let reading = Scope::of(context).reading().await?;
            let report = reading.load.load_one(ReportOf(self.outline.id())).await.map_err(Fault::from)?;
            Ok(report.and_then(|report| report.outcome).map(Enumeration))
        })
        .await
    }

    /// How friendly the client found the service, from 1 (hostile) to 5 (very friendly). Null for the same reasons as
    /// clientReportedOutcome.
    async fn client_reported_friendliness(&self, context: &Context<'_>) -> Option<Result<i32>> {
        nullable(async {
            let reading = Scope::of(context).reading().await?;
            let report = reading.load.load_one(ReportOf(self.outline.id())).await.map_err(Fault::from)?;
            Ok(report.and_then(|report| report.friendliness))
        })
        .await
    }

    /// The states that the referral has reached, and the sender's amendments, the oldest first. What was taken back stays in it. An
    /// organisation that could take the referral sees only that it was sent, and the one that takes it doesn't see who took it before
    /// and gave it back.
    async fn timeline(&self, context: &Context<'_>) -> Result<Vec<InPlace<ReferralEvent>>> {
        let reading = Scope::of(context).reading().await?;
        let mut events =
            Box::pin(reading.load.load_one(EventsOf(self.outline.id()))).await.map_err(Fault::from)?.unwrap_or_default();
        if events.is_empty() {
            // An organisation that could take the referral can't read its events: it sees only that the referral was sent.
            events.push(self.event((ReferralStatus::Requested, self.outline.created_at()), self.outline.visible_sender()));
        }
        if self.outline.has_silently_expired(self.at) {
            events.push(self.event(self.outline.status(self.at), None));
        }
        Ok(events.into_iter().map(ReferralEvent).map(InPlace).collect())
    }

    /// What you may do with the referral now. Offer these actions: a frontend need not know the rules.
    async fn allowed_actions(&self, context: &Context<'_>) -> Result<Vec<Enumeration<ReferralAction>>> {
        let (state, allowed) = self.state(context).await?;
        Ok(enumerated(&allowed_actions(state, allowed, self.at)))
    }

    /// Until when you can take back the last move (undoReferralMove): 15 minutes after you made it. Null when you can't, such as
    /// when somebody has acted since.
    async fn undoable_until(&self, context: &Context<'_>) -> Option<Result<DateTime>> {
        nullable(async {
            let (state, allowed) = self.state(context).await?;
            Ok(undoable_until(state, allowed, self.at).map(DateTime::from))
        })
        .await
    }

    /// What you and the other organisation call the referral on the phone: four letters and digits, or a few more once the two of
    /// you have very many. It is drawn at random and means nothing to anybody else. Both of you see the same, also after consent
    /// was withdrawn. Null while the referral is open to all.
    async fn reference(&self) -> Option<&str> {
        self.outline.reference()
    }

    /// Who of your own organisation handles the referral: whoever it was assigned to (assignReferral), or else whoever referred
    /// the client, for the sender, or made your organisation's first move, for the receiver. Nobody else learns it: null for a
    /// receiver that has made no move, for an organisation that could take the referral, and when the account is gone.
    async fn handled_by(&self, context: &Context<'_>) -> Option<Result<User>> {
        nullable(async {
            let Some(id) = self.whole(context).await?.handled_by else { return Ok(None) };
            let reading = Scope::of(context).reading().await?;
            Ok(reading.load.load_one(id).await.map_err(Fault::from)?.map(User))
        })
        .await
    }

    /// When the referral was created.
    async fn created_at(&self) -> DateTime {
        self.outline.created_at().into()
    }

    /// When the referral last changed. An assignment doesn't change it, because the other organisation sees it too.
    async fn updated_at(&self) -> DateTime {
        self.outline.updated_at(self.at).into()
    }

    /// When the referral expires or has expired, unless it ends otherwise before.
    async fn expires_at(&self) -> DateTime {
        self.outline.expires_at().into()
    }
}

/// How a client agreed to a referral.
#[derive(SimpleObject)]
pub(super) struct ReferralConsent {
    /// Who agreed.
    given_by: Enumeration<ConsentGiver>,
    /// The version of the sender's privacy notice that was explained to them; null when the sender didn't say.
    notice_version: Option<String>,
    /// How they agreed; null when the sender didn't say.
    manner: Option<Enumeration<ConsentManner>>,
    /// The language in which it was explained, as an ISO 639 code; null when the sender didn't say.
    language: Option<String>,
    /// Whether the client also agreed to be counted in the coalition's figures.
    counted: bool,
}

impl From<Consent> for ReferralConsent {
    fn from(consent: Consent) -> Self {
        Self {
            given_by: Enumeration(consent.given_by),
            notice_version: consent.notice_version,
            manner: consent.manner.map(Enumeration),
            language: consent.language,
            counted: consent.counted,
        }
    }
}

impl Identified for ReferralId {
    const KIND: u8 = b'R';

    fn from_uuid(uuid: Uuid) -> Self {
        Self(uuid)
    }

    fn uuid(self) -> Uuid {
        self.0
    }
}

impl NodeObject for Referral {
    type Id = ReferralId;

    async fn find(reading: &Reading, id: ReferralId, selected: &Selected<'_>) -> Result<Option<Self>, Fault> {
        let actor = reading.tx.actor()?;
        match (actor.reach(Permission::ReadReferrals), extent(selected)) {
            (None, _) => return Ok(None),
            (Some(Reach::Organisation), Extent::Outline) => {
                // The timeline is asked for together with the referral, and needn't wait for it. The field finds it among what was read.
                let timeline = async {
                    if selected.has("timeline") { reading.load.load_one(EventsOf(id)).await.map(|_| ()) } else { Ok(()) }
                };
                let (outline, ()) = try_join(reading.load.load_one(OutlineOf(id)), timeline).await?;
                if let Some(outline) = outline {
                    return Ok(Some(Self::seen_by(outline, actor, reading.tx.at())));
                }
            }
            // Whether it is one of the viewer's own, only the whole says.
            _ => {}
        }
        Ok(reading.load.load_one(id).await?.map(|found| Self::new(found, &reading.tx)).transpose()?)
    }
}

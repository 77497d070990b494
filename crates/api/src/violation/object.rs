//! A violation, as the schema shows it to one viewer at one moment.

use async_graphql::{Context, ID, Object, Result};
use chrono::Utc;
use pamoja_domain::access::{Actor, Permission};
use pamoja_domain::id::ViolationId;
use pamoja_domain::organisation::Population;
use pamoja_domain::referral::MinorStatus;
use pamoja_domain::violation::{
    Perpetrator, ViolationAction, ViolationCause, ViolationConsentGiver, ViolationOutcome, ViolationReason, ViolationStatus,
    ViolationType, act_due, allowed_actions, is_overdue,
};
use pamoja_persistence::error::StoreError;
use pamoja_persistence::transaction::TenantTx;
use pamoja_persistence::violation::{self, Looked};

use super::linked::referral;
use super::loader::NoteOf;
use super::step::ViolationStep;
use crate::graphql::enumeration::{Enumeration, enumerated};
use crate::graphql::error::Fault;
use crate::graphql::global_id;
use crate::graphql::node::NodeObject;
use crate::graphql::reading::Reading;
use crate::graphql::scalar::{DateTime, Month, Pseudonym, SealedText};
use crate::graphql::scope::{Scope, nullable};
use crate::graphql::selected::Selected;
use crate::organisation::County;
use crate::referral::Referral;
use crate::sensitisation::{PlansBecauseOf, SensitisationPlan};

/// A violation that the viewer may read.
#[derive(Clone)]
pub(crate) struct Violation {
    found: violation::Violation,
    looked: Looked,
    allowed: bool,
    at: chrono::DateTime<Utc>,
}

impl Violation {
    /// The violation as the transaction's actor sees it now.
    ///
    /// # Errors
    /// [`StoreError::Inconsistent`] in a transaction that no signed-in user opened.
    pub(super) fn new(found: violation::Violation, looked: Looked, tx: &TenantTx) -> Result<Self, StoreError> {
        Ok(Self::seen_by(found, looked, tx.actor()?, tx.at()))
    }

    /// The violation as an actor sees it at a moment.
    pub(super) fn seen_by(found: violation::Violation, looked: Looked, actor: &Actor, at: chrono::DateTime<Utc>) -> Self {
        let allowed = actor.reach(Permission::DocumentViolations).is_some();
        Self { found, looked, allowed, at }
    }
}

/// What was done to somebody, in codes and months. Your organisation's alone: no other member, no secretariat and no administrator sees
/// that there is one. Paralegals read all of the organisation's, caseworkers and peer educators those that they documented, and on a
/// shared device nobody any. After withdrawal, erasure or forgetting, client and sealedNote are null, causes and populations empty and
/// under18 NOT_STATED; codes, county and months stay for the figures.
#[Object]
impl Violation {
    /// The global id.
    pub(crate) async fn id(&self) -> ID {
        global_id::encode(self.found.id)
    }

    /// What was done.
    async fn types(&self) -> Vec<Enumeration<ViolationType>> {
        enumerated(&self.found.types)
    }

    /// Who did it: categories, never names. Only NOT_STATED if nobody was named.
    async fn perpetrators(&self) -> Vec<Enumeration<Perpetrator>> {
        enumerated(&self.found.perpetrators)
    }

    /// Why it was done, as the survivor sees it. Empty after withdrawal, erasure or forgetting.
    async fn causes(&self) -> Vec<Enumeration<ViolationCause>> {
        enumerated(&self.found.causes)
    }

    /// To whom it was done. Can be empty where it was done to the organisation, and is after withdrawal, erasure or forgetting.
    async fn populations(&self) -> Vec<Enumeration<Population>> {
        enumerated(&self.found.populations)
    }

    /// Whether the survivor is under 18.
    #[graphql(name = "under18")]
    async fn under_18(&self) -> Enumeration<MinorStatus> {
        Enumeration(self.found.under_18)
    }

    /// Where it was done.
    async fn county(&self) -> County {
        self.found.county.into()
    }

    /// How many people it was done to; 1, or more where a group or the organisation was attacked.
    async fn people_affected(&self) -> i32 {
        self.found.people_affected
    }

    /// The month in which it was done. Never a day.
    async fn occurred_in(&self) -> Month {
        self.found.occurred_in.into()
    }

    /// The month in which it was documented.
    async fn documented_in(&self) -> Month {
        self.found.documented_in.into()
    }

    /// Your organisation's pseudonym for the survivor. Null where nobody in particular is meant, and after withdrawal, erasure or
    /// forgetting.
    async fn client(&self) -> Option<Pseudonym> {
        self.found.client.clone().map(Pseudonym)
    }

    /// Who agreed that it is documented.
    async fn consent_given_by(&self) -> Enumeration<ViolationConsentGiver> {
        Enumeration(self.found.consent_given_by)
    }

    /// Whether it may be counted in the coalition's figures. Somebody can agree to the record and not to this.
    async fn consent_to_be_counted(&self) -> bool {
        self.found.counted
    }

    /// A note that only your organisation's devices can open. Null where there is none, or none any more.
    async fn sealed_note(&self, context: &Context<'_>) -> Option<Result<SealedText>> {
        nullable(async {
            let reading = Scope::of(context).reading().await?;
            let note = reading.load.load_one(NoteOf(self.found.id, self.looked)).await.map_err(Fault::from)?;
            Ok(note.map(SealedText))
        })
        .await
    }

    /// Where it stands.
    async fn status(&self) -> Enumeration<ViolationStatus> {
        Enumeration(self.found.status)
    }

    /// How it ended: ONGOING while nobody has recorded that, also where consent was withdrawn or it was entered in error before.
    async fn outcome(&self) -> Enumeration<ViolationOutcome> {
        Enumeration(self.found.outcome.unwrap_or(ViolationOutcome::Ongoing))
    }

    /// Why it ended so; empty while it is open, and where nothing was said.
    async fn end_reasons(&self) -> Vec<Enumeration<ViolationReason>> {
        enumerated(&self.found.end_reasons)
    }

    /// Why it was not reported.
    async fn not_reported_reasons(&self) -> Vec<Enumeration<ViolationReason>> {
        enumerated(&self.found.not_reported_reasons)
    }

    /// What was done about it, by month; first that it was documented. Those that a referral brought name it.
    async fn steps(&self) -> Vec<ViolationStep> {
        let brought_by = |step| self.found.links.iter().find(|link| link.step == Some(step)).map(|link| link.referral);
        self.found.steps().into_iter().map(|step| ViolationStep { step, brought_by: brought_by(step) }).collect()
    }

    /// By when something must happen, down to the full hour: before a court within 24 hours of an arrest (the step IN_COURT says that it
    /// was met), medicine within 72 hours of an exposure (MEDICAL_CARE). Of two, the first that hasn't passed. Null where nothing runs;
    /// erased a week after it has passed.
    async fn act_before(&self) -> Option<DateTime> {
        act_due(self.found.standing(), self.at).map(DateTime::from)
    }

    /// Whether actBefore has passed, and no step says that it was met.
    async fn overdue(&self) -> bool {
        is_overdue(self.found.standing(), self.at)
    }

    /// The referral of your organisation whose client was turned away or mistreated, or the received one that brought it. Null where it
    /// came in another way, and for those who may not read the referral.
    async fn from_referral(&self, context: &Context<'_>) -> Option<Result<Referral>> {
        let link = self.found.links.iter().find(|link| link.brought)?;
        nullable(referral(context, link.referral)).await
    }

    /// The referrals that your organisation made because of it, without those that the viewer may not read.
    async fn referrals(&self, context: &Context<'_>) -> Result<Vec<Referral>> {
        let made = self.found.links.iter().filter(|link| !link.brought);
        let found = futures_util::future::try_join_all(made.map(|link| referral(context, link.referral))).await?;
        Ok(found.into_iter().flatten().collect())
    }

    /// Plans for a sensitisation that it is a reason for. Empty after withdrawal, erasure or forgetting.
    async fn sensitisation_plans(&self, context: &Context<'_>) -> Result<Vec<SensitisationPlan>> {
        let reading = Scope::of(context).reading().await?;
        let because_of_it = PlansBecauseOf(self.found.id, self.looked);
        let plans = reading.load.load_one(because_of_it).await.map_err(Fault::from)?.unwrap_or_default();
        let plans = plans.into_iter().map(|found| SensitisationPlan::new(found, &reading.tx));
        Ok(plans.collect::<Result<Vec<_>, _>>().map_err(Fault::from)?)
    }

    /// What the viewer may do now: show what this allows, and the frontend needs no rules. A month can still stand against a move.
    async fn allowed_actions(&self) -> Vec<Enumeration<ViolationAction>> {
        enumerated(&allowed_actions(self.found.state(), self.allowed, self.at))
    }

    /// When anything was recorded of it last. Exact while it is open; the first moment of its month once it has ended.
    async fn updated_at(&self) -> DateTime {
        self.found.updated_at.into()
    }
}

impl NodeObject for Violation {
    type Id = ViolationId;

    async fn find(reading: &Reading, id: ViolationId, _: &Selected<'_>) -> Result<Option<Self>, Fault> {
        if reading.tx.actor()?.reach(Permission::ReadViolations).is_none() {
            return Ok(None);
        }
        Ok(reading.load.load_one(id).await?.map(|(looked, found)| Self::new(found, looked, &reading.tx)).transpose()?)
    }
}

//! Everything that can be done to a referral.

use async_graphql::{Context, ID, InputType, Object, Result};
use pamoja_domain::access::Permission;
use pamoja_domain::id::ReferralId;
use pamoja_domain::referral::{MAXIMUM_UPLOAD, ReferralAction};
use pamoja_persistence::transaction::TenantTx;

use super::arriving;
use super::blank::{self, AllocateSlipsPayload};
use super::creating;
use super::input::{
    AllocateSlipsInput, CancelReferralInput, CheckInReferralInput, CreateReferralInput, CreateReferralsInput,
    DeclineReferralInput, MoveReferralInput, NotCompletedInput, ReferralInput, ScheduleReferralInput,
};
use super::moving::{self, Request, as_it_is_now};
use super::payload::{CreateReferralPayload, ReferralPayload};
use super::uploading::{self, CreateReferralsPayload};
use crate::graphql::scope::Scope;

/// The referrals' part of Mutation.
#[derive(Default)]
pub(crate) struct ReferralMutation;

#[Object]
impl ReferralMutation {
    /// Refers a client to another organisation and makes the slip that goes with them. An account can have at most 60 referrals that are
    /// open to all or can't wait (hoursSinceExposure) without an answer; LIMIT_REACHED beyond that.
    async fn create_referral(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The client who is referred, and to whom.")] input: CreateReferralInput,
    ) -> Result<CreateReferralPayload> {
        Ok(creating::create(Scope::of(context), &input).await?)
    }

    /// Makes blank slips, to be printed for where there is no line: a client is given one at once, and the referral that takes it comes
    /// later. They belong to the organisation, and whoever of it refers may use them.
    async fn allocate_slips(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "How many.")] input: AllocateSlipsInput,
    ) -> Result<AllocateSlipsPayload> {
        Ok(blank::allocate(Scope::of(context), &input).await?)
    }

    /// Sends referrals that were written down where there was no line. Each is a transaction of its own and is done or refused by
    /// itself; repeated as a whole or in parts, also through createReferral, each is still one referral.
    #[graphql(complexity = "uploading::cost(&input) + child_complexity * input.items.len().min(MAXIMUM_UPLOAD)")]
    async fn create_referrals(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The clients who are referred, and to whom.")] input: CreateReferralsInput,
    ) -> Result<CreateReferralsPayload> {
        Ok(uploading::upload(Scope::of(context), &input).await?)
    }

    /// Expects the client. By the receiver.
    async fn accept_referral(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "Which referral.")] input: ReferralInput,
    ) -> Result<ReferralPayload> {
        make(context, "acceptReferral", &input, &input.referral_id, Request::Plain(ReferralAction::Accept)).await
    }

    /// Puts the client on the waitlist. By the receiver.
    async fn waitlist_referral(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "Which referral.")] input: ReferralInput,
    ) -> Result<ReferralPayload> {
        make(context, "waitlistReferral", &input, &input.referral_id, Request::Plain(ReferralAction::Waitlist)).await
    }

    /// Says no, with the reason. By the receiver.
    async fn decline_referral(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "Which referral, and why.")] input: DeclineReferralInput,
    ) -> Result<ReferralPayload> {
        make(context, "declineReferral", &input, &input.referral_id, Request::Decline(input.reason.0)).await
    }

    /// Agrees on a day, or on another day. By the receiver.
    async fn schedule_referral(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "Which referral, and the day.")] input: ScheduleReferralInput,
    ) -> Result<ReferralPayload> {
        make(context, "scheduleReferral", &input, &input.referral_id, Request::Schedule(&input.on.0)).await
    }

    /// The client has arrived with the slip, accepted or not: nobody is sent away for want of an answer. With a slip that was printed in
    /// advance and whose referral hasn't been sent yet the check-in waits for it. By the receiver.
    async fn check_in_referral(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The slip that the client brought.")] input: CheckInReferralInput,
    ) -> Result<ReferralPayload> {
        Ok(arriving::check_in(Scope::of(context), &input).await?)
    }

    /// The client has arrived, the slip was lost or destroyed. By the receiver, who vouches for it.
    async fn check_in_referral_without_slip(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "Which referral.")] input: ReferralInput,
    ) -> Result<ReferralPayload> {
        make(context, "checkInReferralWithoutSlip", &input, &input.referral_id, Request::CheckInWithoutSlip).await
    }

    /// Makes a new slip for the same referral; the old one is dead. By the sender.
    async fn reissue_referral_slip(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "Which referral.")] input: ReferralInput,
    ) -> Result<CreateReferralPayload> {
        let keys = Scope::of(context).state().keys.clone();
        let reissued = Scope::of(context)
            .mutate(
                "reissueReferralSlip",
                &input,
                Permission::SendReferrals,
                async |tx: &TenantTx| creating::reissue(tx, &keys, &input.referral_id).await,
                async |tx: &TenantTx, id: ReferralId| creating::with_slip(tx, &keys, id).await,
            )
            .await?;
        Ok(reissued.into())
    }

    /// Moves it to another service of the receiver's own. By the receiver.
    async fn move_referral(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "Which referral, and to which service.")] input: MoveReferralInput,
    ) -> Result<ReferralPayload> {
        make(context, "moveReferral", &input, &input.referral_id, Request::Move(&input.service_id)).await
    }

    /// The client did not come as agreed, or said so beforehand. By the receiver.
    async fn mark_referral_no_show(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "Which referral.")] input: ReferralInput,
    ) -> Result<ReferralPayload> {
        make(context, "markReferralNoShow", &input, &input.referral_id, Request::Plain(ReferralAction::MarkNoShow)).await
    }

    /// The client was served. By the receiver.
    async fn complete_referral(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "Which referral.")] input: ReferralInput,
    ) -> Result<ReferralPayload> {
        make(context, "completeReferral", &input, &input.referral_id, Request::Plain(ReferralAction::Complete)).await
    }

    /// It ended without the client being served, with the reason. By either party.
    async fn mark_referral_not_completed(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "Which referral, and why.")] input: NotCompletedInput,
    ) -> Result<ReferralPayload> {
        make(context, "markReferralNotCompleted", &input, &input.referral_id, Request::NotCompleted(input.reason.0)).await
    }

    /// Calls it off, with the reason. By the sender.
    async fn cancel_referral(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "Which referral, and why.")] input: CancelReferralInput,
    ) -> Result<ReferralPayload> {
        make(context, "cancelReferral", &input, &input.referral_id, Request::Cancel(input.reason.0)).await
    }

    /// Ends the referral (CANCELLED, unless it had ended) and erases at once and for good: client, note, slip, actBefore and what the
    /// client reported are null, populations empty, ageBand and under18 NOT_STATED; county, service type and timeline stay. By the sender.
    async fn withdraw_referral_consent(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "Which referral.")] input: ReferralInput,
    ) -> Result<ReferralPayload> {
        make(context, "withdrawReferralConsent", &input, &input.referral_id, Request::Plain(ReferralAction::WithdrawConsent))
            .await
    }

    /// It should never have been recorded; it counts nowhere. By the sender, until its month is published.
    async fn mark_referral_entered_in_error(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "Which referral.")] input: ReferralInput,
    ) -> Result<ReferralPayload> {
        make(
            context,
            "markReferralEnteredInError",
            &input,
            &input.referral_id,
            Request::Plain(ReferralAction::MarkEnteredInError),
        )
        .await
    }

    /// Expects the client after all, within 14 days of the ending. By the receiver.
    async fn reopen_referral(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "Which referral.")] input: ReferralInput,
    ) -> Result<ReferralPayload> {
        make(context, "reopenReferral", &input, &input.referral_id, Request::Plain(ReferralAction::Reopen)).await
    }
}

/// Whoever may receive may send too, and a peer educator who goes along makes the receiver's moves: what they may is decided of the
/// referral itself.
async fn make<I: InputType>(
    context: &Context<'_>,
    operation: &'static str,
    input: &I,
    referral_id: &ID,
    request: Request<'_>,
) -> Result<ReferralPayload> {
    let moved = Scope::of(context)
        .mutate(
            operation,
            input,
            Permission::SendReferrals,
            async |tx: &TenantTx| moving::make(tx, referral_id, &request).await,
            as_it_is_now,
        )
        .await?;
    Ok(moved.into())
}

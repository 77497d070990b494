//! The mutations of referrals.

use async_graphql::{Context, ID, InputType, Object, Result};
use pamoja_domain::access::Permission;
use pamoja_domain::id::ReferralId;
use pamoja_domain::referral::{MAXIMUM_UPLOAD, ReferralAction};
use pamoja_persistence::transaction::TenantTx;

use super::arriving;
use super::assigning::{self, AssignReferralPayload};
use super::blank::{self, AllocateSlipsPayload};
use super::creating;
use super::input::{
    AllocateSlipsInput, AssignReferralInput, CancelReferralInput, CheckInReferralInput, CreateReferralInput,
    CreateReferralsInput, DeclineReferralInput, MoveReferralInput, NotCompletedInput, ReferralInput, ScheduleReferralInput,
};
use super::moving::{self, Request, as_it_is_now};
use super::payload::{CreateReferralPayload, ReferralPayload};
use super::uploading::{self, CreateReferralsPayload};
use crate::graphql::scope::Scope;

/// The mutations of referrals.
#[derive(Default)]
pub(crate) struct ReferralMutation;

#[Object]
impl ReferralMutation {
    /// Refers a client to another organisation, and makes the slip that goes with them. An account can have at most 60
    /// unanswered referrals that are open to all or can't wait (hoursSinceExposure). One more of these is refused with
    /// LIMIT_REACHED.
    async fn create_referral(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The client whom you refer, and to whom.")] input: CreateReferralInput,
    ) -> Result<CreateReferralPayload> {
        Ok(creating::create(Scope::of(context), &input).await?)
    }

    /// Makes blank slips to print, for work without a connection: you give a client a slip at once, and send the referral that
    /// takes it later. The slips belong to your organisation: everyone there who refers clients may use them.
    async fn allocate_slips(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "How many slips to make.")] input: AllocateSlipsInput,
    ) -> Result<AllocateSlipsPayload> {
        Ok(blank::allocate(Scope::of(context), &input).await?)
    }

    /// Sends referrals that were written down without a connection. Each item is its own transaction, and is sent or refused by
    /// itself. You can repeat the upload as a whole or in parts, also through createReferral: each item is still one referral.
    #[graphql(complexity = "uploading::cost(&input) + child_complexity * input.items.len().min(MAXIMUM_UPLOAD)")]
    async fn create_referrals(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The clients whom you refer, and to whom.")] input: CreateReferralsInput,
    ) -> Result<CreateReferralsPayload> {
        Ok(uploading::upload(Scope::of(context), &input).await?)
    }

    /// Accepts the referral: the receiver expects the client. The receiver may do this; while the referral is open to all, any
    /// organisation that it is offered to may take it. When several take it at once, exactly one becomes the receiver and the
    /// others get CONFLICT.
    async fn accept_referral(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The referral to accept.")] input: ReferralInput,
    ) -> Result<ReferralPayload> {
        make(context, "acceptReferral", &input, &input.referral_id, Request::Plain(ReferralAction::Accept)).await
    }

    /// Puts the client on the waitlist. The receiver may do this.
    async fn waitlist_referral(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The referral to put on the waitlist.")] input: ReferralInput,
    ) -> Result<ReferralPayload> {
        make(context, "waitlistReferral", &input, &input.referral_id, Request::Plain(ReferralAction::Waitlist)).await
    }

    /// Declines the referral, with a reason, and perhaps with a better place. The receiver may do this.
    async fn decline_referral(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The referral to decline, and the reason.")] input: DeclineReferralInput,
    ) -> Result<ReferralPayload> {
        let request = Request::Decline(input.reason.0, input.instead_service_id.as_ref());
        make(context, "declineReferral", &input, &input.referral_id, request).await
    }

    /// Sets the agreed day, or changes it. The receiver may do this.
    async fn schedule_referral(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The referral, and the agreed day.")] input: ScheduleReferralInput,
    ) -> Result<ReferralPayload> {
        make(context, "scheduleReferral", &input, &input.referral_id, Request::Schedule(&input.on.0)).await
    }

    /// Records that the client has arrived with the slip. The referral need not be accepted: nobody is sent away for want of an
    /// answer. A slip with which your organisation has already checked the client in is refused with ILLEGAL_TRANSITION, and the
    /// message says when that was. If the slip was printed in advance and its referral hasn't been sent yet, the check-in waits for the referral.
    /// The receiver may do this, and while the referral is open to all, an organisation that could take it.
    async fn check_in_referral(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The slip that the client brought.")] input: CheckInReferralInput,
    ) -> Result<ReferralPayload> {
        Ok(arriving::check_in(Scope::of(context), &input).await?)
    }

    /// Records that the client has arrived without the slip, which was lost or destroyed. The receiver may do this, and vouches
    /// for it.
    async fn check_in_referral_without_slip(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The referral whose client has arrived.")] input: ReferralInput,
    ) -> Result<ReferralPayload> {
        make(context, "checkInReferralWithoutSlip", &input, &input.referral_id, Request::CheckInWithoutSlip).await
    }

    /// Makes a new slip for the same referral. The old slip is no longer valid. The sender may do this.
    async fn reissue_referral_slip(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The referral that needs a new slip.")] input: ReferralInput,
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

    /// Moves the referral to another service of the receiver's. The receiver may do this.
    async fn move_referral(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The referral, and the service to which it moves.")] input: MoveReferralInput,
    ) -> Result<ReferralPayload> {
        make(context, "moveReferral", &input, &input.referral_id, Request::Move(&input.service_id)).await
    }

    /// Records that the client did not come as agreed, or said beforehand that they would not. The receiver may do this.
    async fn mark_referral_no_show(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The referral whose client did not come.")] input: ReferralInput,
    ) -> Result<ReferralPayload> {
        make(context, "markReferralNoShow", &input, &input.referral_id, Request::Plain(ReferralAction::MarkNoShow)).await
    }

    /// Records that the client was served. The receiver may do this.
    async fn complete_referral(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The referral whose client was served.")] input: ReferralInput,
    ) -> Result<ReferralPayload> {
        make(context, "completeReferral", &input, &input.referral_id, Request::Plain(ReferralAction::Complete)).await
    }

    /// Records that the referral ended without the client being served, with the reason. Either party may do this.
    async fn mark_referral_not_completed(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The referral, and why the client wasn't served.")] input: NotCompletedInput,
    ) -> Result<ReferralPayload> {
        make(context, "markReferralNotCompleted", &input, &input.referral_id, Request::NotCompleted(input.reason.0)).await
    }

    /// Cancels the referral, with a reason. The sender may do this.
    async fn cancel_referral(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The referral to cancel, and the reason.")] input: CancelReferralInput,
    ) -> Result<ReferralPayload> {
        make(context, "cancelReferral", &input, &input.referral_id, Request::Cancel(input.reason.0)).await
    }

    /// Withdraws the client's consent. The referral ends (CANCELLED, unless it had already ended), and the server erases what it
    /// holds about the client, at once and for good. Then client, sealedNote, actBefore and the client's report are null, the slip no longer works,
    /// populations is empty, and ageBand and under18 are NOT_STATED. County, service type and timeline stay. The sender may do
    /// this.
    async fn withdraw_referral_consent(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The referral to which the client withdraws consent.")] input: ReferralInput,
    ) -> Result<ReferralPayload> {
        make(context, "withdrawReferralConsent", &input, &input.referral_id, Request::Plain(ReferralAction::WithdrawConsent))
            .await
    }

    /// Marks a referral that should never have been recorded: it counts in no figures. The sender may do this until the
    /// referral's month is published.
    async fn mark_referral_entered_in_error(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The referral that should never have been recorded.")] input: ReferralInput,
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

    /// Reopens a referral that has ended: the receiver expects the client after all. The receiver may do this within 14 days of
    /// the ending.
    async fn reopen_referral(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The referral to reopen.")] input: ReferralInput,
    ) -> Result<ReferralPayload> {
        make(context, "reopenReferral", &input, &input.referral_id, Request::Plain(ReferralAction::Reopen)).await
    }

    /// Assigns referrals to somebody of your own organisation: to a colleague, or to yourself. All of them or none. A peer
    /// educator to whom a sent referral is assigned sees it and acts on it as on their own; whoever referred keeps seeing it. The
    /// other organisation learns nothing of it, and updatedAt stays. Only caseworkers assign.
    async fn assign_referral(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The referrals, and who is to handle them.")] input: AssignReferralInput,
    ) -> Result<AssignReferralPayload> {
        Ok(assigning::assign(Scope::of(context), &input).await?)
    }
}

/// Makes a move. The permission to send is enough here: everybody who may receive may also send, and a peer educator who goes
/// along makes the receiver's moves. The referral itself then decides what the viewer may do.
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

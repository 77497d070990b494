//! The mutations that put something right: a wrong tap, a wrong referral, a wrong place.

use async_graphql::{Context, Object, Result};
use pamoja_domain::access::Permission;
use pamoja_persistence::transaction::TenantTx;

use super::amending::{self, AmendReferralInput};
use super::answering::{self, AnswerCheckInInput};
use super::input::ReferralInput;
use super::instead::{self, ReferInsteadInput};
use super::moving::as_it_is_now;
use super::payload::{CreateReferralPayload, ReferralPayload};
use super::undoing;
use crate::graphql::scope::Scope;

/// The mutations that put something right.
#[derive(Default)]
pub(crate) struct ReferralMendingMutation;

#[Object]
impl ReferralMendingMutation {
    /// Takes back your own last move, within 15 minutes and while nobody has acted on the referral since: it stands as before, and
    /// the timeline tells both sides. A referral that you took from those open to all is given back to all to whom it was offered.
    /// Refused with FORBIDDEN when a colleague made the move, with EXPIRED after 15 minutes, and with ILLEGAL_TRANSITION when
    /// somebody has acted since. Withdrawn consent, a replaced slip and a taking back can't be taken back, nor can
    /// MARK_ENTERED_IN_ERROR where it removed a client's rating.
    async fn undo_referral_move(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The referral whose last move you take back.")] input: ReferralInput,
    ) -> Result<ReferralPayload> {
        let undone = Scope::of(context)
            .mutate(
                "undoReferralMove",
                &input,
                Permission::SendReferrals,
                async |tx: &TenantTx| undoing::take_back(tx, &input.referral_id).await,
                as_it_is_now,
            )
            .await?;
        Ok(undone.into())
    }

    /// Puts right what the referral asks for, until the client has arrived. The receiver sees it at once, and the timeline tells
    /// both sides. A referral that was declined for NEEDS_MORE_INFORMATION within the last 14 days is REQUESTED again, with the same
    /// slip. While a referral is open to all, its county and service stay: they decide to whom it is offered. The sender may do
    /// this.
    async fn amend_referral(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The referral, and what to put right in it.")] input: AmendReferralInput,
    ) -> Result<ReferralPayload> {
        let amended = Scope::of(context)
            .mutate(
                "amendReferral",
                &input,
                Permission::SendReferrals,
                async |tx: &TenantTx| amending::amend(tx, &input).await,
                as_it_is_now,
            )
            .await?;
        Ok(amended.into())
    }

    /// Refers the client of a declined referral to the place that its receiver named (insteadService): a new referral of the same
    /// client, for the same reason and with the same actBefore, and with a slip of its own. The rules and limits are those of
    /// createReferral. Refused with CONFLICT while a referral that was made so is under way. The sender may do this.
    async fn refer_instead(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The declined referral, and that the client agrees.")] input: ReferInsteadInput,
    ) -> Result<CreateReferralPayload> {
        Ok(instead::refer(Scope::of(context), &input).await?)
    }

    /// Answers one of checkInsElsewhere: somebody came with the slip to an organisation that you didn't name, before you sent the
    /// referral. With clientIsThere, a referral that was open to all is that organisation's, and the client has arrived there. A
    /// referral to another receiver is cancelled (WRONG_ORGANISATION), and the answer is a new one to that organisation with the same
    /// slip, where the client has arrived. Without, nothing changes for anybody else, and that organisation notices nothing. The
    /// sender may do this until the client has arrived.
    async fn answer_check_in(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The check-in, and whether it is the client's.")] input: AnswerCheckInInput,
    ) -> Result<ReferralPayload> {
        let keys = Scope::of(context).state().keys.clone();
        let answered = Scope::of(context)
            .mutate(
                "answerCheckIn",
                &input,
                Permission::SendReferrals,
                async |tx: &TenantTx| answering::answer(tx, &keys, &input).await,
                as_it_is_now,
            )
            .await?;
        Ok(answered.into())
    }
}

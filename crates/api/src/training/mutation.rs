//! The trainings' mutations.

use async_graphql::{Context, ID, InputType, Object, Result};
use pamoja_domain::access::Permission;
use pamoja_domain::training::{EvaluationDraft, FollowUpDraft, TrainingAction};
use pamoja_persistence::transaction::TenantTx;

use super::input::{
    CreateTrainingOfferInput, RequestTrainingInput, ScheduleTrainingInput, TrainingDeliveredInput, TrainingEvaluationInput,
    TrainingFollowUpInput, TrainingOfferInput, TrainingRequestInput, UpdateTrainingOfferInput,
};
use super::moving::{self, Step, as_it_is_now};
use super::payload::{TrainingOfferPayload, TrainingRequestPayload};
use super::{offering, requesting};
use crate::graphql::scope::Scope;

/// The trainings' part of Mutation.
#[derive(Default)]
pub(crate) struct TrainingMutation;

#[Object]
impl TrainingMutation {
    /// Offers a training to all members. Trainers and organisation admins may do this, and make all other mutations of trainings.
    async fn create_training_offer(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The training that you offer.")] input: CreateTrainingOfferInput,
    ) -> Result<TrainingOfferPayload> {
        let changed = Scope::of(context)
            .mutate(
                "createTrainingOffer",
                &input,
                Permission::ManageTraining,
                async |tx: &TenantTx| offering::create(tx, &input).await,
                offering::as_it_is_now,
            )
            .await?;
        Ok(changed.into())
    }

    /// Replaces the text and the terms of an offer of your organisation. A closed offer can't be changed: it is refused with
    /// INVALID.
    async fn update_training_offer(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The offer, with all of its new text and terms.")] input: UpdateTrainingOfferInput,
    ) -> Result<TrainingOfferPayload> {
        let changed = Scope::of(context)
            .mutate(
                "updateTrainingOffer",
                &input,
                Permission::ManageTraining,
                async |tx: &TenantTx| offering::update(tx, &input).await,
                offering::as_it_is_now,
            )
            .await?;
        Ok(changed.into())
    }

    /// Closes an offer of your organisation for good. Requests that were sent for it go on.
    async fn close_training_offer(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The offer to close.")] input: TrainingOfferInput,
    ) -> Result<TrainingOfferPayload> {
        let changed = Scope::of(context)
            .mutate(
                "closeTrainingOffer",
                &input,
                Permission::ManageTraining,
                async |tx: &TenantTx| offering::close(tx, &input).await,
                offering::as_it_is_now,
            )
            .await?;
        Ok(changed.into())
    }

    /// Asks for a training. The request names an offer, or a topic and one organisation, or a topic alone: then it is open to all
    /// who offer the topic in the county.
    async fn request_training(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The training that you ask for, and whom you ask.")] input: RequestTrainingInput,
    ) -> Result<TrainingRequestPayload> {
        let requested = Scope::of(context)
            .mutate(
                "requestTraining",
                &input,
                Permission::ManageTraining,
                async |tx: &TenantTx| requesting::send(tx, &input).await,
                as_it_is_now,
            )
            .await?;
        Ok(requested.into())
    }

    /// Agrees to hold the training. The receiver may do this; while the request is open to all, any organisation that it is
    /// offered to may take it. When several take it at once, exactly one becomes the receiver and the others get CONFLICT.
    async fn accept_training_request(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The request to accept.")] input: TrainingRequestInput,
    ) -> Result<TrainingRequestPayload> {
        make(
            context,
            "acceptTrainingRequest",
            &input,
            &input.training_request_id,
            Step::Plain(TrainingAction::Accept, input.reason.map(|reason| reason.0)),
        )
        .await
    }

    /// Declines the request, with a reason. The receiver may do this.
    async fn decline_training_request(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The request to decline, and the reason.")] input: TrainingRequestInput,
    ) -> Result<TrainingRequestPayload> {
        make(
            context,
            "declineTrainingRequest",
            &input,
            &input.training_request_id,
            Step::Plain(TrainingAction::Decline, input.reason.map(|reason| reason.0)),
        )
        .await
    }

    /// Sets the day on which the training is held, or changes it. Several hosts can join one session. The receiver, who holds the
    /// training, may do this.
    async fn schedule_training(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The request, and when, how and where the training is held.")] input: ScheduleTrainingInput,
    ) -> Result<TrainingRequestPayload> {
        let step = Step::Schedule {
            on: &input.on.0,
            mode: input.mode.0,
            county_code: &input.county_code,
            session: input.session_id.as_ref(),
        };
        make(context, "scheduleTraining", &input, &input.training_request_id, step).await
    }

    /// Records who came, in numbers, for all hosts of the session. Record it again to correct it, until the training is
    /// evaluated. The receiver, who holds the training, may do this.
    async fn record_training_delivered(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The training, and who came.")] input: TrainingDeliveredInput,
    ) -> Result<TrainingRequestPayload> {
        let step = Step::Deliver(&input.participants, input.hours);
        make(context, "recordTrainingDelivered", &input, &input.training_request_id, step).await
    }

    /// Records what people thought and learned, for all hosts of the session. Record it again to correct it, for seven days: then it
    /// stands. The receiver, who holds the training, may do this.
    async fn record_training_evaluation(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The training, and its evaluation.")] input: TrainingEvaluationInput,
    ) -> Result<TrainingRequestPayload> {
        let step = Step::Evaluate(EvaluationDraft {
            satisfaction_mean: input.satisfaction_mean,
            pre_score_mean: input.pre_score_mean,
            post_score_mean: input.post_score_mean,
            pairs: input.pairs,
        });
        make(context, "recordTrainingEvaluation", &input, &input.training_request_id, step).await
    }

    /// Records how many of one host's people still use what they learned 3 or 6 months after the training. Record it again to
    /// correct it. Either party may do this.
    async fn record_training_follow_up(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The training, and the answers in numbers.")] input: TrainingFollowUpInput,
    ) -> Result<TrainingRequestPayload> {
        let step = Step::FollowUp(FollowUpDraft {
            months_after: input.months_after,
            asked: input.asked,
            still_using: input.still_using,
        });
        make(context, "recordTrainingFollowUp", &input, &input.training_request_id, step).await
    }

    /// Calls the training off, with a reason, unless who came is already recorded. Either party may do this; before the request
    /// is accepted, only its sender.
    async fn cancel_training(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The request to call off, and the reason.")] input: TrainingRequestInput,
    ) -> Result<TrainingRequestPayload> {
        make(
            context,
            "cancelTraining",
            &input,
            &input.training_request_id,
            Step::Plain(TrainingAction::Cancel, input.reason.map(|reason| reason.0)),
        )
        .await
    }
}

async fn make<I: InputType>(
    context: &Context<'_>,
    operation: &'static str,
    input: &I,
    request_id: &ID,
    step: Step<'_>,
) -> Result<TrainingRequestPayload> {
    let moved = Scope::of(context)
        .mutate(
            operation,
            input,
            Permission::ManageTraining,
            async |tx: &TenantTx| moving::make(tx, request_id, &step).await,
            as_it_is_now,
        )
        .await?;
    Ok(moved.into())
}

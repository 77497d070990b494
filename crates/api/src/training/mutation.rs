//! Everything that can be done about trainings.

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
    /// Offers a training to all members. For trainers and organisation admins, like all of these.
    async fn create_training_offer(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "What is offered.")] input: CreateTrainingOfferInput,
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

    /// Says what an offer of your own is from now on.
    async fn update_training_offer(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "Which offer, and all that it says.")] input: UpdateTrainingOfferInput,
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

    /// Closes an offer of your own for good; requests for it go on.
    async fn close_training_offer(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "Which offer.")] input: TrainingOfferInput,
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

    /// Asks for a training: for an offer, for a topic to one organisation, or open to all who offer the topic in the county.
    async fn request_training(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "What is asked for, and of whom.")] input: RequestTrainingInput,
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

    /// Agrees to hold it, and takes it where it is open to all: of several at once exactly one has it, the others get CONFLICT. By
    /// whoever is asked.
    async fn accept_training_request(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "Which request.")] input: TrainingRequestInput,
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

    /// Says no, with the reason. By whoever is asked.
    async fn decline_training_request(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "Which request, and why.")] input: TrainingRequestInput,
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

    /// Agrees on a day, or on another day; several hosts can join one session. By the trainer's organisation.
    async fn schedule_training(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "Which request, when and where.")] input: ScheduleTrainingInput,
    ) -> Result<TrainingRequestPayload> {
        let step = Step::Schedule {
            on: &input.on.0,
            mode: input.mode.0,
            county_code: &input.county_code,
            session: input.session_id.as_ref(),
        };
        make(context, "scheduleTraining", &input, &input.training_request_id, step).await
    }

    /// Records who came, in numbers, for all hosts of the session; again puts it right, until it is evaluated. By the trainer's
    /// organisation.
    async fn record_training_delivered(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "Which training, and who came.")] input: TrainingDeliveredInput,
    ) -> Result<TrainingRequestPayload> {
        let step = Step::Deliver(&input.participants, input.hours);
        make(context, "recordTrainingDelivered", &input, &input.training_request_id, step).await
    }

    /// Records what people thought and learned, for all hosts of the session; again puts it right. By the trainer's organisation.
    async fn record_training_evaluation(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "Which training, and what came of it.")] input: TrainingEvaluationInput,
    ) -> Result<TrainingRequestPayload> {
        let step = Step::Evaluate(EvaluationDraft {
            satisfaction_mean: input.satisfaction_mean,
            pre_score_mean: input.pre_score_mean,
            post_score_mean: input.post_score_mean,
            pairs: input.pairs,
        });
        make(context, "recordTrainingEvaluation", &input, &input.training_request_id, step).await
    }

    /// Records how many of the host's people still use what they learned, 3 and 6 months after; again puts it right. By either party.
    async fn record_training_follow_up(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "Which training, and who was asked.")] input: TrainingFollowUpInput,
    ) -> Result<TrainingRequestPayload> {
        let step = Step::FollowUp(FollowUpDraft {
            months_after: input.months_after,
            asked: input.asked,
            still_using: input.still_using,
        });
        make(context, "recordTrainingFollowUp", &input, &input.training_request_id, step).await
    }

    /// Calls it off, with the reason. By either party.
    async fn cancel_training(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "Which request, and why.")] input: TrainingRequestInput,
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

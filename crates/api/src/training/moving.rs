//! The moves of a request for a training. [`make`] makes all of them.

use async_graphql::ID;
use pamoja_domain::id::{OrganisationId, TrainingRequestId, TrainingSessionId};
use pamoja_domain::moves::Moves;
use pamoja_domain::refusal::Refusal;
use pamoja_domain::service::parse_county;
use pamoja_domain::training::{
    Attendance, CadreCount, Delivery, DeliveryDraft, Evaluation, EvaluationDraft, FollowUp, FollowUpDraft, SessionPlan,
    TrainingAction, TrainingMode, TrainingMoves, TrainingReason, check_has_taken_place, check_not_settled, check_reason,
    parse_session_day,
};
use pamoja_persistence::error::StoreError;
use pamoja_persistence::training::{self, Change, TrainingRequest as Request, TrainingSession as Session};
use pamoja_persistence::transaction::TenantTx;
use uuid::Uuid;

use super::TrainingRequest;
use super::input::CadreCountInput;
use crate::graphql::error::Failure;
use crate::graphql::global_id;
use crate::graphql::open_to_all;

/// A move, with the input that it needs beside the request.
pub(super) enum Step<'a> {
    /// A move that needs a reason or nothing.
    Plain(TrainingAction, Option<TrainingReason>),
    /// SCHEDULE; nothing is checked yet.
    Schedule {
        /// The day.
        on: &'a str,
        /// How it is held.
        mode: TrainingMode,
        /// The county where it is held.
        county_code: &'a str,
        /// The session that the request's host joins.
        session: Option<&'a ID>,
    },
    /// DELIVER; nothing is checked yet.
    Deliver(&'a [CadreCountInput], f64),
    /// EVALUATE; nothing is checked yet.
    Evaluate(EvaluationDraft),
    /// FOLLOW_UP; nothing is checked yet.
    FollowUp(FollowUpDraft),
}

impl Step<'_> {
    fn action(&self) -> TrainingAction {
        match self {
            Self::Plain(action, _) => *action,
            Self::Schedule { .. } => TrainingAction::Schedule,
            Self::Deliver(..) => TrainingAction::Deliver,
            Self::Evaluate(_) => TrainingAction::Evaluate,
            Self::FollowUp(_) => TrainingAction::FollowUp,
        }
    }
}

/// Reads the request after the change, for the payload.
pub(super) async fn as_it_is_now(tx: &TenantTx, id: TrainingRequestId) -> Result<Option<TrainingRequest>, Failure> {
    Ok(training::find(tx, id).await?.map(|found| TrainingRequest::new(found, tx)).transpose()?)
}

/// Makes a move on the request with that id.
///
/// # Errors
/// NOT_FOUND when the viewer can't see the request; CONFLICT when another organisation has taken it; and the refusals of the
/// move's rules.
pub(super) async fn make(tx: &TenantTx, request_id: &ID, step: &Step<'_>) -> Result<TrainingRequestId, Failure> {
    let id: TrainingRequestId = global_id::decode(request_id).ok_or_else(|| Refusal::not_found("trainingRequestId"))?;
    let Some(seen) = training::find(tx, id).await? else { return Err(open_to_all::not_there(tx, id).await) };
    // What is refused waits for nobody: a trainer's work with one host must not be measured by another.
    TrainingMoves::decide(seen.status, step.action(), seen.allowed(tx.actor()?))?;
    // The trainer's lock comes before any row lock, so that two moves can't lock rows in opposite orders. It may rest on what was
    // read without a lock: once a request has a receiver, the receiver never changes.
    if let Some(trainer) = seen.receiver {
        training::lock_trainer(tx, trainer).await?;
    }
    if seen.sides().is_open_to(tx.organisation()?) {
        open_to_all::take(tx, id).await?;
    }
    let Some(found) = training::find_for_update(tx, id).await? else { return Err(open_to_all::not_there(tx, id).await) };
    apply(tx, found, step).await?;
    Ok(id)
}

/// Asks the domain whether the move is allowed, and writes its result.
async fn apply(tx: &TenantTx, found: Request, step: &Step<'_>) -> Result<(), Failure> {
    let action = step.action();
    let status = TrainingMoves::decide(found.status, action, found.allowed(tx.actor()?))?;
    let mut change = Change { status: Some(status), ..Change::default() };
    match step {
        Step::Plain(action, reason) => {
            change.reason = check_reason(*action, *reason)?;
            if *action == TrainingAction::Cancel {
                change.session = Some(None);
            }
            training::update_request(tx, &found, change).await?;
            if let Some(session) = found.session.filter(|_| *action == TrainingAction::Cancel) {
                training::leave(tx, &found, session).await?;
                tell_other_hosts(tx, session, found.id).await?;
            }
            Ok(())
        }
        Step::Schedule { on, mode, county_code, session } => {
            let on = parse_session_day("on", on, tx.at())?;
            let plan = SessionPlan { on, mode: *mode, county: parse_county("countyCode", county_code)? };
            schedule(tx, &found, plan, *session, change).await
        }
        Step::Deliver(participants, hours) => deliver(tx, &found, participants, *hours, change).await,
        Step::Evaluate(draft) => {
            let session = session_of(tx, &found).await?;
            check_not_settled(training::evaluation_recorded_at(tx, session.id).await?, tx.at())?;
            let attendance = Attendance::of(training::participants(tx, &[session.id]).await?.iter().map(|(_, count)| count));
            let evaluation = Evaluation::parse(*draft, attendance.people())?;
            training::record_evaluation(tx, &session, &evaluation, &attendance).await?;
            for_all(tx, session.id, change).await
        }
        Step::FollowUp(draft) => {
            let session = session_of(tx, &found).await?;
            let counts = training::participants(tx, &[session.id]).await?;
            let people = counts.iter().filter(|(_, count)| count.host == found.sender).map(|(_, count)| count.count).sum();
            let follow_up = FollowUp::parse(*draft, session.plan.on, people, tx.at())?;
            training::record_follow_up(tx, &found, follow_up).await?;
            Ok(training::update_request(tx, &found, Change::default()).await?)
        }
    }
}

async fn session_of(tx: &TenantTx, found: &Request) -> Result<Session, StoreError> {
    let session = match found.session {
        Some(id) => training::find_session(tx, id).await?,
        None => None,
    };
    session.ok_or_else(|| StoreError::Inconsistent("a scheduled request has no session".to_owned()))
}

/// Changes all requests of a session: a record of the session is about all of its hosts.
async fn for_all(tx: &TenantTx, session: TrainingSessionId, change: Change) -> Result<(), Failure> {
    for request in training::of_session(tx, session).await? {
        // A request whose record is only corrected is in the state already, and doesn't reach it again.
        let status = change.status.filter(|status| *status != request.status);
        training::update_request(tx, &request, Change { status, ..change }).await?;
    }
    Ok(())
}

/// Tells the other hosts of one of the tenant's sessions that a host has joined or left. It finds none where the tenant isn't the trainer.
async fn tell_other_hosts(tx: &TenantTx, session: TrainingSessionId, moved: TrainingRequestId) -> Result<(), Failure> {
    for request in training::of_session(tx, session).await?.into_iter().filter(|request| request.id != moved) {
        training::update_request(tx, &request, Change::default()).await?;
    }
    Ok(())
}

async fn schedule(tx: &TenantTx, found: &Request, plan: SessionPlan, joined: Option<&ID>, change: Change) -> Result<(), Failure> {
    if let Some(joined) = joined {
        let not_found = || Refusal::not_found("sessionId");
        let id: TrainingSessionId = global_id::decode(joined).ok_or_else(not_found)?;
        let session = training::find_session(tx, id).await?.filter(|session| Some(session.trainer) == found.receiver);
        let session = session.ok_or_else(not_found)?;
        if session.delivered_at.is_some() || session.topic != found.topic || session.plan != plan {
            return Err(Refusal::invalid("sessionId", "training-session-other").into());
        }
        if session.hosts.contains(&found.sender) && found.session != Some(id) {
            return Err(Refusal::invalid("sessionId", "training-session-joined-before").into());
        }
        let left = found.session.filter(|known| *known != id);
        training::update_request(tx, found, Change { session: Some(Some(id)), ..change }).await?;
        if let Some(left) = left {
            training::leave(tx, found, left).await?;
            tell_other_hosts(tx, left, found.id).await?;
        }
        if found.session != Some(id) {
            training::join(tx, id, found.sender).await?;
            tell_other_hosts(tx, id, found.id).await?;
        }
        return Ok(());
    }
    match found.session {
        Some(id) => {
            training::replan(tx, id, plan).await?;
            for request in training::of_session(tx, id).await? {
                training::update_request(tx, &request, change).await?;
            }
            Ok(())
        }
        None => {
            let id = TrainingSessionId(Uuid::new_v4());
            training::insert_session(tx, id, found.topic, plan, found.sender).await?;
            Ok(training::update_request(tx, found, Change { session: Some(Some(id)), ..change }).await?)
        }
    }
}

async fn deliver(
    tx: &TenantTx,
    found: &Request,
    participants: &[CadreCountInput],
    hours: f64,
    change: Change,
) -> Result<(), Failure> {
    let session = session_of(tx, found).await?;
    check_has_taken_place(session.plan.on, tx.at())?;
    // A malformed id becomes the nil UUID. No host has it, so the domain refuses it.
    let host = |id: Option<&ID>| match id {
        None => found.sender,
        Some(id) => global_id::decode(id).unwrap_or(OrganisationId(Uuid::nil())),
    };
    let counts: Vec<CadreCount> = participants
        .iter()
        .map(|count| CadreCount { host: host(count.organisation_id.as_ref()), cadre: count.cadre.0, count: count.count })
        .collect();
    let delivery = Delivery::parse(DeliveryDraft { hosts: &session.hosts, participants: &counts, hours })?;
    let requests = training::of_session(tx, session.id).await?;
    training::record_delivery(tx, session.id, &delivery, &requests).await?;
    for_all(tx, session.id, change).await
}

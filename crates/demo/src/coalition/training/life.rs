//! A training, moved only by the rules: what they refuse doesn't happen here either. It is one session, with one request of each
//! host.

use chrono::{DateTime, TimeDelta, Utc};
use pamoja_domain::id::{OrganisationId, TrainingRequestId, TrainingSessionId};
use pamoja_domain::moves::{Allowed, Moves, Party};
use pamoja_domain::training::{
    CadreCount, Delivery, DeliveryDraft, Evaluation, EvaluationDraft, FollowUp, FollowUpDraft, NewTrainingRequest, SessionPlan,
    TrainingAction, TrainingMoves, TrainingReason, TrainingStatus, TrainingTopic, check_has_taken_place, check_reason,
    parse_session_day,
};
use pamoja_domain::vocabulary::Vocabulary;

use super::super::GenerateError;
use super::illegal;

/// The least time between two things that happen to a training.
const A_MOMENT: TimeDelta = TimeDelta::seconds(20);

/// A state that a request reached.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Event {
    pub(crate) status: TrainingStatus,
    pub(crate) at: DateTime<Utc>,
    pub(crate) by: OrganisationId,
}

/// One organisation's request.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Request {
    pub(crate) id: TrainingRequestId,
    pub(crate) sender: OrganisationId,
    pub(crate) new: NewTrainingRequest,
    /// `None` while the request is open to all.
    pub(crate) receiver: Option<OrganisationId>,
    pub(crate) status: TrainingStatus,
    pub(crate) reason: Option<TrainingReason>,
    /// Whether the sender is a host of the session.
    pub(crate) hosts: bool,
    pub(crate) created_at: DateTime<Utc>,
    pub(crate) updated_at: DateTime<Utc>,
    pub(crate) events: Vec<Event>,
    pub(crate) follow_ups: Vec<FollowUp>,
}

impl Request {
    /// A request that has just been sent.
    pub(super) fn begin(id: TrainingRequestId, sender: OrganisationId, new: NewTrainingRequest, at: DateTime<Utc>) -> Self {
        let status = TrainingStatus::Requested;
        Self {
            id,
            sender,
            receiver: new.addressee.organisation(),
            new,
            status,
            reason: None,
            hosts: false,
            created_at: at,
            updated_at: at,
            events: vec![Event { status, at, by: sender }],
            follow_ups: Vec::new(),
        }
    }

    fn decide(
        &self,
        action: TrainingAction,
        party: Party,
        reason: Option<TrainingReason>,
    ) -> Result<TrainingStatus, GenerateError> {
        let receives = party == Party::Receiver;
        let allowed = Allowed {
            as_sender: party == Party::Sender,
            as_receiver: receives && self.receiver.is_some(),
            as_taker: receives && self.receiver.is_none(),
        };
        let decided = TrainingMoves::decide(self.status, action, allowed).and_then(|status| {
            check_reason(action, reason)?;
            Ok(status)
        });
        decided.map_err(|refusal| illegal(action.code(), &[refusal]))
    }

    fn reach(&mut self, status: TrainingStatus, at: DateTime<Utc>, by: OrganisationId) {
        (self.status, self.updated_at) = (status, at);
        self.events.push(Event { status, at, by });
    }
}

/// When the session is held, and its outcome.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Session {
    pub(crate) id: TrainingSessionId,
    pub(crate) plan: SessionPlan,
    pub(crate) created_at: DateTime<Utc>,
    pub(crate) delivered: Option<(Delivery, DateTime<Utc>)>,
    pub(crate) evaluated: Option<(Evaluation, DateTime<Utc>)>,
}

/// Everything that the program would have stored about a training.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Story {
    pub(crate) trainer: OrganisationId,
    pub(crate) topic: TrainingTopic,
    pub(crate) requests: Vec<Request>,
    pub(crate) session: Option<Session>,
}

impl Story {
    /// The requests of the session's hosts.
    pub(crate) fn hosting(&self) -> impl Iterator<Item = &Request> {
        self.requests.iter().filter(|request| request.hosts)
    }

    /// The session's hosts.
    pub(crate) fn hosts(&self) -> Vec<OrganisationId> {
        self.hosting().map(|request| request.sender).collect()
    }

    /// How many of that host's people came.
    pub(crate) fn people_of(&self, host: OrganisationId) -> i32 {
        let delivery = self.session.as_ref().and_then(|session| session.delivered.as_ref());
        let counts = delivery.map(|(delivery, _)| delivery.participants.as_slice()).unwrap_or_default();
        counts.iter().filter(|count| count.host == host).map(|count| count.count).sum()
    }
}

/// What a party does to one request, with its details.
#[derive(Clone, Copy, Debug)]
pub(super) enum Act {
    Accept,
    Decline(TrainingReason),
    Schedule(TrainingSessionId, SessionPlan),
    Cancel(Party, TrainingReason),
}

impl Act {
    fn parts(self) -> (TrainingAction, Party, Option<TrainingReason>) {
        match self {
            Self::Accept => (TrainingAction::Accept, Party::Receiver, None),
            Self::Decline(reason) => (TrainingAction::Decline, Party::Receiver, Some(reason)),
            Self::Schedule(..) => (TrainingAction::Schedule, Party::Receiver, None),
            Self::Cancel(party, reason) => (TrainingAction::Cancel, party, Some(reason)),
        }
    }
}

/// A training in the course of time. Every act returns whether it happened: what would come after the present doesn't.
pub(super) struct Life {
    pub(super) story: Story,
    pub(super) present: DateTime<Utc>,
}

impl Life {
    /// Does something to the request at that index.
    pub(super) fn act(&mut self, place: usize, act: Act, at: DateTime<Utc>) -> Result<bool, GenerateError> {
        let trainer = self.story.trainer;
        let Some(request) = self.story.requests.get_mut(place) else { return Ok(false) };
        let at = at.max(request.updated_at + A_MOMENT);
        if at > self.present {
            return Ok(false);
        }
        let (action, party, reason) = act.parts();
        let status = request.decide(action, party, reason)?;
        request.reach(status, at, if party == Party::Sender { request.sender } else { trainer });
        match act {
            Act::Accept => request.receiver = Some(trainer),
            Act::Decline(reason) => request.reason = Some(reason),
            Act::Schedule(id, plan) => {
                request.hosts = true;
                check_day(plan, at)?;
                let new = Session { id, plan, created_at: at, delivered: None, evaluated: None };
                self.story.session.get_or_insert(new);
            }
            Act::Cancel(_, reason) => {
                (request.reason, request.hosts) = (Some(reason), false);
                // The session ends with its last host.
                if self.story.hosting().next().is_none() {
                    self.story.session = None;
                }
            }
        }
        Ok(true)
    }

    /// Agrees on another day with all hosts.
    pub(super) fn replan(&mut self, plan: SessionPlan, at: DateTime<Utc>) -> Result<bool, GenerateError> {
        let Some(at) = self.moment(at) else { return Ok(false) };
        check_day(plan, at)?;
        self.reach_all(TrainingAction::Schedule, at)?;
        if let Some(session) = &mut self.story.session {
            session.plan = plan;
        }
        Ok(true)
    }

    /// Records who came, and for how long.
    pub(super) fn deliver(&mut self, participants: &[CadreCount], hours: f64, at: DateTime<Utc>) -> Result<bool, GenerateError> {
        const ACTION: TrainingAction = TrainingAction::Deliver;
        let Some(at) = self.moment(at) else { return Ok(false) };
        let hosts = self.story.hosts();
        let Some(session) = &mut self.story.session else { return Ok(false) };
        check_has_taken_place(session.plan.on, at).map_err(|refusal| illegal(ACTION.code(), &[refusal]))?;
        let draft = DeliveryDraft { hosts: &hosts, participants, hours };
        let delivery = Delivery::parse(draft).map_err(|refusals| illegal(ACTION.code(), &refusals))?;
        session.delivered = Some((delivery, at));
        self.reach_all(ACTION, at)?;
        Ok(true)
    }

    /// Records what people thought and learned.
    pub(super) fn evaluate(&mut self, draft: EvaluationDraft, at: DateTime<Utc>) -> Result<bool, GenerateError> {
        let Some(at) = self.moment(at) else { return Ok(false) };
        let Some(session) = &mut self.story.session else { return Ok(false) };
        let people = session.delivered.as_ref().map_or(0, |(delivery, _)| delivery.people());
        let evaluation =
            Evaluation::parse(draft, people).map_err(|refusals| illegal(TrainingAction::Evaluate.code(), &refusals))?;
        session.evaluated = Some((evaluation, at));
        self.reach_all(TrainingAction::Evaluate, at)?;
        Ok(true)
    }

    /// Records how many of one host's people still use what they learned.
    pub(super) fn follow_up(
        &mut self,
        place: usize,
        party: Party,
        draft: FollowUpDraft,
        at: DateTime<Utc>,
    ) -> Result<bool, GenerateError> {
        let on = self.story.session.as_ref().map(|session| session.plan.on);
        let people = self.story.requests.get(place).map_or(0, |request| self.story.people_of(request.sender));
        let Some((request, on)) = self.story.requests.get_mut(place).zip(on) else { return Ok(false) };
        let at = at.max(request.updated_at + A_MOMENT);
        if at > self.present {
            return Ok(false);
        }
        request.status = request.decide(TrainingAction::FollowUp, party, None)?;
        let follow_up =
            FollowUp::parse(draft, on, people, at).map_err(|refusals| illegal(TrainingAction::FollowUp.code(), &refusals))?;
        request.follow_ups.push(follow_up);
        request.updated_at = at;
        Ok(true)
    }

    /// The earliest moment from `at` on when something can happen to the session; nothing when it is after the present.
    fn moment(&self, at: DateTime<Utc>) -> Option<DateTime<Utc>> {
        let earliest = self.story.hosting().map(|request| request.updated_at + A_MOMENT).max()?;
        Some(at.max(earliest)).filter(|at| *at <= self.present)
    }

    /// Makes a move on the session: it moves the requests of all its hosts.
    fn reach_all(&mut self, action: TrainingAction, at: DateTime<Utc>) -> Result<(), GenerateError> {
        let trainer = self.story.trainer;
        for request in self.story.requests.iter_mut().filter(|request| request.hosts) {
            let status = request.decide(action, Party::Receiver, None)?;
            request.reach(status, at, trainer);
        }
        Ok(())
    }
}

fn check_day(plan: SessionPlan, at: DateTime<Utc>) -> Result<(), GenerateError> {
    let checked = parse_session_day("on", &plan.on.to_string(), at);
    checked.map(drop).map_err(|refusal| illegal(TrainingAction::Schedule.code(), &[refusal]))
}

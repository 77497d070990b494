//! One referral, moved only by the rules: what `decide` refuses doesn't happen here either.

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use pamoja_domain::client_report::ClientReportedOutcome;
use pamoja_domain::id::ServiceId;
use pamoja_domain::moves::{Allowed, Party};
use pamoja_domain::referral::{
    CancelReason, DeclineReason, NewReferral, NonCompletionReason, ReferralAction, ReferralState, ReferralStatus, decide, expiry,
};
use pamoja_domain::vocabulary::Vocabulary;
use uuid::Uuid;

use super::super::GenerateError;

/// What a client reported to the sender.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Report {
    pub(crate) outcome: ClientReportedOutcome,
    /// Only when the referral names a service and the client was there.
    pub(crate) friendliness: Option<i32>,
    /// The first day of the month of the report.
    pub(crate) month: NaiveDate,
}

/// Everything that the program would have stored about a referral.
#[derive(Clone, Debug)]
pub(crate) struct Story {
    pub(crate) id: Uuid,
    pub(crate) sender: Uuid,
    pub(crate) author: Uuid,
    /// The receiver's caseworker.
    pub(crate) desk: Uuid,
    pub(crate) new: NewReferral,
    /// The organisations that could take it, when it was open to all; the receiver is then the one who would take it.
    pub(crate) offerers: Vec<Uuid>,
    pub(crate) state: ReferralState,
    pub(crate) opened_at: DateTime<Utc>,
    pub(crate) scheduled_on: Option<NaiveDate>,
    pub(crate) decline_reason: Option<DeclineReason>,
    /// The better place that the receiver named, if any.
    pub(crate) instead_service: Option<ServiceId>,
    pub(crate) cancel_reason: Option<CancelReason>,
    pub(crate) updated_at: DateTime<Utc>,
    pub(crate) slip: Slip,
    pub(crate) events: Vec<Event>,
    pub(crate) non_completions: Vec<(NonCompletionReason, DateTime<Utc>)>,
    pub(crate) report: Option<Report>,
}

impl Story {
    /// The organisations whose people handle it: the sender, and the receiver once it has made a move.
    pub(crate) fn sides(&self) -> impl Iterator<Item = Uuid> {
        let receiver = self.new.receiver.map(|receiver| receiver.0).filter(|receiver| *receiver != self.sender);
        let receiver = receiver.filter(|receiver| self.events.iter().any(|event| event.by == Some(*receiver)));
        std::iter::once(self.sender).chain(receiver)
    }

    /// Who of that party handles it: whoever referred, or the receiver's caseworker.
    pub(crate) fn handler(&self, party: Uuid) -> Option<Uuid> {
        if party == self.sender { Some(self.author) } else { self.sides().any(|side| side == party).then_some(self.desk) }
    }

    /// When its receiver took it. `None` when it was never open to all, or the receiver's first act wasn't to take it;
    /// `Some(None)` when the receiver never acted on it.
    pub(crate) fn taken(&self) -> Option<Option<DateTime<Utc>>> {
        let receiver = self.new.receiver.map(|receiver| receiver.0);
        let first = self.events.iter().find(|event| event.by.is_some() && event.by == receiver);
        match first {
            _ if self.offerers.is_empty() => None,
            None => Some(None),
            Some(event) => {
                let takes = matches!(event.status, ReferralStatus::Accepted | ReferralStatus::Arrived);
                takes.then_some(Some(event.at))
            }
        }
    }
}

/// The latest slip of a referral.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Slip {
    pub(crate) nonce: [u8; 16],
    pub(crate) issued_at: DateTime<Utc>,
}

/// A state that the referral reached.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Event {
    pub(crate) status: ReferralStatus,
    pub(crate) at: DateTime<Utc>,
    pub(crate) by: Option<Uuid>,
    pub(crate) without_slip: bool,
}

/// What a party does, with its details.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Act {
    Accept,
    Waitlist,
    Decline(DeclineReason),
    Schedule(NaiveDate),
    CheckIn { without_slip: bool },
    Move(ServiceId),
    MarkNoShow,
    Complete,
    MarkNotCompleted(Party, NonCompletionReason),
    ReissueSlip([u8; 16]),
    Cancel(CancelReason),
    WithdrawConsent,
    MarkEnteredInError,
    Reopen,
}

impl Act {
    fn action(self) -> (ReferralAction, Party) {
        match self {
            Self::Accept => (ReferralAction::Accept, Party::Receiver),
            Self::Waitlist => (ReferralAction::Waitlist, Party::Receiver),
            Self::Decline(_) => (ReferralAction::Decline, Party::Receiver),
            Self::Schedule(_) => (ReferralAction::Schedule, Party::Receiver),
            Self::CheckIn { .. } => (ReferralAction::CheckIn, Party::Receiver),
            Self::Move(_) => (ReferralAction::Move, Party::Receiver),
            Self::MarkNoShow => (ReferralAction::MarkNoShow, Party::Receiver),
            Self::Complete => (ReferralAction::Complete, Party::Receiver),
            Self::MarkNotCompleted(party, _) => (ReferralAction::MarkNotCompleted, party),
            Self::ReissueSlip(_) => (ReferralAction::ReissueSlip, Party::Sender),
            Self::Cancel(_) => (ReferralAction::Cancel, Party::Sender),
            Self::WithdrawConsent => (ReferralAction::WithdrawConsent, Party::Sender),
            Self::MarkEnteredInError => (ReferralAction::MarkEnteredInError, Party::Sender),
            Self::Reopen => (ReferralAction::Reopen, Party::Receiver),
        }
    }
}

/// A referral in the course of time.
pub(crate) struct Life {
    pub(crate) story: Story,
    /// What the sender will do at that moment, if it is still possible then.
    interruption: Option<(DateTime<Utc>, Act)>,
    /// Nothing happens after this.
    present: DateTime<Utc>,
}

impl Life {
    /// A referral that has just been sent.
    pub(crate) fn begin(
        [id, sender, author, desk]: [Uuid; 4],
        new: NewReferral,
        offerers: Vec<Uuid>,
        nonce: [u8; 16],
        created_at: DateTime<Utc>,
        interruption: Option<(DateTime<Utc>, Act)>,
        present: DateTime<Utc>,
    ) -> Self {
        let state = ReferralState {
            status: ReferralStatus::Requested,
            created_at,
            status_at: created_at,
            expires_at: expiry(created_at, None),
            consent_withdrawn: false,
            decline: None,
            last_move: None,
            check_in_asked: false,
        };
        let first = Event { status: state.status, at: created_at, by: Some(sender), without_slip: false };
        let story = Story {
            id,
            sender,
            author,
            desk,
            new,
            offerers,
            state,
            opened_at: created_at,
            scheduled_on: None,
            decline_reason: None,
            instead_service: None,
            cancel_reason: None,
            updated_at: created_at,
            slip: Slip { nonce, issued_at: created_at },
            events: vec![first],
            non_completions: Vec::new(),
            report: None,
        };
        Self { story, interruption, present }
    }

    /// When the referral last changed.
    pub(crate) fn now(&self) -> DateTime<Utc> {
        self.story.updated_at
    }

    /// Does something at that time. False when the sender, the clock or the present came first: then the referral's course has
    /// ended.
    pub(crate) fn act(&mut self, act: Act, at: DateTime<Utc>) -> Result<bool, GenerateError> {
        let at = at.max(self.now() + A_MOMENT);
        if self.pass(at)? {
            return Ok(false);
        }
        self.apply(act, at)?;
        Ok(true)
    }

    /// Lets the time pass until the present.
    pub(crate) fn finish(&mut self) -> Result<(), GenerateError> {
        self.pass(self.present).map(drop)
    }

    /// Lets time pass, at most until the present. True when something happened meanwhile or no time is left.
    pub(crate) fn pass(&mut self, until: DateTime<Utc>) -> Result<bool, GenerateError> {
        let mut happened = until > self.present;
        let until = until.min(self.present);
        if let Some((moment, act)) = self.interruption.take_if(|(moment, _)| *moment <= until) {
            let moment = moment.max(self.now() + A_MOMENT);
            happened |= self.expire_by(moment.min(self.present));
            // The sender skips what has become impossible meanwhile.
            let possible = decide(self.story.state, act.action().0, AS_SENDER, moment).is_ok();
            if moment <= self.present && possible {
                self.apply(act, moment)?;
                happened = true;
            }
        }
        Ok(self.expire_by(until) || happened)
    }

    /// Expires the referral when it is due. The job that records expiries runs every minute, so the record is a little late.
    fn expire_by(&mut self, at: DateTime<Utc>) -> bool {
        let story = &mut self.story;
        let state = story.state.at(at);
        if state.status == story.state.status {
            return false;
        }
        let late = TimeDelta::milliseconds(i64::from(story.slip.nonce[0]) * 200 + 1);
        story.state = state;
        story.updated_at = (state.expires_at + late).min(self.present);
        story.events.push(Event { status: state.status, at: state.status_at, by: None, without_slip: false });
        true
    }

    fn apply(&mut self, act: Act, at: DateTime<Utc>) -> Result<(), GenerateError> {
        let story = &mut self.story;
        let (action, party) = act.action();
        let (allowed, by) = match party {
            Party::Sender => (AS_SENDER, Some(story.sender)),
            Party::Receiver => (AS_RECEIVER, story.new.receiver.map(|receiver| receiver.0)),
        };
        let before = story.state.status;
        let status = decide(story.state, action, allowed, at)
            .map_err(|refusal| GenerateError::Illegal { action: action.code(), refusal: refusal.message.to_string() })?;
        let mut without_slip = false;
        match act {
            Act::Decline(reason) => story.decline_reason = Some(reason),
            Act::Schedule(day) => story.scheduled_on = Some(day),
            Act::CheckIn { without_slip: vouched } => without_slip = vouched,
            Act::Move(service) => story.new.service = Some(service),
            Act::MarkNotCompleted(_, reason) => story.non_completions.push((reason, at)),
            Act::ReissueSlip(nonce) => story.slip = Slip { nonce, issued_at: at },
            Act::Cancel(reason) => story.cancel_reason = Some(reason),
            Act::WithdrawConsent => {
                story.state.consent_withdrawn = true;
                if status != before {
                    story.cancel_reason = Some(CancelReason::ConsentWithdrawn);
                }
            }
            Act::Reopen => (story.opened_at, story.scheduled_on) = (at, None),
            Act::Accept | Act::Waitlist | Act::MarkNoShow | Act::Complete | Act::MarkEnteredInError => {}
        }
        // A new day is a new event, even though the state stays the same.
        if status != before || matches!(act, Act::Schedule(_)) {
            story.state.status = status;
            story.state.status_at = at;
            story.events.push(Event { status, at, by, without_slip });
        }
        if status != ReferralStatus::Declined {
            story.decline_reason = None;
        }
        story.state.expires_at = expiry(story.opened_at, story.scheduled_on);
        story.updated_at = at;
        Ok(())
    }
}

/// The least time between two things that happen to a referral.
const A_MOMENT: TimeDelta = TimeDelta::seconds(20);
const AS_SENDER: Allowed = Allowed { as_sender: true, as_receiver: false, as_taker: false };
const AS_RECEIVER: Allowed = Allowed { as_sender: false, as_receiver: true, as_taker: false };

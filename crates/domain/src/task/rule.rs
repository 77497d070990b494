//! When something about a referral is to be done, by whom and by when. The SQL that finds tasks applies the same rule to whole
//! tables; a test compares the two.

use chrono::{DateTime, Days, NaiveDate, TimeDelta, Utc};

use super::{ARRIVED_DAYS, EXPIRING_DAYS, Hindrance, OUTCOME_DAYS, TaskKind};
use crate::day::{day_of, start_of_day};
use crate::moves::{Allowed, Party};
use crate::referral::{NonCompletionReason, ReferralState, ReferralStatus, Urgency, answer_by, is_overdue};

/// The facts about a referral that decide its tasks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Standing {
    /// The recorded state.
    pub state: ReferralState,
    /// When its time began to run: its creation, or the last reopening.
    pub opened_at: DateTime<Utc>,
    /// How soon the client must be seen.
    pub urgency: Urgency,
    /// The moment by which the client must be seen, if there is one and the viewer may know it.
    pub act_before: Option<DateTime<Utc>>,
    /// The agreed day.
    pub scheduled_on: Option<NaiveDate>,
    /// Whether it is open to all who offer the service and addressed to nobody.
    pub open: bool,
    /// Whether the sender goes along.
    pub accompanied: bool,
    /// What stands beside it.
    pub surroundings: Surroundings,
}

/// What stands beside a referral and decides its sender's tasks. Nothing of it is the receiver's to know.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Surroundings {
    /// Why it ended without the client being served, and who said so.
    pub non_completion: Option<(NonCompletionReason, Party)>,
    /// Whether the sender has settled its present ending: somebody said that nothing is left to do, or recorded since then what
    /// the client reported.
    pub settled: bool,
    /// When the sender last referred the client for the same type of service in another referral, unless that one was entered in
    /// error, or called off although the client still needs the service.
    pub referred_anew_at: Option<DateTime<Utc>>,
    /// Why the place takes nobody, if it doesn't.
    pub hindrance: Option<Hindrance>,
    /// Since when the sender is asked about a check-in elsewhere.
    pub check_in_asked_at: Option<DateTime<Utc>>,
}

/// Something that is to be done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Due {
    /// The side that has to do it. Somebody who could take a referral is on the receiver's side.
    pub side: Party,
    /// When it is due.
    pub at: DateTime<Utc>,
}

/// The task of this kind about the referral at a moment, if there is one for somebody with these moves.
///
/// Nobody is asked twice for one thing. For the sender, REFER_ELSEWHERE takes the place of NO_ANSWER, OVERDUE_CLIENT, EXPIRING_SOON
/// and the follow-up of a client who didn't come: it says why they wait in vain. OVERDUE_CLIENT goes before that follow-up, which
/// goes before EXPIRING_SOON and, for a sender who goes along, before RECORD_OUTCOME.
pub fn due(kind: TaskKind, standing: &Standing, allowed: Allowed, at: DateTime<Utc>) -> Option<Due> {
    let side = if standing.accompanied { Party::Sender } else { Party::Receiver };
    match kind {
        TaskKind::AnswerTimeCritical | TaskKind::AnswerReferral => {
            let is_critical = kind == TaskKind::AnswerTimeCritical;
            let matters = if is_critical { standing.is_in_time(at) } else { standing.act_before.is_none() };
            let waits = standing.waits(at) && matters && allowed.as_receiver;
            waits.then(|| Due { side: Party::Receiver, at: standing.answer_by() })
        }
        TaskKind::TakeOpenReferral => {
            let waits = standing.waits(at) && standing.open && allowed.as_taker;
            waits.then(|| Due { side: Party::Receiver, at: standing.answer_by() })
        }
        TaskKind::NoAnswer => {
            let matters = standing.is_in_time(at) || (standing.act_before.is_none() && standing.open);
            let waits = standing.waits(at) && matters && allowed.as_sender && standing.surroundings.hindrance.is_none();
            (waits && standing.answer_by() <= at).then(|| Due { side: Party::Sender, at: standing.answer_by() })
        }
        TaskKind::ReferElsewhere => {
            let anew = standing.surroundings.referred_anew_at.is_some_and(|anew| anew > standing.state.created_at);
            let waits = standing.status(at).can_expire() && standing.surroundings.hindrance.is_some() && !anew;
            (waits && allowed.as_sender).then_some(Due { side: Party::Sender, at: standing.state.status_at })
        }
        TaskKind::AnswerCheckIn => {
            let waits = standing.status(at).can_expire() && allowed.as_sender;
            standing.surroundings.check_in_asked_at.filter(|_| waits).map(|at| Due { side: Party::Sender, at })
        }
        TaskKind::FollowUpReferral => {
            let due_at = standing.unserved_since(at).filter(|_| allowed.as_sender)?;
            Some(Due { side: Party::Sender, at: due_at })
        }
        TaskKind::ScheduledToday | TaskKind::MarkYesterday => {
            let day = standing.expected_on(at).filter(|_| allowed.as_receiver)?;
            let today = day_of(at);
            let fits = if kind == TaskKind::ScheduledToday { day == today } else { day < today };
            fits.then(|| Due { side, at: start_of_day(day + Days::new(1)) })
        }
        TaskKind::RecordOutcome => {
            let due_at = if standing.accompanied { standing.outcome_due(at) } else { standing.treatment_due() }?;
            let acts = if standing.accompanied { allowed.as_sender } else { allowed.as_receiver };
            (acts && due_at <= at).then_some(Due { side, at: due_at })
        }
        TaskKind::ExpiringSoon => {
            let expires_at = standing.state.expires_at;
            let status = standing.status(at);
            let asked = status.can_expire() && status != ReferralStatus::NoShow && standing.surroundings.hindrance.is_none();
            let soon = asked && expires_at <= at + TimeDelta::days(EXPIRING_DAYS);
            (soon && allowed.as_sender).then_some(Due { side: Party::Sender, at: expires_at })
        }
        TaskKind::OverdueClient => {
            let due_at = standing.act_before.filter(|_| is_overdue(standing.act_before, standing.status(at), at))?;
            let side = match allowed {
                Allowed { as_sender: true, .. } if standing.surroundings.hindrance.is_some() => return None,
                Allowed { as_sender: true, .. } => Party::Sender,
                Allowed { as_receiver: true, .. } => Party::Receiver,
                Allowed { .. } => return None,
            };
            Some(Due { side, at: due_at })
        }
        // Whether a violation says so depends on which ones the viewer may read: row-level security decides.
        TaskKind::DocumentTurnedAway => None,
        // These are not about a referral.
        TaskKind::AnswerTrainingRequest
        | TaskKind::TakeTrainingRequest
        | TaskKind::RecordTraining
        | TaskKind::FollowUpTraining
        | TaskKind::ActOnViolation
        | TaskKind::FollowUpViolation
        | TaskKind::ReleaseSensitisation
        | TaskKind::StateCapacity
        | TaskKind::CheckFacility => None,
    }
}

impl Standing {
    fn status(&self, at: DateTime<Utc>) -> ReferralStatus {
        self.state.at(at).status
    }

    /// Whether somebody else has to answer it. Nobody answers a sender who goes along.
    fn waits(&self, at: DateTime<Utc>) -> bool {
        self.status(at) == ReferralStatus::Requested && !self.accompanied
    }

    /// Whether the client can't wait and can still be seen in time. After that the client is only overdue.
    fn is_in_time(&self, at: DateTime<Utc>) -> bool {
        self.act_before.is_some_and(|act_before| act_before >= at)
    }

    fn answer_by(&self) -> DateTime<Utc> {
        // It was opened anew where it was declined and is asked for again.
        answer_by(self.opened_at, self.act_before, self.urgency)
    }

    /// The day on which the client is or was expected.
    fn expected_on(&self, at: DateTime<Utc>) -> Option<NaiveDate> {
        self.scheduled_on.filter(|_| self.status(at) == ReferralStatus::Scheduled)
    }

    /// When a sender who goes along must have recorded how the referral ended. An agreed day has its own tasks.
    fn outcome_due(&self, at: DateTime<Utc>) -> Option<DateTime<Utc>> {
        let status = self.status(at);
        let unended = !status.has_ended() && !matches!(status, ReferralStatus::Scheduled | ReferralStatus::NoShow);
        unended.then(|| self.opened_at + TimeDelta::days(OUTCOME_DAYS))
    }

    /// Since when the client is unserved, as long as the sender has to follow it up.
    fn unserved_since(&self, at: DateTime<Utc>) -> Option<DateTime<Utc>> {
        let Surroundings { non_completion, settled, referred_anew_at, hindrance, .. } = self.surroundings;
        let state = self.state.at(at);
        let asks = match state.status {
            // It is still open, and the tasks of open referrals say more of it.
            ReferralStatus::NoShow => hindrance.is_none() && !is_overdue(self.act_before, state.status, at),
            ReferralStatus::NotCompleted => !non_completion.is_some_and(|(reason, by)| reason.ends_the_matter(by)),
            status => status.leaves_unserved(),
        };
        let anew = referred_anew_at.is_some_and(|anew| anew >= state.status_at);
        (asks && !settled && !anew && !state.consent_withdrawn).then_some(state.status_at)
    }

    /// When the receiver of a client who arrived must have recorded how the referral ended.
    fn treatment_due(&self) -> Option<DateTime<Utc>> {
        (self.state.status == ReferralStatus::Arrived).then(|| self.state.status_at + TimeDelta::days(ARRIVED_DAYS))
    }
}

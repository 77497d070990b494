//! The kinds of tasks: what to do, for whom, and in which words.

use chrono::{DateTime, Utc};

use crate::access::{Actor, Permission, Reach};
use crate::message::Message;
use crate::moves::Party;
use crate::referral::{ANSWER_MINUTES, DeclineReason, NonCompletionReason, REOPEN_DAYS, Urgency};
use crate::refusal::Refusal;
use crate::service::CAPACITY_FRESH_DAYS;
use crate::task::{ARRIVED_DAYS, CAPACITY_WARNING_DAYS, Cause, EXPIRING_DAYS, Hindrance, OUTCOME_DAYS};
use crate::training::{ANSWER_DAYS, FEWEST_PEOPLE, FOLLOW_UP_WINDOW_DAYS};
use crate::violation::{FOLLOW_UP_DAYS, TURNED_AWAY_DAYS};
use crate::vocabulary;
use crate::vocabulary::Vocabulary;

vocabulary! {
    /// Something that waits for somebody to do it. Among equally urgent tasks, those of a kind that is declared earlier go first.
    pub enum TaskKind {
        /// For the receiver: nobody has answered a referral that can't wait, and the client can still be seen in time. Due an
        /// hour after the referral was sent.
        AnswerTimeCritical = "ANSWER_TIME_CRITICAL",
        /// For whoever documented a violation, and for paralegals: something must happen by its actBefore, or had to, and no step says that
        /// it did. Due at actBefore.
        ActOnViolation = "ACT_ON_VIOLATION",
        /// For the sender: somebody was checked in with the referral's slip before it was sent, at an organisation that the sender
        /// didn't name. Say whether that is the client (answerCheckIn). Due at once.
        AnswerCheckIn = "ANSWER_CHECK_IN",
        /// For both parties: the moment by which the client had to be seen has passed, and the client hasn't arrived.
        OverdueClient = "OVERDUE_CLIENT",
        /// For the sender: a referral that can't wait has no answer in time and the client can still be helped, or nobody has
        /// taken in time one that is open to all.
        NoAnswer = "NO_ANSWER",
        /// For the sender: the receiver takes nobody for now, and the client isn't there yet. Refer elsewhere. Due at once.
        ReferElsewhere = "REFER_ELSEWHERE",
        /// For the sender: the receiver said no, the client didn't come, or nobody acted in time, so that the client is unserved.
        /// Follow up: refer them anew, or say that nothing is left to do. Due at once, and there until then.
        FollowUpReferral = "FOLLOW_UP_REFERRAL",
        /// For the receiver: a referral that nobody has answered. Due after 4 hours, a day or three days, depending on its
        /// urgency.
        AnswerReferral = "ANSWER_REFERRAL",
        /// For everybody who offers the service: a referral that is open to all and that nobody has taken. Due when an answer
        /// would be.
        TakeOpenReferral = "TAKE_OPEN_REFERRAL",
        /// For the receiver, and for a sender who goes along: the client is expected today.
        ScheduledToday = "SCHEDULED_TODAY",
        /// For the receiver, and for a sender who goes along: the agreed day has passed, and nobody has said whether the client came.
        MarkYesterday = "MARK_YESTERDAY",
        /// For a sender who goes along, and for the receiver of a client who arrived: nobody has recorded how it ended.
        RecordOutcome = "RECORD_OUTCOME",
        /// For the sender: the referral expires within five days. A client who didn't come is followed up before
        /// (FOLLOW_UP_REFERRAL).
        ExpiringSoon = "EXPIRING_SOON",
        /// For the trainer's organisation: a training request that nobody has answered. Due after a week.
        AnswerTrainingRequest = "ANSWER_TRAINING_REQUEST",
        /// For everybody who offers the topic in the county: a training request that is open to all and that nobody has taken.
        /// Due when an answer would be.
        TakeTrainingRequest = "TAKE_TRAINING_REQUEST",
        /// For the trainer's organisation: the day of a training has come, and nobody has recorded how many people came.
        RecordTraining = "RECORD_TRAINING",
        /// For both parties of a training that was held 3 or 6 months ago: nobody has recorded how many people still use what
        /// they learned. The task lasts for 60 days, and exists only for five people or more.
        FollowUpTraining = "FOLLOW_UP_TRAINING",
        /// For whoever sent a referral, or to whom it is assigned, from a device of their own: the client reported being turned away or
        /// mistreated, no violation that they may read says so, and the referral changed within 60 days. Document it (violationDraft has what
        /// is known), or say that nothing is to be documented. Due since the referral changed last.
        DocumentTurnedAway = "DOCUMENT_TURNED_AWAY",
        /// For paralegals: nothing was recorded of an open violation for 90 days. Is it going on? Record a step, or how it ended.
        FollowUpViolation = "FOLLOW_UP_VIOLATION",
        /// For users who may manage trainings: a plan for a sensitisation may go out. Due on the first day on which it may.
        ReleaseSensitisation = "RELEASE_SENSITISATION",
        /// For users who may set capacities: for 25 days, or ever, nobody has said how much room one of your services has.
        StateCapacity = "STATE_CAPACITY",
        /// For users who may manage services: the national register says that a facility is closed at which one of your services
        /// is offered. Close the service, or say where it is offered now. Due at once.
        CheckFacility = "CHECK_FACILITY",
    }
}

/// Where a referral stands with the moment by which its client must be seen, for a viewer who may know it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Deadline {
    /// There is none.
    Absent,
    /// It is to come.
    ToCome,
    /// It has passed.
    Passed,
}

impl Deadline {
    /// Where `act_before` stands at a moment. At that very moment it isn't late yet.
    pub fn at(act_before: Option<DateTime<Utc>>, at: DateTime<Utc>) -> Self {
        match act_before {
            None => Self::Absent,
            Some(act_before) if act_before >= at => Self::ToCome,
            Some(_) => Self::Passed,
        }
    }
}

/// Which tasks go before others.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Precedence {
    /// First, clients who can still be helped in time: by actBefore, the soonest first.
    InTime,
    /// Then, clients whose time has passed: by actBefore, the most recently passed first.
    Overdue,
    /// Then, clients who are expected today.
    Today,
    /// Then all others, by when they are due.
    Other,
}

impl TaskKind {
    /// The precedence of tasks of this kind about a referral with that deadline.
    pub fn precedence(self, deadline: Deadline) -> Precedence {
        match (self, deadline) {
            (Self::AnswerTimeCritical, _) => Precedence::InTime,
            (
                Self::ActOnViolation | Self::AnswerCheckIn | Self::NoAnswer | Self::ReferElsewhere | Self::FollowUpReferral,
                Deadline::ToCome,
            ) => Precedence::InTime,
            // REFER_ELSEWHERE takes the place of OVERDUE_CLIENT.
            (Self::OverdueClient, _) | (Self::ActOnViolation | Self::ReferElsewhere, Deadline::Passed) => Precedence::Overdue,
            (Self::ScheduledToday, _) => Precedence::Today,
            _ => Precedence::Other,
        }
    }

    /// Whether somebody can say that there is nothing left to do. Only of a referral that left the client unserved: what happens
    /// next to such a client may never be recorded here; and of what a client reported, who may not want it to be documented. A referral
    /// that is still open has moves for the first (refer anew, cancel it, record how it ended), which the client's record keeps and the
    /// receiver hears of.
    pub fn is_dismissable(self) -> bool {
        matches!(self, Self::FollowUpReferral | Self::DocumentTurnedAway)
    }

    /// Whether tasks of this kind come with other services for the client.
    pub fn has_alternatives(self) -> bool {
        matches!(self, Self::NoAnswer | Self::ReferElsewhere | Self::FollowUpReferral)
    }

    /// Whether tasks of this kind are about a training request.
    pub fn is_about_training(self) -> bool {
        matches!(self, Self::AnswerTrainingRequest | Self::TakeTrainingRequest | Self::RecordTraining | Self::FollowUpTraining)
    }

    /// Whether tasks of this kind are about a violation, or about one that is to be documented.
    pub fn is_about_violation(self) -> bool {
        matches!(self, Self::ActOnViolation | Self::DocumentTurnedAway | Self::FollowUpViolation)
    }

    /// The permissions to act on such a task. One of them is enough.
    fn permissions(self) -> &'static [Permission] {
        match self {
            Self::AnswerTimeCritical | Self::AnswerReferral | Self::TakeOpenReferral => &[Permission::ReceiveReferrals],
            Self::AnswerCheckIn | Self::NoAnswer | Self::ReferElsewhere | Self::FollowUpReferral | Self::ExpiringSoon => {
                &[Permission::SendReferrals]
            }
            Self::OverdueClient | Self::ScheduledToday | Self::MarkYesterday | Self::RecordOutcome => {
                &[Permission::ReceiveReferrals, Permission::SendReferrals]
            }
            Self::StateCapacity => &[Permission::SetCapacity],
            Self::CheckFacility => &[Permission::ManageServices],
            // Whoever sent the referral may document, too.
            Self::DocumentTurnedAway => &[Permission::SendReferrals],
            Self::ActOnViolation | Self::FollowUpViolation => &[Permission::DocumentViolations],
            Self::AnswerTrainingRequest
            | Self::TakeTrainingRequest
            | Self::RecordTraining
            | Self::FollowUpTraining
            | Self::ReleaseSensitisation => &[Permission::ManageTraining],
        }
    }

    /// Whether the actor's roles let them act on tasks of this kind.
    pub fn is_for(self, actor: &Actor) -> bool {
        // What goes on for long is followed up by those who follow up all.
        let at_least = if self == Self::FollowUpViolation { Reach::Organisation } else { Reach::OwnOnly };
        self.permissions().iter().any(|permission| actor.reach(*permission) >= Some(at_least))
    }

    /// What happened and what to do, for somebody on this side. A service's task has no side.
    pub fn instruction(self, side: Option<Party>, cause: Option<Cause>) -> Message {
        let as_sender = side == Some(Party::Sender);
        Message::of(match self {
            Self::ReferElsewhere | Self::FollowUpReferral => return caused(self, cause),
            Self::AnswerTimeCritical => "task-answer-time-critical",
            Self::AnswerCheckIn => "task-answer-check-in",
            Self::OverdueClient if as_sender => "task-overdue-client-sender",
            Self::OverdueClient => "task-overdue-client-receiver",
            Self::NoAnswer => "task-no-answer",
            Self::AnswerReferral => "task-answer-referral",
            Self::TakeOpenReferral => "task-take-open-referral",
            Self::ScheduledToday if as_sender => "task-scheduled-today-sender",
            Self::ScheduledToday => "task-scheduled-today-receiver",
            Self::MarkYesterday => "task-mark-yesterday",
            Self::RecordOutcome if as_sender => "task-record-outcome-sender",
            Self::RecordOutcome => "task-record-outcome-receiver",
            Self::ExpiringSoon => "task-expiring-soon",
            Self::StateCapacity => "task-state-capacity",
            Self::CheckFacility => "task-check-facility",
            Self::AnswerTrainingRequest => "task-answer-training-request",
            Self::TakeTrainingRequest => "task-take-training-request",
            Self::RecordTraining => "task-record-training",
            Self::FollowUpTraining => "task-follow-up-training",
            Self::ReleaseSensitisation => "task-release-sensitisation",
            Self::ActOnViolation => "task-act-on-violation",
            Self::FollowUpViolation => "task-follow-up-violation",
            Self::DocumentTurnedAway => "task-document-turned-away",
        })
    }

    /// For the docs: who gets such a task, when it exists, and when it is due.
    fn described(self) -> [String; 3] {
        let goes_along = "receiver; sender who goes along";
        let hours = Urgency::ALL.iter().rev().map(|urgency| format!("{urgency} {} h", urgency.answer_hours()));
        let by_urgency = hours.collect::<Vec<_>>().join(", ");
        let (whose, when, due) = match self {
            Self::AnswerTimeCritical => (
                "receiver",
                "REQUESTED, with actBefore still to come".to_owned(),
                format!("{ANSWER_MINUTES} minutes after it was sent"),
            ),
            Self::AnswerCheckIn => (
                "sender",
                "the client hasn't arrived, and somebody was checked in with the slip before the referral was sent, at an organisation that the sender didn't name; until the sender answers, replaces the slip, or the check-in expires".to_owned(),
                "since it was sent".to_owned(),
            ),
            Self::OverdueClient => {
                ("receiver; sender", "actBefore has passed and the client hasn't arrived".to_owned(), "actBefore".to_owned())
            }
            Self::NoAnswer => (
                "sender",
                format!(
                    "REQUESTED: with actBefore still to come for more than {ANSWER_MINUTES} minutes; without one open to all and not taken in time"
                ),
                "when it should have been answered or taken".to_owned(),
            ),
            Self::ReferElsewhere => (
                "sender",
                "the client hasn't arrived, and the receiver isn't an active member any more, or the service or all of its type are closed, paused or at a facility that the register closed, or of those to whom it was open nobody can take it; until the client is referred anew".to_owned(),
                "since it reached its present status".to_owned(),
            ),
            Self::FollowUpReferral => (
                "sender",
                format!(
                    "DECLINED, NO_SHOW, NOT_COMPLETED (unless for {} or, as the sender heard it, {}) or EXPIRED; until the client is referred anew, somebody records what the client reported, or dismisses it",
                    reasons(NonCompletionReason::final_for(Party::Receiver)),
                    reasons(
                        NonCompletionReason::final_for(Party::Sender).filter(|reason| !reason.ends_the_matter(Party::Receiver))
                    ),
                ),
                "since it ended so".to_owned(),
            ),
            Self::AnswerReferral => {
                ("receiver", "REQUESTED, without actBefore".to_owned(), format!("after it was sent: {by_urgency}"))
            }
            Self::TakeOpenReferral => {
                ("whoever could take it", "open to all, not taken".to_owned(), format!("after it was sent: {by_urgency}"))
            }
            Self::ScheduledToday => (goes_along, "SCHEDULED for today".to_owned(), "the end of today".to_owned()),
            Self::MarkYesterday => {
                (goes_along, "SCHEDULED for a day before today".to_owned(), "the end of the agreed day".to_owned())
            }
            Self::RecordOutcome => (
                goes_along,
                format!(
                    "ARRIVED for more than {ARRIVED_DAYS} days; going along: not ended, not SCHEDULED and not NO_SHOW, for more than {OUTCOME_DAYS} days"
                ),
                "when those days are over".to_owned(),
            ),
            Self::ExpiringSoon => ("sender", format!("expires within {EXPIRING_DAYS} days, and isn't NO_SHOW"), "expiresAt".to_owned()),
            Self::AnswerTrainingRequest => {
                ("trainer", "a request for a training is REQUESTED".to_owned(), format!("{ANSWER_DAYS} days after it was sent"))
            }
            Self::TakeTrainingRequest => (
                "whoever offers the topic in the county",
                "a request for a training is open to all, not taken".to_owned(),
                format!("{ANSWER_DAYS} days after it was sent"),
            ),
            Self::RecordTraining => {
                ("trainer", "a training is SCHEDULED for today or before".to_owned(), "the end of its day".to_owned())
            }
            Self::FollowUpTraining => (
                "host; trainer",
                format!(
                    "held 3 or 6 months ago for {FEWEST_PEOPLE} or more of the host's people, not followed up, for {FOLLOW_UP_WINDOW_DAYS} days"
                ),
                "when those days are over".to_owned(),
            ),
            Self::ActOnViolation => (
                "whoever documented the violation; paralegals",
                "an open violation has an actBefore, and no step says that it was met: IN_COURT after an arrest or a detention, MEDICAL_CARE after sexual violence".to_owned(),
                "actBefore".to_owned(),
            ),
            Self::DocumentTurnedAway => (
                "sender (whoever made it, or to whom it is assigned; who is a paralegal too, all), from a device of their own",
                format!(
                    "the client reported being turned away or mistreated, no violation that the viewer may read says so, and the referral changed within {TURNED_AWAY_DAYS} days; until it is dismissed"
                ),
                "since it changed last".to_owned(),
            ),
            Self::FollowUpViolation => (
                "paralegals",
                format!("nothing was recorded of an open violation for {FOLLOW_UP_DAYS} days"),
                "when those days are over".to_owned(),
            ),
            Self::ReleaseSensitisation => (
                "whoever has MANAGE_TRAINING",
                "a plan for a sensitisation is PLANNED, and its releasableFrom has come".to_owned(),
                "releasableFrom".to_owned(),
            ),
            Self::StateCapacity => (
                "whoever has SET_CAPACITY",
                format!(
                    "own service whose capacity was never stated, or {} days ago",
                    CAPACITY_FRESH_DAYS - CAPACITY_WARNING_DAYS
                ),
                format!("{CAPACITY_FRESH_DAYS} days after it was stated; never stated: since it is offered"),
            ),
            Self::CheckFacility => (
                "whoever has MANAGE_SERVICES",
                "own service at a facility that the register closed".to_owned(),
                "since the register says so".to_owned(),
            ),
        };
        [whose.to_owned(), when, due]
    }
}

/// Checks that somebody can say of a task of this kind that there is nothing left to do.
///
/// # Errors
/// INVALID for a kind that is done by doing it alone.
pub fn check_dismissable(kind: TaskKind) -> Result<(), Refusal> {
    if kind.is_dismissable() { Ok(()) } else { Err(Refusal::invalid("kind", "task-not-dismissable")) }
}

/// The instruction of a task whose kind alone doesn't say what happened.
fn caused(kind: TaskKind, cause: Option<Cause>) -> Message {
    match cause {
        Some(Cause::Declined(Some(reason @ DeclineReason::NeedsMoreInformation))) => {
            Message::of("task-follow-up-more-information").with("reason", reason).with("days", REOPEN_DAYS)
        }
        Some(Cause::Declined(Some(reason))) => Message::of("task-follow-up-declined").with("reason", reason),
        Some(Cause::NotCompleted(Some(reason))) => Message::of("task-follow-up-not-completed").with("reason", reason),
        Some(Cause::Expired) => Message::of("task-follow-up-expired"),
        Some(Cause::NoShow) => Message::of("task-follow-up-no-show"),
        Some(Cause::Hindered(hindrance)) => Message::of(match hindrance {
            Hindrance::MemberAway => "task-refer-elsewhere-member-away",
            Hindrance::FacilityClosed => "task-refer-elsewhere-facility-closed",
            Hindrance::ServiceClosed => "task-refer-elsewhere-service-closed",
            Hindrance::ServicePaused => "task-refer-elsewhere-service-paused",
            Hindrance::NobodyLeft => "task-refer-elsewhere-nobody-left",
        }),
        Some(Cause::Declined(None) | Cause::NotCompleted(None)) | None => Message::of(match kind {
            TaskKind::ReferElsewhere => "task-refer-elsewhere",
            _ => "task-follow-up",
        }),
    }
}

/// Codes for the docs, separated by commas.
fn reasons(reasons: impl Iterator<Item = NonCompletionReason>) -> String {
    reasons.map(|reason| reason.to_string()).collect::<Vec<_>>().join(", ")
}

/// The kinds as a Markdown table for the docs.
pub fn markdown_table() -> String {
    let mut table = String::from("| kind | for | when | due |\n|---|---|---|---|\n");
    for kind in TaskKind::ALL {
        table.push_str(&format!("| {kind} | {} |\n", kind.described().join(" | ")));
    }
    table
}

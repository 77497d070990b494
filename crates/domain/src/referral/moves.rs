//! The moves of a referral: one table, from which the refusals, `allowedActions` and the table in the docs are derived.

use chrono::{DateTime, Datelike, Days, Months, NaiveDate, TimeDelta, Utc};

use super::status::{Party, ReferralAction, ReferralStatus};
use crate::day::start_of_day;
use crate::message::Message;
use crate::refusal::{Refusal, UserErrorCode};
use crate::vocabulary::Vocabulary;

use Party::{Receiver, Sender};
use ReferralAction as Action;
use ReferralStatus::{
    Accepted, Arrived, Cancelled, Completed, Declined, EnteredInError, Expired, NoShow, NotCompleted, Requested, Scheduled,
    Waitlisted,
};

/// A referral expires this many days after it was created or reopened …
pub const EXPIRY_DAYS: u64 = 30;
/// … or this many days after the scheduled day, if that is later.
pub const SCHEDULED_GRACE_DAYS: u64 = 7;
/// For how many days after its ending a referral can be reopened.
pub const REOPEN_DAYS: i64 = 14;
/// A month's figures are final this many days after its end; until then a referral of that month can be marked as entered in error.
pub const ENTERED_IN_ERROR_DAYS: u64 = 30;

/// What a move leads to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// That state.
    Becomes(ReferralStatus),
    /// The state that it had.
    Unchanged,
    /// CANCELLED, or the ending that it had.
    CancelledUnlessEnded,
}

/// A row of the table.
#[derive(Clone, Copy, Debug)]
pub struct Move {
    /// What is done.
    pub action: ReferralAction,
    /// In which states it can be done.
    pub from: &'static [ReferralStatus],
    /// What it leads to.
    pub outcome: Outcome,
    /// Who can do it.
    pub by: &'static [Party],
}

const OPEN: &[ReferralStatus] = &[Requested, Waitlisted, Accepted, Scheduled, NoShow];
const ANY: &[ReferralStatus] = ReferralStatus::ALL;
const RECORDED: &[ReferralStatus] =
    &[Requested, Waitlisted, Accepted, Declined, Scheduled, Arrived, NoShow, Completed, NotCompleted, Cancelled, Expired];

/// Every move. The clock's own move, from the open states to EXPIRED, is [`ReferralState::at`].
pub const MOVES: &[Move] = &[
    Move { action: Action::Accept, from: &[Requested, Waitlisted], outcome: Outcome::Becomes(Accepted), by: &[Receiver] },
    Move { action: Action::Waitlist, from: &[Requested], outcome: Outcome::Becomes(Waitlisted), by: &[Receiver] },
    Move { action: Action::Decline, from: &[Requested, Waitlisted], outcome: Outcome::Becomes(Declined), by: &[Receiver] },
    Move {
        action: Action::Schedule,
        from: &[Accepted, Scheduled, NoShow],
        outcome: Outcome::Becomes(Scheduled),
        by: &[Receiver],
    },
    Move { action: Action::CheckIn, from: OPEN, outcome: Outcome::Becomes(Arrived), by: &[Receiver] },
    Move { action: Action::Move, from: OPEN, outcome: Outcome::Unchanged, by: &[Receiver] },
    Move { action: Action::MarkNoShow, from: &[Scheduled], outcome: Outcome::Becomes(NoShow), by: &[Receiver] },
    Move { action: Action::Complete, from: &[Arrived], outcome: Outcome::Becomes(Completed), by: &[Receiver] },
    Move {
        action: Action::MarkNotCompleted,
        from: &[Accepted, Scheduled, NoShow, Arrived],
        outcome: Outcome::Becomes(NotCompleted),
        by: &[Receiver, Sender],
    },
    Move { action: Action::ReissueSlip, from: OPEN, outcome: Outcome::Unchanged, by: &[Sender] },
    Move { action: Action::Cancel, from: OPEN, outcome: Outcome::Becomes(Cancelled), by: &[Sender] },
    Move { action: Action::WithdrawConsent, from: ANY, outcome: Outcome::CancelledUnlessEnded, by: &[Sender] },
    Move { action: Action::MarkEnteredInError, from: RECORDED, outcome: Outcome::Becomes(EnteredInError), by: &[Sender] },
    Move {
        action: Action::Reopen,
        from: &[Declined, NotCompleted, Expired],
        outcome: Outcome::Becomes(Accepted),
        by: &[Receiver],
    },
];

/// What the moves depend on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ReferralState {
    /// The recorded status; the clock may have moved on since, see [`ReferralState::at`].
    pub status: ReferralStatus,
    /// When it was created.
    pub created_at: DateTime<Utc>,
    /// When its status was reached.
    pub status_at: DateTime<Utc>,
    /// When it expires, unless it ends before.
    pub expires_at: DateTime<Utc>,
    /// Whether the client has withdrawn their consent.
    pub consent_withdrawn: bool,
}

impl ReferralState {
    /// The state at that moment: an open referral whose time has run out is EXPIRED, also when nothing has recorded it yet.
    pub fn at(self, at: DateTime<Utc>) -> Self {
        if self.status.can_expire() && self.expires_at <= at {
            return Self { status: Expired, status_at: self.expires_at, ..self };
        }
        self
    }
}

/// When a referral expires that was opened then and is scheduled for that day.
pub fn expiry(opened_at: DateTime<Utc>, scheduled_on: Option<NaiveDate>) -> DateTime<Utc> {
    let by_age = opened_at + Days::new(EXPIRY_DAYS);
    let by_schedule = scheduled_on.map(|day| start_of_day(day + Days::new(SCHEDULED_GRACE_DAYS + 1)));
    by_schedule.map_or(by_age, |by_schedule| by_schedule.max(by_age))
}

/// Until when a referral of that creation can be marked as entered in error: until its month is published.
fn correctable_until(created_at: DateTime<Utc>) -> DateTime<Utc> {
    let first = crate::day::day_of(created_at).with_day(1).unwrap_or_else(|| crate::day::day_of(created_at));
    start_of_day(first + Months::new(1) + Days::new(ENTERED_IN_ERROR_DAYS))
}

/// Which side somebody stands on and what their roles let them do there.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Allowed {
    /// May make the sender's moves on this referral.
    pub as_sender: bool,
    /// May make the receiver's moves on this referral.
    pub as_receiver: bool,
    /// Could take this referral, which is open to all who offer the service.
    pub as_taker: bool,
}

impl Allowed {
    fn reaches(self, row: &Move) -> bool {
        (self.as_sender && row.by.contains(&Sender))
            || (self.as_receiver && row.by.contains(&Receiver))
            || (self.as_taker && matches!(row.action, Action::Accept | Action::CheckIn))
    }
}

/// What the viewer may do at that moment, in the table's order.
pub fn allowed_actions(state: ReferralState, allowed: Allowed, at: DateTime<Utc>) -> Vec<ReferralAction> {
    MOVES.iter().map(|row| row.action).filter(|action| decide(state, *action, allowed, at).is_ok()).collect()
}

/// The status after that move at that moment.
///
/// # Errors
/// FORBIDDEN when the move is the other side's or the viewer's roles don't reach it; EXPIRED when the time for it has passed;
/// ILLEGAL_TRANSITION with the present state otherwise.
pub fn decide(
    state: ReferralState,
    action: ReferralAction,
    allowed: Allowed,
    at: DateTime<Utc>,
) -> Result<ReferralStatus, Refusal> {
    let state = state.at(at);
    let row = row_of(action);
    if !allowed.reaches(row) {
        if allowed.as_taker && row.by.contains(&Receiver) {
            return Err(Refusal::new(UserErrorCode::Forbidden, "sending-take-first"));
        }
        return Err(Refusal::new(
            UserErrorCode::Forbidden,
            Message::of("referral-by-other-party").with("by", by_whom(row.by)).with("action", action),
        ));
    }
    if !row.from.contains(&state.status) {
        return Err(not_from_here(state, row));
    }
    check_time(state, action, at)?;
    Ok(match row.outcome {
        Outcome::Becomes(status) => status,
        Outcome::Unchanged => state.status,
        Outcome::CancelledUnlessEnded if state.status.has_ended() => state.status,
        Outcome::CancelledUnlessEnded => Cancelled,
    })
}

fn row_of(action: ReferralAction) -> &'static Move {
    MOVES.iter().find(|row| row.action == action).expect("every action has its row: a test holds it")
}

fn not_from_here(state: ReferralState, row: &Move) -> Refusal {
    if state.status == Expired {
        return Refusal::new(
            UserErrorCode::Expired,
            Message::of("referral-expired").with("status", state.status).with("days", REOPEN_DAYS),
        );
    }
    Refusal::new(
        UserErrorCode::IllegalTransition,
        Message::of("referral-move-impossible")
            .with("status", state.status)
            .with("action", row.action)
            .with("from", codes(row.from)),
    )
}

fn check_time(state: ReferralState, action: ReferralAction, at: DateTime<Utc>) -> Result<(), Refusal> {
    match action {
        Action::Reopen if state.consent_withdrawn => Err(Refusal::new(
            UserErrorCode::IllegalTransition,
            Message::of("referral-reopen-withdrawn").with("status", state.status),
        )),
        Action::WithdrawConsent if state.consent_withdrawn => Err(Refusal::new(
            UserErrorCode::IllegalTransition,
            Message::of("referral-consent-withdrawn-before").with("status", state.status),
        )),
        Action::Reopen if at - state.status_at > TimeDelta::days(REOPEN_DAYS) => Err(Refusal::new(
            UserErrorCode::Expired,
            Message::of("referral-reopen-too-late").with("status", state.status).with("days", REOPEN_DAYS),
        )),
        Action::MarkEnteredInError if at >= correctable_until(state.created_at) => {
            Err(Refusal::new(UserErrorCode::Expired, "referral-error-too-late"))
        }
        _ => Ok(()),
    }
}

/// The side that can make a move, or both.
fn by_whom(parties: &[Party]) -> &'static str {
    match parties {
        [party] => party.code(),
        _ => "BOTH",
    }
}

fn codes(statuses: &[ReferralStatus]) -> String {
    statuses.iter().map(|status| status.code()).collect::<Vec<_>>().join(" ")
}

/// The moves as a table for the docs.
pub fn markdown_table() -> String {
    let mut table = String::from("| action | from | to | by |\n|---|---|---|---|\n");
    for row in MOVES {
        let from = if row.from == ANY { "any".to_owned() } else { codes(row.from) };
        let to = match row.outcome {
            Outcome::Becomes(status) => status.code(),
            Outcome::Unchanged => "unchanged",
            Outcome::CancelledUnlessEnded => "CANCELLED, or the ending it had",
        };
        let by = row.by.iter().map(|party| party.code()).collect::<Vec<_>>().join(" ");
        table.push_str(&format!("| {} | {from} | {to} | {by} |\n", row.action));
    }
    table.push_str(&format!("| expire | {} | EXPIRED | the clock |\n", codes(OPEN)));
    table
}

#[cfg(test)]
mod tests;

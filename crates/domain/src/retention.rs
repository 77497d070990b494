//! How long what need not be kept is kept: one table, which the jobs, the documents and the tests read.

use chrono::TimeDelta;

use crate::referral::slip::BLANK_DAYS;
use crate::referral::{ENTERED_IN_ERROR_DAYS, REOPEN_DAYS, UNDO_MINUTES};
use crate::violation::{ACT_BEFORE_DAYS, FORGET_DAYS};

/// A referral's slip outlives its ending by this much: longer than the referral can be reopened.
pub const SLIP: TimeDelta = TimeDelta::days(REOPEN_DAYS + 16);
/// A sealed note outlives the ending of its referral by this much.
pub const SEALED_NOTE: TimeDelta = TimeDelta::days(90);
/// What is known of an ending that left a client unserved outlives its being settled by this much: longer than a later referral of
/// the client can be marked as entered in error, which would leave them unserved again.
pub const FOLLOW_UP: TimeDelta = TimeDelta::days(31 + ENTERED_IN_ERROR_DAYS + 29);
/// Members who could have taken an open referral learn for this long that it is taken.
pub const OPEN_OFFER: TimeDelta = TimeDelta::days(30);
/// A move of a referral can be taken back for this long.
pub const LAST_MOVE: TimeDelta = TimeDelta::minutes(UNDO_MINUTES);
/// A repeat of a mutation is recognised for this long.
pub const IDEMPOTENCY_KEY: TimeDelta = TimeDelta::days(7);
/// A change can be read from the outbox for this long.
pub const CHANGE: TimeDelta = TimeDelta::hours(24);
/// A session outlives its end by this much, so that the audit can be read beside it.
pub const SESSION: TimeDelta = TimeDelta::days(1);
/// An expired access token can still renew or end its session for this long: on a shared device somebody may come back to the work a
/// while later.
pub const ACCESS_TOKEN: TimeDelta = TimeDelta::minutes(16);
/// An unknown slip code counts against an account's limit for this long.
pub const SLIP_ATTEMPT: TimeDelta = TimeDelta::hours(1);
/// By when something must happen after a violation is kept for this long after that: it tells when it was done, to the hour.
pub const VIOLATION_CLOCK: TimeDelta = TimeDelta::days(ACT_BEFORE_DAYS);
/// What is personal of a violation outlives the month of its ending by this much, unless the organisation chooses otherwise.
pub const VIOLATION_PERSONAL: TimeDelta = TimeDelta::days(FORGET_DAYS);
/// A failed sign-in counts against an account's limit for this long.
pub const SIGN_IN_FAILURE: TimeDelta = TimeDelta::minutes(15);

/// Something that is deleted when its time is over.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RetentionSubject {
    /// What a slip's code is recognised by.
    Slip,
    /// A note that only the receiver's device can open.
    SealedNote,
    /// Whether and by whom an ending that left a client unserved was settled.
    FollowUp,
    /// What members who could take an open referral saw of it.
    OpenOffer,
    /// A slip that was printed in advance and that no referral took.
    BlankSlip,
    /// A check-in whose referral never came.
    WaitingCheckIn,
    /// What the sender was asked about a check-in elsewhere, and that it said no.
    CheckInQuestion,
    /// How a referral stood before its last move.
    LastMove,
    /// The key of a mutation, and what the mutation came to.
    IdempotencyKey,
    /// A change in the outbox.
    Change,
    /// A session with its refresh tokens.
    Session,
    /// What the secret of an access token is recognised by.
    AccessToken,
    /// An unknown slip code that somebody tried.
    SlipAttempt,
    /// A sign-in that failed.
    SignInFailure,
    /// By when something had to happen after a violation.
    ViolationClock,
    /// Who documented a violation, of whom, the note, and the referrals that belong to it.
    ViolationPersonal,
}

/// Who decides how long something is kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SetBy {
    /// The program: the time follows from what the thing is for.
    Program,
    /// Each organisation, within bounds.
    Organisation,
}

/// A row of the table.
#[derive(Clone, Copy, Debug)]
pub struct Retention {
    /// What is deleted.
    pub subject: RetentionSubject,
    /// The same in words.
    pub what: &'static str,
    /// What deletes it earlier, in words; empty where nothing does.
    pub at_once: &'static str,
    /// From when the time counts, in words.
    pub from: &'static str,
    /// How long it is kept from then on.
    pub keep: TimeDelta,
    /// Who decides that.
    pub set_by: SetBy,
}

impl Retention {
    const fn new(subject: RetentionSubject, what: &'static str, from: &'static str, keep: TimeDelta) -> Self {
        Self { subject, what, at_once: "", from, keep, set_by: SetBy::Program }
    }

    const fn or_at_once(self, when: &'static str) -> Self {
        Self { at_once: when, ..self }
    }

    /// Whether it belongs to no organisation, so that the housekeeping job deletes it.
    pub fn belongs_to_nobody(&self) -> bool {
        self.subject == RetentionSubject::SignInFailure
    }
}

/// Everything that the clock deletes.
pub const RETENTION: &[Retention] = &[
    Retention::new(RetentionSubject::Slip, "slip", "the referral ended", SLIP)
        .or_at_once("consent is withdrawn, or the client is erased"),
    Retention::new(RetentionSubject::SealedNote, "sealed note", "the referral ended", SEALED_NOTE)
        .or_at_once("consent is withdrawn, or the client is erased"),
    Retention::new(
        RetentionSubject::FollowUp,
        "whether and by whom an ending that left a client unserved was settled",
        "it was settled, the referral went on, or the client was referred anew",
        FOLLOW_UP,
    )
    .or_at_once("consent is withdrawn, or the client is erased"),
    Retention::new(
        RetentionSubject::OpenOffer,
        "what would-be takers of an open referral saw",
        "somebody took it, or it ended",
        OPEN_OFFER,
    ),
    Retention::new(RetentionSubject::BlankSlip, "blank slip, printed in advance", "it was made", TimeDelta::days(BLANK_DAYS))
        .or_at_once("a referral takes it, whose slip it is then"),
    Retention::new(
        RetentionSubject::WaitingCheckIn,
        "check-in that waits for its referral",
        "it was made",
        TimeDelta::days(BLANK_DAYS),
    )
    .or_at_once("the referral meets it"),
    Retention::new(
        RetentionSubject::CheckInQuestion,
        "where a slip was checked in that the sender was asked about, and a no",
        "the check-in",
        TimeDelta::days(BLANK_DAYS),
    )
    .or_at_once("the sender says yes or replaces the slip, consent is withdrawn, or the client is erased"),
    Retention::new(RetentionSubject::LastMove, "how a referral stood before its last move", "the move", LAST_MOVE)
        .or_at_once("either party does something else, consent is withdrawn, or the client is erased"),
    Retention::new(RetentionSubject::IdempotencyKey, "idempotency key", "the mutation", IDEMPOTENCY_KEY),
    Retention::new(RetentionSubject::Change, "change in the outbox", "it happened", CHANGE),
    Retention::new(RetentionSubject::Session, "session with its refresh tokens", "it ended", SESSION),
    Retention::new(RetentionSubject::AccessToken, "hash of an access token's secret", "the token expired", ACCESS_TOKEN)
        .or_at_once("the session is deleted"),
    Retention::new(RetentionSubject::SlipAttempt, "unknown slip code that was tried", "the attempt", SLIP_ATTEMPT),
    Retention::new(RetentionSubject::SignInFailure, "failed sign-in", "the attempt", SIGN_IN_FAILURE),
    Retention::new(
        RetentionSubject::ViolationClock,
        "by when something had to happen after a violation",
        "it passed",
        VIOLATION_CLOCK,
    )
    .or_at_once("consent is withdrawn, or the client is erased"),
    Retention {
        set_by: SetBy::Organisation,
        ..Retention::new(
            RetentionSubject::ViolationPersonal,
            "who documented a violation; pseudonym, note, causes, populations and links to referrals",
            "the month ended in which it ended",
            VIOLATION_PERSONAL,
        )
    }
    .or_at_once("consent is withdrawn, or the client is erased (who documented it stays)"),
];

/// The table for the documents.
pub fn markdown_table() -> String {
    let mut table =
        String::from("| what | kept for | counted from when | deleted at once when | set by |\n|---|---|---|---|---|\n");
    for row in RETENTION {
        let keep = match (row.keep.num_days(), row.keep.num_hours()) {
            (2.., _) => format!("{} days", row.keep.num_days()),
            (_, 2..) => format!("{} hours", row.keep.num_hours()),
            _ => format!("{} minutes", row.keep.num_minutes()),
        };
        let set_by = match row.set_by {
            SetBy::Program => "the program",
            SetBy::Organisation => "the organisation",
        };
        table.push_str(&format!("| {} | {keep} | {} | {} | {set_by} |\n", row.what, row.from, row.at_once));
    }
    table
}

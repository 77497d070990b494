//! What two parties may do with something that one asks of the other, or one party with what is its own. Referrals, trainings,
//! violations and plans for a sensitisation each have a table of moves; only this module reads the tables. The refusals, `allowedActions` and the table in the docs are derived from them.

use crate::message::{Filling, Message};
use crate::refusal::{Refusal, UserErrorCode};
use crate::vocabulary;
use crate::vocabulary::Vocabulary;

vocabulary! {
    /// The side of a referral or a training request that an organisation is on.
    pub enum Party {
        /// The organisation that refers, or that asks for a training.
        Sender = "SENDER",
        /// The organisation that the referral or request is addressed to.
        Receiver = "RECEIVER",
    }
}

/// The state that a move leads to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Effect<S> {
    /// This state.
    Becomes(S),
    /// The same state as before.
    Unchanged,
    /// This state, unless it has already ended: then the ending stays.
    BecomesUnlessEnded(S),
    /// The state before the last move. The table doesn't know which that is: whoever asks it does.
    Restores,
}

/// A row of a table of moves.
#[derive(Clone, Copy, Debug)]
pub struct Move<A: 'static, S: 'static> {
    /// The action.
    pub action: A,
    /// The states in which it can be taken.
    pub from: &'static [S],
    /// The state that follows.
    pub effect: Effect<S>,
    /// The parties that can take it.
    pub by: &'static [Party],
}

/// The moves that somebody may make, from their organisation's side and their roles.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Allowed {
    /// They may make the sender's moves.
    pub as_sender: bool,
    /// They may make the receiver's moves.
    pub as_receiver: bool,
    /// They may take it: it is open to all who offer what is asked for.
    pub as_taker: bool,
}

/// Why somebody can't make a move.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Obstacle {
    /// The move belongs to the other side, or their roles don't include it. The text names whose move it is: SENDER, RECEIVER or
    /// BOTH.
    OfOthers(&'static str),
    /// The move is the receiver's, and nobody is the receiver before they have taken it.
    NotTaken,
    /// The move can't be made in this state. The codes are those of the states in which it can.
    NotFromHere(Filling),
}

/// A table of moves.
pub trait Moves {
    /// The actions.
    type Action: Vocabulary;
    /// The states.
    type Status: Vocabulary;
    /// The rows. An action has several rows if its parties can take it in different states.
    const TABLE: &'static [Move<Self::Action, Self::Status>];
    /// The actions by which a taker becomes the receiver.
    const TAKING: &'static [Self::Action];

    /// Whether this state is an ending.
    fn has_ended(status: Self::Status) -> bool;

    /// The message that explains an obstacle to this action in this state.
    fn refusal(obstacle: &Obstacle, action: Self::Action, status: Self::Status) -> Message;

    /// The state after this action.
    ///
    /// # Errors
    /// FORBIDDEN when the move is the other side's or the viewer's roles don't include it. Otherwise ILLEGAL_TRANSITION, with the
    /// present state.
    fn decide(status: Self::Status, action: Self::Action, allowed: Allowed) -> Result<Self::Status, Refusal> {
        match find::<Self>(status, action, allowed) {
            Ok(row) => Ok(match row.effect {
                Effect::Becomes(next) => next,
                Effect::Unchanged | Effect::Restores => status,
                Effect::BecomesUnlessEnded(_) if Self::has_ended(status) => status,
                Effect::BecomesUnlessEnded(next) => next,
            }),
            Err(obstacle) => {
                let code = match obstacle {
                    Obstacle::NotFromHere(_) => UserErrorCode::IllegalTransition,
                    Obstacle::OfOthers(_) | Obstacle::NotTaken => UserErrorCode::Forbidden,
                };
                Err(Refusal::new(code, Self::refusal(&obstacle, action, status)))
            }
        }
    }

    /// The moves as a Markdown table for the docs.
    fn markdown_table() -> String {
        let mut table = String::from("| action | from | to | by |\n|---|---|---|---|\n");
        for row in Self::TABLE {
            let from = if row.from == Self::Status::ALL { "any".to_owned() } else { codes(row.from) };
            let to = match row.effect {
                Effect::Becomes(status) => status.code().to_owned(),
                Effect::Unchanged => "unchanged".to_owned(),
                Effect::Restores => "the state before".to_owned(),
                Effect::BecomesUnlessEnded(status) => format!("{}, or the ending it had", status.code()),
            };
            table.push_str(&format!("| {} | {from} | {to} | {} |\n", row.action.code(), codes(row.by)));
        }
        table
    }
}

fn find<M: Moves + ?Sized>(
    status: M::Status,
    action: M::Action,
    allowed: Allowed,
) -> Result<&'static Move<M::Action, M::Status>, Obstacle> {
    let rows = || M::TABLE.iter().filter(move |row| row.action == action);
    let reached = || {
        rows().filter(move |row| {
            (allowed.as_sender && row.by.contains(&Party::Sender))
                || (allowed.as_receiver && row.by.contains(&Party::Receiver))
                || (allowed.as_taker && M::TAKING.contains(&row.action))
        })
    };
    if let Some(row) = reached().find(|row| row.from.contains(&status)) {
        return Ok(row);
    }
    let by = |party| rows().any(|row| row.by.contains(&party));
    if reached().next().is_some() {
        let from: Vec<M::Status> =
            M::Status::ALL.iter().copied().filter(|status| reached().any(|row| row.from.contains(status))).collect();
        return Err(Obstacle::NotFromHere(Filling::codes(&from)));
    }
    if allowed.as_taker && by(Party::Receiver) {
        return Err(Obstacle::NotTaken);
    }
    Err(Obstacle::OfOthers(match (by(Party::Sender), by(Party::Receiver)) {
        (true, true) => "BOTH",
        (true, false) => Party::Sender.code(),
        (false, _) => Party::Receiver.code(),
    }))
}

/// Joins codes with spaces.
pub fn codes<T: Vocabulary>(members: &[T]) -> String {
    members.iter().map(|member| member.code()).collect::<Vec<_>>().join(" ")
}

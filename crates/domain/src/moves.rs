//! What two parties do with something that one asked of the other: a table of moves, from which the refusals, `allowedActions` and the
//! table in the docs are derived. Referrals and trainings have a table each; how a table is read is here alone.

use crate::message::Message;
use crate::refusal::{Refusal, UserErrorCode};
use crate::vocabulary;
use crate::vocabulary::Vocabulary;

vocabulary! {
    /// On which side somebody stands.
    pub enum Party {
        /// The organisation that refers, or that asks for a training.
        Sender = "SENDER",
        /// The organisation that it is addressed to.
        Receiver = "RECEIVER",
    }
}

/// What a move leads to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Effect<S> {
    /// That state.
    Becomes(S),
    /// The state that it had.
    Unchanged,
    /// That state, or the ending that it had.
    BecomesUnlessEnded(S),
}

/// A row of a table.
#[derive(Clone, Copy, Debug)]
pub struct Move<A: 'static, S: 'static> {
    /// What is done.
    pub action: A,
    /// In which states it can be done.
    pub from: &'static [S],
    /// What it leads to.
    pub effect: Effect<S>,
    /// Who can do it.
    pub by: &'static [Party],
}

/// Which side somebody stands on and what their roles let them do there.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Allowed {
    /// May make the sender's moves.
    pub as_sender: bool,
    /// May make the receiver's moves.
    pub as_receiver: bool,
    /// Could take it: it is open to all who offer what is asked for.
    pub as_taker: bool,
}

/// Why a move can't be made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Obstacle {
    /// It is the other side's, or the roles don't reach it: SENDER, RECEIVER or BOTH, as whose it is.
    OfOthers(&'static str),
    /// It is the receiver's, and nobody is that before they have taken it.
    NotTaken,
    /// Not in this state: the codes of those in which it can be made, with spaces between.
    NotFromHere(String),
}

/// A table of moves.
pub trait Moves {
    /// What can be done.
    type Action: Vocabulary;
    /// Where it can stand.
    type Status: Vocabulary;
    /// The rows. An action has several where its sides can do it in different states.
    const TABLE: &'static [Move<Self::Action, Self::Status>];
    /// What makes a taker the receiver.
    const TAKING: &'static [Self::Action];

    /// Whether it has ended in that state.
    fn has_ended(status: Self::Status) -> bool;

    /// The words for an obstacle to that action in that state.
    fn refusal(obstacle: &Obstacle, action: Self::Action, status: Self::Status) -> Message;

    /// The state after that action.
    ///
    /// # Errors
    /// FORBIDDEN when the move is the other side's or the viewer's roles don't reach it; ILLEGAL_TRANSITION with the present state
    /// otherwise.
    fn decide(status: Self::Status, action: Self::Action, allowed: Allowed) -> Result<Self::Status, Refusal> {
        match find::<Self>(status, action, allowed) {
            Ok(row) => Ok(match row.effect {
                Effect::Becomes(next) => next,
                Effect::Unchanged => status,
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

    /// The moves as a table for the docs.
    fn markdown_table() -> String {
        let mut table = String::from("| action | from | to | by |\n|---|---|---|---|\n");
        for row in Self::TABLE {
            let from = if row.from == Self::Status::ALL { "any".to_owned() } else { codes(row.from) };
            let to = match row.effect {
                Effect::Becomes(status) => status.code().to_owned(),
                Effect::Unchanged => "unchanged".to_owned(),
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
        return Err(Obstacle::NotFromHere(codes(&from)));
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

/// Codes with spaces between.
pub fn codes<T: Vocabulary>(members: &[T]) -> String {
    members.iter().map(|member| member.code()).collect::<Vec<_>>().join(" ")
}

//! The moves of a training request. The sender asks for the training and is its host; the receiver holds it.

use super::code::{TrainingAction, TrainingReason, TrainingStatus};
use crate::message::{Filling, Message};
use crate::moves::{Allowed, Effect, Move, Moves, Obstacle, Party};
use crate::refusal::Refusal;
use crate::vocabulary::Vocabulary;

use Party::{Receiver, Sender};
use TrainingAction as Action;
use TrainingStatus::{Accepted, Cancelled, Declined, Delivered, Evaluated, Requested, Scheduled};

/// The moves of a training request.
pub struct TrainingMoves;

/// A wrong number is corrected by recording it again.
const MOVES: &[Move<TrainingAction, TrainingStatus>] = &[
    Move { action: Action::Accept, from: &[Requested], effect: Effect::Becomes(Accepted), by: &[Receiver] },
    Move { action: Action::Decline, from: &[Requested], effect: Effect::Becomes(Declined), by: &[Receiver] },
    Move { action: Action::Schedule, from: &[Accepted, Scheduled], effect: Effect::Becomes(Scheduled), by: &[Receiver] },
    Move { action: Action::Deliver, from: &[Scheduled, Delivered], effect: Effect::Becomes(Delivered), by: &[Receiver] },
    Move { action: Action::Evaluate, from: &[Delivered, Evaluated], effect: Effect::Becomes(Evaluated), by: &[Receiver] },
    Move { action: Action::FollowUp, from: &[Delivered, Evaluated], effect: Effect::Unchanged, by: &[Receiver, Sender] },
    Move { action: Action::Cancel, from: &[Requested], effect: Effect::Becomes(Cancelled), by: &[Sender] },
    Move { action: Action::Cancel, from: &[Accepted, Scheduled], effect: Effect::Becomes(Cancelled), by: &[Receiver, Sender] },
];

impl Moves for TrainingMoves {
    type Action = TrainingAction;
    type Status = TrainingStatus;
    const TABLE: &'static [Move<TrainingAction, TrainingStatus>] = MOVES;
    const TAKING: &'static [TrainingAction] = &[Action::Accept];

    fn has_ended(status: TrainingStatus) -> bool {
        matches!(status, Declined | Cancelled)
    }

    fn refusal(obstacle: &Obstacle, action: TrainingAction, status: TrainingStatus) -> Message {
        match obstacle {
            Obstacle::OfOthers(by) => {
                Message::of("training-by-other-party").with("by", Filling::Variant(by)).with("action", action)
            }
            Obstacle::NotTaken => Message::of("training-take-first"),
            Obstacle::NotFromHere(from) => {
                Message::of("training-move-impossible").with("status", status).with("action", action).with("from", from.clone())
            }
        }
    }
}

/// What the viewer may do now, in the order of the codes.
pub fn allowed_actions(status: TrainingStatus, allowed: Allowed) -> Vec<TrainingAction> {
    TrainingAction::ALL.iter().copied().filter(|action| TrainingMoves::decide(status, *action, allowed).is_ok()).collect()
}

/// The reason for a move. A party who declines or cancels must give one; other moves take none.
///
/// # Errors
/// INVALID when a reason is missing, or when the move takes none.
pub fn check_reason(action: TrainingAction, reason: Option<TrainingReason>) -> Result<Option<TrainingReason>, Refusal> {
    let explains = matches!(action, Action::Decline | Action::Cancel);
    match reason {
        None if explains => Err(Refusal::invalid("reason", "training-reason-missing")),
        Some(_) if !explains => Err(Refusal::invalid("reason", "training-reason-unasked")),
        reason => Ok(reason),
    }
}

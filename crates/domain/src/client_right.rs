//! What a client may ask of whoever holds something about them, under Kenya's Data Protection Act 2019: to see it (section 26), and to
//! have it erased (section 40). And new pseudonyms for all clients at once, for when the key that the old ones were derived with is lost.

use std::collections::HashSet;

use crate::access::{Actor, Permission, Reach};
use crate::message::Message;
use crate::pseudonym::Pseudonym;
use crate::refusal::{Refusal, UserErrorCode};

/// How many pseudonyms can be replaced at once.
pub const MAXIMUM_ROTATIONS: usize = 500;

/// A client who gets another pseudonym.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rotation {
    /// The pseudonym that they have.
    pub from: Pseudonym,
    /// The pseudonym that they get.
    pub to: Pseudonym,
}

/// Whether the actor may act for the whole organisation under a client's pseudonym, and not only on what they referred themself.
///
/// # Errors
/// FORBIDDEN with whom to ask.
pub fn check_reach(actor: &Actor) -> Result<(), Refusal> {
    match actor.reach(Permission::SendReferrals) {
        Some(Reach::Organisation) => Ok(()),
        _ => Err(Refusal::new(UserErrorCode::Forbidden, Message::of("client-right-caseworker-alone"))),
    }
}

/// Reads what is to be replaced by what. Each client is named once, and no two get the same pseudonym.
///
/// # Errors
/// LIMIT_REACHED for more than [`MAXIMUM_ROTATIONS`]; INVALID or IDENTIFYING_DATA for each item that is wrong, all of them at once.
pub fn parse_rotations(pairs: &[(&str, &str)]) -> Result<Vec<Rotation>, Vec<Refusal>> {
    if pairs.is_empty() {
        return Err(vec![Refusal::invalid("rotations", Message::of("pseudonym-rotation-empty"))]);
    }
    if pairs.len() > MAXIMUM_ROTATIONS {
        let message = Message::of("pseudonym-rotation-too-many").with("maximum", MAXIMUM_ROTATIONS);
        return Err(vec![Refusal::of_field(UserErrorCode::LimitReached, "rotations", message)]);
    }
    let (mut rotations, mut refusals) = (Vec::with_capacity(pairs.len()), Vec::new());
    let (mut known_from, mut known_to) = (HashSet::new(), HashSet::new());
    for (index, (from, to)) in pairs.iter().enumerate() {
        let (from, to) = match (Pseudonym::parse("from", from), Pseudonym::parse("to", to)) {
            (Ok(from), Ok(to)) => (from, to),
            (from, to) => {
                for (name, parsed) in [("from", from), ("to", to)] {
                    refusals.extend(parsed.err().map(|refusal| Refusal { field: of_item(index, name), ..refusal }));
                }
                continue;
            }
        };
        let mut refuse = |name, key| {
            let refusal = Refusal::new(UserErrorCode::Invalid, Message::of(key));
            refusals.push(Refusal { field: of_item(index, name), ..refusal });
        };
        if from == to {
            refuse("to", "pseudonym-rotation-unchanged");
        }
        if !known_from.insert(from.clone()) {
            refuse("from", "pseudonym-rotation-from-repeated");
        }
        if !known_to.insert(to.clone()) {
            refuse("to", "pseudonym-rotation-to-repeated");
        }
        rotations.push(Rotation { from, to });
    }
    if refusals.is_empty() { Ok(rotations) } else { Err(refusals) }
}

/// Whether every client is there whose pseudonym is to be replaced, and nobody has the new one. The two lists are those of the
/// pseudonyms that the organisation has clients under.
///
/// # Errors
/// NOT_FOUND for each unknown one, CONFLICT for each new one that is in use.
pub fn check_rotations(rotations: &[Rotation], known: &HashSet<String>) -> Result<(), Vec<Refusal>> {
    let mut refusals = Vec::new();
    for (index, rotation) in rotations.iter().enumerate() {
        if !known.contains(rotation.from.as_str()) {
            refusals.push(Refusal { field: of_item(index, "from"), ..Refusal::not_found("from") });
        }
        if known.contains(rotation.to.as_str()) {
            let refusal = Refusal::new(UserErrorCode::Conflict, Message::of("pseudonym-rotation-to-in-use"));
            refusals.push(Refusal { field: of_item(index, "to"), ..refusal });
        }
    }
    if refusals.is_empty() { Ok(()) } else { Err(refusals) }
}

fn of_item(index: usize, name: &str) -> Option<Vec<String>> {
    Some(vec!["rotations".to_owned(), index.to_string(), name.to_owned()])
}

#[cfg(test)]
mod tests;

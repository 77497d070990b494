//! A client's rights under Kenya's Data Protection Act 2019: to see what an organisation holds about them (section 26), and to
//! have it erased (section 40).
//!
//! Also new pseudonyms for all clients at once, for when the key is lost from which the old ones were derived.

use std::collections::HashSet;

use crate::access::{Actor, Permission, Reach};
use crate::device::Device;
use crate::message::Message;
use crate::pseudonym::Pseudonym;
use crate::refusal::{Refusal, UserErrorCode};

/// How many pseudonyms can be replaced at once.
pub const MAXIMUM_ROTATIONS: usize = 500;

/// A client whose pseudonym is replaced.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rotation {
    /// The present pseudonym.
    pub from: Pseudonym,
    /// The new pseudonym.
    pub to: Pseudonym,
}

/// Whether the actor may use a client's rights on everything their organisation holds, and not only on their own referrals.
///
/// # Errors
/// FORBIDDEN when the actor's roles don't reach the whole organisation; the message says whom to ask.
pub fn check_reach(actor: &Actor) -> Result<(), Refusal> {
    match actor.reach(Permission::SendReferrals) {
        Some(Reach::Organisation) => Ok(()),
        _ => Err(Refusal::new(UserErrorCode::Forbidden, Message::of("client-right-caseworker-alone"))),
    }
}

/// Whether the actor may read all that their organisation can hold about a client: on a shared device nobody may, since nobody reads
/// violations there.
pub fn sees_all(actor: &Actor) -> bool {
    let all = |permission| actor.reach(permission) == Some(Reach::Organisation);
    actor.device == Device::Own && all(Permission::ReadReferrals) && all(Permission::ReadViolations)
}

/// Reads the replacements. Each client is named once, and no two clients get the same pseudonym.
///
/// # Errors
/// LIMIT_REACHED for more than [`MAXIMUM_ROTATIONS`]. INVALID or IDENTIFYING_DATA for each item that is wrong, all of them at
/// once.
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

/// Checks that the organisation has a client under each old pseudonym and nobody under a new one. `known` holds the pseudonyms
/// under which the organisation has clients.
///
/// # Errors
/// NOT_FOUND for each old pseudonym that is unknown, CONFLICT for each new one that is in use.
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

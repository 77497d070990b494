//! Who of an organisation handles a referral, and to whom it can be assigned.

use crate::access::{Permission, reach_of};
use crate::message::Message;
use crate::refusal::{Refusal, UserErrorCode};
use crate::user::Role;
use crate::vocabulary::Vocabulary;

/// The most referrals that can be assigned together.
pub const MAXIMUM_ASSIGNED: usize = 100;

/// Checks how many referrals are to be assigned together.
///
/// # Errors
/// INVALID when there is none, LIMIT_REACHED when there are more than [`MAXIMUM_ASSIGNED`].
pub fn check_assigned(field: &str, count: usize) -> Result<(), Refusal> {
    match count {
        0 => Err(Refusal::invalid(field, "referral-assign-none")),
        1..=MAXIMUM_ASSIGNED => Ok(()),
        _ => {
            let message = Message::of("referral-assign-too-many").with("maximum", MAXIMUM_ASSIGNED);
            Err(Refusal::of_field(UserErrorCode::LimitReached, field, message))
        }
    }
}

/// Checks that somebody with these roles can handle a referral on that side of it. Whoever handles a received referral must be able
/// to receive, and whoever handles a sent one must be able to send.
///
/// # Errors
/// INVALID when their roles don't allow it; the message names those that would.
pub fn check_handler(field: &str, roles: &[Role], is_sender: bool) -> Result<(), Refusal> {
    let (permission, message) = match is_sender {
        true => (Permission::SendReferrals, "referral-assign-cannot-send"),
        false => (Permission::ReceiveReferrals, "referral-assign-cannot-receive"),
    };
    match reach_of(roles, permission) {
        Some(_) => Ok(()),
        None => Err(Refusal::invalid(field, message)),
    }
}

/// The roles with which somebody can handle a referral on one side of it or the other.
pub fn handling_roles() -> Vec<Role> {
    let handles = |role: &Role| [true, false].into_iter().any(|is_sender| check_handler("userId", &[*role], is_sender).is_ok());
    Role::ALL.iter().copied().filter(handles).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn received_ones_go_to_caseworkers_and_sent_ones_to_peer_educators_too() {
        for role in Role::ALL {
            let handles = |is_sender| check_handler("userId", &[*role], is_sender).is_ok();
            assert_eq!(handles(false), *role == Role::Caseworker, "{role} receives");
            assert_eq!(handles(true), [Role::Caseworker, Role::PeerEducator].contains(role), "{role} sends");
            assert!(check_handler("userId", &[*role, Role::Caseworker], false).is_ok(), "one of the roles is enough");
        }
    }

    #[test]
    fn one_to_a_hundred_are_assigned_together() {
        let code = |count| check_assigned("referralIds", count).err().map(|refusal| refusal.code);
        for (count, expected) in
            [(0, Some(UserErrorCode::Invalid)), (1, None), (100, None), (101, Some(UserErrorCode::LimitReached))]
        {
            assert_eq!(code(count), expected, "{count}");
        }
    }
}

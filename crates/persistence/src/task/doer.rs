//! Who has the tasks of a source: the rules about roles.

use std::fmt;

use pamoja_domain::access::{Actor, Permission, Reach};

/// Who has the tasks of a source.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Doer {
    /// Whoever has the permission.
    Having(Permission),
    /// Whoever refers clients, and whose permission for it reaches exactly this far.
    Sender(Reach),
    /// Whoever goes along with clients whom they referred themself, and isn't somebody who receives clients. To those a client who
    /// is accompanied is like all others who are expected. Who refers clients for the whole organisation also receives them.
    Companion,
}

impl Doer {
    /// Whether the actor's roles make them one.
    pub(super) fn is(self, actor: &Actor) -> bool {
        match self {
            Self::Having(permission) => actor.reach(permission).is_some(),
            Self::Sender(reach) => actor.reach(Permission::SendReferrals) == Some(reach),
            Self::Companion => Self::Sender(Reach::OwnOnly).is(actor) && !Self::Having(Permission::ReceiveReferrals).is(actor),
        }
    }
}

/// The last part of a source's name.
impl fmt::Display for Doer {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Having(permission) => write!(out, "{permission}"),
            Self::Sender(Reach::Organisation) => write!(out, "{}", Permission::SendReferrals),
            Self::Sender(Reach::OwnOnly) => write!(out, "{}_OWN", Permission::SendReferrals),
            Self::Companion => out.write_str("COMPANION"),
        }
    }
}

//! Who has the tasks of a source: the rules about roles.

use std::fmt;

use pamoja_domain::access::{Actor, Permission, Reach, roles_with};

use crate::acting::acts_as;

/// Who has the tasks of a source.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Doer {
    /// Whoever has the permission.
    Having(Permission),
    /// Whoever has the permission for all that is their organisation's.
    HavingAll(Permission),
    /// Whoever goes along with clients whom they refer, and isn't somebody who receives clients: to those a client who is
    /// accompanied is like all others who are expected.
    Companion,
}

impl Doer {
    /// Whether the actor's roles make them one.
    pub(super) fn is(self, actor: &Actor) -> bool {
        match self {
            Self::Having(permission) => actor.reach(permission).is_some(),
            Self::HavingAll(permission) => actor.reach(permission) == Some(Reach::Organisation),
            Self::Companion => {
                Self::Having(Permission::SendReferrals).is(actor) && !Self::Having(Permission::ReceiveReferrals).is(actor)
            }
        }
    }
}

impl Doer {
    /// Whether whoever acts is one, as SQL.
    pub(super) fn acts(self) -> String {
        let having = |permission| acts_as(&roles_with(permission, Reach::OwnOnly));
        match self {
            Self::Having(permission) => having(permission),
            Self::HavingAll(permission) => acts_as(&roles_with(permission, Reach::Organisation)),
            Self::Companion => format!("{} AND NOT {}", having(Permission::SendReferrals), having(Permission::ReceiveReferrals)),
        }
    }
}

/// The last part of a source's name.
impl fmt::Display for Doer {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Having(permission) => write!(out, "{permission}"),
            Self::HavingAll(permission) => write!(out, "ALL_{permission}"),
            Self::Companion => out.write_str("COMPANION"),
        }
    }
}

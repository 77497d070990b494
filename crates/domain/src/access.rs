//! Who may do what: the whole policy on one page, and the only place where a [`Permit`] is made.

use crate::device::Device;
use crate::id::{OrganisationId, SessionId, UserId};
use crate::session_secret::SessionSecret;
use crate::user::Role;
use crate::vocabulary;
use crate::vocabulary::Vocabulary;

vocabulary! {
    /// Something that a user's roles let them do within their organisation.
    pub enum Permission {
        /// Read the directory: organisations, services, facilities.
        ReadDirectory = "READ_DIRECTORY",
        /// Read referrals that the user's organisation sent or received.
        ReadReferrals = "READ_REFERRALS",
        /// Refer a client, and act as the sender.
        SendReferrals = "SEND_REFERRALS",
        /// Act as the receiver: answer, schedule, check in, complete.
        ReceiveReferrals = "RECEIVE_REFERRALS",
        /// Assign the organisation's referrals to one of its users.
        AssignReferrals = "ASSIGN_REFERRALS",
        /// Say how much room the organisation's services have, pause them, and confirm that they are still offered as described.
        SetCapacity = "SET_CAPACITY",
        /// Add, change and close the organisation's services.
        ManageServices = "MANAGE_SERVICES",
        /// Read trainings that the user's organisation asked for or holds.
        ReadTraining = "READ_TRAINING",
        /// Offer trainings, ask for them, answer requests, and hold and record trainings.
        ManageTraining = "MANAGE_TRAINING",
        /// Document a violation, and act on those that one may read.
        DocumentViolations = "DOCUMENT_VIOLATIONS",
        /// Read violations: a paralegal all of the organisation's, others those that they documented. On a shared device nobody reads any.
        ReadViolations = "READ_VIOLATIONS",
        /// Read the own figures of violations (violationFunnel), from a device of one's own: a 1 in a filtered count is a violation.
        ReadViolationFigures = "READ_VIOLATION_FIGURES",
        /// Read the figures of the user's organisation.
        ReadOwnFigures = "READ_OWN_FIGURES",
        /// Read the published figures over all members.
        ReadCoalitionFigures = "READ_COALITION_FIGURES",
    }
}

impl Permission {
    /// Whether it is about violations, which nothing else leads to.
    pub fn is_about_violations(self) -> bool {
        matches!(self, Self::DocumentViolations | Self::ReadViolations)
    }

    /// Whether nobody has it on a shared device, whatever their roles. (READ_VIOLATIONS stays, for a list that is empty there.)
    pub fn needs_own_device(self) -> bool {
        self == Self::ReadViolationFigures
    }
}

/// How far a permission reaches.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Reach {
    /// Only to what the user made themself, and to what their organisation sent and assigned to them.
    OwnOnly,
    /// To everything that belongs to the user's organisation.
    Organisation,
}

/// A row of the policy: the roles that have a permission, and how far it reaches for them.
struct Grant {
    permission: Permission,
    to: &'static [Role],
    reach: Reach,
}

impl Grant {
    const fn own_only(permission: Permission, to: &'static [Role]) -> Self {
        Self { permission, to, reach: Reach::OwnOnly }
    }

    const fn organisation(permission: Permission, to: &'static [Role]) -> Self {
        Self { permission, to, reach: Reach::Organisation }
    }
}

/// Everybody but the secretariat's administrator, who sees nothing of what members do with each other.
const MEMBERS: &[Role] =
    &[Role::PeerEducator, Role::Caseworker, Role::Paralegal, Role::Trainer, Role::Analyst, Role::OrganisationAdmin];

/// The policy. It allows nothing that it doesn't name.
const POLICY: &[Grant] = &[
    Grant::organisation(Permission::ReadDirectory, Role::ALL),
    Grant::own_only(Permission::ReadReferrals, &[Role::PeerEducator]),
    Grant::organisation(Permission::ReadReferrals, &[Role::Caseworker]),
    Grant::own_only(Permission::SendReferrals, &[Role::PeerEducator]),
    Grant::organisation(Permission::SendReferrals, &[Role::Caseworker]),
    Grant::organisation(Permission::ReceiveReferrals, &[Role::Caseworker]),
    Grant::organisation(Permission::AssignReferrals, &[Role::Caseworker]),
    Grant::organisation(Permission::SetCapacity, &[Role::Caseworker, Role::OrganisationAdmin]),
    Grant::organisation(Permission::ManageServices, &[Role::OrganisationAdmin]),
    Grant::organisation(Permission::ReadTraining, MEMBERS),
    Grant::organisation(Permission::ManageTraining, &[Role::Trainer, Role::OrganisationAdmin]),
    Grant::own_only(Permission::DocumentViolations, &[Role::PeerEducator, Role::Caseworker]),
    Grant::organisation(Permission::DocumentViolations, &[Role::Paralegal]),
    Grant::own_only(Permission::ReadViolations, &[Role::PeerEducator, Role::Caseworker]),
    Grant::organisation(Permission::ReadViolations, &[Role::Paralegal]),
    Grant::organisation(Permission::ReadViolationFigures, &[Role::Paralegal, Role::Analyst]),
    Grant::organisation(Permission::ReadOwnFigures, &[Role::Caseworker, Role::Trainer, Role::Analyst, Role::OrganisationAdmin]),
    Grant::organisation(Permission::ReadCoalitionFigures, Role::ALL),
];

/// How far a permission reaches for a role; `None` if the role doesn't have it.
pub fn reach(role: Role, permission: Permission) -> Option<Reach> {
    let grants = POLICY.iter().filter(|grant| grant.permission == permission && grant.to.contains(&role));
    grants.map(|grant| grant.reach).max()
}

/// How far a permission reaches for somebody with several roles: the furthest that any of them has.
pub fn reach_of(roles: &[Role], permission: Permission) -> Option<Reach> {
    roles.iter().filter_map(|role| reach(*role, permission)).max()
}

/// The roles that have a permission, as far as at least.
pub fn roles_with(permission: Permission, at_least: Reach) -> Vec<Role> {
    Role::ALL.iter().copied().filter(|role| reach(*role, permission) >= Some(at_least)).collect()
}

/// The policy as a Markdown table: a row for each permission, a column for each role.
pub fn markdown_table() -> String {
    let mut table = String::from("| |");
    for role in Role::ALL {
        table.push_str(&format!(" {role} |"));
    }
    table.push_str("\n|---|");
    table.push_str(&"---|".repeat(Role::ALL.len()));
    for permission in Permission::ALL {
        table.push_str(&format!("\n| {permission} |"));
        for role in Role::ALL {
            table.push_str(match reach(*role, *permission) {
                Some(Reach::Organisation) => " yes |",
                Some(Reach::OwnOnly) => " own |",
                None => " |",
            });
        }
    }
    table.push('\n');
    table
}

/// Who makes a request, from their verified token: opaque ids, and the secret that proves to the database that they may. Their
/// permissions are read in the transaction that they open.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Caller {
    /// The tenant.
    pub organisation: OrganisationId,
    /// The user's account.
    pub user: UserId,
    /// The user's sign-in.
    pub session: SessionId,
    /// What proves the sign-in.
    pub secret: SessionSecret,
}

/// A caller with the roles that their account has now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Actor {
    /// The caller.
    pub caller: Caller,
    /// Their roles.
    pub roles: Vec<Role>,
    /// The kind of device on which they signed in.
    pub device: Device,
}

impl Actor {
    /// How far the actor's roles reach, on the device on which they signed in.
    pub fn reach(&self, permission: Permission) -> Option<Reach> {
        if permission.needs_own_device() && self.device != Device::Own {
            return None;
        }
        reach_of(&self.roles, permission)
    }
}

/// What decides what somebody may see. Callers with the same sight read the same, so that it can be read once for all of them.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Sight {
    organisation: OrganisationId,
    roles: Vec<Role>,
    device: Device,
    /// Whose own it is, where a role reaches to the user's own alone.
    of: Option<UserId>,
}

impl Sight {
    /// The sight of a caller who has those roles and signed in on that kind of device.
    ///
    /// What it says of violations counts for nobody else: changes of them are read for each user by itself.
    pub fn of(caller: Caller, roles: &[Role], device: Device) -> Self {
        let mut roles = roles.to_vec();
        roles.sort_unstable();
        roles.dedup();
        let own_only = |permission: &Permission| reach_of(&roles, *permission) == Some(Reach::OwnOnly);
        let of =
            Permission::ALL.iter().filter(|permission| !permission.is_about_violations()).any(own_only).then_some(caller.user);
        Self { organisation: caller.organisation, roles, device, of }
    }

    /// Whether somebody of the same organisation with those roles has it, on the same kind of device.
    pub fn has_roles(&self, roles: &[Role]) -> bool {
        self.roles.iter().all(|role| roles.contains(role)) && roles.iter().all(|role| self.roles.contains(role))
    }
}

/// What a transaction is opened with. Nothing reaches the database without one, and nothing outside this module makes one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Permit(Door);

/// Who opens a transaction, and for what.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Door {
    /// A signed-in user, for one permission. Their session, membership and roles are checked when the transaction opens.
    Member(Caller, Permission),
    /// A signed-in user who only reads. Each field checks the permission that it needs.
    Reader(Caller),
    /// The program, which looks for changes on behalf of a signed-in user who subscribes to them.
    Follower(Caller),
    /// A job that runs by the clock, for one organisation.
    Job(OrganisationId),
    /// A job that runs by the clock, for data that belongs to no organisation.
    Housekeeping,
    /// An operator who runs the program's commands on the server, for one organisation or for what all share.
    Operator(Option<OrganisationId>),
}

impl Permit {
    /// For a signed-in user and one permission. The transaction checks their roles when it opens.
    pub fn member(caller: Caller, permission: Permission) -> Self {
        Self(Door::Member(caller, permission))
    }

    /// For the reads in a signed-in user's request.
    pub fn reader(caller: Caller) -> Self {
        Self(Door::Reader(caller))
    }

    /// For looking for changes on behalf of a signed-in user.
    pub fn follower(caller: Caller) -> Self {
        Self(Door::Follower(caller))
    }

    /// For a job of one organisation.
    pub fn job(organisation: OrganisationId) -> Self {
        Self(Door::Job(organisation))
    }

    /// For the job that maintains data that belongs to no organisation.
    pub fn housekeeping() -> Self {
        Self(Door::Housekeeping)
    }

    /// For an operator's command.
    pub fn operator(organisation: Option<OrganisationId>) -> Self {
        Self(Door::Operator(organisation))
    }

    /// The door that this permit opens.
    pub fn door(&self) -> Door {
        self.0
    }

    /// The tenant of the transaction.
    pub fn organisation(&self) -> Option<OrganisationId> {
        match self.0 {
            Door::Member(caller, _) | Door::Reader(caller) | Door::Follower(caller) => Some(caller.organisation),
            Door::Job(organisation) => Some(organisation),
            Door::Operator(organisation) => organisation,
            Door::Housekeeping => None,
        }
    }

    /// The signed-in user, if there is one.
    pub fn caller(&self) -> Option<Caller> {
        match self.0 {
            Door::Member(caller, _) | Door::Reader(caller) | Door::Follower(caller) => Some(caller),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    #[test]
    fn who_has_the_same_roles_on_the_same_kind_of_device_sees_the_same_unless_it_is_their_own() {
        let id = Uuid::from_u128;
        let caller = |user| Caller {
            organisation: OrganisationId(id(1)),
            user: UserId(id(user)),
            session: SessionId(id(user)),
            secret: SessionSecret(id(user)),
        };
        let sight = |user, roles: &[Role], device| Sight::of(caller(user), roles, device);
        for roles in [&[Role::Caseworker][..], &[Role::Caseworker, Role::PeerEducator], &[Role::Trainer, Role::Analyst]] {
            let turned: Vec<Role> = roles.iter().rev().copied().collect();
            assert_eq!(sight(1, roles, Device::Own), sight(2, &turned, Device::Own), "{roles:?}");
            assert_ne!(sight(1, roles, Device::Own), sight(2, roles, Device::Shared), "{roles:?}");
            assert!(sight(1, roles, Device::Own).has_roles(&turned) && !sight(1, roles, Device::Own).has_roles(&[]));
            assert!(!sight(1, &[], Device::Own).has_roles(roles));
        }
        for roles in [&[Role::PeerEducator][..], &[Role::PeerEducator, Role::Trainer]] {
            assert_ne!(sight(1, roles, Device::Own), sight(2, roles, Device::Own), "{roles:?}");
        }
        let elsewhere = Caller { organisation: OrganisationId(id(2)), ..caller(1) };
        assert_ne!(Sight::of(elsewhere, &[Role::Caseworker], Device::Own), sight(1, &[Role::Caseworker], Device::Own));
    }
}

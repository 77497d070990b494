//! Who may do what: the whole policy on one page, and the only maker of a [`Permit`].

use crate::id::{OrganisationId, SessionId, UserId};
use crate::user::Role;
use crate::vocabulary;
use crate::vocabulary::Vocabulary;

vocabulary! {
    /// Something that roles let a user do, within the own organisation.
    pub enum Permission {
        /// Read the directory: organisations, services, facilities.
        ReadDirectory = "READ_DIRECTORY",
        /// Read referrals that the own organisation sent or received.
        ReadReferrals = "READ_REFERRALS",
        /// Refer a client, and act as the sender.
        SendReferrals = "SEND_REFERRALS",
        /// Act as the receiver: answer, schedule, check in, complete.
        ReceiveReferrals = "RECEIVE_REFERRALS",
        /// Say how much room the own services have, and that they are still offered as described.
        SetCapacity = "SET_CAPACITY",
        /// Add, change and close the own services.
        ManageServices = "MANAGE_SERVICES",
        /// Read trainings that the own organisation asked for or holds.
        ReadTraining = "READ_TRAINING",
        /// Offer trainings, ask for them, answer, hold and record them.
        ManageTraining = "MANAGE_TRAINING",
        /// Read the own organisation's figures.
        ReadOwnFigures = "READ_OWN_FIGURES",
        /// Read the published figures over all members.
        ReadCoalitionFigures = "READ_COALITION_FIGURES",
    }
}

/// How far a permission goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Reach {
    /// Only what the user made themself.
    OwnOnly,
    /// All of the own organisation's.
    Organisation,
}

/// A row of the policy: whom a permission is given, and how far it goes for them.
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
const MEMBERS: &[Role] = &[Role::PeerEducator, Role::Caseworker, Role::Trainer, Role::Analyst, Role::OrganisationAdmin];

/// The policy. What isn't named here is not allowed.
const POLICY: &[Grant] = &[
    Grant::organisation(Permission::ReadDirectory, Role::ALL),
    Grant::own_only(Permission::ReadReferrals, &[Role::PeerEducator]),
    Grant::organisation(Permission::ReadReferrals, &[Role::Caseworker]),
    Grant::own_only(Permission::SendReferrals, &[Role::PeerEducator]),
    Grant::organisation(Permission::SendReferrals, &[Role::Caseworker]),
    Grant::organisation(Permission::ReceiveReferrals, &[Role::Caseworker]),
    Grant::organisation(Permission::SetCapacity, &[Role::Caseworker, Role::OrganisationAdmin]),
    Grant::organisation(Permission::ManageServices, &[Role::OrganisationAdmin]),
    Grant::organisation(Permission::ReadTraining, MEMBERS),
    Grant::organisation(Permission::ManageTraining, &[Role::Trainer, Role::OrganisationAdmin]),
    Grant::organisation(Permission::ReadOwnFigures, &[Role::Caseworker, Role::Trainer, Role::Analyst, Role::OrganisationAdmin]),
    Grant::organisation(Permission::ReadCoalitionFigures, Role::ALL),
];

/// How far a role reaches with a permission; nothing where it doesn't have it.
pub fn reach(role: Role, permission: Permission) -> Option<Reach> {
    let grants = POLICY.iter().filter(|grant| grant.permission == permission && grant.to.contains(&role));
    grants.map(|grant| grant.reach).max()
}

/// How far several roles together reach.
pub fn reach_of(roles: &[Role], permission: Permission) -> Option<Reach> {
    roles.iter().filter_map(|role| reach(*role, permission)).max()
}

/// The policy as a table, a row a permission and a column a role.
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

/// Who is asking, as their verified token says: opaque ids alone. What they may do is read in their own transaction.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Caller {
    /// The tenant.
    pub organisation: OrganisationId,
    /// The account.
    pub user: UserId,
    /// The sign-in.
    pub session: SessionId,
}

/// A caller with the roles that their account has now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Actor {
    /// Who.
    pub caller: Caller,
    /// What they are.
    pub roles: Vec<Role>,
}

impl Actor {
    /// How far the actor's roles reach.
    pub fn reach(&self, permission: Permission) -> Option<Reach> {
        reach_of(&self.roles, permission)
    }
}

/// What a transaction is opened with: there is no other way to the database, and nothing outside this module makes one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Permit(Door);

/// Through which door a transaction comes in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Door {
    /// A signed-in user, for one permission. Their session, membership and roles are checked as the transaction opens.
    Member(Caller, Permission),
    /// A signed-in user who only reads; what each field needs is checked at the field.
    Reader(Caller),
    /// Somebody who is signing in to that organisation; it reaches accounts and sessions alone.
    SignIn(OrganisationId),
    /// Somebody before it is known which organisation they belong to: it reaches organisations' short names and sign-in failures alone.
    Threshold,
    /// A job that runs by the clock, for one organisation.
    Job(OrganisationId),
    /// A job that runs by the clock, for what belongs to nobody.
    Housekeeping,
    /// Whoever runs this program's commands on the server, for one organisation or for what all share.
    Operator(Option<OrganisationId>),
}

impl Permit {
    /// For a signed-in user and one permission; whether their roles allow it is checked as the transaction opens.
    pub fn member(caller: Caller, permission: Permission) -> Self {
        Self(Door::Member(caller, permission))
    }

    /// For the reads of a signed-in user's request.
    pub fn reader(caller: Caller) -> Self {
        Self(Door::Reader(caller))
    }

    /// For signing in to that organisation.
    pub fn sign_in(organisation: OrganisationId) -> Self {
        Self(Door::SignIn(organisation))
    }

    /// For finding out which organisation somebody wants to sign in to.
    pub fn threshold() -> Self {
        Self(Door::Threshold)
    }

    /// For a job of that organisation.
    pub fn job(organisation: OrganisationId) -> Self {
        Self(Door::Job(organisation))
    }

    /// For the job that keeps what belongs to nobody.
    pub fn housekeeping() -> Self {
        Self(Door::Housekeeping)
    }

    /// For a command of whoever runs the server.
    pub fn operator(organisation: Option<OrganisationId>) -> Self {
        Self(Door::Operator(organisation))
    }

    /// Which door it opens.
    pub fn door(&self) -> Door {
        self.0
    }

    /// The tenant that the transaction is opened for.
    pub fn organisation(&self) -> Option<OrganisationId> {
        match self.0 {
            Door::Member(caller, _) | Door::Reader(caller) => Some(caller.organisation),
            Door::SignIn(organisation) | Door::Job(organisation) => Some(organisation),
            Door::Operator(organisation) => organisation,
            Door::Threshold | Door::Housekeeping => None,
        }
    }

    /// Who is asking, when it is a signed-in user.
    pub fn caller(&self) -> Option<Caller> {
        match self.0 {
            Door::Member(caller, _) | Door::Reader(caller) => Some(caller),
            _ => None,
        }
    }
}

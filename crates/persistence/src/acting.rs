//! Conditions on the roles of whoever acts, in SQL. The program asks for roles before it sends a statement; these hold also against
//! somebody who sends it without asking.

use pamoja_domain::access::{Permission, Reach, roles_with};
use pamoja_domain::user::Role;
use pamoja_domain::vocabulary::Vocabulary;

/// Whether the user of the transaction has one of these roles. PostgreSQL looks at it once.
pub(crate) fn acts_as(roles: &[Role]) -> String {
    let roles: Vec<String> = roles.iter().map(|role| format!("'{}'", role.code())).collect();
    format!("acts_as(ARRAY[{}])", roles.join(", "))
}

/// Whether the user of the transaction has the permission for all that is their organisation's.
pub(crate) fn reaches_all(permission: Permission) -> String {
    format!("(SELECT {})", acts_as(&roles_with(permission, Reach::Organisation)))
}

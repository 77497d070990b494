//! What signing in needs from the process.

use std::sync::Arc;

use pamoja_domain::device::SharedHours;
use pamoja_persistence::database::Database;
use pamoja_persistence::gate::Gate;

use super::password::Passwords;
use super::token::Authority;
use crate::keys::Keys;

/// What signing in needs. Cheap to clone.
#[derive(Clone)]
pub struct AuthState {
    /// The connections to the database, for its clock.
    pub database: Database,
    /// Where passwords and tokens are compared.
    pub gate: Gate,
    /// The secrets that live outside the database.
    pub keys: Arc<Keys>,
    /// Makes and verifies access tokens.
    pub authority: Authority,
    /// Hashes and verifies passwords.
    pub passwords: Passwords,
    /// How long a session on a shared device lasts at most.
    pub shared_hours: SharedHours,
}

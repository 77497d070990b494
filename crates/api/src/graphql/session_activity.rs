//! Notes that sessions on shared devices are used, because such a session ends after some idle minutes.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use chrono::{DateTime, TimeDelta, Utc};
use pamoja_domain::access::Caller;
use pamoja_domain::id::SessionId;
use pamoja_persistence::error::StoreError;
use pamoja_persistence::gate::Gate;

/// The use of one session is noted at most once in this time.
const INTERVAL: TimeDelta = TimeDelta::minutes(1);
/// The most sessions that are remembered.
const MOST: usize = 10_000;

/// Who began an operation. Only what a person does counts as use of a session on a shared device.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Initiative {
    /// A person: a query or a mutation, unless the client says otherwise.
    Person,
    /// The client by itself: it reads what changed, or asks again after a while.
    Client,
}

/// When this process last noted the use of each session. Cheap to clone.
#[derive(Clone, Default)]
pub struct SessionActivity(Arc<Mutex<HashMap<SessionId, DateTime<Utc>>>>);

impl SessionActivity {
    /// Notes that a person uses the caller's session, at most once a minute. Call it for every request that a person began and whose
    /// transaction has let the caller in. It has no effect on a session on a person's own device, and doesn't bring back a session that has ended.
    pub async fn touch(&self, gate: &Gate, now: DateTime<Utc>, caller: Caller) -> Result<(), StoreError> {
        if !self.is_due(caller.session, now) {
            return Ok(());
        }
        let touched = gate.note_use(caller).await;
        if touched.is_err() {
            self.noted().remove(&caller.session);
        }
        touched
    }

    /// Whether the use is to be noted now. If so, it counts as noted, and the next call answers false.
    fn is_due(&self, session: SessionId, now: DateTime<Utc>) -> bool {
        let mut noted = self.noted();
        if noted.get(&session).is_some_and(|at| now - *at < INTERVAL) {
            return false;
        }
        if noted.len() >= MOST {
            noted.retain(|_, at| now - *at < INTERVAL);
        }
        if noted.len() >= MOST {
            noted.clear();
        }
        noted.insert(session, now);
        true
    }

    fn noted(&self) -> MutexGuard<'_, HashMap<SessionId, DateTime<Utc>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    #[test]
    fn a_session_is_due_once_a_minute() {
        let sessions = SessionActivity::default();
        let now = DateTime::UNIX_EPOCH;
        let (one, other) = (SessionId(Uuid::from_u128(1)), SessionId(Uuid::from_u128(2)));
        assert!(sessions.is_due(one, now) && sessions.is_due(other, now));
        assert!(!sessions.is_due(one, now + TimeDelta::seconds(59)));
        assert!(sessions.is_due(one, now + TimeDelta::seconds(60)));
    }

    #[test]
    fn it_never_grows_beyond_its_bound() {
        let sessions = SessionActivity::default();
        for number in 0..3 * MOST {
            let now = DateTime::UNIX_EPOCH + TimeDelta::milliseconds(number as i64);
            assert!(sessions.is_due(SessionId(Uuid::from_u128(number as u128)), now));
            assert!(sessions.noted().len() <= MOST);
        }
    }
}

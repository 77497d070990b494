//! Whether the database is in trouble. It is noticed wherever an error of PostgreSQL comes in, and said twice in the log: when the
//! trouble begins, and when it is over.

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::Notify;
use tokio::time::Instant;

use crate::pooler::SETTING;
use crate::sql_state::{Ailment, Meaning, meaning};

/// A database that answers again has been well for this long when its trouble is over: one that comes and goes isn't well.
const ANSWERING: Duration = Duration::from_secs(2);
/// The same for a database that answered all the while, and failed.
const SUCCEEDING: Duration = Duration::from_secs(10);
/// That no connection was free, or a pooler in the way, is said at most this often.
const REPEATED: Duration = Duration::from_secs(60);

/// The trouble of one database, if it is in any.
#[derive(Default)]
pub(crate) struct Trouble {
    state: Mutex<State>,
    /// Wakes whoever asks the database how it is.
    pub(crate) suspected: Notify,
}

#[derive(Default)]
struct State {
    present: Option<Present>,
    said_busy: Option<Instant>,
    said_pooled: Option<Instant>,
}

struct Present {
    ailment: Ailment,
    since: Instant,
    last: Instant,
    failures: u64,
}

impl Trouble {
    /// Notes an error of PostgreSQL with that SQLSTATE. One that isn't the database's own trouble is none.
    pub(crate) fn refused(&self, code: &str) {
        match meaning(code) {
            Meaning::Trouble(ailment @ Ailment::Failing, why) => self.note(ailment, code, why, Instant::now()),
            // An administrator may have ended this one connection. Whether the server has gone shows when the next is made.
            Meaning::Trouble(Ailment::Unreachable, _) => self.suspected.notify_one(),
            _ => {}
        }
        // A prepared statement that isn't there, or one that is there already. The driver names each but once on its own connection.
        if matches!(code, "26000" | "42P05") {
            self.pooled(code);
        }
    }

    /// Notes that somebody else's prepared statements are on the connection.
    fn pooled(&self, sqlstate: &str) {
        if due(&mut self.state().said_pooled) {
            tracing::warn!(
                sqlstate,
                "a pooler in transaction mode stands before the database and mixes up prepared statements: set {SETTING} to plain, or to caching for a pgbouncer from 1.21 whose max_prepared_statements isn't 0"
            );
        }
    }

    /// Notes that no connection could be made. The reason names an address, and never a password.
    pub(crate) fn unreachable(&self, why: &str) {
        self.note(Ailment::Unreachable, "none", why, Instant::now());
    }

    fn note(&self, ailment: Ailment, sqlstate: &str, why: &str, now: Instant) {
        let mut state = self.state();
        if let Some(present) = &mut state.present {
            present.ailment = present.ailment.max(ailment);
            present.last = now;
            present.failures += 1;
            return;
        }
        state.present = Some(Present { ailment, since: now, last: now, failures: 1 });
        drop(state);
        tracing::warn!(
            sqlstate,
            why,
            "the database is in trouble; requests that need it are answered UNAVAILABLE until it is well"
        );
        self.suspected.notify_one();
    }

    /// Notes that the database answered. The trouble ends when nothing has failed for long enough.
    pub(crate) fn answered(&self) {
        self.answered_at(Instant::now());
    }

    fn answered_at(&self, now: Instant) {
        let mut state = self.state();
        let over = state.present.take_if(|present| {
            let quiet = match present.ailment {
                Ailment::Unreachable => ANSWERING,
                Ailment::Failing => SUCCEEDING,
            };
            now.saturating_duration_since(present.last) >= quiet
        });
        drop(state);
        if let Some(over) = over {
            let (seconds, failures) = (over.since.elapsed().as_secs(), over.failures);
            tracing::warn!(seconds, failures, "the database is well again");
        }
    }

    /// Whether the database is in trouble.
    pub(crate) fn lasts(&self) -> bool {
        self.state().present.is_some()
    }

    /// Notes that a request found no free connection. That is no trouble of the database: the program asks more of it than it is
    /// set up for.
    pub(crate) fn busy(&self) {
        if due(&mut self.state().said_busy) {
            tracing::warn!(
                "requests wait in vain for a free database connection; PAMOJA_DATABASE_CONNECTIONS says how many there are"
            );
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Whether something is to be said again, which was last said then. If so, it counts as said now.
fn due(said: &mut Option<Instant>) -> bool {
    let due = said.is_none_or(|said| said.elapsed() >= REPEATED);
    if due {
        *said = Some(Instant::now());
    }
    due
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn trouble_is_over_when_the_database_answers_and_has_not_failed_for_a_while() {
        const MOMENT: Duration = Duration::from_millis(1);
        let trouble = Trouble::default();
        trouble.refused("42601");
        trouble.refused("57P01");
        assert!(!trouble.lasts(), "neither a fault of ours nor the end of one connection is trouble");
        trouble.refused("53100");
        assert!(trouble.lasts());
        trouble.answered_at(Instant::now() + SUCCEEDING);
        for (ailment, quiet) in [(Ailment::Unreachable, ANSWERING), (Ailment::Failing, SUCCEEDING)] {
            let begins = Instant::now();
            trouble.note(ailment, "12345", "it is tried", begins);
            trouble.answered_at(begins + quiet - MOMENT);
            assert!(trouble.lasts(), "{ailment:?}: too early");
            trouble.note(Ailment::Unreachable, "12345", "it is tried", begins + quiet);
            trouble.answered_at(begins + quiet + quiet - MOMENT);
            assert!(trouble.lasts(), "{ailment:?}: it failed meanwhile");
            trouble.answered_at(begins + quiet + quiet);
            assert!(!trouble.lasts(), "{ailment:?}");
        }
    }
}

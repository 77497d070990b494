//! Tasks: what waits for somebody to do it, and by when. A task is never stored. It is derived from the records and the time, and
//! is gone as soon as it is done. Of some, somebody can say that there is nothing left to do: that is a record, too.

mod cause;
mod hindrance;
mod kind;
mod rule;

use chrono::{DateTime, TimeDelta, Utc};

pub use cause::Cause;
pub use hindrance::{Hindrance, ServiceState};
pub use kind::{Deadline, Precedence, TaskKind, check_dismissable, markdown_table};
pub use rule::{Due, Standing, Surroundings, due};

use crate::service::CAPACITY_FRESH_DAYS;

/// The sender gets a task when a referral expires within this many days.
pub const EXPIRING_DAYS: i64 = 5;
/// After this many days a sender who goes along must record how the referral ended.
pub const OUTCOME_DAYS: i64 = 2;
/// After this many days the receiver of a client who arrived must record how the referral ended.
pub const ARRIVED_DAYS: i64 = 7;
/// A capacity is asked for again this many days before the stated one says nothing any more.
pub const CAPACITY_WARNING_DAYS: i64 = 5;

/// When a service's capacity is due to be stated, once it is time to ask for it. A capacity that was never stated has been due
/// since the service was created.
pub fn capacity_due(stated_at: Option<DateTime<Utc>>, created_at: DateTime<Utc>, at: DateTime<Utc>) -> Option<DateTime<Utc>> {
    let due_at = stated_at.map_or(created_at, |stated_at| stated_at + TimeDelta::days(CAPACITY_FRESH_DAYS));
    (due_at - TimeDelta::days(CAPACITY_WARNING_DAYS) <= at).then_some(due_at)
}

/// When a service that the organisation vouches for is due to be checked: since the register says that its facility is closed.
pub fn facility_check_due(is_closed: bool, facility_closed_at: Option<DateTime<Utc>>) -> Option<DateTime<Utc>> {
    facility_closed_at.filter(|_| !is_closed)
}

#[cfg(test)]
mod tests;

//! Nobody is forgotten: what waits for somebody to do it, and by when. Everything here is read off what is recorded and the time;
//! a task is never stored, and is gone as soon as it is done.

mod kind;
mod rule;

use chrono::{DateTime, TimeDelta, Utc};

pub use kind::{Precedence, TaskKind, markdown_table};
pub use rule::{Due, Standing, due};

use crate::service::CAPACITY_FRESH_DAYS;

/// A referral that expires within so many days is shown to the sender.
pub const EXPIRING_DAYS: i64 = 5;
/// After how many days whoever goes along records how it ended.
pub const OUTCOME_DAYS: i64 = 2;
/// After how many days the receiver of a client who arrived records how it ended.
pub const ARRIVED_DAYS: i64 = 7;
/// So many days before a stated capacity no longer tells anything, it is asked for anew.
pub const CAPACITY_WARNING_DAYS: i64 = 5;

/// By when the capacity of a service is to be stated, once it is time to ask for it; one that never was is due since it is offered.
pub fn capacity_due(stated_at: Option<DateTime<Utc>>, created_at: DateTime<Utc>, at: DateTime<Utc>) -> Option<DateTime<Utc>> {
    let due_at = stated_at.map_or(created_at, |stated_at| stated_at + TimeDelta::days(CAPACITY_FRESH_DAYS));
    (due_at - TimeDelta::days(CAPACITY_WARNING_DAYS) <= at).then_some(due_at)
}

#[cfg(test)]
mod tests;

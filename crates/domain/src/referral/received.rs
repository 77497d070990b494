//! The order of the receiver's list: who can still be reached in time comes first, and what is too late after that.

use chrono::{DateTime, TimeDelta, Utc};
use uuid::Uuid;

use super::status::ReferralStatus;

/// Four hundred years. This long after 1970, less the time from 1970 to an `act_before`, is still later than every creation.
const FAR: TimeDelta = TimeDelta::days(146_000);

/// The parts of the receiver's list, in the order in which they come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ReceivedPart {
    /// The client hasn't arrived, and can still be seen in time. The least time left comes first.
    InTime,
    /// The client hasn't arrived, and the time has passed. What passed last comes first.
    Overdue,
    /// Everything else. The newest comes first.
    Other,
}

impl ReceivedPart {
    /// All of them, in their order.
    pub const ALL: [Self; 3] = [Self::InTime, Self::Overdue, Self::Other];

    /// The part to which a referral belongs at a moment. Apart from the moment, it depends only on the recorded status.
    pub fn of(act_before: Option<DateTime<Utc>>, recorded: ReferralStatus, at: DateTime<Utc>) -> Self {
        match act_before {
            Some(act_before) if recorded.can_expire() => {
                if act_before < at {
                    Self::Overdue
                } else {
                    Self::InTime
                }
            }
            _ => Self::Other,
        }
    }

    /// Whether a part begins with the greatest [`listed_at`].
    pub fn is_descending(self) -> bool {
        self != Self::Overdue
    }
}

/// The key that is stored for the receiver's list. It depends only on the recorded state, so an index can serve the list at every
/// moment. For a client with a time limit who hasn't arrived, it is the later the less time there is. For everything else it is
/// the creation, which is before all of those.
pub fn listed_at(created_at: DateTime<Utc>, act_before: Option<DateTime<Utc>>, recorded: ReferralStatus) -> DateTime<Utc> {
    match act_before {
        Some(act_before) if recorded.can_expire() => listed_at_of(act_before),
        _ => created_at,
    }
}

/// The key of a client who must be seen by this moment and hasn't arrived. At a moment, those whose key is at most the moment's
/// own can still be seen in time.
pub fn listed_at_of(act_before: DateTime<Utc>) -> DateTime<Utc> {
    DateTime::UNIX_EPOCH + FAR - (act_before - DateTime::UNIX_EPOCH)
}

/// A key that is after every creation and before every [`listed_at_of`].
pub fn listed_before_all_waiting() -> DateTime<Utc> {
    DateTime::UNIX_EPOCH + FAR / 2
}

/// A referral's place in the receiver's list at a moment. What comes first in the list is the least.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ReceivedPlace {
    /// The part.
    pub part: ReceivedPart,
    /// The stored key, see [`listed_at`].
    pub listed_at: DateTime<Utc>,
    /// The referral's id, which decides between equals.
    pub id: Uuid,
}

impl Ord for ReceivedPlace {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        let within = (self.listed_at, self.id).cmp(&(other.listed_at, other.id));
        self.part.cmp(&other.part).then(if self.part.is_descending() { within.reverse() } else { within })
    }
}

impl PartialOrd for ReceivedPlace {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::referral::is_overdue;
    use crate::vocabulary::Vocabulary;

    fn day(day: i64) -> DateTime<Utc> {
        DateTime::UNIX_EPOCH + TimeDelta::days(20_000 + day)
    }

    fn referral() -> impl Strategy<Value = (i64, Option<i64>, ReferralStatus)> {
        (0_i64..60, proptest::option::of(0_i64..60), proptest::sample::select(ReferralStatus::ALL))
    }

    fn place((created, act_before, status): (i64, Option<i64>, ReferralStatus), at: i64) -> ReceivedPlace {
        let act_before = act_before.map(day);
        ReceivedPlace {
            part: ReceivedPart::of(act_before, status, day(at)),
            listed_at: listed_at(day(created), act_before, status),
            id: Uuid::nil(),
        }
    }

    proptest! {
        #[test]
        fn whoever_can_still_be_seen_in_time_comes_before_all_others_and_the_overdue_before_the_rest(
            one in referral(), other in referral(), at in 0_i64..60,
        ) {
            let waits = |(_, act_before, status): (i64, Option<i64>, ReferralStatus)| act_before.filter(|_| status.can_expire());
            // What a person would say: the lesser comes first.
            let said = |referral: (i64, Option<i64>, ReferralStatus)| match waits(referral) {
                Some(by) if by >= at => (0, by),
                Some(by) => (1, -by),
                None => (2, -referral.0),
            };
            prop_assert_eq!(place(one, at).cmp(&place(other, at)), said(one).cmp(&said(other)));
            let is_overdue = is_overdue(one.1.map(day), one.2, day(at));
            prop_assert_eq!(place(one, at).part == ReceivedPart::Overdue, is_overdue);
        }

        #[test]
        fn the_stored_key_alone_tells_at_every_moment_what_waits_and_for_how_long(one in referral(), at in 0_i64..60) {
            let place = place(one, at);
            let waits = place.listed_at > listed_before_all_waiting();
            let in_time = place.listed_at <= listed_at_of(day(at));
            let expected = match place.part {
                ReceivedPart::Other => (false, true),
                ReceivedPart::Overdue => (true, false),
                ReceivedPart::InTime => (true, true),
            };
            prop_assert_eq!((waits, in_time), expected);
        }
    }
}

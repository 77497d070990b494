//! What senders made of the endings that left a client unserved. Almost all have been settled: nobody looks at a list that holds
//! years of them. A few of the last days still wait.

use chrono::{DateTime, TimeDelta, Utc};
use pamoja_domain::moves::Party;
use rand::rngs::StdRng;
use rand::{Rng, SeedableRng};
use uuid::Uuid;

use super::random::delay;
use super::referral::Story;

/// Everything that ended within this time still waits.
const FRESH: TimeDelta = TimeDelta::days(2);
/// Of what ended within this time, some still waits.
const RECENT: TimeDelta = TimeDelta::days(14);
/// The share of that which still waits.
const WAITS: f64 = 0.25;
/// The share of everything older that was overlooked.
const OVERLOOKED: f64 = 0.004;

/// An ending that left a client unserved, and who settled it when; nobody where the client reported.
pub(super) struct FollowUp {
    pub(super) settled: Option<(DateTime<Utc>, Option<Uuid>)>,
}

/// What the sender made of the ending of a referral, if it left a client to follow up. The referral's own id seeds the chance, so
/// that this changes nothing else that is made up.
pub(super) fn of(story: &Story, present: DateTime<Utc>) -> Option<FollowUp> {
    let state = story.state;
    if !state.status.leaves_unserved() || state.consent_withdrawn || is_over(story) {
        return None;
    }
    let rng = &mut StdRng::seed_from_u64(story.id.as_u64_pair().0);
    let age = present - state.status_at;
    let share = match age {
        _ if age < FRESH => 1.0,
        _ if age < RECENT => WAITS,
        _ => OVERLOOKED,
    };
    let reported = story.report.is_some();
    let settled_at = (state.status_at + delay(rng, 20.0, 0.7)).min(present);
    let waits = rng.random_bool(share) && !reported;
    Some(FollowUp { settled: (!waits).then(|| (settled_at, (!reported).then_some(story.author))) })
}

/// Whether the reason leaves nothing to do.
fn is_over(story: &Story) -> bool {
    let said = story.non_completions.iter().find(|(_, at)| *at == story.state.status_at);
    said.is_some_and(|(reason, at)| {
        let by = story.events.iter().find(|event| event.at == *at).and_then(|event| event.by);
        let party = if by == Some(story.sender) { Party::Sender } else { Party::Receiver };
        reason.ends_the_matter(party)
    })
}

//! Plans for a sensitisation: a wish for a training of those who turned people away or could, without what it stems from. Whoever manages
//! trainings sees the plan and no violation; what goes out is an ordinary request.

use chrono::{DateTime, Days, NaiveDate, Utc};

use crate::access::{Actor, Permission};
use crate::county::CountyCode;
use crate::day::day_of;
use crate::message::Message;
use crate::month::Month;
use crate::moves::{Allowed, Effect, Move, Moves, Obstacle, Party};
use crate::refusal::{Refusal, UserErrorCode};
use crate::training::{Cadre, TrainingTopic};
use crate::vocabulary;
use crate::vocabulary::Vocabulary;

/// A plan goes out this many days after it was made at the earliest, on the first of a month.
pub const RELEASE_DAYS: u64 = 14;
/// A request for those who could be a receiver's people goes out only where the organisation referred to at least this many receivers of
/// health services in the county within [`RECEIVER_DAYS`]: with fewer it would name whom it is about.
pub const FEWEST_RECEIVERS: usize = 3;
/// For how many days back the receivers of a county count.
pub const RECEIVER_DAYS: i64 = 180;
/// An organisation has at most this many plans that are neither released nor dropped.
pub const MAXIMUM_PLANNED: i64 = 100;
/// Of fewer clients who went to receivers, no rate is told.
pub const FEWEST_FOR_RATE: i64 = 10;

vocabulary! {
    /// Where a plan for a sensitisation stands.
    pub enum SensitisationStatus {
        /// It is planned.
        Planned = "PLANNED",
        /// The request has gone out.
        Released = "RELEASED",
        /// It was dropped.
        Dropped = "DROPPED",
    }
}

vocabulary! {
    /// What somebody may do to a plan for a sensitisation.
    pub enum SensitisationAction {
        /// releaseSensitisation: send the request for the training.
        Release = "RELEASE",
        /// dropSensitisation: drop the plan.
        Drop = "DROP",
    }
}

/// The moves of a plan. It is the own organisation's alone.
pub struct SensitisationMoves;

const MOVES: &[Move<SensitisationAction, SensitisationStatus>] = &[
    Move {
        action: SensitisationAction::Release,
        from: &[SensitisationStatus::Planned],
        effect: Effect::Becomes(SensitisationStatus::Released),
        by: &[Party::Sender],
    },
    Move {
        action: SensitisationAction::Drop,
        from: &[SensitisationStatus::Planned],
        effect: Effect::Becomes(SensitisationStatus::Dropped),
        by: &[Party::Sender],
    },
];

impl Moves for SensitisationMoves {
    type Action = SensitisationAction;
    type Status = SensitisationStatus;
    const TABLE: &'static [Move<SensitisationAction, SensitisationStatus>] = MOVES;
    const TAKING: &'static [SensitisationAction] = &[];

    fn has_ended(status: SensitisationStatus) -> bool {
        status != SensitisationStatus::Planned
    }

    fn refusal(obstacle: &Obstacle, action: SensitisationAction, status: SensitisationStatus) -> Message {
        match obstacle {
            Obstacle::OfOthers(_) | Obstacle::NotTaken => Message::of("sensitisation-move-of-others").with("action", action),
            Obstacle::NotFromHere(from) => Message::of("sensitisation-move-impossible")
                .with("status", status)
                .with("action", action)
                .with("from", from.clone()),
        }
    }
}

/// The first day on which a plan that was made on that day can go out: the first of a month, so that all plans of some weeks go out
/// together and their day tells nothing of when something was done.
pub fn releasable_from(planned_on: NaiveDate) -> NaiveDate {
    let earliest = planned_on + Days::new(RELEASE_DAYS);
    let month = Month::of(earliest);
    if month.first_day() == earliest { earliest } else { month.plus(1).first_day() }
}

/// A plan as it is made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NewSensitisationPlan {
    /// What the training is to be about.
    pub topic: TrainingTopic,
    /// Who is to be trained.
    pub audience: Cadre,
    /// Where.
    pub county: CountyCode,
    /// The first day on which it can go out.
    pub releasable_from: NaiveDate,
}

impl NewSensitisationPlan {
    /// Checks a plan that is made at that moment, where so many are planned already and the organisation referred to enough receivers in
    /// the county of late, or didn't.
    ///
    /// # Errors
    /// INVALID when it would name whom it is about. LIMIT_REACHED when there are too many.
    pub fn check(
        topic: TrainingTopic,
        audience: Cadre,
        county: CountyCode,
        planned: i64,
        enough_receivers: bool,
        at: DateTime<Utc>,
    ) -> Result<Self, Refusal> {
        if planned >= MAXIMUM_PLANNED {
            let message = Message::of("sensitisation-many").with("maximum", MAXIMUM_PLANNED);
            return Err(Refusal::new(UserErrorCode::LimitReached, message));
        }
        check_names_nobody("countyCode", audience, enough_receivers)?;
        Ok(Self { topic, audience, county, releasable_from: releasable_from(day_of(at)) })
    }
}

/// Whether the actor's roles include it. Whoever plans can drop a plan, too.
pub fn may(action: SensitisationAction, actor: &Actor) -> bool {
    let has = |permission| actor.reach(permission).is_some();
    match action {
        SensitisationAction::Release => has(Permission::ManageTraining),
        SensitisationAction::Drop => has(Permission::ManageTraining) || has(Permission::DocumentViolations),
    }
}

/// The status after an action.
///
/// # Errors
/// FORBIDDEN when the viewer's roles don't include it, ILLEGAL_TRANSITION when it went out or was dropped before, and when its day hasn't
/// come yet.
pub fn decide(
    status: SensitisationStatus,
    releasable_from: NaiveDate,
    action: SensitisationAction,
    allowed: bool,
    at: DateTime<Utc>,
) -> Result<SensitisationStatus, Refusal> {
    let next = SensitisationMoves::decide(status, action, Allowed { as_sender: allowed, ..Allowed::default() })?;
    if action == SensitisationAction::Release && day_of(at) < releasable_from {
        let message = Message::of("sensitisation-release-early").with("day", releasable_from);
        return Err(Refusal::new(UserErrorCode::IllegalTransition, message));
    }
    Ok(next)
}

/// What the viewer may do now, in the order of the codes.
pub fn allowed_actions(
    status: SensitisationStatus,
    releasable_from: NaiveDate,
    allowed: impl Fn(SensitisationAction) -> bool,
    at: DateTime<Utc>,
) -> Vec<SensitisationAction> {
    let actions = SensitisationAction::ALL.iter().copied();
    actions.filter(|action| decide(status, releasable_from, *action, allowed(*action), at).is_ok()).collect()
}

/// Checks that a plan for these people doesn't name whom it is about, where the organisation referred to enough receivers in the county
/// of late, or didn't. Only of people who can't be a receiver's nothing is asked.
///
/// # Errors
/// INVALID, for that field, with how to ask instead.
pub fn check_names_nobody(field: &str, audience: Cadre, enough_receivers: bool) -> Result<(), Refusal> {
    let of_nobody = matches!(audience, Cadre::Police | Cadre::ReligiousLeader | Cadre::Media | Cadre::CommunityMember);
    if of_nobody || enough_receivers {
        return Ok(());
    }
    let message = Message::of("sensitisation-names-somebody")
        .with("fewest", FEWEST_RECEIVERS)
        .with("days", RECEIVER_DAYS)
        .with("audience", audience);
    Err(Refusal::invalid(field, message))
}

/// Checks that a plan still has a reason.
///
/// # Errors
/// ILLEGAL_TRANSITION when what it was made for is withdrawn, erased, forgotten or was entered in error.
pub fn check_reason(has_reason: bool) -> Result<(), Refusal> {
    if has_reason { Ok(()) } else { Err(Refusal::new(UserErrorCode::IllegalTransition, "sensitisation-without-reason")) }
}

/// Clients who went to a receiver: who arrived, or reported being turned away or mistreated. Arrivals alone are recorded by the accused.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct LoopCount {
    /// How many went.
    pub went: i64,
    /// How many of them were turned away or mistreated.
    pub turned_away: i64,
}

impl LoopCount {
    /// Of 100 who went, how many were turned away; none where fewer than ten went.
    pub fn rate(self) -> Option<f64> {
        (self.went >= FEWEST_FOR_RATE).then(|| 100.0 * self.turned_away as f64 / self.went as f64)
    }
}

#[cfg(test)]
mod tests {
    use chrono::{Datelike, TimeDelta};
    use proptest::prelude::*;
    use proptest::sample::select;

    use super::*;
    use crate::day::start_of_day;

    #[test]
    fn a_request_for_health_providers_names_nobody() {
        let of_nobody = [Cadre::Police, Cadre::ReligiousLeader, Cadre::Media, Cadre::CommunityMember];
        for audience in Cadre::ALL {
            assert!(check_names_nobody("countyCode", *audience, true).is_ok(), "{audience}");
            assert_eq!(check_names_nobody("countyCode", *audience, false).is_ok(), of_nobody.contains(audience), "{audience}");
        }
        assert!(check_reason(true).is_ok() && check_reason(false).is_err());
    }

    #[test]
    fn no_rate_is_told_of_fewer_than_ten() {
        assert_eq!(LoopCount { went: 9, turned_away: 9 }.rate(), None);
        assert_eq!(LoopCount { went: 10, turned_away: 3 }.rate(), Some(30.0));
    }

    proptest! {
        /// A plan goes out on the first of a month, two weeks to a month and a half later; whoever plans later goes out no earlier.
        #[test]
        fn plans_go_out_together_and_not_at_once(days in 0..20_000_i64) {
            let planned = NaiveDate::default() + TimeDelta::days(days);
            let from = releasable_from(planned);
            prop_assert_eq!(from.day(), 1);
            prop_assert!((14..=14 + 31).contains(&(from - planned).num_days()), "{} {}", planned, from);
            prop_assert!(releasable_from(planned + TimeDelta::days(1)) >= from);
        }

        /// It goes out once, never before its day, and not after it was dropped.
        #[test]
        fn a_plan_goes_out_once_and_not_before_its_day(status in select(SensitisationStatus::ALL), early in -40..40_i64, allowed: bool) {
            let from = NaiveDate::from_ymd_opt(2026, 11, 1).expect("a day");
            let at = start_of_day(from) - TimeDelta::days(early);
            let actions = allowed_actions(status, from, |_| allowed, at);
            let planned = allowed && status == SensitisationStatus::Planned;
            prop_assert_eq!(actions.contains(&SensitisationAction::Drop), planned);
            prop_assert_eq!(actions.contains(&SensitisationAction::Release), planned && early <= 0);
        }
    }
}

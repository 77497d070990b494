//! A better place: a receiver that declines may name one, and the sender may refer the client there.

use chrono::{DateTime, TimeDelta, Utc};

use super::clock::{EXPOSURE_HOURS, HoursSinceExposure};
use super::creation::NewReferral;
use super::state::{Decline, ReferralState};
use super::status::MinorStatus;
use crate::id::{OrganisationId, ReferralId};
use crate::message::Message;
use crate::open_to_all::Sides;
use crate::organisation::MembershipStatus;
use crate::refusal::{Refusal, UserErrorCode};
use crate::service::ServiceType;

/// A service that a receiver names as a better place.
#[derive(Clone, Copy, Debug)]
pub struct Place {
    /// The organisation that offers it.
    pub organisation: OrganisationId,
    /// That organisation's status.
    pub membership: MembershipStatus,
    /// Its type.
    pub service_type: ServiceType,
    /// Whether it is closed.
    pub closed: bool,
    /// Whether it takes nobody for now.
    pub paused: bool,
    /// Whether it has said that it is full.
    pub full: bool,
    /// Whether it is for other populations than those of the client that the receiver knows.
    pub for_others: bool,
    /// Whether it takes people under 18.
    pub accepts_minors: bool,
    /// Whether the facility where it is offered has closed.
    pub facility_closed: bool,
}

/// Checks a place that the receiver of a referral names instead of itself.
///
/// # Errors
/// INVALID on `insteadServiceId`, with what is wrong with the place.
pub fn check_instead(place: Place, sides: Sides, service_type: ServiceType, under_18: MinorStatus) -> Result<(), Refusal> {
    let key = if sides.receiver == Some(place.organisation) {
        "referral-instead-own"
    } else if sides.sender == place.organisation {
        "referral-instead-of-sender"
    } else if place.service_type != service_type {
        "referral-instead-other-type"
    } else if place.closed || place.membership != MembershipStatus::Active || place.facility_closed {
        "referral-instead-closed"
    } else if place.paused {
        "referral-instead-paused"
    } else if place.full {
        "referral-instead-full"
    } else if place.for_others {
        "referral-instead-for-others"
    } else if under_18 == MinorStatus::Yes && !place.accepts_minors {
        "referral-instead-adults-only"
    } else {
        return Ok(());
    };
    Err(Refusal::invalid("insteadServiceId", key))
}

/// Checks whether a declined referral can be followed by one to the place that the receiver named.
///
/// # Errors
/// ILLEGAL_TRANSITION when no place was named or consent was withdrawn; CONFLICT when the client has been referred there already.
pub(super) fn check_refer_instead(state: ReferralState) -> Result<(), Refusal> {
    let status = state.status;
    if state.consent_withdrawn {
        let message = Message::of("referral-instead-withdrawn").with("status", status);
        return Err(Refusal::new(UserErrorCode::IllegalTransition, message));
    }
    match state.decline {
        Some(Decline { referred_instead: true, .. }) => {
            Err(Refusal::new(UserErrorCode::Conflict, Message::of("referral-instead-referred").with("status", status)))
        }
        Some(Decline { names_instead: true, .. }) => Ok(()),
        _ => {
            let message = Message::of("referral-instead-not-named").with("status", status);
            Err(Refusal::new(UserErrorCode::IllegalTransition, message))
        }
    }
}

impl NewReferral {
    /// This referral in another's stead: the clock goes on, and does not start anew.
    pub fn instead_of(self, referral: ReferralId, act_before: Option<DateTime<Utc>>) -> Self {
        let written_at = act_before.map(|act_before| act_before - TimeDelta::hours(EXPOSURE_HOURS));
        let exposure = act_before.map(|_| HoursSinceExposure::JUST_NOW);
        Self { instead_of: Some(referral), exposure, written_at, ..self }
    }
}

#[cfg(test)]
mod tests {
    use chrono::TimeZone;
    use uuid::Uuid;

    use super::*;

    fn organisation(number: u128) -> OrganisationId {
        OrganisationId(Uuid::from_u128(number))
    }

    #[test]
    fn a_place_is_refused_for_each_thing_that_is_wrong_with_it() {
        let sides = Sides { sender: organisation(1), receiver: Some(organisation(2)) };
        let good = Place {
            organisation: organisation(3),
            membership: MembershipStatus::Active,
            service_type: ServiceType::Pep,
            closed: false,
            paused: false,
            full: false,
            for_others: false,
            accepts_minors: false,
            facility_closed: false,
        };
        let check = |place, under_18| {
            check_instead(place, sides, ServiceType::Pep, under_18).map_err(|refusal| {
                assert_eq!((refusal.code, refusal.field), (UserErrorCode::Invalid, Some(vec!["insteadServiceId".to_owned()])));
                refusal.message.key
            })
        };
        assert_eq!(check(good, MinorStatus::No), Ok(()));
        assert_eq!(check(good, MinorStatus::NotStated), Ok(()));
        assert_eq!(check(good, MinorStatus::Yes), Err("referral-instead-adults-only"));
        assert_eq!(check(Place { accepts_minors: true, ..good }, MinorStatus::Yes), Ok(()));
        for (place, key) in [
            (Place { organisation: organisation(2), ..good }, "referral-instead-own"),
            (Place { organisation: organisation(1), ..good }, "referral-instead-of-sender"),
            (Place { service_type: ServiceType::Prep, ..good }, "referral-instead-other-type"),
            (Place { closed: true, ..good }, "referral-instead-closed"),
            (Place { membership: MembershipStatus::Frozen, ..good }, "referral-instead-closed"),
            (Place { facility_closed: true, ..good }, "referral-instead-closed"),
            (Place { paused: true, ..good }, "referral-instead-paused"),
            (Place { full: true, ..good }, "referral-instead-full"),
            (Place { for_others: true, ..good }, "referral-instead-for-others"),
        ] {
            assert_eq!(check(place, MinorStatus::No), Err(key));
        }
    }

    #[test]
    fn the_clock_goes_on_to_the_second() {
        let act_before = Utc.with_ymd_and_hms(2026, 3, 1, 12, 34, 56).single().expect("a moment");
        let written_at = act_before - TimeDelta::hours(EXPOSURE_HOURS);
        assert_eq!(HoursSinceExposure::JUST_NOW.act_before(written_at), act_before);
    }
}
